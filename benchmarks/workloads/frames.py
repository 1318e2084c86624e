"""GeoJSON into a frame."""

from benchmarks.contract import Aim, Contender, Input, Workload

__all__ = ["FRAMES"]


def _script(name: str, script: str, *needs: str, once: bool = False) -> Contender:
    return Contender(
        name,
        ("{python}", f"{{peers}}/{script}.py", "{points}", "{out}"),
        ".json",
        needs,
        own_clock=True,
        once=once,
    )


FRAMES = (
    Workload(
        "geojson",
        "500,000 points of GeoJSON into a frame",
        (
            _script("lcrmap", "frame_lcrmap"),
            _script("pyogrio", "frame_pyogrio", "pyogrio"),
            _script("DuckDB spatial", "frame_duckdb", "duckdb", "duckdb-extension-spatial"),
            _script("json.loads, no frame", "frame_json"),
            _script("fiona", "frame_fiona", "fiona", once=True),
        ),
        (Aim(1 / 3, ("pyogrio",)),),
        (Input("points", "points_geojson", ".geojson", 500_000, 500),),
        "frame",
        rounds=3,
        note="lcrmap's time includes its checks. Imports are outside every time.",
    ),
)
