"""Tables of indicators: what is wrong with one is said in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lcrmap.errors import DataError, FileError
from lcrmap.io.indicators import read_figures, read_nesting
from lcrmap.layers import Pack, open_pack

TABLE = "code,heads\nA1,5\nA2,\nA3,7.5\n"
NESTING = "code,town\nA1,T1\nA2,T1\nA3,T2\n"


def pack_of(
    folder: Path, table: str = TABLE, nesting: str = NESTING, path: str = "heads.csv"
) -> Pack:
    source = {"title": "Us", "as_of": "2024", "licence": "CC0", "credit": "Ours."}
    entry = {
        "id": "heads",
        "title": "Heads",
        "theme": "people",
        "unit": "heads",
        "table": "heads",
        "source": "us",
        "sums": "count",
        "better": "neither",
    }
    indicators = {
        "nesting": {"path": "nesting.csv", "levels": {"plots": "code", "towns": "town"}},
        "tables": [{"name": "heads", "path": path, "level": "plots"}],
        "sources": {"us": source},
        "entries": [entry],
    }
    described = {"name": "shire", "resources": [], "lcrmap": {"indicators": indicators}}
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    (folder / "heads.csv").write_text(table, encoding="utf-8")
    (folder / "nesting.csv").write_text(nesting, encoding="utf-8")
    return open_pack(folder)


def test_what_is_empty_is_not_known(tmp_path: Path) -> None:
    found = read_figures(pack_of(tmp_path), ["heads"])["heads"]
    assert found.dropna().to_dict() == {"A1": 5.0, "A3": 7.5}


@pytest.mark.parametrize("written", ["1,234", "12 %", "c"])
def test_what_is_no_number_is_refused(tmp_path: Path, written: str) -> None:
    pack = pack_of(tmp_path, TABLE.replace("7.5", f'"{written}"'))
    with pytest.raises(DataError) as refused:
        read_figures(pack, ["heads"])
    assert str(refused.value) == (
        f"'heads.csv' holds '{written}' for A3 in 'heads', which is no number: leave empty what is not known."
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "'heads.csv' is no table of indicators with the columns code, heads."),
        ("code,hats\n", "'heads.csv' is no table of indicators with the columns code, heads."),
        (TABLE + "A1,5\n", "'heads.csv' has two rows for one area: keep one of each."),
    ],
)
def test_a_table_of_another_form_is_refused(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        read_figures(pack_of(tmp_path, table), ["heads"])
    assert str(refused.value) == said


def test_an_area_in_two_larger_ones_is_refused(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, nesting=NESTING + "A1,T2\n")
    with pytest.raises(DataError, match="puts an area of plots into two larger ones"):
        read_nesting(pack, pack.indicators, "plots")


def test_a_table_that_is_not_there_or_not_in_the_pack_is_refused(tmp_path: Path) -> None:
    pack = pack_of(tmp_path)
    (tmp_path / "heads.csv").unlink()
    with pytest.raises(FileError, match=r"heads\.csv' cannot be read"):
        read_figures(pack, ["heads"])
    with pytest.raises(DataError, match="leaves the folder of its pack"):
        read_figures(pack_of(tmp_path, path="../heads.csv"), ["heads"])
