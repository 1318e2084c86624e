"""Charts as pictures: the parts of the page's chart, in its places, colours and words."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from lcrmap.maps.charts import CHART_WIDTH, Bar, Bars, Box, Chart, Key, Strip, Text, chart_drawing
from lcrmap.maps.style import HUES
from lcrmap.pictures.graphs import draw_chart

DIVIDED = Bars(
    "Sites by borough",
    (Bar("Halton", 6, "6 (5 to 7)", parts=(2, 4)), Bar("Sefton", 3, "3", parts=(3, 0))),
    (Key("Docks", "navy", "circle"), Key("Works & yards", "#12AB34", "square")),
)
RANGED = Bars("Residents", (Bar("Within 2 km", 10, "10 (5 to 20)", 5, 20),))
STRIP = Strip("Distance", (100.0, 250.0, 900.0), "m", 500.0)


@pytest.mark.parametrize("chart", [DIVIDED, RANGED, STRIP])
def test_every_word_of_the_chart_stands_on_the_picture(chart: Chart) -> None:
    drawn = draw_chart(chart, "svg").data.decode()
    wanted = [each.text for each in chart_drawing(chart).parts if isinstance(each, Text)]
    written = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert sorted(each.replace("&amp;", "&") for each in written) == sorted(wanted)


@pytest.mark.parametrize("chart", [DIVIDED, RANGED, STRIP])
def test_nothing_is_cut_off_at_the_edges(chart: Chart) -> None:
    pixels = np.asarray(Image.open(io.BytesIO(draw_chart(chart).data)).convert("L"))
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    # A key begins at the left edge itself.
    assert (edge < 200).mean() < 0.05
    assert (pixels[:, -1] == 255).all()
    assert (pixels < 200).any()


def test_parts_have_the_colour_and_place_of_the_page() -> None:
    image = Image.open(io.BytesIO(draw_chart(DIVIDED).data)).convert("RGB")
    scale = image.width / CHART_WIDTH
    boxes = [each for each in chart_drawing(DIVIDED).parts if isinstance(each, Box)]
    colours = {"navy": HUES["navy"].light, "#12AB34": "#12AB34"}
    assert {each.hue for each in boxes} == set(colours)
    for box in boxes:
        at = (int((box.x + 2) * scale), int((box.y + 2) * scale))
        assert "#{:02X}{:02X}{:02X}".format(*image.getpixel(at)) == colours[box.hue]


def test_the_picture_says_its_figures_and_is_the_same_each_time() -> None:
    made = draw_chart(DIVIDED)
    assert made.alt == "Sites by borough: Halton 6 (5 to 7); Sefton 3."
    assert made.data == draw_chart(DIVIDED).data
