"""The typed model of the data pack: what it reads, what it refuses, and that writing it down loses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lcrmap.errors import DataError, FileError, UnknownNameError, UsageError
from lcrmap.layers import Metadata, Pack, open_pack


def package(folder: Path, **changes: object) -> Path:
    raw = {"name": "tiny", "resources": [{"name": "spots", "path": "spots.csv"}], **changes}
    (folder / "datapackage.json").write_text(json.dumps(raw), encoding="utf-8")
    return folder


def test_the_bundled_pack_opens_and_names_its_layers(pack: Pack) -> None:
    assert pack.region == "Liverpool City Region"
    assert {"boroughs", "freeport-sites", "innovation-assets", "residents"} <= set(pack.names)


def test_every_layer_has_its_file_inside_the_folder(pack: Pack) -> None:
    for name in pack.names:
        assert pack.path(name).is_file()


def test_every_role_names_a_layer_that_exists(pack: Pack) -> None:
    for role in pack.settings["roles"]:
        layer = pack.role(role).layer
        assert not layer or layer in pack.names, role


def test_an_unknown_layer_gets_a_suggestion(pack: Pack) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'boroughs'"):
        pack.metadata("borough")


def test_a_role_that_a_pack_lacks_is_named(skerries: Pack) -> None:
    assert not skerries.has_role("backdrop")
    with pytest.raises(UsageError, match="no layer in the role 'backdrop'"):
        skerries.role("backdrop")


def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    folder = package(tmp_path, resources=[{"name": "spots", "path": "../../etc/passwd"}])
    with pytest.raises(DataError, match="leaves the folder"):
        open_pack(folder).path("spots")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "No data pack in"),
        ("{", "not valid JSON"),
        ("[]", "no list of resources"),
        ('{"resources": [{"title": "no name"}]}', "cannot be read"),
        ('{"resources": [{"name": "x", "schema": {"fields": [{}]}}]}', "cannot be read"),
    ],
    ids=["missing", "broken", "list", "nameless", "nameless-field"],
)
def test_a_broken_package_is_one_sentence(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises((FileError, DataError), match=message):
        open_pack(tmp_path)


def test_metadata_written_and_read_again_is_the_same(pack: Pack) -> None:
    for metadata in pack:
        written = json.loads(json.dumps(metadata.to_resource()))
        assert Metadata.from_resource(written) == metadata


def test_a_pack_with_little_in_it_still_opens(tmp_path: Path) -> None:
    opened = open_pack(package(tmp_path))
    assert (opened.title, opened.region, opened.names) == ("tiny", "tiny", ("spots",))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"lcrmap": {"short_name": "../../victim/x"}}, "lcrmap.short_name"),
        ({"lcrmap": {"short_name": ".hidden"}}, "lcrmap.short_name"),
        ({"lcrmap": {"short_name": "a" * 101}}, "lcrmap.short_name"),
        ({"lcrmap": {"short_name": 5}}, "lcrmap.short_name"),
        ({"name": "/tmp/x"}, "name"),
        ({"resources": [{"name": "../spots", "path": "spots.csv"}]}, "resources[0].name"),
        ({"resources": [{"name": "a\nb", "path": "spots.csv"}]}, "resources[0].name"),
        ({"resources": [{"name": "", "path": "spots.csv"}]}, "resources[0].name"),
        ({"resources": [{"name": "a\\b", "path": "spots.csv"}]}, "resources[0].name"),
        ({"resources": ["spots.csv"]}, "resources[0] must be an object"),
        ({"resources": [{"name": "spots", "path": 1.5}]}, "resources[0].path"),
        ({"lcrmap": []}, "lcrmap must be"),
        ({"lcrmap": {"roles": []}}, "lcrmap.roles must be"),
        ({"lcrmap": {"roles": {"areas": 5}}}, "role number 1"),
        ({"lcrmap": {"roles": {"areas": {"layer": 5}}}}, "role number 1"),
        ({"lcrmap": {"roles": {"areas": {"layer": "spots", "field": 5}}}}, "its field"),
        ({"lcrmap": {"roles": {"atlas": {"layers": 5}}}}, "'layers'"),
        ({"lcrmap": {"roles": {"atlas": {"off": [["spots"]]}}}}, "'off'"),
        ({"lcrmap": {"roles": {"water_labels": {"labels": [{"name": "Sea"}]}}}}, "'labels'"),
        ({"lcrmap": {"roles": {"deprivation": {"most_deprived_tenth": "x"}}}}, "a number"),
        ({"lcrmap": {"short_name": "\U0001d4b3" * 100}}, "lcrmap.short_name"),
        ({"resources": [{"name": "spots", "path": "a\0b"}]}, "resources[0].path"),
        ({"resources": [{"name": "spots", "path": "a" * 300}]}, "resources[0].path"),
        ({"resources": [{"name": "spots", "path": "/etc/passwd"}]}, "resources[0].path"),
        ({"resources": [{"name": "spots", "path": "\ud800"}]}, "resources[0].path"),
    ],
)
def test_a_descriptor_names_no_file_elsewhere_and_holds_the_right_kinds(
    tmp_path: Path, changes: dict[str, object], key: str
) -> None:
    with pytest.raises(FileError) as caught:
        open_pack(package(tmp_path, **changes))
    assert key in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "own",
    [
        {"title": 5},
        {"title": ["a"]},
        {"schema": []},
        {"schema": {"primaryKey": [5]}},
        {"schema": {"fields": [{"name": 5}]}},
        {"schema": {"fields": [{"name": "a", "title": {}}]}},
        {"licenses": [{"name": "x", "path": 5}]},
        {"sources": ["x"]},
        {"lcrmap": []},
        {"lcrmap": {"noun": "places"}},
        {"lcrmap": {"geometry": "pointy"}},
        {"lcrmap": {"credit": 5}},
        {"lcrmap": {"selected_from": "many"}},
    ],
    ids=str,
)
def test_a_resource_of_the_wrong_kind_is_one_sentence(
    tmp_path: Path, own: dict[str, object]
) -> None:
    with pytest.raises(DataError, match=r"^The resource spots cannot be read \(.*\): compare it"):
        open_pack(package(tmp_path, resources=[{"name": "spots", "path": "spots.csv", **own}]))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"resources": [], "x": ' + "1" * 5000 + "}"])
def test_a_descriptor_too_deep_or_with_too_many_digits_is_refused(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=r"datapackage\.json"):
        open_pack(tmp_path)


def test_dots_and_dashes_within_a_name_are_fine(tmp_path: Path) -> None:
    folder = package(tmp_path, lcrmap={"short_name": "lcr-2.1_b"})
    assert open_pack(folder).short_name == "lcr-2.1_b"
