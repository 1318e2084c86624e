"""GeoJSON into a frame by lcrmap, its checks included: POINTS OUT."""

import sys

from frame_answer import of_frame, report

from lcrmap.io.opening import open_layer
from lcrmap.layers import open_pack

points, out = sys.argv[1:]
pack = open_pack()
report(lambda: open_layer(points, pack=pack).frame, of_frame, out)
