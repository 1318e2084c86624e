"""Pictures say what the page says: the same classes, colours, symbols and counts, and the same bytes each time."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image

from lcrmap import __version__
from lcrmap.errors import UsageError
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.library import access, count, gaps, make_map, near
from lcrmap.maps.document import page_data
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.style import HUES
from lcrmap.maps.styling import Circles, ShadeStyle, Shading
from lcrmap.pictures.alternative import alternative_text
from lcrmap.pictures.charts import draw_map  # noqa: F401  (imports without matplotlib)
from lcrmap.pictures.drawing import Picture, draw_picture, draw_pictures
from lcrmap.pictures.fonts import Face, Fonts, fonts_for
from lcrmap.pictures.labelling import Box, covered_share, overlaps
from lcrmap.pictures.labels import Label
from lcrmap.pictures.legends import legend_lines
from lcrmap.pictures.names import labels_of
from lcrmap.pictures.papers import paper_of
from lcrmap.pictures.scenes import colour_of, make_scene
from lcrmap.pictures.sheets import Sheet, settings
from lcrmap.pictures.views import bar_length, parts_of, view_of

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
BOX = Box(5, 20, 95, 100)


@pytest.fixture(scope="module")
def atlas() -> PageModel:
    return make_map().model


@pytest.fixture(scope="module")
def drawing(atlas: PageModel) -> bytes:
    return draw_picture(atlas, "svg").data


def swapped(path: Path, far: int) -> Path:
    """Write eight places of the region, and some whose coordinates are swapped."""
    rows = [f"Hall {n},{53.4 + n / 100},-2.9" for n in range(8)]
    rows += [f"Swapped {n},-2.9,{53.4 + n}" for n in range(far)]
    path.write_text("\n".join(["name,lat,lon", *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("far", "said"),
    [
        (1, "1 place outside this view: Swapped 0"),
        (2, "2 places outside this view: Swapped 0, Swapped 1"),
        (6, "6 places outside this view"),
    ],
)
def test_a_picture_shows_the_region_and_says_first_what_lies_far_outside(
    tmp_path: Path, pack: Pack, far: int, said: str
) -> None:
    model = make_map("boroughs", swapped(tmp_path / "some.csv", far), pack=pack).model
    view = view_of(model.extent, BOX)
    assert model.extent == model.layer("boroughs").shapes.bounds
    lines = legend_lines(model, make_scene(model, view))
    assert (lines[0].kind, lines[0].text) == ("note", said)


def test_a_picture_without_its_title_keeps_the_rest(atlas: PageModel, drawing: bytes) -> None:
    bare = draw_picture(atlas, "svg", title=False).data

    def written(data: bytes) -> str:
        root = ElementTree.fromstring(data)
        return " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))

    for text in (atlas.headline[:30], atlas.subtitle):
        assert text in written(drawing)
        assert text not in written(bare)
    for text in ("Innovation assets (57)", "Map: lcrmap"):
        assert text in written(bare)
    assert atlas.headline in bare.decode()  # its name, for those who do not see it


def squares(values: list[float | None]) -> Layer:
    shapes = [shapely.box(0.01 * n, 51, 0.01 * n + 0.01, 51.01) for n in range(len(values))]
    frame = gpd.GeoDataFrame(
        {"name": [f"Square {n}" for n in range(len(values))], "rate": values},
        geometry=shapes,
        crs="EPSG:4326",
    )
    return Layer(
        frame, Metadata("squares", "Squares", label="name", noun_one="square", noun_many="squares")
    )


def test_a_picture_does_not_speak_of_a_table(atlas: PageModel) -> None:
    scene = make_scene(atlas, view_of(atlas.extent, BOX))
    said = [each.text for each in legend_lines(atlas, scene)]
    missing = [each for each in said if "no position" in each]
    assert missing == ["3 places have no position", "1 place has no position"]


def test_the_legend_is_the_pages(atlas: PageModel) -> None:
    """What the page's data block says of each layer is what the picture's legend says."""
    scene = make_scene(atlas, view_of(atlas.extent, BOX))
    lines = [each for each in legend_lines(atlas, scene) if each.entry is not None]
    drawn = [(each.text, each.count, each.entry.shape, each.entry.hue) for each in lines]
    for layer in page_data(atlas)["layers"]:
        entries = layer["style"]["entries"]
        if not layer["visible"] or layer["part"] == "backdrop" or len(entries) < 2:
            continue
        for entry in entries:
            wanted = (entry["label"], entry["count"], entry["shape"], entry["hue"])
            assert wanted in drawn, layer["name"]


def test_a_legend_calls_a_layer_what_the_pages_legend_calls_it(atlas: PageModel) -> None:
    scene = make_scene(atlas, view_of(atlas.extent, BOX))
    (areas,) = [each for each in atlas.layers if each.part == "areas"]
    layers = tuple(
        replace(each, called="The six", merged=True) if each is areas else each
        for each in atlas.layers
    )
    lines = legend_lines(replace(atlas, layers=layers), scene)
    assert [each.count for each in lines if each.text == "The six"] == [None]
    assert areas.title not in {each.text for each in lines}


def test_a_picture_grows_for_its_legend_up_to_a_bound(atlas: PageModel) -> None:
    def drawn(tallest: float | None, *, title: bool = False) -> Picture:
        (made,) = draw_pictures(atlas, ("svg",), size="180x75mm", title=title, tallest=tallest)
        return made

    def legend_size(made: Picture) -> float:
        found = re.findall(
            r"font-weight: 700; font-size: ([\d.]+)px;[^\"]*: start", made.data.decode()
        )
        return min(map(float, found))

    assert [drawn(None).height, drawn(80).height] == [75, 80]
    assert drawn(120, title=True).height == drawn(None, title=True).height
    assert legend_size(drawn(None)) < 6
    grown = drawn(150)
    assert (grown.width, 100 < grown.height < 150, legend_size(grown)) == (180, True, 8)


@pytest.mark.parametrize("size", ["100x80mm", "90x90mm", "report"])
def test_no_legend_lies_over_the_credits(atlas: PageModel, size: str) -> None:
    made = draw_picture(atlas, "svg", size=size)
    texts = list(ElementTree.fromstring(made.data).iter(f"{SVG}text"))
    said = ["".join(each.itertext()) for each in texts]
    first = next(n for n, each in enumerate(said) if each.startswith("Source: "))
    last = next(n for n, each in enumerate(said) if each.endswith(f" {__version__}."))
    down = [float(each.get("y") or 0) for each in texts]
    assert max(down[last + 1 :]) < down[first] - 7  # the height of its letters
    asked = paper_of(size)
    higher = [f"The picture is {made.height:g} mm high, not {asked.height:g} mm: its legend"]
    assert [each[: len(higher[0])] for each in made.notes] == (
        higher if made.height > asked.height else []
    )
    assert (made.width, made.height > asked.height) == (asked.width, size != "report")


def test_every_placed_row_is_drawn_once_in_its_own_colour_and_shape(atlas: PageModel) -> None:
    scene = make_scene(atlas, view_of(atlas.extent, BOX))
    marks = [*scene.marks, *(mark for disc in scene.discs for mark in disc.marks)]
    seen = Counter((each.layer, each.row) for each in marks)
    assert set(seen.values()) == {1}
    for number, layer in enumerate(page_data(atlas)["layers"]):
        if not layer["visible"] or "x" not in layer:
            continue
        placed = {(number, row) for row, x in enumerate(layer["x"]) if x is not None}
        assert {each for each in seen if each[0] == number} == placed
        entries, codes = layer["style"]["entries"], layer["style"]["codes"] or []
        for mark in (each for each in marks if each.layer == number):
            entry = entries[codes[mark.row] if codes else 0]
            assert (mark.shape, mark.colour) == (entry["shape"], HUES[entry["hue"]].light)
            if mark.ring == 0:
                assert mark.fill == (layer["sure"][mark.row] if layer["sure"] else 0)


def test_symbols_stand_where_their_places_are(atlas: PageModel) -> None:
    """A kilometre on the ground is a kilometre by the scale bar, and north is up."""
    view = view_of(atlas.extent, BOX)
    x1, y1 = view.point((-2.99, 53.40))
    x2, y2 = view.point((-2.99, 53.40 + 10_000 / 111_286))
    assert x2 == pytest.approx(x1, abs=0.1)
    assert (y2 - y1) * view.metres_per_mm == pytest.approx(10_000, rel=0.01)
    assert bar_length(view) in (5000.0, 10_000.0)


def test_the_six_areas_are_named_though_stations_stand_close_together(pack: Pack) -> None:
    model = gaps("rail-stations", beyond="800m", by="boroughs", pack=pack).page().model
    view = view_of(model.extent, Box(5, 20, 85, 75))
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = labels_of(model, view, make_scene(model, view), sheet)
    assert overlaps([each.box for each in labels]) == []
    names = {each.name for each in labels} - {""}
    assert names == {"Sefton", "Wirral", "Liverpool", "Halton", "Knowsley", "St Helens"}


def test_a_figure_stands_with_its_area_however_the_table_spells_it(
    tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "jobs.csv"
    rows = {"LIVERPOOL": 250, "St. Helens": 61, "wirral": 110, "Sefton": 90}
    path.write_text("borough,jobs\n" + "".join(f"{name},{n}\n" for name, n in rows.items()))
    model = make_map(str(path), pack=pack, shade="jobs").model
    view = view_of(model.extent, BOX)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = labels_of(model, view, make_scene(model, view), sheet)
    said = {each.name: each.texts[1:] for each in labels if each.name}
    assert said == {
        "Liverpool": ("250",),
        "St Helens": ("61",),
        "Wirral": ("110",),
        "Sefton": ("90",),
        "Knowsley": (),
        "Halton": (),
    }


@pytest.mark.parametrize("against", [None, "shops"])
def test_no_figure_on_the_map_is_rounded_into_another_class(
    tmp_path: Path, pack: Pack, against: str | None
) -> None:
    path = tmp_path / "score.csv"
    scores = (37.16, 30.149, 28.98, 29.04, 25.16, 31.1666)
    names = ("Liverpool", "Sefton", "St Helens", "Wirral", "Halton", "Knowsley")
    rows = (
        f"{name},{score},{n}" for n, (name, score) in enumerate(zip(names, scores, strict=True))
    )
    path.write_text("\n".join(["borough,score,shops", *rows]) + "\n")
    classes = "rounded" if against else "29,31.17"
    model = make_map(str(path), pack=pack, shade="score", against=against, classes=classes).model
    (style,) = (each.style for each in model.layers if isinstance(each.style, ShadeStyle))
    assert style.breaks
    view = view_of(model.extent, BOX)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = labels_of(model, view, make_scene(model, view), sheet)
    said = {each.name: float(each.texts[1]) for each in labels if each.name}
    assert set(said) == set(names)
    for name, score in zip(names, scores, strict=True):
        sides = [(said[name] >= each, score >= each) for each in style.breaks]
        assert all(one == other for one, other in sides), name
    if not against:
        assert (said["St Helens"], said["Wirral"], said["Knowsley"]) == (28.98, 29, 31.167)


def test_what_was_chosen_is_named_before_what_was_not_and_over_the_many_that_were_there() -> None:
    def layer(name: str, places: dict[str, tuple[float, float]]) -> Layer:
        frame = gpd.GeoDataFrame(
            {"name": list(places)},
            geometry=[shapely.Point(at) for at in places.values()],
            crs="EPSG:4326",
        )
        return Layer(frame, Metadata(name, name, label="name", symbol="star"))

    there = {f"Station {n}": (n % 30 / 150, 51 + n // 30 / 200) for n in range(300)}
    tried = {"Lost": (0.1, 51.12), "Won one": (0.1, 51.02), "Won two": (0.12, 51.03)}
    views = [
        LayerView(layer("there", there), singly=True),
        LayerView(layer("tried", tried), singly=True, answering=(1, 2)),
    ]
    model = build_model(views)
    view = view_of(model.extent, BOX)
    scene = make_scene(model, view)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = labels_of(model, view, scene, sheet)
    assert [each.texts[0] for each in labels] == ["Won one", "Won two", "Lost"]
    assert overlaps([each.box for each in labels]) == []
    stars = [each.box for each in scene.marks if model.layers[each.layer].name == "tried"]
    assert not any(each.box.meets(star) for each in labels for star in stars)
    # Where one that was chosen cannot be named, none that was not is.
    whole = [Box(view.box.left, view.box.bottom, view.box.right, view.point((0, 51.09))[1])]
    with settings():
        assert labels_of(model, view, scene, sheet, whole) == []


def labels_on_a_map(model: PageModel) -> list[Label]:
    """Return the names on the map of a report's picture."""
    view = view_of(model.extent, Box(5, 19, 97, 94))
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        return labels_of(model, view, make_scene(model, view), sheet)


