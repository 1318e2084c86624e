"""Distances over a river's crossings beside straight ones: whole processes, on the bundled pack."""

from benchmarks.contract import Aim, Contender, Workload

__all__ = ["RIVERS"]

_STRAIGHT = "lcrmap, straight"


def _over(name: str, *words: str) -> Workload:
    """Return the work of a question over the crossings, beside the same question asked straight."""
    asked = ("{lcrmap}", *words, "--format", "csv")
    return Workload(
        name,
        f"`lcrmap {' '.join(words)} --across walk`",
        (
            Contender("lcrmap, over the crossings", (*asked, "--across", "walk")),
            Contender(_STRAIGHT, asked),
        ),
        (Aim(3.0, (_STRAIGHT,)),),
        rounds=9,
        note="Straight distances come with a remark on those whose nearest lies across the river.",
    )


RIVERS = (
    _over("river-gaps", "gaps", "investment-zone-sites", "--beyond", "5km"),
    _over("river-near", "near", "residents", "rail-stations"),
    _over("river-catchment", "catchment", "investment-zone-sites", "--rings", "2km,5km"),
)
