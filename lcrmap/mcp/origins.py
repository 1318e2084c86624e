"""Where the figures of an answer come from: whom to name, with which date, and which texts are of a user's file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from lcrmap.cli.door import visible
from lcrmap.io.parts import Parts
from lcrmap.layers import Layer, Licence, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.sources import Sources

__all__ = ["credit_line", "credits_of", "is_from", "quoting", "read_files"]


def credits_of(answer: Answer, sources: Sources) -> list[dict[str, str]]:
    """Return the credit line of each layer and indicator that an answer rests on, with the date of its facts."""
    behind = list(_layers_behind(answer, sources))
    credited = [credit_line(each.title, each.credit, each.licences, each.as_of) for each in behind]
    named = {source.title for each in behind for source in each.sources}
    told = {source.title for source in answer.layer.metadata.sources} - named
    listed = _indicators_listed(answer)
    for each in sources.pack.indicators if sources.pack.has_indicators else ():
        source = each.source
        if f"{source.title}, {source.as_of}" in told or each.id in listed:
            licences = [one for one in answer.layer.metadata.licences if one.name == source.licence]
            licences = licences or [Licence(source.licence, source.licence)]
            credited.append(credit_line(source.title, source.credit, licences, source.as_of))
    return list({tuple(each.items()): each for each in credited}.values())


def _indicators_listed(answer: Answer) -> set[str]:
    """Return the ids of the indicators that are told of: those of the rows, or the one whose areas the rows are."""
    if answer.question.ask != "indicators":
        return set()
    plain, frame = answer.question.to_plain(), answer.layer.frame
    return set(frame["id"]) if "id" in frame.columns else {str(plain.get("words"))}


def credit_line(title: str, credit: str, licences: Iterable[Licence], as_of: str) -> dict[str, str]:
    """Return a credit line as a result holds it, with the date of the facts."""
    told = {
        "title": title,
        "credit": credit,
        "licence": ", ".join(each.title for each in licences),
        "as_of": as_of,
    }
    return {name: visible(each) for name, each in told.items()}


def _layers_behind(answer: Answer, sources: Sources) -> Iterator[Metadata]:
    """Give the layers whose files are behind the rows; where rows have none, as of a map, all that were opened."""
    beside = () if answer.beside is None else answer.beside.inputs
    files = {each.name for each in (*answer.layer.inputs, *beside)}
    for each in sources.pack if files else ():
        if each.path and PurePosixPath(each.path).name in files - sources.own_files:
            yield each
    for layer in sources.opened:
        of_pack = layer.metadata.name in sources.pack.names
        if not files or (not of_pack and {each.name for each in layer.inputs} & files):
            yield layer.metadata


def is_from(layer: Layer, column: str, sources: Sources) -> str:
    """Tell where a column comes from; text that may be of a file counts as of one."""
    others = _others(sources)
    if any(column in _columns_of(each) for each in others):
        return "file"
    if any(column in _columns_of(each) for each in sources.opened):
        return "pack"
    field = layer.field(column)
    text = field.type not in ("integer", "number", "boolean") and not field.categories
    return "file" if text and read_files(sources) else "lcrmap"


def read_files(sources: Sources) -> list[str]:
    """Return the names of the files of somebody's own that were read."""
    own, others = sources.own_files, _others(sources)
    names = [known.name for each in others for known in each.inputs]
    names += [each.name for each in sources.inputs if each.name in own]
    packed = {PurePosixPath(each.path).name for each in sources.pack if each.path} - own
    return [visible(each) for each in dict.fromkeys(names) if each not in packed]


def quoting(sentence: str, sources: Sources) -> str:
    """Return a sentence with what a user's scenario says of itself in quotes: these are not our words."""
    own = sources.own_files
    scenes = [each for each in sources.scenes if {known.name for known in each.inputs} & own]
    said = {text for each in scenes for text in (each.title, each.about) if text}
    for text in sorted(said, key=len, reverse=True):
        if text in sentence and f"'{text}'" not in sentence:
            return sentence.replace(text, f"'{text}'")
    return sentence


def _others(sources: Sources) -> list[Layer | Parts]:
    """Return the layers that were opened and hold something of a user's file, as one in a scenario may."""
    own, names = sources.own_files, sources.pack.names
    return [
        each
        for each in sources.opened
        if each.metadata.name not in names or any(known.name in own for known in each.inputs)
    ]


def _columns_of(opened: Layer | Parts) -> list[str]:
    if isinstance(opened, Layer):
        return list(map(str, opened.frame.columns))
    return [each.name for each in opened.metadata.fields]
