"""Ask a question and hand the answer on: whole, or in parts where a layer is large."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lcrmap.cli.delivery import Delivery, deliver, deliver_map, page_targets, put_answer
from lcrmap.cli.door import Shown, say, telling_progress
from lcrmap.cli.large import takes_much, weigh_reading
from lcrmap.errors import UsageError, WholeNeededError
from lcrmap.io.formats import format_named, suffix_format
from lcrmap.io.paths import files_meant, is_address, is_data_set, is_folder, typed_path
from lcrmap.io.targets import Identity, identities, is_special
from lcrmap.io.tasks import Runner, Task
from lcrmap.io.writing import described_beside, takes_parts
from lcrmap.layers import Pack, open_pack
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.question import Question, Rows, fields_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer, answer_in_parts

if TYPE_CHECKING:
    from lcrmap.io.parts import Progress
    from lcrmap.io.stores import Place

__all__ = ["ask_and_deliver", "inputs_of", "layers_named", "went_in_parts"]


_OF_MACHINES = ("workers", "scheduler", "memory", "tls_ca", "tls_cert", "tls_key")
"""The options that mean something with Dask alone."""


def ask_and_deliver(kind: type[Question], params: Mapping[str, Any]) -> None:
    """Ask what a command line asks, and deliver the answer where it says.

    Parameters
    ----------
    kind
        The verb's question.
    params
        The values of its options, and of those that say where the answer goes.
    """
    question = question_from(kind, params)
    sources = Sources(
        open_pack(params["pack"]),
        addresses=_typed(question, params),
        hash_full=params.get("hash_") == "full",
        foretell=say,
    )
    to = _delivery_of(params, inputs_of([question], sources.pack))
    if isinstance(question, Rows):
        to.refuse()
        if params.get("engine") == "dask":
            _refuse_for_workers(question, sources, to)
        with _runner_of(params) as runner:
            sources.runner = runner
            _deliver_rows(question, sources, to)
        return
    to = replace(to, output=page_targets(to.output, question, sources.pack))
    to.refuse()
    weigh_reading(layers_named(question), sources.pack, large=to.large)
    deliver_map(answer(question, sources), sources, to)


def _deliver_rows(question: Rows, sources: Sources, to: Delivery) -> None:
    if not (went_by_first_rows(question, sources, to) or went_in_parts(question, sources, to)):
        if to.resume:
            raise UsageError(
                "--resume is for what is read in parts, and this is read whole: leave it out."
            )
        weigh_reading(layers_named(question), sources.pack, large=to.large)
        deliver(answer(question, sources), sources, to)


def _refuse_for_workers(question: Rows, sources: Sources, to: Delivery) -> None:
    """Refuse, before any worker is started, what workers cannot do.

    Raises
    ------
    UsageError
        If no layer is large, or rows would come back to be written to one file.
    """
    if not any(map(sources.is_large, _worked_through(question))):
        raise UsageError(
            "--engine dask is for data sets and large files, and this is small: leave it out."
        )
    if work_class(question.ask).streams and to.folder is None:
        raise UsageError(
            "With --engine dask each worker writes the rows that it works on: name a folder, as in -o joined/, and "
            "make one file of it with lcrmap show joined/ -o FILE."
        )


def _runner_of(params: Mapping[str, Any]) -> AbstractContextManager[Runner]:
    """Return what does the work; nothing of machines is loaded where none are spoken of."""
    if params.get("engine", "here") == "here" and not any(map(params.get, _OF_MACHINES)):
        return nullcontext(_here)
    from lcrmap.cli.engines import runner_of

    return runner_of(params)


def _here(task: Task[Any, Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    from lcrmap.engines.here import read_ahead  # which what is small does without

    return read_ahead(task, items)


@contextmanager
def _progress_of(sources: Sources) -> Iterator[Progress]:
    """Show on a terminal how far the work has come, and which of its items is awaited for long."""
    before = sources.runner
    with telling_progress() as progress:
        if isinstance(progress, Shown):
            from lcrmap.engines.awaited import telling_awaited  # which nobody else wants to know

            sources.runner = telling_awaited(before, progress.awaits)
        try:
            yield progress
        finally:
            sources.runner = before


def _typed(question: Question, params: Mapping[str, Any]) -> frozenset[str]:
    """Return the address that a command line names as its large layer.

    Raises
    ------
    UsageError
        If it names one anywhere else.
    """
    named = layers_named(question)
    if not any(map(is_address, named)):
        return frozenset()
    first = next(iter(_large_side(question)), "")
    others = [each for each in named if is_address(each)]
    if "engine" in params and is_address(first):
        others.remove(first)
    if others:
        raise UsageError(
            f"'{others[0]}' is an address, which join, count, near and show take as their first layer alone: download "
            f"its files."
        )
    return frozenset({first})


def _large_side(question: Question) -> tuple[str, ...]:
    """Return the layers that a question works through, which may be large: what it names first."""
    first = (
        value for field, value in question.given() if field.names_files and field.option.argument
    )
    large = next(first, ())
    return large if isinstance(large, tuple) else (large,)


def _worked_through(question: Rows) -> Sequence[str]:
    """Return the layers that must come in parts if they are large: all, where the verb holds those beside the first."""
    if work_class(question.ask).reads_covered:
        return _large_side(question)
    return layers_named(question)


def _delivery_of(params: Mapping[str, Any], inputs: frozenset[Identity]) -> Delivery:
    """Return where the options of a command line want the answer to go."""
    folders = [each for each in params["output"] if not isinstance(each, Path)]
    if folders and len(params["output"]) > 1:
        raise UsageError(
            f"'{folders[0].text}' is a folder, which is written alone: leave out the other files."
        )
    given = {name: params[name] for name in Delivery.names() if name in params}
    if folders:
        given.update(output=(), folder=folders[0])
    if params.get("rows_per_file") and not folders:
        raise UsageError(
            "--rows-per-file is for a data set: name a folder, as in -o output/joined/."
        )
    return Delivery(**given, inputs=inputs)


def question_from(kind: type[Question], params: Mapping[str, Any]) -> Question:
    """Return the question that the options of a command line ask."""
    values = {}
    for field in fields_of(kind):
        value = params[field.name]
        if field.option.comma and isinstance(value, str):
            value = tuple(part.strip() for part in value.split(",")) if value else ()
        if value is not None and value != ():
            values[field.name] = value
    return kind(**values)


def went_in_parts(question: Rows, sources: Sources, to: Delivery) -> bool:
    """Answer in parts where that is possible, and tell whether it was.

    Raises
    ------
    UsageError
        If it was not, and a layer is a data set, which is never held whole.
    """
    names = _worked_through(question)
    _refuse_to_draw(question, sources, to)
    if not any(map(sources.is_large, names)):
        return False
    from lcrmap.cli.streaming import sink_of

    streams = work_class(question.ask).streams
    _refuse_to_resume(to, streams=streams)
    if streams and (why := _why_not_as_they_come(question, to)):
        _refuse_data_sets(names, why)
        return False
    if to.draws and not any(map(is_data_set, names)):
        return False  # a page shows each feature
    try:
        if not streams:
            _delivered_at_the_end(question, sources, to)()
            return True
        if to.folder is not None:
            say(*_written_to_folder(question, sources, to.folder, to))
            return True
        with _progress_of(sources) as progress, sink_of(to) as sink:
            made = answer_in_parts(
                question, sources, sink, runner=sources.runner, progress=progress
            )
    except WholeNeededError as error:
        _refuse_data_sets(names, str(error))
        return False
    say(*sink.said(made.notes))
    return True


def _refuse_to_resume(to: Delivery, *, streams: bool) -> None:
    """Refuse to go on with a run of which nothing was kept."""
    if to.resume and to.folder is None and streams:
        raise UsageError("--resume is for a data set: name a folder, as in -o output/joined/.")
    if to.resume and _keeps_beside(to) is None and to.folder is None:
        raise UsageError("--resume goes on with a run to a file or folder: name it with -o.")


def _keeps_beside(to: Delivery) -> Path | None:
    """Return the file beside which a run keeps what is finished; none if it goes to no file that has a folder."""
    return next((each for each in to.output if not is_special(each)), None)


def _delivered_at_the_end(question: Rows, sources: Sources, to: Delivery) -> Callable[[], None]:
    """Answer a question whose rows are put together in the end; return what says all that is to be said then."""
    from lcrmap.io.kept_runs import kept_run_to
    from lcrmap.io.placed_sets import data_set_in
    from lcrmap.verbs.tallies import Kept

    with _progress_of(sources) as progress, to.writing() as together:
        file, placed = _keeps_beside(to), None
        if to.folder is not None:
            placed = data_set_in(to.folder, together, resume=to.resume)
        kept = placed or (kept_run_to(file, together, resume=to.resume) if file else None)
        doing = None if kept is None else Kept(kept.place)
        try:
            made = answer_in_parts(
                question, sources, doing=doing, runner=sources.runner, progress=progress
            )
            return put_answer(made, sources, to, together, placed)
        except WholeNeededError:
            kept = None  # it is answered in another way
            raise
        finally:
            if kept is not None:
                kept.keep()


def went_by_first_rows(question: Rows, sources: Sources, to: Delivery) -> bool:
    """Show the first rows of a large layer where no others are needed, and tell whether it was so."""
    if question.ask != "show" or not any(map(sources.is_large, layers_named(question))):
        return False
    (name,) = layers_named(question)
    if suffix_format(name) == format_named("geojsonl") and not takes_much(name, sources.pack):
        return False  # to look at all of a sequence takes longer than to read it whole
    from lcrmap.verbs.show.question import Show
    from lcrmap.verbs.show.rows import first_rows

    assert isinstance(question, Show)  # noqa: S101 (that is how it is asked)
    try:
        with _progress_of(sources) as progress:
            made = first_rows(question, sources, progress)
    except WholeNeededError:
        return False
    deliver(made, sources, to)
    return True


def inputs_of(questions: Iterable[Question], pack: Pack) -> frozenset[Identity]:
    """Return the files that questions read, so that no output replaces one: under whatever name, link or not."""
    files: list[Path | int] = [pack.folder / "datapackage.json"]
    files += [pack.folder / each.path for each in pack]
    addresses: set[Identity] = set()
    for text in (each for question in questions for each in layers_named(question)):
        if is_address(text):
            addresses.add(_address(text))
        if text == "-":
            files.append(0)  # the descriptor of standard input
        for path in _files_meant(text):
            if text not in pack.names or not is_folder(
                path
            ):  # a folder may be called as a layer is
                files += filter(None, (path, described_beside(path)))
    return identities(files) | addresses


def _address(text: str) -> str:
    from lcrmap.io.stores import place_of  # which files do without

    return place_of(text).address


def _files_meant(text: str) -> Iterator[Path]:
    """Give every path that a text can mean: all of it, and what stands before each colon."""
    for each, _ in files_meant(text):
        yield Path(each)
        yield typed_path(each)


def layers_named(question: Question) -> list[str]:
    """Return every layer and place that a question names, as it was typed."""
    return [
        each
        for field, value in question.given()
        if field.names_files
        for each in (value if isinstance(value, tuple) else (value,))
    ]


def _why_not_as_they_come(question: Rows, to: Delivery) -> str:
    """Say why rows cannot be written as they come; empty if they can."""
    if question.sort or question.limit is not None:
        return f"{'--sort' if question.sort else '--limit'} needs all rows."
    if to.draws:
        return "A page or a picture shows all rows."
    if not all(map(takes_parts, to.files)):
        return "A file of this format is written whole."
    if to.prints and not to.streamed_format:
        return "A table on the terminal needs all rows."
    return ""


def _written_to_folder(question: Rows, sources: Sources, folder: Place, to: Delivery) -> list[str]:
    """Answer with a data set, and return what must be said of it."""
    from lcrmap.cli.streaming import beside_of
    from lcrmap.io.placed_sets import data_set_in
    from lcrmap.io.writers.dataset import ROWS_PER_FILE
    from lcrmap.verbs.portions import answer_in_portions

    # The second file before the folder: the list of files in a store is the last that can fail.
    with (
        _progress_of(sources) as progress,
        to.writing() as together,
        beside_of(to, together) as sink,
    ):
        placed = data_set_in(folder, together, resume=to.resume)
        try:
            made, written = answer_in_portions(
                question,
                sources,
                placed.place,
                most=to.rows_per_file or ROWS_PER_FILE,
                beside=None if sink.beside is None else sink.beside[1].write,
                runner=sources.runner,
                progress=progress,
            )
        except BaseException:
            placed.keep()
            raise
        said = placed.fill(written)
    return [*sink.said(made.notes), said]


def _refuse_to_draw(question: Rows, sources: Sources, to: Delivery) -> None:
    """Refuse a page or a picture that would show all of a layer that is too large to be held."""
    kind = work_class(question.ask)
    if not (to.draws and kind.streams and kind.reads_covered):
        return
    from lcrmap.verbs.beside import refuse_to_show

    large = _large_side(question)
    refuse_to_show(sources, [each for each in layers_named(question) if each not in large])


def _refuse_data_sets(names: Iterable[str], why: str) -> None:
    for name in names:
        if is_data_set(name):
            raise UsageError(
                f"'{name}' is a data set, which is never held whole. {why} Choose rows first, as with lcrmap show "
                f"{shlex.quote(name)} --where EXPR -o some.parquet (or -n 100 for the first rows), and ask that file."
            )
