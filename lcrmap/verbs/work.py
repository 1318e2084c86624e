"""How a question is answered: looked at, worked on, put together.

A verb is three functions. `look` gathers from each split of its input what only all splits together tell; `work` makes
of a split, knowing that, its share of the answer; `together` makes the answer of all shares. What look and work return
are values with an associative ``+``, so it does not matter where or in which order splits are worked on, and a layer
that is held whole is one split. A *runner* decides where the work is done.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from lcrmap.errors import WholeNeededError
from lcrmap.io.parts import Parts, PassedOver, Points, Progress, Split, Wanted, unsaid
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, arranged
from lcrmap.verbs.arranging import arrange
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.question import Question, Rows, scenario_of
from lcrmap.verbs.sources import Sources

__all__ = [
    "Piece",
    "Read",
    "Runner",
    "Share",
    "Sink",
    "WholeWork",
    "Work",
    "answer",
    "answer_in_parts",
    "chosen",
    "in_order",
    "rows_of",
    "run",
]

Read = Layer | Points | PassedOver | None
"""What was read of a piece; None if it is read by the work itself."""

Result = TypeVar("Result")


class Summed(Protocol):
    """A value that can be put together with others of its kind, in any grouping."""

    def __add__(self, other: Self) -> Self:
        """Return both together."""


@dataclass(frozen=True, slots=True)
class Share:
    """What was made of one piece; verbs add what they count.

    Attributes
    ----------
    rows
        The rows of the answer; None if they were handed on already, or if the answer is no list of features.
    beside
        The rows of what is written to a file of its own.
    """

    rows: Layer | None = None
    beside: Layer | None = None

    def counted(self) -> Self:
        """Return the share without its rows, when they were handed on."""
        return replace(self, rows=None, beside=None)


Seen = TypeVar("Seen", bound=Summed)
Done = TypeVar("Done", bound=Share)


@dataclass(frozen=True, slots=True)
class Piece:
    """One split of one of the layers that a question works through.

    Attributes
    ----------
    layer
        The number of the layer among them.
    split
        The split; None for the whole layer.
    """

    layer: int
    split: Split | None = None


class Work(ABC, Generic[Seen, Done]):
    """A question at work: all that its pieces need is set up.

    Attributes
    ----------
    layers
        The layers that are worked through, each whole or in parts.
    looks, works
        What is read of a piece to look at it (None: nothing need be looked at) and to work on it.
    streams
        Whether the shares' rows are the answer's, so that they can be written as they come.
    beside
        Whether what stands beside the answer is wanted.
    looking, working
        What is being done, for whoever is told of the progress.
    """

    looks: Wanted | None = None
    works: Wanted = Wanted()
    streams: ClassVar[bool] = False
    looking: ClassVar[str] = "Looking"
    working: ClassVar[str] = "Working"

    def __init__(
        self,
        question: Any,
        sources: Sources,
        layers: Sequence[Layer | Parts],
        *,
        beside: bool = True,
    ) -> None:
        self.asked, self.sources, self.layers = question, sources, tuple(layers)
        self.beside = beside

    @classmethod
    def whole_layers(cls, question: Any, sources: Sources) -> list[Layer]:
        """Open the layers that are worked through, whole; none if the work opens its own."""
        return []

    @classmethod
    def part_layers(
        cls, question: Any, sources: Sources, progress: Progress
    ) -> Sequence[Layer | Parts]:
        """Open the same layers, at least one of them in parts.

        Raises
        ------
        WholeNeededError
            If none can be.
        """
        raise WholeNeededError(f"'{question.ask}' holds its layers whole.")

    def pieces(self) -> list[Piece]:
        """Return all pieces, in the order of the rows."""
        return [
            Piece(number, split)
            for number, layer in enumerate(self.layers)
            for split in (layer.splits if isinstance(layer, Parts) else (None,))
        ]

    def read(self, piece: Piece, wanted: Wanted) -> Read:
        """Read what is wanted of a piece."""
        layer = self.layers[piece.layer]
        if isinstance(layer, Layer):
            return layer
        if piece.split is None:
            raise WholeNeededError(f"{layer.name} is held in splits.")
        return layer.read(piece.split, wanted)

    def look(self, piece: Piece, read: Read) -> Seen:
        """Gather what only all pieces together tell."""
        raise NotImplementedError  # a work that looks at nothing is not asked to

    @abstractmethod
    def work(self, piece: Piece, read: Read, seen: Seen | None) -> Done:
        """Make a piece's share of the answer."""

    @abstractmethod
    def together(self, seen: Seen | None, done: Done) -> Answer:
        """Make the answer of what was seen and done."""

    def rows_to_come(self, seen: Seen | None) -> int | None:
        """Return how many rows the answer will have; None if only the end will tell."""
        return None