def test_names_of_stations_look_other_than_those_of_the_sites_they_are_near(pack: Pack) -> None:
    model = near("freeport-sites", "rail-stations", pack=pack).page().model
    labels = labels_on_a_map(model)
    looks: dict[str, set[tuple[Face, str]]] = {}
    for name in ("freeport-sites", "rail-stations"):
        layer = model.layer(name)
        names = {layer.name_of(row) for row in range(layer.total)}
        looks[name] = {(e.face, e.colour) for e in labels if " ".join(e.texts) in names}
    (sites,), (stations,) = looks.values()
    assert sites != stations
    assert stations[0].italic
    assert stations[0].size < sites[0].size


def test_names_of_stations_look_so_too_beside_places_too_many_to_be_named(pack: Pack) -> None:
    model = near("innovation-assets", "rail-stations", pack=pack).page().model
    labels = labels_on_a_map(model)
    layer = model.layer("rail-stations")
    names = {layer.name_of(row) for row in range(layer.total)}
    assert {each.face.italic for each in labels if " ".join(each.texts) in names} == {True}


def test_places_asked_about_are_named_before_larger_ones_near_them() -> None:
    def view(name: str, symbol: str, row: str, at: float) -> LayerView:
        frame = gpd.GeoDataFrame({"name": [row]}, geometry=[shapely.Point(at, 51)], crs="EPSG:4326")
        metadata = Metadata(name, name, label="name", symbol=symbol)
        return LayerView(Layer(frame, metadata), answering=(0,))

    model = build_model([view("asked", "bar", "Small", 0), view("near", "hull", "Large", 0.01)])
    on_paper = view_of(model.extent, BOX)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = labels_of(model, on_paper, make_scene(model, on_paper), sheet)
    assert [each.texts for each in labels] == [("Small",), ("Large",)]


