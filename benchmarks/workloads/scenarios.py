"""Scenarios beside the region as it is: whole processes, on the bundled pack."""

from benchmarks.contract import Aim, Contender, Workload

__all__ = ["SCENARIOS"]

_GAPS = ("{lcrmap}", "gaps", "rail-stations", "--beyond", "800m", "--format", "csv")
_COMPARE = ("{lcrmap}", "compare", "baseline", "four-stations")
_OTHERS = ("trirx-closes", "birkenhead-hub", "no-ferries")
_MEASURE = ("--measure", "residents within 800m of rail-stations")
_CSV = ("--format", "csv")
_PLAIN = "lcrmap, gaps in the region as it is"
_ONE = "lcrmap, one scenario"

SCENARIOS = (
    Workload(
        "scenario-compare",
        "`lcrmap compare baseline four-stations`",
        (Contender("lcrmap", (*_COMPARE, *_CSV)), Contender(_PLAIN, _GAPS)),
        (Aim(2.0, (_PLAIN,)),),
        rounds=9,
        note="Without a measure, all that may change is compared; gaps asks for one.",
    ),
    Workload(
        "scenario-several",
        "`lcrmap compare baseline` with four scenarios and one measure",
        (
            Contender("lcrmap", (*_COMPARE, *_OTHERS, *_MEASURE, *_CSV)),
            Contender(_ONE, (*_COMPARE, *_MEASURE, *_CSV)),
        ),
        (Aim(2.0, (_ONE,)),),
        rounds=9,
    ),
    Workload(
        "scenario-gaps",
        "`lcrmap gaps rail-stations --beyond 800m --scenario four-stations`",
        (Contender("lcrmap", (*_GAPS, "--scenario", "four-stations")), Contender(_PLAIN, _GAPS)),
        (Aim(1.15, (_PLAIN,)),),
        rounds=9,
    ),
)