@dataclass(frozen=True, slots=True)
class _Answered(Share):
    answer: Answer | None = None


class WholeWork(Work[Any, _Answered]):
    """The work of a question that is answered at one go: it opens what it needs, and its one piece is the whole."""

    def pieces(self) -> list[Piece]:
        """Return the one piece."""
        return [Piece(0)]

    def read(self, piece: Piece, wanted: Wanted) -> Read:
        """Read nothing."""
        return None

    def work(self, piece: Piece, read: Read, seen: Any) -> _Answered:
        """Answer the question."""
        return _Answered(answer=self.answered())

    def together(self, seen: Any, done: _Answered) -> Answer:
        """Return the answer."""
        assert done.answer is not None  # noqa: S101 (what `work` made of the one piece)
        return done.answer

    @abstractmethod
    def answered(self) -> Answer:
        """Answer the question."""


class Runner(Protocol):
    """Decides where and in which order pieces are worked on."""

    def __call__(
        self,
        work: Work[Any, Any],
        pieces: Sequence[Piece],
        wanted: Wanted,
        step: Callable[[Piece, Read], Result],
    ) -> Iterator[tuple[Result, int]]:
        """Read each piece and do the step with it; yield what came of it, in the order of the pieces, and its rows."""


def in_order(
    work: Work[Any, Any],
    pieces: Sequence[Piece],
    wanted: Wanted,
    step: Callable[[Piece, Read], Result],
) -> Iterator[tuple[Result, int]]:
    """Do one piece after the other."""
    for piece in pieces:
        read = work.read(piece, wanted)
        yield step(piece, read), rows_of(read)


def rows_of(read: Read) -> int:
    """Return how many rows were read, or passed over."""
    if isinstance(read, Layer):
        return len(read.frame)
    if isinstance(read, Points):
        return len(read.x)
    return 0 if read is None else read.rows


class Sink(Protocol):
    """Takes the rows of an answer as they come, and what stands beside them if it `takes_beside`."""

    @property
    def takes_beside(self) -> bool:
        """Whether what stands beside the answer is wanted."""

    def write(self, rows: Layer, beside: Layer | None) -> None:
        """Take the next rows."""


def answer(question: Question, sources: Sources, *, runner: Runner = in_order) -> Answer:
    """Answer a question, with every layer held whole.

    Parameters
    ----------
    question
        What is asked.
    sources
        What may be read for it.
    runner
        Where it is worked on.

    Raises
    ------
    LcrmapError
        If it cannot be answered; see `lcrmap.errors`.

    Examples
    --------
    >>> from lcrmap.verbs.near.question import Near
    >>> found = answer(Near(start="L3 5QA", targets="rail-stations"), Sources())
    >>> found.layer.frame[["name", "rank", "direction"]].to_numpy().tolist()
    [['Liverpool Lime Street Low Level', 1, 'W']]
    """
    kind, there = work_class(question.ask), sources.in_scenario(scenario_of(question))
    layers = kind.whole_layers(question, there)
    found = arranged(run(kind(question, there, layers), runner, None, unsaid))
    return _told_in_scenario(found, sources)


def _told_in_scenario(found: Answer, sources: Sources) -> Answer:
    name = scenario_of(found.question)
    if name is None:
        return found
    from lcrmap.verbs.scene_words import told_in  # which most answers do without

    return told_in(found, sources.scene(name))


