"""Workers of Dask give what this process gives: every file to the byte, and every word."""

from __future__ import annotations

import contextlib
import filecmp
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import trustme
from distributed import Client, Future, get_worker

from lcrmap.engines.dask import Cluster, Dask, opened
from lcrmap.errors import DataError, MachinesLostError, OutputError
from lcrmap.io.parts import Split
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Runner, Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.question import Rows
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import Piece, answer_in_parts
from tests.engines.conftest import Divide


@pytest.fixture(scope="module")
def workers() -> Iterator[Dask]:
    with opened(Cluster(workers=2, patience=30)) as runner:
        yield runner


@pytest.fixture(scope="module")
def folder(
    places: gpd.GeoDataFrame, divide: Divide, tmp_path_factory: pytest.TempPathFactory
) -> str:
    made = divide(places, (100, 300, 1, 0, 99, 650), tmp_path_factory.mktemp("sets") / "places")
    return f"{made}/"


def asked(folder: str) -> dict[str, Rows]:
    return {
        "join": Join(left=folder, right="boroughs", take=("name", "code")),
        "join inside": Join(left=folder, right="boroughs", how="inner"),
        "join to all": Join(left=folder, right="wards", border="all", snap="2km"),
        "near": Near(start=folder, targets="rail-stations", within="800m"),
        "near several": Near(start=folder, targets=("rail-stations", "freeport-sites"), k=2),
        "show": Show(layer=folder),
        "show some": Show(layer=folder, where="jobs > 900"),
    }


