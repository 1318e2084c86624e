"""The report that is made without a recipe, and recipes written out as TOML."""

from __future__ import annotations

from typing import Any, Final

from lcrmap.layers import Pack
from lcrmap.reports.recipes import Question, Recipe

__all__ = ["standard_recipe", "write_toml"]

_RINGS: Final = ["2km", "5km"]
_WALK: Final = "800m"
_HEAD: Final = """\
# A recipe for 'lcrmap report RECIPE -o FOLDER'. This one asks what the report asks without a recipe.
# Each block [[question]] is a section, in this order; 'title' is its heading, else its finding is.
# Layers are names from 'lcrmap layers' or files; distances have a unit: "800m", "5km", "3mi".
#
# ask = "map"        layers = [...]  where = ["LAYER:EXPRESSION"]
# ask = "count"      layers = [...]  in = "AREAS"  by = "COLUMN"  per = "km2" or "residents"
# ask = "near"       from = "LAYER"  to = [...]  nearest = 1  within = "5km"
# ask = "catchment"  places = [...]  rings = ["2km", "5km"]  dissolve = true  count = [...]
# ask = "gaps"       layer = "LAYER"  beyond = "800m"  by = "AREAS"
# ask = "doubts"     layers = [...]
# ask = "limits"     layers = [...]
# ask = "text"       text = "..."
"""


def standard_recipe(pack: Pack) -> Recipe:
    """Return what a report asks of a pack: as much as its roles allow.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> [each.ask for each in standard_recipe(open_pack()).questions][:3]
    ['map', 'count', 'count']
    """
    atlas = pack.role("atlas").options
    shown, others = list(atlas.get("layers", [])), list(atlas.get("off", []))
    questions = [Question("map")]
    if pack.has_role("areas"):
        questions += [_counted(name, pack) for name in shown]
    for other in others:
        questions += [
            Question("near", settings={"from": name, "to": [other], "nearest": 1}) for name in shown
        ]
    if pack.has_role("population"):
        questions += [
            Question("catchment", settings={"places": [name], "rings": _RINGS}) for name in shown
        ]
        for other in others:
            by = {"by": pack.role("areas").layer} if pack.has_role("areas") else {}
            questions.append(Question("gaps", settings={"layer": other, "beyond": _WALK, **by}))
    questions.append(Question("doubts", "What is uncertain"))
    questions.append(Question("limits", "What the data cannot say"))
    return Recipe(tuple(questions))


def _counted(name: str, pack: Pack) -> Question:
    settings: dict[str, Any] = {"layers": [name], "in": pack.role("areas").layer}
    category = pack.metadata(name).category
    if category:
        settings["by"] = category
    return Question("count", settings=settings)


def write_toml(recipe: Recipe) -> str:
    """Return a recipe as TOML with an explanation above it; reading it gives the recipe again."""
    raw = recipe.to_dict()
    questions = raw.pop("question")
    lines = [_HEAD, *(f"{key} = {_value(value)}" for key, value in raw.items())]
    for each in questions:
        lines += ["", "[[question]]", *(f"{key} = {_value(value)}" for key, value in each.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    escaped = "".join(
        f"\\u{ord(each):04X}" if ord(each) < 0x20 or ord(each) == 0x7F else each
        for each in str(value).replace("\\", "\\\\").replace('"', '\\"')
    )
    return f'"{escaped}"'
