"""What is typed means what it says: filters as sqlite has them, distances as a product; honest pages are the same."""

from __future__ import annotations

import csv
import math
import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from lcrmap.analysis.filtering import choose
from lcrmap.cli import commands
from lcrmap.errors import LcrmapError
from lcrmap.reports.recipes import parse_recipe
from lcrmap.verbs.question import Distance
from tests.fuzz.cases import Case
from tests.fuzz.faults import FaultError, without_data
from tests.fuzz.mutators.questions import PACK
from tests.fuzz.oracles.opening import attempted, opened

__all__ = ["ASKING"]

METRES = {"m": 1, "km": 1000, "mi": 1609.344}


def filter_(case: Case) -> None:
    """Hold the rows that a filter chooses to those that sqlite chooses."""
    line = case.lines[0]
    where = line[line.index("--where") + 1]
    layer = opened(case.subject)
    chosen = attempted(lambda: choose(layer, where))
    if isinstance(chosen, LcrmapError):
        raise FaultError(
            f"a lawful filter is refused: {without_data(chosen)}", f"{where}: {chosen}"
        )
    expected = _by_sqlite(case.data, where)
    found = chosen.frame["id"].tolist()
    if found != expected:
        raise FaultError("a filter chooses other rows than sqlite", f"{where}\n{expected}\n{found}")


def _by_sqlite(data: bytes, where: str) -> list[int]:
    rows = list(csv.DictReader(data.decode().splitlines()))
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA case_sensitive_like = ON")
        database.execute(
            "CREATE TABLE a (id INTEGER, name TEXT, n INTEGER, share REAL, open INTEGER)"
        )
        for row in rows:
            truth = {"true": 1, "false": 0, "": None}[row["open"]]
            values = [row[each] or None for each in ("id", "name", "n", "share")]
            database.execute("INSERT INTO a VALUES (?, ?, ?, ?, ?)", (*values, truth))
        query = f"SELECT id FROM a WHERE {where} ORDER BY id"
        return [each[0] for each in database.execute(query)]


def distance(case: Case) -> None:
    """Hold a distance to its number times its unit."""
    text = case.files["said"].decode()
    found = attempted(lambda: Distance(text))
    told = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) *(m|km|mi)", text.casefold())
    if isinstance(found, LcrmapError) or told is None:
        if told is None and isinstance(found, Distance):
            raise FaultError("a text that is no distance is taken for one", text[:100])
        return
    if not math.isclose(found, float(told[1]) * METRES[told[2]], rel_tol=1e-12):
        raise FaultError("a distance is another", f"{text} became {float(found)}")


def recipe(case: Case) -> None:
    """Read a recipe: it is one, or there is one sentence that says why not."""
    text = case.data.decode("utf-8", "replace")
    found = attempted(lambda: parse_recipe(text, "r.toml"))
    if isinstance(found, LcrmapError):
        if case.lawful:
            raise FaultError(f"a lawful recipe is refused: {without_data(found)}", str(found))
        return
    if len(found.blocks) != len(tomllib.loads(text)["question"]):
        raise FaultError("a recipe loses questions", text[:300])


def honest(case: Case) -> None:
    """Make a page, and verify it."""
    name = case.subject
    words = ("map", *PACK, "-o", "m.html", "--", name)
    made = CliRunner().invoke(commands, words, prog_name="lcrmap")
    if made.exit_code or not Path("m.html").is_file():
        return  # what a verb makes of odd files is asked elsewhere
    words = ("verify", "m.html", "--inputs", "inputs")
    Path("inputs/pack").mkdir(parents=True)
    Path("inputs", "x").write_bytes(case.data)
    for each in Path(PACK[1]).iterdir():
        if each.is_file():
            Path("inputs/pack", each.name).write_bytes(each.read_bytes())
    done = CliRunner().invoke(commands, words, prog_name="lcrmap")
    if done.exit_code:
        kind = "differs" if done.exit_code == 1 else without_data(done.stderr)
        told = f"{name!r}: {done.exit_code} {done.stdout[-400:]} {done.stderr[-400:]}"
        raise FaultError(f"an honest page is not the same: {kind}", told)


ASKING = {"filter": filter_, "distance": distance, "recipe": recipe, "honest": honest}
