"""What is said of a place that was found."""

from __future__ import annotations

from collections.abc import Sequence

from lcrmap.verbs.places import Spots

__all__ = ["place_finding"]


def place_finding(spots: Spots, areas: Sequence[str | None], error: float | None) -> str:
    """Say what a text means, in which area that lies, and how exact its position is.

    Parameters
    ----------
    areas
        The area of each feature; None for one that lies in none.
    error
        The error of the position of a single place, in metres; None if it is not known.
    """
    if len(spots.names) != 1:
        return f"'{spots.text}' means {spots.what()}"
    exact = f", believed right to within {error:,.0f} m" if error else ""
    if spots.kind == "feature":
        noun = spots.layer.metadata.noun_one
        where = f" in {areas[0]}" if areas[0] is not None else ""
        return f"'{spots.text}' means {spots.names[0]} ({noun}){where}{exact}"
    where = f"lies in {areas[0]}" if areas[0] is not None else "lies in no area of the data pack"
    at_point = spots.kind == "postcode" and error is None
    return f"{'The point of ' if at_point else ''}{spots.names[0]} {where}{exact}"
