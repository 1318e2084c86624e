"""Compare two answers: run as a process of its own, so that what measures stays small.

``python -m benchmarks.answers KIND LCRMAP PEER`` prints how many answers are the same and of how many.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["KINDS"]

_SHARE = 0.02  # a planar buffer of 64 corners differs from a circle on the ground by this, at most


def areas(first: Path, other: Path) -> tuple[int, int]:
    """Compare the ``code`` of each ``id``; an empty one is outside."""
    import pandas as pd

    def table(path: Path) -> pd.DataFrame:
        if path.suffix == ".parquet":
            return pd.read_parquet(path, columns=["id", "code"])
        return pd.read_csv(path, usecols=["id", "code"], dtype=str)

    tables = [table(each) for each in (first, other)]
    one, two = (
        each.fillna("").groupby("id")["code"].min()
        if each["id"].duplicated().any()
        else each.fillna("").set_index("id")["code"]
        for each in tables
    )
    matched = one[one != ""].align(two[two != ""], join="outer", fill_value="")
    wrong = int((matched[0] != matched[1]).sum())
    return len(one) - wrong, len(one)


def nearest(first: Path, other: Path) -> tuple[int, int]:
    """Compare which targets are the nearest of each ``id``, of as many ranks as the other one has."""
    import pandas as pd

    one, two = (pd.read_csv(each).sort_values(["id", "rank", "target"]) for each in (first, other))
    deep = int(two["rank"].max())
    sets = [
        each[each["rank"] <= deep].groupby("id")["target"].agg(frozenset) for each in (one, two)
    ]
    same = sets[0].reindex(sets[1].index) == sets[1]
    return int(same.sum()), len(same)


def frame(first: Path, other: Path) -> tuple[int, int]:
    """Compare what two frames hold, column by column."""
    one, two = (json.loads(each.read_text()) for each in (first, other))
    return sum(two.get(name) == value for name, value in one.items()), len(one)


def residents(first: Path, other: Path) -> tuple[int, int]:
    """Compare numbers of residents: the same to a fiftieth, since a planar ring is not the one on the ground."""
    import numpy as np
    import pandas as pd

    one, two = (pd.read_csv(each).set_index("id")["residents"] for each in (first, other))
    two = two.reindex(one.index).fillna(0)
    near = np.abs(one - two) <= np.maximum(_SHARE * np.maximum(one, two), 100)
    return int(near.sum()), len(near)


def lines(first: Path, other: Path) -> tuple[int, int]:
    """Compare two files line by line."""
    one, two = (each.read_bytes().splitlines() for each in (first, other))
    return sum(a == b for a, b in zip(one, two, strict=False)), max(len(one), len(two))


KINDS: dict[str, Callable[[Path, Path], tuple[int, int]]] = {
    each.__name__: each for each in (areas, nearest, frame, residents, lines)
}

if __name__ == "__main__":
    kind, *files = sys.argv[1:]
    same, of = KINDS[kind](*map(Path, files))
    print(same, of)
