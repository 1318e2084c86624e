"""Where lcrmap may write: one folder is its own, what was read is nobody's, and no name leads out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.targets import (
    identities,
    in_own_folder,
    is_own,
    refuse_repeated,
    refuse_target,
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a folder ``output``, below another folder of this name."""
    folder = tmp_path / "output" / "2024" / "deep"
    (folder / "output" / "sub").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "path", ["output/a.csv", "output/sub/a.csv", "output/sub/../a.csv", "./output/a.csv"]
)
def test_what_lies_in_output_is_ones_own(here: Path, path: str) -> None:
    assert is_own(path)
    assert is_own(here / path)


@pytest.mark.parametrize(
    "path",
    [
        "a.csv",
        "output",
        "output/../a.csv",
        "output/../../x/a.csv",
        "sub/output/a.csv",
        "../output/a.csv",
        "output/away/a.csv",
        "output/link.csv",
    ],
)
def test_nothing_else_is(here: Path, path: str) -> None:
    (here / "away").mkdir()
    (here / "output" / "away").symlink_to(here / "away")
    (here / "output" / "link.csv").symlink_to("../a.csv")
    assert not is_own(path)


def test_output_that_is_a_link_is_not_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "output").symlink_to(tmp_path / "home")
    monkeypatch.chdir(tmp_path / "work")
    assert not is_own("output/a.csv")


def test_a_working_folder_that_is_reached_by_a_link_has_its_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path / "link")
    assert is_own("output/a.csv")
    assert is_own(tmp_path / "link" / "output" / "a.csv")


@pytest.mark.parametrize("name", ["", "..", ".", "../victim/x-report", "/etc/x", "a/b", "a\\b"])
def test_no_name_leads_out_of_output(name: str) -> None:
    with pytest.raises(OutputError, match="cannot be the name of a file in output/"):
        in_own_folder(name)


@pytest.mark.parametrize("make", ["link", "symlink"])
def test_what_was_read_is_not_replaced_under_any_name(here: Path, make: str) -> None:
    target = Path("output/q.csv")
    target.write_text("id\n")
    getattr(os, make)(target.absolute(), "output/l.csv")
    inputs = identities([Path("output/l.csv")])
    with pytest.raises(OutputError) as caught:
        refuse_target(target, overwrite=False, inputs=inputs)
    assert str(caught.value) == (
        "'output/q.csv' is what was read: choose another name, or add --overwrite to replace it."
    )
    refuse_target(target, overwrite=True, inputs=inputs)
    refuse_target("output/other.csv", overwrite=False, inputs=inputs)


def test_a_copy_of_what_was_read_is_not_what_was_read(here: Path) -> None:
    for name in ("a", "b"):
        Path(f"output/{name}.csv").write_text("id\n")
    refuse_target("output/b.csv", overwrite=False, inputs=identities([Path("output/a.csv")]))


@pytest.mark.parametrize("overwrite", [False, True])
def test_nothing_is_written_into_a_folder_that_was_read(here: Path, overwrite: bool) -> None:
    inputs = identities([Path("output/sub")])
    Path("output/sub/deeper").mkdir()
    for name in ("output/sub/a.csv", "output/sub/deeper/a.parquet"):
        with pytest.raises(OutputError) as caught:
            refuse_target(name, overwrite=overwrite, inputs=inputs)
        assert str(caught.value) == (
            f"'{name}' lies in a folder that is read: name a place outside it."
        )
    refuse_target("output/a.csv", overwrite=overwrite, inputs=inputs)


def test_identities_leave_out_what_is_no_file() -> None:
    assert identities([Path("none"), Path("a\0b"), 999]) == frozenset()


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (["a.csv", "a.csv"], "'a.csv' would be written twice: name each output once."),
        (["a.csv", "output/../a.csv"], "would be written twice"),
        (["a.csv", "link.csv"], "'link.csv' would be written twice"),
        (["a", "a/b"], "'a/b' would lie in another output, or hold it"),
        (["output/sub/b", "output"], "'output' would lie in another output, or hold it"),
    ],
)
def test_one_place_is_not_written_twice(here: Path, paths: list[str], told: str) -> None:
    Path("link.csv").symlink_to("a.csv")
    with pytest.raises(UsageError) as caught:
        refuse_repeated(paths)
    assert told in str(caught.value)


def test_a_device_may_be_written_twice() -> None:
    refuse_repeated(["/dev/null", "/dev/null", "a.csv", "b.csv"])
