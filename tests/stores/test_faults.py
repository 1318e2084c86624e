"""A store that is busy, slow, or breaks off is asked again, and never believed to have what it has not."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lcrmap.engines.dask import Cluster, opened
from lcrmap.io import stores
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Runner, Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.sources import Sources
from tests.conftest import Outcome
from tests.stores.conftest import KEY, SECRET, Bucket
from tests.stores.faulty import Faults, faulty

Run = Callable[..., Outcome]


def reads(verb: str, path: str) -> bool:
    return verb in ("GET", "HEAD")


def bodies(verb: str, path: str) -> bool:
    return verb == "GET"


def writes(verb: str, path: str) -> bool:
    return verb in ("PUT", "POST")


def files(verb: str, path: str) -> bool:
    return verb == "GET" and "part-1" in path


def puts(verb: str, path: str) -> bool:
    return verb == "PUT"


def set_up(faults: Faults, fault: dict[str, Any], *, times: int) -> None:
    for name, value in {**fault, "times": times}.items():
        setattr(faults, name, value)


def passing(reading: bool) -> Any:
    """Ask with a store that fails in each way in which one recovers."""
    whole, halved = (reads, bodies) if reading else (writes, puts)
    return pytest.mark.parametrize(
        "fault",
        [
            pytest.param({"chosen": whole, "status": 503}, id="503"),
            pytest.param({"chosen": whole, "status": 429}, id="429"),
            pytest.param({"chosen": halved, "half": True}, id="half a body"),
        ],
    )


@passing(reading=True)
def test_a_store_that_recovers_is_read_whole(
    lcrmap: Run, stored: str, faults: Faults, fault: dict[str, Any]
) -> None:
    assert lcrmap("show", "uprn/", "-o", "here.csv").code == 0
    set_up(faults, fault, times=2)
    made = lcrmap("show", stored, "-o", "there.csv")
    assert made.code == 0, made.err
    assert faults.times == 0
    assert Path("there.csv").read_bytes() == Path("here.csv").read_bytes()


def test_a_store_that_says_nothing_is_asked_again(
    lcrmap: Run, stored: str, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_SILENCE", 1)
    stores._s3.cache_clear()
    faults.seconds, faults.times = 4, 1
    made = lcrmap("show", stored, "-o", "x.csv")
    stores._s3.cache_clear()
    assert made.code == 0, made.err
    assert len(faults.seen) > 1


@pytest.mark.parametrize(
    "fault",
    [{"chosen": reads, "status": 503}, {"chosen": files, "half": True}],
    ids=["503", "half a file"],
)
def test_a_store_that_goes_on_failing_is_one_sentence_and_no_file(
    lcrmap: Run, stored: str, faults: Faults, fault: dict[str, Any]
) -> None:
    set_up(faults, fault, times=99)
    failed = lcrmap("show", stored, "-o", "x.csv")
    assert (failed.code, "failed 5 times" in failed.err) == (3, True), failed.err
    assert len(failed.err.splitlines()) == 1
    assert 99 - faults.times == 5
    assert not Path("x.csv").exists()


@passing(reading=False)
def test_a_store_that_recovers_gets_whole_files(
    lcrmap: Run, bucket: Bucket, here: Path, faults: Faults, fault: dict[str, Any]
) -> None:
    assert lcrmap("show", "wards", "-o", "made/").code == 0
    set_up(faults, fault, times=2)
    made = lcrmap("show", "wards", "-o", f"s3://{bucket.name}/made/")
    assert made.code == 0, made.err
    assert faults.times == 0
    put = bucket.files("made")
    assert sorted(map(len, put.values()))[-1] == Path("made/part-00000.parquet").stat().st_size
    assert Path("made/part-00000.parquet").read_bytes() in put.values()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"chosen": writes, "status": 503}, "failed 5 times"),
        ({"chosen": puts, "half": True}, "is not what was sent to it, 5 times"),
    ],
    ids=["503", "half a body"],
)
def test_a_store_that_takes_no_files_is_one_sentence_and_nothing_is_there(
    lcrmap: Run,
    bucket: Bucket,
    here: Path,
    faults: Faults,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any],
    said: str,
) -> None:
    monkeypatch.setattr(stores, "_PAUSES", (0.1, 0.2, 0.3, 0.4))
    set_up(faults, fault, times=99)
    failed = lcrmap("show", "boroughs", "-o", f"s3://{bucket.name}/made/")
    assert (failed.code, said in failed.err) == (4, True), failed.err
    assert len(failed.err.splitlines()) == 1
    assert bucket.files("made") == {}


@pytest.mark.parametrize(
    ("verb", "status"), [("GET", 301), ("GET", 307), ("HEAD", 302), ("PUT", 307)]
)
def test_no_answer_leads_to_another_host(
    lcrmap: Run, bucket: Bucket, stored: str, server: str, faults: Faults, verb: str, status: int
) -> None:
    words = ("show", "boroughs", "-o", f"s3://{bucket.name}/made/")
    if verb != "PUT":
        words = ("show", stored, "-o", "x.csv")
    with faulty(server) as other:
        faults.chosen = lambda asked, path: asked == verb
        faults.status, faults.times, faults.location = status, 99, f"{other.url}/elsewhere"
        host = other.url.removeprefix("http://")
        faults.body = (
            f"<Error><Code>PermanentRedirect</Code><Endpoint>{host}</Endpoint></Error>".encode()
        )
        failed = lcrmap(*words)
        assert failed.code == (4 if verb == "PUT" else 3), failed.err
        assert f"another place, to which lcrmap does not go ({status})" in failed.err
        assert other.seen == []


@pytest.mark.parametrize("status", [503, 404])
@pytest.mark.parametrize("words", [("show",), ("count", "--in", "boroughs")])
def test_a_store_that_fails_in_the_middle_is_one_sentence_and_no_file(
    lcrmap: Run, stored: str, faults: Faults, words: tuple[str, ...], status: int
) -> None:
    asked = (words[0], stored, *words[1:], "-o")
    faults.seen.clear()
    assert lcrmap(*asked, "whole.csv").code == 0
    reads = len(faults.seen)
    faults.seen.clear()
    faults.chosen = lambda verb, path: len(faults.seen) > reads - 2
    faults.status, faults.times = status, 99
    failed = lcrmap(*asked, "x.csv")
    assert failed.code == 3, failed.err
    said = "the store failed 5 times (503)" if status == 503 else "it is there no longer"
    named = re.escape(f"{stored}part-") + "[012]"  # small files are asked for at a time
    assert re.search(
        rf"{named}.parquet' cannot be read in row group 1: {re.escape(said)}\.", failed.err
    )
    assert len(failed.err.splitlines()) == 1
    assert not Path("x.csv").exists()


def test_workers_ask_a_store_again_and_get_nothing_of_the_environment(
    bucket: Bucket,
    pack: Pack,
    stored: str,
    faults: Faults,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZQ_OF_THE_USER", "zq-of-the-user")
    question, sent = Join(left=stored, right="boroughs", how="inner"), []

    def written(runner: Runner, to: str) -> list[bytes]:
        def noting(task: Task[Any, Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
            sent.append(pickle.dumps((task, list(items))))
            return runner(task, items)

        sources = Sources(pack, runner=noting, addresses=frozenset({stored}))
        place = replace(place_of(to), run="0123456789abcdef" if "://" in to else "")
        _, made = answer_in_portions(question, sources, place, most=250, runner=noting)
        return [each.sha256.encode() for each in made.files]

    (tmp_path / "x").mkdir()
    whole = written(in_order, f"{tmp_path}/x/")
    with opened(Cluster(workers=2, patience=60)) as runner:
        wrongs = [(reads, 503, False, 0), (writes, 503, False, 0), (reads, 429, False, 0)]
        wrongs += [(bodies, 200, True, 0), (puts, 200, True, 0), (reads, 200, False, 1)]
        for number, (chosen, status, half, seconds) in enumerate(wrongs):
            faults.chosen, faults.status, faults.half = chosen, status, half
            faults.seconds, faults.times = seconds, 2
            assert written(runner, f"s3://{bucket.name}/made{number}/") == whole
            assert faults.times == 0
    assert len(sent) > 6
    for data in sent:
        assert not [each for each in (SECRET, KEY, "zq-of-the-user") if each.encode() in data]
