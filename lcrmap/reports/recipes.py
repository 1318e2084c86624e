"""Recipes: the questions of a report, read from TOML and written into the report's own record.

A recipe can ask all that a verb can, under the same names. It holds no path to write to and no command, so that one out
of somebody else's report can be followed safely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lcrmap.errors import DataError, UnknownNameError, UsageError, close_names
from lcrmap.layers.plain import toml_values
from lcrmap.layers.typed import KeyedTable, is_text, unknown_key
from lcrmap.pictures.papers import PAPERS
from lcrmap.verbs.asks import ASKS, question_class
from lcrmap.verbs.question import (
    MissingValueError,
    Question,
    RefusedValueError,
    fields_of,
    suggestion,
)
from lcrmap.verbs.recording import bare_names

__all__ = ["Block", "Recipe", "RecipeError", "parse_recipe", "recipe_from"]

_MOST: Final = 60  # questions
_HEAD: Final = ("title", "intro", "size")
_SIZE: Final = "180x75mm"  # the width of the text on A4; flat, as no title stands on the picture
_TALLEST: Final = 120.0  # millimetres, for a long legend: less than half of a page


class RecipeError(DataError):
    """Raised when a recipe holds an invalid key or value; the message gives its key path."""


@dataclass(frozen=True, slots=True)
class Block:
    """One section of a report: what is asked, and its heading; empty for its finding."""

    question: Question
    title: str = ""

    @property
    def ask(self) -> str:
        """What the verb is called."""
        return self.question.ask

    def to_dict(self) -> dict[str, Any]:
        """Return the written form."""
        plain = self.question.to_plain()
        names = {each.key: each.name for each in fields_of(type(self.question))}
        for key, meant in self.question.recipe_defaults.items():
            value = getattr(self.question, names[key])
            plain.pop(key, None)
            if value != meant:
                plain[key] = value
        ask = plain.pop("ask")
        return {"ask": ask, **({"title": self.title} if self.title else {}), **plain}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole report: its title and its questions in their order."""

    blocks: tuple[Block, ...]
    title: str = ""
    intro: str = ""
    size: str = "report"

    @property
    def picture_size(self) -> str:
        """The size of the pictures, which have no title on them here."""
        return _SIZE if self.size == "report" else self.size

    @property
    def tallest_picture(self) -> float | None:
        """How high a picture may become for its legend; None if its size was chosen."""
        return _TALLEST if self.size == "report" else None

    def without_folders(self) -> Recipe:
        """Return the recipe with files by their bare name, as a record may hold it."""
        blocks = (replace(each, question=bare_names(each.question)) for each in self.blocks)
        return replace(self, blocks=tuple(blocks))

    def to_dict(self) -> dict[str, Any]:
        """Return the written form that `recipe_from` reads."""
        head = {"title": self.title, "intro": self.intro, "size": self.size}
        filled = {key: value for key, value in head.items() if value}
        return {**filled, "question": [each.to_dict() for each in self.blocks]}


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
        If it is not valid TOML; the message gives the line.
    RecipeError
        If a key or a value is invalid; the message gives its key path.
    """
    return recipe_from(toml_values(text, f"'{name}'"), name)


def recipe_from(raw: Mapping[str, Any], name: str) -> Recipe:
    """Return the recipe that a table of plain values describes; see `parse_recipe`."""
    head = {key: value for key, value in raw.items() if key != "question"}
    _check_head(head, name)
    listed = raw.get("question")
    if not isinstance(listed, list) or not listed:
        raise RecipeError(
            f"{name}: 'question' is missing: a recipe needs at least one [[question]] block."
        )
    if len(listed) > _MOST:
        raise RecipeError(f"{name}: a report holds at most {_MOST} questions, not {len(listed)}.")
    blocks = tuple(_block(each, number, name) for number, each in enumerate(listed, 1))
    return Recipe(blocks, **head)


def _check_head(head: Mapping[str, Any], name: str) -> None:
    def fault(told: str) -> None:
        raise RecipeError(f"{name}: {told}")

    table = KeyedTable(head, "", fault)
    for key in head:
        if key not in _HEAD:
            fault(unknown_key(key, key, (*_HEAD, "question")))
        table.text(key)
    if head.get("size", "report") not in PAPERS:
        table.fault("size", f"must be one of {', '.join(PAPERS)}, not {head['size']!r}.")


def _block(raw: Any, number: int, name: str) -> Block:
    path = f"question[{number}]"
    if not isinstance(raw, dict):
        raise RecipeError(f"{name}: '{path}' is not a block of keys and values.")
    ask = raw.get("ask")
    if not isinstance(ask, str) or ask not in ASKS:
        near = close_names(str(ask), ASKS)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise RecipeError(
            f"{name}: '{path}.ask' must be one of {', '.join(ASKS)}, not {ask!r}.{hint}"
        )
    title = raw.get("title", "")
    if title and not is_text(title):
        raise RecipeError(f"{name}: '{path}.title' must be text in quotes, not {title!r}.")
    settings = {key: value for key, value in raw.items() if key not in ("ask", "title")}
    return Block(_question(ask, settings, path, name), title)


def _question(ask: str, settings: Mapping[str, Any], path: str, name: str) -> Question:
    kind = question_class(ask)
    try:
        _refuse_blanks(kind, settings)
        return kind.from_plain({**kind.recipe_defaults, **settings})
    except MissingValueError as error:
        field = error.field
        raise RecipeError(
            f"{name}: '{path}.{field.key}' is missing: it is {field.must}."
        ) from error
    except RefusedValueError as error:
        field, value = error.field, settings.get(error.field.key)
        raise RecipeError(
            f"{name}: '{path}.{field.key}' must be {error.must}, not {value!r}.{suggestion(field, value)}"
        ) from error
    except UnknownNameError as error:
        if error.kind != "key":
            raise RecipeError(f"{name}: '{path}': {error}") from error
        known = (*(each.key for each in fields_of(kind)), "title")
        told = unknown_key(f"{path}.{error.name}", error.name, known)
        raise RecipeError(f"{name}: {told}") from error
    except UsageError as error:
        raise RecipeError(f"{name}: '{path}': {error}") from error


def _refuse_blanks(kind: type[Question], settings: Mapping[str, Any]) -> None:
    """Refuse a key that somebody wrote and left empty; a record may hold one, as a command line may."""
    for field in fields_of(kind):
        value = settings.get(field.key)
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, str) and not each.strip() for each in values):
            raise RefusedValueError(field, value)
