"""What ``map`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.errors import UsageError
from lcrmap.verbs.classes import classes_of
from lcrmap.verbs.question import Option, Reads
from lcrmap.verbs.shared_options import CLASSES, MIDDLE, PER, WITH

__all__ = ["Map"]


class Map(Reads, frozen=True, kw_only=True):
    """Layers on one page; without any, the atlas of the region.

    Raises
    ------
    UsageError
        If classes are asked for that a map cannot have.
    """

    ask: ClassVar[str] = "map"
    about: ClassVar[str] = """
    Draw layers on one map page that works offline.

    LAYER is a name from 'lcrmap layers', a file, or - for standard input. Without LAYER, draws the atlas of the
    region into output/. The page can be used by keyboard, with a screen reader, and without JavaScript.

    \b
    Examples:
      lcrmap map
      lcrmap map innovation-assets rail-stations -o output/assets.html
      lcrmap map innovation-assets --where "sector = 'net_zero'" -o output/zero.html
      lcrmap map mysites.csv --category kind -o sites.html
      lcrmap map wards --shade area_km2 --classes quantile:4 -o output/wards.html
      lcrmap map small-areas --shade no_car -o output/no-car.html
      lcrmap map small-areas --shade no_car --against connectivity_score -o output/both.html
      lcrmap map neighbourhoods --shade industry_q --per employed_residents -o output/care.html
      lcrmap map innovation-assets -o output/assets.png --size wide
      lcrmap map mysites.csv areas.gpkg -o out.html
    """

    layers: Annotated[tuple[str, ...], Option(kind="layer", argument="[LAYER]...")] = ()
    title: Annotated[
        str | None,
        Option(
            help="Headline of the page (default: a sentence made from the figures).",
            key="headline",
            flag="--title",
            metavar="TEXT",
        ),
    ] = None
    where: Annotated[
        tuple[str, ...],
        Option(
            help="Draw only the features that match this CQL2 expression; with several layers, name the layer.",
            letter="-w",
            metavar="[LAYER:]EXPR",
            must="a list of filters, each as LAYER:EXPRESSION",
        ),
    ] = ()
    category: Annotated[
        tuple[str, ...],
        Option(
            help="Give each value of this column its own symbol and colour.",
            metavar="[LAYER:]COLUMN",
            must="a list of columns, each as LAYER:COLUMN",
        ),
    ] = ()
    shade: Annotated[
        tuple[str, ...],
        Option(
            help="Shade areas by the classes of this column of numbers, or of this indicator.",
            metavar="[LAYER:]COLUMN",
            must="a list of columns, each as LAYER:COLUMN",
        ),
    ] = ()
    per: Annotated[str | None, PER] = None
    against: Annotated[
        str | None,
        Option(
            help="Shade by this column or indicator too: three classes of each, and tables of who lives where.",
            metavar="COLUMN",
            kind="column",
        ),
    ] = None
    indicators: Annotated[tuple[str, ...], WITH] = ()
    classes: Annotated[str, CLASSES] = "rounded"
    middle: Annotated[float | None, MIDDLE] = None
    sum: Annotated[
        tuple[str, ...],
        Option(
            help="Sum these columns over the rows of a table that speak of one area.",
            metavar="A,B",
            kind="column",
            comma=True,
        ),
    ] = ()
    basemap: Annotated[
        str,
        Option(
            help="Background tiles of the map: none, osm or opentopo; with tiles the page needs a network.",
            metavar="NAME",
            show_default=True,
        ),
    ] = "none"
    lang: Annotated[
        str, Option(help="Language of the page; only en so far.", metavar="CODE", show_default=True)
    ] = "en"

    @property
    def summed(self) -> tuple[str, ...]:
        """The columns that are summed over the rows of one area."""
        return self.sum

    def check(self) -> None:
        """Refuse classes that a map cannot have, and those of nothing."""
        classes_of(self.classes)
        if self.classes != "rounded" and not self.shade:
            raise UsageError(
                "--classes needs --shade: write both, as in --shade area_km2 --classes quantile:4."
            )
        if self.per is not None and not self.shade:
            raise UsageError("--per needs --shade: it divides what is shaded.")
        if self.against is not None:
            self._check_against()
        if self.middle is not None and not self.shade:
            raise UsageError("--middle needs --shade: write both, as in --shade change --middle 0.")

    def _check_against(self) -> None:
        """Refuse a second column where there is no first, or where its classes cannot be asked for."""
        if len(self.shade) != 1:
            raise UsageError(
                "--against needs one --shade: say what it stands against, as in --shade no_car."
            )
        if self.classes != "rounded" or self.middle is not None:
            other = "--classes" if self.classes != "rounded" else "--middle"
            raise UsageError(
                f"--against divides each column into thirds, and {other} says otherwise: leave one of them out."
            )
