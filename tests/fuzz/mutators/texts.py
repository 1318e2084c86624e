"""Names, texts and numbers that have made trouble somewhere, and blows that any bytes can be dealt."""

from __future__ import annotations

from random import Random
from typing import Any

__all__ = [
    "NAMES",
    "NUMBERS",
    "TEXTS",
    "Pairs",
    "Raw",
    "damaged",
    "json_text",
    "odd_name",
    "odd_text",
    "odd_value",
    "plain_value",
    "position",
]

PLAIN_NAMES = ("name", "id", "n", "share", "kind", "code", "open", "a b", "längd", "Ort")
NAMES = (
    *PLAIN_NAMES,
    "geometry",
    "geometry_",
    "geom",
    "fid",
    "ogc_fid",
    "type",
    "properties",
    "longitude",
    "latitude",
    "lon",
    "lat",
    "position_error_m",
    "x,y",
    'q"q',
    "it's",
    "SELECT",
    "__proto__",
    "",
    " ",
    "0",
    "=1+1",
    "\x1b]52;c;aGk=\x07",
    "\x1b[31mred",
    "\u202egnp.exe",
    "a\x00b",
    "a\nb",
    "a\r\nb",
    "\ufeffname",
    "e\u0301",
    "\u2028",
    "n" * 300,
    "利物浦",
    "NAME",
    "Name",
)
TEXTS = (
    "a",
    'Ynys, "Môn"',
    "007",
    "1.50",
    "12E4",
    "1e5",
    "true",
    "null",
    "NaN",
    "inf",
    "-inf",
    "",
    " ",
    " 7",
    "=1+1",
    "@SUM(A1)",
    "-3e0",
    "+44",
    "'x",
    "2026-04-01",
    "10000-01-01",
    "2026-13-41T25:61:61Z",
    "[1,2]",
    '{"a":1}',
    "\x1b]0;title\x07",
    "\x9b31m",
    "\u202eabc\u2066",
    "a\x00b",
    "a\r\nb",
    "a\rb",
    "a\nb",
    "</script><script>alert(1)</script>",
    "\U0001f600",
    "\ufeff",
    "\ufffd",
    "x" * 300,
    "'''",
    '"',
    '""',
    "\\",
    "%s%n",
    "\u00a0",
    "\u3000=1",
    "12345678901234567890",
    "9" * 5000,
    "0x10",
    "1_000",
    "１２",
    "−5",
)
NUMBERS = (
    "0",
    "-0",
    "-0.0",
    "1",
    "7.0",
    "0.1",
    "1e-400",
    "5e-324",
    "1e308",
    "1e400",
    "-1E999",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "1" * 40,
    "1" * 5000,
    "0.1234567890123456789",
    "1.7976931348623157e308",
    "123456789012345680.5",
    "NaN",
    "Infinity",
    "-Infinity",
)


class Raw(str):
    """Text that stands in JSON as it is."""


class Pairs(list[tuple[str, Any]]):
    """An object of JSON in which a name may come twice."""


def json_text(value: Any) -> str:
    """Return a value as JSON; `Raw` and `Pairs` are what no honest writer writes."""
    import json

    match value:
        case Raw():
            return str(value)
        case Pairs():
            members = (f"{json_text(name)}:{json_text(each)}" for name, each in value)
            return f"{{{','.join(members)}}}"
        case dict():
            return json_text(Pairs(value.items()))
        case list() | tuple():
            return f"[{','.join(map(json_text, value))}]"
        case str():
            return json.dumps(value, ensure_ascii=len(value) % 2 == 0)
    return json.dumps(value)


def odd_name(rng: Random) -> str:
    return rng.choice(NAMES)


def odd_text(rng: Random) -> str:
    one = rng.choice(TEXTS)
    return one + rng.choice(TEXTS) if rng.random() < 0.1 else one


def odd_value(rng: Random, depth: int = 0) -> Any:
    """Return any value that JSON can hold, and some that it cannot."""
    pick = rng.random()
    if pick < 0.35:
        return odd_text(rng)
    if pick < 0.6:
        return Raw(rng.choice(NUMBERS))
    if pick < 0.75:
        return rng.choice([None, True, False])
    if depth > 2:
        return rng.randint(-9, 9)
    if pick < 0.9:
        return [odd_value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return {odd_name(rng): odd_value(rng, depth + 1) for _ in range(rng.randint(0, 2))}


def plain_value(kind: str, rng: Random) -> Any:
    """Return a value such as honest files hold."""
    match kind:
        case "integer":
            return rng.choice([0, 1, -7, 12, 2**31, 2**53 - 1, rng.randint(-99, 9999)])
        case "number":
            return rng.choice([0.5, -1.25, 1e-9, 3.0, round(rng.uniform(-99, 99), 3)])
        case "boolean":
            return rng.random() < 0.5
        case "array":
            return [rng.choice(["a", "b"]) for _ in range(rng.randint(0, 3))]
    return rng.choice(["Alpha", "Béta", "Ynys, Môn", "port", "x y", "007", "2026-04-01"])


def position(rng: Random) -> list[float]:
    """Return a place in or about the region of the test pack."""
    return [round(rng.uniform(-3.2, -2.7), 5), round(rng.uniform(53.2, 53.7), 5)]


def damaged(data: bytes, rng: Random) -> bytes:
    """Return bytes of which some are lost, changed, doubled or new."""
    if not data:
        return data
    at = rng.randrange(len(data))
    size = min(len(data) - at, rng.choice([1, 1, 2, 4, 8, 64]))
    match rng.randrange(7):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + size :]
        case 2:
            return data[:at] + rng.randbytes(size) + data[at + size :]
        case 3:
            return data[: at + size] + data[at : at + size] + data[at + size :]
        case 4:
            flipped = data[at] ^ (1 << rng.randrange(8))
            return data[:at] + bytes([flipped]) + data[at + 1 :]
        case 5:
            other = rng.randrange(len(data))
            return data[:at] + data[other : other + size] + data[at:]
    filler = rng.choice([b"\x00", b"\xff", b"\x7f", b'"', b"\n", b"\r", b"\x1e", b"\xef\xbb\xbf"])
    return data[:at] + filler * size + data[at + size :]
