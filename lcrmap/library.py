"""The verbs as functions: what a person in a shell can ask, from Python.

Layers are names from the pack, paths, layers that were opened before, GeoDataFrames or shapely geometries. Options are
keywords, called as the fields of the verb's question are; distances are texts with a unit or numbers of metres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lcrmap.errors import UsageError
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.question import Question, fields_of
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

    from lcrmap.maps.page import Page

    LayerLike = str | Path | Layer | GeoDataFrame | BaseGeometry
    Metres = str | float

__all__ = ["catchment", "count", "gaps", "join", "make_map", "near", "show"]


def show(
    layer: LayerLike,
    *,
    where: str | None = None,
    columns: Sequence[str] | str = (),
    sort: Sequence[str] | str = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Answer:
    """Return the features of a layer.

    Examples
    --------
    >>> len(show("boroughs").frame)
    6
    """
    return _asked(Show, locals())


def join(
    left: LayerLike,
    right: LayerLike,
    *,
    take: Sequence[str] | str = (),
    prefix: str = "",
    predicate: str | None = None,
    distance: Metres | None = None,
    how: str = "left",
    many: bool = False,
    largest_overlap: bool = False,
    border: str = "once",
    key: str | None = None,
    snap: Metres | None = None,
    nearest: bool | None = None,
    where: str | None = None,
    columns: Sequence[str] | str = (),
    sort: Sequence[str] | str = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Answer:
    """Attach columns of the right layer to each feature of the left one.

    Examples
    --------
    >>> found = join("innovation-assets", "boroughs", take="name")
    >>> found.notes[-1]
    '57 in: 52 matched (0 of them on a shared border), 4 outside, 1 without a position.'
    """
    return _asked(Join, locals())


def count(
    layers: LayerLike | Sequence[LayerLike],
    areas: LayerLike,
    *,
    by: str | None = None,
    sum: str | None = None,  # noqa: A002 (called as the option is)
    mean: str | None = None,
    min: str | None = None,  # noqa: A002
    max: str | None = None,  # noqa: A002
    median: str | None = None,
    per: str | None = None,
    key: str | None = None,
    classes: str = "rounded",
    where: str | None = None,
    columns: Sequence[str] | str = (),
    sort: Sequence[str] | str = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Answer:
    """Count the points of layers by area.

    Examples
    --------
    >>> found = count("innovation-assets", areas="boroughs")
    >>> found.frame[["row", "name", "count"]].tail(1).values.tolist()
    [['total', 'Total', 57]]
    """
    return _asked(Count, locals())


def near(
    start: LayerLike,
    targets: LayerLike | Sequence[LayerLike],
    *,
    k: int | None = None,
    within: Metres | None = None,
    unit: str = "m",
    wide: bool = False,
    include_self: bool = False,
    where: str | None = None,
    columns: Sequence[str] | str = (),
    sort: Sequence[str] | str = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Answer:
    """Find the features nearest to places, of each of some layers.

    Examples
    --------
    >>> found = near("L3 5QA", "rail-stations")
    >>> found.frame[["name", "rank", "direction"]].to_numpy().tolist()
    [['Liverpool Lime Street Low Level', 1, 'W']]
    """
    return _asked(Near, locals())


def catchment(
    places: LayerLike | Sequence[LayerLike],
    rings: Metres | Sequence[Metres],
    *,
    dissolve: bool = False,
    count: LayerLike | Sequence[LayerLike] = (),
    unit: str = "m",
    where: str | None = None,
    columns: Sequence[str] | str = (),
    sort: Sequence[str] | str = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Answer:
    """Sum what lies within each of some distances of each place.

    Examples
    --------
    >>> catchment("L3 5QA", ["1km", "2km"]).frame["ring_m"].tolist()
    [1000.0, 2000.0]
    """
    return _asked(Catchment, locals())


def gaps(
    layer: LayerLike,
    beyond: Metres,
    *,
    by: LayerLike | None = None,
    where: str | None = None,
    columns: Sequence[str] | str = (),
    sort: Sequence[str] | str = (),
    limit: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Answer:
    """Sum the residents who live farther than a distance from every feature of a layer.

    Examples
    --------
    >>> gaps("rail-stations", "800m", by="boroughs").frame["row"].value_counts().to_dict()
    {'area': 6, 'total': 1}
    """
    return _asked(Gaps, locals())


def make_map(
    *layers: LayerLike,
    title: str | None = None,
    where: str | Sequence[str] = (),
    category: str | Sequence[str] = (),
    basemap: str = "none",
    lang: str = "en",
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    pack: Pack | None = None,
) -> Page:
    """Make a page that shows layers; without any, the atlas of the pack's region.

    Examples
    --------
    >>> page = make_map("innovation-assets")
    >>> page.save("assets.html")  # doctest: +SKIP
    """
    return _asked(Map, locals()).page()


Asked = TypeVar("Asked", bound=Question)


def _asked(kind: type[Asked], given: Mapping[str, Any]) -> Answer:
    """Ask a question whose fields are a function's arguments."""
    hand: dict[str, Layer] = {}
    pack = given["pack"]
    values = {}
    for field in fields_of(kind):
        value = given[field.name]
        if field.names_files and value is not None:
            several = isinstance(value, list | tuple)
            names = [_name_of(each, hand, pack) for each in (value if several else [value])]
            value = tuple(names) if field.many else names[0]
        values[field.name] = value
    return answer(kind(**values), Sources(pack, given=hand))


def _name_of(value: Any, hand: dict[str, Layer], pack: Pack | None) -> str:
    """Return the name by which a question asks for a layer; one that is at hand is put among those."""
    if isinstance(value, str | Path):
        return str(value)
    layer = _layer_of(value, pack)
    if isinstance(layer, str):
        return layer
    name, number = layer.name, 2
    while name in hand and hand[name] is not layer:
        name, number = f"{layer.name}-{number}", number + 1
    hand[name] = layer
    return name


def _layer_of(value: Any, pack: Pack | None) -> Layer | str:
    import geopandas as gpd
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

    from lcrmap.io.opening import open_frame

    if isinstance(value, Layer):
        return value
    if isinstance(value, Point) and not value.is_empty:
        return f"{value.y!r},{value.x!r}"
    if isinstance(value, BaseGeometry):
        value = gpd.GeoDataFrame(geometry=[value], crs="EPSG:4326")
    if not isinstance(value, gpd.GeoDataFrame):
        raise UsageError(
            f"A layer is a name, a path, a Layer, a GeoDataFrame or a shapely geometry, not a {type(value).__name__}."
        )
    return open_frame(value, pack=pack)
