"""GeoJSON into a frame by geopandas and pyogrio: POINTS OUT."""

import sys

import pyogrio
from frame_answer import of_frame, report

points, out = sys.argv[1:]
report(lambda: pyogrio.read_dataframe(points), of_frame, out)
