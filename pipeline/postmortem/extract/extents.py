"""Cutting extents: what several extractors do to a stretch of text before they read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

Extent = tuple[int, int]


def trimmed(plain: str, start: int, end: int) -> Iterator[Extent]:
    """Yield `start:end` without white space around it; nothing where only white space is left."""
    text = plain[start:end]
    stripped = text.strip()
    if stripped:
        begin = start + text.index(stripped)
        yield begin, begin + len(stripped)


def cut(plain: str, start: int, end: int, mark: re.Pattern[str]) -> Iterator[Extent]:
    """Yield the pieces of `start:end` that end with a match of `mark` (the last with `end`), trimmed, in order."""
    low = start
    for found in mark.finditer(plain, start, end):
        yield from trimmed(plain, low, found.end())
        low = found.end()
    yield from trimmed(plain, low, end)
