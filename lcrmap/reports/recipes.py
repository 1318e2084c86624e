"""Recipes: what a report asks, typed, read from TOML and written into the report's own record.

A recipe names layers, areas and distances. It holds no path to write to and no command, so that one out of somebody
else's report can be followed safely.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lcrmap.errors import DataError, FileError, close_names
from lcrmap.pictures.papers import PAPERS

__all__ = ["ASKS", "Question", "Recipe", "RecipeError", "metres", "parse_recipe", "recipe_from"]

METRES: Final = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
_NAMES_FILES: Final = {"layers", "from", "to", "places", "layer", "in", "by", "count"}
_MOST: Final = 60  # questions


class RecipeError(DataError):
    """Raised when a recipe holds something that cannot be meant; the message names it by its key path."""


@dataclass(frozen=True, slots=True)
class Question:
    """One section of a report: what is asked, and with what.

    Attributes
    ----------
    ask
        ``map``, ``count``, ``near``, ``catchment``, ``gaps``, ``doubts``, ``limits`` or ``text``.
    title
        The section's heading; empty for its finding.
    settings
        The other keys, as `ASKS` lists them.
    """

    ask: str
    title: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Return a setting, or what it is without being named."""
        return self.settings.get(key, ASKS[self.ask][key].otherwise)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole report: its title and its questions in their order."""

    questions: tuple[Question, ...]
    title: str = ""
    intro: str = ""
    size: str = "report"

    def without_folders(self) -> Recipe:
        """Return the recipe with files by their bare name, as a record may hold it."""
        return replace(
            self,
            questions=tuple(
                replace(
                    each, settings={key: _bare(key, value) for key, value in each.settings.items()}
                )
                for each in self.questions
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the written form that `recipe_from` reads."""
        head = {"title": self.title, "intro": self.intro, "size": self.size}
        questions = [
            {"ask": each.ask, **({"title": each.title} if each.title else {}), **each.settings}
            for each in self.questions
        ]
        return {**{key: value for key, value in head.items() if value}, "question": questions}


@dataclass(frozen=True, slots=True)
class _Setting:
    """A key of a question: what its value must be, in words and as a test, and what it is if left out."""

    words: str
    test: Callable[[Any], bool]
    otherwise: Any = None
    required: bool = False


def _bare(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(key, each) for each in value]
    return re.split(r"[/\\]", value)[-1] if key in _NAMES_FILES else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\x00" not in value


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(each) for each in value)


def _is_distance(value: Any) -> bool:
    return isinstance(value, str) and metres(value) is not None


def _is_rings(value: Any) -> bool:
    if not (isinstance(value, list) and value and all(_is_distance(each) for each in value)):
        return False
    found = [metres(each) or 0.0 for each in value]
    return found == sorted(set(found)) and found[0] > 0


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


_TEXTS: Final = 'a list of names, such as ["innovation-assets"]'
_NAME: Final = 'a name in quotes, such as "boroughs"'
_DISTANCE: Final = 'a distance with its unit in quotes, such as "800m" or "5km"'

ASKS: Final[dict[str, dict[str, _Setting]]] = {
    "map": {
        "layers": _Setting(_TEXTS, _is_texts, []),
        "where": _Setting("a list of filters, each as LAYER:EXPRESSION", _is_texts, []),
    },
    "count": {
        "layers": _Setting(_TEXTS, _is_texts, required=True),
        "in": _Setting(_NAME, _is_text, required=True),
        "by": _Setting("a column in quotes", _is_text, ""),
        "per": _Setting('"km2", "residents" or a column in quotes', _is_text, ""),
    },
    "near": {
        "from": _Setting(_NAME, _is_text, required=True),
        "to": _Setting(_TEXTS, _is_texts, required=True),
        "nearest": _Setting("a whole number from 1", _is_count),
        "within": _Setting(_DISTANCE, _is_distance),
    },
    "catchment": {
        "places": _Setting(_TEXTS, _is_texts, required=True),
        "rings": _Setting(
            'a list of rising distances, such as ["2km", "5km"]', _is_rings, required=True
        ),
        "dissolve": _Setting("true or false", _is_truth, True),
        "count": _Setting(_TEXTS, _is_texts),
    },
    "gaps": {
        "layer": _Setting(_NAME, _is_text, required=True),
        "beyond": _Setting(_DISTANCE, _is_distance, required=True),
        "by": _Setting(_NAME, _is_text),
    },
    "doubts": {"layers": _Setting(_TEXTS, _is_texts, [])},
    "limits": {"layers": _Setting(_TEXTS, _is_texts, [])},
    "text": {"text": _Setting("text in quotes", _is_text, required=True)},
}
"""What can be asked, and with which keys."""

