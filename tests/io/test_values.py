"""What is told of a column by the types of its values is what looking at each of them tells."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lcrmap.io.unheld import infinite_numbers
from lcrmap.io.values import holds_numbers, plain_kinds, plain_value

VALUES: list[Any] = [
    *(None, math.nan, pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("NaN")),
    *("a", "", np.str_("b"), b"x", pd.Timestamp("2020-01-01"), dt.date(2020, 1, 1), dt.time(1)),
    *(True, np.True_, 1, np.int8(3), 2**70, 1.5, np.float16(1), math.inf, np.float32("-inf")),
    *(Decimal("1.5"), Decimal("1e99"), complex(1, 1), complex(math.nan, 0)),
    *([], {}, [1, math.inf], (-math.inf, [math.inf, {"a": math.inf}]), {"a": [1], "b": math.nan}),
    *(np.array([1.0, np.inf]), np.array([[1, 2], [3, 4]]), [None, "x", True]),
]


def column(values: tuple[Any, ...]) -> pd.Series[Any]:
    return pd.Series(np.fromiter(values, dtype=object, count=len(values)))


def infinite(value: Any) -> int:
    """Count by looking at each value, and at each that it holds."""
    if isinstance(value, float | np.floating):
        return int(math.isinf(value))
    if isinstance(value, dict):
        return sum(map(infinite, value.values()))
    return sum(map(infinite, value)) if isinstance(value, list | tuple | np.ndarray) else 0


@pytest.mark.parametrize("size", [1, 2])
def test_kinds_numbers_and_infinite_ones_are_those_of_the_values(size: int) -> None:
    kinds = (int, float, np.number, Decimal)
    for values in itertools.combinations(VALUES, size):
        plain = [plain_value(each) for each in values]
        assert plain_kinds(values) == {type(each) for each in plain if each is not None}, values
        numbers = [isinstance(v, kinds) and not isinstance(v, bool) and v == v for v in values]
        assert holds_numbers(column(values)) == any(numbers), values
        count = sum(map(infinite, values))
        assert infinite_numbers(pd.DataFrame({"v": column(values)})).total() == count, values
