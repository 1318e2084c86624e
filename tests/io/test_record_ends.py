"""Where delimited text is divided: at ends of records, and nowhere else."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lcrmap.errors import WholeNeededError
from lcrmap.io.record_ends import first_record, record_ends

CELLS = st.text(st.sampled_from('ab,;"\n\r é'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=12)


def divided(data: bytes, block: int, delimiter: str = ",") -> list[bytes]:
    ends, _ = record_ends(io.BytesIO(data), delimiter=delimiter, block=block)
    return [data[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def parsed(data: bytes) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if row]


@given(
    rows=ROWS,
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    block=st.integers(1, 200),
    last=st.booleans(),
)
def test_records_are_never_divided(
    rows: list[list[str]], ending: str, quoting: int, block: int, last: bool
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=ending, quoting=quoting).writerows(rows)
    data = out.getvalue().encode()
    data = data if last else data.removesuffix(ending.encode())
    try:
        pieces = divided(data, block)
    except WholeNeededError:
        assume(False)
    assert b"".join(pieces) == data
    assert [row for piece in pieces for row in parsed(piece)] == parsed(data)


@given(rows=ROWS, start=st.integers(0, 300))
def test_a_block_that_holds_any_record_divides_any_text(rows: list[list[str]], start: int) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    data = out.getvalue().encode()
    longest = 2 * max(len(each) for row in rows for each in row) * 2 + 8
    assert b"".join(divided(data, 2 * longest)) == data


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('1,5" pipe\n2,b\n', id="inches"),
        pytest.param('1,"a"b\n2,c\n', id="text behind a closing quote"),
        pytest.param('1, "a"\n2,c\n', id="a space before an opening quote"),
        pytest.param('1,"a\n2,c\n', id="left open"),
        pytest.param('1,"a" \n2,c\n', id="a space behind a closing quote"),
    ],
)
@pytest.mark.parametrize("block", [4, 5, 6, 7, 8, 9, 99])
def test_quotes_elsewhere_are_left_to_the_whole(text: str, block: int) -> None:
    with pytest.raises(WholeNeededError):
        divided(text.encode(), block)


def test_a_line_feed_stays_with_its_carriage_return() -> None:
    data = b"1,2\r\n3,4\r\n"
    for block in (5, 9):
        assert all(not each.startswith(b"\n") for each in divided(data, block)), block


def test_text_without_quotes_ends_at_any_line_end() -> None:
    ends, quoted = record_ends(io.BytesIO(b"1,2\n3,4\n5,6"), delimiter=",", block=5)
    assert (ends, quoted) == ([4, 8, 11], False)


def test_a_file_may_begin_within() -> None:
    file = io.BytesIO(b"a,b\n1,2\n")
    file.seek(4)
    assert record_ends(file, delimiter=",", block=99) == ([8], False)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", b""),
        (b"a,b", b"a,b"),
        (b"a,b\rc", b"a,b"),
        (b'"a\n""b""",c\nd', b'"a\n""b""",c'),
        (b'"a\nb', b'"a\nb'),
    ],
)
def test_the_first_record(data: bytes, expected: bytes) -> None:
    assert first_record(data) == expected
