"""A report says each thing once and alike: what its page, text, document, workbook and CSV say is the same object."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from lcrmap.layers import Category, Field, Layer, Licence, Metadata, Pack, Source
from lcrmap.maps.charts import chart_words
from lcrmap.maps.credits import Credit
from lcrmap.maps.passages import Sheet
from lcrmap.maps.words import load_words
from lcrmap.reports.contents import Report, Section
from lcrmap.reports.folder import report_files
from lcrmap.reports.making import make_report
from lcrmap.reports.prose import alternative_texts, credit_lines, frames, summary
from lcrmap.reports.recipes import parse_recipe
from lcrmap.reports.standard import standard_recipe
from lcrmap.reports.web import write_index
from lcrmap.reports.word import write_document
from lcrmap.reports.word_tables import column_shares
from lcrmap.reports.workbook import write_workbook
from lcrmap.reports.writing import write_reports
from lcrmap.verbs.sheets import MOST_ROWS, make_sheet
from lcrmap.verbs.sources import Sources
from tests.verbs.shire import along, shire

RECIPE = """\
title = "The county *in short*"
intro = "Made for <the board>."
[[question]]
ask = "count"
layers = ["depots"]
in = "towns"
[[question]]
ask = "near"
from = "depots"
to = ["towns"]
[[question]]
ask = "catchment"
places = ["d1"]
rings = ["1.5km", "3km"]
count = ["depots"]
title = "Who lives near the dock"
[[question]]
ask = "gaps"
layer = "depots"
beyond = "1mi"
[[question]]
ask = "near"
from = "d1"
to = ["d2"]
within = "1km"
[[question]]
ask = "doubts"
title = "What is uncertain"
[[question]]
ask = "text"
text = "Nothing more."
"""
RANGES = "A range in brackets is what remains possible, as positions are not exact."
FINDINGS = (
    "Aham and Bham have the most depots: 1 each",
    "All of the 2 depots lie 0 m from the nearest town",
    "300 residents of Midshire (30.0%) live within 1.5 km of Long Dock",
    "700 of 1,000 residents (70.0%) live farther than 1 mile from any depot",
    "No Far Yard lies within 1 km of Long Dock: a larger --within, or -k, finds the nearest.",
    "1 place is not confirmed by a first-hand source, or its position is vague or unknown.",
)
SLUGS = (
    *("01-count-depots", "02-near-depots", "03-catchment-d1", "04-gaps-depots"),
    *("05-near-d1", "06-doubts", "07-text"),
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return shire(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def report(county: Pack) -> Report:
    return make_report(parse_recipe(RECIPE, "r"), sources=Sources(county))


@pytest.fixture(scope="module")
def files(report: Report) -> dict[str, bytes]:
    return report_files(report, docx=True, xlsx=True)[0]


def page_texts(page: str, pattern: str) -> list[str]:
    found = re.findall(pattern, page, re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", each)).strip() for each in found]


# One object, many files


def test_the_sections_are_what_was_asked(report: Report) -> None:
    assert tuple(each.slug for each in report.sections) == SLUGS
    assert tuple(finding for _, finding in report.findings) == FINDINGS
    titles = [each.title for each in report.sections]
    assert titles == [
        *FINDINGS[:2],
        "Who lives near the dock",
        *FINDINGS[3:5],
        "What is uncertain",
        "Text",
    ]


def test_the_contents_of_the_page_are_its_sections(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode()
    short = page_texts(page, r'<li><a href="#s-[^"]+">(.*?)</a></li>')
    assert tuple(short) == tuple(
        each.replace(", as positions are not exact)", ")") for each in FINDINGS
    )
    linked = re.findall(r'<li><a href="#s-([^"]+)">', page)
    sections = re.findall(r'<section id="s-([^"]+)"', page)
    assert tuple(sections) == SLUGS
    assert linked == sections[:6]
    assert page_texts(page, r'<h2 id="s-[^"]+-title">(.*?)</h2>')[2] == "Who lives near the dock"
    assert page_texts(page, r'<p class="finding">(.*?)</p>') == [FINDINGS[2], FINDINGS[5]]


def test_the_document_has_the_same_headings_and_findings(files: dict[str, bytes]) -> None:
    document = docx.Document(io.BytesIO(files["report.docx"]))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        "In short",
        *FINDINGS[:2],
        "Who lives near the dock",
        *FINDINGS[3:5],
        "What is uncertain",
        "Text",
        "How the figures were worked out",
        "Sources and licences",
    ]
    bullets = [each.text for each in document.paragraphs if each.style.name == "List Bullet"]
    assert tuple(bullets[:6]) == FINDINGS
    assert bullets[6:] == files["credits.txt"].decode().splitlines()
    texts = [each.text for each in document.paragraphs]
    assert texts[:3] == [
        "The county *in short*",
        "2 depots, Midshire, 2025",
        "Made for <the board>.",
    ]
    assert document.core_properties.title == "The county *in short*"


def test_pictures_have_one_alternative_text_everywhere(
    report: Report, files: dict[str, bytes]
) -> None:
    alts = {each.slug: each.alt for each in report.sections if each.pictures}
    assert list(alts) == [*SLUGS[:4]]
    page = files["index.html"].decode()
    assert [html.unescape(each) for each in re.findall(r'alt="([^"]*)"', page)] == [*alts.values()]
    document = docx.Document(io.BytesIO(files["report.docx"]))
    described = [
        (each._inline.docPr.get("title"), each._inline.docPr.get("descr"))
        for each in document.inline_shapes
    ]
    charts = [
        (each.title, chart_words(each))
        for section in report.sections
        if section.page is not None
        for each in section.page.model.charts
        if each.on_paper
    ]
    assert len(charts) > 2
    assert sorted(described) == sorted([*zip(FINDINGS[:4], alts.values(), strict=True), *charts])
    blocks = files["alt.txt"].decode()
    assert blocks == "\n".join(f"pictures/{slug}\n{alt}\n" for slug, alt in alts.items())
    assert re.findall(r"\]\((pictures/[^)]+)\)", files["summary.md"].decode()) == [
        f"pictures/{slug}.svg" for slug in alts
    ]


def test_a_picture_in_the_document_is_as_wide_as_the_text_and_not_parted_from_its_caption(
    report: Report, files: dict[str, bytes]
) -> None:
    document = docx.Document(io.BytesIO(files["report.docx"]))
    page = document.sections[0]
    wide = page.page_width - page.left_margin - page.right_margin
    assert [each.width for each in document.inline_shapes].count(wide) == 4  # the others are charts
    captions = [each.caption for each in report.sections if each.pictures]
    drawn = [n for n, each in enumerate(document.paragraphs) if f'cx="{wide}"' in each._p.xml]
    for number, caption in zip(drawn, captions, strict=True):
        before, picture, below = document.paragraphs[number - 1 : number + 2]
        assert (below.text, below.style.name) == (caption, "Caption")
        assert picture.paragraph_format.keep_with_next
        # The sentences may end a page that has no room for the picture, which would else be empty there.
        assert not before.paragraph_format.keep_with_next


def test_a_chart_in_the_document_has_a_title_unless_its_table_says_the_same(
    report: Report, files: dict[str, bytes]
) -> None:
    document = docx.Document(io.BytesIO(files["report.docx"]))
    texts = [each.text for each in document.paragraphs]
    for section in report.sections:
        for chart in () if section.page is None else section.page.model.charts:
            if chart.on_paper and section.sheet is not None:
                assert texts.count(chart.title) == 1
    for number, each in enumerate(document.paragraphs):
        if 'title="Residents' in each._p.xml:
            above = document.paragraphs[number - 1]
            assert (above.style.name, above.paragraph_format.keep_with_next) == ("Caption", True)


def test_the_document_looks_like_the_page(report: Report, files: dict[str, bytes]) -> None:
    document = docx.Document(io.BytesIO(files["report.docx"]))
    for name, size in (("Title", 17), ("Heading 1", 11), ("Heading 2", 9.5), ("Caption", 8)):
        style = document.styles[name]
        assert (style.font.size.pt, str(style.font.color.rgb)) == (size, "000000"), name
        # A font of the theme would stand before the one that is named.
        assert "Theme" not in "".join(style.element.rPr.rFonts.attrib), name
        assert style.font.name == "Arial"
    assert "pBdr" not in document.styles["Title"].element.xml
    for each in document.inline_shapes:
        assert {each._inline.get(f"dist{side}") for side in "TBLR"} == {"0"}


def test_tables_of_the_document_are_as_wide_as_the_text_and_break_no_row(
    files: dict[str, bytes],
) -> None:
    document = docx.Document(io.BytesIO(files["report.docx"]))
    page = document.sections[0]
    wide = page.page_width - page.left_margin - page.right_margin
    assert document.tables
    for table in document.tables:
        assert sum(each.width for each in table.columns) == pytest.approx(wide, rel=0.001)
        rows = [each._tr.xml for each in table.rows]
        assert all("w:cantSplit" in each for each in rows)
        assert ["w:tblHeader" in each for each in rows] == [True] + [False] * (len(rows) - 1)
        kept = [each.cells[0].paragraphs[0].paragraph_format.keep_with_next for each in table.rows]
        together = min(3, len(rows) - 1)  # not the last, which would stay with what follows
        assert all(kept[:together])
        assert not any(kept[together:])


def test_columns_have_room_for_each_word_and_share_the_rest() -> None:
    heads = ("Name", "Direction", "Could also be", "Distance")
    also = "Liverpool Lime Street; Edge Hill; Moorfields"
    row = ("Knowsley Business Park", "NW", also, "1.3 km (640 m to 1.9 km)")
    shares = column_shares(Sheet("S", heads, (False, False, False, True), (row,), (row,), 1))
    letters = [118 * each for each in shares]
    assert sum(shares) == pytest.approx(1)
    assert letters[1] >= len("Direction") * 1.2  # heads are bold
    assert letters[2] > letters[0] > letters[1]
    assert letters[3] >= len("640 m to 1.9 km)")
    many = tuple(f"Residents{n}" for n in range(12))
    cells = ("1,214,537 (1,114,537 to 1,314,537)", *["1"] * 11)
    tight = column_shares(Sheet("S", many, (True,) * 12, (cells,), (cells,), 1))
    assert max(tight) < 2 * min(tight)


def test_what_a_strip_shows_is_told_in_the_document(pack: Pack) -> None:
    recipe = '[[question]]\nask = "near"\nfrom = "freeport-sites"\nto = ["rail-stations"]\n'
    made = make_report(parse_recipe(recipe, "r"), sources=Sources(pack))
    document = docx.Document(io.BytesIO(write_document(made)))
    texts = [each.text for each in document.paragraphs]
    told = [each._inline.docPr.get("descr") for each in document.inline_shapes]
    assert told[1:] == ["Distance to the nearest, of 13 places: half are nearer than 1,829 m."]
    (section,) = made.sections
    assert texts[texts.index("How the figures were worked out") + 1] == section.method
    assert texts.count(section.method) == 1
    assert section.heading in texts


def test_every_sentence_stands_once_in_page_text_and_document(
    report: Report, files: dict[str, bytes]
) -> None:
    page = page_texts(files["index.html"].decode(), r"<p(?: class=\"small\")?>(.*?)</p>")
    document = docx.Document(io.BytesIO(files["report.docx"]))
    paragraphs = [each.text for each in document.paragraphs]
    for section in report.sections:
        for sentence in (*section.sentences, *section.notes):
            assert sentence in page
            assert sentence in paragraphs
        if section.caption:
            assert section.caption in paragraphs
            assert section.caption not in section.sentences
        said = {each.rstrip(".") for each in (section.finding, *section.sentences)}
        assert not said & {each.rstrip(".") for each in section.notes}
        assert len(set(section.sentences)) == len(section.sentences)


# Figures


NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def test_figures_in_sentences_are_those_of_the_rows(report: Report) -> None:
    _, _, catchment, gaps, *_ = report.sections
    assert catchment.layer is not None
    assert gaps.layer is not None
    first, last = (catchment.layer.frame.iloc[row] for row in (0, -1))
    live, share, ring = NUMBERS.findall(catchment.finding)
    assert (int(live), float(share), float(ring)) == (
        first["residents"],
        first["share_of_region_pct"],
        first["ring_m"] / 1000,
    )
    deprived = next(each for each in catchment.sentences if "deprived tenth" in each)
    _, number, share = NUMBERS.findall(deprived)
    assert int(number) == last["most_deprived_tenth"]
    assert float(share) == round(100 * last["most_deprived_tenth"] / last["residents"], 1)
    total = gaps.layer.frame.iloc[-1]
    beyond, everybody, share, _ = NUMBERS.findall(gaps.finding)
    assert int(beyond.replace(",", "")) == total["residents_beyond"]
    assert int(everybody.replace(",", "")) == total["residents"]
    assert float(share) == total["share_beyond_pct"]
    highest = next(each for each in gaps.sentences if "highest" in each)
    named, share = re.search(r"in (\w+) \((\d+)%\)", highest).groups()  # type: ignore[union-attr]
    row = gaps.layer.frame.set_index("name").loc[named]
    assert float(share) == row["share_beyond_pct"] == gaps.layer.frame["share_beyond_pct"][:2].max()


def tables_of(files: dict[str, bytes], slug: str) -> list[list[list[str]]]:
    """Return the table of a section, as the page, the text and the document have it."""
    page = files["index.html"].decode()
    (body,) = re.findall(rf'<section id="s-{slug}".*?<table[^>]*>(.*?)</table>', page, re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    web = [page_texts(row, r"<t[hd][^>]*>(.*?)</t[hd]>") for row in rows]
    text = files["summary.md"].decode().split(f"pictures/{slug}.svg)")[1]
    lines = [line for line in text.split("\n## ")[0].splitlines() if line.startswith("|")]
    cells = [[each.strip() for each in line.strip("|").split("|")] for line in lines]
    plain = [[each.replace("\\", "") for each in row] for row in (cells[0], *cells[2:])]
    document = docx.Document(io.BytesIO(files["report.docx"]))
    made = [each for each in document.tables if [c.text for c in each.rows[0].cells] == web[0]]
    word = [[cell.text for cell in row.cells] for row in made[0].rows]
    return [web, plain, word]


@pytest.mark.parametrize("slug", SLUGS[:4])
def test_a_table_is_the_same_in_page_text_and_document(
    slug: str, report: Report, files: dict[str, bytes]
) -> None:
    section = next(each for each in report.sections if each.slug == slug)
    assert section.sheet is not None
    sheet = [list(section.sheet.heads), *map(list, section.sheet.rows)]
    for made in tables_of(files, slug):
        assert made == sheet


@pytest.mark.parametrize("slug", [*SLUGS[:4], SLUGS[5]])
def test_workbook_and_csv_hold_the_same_cells_with_their_types(
    slug: str, report: Report, files: dict[str, bytes]
) -> None:
    section = next(each for each in report.sections if each.slug == slug)
    layer, sheet = section.layer, section.sheet
    assert layer is not None
    assert sheet is not None
    page = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))[slug[:31]]
    lines = [list(row) for row in page.iter_rows(values_only=True)]
    assert lines[0][0] == sheet.caption == layer.metadata.title
    assert lines[1][0] == section.finding
    assert [each for each in lines[3] if each] == list(sheet.heads)
    rows = list(csv.DictReader(io.StringIO(files[f"tables/{slug}.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(lines) - 4 == sheet.total
    columns = {layer.field(str(each)).title: str(each) for each in reversed(layer.frame.columns)}
    for head, numeric, *cells in zip(sheet.heads, sheet.numeric, *lines[4:], strict=True):
        name = columns.get(re.sub(r" \([^)]*\)$", "", head), columns.get(head, ""))
        for row, cell in zip(rows, cells, strict=True):
            if numeric and isinstance(cell, int | float):
                assert float(row[name]) == float(cell)
            elif numeric and cell is not None:  # a figure with its range, as text
                assert re.fullmatch(r".+ \(.+ to .+\)", cell)
            elif cell is None:
                assert row[name] == ""


def test_the_workbook_has_a_sheet_a_table(report: Report, files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    assert book.sheetnames == [each.slug[:31] for each in report.sections if each.sheet]
    assert sorted(name[7:-4] for name in files if name.startswith("tables/")) == book.sheetnames
    assert book.properties.title == "The county *in short*"
    first = book[SLUGS[0]]
    assert first.freeze_panes == "B5"
    assert (first["A1"].font.bold, first["A4"].font.bold) == (True, True)


# Credits


def test_each_source_licence_and_credit_stands_once(
    report: Report, files: dict[str, bytes]
) -> None:
    credits_ = files["credits.txt"].decode().splitlines()
    for name in ("depots", "towns", "homes"):
        assert sum(line.count(f"Contains {name} of the county.") for line in credits_) == 1
        assert credits_.count(f"Source: The county's list of {name}.") == 1
    assert credits_.count("Licence: Creative Commons Zero (https://cc0.example/).") == 1
    summary_ = files["summary.md"].decode().split("## Sources and licences\n\n")[1]
    assert summary_.splitlines() == [f"- {each}" for each in credits_]
    footer = html.unescape(files["index.html"].decode().split("<footer>")[1])
    for name in ("depots", "towns", "homes"):
        assert footer.count(f"The county's list of {name}") == 1
    assert footer.count("Creative Commons Zero") == 1


def test_a_layer_that_no_section_uses_is_not_credited(county: Pack) -> None:
    text = '[[question]]\nask = "doubts"\n'
    small = make_report(parse_recipe(text, "r"), sources=Sources(county))
    assert credit_lines(small) == "\n"
    assert [each.name for each in small.inputs] == ["depots.geojson"]


def test_what_a_report_is_made_of_without_a_recipe(county: Pack, tmp_path: Path) -> None:
    asked = [each.ask for each in standard_recipe(county).blocks]
    assert asked == ["map", "count", "catchment", "doubts", "limits"]
    catchment = standard_recipe(county).blocks[2].question.to_plain()
    assert (catchment["places"], catchment["rings"]) == (["depots"], ["2km", "5km"])
    poor = shire(tmp_path, population=None, deprivation=None)
    assert [each.ask for each in standard_recipe(poor).blocks] == [
        "map",
        "count",
        "doubts",
        "limits",
    ]
    known = make_report(sources=Sources(poor))
    assert known.title == "Depots: Midshire"
    assert known.subtitle == "2 depots, Midshire, 2025"
    assert [each.title for each in known.sections[-2:]] == [
        "What is uncertain",
        "What the data cannot say",
    ]


# Sheets: cells as people read them


def layer(fields: tuple[Field, ...] = (), **columns: list[Any]) -> Layer:
    rows = len(next(iter(columns.values())))
    nowhere = gpd.GeoSeries([None] * rows, crs="EPSG:4326")
    return Layer(
        gpd.GeoDataFrame(columns, geometry=nowhere), Metadata("t", "Things", fields=fields)
    )


def sheet(made: Layer, *main: str) -> Sheet:
    return make_sheet(made, load_words(), main=main)


@pytest.mark.parametrize(
    ("field", "values", "cells"),
    [
        (Field("v", "V"), [1_234_567, 0, None], ["1,234,567", "0", ""]),
        (Field("v", "V", "number"), [0.5, 12_345.678, 3.0], ["0.5", "12,345.7", "3"]),
        (Field("v", "V", "number"), [1_234_567.8, -0.25, None], ["1,234,568", "-0.25", ""]),
        (Field("v", "V", "number", unit="%"), [33.333, 100.0, None], ["33.3", "100.0", ""]),
        (Field("v_pct", "V", "number"), [33.333, 0.0, 0.04], ["33.3", "0.0", "0.0"]),
        (Field("v", "V", "number", unit="m"), [784.2, 2_345.0, None], ["780 m", "2.3 km", ""]),
        (Field("v", "V", "boolean"), [True, False, True], ["Yes", "No", "Yes"]),
        (
            Field("v", "V", categories=(Category("a", "Alpha"),)),
            ["a", "b", None],
            ["Alpha", "b", ""],
        ),
    ],
)
def test_cells(field: Field, values: list[Any], cells: list[str]) -> None:
    made = sheet(layer((field,), **{field.name: values}), field.name)
    assert [row[0] for row in made.rows] == cells


@pytest.mark.parametrize(
    ("unit", "numbers", "cell"),
    [
        ("", (32, 31, 33), "32 (31 to 33)"),
        ("", (32, 32, 32), "32"),
        ("", (32, 32, 33), "32 (32 to 33)"),
        ("", (32, 33, 33), "32 (33 to 33)"),
        ("", (32, None, 33), "32"),
        ("", (0, 0, 4), "0 (0 to 4)"),
        ("", (None, 31, 33), ""),
        ("m", (2_345.0, 1_700.0, 3_000.0), "2.3 km (1.7 to 3 km)"),
        ("m", (950.0, 880.0, 1_200.0), "950 m (880 m to 1.2 km)"),
    ],
)
def test_a_figure_and_its_range_share_a_cell(
    unit: str, numbers: tuple[float | None, ...], cell: str
) -> None:
    names = ("n", "n_min", "n_max")
    fields = tuple(Field(each, each.upper(), "number", unit=unit) for each in names)
    columns = {
        name: pd.array([value], dtype="Float64" if unit else "Int64")
        for name, value in zip(names, numbers, strict=True)
    }
    made = sheet(layer(fields, **columns), *names)  # type: ignore[arg-type]
    assert (made.heads, made.rows) == (("N",), ((cell,),))
    assert made.values == ((numbers[0],),)


def test_heads_name_the_unit_unless_the_cells_do() -> None:
    fields = (
        Field("far", "Distance", "number", unit="m"),
        Field("km", "Distance", "number", unit="km"),
        Field("plain", "Plain"),
    )
    made = sheet(layer(fields, far=[1.0], km=[1.0], plain=["x"]), "far", "km", "plain", "none")
    assert made.heads == ("Distance", "Distance (km)", "Plain")
    assert made.numeric == (True, True, False)
    assert made.caption == "Things"


@pytest.mark.parametrize(("ranks", "shown"), [([1, 1], False), ([1, 2], True)])
def test_a_rank_is_shown_where_there_are_several(ranks: list[int], shown: bool) -> None:
    made = sheet(layer(rank=ranks, name=["a", "b"]), "rank", "name")
    assert (len(made.heads) == 2) is shown


@pytest.mark.parametrize("number", [MOST_ROWS, MOST_ROWS + 1, 1_000])
def test_a_long_table_is_cut_and_says_so_in_every_form(number: int) -> None:
    made = layer(name=[f"n{row}" for row in range(number)])
    said = f"The first 25 of {number:,} are shown."
    section = Section(slug="s", title="S", finding="F", sheet=sheet(made), layer=made)
    whole = bare(section)
    assert section.sheet is not None
    assert (len(section.sheet.rows), section.sheet.total) == (25, number)
    document = docx.Document(io.BytesIO(write_document(whole)))
    told = [
        said in summary(whole),
        said in write_index(whole),
        said in [each.text for each in document.paragraphs],
    ]
    assert told == [number > 25] * 3


# Small reports


def bare(*sections: Section, credits_: tuple[Credit, ...] = ()) -> Report:
    return Report(
        title="T",
        subtitle="S",
        intro="",
        sections=sections,
        credits=credits_,
        inputs=(),
        versions=(("lcrmap", "1"),),
        pack=(),
        recipe=parse_recipe('[[question]]\nask = "text"\ntext = "x"\n', "r"),
        words=load_words(),
    )


def credit(line: str, *titles: str, **others: Any) -> Credit:
    known = {"sources": (), "licences": (), "as_of": ""} | others
    return Credit(line=line, titles=titles, **known)


def test_what_is_owed_is_said_once_sentence_by_sentence() -> None:
    source, licence = Source("A list"), Licence("x", "A licence", "https://x.example/")
    made = bare(
        credits_=(
            credit("By A. By B.", "One", sources=(source,), licences=(licence,)),
            credit("By B. By C 2025.", "Two", sources=(source,), licences=(licence,)),
        )
    )
    assert made.owed == ("By A.", "By B.", "By C 2025.")
    assert credit_lines(made) == (
        "By A. By B. By C 2025.\nSource: A list.\nLicence: A licence (https://x.example/).\n"
    )


def test_a_finding_that_is_the_heading_is_not_said_twice() -> None:
    alike = Section(slug="a", title="Found.", finding="Found.", sentences=("More.",))
    other = Section(slug="b", title="Heading", finding="Found it.", notes=("A note.",))
    text = summary(bare(alike, other))
    assert text == (
        "# T\n\nS\n\n## Found.\n\nMore.\n\n## Heading\n\nFound it.\n\n- A note.\n\n"
        "## Sources and licences\n\n"
    )
    page = write_index(bare(alike, other))
    assert page.count("Found.") == 2  # in short, and as the heading
    assert page.count("Found it.") == 2  # in short, and below the heading
    document = docx.Document(io.BytesIO(write_document(bare(alike, other))))
    texts = [each.text for each in document.paragraphs]
    assert texts == [
        *("T", "S", "In short", "Found.", "Found it.", "Found.", "More."),
        *("Heading", "Found it.", "A note.", "Sources and licences"),
    ]


def test_text_is_no_markdown_no_markup_and_no_formula() -> None:
    made = layer(name=["=1+1", "a|b", "<b>"], size=[1, 2, 3])
    odd = Section(
        slug="s", title="*T*", finding="_F_ <i>", sheet=sheet(made, "name", "size"), layer=made
    )
    text = summary(bare(odd))
    assert "## \\*T\\*\n\n\\_F\\_ \\<i\\>\n" in text
    assert "| a\\|b | 2 |" in text
    assert "| --- | ---: |" in text
    page = write_index(bare(odd))
    assert "&lt;b&gt;" in page
    assert "<i>" not in page
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(bare(odd))))
    assert [[each.value for each in row] for row in book["s"].iter_rows(min_row=5)] == [
        ["'=1+1", 1],
        ["a|b", 2],
        ["<b>", 3],
    ]


def test_a_report_without_tables_and_pictures_is_whole() -> None:
    nothing = bare(Section(slug="s", title="T", finding=""))
    assert nothing.findings == ()
    assert (alternative_texts(nothing), frames(nothing), credit_lines(nothing)) == ("", "", "\n")
    assert "In short" not in write_index(nothing)
    document = docx.Document(io.BytesIO(write_document(nothing)))
    assert [each.text for each in document.paragraphs] == ["T", "S", "T", "Sources and licences"]
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(nothing)))
    assert book.sheetnames == ["empty"]


def test_a_report_says_titles_and_names_not_ids(pack: Pack) -> None:
    recipe = (
        '[[question]]\nask = "count"\nlayers = ["freeport-sites"]\nin = "boroughs"\n'
        '[[question]]\nask = "near"\nfrom = "freeport-sites"\nto = ["rail-stations"]\nwithin = "1km"\n'
    )
    made = make_report(parse_recipe(recipe, "r"), sources=Sources(pack))
    counted, near = made.sections
    assert any(each.startswith("Freeport sites: ") for each in counted.sentences)
    # What the account of a terminal says in other words is not said again.
    assert not any("outside" in each and "without a position" in each for each in counted.notes)
    assert not any("freeport-sites" in each for each in counted.notes)
    assert near.sheet is not None
    also = near.sheet.heads.index("Could also be")
    cells = {row[also] for row in near.sheet.rows if row[also]}
    assert any("Birkenhead Park" in each for each in cells)
    assert not any("birkenhead-park" in each for each in cells)


def test_what_other_sections_count_is_no_finding_of_the_map_above_them(pack: Pack) -> None:
    counted = '[[question]]\nask = "count"\nlayers = ["innovation-assets"]\nin = "boroughs"\n'
    shown = '[[question]]\nask = "map"\nlayers = ["innovation-assets"]\n'
    both = make_report(parse_recipe(shown + counted, "r"), sources=Sources(pack))
    alone = make_report(parse_recipe(shown, "r"), sources=Sources(pack))
    chosen = make_report(
        parse_recipe(f"{shown}where = [\"sector = 'net_zero'\"]\n{counted}", "r"),
        sources=Sources(pack),
    )
    assert [slug for slug, _ in both.findings] == ["02-count-innovation-assets"]
    assert both.sections[0].finding.startswith("Most innovation assets are in Liverpool")
    assert [slug for slug, _ in alone.findings] == ["01-map-innovation-assets"]
    assert len(chosen.findings) == 2


def test_a_method_that_sections_share_is_said_once_for_all() -> None:
    straight = "Distances are geodesics on the WGS84 ellipsoid, along the ground."
    rings = "A ring holds what lies within its distance, not what its drawing covers."
    made = (f"{straight} {rings}", straight, "By A. Smith.", "", f"{straight} By B. Smith.")
    sections = [Section(f"s{n}", "T", "F", method=each) for n, each in enumerate(made)]
    told = bare(*sections).methods
    assert told == (f"{straight} {rings}", "By A. Smith.", "By B. Smith.")


def test_the_reason_of_a_range_is_given_once_for_headings_and_sentences() -> None:
    why = ", as positions are not exact)"
    section = Section(
        "s", f"5 are in A (4 to 6{why}", f"5 are in A (4 to 6{why}", ("7 (6 to 8" + why,)
    )
    made = bare(section)
    assert (section.heading, section.claim, section.said) == (
        "5 are in A (4 to 6)",
        "",
        ("7 (6 to 8)",),
    )
    assert made.ranges_note
    document = docx.Document(io.BytesIO(write_document(made)))
    written = "\n".join(each.text for each in document.paragraphs)
    for text in (write_index(made), summary(made), written):
        assert "as positions are not exact)" not in text
        assert "5 are in A (4 to 6)" in text
    assert replace(section, title="Where").claim == "5 are in A (4 to 6)"


def test_the_ranges_in_short_are_explained_once(pack: Pack) -> None:
    recipe = '[[question]]\nask = "count"\nlayers = ["innovation-assets"]\nin = "boroughs"\n'
    made = make_report(parse_recipe(recipe, "r"), sources=Sources(pack))
    ((_, found),) = made.findings
    assert found.endswith("(31 to 33, as positions are not exact)")
    assert made.in_short[0][1].endswith("(31 to 33)")
    assert made.ranges_note == RANGES
    assert made.ranges_note in write_index(made)


def test_names_in_brackets_are_not_explained_as_ranges(county: Pack, tmp_path: Path) -> None:
    for name, metres, error in (
        ("docks", {"A": 100, "B": 9_000}, 0),
        ("parks", {"P": 0, "Q": 3_000}, 0),
        ("yards", {"P": 0, "Q": 3_000}, 60),
    ):
        along(metres, error=error).to_file(tmp_path / f"{name}.geojson")
    parks, yards = (
        f'[[question]]\nask = "near"\nfrom = "{tmp_path / start}"\nto = ["{tmp_path / "docks.geojson"}"]\n'
        for start in ("parks.geojson", "yards.geojson")
    )
    made = make_report(parse_recipe(parks + yards, "r"), sources=Sources(county))
    (_, names), (_, span) = made.in_short
    assert names.endswith("(nearest P; farthest Q)")
    assert span.endswith("(40 m to 3.0 km)")  # P 40 to 160 m, Q 2,840 to 2,960 m
    assert made.ranges_note == RANGES
    alone = make_report(parse_recipe(parks, "r"), sources=Sources(county))
    assert alone.ranges_note == ""


def test_without_ranges_there_is_nothing_to_explain(report: Report) -> None:
    assert report.ranges_note == ""


def test_a_report_larger_than_mail_takes_says_so(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any("mail" in each for each in write_reports(report, [tmp_path / "one"]))
    monkeypatch.setattr("lcrmap.reports.writing.MAIL", 10_000)
    said = write_reports(report, [tmp_path / "two"])
    assert any("more than most mail takes" in each for each in said)


# Words that a reader meets more than once


def test_a_count_says_once_what_its_positions_leave_open(pack: Pack) -> None:
    recipe = '[[question]]\nask = "count"\nlayers = ["innovation-assets"]\nin = "boroughs"\n'
    made = make_report(parse_recipe(recipe, "r"), sources=Sources(pack))
    (section,) = made.sections
    assert section.notes == ()
    text = summary(made)
    assert text.count("could lie in another borough") == 1
    assert "min and max" not in text


def test_a_chart_in_a_report_has_its_categories_own_colours(county: Pack) -> None:
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], "kind": ["dock", "yard"]},
        geometry=gpd.points_from_xy([0.01, 0.02], [0.01, 0.02]),
        crs="EPSG:4326",
    )
    kinds = (Category("dock", "Dock", colour="#12AB34"), Category("yard", "Yard"))
    works = Layer(
        frame,
        Metadata(
            "works",
            "Works",
            key="id",
            category="kind",
            fields=(Field("kind", "Kind", categories=kinds),),
        ),
    )
    recipe = '[[question]]\nask = "count"\nlayers = ["works"]\nin = "towns"\nby = "kind"\n'
    page = write_index(
        make_report(
            parse_recipe(recipe, "r"), sources=Sources(county).with_layers({"works": works})
        )
    )
    assert 'class="hue-x12ab34"' in page
    assert "--hue-x12ab34:#12AB34" in page


# Scenarios


def test_a_question_in_a_scenario_is_a_section_like_others(skerries: Pack, pack: Pack) -> None:
    near = (
        'ask = "near"\nfrom = "landings"\nto = ["fords"]\nscenario = "causeway-closes"',
        "The 7 landings with a position lie 1.1 km to 23.2 km from the nearest ford",
        "; in the scenario 'The causeway closes'",
    )
    gaps = (
        'ask = "gaps"\nlayer = "rail-stations"\nbeyond = "800m"\nscenario = "four-stations"',
        "1,003,798 of 1,551,784 residents (64.7%) live farther than 800 m from any rail station",
        "; in the scenario 'Four stations open' (932,402 to 1,060,427)",
    )
    for region, (asked, text, aside) in ((skerries, near), (pack, gaps)):
        made = make_report(parse_recipe(f"[[question]]\n{asked}\n", "r"), sources=Sources(region))
        (section,) = made.sections
        assert section.heading == text + aside
        assert section.headline[:2] == (text, aside)
        assert bool(made.ranges_note) == (region is pack)
        page = write_index(made)
        assert page_texts(page, r"<h2[^>]*id=\"s-[^>]*-title\">(.*?)</h2>") == [text + aside]
        assert page_texts(page, r'<li><a href="#s-[^"]+">(.*?)</a></li>') == [text + aside]
