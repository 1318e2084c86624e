"""Among whom is compared: all residents, groups of a kind such as deciles of deprivation, and those of each area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lcrmap.analysis.chords import Rows
from lcrmap.analysis.joining import assign_areas
from lcrmap.errors import GeometryError
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names, sound
from lcrmap.verbs.places import feature_keys
from lcrmap.verbs.sources import Sources

__all__ = ["ALL_RESIDENTS", "Groups", "few", "groups_of"]

ALL_RESIDENTS = "all"
_FEW = 20


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of a kind, into which all residents fall.

    Attributes
    ----------
    kind
        What the table calls the kind; of areas the name of their layer.
    title
        What a heading calls it.
    names, ids
        What each group is called, and its id in its layer or column.
    rows
        For each point of the population the number of its group; negative for none.
    areas
        The layer of areas; None where they are none.
    """

    kind: str
    title: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    rows: Rows
    areas: Layer | None = None

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self.names)


def few(groups: Sequence[Groups]) -> list[Groups]:
    """Return the kinds of groups that are few enough to be told of one by one: all but the neighbourhoods."""
    return [each for each in groups if each.kind != ALL_RESIDENTS and len(each) <= _FEW]


def groups_of(points: Layer, by: str | None, sources: Sources) -> tuple[Groups, ...]:
    """Return the groups of each kind: the pack's own kinds, the areas that are asked for, and the neighbourhoods.

    Parameters
    ----------
    points
        Where people live.
    by
        The layer of areas; None for the pack's areas.

    Raises
    ------
    GeometryError
        If `by` holds no areas.
    """
    pack = sources.pack
    everybody = Groups(
        ALL_RESIDENTS,
        "All residents",
        ("All residents",),
        ("all",),
        np.zeros(len(points.frame), dtype=np.int64),
    )
    kinds = [_of_column(points, each) for each in _kinds(points, sources)]
    names = [by or (pack.role("areas").layer if pack.has_role("areas") else "")]
    if pack.has_role("neighbourhoods"):
        names.append(pack.role("neighbourhoods").layer)
    areas = [_of_areas(points, each, sources) for each in dict.fromkeys(filter(None, names))]
    return (everybody, *kinds, *areas)


def _kinds(points: Layer, sources: Sources) -> list[dict[str, object]]:
    pack = sources.pack
    if not pack.has_role("groups") or pack.role("groups").layer != points.name:
        return []
    kinds: list[dict[str, object]] = pack.role("groups").options.get("kinds", [])
    return kinds


def _of_column(points: Layer, kind: dict[str, object]) -> Groups:
    classes = kind["classes"]
    assert isinstance(classes, list)  # noqa: S101 (the pack's schema)
    values = points.frame[str(kind["field"])].to_numpy(dtype=object)
    place = {each["value"]: number for number, each in enumerate(classes)}
    rows = np.array([place.get(each, -1) for each in values.tolist()], dtype=np.int64)
    return Groups(
        str(kind["kind"]),
        str(kind["title"]),
        tuple(str(each["label"]) for each in classes),
        tuple(str(each["value"]) for each in classes),
        rows,
    )


def _of_areas(points: Layer, name: str, sources: Sources) -> Groups:
    layer, _ = sound(sources.layer(name, need_geometry=True))
    if layer.metadata.geometry not in ("area", "mixed"):
        raise GeometryError(f"--by needs areas, and {layer.name} holds {layer.metadata.geometry}s.")
    home = assign_areas(points.frame, layer.frame, key=layer.key)["area"].to_numpy()
    return Groups(
        layer.name,
        layer.metadata.title,
        tuple(area_names(layer)),
        feature_keys(layer),
        home.astype(np.int64),
        layer,
    )