@pytest.mark.parametrize("size", ["report", "wide", "square", "100x200mm"])
def test_no_label_meets_another_or_a_symbol(atlas: PageModel, size: str) -> None:
    view = view_of(atlas.extent, BOX)
    scene = make_scene(atlas, view)
    with settings():
        sheet = Sheet(paper_of(size), Fonts(), background="#FFFFFF")
        labels = labels_of(atlas, view, scene, sheet)
    boxes = [each.box for each in labels]
    assert overlaps(boxes) == []
    assert not any(box.meets(other) for box in boxes for other in scene.boxes)
    assert all(view.box.holds(box) for box in boxes)
    names = {each.texts[0] for each in labels}
    assert {"Sefton", "Wirral", "Liverpool", "Halton", "Knowsley", "St Helens"} <= names


def test_water_ends_with_the_backdrop_and_what_lies_beyond_is_neither_land_nor_water(
    tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("name,lat,lon\nHall,53.4,-2.9\nLeeds,53.8,-1.55\nHull,53.74,-0.33\n")
    model = make_map(str(path), pack=pack).model
    west, south, east, north = next(
        each.shapes.bounds
        for each in model.layers
        if each.part == "backdrop" and each.shapes.bounds
    )
    assert model.extent is not None
    assert model.extent[2] > east  # the picture shows more than the backdrop
    root = ElementTree.fromstring(draw_picture(model, "svg", title=False).data)

    def steps(*looks: str) -> list[float]:
        paths = [
            each.get("d", "")
            for each in root.iter(f"{SVG}path")
            if set(looks) <= set(each.get("style", "").split("; "))
        ]
        return [float(x) for x in re.findall(r"[ML] ([\d.-]+) ", " ".join(paths))]

    assert max(steps("fill: #e1e7e8")) > max(steps("fill: #d8e6ee"))
    water, land = steps("fill: #d8e6ee"), steps("fill: #eae8e1", "stroke: #b9b7af")
    assert max(water) == pytest.approx(max(land), abs=1)
    assert (west, south, north) == (-3.55, 53.12, 53.82)


def test_text_is_text_with_title_and_description(atlas: PageModel, drawing: bytes) -> None:
    root = ElementTree.fromstring(drawing)
    texts = [each.text or "" for each in root.iter(f"{SVG}text")]
    assert atlas.headline in " ".join(texts)  # in as many lines as it needs
    assert "Health and life sciences (15)" in texts
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == atlas.headline
    assert description is not None
    assert description.text == draw_picture(atlas, "svg").alt
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_a_pdf_embeds_its_fonts_and_says_what_it_shows(atlas: PageModel) -> None:
    data = draw_picture(atlas, "pdf").data
    assert data.startswith(b"%PDF-1.4")
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    assert b"/Subject (Map: " in data
    assert b"CreationDate" not in data


def test_a_png_has_the_size_that_was_asked_for_and_says_what_it_shows(atlas: PageModel) -> None:
    import io

    from PIL import Image

    for size, dpi, pixels in (
        ("report", None, (1889, 1417)),
        ("wide", None, (1600, 900)),
        ("square", 72, (540, 540)),
        ("100x80mm", 100, (393, 314)),
    ):
        model = build_model([]) if size == "100x80mm" else atlas  # it has no room for a long legend
        image = Image.open(io.BytesIO(draw_picture(model, "png", size=size, dpi=dpi).data))
        assert image.size == pixels
        assert image.info["Description"].startswith("Map: ")


def test_the_same_bytes_in_another_process_folder_and_locale(
    tmp_path: Path, drawing: bytes
) -> None:
    (tmp_path / "matplotlibrc").write_text("font.family: serif\nsvg.fonttype: path\n")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "TZ": "Asia/Tokyo",
        "HOME": str(tmp_path),
    }
    subprocess.run(
        [sys.executable, "-m", "lcrmap", "map", "-o", "atlas.svg", "-o", "atlas.pdf"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "atlas.svg").read_bytes() == drawing
    assert (tmp_path / "atlas.pdf").read_bytes() == draw_picture(make_map().model, "pdf").data


def test_shaded_areas_have_the_pages_classes_and_no_data_is_hatched() -> None:
    view = LayerView(squares([1.0, 5.0, None]), wish=Shading("rate", (2.0, 4.0)))
    model = build_model([view])
    (entries,) = (each["style"]["entries"] for each in page_data(model)["layers"])
    lines = legend_lines(model, make_scene(model, view_of(model.extent, BOX)))
    assert [each.text for each in lines if each.kind == "entry"] == [e["label"] for e in entries]
    svg = draw_picture(model, "svg").data.decode().lower()
    for entry in entries[:1] + entries[2:3]:
        assert f"fill: {colour_of(entry['hue']).lower()}" in svg
    assert "<pattern" in svg


def written(model: PageModel) -> list[str]:
    """Return the texts of a picture, in the order in which they are drawn."""
    tree = ElementTree.fromstring(draw_picture(model, "svg").data)
    return ["".join(each.itertext()).strip() for each in tree.iter(f"{SVG}text")]


def test_the_classes_of_a_shading_are_one_bar_with_the_breaks_at_its_borders() -> None:
    model = build_model([LayerView(squares([0.5, 3, 3.5, 9, None]), wish=Shading("rate", (2, 4)))])
    said = written(model)
    assert [each for each in said if each in ("0.5", "2", "4", "9")] == ["0.5", "2", "4", "9"]
    assert said.count("(1)") == 3  # under 2, 4 and over, and no data
    assert {"no data", "(2)"} <= set(said)
    assert "under 2" not in " ".join(said)


def test_numbers_too_long_for_a_bar_are_listed() -> None:
    wish = Shading("rate", (2e9, 4e9, 6e9, 8e9))
    model = build_model([LayerView(squares([1e9, 3e9, 5e9, 7e9, 9.5e9]), wish=wish)])
    assert any(each.startswith("under 2,000,000,000") for each in written(model))


def test_alternative_text_names_highest_lowest_and_what_is_missing() -> None:
    view = LayerView(squares([1.0, 5.0, None]), wish=Circles("rate"))
    alt = draw_picture(build_model([view]), "svg").alt
    assert alt.startswith("Map with sized circles: ")
    assert "Highest Square 1 (5), lowest Square 0 (1)." in alt
    assert "1 square has no data." in alt
    assert len(alt.split()) <= 60


def test_lines_areas_and_points_in_one_layer_are_drawn() -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b", "c", "d"]},
        geometry=[
            shapely.Point(0, 51),
            shapely.LineString([(0, 51), (0.1, 51.1)]),
            shapely.box(0, 51, 0.05, 51.05),
            None,
        ],
        crs="EPSG:4326",
    )
    model = build_model([LayerView(Layer(frame, Metadata("mine", "Mine", label="name")))])
    assert draw_picture(model, "svg").data.count(b"clip-path") >= 4


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_place_make_a_picture(count: int) -> None:
    points = gpd.points_from_xy([0.0] * count, [51.0] * count)
    frame = gpd.GeoDataFrame({"name": ["A"] * count}, geometry=points, crs="EPSG:4326")
    model = build_model([LayerView(Layer(frame, Metadata("mine", "Mine", label="name")))])
    assert draw_picture(model, "png", dpi=72).data.startswith(b"\x89PNG")


