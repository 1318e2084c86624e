"""No address but http, https and what lies beside a page gets into markup, whoever wrote it.

The first test walks the code for places in which a text becomes an address; a new one fails until it stands in
`PLACES`, with what makes it safe. The others make pages, reports and frames of a hostile pack and look at each address.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import lcrmap as package
from lcrmap.errors import UsageError
from lcrmap.layers import Pack
from lcrmap.layers.addresses import is_link, is_relative
from lcrmap.reports.embedding import PageFacts, frame_markup

PACKAGE = Path(package.__file__).parent
ADDRESS = re.compile(
    r"""(?:(?<![\w(])(?:href|src|action|formaction|poster|data|xlink:href)=(?:"([^"]*)"|\\?'([^']*)'|\{))"""
    r"""|\b(?:href|src)\s*[:=](?!=)\s*(?!["'{])([^;,}\n]*)|\b(hyperlink|add_hyperlink|set_url|tileLayer)\b\s*[(=]"""
)

CREDIT = "credits.py passes links alone"
BESIDE = "a slug of letters, digits and dashes"
PLACES = {
    ("maps/templates/page.html.jinja", "{{ link }}"): f"tables.py passes links alone; {CREDIT}",
    ("reports/templates/report.html.jinja", "#s-{{ slug }}"): BESIDE,
    ("reports/templates/report.html.jinja", "maps/{{ section.slug }}.html"): BESIDE,
    ("reports/templates/report.html.jinja", "tables/{{ section.slug }}.csv"): BESIDE,
    ("reports/templates/report.html.jinja", "{{ picture.address }}"): "our own picture",
    ("reports/templates/report.html.jinja", "{{ source.url }}"): CREDIT,
    ("reports/templates/report.html.jinja", "{{ licence.url }}"): CREDIT,
    ("reports/embedding.py", "{escape(url)}"): "frame_markup checks it",
    ("reports/embedding.py", "{escape(picture)}"): "frame_markup checks it",
    ("maps/foreign.py", "{url}"): "folium's own, on pages that are not closed",
    ("maps/assets/tables.mjs", "address"): "its callers ask isLink, or is_link has been asked",
    ("maps/assets/csv.mjs", 'URL.createObjectURL(new Blob(["\\ufeff"'): "a blob of the page's own",
    ("maps/templates/page.html.jinja", "{{ linked.script }}"): "our own script, where the page is served",
    ("maps/templates/page.html.jinja", "{{ linked.style }}"): "our own style sheet, where the page is served",
    ("live/templates/plain.html.jinja", "{{ value }}"): "is_link has been asked",
    ("maps/assets/chart.mjs", "tileLayer"): "one of two fixed base maps",
}  # fmt: skip


def test_each_place_in_which_a_text_becomes_an_address_is_known() -> None:
    found = set()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".mjs", ".jinja") and not {"leaflet", "terra-draw"} & {
            *path.parts
        }:
            for hit in ADDRESS.finditer(_without_docstrings(path)):
                fixed = hit[1] or hit[2]
                if not fixed or "{" in fixed:  # a fixed address is nobody's text
                    what = next(filter(None, hit.groups()), "")
                    found.add((path.relative_to(PACKAGE).as_posix(), what))
    assert found == set(PLACES)


