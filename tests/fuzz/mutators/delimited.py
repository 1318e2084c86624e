"""CSV: tables as spreadsheets save them, then ragged rows, odd quotes, line ends, numbers and encodings."""

from __future__ import annotations

import csv
import io
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators.texts import (
    NUMBERS,
    PLAIN_NAMES,
    damaged,
    odd_name,
    odd_text,
    plain_value,
    position,
)

__all__ = ["make", "table"]

PAIRS = (("lon", "lat"), ("longitude", "latitude"), ("x", "y"), ("Long", "Lat"))
COORDINATES = (" -3", "-3e0", "5.34E1", "+3", "nan", "", " ", "1,000", "-3.", ".5", "0x1", "1e400")


def _table(rng: Random) -> list[list[str]]:
    """Return a header and rows of text."""
    names = rng.sample(PLAIN_NAMES, rng.randint(0, 4))
    kinds = [rng.choice(["string", "integer", "number", "boolean"]) for _ in names]
    pair = rng.choice(PAIRS)
    rows = [[*names, *pair]]
    gaps = rng.random() < 0.4
    for _ in range(rng.randint(1, 8)):
        cells = [
            "" if gaps and rng.random() < 0.3 else _cell(plain_value(kind, rng)) for kind in kinds
        ]
        there = not (gaps and rng.random() < 0.2)
        rows.append([*cells, *(map(repr, position(rng)) if there else ("", ""))])
    return rows


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _strike(rows: list[list[str]], rng: Random) -> None:
    """Change a table in one way in which tables are odd."""
    row = rng.choice(rows[1:])
    at = rng.randrange(len(row)) if row else 0
    match rng.randrange(9):
        case 0:
            rows[0][rng.randrange(len(rows[0]))] = odd_name(rng)
        case 1 | 2:
            row[at] = odd_text(rng)
        case 3:
            row[at] = rng.choice(NUMBERS)
        case 4:
            row[-1 - rng.randrange(2)] = rng.choice(COORDINATES)
        case 5:
            row.append("x") if rng.random() < 0.5 else row.pop()
        case 6:
            rows.insert(rng.randint(1, len(rows)), [""] * len(rows[0]))
        case 7:
            rows.insert(rng.randint(1, len(rows)), [])
        case _:
            name = odd_name(rng)
            for number, each in enumerate(rows):
                each.insert(0, name if not number else rng.choice([odd_text(rng), "1", "2"]))


def _written(rows: list[list[str]], rng: Random) -> str:
    """Write the table in the manner of one of several programs."""
    file = io.StringIO(newline="")
    ends = rng.choice(["\n", "\n", "\r\n", "\r"])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    mark = rng.choice([",", ",", ",", ";", "\t"])
    writer = csv.writer(file, delimiter=mark, lineterminator=ends, quoting=quoting)
    writer.writerows(rows)
    text = file.getvalue()
    return text.rstrip("\r\n") if rng.random() < 0.1 else text


def table(rng: Random) -> tuple[list[list[str]], bool]:
    """Return a header and rows of text, and whether they are as an honest writer makes them."""
    rows = _table(rng)
    times = rng.choice([0, 1, 1, 2, 3])
    for _ in range(times):
        try:
            _strike(rows, rng)
        except IndexError:
            continue  # an earlier blow left nothing to strike
    return rows, not times


def make(rng: Random) -> Case:
    """Make a table with coordinates."""
    rows, lawful = table(rng)
    text = _written(rows, rng)
    data = text.encode("utf-8", "surrogatepass")
    pick = rng.random()
    if pick < 0.1:
        data = b"\xef\xbb\xbf" + data
    elif pick < 0.2:
        data = damaged(data, rng)
    elif pick < 0.23:
        data = text.encode(rng.choice(["utf-16", "cp1252", "utf-16-le"]), "replace")
    elif pick < 0.25:
        data = data.replace(b'"', b"")
    lawful = lawful and pick < 0.1
    name = rng.choice(["a.csv", "a.csv", "a.csv", "a.tsv"]) if b"\t" in data else "a.csv"
    return Case("csv", 0, {name: data}, name, ("reads", "pipe", "parts", "again"), lawful=lawful)
