"""The written page: its policy, its escapes, and the same bytes everywhere."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lcrmap.maps import words as words_module
from lcrmap.maps.document import page_data, write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

ROOT = Path(__file__).parents[2]


def policy_of(page: str) -> dict[str, list[str]]:
    text = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert text is not None
    parts = text.group(1).replace("&#39;", "'").split("; ")
    return {part.split()[0]: part.split()[1:] for part in parts}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_admits_our_script_and_style_by_hash_and_nothing_else() -> None:
    page = write_document(samples.model())
    policy = policy_of(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy == {
        "default-src": ["'none'"],
        "script-src": [digest(each) for each in scripts],
        "style-src": [digest(each) for each in styles],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


@pytest.mark.parametrize(
    ("region", "title"), [("Town", "Harbours (Town)"), ("Harbours", "Harbours"), ("", "Harbours")]
)
def test_the_title_names_the_region_once(region: str, title: str) -> None:
    model = replace(samples.model(), headline="Harbours", region=region)
    assert f"<title>{title}</title>" in write_document(model)


def test_a_base_map_adds_its_host_for_pictures_only() -> None:
    policy = policy_of(write_document(samples.model(basemap="osm")))
    assert policy["img-src"] == ["data:", "https://tile.openstreetmap.org"]
    assert policy["default-src"] == ["'none'"]


def test_the_data_block_cannot_end_its_element() -> None:
    page = write_document(build_model([LayerView(samples.hostile())]))
    block = page.split('id="data">')[1].split("</script>")[0]
    assert not re.search("[<>&\u2028\u2029]", block)
    assert json.loads(block)["layers"][0]["total"] == len(samples.hostile_texts())


def test_hostile_text_is_escaped_in_the_static_part() -> None:
    text = samples.hostile_texts()[0]
    page = write_document(build_model([LayerView(samples.hostile())], title=text, command=text))
    static = page.split("<body>")[1].split('<script type="application/json"')[0]
    assert "<script>" not in static
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", static)
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', page))
    page.encode("utf-8")


def test_no_address_is_fetched_by_markup_or_style() -> None:
    page = write_document(samples.model())
    assert not re.search(r"<(?:img|iframe|script src|link (?!rel=\"icon\" href=\"data:,\"))", page)
    for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
        assert "@import" not in style
        assert re.findall(r"url\((?!#)", style) == []
    assert "sourceMappingURL" not in page


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {
            "PYTHONHASHSEED": "77",
            "TZ": "America/New_York",
            "LC_ALL": "C.UTF-8",
            "LANG": "de_DE.UTF-8",
        },
    ],
    ids=["one", "other"],
)
def test_the_same_layers_give_the_same_bytes_anywhere(
    settings: dict[str, str], tmp_path: Path
) -> None:
    code = (
        "import hashlib, sys\n"
        "sys.path[:0] = [sys.argv[1], sys.argv[1] + '/tests/maps']\n"
        "import samples\n"
        "from lcrmap.maps.document import write_document\n"
        "print(hashlib.sha256(write_document(samples.model()).encode()).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)],
        cwd=tmp_path, env={**os.environ, **settings}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = hashlib.sha256(write_document(samples.model()).encode()).hexdigest()
    assert done.stdout.strip() == here


def test_a_point_costs_at_most_120_bytes_beyond_its_attributes() -> None:
    layer = samples.many_points(20_000)
    whole = len(write_document(build_model([LayerView(layer)])).encode())
    none = len(
        write_document(build_model([LayerView(layer.with_frame(layer.frame.iloc[:1000]))])).encode()
    )
    attributes = sum(len(f'"{name}",') for name in layer.frame["name"].iloc[1000:]) + 2 * 19_000
    assert (whole - none - attributes) / 19_000 < 120


def test_every_word_of_the_page_comes_from_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pseudo-language in which every word is bracketed: what has no bracket is data or is hard-coded."""
    english = json.loads((words_module.FOLDER / "words.en.json").read_text(encoding="utf-8"))

    def pseudo(entry: object) -> object:
        if isinstance(entry, dict):
            return {form: pseudo(text) for form, text in entry.items()}
        return re.sub(r"[A-Za-z]+(?![^{]*\})", lambda found: f"⟦{found.group()}⟧", str(entry))

    made = {key: entry if key == "date.months" else pseudo(entry) for key, entry in english.items()}
    (tmp_path / "words.xx.json").write_text(json.dumps(made), encoding="utf-8")
    english_data = json.dumps(page_data(samples.model())["layers"])
    monkeypatch.setattr(words_module, "FOLDER", tmp_path)
    page = write_document(samples.model(language="xx", title="0", command="0"))
    assert '<html lang="xx">' in page
    body = re.sub(r"<script.*?</script>", "", page.split("<body>")[1], flags=re.DOTALL)
    texts = re.findall(r">([^<]+)<", body) + re.findall(r'aria-label="([^"]*)"', body)
    data = set(re.findall(r"[A-Za-z]{2,}", english_data))
    data |= {"lcrmap", "Leaflet", "folium", "geojson", "areas", "works", "November", "made", "up",
             "for", "the", "tests", "MIT", "Licence", "register", "mills", "quays", "kilns", "site"}  # fmt: skip
    hard_coded = {
        word
        for text in texts
        for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"⟦.*?⟧", "", text))
        if word not in data and not re.fullmatch(r"[ab]+", word)
    }
    assert hard_coded == set()
