"""KML, GPX and GML that try to open other files or addresses, to grow, or to exhaust a reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from lcrmap.errors import FileError, LcrmapError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack

CANARY = "the-canary-sings"
EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
BODIES = {
    "kml": '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}<Placemark><name>own</name><Point>'
    "<coordinates>-2.9,53.4</coordinates></Point></Placemark></Document></kml>",
    "gpx": '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">{}<wpt lat="53.4" lon="-2.9">'
    "<name>own</name></wpt></gpx>",
    "gml": '<x:C xmlns:gml="http://www.opengis.net/gml" xmlns:x="urn:x">{}<gml:featureMember><x:S><x:name>own</x:name>'
    '<gml:pointProperty><gml:Point srsName="EPSG:4326"><gml:coordinates>-2.9,53.4</gml:coordinates></gml:Point>'
    "</gml:pointProperty></x:S></gml:featureMember></x:C>",
}
SUFFIXES = tuple(BODIES)


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files that nobody names."""
    (tmp_path / "secret.txt").write_text(CANARY)
    far = BODIES["kml"].format("").replace("own", CANARY)
    (tmp_path / "far.kml").write_text(far)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(name: str, text: str, folder: Path) -> str:
    (folder / name).write_text(text)
    with pytest.raises(LcrmapError) as caught:
        open_layer(name, pack=EMPTY)
    sentence = str(caught.value)
    assert CANARY not in sentence
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE a [<!ENTITY e SYSTEM "secret.txt">]>',
        '<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd"> %e;]>',
        '<!DOCTYPE a SYSTEM "far.dtd">',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;">]>',
    ],
)
def test_a_document_type_is_refused(beside: Path, suffix: str, document_type: str) -> None:
    body = BODIES[suffix].format("").replace("own", "&e;")
    for start in ('<?xml version="1.0"?>', "<!-- x -->\n", "<!-- x -->" * 500):
        sentence = refused(f"a.{suffix}", f"{start}{document_type}{body}", beside)
        assert "declares a document type" in sentence or "begins as" in sentence
    behind = BODIES[suffix].format("").replace(">", f">{document_type}", 1)
    assert "is not whole" in refused(f"b.{suffix}", behind, beside)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_other_drivers_take_for_theirs_is_refused(beside: Path, suffix: str) -> None:
    layer = '<OGRVRTLayer name="far"><SrcDataSource>far.kml</SrcDataSource></OGRVRTLayer>'
    trick = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
    for each in (trick, f"<!-- {trick} -->", f"<![CDATA[{trick}]]>"):
        sentence = refused(f"a.{suffix}", BODIES[suffix].format(each), beside)
        assert "can point to other files" in sentence
    (beside / f"b.{suffix}").write_text(f"<!-- {trick} -->" + BODIES[suffix].format(""))
    assert CANARY not in open_layer(f"b.{suffix}", pack=EMPTY).frame.to_json()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_elements_nest_within_bounds(beside: Path, suffix: str) -> None:
    deep = "<Folder>" * 100_000 + "</Folder>" * 100_000
    assert "more than 200 deep" in refused(f"a.{suffix}", BODIES[suffix].format(deep), beside)


def test_a_link_to_another_map_is_not_followed(beside: Path) -> None:
    link = (
        "<NetworkLink><Link><href>far.kml</href></Link></NetworkLink><styleUrl>far.kml#x</styleUrl>"
    )
    (beside / "a.kml").write_text(BODIES["kml"].format(link))
    assert open_layer("a.kml", pack=EMPTY).frame["Name"].tolist() == ["own"]
    with pytest.raises(FileError, match="only a link"):
        text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{link}</Document></kml>'
        (beside / "b.kml").write_text(text)
        open_layer("b.kml", pack=EMPTY)


@pytest.mark.parametrize("where", ["far.xsd", "http://127.0.0.1:9/far.xsd", "{folder}/far.xsd"])
def test_a_schema_of_gml_is_not_looked_for(beside: Path, where: str) -> None:
    (beside / "far.xsd").write_text("<this is no schema")
    (beside / "a.xsd").write_text("<this is no schema")
    (beside / "a.gfs").write_text(
        f"<GMLFeatureClassList><GMLFeatureClass><Name>{CANARY}</Name><ElementPath>S</ElementPath>"
        "</GMLFeatureClass></GMLFeatureClassList>"
    )
    named = f'xsi:schemaLocation="urn:x {where.format(folder=beside)}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    text = BODIES["gml"].format(
        '<x:far xlink:href="far.kml" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    )
    (beside / "a.gml").write_text(text.replace("<x:C ", f"<x:C {named} "))
    layer = open_layer("a.gml", pack=EMPTY)
    assert layer.frame["name"].tolist() == ["own"]
    assert CANARY not in f"{layer.frame.to_json()} {layer.metadata}"
