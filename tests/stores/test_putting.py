"""A data set in an object store is whole, or as it was before."""

from __future__ import annotations

import itertools
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.points import write_points
from lcrmap.io import datasets
from lcrmap.io.manifest import MANIFEST
from tests.conftest import Outcome
from tests.stores.conftest import KEY, SECRET, Bucket
from tests.stores.faulty import Faults

Run = Callable[..., Outcome]

PART = re.compile(r"part-\d{6}-\d{4}-[0-9a-f]{16}\.parquet")


@pytest.fixture
def large(bucket: Bucket, here: Path) -> str:
    """Put points into the bucket, of which each file is a split of its own; return their address."""
    write_points(9_000, here / "points", files=3)
    assert min(each.stat().st_size for each in Path("points").iterdir()) > datasets._SMALL
    return bucket.put(here / "points", "uprn")


def parts(files: dict[str, bytes]) -> list[bytes]:
    return [data for name, data in sorted(files.items()) if name != MANIFEST]


@pytest.mark.parametrize(
    "words",
    [
        ("join", "uprn/", "boroughs", "--take", "name,code"),
        ("count", "uprn/", "--in", "boroughs"),
        ("near", "uprn/", "rail-stations", "--within", "800m"),
        ("show", "boroughs"),
    ],
)
def test_files_in_a_bucket_are_those_of_a_folder(
    lcrmap: Run, bucket: Bucket, folder: Path, words: tuple[str, ...]
) -> None:
    address = f"s3://{bucket.name}/made/"
    here = lcrmap(*words, "-o", "made/", "--rows-per-file", "250")
    there = lcrmap(*words, "-o", address, "--rows-per-file", "250")
    assert here.code == there.code == 0, there.err
    assert there.err == here.err.replace("made/", address)
    put = bucket.files("made")
    listed = json.loads(put[MANIFEST])
    names = [each["name"] for each in listed["files"]]
    assert sorted(put) == sorted([MANIFEST, *names])
    assert all(PART.fullmatch(each) for each in names)
    own = {each.name: each.read_bytes() for each in Path("made").iterdir()}
    assert parts(put) == parts(own)
    assert [dict(each, name="") for each in listed["files"]] == [
        dict(each, name="") for each in json.loads(own[MANIFEST])["files"]
    ]


def test_a_written_bucket_is_read_as_the_folder_is(
    lcrmap: Run, bucket: Bucket, stored: str
) -> None:
    for source, made in (("uprn/", "made/"), (stored, f"s3://{bucket.name}/x/made/")):
        assert lcrmap("join", source, "boroughs", "-o", made, "--rows-per-file", "100").code == 0
        one = lcrmap("show", made, "-o", f"{made[:1]}.parquet", "-o", f"{made[:1]}.csv")
        assert one.code == 0, one.err
    assert Path("m.parquet").read_bytes() == Path("s.parquet").read_bytes()
    assert Path("m.csv").read_bytes() == Path("s.csv").read_bytes()


def test_a_data_set_there_is_replaced_only_if_somebody_says_so(
    lcrmap: Run, bucket: Bucket, here: Path
) -> None:
    address = f"s3://{bucket.name}/output/"
    assert lcrmap("show", "boroughs", "-o", address).code == 0
    old = bucket.files("output")
    refused = lcrmap("show", "wards", "-o", address)
    assert (refused.code, "add --overwrite" in refused.err) == (4, True)
    assert bucket.files("output") == old
    assert lcrmap("show", "wards", "-o", address, "--overwrite").code == 0
    new = bucket.files("output")
    assert set(new) & set(old) == {MANIFEST}
    assert len(new) == 2


@pytest.mark.parametrize(
    "chosen",
    [
        lambda verb, path: verb in ("PUT", "POST") and "part-" in path,
        lambda verb, path: verb in ("PUT", "POST") and MANIFEST in path,
    ],
    ids=["a part", "the list"],
)
def test_what_was_there_stays_valid_where_a_run_fails(
    lcrmap: Run, bucket: Bucket, here: Path, faults: Faults, chosen: Callable[[str, str], bool]
) -> None:
    address = f"s3://{bucket.name}/made/"
    assert lcrmap("show", "boroughs", "-o", address).code == 0
    old = bucket.files("made")
    faults.chosen, faults.status, faults.times = chosen, 403, 99
    failed = lcrmap("show", "wards", "-o", address, "--overwrite")
    assert (failed.code, "does not permit it" in failed.err) == (4, True), failed.err
    assert len(failed.err.splitlines()) == 1
    assert bucket.files("made") == old


