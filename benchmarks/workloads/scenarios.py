"""Scenarios beside the region as it is: whole processes, on the bundled pack."""

from benchmarks.contract import Aim, Contender, Input, Workload

__all__ = ["SCENARIOS"]

_GAPS = ("{lcrmap}", "gaps", "rail-stations", "--beyond", "800m", "--format", "csv")
_BASELINE = ("{lcrmap}", "compare", "baseline")
_COMPARE = (*_BASELINE, "four-stations")
_OTHERS = ("trirx-closes", "birkenhead-hub", "no-ferries")
_MEASURE = ("--measure", "residents within 800m of rail-stations")
_CSV = ("--format", "csv")
_PLAIN = "lcrmap, gaps in the region as it is"
_ONE = "lcrmap, one scenario"
_STOPS = "residents within 800m of stops"
_MANY = tuple(Input(f"scenario{each}", "scenario", ".toml", each, each) for each in range(1, 9))
_TEN = tuple(
    word
    for each in (
        "residents within 800m of rail-stations",
        "residents within 2km of rail-stations",
        "residents within 5km of rail-stations",
        "distance to rail-stations",
        "count of rail-stations",
        "residents within 800m of innovation-assets",
        "residents within 2km of innovation-assets",
        "residents within 5km of innovation-assets",
        "distance to innovation-assets",
        "count of innovation-assets",
    )
    for word in ("--measure", each)
)

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
        "scenario-many",
        "`lcrmap compare baseline` with eight scenarios and ten measures",
        (
            Contender(
                "lcrmap", (*_BASELINE, *(f"{{{each.name}}}" for each in _MANY), *_TEN, *_CSV)
            ),
            Contender(_ONE, (*_BASELINE, "{scenario1}", *_TEN, *_CSV)),
        ),
        (Aim(5.0, (_ONE,)),),
        inputs=_MANY,
        note="Each scenario closes a station, opens one elsewhere and moves an asset.",
    ),
    Workload(
        "scenario-draws",
        "`lcrmap compare baseline four-stations --draws 500`",
        (
            Contender("lcrmap", (*_COMPARE, *_MEASURE, "--draws", "500", *_CSV)),
            Contender("lcrmap, without draws", (*_COMPARE, *_MEASURE, *_CSV)),
        ),
        (Aim(2.0, ("lcrmap, without draws",)),),
        rounds=5,
    ),
    Workload(
        "scenario-large",
        "A region of 1,000,000 points: `lcrmap compare baseline` with 1,000 changes",
        (
            Contender(
                "lcrmap",
                (*_BASELINE, "{changes}", "--pack", "{region}", "--measure", _STOPS, *_CSV),
            ),
            Contender(
                _PLAIN,
                ("{lcrmap}", "gaps", "stops", "--beyond", "800m", "--pack", "{region}", *_CSV),
            ),
        ),
        (Aim(8.0, (_PLAIN,)),),
        inputs=(
            Input("region", "region", "", 1_000_000, 2_000),
            Input("changes", "region_scenario", ".toml", 1_000, 500),
        ),
        rounds=1,
    ),
    Workload(
        "scenario-gaps",
        "`lcrmap gaps rail-stations --beyond 800m --scenario four-stations`",
        (Contender("lcrmap", (*_GAPS, "--scenario", "four-stations")), Contender(_PLAIN, _GAPS)),
        (Aim(1.15, (_PLAIN,)),),
        rounds=9,
    ),
)
