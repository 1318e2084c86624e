"""`lcrmap.make_map`: the verb as a function of Python, whose arguments are the fields of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lcrmap.verbs.from_python import asked
from lcrmap.verbs.map.question import Map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lcrmap.layers import Pack
    from lcrmap.maps.page import Page
    from lcrmap.verbs.from_python import Crs, Layers

__all__ = ["make_map"]


def make_map(
    *layers: Layers,
    title: str | None = None,
    where: str | Sequence[str] = (),
    category: str | Sequence[str] = (),
    shade: str | Sequence[str] = (),
    per: str | None = None,
    against: str | None = None,
    indicators: str | Sequence[str] = (),
    classes: str = "rounded",
    middle: float | None = None,
    sum: str | Sequence[str] = (),  # noqa: A002 (called as the option is)
    basemap: str = "none",
    lang: str = "en",
    x: str | None = None,
    y: str | None = None,
    crs: Crs | None = None,
    match: str | None = None,
    encoding: str | None = None,
    strict: bool = False,
    scenario: str | Path | None = None,
    pack: Pack | str | Path | None = None,
) -> Page:
    """Make a page that shows layers; without any, the atlas of the pack's region.

    Parameters
    ----------
    *layers : str, Path, Layer, Answer, GeoDataFrame, GeoSeries or shapely geometry, or one list of them
        What to show: names from the pack, files, or features at hand, in any CRS. A geometry is in longitude and
        latitude (WGS84).
    title : str, optional
        The headline, instead of one made from the figures.
    where : str or sequence of str, default ()
        CQL2 expressions: show the features for which they are true. With several layers each begins with the name of
        one and a colon, as in ``"innovation-assets:sector = 'net_zero'"``.
    category : str or sequence of str, default ()
        Column whose values are told apart by symbol and colour; with several layers ``"LAYER:COLUMN"``.
    shade : str or sequence of str, default ()
        Column of numbers, or indicator, by whose classes a layer of areas is shaded; with several layers
        ``"LAYER:COLUMN"``. A count of an indicator is drawn as circles, unless it is divided.
    per : str, optional
        What is shaded is divided by it: ``"km2"``, ``"residents"``, ``"households"``, another count or a column.
    against : str, optional
        Second column of numbers, or indicator, by which the areas are shaded at once: three classes of each, and
        tables of who lives where both are high or low.
    indicators : str or sequence of str, default ()
        Indicators that stand beside the areas as columns, such as ``["no_car", "imd_decile"]``.
    classes : str, default "rounded"
        How these numbers are divided: ``"rounded"``, ``"quantile"``, ``"equal"`` or ``"natural"``, with the number of
        classes (1 to 5; two-sided 2 to 6) behind a colon, as in ``"natural:4"``, or the breaks between them, as in
        ``"5,10,20"``. A class includes its lower bound.
    middle : float, optional
        Where two colours meet, one for less and one for more; 0 without, if there is less and more than 0.
    sum : str or list of str, optional
        Columns to sum over the rows of a table that speak of one area.
    basemap : str, default "none"
        Tiles behind the map, such as ``"osm"``; the page then needs a network for them.
    lang : str, default "en"
        Language of the page's own words.
    x, y : str, optional
        Columns of a CSV file that hold longitude or easting, and latitude or northing.
    crs : str, int or pyproj.CRS, optional
        Coordinate reference system of the layers, such as ``"EPSG:27700"``, where they do not say it or say a wrong
        one.
    match : str, optional
        ``"COLUMN=LAYER"``: find the rows of a table by this column among the areas of that layer of the pack.
    encoding : str, optional
        Encoding of the text of a CSV file or Shapefile, such as ``"cp1250"``, where its bytes do not tell it.
    strict : bool, default False
        Refuse a table in which a coordinate is no number, instead of taking its row for one without a position.
    scenario : str or Path, optional
        Ask about the region as a scenario has it: the name of one of the pack's, or a TOML file.
    pack : Pack, str or Path, optional
        Data pack that knows the layers by name, or its folder; lcrmap's own without.

    Returns
    -------
    Page
        A ``folium.Map``: it shows itself in a notebook, and ``save("map.html")`` writes one file that needs no
        network.

    Raises
    ------
    UsageError
        If arguments cannot be meant, alone or together; also a ValueError.
    UnknownNameError
        If there is no layer, place or column of that name; also a KeyError.
    FileError, GeometryError, CRSError
        If a layer is broken; a missing file is also a FileNotFoundError.

    Examples
    --------
    >>> page = make_map("innovation-assets")
    >>> page.save("assets.html")  # doctest: +SKIP

    >>> wards = make_map("wards", shade="area_km2", classes="quantile:4")
    >>> wards.model.layer("wards").note
    'Area (km²). Quantiles: as many areas in each class; a class includes its lower bound.'
    """
    return asked(Map, locals()).page()
