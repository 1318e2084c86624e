"""GeoJSON parsed by json.loads and no more: dictionaries, no frame: POINTS OUT."""

import json
import sys
from pathlib import Path
from typing import Any

from frame_answer import report, summed


def of_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the features."""
    rows = [each["properties"] for each in document["features"]]
    columns = [[row[name] for row in rows] for name in ("id", "name", "kind", "value")]
    x, y = zip(*(each["geometry"]["coordinates"] for each in document["features"]), strict=True)
    return summed(*columns, x, y)


points, out = sys.argv[1:]
report(lambda: json.loads(Path(points).read_bytes()), of_document, out)
