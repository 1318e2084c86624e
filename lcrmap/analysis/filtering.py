"""Choose rows by a CQL2 expression, such as ``sector = 'net_zero' AND residents > 500``.

The text is parsed by the `cql2` package (OGC 21-065r2) and evaluated here, column by column, with the standard's
three-valued logic: a comparison with an empty cell is neither true nor false, and such a row is not chosen. Columns of
texts that are numbers or dates as people write them are compared as such, and a note says so.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lcrmap.analysis.filter_bounds import check_depth, check_text, quoted
from lcrmap.analysis.filter_lists import among, is_plain
from lcrmap.analysis.filter_numbers import kept, with_places
from lcrmap.analysis.filter_written import WrittenTexts, is_field, is_instant, kind_of, no_date
from lcrmap.errors import ExpressionError, UnknownNameError

if TYPE_CHECKING:
    from lcrmap.layers import Layer

__all__ = ["choose", "mask"]

Operand = Any  # a column (pandas Series) or one value

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: left % right,
    "^": lambda left, right: left**right,
    "div": lambda left, right: left // right,
}


def choose(layer: Layer, expression: str, *, part: bool = False) -> Layer:
    """Return the layer with the rows for which `expression` is true, in their order.

    Parameters
    ----------
    layer
        Any layer; it is not changed.
    expression
        CQL2 text. Field names stand bare, text values in single quotes.
    part
        Whether these are only some rows of the layer, of which those before and behind are not known.

    Returns
    -------
    Layer
        The chosen rows, with the index and CRS that they had; the metadata say what was chosen from how many, and the
        notes how texts were read as numbers or dates.

    Raises
    ------
    ExpressionError
        If the text is not CQL2, or compares what cannot be compared.
    UnknownNameError
        If it names a field that the layer lacks, or a value that is not one of a field's categories.
    WholeNeededError
        If of a part only all rows tell how a text is to be read.
    """
    met, notes = _evaluated(layer, expression, part=part)
    chosen = layer.with_frame(layer.frame[met]).noting(*notes)
    known = layer.metadata
    selection = f"({known.selection}) AND ({expression})" if known.selection else expression
    whole = known.selected_from or len(layer.frame)
    return replace(chosen, metadata=known.replaced(selection=selection, selected_from=whole))


def mask(layer: Layer, expression: str) -> pd.Series[bool]:
    """Return a boolean column on the layer's index: True where `expression` is true."""
    return _evaluated(layer, expression, part=False)[0]


def _evaluated(layer: Layer, expression: str, *, part: bool) -> tuple[pd.Series[bool], list[str]]:
    """Return where an expression is true, and what is said of how texts were read."""
    evaluator = _Evaluator(layer, expression, part=part)
    result = evaluator.evaluate(_parse(expression))
    if not isinstance(result, pd.Series):
        result = pd.Series(result, index=layer.frame.index)
    if not pd.api.types.is_bool_dtype(result.dtype):
        raise ExpressionError(
            f'The filter "{quoted(expression)}" is a value, not a condition: compare it with something, '
            f"as in \"name = 'Halton'\"."
        )
    return result.astype("boolean").fillna(False).astype(bool), evaluator.written.notes


def _parse(expression: str) -> Any:
    import cql2

    check_text(expression)
    text, long_numbers = with_places(expression)
    try:
        parsed = cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        place = re.search(r"--> \d+:(\d+)", str(error))
        where = f" at character {place[1]}" if place else ""
        raise ExpressionError(
            f'The filter "{quoted(expression)}" cannot be read{where}: write it like '
            f"\"sector = 'net_zero' AND confidence <> 'reconstructed'\" "
            f"(one equals sign, <> for unequal, text in single quotes)."
        ) from error
    check_depth(parsed, expression)
    return kept(parsed, long_numbers)