def shuffled(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
    for number in sorted(range(len(items)), key=lambda n: (n * 7919) % 31):
        yield number, task.do(items[number], task.read(items[number]))


def written(
    question: Rows, pack: Pack, runner: Runner, to: Path
) -> tuple[list[tuple[str, bytes]], Any]:
    to.mkdir()
    made, manifest = answer_in_portions(
        question, Sources(pack, runner=runner), place_of(f"{to}/"), most=300, runner=runner
    )
    files = [(each.name, (to / each.name).read_bytes()) for each in manifest.files]
    return files, (made.finding, made.sentences, made.notes, manifest)


@pytest.mark.parametrize("ask", list(asked("")))
def test_workers_write_the_same_files_and_say_the_same(
    workers: Dask, pack: Pack, folder: str, ask: str, tmp_path: Path
) -> None:
    question = asked(folder)[ask]
    one, said = written(question, pack, in_order, tmp_path / "one")
    assert len(one) > 2
    for name, runner in (("dask", workers), ("shuffled", shuffled)):
        other, also_said = written(question, pack, runner, tmp_path / name)
        assert other == one, name
        assert also_said == said, name
        assert filecmp.dircmp(tmp_path / "one", tmp_path / name).right_only == []


@pytest.mark.parametrize(
    "words",
    [{}, {"by": "sector", "sum": "jobs"}, {"median": "share"}, {"mean": "share", "by": "open"}],
    ids=str,
)
def test_workers_count_the_same(workers: Dask, pack: Pack, folder: str, words: Any) -> None:
    question = Count(layers=folder, areas="boroughs", **words)
    one = answer_in_parts(question, Sources(pack))
    other = answer_in_parts(question, Sources(pack, runner=workers), runner=workers)
    assert other.layer.frame.equals(one.layer.frame)
    assert (other.finding, other.sentences, other.notes) == (one.finding, one.sentences, one.notes)


@pytest.mark.parametrize("by", [None, "sector"])
def test_workers_narrow_medians_down_to_the_same(
    workers: Dask, pack: Pack, folder: str, by: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Count(layers=folder, areas="boroughs", median="share", by=by)
    one = answer_in_parts(question, Sources(pack))
    monkeypatch.setattr("lcrmap.analysis.medians.ROOM", 120)
    other = answer_in_parts(question, Sources(pack, runner=workers), runner=workers)
    assert other.layer.frame.equals(one.layer.frame)
    assert (other.finding, other.sentences, other.notes) == (one.finding, one.sentences, one.notes)


class Slow(Task[Any, Any]):
    """Takes a while; an item that is named ends its worker."""

    def __init__(self, fatal: Any = None) -> None:
        self.fatal = fatal

    def do(self, item: Any, read: Any) -> Any:
        if item == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.05)
        return item


class Broken(Task[int, int]):
    """Fails for one item as a broken file does."""

    def __init__(self, broken: int = 3) -> None:
        self.broken = broken

    def do(self, item: int, read: Any) -> int:
        if item == self.broken:
            raise DataError(f"part-{item:03}.parquet is broken.")
        return item


class Jobs(Task[float, str]):
    """Takes so many seconds, and tells in which job."""

    def do(self, item: float, read: Any) -> str:
        time.sleep(item)
        return str(get_worker().get_current_task())


class Unwritable(Task[int, int]):
    """Finds the disk full for one item, the first time."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def do(self, item: int, read: Any) -> int:
        if item == 150 and not self.mark.exists():
            self.mark.touch()
            raise OutputError("The disk is full.")
        return item


def test_items_that_take_little_are_sent_many_at_a_time_and_others_alone(workers: Dask) -> None:
    quick = Counter(jobs_of(workers, [0.002] * 400))
    assert max(quick.values()) == 16
    assert len(quick) < 60
    slow = Counter(jobs_of(workers, [0.2] * 20))
    assert max(slow.values()) == 1


def jobs_of(workers: Dask, seconds: list[float]) -> list[str]:
    return [job for _, job in workers(Jobs(), seconds)]


def test_what_fails_in_a_job_leaves_its_other_items_as_they_are(
    workers: Dask, tmp_path: Path
) -> None:
    assert sorted(workers(Unwritable(tmp_path / "mark"), range(200))) == [
        (number, number) for number in range(200)
    ]
    done = []
    with pytest.raises(DataError, match="part-150"):
        for number, _ in workers(Broken(150), range(200)):
            done.append(number)
    assert sorted(done) == [number for number in range(200) if number != 150]


class Environment(Task[str, str | None]):
    """Tells what a variable is in a worker."""

    def do(self, item: str, read: Any) -> str | None:
        return os.environ.get(item)


def test_workers_keep_the_memory_that_columns_gave_back(workers: Dask) -> None:
    names = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "OMP_NUM_THREADS"]
    assert dict(workers(Environment(), names)) == {0: "268435456", 1: "268435456", 2: "1"}


def test_a_worker_that_is_killed_costs_time_and_no_result() -> None:
    with opened(Cluster(workers=2, patience=30)) as runner:
        pids = list(runner._client.run(os.getpid).values())
        killer = threading.Timer(0.4, os.kill, (pids[0], signal.SIGKILL))
        killer.start()
        assert sorted(runner(Slow(), range(60))) == [(n, n) for n in range(60)]
        killer.join()


def test_what_was_cancelled_is_no_result_and_is_done_again(workers: Dask) -> None:
    client, done = workers._client, []
    for result in workers(Slow(), range(40)):
        done.append(result)
        if len(done) == 3:
            client.cancel([Future(key, client) for key in list(client.futures)])
    assert sorted(done) == [(n, n) for n in range(40)]


def test_a_split_that_ends_each_worker_is_named_when_the_others_are_finished() -> None:
    file = Path("uprn", "part-003.parquet")
    pieces = [Piece(0, Split(file, number, number + 1)) for number in range(12)]
    done = []
    with (
        opened(Cluster(workers=2, patience=30)) as runner,
        pytest.raises(DataError, match=r"'uprn/part-003\.parquet', row group 6, ended 3 w"),
    ):
        for number, _ in runner(Slow(fatal=pieces[5]), pieces):
            done.append(number)
    assert sorted(done) == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]


def test_a_broken_file_is_told_of_when_the_others_are_finished(workers: Dask) -> None:
    done = []
    with pytest.raises(DataError, match="part-003"):
        for number, _ in workers(Broken(), range(6)):
            done.append(number)
    assert sorted(done) == [0, 1, 2, 4, 5]


@contextlib.contextmanager
def outside(
    *, workers: int, protocol: str = "tcp", options: Sequence[str] = ()
) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers that are none of ours, without anybody who starts them anew."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"{protocol}://127.0.0.1:{port}"
    begun = [sys.executable, "-m"]
    scheduler = [*begun, "distributed.cli.dask_scheduler", "--no-dashboard", *options]
    scheduler += ["--host", address, "--port", str(port)]
    worker = [*begun, "distributed.cli.dask_worker", address, "--no-dashboard", *options]
    worker += ["--no-nanny", "--nthreads", "1"]
    with contextlib.ExitStack() as stack:
        started = []
        for words in (scheduler, *[worker] * workers):
            process = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
        yield address, started[0], started[1:]


@pytest.mark.parametrize("who", ["the workers", "the scheduler"])
def test_machines_that_are_gone_for_good_end_the_run_with_one_sentence(who: str) -> None:
    with outside(workers=2) as (address, scheduler, workers):
        gone = workers if who == "the workers" else [scheduler]

        def kill() -> None:
            for each in gone:
                each.kill()

        with (
            opened(Cluster(scheduler=address, patience=20)) as runner,
            pytest.raises(MachinesLostError, match=r"went away.*--resume"),
        ):
            runner._patience = 3
            for number, _ in runner(Slow(), range(1000)):
                if number == 5:
                    kill()


def test_machines_are_waited_for_from_when_they_are_missed(
    workers: Dask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lcrmap.engines import dask

    there, looked = dask._workers_of, []

    def none_at_first(client: Client) -> list[str]:
        looked.append(True)
        return [] if len(looked) <= 2 else there(client)

    monkeypatch.setattr(dask, "_workers_of", none_at_first)
    monkeypatch.setattr(workers, "_patience", 3.0)
    assert workers(Slow(), range(1)).send(None) == (0, 0)
    time.sleep(3.5)  # as where the rows of a task are put together before the next
    assert sorted(workers(Slow(), range(80))) == [(number, number) for number in range(80)]
    assert len(looked) > 2


def test_a_scheduler_with_certificates_is_spoken_to_with_ours(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    own = authority.issue_cert("127.0.0.1")
    own.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    own.private_key_pem.write_to_path(tmp_path / "key.pem")
    stranger = trustme.CA().issue_cert("127.0.0.1")
    stranger.cert_chain_pems[0].write_to_path(tmp_path / "other-cert.pem")
    stranger.private_key_pem.write_to_path(tmp_path / "other-key.pem")

    def cluster(address: str, whose: str = "") -> Cluster:
        return Cluster(
            scheduler=address,
            tls_ca=tmp_path / "ca.pem",
            tls_cert=tmp_path / f"{whose}cert.pem",
            tls_key=tmp_path / f"{whose}key.pem",
            patience=20 if not whose else 3,
        )

    options = ["--tls-ca-file", f"{tmp_path}/ca.pem", "--tls-cert", f"{tmp_path}/cert.pem"]
    options += ["--tls-key", f"{tmp_path}/key.pem"]
    with outside(workers=1, protocol="tls", options=options) as (address, _, _):
        with opened(cluster(address)) as runner:
            assert sorted(runner(Slow(), range(3))) == [(0, 0), (1, 1), (2, 2)]
        with pytest.raises(MachinesLostError), opened(cluster(address, "other-")):
            pass


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_driver_that_is_ended_takes_its_workers_with_it_and_can_be_resumed(
    places: gpd.GeoDataFrame, divide: Divide, tmp_path: Path, sent: signal.Signals
) -> None:
    divide(gpd.GeoDataFrame(pd.concat([places] * 12)), (3_000,) * 5, tmp_path / "places")
    words = [sys.executable, "-m", "lcrmap", "near", "places/", "rail-stations", "-k", "3"]
    words += ["--rows-per-file", "1500", "-o", "made/"]
    dask = ["--engine", "dask", "--workers", "2"]
    left = ".made.*.lcrmap-part/*.tally"
    with subprocess.Popen(
        [*words, *dask], cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert until(lambda: len(list(tmp_path.glob(left))) >= 2, seconds=120)
        workers = descendants(process.pid)
        assert workers
        if sent == signal.SIGINT:
            os.killpg(process.pid, sent)  # as a terminal does
        else:
            process.send_signal(sent)
        _, said = process.communicate(timeout=60)
    assert process.returncode == (-sent if sent == signal.SIGKILL else 128 + sent)
    # Else Python itself may say something.
    assert sent == signal.SIGKILL or len(said.splitlines()) == 1, said
    assert not (tmp_path / "made").exists()
    assert until(lambda: not any(map(is_alive, workers)), seconds=10)
    assert len(list(tmp_path.glob(left))) >= 2
    subprocess.run([*words, "--resume"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([*words[:-1], "again/"], cwd=tmp_path, check=True, capture_output=True)
    made = {each.name: each.read_bytes() for each in (tmp_path / "made").iterdir()}
    assert made == {each.name: each.read_bytes() for each in (tmp_path / "again").iterdir()}


def until(true: Callable[[], Any], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_alive(pid: int) -> bool:
    """Tell whether a process runs: one that nobody waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> set[int]:
    found, left = set(), [pid]
    while left:
        one = left.pop()
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                children = map(int, (thread / "children").read_text().split())
                left += [each for each in children if each not in found]
                found.update(left)
    return found


def test_a_scheduler_that_nobody_answers_for_is_an_error_of_the_machines() -> None:
    with (
        pytest.raises(MachinesLostError, match="cannot be reached"),
        opened(Cluster(scheduler="tcp://127.0.0.1:9", patience=1)),
    ):
        pass


def test_own_workers_listen_on_loopback_alone(workers: Dask) -> None:
    addresses = [
        *workers._client.scheduler_info(n_workers=-1)["workers"],
        workers._client.scheduler.address,
    ]
    assert all(each.startswith("tcp://127.0.0.1:") for each in addresses)
    ours = {os.getpid(), *workers._client.run(os.getpid).values()}
    assert listening(ours) <= {"0100007F"}


def listening(pids: set[int]) -> set[str]:
    """Return the addresses on which processes accept connections, as /proc writes them."""
    inodes = set()
    for pid in pids:
        for each in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(each.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and parts[9] in inodes:
                found.add(parts[1].split(":")[0])
    assert found
    return found
