"""What people type: filters, places, distances and options, lawful and not, over a small table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators.texts import NUMBERS, odd_name, odd_text

__all__ = ["PACK", "make_distance", "make_filter", "make_place"]

PACK = ("--pack", str(Path(__file__).parents[2] / "packs" / "skerries"))
TABLE = (
    b"id,name,n,share,open,longitude,latitude\n"
    b"1,Alpha,7,0.5,true,-3,53.4\n"
    b"2,B\xc3\xa9ta,,1.25,false,-2.9,53.41\n"
    b'3,"Ynys, M\xc3\xb4n",-2,,true,-2.8,53.42\n'
    b"4,a%b_c,0,-0.5,,-2.85,53.3\n"
    b"5,,12,3.0,false,-2.95,53.35\n"
)
OPERATORS = ("=", "<>", "<", "<=", ">", ">=")


def _condition(rng: Random, depth: int = 0) -> str:
    """Return a condition that CQL2 and SQL read alike."""
    pick = rng.randrange(9 if depth < 3 else 7)
    number = rng.choice(["0", "7", "-2", "0.5", "1.25", "12"])
    text = rng.choice(["Alpha", "alpha", "Béta", "a%b_c", "", "Ynys, Môn", "it''s"])
    match pick:
        case 0 | 1:
            return f"{_number(rng)} {rng.choice(OPERATORS)} {number}"
        case 2:
            return f"name {rng.choice(OPERATORS)} '{text}'"
        case 3:
            pattern = "".join(rng.choices(["%", "_", "A", "a", "é", "t", ","], k=rng.randint(0, 5)))
            return f"name {rng.choice(['LIKE', 'NOT LIKE'])} '{pattern}'"
        case 4:
            column = rng.choice(["name", "n", "share", "open"])
            return f"{column} IS {rng.choice(['NULL', 'NOT NULL'])}"
        case 5:
            return f"n {rng.choice(['IN', 'NOT IN'])} (7, {number})"
        case 6:
            return f"share {rng.choice(['BETWEEN', 'NOT BETWEEN'])} -0.5 AND {number}"
        case 7:
            return f"NOT ({_condition(rng, depth + 1)})"
    word = rng.choice(["AND", "OR"])
    return f"({_condition(rng, depth + 1)}) {word} ({_condition(rng, depth + 1)})"


def _number(rng: Random) -> str:
    return rng.choice(
        ["n", "share", "n", "share", "(n + 1)", "(n * 2)", "(share - 0.25)", "(n - share)"]
    )


def _odd_condition(rng: Random) -> str:
    """Return a condition that no reader takes, or one that is long, deep or of wrong kinds."""
    deep = rng.choice([10, 200, 5000])
    lawful = _condition(rng)
    at = rng.randrange(len(lawful) + 1)
    text = odd_text(rng).replace("'", "''")
    return rng.choice(
        [
            lawful[:at],
            lawful[:at]
            + rng.choice(["'", "(", ")", " AND ", "\0", "\x1b[31m", "%", ";--"])
            + lawful[at:],
            "(" * deep + "1=1" + ")" * deep,
            "NOT " * deep + "open = true",
            "1" + " + 1" * deep + " = 1",
            f"name = '{text}'",
            f'"{odd_name(rng)}" = 1',
            f"{odd_name(rng)} = 1",
            f"n = {rng.choice(NUMBERS)}",
            f"n / {rng.choice(['0', 'share', 'name', 'open'])} > 1",
            f"n ^ {rng.choice(['n', '400', '-1', '0.5'])} > 1",
            f"name {rng.choice(['+', '%', '*', 'div', '^'])} {rng.choice(['1', 'name', chr(39) * 2])} = 'x'",
            f"name LIKE '{'%a' * deep}b'",
            f"{rng.choice(['CASEI', 'ACCENTI', 'upper', 'S_INTERSECTS', 'foo'])}(name) = 'x'",
            "S_INTERSECTS(geometry, POINT(-3 53))",
            "open",
            "open = 1",
            "name > 3",
            "n = 'x'",
            "n = DATE('2026-04-01')",
            f"n = TIMESTAMP('{text}')",
            f"n IN ({', '.join(map(str, range(deep)))})",
            "",
            " ",
        ]
    )


def make_filter(rng: Random) -> Case:
    """Make a filter."""
    lawful = rng.random() < 0.5
    where = _condition(rng) if lawful else _odd_condition(rng)
    lines = [("show", "a.csv", "--where", where, "-f", rng.choice(["csv", "table", "geojson"]))]
    checks = ("filter",) if lawful else ()
    return Case("filter", 0, {"a.csv": TABLE}, "a.csv", checks, _plain(lines), lawful=lawful)


def _plain(lines: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return lines without what no shell can pass on: a character of no bits, half of a pair of surrogates."""
    return tuple(
        tuple(each.replace("\0", "\x01").encode("utf-8", "replace").decode() for each in line)
        for line in lines
    )


