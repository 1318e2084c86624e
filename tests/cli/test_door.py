"""The door for all that is printed: whatever a file says, a terminal shows it and does nothing else."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import fiona
import pytest

from lcrmap.cli.door import LONGEST_LINE, one_line, visible

# It recolours, writes the clipboard, makes a link, returns to the start of the line, and turns what follows round.
HOSTILE = "x\x1b[31m\x1b]52;c;QQ==\x07\x1b]8;;http://e/\x1b\\k\r\u202egnp\u2066\x9b2J\u200b"
SHOWN = r"x\x1b[31m\x1b]52;c;QQ==\x07\x1b]8;;http://e/\x1b\k\r\u202egnp\u2066\x9b2J\u200b"
OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def collection(properties: dict, **members: object) -> str:
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [-2.98, 53.4]},
    }
    return json.dumps({"type": "FeatureCollection", **members, "features": [feature]})


def described(folder: Path) -> None:
    """Write a layer in which every word that is printed is hostile."""
    field = {"name": "kind", "title": HOSTILE, "type": "string", "unit": HOSTILE}
    field["categories"] = [{"value": "a", "label": HOSTILE, "plural": HOSTILE}]
    known = {
        "name": "sites",
        "title": HOSTILE,
        "description": HOSTILE,
        "licenses": [{"name": "x", "title": HOSTILE, "path": "https://example.org/"}],
        "sources": [{"title": HOSTILE}],
        "schema": {"fields": [{"name": "id", "type": "string"}, field], "primaryKey": "id"},
        "lcrmap": {"credit": HOSTILE, "noun": {"one": HOSTILE, "other": HOSTILE}},
        "credit": HOSTILE,
        "noun": {"one": HOSTILE, "other": HOSTILE},
    }
    properties = {"id": HOSTILE, "kind": "a"}
    (folder / "a.geojson").write_text(collection(properties, lcrmap=known))


@pytest.mark.parametrize(
    "words",
    [
        ["show", "a.geojson", "-f", "table"],
        ["show", "a.geojson", "--columns", "nosuch"],
        ["show", "a.geojson", "--where", "kind = 'b'"],
        ["show", "a.geojson", "--where", f"kind = '{HOSTILE}'"],
        ["show", "a.geojson", "-o", "a.csv", "-f", "csv"],
        ["join", "a.geojson", "boroughs", "-f", "table"],
        ["count", "a.geojson", "--in", "boroughs", "-f", "table"],
        ["count", "a.geojson", "--in", "boroughs", "--by", "kind", "-f", "table"],
        ["near", "a.geojson:nosuch", "rail-stations"],
        ["near", f"a.geojson:{HOSTILE}", "rail-stations", "-f", "table"],
        ["near", "53.4,-2.98", "a.geojson", "-f", "table"],
        ["catchment", "a.geojson", "-f", "table"],
        ["gaps", "a.geojson", "-f", "table"],
        ["map", "a.geojson", "-o", "a.html"],
        ["map", "a.geojson", "--category", HOSTILE],
        [HOSTILE],
        ["show", f"--{HOSTILE}"],
        ["show", f"{HOSTILE}.csv"],
        ["show", "boroughs", "-o", f"{HOSTILE}.docx"],
        ["show", "boroughs", "-o", f"{HOSTILE}/a.csv"],
        ["near", HOSTILE, "rail-stations"],
        ["map", f"{HOSTILE}.geojson", "-o", f"{HOSTILE}.html"],
        ["embed", HOSTILE],
        ["explain", HOSTILE],
        ["verify", HOSTILE],
        ["report", HOSTILE],
        ["layers", "--pack", HOSTILE],
    ],
    ids=lambda words: " ".join(visible(each)[:12] for each in words),
)
def test_nothing_that_is_printed_is_obeyed(
    lcrmap: Callable, tmp_path: Path, words: list[str]
) -> None:
    described(tmp_path)
    outcome = lcrmap(*words)
    printed = outcome.out + outcome.err
    assert printed
    assert OBEYED.findall(printed) == []


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("columns.csv", lambda path: path.write_text(f'"{HOSTILE}","{HOSTILE}"\n1,2\n')),
        ("columns2.csv", lambda path: path.write_text(f'lon,lat,"{HOSTILE}"\n"{HOSTILE}",2,3\n')),
        ("crs.geojson", lambda path: path.write_text(collection({}, crs=HOSTILE))),
        (
            "crs2.geojson",
            lambda path: path.write_text(
                collection({}, crs={"type": "name", "properties": {"name": HOSTILE}})
            ),
        ),
        ("type.geojson", lambda path: path.write_text(json.dumps({"type": HOSTILE}))),
        ("entries.zip", lambda path: write_zip(path, [f"{n}{HOSTILE}.txt" for n in range(300)])),
        ("long.zip", lambda path: write_zip(path, [f"{n}{'x' * 220}.shp" for n in range(300)])),
        ("layers.gpkg", lambda path: write_layers(path)),
        (
            "record.html",
            lambda path: path.write_text(
                '<meta name="generator" content="lcrmap">'
                '<script type="application/json" id="made">'
                + json.dumps({"kind": "lcrmap page", "question": {"ask": HOSTILE, HOSTILE: "a\nb"}})
                + "</script>"
            ),
        ),
    ],
)
@pytest.mark.parametrize("verb", ["show", "explain", "verify", "embed"])
def test_nothing_that_a_file_says_of_itself_is_obeyed(
    lcrmap: Callable, tmp_path: Path, name: str, write: Callable[[Path], object], verb: str
) -> None:
    write(tmp_path / name)
    outcome = lcrmap(verb, name, *(["-f", "table"] if verb == "show" else []))
    printed = outcome.out if verb != "embed" else ""
    assert OBEYED.findall(printed + outcome.err) == []
    assert all(len(line) < LONGEST_LINE for line in outcome.err.splitlines())


def write_zip(path: Path, names: list[str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for each in names:
            archive.writestr(each, "x")


def write_layers(path: Path) -> None:
    schema = {"geometry": "Point", "properties": {"a": "str"}}
    for n in range(2):
        name = f"{n}\x1b[31m\u202e"
        with fiona.open(path, "w", driver="GPKG", layer=name, schema=schema, crs="EPSG:4326"):
            pass


def test_a_table_shows_each_character_that_it_does_not_obey(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "a.geojson").write_text(collection({"name": f"{HOSTILE}\n\t"}))
    assert f"{SHOWN}\\n\\t" in lcrmap("show", "a.geojson", "-f", "table").out


def test_data_keep_their_bytes_where_a_program_reads_them(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(collection({"name": "a\x1b[31m\u202eb"}))
    assert "a\x1b[31m\u202eb" in lcrmap("show", "a.geojson", "-f", "csv").out


def on_terminal(folder: Path, *words: str) -> str:
    """Return what a command shows on a terminal of 80 columns."""
    ours, its = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "lcrmap", *words],
        cwd=folder,
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"},
    )
    os.close(its)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass  # how a terminal ends
    running.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("format_", ["table", "csv", "md", "geojson"])
def test_a_terminal_obeys_no_format(tmp_path: Path, format_: str) -> None:
    (tmp_path / "a.geojson").write_text(collection({"name": "a\x1b]52;c;QQ==\x07\u202eb\x9b"}))
    shown = on_terminal(tmp_path, "show", "a.geojson", "-f", format_)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", shown)  # the bold head of our own table
    assert OBEYED.findall(ours.replace("\t", "")) == []
    assert r"\u202e" in ours


def test_a_table_on_a_terminal_keeps_its_bold_head(tmp_path: Path) -> None:
    assert "\x1b[1m" in on_terminal(tmp_path, "show", "boroughs", "--columns", "name")


SECTIONS = """
[[question]]
ask = "count"
layers = ["freeport-sites"]
in = "boroughs"

