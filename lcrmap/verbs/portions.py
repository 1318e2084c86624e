"""An answer as a data set: whoever works on some of the pieces writes their rows, and returns what was counted.

No row comes back to where the question was asked. Which pieces go together follows from the splits alone, so the files
are the same whoever writes them, and in whatever order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import reduce
from typing import Any

from lcrmap.errors import UsageError, WholeNeededError
from lcrmap.io.ahead import ahead
from lcrmap.io.manifest import Manifest, Part
from lcrmap.io.parts import Progress, unsaid
from lcrmap.io.readers.own_parts import frames_in
from lcrmap.io.runs import BESIDE, Run, parts_of
from lcrmap.io.stores import Place
from lcrmap.io.targets import explained
from lcrmap.io.tasks import Runner, Sum, Task, in_order
from lcrmap.io.unheld import Unheld
from lcrmap.io.writers.dataset import ROWS_PER_FILE, PartFiles, written_whole
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.question import Rows, scenario_of
from lcrmap.verbs.recording import record_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.tallies import plan_of
from lcrmap.verbs.work import (
    Piece,
    Telling,
    Work,
    handing_on,
    looked_at,
    rows_of,
    told_in_scenario,
)

Taking = Callable[[Layer], None]

__all__ = ["Portion", "Written", "answer_in_portions"]


@dataclass(frozen=True, slots=True)
class Portion:
    """Pieces that follow each other, whose rows go to files of their own.

    Attributes
    ----------
    number
        Which of the portions it is.
    pieces
        Its pieces, in the order of the rows.
    """

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a portion.

    Attributes
    ----------
    files
        The files with its rows.
    told
        What was counted of it, as plain values; see `lcrmap.verbs.work.Share.told`.
    rows
        How many rows were read.
    carried
        The metadata that the files carry; None if no row came.
    unheld
        What the files have no form for.
    beside
        The files with what stands beside its rows.
    """

    files: tuple[Part, ...]
    told: dict[str, Any]
    rows: int
    carried: dict[str, Any] | None
    unheld: Unheld
    beside: tuple[Part, ...] = ()

    def tally(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "files": [list(astuple(each)) for each in self.files],
            "beside": [list(astuple(each)) for each in self.beside],
            "told": self.told,
            "rows": self.rows,
            "carried": self.carried,
            "unheld": self.unheld.to_plain(),
        }

    @classmethod
    def of(cls, tally: Mapping[str, Any]) -> Written:
        """Return what a tally says.

        Raises
        ------
        UsageError
            If it is no tally.
        """
        try:
            return cls(
                parts_of(tally["files"]),
                tally["told"],
                int(tally["rows"]),
                tally["carried"],
                Unheld.from_plain(tally["unheld"]),
                parts_of(tally["beside"]),
            )
        except (KeyError, TypeError, ValueError):
            raise UsageError(
                "The run that broke off left a list that is none of lcrmap's: leave out --resume to begin anew."
            ) from None


