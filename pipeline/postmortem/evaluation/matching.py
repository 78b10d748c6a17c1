"""How an answer is compared with an annotation: words, likeness of texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

Facts = Mapping[str, Any]

_WORD: Final = re.compile(r"[a-z0-9]+")
_LABEL: Final = re.compile(r"^\W*(?:task|item|action|step|todo)?\s*\d{0,2}\s*[:.)\]]\s*", re.IGNORECASE)
# Texts of this likeness are the same item.
SAME: Final = 0.5
_OPENING: Final = 8
_KEY: Final = 5
_REACH: Final = 12


def words(text: str | None) -> list[str]:
    """Return the lower-case words and numbers of a text."""
    return _WORD.findall((text or "").lower())


def contains(haystack: Sequence[str], needle: Sequence[str]) -> bool:
    """Do the words of `needle` stand in `haystack`, one behind the other?"""
    width = len(needle)
    return any(haystack[i : i + width] == needle for i in range(len(haystack) - width + 1))


def likeness(left: str | None, right: str | None) -> float:
    """Return how alike two texts are, 0 to 1: 1 where the shorter opens the longer, 0.95 where the first five words of one
    stand near the start of the other, else the Dice coefficient of their words."""
    a, b = (words(_LABEL.sub("", text or "")) for text in (left, right))
    if not a or not b:
        return 0.0
    short, long = sorted((a, b), key=len)
    if long[: len(short)] == short or a[:_OPENING] == b[:_OPENING]:
        return 1.0
    if len(short) >= _KEY and (
        contains(long[:_REACH], short[:_KEY]) or contains(short[:_REACH], long[:_KEY])
    ):
        return 0.95
    return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))


def swallows(text: str | None, matched: str, others: Sequence[str]) -> bool:
    """Does an answer also hold the beginning of another item of the annotation? Then it is not one item."""
    said, own = words(text), words(matched)
    openings = [w[:_KEY] for w in map(words, others) if len(w) >= _KEY]
    return any(contains(said, opening) and not contains(own, opening) for opening in openings)


def evidence(node: Facts | None) -> list[Facts]:
    """Return the evidence of a value, whether it has one piece or a list."""
    found = (node or {}).get("evidence")
    return found if isinstance(found, list) else [found] if found else []