class _Evaluator:
    """Walks one parsed expression over one layer."""

    def __init__(self, layer: Layer, expression: str, *, part: bool) -> None:
        self.layer = layer
        self.expression = expression
        self.written = WrittenTexts(layer, expression, part=part)

    def evaluate(self, node: Any) -> Operand:
        if not isinstance(node, dict):
            return node
        if "property" in node:
            return self.column(node["property"])
        if is_instant(node):
            return node.get("date", node.get("timestamp"))
        operator, arguments = node.get("op"), node.get("args", [])
        if operator in ("and", "or"):
            return self.junction(operator, arguments)
        if operator == "not":
            return ~self.condition(arguments[0])
        if operator == "isNull":
            return pd.Series(self.series(arguments[0]).isna(), dtype="boolean")
        if operator in COMPARISONS:
            return self.comparison(operator, arguments)
        if operator == "between":
            low = self.comparison(">=", [arguments[0], arguments[1]])
            return low & self.comparison("<=", [arguments[0], arguments[2]])
        if operator == "in":
            return self.membership(*arguments)
        if operator == "like":
            return self.likeness(*arguments)
        if operator in ("casei", "accenti"):
            return self.folded(operator, arguments[0])
        if operator in ARITHMETIC:
            return self.arithmetic(operator, arguments)
        raise ExpressionError(
            f"The filter \"{quoted(self.expression)}\" uses '{operator}', which lcrmap does not know: it knows AND, "
            f"OR, NOT, comparisons, BETWEEN, IN, LIKE, IS NULL, CASEI, ACCENTI and arithmetic. "
            f"Questions about places are asked with other verbs, such as join and near."
        )

    def column(self, name: str) -> pd.Series[Any]:
        frame = self.layer.frame
        columns = [column for column in frame.columns if column != frame.geometry.name]
        if name not in columns:
            raise UnknownNameError(
                "field",
                name,
                columns,
                where=self.layer.name,
                hint="(Text values stand in single quotes.)",
            )
        column = frame[name]
        held = pd.api.types.infer_dtype(column, skipna=True)
        if held == "boolean":
            return column.astype("boolean")
        return _whole(column) if held == "integer" and column.dtype == object else column

    def series(self, node: Any) -> pd.Series[Any]:
        value = self.evaluate(node)
        if isinstance(value, pd.Series):
            return value
        return pd.Series(value, index=self.layer.frame.index)

    def condition(self, node: Any) -> pd.Series[Any]:
        result = self.series(node)
        if not pd.api.types.is_bool_dtype(result.dtype):
            raise ExpressionError(
                f'A part of the filter "{quoted(self.expression)}" is a value where a condition is needed: '
                f"compare it with something."
            )
        return result.astype("boolean")

    def junction(self, operator: str, arguments: list[Any]) -> pd.Series[Any]:
        result = self.condition(arguments[0])
        for each in arguments[1:]:
            other = self.condition(each)
            result = result & other if operator == "and" else result | other
        return result

    def comparison(self, operator: str, arguments: list[Any]) -> pd.Series[Any]:
        return self.compared(operator, arguments, self.series(arguments[0]))

    def compared(self, operator: str, arguments: list[Any], left: pd.Series[Any]) -> pd.Series[Any]:
        """Compare two sides of which the left one is known already."""
        self.check_category(arguments[0], arguments[1])
        self.check_category(arguments[1], arguments[0])
        left, right = self.comparable(arguments, left, self.series(arguments[1]))
        known = left.notna() & right.notna()
        result = pd.Series(pd.NA, index=left.index, dtype="boolean")
        try:
            result[known] = COMPARISONS[operator](left[known], right[known]).astype("boolean")
        except TypeError as error:
            raise ExpressionError(
                f'The filter "{quoted(self.expression)}" compares values that have no order, or numbers with text.'
            ) from error
        return result

    def comparable(
        self, nodes: list[Any], left: pd.Series[Any], right: pd.Series[Any]
    ) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """Bring both sides to one type, or say that they have none in common."""
        kinds = {kind_of(left), kind_of(right)} - {"empty"}
        if kinds == {"date", "text"} or (kinds == {"text"} and any(map(is_instant, nodes))):
            return self.written.dates(nodes[0], left), self.written.dates(nodes[1], right)
        if kinds == {"numbers", "text"}:
            left = self.written.numbers(nodes[0], left)
            right = self.written.numbers(nodes[1], right)
            kinds = {kind_of(left), kind_of(right)}
        if len(kinds) > 1:
            name = next((each["property"] for each in nodes if is_field(each)), "One side")
            raise ExpressionError(
                f"The filter \"{quoted(self.expression)}\" compares {' with '.join(sorted(kinds))}: '{name}' holds "
                f"{kind_of(left if is_field(nodes[0]) else right)}; text values stand in "
                f"single quotes, numbers do not."
            )
        return left, right

    def check_category(self, field: Any, value: Any) -> None:
        """Suggest a category when a value is compared with a field of fixed values that lacks it."""
        if not is_field(field) or not isinstance(value, str):
            return
        known = [each.value for each in self.layer.field(field["property"]).categories]
        if known and value not in known:
            raise UnknownNameError("value", value, known, where=f"the field {field['property']}")

    def membership(self, node: Any, values: list[Any]) -> pd.Series[Any]:
        """Look for each value once, and for all plain ones of the column's kind together."""
        left, plain = self.series(node), []
        if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values):
            left = self.written.numbers(node, left)
        texts = kind_of(left) == "text"
        result = pd.Series(False, index=left.index, dtype="boolean")
        for value in {json.dumps(each): each for each in values}.values():
            literal = self.evaluate(value) if is_instant(value) else value
            if is_plain(literal, left) and not (texts and is_instant(value)):
                self.check_category(node, value)
                plain.append(literal)
            else:
                result = result | self.compared("=", [node, value], left)
        try:
            return result | among(left, plain) if plain else result
        except ValueError as error:
            raise no_date(self.expression) from error

    def likeness(self, node: Any, pattern: Any) -> pd.Series[Any]:
        values = self.series(node)
        wanted = self.evaluate(pattern)
        if kind_of(values) not in ("text", "empty") or not isinstance(wanted, str):
            raise ExpressionError(
                f'The filter "{quoted(self.expression)}" uses LIKE on something that is not text.'
            )
        pieces = _pieces(wanted)
        met = values.astype("string").map(lambda text: _is_like(text, pieces), na_action="ignore")
        return met.astype("boolean")

    def folded(self, operator: str, node: Any) -> Operand:
        fold = str.casefold if operator == "casei" else _without_accents
        value = self.evaluate(node)
        if isinstance(value, str):
            return fold(value)
        values = self.series(node)
        if kind_of(values) not in ("text", "empty"):
            raise ExpressionError(
                f'The filter "{quoted(self.expression)}" uses {operator.upper()} on something that is not text.'
            )
        return values.map(lambda each: fold(each) if isinstance(each, str) else None)

    def arithmetic(self, operator: str, arguments: list[Any]) -> Operand:
        """Calculate with floats; what has no finite result (a division by nought) is empty, as an unknown is."""
        sides = [self.number(each) for each in arguments]
        with np.errstate(all="ignore"):
            result = ARITHMETIC[operator](*sides)
        if isinstance(result, pd.Series):
            return result.where(np.isfinite(result))
        return float(result) if np.isfinite(result) else None

    def number(self, node: Any) -> Operand:
        """Return one side of a calculation as floats, with NaN where it is empty."""
        value = self.evaluate(node)
        if value is None:
            return np.float64("nan")
        if isinstance(value, pd.Series):
            value = self.written.numbers(node, value)
        if isinstance(value, pd.Series) and kind_of(value) in ("numbers", "empty"):
            floats = value.to_numpy(dtype="float64", na_value=np.nan)
            return pd.Series(floats, index=value.index)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return np.float64(value)
        raise ExpressionError(
            f'The filter "{quoted(self.expression)}" calculates with something that is not a number.'
        )


