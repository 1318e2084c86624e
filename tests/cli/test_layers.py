"""lcrmap layers: what there is, and everything about one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from lcrmap.layers import Pack, open_pack
from lcrmap.verbs.layers.question import Layers
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer


def table(text: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}


def test_every_layer_of_the_pack_is_a_row_with_known_counts(lcrmap: Callable) -> None:
    listed = table(lcrmap("layers", "--format", "csv").out)
    assert (listed["boroughs"]["features"], listed["boroughs"]["placed"]) == ("6", "6")
    assert (listed["freeport-sites"]["features"], listed["freeport-sites"]["placed"]) == (
        "16",
        "13",
    )
    assert listed["investment-zone-sites"]["features"] == "18"
    assetsrow = listed["innovation-assets"]
    assert (assetsrow["features"], assetsrow["placed"], assetsrow["confirmed"]) == (
        "57",
        "56",
        "51",
    )
    assert listed["residents"]["geometry"] == "point"


def test_what_the_pack_says_that_it_counts_is_what_its_layers_hold(pack: Pack) -> None:
    said, opening = Sources(pack), Sources(open_pack(pack.folder))
    listed = answer(Layers(), said).frame
    assert said.opened == ()  # the list reads no layer
    opened = answer(Layers(), opening).frame
    assert len(opening.opened) == len(listed) == len(pack.names)
    assert listed.equals(opened)
    assert answer(Layers(), Sources(open_pack())).frame.equals(listed)


def test_every_layer_has_a_licence_and_a_date(lcrmap: Callable) -> None:
    for name, row in table(lcrmap("layers", "--format", "csv").out).items():
        assert row["licence"], name
        assert row["as_of"], name


def test_one_layer_is_told_whole(lcrmap: Callable) -> None:
    outcome = lcrmap("layers", "innovation-assets", "--format", "csv")
    fields = table(outcome.out)
    assert "net_zero" in fields["sector"]["values"]
    assert fields["position_error_m"]["unit"] == "m"
    for word in ("Licence:", "Credit:", "Source:", "56 have a position and 1 has none"):
        assert word in outcome.err


def test_the_freeport_is_never_16_sites_without_its_breakdown(lcrmap: Callable) -> None:
    text = lcrmap("layers", "freeport-sites").err
    assert "Confidence: 7 confirmed (named by an official or first-hand source); 8 reported" in text
    assert "Positions: believed right to within 400 to 2,500 m" in text
    assert "16 Freeport sites" not in text
    assert "15" in text
    assert "13" in text


def test_a_list_takes_nothing_that_is_about_pictures(lcrmap: Callable) -> None:
    told = lcrmap("layers", "--help").out
    assert "--size" not in told
    assert "--dpi" not in told
    assert ".html" not in told
    assert lcrmap("layers", "--size", "wide").code == 2
