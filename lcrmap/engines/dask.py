"""The runner on many machines, or on several processes of this one: Dask distributed.

Nothing else of lcrmap knows of Dask. What a task needs is sent once to each worker, also to one that comes later, and
set up there once; items are sent with the name of their task alone, some at a time where each takes little.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import pickle
import platform
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

import dask
from distributed import Client, LocalCluster, Security, get_worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.scheduler import KilledWorker

from lcrmap.engines.awaited import named
from lcrmap.errors import (
    DataError,
    LcrmapError,
    MachinesLostError,
    OutputError,
    UsageError,
)
from lcrmap.io.siblings import temporary_folder
from lcrmap.io.tasks import Task
from lcrmap.io.versions import versions_here

__all__ = ["Cluster", "Dask", "opened"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD: Final = 8  # jobs that a worker has before it, so that none waits for the next
_JOB_SECONDS: Final = 0.25  # that items of one job take: to send it and its answer takes 0.01
_MOST_A_JOB: Final = 16  # items, as the next may take longer than those that are done
_TRIES: Final = 3  # workers that an item may end before it is given up
_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)  # seconds before what could not be written is tried again
_GLANCE: Final = 1.0  # seconds between two looks whether the machines are there
_DEAF: Final = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"
"""What each worker of ours runs first: Ctrl-C reaches all processes of a terminal, and the one that asked ends them."""

_CONFIG: Final = {
    "distributed.scheduler.allowed-failures": _TRIES - 1,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.admin.tick.limit": "1h",
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # By itself Dask lets glibc give memory back at once. To have that of each column anew takes a quarter of the time.
    "distributed.nanny.pre-spawn-environ": {
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), 1),
        **dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), 1 << 28),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where the work is done.

    Attributes
    ----------
    workers
        How many processes of this machine; None where `scheduler` says another place.
    scheduler
        The address of a running scheduler.
    tls_ca, tls_cert, tls_key
        The certificates with which it is spoken to.
    memory
        How many bytes a worker may take; None for its share of the machine.
    patience
        For how many seconds to wait for machines that are gone.
    """

    workers: int | None = None
    scheduler: str = ""
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    memory: int | None = None
    patience: float = 60.0


