"""The runner on many machines, or on several processes of this one: Dask distributed.

Nothing else of lcrmap knows of Dask. What a task needs is sent once to each worker, also to one that comes later, and
set up there once; an item is sent with the name of its task alone.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import pickle
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import dask
from distributed import Client, LocalCluster, Security, wait
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.scheduler import KilledWorker

from lcrmap.errors import DataError, LcrmapError, MachinesLostError, UsageError
from lcrmap.io.siblings import temporary_folder
from lcrmap.io.tasks import Task
from lcrmap.io.versions import versions_here

__all__ = ["Cluster", "Dask", "opened"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD: Final = 8  # items that a worker has before it, so that none waits for the next
_TRIES: Final = 3  # workers that an item may end before it is given up
_GLANCE: Final = 1.0  # seconds after which it is looked whether the machines are there
_CONFIG: Final = {
    "distributed.scheduler.allowed-failures": _TRIES - 1,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.admin.tick.limit": "1h",
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
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
        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
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
        self._last_seen = time.monotonic()

    def __call__(
        self, task: Task[Item, Result], items: Sequence[Item]
    ) -> Iterator[tuple[int, Result]]:
        """Do the items in any order.

        An item whose worker ends is given to another, three times; then the others are finished, and it is told of.

        Raises
        ------
        DataError
            If an item ends each worker that tries it, or its file is broken.
        MachinesLostError
            If all workers, or the scheduler, are gone for too long.
        """
        name = self._sent(task)
        left = iter(enumerate(items))
        under_way: dict[Any, int] = {}
        failed: list[LcrmapError] = []
        try:
            while True:
                for number, item in left:
                    under_way[self._client.submit(_done, name, item, pure=False)] = number
                    if len(under_way) >= _AHEAD * max(1, self._workers()):
                        break
                if not under_way:
                    break
                for future in self._ended(under_way):
                    number = under_way.pop(future)
                    if future.status in ("cancelled", "lost"):  # never a result, whatever it says
                        under_way[self._client.submit(_done, name, items[number], pure=False)] = (
                            number
                        )
                        continue
                    found = self._result(future, items[number], failed)
                    if found is not None:
                        yield number, found[0]
        finally:
            self._client.cancel(list(under_way), force=True) if self._alive() else None
        if failed:
            raise failed[0]

    def _sent(self, task: Task[Any, Any]) -> str:
        """Send a task to all workers, those to come too, and return its name."""
        data = pickle.dumps((versions_here(), task))
        name = hashlib.sha256(data).hexdigest()
        self._asked(lambda: self._client.register_plugin(_SetUp(name, data), name=f"lcrmap-{name}"))
        return name

    def _result(self, future: Any, item: Any, failed: list[LcrmapError]) -> tuple[Any] | None:
        """Return what came of an item; None if it failed in a way that leaves the others to be finished."""
        try:
            return (future.result(timeout=self._patience),)
        except KilledWorker:
            failed.append(
                DataError(
                    f"{_named(item)} ended {_TRIES} workers, one after the other: give them more memory (--memory), "
                    f"or write the file anew, and run it again with --resume."
                )
            )
        except DataError as error:
            failed.append(error)
        except (OSError, TimeoutError) as error:
            if isinstance(error, LcrmapError):
                raise
            raise MachinesLostError(_lost("the scheduler", self._patience)) from None
        return None

    def _ended(self, under_way: Mapping[Any, int]) -> list[Any]:
        """Return the items that have ended; wait until there is one.

        Raises
        ------
        MachinesLostError
            If no machine was there for too long.
        """
        while True:
            try:
                wait(list(under_way), timeout=_GLANCE, return_when="FIRST_COMPLETED")
            except TimeoutError:
                pass
            except Exception as error:
                if not self._alive():
                    raise MachinesLostError(_lost("the scheduler", self._patience)) from None
                if isinstance(error, LcrmapError):
                    raise
            ended = [each for each in under_way if each.status != "pending"]
            if not self._alive():
                raise MachinesLostError(_lost("the scheduler", self._patience))
            if self._workers():
                self._last_seen = time.monotonic()
            elif time.monotonic() - self._last_seen > self._patience:
                raise MachinesLostError(_lost("all workers", self._patience))
            if ended:
                return ended

    def _alive(self) -> bool:
        return bool(self._client.status == "running")

    def _workers(self) -> int:
        return len(self._client.scheduler_info(n_workers=-1)["workers"]) if self._alive() else 0

    def _asked(self, ask: Any) -> Any:
        try:
            return ask()
        except LcrmapError:
            raise
        except ModuleNotFoundError as error:
            raise UsageError(
                f"A worker lacks '{error.name}': install the same lcrmap[scale] there as here."
            ) from None
        except (OSError, TimeoutError) as error:
            raise MachinesLostError(_lost("the scheduler", self._patience)) from error


def _lost(what: str, patience: float) -> str:
    return (
        f"{what.capitalize()} went away and did not come back within {patience:,.0f} seconds: start the machines "
        f"anew, and run it again with --resume."
    )


def _named(item: Any) -> str:
    pieces = getattr(item, "pieces", None) or (item,)
    splits = [getattr(each, "split", each) for each in pieces]
    one = splits[0]
    if len(splits) == 1 and hasattr(one, "file"):
        return f"'{one.file}', row groups {one.start} to {one.end - 1},"
    files = sorted({str(each.file) for each in splits if hasattr(each, "file")})
    return f"Something in {', '.join(repr(each) for each in files[:3])}"


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


def _done(name: str, item: Any) -> Any:
    """Do an item of a task that was sent."""
    task = _unpacked(name)
    return task.do(item, task.read(item))


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
    return task  # type: ignore[no-any-return]
