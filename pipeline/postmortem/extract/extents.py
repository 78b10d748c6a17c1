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
    for high in (*[found.end() for found in mark.finditer(plain, start, end)], end):
        piece = plain[low:high].rstrip()
        last = low + len(piece)
        first = last - len(piece.lstrip())
        if first < last:
            yield first, last
        low = high