def _without_docstrings(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return re.sub(r'""".*?"""', "", text, flags=re.DOTALL) if path.suffix == ".py" else text


OWN = ("data:,", "data:image/svg+xml;base64,")  # no icon; a report's pictures
HOSTILE = [
    "javascript:alert(1)",
    "data:text/html,<script>1</script>",
    " https://a",
    "vbscript:x",
    "file:///etc",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_packs_addresses_stay_words(
    address: str, skerries: Pack, lcrmap: Callable, tmp_path: Path
) -> None:
    shutil.copytree(skerries.folder, tmp_path / "pack")
    descriptor = tmp_path / "pack" / "datapackage.json"
    raw = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in raw["resources"]:
        resource["licenses"] = [{"name": "x", "title": "x", "path": address}]
        resource["sources"] = [{"title": "y", "path": address}]
    descriptor.write_text(json.dumps(raw), encoding="utf-8")
    (tmp_path / "r.toml").write_text('[[question]]\nask = "map"\n', encoding="utf-8")
    assert lcrmap("map", "--pack", "pack", "-o", "page.html").code == 0
    assert lcrmap("report", "r.toml", "--pack", "pack", "-o", "report").code == 0
    pages = [tmp_path / "page.html", *(tmp_path / "report").rglob("*.html")]
    assert len(pages) == 4
    for page in pages:
        for each in addresses(page.read_text(encoding="utf-8")):
            assert is_link(each) or is_relative(each) or each.startswith(OWN), (
                page.name,
                each[:80],
            )


@pytest.mark.parametrize("address", HOSTILE)
def test_a_files_addresses_stay_words(address: str, lcrmap: Callable, tmp_path: Path) -> None:
    whole = {
        "type": "FeatureCollection",
        "lcrmap": {"name": "x", "licenses": [{"name": "x", "path": address}],
                   "sources": [{"title": "y", "path": address}]},
        "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [-3, 53.4]},
                      "properties": {"name": "a", "source_title": "t", "source_url": address, "web": address}}],
    }  # fmt: skip
    (tmp_path / "mine.geojson").write_text(json.dumps(whole), encoding="utf-8")
    assert lcrmap("map", "mine.geojson", "-o", "page.html").code == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert [each for each in addresses(text) if not (is_link(each) or is_relative(each))] == [
        "data:,"
    ]


def addresses(html: str) -> list[str]:
    """Return what stands in the attributes that a browser follows or fetches."""
    markup = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    return [
        unescape(each) for each in re.findall(r"\b(?:href|src|action|data)=\"([^\"]*)\"", markup)
    ]


@pytest.mark.parametrize(
    "address", [*HOSTILE, "java\tscript:x", "a b.html", "\\\\host\\x", "javascript:", "a:b.html"]
)
def test_a_frame_has_no_other_address(address: str) -> None:
    facts = PageFacts("t", "h", "")
    with pytest.raises(UsageError, match="is no address of a page"):
        frame_markup(facts, address)
    with pytest.raises(UsageError, match="is no address of a page"):
        frame_markup(facts, "a.html", picture=address)


@pytest.mark.parametrize(
    "address",
    ["https://a.org/x?y=z:1#f", "http://a.org", "a.html", "../b/a.html", "/a", "?a:b", "./a:b"],
)
def test_a_frame_takes_addresses_of_pages(address: str) -> None:
    assert f'src="{address}"' in frame_markup(PageFacts("t", "h", ""), address)


NAMES = [
    "100%.html",
    "a#b?.html",
    "a b.html",
    "javascript:x.html",
    "é\u202e.html",
    "a\\b&'\".html",
    "%41.html",
    "a" * 250 + ".html",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_files_name_is_written_as_a_browser_reads_it(
    name: str, lcrmap: Callable, tmp_path: Path
) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html", "-o", "page.svg").code == 0
    (tmp_path / "page.html").rename(tmp_path / name)
    if len(name) < 200:
        (tmp_path / "page.svg").rename((tmp_path / name).with_suffix(".svg"))
    outcome = lcrmap("embed", name)
    assert outcome.code == 0, outcome.err
    framed, *pictures = re.findall(r'src="([^"]*)"', outcome.out)
    assert is_relative(framed)
    assert read_by_a_browser(framed) == name
    assert [read_by_a_browser(each) for each in pictures] in (
        [],
        [Path(name).with_suffix(".svg").name],
    )


def read_by_a_browser(address: str) -> str:
    parts = urlsplit(unescape(address))
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    return unquote(parts.path)


def test_the_command_refuses_other_addresses(lcrmap: Callable) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    outcome = lcrmap("embed", "page.html", "--url", "javascript:alert(1)")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(
        "Error: 'javascript:alert(1)' is no address of a page: write https://"
    )
