"""What a server reads and writes of files: the folders that it was given, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mcp_types as types
import pytest

from tests.mcp.conftest import Served, texts
from tests.mcp.every_tool import SKERRIES, every_call

CSV = "id,name,kind,longitude,latitude\nd,The dock,quay,-2.98,53.4\nm,The mill,mill,-2.9,53.45\n"
SECRET = "the-canary-sings"
NAMING = [name for name, asked in every_call().items() if asked and name != "profile"]
"""The tools that a file may be named to; the small pack has nothing to say of a profile."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A folder that may be read, one that may be written into, and one of which nobody spoke."""
    home = tmp_path_factory.mktemp("home")
    allowed, out, other = home / "allowed", home / "out", home / "other"
    for each in (allowed, out, other):
        each.mkdir()
    (allowed / "mine.csv").write_text(CSV)
    (other / "theirs.csv").write_text(CSV.replace("dock", SECRET))
    (allowed / "link.csv").symlink_to(other / "theirs.csv")
    (allowed / "folder").symlink_to(other, target_is_directory=True)
    (allowed / "part.csv").write_text(CSV)
    (out / "kept.html").write_text("somebody's own")
    return allowed, out, other


@pytest.fixture(scope="module")
def filing(serving: Callable[..., Served], folders: tuple[Path, Path, Path]) -> Served:
    allowed, out, _ = folders
    return serving("--allow", str(allowed), "--output", str(out))


@pytest.fixture(scope="module")
def small(serving: Callable[..., Served], folders: tuple[Path, Path, Path]) -> Served:
    """A server of a pack of a few places, of which a name is looked for at once."""
    return serving("--allow", str(folders[0]), "--pack", str(SKERRIES))


def test_a_file_of_the_folder_is_read_by_its_name_and_by_its_path(filing: Served, folders) -> None:
    for name in ("mine.csv", str(folders[0] / "mine.csv")):
        told = filing.told("show", layer=name)
        assert [each["name"] for each in told["rows"]] == ["The dock", "The mill"]
        assert {each["from"] for each in told["columns"]} == {"file"}
        assert told["read_files"] == ["mine.csv"]


def test_a_count_of_a_file_says_which_columns_are_its_own(filing: Served) -> None:
    told = filing.told("join", left="mine.csv", right="boroughs", take=["code"])
    come = {each["name"]: each["from"] for each in told["columns"]}
    assert (come["kind"], come["code"]) == ("file", "pack")


@pytest.mark.parametrize(
    "name",
    [
        "link.csv",
        "folder/theirs.csv",
        "../other/theirs.csv",
        "allowed/../../other/theirs.csv",
        "{other}/theirs.csv",
        "{allowed}/link.csv",
        "{allowed}/../other/theirs.csv",
        "~/theirs.csv",
        "file://{other}/theirs.csv",
        "/vsicurl/http://127.0.0.1:9/x.csv",
        "http://127.0.0.1:9/x.csv",
        "s3://bucket/folder/",
        "/dev/stdin",
        "-",
    ],
)
@pytest.mark.parametrize("tool", NAMING)
def test_nothing_leads_out_of_the_folder(small: Served, folders, name: str, tool: str) -> None:
    allowed, _, other = folders
    named = name.format(other=other, allowed=allowed)
    asked = every_call(named, scenario=named, recipe=named, candidates=named)
    told = small.refused(tool, **asked[tool])
    assert SECRET not in told
    assert told.startswith("Error: ")
    assert "Traceback" not in told


def test_the_files_of_a_server_without_folders_are_none(served: Served, folders) -> None:
    told = served.refused("show", layer=str(folders[0] / "mine.csv"))
    assert "is in no folder that this server may read" in told
    assert "No such file 'mine.csv'" in served.refused("show", layer="mine.csv")


def test_a_page_and_a_table_are_written_and_linked(filing: Served, folders) -> None:
    _, out, _ = folders
    found = filing.call(
        "count", layers=["mine.csv"], output=["sites.html", "sites.csv"], **{"in": "boroughs"}
    )
    told = found.structured_content
    assert (out / "sites.html").read_text().startswith("<!DOCTYPE html>")
    assert {each["name"] for each in told["files"]} >= {"sites.html", "sites.csv"}
    links = [each for each in found.content if isinstance(each, types.ResourceLink)]
    assert (out / "sites.html").as_uri() in {each.uri for each in links}
    assert any(each.startswith("Wrote sites.html") for each in told["notes"])
    again = filing.call("count", layers=["mine.csv"], output=["sites.html"], **{"in": "boroughs"})
    assert not again.is_error  # its own may be written anew


