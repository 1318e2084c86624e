"""The folder of a report is whole or absent: it changes places with the old one, and loses nobody's files."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lcrmap.errors import OutputError, UsageError
from lcrmap.io import folders
from lcrmap.io.atomic import writing_together
from lcrmap.io.folders import PlacedFolder
from lcrmap.layers import Pack
from lcrmap.reports.contents import Report
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.reports.writing import write_report, write_reports
from lcrmap.verbs.sources import Sources

RECIPE = '[[question]]\nask = "text"\ntext = "x"\n'


@pytest.fixture(scope="module")
def report(skerries: Pack) -> Report:
    return make_report(parse_recipe(RECIPE, "r"), sources=Sources(skerries))


@pytest.fixture(scope="module")
def other(skerries: Pack) -> Report:
    return make_report(parse_recipe(RECIPE.replace('"x"', '"y"'), "r"), sources=Sources(skerries))


def content(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, by its path."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_of_others_are_kept_and_the_run_is_refused(
    tmp_path: Path, report: Report, other: Report
) -> None:
    folder = tmp_path / "rep"
    write_report(report, folder)
    (folder / "mine.txt").write_text("mine")
    before = content(tmp_path)
    with pytest.raises(OutputError) as caught:
        write_report(other, folder, overwrite=True)
    assert str(caught.value) == (
        f"'{folder}' holds 'mine.txt', not written by lcrmap, and would lose it: "
        f"move it away, or name another folder."
    )
    (folder / "maps").mkdir()
    for number in range(4000):
        (folder / "maps" / f"{number}.txt").touch()
    with pytest.raises(
        OutputError, match=r"holds 'maps/0\.txt' and 4,000 others, not written by lcrmap"
    ):
        write_report(other, folder, overwrite=True)
    shutil.rmtree(folder / "maps")
    assert content(tmp_path) == before


@pytest.mark.parametrize("kind", ["folder", "link", "link to a folder"])
def test_an_empty_folder_and_a_link_are_somebodys_too(
    tmp_path: Path, report: Report, kind: str
) -> None:
    folder = tmp_path / "rep"
    write_report(report, folder)
    if kind == "folder":
        (folder / "mine").mkdir()
    else:
        (folder / "mine").symlink_to("index.html" if kind == "link" else tmp_path)
    with pytest.raises(OutputError, match="holds 'mine', not written by lcrmap"):
        write_report(report, folder, overwrite=True)


def test_what_a_file_manager_left_is_no_obstacle(tmp_path: Path, report: Report) -> None:
    write_report(report, tmp_path / "rep")
    (tmp_path / "rep" / ".DS_Store").touch()
    write_report(report, tmp_path / "rep", overwrite=True)
    assert ".DS_Store" not in names(tmp_path / "rep")


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "nothing", '{"kind": "lcrmap page", "files": {}}', "[" * 100_000, '"\\u00'],
    ids=lambda text: text[:12],
)
def test_a_folder_with_another_record_is_not_a_reports(
    tmp_path: Path, report: Report, text: str
) -> None:
    (tmp_path / "rep").mkdir()
    (tmp_path / "rep" / "provenance.json").write_text(text)
    with pytest.raises(OutputError, match="is not the folder of a report: name another folder"):
        write_report(report, tmp_path / "rep", overwrite=True)


def test_a_record_that_claims_files_elsewhere_makes_them_nobodys(
    tmp_path: Path, report: Report
) -> None:
    folder = tmp_path / "rep"
    folder.mkdir()
    (tmp_path / "mine.txt").write_text("mine")
    record = {"kind": "lcrmap report", "files": {"../mine.txt": "", "/etc/passwd": ""}}
    (folder / "provenance.json").write_text(json.dumps(record))
    write_report(report, folder, overwrite=True)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (folder / "index.html").is_file()


def test_a_link_stays_and_the_folder_behind_it_is_replaced(
    tmp_path: Path, report: Report, other: Report
) -> None:
    write_report(report, tmp_path / "far" / "real")
    (tmp_path / "link").symlink_to("far/real")
    with pytest.raises(OutputError, match="already holds a report: add --overwrite"):
        write_report(other, tmp_path / "link")
    write_report(other, tmp_path / "link", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path) == ["far", "link"]
    assert names(tmp_path / "far") == ["real"]
    assert "y" in (tmp_path / "far" / "real" / "summary.md").read_text()


def test_an_empty_folder_is_taken_with_its_mode(tmp_path: Path, report: Report) -> None:
    (tmp_path / "rep").mkdir(mode=0o700)
    write_report(report, tmp_path / "rep")
    assert mode_of(tmp_path / "rep") == 0o700
    assert (tmp_path / "rep" / "index.html").is_file()


@pytest.mark.parametrize("path", [".", "", "..", "../here", "/"])
def test_the_working_folder_is_not_swapped(
    tmp_path: Path, report: Report, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(
        OutputError,
        match="is the folder in which you are, or holds it: name a folder in it, such as 'report'",
    ):
        write_report(report, path, overwrite=True)
    assert names(tmp_path) == ["here"]


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o700), (0o022, 0o755), (0o002, 0o775)])
def test_a_new_folder_is_as_the_umask_says(
    tmp_path: Path, report: Report, mask: int, mode: int
) -> None:
    before = os.umask(mask)
    try:
        write_report(report, tmp_path / "rep")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "rep") == mode
    assert mode_of(tmp_path / "rep" / "index.html") == mode & 0o666


def test_a_folder_and_its_files_keep_their_modes(tmp_path: Path, report: Report) -> None:
    folder = tmp_path / "rep"
    write_report(report, folder)
    folder.chmod(0o700)
    (folder / "index.html").chmod(0o640)
    write_report(report, folder, overwrite=True)
    assert mode_of(folder) == 0o700
    assert mode_of(folder / "index.html") == 0o640


def test_a_folder_that_is_being_written_can_be_entered_by_nobody_else(tmp_path: Path) -> None:
    with writing_together() as together:
        made = together.take(lambda: PlacedFolder(tmp_path / "rep", may_replace=lambda: None))
        made.fill({"maps/a.html": b"a"})
        (hidden,) = tmp_path.iterdir()
        assert mode_of(hidden) == 0o700
    assert content(tmp_path) == {"rep/maps/a.html": b"a"}


@pytest.mark.parametrize("name", ["../a.html", "/tmp/a.html", "maps/../../a.html"])
def test_no_file_of_a_folder_lies_outside_it(tmp_path: Path, name: str) -> None:
    with (
        pytest.raises(OutputError, match="would lie outside it"),
        writing_together() as together,
    ):
        folder = tmp_path / "deep" / "rep"
        together.take(lambda: PlacedFolder(folder, may_replace=lambda: None)).fill({name: b""})
    assert names(tmp_path) == []


def test_several_folders_are_written_together(
    tmp_path: Path, report: Report, other: Report
) -> None:
    write_report(report, tmp_path / "a")
    before = content(tmp_path)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError):
        write_reports(
            other, [tmp_path / "a", tmp_path / "b", tmp_path / "file" / "c"], overwrite=True
        )
    (tmp_path / "file").unlink()
    assert content(tmp_path) == before
    with pytest.raises(UsageError, match="would be written twice"):
        write_reports(other, [tmp_path / "b", tmp_path / "b"])
    with pytest.raises(UsageError, match="would lie in another output"):
        write_reports(other, [tmp_path / "b", tmp_path / "b" / "c"])
    write_reports(other, [tmp_path / "a", tmp_path / "b"], overwrite=True)
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert names(tmp_path) == ["a", "b"]


def placed(folder: Path, files: dict[str, bytes]) -> PlacedFolder:
    made = PlacedFolder(folder, may_replace=lambda: None)
    made.fill(files)
    return made


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("before", [None, {}, {"a.txt": b"old"}])
def test_what_is_placed_can_be_undone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_once: bool,
    before: dict[str, bytes] | None,
) -> None:
    """Also where the system cannot let two names change places at once, as this one can."""
    if not at_once:
        monkeypatch.setattr(folders, "exchanged", lambda one, other: False)
    folder = tmp_path / "rep"
    if before is not None:
        folder.mkdir(mode=0o700)
        for name, data in before.items():
            (folder / name).write_bytes(data)
    made = placed(folder, {"b.txt": b"new"})
    made.prepare(keep=True)
    made.place()
    assert content(folder) == {"b.txt": b"new"}
    made.undo()
    made.discard()
    assert content(tmp_path) == ({"rep/a.txt": b"old"} if before else {})
    assert names(tmp_path) == ([] if before is None else ["rep"])
    assert before is None or mode_of(folder) == 0o700
    again = placed(folder, {"b.txt": b"new"})
    again.prepare(keep=False)
    again.place()
    again.discard()
    assert content(tmp_path) == {"rep/b.txt": b"new"}


def test_of_two_that_write_the_same_new_folder_one_does(
    tmp_path: Path, report: Report, other: Report
) -> None:
    from lcrmap.reports.writing import _refuse  # the rule, without the look before the work

    folder = tmp_path / "rep"
    with (
        pytest.raises(OutputError, match="already holds a report: add --overwrite"),
        writing_together() as together,
    ):
        made = together.take(
            lambda: PlacedFolder(
                folder, may_replace=lambda: _refuse(folder, overwrite=False, inputs=frozenset())
            )
        )
        made.fill({"index.html": b"second"})
        write_report(report, folder)
    assert b"second" not in content(folder).values()
    assert names(tmp_path) == ["rep"]


AS_NOBODY = """
import os, sys
from pathlib import Path
from lcrmap.errors import OutputError
from lcrmap.layers import open_pack
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.reports.writing import write_report
from lcrmap.verbs.sources import Sources
recipe = parse_recipe('[[question]]\\nask = "text"\\ntext = "y"\\n', "r")
report = make_report(recipe, sources=Sources(open_pack(sys.argv[1])))
os.setegid(65534)
os.seteuid(65534)
try:
    write_report(report, sys.argv[2], overwrite=True)
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can be two users")
@pytest.mark.parametrize("closed", ["a part", "the parent"])
def test_what_is_another_users_is_said_and_stays(
    open_folder: Path, report: Report, skerries: Pack, closed: str
) -> None:
    folder = open_folder / "shared" / "rep"
    write_report(report, folder)
    (folder / "maps").mkdir(exist_ok=True)
    if closed == "a part":
        for each in (folder.parent, folder):
            os.chown(each, 65534, 65534)
    before = content(open_folder)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(skerries.folder), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    inner = "its folder 'maps'" if closed == "a part" else "it"
    assert done.stdout == (
        f"'{folder}' cannot be replaced, because you may not remove what is in {inner}: "
        f"ask its owner, or name another folder.\n"
    ), done.stderr
    assert content(open_folder) == before