_HEAD: Final = {
    "title": _Setting("text in quotes", _is_text),
    "intro": _Setting("text in quotes", _is_text),
    "size": _Setting(f"one of {', '.join(PAPERS)}", lambda value: value in PAPERS),
}


def metres(text: str) -> float | None:
    """Return the metres of a distance such as ``5km``; None if it is none.

    Examples
    --------
    >>> metres("5km"), metres("800 m"), metres("5")
    (5000.0, 800.0, None)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(m|km|mi)\s*", text.casefold())
    return None if found is None else float(found[1]) * METRES[found[2]]


def parse_recipe(text: str, name: str) -> Recipe:
    """Read a recipe.

    Parameters
    ----------
    text
        TOML.
    name
        What the recipe is called in messages.

    Raises
    ------
    FileError
        If it is no TOML; the message names the line.
    RecipeError
        If a value cannot be meant; the message names its key path.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"'{name}' is not a recipe in TOML: {error}.") from error
    return recipe_from(raw, name)


def recipe_from(raw: Mapping[str, Any], name: str) -> Recipe:
    """Return the recipe that a table of plain values describes; see `parse_recipe`."""
    head = {key: value for key, value in raw.items() if key != "question"}
    _check(head, _HEAD, name, "", (*_HEAD, "question"))
    listed = raw.get("question")
    if not isinstance(listed, list) or not listed:
        raise RecipeError(
            f"{name}: 'question' is missing: a recipe asks at least one thing, in a block [[question]]."
        )
    if len(listed) > _MOST:
        raise RecipeError(f"{name}: {len(listed)} questions: a report holds at most {_MOST}.")
    questions = tuple(_question(each, number, name) for number, each in enumerate(listed, 1))
    return Recipe(questions, **head)


def _question(raw: Any, number: int, name: str) -> Question:
    path = f"question[{number}]"
    if not isinstance(raw, dict):
        raise RecipeError(f"{name}: '{path}' is not a block of keys and values.")
    ask = raw.get("ask")
    if ask not in ASKS:
        known = ", ".join(ASKS)
        near = close_names(str(ask), ASKS)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise RecipeError(f"{name}: '{path}.ask' is {ask!r}, and must be one of {known}.{hint}")
    settings = {key: value for key, value in raw.items() if key not in ("ask", "title")}
    _check(settings, ASKS[ask], name, f"{path}.", (*ASKS[ask], "title"))
    title = raw.get("title", "")
    if title and not _is_text(title):
        raise RecipeError(f"{name}: '{path}.title' is {title!r}, and must be text in quotes.")
    return Question(ask, title, settings)


def _check(
    values: Mapping[str, Any],
    known: Mapping[str, _Setting],
    name: str,
    path: str,
    names: tuple[str, ...],
) -> None:
    for key, value in values.items():
        if key not in known:
            near = close_names(key, names)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names)}."
            raise RecipeError(f"{name}: there is no '{path}{key}': {hint}")
        if not known[key].test(value):
            raise RecipeError(
                f"{name}: '{path}{key}' is {value!r}, and must be {known[key].words}."
            )
    for key, setting in known.items():
        if setting.required and key not in values:
            raise RecipeError(f"{name}: '{path}{key}' is missing: it is {setting.words}.")
