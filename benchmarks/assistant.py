"""``lcrmap mcp`` as an assistant's host has it: how soon it is there, and how soon it answers.

Run ``python -m benchmarks.assistant``: `lcrmap near` and the server's first answer in turn, nine times; then a count,
asked twenty times of one server. Prints medians, and each beside its aim.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import Any

__all__ = ["main"]

STARTS = 9
CALLS = 20
MOST_STARTS = 2.0  # times `lcrmap near`
MOST_SECONDS = 0.3  # for a count
_NEAR = (
    "near",
    "innovation-assets:sci-tech-daresbury",
    "innovation-assets",
    "-k",
    "5",
    "-f",
    "csv",
)
_COUNT = {"name": "count", "arguments": {"layers": ["innovation-assets"], "in": "boroughs"}}
_HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}


class _Server:
    """A server, asked line by line."""

    def __init__(self) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen([sys.executable, "-m", "lcrmap", "mcp"], **pipes)
        self._asked = 0
        self.ask("initialize", _HELLO)
        self._write({"method": "notifications/initialized"})

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._process.stdin.flush()

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Ask, and return the answer."""
        self._asked += 1
        self._write({"id": self._asked, "method": method, "params": params})
        assert self._process.stdout is not None
        while True:
            found: dict[str, Any] = json.loads(self._process.stdout.readline())
            if found.get("id") == self._asked:
                return found

    def leave(self) -> None:
        """End it as hosts do: by closing its pipe."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _near() -> float:
    began = time.perf_counter()
    words = [sys.executable, "-m", "lcrmap", *_NEAR]
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - began


def _start() -> float:
    """Return the seconds until the server has said what it is and which tools it has."""
    began = time.perf_counter()
    server = _Server()
    server.ask("tools/list", {})
    seconds = time.perf_counter() - began
    server.leave()
    return seconds


def _counts() -> list[float]:
    """Return the seconds of counts, once the first is answered, which waits for what questions need to be loaded."""
    server, taken = _Server(), []
    for _ in range(CALLS + 1):
        began = time.perf_counter()
        found = server.ask("tools/call", _COUNT)["result"]
        taken.append(time.perf_counter() - began)
        assert not found.get("isError"), found
    server.leave()
    return taken[1:]


def main() -> None:
    """Measure and print."""
    pairs = [(_near(), _start()) for _ in range(STARTS)]
    near, start = (statistics.median(each) for each in zip(*pairs, strict=True))
    count = statistics.median(_counts())
    print(f"lcrmap near                  {near:6.2f} s")
    print(
        f"lcrmap mcp, tools listed     {start:6.2f} s  {start / near:.2f} times, aim {MOST_STARTS}"
    )
    print(f"a count, once started        {count:6.2f} s  aim {MOST_SECONDS} s")


if __name__ == "__main__":
    main()
