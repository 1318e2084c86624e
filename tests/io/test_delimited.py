"""CSV: encodings, delimiters, types of columns, and where the positions are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shapely

from lcrmap.errors import (
    CRSError,
    DataError,
    FileError,
    GeometryError,
    LcrmapError,
    UnknownNameError,
    UsageError,
)
from lcrmap.io.delimited import read_delimited
from lcrmap.layers import Layer

Open = Callable[..., Layer]

SAID = (
    "The positions of 'a.csv' are taken from its columns 'lon' and 'lat' as EPSG:4326: "
    "if that is wrong, give --x, --y and --crs."
)


@pytest.mark.parametrize(
    "content",
    [
        b"name,lon,lat\na,-2.9,53.4\n",
        b"\xef\xbb\xbfname,lon,lat\na,-2.9,53.4\n",
        b"name,lon,lat\r\na,-2.9,53.4\r\n",
        b"name,lon,lat\ra,-2.9,53.4\r",
        b"name,lon,lat\na,-2.9,53.4",
        b"name,lon,lat\n\na,-2.9,53.4\n\n",
        b'"name","lon","lat"\n"a","-2.9","53.4"\n',
        b"name, lon ,lat\na, -2.9 , +53.4\n",
    ],
)
def test_line_ends_quotes_marks_and_spaces(opened: Open, content: bytes) -> None:
    layer = opened("a.csv", content)
    assert list(layer.frame.geometry) == [shapely.Point(-2.9, 53.4)]
    assert layer.frame["name"].tolist() == ["a"]
    assert layer.notes == (SAID,)


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_delimiters_are_found_and_said(opened: Open, mark: str, word: str) -> None:
    layer = opened("a.csv", f"name{mark}lon{mark}lat\na, b{mark}-2.9{mark}53.4\n")
    assert layer.frame["name"].tolist() == ["a, b"]
    assert layer.notes == (f"'a.csv' is delimited by {word}.", SAID)


def test_a_tsv_is_delimited_by_tabs_without_saying_so(opened: Open) -> None:
    layer = opened("a.tsv", "name\tlon\tlat\na;b,c\t-2.9\t53.4\n")
    assert len(layer.notes) == 1


@pytest.mark.parametrize("text", ["e+5", "-e+5", "-", ".", "1e+400", "-1e+400", "1" * 400])
def test_what_no_number_can_hold_stays_text(opened: Open, text: str) -> None:
    layer = opened("a.csv", f"what,lon,lat\n{text},-2.9,53.4\n")
    assert layer.frame["what"].tolist() == [text]
    assert layer.metadata.field("what").type == "string"


def test_types_follow_one_rule_over_all_cells(opened: Open) -> None:
    rows = [
        "code,whole,part,truth,text,empty,big,exponent,lon,lat",
        "007,1,1.5,true,1,,9007199254740991,1e-05,-2.9,53.4",
        "010,-2,2,FALSE,x,,2,2.5e+3,-2.9,53.4",
        ",,,,,,,,-2.9,53.4",
    ]
    layer = opened("a.csv", "\n".join(rows))
    assert [each.type for each in layer.metadata.fields] == [
        "string",
        "integer",
        "number",
        "boolean",
        "string",
        "string",
        "integer",
        "number",
        "number",
        "number",
    ]
    assert layer.frame["code"].tolist()[:2] == ["007", "010"]
    assert layer.frame["truth"].tolist() == [True, False, None]
    assert layer.frame["exponent"].tolist()[:2] == [1e-05, 2500.0]


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["1234567890123456788", "1234567890123456789"], "integer", [0, 1]),
        (["1234567890123456788", ""], "any", [1234567890123456788, None]),
        (["1234567890123456788", "1.5"], "any", [1234567890123456788, 1.5]),
        (["1", "18446744073709551616"], "any", [1, 18446744073709551616]),
        (["9007199254740991", "1.5"], "number", [9007199254740991.0, 1.5]),
        (["1e+20", "1.5"], "number", [1e20, 1.5]),
        (["1" * 39, "1"], "string", ["1" * 39, "1"]),
    ],
)
def test_no_whole_number_loses_a_digit(
    opened: Open, cells: list[str], kind: str, values: list[Any]
) -> None:
    rows = "".join(f"{each},-2.9,53.4\n" for each in cells)
    layer = opened("a.csv", f"n,lon,lat\n{rows}")
    assert layer.metadata.field("n").type == kind
    expected = [int(each) for each in cells] if kind == "integer" else values
    assert layer.frame["n"].tolist() == expected


def test_a_known_type_costs_no_digit(opened: Open) -> None:
    text = b"a,b,lon,lat\n1234567890123456788,1234567890123456789,-2.9,53.4\n,1.5,-2.9,53.4\n"
    found, _ = read_delimited(text, "'a.csv'", types={"a": "integer", "b": "number"})
    assert [(each.type, list(each.values)) for each in found.columns[:2]] == [
        ("any", [1234567890123456788, None]),
        ("any", [1234567890123456789, 1.5]),
    ]


def test_any_line_end_may_stand_in_a_name(opened: Open) -> None:
    layer = opened("a.csv", 'id,"a\rb","c\nd","e\r\nf",lon,lat\n1,2,3,4,-2.9,53.4\n')
    assert list(layer.frame.columns)[:4] == ["id", "a\rb", "c\nd", "e\r\nf"]


def test_a_quote_within_a_name_is_refused_by_its_line(opened: Open) -> None:
    with pytest.raises(FileError, match=r"^Line 2 of 'c\.csv' has 3 cells, more than the 2"):
        opened("c.csv", 'id,x"a\rb"y,lon,lat\n1,2,-3,53\n')


def test_a_name_has_at_most_131072_letters(opened: Open) -> None:
    for letters in (131_072, 131_073):
        text = f"{'x' * letters},lon,lat\n1,-2.9,53.4\n"
        if letters == 131_072:
            assert len(opened("a.csv", text).frame.columns[0]) == letters
            continue
        with pytest.raises(
            FileError, match=r"name is 131,073 letters long, and 131,072 are the bou"
        ):
            opened("a.csv", text)


def test_a_cell_may_be_longer_than_a_block(opened: Open) -> None:
    long = "y" * 5_000_000
    layer = opened("a.csv", f"id,x,lon,lat\n1,{long},-2.9,53.4\n2,z,-2.9,53.4\n")
    assert layer.frame["x"].tolist() == [long, "z"]
    with pytest.raises(FileError, match=r"^Line 3 of 'a\.csv' has 2 cells, fewer than the 4"):
        opened("a.csv", f"id,x,lon,lat\n1,{long},-2.9,53.4\n2,z\n")


def test_a_quoted_line_end_is_one_cell_and_lines_are_still_counted(opened: Open) -> None:
    assert opened("a.csv", 'name,lon,lat\n"a,\nb",-2.9,53.4\n').frame["name"].tolist() == ["a,\nb"]
    with pytest.raises(FileError, match=r"^Line 4 of 'a\.csv' has 2 cells, fewer than the 3"):
        opened("a.csv", 'name,lon,lat\n"a,\nb",-2.9,53.4\nc,1\n')


@pytest.mark.parametrize(
    ("header", "crs"),
    [
        ("longitude,latitude", "EPSG:4326"),
        ("Long,Lat", "EPSG:4326"),
        ("lng,lat", "EPSG:4326"),
        ("x,y", "EPSG:4326"),
        ("Easting,Northing", "EPSG:27700"),
        ("oseast1m,osnrth1m", "EPSG:27700"),
        ("X,Y", "EPSG:27700"),
    ],
)
def test_coordinate_columns_are_guessed_by_name(opened: Open, header: str, crs: str) -> None:
    cells = "-2.9,53.4" if crs == "EPSG:4326" else "335000,390000"
    layer = opened("a.csv", f"{header}\n{cells}\n")
    assert layer.frame.crs == crs
    assert f"as {crs}:" in layer.notes[0]


def test_degrees_go_before_a_grid_if_both_are_there(opened: Open) -> None:
    layer = opened("a.csv", "easting,northing,lon,lat\n335000,390000,-2.9,53.4\n")
    assert layer.frame.geometry.iloc[0] == shapely.Point(-2.9, 53.4)


def test_columns_and_crs_that_are_named_need_no_note(opened: Open) -> None:
    layer = opened("a.csv", "a,b,lon,lat\n335000,390000,1,2\n", x="a", y="b", crs="EPSG:27700")
    assert layer.frame.geometry.iloc[0] == shapely.Point(335000, 390000)
    assert layer.notes == ()


def test_columns_named_without_a_crs_say_which_was_taken(opened: Open) -> None:
    layer = opened("a.csv", "a,b\n335000,390000\n", x="a", y="b")
    assert layer.notes == (
        "The positions of 'a.csv' are taken as EPSG:27700: if that is wrong, give --crs.",
    )


def test_rows_without_coordinates_are_kept(opened: Open) -> None:
    layer = opened("a.csv", "name,lon,lat\na,,\nb, ,\nc,-2.9,53.4\n")
    assert (len(layer.frame), layer.placed) == (3, 1)
    assert layer.notes == (SAID,)


def test_half_a_position_is_said_by_line(opened: Open) -> None:
    layer = opened("a.csv", "name,lon,lat\na,-2.9,53.4\nb,-2.9,\n")
    assert layer.placed == 1
    assert layer.notes[1] == (
        "'a.csv' has one coordinate without the other in line 3: "
        "this row counts as having no position."
    )


def test_a_header_without_a_name_gets_one(opened: Open) -> None:
    layer = opened("a.csv", ",lon,lat\n0,-2.9,53.4\n")
    assert layer.frame.columns[0] == "column_1"
    assert layer.notes[0] == "Column 1 of 'a.csv' has no name and is called 'column_1'."


def test_a_cell_longer_than_a_block_is_read(opened: Open) -> None:
    long = "x" * 5_000_000
    assert opened("a.csv", f"name,lon,lat\n{long},-2.9,53.4\n").frame["name"].iloc[0] == long


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"lon,lat\n", FileError, "'a.csv' has a header but no rows: save or download it again."),
        (b"\n\n", FileError, "'a.csv' has no header: its first line must name the columns."),
        (
            b"a,a,lon,lat\n1,2,3,4\n",
            FileError,
            "'a.csv' has more than one column 'a': rename them so that each is unique.",
        ),
        (
            b"name,lon,lat\na,1,2\nb,1\n",
            FileError,
            (
                "Line 3 of 'a.csv' has 2 cells, fewer than the 3 of the header: "
                "correct it, or quote cells that hold the delimiter."
            ),
        ),
        (
            b"name,lon,lat\na,1,2,3\n",
            FileError,
            (
                "Line 2 of 'a.csv' has 4 cells, more than the 3 of the header: "
                "correct it, or quote cells that hold the delimiter."
            ),
        ),
        (
            b"name,lon,lat\nCaf\xe9 \x81,-2.9,53.4\n",
            FileError,
            (
                "'a.csv' is not in UTF-8: line 2 holds the byte 0xE9; "
                "save it again with the encoding UTF-8."
            ),
        ),
        (
            b"name,size\na,1\n",
            GeometryError,
            (
                "'a.csv' has no columns that look like coordinates (it has name, size), no postcodes, "
                "and no codes or names of areas of the data pack: name them with --x and --y, and their "
                "system with --crs."
            ),
        ),
        (
            b"name,lon,lat\na,1,2\nb,west,2\nc,east,2\n",
            GeometryError,
            (
                "Line 3 of 'a.csv' holds 'west' in the coordinate column 'lon', and 1 more such: "
                "write a decimal number such as -2.9916."
            ),
        ),
        (
            b"name;lon;lat\na;-2,9;53,4\n",
            GeometryError,
            (
                "Line 2 of 'a.csv' holds '-2,9' in the coordinate column 'lon': "
                "write a decimal point, and no commas between thousands."
            ),
        ),
        (
            b"lon,lat\n-2.9,53.4\nwest,53.4\neast,53.4\n",
            GeometryError,
            (
                "Line 3 of 'a.csv' holds 'west' in the coordinate column 'lon', and 1 more such: "
                "write a decimal number such as -2.9916."
            ),
        ),
        (
            b"lon,lat\n-2.9,1e999\n",
            GeometryError,
            (
                "'a.csv' has coordinates that are not finite numbers, in line 2: "
                "correct them, or leave the position empty."
            ),
        ),
        (
            b"x,y\n-335000,7390000\n",
            CRSError,
            (
                "The numbers in 'x' and 'y' of 'a.csv' are neither degrees nor British National Grid: "
                "say which system they are in with --crs, such as --crs EPSG:3857."
            ),
        ),
        (
            b"lon,lat\n335000,390000\n",
            CRSError,
            (
                "'a.csv' claims degrees, but its numbers look like British National Grid: "
                "say --crs EPSG:27700."
            ),
        ),
        (
            b"lon,lat\n53.4,-2.9\n",
            GeometryError,
            "'a.csv' seems to have latitude and longitude swapped: swap them with --x 'lat' --y 'lon'.",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(
    opened: Open, content: bytes, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        opened("a.csv", content)
    assert str(caught.value) == message


def test_one_coordinate_column_alone_is_refused(opened: Open) -> None:
    with pytest.raises(UsageError, match="Name both coordinate columns"):
        opened("a.csv", "a,b\n1,2\n", x="a")


def test_a_coordinate_column_that_is_not_there_gets_suggestions(opened: Open) -> None:
    with pytest.raises(
        UnknownNameError, match=r"No column 'eastin' in 'a\.csv': did you mean 'easting'"
    ):
        opened("a.csv", "easting,b\n1,2\n", x="eastin", y="b")


def test_blank_rows_that_a_spreadsheet_leaves_at_the_end_are_no_features() -> None:
    found, _ = read_delimited(b"name,lon,lat\nA,-2.9,53.4\n,,\nB,-2.8,53.4\n,,\n,,\n", "'a.csv'")
    assert found.columns[0].values.tolist()[0::2] == ["A", "B"]
    assert found.notes == ("The last 2 rows are blank in 'a.csv' and left out.",)


def test_a_quotation_mark_that_is_never_closed_is_named_as_the_cause() -> None:
    with pytest.raises(
        FileError, match=r"A quotation mark in 'a\.csv' is opened at or before line 4"
    ):
        read_delimited(b'name,lon,lat\n"A,-2.9,53.4\nB,-2.8,53.4\nC,-2.7,53.4\n', "'a.csv'")


PLACES = "name,lon,lat\nCaf\u00e9 \u2013 \u20ac,-2.9,53.4\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", "'a.csv' is read as UTF-16, by its zero bytes."),
        ("utf-16-be", "'a.csv' is read as UTF-16, by its zero bytes."),
        (
            "cp1252",
            (
                "'a.csv' is not in UTF-8 and is read as Windows-1252 (line 2 then has '\u00e9'): if letters look "
                "wrong, name another with --encoding."
            ),
        ),
    ],
)
def test_encodings_of_spreadsheets_are_recognised_and_said(
    opened: Open, encoding: str, said: str
) -> None:
    layer = opened("a.csv", PLACES.encode(encoding))
    assert layer.frame["name"].tolist() == ["Caf\u00e9 \u2013 \u20ac"]
    assert [each for each in layer.notes if "read as" in each] == ([said] if said else [])


@pytest.mark.parametrize("encoding", ["cp1250", "Windows-1250", "iso-8859-2", "utf-7", "utf-16"])
def test_the_encoding_that_is_asked_for_is_used(opened: Open, encoding: str) -> None:
    text = "name,lon,lat\n\u017b\u00f3\u0142ty,-2.9,53.4\n"
    layer = opened("a.csv", text.encode(encoding), encoding=encoding)
    assert layer.frame["name"].tolist() == ["\u017b\u00f3\u0142ty"]
    assert layer.notes == (SAID,)


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        (
            "utf-8",
            r"^'a\.csv' is not in utf-8 \(line 2\): leave out --encoding, or name another\.$",
        ),
        ("cp12500", r"^No encoding 'cp12500': did you mean 'cp1250'"),
        ("rot13", r"^No encoding 'rot13': name one such as utf-8, cp1252 or latin-1\.$"),
        ("\0", r"^No encoding "),
    ],
)
def test_an_encoding_that_it_is_not_in_is_refused(
    opened: Open, encoding: str, message: str
) -> None:
    with pytest.raises(LcrmapError, match=message):
        opened("a.csv", PLACES.encode("cp1252"), encoding=encoding)


def test_an_encoding_is_refused_where_the_format_tells_it(opened: Open) -> None:
    with pytest.raises(UsageError, match=r"^--encoding is for CSV and Shapefiles, and 'a.geojson'"):
        opened("a.geojson", b'{"type":"FeatureCollection","features":[]}', encoding="cp1252")


def test_a_table_that_excel_saves_as_unicode_text_is_read(opened: Open) -> None:
    layer = opened("a.txt", PLACES.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"))
    assert layer.placed == 1


def test_lines_are_counted_in_other_encodings_too(opened: Open) -> None:
    text = PLACES + '"two\nlines",-2.9,53.4\nbroken,x,53.4\n'
    with pytest.raises(DataError, match="Line 5"):
        opened("a.csv", text.encode("utf-16"), strict=True)