PLACES = (
    "53.4,-2.9",
    "-2.9,53.4",
    "53.4 -2.9",
    "53°24'N 2°59'W",
    "91,0",
    "53.4,",
    ",",
    "SJ 345 904",
    "SJ345904",
    "SJ",
    "ZZ 1 1",
    "334500,390400",
    "L3 1HN",
    "L3 1",
    "l31hn",
    "boroughs",
    "boroughs:Halton",
    "boroughs:",
    ":",
    "a.csv",
    "a.csv:Alpha",
    "b.csv",
    "~",
    "~nobody",
    "~nobody/x.csv",
    "/dev/null",
    ".",
    "..",
    "-",
    "--",
    "*",
    "file:///etc/passwd",
    "/vsicurl/http://x/y.csv",
    "http://x/y.csv",
    "CON",
    "nan,nan",
    "inf,inf",
    "1e400,1",
    "９,９",
)


def make_place(rng: Random) -> Case:
    """Make a text for a place or a layer."""
    text = rng.choice([rng.choice(PLACES), odd_text(rng), odd_name(rng), rng.choice(NUMBERS)])
    if rng.random() < 0.3:
        text = rng.choice(
            [
                text + ",",
                "9" * 4000 + "," + text,
                f"{text},{text}",
                f"a.csv:{text}",
                f"boroughs:{text}",
            ]
        )
    kind = rng.choice([("-f", "csv"), ("-f", "table")])
    line = rng.choice(
        [
            ("near", text, "a.csv", *kind),
            ("near", "a.csv", text, *kind),
            ("show", text, *kind),
            ("layers", text),
            ("count", "a.csv", "--in", text, *kind),
            ("catchment", text, "--rings", "1km", *kind),
            ("show", "a.csv", "--columns", text, *kind),
            ("show", "a.csv", "--sort", text, *kind),
            ("show", "a.csv", "--x", text, "--y", "latitude", *kind),
            ("show", "a.csv", "--crs", text, *kind),
            ("show", "a.csv", "--pack", text, *kind),
            ("count", "a.csv", "--in", "boroughs", "--by", text, *kind),
            ("join", "a.csv", "boroughs", "--take", text, "--prefix", text, *kind),
            ("map", "a.csv", "--headline", text, "-o", "m.html"),
            ("map", "a.csv", "--shade", text, "-o", "m.html"),
            ("embed", text),
            ("verify", text),
            ("explain", text),
            (text, "a.csv"),
            ("show", "a.csv", text),
        ]
    )
    return Case("place", 0, {"a.csv": TABLE}, "a.csv", (), _plain([line]))


def make_distance(rng: Random) -> Case:
    """Make a distance, or another number that an option takes."""
    number = rng.choice(["0", "1", "2.5", ".5", "0.001", "800", "1e3", "-1", "1,5", *NUMBERS])
    text = number + rng.choice(["m", "km", "mi", " km", "KM", "", "ft", "m m", "\x1b[31m", "µm"])
    line = rng.choice(
        [
            ("near", "53.4,-2.9", "a.csv", "--within", text, "-f", "csv"),
            ("catchment", "53.4,-2.9", "--rings", text, "-f", "csv"),
            ("gaps", "a.csv", "--beyond", text, "-f", "table"),
            ("access", "a.csv", "--within", text, "-f", "table"),
            ("locate", "rail-stations", "--from", "a.csv", "--apart", text, "-f", "table"),
            ("locate", "rail-stations", "--from", "a.csv", "--choose", number, "-f", "table"),
            ("locate", "a.csv", "--from", "boroughs", "--time", text, "-f", "table"),
            ("locate", "a.csv", "--from", "boroughs", "--favour", f"most_deprived_tenth={number}"),
            ("join", "a.csv", "boroughs", "--snap", text, "-f", "csv"),
            (
                "join",
                "a.csv",
                "boroughs",
                "--predicate",
                "dwithin",
                "--distance",
                text,
                "-f",
                "csv",
            ),
            ("show", "a.csv", "--limit", number, "-f", "csv"),
            ("near", "53.4,-2.9", "a.csv", "-k", number, "-f", "csv"),
            ("map", "a.csv", "--classes", f"natural:{number}", "-o", "m.html"),
        ]
    )
    return Case(
        "distance",
        0,
        {"a.csv": TABLE, "said": text.encode()},
        "a.csv",
        ("distance",),
        _plain([line]),
    )