[[question]]
ask = "show"
layer = "boroughs"
"""


def test_a_terminal_is_told_which_section_of_a_report_is_made(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(SECTIONS)
    shown = re.sub(
        r"\x1b\[[0-9;?]*[A-Za-z]", "", on_terminal(tmp_path, "report", "r.toml", "-o", "a")
    )
    told = re.findall(r"(Making [a-z0-9-]+|Writing) .*?([0-9]+)%", shown)
    assert list(dict.fromkeys(told)) == [
        ("Making 01-count-freeport-sites", "0"),
        ("Making 02-show-boroughs", "50"),
        ("Writing", "100"),
    ]
    assert "Wrote a: begin with a/index.html." in shown


def test_nobody_else_is_told_which_section_of_a_report_is_made(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "r.toml").write_text(SECTIONS)
    done = lcrmap("report", "r.toml", "-o", "a")
    assert done.code == 0
    assert "Making" not in done.err + done.out


def test_a_sentence_is_one_line_and_ends_with_what_to_do() -> None:
    line = one_line("No such thing: " + "a, " * 5000 + "choose another.")
    assert len(line) < LONGEST_LINE
    assert line.endswith("choose another.")
    assert one_line("a\nb\r\tc\u2028d") == r"a\nb\r\tc\u2028d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"No '{'x' * 300}' here.", f"No '{'x' * 197}...' here."),
        (f'No "{"x" * 300}" here.', f'No "{"x" * 197}..." here.'),
        (f"No 'O'Brien{'x' * 300}'.", f"No 'O'Brien{'x' * 190}...'."),
        (f"'a' and {'b ' * 150}'c'", f"'a' and {'b ' * 150}'c'"),
        (f"The layer's {'b ' * 150}", f"The layer's {'b ' * 150}"),
        ("No 'a' and no", "No 'a' and no"),
    ],
    ids=["single", "double", "apostrophe", "between", "genitive", "short"],
)
def test_a_quotation_is_cut_and_nothing_else(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_letters_that_join_and_emoji_stay_as_they_are() -> None:
    text = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f469\u200d\U0001f52c Llŷn \u00a0"
    assert visible(text) == text


def test_letters_that_the_terminal_has_not_are_shown_as_escapes(
    shell: Callable, tmp_path: Path
) -> None:
    (tmp_path / "a.geojson").write_text(collection({"name": "Llŷn \ud800"}))
    outcome = shell("lcrmap show a.geojson -f table", PYTHONIOENCODING="ascii")
    assert outcome.code == 0, outcome.err
    assert r"Ll\u0177n" in outcome.out


def test_a_file_name_that_is_no_text_can_be_said(shell: Callable) -> None:
    outcome = shell(r"lcrmap show $'\xff.csv'")
    assert outcome.code == 3
    assert r"No such file '\udcff.csv'" in outcome.err


def test_the_remedy_is_kept_where_names_are_long() -> None:
    from lcrmap.errors import UnknownNameError

    long = [f"{n}{'x' * 900}" for n in range(3)]
    assert len(str(UnknownNameError("column", "y" * 5000, long))) < 1000
    assert len(str(UnknownNameError("column", long[0][:-1], long))) < 1000


@pytest.mark.parametrize(("rows", "times"), [("40", 1), ("41", 2)])
def test_a_long_table_on_a_terminal_is_followed_by_the_answer(
    tmp_path: Path, rows: str, times: int
) -> None:
    words = [
        "near",
        "innovation-assets",
        "rail-stations",
        "--within",
        "2km",
        "--columns",
        "from_id",
    ]
    shown = on_terminal(tmp_path, *words, "-n", rows)
    (answer,) = set(re.findall(r"^\d+ of the .* lie within 2 km of a rail station.*$", shown, re.M))
    assert shown.count(answer) == times
    assert shown.rstrip().endswith(answer) == (times == 2)


def test_a_long_table_that_no_terminal_shows_is_followed_by_no_answer(lcrmap: Callable) -> None:
    words = ["near", "innovation-assets", "rail-stations", "--within", "2km", "-f", "table"]
    assert lcrmap(*words).err.count("lie within 2 km of a rail station") == 1
