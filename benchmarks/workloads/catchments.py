"""Rings around many places, and who lives in them."""

from benchmarks.contract import Aim, Contender, Input, Workload

__all__ = ["CATCHMENTS"]


def _script(name: str, script: str, *needs: str) -> Contender:
    command = ("{python}", f"{{peers}}/{script}.py", "{places}", "{residents}", "{out}")
    return Contender(name, command, ".csv", needs, own_clock=True)


CATCHMENTS = (
    Workload(
        "catchments",
        "Rings of 2 km around 1,000 places, with their residents",
        (
            _script("lcrmap, geodesic", "catchment_lcrmap"),
            _script("geopandas, planar buffer", "catchment_geopandas", "geopandas"),
        ),
        (Aim(1.0, ("geopandas, planar buffer",)),),
        (
            Input("places", "points_csv", ".csv", 1_000, 50),
            Input("residents", "residents", ".csv"),
        ),
        "residents",
        note=(
            "lcrmap also gives the least and the most number that the positions' errors leave. Numbers count as the "
            "same if they differ by less than a fiftieth: the planar ring is a polygon of 64 corners."
        ),
    ),
)
