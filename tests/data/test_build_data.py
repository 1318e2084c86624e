"""The build gives the shipped files again, to the byte."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import shapely


def test_reference_figures_give_the_shipped_files_to_the_byte(root, reference, tmp_path):
    if not hasattr(shapely, "coverage_clean"):
        pytest.skip("building the pack needs shapely 2.2 or later")
    command = [sys.executable, str(root / "scripts" / "build_data.py"), "--check"]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
    run = subprocess.run(
        [*command, "--reference", str(reference)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_figures_and_boundaries_of_different_areas_are_refused(reference, tmp_path):
    from data_boundaries import read_small_areas

    if not hasattr(shapely, "coverage_clean"):
        pytest.skip("building the pack needs shapely 2.2 or later")
    folder = tmp_path / "context"
    folder.mkdir()
    table = (reference / "context" / "lsoa_population.csv").read_text(encoding="utf-8")
    (folder / "lsoa_population.csv").write_text(table.replace("E01012367", "E01099999"))
    boundaries = (reference / "context" / "lsoa21_boundaries.geojson").read_bytes()
    (folder / "lsoa21_boundaries.geojson").write_bytes(boundaries)
    with pytest.raises(SystemExit, match="do not hold the same areas"):
        read_small_areas(tmp_path)
