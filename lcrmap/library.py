"""The verbs as functions: what a person in a shell can ask, from Python.

Each verb's function stands in its own folder, as ``verbs/count/function.py``; what all of them do is
`lcrmap.verbs.from_python`. ``docs/python.md`` shows ten tasks.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lcrmap.errors import LcrmapError
from lcrmap.io.opening import open_layer as read
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.access.function import access
from lcrmap.verbs.at_hand import layer_of
from lcrmap.verbs.catchment.function import catchment
from lcrmap.verbs.compare.function import compare
from lcrmap.verbs.count.function import count
from lcrmap.verbs.from_python import code_of, pack_of, refuse_columns
from lcrmap.verbs.gaps.function import gaps
from lcrmap.verbs.join.function import join
from lcrmap.verbs.locate.function import locate
from lcrmap.verbs.map.function import make_map
from lcrmap.verbs.near.function import near
from lcrmap.verbs.profile.function import profile
from lcrmap.verbs.question import Reads
from lcrmap.verbs.show.function import show
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.spelling import respell

if TYPE_CHECKING:
    from lcrmap.verbs.from_python import Crs, LayerLike

__all__ = [
    "access",
    "catchment",
    "compare",
    "count",
    "gaps",
    "join",
    "locate",
    "make_map",
    "near",
    "open_layer",
    "profile",
    "show",
]


def open_layer(
    source: LayerLike,
    *,
    title: str | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    pack: Pack | str | Path | None = None,
) -> Layer:
    """Open a layer: a frame of features with what is known of them.

    Parameters
    ----------
    source : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry
        Name of a layer of the pack; else a file, of which ``"file.gpkg:layer"`` picks one layer of many; else features
        at hand, which are checked as a file's are and not changed. A geometry is in longitude and latitude (WGS84).
    title : str, optional
        What pages call the layer; without, what the pack, the file or its name say, and for those at hand "Places",
        "Lines" or "Areas".
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the features, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Layer
        ``frame`` is the GeoDataFrame, ``metadata`` says what is known of the whole (``credit``, ``licences``,
        ``sources``, ``as_of``, ``fields``), ``notes`` what was guessed, repaired or left out.

    Raises
    ------
    UnknownNameError
        If there is no layer of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If the layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> stations = open_layer("rail-stations")
    >>> len(stations.frame), stations.frame.crs.to_epsg()
    (213, 4326)

    >>> import shapely
    >>> open_layer(shapely.Point(-2.99, 53.40), title="My office").name
    'my-office'
    """
    try:
        sources = Sources(pack_of(pack))
        if isinstance(source, str | Path):
            found = read(
                str(source),
                pack=sources.pack,
                x=x,
                y=y,
                crs=code_of(crs),
                match=match,
                encoding=encoding,
                strict=strict,
            ).only_there()
            return found if title is None else layer_of(found, sources=sources, title=title)
        named = {"x": x, "y": y, "match": match, "encoding": encoding}
        refuse_columns({**named, "source": source}, "source")
        return layer_of(source, sources=sources, crs=code_of(crs), title=title, called="source")
    except LcrmapError as error:
        respell(error, Reads)
        raise