def test_many_places_are_dots_and_quick() -> None:
    points = gpd.points_from_xy(
        [n % 100 / 1000 for n in range(5000)], [51 + n / 1e5 for n in range(5000)]
    )
    frame = gpd.GeoDataFrame({"name": ["x"] * 5000}, geometry=points, crs="EPSG:4326")
    model = build_model([LayerView(Layer(frame, Metadata("mine", "Mine", label="name")))])
    scene = make_scene(model, view_of(model.extent, BOX))
    assert sum(len(each.xy) for each in scene.dots) == 5000
    assert draw_picture(model, "png", dpi=72).data.startswith(b"\x89PNG")


def many_of_two_kinds() -> PageModel:
    """900 places: every tenth is of another kind."""
    points = gpd.points_from_xy(
        [n % 30 / 100 for n in range(900)], [51 + n // 30 / 160 for n in range(900)]
    )
    kinds = ["rare" if n % 10 == 0 else "common" for n in range(900)]
    frame = gpd.GeoDataFrame({"kind": kinds}, geometry=points, crs="EPSG:4326")
    return build_model([LayerView(Layer(frame, Metadata("mine", "Mine", category="kind")))])


def test_many_places_have_the_symbols_of_the_legend_the_rarest_above() -> None:
    model = many_of_two_kinds()
    scene = make_scene(model, view_of(model.extent, BOX))
    legend = {(each.shape, colour_of(each.hue)): each.count for each in model.layers[0].legend}
    assert {(each.shape, each.colour): len(each.xy) for each in scene.dots} == legend
    assert [len(each.xy) for each in scene.dots] == [810, 90]
    assert len({each.radius for each in scene.dots}) == 1


def test_the_more_places_of_a_look_there_are_the_smaller_they_are() -> None:
    points = gpd.points_from_xy([n % 100 / 1000 for n in range(6000)], [51.0] * 6000)
    kinds = ["rare"] * 100 + ["common"] * 5900
    frame = gpd.GeoDataFrame({"kind": kinds}, geometry=points, crs="EPSG:4326")
    model = build_model([LayerView(Layer(frame, Metadata("mine", "Mine", category="kind")))])
    many, few = make_scene(model, view_of(model.extent, BOX)).dots
    assert (len(many.xy), len(few.xy)) == (5900, 100)
    assert many.radius < few.radius / 1.5


def test_many_places_are_as_large_at_any_number_of_dots_per_inch() -> None:
    model = many_of_two_kinds()
    shares = []
    for dpi in (72, 300):
        data = draw_picture(model, "png", dpi=dpi, title=False).data
        image = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
        rose = np.array([int("AD4278"[at : at + 2], 16) for at in (0, 2, 4)])
        shares.append(float((np.abs(image - rose).sum(axis=2) < 120).mean()))
    assert shares[1] == pytest.approx(shares[0], rel=0.5)


def test_another_regions_pack_makes_a_picture(skerries: Pack) -> None:
    svg = draw_picture(make_map(pack=skerries).model, "svg").data.decode()
    assert "Liverpool" not in svg
    assert "The Skerries" in svg


def test_a_letter_that_no_font_has_is_named() -> None:
    fonts = fonts_for(["Plain", "\U0001e030"])
    assert fonts.missing in ((), ("\U0001e030",))
    frame = gpd.GeoDataFrame(
        {"name": ["\U000f0000 here"]}, geometry=gpd.points_from_xy([0], [51]), crs="EPSG:4326"
    )
    model = build_model([LayerView(Layer(frame, Metadata("mine", "Mine", label="name")))])
    (note,) = draw_picture(model, "svg").notes
    assert "U+F0000" in note


def test_markup_in_names_stays_text() -> None:
    name = "<script>alert(1)</script> & $x^2$"
    frame = gpd.GeoDataFrame(
        {"name": [name]}, geometry=gpd.points_from_xy([0], [51]), crs="EPSG:4326"
    )
    model = build_model([LayerView(Layer(frame, Metadata("mine", "Mine", label="name")))])
    data = draw_picture(model, "svg").data
    assert b"<script" not in data
    texts = " ".join(str(e.text) for e in ElementTree.fromstring(data).iter(f"{SVG}text"))
    assert "$x^2$" in texts


def test_an_unknown_kind_and_size_are_refused() -> None:
    model = build_model([])
    with pytest.raises(UsageError, match="png, svg, pdf"):
        draw_picture(model, "gif")
    with pytest.raises(UsageError, match="160x120mm"):
        draw_picture(model, "png", size="huge")
    with pytest.raises(UsageError, match="70 to 2000"):
        draw_picture(model, "png", size="10x10mm")


def test_the_command_line_writes_picture_and_alternative_text(
    lcrmap: Callable, tmp_path: Path
) -> None:
    outcome = lcrmap("map", "freeport-sites", "-o", "sites.png", "-o", "sites.svg", "--dpi", "72")
    assert outcome.code == 0, outcome.err
    alt = (tmp_path / "sites.alt.txt").read_text(encoding="utf-8")
    assert alt.startswith("Map: Where the Freeport sites are.")
    assert not re.search(r"\b16 Freeport sites", alt)
    assert {each.name for each in tmp_path.iterdir()} == {"sites.png", "sites.svg", "sites.alt.txt"}
    again = lcrmap("map", "freeport-sites", "-o", "sites.png")
    assert again.code == 4
    assert "--overwrite" in again.err


def test_an_answer_makes_a_picture(lcrmap: Callable, tmp_path: Path) -> None:
    outcome = lcrmap("show", "boroughs", "-o", "b.svg", "--size", "square")
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "b.svg").is_file()


