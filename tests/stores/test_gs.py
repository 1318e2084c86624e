"""What holds for S3 holds for Google's store, as far as its emulator goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.fs
import pytest

from lcrmap.io.manifest import MANIFEST
from tests.conftest import Outcome
from tests.stores.faulty import faulty

Run = Callable[..., Outcome]


@pytest.fixture
def system(gs: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", gs)
    made = pyarrow.fs.GcsFileSystem(anonymous=True)
    for path in folder.iterdir():
        with made.open_output_stream(f"bucket/uprn/{path.name}") as file:
            file.write(path.read_bytes())
    return made


def test_a_bucket_is_read_and_written_like_a_folder(lcrmap: Run, system: Any) -> None:
    for source, made in (("uprn/", "made/"), ("gs://bucket/uprn/", "gs://bucket/made/")):
        joined = lcrmap("join", source, "boroughs", "-o", made, "--rows-per-file", "250")
        assert joined.code == 0, joined.err
        shown = lcrmap("show", made, "-o", f"{made[:1]}.parquet")
        assert shown.code == 0, shown.err
    assert Path("m.parquet").read_bytes() == Path("g.parquet").read_bytes()
    listed = json.loads(system.open_input_file(f"bucket/made/{MANIFEST}").read())
    for part, own in zip(listed["files"], sorted(Path("made").glob("part-*")), strict=True):
        put = system.open_input_file(f"bucket/made/{part['name']}").read()
        assert put == own.read_bytes()
    again = lcrmap("show", "boroughs", "-o", "gs://bucket/made/")
    assert (again.code, "add --overwrite" in again.err) == (4, True), again.err
    assert lcrmap("show", "boroughs", "-o", "gs://bucket/made/", "--overwrite").code == 0
    left = system.get_file_info(pyarrow.fs.FileSelector("bucket/made", recursive=True))
    assert len([each for each in left if each.is_file]) == 2


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("gs://no-such-bucket/uprn/", r"There is no 'gs://no-such-bucket/uprn/'"),
        ("gs://bucket/none/", r"There is no 'gs://bucket/none/'"),
        ("gs://bucket/uprn/part-0.parquet", r"is a file: name the folder"),
    ],
)
def test_what_is_not_there_is_one_sentence(lcrmap: Run, system: Any, layer: str, said: str) -> None:
    asked = lcrmap("show", layer, "-o", "x.csv")
    assert (asked.code, re.search(said, asked.err) is not None) == (3, True), asked.err
    assert len(asked.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "may not be read"), (503, "failed again and again"), (307, "cannot be looked into")],
)
def test_a_store_that_fails_is_one_sentence_and_leads_nowhere(
    lcrmap: Run, gs: str, here: Path, monkeypatch: pytest.MonkeyPatch, status: int, said: str
) -> None:
    monkeypatch.setattr("lcrmap.io.stores._PATIENCE", 3)
    with faulty(gs) as faults, faulty(gs) as other:
        monkeypatch.setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", faults.url)
        faults.status, faults.times, faults.location = status, 9999, f"{other.url}/elsewhere"
        asked = lcrmap("show", "gs://bucket/uprn/", "-o", "x.csv")
        assert (asked.code, said in asked.err) == (3, True), asked.err
        assert len(asked.err.splitlines()) == 1
        assert other.seen == []
    assert not Path("x.csv").exists()
