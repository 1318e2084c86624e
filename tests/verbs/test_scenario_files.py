"""No file of a scenario reads anything outside its folder or the data pack, by whatever key it is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lcrmap.errors import DataError, LcrmapError
from lcrmap.io.scenarios import example_scenario
from lcrmap.layers import Pack, open_pack
from lcrmap.layers.scenario import ScenarioError
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

SECRET = "hidden words"
ROWS = f"ref,called,kind,confidence,lat,lon\nz,{SECRET},hut,confirmed,60.31,1.01\n"
ADD = '[[change]]\nadd = "{}"\nto = "landings"\nreason = "r"\n'
REPLACE = '[[change]]\nreplace = "landings"\nwith = "{}"\nreason = "r"\n'
AT = '[[change]]\nadd = "new"\nto = "landings"\nat = "{}"\nreason = "r"\n'
REMOVE = '[[change]]\nremove = "{}"\nreason = "r"\n'
MOVE = '[[change]]\nmove = "L1"\nat = "{}"\nreason = "r"\n'
PEOPLE = '[[change]]\npeople = "{}"\nmore = 1\nreason = "r"\n'
FORMS = {"add": ADD, "with": REPLACE, "at": AT, "remove": REMOVE, "move": MOVE, "people": PEOPLE}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario's folder; beside and above it lie files that are none of its business."""
    here = tmp_path / "home" / "mine"
    here.mkdir(parents=True)
    for place in (tmp_path / "home", tmp_path / "elsewhere"):
        place.mkdir(exist_ok=True)
        (place / "secret.csv").write_text(ROWS, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    return here


def _written(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(f'title = "Mine"\n{text}', encoding="utf-8")
    return str(path)


def _told(folder: Path, text: str, pack: Pack) -> str:
    with pytest.raises(LcrmapError) as caught:
        Sources(pack).scene(_written(folder, text))
    said = " ".join((str(caught.value), *getattr(caught.value, "more", ())))
    assert SECRET not in said
    return said


OUTSIDE = (
    "../secret.csv",
    "secret.csv",
    "secret.csv:z",
    "./../secret.csv",
    "{up}/secret.csv",
    "{up}/secret.csv:z",
    "~/secret.csv",
    "file://{up}/secret.csv",
    "https://example.org/secret.csv",
    "-",
    " - ",
    "/vsicurl/https://example.org/secret.csv",
    "vsizip/{up}/a.zip/secret.csv",
    "..\\\\secret.csv",
    "x.gpkg:../secret.csv",
    "",
)


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("form", FORMS)
def test_no_key_names_a_file_elsewhere(
    form: str, name: str, folder: Path, skerries: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    text = FORMS[form].format(name.format(up=folder.parent.as_posix()))
    assert "'change[1]." in _told(folder, text, skerries)


@pytest.mark.parametrize("name", OUTSIDE[:-1])
def test_no_base_is_a_file_elsewhere(name: str, folder: Path, skerries: Pack) -> None:
    _written(folder.parent, "", "secret.toml")
    text = name.format(up=folder.parent.as_posix()).replace(".csv", ".toml")
    assert "'base'" in _told(folder, f'base = "{text}"\n', skerries)


@pytest.mark.parametrize("form", ["add", "with"])
def test_a_link_beside_the_scenario_that_leads_out_is_refused(
    form: str, folder: Path, skerries: Pack
) -> None:
    (folder / "link.csv").symlink_to(folder.parent / "secret.csv")
    said = _told(folder, FORMS[form].format("link.csv"), skerries)
    assert "it is a link that leads out of its folder" in said
    (folder / "loop.csv").symlink_to("loop.csv")
    _told(folder, FORMS[form].format("loop.csv"), skerries)


def test_a_base_that_is_a_link_out_of_the_folder_is_refused(folder: Path, skerries: Pack) -> None:
    _written(folder.parent, "", "other.toml")
    (folder / "base.toml").symlink_to(folder.parent / "other.toml")
    assert "'base' names 'base.toml', a link" in _told(folder, 'base = "base.toml"\n', skerries)


def test_a_link_to_a_part_of_a_file_elsewhere_is_refused(folder: Path, skerries: Pack) -> None:
    frame = Sources(skerries).layer("landings").frame[["ref", "geometry"]].head(1)
    frame.to_file(folder.parent / "part.shp")
    for each in folder.parent.glob("part.*"):
        if each.suffix == ".dbf":
            (folder / each.name).symlink_to(each)
        else:
            shutil.copy(each, folder)
    assert "a link that leads out" in _told(folder, ADD.format("part.shp"), skerries)


def test_a_folder_that_looks_like_a_layer_leads_nowhere(folder: Path, skerries: Pack) -> None:
    (folder / "a.gpkg").write_bytes(b"")
    (folder / "a.gpkg:x").mkdir()
    said = _told(folder, ADD.format("a.gpkg:x/../../secret.csv"), skerries)
    assert "names no file in the scenario's own folder" in said


def test_a_link_within_the_folder_and_one_to_the_scenario_are_followed(
    folder: Path, skerries: Pack
) -> None:
    (folder / "real.csv").write_text(ROWS, encoding="utf-8")
    (folder / "link.csv").symlink_to("real.csv")
    _written(folder, ADD.format("link.csv"))
    scene = Sources(skerries).scene(str(folder / "mine.toml"))
    assert "z" in set(scene.layers["landings"].frame["ref"])


def test_a_feature_of_a_file_beside_the_scenario_is_found_from_anywhere(
    folder: Path, skerries: Pack
) -> None:
    two = ROWS + "y,Other,hut,confirmed,60.32,1.02\n"
    (folder / "both.csv").write_text(two.replace("ref", "id"), encoding="utf-8")
    scene = Sources(skerries).scene(_written(folder, ADD.format("both.csv:y")))
    keys = set(scene.layers["landings"].frame["ref"])
    assert "y" in keys
    assert "z" not in keys


def test_a_name_with_a_slash_in_it_is_no_file(folder: Path, skerries: Pack) -> None:
    said = _told(folder, REMOVE.format("landings:North/South"), skerries)
    assert "no feature 'North/South' in landings" in said


def _own_pack(tmp_path: Path, skerries: Pack) -> Path:
    own = tmp_path / "pack"
    shutil.copytree(skerries.folder, own)
    shutil.rmtree(own / "scenarios", ignore_errors=True)
    shutil.rmtree(own / "examples", ignore_errors=True)
    return own


def test_a_packs_scenario_names_no_file_at_all(tmp_path: Path, skerries: Pack) -> None:
    own = _own_pack(tmp_path, skerries)
    (own / "scenarios").mkdir()
    (own / "scenarios" / "near.csv").write_text(ROWS, encoding="utf-8")
    (own / "scenarios" / "near.toml").write_text('title = "x"\n' + ADD.format("near.csv"))
    with pytest.raises(ScenarioError, match="no such file beside the scenario"):
        Sources(open_pack(own)).scene("near")


def test_links_out_of_the_pack_are_refused(tmp_path: Path, skerries: Pack) -> None:
    own = _own_pack(tmp_path, skerries)
    outside = tmp_path / "secret.toml"
    outside.write_text(f'title = "{SECRET}"\n', encoding="utf-8")
    for place in ("scenarios/out.toml", "examples/scenario.toml"):
        (own / place).parent.mkdir()
        (own / place).symlink_to(outside)
    with pytest.raises(DataError, match="leaves the folder of its data pack"):
        Sources(open_pack(own)).scene("out")
    with pytest.raises(DataError, match="leaves the folder of its data pack"):
        example_scenario(open_pack(own))


@pytest.mark.parametrize("name", ["../mine.toml", "/etc/passwd", "mine.toml", "~/x.toml", "-"])
def test_closed_sources_open_no_scenario_that_they_were_not_given(
    name: str, folder: Path, skerries: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    _written(folder, "")
    _written(folder.parent, "")
    monkeypatch.chdir(folder)
    with pytest.raises(LcrmapError):
        answer(Gaps(layer="landings", beyond="1km", scenario=name), Sources(skerries, closed=True))


def test_closed_sources_read_of_a_scenario_only_what_they_were_given(
    folder: Path, skerries: Pack
) -> None:
    (folder / "real.csv").write_text(ROWS, encoding="utf-8")
    files = {"mine.toml": Path(_written(folder, ADD.format("real.csv")))}
    with pytest.raises(DataError, match=r"names 'real\.csv', which is not one of its input files"):
        Sources(skerries, files=files, closed=True).scene("mine.toml")
