"""What questions need, loaded once for all calls: the process that answers a call is forked from one that has it."""

from importlib import import_module

from lcrmap.reports.answered import versions_here
from lcrmap.verbs.asks import ASKS, work_class

for ask in ASKS:
    work_class(ask)
for name in (
    "lcrmap.mcp.calls",
    "lcrmap.cli.terminal",
    "lcrmap.io.readers.geojson",
    "rich.table",
    "rich.console",
):
    import_module(name)
versions_here()
