"""The layers of services: how many live far from them, and how their places are named."""

from __future__ import annotations

import pytest

from lcrmap.errors import UsageError
from lcrmap.io.places import find_place
from lcrmap.layers import Pack
from lcrmap.library import gaps


@pytest.mark.parametrize(
    ("layer", "beyond", "residents", "share"),
    [("bus-stops", "400m", 25_023, 1.6), ("gp-surgeries", "1km", 280_725, 18.1)],
)
def test_residents_far_from_a_stop_and_a_surgery(
    pack: Pack, layer: str, beyond: str, residents: int, share: float
) -> None:
    # The figures were counted on the British National Grid with residents shared out otherwise: a thousandth apart.
    total = gaps(layer, beyond, pack=pack).layer.frame.iloc[-1]
    assert total["residents"] == 1_551_784
    assert total["residents_beyond"] == pytest.approx(residents, rel=0.001)
    assert round(total["share_beyond_pct"], 1) == share


def test_what_else_is_called_so_comes_before_a_service(pack: Pack) -> None:
    with pytest.raises(UsageError, match="can mean 2 places"):  # and not the bus stops there
        find_place("Birkenhead Central", pack=pack)
    assert find_place("Arrowe Park Hospital", pack=pack).source == "hospitals"
    assert find_place("Birkenhead Central B", pack=pack).source == "small-areas"
    assert find_place("E01006512", pack=pack).source == "small-areas"
    assert find_place("bus-stops:2800S26061A", pack=pack).kind == "feature"
