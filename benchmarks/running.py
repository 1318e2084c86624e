"""Run a workload: make its inputs, let all contenders take turns, compare what they answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import machine
from benchmarks.contract import Agreement, Contender, Input, Measured, Outcome, Workload
from benchmarks.measuring import FailedError, measure

__all__ = ["run"]

_ROOT = Path(__file__).resolve().parents[1]
_HERE = Path(__file__).resolve().parent
_QUICK_ROUNDS = 2


def run(
    workload: Workload, folder: Path, *, quick: bool = False, say: Callable[[str], None]
) -> list[Outcome]:
    """Run a workload in a folder that is its own to fill.

    Parameters
    ----------
    quick
        Use tiny inputs and two rounds: to see that it works, not to learn anything.
    say
        Told what is being done.

    Returns
    -------
    list of Outcome
        One a contender, in the workload's order.
    """
    words = _words(workload, folder, quick)
    runs: dict[str, list[Measured]] = {each.name: [] for each in workload.contenders}
    reasons = {each.name: _missing(each) for each in workload.contenders}
    rounds = min(workload.rounds, _QUICK_ROUNDS) if quick else workload.rounds
    for number in range(rounds):
        for each in workload.contenders:
            if reasons[each.name] or (each.once and number):
                continue
            say(f"{workload.name}: {each.name}, round {number + 1} of {rounds}")
            try:
                runs[each.name].append(_once(each, words, folder))
            except FailedError as error:
                reasons[each.name] = f"failed: {_last_line(str(error))}"
    return [
        Outcome(
            each.name,
            () if reasons[each.name] else tuple(runs[each.name]),
            None if reasons[each.name] else _agreement(workload, each, folder),
            reasons[each.name],
        )
        for each in workload.contenders
    ]


def _words(workload: Workload, folder: Path, quick: bool) -> dict[str, str]:
    bin_folder = Path(sys.executable).parent
    return {
        "python": sys.executable,
        "lcrmap": str(bin_folder / "lcrmap"),
        "peers": str(_HERE / "peers"),
        "mapshaper": str(machine.mapshaper()),
        **{each.name: str(_made(each, folder, quick)) for each in workload.inputs},
    }


def _made(each: Input, folder: Path, quick: bool) -> Path:
    """Return the file of an input, made if it is not there: inputs are shared between workloads."""
    size = each.quick if quick else each.size
    path = folder / f"{each.kind}-{size}{each.suffix}"
    if not path.exists():
        _child("benchmarks.inputs", each.kind, str(size), str(path))
    return path


def _once(each: Contender, words: dict[str, str], folder: Path) -> Measured:
    target = _answer_file(each, folder)
    command = [word.format(**words, out=target) for word in each.command]
    target.unlink(missing_ok=True)
    measured = measure(command, folder, own_clock=each.own_clock)
    if each.answer and not target.exists():
        raise FailedError("it wrote no answer")
    return measured


def _answer_file(each: Contender, folder: Path) -> Path:
    plain = "".join(letter if letter.isalnum() else "-" for letter in each.name)
    return folder / f"answer-{plain}{each.answer}"


def _agreement(workload: Workload, each: Contender, folder: Path) -> Agreement | None:
    """Compare a contender's answer with lcrmap's, which is the first."""
    first = workload.contenders[0]
    files = [_answer_file(one, folder) for one in (first, each)]
    if not workload.compare or each is first or not all(file.exists() for file in files):
        return None
    said = _child("benchmarks.answers", workload.compare, *map(str, files))
    same, of = map(int, said.split())
    return Agreement(same, of)


def _child(module: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=_ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(words)} failed: {done.stderr[-1000:]}")
    return done.stdout


def _missing(each: Contender) -> str:
    lacking = [need for need in each.needs if not machine.has(need)]
    return f"not installed: {', '.join(lacking)}" if lacking else ""


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1][:160]
