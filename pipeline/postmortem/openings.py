"""Patterns that look at the next character first: what a match of them can begin with is read off the patterns themselves.

Most rules ask first whether a word begins (``\\b``), which at every character of a text costs more than a look at the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# The parser behind `re`: private, but as it is in every Python that this package runs on, and held by the tests.
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Node = tuple[Any, Any]


def looking_ahead(source: str, parsed: Iterable[Node] | None = None) -> str:
    """Return a pattern that matches what `source` does, and looks at the next character before anything else where that helps.

    `source` minds case and has no flags of its own; `parsed` is what `re` makes of it, where that is at hand.
    """
    opening, empty = _opening(parser.parse(source) if parsed is None else parsed)
    return source if empty or opening is None else f"(?=[{''.join(sorted(opening))}])(?:{source})"


def _opening(nodes: Iterable[Node]) -> tuple[set[str] | None, bool]:
    """Return the items of a class of characters with one of which every match begins that is not empty (None: it may begin with
    too many), and whether a match may be empty."""
    found: set[str] = set()
    for kind, value in nodes:
        if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
            continue
        opening, empty = _opening_of(kind, value)
        if opening is None:
            return None, False
        found |= opening
        if not empty:
            return found, False
    return found, True


def _opening_of(kind: Any, value: Any) -> tuple[set[str] | None, bool]:
    """Return what `_opening` does of one part of a pattern."""
    if kind is op.LITERAL:
        return {re.escape(chr(value))}, False
    if kind is op.IN:
        return _items(value), False
    if kind is op.SUBPATTERN and not value[1]:
        return _opening(value[3])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        opening, empty = _opening(value[2])
        return opening, empty or value[0] == 0
    if kind is not op.BRANCH:
        return None, False
    found: set[str] = set()
    may_be_empty = False
    for one in value[1]:
        opening, empty = _opening(one)
        if opening is None:
            return None, False
        found |= opening
        may_be_empty = may_be_empty or empty
    return found, may_be_empty


def _items(items: Sequence[Node]) -> set[str] | None:
    """Return the items of a class as they are written; None for one that holds many characters, or all but some."""
    found: set[str] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            found.add(re.escape(chr(value)))
        elif kind is op.RANGE:
            found.add(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        elif kind is op.CATEGORY and value is op.CATEGORY_DIGIT:
            found.add(r"\d")
        else:
            return None
    return found
