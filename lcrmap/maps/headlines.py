"""How a headline is set: what stands in it, what below it in smaller letters, and how large its own are."""

from __future__ import annotations

from typing import Final, NamedTuple

from lcrmap.maps.model import PageModel

__all__ = ["Headline", "bare_aside", "headline_look", "set_headline"]

_LONGEST: Final = 112  # letters that three lines of a phone hold
_LOOKS: Final = ((104, "longest"), (86, "longer"), (60, "long"))  # above so many letters


class Headline(NamedTuple):
    """What a headline says itself, what stands below it, and its look; see `headline_look`."""

    text: str
    aside: str
    look: str


def set_headline(model: PageModel) -> Headline:
    """Set a page's headline: its range stands below it, smaller; if it is long, what is known too."""
    words = model.words
    finding, given = words.split_range(model.headline)
    if model.aside:
        finding, given = model.headline.removesuffix(model.aside), bare_aside(model.aside)
    known = words("headline.known")
    if len(finding) > _LONGEST and known in finding:
        finding = finding.replace(known, "")
        given = "; ".join(filter(None, (words("headline.known_alone"), given)))
    return Headline(finding, given, headline_look(finding))


def headline_look(text: str) -> str:
    """Return how small a headline is set, to fit two lines of a wide screen and three of a phone.

    Examples
    --------
    >>> headline_look("Most sites are in Halton"), headline_look("Most sites are in Halton, " * 4)
    ('', 'longer')
    """
    return next((name for most, name in _LOOKS if len(text) > most), "")


def bare_aside(aside: str) -> str:
    """Return the end of a headline without what joins it to the rest.

    Examples
    --------
    >>> bare_aside(" (nearest A (old); farthest B)"), bare_aside(": 5 more"), bare_aside(". B is next")
    ('nearest A (old); farthest B', '5 more', 'B is next')
    """
    bare = aside.lstrip(".,:; ")
    return bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare
