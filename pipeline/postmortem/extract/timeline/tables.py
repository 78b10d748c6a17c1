"""The entries of a timeline's table: which cells hold the stamp, which what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.document import Block, Cell
from postmortem.extract.stamps import Stamped, moments
from postmortem.extract.timeline.marks import WORD, leads, stamp_of
from postmortem.normalize.naming import label_names
from postmortem.report import Report

# The head of a column with the ends of ranges, and what those of columns with people are about.
_UNTIL: Final = re.compile(r"\W*(?:to|until|till|end|ended|finish|end time|time to)\W*", re.IGNORECASE)
_DOTTED: Final = re.compile(
    r"[\s,]{1,4}(?:at\s)?(?P<hour>[01]?[0-9]|2[0-4])\.(?P<minute>[0-5][0-9])(?![0-9.])\W{0,4}(?:h|hrs|uhr)?\s{0,4}"
)
_WHO: Final = frozenset({"owner", "author", "participants"})
_STRAY: Final = 2


def row(report: Report, block: Block) -> Iterator[Stamped]:
    """The entry of a table row: the cells that hold nothing but a stamp, and the text of the others."""
    plain = report.document.plain
    stamps: list[Moment | Interval] = []
    words: list[Cell] = []
    until: Moment | None = None
    for cell in block.cells:
        mentions = moments(report, cell.start, cell.end)
        rest = plain[cell.start : mentions[0].start] + plain[mentions[-1].end : cell.end] if mentions else ""
        if mentions and len(WORD.findall(rest)) <= _STRAY and not words:
            mentions = _with_dotted_time(plain, cell, mentions)
            if stamps and isinstance(mentions[0], Moment) and _UNTIL.fullmatch(cell.header):
                until = mentions[0]
            stamps.extend(mentions)
        elif mentions and not stamps and leads(report, cell.start, cell.end):
            stamps.append(mentions[0])
            words.append(replace(cell, start=mentions[0].end))
        elif cell.end > cell.start and not (stamps and cell.end <= stamps[-1].end):
            words.append(cell)
    if stamps:
        words = _without_owners(words)
        first, last, after = stamp_of(plain, stamps, 0)
        if last is None and until is not None and until.hour is not None:
            last = until
        start = words[0].start if words else max(after, block.end)
        yield Stamped(first, last, start, words[-1].end if words else block.end, stamps[0].start, listed=True)


def _with_dotted_time(plain: str, cell: Cell, mentions: list[Moment | Interval]) -> list[Moment | Interval]:
    """Return the moments of a cell of stamps, with the time behind a day that is written with a dot ("24 Oct, 9.00")."""
    day = mentions[0]
    if len(mentions) > 1 or not isinstance(day, Moment) or day.hour is not None:
        return mentions
    time = _DOTTED.fullmatch(plain, day.end, cell.end)
    if time is None:
        return mentions
    return [replace(day, end=time.end("minute"), hour=int(time["hour"]) % 24, minute=int(time["minute"]))]


def _without_owners(words: list[Cell]) -> list[Cell]:
    """Leave out the cells at the row's ends that say who did it, where others say what."""
    told = [not _WHO.intersection(label_names(cell.header)) for cell in words]
    if True not in told:
        return words
    return words[told.index(True) : len(told) - told[::-1].index(True)]
