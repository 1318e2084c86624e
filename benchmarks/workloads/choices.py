"""Where the next one goes, and how many share a place: whole processes, on the bundled pack."""

from benchmarks.contract import Aim, Contender, Input, Workload

__all__ = ["CHOICES"]

_STATIONS = ("{lcrmap}", "locate", "rail-stations")
_LOCATE = (*_STATIONS, "--from", "neighbourhoods")
_ALONE = ("--alternatives", "0")
_CSV = ("--format", "csv")
_GAPS = ("{lcrmap}", "gaps", "rail-stations", "--beyond", "2km", *_CSV)
_ONE = "lcrmap, three, without the next best"

CHOICES = (
    Workload(
        "locate",
        "`lcrmap locate rail-stations --from neighbourhoods --choose 1..5`, proved",
        (
            Contender("lcrmap", (*_LOCATE, "--choose", "1..5", *_CSV)),
            Contender(_ONE, (*_LOCATE, "--choose", "3", *_ALONE, *_CSV)),
        ),
        (),
        note=(
            "37,841 points of residents and 201 candidates, each choice with the three next best. Wanted are 8 s, and "
            "3 s for three without the next best."
        ),
    ),
    Workload(
        "locate-peers",
        "Three of 201 places for the residents of 1,003 small areas, beside 213 stations",
        (
            Contender(
                "lcrmap",
                ("{python}", "{peers}/choice_lcrmap.py", "{out}"),
                answer=".csv",
                own_clock=True,
            ),
            Contender(
                "spopt",
                ("{python}", "{peers}/choice_spopt.py", "{out}"),
                answer=".csv",
                needs=("spopt",),
                own_clock=True,
            ),
        ),
        (Aim(0.2, ("spopt",)),),
        compare="lines",
        rounds=3,
        note="spopt has HiGHS choose, as lcrmap has; the clock counts the distances and the choice.",
    ),
    Workload(
        "locate-many",
        "`lcrmap locate rail-stations --from small-areas --choose 10`, proved",
        (
            Contender(
                "lcrmap",
                (*_STATIONS, "--from", "small-areas", "--choose", "10", *_ALONE, *_CSV),
            ),
        ),
        (),
        rounds=1,
        note="1,003 candidates, without the next best. Wanted are 30 s and 1 GB.",
    ),
    Workload(
        "locate-large",
        "A region of 200,000 points: `lcrmap locate stops --choose 5` of 1,000 places, proved",
        (
            Contender(
                "lcrmap",
                (
                    *("{lcrmap}", "locate", "stops", "--from", "{sites}", "--pack", "{crowd}"),
                    *("--choose", "5", *_ALONE, *_CSV),
                ),
            ),
        ),
        (),
        inputs=(
            Input("crowd", "region", "", 200_000, 2_000),
            Input("sites", "region_sites", ".csv", 1_000, 50),
        ),
        rounds=1,
        note="400 stops exist; without the next best. Wanted are 120 s and 2 GB.",
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
