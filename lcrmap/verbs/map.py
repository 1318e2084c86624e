"""Draw layers on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from lcrmap.analysis.filtering import choose
from lcrmap.analysis.joining import NOWHERE, assign_areas
from lcrmap.errors import GeometryError, UnknownNameError, UsageError
from lcrmap.io.opening import open_frame, open_layer
from lcrmap.layers import Category, Field, Layer, Pack, open_pack
from lcrmap.maps.model import LayerView, Part, build_model

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from lcrmap.maps.page import Page

__all__ = ["AREA_COLUMN", "OUTSIDE", "make_map", "with_area"]

AREA_COLUMN = "in_area"  # the computed column that says in which of the pack's areas a place lies
OUTSIDE = "outside"


def make_map(
    *layers: str | Layer | GeoDataFrame,
    pack: Pack | None = None,
    title: str | None = None,
    where: str | Sequence[str] = (),
    category: str | Sequence[str] = (),
    basemap: str | None = None,
    language: str = "en",
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    stdin: BinaryIO | None = None,
    command: str = "",
) -> Page:
    """Make a page that shows layers; without any, the atlas of the pack's region.

    Parameters
    ----------
    layers
        Names from the pack, files, ``-``, layers that were opened before, or GeoDataFrames.
    pack
        The data pack; None for lcrmap's own.
    title
        The headline; None for one made from the figures.
    where
        Filters in CQL2, each as ``LAYER:EXPRESSION``; with one layer on the map ``EXPRESSION`` will do.
    category
        Columns whose values the symbols tell apart, each as ``LAYER:COLUMN``; with one layer ``COLUMN`` will do.
    basemap
        The name of a tile service, or None for a page that needs no network.
    language
        The language of the page's own words.
    x, y, crs, stdin
        How to read files; see `lcrmap.io.opening.open_layer`.
    command
        What the page records as the command that made it.

    Returns
    -------
    Page
        A `folium.Map`; it shows itself in a notebook, and ``save`` writes it.

    Examples
    --------
    >>> page = make_map("innovation-assets")
    >>> page.save("assets.html")  # doctest: +SKIP
    """
    from lcrmap.maps.page import Page

    pack = pack or open_pack()
    opened = [
        each
        if isinstance(each, Layer)
        else open_layer(each, pack=pack, x=x, y=y, crs=crs, stdin=stdin, need_geometry=True)
        if isinstance(each, str)
        else open_frame(each, pack=pack)
        for each in layers
    ]
    hidden: list[Layer] = []
    if not layers:
        atlas = pack.role("atlas").options
        opened = [open_layer(each, pack=pack) for each in atlas.get("layers", [])]
        hidden = [open_layer(each, pack=pack) for each in atlas.get("off", [])]
    drawn = [*opened, *hidden]
    for name, column in _clauses("--category", category, drawn):
        drawn = [_sorted_by(each, column) if each.name == name else each for each in drawn]
    for name, expression in _clauses("--where", where, drawn):
        drawn = [choose(each, expression) if each.name == name else each for each in drawn]
    views = _views(drawn, len(opened), pack)
    model = build_model(
        views, pack=pack, title=title, basemap=basemap, command=command, language=language
    )
    return Page(model)


def _clauses(
    option: str, clauses: str | Sequence[str], layers: list[Layer]
) -> list[tuple[str, str]]:
    """Take each ``LAYER:REST`` apart; with one layer on the map its name may be left out."""
    names = [layer.name for layer in layers]
    taken = []
    for clause in [clauses] if isinstance(clauses, str) else clauses:
        name, colon, rest = clause.partition(":")
        if colon and name.strip() in names:
            taken.append((name.strip(), rest.strip()))
        elif len(names) == 1:
            taken.append((names[0], clause))
        else:
            raise UsageError(
                f'{option} "{clause}" must begin with a layer on the map and a colon, '
                f'as in "{names[0] if names else "LAYER"}:..."; on the map: {", ".join(names)}.'
            )
    return taken


def _sorted_by(layer: Layer, column: str) -> Layer:
    """Return the layer with symbols that tell the values of a column apart."""
    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    if column not in columns:
        raise UnknownNameError("column", column, columns, where=layer.name)
    return replace(layer, metadata=layer.metadata.replaced(category=column))


def _views(layers: list[Layer], visible: int, pack: Pack) -> list[LayerView]:
    """Put the pack's backdrop and areas under the layers, and the area into each layer of points."""
    given = {layer.name for layer in layers}
    context: tuple[Part, ...] = ("backdrop", "areas")  # the roles are called as the parts are
    views = [
        LayerView(open_layer(pack.role(part).layer, pack=pack), part)
        for part in context
        if pack.has_role(part) and pack.role(part).layer not in given
    ]
    areas = open_layer(pack.role("areas").layer, pack=pack) if pack.has_role("areas") else None
    for number, layer in enumerate(layers):
        visibly = number < visible
        if areas is not None and layer.name == areas.name:
            views.append(LayerView(layer, "areas", visibly))
            continue
        located = layer if areas is None else with_area(layer, areas)
        area = AREA_COLUMN if AREA_COLUMN in located.frame.columns else ""
        views.append(LayerView(located, "places", visibly, area))
    return views


def with_area(layer: Layer, areas: Layer) -> Layer:
    """Return a layer of points with the computed column that names the area of each.

    A layer that holds lines or areas, or of which no point lies in any area, is returned as it is.
    """
    try:
        assigned = assign_areas(layer.frame, areas.frame, key=areas.key)["area"].to_numpy()
    except GeometryError:
        return layer
    if not (assigned != NOWHERE).any() or AREA_COLUMN in layer.frame.columns:
        return layer
    names = areas.frame[areas.label].astype(object).to_numpy()
    frame = layer.frame.copy()
    found = names[assigned]
    found[assigned == NOWHERE] = OUTSIDE
    found[(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()] = None
    frame[AREA_COLUMN] = found
    return Layer(
        frame,
        layer.metadata.replaced(fields=(*layer.metadata.fields, _area_field(areas))),
        layer.inputs,
        layer.notes,
    )


def _area_field(areas: Layer) -> Field:
    many = areas.metadata.noun_many
    names = [str(name) for name in areas.frame[areas.label]]
    outside = Category(OUTSIDE, f"Outside the {len(names)} {many}")
    return Field(
        AREA_COLUMN,
        areas.metadata.noun_one.capitalize(),
        description=f"Computed from the position, over the layer {areas.name}",
        categories=(*(Category(name, name) for name in names), outside),
    )
