"""A call of each tool, about a small pack and somebody's files: what must hold of all tools is tried on these."""

from __future__ import annotations

from typing import Any

from tests.conftest import ROOT

SKERRIES = ROOT / "tests" / "packs" / "skerries"
"""A pack of a few places, of which everything is answered at once; it knows no indicators."""

SCENARIO = "north-jetty"


def every_call(
    layer: str = "landings",
    *,
    scenario: str = SCENARIO,
    recipe: str = "r.toml",
    file: str = "",
    candidates: str = "isles",
) -> dict[str, dict[str, Any]]:
    """Return the arguments of a call of each tool.

    Parameters
    ----------
    layer, scenario, recipe
        What is asked about, a scenario and a report: names of the pack, or files.
    file
        The file that is checked; empty for the layer.
    candidates
        Of which a choice is made.
    """
    return {
        "layers": {},
        "describe": {"layer": layer},
        "indicators": {},
        "show": {"layer": layer},
        "join": {"left": layer, "right": "isles"},
        "count": {"layers": [layer], "in": "isles"},
        "near": {"from": layer, "to": ["isles"]},
        "catchment": {"places": [layer], "rings": ["1km"]},
        "gaps": {"layer": layer, "beyond": "1km"},
        "profile": {"place": layer},
        "locate": {"layer": "landings", "from": candidates, "choose": "1"},
        "access": {"layer": layer, "within": "2km"},
        "compare": {"scenarios": ["baseline", scenario]},
        "scenarios": {"scenario": scenario},
        "find_place": {"place": layer},
        "doubts": {"layers": [layer]},
        "limits": {"layers": [layer]},
        "map": {"layers": [layer]},
        "report": {"recipe": recipe},
        "check": {"files": [file or layer]},
    }