def test_no_file_is_replaced_that_the_server_did_not_write(filing: Served, folders) -> None:
    _, out, _ = folders
    told = filing.refused("map", layers=["boroughs"], output=["kept.html"])
    assert (
        told
        == "Error: 'kept.html' exists already, and this server did not write it: choose another name."
    )
    assert (out / "kept.html").read_text() == "somebody's own"
    assert not filing.call("map", layers=["boroughs"], output=["fresh.html"]).is_error
    (out / "fresh.html").write_text("changed since")
    assert "exists already" in filing.refused("map", layers=["boroughs"], output=["fresh.html"])
    assert (out / "fresh.html").read_text() == "changed since"


@pytest.mark.parametrize(
    "name", ["../x.html", "/tmp/x.html", "a/b.html", ".x.html", "x\x00.html", "", "s3://a/b.html"]
)
def test_no_output_leads_out_of_the_folder(filing: Served, folders, name: str) -> None:
    before = sorted(folders[1].iterdir())
    assert "is not the bare name of a file" in filing.refused(
        "map", layers=["boroughs"], output=[name]
    )
    assert sorted(folders[1].iterdir()) == before


def test_a_link_in_the_folder_is_not_followed_when_writing(filing: Served, folders) -> None:
    _, out, other = folders
    (out / "linked.html").symlink_to(other / "made.html")
    assert "exists already" in filing.refused("map", layers=["boroughs"], output=["linked.html"])
    assert not (other / "made.html").exists()


def test_a_report_is_a_folder(filing: Served, folders) -> None:
    allowed, out, _ = folders
    recipe = (
        'title = "Docks"\n[[question]]\nask = "count"\nlayers = ["mine.csv"]\nin = "boroughs"\n'
    )
    (allowed / "recipe.toml").write_text(recipe)
    told = filing.told("report", recipe="recipe.toml", output=["docks"])
    assert told["headline"] == "The report 'Docks' has 1 section"
    assert told["credits"][0]["credit"]
    assert (out / "docks" / "index.html").is_file()
    assert [each["type"] for each in told["files"]] == ["inode/directory"]
    assert "exists already" in filing.refused("report", recipe="recipe.toml", output=["docks"])


def test_without_a_folder_nothing_can_be_written(served: Served) -> None:
    assert "No key 'output'" in served.refused("map", layers=["boroughs"], output=["x.html"])
    assert served.told("map", layers=["boroughs"])["files"] == []


def test_a_picture_comes_on_request_alone(served: Served) -> None:
    found = served.call("map", layers=["boroughs"], picture=True)
    (picture,) = [each for each in found.content if isinstance(each, types.ImageContent)]
    assert picture.mime_type == "image/png"
    plain = served.call("map", layers=["boroughs"]).content
    assert [type(each) for each in plain] == [types.TextContent]


def test_a_check_lists_what_is_wrong(filing: Served, folders) -> None:
    (folders[0] / "bad.csv").write_text("name,longitude,latitude\nA,-2.98,53.4\nB,west,53.4\n")
    found = filing.call("check", files=["bad.csv"])
    told = found.structured_content
    assert "1 error" in told["headline"] or "warning" in told["headline"]
    assert any("west" in each["message"] for each in told["rows"])
    headline, printed = texts(found)
    assert headline == told["headline"]
    assert len(printed.splitlines()) == told["rows_in_all"]
    assert {each["file"] for each in told["rows"]} == {"bad.csv"}
    assert str(folders[0]) not in str(told) + printed


def test_a_scenario_may_name_what_lies_beside_it(filing: Served, folders) -> None:
    allowed, _, _ = folders
    scenario = 'title = "A new mill"\n[[change]]\nto = "innovation-assets"\nadd = "{}"\nreason = "A test."\n'
    (allowed / "mill.toml").write_text(scenario.format("part.csv"))
    beside = filing.told("scenarios", scenario="mill.toml")
    assert beside["rows"][0]["names"] == "The dock; The mill"
    assert set(beside["read_files"]) == {"mill.toml", "part.csv"}
    assert {each["from"] for each in beside["columns"] if each["type"] == "string"} == {"file"}
    joined = filing.told("join", left="innovation-assets", right="boroughs", scenario="mill.toml")
    come = {each["name"]: each["from"] for each in joined["columns"]}
    assert (come["name"], come["code"]) == ("file", "pack")
    (allowed / "far.toml").write_text(scenario.format("link.csv"))
    refused = filing.refused("scenarios", scenario="far.toml")
    assert "link.csv" in refused
    assert SECRET not in refused


def test_a_place_in_a_file_is_called_as_it_was_asked_for(filing: Served, folders) -> None:
    told = filing.told("find_place", place="mine.csv")
    assert told["headline"] == "'mine.csv' means the 2 places"
    assert str(folders[0]) not in str(told)
