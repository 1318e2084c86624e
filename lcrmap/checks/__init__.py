"""Rules over a layer: what makes it wrong or doubtful, where, and how to mend it."""

from lcrmap.checks import positions as _positions
from lcrmap.checks import validity as _validity
from lcrmap.checks.registry import (
    RULES,
    Claim,
    Distance,
    Fault,
    Finding,
    RowNumbers,
    Rule,
    Subject,
    check,
    counted_rows,
    raise_faults,
)
from lcrmap.checks.requirements import require_kind

# Imported for the rules that they register, in this order.
_ = (_positions, _validity)

__all__ = [
    "RULES",
    "Claim",
    "Distance",
    "Fault",
    "Finding",
    "RowNumbers",
    "Rule",
    "Subject",
    "check",
    "counted_rows",
    "raise_faults",
    "require_kind",
]
