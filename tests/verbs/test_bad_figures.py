"""Tables of one's own keyed by small area, as they come: read as they are meant, or refused in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from lcrmap.errors import LcrmapError
from lcrmap.layers import Pack
from lcrmap.library import make_map, open_layer


@pytest.fixture(scope="module")
def codes(pack: Pack) -> list[str]:
    return open_layer("small-areas", pack=pack).frame["code"].tolist()[:20]


def written(folder: Path, codes: Sequence[str], cells: Sequence[object], code: str = "{}") -> str:
    path = folder / "own.csv"
    rows = [f'"{code.format(each)}","{cell}"\n' for each, cell in zip(codes, cells, strict=False)]
    path.write_text("lsoa,jobs\n" + "".join(rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("cells", "code", "headline"),
    [
        (range(1000, 1020), "{}", "from 1,000 ("),
        ([f"{1000 + each:,}" for each in range(20)], "{}", "from 1,000 ("),
        ([f"{each}%" for each in range(20)], "{}", "to 19% ("),
        (range(20), "{} : Liverpool 031A", "from 0 ("),
        ([7] * 20, "{}", "7 in all 20 with data"),
        ([*range(10), *[""] * 10], "{}", "to 9 ("),
    ],
    ids=["plain", "commas", "per cent", "names behind codes", "one value", "some unknown"],
)
def test_a_table_is_shaded_as_it_was_meant(
    pack: Pack, tmp_path: Path, codes: list[str], cells: Sequence[object], code: str, headline: str
) -> None:
    model = make_map(written(tmp_path, codes, cells, code), shade="jobs", pack=pack).model
    assert headline in model.headline
    (layer,) = [each for each in model.layers if each.style.kind == "shade"]
    known = sum(each != "" for each in cells)
    hatched = sum(each.count for each in layer.style.entries if each.swatch == "hatch")
    assert (layer.total, hatched) == (20, 20 - known)


@pytest.mark.parametrize(
    ("cells", "per", "said"),
    [
        (["c", *range(19)], None, "holds 'c' in row 1: correct that (leave empty what is suppr"),
        (["c"] * 20, None, "'jobs' of own holds text or other values"),
        ([""] * 20, None, "'jobs' of own holds none"),
        ([], None, "own.csv' has a header but no rows"),
        (["inf", *range(19)], None, "holds 'inf' in row 1: correct that"),
        (range(20), "km", "No column 'km' in own"),
    ],
    ids=["one suppressed", "all suppressed", "all unknown", "empty", "infinite", "no base"],
)
def test_a_table_that_cannot_be_shaded_is_refused_in_one_sentence(
    pack: Pack,
    tmp_path: Path,
    codes: list[str],
    cells: Sequence[object],
    per: str | None,
    said: str,
) -> None:
    with pytest.raises(LcrmapError) as refused:
        make_map(written(tmp_path, codes, cells), shade="jobs", per=per, pack=pack)
    told = str(refused.value)
    assert said in told
    assert "\n" not in told
    assert told.endswith((".", "?"))