def _whole(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return whole numbers of Python's own, as long ones beside gaps are held, in 64 bits if they have room there."""
    for dtype in ("Int64", "UInt64"):
        try:
            return column.astype(dtype)
        except (OverflowError, TypeError, ValueError):
            continue
    return column


def _pieces(pattern: str) -> list[re.Pattern[str]]:
    r"""Cut a LIKE pattern (% any text, _ one character, \\ before a literal one) at its %.

    >>> [piece.pattern for piece in _pieces("St %_x")]
    ['St\\ ', '.x\\Z']
    """
    pieces = [""]
    for each in re.findall(r"\\.|.", pattern, flags=re.DOTALL):
        if each == "%":
            pieces.append("")
        else:
            pieces[-1] += "." if each == "_" else re.escape(each[-1])
    pieces[-1] += r"\Z"
    return [re.compile(piece, flags=re.DOTALL) for piece in pieces]


def _is_like(text: str, pieces: list[re.Pattern[str]]) -> bool:
    """Tell whether the pieces follow each other in `text`, from its beginning to its end.

    Each is looked for once, from where the one before ended: the first place is as good as any later one, so nothing
    is tried again and the time grows with the text, not with the number of its wildcards.
    """
    first, *others = pieces
    found = first.match(text)
    for piece in others:
        if found is None:
            return False
        found = piece.search(text, found.end())
    return found is not None


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
