"""Points, entries and extents of text: what several extractors of statements ask of them."""

from __future__ import annotations

import re
from typing import Final

from postmortem import nlp
from postmortem.clock.carry import minutes_between
from postmortem.clock.days import clock_minutes
from postmortem.document import Document
from postmortem.record import Entry, Point

MOST_WORDS: Final = 80
_OPENING: Final = 12
_WORD: Final = re.compile(r"\S+")
_GAP: Final = re.compile(r"\W{0,8}")


def lowered(text: str) -> str:
    """Return `text` as rules are matched on it: in lower case, white space folded."""
    return nlp.folded(text).lower()


def elapsed(start: Point, end: Point) -> float | None:
    """Return what `minutes_between` does, without a calendar where both lie on one day."""
    if start.date is None or start.date != end.date or start.utc_offset != end.utc_offset:
        return minutes_between(start, end)
    if start.time is None or end.time is None or end.time < start.time:
        return None
    return float(clock_minutes(end.time) - clock_minutes(start.time))


def follows(start: Point, end: Point) -> bool:
    """Is `end` known to lie no earlier than `start`, as `elapsed` knows it?"""
    if start.date is None or start.date != end.date or start.utc_offset != end.utc_offset:
        return minutes_between(start, end) is not None
    return start.time is not None and end.time is not None and end.time >= start.time


def after_stamp(document: Document, entry: Entry) -> tuple[int, int]:
    """Return the extent of an entry's text in the source (its evidence may begin with the stamp)."""
    start, end = entry.evidence.start, entry.evidence.end
    opening = entry.text[:_OPENING].split()
    first = at = document.plain.find(opening[0], start, end) if opening else -1
    while (
        len(opening) > 1 and at >= 0 and not _goes_on(document.plain, opening[1], at + len(opening[0]), end)
    ):
        at = document.plain.find(opening[0], at + 1, end)
    return max(at if at >= 0 else first, start), end


def _goes_on(plain: str, word: str, at: int, end: int) -> bool:
    """Does a word stand at an offset, or behind some characters that belong to no word?"""
    gap = _GAP.match(plain, at, end)
    return gap is not None and any(plain.startswith(word, start, end) for start in range(at, gap.end() + 1))


def shortened(plain: str, start: int, end: int, most: int = MOST_WORDS) -> int:
    """Return where `start:end` ends when it is cut to `most` words."""
    for count, word in enumerate(_WORD.finditer(plain, start, end), 1):
        if count == most:
            return word.end()
    return end


def words_in(plain: str, start: int, end: int) -> int:
    """Return the number of words between two offsets."""
    return len(plain[start:end].split())
