"""``python -m tests.fuzz``: feed lcrmap made-up inputs until the time is over, and say what broke."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.cases import load, store
from tests.fuzz.faults import slug
from tests.fuzz.kinds import KINDS, make
from tests.fuzz.known import known_fault
from tests.fuzz.reducing import reduced
from tests.fuzz.running import BATCH, Found, judged, judged_alone

STRIDE = 1_000_003  # seeds of runs that begin with numbers near each other do not meet


def main() -> int:
    """Return 0 if nothing broke that is not known, else 1."""
    asked = _arguments()
    if asked.replay:
        return _replay(asked.replay, asked.seconds)
    kinds = asked.kinds.split(",") if asked.kinds else list(KINDS)
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    most = asked.cases if asked.cases else sys.maxsize
    counts: Counter[str] = Counter()
    cases = 0
    for batch in _batches(kinds, asked.seed, most):
        for found in judged(batch, seconds=asked.seconds):
            if found is None:
                cases += 1
            elif known_fault(found.key):
                counts["(known) " + found.key] += 1
            else:
                counts[found.key] += 1
                if counts[found.key] == 1:
                    _report(found, asked.out, reduce=asked.reduce)
        if time.monotonic() > until:
            break
    return _summary(cases, counts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="where the seeds begin (default: 1)")
    parser.add_argument("--minutes", type=float, help="how long; else until --cases are done")
    parser.add_argument("--cases", type=int, help="how many cases, over all kinds")
    parser.add_argument("--kinds", help=f"some of {','.join(KINDS)} (default: all)")
    parser.add_argument(
        "--seconds", type=float, default=20, help="a case that computes longer hangs"
    )
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"), help="for what broke")
    parser.add_argument(
        "--replay",
        metavar="CASE",
        help="run a stored folder, or KIND:SEED, once and say what it has",
    )
    parser.add_argument(
        "--no-reduce", dest="reduce", action="store_false", help="keep inputs as they were made"
    )
    asked = parser.parse_args()
    if not (asked.minutes or asked.cases or asked.replay):
        parser.error("say how long: --minutes or --cases")
    return asked


def _batches(kinds: list[str], seed: int, most: int) -> Iterator[list[tuple[str, int]]]:
    """Yield batches of cases, all kinds in turn."""
    numbers = ((kind, seed * STRIDE + each) for each in itertools.count() for kind in kinds)
    chosen = itertools.islice(numbers, most)
    while batch := list(itertools.islice(chosen, BATCH)):
        yield batch


def _report(found: Found, out: Path, *, reduce: bool) -> None:
    """Store what broke, made small, and say how to run it again."""
    case = make(found.kind, found.seed)
    if reduce:
        case = reduced(case, found.key)
    folder = out / f"{found.kind}-{found.seed}-{slug(found.key)}"
    store(case, folder)
    size = sum(map(len, case.files.values()))
    told = "\n".join(f"    {line}" for line in found.told.splitlines()[:12])
    print(f"FAULT {found.key}\n  {found.kind}:{found.seed}, {size} bytes\n{told}", flush=True)
    print(f"  again: {Path(sys.executable).name} -m tests.fuzz --replay {folder}", flush=True)


def _replay(name: str, seconds: float) -> int:
    kind, colon, seed = name.partition(":")
    case = make(kind, int(seed)) if colon and kind in KINDS else load(Path(name))
    found = judged_alone(case, seconds=seconds)
    for key, told in found.items():
        print(f"FAULT {key}\n{told}")
    if not found:
        print("No fault.")
    return int(bool(found))


def _summary(cases: int, counts: Counter[str]) -> int:
    for key, count in counts.most_common():
        print(f"{count:6,} {key}")
    new = sum(count for key, count in counts.items() if not key.startswith("(known)"))
    print(f"{cases:,} cases, {new:,} with a fault, {counts.total() - new:,} with a known one.")
    return int(bool(new))


if __name__ == "__main__":
    sys.exit(main())
