"""What is said beside the findings of a comparison: what draws give, and notes for whoever asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lcrmap.layers import Pack
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.numbers import signed_words

if TYPE_CHECKING:
    from lcrmap.verbs.compare.comparing import Compared

__all__ = ["compare_notes", "draws_sentence"]


def draws_sentence(compared: Compared, draws: int, seed: int) -> str:
    """Say between which changes most draws of the positions lie.

    The seed is said, so that the same draws can be made again.
    """
    low, high = (float(compared.total[f"change_{end}"]) for end in ("low", "high"))
    within = compared.measure.kind == "within"
    unit = "residents" if within else "m of the average distance"
    told = (
        f"Of {draws:,} draws of the positions within their errors (seed {seed}), 95 in 100 give a change of "
        f"{signed_words(low)} to {signed_words(high)} {unit}: {compared.measure.words}."
    )
    if compared.scene.chances(compared.measure.layer):
        told += " In a draw a change comes about as its chance has it; all else here takes it to be certain."
    return told


def compare_notes(
    scenes: Sequence[Scene], compared: Sequence[Compared], pack: Pack, *, drawn: bool
) -> tuple[str, ...]:
    """Say what whoever asked must read: what the scenarios bring with them, and what cannot matter."""
    notes = [note for scene in scenes for note in (scene.brought if drawn else scene.notes)]
    notes += [note for each in compared for note in each.target.notes]
    across = compared[0].across
    notes += () if across is None else across.notes
    notes += [_cannot_matter(each) for each in scenes if across is None and _crosses(each, pack)]
    names = [each.name for each in scenes]
    again = sorted({each for each in names if names.count(each) > 1})
    notes += [f"'{each}' is compared with itself: nothing changes." for each in again]
    return tuple(dict.fromkeys(notes))


def _crosses(scene: Scene, pack: Pack) -> bool:
    """Tell whether a scenario changes the crossings of the pack."""
    crossings = pack.role("crossings").layer if pack.has_role("crossings") else ""
    return crossings in {each.layer for each in scene.effects}


def _cannot_matter(scene: Scene) -> str:
    return (
        f"'{scene.name}' changes crossings, which cannot matter where distances are straight: "
        f"add --across walk, cycle, drive or rail."
    )
