"""What a workload says: who takes part, on which inputs, how answers are compared, what lcrmap aims at."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Agreement", "Aim", "Contender", "Input", "Measured", "Outcome", "Workload"]


@dataclass(frozen=True, slots=True)
class Input:
    """A file that is made before the clock runs.

    Attributes
    ----------
    name
        What commands call it, as in ``{points}``.
    kind
        A function of `benchmarks.inputs`.
    suffix
        Its file's suffix.
    size, quick
        How many features, and how many in a quick run.
    """

    name: str
    kind: str
    suffix: str
    size: int = 0
    quick: int = 0


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work: a command, run as a process of its own.

    Attributes
    ----------
    command
        Words with ``{python}``, ``{lcrmap}``, ``{peers}``, ``{mapshaper}``, ``{out}`` or the name of an input.
    answer
        The suffix of the answer that it writes to ``{out}``; empty if it writes none.
    needs
        The distributions without which it cannot run; ``mapshaper`` is npm's.
    own_clock
        Whether it prints its seconds itself as its last line, because start-up is not what is measured.
    once
        Whether it is so slow that it runs in the first round only.
    """

    name: str
    command: tuple[str, ...]
    answer: str = ""
    needs: tuple[str, ...] = ()
    own_clock: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Aim:
    """The most that lcrmap may take, as a multiple of the fastest of some peers."""

    ratio: float
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Workload:
    """A piece of work that several programs can do.

    Attributes
    ----------
    name
        As it is typed after ``python -m benchmarks``.
    title
        What is done, in the words of the table.
    contenders
        lcrmap first.
    compare
        A function of `benchmarks.answers`; empty if there is nothing to compare.
    rounds
        How often each contender runs, one after another in turn.
    note
        What a reader must know to read the figures.
    """

    name: str
    title: str
    contenders: tuple[Contender, ...]
    aims: tuple[Aim, ...]
    inputs: tuple[Input, ...] = ()
    compare: str = ""
    rounds: int = 5
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds, and the most memory that the process held."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of a peer's answers are lcrmap's."""

    same: int
    of: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """All runs of one contender; `reason` says why there are none."""

    contender: str
    runs: tuple[Measured, ...] = ()
    agreement: Agreement | None = None
    reason: str = ""
