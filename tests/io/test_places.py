"""What is this place: each level, what goes before what, several hits, near misses."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest

from lcrmap.errors import FileError, UnknownNameError, UsageError
from lcrmap.io import places as module
from lcrmap.io.places import find_place
from lcrmap.io.positions_typed import grid_reference, national_grid, position
from lcrmap.layers import Pack


@pytest.mark.parametrize(
    ("text", "kind", "source", "key"),
    [
        (
            "innovation-assets:sci-tech-daresbury",
            "feature",
            "innovation-assets",
            "sci-tech-daresbury",
        ),
        (
            "innovation-assets:Sci-Tech Daresbury",
            "feature",
            "innovation-assets",
            "sci-tech-daresbury",
        ),
        ("sci-tech-daresbury", "feature", "innovation-assets", "sci-tech-daresbury"),
        ("Halton", "feature", "boroughs", "E06000006"),
        ("hALTON", "feature", "boroughs", "E06000006"),
        ("CEIDR", "feature", "innovation-assets", None),
        ("L3 5QA", "postcode", "postcodes", "L3 5QA"),
        ("l35qa", "postcode", "postcodes", "L3 5QA"),
        (" Parkside ", "feature", "freeport-sites", "parkside"),
    ],
)
def test_a_place_is_found_by_what_it_is_called(
    pack: Pack, text: str, kind: str, source: str, key: str | None
) -> None:
    place = find_place(text, pack=pack)
    assert (place.kind, place.source, len(place.layer.frame)) == (kind, source, 1)
    if key is not None:
        assert place.layer.frame[place.layer.key].tolist() == [key]
    whole = find_place(source, pack=pack).layer.frame
    assert whole[place.layer.key].iloc[place.rows[0]] == place.layer.frame[place.layer.key].iloc[0]


@pytest.mark.parametrize(
    ("text", "x", "y", "crs"),
    [
        ("53.40,-2.99", -2.99, 53.40, 4326),
        ("53.40, -2.99", -2.99, 53.40, 4326),
        ("53.40 -2.99", -2.99, 53.40, 4326),
        ("-33.9,151.2", 151.2, -33.9, 4326),
        ("+53,0", 0.0, 53.0, 4326),
        ("334500,390400", 334500.0, 390400.0, 27700),
        ("SJ 345 904", 334550.0, 390450.0, 27700),
        ("SJ345904", 334550.0, 390450.0, 27700),
        ("sj 34512 90467", 334512.5, 390467.5, 27700),
    ],
)
def test_positions_as_people_paste_them(
    pack: Pack, text: str, x: float, y: float, crs: int
) -> None:
    place = find_place(text, pack=pack)
    point = place.layer.frame.geometry[0]
    assert place.kind == "position"
    assert (point.x, point.y, place.layer.frame.crs.to_epsg()) == (x, y, crs)


def test_a_grid_reference_is_known_to_its_square_and_says_so(pack: Pack) -> None:
    layer = find_place("SJ 345 904", pack=pack).layer
    assert layer.frame["position_error_m"].tolist() == [70.7]
    assert layer.notes == (
        "'SJ 345 904' names a square of 100 m: its middle is taken, right to 71 m.",
    )
    assert "National Grid" in find_place("334500,390400", pack=pack).layer.notes[0]


def test_a_sector_means_all_its_postcodes_and_a_layer_all_its_features(pack: Pack) -> None:
    sector = find_place("L3 5", pack=pack)
    assert sector.kind == "sector"
    assert sector.layer.frame["postcode"].str.startswith("L3 5").all()
    assert len(find_place("freeport-sites", pack=pack).layer.frame) == 16


def test_a_file_and_a_feature_in_it(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("id,name,lon,lat\na,First,-3,53\nb,Second,-2.9,53\n")
    assert find_place(str(path), pack=pack).kind == "layer"
    assert find_place(f"{path}:b", pack=pack).layer.frame["name"].tolist() == ["Second"]
    with pytest.raises(UnknownNameError, match="No feature 'c'"):
        find_place(f"{path}:c", pack=pack)


def test_a_file_in_which_nothing_names_the_features_is_told_so(pack: Pack, tmp_path: Path) -> None:
    """Before, it was said that there are none, and there is one beside it without an id."""
    path = tmp_path / "sites.csv"
    path.write_text("id,lon,lat\n,-2.9,53.4\n2,-2.8,53.4\n")
    with pytest.raises(UnknownNameError, match="'2' in sites: no column names its features"):
        find_place(f"{path}:2", pack=pack)
    path.write_text('{"type":"FeatureCollection","features":[]}')
    empty = path.rename(tmp_path / "none.geojson")
    with pytest.raises(UnknownNameError, match="'2' in none: there are none"):
        find_place(f"{empty}:2", pack=pack)


def test_several_hits_are_listed_and_none_is_taken(tmp_path: Path) -> None:
    def layer(name: str, key: str) -> dict[str, object]:
        feature = {
            "type": "Feature",
            "properties": {"id": key, "name": "Market Square", "aliases": "Old Market; The Square"},
            "geometry": {"type": "Point", "coordinates": [1, 2]},
        }
        (tmp_path / f"{name}.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": [feature]})
        )
        return {
            "name": name,
            "path": f"{name}.geojson",
            "schema": {
                "primaryKey": ["id"],
                "fields": [{"name": "id"}, {"name": "name"}, {"name": "aliases"}],
            },
            "lcrmap": {"label": "name"},
        }

    package = {"name": "two", "resources": [layer("shops", "s1"), layer("stalls", "s2")]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    from lcrmap.layers import open_pack

    pack = open_pack(tmp_path)
    for text in ("market square", "The Square"):
        with pytest.raises(
            UsageError, match=r"can mean 2 places: say which, as one of shops:s1.*stalls:s2"
        ):
            find_place(text, pack=pack)
    assert find_place("s2", pack=pack).source == "stalls"
    assert find_place("stalls:the square", pack=pack).source == "stalls"


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("Hartree", UnknownNameError, "did you mean .*'Hartree Centre'"),
        ("xyzzyq", UnknownNameError, "A place is an id, a name"),
        (
            "xyzzyq",
            UnknownNameError,
            r"^No place 'xyzzyq': check how it is written\. A place is",
        ),
        (
            "l3 5q",
            UsageError,
            "^'l3 5q' is an incomplete postcode: write all of it, or its sector alone, 'L3 5'.$",
        ),
        ("M1 1AA", UsageError, "not among the 37,841 postcodes"),
        ("M1 1", UsageError, "postcode sector 'M1 1'"),
        ("120,45", UsageError, "write latitude first, as in '45,120'"),
        ("900000,1", UsageError, "neither latitude and longitude nor easting"),
        ("freeport-sites:zzz", UnknownNameError, "No feature 'zzz' in freeport-sites"),
        ("nope.geojson", FileError, "No such file"),
    ],
)
def test_what_is_no_place_is_told_with_its_remedy(
    pack: Pack, text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        find_place(text, pack=pack)


def test_a_pack_without_a_lookup_knows_no_postcode(skerries: Pack) -> None:
    with pytest.raises(UnknownNameError):
        find_place("L3 5QA", pack=skerries)
    assert find_place("53.4,-2.99", pack=skerries).kind == "position"


def test_only_layers_in_which_the_text_stands_are_opened(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = module.open_layer
    monkeypatch.setattr(
        module, "open_layer", lambda name, **rest: opened.append(name) or real(name, **rest)
    )
    find_place("sci-tech-daresbury", pack=pack)
    assert opened == ["innovation-assets"]


@pytest.mark.parametrize(
    "text",
    ["1{}x", "1{}", "1,{}x", "{}1", "SJ{}x"],
)
@pytest.mark.parametrize("piece", [" ", "1", "1 ", ".", ":", ",", "a/"])
def test_a_place_of_a_strangers_record_is_no_work(text: str, piece: str) -> None:
    typed = text.format(piece * 200_000)
    before = time.process_time()
    for read in (position, grid_reference, national_grid):
        with contextlib.suppress(UsageError):
            read(typed)
    assert time.process_time() - before < 1
