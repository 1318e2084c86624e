"""What the README and the documentation quote of the benchmarks stands in ``results.md``, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.report import BEGIN, END

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results.md"


def quoted_rows(text: str) -> list[str]:
    """Return the rows of tables between the marks of the overview."""
    rows = []
    for part in text.split(BEGIN)[1:]:
        rows += [line for line in part.split(END)[0].splitlines() if line.startswith("|")]
    return rows


@pytest.mark.parametrize("name", ["README.md", "docs/performance.md"])
def test_every_row_that_is_quoted_stands_in_the_results(name: str) -> None:
    page = ROOT / name
    rows = quoted_rows(page.read_text(encoding="utf-8")) if page.exists() else []
    results = RESULTS.read_text(encoding="utf-8").splitlines() if rows else []
    assert [row for row in rows if row not in results] == []


def test_the_results_name_no_machine_and_no_path() -> None:
    import platform

    text = RESULTS.read_text(encoding="utf-8")
    assert platform.node() not in text
    assert str(ROOT) not in text
    assert "quick run" not in text
