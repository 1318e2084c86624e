"""A target that is too large to be held: of it is read what can hold something near, wider until that is proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.metric import are_points
from lcrmap.analysis.proximity import RightErrors
from lcrmap.analysis.ranges import error_radii
from lcrmap.errors import CRSError, UsageError
from lcrmap.io.covered import Covered
from lcrmap.io.parts import Wanted
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names, named_by
from lcrmap.verbs.beside import Around
from lcrmap.verbs.near.found import Found
from lcrmap.verbs.near.measuring import Asking, measured
from lcrmap.verbs.places import Spots, feature_keys, key_note, position_notes
from lcrmap.verbs.rivers import Across, ways_of
from lcrmap.verbs.sources import Sources

__all__ = ["CoveredTarget"]

_MARGIN = 1.0  # metres: more than any rounding between what is proven and what is measured
_CHORDS = 1.001  # how much longer a way may be than its chords tell, where these choose it


@dataclass(frozen=True, slots=True)
class _Facts:
    """What all features of a target together tell.

    Attributes
    ----------
    errors
        Of their positions.
    unsure
        How many may lie on the other bank.
    repeated
        How many keys repeat an earlier one.
    """

    errors: RightErrors
    unsure: int
    repeated: int


class CoveredTarget:
    """A layer to whose features is measured, and which is read piece by piece.

    Parameters
    ----------
    layer
        What covers it.
    text
        As it was asked for.
    key
        The column that names its features; None for its own.
    across
        The crossings over which is measured; None if straight.

    Attributes
    ----------
    spots
        What is known of it, without its features.
    unsure
        How many of its features may lie on the other bank.
    """

    def __init__(
        self,
        layer: Covered,
        text: str,
        sources: Sources,
        *,
        key: str | None,
        across: Across | None,
    ) -> None:
        parts = layer.parts
        if parts.crs is None:
            raise CRSError(f"{parts.name} has no CRS: name it with --crs, such as --crs EPSG:4326.")
        self._around, self._across = Around(layer), across
        bare = layer.empty
        if key is not None and key in bare.frame.columns:
            bare = named_by(bare, key)
            bare = replace(bare, metadata=bare.metadata.replaced(key=key))
        else:
            key = None
        facts = sources.found_out(
            f"near {key} {across is not None}", text, lambda: _facts(layer, bare, key, across)
        )
        self._errors, self.unsure = facts.errors, facts.unsure
        missing = parts.rows - parts.placed
        notes = [*parts.notes, *position_notes(bare, missing, of_layer=True)]
        if key is not None:
            notes += key_note(key, parts.name, facts.repeated, parts.rows)
        self.spots = Spots(
            text=text,
            kind="layer",
            layer=bare,
            source=parts.name,
            rows=(),
            names=(),
            keys=(),
            notes=tuple(notes),
            total=parts.rows,
            placed=parts.placed,
        )

    def refuse_own(self, start: str) -> None:
        """Refuse to measure from a layer to itself.

        Raises
        ------
        UsageError
            If both are called the same.
        """
        if self.spots.source == start:
            raise UsageError(
                f"'{self.spots.text}' is too large to be held, and the places are called {start} too: a layer that is "
                f"its own target is held whole."
            )

    def found(self, start: Spots, asking: Asking) -> Found:
        """Measure to what can be near to places; what is not read is proven to be too far to matter."""
        frame = start.layer.frame
        errors = np.nan_to_num(error_radii(frame))
        radii = self._radii(start, asking, errors, surely=False)
        splits = self._around.within(frame, radii)
        while True:
            found, detours = measured(start, self._some(splits), asking, errors=self._errors)
            needed = self._needed(found, detours, asking, errors)
            short = needed > radii
            # Where too few were found, the footers may tell how far away enough of them are.
            proven = self._radii(start, asking, errors, surely=True)
            proven = np.where(proven > radii, proven, np.inf)
            radii = np.where(short, np.where(np.isinf(needed), proven, needed), radii)
            wider = splits | self._around.within(frame, radii)
            if (wider == splits).all() and not (needed > radii).any():
                return found
            splits = wider

    def _radii(self, start: Spots, asking: Asking, errors: Floats, *, surely: bool) -> Floats:
        """Return for each place how far what matters may lie, as far as footers tell; infinite if they do not."""
        frame = start.layer.frame
        radii = np.full(len(frame), np.inf if asking.within is None else asking.within)
        if asking.most is not None:
            nearest = self._around.nearest_radii(frame, asking.most, surely=surely)
            radii = np.minimum(radii, nearest)
        return radii + 2 * (errors + self._errors.most) + self._slack

    @property
    def _slack(self) -> float:
        return ways_of(self._across).slack + _MARGIN

    def _needed(
        self, found: Found, detours: pd.DataFrame | None, asking: Asking, errors: Floats
    ) -> Floats:
        """Return for each place how far what matters can lie, now that something was found; NaN without a position."""
        size = len(errors)
        by_place = found.pairs.groupby("left")
        count = by_place.size().reindex(range(size), fill_value=0).to_numpy()
        far = by_place["metres"].max().reindex(range(size)).to_numpy(dtype=np.float64)
        ranges = by_place["metres_max"].max().reindex(range(size)).to_numpy(dtype=np.float64)
        enough = np.inf if asking.most is None else min(asking.most, found.available)
        limit = np.inf if asking.within is None else asking.within
        needed = np.where(count >= enough, far, limit)
        if asking.within is not None:
            needed = np.fmax(needed, asking.within + errors + self._errors.most)
        needed = np.fmax(needed, ranges + errors + self._errors.most) + self._slack
        if detours is not None and len(detours):
            ways = (detours["straight_m"] + detours["farther_m"]).to_numpy() * _CHORDS
            np.maximum.at(needed, detours["left"].to_numpy(dtype=np.int64), ways + self._slack)
        shapes = found.spots.layer.frame.geometry
        there = (shapes.notna() & ~shapes.is_empty).to_numpy()
        result: Floats = np.where(there, needed, np.nan)
        return result

    def _some(self, splits: Any) -> Spots:
        """Return some of the features, called as they are in the whole."""
        read = self._around.read(splits)
        numbers = read.frame.index.to_numpy()
        metadata = self.spots.layer.metadata
        layer = Layer(read.frame.reset_index(drop=True), metadata, read.inputs)
        return replace(
            self.spots,
            layer=layer,
            rows=tuple(numbers.tolist()),
            names=tuple(area_names(layer, numbers=numbers)),
            keys=feature_keys(layer, numbers=numbers),
        )


def _facts(layer: Covered, bare: Layer, key: str | None, across: Across | None) -> _Facts:
    """Look at all features once, a split at a time, for what only all of them tell."""
    parts = layer.parts
    columns = [each for each in (ERROR_COLUMN, key) if each and each in bare.frame.columns]
    if not columns and across is None:
        return _Facts(RightErrors(parts.placed, 0.0), 0, 0)
    errors, unsure, points = RightErrors(0, 0.0), 0, True
    keys: set[str] = set()
    for split in parts.splits:
        read = parts.read(split, Wanted(columns=tuple(columns)))
        assert isinstance(read, Layer)  # noqa: S101 (without a box nothing is passed over)
        errors += RightErrors.of(read.frame)
        if key is not None:
            keys.update(feature_keys(replace(read, metadata=bare.metadata), first=split.first))
        if across is not None:
            points = points and are_points(read.frame.geometry)
            unsure += across.unsure(read)
    repeated = 0 if key is None else parts.rows - len(keys)
    return _Facts(errors, unsure if points else 0, repeated)
