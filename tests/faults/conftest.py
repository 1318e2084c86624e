"""One program that has lcrmap loaded serves all tests of faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.runs import KINDS, Server, write_recipes


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("faults") / "server"
    folder.mkdir()
    write_recipes(folder.parent)
    started = Server(folder, *(lines[0] for lines in KINDS.values()))
    yield started
    started.stop()
