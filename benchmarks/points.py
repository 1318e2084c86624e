"""``python -m benchmarks.points ROWS FOLDER --files N``: a data set of points over the region, from a seed.

The same bytes wherever it is made; with ``FILE.parquet`` the same rows go to one file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from benchmarks.inputs import positions

__all__ = ["write_points"]

_GROUP = 65_536
_BOX = pa.struct([(edge, pa.float64()) for edge in ("xmin", "ymin", "xmax", "ymax")])
_SCHEMA = pa.schema(
    [("uprn", pa.int64()), ("class", pa.string()), ("geometry", pa.binary()), ("bbox", _BOX)]
)
_GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {
        "geometry": {
            "encoding": "WKB",
            "geometry_types": ["Point"],
            "covering": {
                "bbox": {edge: ["bbox", edge] for edge in ("xmin", "ymin", "xmax", "ymax")}
            },
        }
    },
}


def write_points(
    rows: int, target: Path, *, files: int, seed: int = 16, ordered: bool = False
) -> None:
    """Write points to so many files of a folder; to one file, if `target` is one.

    Parameters
    ----------
    ordered
        Whether they are sorted from west to east, so that the files lie apart.
    """
    one = target.suffix == ".parquet"
    if not one:
        target.mkdir(parents=True)
    ends = np.linspace(0, rows, files + 1).astype(int).tolist()
    tables = _tables(rows, seed, ordered)
    left = next(tables)
    for number in range(files):
        path = target if one else target / f"part-{number:05d}.parquet"
        with pq.ParquetWriter(path, _SCHEMA, compression="zstd", store_schema=False) as writer:
            writer.add_key_value_metadata({"geo": json.dumps(_GEO)})
            due = ends[number + 1] - ends[number]
            while due:
                some = left.slice(0, due)
                writer.write_table(some, row_group_size=_GROUP)
                due -= len(some)
                left = left.slice(len(some))
                if not len(left):
                    left = next(tables, left)


def _tables(rows: int, seed: int, ordered: bool) -> Iterator[Any]:
    kinds = np.array(["residential", "commercial", "land", "other"])
    random = np.random.default_rng(seed + 1)
    for start, x, y in positions(rows, seed, batch=rows if ordered else _GROUP):
        if ordered:
            x = np.sort(x)
        box = pa.StructArray.from_arrays(
            [pa.array(each) for each in (x, y, x, y)], fields=list(_BOX)
        )
        yield pa.table(
            {
                "uprn": np.arange(start, start + len(x)) + 10_000_000_000,
                "class": kinds[random.integers(0, len(kinds), len(x))],
                "geometry": pa.array(shapely.to_wkb(shapely.points(x, y)), pa.binary()),
                "bbox": box,
            },
            schema=_SCHEMA,
        )


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.points", description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("target", type=Path, help="a new folder; or FILE.parquet with --files 1")
    parser.add_argument("--files", type=int, default=1, help="how many files (default: 1)")
    asked = parser.parse_args()
    write_points(asked.rows, asked.target, files=asked.files)


if __name__ == "__main__":
    main()
