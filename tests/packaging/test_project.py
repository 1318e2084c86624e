"""The project's own files agree with each other and say nothing that they should not."""

from __future__ import annotations

import configparser
import json
import re

import pytest
from setuptools import find_packages

from lcrmap import __version__

# Each would tie the project to one machine, or to one registry. The brackets keep these
# lines from matching themselves.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.:/\-])/(?:wor[k]|roo[t]|hom[e]|User[s])/\w",
    "a package registry": r"registry[.]npmj[s]|registry[.]yarnpk[g]|files[.]pythonhoste[d]|pypi[.]org/simpl[e]",
    "an index for pip": r"--(?:extra-)?index-ur[l]",
}


@pytest.fixture(scope="module")
def config(root) -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(root / "setup.cfg", encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def lock(root) -> dict:
    return json.loads((root / "package-lock.json").read_text(encoding="utf-8"))


def test_every_package_is_listed(root, config):
    listed = config["options"]["packages"].split()
    assert listed == sorted([*find_packages(str(root), include=["lcrmap*"]), "lcrmap.data"])


def test_changelog_is_at_this_version(root):
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    (top, *_) = re.findall(r"^## \[(.+?)\]", text, flags=re.MULTILINE)
    assert top in ("Unreleased", __version__)


def test_every_requirement_has_a_minimum(config):
    options, extras = config["options"], config["options.extras_require"]
    lists = [options["install_requires"], extras["test"], extras["dev"]]
    lines = [line for each in lists for line in each.strip().splitlines()]
    assert [line for line in lines if not re.match(r"[\w-]+(\[\w+\])?>=[\d.]+(;|$)", line)] == []


def test_lock_names_no_host(root):
    text = (root / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in text
    assert "://" not in text
    assert '"resolved"' not in text


def test_lock_has_a_hash_for_every_package(lock):
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert "node_modules/leaflet" in packages
    assert [name for name, entry in packages.items() if "sha512-" not in entry["integrity"]] == []


def test_node_packages_are_pinned_as_locked(root, lock):
    package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    pins = package["dependencies"] | package["devDependencies"]
    locked = {name: lock["packages"][f"node_modules/{name}"]["version"] for name in pins}
    assert pins == locked


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(root, repository_files, what):
    pattern = re.compile(FORBIDDEN[what].encode())
    found = [str(name) for name in repository_files if pattern.search((root / name).read_bytes())]
    assert found == []


def test_no_page_or_script_asks_for_a_source_map(root, repository_files):
    pages = [name for name in repository_files if name.suffix in (".js", ".css", ".html")]
    found = [str(name) for name in pages if b"sourceMappingURL" in (root / name).read_bytes()]
    assert found == []