def test_areas_carry_their_figures_with_the_range(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("count", "innovation-assets", "--in", "boroughs", "-o", "c.svg").code == 0
    root = ElementTree.fromstring((tmp_path / "c.svg").read_bytes())
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert texts[texts.index("Liverpool") + 1] == "32 (31 to 33)"
    assert texts[texts.index("St Helens") + 1] == "5"


def test_areas_that_a_table_names_too_are_named_once_with_their_figures(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "jobs.csv").write_text("borough\nLiverpool\nST. HELENS\nNarnia\n")
    assert lcrmap("count", "innovation-assets", "--in", "jobs.csv", "-o", "c.svg").code == 0
    root = ElementTree.fromstring((tmp_path / "c.svg").read_bytes())
    texts = [each.text or "" for each in root.iter(f"{SVG}text")]
    names = [
        each for each in texts if re.sub(r"\W", "", each).casefold() in ("liverpool", "sthelens")
    ]
    assert sorted(names) == ["Liverpool", "St Helens"]
    assert texts[texts.index("Liverpool") + 1] == "32 (31 to 33)"
    assert texts[texts.index("St Helens") + 1] == "5"


@pytest.mark.parametrize("options", [(), ("--per", "km2")], ids=str)
def test_no_area_carries_the_figure_of_another_of_its_name(
    lcrmap: Callable, tmp_path: Path, options: tuple[str, ...]
) -> None:
    boxes = [shapely.box(west, 53.3, west + 0.2, 53.5) for west in (-3.2, -2.95, -2.7)]
    names = {"id": ["a", "b", "c"], "name": ["Church", "Kew", "CHURCH"]}
    gpd.GeoDataFrame(names, geometry=boxes, crs="EPSG:4326").to_file(tmp_path / "in.geojson")
    (tmp_path / "p.csv").write_text("lon,lat\n-3.1,53.4\n-3.1,53.4\n-2.85,53.4\n")
    words = ("count", "p.csv", "--in", "in.geojson", *options)
    assert lcrmap(*words, "-o", "c.svg", "--size", "300x200mm").code == 0
    root = ElementTree.fromstring((tmp_path / "c.svg").read_bytes())
    texts = [each.text or "" for each in root.iter(f"{SVG}text")]
    is_figure = re.compile(r"[\d.]+").fullmatch
    behind = {name: texts[texts.index(name) + 1] for name in names["name"]}
    assert [name for name, text in behind.items() if is_figure(text)] == ["Kew"]


def test_the_legend_speaks_of_places_without_a_position_only_where_there_are_some(
    pack: Pack,
) -> None:
    some = draw_picture(make_map("freeport-sites", pack=pack).model, "svg").data.decode()
    none = draw_picture(make_map("rail-stations", pack=pack).model, "svg").data.decode()
    assert "3 places have no position" in some
    assert "no position" not in none


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((3, 3, 3, 1), "Highest A and B and C (3), lowest D (1)."),
        ((3, 3, 3, 3, 1), "Highest 3 in 4 towns, lowest E (1)."),
    ],
)
def test_as_many_as_three_equals_are_named(counts: tuple[int, ...], said: str) -> None:
    names = list("ABCDE"[: len(counts)])
    boxes = [shapely.box(each, 50, each + 1, 51) for each in range(len(counts))]
    frame = gpd.GeoDataFrame({"name": names, "n": counts}, geometry=boxes, crs="EPSG:4326")
    towns = Metadata("towns", "Towns", label="name", noun_one="town", noun_many="towns")
    view = LayerView(Layer(frame, towns), "areas", wish=Shading("n", (2.0,)))
    assert said in alternative_text(build_model([view]))


