"""How a question is answered: looked at, worked on, put together.

A verb is three functions. `look` gathers from each split of its input what only all splits together tell; `work` makes
of a split, knowing that, its share of the answer; `together` makes the answer of all shares. What look and work return
are values with an associative ``+``, so it does not matter where or in which order splits are worked on, and a layer
that is held whole is one split. What all shares together do not tell yet (a median of many numbers) is *sought* in
further passes of the same kind. A *runner* decides where the work is done.
"""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from lcrmap.errors import WholeNeededError
from lcrmap.io.parts import Parts, PassedOver, Points, Progress, Split, Wanted, unsaid
from lcrmap.io.tasks import Runner, Sum, Task, by_number, in_order
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, arranged
from lcrmap.verbs.arranging import arrange
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.question import Question, Rows, scenario_of
from lcrmap.verbs.sources import Sources

__all__ = [
    "Doing",
    "Looking",
    "Piece",
    "Read",
    "Seeking",
    "Share",
    "Sink",
    "Sought",
    "Telling",
    "WholeWork",
    "Work",
    "Working",
    "answer",
    "answer_in_parts",
    "chosen",
    "each_piece",
    "handing_on",
    "looked_at",
    "rows_of",
    "run",
    "told_in_scenario",
]

Read = Layer | Points | PassedOver | None
"""What was read of a piece; None if it is read by the work itself."""


class Summed(Protocol):
    """A value that can be put together with others of its kind, in any grouping."""

    def __add__(self, other: Self) -> Self:
        """Return both together."""


class Sought(Protocol):
    """What a further pass looks for."""

    @property
    def layers(self) -> Collection[int]:
        """The numbers of the layers in which it is to be found."""


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

    def told(self) -> dict[str, Any]:
        """Return what was counted as plain values, which take a few bytes whatever was counted."""
        raise NotImplementedError  # of an answer that is made at one go

    def as_told(self, told: Mapping[str, Any]) -> Self:
        """Return the share of no rows with what was counted elsewhere."""
        raise NotImplementedError  # of an answer that is no list of features


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
    reads_covered
        Whether the layers beside those that are worked through may be data sets, held or not.
    beside
        Whether what stands beside the answer is wanted.
    looking, working, seeking
        What is being done, for whoever is told of the progress.
    """

    looks: Wanted | None = None
    works: Wanted = Wanted()
    streams: ClassVar[bool] = False
    reads_covered: ClassVar[bool] = False
    looking: ClassVar[str] = "Looking"
    working: ClassVar[str] = "Working"
    seeking: ClassVar[str] = "Seeking"

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
        self._given = self.layers

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what the work is set up from: it is set up once in a process, however many pickles come."""
        layers = [
            replace(each, splits=()) if isinstance(each, Parts) else each for each in self._given
        ]
        made_from = (type(self), self.asked, self.sources, layers, self.beside)
        return _set_up, (pickle.dumps(made_from),)

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

    def nothing(self, seen: Seen | None) -> Done:
        """Make the share of no rows at all."""
        piece = self.pieces()[0]
        if piece.split is not None and piece.split.together:
            piece = replace(piece, split=piece.split.together[0])  # which is read sooner
        read = self.read(piece, replace(self.works, box=None))
        assert isinstance(read, Layer)  # noqa: S101 (without a box nothing is passed over)
        return self.work(piece, read.emptied(), seen)

    def share_of(self, told: Any) -> Done:
        """Return the share of which plain values were told; see `Share.told`.

        Raises
        ------
        TypeError, ValueError, KeyError, AttributeError
            If they tell of none.
        """
        raise NotImplementedError  # of a list of features, whose shares have rows

    def sought(self, done: Done) -> Sought | None:
        """Return what is to be looked for in a further pass, when all is done; None if nothing is."""
        return None

    def seek(self, piece: Piece, read: Read, sought: Any) -> Any:
        """Look for it in a piece; what is found can be put together by ``+``."""
        raise NotImplementedError  # a work that seeks nothing is not asked to

    def found(self, done: Done, found: Any) -> Done:
        """Add what was found in all pieces to what was done."""
        raise NotImplementedError  # a work that seeks nothing finds nothing

    def rows_to_come(self, seen: Seen | None) -> int | None:
        """Return how many rows the answer will have; None if only the end will tell."""
        return None


@lru_cache(maxsize=1)
def _set_up(made_from: bytes) -> Work[Any, Any]:
    kind, question, sources, layers, beside = pickle.loads(made_from)  # noqa: S301 (a pickle in our pickle)
    made: Work[Any, Any] = kind(question, sources, layers, beside=beside)
    return made


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


@dataclass(frozen=True, slots=True)
class Looking(Task[Piece, tuple[Any, int]]):
    """Look at each piece of a work; what was seen of it, and how many rows it has."""

    doing: Work[Any, Any]

    def read(self, piece: Piece) -> Read:
        """Read what is looked at."""
        assert self.doing.looks is not None  # noqa: S101 (else nobody looks)
        return self.doing.read(piece, self.doing.looks)

    def do(self, piece: Piece, read: Read) -> tuple[Any, int]:
        """Look at it."""
        return self.doing.look(piece, read), rows_of(read)


