"""Where the next one goes, and how many share a place: whole processes, on the bundled pack."""

from benchmarks.contract import Aim, Contender, Workload

__all__ = ["CHOICES"]

_LOCATE = ("{lcrmap}", "locate", "rail-stations", "--from", "neighbourhoods")
_CSV = ("--format", "csv")
_GAPS = ("{lcrmap}", "gaps", "rail-stations", "--beyond", "2km", *_CSV)
_ONE = "lcrmap, three, without the next best"

CHOICES = (
    Workload(
        "locate",
        "`lcrmap locate rail-stations --from neighbourhoods --choose 1..5`, proved",
        (
            Contender("lcrmap", (*_LOCATE, "--choose", "1..5", *_CSV)),
            Contender(_ONE, (*_LOCATE, "--choose", "3", "--alternatives", "0", *_CSV)),
        ),
        (),
        note=(
            "37,841 points of residents and 201 candidates, each choice with the three next best. Wanted are 8 s, and "
            "3 s for three without the next best."
        ),
    ),
    Workload(
        "access",
        "`lcrmap access rail-stations --within 2km`",
        (
            Contender("lcrmap", ("{lcrmap}", "access", "rail-stations", "--within", "2km", *_CSV)),
            Contender("lcrmap, gaps", _GAPS),
        ),
        (Aim(1.5, ("lcrmap, gaps",)),),
        note="37,841 points of residents and 213 stations.",
    ),
)