@dataclass(frozen=True, slots=True)
class _Writing(Task[Portion, Written]):
    """Work on the pieces of a portion and write their rows."""

    doing: Work[Any, Any]
    seen: Any
    place: Place
    most: int

    def do(self, portion: Portion, read: Any) -> Written:
        """Write the rows of a portion."""
        stem = f"{portion.number:06d}"
        rows, beside = (
            PartFiles(self.place, f"{start}{stem}", self.most) for start in ("", BESIDE)
        )
        with explained(self.place.text):
            try:
                written = self._written(portion, rows, beside)
            finally:
                rows.discard()
                beside.discard()
            Run(self.place).finish(portion.number, written.tally())
        return written

    def _written(self, portion: Portion, files: PartFiles, beside: PartFiles) -> Written:
        to = _Rows(files, beside, self.doing.beside)
        write = handing_on(self.doing, to, self.doing.rows_to_come(self.seen))
        total, rows = Sum[Any](), 0
        for piece, found in ahead(self._reading(portion)):
            rows += rows_of(found)
            total.add(write(self.doing.work(piece, found, self.seen)))
        made, told = files.end(), total.value.told()
        return Written(made, told, rows, files.carried, files.unheld, beside.end())

    def _reading(self, portion: Portion) -> Iterator[tuple[Piece, Any]]:
        for each in portion.pieces:
            yield each, self.doing.read(each, self.doing.works)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hands the rows of an answer to files, and what stands beside them to others, if that is wanted."""

    files: PartFiles
    beside: PartFiles
    takes_beside: bool

    def write(self, rows: Layer, beside: Layer | None) -> None:
        """Write the next rows, if there are any."""
        if len(rows.frame):
            self.files.write(rows)
        if self.takes_beside and beside is not None and len(beside.frame):
            self.beside.write(beside)


def answer_in_portions(
    question: Rows,
    sources: Sources,
    place: Place,
    *,
    most: int = ROWS_PER_FILE,
    beside: Taking | None = None,
    runner: Runner = in_order,
    progress: Progress = unsaid,
) -> tuple[Answer, Manifest]:
    """Answer a question, and write its rows as files.

    Parameters
    ----------
    place
        Where they go: an empty folder, or that of a run that broke off, of which what is finished is not made again.
    most
        How many rows a file has at most.
    beside
        Takes what stands beside the rows, in their order, when all are written.
    runner
        Where it is worked on.
    progress
        Told how far it has come.

    Returns
    -------
    answer
        Without its rows, where they went to the files as they came.
    manifest
        The files, in the order of the rows.

    Raises
    ------
    UsageError
        If the run that broke off was another.
    WholeNeededError
        If no layer is large, or one of them cannot be processed in splits.
    """
    kind, there = work_class(question.ask), sources.in_scenario(scenario_of(question))
    if not kind.streams:
        raise WholeNeededError("The rows are few, and no list of features.")
    work = kind(
        question, there, kind.part_layers(question, there, progress), beside=beside is not None
    )
    portions = _portions(work.pieces(), most)
    finished = Run(place).begin(plan_of(work, rows_per_file=most, beside=work.beside))
    seen = looked_at(work, runner, progress)
    tell = Telling(work, work.working, progress)
    written: dict[int, Written] = {}
    for number, tally in finished.items():
        written[number] = Written.of(tally)
        tell(written[number].rows)
    left = [each for each in portions if each.number not in written]
    for at, each in runner(_Writing(work, seen, place, most), left):
        written[left[at].number] = each
        tell(each.rows)
    every = [written[each.number] for each in portions]
    made, manifest = _together(work, seen, every, place, most)
    manifest = replace(manifest, record=record_of(question, sources.pack))
    if beside is not None:
        _hand_beside(made, [part for each in every for part in each.beside], place, beside)
    return made, manifest


def _hand_beside(made: Answer, parts: Sequence[Part], place: Place, take: Taking) -> None:
    """Hand on what was written beside the rows, some of it at a time."""
    assert made.beside is not None  # noqa: S101 (a verb with an option for it has it)
    if not parts:
        take(made.beside)
    for frame in frames_in(place, parts):
        take(made.beside.with_frame(frame))


def _together(
    work: Work[Any, Any], seen: Any, written: Sequence[Written], place: Place, most: int
) -> tuple[Answer, Manifest]:
    nothing, total = work.nothing(seen), Sum[Any]()
    for each in written:
        total.add(nothing.as_told(each.told))
    made = told_in_scenario(work.together(seen, total.value), work.sources)
    unheld = reduce(lambda one, other: one + other, (each.unheld for each in written))
    made = replace(made, notes=(*made.notes, *unheld.notes))
    files = tuple(part for each in written for part in each.files)
    if not files:
        return made, written_whole(made.layer, place, most)[0]  # without rows all is held
    return made, Manifest(files, next(each.carried for each in written if each.carried))


def _portions(pieces: Sequence[Piece], most: int) -> list[Portion]:
    """Put pieces together that follow each other, as long as they have no more rows than a file may."""
    found: list[list[Piece]] = []
    rows = 0
    for piece in pieces:
        more = 0 if piece.split is None else piece.split.rows
        if not found or rows + more > most:
            found.append([])
            rows = 0
        found[-1].append(piece)
        rows += more
    return [Portion(number, tuple(each)) for number, each in enumerate(found)]
