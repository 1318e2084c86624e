"""A pseudo-language in Chromium: what the scripts write comes from the catalogue too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lcrmap.maps import words as words_module
from lcrmap.maps.document import page_data, write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

# All that a reader meets: visible text, names, hints, and what is written before and after elements.
MET = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("script, style, noscript, code")) found.push(node.data);
  }
  for (const node of document.body.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-head", "data-sort"]) {
      if (node.hasAttribute(name)) found.push(node.getAttribute(name));
    }
    for (const part of ["::before", "::after"]) {
      const {content} = getComputedStyle(node, part);
      if (content.startsWith('"')) found.push(content);
    }
  }
  return found;
}"""
# Names of software and of the sample's sources, and units, which are the same in every language.
DATA = {"lcrmap", "Leaflet", "folium", "geojson", "made", "up", "for", "the", "tests", "MIT", "Licence", "register",
        "km", "example", "org", "https", "hashed", "Alder", "Tarn", "zzz", "place", "qq", "November"}  # fmt: skip


def _pseudo(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {form: _pseudo(text) for form, text in entry.items()}
    return re.sub(r"[A-Za-z]+(?![^{]*\})", lambda found: f"⟦{found.group()}⟧", str(entry))


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english = json.loads((words_module.FOLDER / "words.en.json").read_text(encoding="utf-8"))
    made = {
        key: entry if key == "date.months" else _pseudo(entry) for key, entry in english.items()
    }
    (tmp_path / "words.xx.json").write_text(json.dumps(made), encoding="utf-8")
    monkeypatch.setattr(words_module, "FOLDER", tmp_path)


def hard_coded(opened: Any, data: set[str]) -> set[str]:
    """Return the words in no bracket that are not data either."""
    opened.page.wait_for_timeout(650)  # what is announced is announced a little later
    return {
        word
        for text in opened.view.evaluate(MET)
        for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"⟦.*?⟧", "", text))
        if word not in data and not re.fullmatch(r"[ab]{3,}|[NESW]{1,2}", word)
    }


STATES: dict[str, Callable[[Any], Any]] = {
    "opened": lambda opened: opened.view.locator("button.open").nth(2).click(),
    "a disc's list": lambda opened: opened.view.locator(".group").first.click(),
    "filtered": lambda opened: opened.view.locator(".areas input").first.check(),
    "nothing left": lambda opened: [each.uncheck() for each in opened.view.locator("#fills input").all()],
    "layer off": lambda opened: opened.view.locator(".legend-title input").first.uncheck(),
    "search": lambda opened: opened.view.locator("#search").fill("k"),
    "nothing found": lambda opened: opened.view.locator("#search").fill("qq"),
    "help": lambda opened: opened.view.locator("#map-options button").click(),
    "link": lambda opened: opened.view.locator("#tools button").click(),
    "sorted": lambda opened: opened.view.locator("button.sort").first.click(),
    "zoomed": lambda opened: opened.view.locator(".map-buttons button").first.click(),
    "moved": lambda opened: (opened.view.locator("#map").focus(), opened.press("Shift+ArrowUp")),
    "a symbol": lambda opened: (opened.view.locator("#map").focus(), opened.press("ArrowRight")),
}  # fmt: skip


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("state", STATES)
def test_every_word_that_is_written_at_run_time_is_from_the_catalogue(
    open_page: Callable[..., Any], state: str
) -> None:
    model = samples.model(language="xx", title="0", command="0")
    data = set(re.findall(r"[A-Za-z]{2,}", json.dumps(page_data(model)["layers"]))) | DATA
    opened = open_page(write_document(model))
    STATES[state](opened)
    assert hard_coded(opened, data) == set()


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("setting", ["file", "popups"])
def test_the_words_of_many_points_and_of_a_frame_are_from_the_catalogue(
    open_page: Callable[..., Any], setting: str
) -> None:
    model = build_model([LayerView(samples.many_points(1200))], language="xx", title="0")
    data = set(re.findall(r"[A-Za-z]{2,}", json.dumps(page_data(model)["layers"]))) | DATA
    opened = open_page(write_document(model), setting=setting)
    opened.view.locator(".pager button").last.click()
    opened.view.locator("#map").focus()
    opened.press("ArrowRight", "Enter")
    assert hard_coded(opened, data) == set()
