"""A layer: a frame of features, what is known about it, and the file it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lcrmap.layers.metadata import Field, Metadata

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["FEATURE_ROW", "TOTAL_ROW", "Input", "Layer"]

FEATURE_ROW = "area"
"""What the field named by ``Metadata.row`` holds in the row of a feature."""

TOTAL_ROW = "total"
"""What it holds in the row for all together."""


STATUS = "status"
"""The column by which ``Metadata.there`` tells which features are there."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a layer was read from.

    Attributes
    ----------
    name
        The bare name of the file or folder.
    sha256
        The SHA-256 of what `digest` says.
    digest
        Of a file its bytes, ``sha256``. Of a data set, ``footer-sha256``: of each of its files, in their order, the
        length and the footer, which says where in it everything stands.
    """

    name: str
    sha256: str
    digest: str = "sha256"

    def to_record(self) -> dict[str, str]:
        """Return it as it stands in records."""
        return {"name": self.name, self.digest: self.sha256}


@dataclass(frozen=True, slots=True)
class Layer:
    """Features with their metadata.

    Attributes
    ----------
    frame
        One row a feature, in the layer's own CRS (longitude or easting first); a missing geometry means
        that the position is not published.
    metadata
        What is known about the layer as a whole.
    inputs
        The files behind it, for the record that every output carries.
    notes
        Sentences that whoever asked must read: what was guessed, repaired, left out. The command line puts
        them on stderr.
    warnings
        Those of them that a page and the text of a picture say first: positions that are likely wrong or not known.
    """

    frame: GeoDataFrame
    metadata: Metadata
    inputs: tuple[Input, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the name, how many features there are and in which CRS, not all of them."""
        crs = self.frame.crs.to_string() if self.frame.crs is not None else "no CRS"
        return f"<Layer {self.name!r}: {len(self.frame):,} {self.metadata.noun(len(self.frame))}, {crs}>"

    @property
    def name(self) -> str:
        """The layer's name, as it is typed on the command line."""
        return self.metadata.name

    @property
    def key(self) -> str:
        """The column that names the features; empty if there is none."""
        key = self.metadata.key
        return key if key in self.frame.columns else ""

    @property
    def label(self) -> str:
        """The column that is shown as a feature's name; empty if there is none."""
        for name in (self.metadata.label, "name", self.metadata.key):
            if name and name in self.frame.columns:
                return name
        return ""

    @property
    def placed(self) -> int:
        """How many features have a position."""
        from lcrmap.layers.points import is_placed  # which loads geopandas, as the frame has done

        return int(is_placed(self.frame.geometry).sum())

    @property
    def named(self) -> int:
        """How many features are what the noun says: all, but for rows that name no known area."""
        return self.placed if self.metadata.found_by else len(self.frame)

    @property
    def unplaced_why(self) -> str:
        """Why features have no position: only of its own layers a pack can say that they are not published."""
        if self.metadata.found_by:
            return f"'{self.metadata.found_by}' names no known {self.metadata.noun_one}"
        if self.metadata.path:
            return "not published"
        return (
            "none is given, or none is found for what is given" if self.inputs else "none is given"
        )

    @property
    def features(self) -> GeoDataFrame:
        """The rows that stand for features: all, but for sums such as those of a count."""
        row = self.metadata.row
        if row not in self.frame.columns:
            return self.frame
        return self.frame[self.frame[row] == FEATURE_ROW]

    def field(self, column: str) -> Field:
        """Return what is known of a column, or a bare description of one that nobody described."""
        if self.metadata.has_field(column):
            return self.metadata.field(column)
        return Field(name=column, title=column.replace("_", " ").strip().capitalize() or column)

    def only_there(self) -> Layer:
        """Return the layer without the features that are not there, which its metadata tell by their status."""
        known = self.metadata.there
        if not known or STATUS not in self.frame.columns:
            return self
        status = self.frame[STATUS]
        there = (status.isin(known) | status.isna()).to_numpy()
        metadata = self.metadata.replaced(there=())
        if there.all():
            return replace(self, metadata=metadata)
        count = int((~there).sum())
        why = ", ".join(dict.fromkeys(map(str, status[~there])))
        noun, is_ = self.metadata.noun(count), "is" if count == 1 else "are"
        of = "" if self.name == self.metadata.noun_many else f" of {self.name}"
        note = f"{count:,} {noun}{of} {is_} not there (status: {why}) and {is_} in no answer."
        kept = self.frame[there].reset_index(drop=True)
        return replace(self, frame=kept, metadata=metadata).noting(note)

    def with_frame(self, frame: GeoDataFrame) -> Layer:
        """Return the layer with other rows or columns and the same metadata."""
        return replace(self, frame=frame)

    def emptied(self) -> Layer:
        """Return the layer without its features, and without their memory, which an empty slice would hold on to."""
        return self.with_frame(self.frame.take([]))

    def with_metadata(self, metadata: Metadata) -> Layer:
        """Return the same features, with other things known about them."""
        return replace(self, metadata=metadata)

    def noting(self, *notes: str) -> Layer:
        """Return the layer with further notes behind those that it has."""
        return replace(self, notes=(*self.notes, *notes))
