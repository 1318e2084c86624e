"""How long a word takes: whole processes, from the first instruction to the exit."""

from benchmarks.contract import Aim, Contender, Workload

__all__ = ["STARTING"]

_CLICK = Contender("import click", ("{python}", "-c", "import click"), needs=("click",))
_MAPPING = "import geopandas, folium, fiona"
_IMPORTS = Contender(_MAPPING, ("{python}", "-c", _MAPPING), needs=("geopandas", "folium", "fiona"))


def _light(name: str, title: str, *words: str) -> Workload:
    return Workload(
        name,
        title,
        (Contender("lcrmap", ("{lcrmap}", *words)), _CLICK),
        (Aim(2.0, (_CLICK.name,)),),
        rounds=15,
    )


def _small(name: str, title: str, ratio: float, *words: str) -> Workload:
    return Workload(
        name,
        title,
        (Contender("lcrmap", ("{lcrmap}", *words)), _IMPORTS),
        (Aim(ratio, (_MAPPING,)),),
        rounds=9,
    )


STARTING = (
    _light("help", "`lcrmap --help`", "--help"),
    _light("version", "`lcrmap --version`", "--version"),
    _light("completion", "`lcrmap completion bash`", "completion", "bash"),
    _small("show", "`lcrmap show innovation-assets`", 1.0, "show", "innovation-assets"),
    _small(
        "count",
        "`lcrmap count innovation-assets --in boroughs`",
        1.0,
        *("count", "innovation-assets", "--in", "boroughs"),
    ),
    _small(
        "near",
        "`lcrmap near innovation-assets:sci-tech-daresbury innovation-assets`",
        1.0,
        *("near", "innovation-assets:sci-tech-daresbury", "innovation-assets", "-k", "5"),
    ),
    _small("atlas", "`lcrmap map`: the atlas", 1.3, "map", "-o", "{out}.html", "--overwrite"),
)
