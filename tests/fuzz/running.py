"""Judge cases in a process of its own, so that one that crashes, hangs or eats memory is caught, with its name."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tests.fuzz.cases import Case
from tests.fuzz.faults import FaultError
from tests.fuzz.judging import judge
from tests.fuzz.kinds import make

__all__ = ["Found", "judged", "judged_alone"]

SECONDS = 20
"""A case that computes for longer hangs."""

MOST_WAIT = 10
"""How many times as long a case may take by the clock: others may be at work on the machine."""

MEMORY = 6_000_000_000
MOST_GROWTH_KB = 700_000
"""A case of some kilobytes that takes more memory than this takes too much."""

BATCH = 200

Wanted = tuple[str, int]


@dataclass(frozen=True)
class Found:
    """A fault, and the case that has it."""

    kind: str
    seed: int
    key: str
    told: str


def judged(wanted: Sequence[Wanted], *, seconds: float = SECONDS) -> Iterator[Found | None]:
    """Judge the cases of kinds and seeds in order; yield their faults, and None after each case."""
    left = list(wanted)
    while left:
        batch, left = left[:BATCH], left[BATCH:]
        for event in _in_child(_makers(batch), seconds):
            if "done" in event:
                yield None
                continue
            kind, seed = batch[event["at"]]
            yield Found(kind, seed, event["key"], event["told"])
            if event.get("last"):  # the process has ended: go on with another behind this case
                yield None
                left = [*batch[event["at"] + 1 :], *left]


def judged_alone(case: Case, *, seconds: float = SECONDS) -> dict[str, str]:
    """Judge one case that is at hand; return what is told of each fault, by its key."""
    events = list(_in_child([lambda: case], seconds))
    return {each["key"]: each["told"] for each in events if "key" in each}


def _makers(batch: Sequence[Wanted]) -> list[Any]:
    return [lambda kind=kind, seed=seed: make(kind, seed) for kind, seed in batch]


def _in_child(makers: Sequence[Any], seconds: float) -> Iterator[dict[str, Any]]:
    """Judge cases in a forked process; yield what it tells, and how it ended where that was not its own wish."""
    reader, writer = os.pipe()
    with tempfile.TemporaryDirectory(prefix="lcrmap-fuzz-") as folder:
        child = os.fork()
        if not child:
            os.close(reader)
            _work(makers, writer, Path(folder), seconds)
        os.close(writer)
        at, text = 0, b""
        hung = False
        while True:
            if not select.select([reader], [], [], seconds * MOST_WAIT)[0]:
                hung = True
                break
            data = os.read(reader, 65_536)
            if not data:
                break
            text += data
            *lines, text = text.split(b"\n")
            for line in lines:
                event = json.loads(line)
                at += "done" in event
                yield event
        os.close(reader)
        ended = _ended(child, kill=hung)
        hung = hung or ended == signal.SIGPROF.name
        if hung or ended:
            key = "it hangs" if hung else f"the process ends: {ended}"
            yield {"at": at, "key": key, "told": f"after {seconds} s" if hung else "", "last": True}


def _ended(child: int, *, kill: bool) -> str:
    """Wait for a process; return how it ended, empty if well."""
    if kill:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return f"exit code {os.WEXITSTATUS(status)}" if os.WEXITSTATUS(status) else ""


def _work(makers: Sequence[Any], writer: int, folder: Path, seconds: float) -> NoReturn:
    """Judge cases and tell of them; never returns."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    code = 0
    try:
        for at, maker in enumerate(makers):
            signal.setitimer(signal.ITIMER_PROF, seconds)  # whose signal ends the process
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            faults = _judge(maker(), folder)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            if grown > MOST_GROWTH_KB:
                faults.append(FaultError("it takes much memory", f"{grown // 1000} MB"))
            events = [{"at": at, "key": each.key, "told": each.told} for each in faults]
            lines = [json.dumps(each) for each in [*events, {"done": at}]]
            os.write(writer, ("\n".join(lines) + "\n").encode())
    except BaseException:  # noqa: BLE001 - a fault of the fuzzer itself: the parent says so
        traceback.print_exc()
        code = 99
    finally:
        os._exit(code)


def _judge(case: Case, folder: Path) -> list[FaultError]:
    try:
        return judge(case, folder)
    except MemoryError as error:
        return [FaultError.unforeseen(error)]