def test_the_command_refuses_before_it_works(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "dear.txt").touch()
    (tmp_path / "r.toml").write_text('[[question]]\nask = "show"\nlayer = "none.csv"\n')
    done = lcrmap("report", "r.toml", "-o", "mine", "--overwrite")
    assert done.err == ("Error: 'mine' is not the folder of a report: name another folder.\n")
    done = lcrmap("report", "r.toml", "-o", "a", "-o", "./a")
    assert done.code == 2


def test_a_report_does_not_replace_the_folder_that_it_reads(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "r.toml").write_text('[[question]]\nask = "show"\nlayer = "freeport-sites"\n')
    assert lcrmap("report", "r.toml", "-o", "output/rep").code == 0
    (table,) = (tmp_path / "output" / "rep" / "tables").iterdir()
    (tmp_path / "r.toml").write_text(
        f'[[question]]\nask = "show"\nlayer = "output/rep/tables/{table.name}"\n'
    )
    done = lcrmap("report", "r.toml", "-o", "output/rep")
    assert done.code == 4
    assert done.err == (
        "Error: 'output/rep' holds what was read: "
        "choose another name, or add --overwrite to replace it.\n"
    )


def test_the_short_name_of_a_pack_does_not_lead_out_of_output(
    lcrmap: Callable, tmp_path: Path, skerries: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    import lcrmap.layers as layers

    settings = {**skerries.settings, "short_name": "../../victim/x"}
    hostile = Pack(
        **{
            **{name: getattr(skerries, name) for name in Pack.__dataclass_fields__},
            "settings": settings,
        }
    )
    monkeypatch.setattr(layers, "open_pack", lambda folder=None: hostile)
    done = lcrmap("report")
    assert done.code == 4
    assert done.err == (
        "Error: '../../victim/x-report' cannot be the name of a file in output/: "
        "name what to write with -o.\n"
    )
    assert names(tmp_path) == []


def test_a_file_is_no_folder_of_a_report(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "places").write_text("mine")
    outcome = lcrmap("report", "-o", "places")
    assert outcome.code == 2
    assert outcome.err == "Error: A report is a folder, and 'places' is a file: name a folder.\n"
    assert "'new.csv' looks like a file" in lcrmap("report", "-o", "new.csv").err
    assert (tmp_path / "places").read_text() == "mine"
