"""Several runs that write the same new output at once: one does, and the others are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.runs import KINDS, Server, content, hidden, write_recipes

WRITERS = 4


@pytest.mark.parametrize("kind", KINDS)
def test_one_writes_and_the_others_are_told(server: Server, tmp_path: Path, kind: str) -> None:
    write_recipes(tmp_path)
    expected = []
    for number, line in enumerate(KINDS[kind]):
        assert server.run(tmp_path / str(number), line) == 0
        expected.append(content(tmp_path / str(number)))
    for again in range(3):
        target = tmp_path / f"target {again}"
        target.mkdir()
        numbers = [server.start(target, KINDS[kind][each % 2]) for each in range(WRITERS)]
        assert sorted(map(server.wait, numbers)) == [0, 4, 4, 4]
        assert content(target) in expected
        assert hidden(target) == set()


@pytest.mark.parametrize("kind", ["tables", "report"])
def test_of_several_that_may_replace_each_leaves_a_whole_one(
    server: Server, tmp_path: Path, kind: str
) -> None:
    """The last may be any of them; files that belong together are not parted by another run of the same command."""
    write_recipes(tmp_path)
    line = [*KINDS[kind][0], "--overwrite"]
    assert server.run(tmp_path / "target", line) == 0
    before = content(tmp_path / "target")
    numbers = [server.start(tmp_path / "target", line) for _ in range(WRITERS)]
    assert {server.wait(each) for each in numbers} <= {0, 4}
    assert content(tmp_path / "target") == before
    assert hidden(tmp_path / "target") == set()
