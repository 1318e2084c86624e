"""What a call does: its arguments become a question, which is asked, and its answer a result."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from lcrmap.analysis.proximity import distance
from lcrmap.cli.asking import layers_named
from lcrmap.cli.delivery import Delivery, deliver, deliver_map, page_targets
from lcrmap.cli.door import one_line, overheard
from lcrmap.cli.ending import told
from lcrmap.cli.large import weigh_reading
from lcrmap.errors import UnknownNameError, UsageError, shortened
from lcrmap.io.inspecting import Said, inspect_files
from lcrmap.io.opening import input_of, layer_of_text
from lcrmap.io.paths import files_meant, is_file
from lcrmap.io.reading import Asked
from lcrmap.layers import Pack
from lcrmap.layers.names import is_plain_name
from lcrmap.mcp.access import allowed_files, allowed_path, refusal, scenario_files
from lcrmap.mcp.origins import credit_line, read_files
from lcrmap.mcp.outcome import Done, result_of
from lcrmap.mcp.results import done_of, fitting, shown
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import COMMANDS, PAGING, Paging, fields_told, question_asked
from lcrmap.reports.answered import check_record, findings_record
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.question import Question, Rows
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["called"]

_WRITING: Final = ("output", "beside", "size", "dpi")


def called(name: str, arguments: Mapping[str, Any], settings: Settings) -> Done:
    """Call a tool; whatever is raised becomes the sentences of the command line.

    The working folder must be an empty one: what a call writes goes there, and no bare name means anybody's file.

    Parameters
    ----------
    name
        The tool.
    arguments
        What it is asked, as JSON has it.
    """
    run = _RUN.get(name, _asked)
    with overheard():
        try:
            return run(name, dict(arguments), settings)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (all is told, as a command does)
            sentences, _ = told(error, name)
            return Done("\n".join(map(one_line, sentences)), {}, failed=True)


def _asked(name: str, arguments: dict[str, Any], settings: Settings) -> Done:
    """Ask a question."""
    paging = Paging.of(arguments)
    to = _delivery(arguments, settings)
    beside = (*PAGING, "picture", *(_WRITING if settings.output is not None else ()))
    asked = {key: value for key, value in arguments.items() if key not in beside}
    _, fields, _ = fields_told(name)
    if settings.scenario is not None and any(each.key == "scenario" for each in fields):
        asked = {"scenario": settings.scenario, **asked}
    question = question_asked(name, asked)
    sources = _sources([(type(question), asked)], settings)
    weigh_reading(map(sources.found, _files_named(question, sources)), sources.pack, large=False)
    found = answer(question, sources)
    done = done_of(found, sources, offset=paging.offset, at_once=paging.at_once)
    done = _written(done, found, sources, to)
    return replace(done, picture=_picture(found, sources)) if paging.picture else done


def _files_named(question: Question, sources: Sources) -> Iterable[str]:
    return (each for each in layers_named(question) if sources.has_file(each))


def _sources(
    asked: Iterable[tuple[type[Question], Mapping[str, Any]]], settings: Settings
) -> Sources:
    """Return what may be read for questions: the pack, and those of their files that lie in an allowed folder."""
    files = scenario_files(settings.scenario)
    for kind, values in asked:
        files |= allowed_files(kind, values, settings.allow)
    pack = settings.open_pack()
    given = {name: layer_of_text(name, pack, data) for name, data in settings.changed.items()}
    return Sources(pack, given=given, files=files, closed=True, refusal=refusal)


def _delivery(arguments: Mapping[str, Any], settings: Settings) -> Delivery:
    """Return which files a call wants; each is a bare name.

    Raises
    ------
    UsageError
        If a name could lead anywhere, or a value is none that it may be.
    """
    given = {key: arguments[key] for key in _WRITING if key in arguments}
    if settings.output is None or not given:
        return Delivery()
    output, beside = given.get("output", []), given.get("beside")
    for each in (*_texts("output", output), *([] if beside is None else [beside])):
        if not is_plain_name(each):
            raise UsageError(f"{each!r} is not the bare name of a file, such as stations.html.")
    dpi, size = given.get("dpi"), given.get("size", "report")
    if not isinstance(size, str) or not (dpi is None or (type(dpi) is int and 50 <= dpi <= 1200)):
        raise UsageError(
            "size must be a text such as wide, and dpi a whole number from 50 to 1200."
        )
    return Delivery(
        output=tuple(map(Path, output)),
        beside=None if beside is None else Path(beside),
        size=size,
        dpi=dpi,
    )


def _texts(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageError(f"{key} must be a list of texts, not {value!r}.")
    return value


def _written(done: Done, found: Answer, sources: Sources, to: Delivery) -> Done:
    """Write an answer into the files that were asked for, and say so."""
    if not to.files:
        return done
    with overheard() as heard:
        if isinstance(found.question, Rows):
            to.refuse()
            deliver(found, sources, to)
        else:
            to = replace(to, output=page_targets(to.output, found.question, sources.pack))
            to.refuse()
            deliver_map(found, sources, to)
    notes = list(dict.fromkeys((*done.result["notes"], *heard.said)))
    return replace(done, result=done.result | {"notes": notes})


def _picture(found: Answer, sources: Sources) -> bytes:
    from lcrmap.pictures.drawing import draw_picture  # which most calls do without

    return draw_picture(found.page(sources).model, "png", size="report", dpi=None).data


def _reported(name: str, arguments: dict[str, Any], settings: Settings) -> Done:
    """Ask the questions of a report, and write it where that was asked for."""
    from lcrmap.reports.making import make_report, open_recipe
    from lcrmap.reports.writing import write_reports

    _refuse_unknown(name, arguments, settings)
    to = _delivery(arguments, settings)
    recipe = None
    if "recipe" in arguments:
        path = _text("recipe", arguments["recipe"])
        recipe = open_recipe(allowed_path(path, settings.allow))
    blocks = () if recipe is None else recipe.blocks
    sources = _sources(
        ((type(each.question), each.question.to_plain()) for each in blocks), settings
    )
    made = make_report(recipe, sources=sources)
    notes = [] if not to.output else list(write_reports(made, to.output, overwrite=False))
    findings = [finding for _, finding in made.findings]
    plain = made.recipe.without_folders().to_dict()
    many = len(made.sections)
    sections = "1 section" if many == 1 else f"{many} sections"
    result = result_of(
        headline=one_line(f"The report '{shortened(made.title)}' has {sections}"),
        sentences=list(map(one_line, findings)),
        notes=list(map(one_line, notes)),
        credits=[
            credit_line(", ".join(each.titles), each.line, each.licences, each.as_of)
            for each in made.credits
        ],
        read_files=read_files(sources),
        record=shown(findings_record(plain, sources, made.inputs, findings)),
    )
    return Done("".join(f"{each}\n" for each in result["sentences"]), result)


def _checked(name: str, arguments: dict[str, Any], settings: Settings) -> Done:
    """Say what is wrong or doubtful in files."""
    from lcrmap.cli.findings import as_json, as_text, summary

    _refuse_unknown(name, arguments, settings)
    paging = Paging.of(arguments)
    beside = ("files", *PAGING)
    given = {key: _text(key, value) for key, value in arguments.items() if key not in beside}
    files = _texts("files", arguments.get("files"))
    if not files:
        raise UsageError("Name at least one FILE to check.")
    lying = {each: allowed_path(each, settings.allow) for each in files}
    pack = settings.open_pack()
    inside = given.get("inside")
    if inside is not None and inside not in pack.names:
        lying[inside] = allowed_path(inside, settings.allow)
    asked = Asked(x=given.get("x", ""), y=given.get("y", ""), crs=given.get("crs", ""))
    chosen = {key: given.get(key) for key in ("select", "ignore")}
    areas = None if inside is None else lying.get(inside, inside)
    found = inspect_files(
        files, asked, pack, distance=distance, inside=areas, found=lying.__getitem__, **chosen
    )
    rows = shown(json.loads(as_json(found)))
    lines = [one_line(each) for each in as_text(found)]
    names = [Path(lying[each]).name for each in files]
    record = shown(_record_of_check(given | {"files": files}, lying, found, pack))

    def made(count: int) -> Done:
        first, last = paging.offset, paging.offset + count
        result = result_of(
            headline=one_line(summary(found, len(files))),
            rows=rows[first:last],
            rows_from=first,
            rows_in_all=len(rows),
            next_offset=last if last < len(rows) else None,
            read_files=shown(names),
            record=record,
        )
        return Done("".join(f"{each}\n" for each in lines[first:last]), result)

    return fitting(made, len(rows) - paging.offset, paging.at_once)


def _record_of_check(
    given: Mapping[str, Any], lying: Mapping[str, str], found: Iterable[Said], pack: Pack
) -> dict[str, Any]:
    """Return the record of a check, in which files have their bare names, as they have when it is asked again.

    Parameters
    ----------
    lying
        Where the files lie that were asked for.
    """
    bare, paths = {}, {}
    for name, opened in lying.items():
        path, part = next(each for each in files_meant(opened) if is_file(each[0]))
        bare[name], paths[name] = f"{Path(path).name}{part}", Path(path)
    said = [
        replace(
            each,
            file=bare[each.file],
            message=each.message.replace(str(paths[each.file]), paths[each.file].name).replace(
                f"'{each.file}'", f"'{bare[each.file]}'"
            ),
        )
        for each in found
    ]
    check = {**given, "files": [bare[each] for each in given["files"]]}
    if "inside" in check:
        check["inside"] = bare.get(check["inside"], check["inside"])
    sources = Sources(pack, closed=True)
    return check_record(check, sources, map(input_of, dict.fromkeys(paths.values())), said)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{key} must be a text, not {value!r}.")
    return value


def _refuse_unknown(name: str, arguments: Mapping[str, Any], settings: Settings) -> None:
    writes = name == "report" and settings.output is not None
    known = (*COMMANDS[name], *(("output",) if writes else PAGING if name == "check" else ()))
    for key in arguments:
        if key not in known:
            raise UnknownNameError("key", key, known)


_RUN: Final[Mapping[str, Callable[[str, dict[str, Any], Settings], Done]]] = {
    "report": _reported,
    "check": _checked,
}
"""What answers a call of a tool that is no question."""