@contextmanager
def opened(cluster: Cluster) -> Iterator[Dask]:
    """Start or reach the workers, and let go of them when the block ends.

    Raises
    ------
    MachinesLostError
        If the scheduler cannot be reached.
    """
    with dask.config.set(_CONFIG), ExitStack() as stack:
        _silence()
        address: Any = cluster.scheduler
        security = None
        if not address:
            address = stack.enter_context(_own(cluster, stack.enter_context(temporary_folder())))
        elif cluster.tls_ca is not None:
            security = Security(
                require_encryption=True,
                tls_ca_file=str(cluster.tls_ca),
                tls_client_cert=str(cluster.tls_cert),
                tls_client_key=str(cluster.tls_key),
            )
        try:
            client = stack.enter_context(
                Client(address, security=security, timeout=cluster.patience, set_as_default=False)
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise MachinesLostError(
                f"The scheduler at {cluster.scheduler} cannot be reached: start it, or check its address and "
                f"certificates ({_first_line(error)})."
            ) from None
        yield Dask(client, cluster.patience)


def _silence() -> None:
    """Let Dask say nothing: each of its parts has a level of its own, and what goes wrong is told by an error."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextmanager
def _own(cluster: Cluster, folder: Path) -> Iterator[LocalCluster]:
    """Start workers of this machine, which nobody else can reach; they end with this process."""
    memory: Any = "auto" if cluster.memory is None else cluster.memory
    with LocalCluster(
        n_workers=cluster.workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        memory_limit=memory,
        local_directory=str(folder),
        silence_logs=logging.CRITICAL + 1,
        preload=[_DEAF],
    ) as own:
        yield own


class Dask:
    """Does the items of a task on workers; see `lcrmap.io.tasks.Runner`.

    Parameters
    ----------
    client
        Knows the scheduler.
    patience
        For how many seconds to wait for workers that are gone.
    """

    def __init__(self, client: Client, patience: float) -> None:
        self._client, self._patience = client, patience
        self._missing_since: float | None = None
        self._workers, self._counted_at = 0, -_GLANCE

    def __call__(
        self, task: Task[Item, Result], items: Sequence[Item]
    ) -> Iterator[tuple[int, Result]]:
        """Do the items in any order.

        An item whose worker ends is given to another, three times; then the others are finished, and it is told of.
        One that a worker cannot write is given to another too, five times, with growing pauses.

        Raises
        ------
        DataError
            If an item ends each worker that tries it, or its file is broken.
        OutputError
            If what comes of an item cannot be written.
        MachinesLostError
            If all workers, or the scheduler, are gone for too long.
        """
        doing = _Doing(self._client, self._sent(task), items)
        self._missing_since = None
        try:
            self._glance()
            while doing.goes_on(_AHEAD * max(1, self._workers)):
                for future in self._ended(doing):
                    yield from self._results(future, doing)
        finally:
            if self._alive():
                doing.cancel()
        if doing.failed:
            raise doing.failed[0]

    def _sent(self, task: Task[Any, Any]) -> str:
        """Send a task to all workers, those to come too, and return its name."""
        data = pickle.dumps((versions_here(), task))
        name = hashlib.sha256(data).hexdigest()
        plugin, begun = _SetUp(name, data), time.monotonic()
        while True:
            try:
                self._client.register_plugin(plugin, name=f"lcrmap-{name}")
                return name
            except LcrmapError:
                raise
            except ModuleNotFoundError as error:
                raise UsageError(
                    f"A worker lacks '{error.name}': install the same lcrmap[scale] there as here."
                ) from None
            except (OSError, TimeoutError):  # a worker that ends just now
                if not self._alive() or time.monotonic() - begun > self._patience:
                    raise MachinesLostError(_lost("the scheduler", self._patience)) from None
                time.sleep(_GLANCE)

    def _results(self, future: Any, doing: _Doing) -> list[tuple[int, Any]]:
        """Return what came of the items of a job; nothing of those that must be done again, or failed."""
        job = doing.taken(future)
        if future.status in ("cancelled", "lost"):  # never a result, whatever it says
            doing.submit(job)
            return []
        try:
            return doing.outcomes(job, future.result(timeout=self._patience))
        except KilledWorker:
            doing.suspect(job)
        except LcrmapError:
            raise
        except (OSError, TimeoutError):
            if not self._alive():
                raise MachinesLostError(_lost("the scheduler", self._patience)) from None
            doing.submit(job)  # it was done, by a worker that is gone
        return []

    def _ended(self, doing: _Doing) -> list[Any]:
        """Return the items that have ended; wait until there is one, or another is due.

        Raises
        ------
        MachinesLostError
            If no machine was there for too long.
        """
        while True:
            ended = doing.ended(_GLANCE)
            self._glance()
            if ended or doing.is_due:
                return ended

    def _glance(self) -> None:
        """Look now and then whether the machines are there, and how many.

        Raises
        ------
        MachinesLostError
            If none was there for too long.
        """
        if not self._alive():
            raise MachinesLostError(_lost("the scheduler", self._patience))
        now = time.monotonic()
        if now - self._counted_at < _GLANCE:
            return
        self._workers, self._counted_at = len(_workers_of(self._client)), now
        if self._workers:
            self._missing_since = None
        elif self._missing_since is None:
            self._missing_since = now
        elif now - self._missing_since > self._patience:
            raise MachinesLostError(_lost("all workers", self._patience))

    def _alive(self) -> bool:
        return bool(self._client.status == "running")


_Job = tuple[int, ...]
"""The numbers of items that a worker does one after the other."""


class _Doing:
    """The items of a task: to come, under way, under suspicion, failed.

    A worker that ends takes others down with it: whatever it had before it comes under suspicion too. So suspects are
    done alone, when all others are finished.
    """

    def __init__(self, client: Client, name: str, items: Sequence[Any]) -> None:
        self._client, self._name, self._items = client, name, items
        self._left = iter(range(len(items)))
        self._under_way: dict[Any, _Job] = {}
        self._ended: SimpleQueue[Any] = SimpleQueue()
        self._suspects: list[int] = []
        self._alone: int | None = None
        self._tries: Counter[int] = Counter()
        self._later: list[tuple[float, int, str]] = []  # when, which item, and not on which worker
        self._done, self._seconds = 0, 0.0
        self.failed: list[LcrmapError] = []

    def ended(self, seconds: float) -> list[Any]:
        """Return what has ended, one at least; nothing if none does in so many seconds."""
        found = []
        try:
            found.append(self._ended.get(timeout=seconds))
            while True:
                found.append(self._ended.get_nowait())
        except Empty:
            return found

    def goes_on(self, most: int) -> bool:
        """Submit jobs until so many are under way; tell whether any is."""
        while len(self._under_way) < most and (job := tuple(islice(self._left, self._at_once))):
            self.submit(job)
        if self._later and not self._under_way:
            time.sleep(max(0.0, min(self._later)[0] - time.monotonic()))
        while self.is_due:
            _, number, where = self._later.pop(0)
            self.submit((number,), elsewhere_than=where)
        if not self._under_way and self._suspects:
            self._alone = self._suspects.pop(0)
            self.submit((self._alone,))
        return bool(self._under_way)

    @property
    def _at_once(self) -> int:
        """How many of the items to come make a job, as long as those took that are done."""
        if not self._done:
            return 1
        return max(1, min(_MOST_A_JOB, int(_JOB_SECONDS * self._done / self._seconds)))

    @property
    def is_due(self) -> bool:
        """Whether an item is to be tried again now."""
        return bool(self._later) and self._later[0][0] <= time.monotonic()

    def submit(self, job: _Job, *, elsewhere_than: str = "") -> None:
        """Give a job to the workers; to others than one of them, if there are any."""
        workers = None
        if elsewhere_than:
            every = _workers_of(self._client)
            workers = [each for each in every if each != elsewhere_than] or None
        future = self._client.submit(
            _done,
            self._name,
            [self._items[number] for number in job],
            pure=False,
            workers=workers,
            allow_other_workers=workers is not None,
        )
        self._under_way[future] = job
        # To wait for all that is under way, each time that one has ended, takes a hundredth of a second.
        future.add_done_callback(self._ended.put)

    def taken(self, future: Any) -> _Job:
        """Return the job that has ended."""
        return self._under_way.pop(future)

    def outcomes(self, job: _Job, made: _Made) -> list[tuple[int, Any]]:
        """Return what came of the items of a job; keep which of them failed, or are to be tried again.

        Raises
        ------
        OutputError
            If what came of one could not be written, and that was tried often enough.
        """
        self._done += len(job)
        self._seconds += made.seconds
        found = []
        for number, outcome in zip(job, made.outcomes, strict=True):
            if isinstance(outcome, _Unwritten):
                self._try_again(number, outcome)
            elif isinstance(outcome, DataError):
                self.failed.append(outcome)
            else:
                found.append((number, outcome))
        return found

    def _try_again(self, number: int, unwritten: _Unwritten) -> None:
        tried = self._tries[number]
        if unwritten.error.tried_often or tried == len(_PAUSES):
            raise unwritten.error
        self._tries[number] += 1
        self._later.append((time.monotonic() + _PAUSES[tried], number, unwritten.worker))
        self._later.sort()

    def suspect(self, job: _Job) -> None:
        """Do the items of a job alone, as one may have ended its workers; give up one that surely has."""
        if job != (self._alone,):
            self._suspects += job
            return
        self.failed.append(
            DataError(
                f"{_sentence(self._items[job[0]])} ended {_TRIES} workers, one after the other: give them more memory "
                f"(--memory), or write the file anew, and run it again with --resume."
            )
        )

    def cancel(self) -> None:
        """Let go of all that is under way."""
        if self._under_way:
            self._client.cancel(list(self._under_way), force=True)


def _workers_of(client: Client) -> list[str]:
    """Ask the scheduler for the addresses of its workers."""
    return list(client.scheduler_info(n_workers=-1)["workers"])


def _lost(what: str, patience: float) -> str:
    return (
        f"{what.capitalize()} went away and did not come back within {patience:,.0f} seconds: start the machines "
        f"anew, and run it again with --resume."
    )


def _sentence(item: Any) -> str:
    """Return the name of an item as it begins a sentence."""
    name = named(item)
    return f"{name[0].upper()}{name[1:]}" + ("," if ", row group" in name else "")


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:160].rstrip(".")


# In a worker


_TASKS: dict[str, bytes] = {}
"""What was sent to this process, by its name."""


class _SetUp(WorkerPlugin):  # type: ignore[misc]  # distributed says no types
    """Brings a task to a worker when it starts."""

    def __init__(self, task: str, data: bytes) -> None:
        self._task, self._data = task, data

    def setup(self, worker: Any) -> None:
        """Keep the task; it is unpacked when it is first needed."""
        _TASKS[self._task] = self._data
        # Frames make few cycles and many objects, and to look for cycles among them takes a tenth of the time.
        gc.set_threshold(200_000, 50, 100)


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """What came of an item that a worker could not write."""

    error: OutputError
    worker: str


@dataclass(frozen=True, slots=True)
class _Made:
    """What came of the items of a job, one by one, and how long they took."""

    outcomes: list[Any]
    seconds: float


def _done(name: str, items: Sequence[Any]) -> _Made:
    """Do items of a task that was sent."""
    task, begun = _unpacked(name), time.perf_counter()
    outcomes = [_outcome(task, each) for each in items]
    return _Made(outcomes, time.perf_counter() - begun)


def _outcome(task: Task[Any, Any], item: Any) -> Any:
    """Do an item; return an error that leaves the other items as they are."""
    try:
        return task.do(item, task.read(item))
    except OutputError as error:
        return _Unwritten(error, get_worker().address)
    except DataError as error:
        return error


@lru_cache(maxsize=4)
def _unpacked(name: str) -> Task[Any, Any]:
    asked, task = pickle.loads(_TASKS[name])  # noqa: S301 (sent by the process that asks)
    here = versions_here()
    different = [
        f"{each} {here[each]} for {asked[each]}" for each in asked if here[each] != asked[each]
    ]
    if different:
        raise UsageError(
            f"The worker on {platform.node()} has other versions than this machine ({'; '.join(different)}): install "
            f"the same ones everywhere, since they decide the bytes of the answer."
        )
    return task  # type: ignore[no-any-return]  # a pickle says no types
