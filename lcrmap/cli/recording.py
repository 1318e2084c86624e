"""Record a command on the page that it makes, as typed values, and run such a record again."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from lcrmap.cli import VERBS, commands
from lcrmap.cli.options import LayerName, PlaceName
from lcrmap.errors import UsageError
from lcrmap.layers import Pack, open_pack
from lcrmap.verbs.verify import pack_record

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["remake_page", "with_record"]

# What says how or where a result went, not what was asked.
_NOT_ASKED: Final = {"output", "overwrite", "open_", "pack", "size", "dpi", "format_"}
_NOT_PAGES: Final = {"completion", "embed", "explain", "layers", "report", "verify"}


def with_record(page: Page) -> Page:
    """Return the page with a record of the command that is running, if one is."""
    ctx = click.get_current_context(silent=True)
    if ctx is None or ctx.info_name not in VERBS or page.model.provenance.recipe is not None:
        return page
    settings = {
        str(each.name): _plain(ctx.params[str(each.name)])
        for each in ctx.command.params
        if _is_asked(each) and _is_given(ctx, each)
    }
    opened = open_pack(ctx.params.get("pack"))
    recipe = {"verb": ctx.info_name, "settings": settings, "pack": pack_record(opened)}
    page.model = replace(page.model, provenance=replace(page.model.provenance, recipe=recipe))
    return page


def remake_page(record: Mapping[str, Any], pack: Pack, work: Path) -> str:
    """Make a page again from its record.

    Parameters
    ----------
    record
        The verb, and its settings as plain values: each is checked by the option that it belongs to.
    pack
        The data pack.
    work
        A temporary folder with the input files and nothing else; the verb runs in it and writes into it.

    Raises
    ------
    UsageError
        If the record asks for anything that no page asks for.
    """
    verb, settings = record.get("verb"), record.get("settings")
    if not isinstance(verb, str) or verb not in VERBS or verb in _NOT_PAGES:
        raise UsageError(f"The record asks for {verb!r}, which makes no page.")
    if not isinstance(settings, dict):
        raise UsageError("The record has no settings.")
    command = commands.get_command(click.Context(commands), verb)
    assert command is not None  # noqa: S101 (a verb of VERBS)
    ctx = command.make_context(verb, [], resilient_parsing=True)
    known = {str(each.name): each for each in command.params if _is_asked(each)}
    for name, value in settings.items():
        if name not in known:
            raise UsageError(f"The record sets {name!r}, which '{verb}' does not know.")
        ctx.params[name] = _checked(ctx, known[name], value)
        ctx.set_parameter_source(name, ParameterSource.COMMANDLINE)
    target = work / "remade.html"
    ctx.params |= {"output": (target,), "overwrite": True, "pack": pack.folder.absolute()}
    with _quietly_inside(work):
        command.invoke(ctx)
    return target.read_text(encoding="utf-8")


def _is_asked(parameter: click.Parameter) -> bool:
    return parameter.name not in _NOT_ASKED and not isinstance(parameter.type, click.Path)


def _is_given(ctx: click.Context, parameter: click.Parameter) -> bool:
    source = ctx.get_parameter_source(str(parameter.name))
    return source is not None and source is not ParameterSource.DEFAULT


def _plain(value: Any) -> Any:
    """Return a parameter as JSON can hold it; files by their bare name."""
    if type(value) in (tuple, list):
        return [_plain(each) for each in value]
    if not isinstance(value, str) and type(value) not in (int, float, bool):
        return str(value)  # a distance: as it was typed, with its unit
    if isinstance(value, str) and ("/" in value or "\\" in value):
        path, colon, layer = value.partition(":")
        if Path(path).exists():
            return Path(path).name + colon + layer
    return value


def _checked(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Return a recorded value as its option would have it."""
    values = value if isinstance(value, list) else [value]
    for each in values:
        if not isinstance(each, str | int | float | bool):
            raise UsageError(f"The record sets {parameter.name!r} to {each!r}.")
        names_file = isinstance(parameter.type, LayerName | PlaceName)
        if names_file and isinstance(each, str) and ("/" in each or "\\" in each or each == "-"):
            raise UsageError(
                f"The record names '{each}': only the data pack's layers and files by their bare name are read."
            )
    many = parameter.multiple if isinstance(parameter, click.Option) else parameter.nargs != 1
    if many != isinstance(value, list):
        raise UsageError(f"The record sets {parameter.name!r} to {value!r}.")
    try:
        return parameter.type_cast_value(ctx, tuple(value) if isinstance(value, list) else value)
    except click.UsageError as error:
        raise UsageError(f"The record sets {parameter.name!r}: {error.format_message()}") from error


@contextlib.contextmanager
def _quietly_inside(folder: Path) -> Iterator[None]:
    """Work in a folder, where bare names mean the files in it, and say nothing."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        os.chdir(before)
