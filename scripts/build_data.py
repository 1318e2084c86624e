"""Derive the data pack's boundaries and context from a folder of reference figures.

    python scripts/build_data.py --reference DIR [--check]

writes ``data/boundaries/``, ``data/context/``, ``data/services/`` and ``data/indicators/`` and sets the
size and hash of every file, and what each layer counts, in ``data/datapackage.json``; the same figures
give the same bytes. With ``--check`` it writes nothing and says which files would change. Either way it
then checks the whole pack, the sites included.

The files in ``data/sites/`` are masters: they were compiled once and are edited by hand, one feature a
line. This script never writes them; after an edit it renews their hashes (then ``--reference`` may be
left out) and says what is wrong with them.

It needs shapely 2.2 with GEOS 3.14 (``coverage_clean``) and convertbng (OSTN15).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from data_backdrop import backdrop_file
from data_boundaries import boroughs, boundary_files, read_small_areas
from data_checks import counts_of, described_files, layer_of
from data_checks_scenarios import check_scenarios
from data_checks_sites import check_region
from data_context import context_files
from data_files import package_text, sha256
from data_indicators import indicator_files
from data_points import point_files

DATA = Path(__file__).resolve().parents[1] / "data"


def derived_files(reference: Path, package: dict[str, Any]) -> dict[str, str]:
    """Return the text of every derived file by its path in the pack."""
    areas = read_small_areas(reference)
    _, borough_shapes = boroughs(areas)
    return {
        **boundary_files(reference, areas),
        **backdrop_file(reference, borough_shapes),
        **context_files(reference, areas),
        **point_files(reference),
        **indicator_files(reference, areas, package["lcrmap"]["indicators"]),
    }


def described(package: dict[str, Any], contents: dict[str, bytes]) -> str:
    """Return the text of ``datapackage.json`` with the size and hash of each file, and what each layer counts."""
    for resource in described_files(package):
        content = contents[resource["path"]]
        resource["hash"] = sha256(content)
        resource["bytes"] = len(content)
    package["lcrmap"]["counts"] = {
        each["name"]: counts_of(layer_of(each, contents[each["path"]]))
        for each in package["resources"]
    }
    return package_text(package)


def build(data: Path, reference: Path | None) -> dict[str, bytes]:
    """Return the bytes of every file that a build writes, by its path in the pack.

    Parameters
    ----------
    data
        The pack's folder.
    reference
        The folder of reference figures; None to take the derived files as they are.
    """
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    texts = derived_files(reference, package) if reference else {}
    written = {path: text.encode() for path, text in texts.items()}
    paths = [each["path"] for each in described_files(package)]
    contents = {path: written.get(path) or (data / path).read_bytes() for path in paths}
    written["datapackage.json"] = described(package, contents).encode()
    return written


def main(arguments: list[str] | None = None) -> int:
    """Build or check; return 0 if all is well, 1 if not."""
    parser = argparse.ArgumentParser(description="Derive the data pack from reference figures.")
    parser.add_argument("--reference", type=Path, help="the folder of reference figures")
    parser.add_argument("--check", action="store_true", help="write nothing, say what would change")
    options = parser.parse_args(arguments)
    written = build(DATA, options.reference)
    changed = [
        path
        for path, content in sorted(written.items())
        if not (DATA / path).is_file() or (DATA / path).read_bytes() != content
    ]
    for path in changed:
        print(f"{'would change' if options.check else 'written'}: data/{path}", file=sys.stderr)
        if not options.check:
            (DATA / path).parent.mkdir(parents=True, exist_ok=True)
            (DATA / path).write_bytes(written[path])
    faults = [*check_region(DATA), *check_scenarios(DATA)]
    for fault in faults:
        print(f"fault: {fault}", file=sys.stderr)
    return 1 if faults or (options.check and changed) else 0


if __name__ == "__main__":
    raise SystemExit(main())
