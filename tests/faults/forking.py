"""A program that loads lcrmap once, and then forks for each run: so that hundreds of runs can be killed in a minute.

Each line of standard input is a JSON object. ``{"run": [[...], ...], "in": FOLDER, "said": FILE, "for_ever": true}``
runs command lines in that folder, once or over and over, in a process of its own, whose number is printed; what it
says goes to a file. ``{"wait": NUMBER, "again": SIGNAL}`` prints its exit code, as `subprocess` counts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import count, cycle
from pathlib import Path
from typing import Any

from lcrmap.cli import commands


def run(words: list[str]) -> int:
    """Run one command line, and return its exit code."""
    try:
        commands(words, prog_name="lcrmap")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def child(task: dict[str, Any]) -> int:
    """Run the command lines of a task until one fails."""
    os.chdir(task["in"])
    said = os.open(task["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(said, descriptor)
    for words in cycle(task["run"]) if task.get("for_ever") else task["run"]:
        code = run(words)
        if code:
            return code
    return 0


def ended(number: int, again: int) -> int:
    """Wait for a process, and return its exit code; a signal that a library swallowed is sent again."""
    for turn in count(1):
        found, status = os.waitpid(number, os.WNOHANG if again else 0)
        if found:
            break
        time.sleep(0.01)
        if turn % 200 == 0:
            os.kill(number, again)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Serve tasks until standard input ends."""
    home = Path.cwd()
    for words in json.loads(sys.argv[1]):  # loads what a fork then has
        assert run(words) == 0, words
    os.chdir(home)
    print("ready", flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        if "wait" in task:
            print(ended(task["wait"], task["again"]), flush=True)
            continue
        number = os.fork()
        if number == 0:
            os._exit(child(task))
        print(number, flush=True)


if __name__ == "__main__":
    main()
