"""The report that is made without a recipe, and recipes written out as TOML."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, Final

from lcrmap.layers import Pack
from lcrmap.reports.recipes import Block, Recipe
from lcrmap.verbs.asks import ASKS, question_class
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.doubts.question import Doubts
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.limits.question import Limits
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.question import Distance, Question, fields_of

__all__ = ["standard_recipe", "write_toml"]

_RINGS: Final = (Distance("2km"), Distance("5km"))
_WALK: Final = Distance("800m")
_HEAD: Final = """\
# A recipe for 'lcrmap report RECIPE -o FOLDER'. This one makes the same report as no recipe.
# Each [[question]] block is a section, in this order. 'title' is its heading (default: its finding).
# Layers are names from 'lcrmap layers' or files. Distances have a unit: "800m", "5km", "3mi".
# A question takes the options of its command ('lcrmap COMMAND --help'), several values as a list. All keys:
#
"""


def standard_recipe(pack: Pack) -> Recipe:
    """Return what a report asks of a pack: as much as its roles allow.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> [each.ask for each in standard_recipe(open_pack()).blocks][:3]
    ['map', 'count', 'count']
    """
    atlas = pack.role("atlas").options
    shown, others = list(atlas.get("layers", [])), list(atlas.get("off", []))
    areas = pack.role("areas").layer if pack.has_role("areas") else None
    asked: list[Question] = []
    if areas is not None:
        asked += [
            Count(layers=(name,), areas=areas, by=pack.metadata(name).category or None)
            for name in shown
        ]
    if pack.has_role("population"):
        asked += [Catchment(places=(name,), rings=_RINGS, dissolve=True) for name in shown]
        asked += [Gaps(layer=other, beyond=_WALK, by=areas) for other in others]
    asked += [Near(start=name, targets=(other,), k=1) for other in others for name in shown]
    blocks = [Block(Map(), "Where the places are"), *(Block(each) for each in asked)]
    blocks.append(Block(Doubts(), "What is uncertain"))
    blocks.append(Block(Limits(), "What the data cannot say"))
    return Recipe(tuple(blocks))


def write_toml(recipe: Recipe) -> str:
    """Return a recipe as TOML with an explanation above it; reading it gives the recipe again."""
    raw = recipe.to_dict()
    questions = raw.pop("question")
    lines = [
        _HEAD + "\n".join(map(_keys, ASKS)) + "\n",
        *(f"{key} = {_value(value)}" for key, value in raw.items()),
    ]
    for each in questions:
        lines += ["", "[[question]]", *(f"{key} = {_value(value)}" for key, value in each.items())]
    return "\n".join(lines) + "\n"


def _keys(ask: str) -> str:
    """List the keys of a question, in a comment."""
    keys = ", ".join(each.key for each in fields_of(question_class(ask)))
    return "\n".join(
        wrap(f'ask = "{ask}": {keys}', 96, initial_indent="# ", subsequent_indent="#     ")
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    escaped = "".join(
        f"\\u{ord(each):04X}" if ord(each) < 0x20 or ord(each) == 0x7F else each
        for each in str(value).replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
