"""From what a person types for a layer to the layer in parts, where it is large and of a kind that comes in parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lcrmap.errors import LcrmapError, UsageError, WholeNeededError
from lcrmap.io.describing import describe_by, kebab
from lcrmap.io.formats import detect
from lcrmap.io.opening import input_of, locate, region_of, title_of, without_folder
from lcrmap.io.parts import Box, Parts, Progress, unsaid
from lcrmap.io.paths import is_data_set
from lcrmap.io.readers import in_parts
from lcrmap.io.reading import NOTHING_ASKED, Asked
from lcrmap.io.survey import Surveyed
from lcrmap.io.tasks import Runner
from lcrmap.layers import Input, Pack, open_pack

__all__ = ["open_parts"]


def open_parts(
    text: str,
    asked: Asked = NOTHING_ASKED,
    *,
    pack: Pack | None = None,
    need_geometry: bool = False,
    block: int | None = None,
    progress: Progress = unsaid,
    region: Callable[[], Box | None] | None = None,
    runner: Runner | None = None,
    hash_full: bool = False,
) -> Parts:
    """Open a file or a data set in parts; all that is known of it is what `lcrmap.io.opening.open_layer` would tell.

    Parameters
    ----------
    text, pack, need_geometry
        As for `lcrmap.io.opening.open_layer`.
    asked
        How the file is read.
    block
        How many bytes of a delimited file are read at a time; None for what is usual.
    progress
        Told how far the first pass over the file has come.
    region
        Returns the box in which positions are expected, in degrees; None to read it off the pack's areas.
    runner
        Where the files of a data set are looked at; None for this process.
    hash_full
        Whether every byte of a data set is read and hashed, not the footers alone.

    Raises
    ------
    FileError, CRSError
        If the files of a data set are broken or do not agree.
    WholeNeededError
        If it is of a kind that does not come in parts, or if anything is unusual about it.
    """
    pack = pack or open_pack()
    box = region_of(pack) if region is None else region()
    if is_data_set(text):
        return _open_data_set(text, asked, box, need_geometry, progress, runner, hash_full)
    try:
        path, part = locate(text, pack)
        found = detect(path)
    except (LcrmapError, OSError) as error:
        raise WholeNeededError(str(error)) from error
    survey = in_parts(found)
    if (
        survey is None
        or (part and not found.layered)
        or (found.name != "csv" and (asked.x or asked.y))
        or asked.match
        or asked.encoding
    ):
        raise WholeNeededError(f"{text} does not come in parts.")
    surveyed = survey(path, replace(asked, part=part), region=box, block=block, progress=progress)
    title = part or surveyed.reading.title or title_of(path)
    made = _described(surveyed, f"'{path}'", title, (input_of(path),), need_geometry)
    return replace(made, notes=without_folder(made.notes, path))


def _open_data_set(
    text: str,
    asked: Asked,
    region: Box | None,
    need_geometry: bool,
    progress: Progress,
    runner: Runner | None,
    hash_full: bool,
) -> Parts:
    from lcrmap.io.readers import dataset  # which one file does without

    if asked.x or asked.y or asked.match or asked.encoding or asked.part:
        raise UsageError(
            f"--x, --y, --match and --encoding are for tables, and '{text}' is a data set of GeoParquet."
        )
    surveyed, data = dataset.survey(
        text, asked, region=region, progress=progress, runner=runner, hash_full=hash_full
    )
    name = data.place.name
    made = _described(surveyed, f"'{text}'", name, (data.input,), need_geometry)
    return replace(made, notes=tuple(each.replace(text.rstrip("/"), name) for each in made.notes))


def _described(
    surveyed: Surveyed, where: str, title: str, inputs: tuple[Input, ...], need_geometry: bool
) -> Parts:
    """Describe what was surveyed as the whole would be."""
    if not surveyed.placed:
        raise WholeNeededError("No feature has a position: it may be told by a column.")
    reading = surveyed.reading
    if "" in reading.types:
        raise WholeNeededError("A column has no name, and gets one where the whole is read.")
    metadata, notes = describe_by(surveyed.facts, reading, kebab(title), title)
    notices = surveyed.checks.notices(
        surveyed.seen,
        where,
        key=metadata.key,
        row_numbers=reading.row_numbers,
        row_word=reading.row_word,
        need_geometry=need_geometry,
    )
    return Parts(
        metadata=metadata,
        inputs=inputs,
        notes=(*reading.notes, *notes, *notices),
        rows=surveyed.rows,
        placed=surveyed.placed,
        crs=surveyed.crs,
        has_points=surveyed.has_points,
        splits=surveyed.splits,
        reader=surveyed.reader,
    )
