"""What a change of a feature must keep: the layer's schema, the rules of `lcrmap.checks`, and what is known of it."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import shapely

from lcrmap.checks import Fault, Subject, check
from lcrmap.checks.thorough import RULES
from lcrmap.errors import DataError, LcrmapError, close_names, shortened
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.features import reading_of
from lcrmap.io.json_rows import carried_form, feature_texts
from lcrmap.io.json_text import Head, all_finite, feature_fault
from lcrmap.layers import Layer, Metadata
from lcrmap.layers.constraints import Constraints
from lcrmap.live.store import Box

__all__ = ["Collection", "Fit", "UnfitError", "box_of", "patched", "single"]

MOST_CORNERS: Final = 50_000
_LONGEST_ID: Final = 200
_ERROR: Final = "position_error_m"
_KEPT: Final = ("confidence", "source_title", "source_publisher", "source_url", "source_date")
_BINDING: Final = (
    "null-island",
    "misplaced",
    "invalid-shape",
    "over-180",
    "formula",
    "control-character",
)
"""Rules that only remark on a file, and that a change made by hand must keep."""

_HELD: Final = tuple(
    each for each in RULES.values() if each.severity == "fault" or each.id in _BINDING
)

_KINDS: Final = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "area": ("Polygon", "MultiPolygon"),
}
_SEVERAL: Final = tuple(several for _, several in _KINDS.values())
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?")


class UnfitError(LcrmapError):
    """Raised where a feature breaks a rule of its layer; the message is the rule's own sentence."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A feature that may be written: its text, its box, and values that no other feature may have."""

    body: str
    box: Box | None
    unique: tuple[tuple[str, str | int | float], ...]


