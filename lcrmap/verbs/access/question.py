"""What ``access`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Crosses, Distance, Option, Tabled
from lcrmap.verbs.shared_options import WITHIN

__all__ = ["Access", "Decay"]

Decay = Literal["step", "linear", "gaussian"]


class Access(Crosses, Tabled, frozen=True, kw_only=True):
    """How much of a layer each resident has, when others share it.

    Raises
    ------
    UsageError
        If the distance is 0.
    """

    ask: ClassVar[str] = "access"
    brief: ClassVar[str] = "Tell how much of a layer each resident has when others share it."
    about: ClassVar[str] = """
    Tell how much of a layer residents have, when all who live near share it.

    Each feature is divided among the residents within the distance, and each resident has the sum of these shares (the
    two-step floating catchment area), as features per 10,000 residents; with --supply as units of that column. --decay
    linear or gaussian lets a feature count less with distance. Rows are areas, deciles of deprivation, and all.
    Beside access stand the number within the distance and its decayed sum (gravity), which nobody shares.

    \b
    Examples:
      lcrmap access rail-stations --within 2km --by boroughs
      lcrmap access innovation-assets --within 5km --decay gaussian -o output/access.html --overwrite
      lcrmap access rail-stations --within 2km --features output/shared.csv
    """
    beside: ClassVar[tuple[str, ...]] = (
        "--features",
        "File for the features, with how many residents share each.",
    )

    layer: Annotated[str, Option(kind="place", argument="LAYER")]
    within: Annotated[Distance, WITHIN]
    supply: Annotated[
        str | None,
        Option(
            help="Column of what each feature supplies (default: 1 each).",
            kind="column",
            metavar="COLUMN",
        ),
    ] = None
    decay: Annotated[
        Decay,
        Option(
            help="How a feature counts less with distance: not at all, evenly to 0, or by a bell curve.",
            show_default=True,
        ),
    ] = "step"
    by: Annotated[
        str | None,
        Option(
            help="Total by the areas of this layer (default: the neighbourhoods of the pack, else its areas).",
            kind="layer",
            metavar="AREAS",
        ),
    ] = None

    def check(self) -> None:
        """Refuse a distance of 0, within which nobody is."""
        super().check()
        if not self.within > 0:
            raise UsageError("--within must be a distance above 0, such as 2km.")
