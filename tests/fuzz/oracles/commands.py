"""What a command line may leave: a documented exit code, one plain sentence, the files that it names and no other."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from pathlib import Path

from click.testing import CliRunner, Result

from lcrmap.cli import commands
from tests.fuzz.cases import Case
from tests.fuzz.faults import FaultError, place_of

__all__ = ["run_lines"]

CODES = {0, 1, 2, 3, 4}
UNFORESEEN = 70
LONGEST_LINE = 2000
TO_FILES = ("-o", "--output", "--unmatched", "--lines")
_PLACE = re.compile(r"lcrmap/([\w/]+\.py:\w+)")


def run_lines(case: Case, temporary: Path) -> list[FaultError]:
    """Run each command line of a case; return the faults."""
    found = []
    for words in case.lines:
        try:
            _run(case, words, temporary)
        except FaultError as fault:
            found.append(fault)
    return found


def _run(case: Case, words: tuple[str, ...], temporary: Path) -> None:
    before = _all_files(Path())
    stdin = case.files.get(case.stdin) if case.stdin else b""
    spoken = _Descriptor(2)
    with spoken:
        result = CliRunner().invoke(commands, words, input=stdin, prog_name="lcrmap")
    verb = words[0]
    _judge_end(result, verb)
    table = "table" in words or verb in ("explain", "verify", "map", "report")
    for text, where in ((result.stderr, "stderr"), (result.stdout if table else "", "stdout")):
        _judge_words(text, f"{verb} says on {where}")
    if spoken.heard:
        raise FaultError(f"{verb}: a library speaks on stderr", spoken.heard[:300])
    _judge_files(words, before, _all_files(Path()), temporary, done=result.exit_code == 0)


class _Descriptor:
    """Listens to what is written to a descriptor of the process past Python's own streams."""

    def __init__(self, number: int) -> None:
        self._number, self.heard = number, ""

    def __enter__(self) -> None:
        sys.stderr.flush()
        self._kept = os.dup(self._number)
        self._file = Path("../descriptor").open("w+b")  # beside the folder of the case
        os.dup2(self._file.fileno(), self._number)

    def __exit__(self, *_: object) -> None:
        os.dup2(self._kept, self._number)
        os.close(self._kept)
        self._file.seek(0)
        self.heard = self._file.read().decode(errors="replace")
        self._file.close()


def _judge_end(result: Result, verb: str) -> None:
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        key = f"traceback: {type(error).__name__} in {place_of(error.__traceback__)}"
        raise FaultError(key, f"{verb}: {type(error).__name__}: {str(error)[:300]}")
    if result.exit_code == UNFORESEEN:
        place = _PLACE.search(result.stderr)
        raise FaultError(f"unforeseen in {place[1] if place else '?'}", result.stderr[-600:])
    if result.exit_code not in CODES:
        raise FaultError(
            f"{verb}: the exit code {result.exit_code} is not documented", result.stderr
        )
    if result.exit_code > 1 and not result.stderr.strip():
        raise FaultError(f"{verb}: it fails without a word", f"exit code {result.exit_code}")
    if "Traceback (most recent call last)" in result.stderr:
        raise FaultError(f"{verb}: a traceback is printed", result.stderr[-600:])


def _judge_words(text: str, where: str) -> None:
    for line in text.split("\n"):
        if len(line) > LONGEST_LINE:
            raise FaultError(f"{where} a line longer than {LONGEST_LINE}", line[:300])
        obeyed = [each for each in line if _is_obeyed(each)]
        if obeyed:
            told = f"{[hex(ord(each)) for each in obeyed[:5]]} in {line!r:.300}"
            raise FaultError(f"{where} a control or bidirectional character", told)


def _is_obeyed(letter: str) -> bool:
    """Tell whether a terminal does something on a character besides showing it."""
    kind = unicodedata.category(letter)
    turns = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return kind == "Cc" or letter in turns


def _all_files(folder: Path) -> dict[str, int]:
    return {
        each.as_posix(): each.stat().st_mtime_ns
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def _judge_files(
    words: tuple[str, ...],
    before: dict[str, int],
    after: dict[str, int],
    temporary: Path,
    *,
    done: bool,
) -> None:
    named = [words[n + 1] for n, each in enumerate(words[:-1]) if each in TO_FILES]
    changed = [name for name, time in after.items() if before.get(name) != time]
    lost = [name for name in before if name not in after]
    if lost:
        raise FaultError(f"{words[0]}: a file is gone", ", ".join(lost))
    for name in changed:
        belongs = any(name.startswith(Path(each).with_suffix("").name) for each in named)
        if not belongs or not done:
            state = "written" if done else "written, though it failed"
            raise FaultError(f"{words[0]}: a stray file is {state}", name)
    left = [each.name for each in temporary.iterdir()]
    if left:
        raise FaultError(
            f"{words[0]}: something is left in the temporary folder", ", ".join(left)[:200]
        )