def test_circles_are_hollow_below_nought_and_a_gap_has_a_symbol_and_an_entry() -> None:
    model = build_model([LayerView(squares([4.0, -4.0, None, 0.0]), wish=Circles("rate"))])
    (layer,) = model.layers
    scene = make_scene(model, view_of(model.extent, BOX))
    drawn = {each.row: each for each in scene.marks}
    assert sorted(drawn) == [0, 1, 2]  # a nought has no circle
    assert (drawn[0].fill, drawn[1].fill) == (0, 2)
    assert drawn[0].radius == drawn[1].radius
    assert drawn[2].shape == "circle"
    entries = {each.text: each.count for each in legend_lines(model, scene) if each.kind == "entry"}
    assert entries["no data"] == 1
    assert {"filled: more than 0", "hollow: less than 0"} <= set(entries)
    assert [each.swatch for each in layer.legend].count("ring") == 1
    assert len(draw_picture(model, "png").data) > 1000


@pytest.mark.parametrize("layer", ["freeport-sites", "investment-zone-sites", "innovation-assets"])
def test_a_small_count_map_names_every_area_with_its_number(pack: Pack, layer: str) -> None:
    found = count(layer, "boroughs", by=pack.metadata(layer).category, pack=pack)
    drawn = draw_pictures(
        found.page().model, ("svg",), size="180x75mm", title=False, tallest=120.0
    )[0].data.decode()
    rows = found.frame[found.frame["row"] == "area"]
    for name, number in zip(rows["name"], rows["count"], strict=True):
        assert re.search(rf">{name}(<| {number}\b)", drawn), name


