"""KML, GPX and GML: what each holds as layers, columns and positions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lcrmap.errors import CRSError, FileError, UnknownNameError
from lcrmap.layers import Layer

Open = Callable[..., Layer]

PLACE = (
    "<Placemark><name>{name}</name>{more}<Point><coordinates>{at}</coordinates></Point></Placemark>"
)


def place(name: str, at: str = "-2.9,53.4,0", more: str = "") -> str:
    return PLACE.format(name=name, at=at, more=more)


def kml(*parts: str, space: str = "http://www.opengis.net/kml/2.2") -> str:
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{space}"><Document><name>Map</name>'
    )
    return f"{head}{''.join(parts)}</Document></kml>"


def folder(name: str, *parts: str) -> str:
    return f"<Folder><name>{name}</name>{''.join(parts)}</Folder>"


def gml(
    srs: str, pos: str, cells: str = "<x:code>007</x:code><x:n>12</x:n>", head: str = ""
) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
        f'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:x="urn:x" {head}><wfs:member><x:Site gml:id="s1">'
        f'<x:shape><gml:Point gml:id="g1" srsName="{srs}"><gml:pos>{pos}</gml:pos></gml:Point></x:shape>{cells}'
        "</x:Site></wfs:member></wfs:FeatureCollection>"
    )


def test_a_map_of_google_my_maps_is_read(opened: Open) -> None:
    data = "<ExtendedData>{}</ExtendedData>".format(
        "".join(
            f'<Data name="{name}"><value>{value}</value></Data>'
            for name, value in (("jobs", "12"), ("code", "007"))
        )
    )
    text = "<description><![CDATA[<b>old</b> works]]></description>"
    layer = opened(
        "m.kml", kml(folder("Sites", place("A", more=text + data), place("B", "-2.8,53.3,0")))
    )
    frame = layer.frame
    assert list(frame.columns) == ["Name", "description", "jobs", "code", "geometry"]
    assert frame["Name"].tolist() == ["A", "B"]
    assert frame["description"][0] == "<b>old</b> works"
    assert (frame["jobs"][0], frame["code"][0]) == (12, "007")
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.to_list() == [shapely.Point(-2.9, 53.4), shapely.Point(-2.8, 53.3)]
    assert not frame.has_z.any()


def test_heights_of_a_kml_are_kept_where_it_has_some(opened: Open) -> None:
    layer = opened("m.kml", kml(place("A", "-2.9,53.4,12")))
    assert shapely.get_coordinates(layer.frame.geometry, include_z=True).tolist() == [
        [-2.9, 53.4, 12]
    ]


def test_folders_of_a_kml_are_layers_whatever_their_names(opened: Open) -> None:
    text = kml(folder("Sites: big", place("A"), folder("Inner", place("B"))), folder("Empty"))
    with pytest.raises(FileError) as caught:
        opened("m.kml", text)
    assert str(caught.value) == (
        "'m.kml' holds 2 layers (Sites: big, 1 feature; Inner, 1 feature): name one, such as 'm.kml:Sites: big'."
    )
    assert opened("m.kml:Sites: big").frame["Name"].tolist() == ["A"]
    assert opened("m.kml:Inner").metadata.title == "Inner"
    with pytest.raises(UnknownNameError, match="did you mean 'Inner'"):
        opened("m.kml:Iner")


def test_folders_of_one_name_are_told_apart(opened: Open) -> None:
    opened_text = kml(folder("Untitled", place("A")), folder("Untitled", place("B")))
    with pytest.raises(FileError, match="holds 2 layers") as caught:
        opened("m.kml", opened_text)
    assert "Untitled, 1 feature; Untitled (#2), 1 feature" in str(caught.value)
    names = ("Untitled", "Untitled (#2)")
    found = [opened(f"m.kml:{each}").frame["Name"].tolist() for each in names]
    assert found == [["A"], ["B"]]


@pytest.mark.parametrize(
    "space", ["http://earth.google.com/kml/2.1", "http://earth.google.com/kml/2.0"]
)
def test_older_kml_is_read(opened: Open, space: str) -> None:
    assert opened("m.kml", kml(place("A"), space=space)).placed == 1


def test_a_kml_that_only_links_to_places_says_so(opened: Open) -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    with pytest.raises(FileError, match="only a link to where they are"):
        opened("m.kml", kml(link))


def test_kml_in_another_encoding_is_read(opened: Open) -> None:
    text = kml(place("Café")).replace("UTF-8", "windows-1252")
    assert opened("m.kml", text.encode("windows-1252")).frame["Name"].tolist() == ["Café"]


GPX = '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
TRACK = (
    '<trk><name>T</name><trkseg><trkpt lat="53.4" lon="-2.9"><time>2024-01-01T10:00:00Z</time></trkpt>'
    '<trkpt lat="53.5" lon="-2.9"/></trkseg></trk>'
)
WAYPOINT = '<wpt lat="53.4" lon="-2.9"><ele>3</ele><name>W</name></wpt>'


def test_the_only_layer_of_a_gpx_that_is_filled_is_taken(opened: Open) -> None:
    layer = opened("t.gpx", GPX.format(WAYPOINT))
    assert list(layer.frame.columns) == ["ele", "name", "geometry"]
    assert layer.frame.geometry[0] == shapely.Point(-2.9, 53.4)
    layer = opened("u.gpx", GPX.format(TRACK))
    assert layer.frame.geometry[0].geom_type == "MultiLineString"


def test_layers_of_a_gpx_are_named(opened: Open) -> None:
    with pytest.raises(FileError, match=r"2 layers \(waypoints, 1 place; tracks, 1 line\)"):
        opened("t.gpx", GPX.format(WAYPOINT + TRACK))
    assert opened("t.gpx:track_points").frame["time"][0] == "2024-01-01T10:00:00Z"
    with pytest.raises(UnknownNameError):
        opened("t.gpx:routes")


@pytest.mark.parametrize(
    ("srs", "pos", "crs", "at"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "53.4 -2.9", "EPSG:4326", (-2.9, 53.4)),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "53.4 -2.9", "EPSG:4326", (-2.9, 53.4)),
        ("EPSG:4326", "-2.9 53.4", "EPSG:4326", (-2.9, 53.4)),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "-2.9 53.4", "EPSG:4326", (-2.9, 53.4)),
        ("urn:ogc:def:crs:EPSG::27700", "334500 390100", "EPSG:27700", (334500, 390100)),
        ("EPSG:27700", "334500 390100", "EPSG:27700", (334500, 390100)),
        ("urn:ogc:def:crs:EPSG::4258", "53.4 -2.9", "EPSG:4258", (-2.9, 53.4)),
    ],
)
def test_coordinates_of_gml_stand_in_the_order_of_their_system(
    opened: Open, srs: str, pos: str, crs: str, at: tuple[float, float]
) -> None:
    layer = opened("s.gml", gml(srs, pos))
    assert layer.frame.crs == crs
    assert (layer.frame.geometry[0].x, layer.frame.geometry[0].y) == at


def test_parcels_are_read_as_inspire_publishes_them(opened: Open) -> None:
    """Latitude comes first, surfaces are made of patches, and references and schemas lie elsewhere."""
    text = Path(__file__).with_name("inspire-parcels.gml").read_text(encoding="utf-8")
    layer = opened("inspire.gml", text)
    assert layer.frame.crs == "EPSG:4258"
    assert [each.bounds for each in layer.frame.geometry] == [
        (-2.99, 53.4, -2.98, 53.41),
        (-2.99, 53.42, -2.98, 53.43),
    ]
    row = layer.frame.drop(columns="geometry").iloc[0].to_dict()
    assert row["endLifespanVersion"] != row["endLifespanVersion"]  # empty
    assert row | {"endLifespanVersion": None} == {
        "gml_id": "CP.1",
        "areaValue": 1200.5,
        "areaValue_uom": "m2",
        "beginLifespanVersion": "2020-01-31T00:00:00Z",
        "endLifespanVersion": None,
        "localId": 1,
        "namespace": "GB.TEST.CP",
        "label": "1/2",
        "nationalCadastralReference": "MS0001",
    }


def test_cells_of_gml_keep_their_digits(opened: Open) -> None:
    frame = opened("s.gml", gml("EPSG:4326", "-2.9 53.4")).frame
    assert (frame["code"][0], frame["n"][0], frame["gml_id"][0]) == ("007", 12, "s1")


def test_gml_without_a_system_asks_for_one(opened: Open) -> None:
    text = gml("EPSG:4326", "334500 390100").replace(' srsName="EPSG:4326"', "")
    with pytest.raises(CRSError, match="--crs"):
        opened("s.gml", text)
    assert opened("s.gml", crs="EPSG:27700").placed == 1


@pytest.mark.parametrize("driver", ["KML", "GPX", "GML"])
def test_what_gdal_writes_is_read(opened: Open, tmp_path: Path, driver: str) -> None:
    points = [shapely.Point(-2.9, 53.4), shapely.Point(-2.8, 53.3)]
    frame = gpd.GeoDataFrame({"name": ["Ä", "B"]}, geometry=points, crs="EPSG:4326")
    name = f"w.{driver.lower()}"
    frame.to_file(tmp_path / name, driver=driver)
    found = opened(name).frame
    assert found.geometry.to_list() == points
    assert found["Name" if driver == "KML" else "name"].tolist() == ["Ä", "B"]


@pytest.mark.parametrize("name", ["m.kml", "m.gpx", "m.gml"])
def test_nothing_is_written_beside_a_file(opened: Open, tmp_path: Path, name: str) -> None:
    text = {
        "kml": kml(place("A")),
        "gpx": GPX.format(WAYPOINT),
        "gml": gml("EPSG:4326", "-2.9 53.4"),
    }
    opened(name, text[name[2:]])
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("m.kml", GPX, "is named as KML but begins as GPX"),
        ("m.gml", "<a/>", "is named as GML but begins as XML"),
        ("m.geojson", kml(), "is named as GeoJSON but begins as KML"),
        ("m.kml", "<kml><Document>", "is not whole"),
        ("m.kml", kml(), "holds no layer"),
    ],
)
def test_what_is_no_such_file_is_refused(opened: Open, name: str, text: str, message: str) -> None:
    with pytest.raises(FileError, match=message):
        opened(name, text)