@dataclass(frozen=True, slots=True)
class Working(Task[Piece, tuple[Any, int]]):
    """Work on each piece, knowing what was seen of all; its share of the answer, and how many rows it has."""

    doing: Work[Any, Any]
    seen: Any

    def read(self, piece: Piece) -> Read:
        """Read what is worked on."""
        return self.doing.read(piece, self.doing.works)

    def do(self, piece: Piece, read: Read) -> tuple[Any, int]:
        """Work on it."""
        return self.doing.work(piece, read, self.seen), rows_of(read)


@dataclass(frozen=True, slots=True)
class Seeking(Task[Piece, tuple[Any, int]]):
    """Look for something in each piece of a work; what was found in it, and how many rows it has."""

    doing: Work[Any, Any]
    what: Any

    def read(self, piece: Piece) -> Read:
        """Read what was worked on, again."""
        return self.doing.read(piece, self.doing.works)

    def do(self, piece: Piece, read: Read) -> tuple[Any, int]:
        """Look for it."""
        return self.doing.seek(piece, read, self.what), rows_of(read)


def rows_of(read: Read) -> int:
    """Return how many rows were read, or passed over."""
    if isinstance(read, Layer):
        return len(read.frame)
    if isinstance(read, Points):
        return len(read.x)
    return 0 if read is None else read.rows


class Doing(Protocol):
    """Works on all pieces of a work; yields shares in the order of the rows, and how many rows each is of."""

    def __call__(
        self, work: Work[Any, Any], seen: Any, runner: Runner, /
    ) -> Iterator[tuple[Any, int]]:
        """Work on them, knowing what was seen."""


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
    return told_in_scenario(found, sources)


def told_in_scenario(found: Answer, sources: Sources) -> Answer:
    """Return an answer that names the scenario in which it holds, if there is one."""
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
    doing: Doing | None = None,
    runner: Runner = in_order,
    progress: Progress = unsaid,
) -> Answer:
    """Answer a question some of whose layers are too large to be held whole.

    Parameters
    ----------
    sink
        Takes the rows, where the answer is a list of features: `Answer.layer` then has none.
    doing
        Works on all pieces; None to do so piece by piece, and keep nothing of it for later.
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
    made = run(work, runner, sink, progress, doing)
    return told_in_scenario(made if kind.streams else arranged(made), sources)


def run(
    work: Work[Any, Any],
    runner: Runner = in_order,
    sink: Sink | None = None,
    progress: Progress = unsaid,
    doing: Doing | None = None,
) -> Answer:
    """Look at all pieces, work on all of them, seek what is not told yet, and put together what came of it.

    Parameters
    ----------
    runner
        Where and in which order the pieces are worked on.
    sink
        Takes the rows as they come; None to keep them in the answer.
    progress
        Told how far it has come.
    doing
        Works on all pieces, and yields the shares in their order with how many rows each is of; None for `each_piece`.
    """
    seen = looked_at(work, runner, progress)
    write = None if sink is None else handing_on(work, sink, work.rows_to_come(seen))
    worked, tell = Sum[Any](), Telling(work, work.working, progress)
    for each, rows in (doing or each_piece)(work, seen, runner):
        worked.add(each if write is None else write(each))
        tell(rows)
    done = worked.value
    while (sought := work.sought(done)) is not None:
        pieces = [each for each in work.pieces() if each.layer in sought.layers]
        tell = Telling(work, work.seeking, progress, sought.layers)
        done = work.found(done, _gathered(runner(Seeking(work, sought), pieces), tell))
    return work.together(seen, done)


def each_piece(work: Work[Any, Any], seen: Any, runner: Runner) -> Iterator[tuple[Any, int]]:
    """Yield the share of each piece, in the order of the rows."""
    yield from by_number(runner(Working(work, seen), work.pieces()))


def looked_at(work: Work[Any, Any], runner: Runner, progress: Progress) -> Any:
    """Look at all pieces, and return what was seen of them; None if nothing need be looked at."""
    if work.looks is None:
        return None
    tell = Telling(work, work.looking, progress)
    return _gathered(runner(Looking(work), work.pieces()), tell)


def _gathered(results: Iterator[tuple[int, tuple[Any, int]]], tell: Telling) -> Any:
    """Return what came of all pieces, together."""
    gathered = Sum[Any]()
    for each, rows in by_number(results):
        gathered.add(each)
        tell(rows)
    return gathered.value


class Telling:
    """Tells how many rows of a work are done, or of some of its layers."""

    def __init__(
        self,
        work: Work[Any, Any],
        what: str,
        progress: Progress,
        layers: Collection[int] | None = None,
    ) -> None:
        self._what, self._progress = what, progress
        some = [
            each for number, each in enumerate(work.layers) if layers is None or number in layers
        ]
        self._done, self._total = 0, sum(map(_rows_in, some))

    def __call__(self, rows: int) -> None:
        """Count rows that are done now."""
        self._done += rows
        self._progress(self._what, self._done, self._total)


def _rows_in(layer: Layer | Parts) -> int:
    return layer.rows if isinstance(layer, Parts) else len(layer.frame)


def handing_on(work: Work[Any, Any], sink: Sink, rows: int | None) -> Callable[[Any], Any]:
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
