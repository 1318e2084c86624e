"""Words that the counting verbs share: what is counted, as a head of a column and inside a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from lcrmap.analysis.counting import Figure
from lcrmap.layers import Metadata

__all__ = ["counted_title", "figure_words", "in_sentence", "several"]


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