def test_parts_of_a_run_that_broke_off_are_removed_by_the_next(
    lcrmap: Run, bucket: Bucket, here: Path
) -> None:
    address = f"s3://{bucket.name}/made/"
    bucket.write("made/part-000000-0000-0123456789abcdef.parquet", b"PAR1")
    refused = lcrmap("show", "boroughs", "-o", address)
    assert (refused.code, "parts of a run that did not finish: add" in refused.err) == (4, True)
    assert lcrmap("show", "boroughs", "-o", address, "--overwrite").code == 0
    assert len(bucket.files("made")) == 2


def test_what_lcrmap_did_not_write_is_never_replaced(
    lcrmap: Run, bucket: Bucket, stored: str
) -> None:
    before = bucket.files("uprn")
    foreign = lcrmap("show", "boroughs", "-o", stored, "--overwrite")
    assert (foreign.code, "'part-0.parquet', not written by lcrmap" in foreign.err) == (4, True)
    for target in (stored, f"{stored}inner/"):
        refused = lcrmap("show", stored, "-o", target, "--overwrite")
        assert (refused.code, "what is read" in refused.err) == (4, True), refused.err
    file = lcrmap("show", "boroughs", "-o", f"{stored}part-0.parquet")
    assert (file.code, "is a file" in file.err) == (4, True), file.err
    assert bucket.files("uprn") == before


def test_a_bucket_that_is_not_there_is_told_of_before_any_work(lcrmap: Run, stored: str) -> None:
    refused = lcrmap("show", "boroughs", "-o", "s3://no-such-bucket-at-all/made/")
    assert (refused.code, "there is no such bucket" in refused.err) == (4, True), refused.err
    assert len(refused.err.splitlines()) == 1


def test_a_store_that_closes_while_it_is_written_is_told_of_once(
    lcrmap: Run, bucket: Bucket, here: Path, faults: Faults
) -> None:
    faults.chosen = lambda verb, path: any(each.verb == "PUT" for each in faults.seen)
    faults.status, faults.times = 403, 99
    failed = lcrmap("show", "boroughs", "-o", f"s3://{bucket.name}/made/")
    assert (failed.code, "cannot be written: the store does not permit" in failed.err) == (4, True)
    assert len(failed.err.splitlines()) == 1


def tallies(bucket: Bucket) -> list[str]:
    return [each for each in bucket.files("made") if each.endswith(".tally")]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_a_signal_ends_is_gone_on_with(
    lcrmap: Run, bucket: Bucket, large: str, faults: Faults, sent: signal.Signals
) -> None:
    address = f"s3://{bucket.name}/made/"
    assert lcrmap("show", "boroughs", "-o", address).code == 0
    old = bucket.files("made")
    words = ["join", large, "boroughs", "--rows-per-file", "1000", "--unmatched"]
    begun = [*words, "u.csv", "-o", address, "--overwrite"]
    with subprocess.Popen([sys.executable, "-m", "lcrmap", *begun], stderr=subprocess.PIPE) as run:
        while not tallies(bucket):
            assert run.poll() is None
            time.sleep(0.05)
        run.send_signal(sent)
        _, said = run.communicate(timeout=60)
    assert run.returncode == (-sent if sent == signal.SIGKILL else 128 + sent)
    assert len(said.splitlines()) == (sent != signal.SIGKILL)
    left = bucket.files("made")
    assert {name: left[name] for name in old} == old
    done = [each for each in left if each not in old and each.startswith("part-")]
    assert done
    faults.seen.clear()
    resumed = lcrmap(*begun, "--resume")
    assert resumed.code == 0, resumed.err
    again = [each.path for each in faults.seen if each.verb in ("PUT", "POST")]
    finished = [each.removeprefix("_").partition("-")[0] for each in left if each.endswith("y")]
    assert not [each for each in again for number in finished if f"part-{number}-" in each]
    assert lcrmap(*words, "v.csv", "-o", "here/").code == 0
    put = bucket.files("made")
    assert parts(put) == [each.read_bytes() for each in sorted(Path("here").glob("part-*"))]
    assert sorted(put) == sorted(
        [MANIFEST, *(each["name"] for each in json.loads(put[MANIFEST])["files"])]
    )
    assert Path("u.csv").read_bytes() == Path("v.csv").read_bytes()


