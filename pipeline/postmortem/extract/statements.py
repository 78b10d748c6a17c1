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
    at = document.plain.find(opening[0], start, end) if opening else -1
    if len(opening) > 1 and at >= 0:
        pattern = r"\W{0,8}".join(re.escape(word) for word in opening[:2])
        match = re.compile(pattern).search(document.plain, start, end)
        at = match.start() if match else at
    return max(at, start), end


def shortened(plain: str, start: int, end: int, most: int = MOST_WORDS) -> int:
    """Return where `start:end` ends when it is cut to `most` words."""
    for count, word in enumerate(_WORD.finditer(plain, start, end), 1):
        if count == most:
            return word.end()
    return end


def words_in(plain: str, start: int, end: int) -> int:
    """Return the number of words between two offsets."""
    return len(plain[start:end].split())
