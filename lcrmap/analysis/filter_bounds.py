"""What a filter may be at most, asked before it is parsed and before it is evaluated.

A filter may come from a stranger's recipe or page. cql2's parser works by recursion, tries each nested bracket anew
when what stands in it cannot be read (its time doubles with each), and ends the process when its stack is full.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lcrmap.errors import ExpressionError

__all__ = ["check_depth", "check_text", "quoted"]

LONGEST: Final = 100_000  # characters; a list of some 8,000 codes
MOST_SIGNS: Final = 1_000  # the parser bears three times as many
MOST_TRIES: Final = 2**24  # characters read, each nested bracket read twice; about two seconds
DEEPEST: Final = 100  # conditions within conditions, as parsed
QUOTED: Final = 200  # characters of a filter that a message repeats

_TEXT: Final = re.compile(r"""'[^']*'|"[^"]*\"""")
_SIGN: Final = re.compile(r"\b(?:NOT|DIV)\b|[-+*/%^]", re.IGNORECASE)


def check_text(expression: str) -> None:
    """Refuse a text that would take the parser too long, or end it.

    >>> check_text("a = '((((((((((((((((((((((((((((((((((((((('")
    """
    if len(expression) > LONGEST:
        raise ExpressionError(
            f"The filter has {len(expression):,} characters, more than {LONGEST:,}: choose in several steps."
        )
    bare = _TEXT.sub("''", expression)
    signs = sum(1 for _ in _SIGN.finditer(bare))
    if signs > MOST_SIGNS:
        raise ExpressionError(
            f'The filter "{quoted(expression)}" holds {signs:,} signs of arithmetic and NOTs, more than '
            f"{MOST_SIGNS:,}: choose in several steps."
        )
    depth = _brackets(bare)
    if len(expression) << depth > MOST_TRIES:
        raise ExpressionError(
            f'The filter "{quoted(expression)}" opens {depth:,} brackets within each other, too many for its '
            f"length: take out those that are not needed, or choose in several steps."
        )


def _brackets(bare: str) -> int:
    """Return how many brackets are open at once, at most."""
    depth = deepest = 0
    for sign in re.findall("[()]", bare):
        depth += 1 if sign == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def check_depth(node: Any, expression: str) -> None:
    """Refuse a parsed filter whose parts lie too deep within each other to be evaluated by recursion."""
    level, depth = [node], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ExpressionError(
                f'The filter "{quoted(expression)}" is nested more than {DEEPEST} deep: choose in several steps.'
            )
        level = [each for part in level if isinstance(part, dict) for each in _parts(part)]


def _parts(node: dict[str, Any]) -> list[Any]:
    arguments = node.get("args")
    return arguments if isinstance(arguments, list) else []


def quoted(expression: str) -> str:
    """Return the filter as a message repeats it: cut where it is long.

    >>> quoted("name = 'Halton'")
    "name = 'Halton'"
    >>> len(quoted("a" * 1000))
    200
    """
    return expression if len(expression) <= QUOTED else f"{expression[: QUOTED - 3]}..."