@pytest.mark.parametrize("layer", ["freeport-sites", "investment-zone-sites", "innovation-assets"])
def test_names_beside_circles_do_not_lie_on_other_areas(pack: Pack, layer: str) -> None:
    model = count(layer, "boroughs", pack=pack).page().model
    view = view_of(model.extent, BOX)
    scene = make_scene(model, view)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = [each for each in labels_of(model, view, scene, sheet) if each.name]
    areas = model.layer("boroughs")
    rings = {
        areas.name_of(row): [lines[0] for _, lines in parts_of(areas, row, view)]
        for row in range(areas.total)
    }
    assert len(labels) >= 5
    for label in labels:
        others = [ring for name, some in rings.items() if name != label.name for ring in some]
        assert covered_share(others, label.box) <= 0.5, label.name


def area_names(model: PageModel, layer: str, box: Box = BOX) -> dict[str, tuple[str, float, float]]:
    """Return for each area that is named its label, and which share of it lies there and on other areas."""
    view = view_of(model.extent, box)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = [
            each for each in labels_of(model, view, make_scene(model, view), sheet) if each.name
        ]
    assert overlaps([each.box for each in labels]) == []
    areas, found = model.layer(layer), {}
    rings = [[lines[0] for _, lines in parts_of(areas, row, view)] for row in range(areas.total)]
    for row, own in enumerate(rings):
        others = [ring for other, some in enumerate(rings) if other != row for ring in some]
        for each in labels:
            if each.name == areas.name_of(row):
                shares = covered_share(own, each.box), covered_share(others, each.box)
                found[each.name] = (" ".join(each.texts), *shares)
    return found


