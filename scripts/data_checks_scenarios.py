"""Check the scenarios of the pack, its example, and what it watches: each must mean something to lcrmap itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lcrmap.errors import LcrmapError
from lcrmap.io.scenarios import bundled_scenarios
from lcrmap.layers import Pack, open_pack
from lcrmap.verbs.compare.measures import read_measure
from lcrmap.verbs.sources import Sources


def check_scenarios(data: Path) -> Iterator[str]:
    """Return one sentence for each fault of a scenario in the pack's folder, its example included."""
    pack = open_pack(data)
    example = data / "examples" / "scenario.toml"
    for name in (*bundled_scenarios(pack), *([str(example)] if example.is_file() else [])):
        try:
            scene = Sources(pack).scene(name)
            for aim in scene.aims:
                read_measure(aim.measure, pack)
        except LcrmapError as error:
            yield from (str(error), *error.more)
    yield from _watch_faults(pack)


def _watch_faults(pack: Pack) -> Iterator[str]:
    watched = pack.role("watch").options.get("measures", []) if pack.has_role("watch") else []
    for text in watched:
        try:
            read_measure(text, pack)
        except LcrmapError as error:
            yield f"The role watch: {error}"
