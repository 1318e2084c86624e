"""Words that verbs share: what is counted, lists, and what position errors leave open."""

from __future__ import annotations

from collections.abc import Sequence

from lcrmap.analysis.counting import Figure
from lcrmap.layers import Metadata

__all__ = ["allowing", "counted_title", "figure_words", "in_sentence", "several", "too_close"]


def counted_title(metadata: Metadata) -> str:
    """Return what is counted, as the head of a column: the layer's noun, else its title.

    Examples
    --------
    >>> from lcrmap.layers import Metadata
    >>> counted_title(Metadata("homes", "Homes", noun_many="postcodes with homes"))
    'Postcodes with homes'
    """
    many = metadata.noun_many
    return metadata.title if many in ("features", "") else many[0].upper() + many[1:]


def figure_words(metadata: Metadata, figure: Figure) -> str:
    """Return a figure's title as it stands inside a sentence; a layer's noun keeps the capitals that it has.

    >>> import numpy as np
    >>> figure_words(Metadata("a", "A", noun_many="Acme sites"), Figure("x", "Acme sites per km2", "rate", np.ones(1)))
    'Acme sites per km2'
    """
    own = counted_title(metadata)
    if figure.title.startswith(own):
        many = metadata.noun_many
        noun = own if many in ("features", "") else many
        return noun + figure.title[len(own) :]
    return in_sentence(figure.title)


def in_sentence(title: str) -> str:
    """Return a field's title as it stands inside a sentence: without its capital, unless it is an abbreviation.

    >>> in_sentence("Residents"), in_sentence("GVA")
    ('residents', 'GVA')
    """
    plain = len(title) > 1 and title[1].islower()
    return title[0].lower() + title[1:] if plain else title


def several(parts: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> several(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def allowing(low: str, high: str) -> str:
    """Write what a number may be by the errors of positions, behind what is said of it.

    >>> "5 of the 9 lie there" + allowing("5", "7")
    '5 of the 9 lie there (5 to 7, allowing for position errors)'
    """
    return f" ({low} to {high}, allowing for position errors)"


def too_close(names: Sequence[str], more: str, most: str) -> str:
    """Say that any of some may be first.

    Parameters
    ----------
    names
        At least two.
    more, most
        What the first of two, or of several, has: "more sites", "the most sites".

    Examples
    --------
    >>> too_close(["A", "B"], "more sites", "the most sites")
    'A and B are too close to call: position errors could change which has more sites'
    """
    has = more if len(names) == 2 else most
    return f"{several(names)} are too close to call: position errors could change which has {has}"