@dataclass(frozen=True)
class Collection:
    """A layer of a live map.

    Attributes
    ----------
    schema
        What is demanded of each field.
    region
        Where positions are expected, in degrees.
    editable
        Whether it is open to edits.
    """

    metadata: Metadata
    schema: tuple[Constraints, ...] = ()
    region: Box | None = None
    editable: bool = False

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.metadata.name

    @cached_property
    def head(self) -> Head:
        """What stands around features of this layer."""
        import geopandas as gpd

        bare = Layer(gpd.GeoDataFrame(geometry=[], crs=DEGREES), self.metadata)
        return Head(named_crs(DEGREES), carried_form(bare))

    def fitting(
        self,
        feature: Mapping[str, Any],
        before: Mapping[str, Any] | None,
        *,
        key: str = "",
        said: Container[str] = (),
    ) -> Fit:
        """Return a feature as it is written.

        Parameters
        ----------
        feature
            As GeoJSON.
        before
            What it was; None where it is new.
        key
            What it is called; empty to take its own name for itself.
        said
            The fields that were given on purpose, where `feature` repeats others as they were.

        Raises
        ------
        UnfitError
            If it breaks a rule.
        """
        fault = feature_fault(feature)
        if fault:
            raise UnfitError(f"The feature {fault}.")
        shape = single(feature.get("geometry"), before)
        told = dict(feature.get("properties") or {})
        self._refuse_unknown(told)
        values = self._typed(self._kept(told, shape, before, said))
        self._name(values, key, feature.get("id"))
        _bound(shape, values)
        whole = {"type": "Feature", "properties": values, "geometry": shape}
        return self._judged(whole)

    def _judged(self, whole: dict[str, Any]) -> Fit:
        """Return a feature that all rules let pass."""
        try:
            frame = reading_of([whole], self.head, "The feature").frame
        except DataError as error:
            raise UnfitError(str(error)) from error
        self._refuse_kind(frame.geometry.iloc[0])
        subject = Subject(
            frame,
            "The feature",
            region=self.region,
            key=self.metadata.key,
            label=self.metadata.label,
            format="geojson",
            schema=self.schema,
        )
        for fault in check(subject, rules=_HELD):
            raise UnfitError(_sentence(fault))
        shape: Any = frame.geometry.iloc[0]
        body = feature_texts(Layer(frame, self.metadata))[0][0]
        values = whole["properties"]
        return Fit(
            body=body,
            box=None if shape is None else box_of(shape),
            unique=tuple(
                (each.name, values[each.name])
                for each in self.schema
                if each.unique
                and each.name != self.metadata.key
                and values.get(each.name) is not None
            ),
        )

    def _refuse_unknown(self, told: Mapping[str, Any]) -> None:
        known = [each.name for each in self.metadata.fields]
        for name in told if known else ():
            if name not in known:
                near = close_names(name, known, most=1)
                meant = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(known[:8])}"
                raise UnfitError(
                    f"The layer {self.name} has no field '{shortened(name)}': {meant}"
                    + ("" if near else ".")
                )

    def _kept(
        self,
        told: dict[str, Any],
        shape: Any,
        before: Mapping[str, Any] | None,
        said: Container[str],
    ) -> dict[str, Any]:
        """Return all fields: source and confidence stay where nothing is said of them; an error of position goes."""
        names = [each.name for each in self.metadata.fields] or list(told)
        was: Mapping[str, Any] = {} if before is None else before["properties"]
        for name in _KEPT:
            if name in names and name not in told and was.get(name) is not None:
                told[name] = was[name]
        moved = before is not None and before.get("geometry") != shape
        if moved and _ERROR in names and _ERROR not in said and told.get(_ERROR) == was.get(_ERROR):
            told[_ERROR] = None
        return {name: told.get(name) for name in names}

    def _typed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return values of which texts that are numbers are numbers, in fields that hold nothing else.

        A client that reads no schema takes a column that it has seen empty for text.
        """
        numeric = {each.name for each in self.metadata.fields if each.type in ("integer", "number")}
        return {
            name: json.loads(value)
            if name in numeric and isinstance(value, str) and _NUMBER.fullmatch(value)
            else value
            for name, value in values.items()
        }

    def _name(self, values: dict[str, Any], key: str, own: Any) -> None:
        """Give the feature its key, which never changes."""
        field = self.metadata.key
        said = values.get(field) if field else own
        said = own if said is None else said
        if key and said is not None and str(said) != key:
            raise UnfitError(
                f"The feature is called '{shortened(key)}', and its key stays: leave it out, or make a new feature."
            )
        if field:
            values[field] = key or said
        name = str(key or said or "")
        if not key and (not name.isprintable() or {"/", "\\", "?", "#"} & set(name)):
            raise UnfitError("A key has no slash, question mark, hash or control character in it.")
        if len(name) > _LONGEST_ID or name in (".", ".."):
            raise UnfitError(f"A key has at most {_LONGEST_ID} characters, and is not only dots.")

    def _refuse_kind(self, shape: Any) -> None:
        wanted = _KINDS.get(self.metadata.geometry, ())
        if shape is not None and wanted and shape.geom_type not in wanted:
            raise UnfitError(
                f"The layer {self.name} holds shapes of the type {wanted[0]}, and this is a {shape.geom_type}."
            )


def single(shape: Any, before: Mapping[str, Any] | None) -> Any:
    """Return a shape of several parts that has but one as a single one, unless the feature was of several.

    A client that knows one kind of shape a layer sends each point of it as several.
    """
    was = ((before or {}).get("geometry") or {}).get("type")
    if not isinstance(shape, dict) or shape.get("type") not in _SEVERAL or shape["type"] == was:
        return shape
    parts = shape.get("coordinates")
    if not isinstance(parts, list) or len(parts) != 1:
        return shape
    return {"type": shape["type"].removeprefix("Multi"), "coordinates": parts[0]}


def _bound(shape: Any, values: Mapping[str, Any]) -> None:
    """Refuse shapes with more corners than any map needs, and numbers that are none."""
    if not all_finite(dict(values)):
        raise UnfitError("A value is infinite or not a number: correct it, or write null.")
    if shape is not None and _numbers(shape) >= 2 * MOST_CORNERS:
        raise UnfitError(f"The shape has {MOST_CORNERS:,} corners or more: make it simpler.")


def _numbers(value: Any) -> int:
    """Return how many numbers stand in a geometry."""
    count, rest = 0, [value]
    while rest:
        each = rest.pop()
        if isinstance(each, dict):
            rest.extend(each.values())
        elif isinstance(each, list):
            rest.extend(each)
        else:
            count += isinstance(each, int | float)
    return count


def _sentence(fault: Fault) -> str:
    """Return the sentence of a rule, or what it says of the one feature."""
    finding = fault.finding
    if not finding.details:
        return fault.sentence
    detail = finding.details[0]
    if fault.rule.id.startswith("schema-"):  # which says all
        return f"{detail[:1].upper()}{detail[1:]}: {finding.remedy}."
    return f"The feature {finding.what} ({detail}): {finding.remedy}."


def box_of(shape: Any) -> Box:
    """Return the box around a shape."""
    west, south, east, north = map(float, shapely.bounds(shape))
    return west, south, east, north


def patched(before: str, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature with the changes of a merge patch (RFC 7396) on its properties, and its shape as it says.

    Examples
    --------
    >>> patched('{"type":"Feature","properties":{"a":1,"b":2},"geometry":null}', {"properties": {"a": None}})
    {'type': 'Feature', 'properties': {'b': 2}, 'geometry': None}
    """
    feature: dict[str, Any] = json.loads(before)
    for part in ("properties", "geometry"):
        if not isinstance(patch.get(part), dict | None):
            raise UnfitError(f'The change has a "{part}" that is not an object.')
    for name in patch:
        if name not in ("type", "id", "properties", "geometry"):
            raise UnfitError(f"A feature has no member '{shortened(name)}' that can be changed.")
    values = {**feature["properties"], **(patch.get("properties") or {})}
    gone = [name for name, value in (patch.get("properties") or {}).items() if value is None]
    feature["properties"] = {name: each for name, each in values.items() if name not in gone}
    if "geometry" in patch:
        feature["geometry"] = patch["geometry"]
    if "id" in patch:
        feature["id"] = patch["id"]
    return feature
