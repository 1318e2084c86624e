"""The five nearest on the ground, with ranges and ranks, by lcrmap: FROM TO OUT."""

import pandas as pd
from near_answer import frames, report

from lcrmap.analysis.proximity import near

left, right = frames()


def find() -> pd.DataFrame:
    """Return the ranked pairs."""
    rows = near(left, right, k=5)
    return rows.rename(columns={"left": "id", "right": "target"})


report(find)
