"""A client that writes what it likes: lines on the pipes of a server, well made or not."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any


class Raw:
    """A server that is asked line by line."""

    def __init__(self, *options: str, cwd: Path) -> None:
        words = [sys.executable, "-m", "lcrmap", "mcp", *options]
        self.process = subprocess.Popen(
            words, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def write(self, line: str | bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((line.encode() if isinstance(line, str) else line) + b"\n")
        self.process.stdin.flush()

    def send(self, method: str, number: int | None = None, **params: Any) -> None:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        self.write(json.dumps(message if number is None else message | {"id": number}))

    def call(self, number: int, name: str, **arguments: Any) -> None:
        self.send("tools/call", number, name=name, arguments=arguments)

    def answer(self, number: int | None, seconds: float = 60) -> dict[str, Any]:
        """Return the answer of a request; others that come before it are passed over."""
        while True:
            found = json.loads(self._lines.get(timeout=seconds))
            if found.get("id") == number and "method" not in found:
                return found

    def next_answer(self, seconds: float = 60) -> dict[str, Any]:
        """Return the next answer, whatever was asked."""
        while True:
            found = json.loads(self._lines.get(timeout=seconds))
            if "method" not in found:
                return found

    def greet(self, version: str = "2025-06-18") -> dict[str, Any]:
        """Shake hands, and return what the server says of itself."""
        about = {"name": "test", "version": "1"}
        self.send("initialize", 0, protocolVersion=version, capabilities={}, clientInfo=about)
        found = self.answer(0)["result"]
        self.send("notifications/initialized")
        return found

    def close(self) -> None:
        """End the server, whatever it does."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def leave(self) -> tuple[int, str]:
        """Close the pipe, and return how the server ended and what it said."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(20)
        assert self.process.stderr is not None
        return code, self.process.stderr.read().decode()
