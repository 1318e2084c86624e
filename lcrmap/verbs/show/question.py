"""What ``show`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Tabled
from lcrmap.verbs.shared_options import WITH

__all__ = ["Show"]


class Show(Tabled, frozen=True, kw_only=True):
    """The features of a layer."""

    ask: ClassVar[str] = "show"
    about: ClassVar[str] = """
    Show the features of a layer as a table.

    LAYER is a name from 'lcrmap layers', a file, or - for standard input. Features without a position are listed
    too. Exit code 1 if no row matches --where.

    \b
    Examples:
      lcrmap show boroughs
      lcrmap show innovation-assets --where "sector = 'net_zero' AND confidence <> 'reconstructed'"
      lcrmap show freeport-sites --columns name,kind,confidence --sort name
      lcrmap show small-areas --with no_car,imd_decile --where "imd_decile = 1" --sort -no_car
      lcrmap show rail-stations --where "name LIKE 'Liverpool%'" | lcrmap show - --format csv
    """

    layer: Annotated[str, Option(kind="layer", argument="LAYER")]
    indicators: Annotated[tuple[str, ...], WITH] = ()

    @property
    def where_rows(self) -> None:
        """Nothing: the expression chooses among the features, before they are an answer."""
