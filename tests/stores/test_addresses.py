"""A store is opened where somebody typed its address for the large layer or for what is written, and nowhere else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import lcrmap as package
from lcrmap.errors import LcrmapError
from lcrmap.io.stores import _account, place_of
from tests.conftest import Outcome
from tests.stores.conftest import KEY, SECRET, Bucket
from tests.stores.faulty import Faults

Run = Callable[..., Outcome]


@pytest.mark.parametrize(
    "words",
    [
        ("join", "boroughs", "STORE", "-o", "x.csv"),
        ("join", "STORE", "STORE", "-o", "x.csv"),
        ("count", "STORE", "--in", "STORE", "-o", "x.csv"),
        ("count", "wards", "STORE", "--in", "boroughs", "-o", "x.csv"),
        ("near", "STORE", "STORE", "-o", "x.csv"),
        ("near", "L3 5QA", "STORE", "-o", "x.csv"),
        ("show", "boroughs", "--scenario", "STORE", "-o", "x.csv"),
        ("catchment", "STORE", "--rings", "1km", "-o", "x.csv"),
        ("gaps", "STORE", "--beyond", "1km", "-o", "x.csv"),
        ("map", "STORE", "-o", "x.html"),
        ("map", "boroughs", "-o", "STORE"),
        ("report", "-o", "STORE"),
        ("layers", "STORE"),
        ("check", "STORE"),
        ("show", "boroughs", "--pack", "STORE", "-o", "x.csv"),
    ],
)
def test_an_address_anywhere_else_is_refused_and_not_opened(
    lcrmap: Run, stored: str, faults: Faults, words: tuple[str, ...]
) -> None:
    faults.seen.clear()
    asked = lcrmap(*(stored if each == "STORE" else each for each in words))
    assert asked.code in (2, 3, 4)
    assert len(asked.err.splitlines()) == 1, asked.err
    assert faults.seen == []
    assert not [each for each in Path().iterdir() if each.name != "uprn"]


RECIPE = """
title = "A report"
[[question]]
ask = "show"
layer = "STORE"
"""

SCENARIO = """
title = "More"
[[change]]
replace = "rail-stations"
with = "STORE"
reason = "r"
"""


def test_no_file_leads_to_a_store(lcrmap: Run, stored: str, faults: Faults) -> None:
    Path("recipe.toml").write_text(RECIPE.replace("STORE", stored))
    Path("more.toml").write_text(SCENARIO.replace("STORE", stored))
    faults.seen.clear()
    for words in (("report", "recipe.toml", "-o", "made"), ("scenarios", "more.toml")):
        asked = lcrmap(*words)
        assert asked.code in (2, 3), asked.err
        assert "s3://" in asked.err
    assert faults.seen == []


def test_python_opens_no_store(stored: str, faults: Faults) -> None:
    faults.seen.clear()
    with pytest.raises(LcrmapError, match="as typed on the command line"):
        package.join(stored, "boroughs")
    with pytest.raises(LcrmapError, match="as typed on the command line"):
        package.open_layer(stored)
    assert faults.seen == []


def test_verify_opens_no_store(lcrmap: Run, stored: str, faults: Faults) -> None:
    assert lcrmap("join", "rail-stations", "boroughs", "-o", "page.html").code == 0
    page = Path("page.html")
    text = page.read_text(encoding="utf-8")
    found = re.search(r'(<script type="application/json" id="made">)(.*?)(</script>)', text)
    assert found is not None
    record = json.loads(found[2])
    assert '"rail-stations"' in found[2]
    changed = json.dumps(record).replace('"rail-stations"', json.dumps(stored))
    page.write_text(text.replace(found[2], changed.replace("<", "\\u003c")), encoding="utf-8")
    faults.seen.clear()
    for more in ((), ("--inputs", stored)):
        assert lcrmap("verify", "page.html", *more).code in (1, 2, 3)
    assert faults.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "s3://user:pass@bucket/x/",
        "s3://key@bucket/x/",
        "gs://user:pass@bucket/x/",
        "abfs://container:pass@account.dfs.core.windows.net/x/",
        "abfs://container/x/?sv=2024&sig=abc",
        "s3://bucket/x/?X-Amz-Signature=abc",
        "s3://bucket/x/#secret",
    ],
)
def test_an_address_with_credentials_is_refused_and_not_said_again(
    lcrmap: Run, here: Path, address: str
) -> None:
    for words in (("show", address, "-o", "x.csv"), ("show", "boroughs", "-o", address)):
        asked = lcrmap(*words)
        assert (asked.code, "leave credentials to the environment" in asked.err) == (2, True)
        assert not any(each in asked.err for each in ("pass", "sig=", "Signature", "secret"))


def test_workers_read_and_write_a_store_and_credentials_are_nowhere(
    lcrmap: Run, bucket: Bucket, stored: str, here: Path
) -> None:
    words = ("join", stored, "boroughs", "--take", "name", "--rows-per-file", "200")
    alone = lcrmap(*words, "-o", "alone/")
    assert alone.code == 0, alone.err
    address = f"s3://{bucket.name}/made/"
    said, listed = _run_and_look(
        [*words, "-o", address, "--engine", "dask", "--workers", "2"], here
    )
    assert said == alone.err.replace("alone/", address)
    put = bucket.files("made")
    own = {each.name: each.read_bytes() for each in Path("alone").iterdir()}
    assert [put[each] for each in sorted(put)][1:] == [own[each] for each in sorted(own)][1:]
    assert listed > 2
    for data in (said.encode(), *put.values(), *own.values()):
        assert SECRET.encode() not in data
        assert KEY.encode() not in data


def _run_and_look(words: list[str], here: Path) -> tuple[str, int]:
    """Run lcrmap in a process of its own; return what it said, and how many command lines were looked at."""
    looked = set()
    with subprocess.Popen(
        [sys.executable, "-m", "lcrmap", *words],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            for each in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = each.read_bytes()
                except OSError:  # it ended
                    continue
                if b"lcrmap" in line or b"spawn_main" in line:
                    looked.add(line)
                assert SECRET.encode() not in line
                assert KEY.encode() not in line
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, ""), err
    return err, len(looked)


def test_an_address_of_azure_names_its_account_or_the_environment_does(
    lcrmap: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT", raising=False)
    asked = lcrmap("show", "abfs://container/x/", "-o", "x.csv")
    assert (asked.code, "set AZURE_STORAGE_ACCOUNT" in asked.err) == (2, True), asked.err
    place = place_of("abfs://container@account.dfs.core.windows.net/x/")
    assert _account(place.root) == "account"
    assert place._path("a.parquet") == "container/x/a.parquet"


def test_a_worker_that_may_not_write_is_one_sentence(
    lcrmap: Run, bucket: Bucket, stored: str, faults: Faults
) -> None:
    faults.chosen = lambda verb, path: verb in ("PUT", "POST")
    faults.status, faults.times = 403, 999
    words = ("join", stored, "boroughs", "-o", f"s3://{bucket.name}/made/")
    failed = lcrmap(*words, "--engine", "dask", "--workers", "2")
    assert (failed.code, "cannot be written: the store does not permit" in failed.err) == (4, True)
    assert len(failed.err.splitlines()) == 1
    assert bucket.files("made") == {}
