"""The workloads, in the order of the table."""

from benchmarks.contract import Workload
from benchmarks.workloads.catchments import CATCHMENTS
from benchmarks.workloads.choices import CHOICES
from benchmarks.workloads.frames import FRAMES
from benchmarks.workloads.joins import JOINS
from benchmarks.workloads.nearest import NEAREST
from benchmarks.workloads.rivers import RIVERS
from benchmarks.workloads.scenarios import SCENARIOS
from benchmarks.workloads.starting import STARTING

__all__ = ["WORKLOADS"]

WORKLOADS: dict[str, Workload] = {
    each.name: each
    for each in (*STARTING, *FRAMES, *JOINS, *NEAREST, *CATCHMENTS, *RIVERS, *SCENARIOS, *CHOICES)
}