def answer_in_parts(
    question: Question,
    sources: Sources,
    sink: Sink | None = None,
    *,
    runner: Runner = in_order,
    progress: Progress = unsaid,
) -> Answer:
    """Answer a question some of whose layers are too large to be held whole.

    Parameters
    ----------
    sink
        Takes the rows, where the answer is a list of features: `Answer.layer` then has none.
    progress
        Told how far it has come.

    Raises
    ------
    WholeNeededError
        If no layer is large, or one of them cannot be processed in splits.
    """
    kind, there = work_class(question.ask), sources.in_scenario(scenario_of(question))
    layers = kind.part_layers(question, there, progress)
    if sink is None and kind.streams:
        raise WholeNeededError("The rows are many, and nobody takes them as they come.")
    work = kind(question, there, layers, beside=sink is None or sink.takes_beside)
    made = run(work, runner, sink, progress)
    return _told_in_scenario(made if kind.streams else arranged(made), sources)


def run(
    work: Work[Any, Any],
    runner: Runner = in_order,
    sink: Sink | None = None,
    progress: Progress = unsaid,
) -> Answer:
    """Look at all pieces, work on all of them, and put together what came of it.

    Parameters
    ----------
    runner
        Where and in which order the pieces are worked on.
    sink
        Takes the rows as they come; None to keep them in the answer.
    progress
        Told how far it has come.
    """
    pieces, total = work.pieces(), sum(map(_rows_in, work.layers))
    seen = None
    if work.looks is not None:
        looked = _Together[Any]()
        for each, rows in runner(work, pieces, work.looks, work.look):
            progress(work.looking, looked.add(each, rows), total)
        seen = looked.value
    write = None if sink is None else _written(work, sink, work.rows_to_come(seen))
    worked = _Together[Any]()
    for each, rows in runner(work, pieces, work.works, partial(_step, work, seen)):
        progress(work.working, worked.add(each if write is None else write(each), rows), total)
    return work.together(seen, worked.value)


def _step(work: Work[Any, Any], seen: Any, piece: Piece, read: Read) -> Any:
    return work.work(piece, read, seen)


class _Together(Generic[Result]):
    """Puts values together in their order, like with like in size, so that none is copied more than a few times."""

    def __init__(self) -> None:
        self._values: list[tuple[int, Any]] = []
        self._rows = 0

    def add(self, value: Result, rows: int) -> int:
        """Take the next value, and return of how many rows there are values by now."""
        self._rows += rows
        size = 1
        while self._values and self._values[-1][0] == size:
            value = self._values.pop()[1] + value
            size *= 2
        self._values.append((size, value))
        return self._rows

    @property
    def value(self) -> Any:
        """All values together; None if there was none."""
        values = [each for _, each in self._values]
        return reduce(lambda first, second: first + second, values) if values else None


def _rows_in(layer: Layer | Parts) -> int:
    return layer.rows if isinstance(layer, Parts) else len(layer.frame)


def _written(work: Work[Any, Any], sink: Sink, rows: int | None) -> Callable[[Any], Any]:
    """Return what hands the rows of a share on and keeps what it counts."""
    asked = work.asked
    assert isinstance(asked, Rows)  # noqa: S101 (a list of features is a table)
    if asked.where_rows is not None and rows is None:
        raise WholeNeededError("How many rows are filtered is not known before the end.")

    def write(share: Share) -> Share:
        if share.rows is not None:
            layer = share.rows
            if asked.where_rows is not None and rows is not None:
                layer = chosen(layer, asked.where_rows, rows)
            sink.write(arrange(layer, columns=asked.columns), share.beside)
        return share.counted()

    return write


def chosen(part: Layer, where: str, rows: int) -> Layer:
    """Return the rows of a part for which an expression is true; the metadata say it of the whole, of so many rows."""
    from lcrmap.analysis.filtering import choose  # which most questions do without

    some = choose(part, where, part=True)
    whole = part.metadata.selected_from or rows
    return replace(some, metadata=some.metadata.replaced(selected_from=whole))
