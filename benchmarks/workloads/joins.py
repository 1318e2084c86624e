"""Points joined to areas, and written in another format: whole processes."""

from benchmarks.contract import Aim, Contender, Input, Workload

__all__ = ["JOINS"]

_POINTS = Input("points", "points_csv", ".csv", 1_000_000, 1_000)


def _script(name: str, script: str, *needs: str) -> Contender:
    command = ("{python}", f"{{peers}}/{script}.py", "{points}", "{areas}", "{out}")
    return Contender(name, command, ".csv", needs)


_LCRMAP = ("join", "{points}", "{areas}", "--take", "code", "-o", "{out}", "--overwrite")
_MAPSHAPER = (
    *("node", "{mapshaper}", "{points}", "string-fields=name"),
    *("-points", "x=longitude", "y=latitude"),
    *("-join", "{areas}", "fields=code", "-o", "{out}", "format=csv"),
)

_CONTENDERS = (
    Contender("lcrmap", ("{lcrmap}", *_LCRMAP), ".csv"),
    _script("geopandas", "join_geopandas", "geopandas"),
    Contender("mapshaper", _MAPSHAPER, ".csv", ("mapshaper",)),
    _script("DuckDB spatial", "join_duckdb", "duckdb", "duckdb-extension-spatial"),
    _script("SedonaDB", "join_sedonadb", "sedonadb", "geoarrow-pyarrow"),
)
_PEERS = tuple(each.name for each in _CONTENDERS[1:])


def _join(name: str, title: str, areas: str, ratio: float) -> Workload:
    return Workload(
        name,
        f"1,000,000 points of CSV joined to {title}, to CSV",
        _CONTENDERS,
        (Aim(ratio, _PEERS),),
        (_POINTS, Input("areas", areas, ".geojson")),
        "areas",
        rounds=3,
        note=(
            "Points lie over the region's rectangle, so that two in three fall outside. lcrmap also applies the border "
            "rule, checks both layers and writes fields and sources beside the table; no peer does. "
            "So many unmatched points get their nearest area only if --nearest is given."
        ),
    )


def _to_parquet(name: str, script: str, *needs: str, inputs: str = "{points} {areas}") -> Contender:
    command = ("{python}", f"{{peers}}/{script}.py", *inputs.split(), "{out}")
    return Contender(name, command, ".parquet", needs)


_GEOPARQUET = Workload(
    "join-geoparquet",
    "1,000,000 points of GeoParquet joined to the 6 boroughs, to GeoParquet",
    (
        Contender("lcrmap", ("{lcrmap}", *_LCRMAP), ".parquet"),
        _to_parquet("geopandas", "join_parquet_geopandas", "geopandas"),
        _to_parquet("DuckDB spatial", "join_parquet_duckdb", "duckdb", "duckdb-extension-spatial"),
        _to_parquet("SedonaDB", "join_parquet_sedonadb", "sedonadb", "geoarrow-pyarrow"),
    ),
    (Aim(0.75, ("geopandas", "DuckDB spatial", "SedonaDB")),),
    (
        Input("points", "points_parquet", ".parquet", 1_000_000, 1_000),
        Input("areas", "boroughs", ".geojson"),
    ),
    "areas",
    rounds=3,
    note="lcrmap also applies the border rule, checks both layers and writes the box of each point.",
)

_SHOW = ("show", "{points}", "-o", "{out}", "--overwrite")
_LARGE = Workload(
    "show-large",
    "10,000,000 points of CSV shown as GeoParquet",
    (
        Contender("lcrmap", ("{lcrmap}", *_SHOW), ".parquet"),
        _to_parquet(
            "DuckDB spatial",
            "show_duckdb",
            *("duckdb", "duckdb-extension-spatial"),
            inputs="{points}",
        ),
    ),
    (Aim(1.0, ("DuckDB spatial",)),),
    (Input("points", "points_csv", ".csv", 10_000_000, 1_000),),
    rounds=3,
    note=(
        "lcrmap goes through the table twice: once to see what its columns are, which are keys, and whether positions "
        "are right. DuckDB tells the types from the first lines, checks nothing, and parses on all cores."
    ),
)

JOINS = (
    _join("join-boroughs", "the 6 boroughs", "boroughs", 0.75),
    _join("join-neighbourhoods", "201 neighbourhoods (MSOAs)", "neighbourhoods", 1.0),
    _join("join-pieces", "1,003 areas, one an LSOA", "pieces", 1.0),
    _GEOPARQUET,
    _LARGE,
)