def broken_off(lcrmap: Run, bucket: Bucket, large: str, faults: Faults) -> tuple[str, ...]:
    """Let a run finish one portion and fail at the next; return its words."""
    words = ("join", large, "boroughs", "--rows-per-file", "3000")
    words = (*words, "-o", f"s3://{bucket.name}/made/")
    faults.chosen = lambda verb, path: verb in ("PUT", "POST") and "part-000001" in path
    faults.status, faults.times = 403, 99
    failed = lcrmap(*words)
    assert failed.code == 4, failed.err
    assert len(tallies(bucket)) == 1
    faults.times = 0
    return words


def test_a_run_to_a_store_that_broke_off_is_refused_gone_on_with_or_begun_anew(
    lcrmap: Run, bucket: Bucket, large: str, faults: Faults
) -> None:
    words = broken_off(lcrmap, bucket, large, faults)
    before = bucket.files("made")
    assert [each for each in before if each.startswith("_plan-")]
    assert not [each for each in before.values() if SECRET.encode() in each or KEY.encode() in each]
    refused = lcrmap(*words)
    assert (refused.code, "or --resume to go on" in refused.err) == (4, True), refused.err
    read = lcrmap("show", words[-1], "-o", "x.csv")
    assert (read.code, "is not finished" in read.err) == (3, True), read.err
    other = lcrmap(*words, "--take", "name", "--resume")
    assert (other.code, "differs from this one in what is asked" in other.err) == (2, True)
    assert bucket.files("made") == before
    anew = lcrmap(*words, "--take", "name", "--overwrite")
    assert anew.code == 0, anew.err
    assert not set(bucket.files("made")) & set(before)
    nothing = lcrmap(*words, "--resume", "--overwrite")
    assert (
        nothing.code,
        "broke off with a part of it finished, or it is still going on" in nothing.err,
    ) == (2, True)


def test_a_part_in_a_store_that_is_not_sound_is_made_again(
    lcrmap: Run, bucket: Bucket, large: str, faults: Faults
) -> None:
    words = broken_off(lcrmap, bucket, large, faults)
    (name,) = (each for each in bucket.files("made") if each.startswith("part-"))
    data = bucket.files("made")[name]
    bucket.write(f"made/{name}", data[:-1] + b"x")
    assert lcrmap(*words, "--resume").code == 0
    assert bucket.files("made")[name] == data


def test_a_second_file_is_not_there_where_the_list_does_not_arrive(
    lcrmap: Run, bucket: Bucket, large: str, faults: Faults
) -> None:
    words = ("join", large, "boroughs", "--unmatched", "u.csv")
    words = (*words, "-o", f"s3://{bucket.name}/made/")
    faults.chosen = lambda verb, path: verb in ("PUT", "POST") and MANIFEST in path
    faults.status, faults.times = 403, 99
    assert lcrmap(*words).code == 4
    assert not Path("u.csv").exists()
    assert not Path("u.csv-metadata.json").exists()
    assert MANIFEST not in bucket.files("made")
    faults.times = 0
    assert lcrmap(*words, "--resume").code == 0
    assert Path("u.csv").exists()


def test_a_count_into_a_store_that_broke_off_is_gone_on_with(
    lcrmap: Run, bucket: Bucket, large: str, faults: Faults
) -> None:
    words = ("count", large, "--in", "boroughs", "--by", "class", "-o")
    assert lcrmap(*words, "here/").code == 0
    faults.seen.clear()
    assert lcrmap(*words, "x.csv").code == 0
    read = sum(each.verb == "GET" and "/uprn/" in each.path for each in faults.seen)
    asked = itertools.count(1)

    def late(verb: str, path: str) -> bool:
        """Choose the last of what is read, whatever is asked of the place that is written to."""
        return verb == "GET" and "/uprn/" in path and next(asked) >= read

    address = f"s3://{bucket.name}/made/"
    faults.chosen, faults.status, faults.times = late, 403, 99
    failed = lcrmap(*words, address)
    assert failed.code == 3, failed.err
    assert tallies(bucket)
    faults.times = 0
    resumed = lcrmap(*words, address, "--resume")
    assert resumed.code == 0, resumed.err
    put = bucket.files("made")
    assert parts(put) == [each.read_bytes() for each in sorted(Path("here").glob("part-*"))]
    assert len(put) == 2
