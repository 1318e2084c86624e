"""The nearest features of many places."""

from benchmarks.contract import Aim, Contender, Input, Workload

__all__ = ["NEAREST"]


def _script(name: str, script: str, *needs: str, once: bool = False) -> Contender:
    command = ("{python}", f"{{peers}}/{script}.py", "{places}", "{targets}", "{out}")
    return Contender(name, command, ".csv", needs, own_clock=True, once=once)


NEAREST = (
    Workload(
        "nearest",
        "5 nearest of 10,000 for 100,000 points",
        (
            _script("lcrmap, geodesic, 5 ranked", "near_lcrmap"),
            _script("geopandas, planar, 1", "near_geopandas", "geopandas"),
            _script("SedonaDB, planar, 5", "near_sedonadb", "sedonadb", "geoarrow-pyarrow"),
            _script(
                "DuckDB, planar, 5, no index",
                "near_duckdb",
                *("duckdb", "duckdb-extension-spatial"),
                once=True,
            ),
        ),
        (Aim(1.5, ("geopandas, planar, 1",)),),
        (
            Input("places", "points_csv", ".csv", 100_000, 200),
            Input("targets", "targets_csv", ".csv", 10_000, 100),
        ),
        "nearest",
        note=(
            "Frames are made before the clock runs. lcrmap measures on the ellipsoid and ranks with ties, ranges and "
            "certainty; the peers measure in the plane of the national grid, so that not every answer is the same."
        ),
    ),
)
