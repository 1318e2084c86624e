"""How a run ends that nobody foresaw: one sentence, one line to report, no data, no output."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import lcrmap as package
from lcrmap.cli import VERBS
from lcrmap.io import opening

SECRET = "Jane Doe, 4 Example Street"


class PanicException(BaseException):
    """What a panic in a library that is written in Rust becomes."""


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let the reading of a layer raise what it never should."""

    def break_with(error: BaseException) -> None:
        def raises(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(opening, "_layer", raises)

    return break_with


@pytest.fixture
def sites(tmp_path: Path) -> str:
    (tmp_path / "private.csv").write_text("name,lon,lat\nA,-3,53.4\n")
    return "private.csv"


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        KeyError(SECRET),
        PanicException(SECRET),
        EOFError(SECRET),
        OSError(5, SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_unforeseen_is_a_sentence_a_line_without_data_and_its_own_code(
    lcrmap: Callable, breaking: Callable, sites: str, error: BaseException
) -> None:
    breaking(error)
    outcome = lcrmap("show", sites, "-o", "out.csv")
    assert outcome.code == 70
    assert outcome.out == ""
    sentence, report = outcome.err.splitlines()
    assert sentence == (
        f"Error: lcrmap met something unforeseen: {type(error).__name__} in 'show'. Please report it with the line "
        f"below; --traceback shows more."
    )
    kind = re.escape(type(error).__name__)
    assert re.fullmatch(
        rf"lcrmap {package.__version__}, Python 3\.\d+\.\d+, \w+, show: (tests\.cli\.test_ending\.)?{kind} at "
        rf"lcrmap/io/opening\.py:\d+ \(read_layer\), raised in tests",
        report,
    )
    assert not Path("out.csv").exists()


@pytest.mark.parametrize(
    "words",
    [["--traceback", "show", "private.csv"], ["show", "private.csv", "--traceback"]],
    ids=["before", "after"],
)
def test_the_way_to_the_error_is_shown_on_request(
    lcrmap: Callable, breaking: Callable, sites: str, words: list[str]
) -> None:
    breaking(ValueError(f"{SECRET}\x1b[31m"))
    outcome = lcrmap(*words)
    assert outcome.code == 70
    lines = outcome.err.splitlines()
    assert lines[2] == "Traceback (most recent call last):"
    assert lines[-1] == rf"ValueError: {SECRET}\x1b[31m"


def test_every_verb_takes_the_option(lcrmap: Callable) -> None:
    for verb in VERBS:
        assert lcrmap(verb, "--traceback", "--help").code == 0


def test_a_foreseen_error_keeps_its_code_with_the_option(lcrmap: Callable) -> None:
    outcome = lcrmap("show", "nowhere.csv", "--traceback")
    assert outcome.code == 3
    assert outcome.err.splitlines()[1] == "Traceback (most recent call last):"


@pytest.mark.parametrize(
    ("error", "code", "begins"),
    [
        (MemoryError(), 3, "Error: There is not enough memory for this: ask for fewer rows"),
        (OSError(12, "Cannot allocate memory"), 3, "Error: There is not enough memory"),
        (RecursionError(), 3, "Error: An input is nested more deeply than lcrmap follows"),
        (OSError(28, "No space left on device"), 4, "Error: The disk is full: make room, or set"),
        (KeyboardInterrupt(), 130, "Error: Interrupted; no file was left half-written."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_what_an_unlucky_machine_raises_has_a_sentence(
    lcrmap: Callable, breaking: Callable, sites: str, error: BaseException, code: int, begins: str
) -> None:
    breaking(error)
    outcome = lcrmap("show", sites)
    assert outcome.code == code
    assert outcome.err.startswith(begins)
    assert outcome.err.count("\n") == 1


def test_verify_never_says_that_a_crash_differs(
    lcrmap: Callable, breaking: Callable, sites: str
) -> None:
    assert lcrmap("show", sites, "-o", "page.html").code == 0
    breaking(ValueError("x"))
    outcome = lcrmap("verify", "page.html", "--inputs", ".")
    assert outcome.code == 70
    assert "verify: ValueError at lcrmap/" in outcome.err


def test_what_a_library_logs_or_warns_of_goes_through_the_door(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(
        "import logging, sys\n"
        "from lcrmap.cli.door import hear_libraries\n"
        "hear_libraries()\n"
        "logging.getLogger('lib').warning('a\\x1b[31m\\nb')\n"
        "import warnings; warnings.warn('c\\x1b[31m')\n"
    )
    done = subprocess.run(
        [sys.executable, tmp_path / "run.py"], capture_output=True, text=True, check=True
    )
    assert done.stderr == "Warning of lib: a\\x1b[31m\\nb\nWarning: c\\x1b[31m\n"
