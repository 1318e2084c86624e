"""The figures of a profile: one row an indicator, beside the borough and the region."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pandas as pd

from lcrmap.errors import NothingFoundError
from lcrmap.layers import Category, Field, Layer, Metadata
from lcrmap.layers.indicators import Indicator
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.maps.words import load_words
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.figures import credited, figure_of_region
from lcrmap.verbs.profile.nearby import nearby
from lcrmap.verbs.profile.question import Profile
from lcrmap.verbs.profile.subject import Subject, subject_of
from lcrmap.verbs.profile.words import compared, finding, glance, said, same_words, shown
from lcrmap.verbs.work import WholeWork

__all__ = ["ProfileWork"]

_FIELDS: Final = (
    Field("id", "Id"),
    Field("title", "Figure"),
    Field("theme", "Theme"),
    Field("unit", "Unit"),
    Field("value", "Here", "number"),
    Field("larger", "Larger area", "number", "The borough in which the area lies"),
    Field("region", "Region", "number"),
    Field(
        "compared",
        "Against the region",
        description="Better or worse than the region's figure; where neither way is better, higher or lower. "
        + same_words(),
        categories=tuple(
            Category(each, each.capitalize())
            for each in ("better", "worse", "higher", "lower", "about the same")
        ),
    ),
    Field("as_of", "As of"),
)
_FIGURES: Final = ("value", "larger", "region")
_OF_AREAS: Final = (
    "These are figures of areas: what is true of an area is not true of each who lives in it."
)


@dataclass(frozen=True, slots=True)
class ProfileShown:
    """What the page of a profile shows besides the rows."""

    subject: Subject
    ring: float | None
    glance: tuple[str, ...]


class ProfileWork(WholeWork):
    """Puts twenty figures of an area, or of those around a place, beside those of the region."""

    asked: Profile

    def answered(self) -> Answer:
        """Return one row a figure, and tables of them by theme for the page."""
        asked, sources = self.asked, self.sources
        pack = sources.pack
        subject = subject_of(asked, sources)
        chosen = [pack.indicators.named(each) for each in pack.indicators.profile]
        rows = pd.DataFrame([self._row(each, subject) for each in chosen])
        rows.columns = pd.Index([each.name for each in _FIELDS])
        residents = float(rows["value"].iloc[0])
        if not residents > 0:
            raise NothingFoundError(f"Nobody lives {subject.name}, as far as the pack knows.")
        near, services = nearby(subject.spots, sources)
        layer = Layer(
            without_places(rows.round({"value": 3, "larger": 3, "region": 3})),
            with_sources_of(_metadata(subject), *(each.metadata for each in services)),
            tuple(dict.fromkeys(one for each in services for one in each.inputs)),
        )
        judged = [each.better != "neither" for each in chosen]
        said_first = finding(subject.name, residents, rows["compared"].fillna("")[judged].tolist())
        notes = list(dict.fromkeys(each.source.note for each in chosen if each.source.note))
        return Answer(
            question=asked,
            pack=pack,
            layer=credited(layer, chosen, pack),
            finding=said_first,
            sentences=(_OF_AREAS, *notes),
            notes=(*subject.spots.notes, _OF_AREAS, *notes, f"{said_first}."),
            main=("title", "value", "larger", "region", "compared"),
            spoken=partial(_with_units, chosen=tuple(chosen), larger=subject.larger_name),
            passages=(
                _figures(rows, chosen, subject, pack.region),
                near,
                _sources(chosen),
            ),
            shown=ProfileShown(
                subject,
                asked.ring,
                tuple(glance(chosen, rows.to_dict("records"))),
            ),
        )

    def _row(self, indicator: Indicator, subject: Subject) -> tuple[object, ...]:
        own = subject.figure(indicator, self.sources)
        larger = subject.of_larger(indicator, self.sources)
        region = figure_of_region(self.sources.pack, indicator)
        return (
            *(indicator.id, indicator.title, indicator.theme, indicator.unit),
            *(own, larger, region, compared(indicator, own, region) or None),
            indicator.source.as_of,
        )


def _with_units(layer: Layer, *, chosen: tuple[Indicator, ...], larger: str) -> Layer:
    """Return the figures as people read them: with their units, the larger area by its name if there is one."""
    known = {each.id: each for each in chosen}
    frame = layer.frame
    if "id" not in frame:
        return layer
    words = {
        name: [
            said(known[each], float(value))
            for each, value in zip(frame["id"], frame[name], strict=True)
        ]
        for name in _FIGURES
        if name in frame
    }
    frame = frame.assign(**words)
    if not larger:
        return layer.with_frame(frame.drop(columns="larger", errors="ignore"))
    fields = tuple(
        replace(each, title=larger) if each.name == "larger" else each
        for each in layer.metadata.fields
    )
    return replace(layer, frame=frame, metadata=layer.metadata.replaced(fields=fields))


def _metadata(subject: Subject) -> Metadata:
    return Metadata(
        name="profile",
        title=f"Figures: {subject.name}",
        key="id",
        label="title",
        noun_one="figure",
        noun_many="figures",
        geometry="none",
        fields=_FIELDS,
    )


def _figures(rows: pd.DataFrame, chosen: list[Indicator], subject: Subject, region: str) -> Passage:
    """Put the figures into a table for people: here, in the larger area, in the region, and how they compare."""
    larger = (subject.larger_name,) if subject.larger else ()
    heads = ("Figure", "Here", *larger, region, "Against the region")
    cells = []
    for indicator, row in zip(chosen, rows.to_dict("records"), strict=True):
        beside = (said(indicator, row["larger"]),) if subject.larger else ()
        mark = shown(str(row["compared"] or ""))
        cells.append(
            (
                indicator.title,
                said(indicator, row["value"]),
                *beside,
                said(indicator, row["region"]),
                mark,
            )
        )
    numeric = (False, *(True for _ in heads[1:-1]), False)
    table = tuple(cells)
    return Passage(
        "Figures",
        (same_words(),),
        sheet=Sheet(
            f"{subject.name[:1].upper()}{subject.name[1:]} and {region}",
            heads,
            numeric,
            table,
            table,
            len(table),
        ),
    )


def _sources(chosen: list[Indicator]) -> Passage:
    """Name each source with its date, and what was derived."""
    named = dict.fromkeys(
        f"{each.source.title}, as of {load_words().date(each.source.as_of)}." for each in chosen
    )
    derived: dict[str, list[str]] = {}
    for each in chosen:
        if each.derived:
            derived.setdefault(each.derived, []).append(each.title)
    told = [f"{method} So made: {'; '.join(titles)}." for method, titles in derived.items()]
    return Passage("Where the figures come from", sentences=(*named, *told), listed=True)
