"""Explain what a page or a report was made from, and rebuild it to see whether it is the same."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final

import lcrmap
from lcrmap.errors import DataError, FileError, LcrmapError, MissingFileError
from lcrmap.io.siblings import temporary_folder
from lcrmap.layers import Pack, open_pack
from lcrmap.reports.folder import RECORD, report_files
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import recipe_from
from lcrmap.reports.texts import PAGE_REMEDY, read_text
from lcrmap.verbs.recording import question_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["Verdict", "explain", "read_record", "verify"]

_BLOCK: Final = re.compile(r'<script type="application/json" id="made">(.*?)</script>', re.DOTALL)
_MOST_FILES: Final = 20_000  # in the folder of inputs
_MOST_SHOWN: Final = 8  # differences of a file


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the rebuilt page or report is the same, to the byte, and the lines that say so."""

    same: bool
    lines: tuple[str, ...]


def read_record(path: str | Path) -> dict[str, Any]:
    """Return the record of a page, or of a report's folder.

    Raises
    ------
    FileError
        If there is none, or it cannot be read.
    """
    place = Path(path)
    if place.is_dir():
        text = read_text(place / RECORD, remedy="a report's folder holds it")
    else:
        found = _BLOCK.search(read_text(place, remedy=PAGE_REMEDY))
        if found is None:
            raise FileError(
                f"'{path}' holds no record of how it was made: name a page that lcrmap wrote, or the folder of "
                f"a report."
            )
        text = found[1]
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(f"The record of '{path}' is not valid JSON: {error}.") from error
    if not isinstance(record, dict) or record.get("kind") not in ("lcrmap page", "lcrmap report"):
        raise FileError(f"The record of '{path}' was not written by lcrmap.")
    return record


def explain(path: str | Path) -> list[str]:
    """Return, line by line, what a page or a report was made from."""
    record = read_record(path)
    lines = [f"{record['kind']} '{Path(path).name}'"]
    if record["kind"] == "lcrmap page":
        asked = _asked(record)
        lines.append(f"Asked: lcrmap {asked.pop('ask', None)}")
        lines += [f"  {key}: {_shown(value)}" for key, value in asked.items()]
        lines += [f"Features in memory, which no file holds: {each}" for each in _in_memory(record)]
    else:
        questions = _table(record, "recipe").get("question", [])
        lines.append(f"Asked: {len(questions)} questions")
        lines += [f"  {_shown(each)}" for each in questions]
        for each in record.get("figures", []):
            if each.get("method"):
                lines.append(f"Method of {each.get('section')}: {each['method']}")
    pack = _table(record, "pack")
    lines.append(
        f"Data pack: {pack.get('name')} {pack.get('version')} (SHA-256 {pack.get('sha256')})"
    )
    lines.append("Files read, with their SHA-256:")
    lines += [f"  {name}  {digest}" for name, digest in _inputs(record)]
    versions = ", ".join(f"{name} {number}" for name, number in _table(record, "versions").items())
    return [*lines, f"Versions: {versions}"]


