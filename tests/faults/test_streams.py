"""Streams that cannot be written or read: a sentence each, and the exit code that belongs to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

FULL = "Error: Standard output cannot be written: No space left on device."
CLOSED = "Error: Standard output is closed: leave '>&-' out, or write to a file with -o."

LINES = [
    "lcrmap --help",
    "lcrmap --version",
    "lcrmap show --help",
    "lcrmap completion bash",
    "lcrmap layers -f table",
    "lcrmap show boroughs -f table",
    "lcrmap show boroughs -f csv",
    "lcrmap show boroughs -f geojson",
    "lcrmap count freeport-sites --in boroughs -f md",
    "lcrmap map boroughs -o a.html",
    "lcrmap report --example",
    "lcrmap explain page.html",
    "lcrmap verify page.html",
    "lcrmap embed page.html --inline",
]


@pytest.fixture
def page(lcrmap: Callable) -> str:
    assert lcrmap("show", "boroughs", "-o", "page.html").code == 0
    return "page.html"


@pytest.mark.parametrize("line", LINES)
def test_a_full_disk_behind_stdout_is_a_sentence(shell: Callable, page: str, line: str) -> None:
    outcome = shell(f"{line} > /dev/full")
    assert outcome.code == 4
    assert outcome.err.splitlines()[-1] == FULL


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("line", "blocks"),
    [
        ("lcrmap show postcodes -f csv", 300),
        ("lcrmap show postcodes -f geojson", 300),
        ("lcrmap show boroughs -f table", 1),
        ("lcrmap layers -f table", 1),
        ("lcrmap show --help", 1),
        ("lcrmap report --example", 1),
    ],
)
def test_stdout_that_takes_a_part_only_is_a_sentence(
    shell: Callable, line: str, blocks: int, unbuffered: str
) -> None:
    """Unbuffered, Python writes what there is room for, says how much that was, and raises nothing."""
    outcome = shell(f"ulimit -f {blocks}; {line} > a.txt", PYTHONUNBUFFERED=unbuffered)
    assert outcome.code == 4
    said = "Error: Standard output cannot be written: File too large."
    assert outcome.err.splitlines()[-1] == said


@pytest.mark.parametrize("line", LINES[::3])
def test_a_closed_stdout_is_a_sentence(shell: Callable, page: str, line: str) -> None:
    outcome = shell(f"{line} >&-")
    assert outcome.code == 4
    assert outcome.err.splitlines()[-1] == CLOSED


def test_a_closed_stdout_is_no_matter_where_nothing_is_printed(shell: Callable) -> None:
    outcome = shell("lcrmap show boroughs -o a.csv >&- && wc -l < a.csv")
    assert (outcome.code, outcome.out.strip()) == (0, "7")


def test_a_reader_that_leaves_before_the_end_is_told_of(shell: Callable) -> None:
    outcome = shell("lcrmap show postcodes -f geojson | (exec <&-; sleep 6)")
    assert outcome.code == 4
    assert outcome.err.splitlines()[-1] == (
        "Error: Standard output was closed by its reader before all was written."
    )


def test_a_full_disk_behind_completions_prints_nothing_else(shell: Callable) -> None:
    outcome = shell(
        "lcrmap > /dev/full",
        _LCRMAP_COMPLETE="bash_complete",
        COMP_WORDS="lcrmap sh",
        COMP_CWORD="1",
    )
    assert (outcome.code, outcome.err) == (4, f"{FULL}\n")


def test_words_that_cannot_be_written_are_an_error(shell: Callable) -> None:
    """Notes must be read, so that a table without its notes is no answer."""
    outcome = shell("lcrmap show freeport-sites -f table 2> /dev/full")
    assert outcome.code == 4


def test_an_error_that_cannot_be_said_keeps_its_code(shell: Callable) -> None:
    assert shell("lcrmap show nowhere.csv 2> /dev/full").code == 3


def test_whoever_closes_stderr_wants_no_words(shell: Callable) -> None:
    outcome = shell("lcrmap show boroughs -f csv 2>&- | wc -l")
    assert (outcome.code, outcome.out.strip()) == (0, "7")


def test_a_closed_stdin_is_a_sentence(shell: Callable) -> None:
    outcome = shell("lcrmap show - <&-")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == (
        "Error: Standard input is closed: pipe a layer into lcrmap, or name its file.\n"
    )


def test_a_closed_stdin_is_no_matter_where_nothing_is_piped(shell: Callable) -> None:
    assert shell("lcrmap show boroughs -f csv <&-").code == 0


def test_no_file_takes_the_place_of_a_closed_stream(shell: Callable) -> None:
    """With stderr closed, the first file that is opened would be what a library in C speaks into."""
    outcome = shell(
        "lcrmap show boroughs -o a.gpkg <&- >&- 2>&-; lcrmap show a.gpkg -f csv | wc -l"
    )
    assert outcome.out.strip() == "7"


def test_too_little_memory_is_a_sentence(shell: Callable) -> None:
    outcome = shell(
        "python3 -c \"f = open('big.geojson', 'wb'); f.write(b'{'); f.truncate(200 << 30)\"; "
        "ulimit -v 8000000; lcrmap show big.geojson --large"
    )
    assert outcome.code == 3
    told, error = outcome.err.splitlines()
    assert told.startswith("'big.geojson' will take about 1,503.2 GB of the memory of ")
    assert error.startswith("Error: ")
    assert "memory for this: ask for fewer rows with --where" in error
