"""Decimal numbers: to the digit as numbers, or as text with a sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from lcrmap.errors import WholeNeededError
from lcrmap.io.cells import kind_of
from lcrmap.io.decimals import decimal_column, loses_digits
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Wanted
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]
FINE = "0.12345678901234567890"
NOTE = (
    "The numbers in the column 'n' of '{}' have more digits than floating point holds, so they are kept as text, "
    "which filters, sums and shades read as numbers."
)


def as_parquet(path: Path, values: list[Any], kind: pa.DataType) -> Path:
    """Write points with a column `n` of a type of Arrow's."""
    buffer = io.BytesIO()
    shapes = [shapely.Point(-2.9, 53.4)] * len(values)
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_parquet(buffer)
    table = pq.read_table(buffer)
    pq.write_table(table.append_column("n", pa.array(values, kind)), path)
    return path


@pytest.mark.parametrize("kind", [pa.decimal128, pa.decimal256])
@pytest.mark.parametrize(
    ("values", "scale", "read", "type_"),
    [
        ([1, 2**53 + 1], 0, [1, 2**53 + 1], "integer"),
        ([1, None], 0, [1, None], "integer"),
        ([2**53 + 1, None], 0, [2**53 + 1, None], "any"),
        ([2**63, -(10**37)], 0, [2**63, -(10**37)], "any"),
        ([2**63], 0, [2**63], "any"),
        ([-(2**63), 1], 0, [-(2**63), 1], "any"),
        (["0.3", "0.7"], 4, [0.3, 0.7], "number"),  # which Arrow's cast makes 0.30000000000000004
        (["0.3", None], 30, [0.3, None], "number"),
        (["0.00000000116379589695722"], 23, [1.16379589695722e-9], "number"),
        (["9.007199254740993"], 15, [9.007199254740993], "number"),
        (["9.232762829599804"], 15, ["9.232762829599804"], "string"),
        (["12345678.12345678", "-0.1"], 8, [12345678.12345678, -0.1], "number"),
        ([FINE, "1.5", None], 20, [FINE, "1.50000000000000000000", None], "string"),
        ([None, None], 4, [None, None], "number"),
        ([None, None], 0, [None, None], "integer"),
    ],
)
def test_decimals_of_parquet_are_read_to_the_digit(
    kind: Any,
    values: list[Any],
    scale: int,
    read: list[Any],
    type_: str,
    tmp_path: Path,
    opened: Open,
) -> None:
    exact = [None if each is None else Decimal(each) for each in values]
    as_parquet(tmp_path / "a.parquet", exact, kind(38, scale))
    layer = opened("a.parquet")
    found = layer.frame["n"]
    assert [
        None if gap else each for each, gap in zip(found.tolist(), found.isna(), strict=True)
    ] == read
    assert layer.field("n").type == type_
    said = NOTE.format("a.parquet") in layer.notes
    assert said == (type_ == "string")


def test_whole_decimals_longer_than_any_number_are_text() -> None:
    cells = pa.chunked_array([pa.array([Decimal(10**38)], pa.decimal256(60, 0))])
    column = decimal_column("n", cells)
    assert (column.type, list(column.values)) == ("string", [str(10**38)])


def test_decimals_of_a_slice_are_its_own() -> None:
    cells = pa.chunked_array(
        [pa.array([Decimal("1.5"), Decimal("2.5"), None, Decimal("3.5")]).slice(1)]
    )
    assert decimal_column("n", cells).values.tolist()[::2] == [2.5, 3.5]


@pytest.mark.parametrize("cell", ["0.1", "1.10", "0.30000000000000004", "0.29999999999999999"])
@pytest.mark.parametrize("more", ["", "-"])
def test_what_floating_point_says_of_itself_is_held(cell: str, more: str) -> None:
    assert not loses_digits(pa.chunked_array([[more + cell]]))


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1.2345678901234567", "number"),
        ("1.23456789012345670000", "number"),
        ("0.1000000000000000055511151231257827", "number"),  # a tenth as C writes it with 34 digits
        ("4.9406564584124654e-324", "number"),
        ("0.12345678901234567", "fine"),  # of which the nearest ends in 8
        ("-0.12345678901234567", "fine"),
        ("12345678901234567.5", "fine"),
        ("1.2345678901234567890e+10", "fine"),
    ],
)
def test_cells_of_more_digits_than_floating_point_holds_are_of_their_own_kind(
    cell: str, kind: str
) -> None:
    assert kind_of(pa.chunked_array([["1.5", cell, None]])) == kind


FLOATS = [repr(each / 7) for each in range(1, 1001)]


@pytest.mark.parametrize(
    ("cells", "lost"),
    [
        ([*FLOATS, FINE], False),
        ([*FLOATS, FINE + "12345"], True),
        (["1.500000000000000000"] * 1500 + [FINE], True),
        (["1.5"] * 1500 + [FINE], True),
        ([FINE, *FLOATS], True),
        ([*FLOATS[:10], *["1.5"] * 1000, FINE], True),
        (["9.232762829599804"], True),
        ([*FLOATS, *FLOATS], False),
    ],
)
def test_a_column_of_floating_point_is_told_by_its_first_thousand(
    cells: list[str], lost: bool
) -> None:
    assert loses_digits(pa.chunked_array([cells])) is lost


CSV = f"name,lon,lat,n\nA,-2.9,53.4,{FINE}\nB,-2.8,53.3,2\nC,-2.7,53.2,\n"


def test_long_decimals_of_a_csv_are_kept_as_text_and_said(opened: Open) -> None:
    layer = opened("a.csv", CSV)
    assert layer.frame["n"].tolist()[:2] == [FINE, "2"]
    assert layer.field("n").type == "string"
    assert NOTE.format("a.csv") in layer.notes


@pytest.mark.parametrize("block", [40, 1000])
def test_in_parts_too(block: int, opened: Open, square: Pack) -> None:
    whole = opened("a.csv", CSV)
    parts = open_parts("a.csv", pack=square, block=block)
    assert parts.metadata == whole.metadata
    assert parts.notes == whole.notes


def test_parts_of_parquet_are_left_to_the_whole(tmp_path: Path, opened: Open, square: Pack) -> None:
    opened("a.txt", "name,lon,lat\nA,-2.9,53.4\n")
    as_parquet(tmp_path / "a.parquet", [Decimal(FINE)], pa.decimal128(38, 20))
    parts = open_parts("a.parquet", pack=square)
    with pytest.raises(WholeNeededError):
        parts.read(parts.splits[0], Wanted())
