"""A report before it is written: the one object from which every file of it takes its words and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lcrmap.layers import Input, Layer, Licence, Source
from lcrmap.maps.credits import Credit
from lcrmap.maps.headlines import Headline, headline_look, set_headline
from lcrmap.maps.page import Page
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.maps.words import Words
from lcrmap.pictures.drawing import Picture
from lcrmap.pictures.lines import credit_sentences
from lcrmap.reports.recipes import Recipe

__all__ = ["METHODS", "Report", "Section"]

METHODS: Final = "How the figures were worked out"
"""The heading of the methods."""

_RANGES: Final = "A range in brackets is what remains possible, as positions are not exact."
_REASON: Final = ", as positions are not exact)"
# Behind a scenario's title.
_UNBRACKETED: Final = re.compile(rf"; ([^;]+){re.escape(_REASON[:-1])}$")
_ENDS: Final = re.compile(r"(?<=[.!?]) (?=[A-Z])")  # of sentences, more or less
_WHOLE: Final = 40  # letters; what is shorter may be a part of a sentence, cut at an abbreviation


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer.

    Attributes
    ----------
    slug
        The name of its files: letters, digits and hyphens.
    finding
        The answer in one sentence; the heading says it if no other title was wished for.
    sentences
        What else is to be said, ranges included.
    caption
        What the picture shows, where and when; it stands with the picture.
    pictures
        The picture by its kind, such as ``svg``; all of them show the same.
    passages
        What the answer tells besides its rows.
    method
        How the figures were worked out.
    listed
        Whether its finding stands among those at the report's beginning.
    """

    slug: str
    title: str
    finding: str
    sentences: tuple[str, ...] = ()
    caption: str = ""
    notes: tuple[str, ...] = ()
    sheet: Sheet | None = None
    layer: Layer | None = None
    page: Page | None = None
    pictures: tuple[tuple[str, Picture], ...] = ()
    passages: tuple[Passage, ...] = ()
    method: str = ""
    listed: bool = True

    @property
    def heading(self) -> str:
        """The title; of a finding, without the reason of its range, which the report gives once."""
        return _short(self.title)

    @property
    def headline(self) -> Headline:
        """The heading as it is set: of a finding, what its page sets smaller is smaller here too."""
        heading = self.heading
        if self.page is None or self.title != self.page.model.headline:
            return Headline(heading, "", headline_look(heading))
        text, _, look = set_headline(self.page.model)
        if not heading.startswith(text):  # without what is known, in its midst
            return Headline(heading, "", look)
        return Headline(text, heading.removeprefix(text).strip(), look)

    @property
    def claim(self) -> str:
        """The finding as it stands below the heading; empty if it is the heading."""
        return _short(self.finding) if self.finding != self.title else ""

    @property
    def said(self) -> tuple[str, ...]:
        """The sentences as the report says them."""
        return tuple(_short(each) for each in self.sentences)

    @property
    def alt(self) -> str:
        """The text that stands for the picture; empty without one."""
        return self.pictures[0][1].alt if self.pictures else ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    intro: str
    sections: tuple[Section, ...]
    credits: tuple[Credit, ...]
    inputs: tuple[Input, ...]
    versions: tuple[tuple[str, str], ...]
    pack: tuple[tuple[str, str], ...]
    recipe: Recipe
    words: Words

    @property
    def findings(self) -> tuple[tuple[str, str], ...]:
        """The sections' slugs and findings."""
        return tuple(
            (each.slug, each.finding) for each in self.sections if each.finding and each.listed
        )

    @property
    def in_short(self) -> tuple[tuple[str, str], ...]:
        """The findings for the report's beginning: what their ranges are is said once, below all."""
        return tuple((slug, _short(found)) for slug, found in self.findings)

    @property
    def ranges_note(self) -> str:
        """What the ranges in brackets are, for names and shares stand in brackets too; empty if there are none."""
        told = [text for each in self.sections for text in (each.finding, *each.sentences)]
        some = any(_short(each) != each for each in told)
        return _RANGES if some else ""

    @property
    def methods(self) -> tuple[str, ...]:
        """How the figures were worked out: what several sections have in common is said once."""
        return _once(dict.fromkeys(each.method for each in self.sections if each.method))

    @property
    def owed(self) -> tuple[str, ...]:
        """The credit lines, each sentence verbatim and once."""
        return tuple(credit_sentences(each.line for each in self.credits))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source once, in the order of the sections."""
        return tuple(dict.fromkeys(s for each in self.credits for s in each.sources))

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Every licence once."""
        return tuple(dict.fromkeys(s for each in self.credits for s in each.licences))

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said on stderr about the pictures."""
        pictures = [picture for each in self.sections for _, picture in each.pictures]
        return tuple(dict.fromkeys(note for each in pictures for note in each.notes))


def _short(text: str) -> str:
    """Return a sentence without the reason of its ranges, which stand in brackets.

    Examples
    --------
    >>> _short("5 lie there (4 to 6, as positions are not exact)")
    '5 lie there (4 to 6)'
    >>> _short("5 lie there; in the scenario 'A'; 4 to 6, as positions are not exact")
    "5 lie there; in the scenario 'A' (4 to 6)"
    """
    return _UNBRACKETED.sub(r" (\1)", text.replace(_REASON, ")"))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Leave out of texts the sentences that an earlier one has.

    Examples
    --------
    >>> straight = "Distances are geodesics on the WGS84 ellipsoid."
    >>> _once([f"{straight} On foot.", f"{straight} By bus."])
    ('Distances are geodesics on the WGS84 ellipsoid. On foot.', 'By bus.')
    """
    known: set[str] = set()
    kept = []
    for text in texts:
        parts = _ENDS.split(text)
        kept.append(" ".join(each for each in parts if len(each) < _WHOLE or each not in known))
        known.update(parts)
    return tuple(filter(None, kept))