def _asked(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page was asked, as it stands there; an older record has it in two parts."""
    if "question" in record:
        return dict(_table(record, "question"))
    return {"ask": record.get("verb"), **_table(record, "settings")}


def verify(path: str | Path, inputs: str | Path | None = None) -> Verdict:
    """Rebuild a page or a report from its record, and compare the two.

    Parameters
    ----------
    path
        A page, or the folder of a report.
    inputs
        The folder of the input files; they are found by SHA-256, whatever their names. None if all of them came with
        lcrmap.

    Returns
    -------
    Verdict
        Nothing is written outside a temporary folder, which is removed.

    Raises
    ------
    DataError
        If the record is invalid, or an input file is missing.
    """
    record = read_record(path)
    named = _in_memory(record)
    if named:
        what = ", ".join(f"'{each}'" for each in named)
        raise DataError(
            f"'{path}' was made in Python from features in memory ({what}), which no file holds: "
            f"only the script that made it can make it again."
        )
    pack = _find_pack(record, inputs)
    with temporary_folder() as work:
        files = _lay_inputs(record, pack, inputs, work)
        sources = Sources(pack, files=files, closed=True)
        try:
            if record["kind"] == "lcrmap page":
                page = answer(question_of(record), sources).page(sources)
                made = {Path(path).name: page.html.encode("utf-8")}
                there = {Path(path).name: Path(path).read_bytes()}
            else:
                recipe = recipe_from(_table(record, "recipe"), "the record")
                made = report_files(make_report(recipe, sources=sources))[0]
                there = _files_in(Path(path))
        except LcrmapError as error:
            raise DataError(f"'{path}' cannot be rebuilt: {error}") from error
    lines = [*_versions_apart(record), *_differences(there, made)]
    same = there == made
    if same:
        count = len(there)
        what = "1 file" if count == 1 else f"all {count} files"
        lines.append(f"The same, to the byte: {what}.")
    return Verdict(same, tuple(lines))


def _find_pack(record: Mapping[str, Any], inputs: str | Path | None) -> Pack:
    """Return the pack with the recorded SHA-256: out of the folder of inputs, else lcrmap's own."""
    wanted = _table(record, "pack")
    folders: list[Path] = []
    if inputs is not None:
        found = [each for each in _files(Path(inputs)) if each.name == "datapackage.json"]
        folders = [each.parent for each in found]
    own = open_pack()
    for folder in folders:
        if _digest(folder / "datapackage.json") == wanted.get("sha256"):
            return open_pack(folder)
    if own.sha256 == wanted.get("sha256"):
        return own
    raise DataError(
        f"The data pack '{wanted.get('name')}' (SHA-256 {str(wanted.get('sha256'))[:12]}...) was not found: "
        f"name the folder that holds it with --inputs."
    )


def _lay_inputs(
    record: Mapping[str, Any], pack: Pack, inputs: str | Path | None, work: Path
) -> dict[str, Path]:
    """Return where each recorded file is: one of the pack's, or a copy under its recorded name in the work's folder."""
    own = {_digest(path): path for path in (pack.path(each.name) for each in pack if each.path)}
    # What came through a pipe ("-") lies in no file, whatever its digest.
    recorded = [each for each in _inputs(record) if each[0] != "-"]
    wanted = {digest for _, digest in recorded if digest not in own}
    found = _by_digest(Path(inputs), wanted) if wanted and inputs is not None else {}
    laid = {}
    for name, digest in recorded:
        source = own.get(digest) or found.get(digest)
        if source is None:
            known = f"The input file '{name}' (SHA-256 {digest[:12]}...)"
            where = "is needed" if inputs is None else f"is not in '{inputs}'"
            raise DataError(f"{known} {where}: name the folder that holds it with --inputs.")
        if Path(name).name != name or name in (".", ".."):
            raise DataError(
                f"The record names an input file '{name}', which is not a plain file name."
            )
        laid[name] = source
        if digest not in own or source.name != name:  # of the pack's, somebody's own copy
            laid[name] = work / name
            shutil.copyfile(source, laid[name])
    return laid


def _by_digest(folder: Path, wanted: set[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for each in _files(folder):
        if len(found) == len(wanted):
            break
        digest = _digest(each)
        if digest in wanted:
            found.setdefault(digest, each)
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those in it, in order; links are not followed."""
    if not folder.is_dir():
        raise MissingFileError(f"There is no folder '{folder}'.")
    for number, each in enumerate(sorted(folder.rglob("*"))):
        if number > _MOST_FILES:
            raise DataError(
                f"'{folder}' holds more than {_MOST_FILES:,} files: name a smaller folder."
            )
        if each.is_file() and not each.is_symlink():
            yield each


def _files_in(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in _files(folder)}


def _versions_apart(record: Mapping[str, Any]) -> list[str]:
    from importlib.metadata import PackageNotFoundError, version

    lines = []
    for name, then in _table(record, "versions").items():
        try:
            now = lcrmap.__version__ if name == "lcrmap" else version(str(name))
        except PackageNotFoundError:
            continue  # such as Leaflet, which is no Python package
        if now != then:
            lines.append(f"Made with {name} {then}; here it is {now}.")
    return lines


def _differences(there: Mapping[str, bytes], made: Mapping[str, bytes]) -> list[str]:
    lines = [f"Missing: {each}" for each in sorted(set(made) - set(there))]
    lines += [f"Not part of the rebuilt report: {each}" for each in sorted(set(there) - set(made))]
    for name in sorted(set(there) & set(made)):
        if there[name] != made[name]:
            lines.append(f"Differs: {name}")
            lines += [f"  {each}" for each in _changes(name, there[name], made[name])]
    return lines


def _changes(name: str, old: bytes, new: bytes) -> list[str]:
    """Say which lines of text changed."""
    if not name.endswith((".html", ".md", ".txt", ".csv", ".json", ".svg")):
        return []
    before, after = (_readable(name, each.decode("utf-8", errors="replace")) for each in (old, new))
    changed = [
        line[:160]
        for line in difflib.unified_diff(before, after, n=0, lineterm="")
        if line[:1] in "+-" and not line.startswith(("+++", "---"))
    ]
    if not changed:
        return ["The text is the same; script, style or data differ."]
    more = len(changed) - _MOST_SHOWN
    return changed[:_MOST_SHOWN] + ([f"and {more:,} more lines"] if more > 0 else [])


def _readable(name: str, text: str) -> list[str]:
    if name.endswith(".html"):
        text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", "\n", text)
    lines = (unescape(each).strip() for each in text.splitlines())
    return [each for each in lines if each]


def _inputs(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    raw = record.get("inputs", [])
    if not isinstance(raw, list) or not all(
        isinstance(each, dict)
        and isinstance(each.get("name"), str)
        and re.fullmatch(r"[0-9a-f]{64}", str(each.get("sha256")))
        for each in raw
    ):
        raise FileError("The record has an invalid list of input files.")
    return [(each["name"], each["sha256"]) for each in raw]


def _in_memory(record: Mapping[str, Any]) -> list[str]:
    raw = record.get("in_memory", [])
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise FileError("The record's list of features in memory cannot be read.")
    return raw


def _table(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = record.get(key, {})
    if not isinstance(found, dict):
        raise FileError(f"The record has an invalid '{key}'.")
    return found


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
