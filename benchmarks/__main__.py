"""``python -m benchmarks``: run the workloads and write ``benchmarks/results.md``."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import pages
from benchmarks.report import written
from benchmarks.running import run
from benchmarks.workloads import WORKLOADS

_PAGES = "pages"
_ALONE = ("scale", "serve", "assistant")  # measured where they are named, each by a page of its own
_RESULTS = Path(__file__).with_name("results.md")


def main() -> None:
    """Run the workloads that are named, or all."""
    known = [*WORKLOADS, _PAGES, *_ALONE]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="tiny inputs: does it work?")
    parser.add_argument(
        "-o", "--output", type=Path, help="where to write; results.md for a whole run"
    )
    asked = parser.parse_args()
    unknown = [each for each in asked.workloads if each not in known]
    if unknown:
        parser.error(f"no workload {unknown[0]}: choose from {', '.join(known)}")
    names = asked.workloads or [*WORKLOADS, _PAGES]
    if len(names) == 1 and names[0] in _ALONE:
        subprocess.run([sys.executable, "-m", f"benchmarks.{names[0]}"], check=True)
        return
    chosen = [WORKLOADS[each] for each in names if each in WORKLOADS]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="lcrmap-bench-") as folder:
        results = [(each, run(each, Path(folder), quick=asked.quick, say=_say)) for each in chosen]
    table = ""
    if _PAGES in names:
        _say(_PAGES)
        table = pages.measured(quick=asked.quick)
    minutes = (time.perf_counter() - start) / 60
    text = written(results, quick=asked.quick, minutes=minutes, page_table=table)
    whole = not asked.workloads and not asked.quick
    target = asked.output or (_RESULTS if whole else None)
    if target is None:
        print(text, end="")
    else:
        target.write_text(text, encoding="utf-8")
        _say(f"Wrote {target.name}.")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