def test_every_area_has_its_name_and_figure_on_it_if_need_be_without_its_range(pack: Pack) -> None:
    model = access("rail-stations", within="2km", by="boroughs", pack=pack).page().model
    areas = next(each for each in model.layers if each.style.kind == "shade")
    found = area_names(model, areas.name, Box(5, 19, 97, 82))
    assert {*found} == {"Sefton", "Wirral", "Liverpool", "Halton", "Knowsley", "St Helens"}
    for name, (text, own, others) in found.items():
        assert re.match(rf"{name} 0\.\d+( \(0\.\d+ to 0\.\d+\))?$", text), text
        assert own > others, name
        assert others < 0.25 or "(" not in text, name
    assert found["Halton"][0] == "Halton 0.387"  # and not "(0.387 to 0.387)"


def test_a_picture_of_gaps_has_the_sums_that_its_subtitle_speaks_of(pack: Pack) -> None:
    found = gaps("rail-stations", beyond="800m", by="boroughs", pack=pack)
    model = found.page().model
    assert "with the sums by borough" in model.subtitle
    said = area_names(model, "gaps", Box(5, 19, 97, 87))
    rows = found.frame[found.frame["row"] == "area"]
    assert len(said) == len(rows) == 6
    for name, sum_ in zip(rows["name"], rows["residents_beyond"], strict=True):
        assert said[name][0].startswith(f"{name} {sum_:,}"), name


def test_figures_beside_circles_lie_on_no_other_area(pack: Pack) -> None:
    model = count("freeport-sites", areas="boroughs", by="kind", pack=pack).page().model
    found = area_names(model, "boroughs", Box(0.5, 11, 111, 74.5))
    assert len(found) == 6
    for name, (text, own, others) in found.items():
        assert re.match(rf"{name} \d", text), text
        assert others < max(own, 0.25), name


def test_the_area_that_the_headline_names_is_named_among_many(pack: Pack) -> None:
    model = count("residents", areas="wards", of="cars_0", pack=pack).page().model
    assert model.headline.startswith("Kensington & Fairfield has")
    view = view_of(model.extent, BOX)
    with settings():
        sheet = Sheet(paper_of("report"), Fonts(), background="#FFFFFF")
        labels = labels_of(model, view, make_scene(model, view), sheet)
    names = {each.name for each in labels} - {""}
    boroughs = {"Sefton", "Wirral", "Liverpool", "Halton", "Knowsley", "St Helens"}
    assert names == {*boroughs, "Kensington & Fairfield"}


def test_a_lone_circle_of_a_legend_leaves_room_for_its_words() -> None:
    numbers = [1, 1, 1]
    frame = gpd.GeoDataFrame(
        {"n": numbers}, geometry=gpd.points_from_xy([-3, -2.9, -2.8], [53.4] * 3), crs=4326
    )
    view = LayerView(Layer(frame, Metadata("mine", "Mine")), "places", wish=Circles("n"))
    model = build_model([view])
    line = legend_lines(model, make_scene(model, view_of(model.extent, BOX)))[0]
    assert line.entry is not None
    assert line.indent > 2 * line.entry.size * 0.16


@pytest.mark.parametrize("name", ["freeport-sites", "investment-zone-sites"])
def test_a_divided_circle_has_the_looks_that_its_layer_has_on_the_atlas(
    pack: Pack, name: str
) -> None:
    def looks(model: PageModel, layer: str) -> dict[str, tuple[str, str]]:
        kinds = {"tax sites": "Tax site", "customs sites": "Customs site", "not identified": "Not identified",
                 "projects": "Project", "campuses": "Campus"}  # fmt: skip
        entries = [each for each in model.layer(layer).legend if each.swatch == "symbol"]
        return {kinds.get(each.label, each.label): (each.hue, each.shape) for each in entries}

    counted = count(name, areas="boroughs", by="kind", pack=pack).page().model
    divided = next(each.name for each in counted.layers if each.style.kind == "circle")
    found = looks(counted, divided)
    assert found == looks(make_map(pack=pack).model, name)
    assert len({shape for _, shape in found.values()}) == len(found) == 3


def test_the_parts_of_a_divided_circle_on_a_picture_have_signs_where_there_is_room(
    pack: Pack,
) -> None:
    model = count("freeport-sites", areas="boroughs", by="kind", pack=pack).page().model
    halton = next(
        each for each in make_scene(model, view_of(model.extent, BOX)).marks if each.parts
    )
    assert [(round(share, 3), shape) for share, _, shape in halton.parts] == [
        (0.333, "hull"),
        (0.667, "gate"),
    ]

    def white(page: PageModel) -> int:
        paths = ElementTree.fromstring(draw_picture(page, "svg").data).iter(f"{SVG}path")
        looks = (each.get("style") or "" for each in paths)
        return sum("fill: #ffffff" in each and "stroke: #ffffff" in each for each in looks)

    plain = count("freeport-sites", areas="boroughs", pack=pack).page().model
    assert (
        white(model) - white(plain) == 8 + 3
    )  # signs on four whole circles and two of two parts, and three halos in the legend
