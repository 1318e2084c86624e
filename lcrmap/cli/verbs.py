"""The commands that ask a question: each is read off the question's fields."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import (
    Decorator,
    PlaceCommand,
    engine_options,
    hash_option,
    large_option,
    large_output_option,
    option_of,
    output_option,
    overwrite_option,
    pack_option,
    picture_options,
    stated_format_option,
    table_output_option,
)
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.question import Question, Reads, Rows, fields_of

__all__ = ["brief_of", "command_for"]

DIVISIBLE: Final = ("join", "count", "near", "show")
"""The verbs that take a data set, and may be worked on by many."""


def command_for(ask: str) -> click.Command:
    """Return the command of a verb: its text, an option for each field, and where the answer goes."""
    question = question_class(ask)

    def run(**params: Any) -> None:
        from lcrmap.cli.asking import ask_and_deliver

        ask_and_deliver(question, params)

    run.__doc__ = cleandoc(question.about)
    decorated: Callable[..., Any] = run
    for decorate in reversed(_decorators(question)):
        decorated = decorate(decorated)
    places = any(each.option.kind == "place" for each in fields_of(question))
    cls = PlaceCommand if places else Verb
    command = click.command(name=ask, cls=cls, short_help=brief_of(ask))(decorated)
    command.keys = {each.name: each.key for each in fields_of(question)}
    return command


def brief_of(ask: str) -> str:
    """Return what a verb does, in the one line that the list of verbs has."""
    question = question_class(ask)
    return question.brief or cleandoc(question.about).partition("\n")[0]


def _decorators(question: type[Question]) -> list[Decorator]:
    """Return the options in the order of ``--help``: the verb's own, then what all verbs share."""
    if not issubclass(question, Rows):
        return _of_a_page(question)
    choosing = {each.name for each in fields_of(Rows)}
    reads = issubclass(question, Reads)
    reading = {each.name for each in fields_of(Reads)} if reads else set()
    fields = fields_of(question)
    own = [option_of(each) for each in fields if each.name not in choosing | reading]
    rows = [option_of(each) for each in fields if each.name in choosing]
    read = [option_of(each) for each in fields if each.name in reading]
    return [
        *own,
        *_beside(question),
        *rows,
        stated_format_option,
        _output_of(question),
        overwrite_option,
        large_option,
        *((hash_option, engine_options) if question.ask in DIVISIBLE else ()),
        *((picture_options,) if question.pictured else ()),
        *read,
        pack_option,
    ]


def _output_of(question: type[Question]) -> Decorator:
    if question.ask in DIVISIBLE:
        return large_output_option
    return output_option if question.pictured else table_output_option


def _of_a_page(question: type[Question]) -> list[Decorator]:
    reading = {each.name for each in fields_of(Reads)}
    fields = fields_of(question)
    return [
        *(option_of(each) for each in fields if each.option.argument),
        output_option,
        *(
            option_of(each)
            for each in fields
            if not each.option.argument and each.name not in reading
        ),
        click.option("--open", "open_", is_flag=True, help="Open the page in the browser."),
        overwrite_option,
        large_option,
        picture_options,
        *(option_of(each) for each in fields if each.name in reading),
        pack_option,
    ]


def _beside(question: type[Question]) -> list[Decorator]:
    """Return the option that writes the verb's second table, if it has one."""
    if not question.beside:
        return []
    flag, told = question.beside
    return [
        click.option(
            flag,
            "beside",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help=told,
        )
    ]
