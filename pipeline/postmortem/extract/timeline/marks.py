"""Stamps and what stands around them: whether one opens a line, an item or a sentence, and where its text begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.clock.patterns import STAMPED_LINE, WEEKDAYS
from postmortem.document import Block, BlockKind
from postmortem.report import Report

_DAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
# What may stand before a stamp that opens a line: signs, a word such as "At", and nothing else.
LEAD: Final = re.compile(
    rf"[\W_]{{0,20}}(?:(?:{_DAY}|at|on|by|around|about|approximately|approx\.?|roughly|circa|ca\.?|from|since|between|time|date)\b"
    r"[\W_]{0,10}){0,3}",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"[\W_]{{0,20}}(?:{_DAY}\b[\W_]{{1,4}})?", re.IGNORECASE)
# What may stand before a stamp in a list beside that: "- about 07:05   gates stopped".
_HEDGED: Final = re.compile(
    r"[\W_]{0,20}(?:(?:about|around|approximately|approx\.?|roughly|circa|ca\.?)\b[\W_]{0,4})?", re.IGNORECASE
)
_WEEKDAY: Final = re.compile(rf"[\W_]{{0,20}}({_DAY})\b[\W_]{{1,4}}\Z", re.IGNORECASE)
# What separates a stamp from its text.
_SEPARATOR: Final = re.compile(r"[\s:;,.\-\u2010-\u2015>|)\]}=~*_\u2192]{0,80}")
# What stands between the text of an entry and the stamp of the next.
_TAIL: Final = re.compile(r"(?:[\s,\u2192(\[]|[-=]>){1,12}\Z")
# What joins a date and a time that stand apart.
_JOINT: Final = re.compile(r"[\s,|@(\[:-]{0,40}(?:at\b)?[\s,|(\[~]{0,40}", re.IGNORECASE)
# What a further stamp of a run-on paragraph stands behind.
_CLAUSE: Final = re.compile(
    r"(?:[.;!?\n|]|\s[-\u2010-\u2015])[\s*_`~(\[]{0,10}(?:(?:at|on|by|around|about|from)\b[\s~(\[]{1,4})?\Z",
    re.IGNORECASE,
)
# A label that stands before an entry's stamp ("Issue detected: July 29, 09:00").
LABEL: Final = re.compile(r"[^\n:.]{1,40}:" + LEAD.pattern, re.IGNORECASE)
WORD: Final = re.compile(r"[^\W_]+")
MIN_TOLD: Final = 3
REACH: Final = 30
_SHORT: Final = 120
_LONGEST_TAIL: Final = 40


def leads(report: Report, start: int, end: int) -> bool:
    """Does a moment open the text `start:end`?"""
    mentions = report.mentions_between(start, end)
    return bool(mentions) and LEAD.fullmatch(report.document.plain, start, mentions[0].start) is not None


def stamp_of(plain: str, mentions: Sequence[Moment | Interval], n: int) -> tuple[Moment, Moment | None, int]:
    """The stamp that begins with the n-th of `mentions`: start, end of a range, and the offset behind it. A date and a time
    apart ("Jul 27, 2018 | 19:44") are one stamp."""
    here = mentions[n]
    if isinstance(here, Moment) and here.hour is None and n + 1 < len(mentions):
        follower = mentions[n + 1]
        time = follower.first if isinstance(follower, Interval) else follower
        if time.hour is not None and time.day is None and _JOINT.fullmatch(plain, here.end, follower.start):
            whole = replace(
                time, start=here.start, year=here.year, month=here.month, day=here.day, weekday=here.weekday
            )
            return whole, follower.last if isinstance(follower, Interval) else None, follower.end
    if isinstance(here, Interval):
        return here.first, here.last, here.end
    return here, None, here.end


def opens(plain: str, block: Block, offset: int) -> bool:
    """Does a stamp at `offset` open the block, a line of it or, behind a full stop, a further entry of a run-on paragraph?"""
    if (
        offset == block.start
        or LEAD.fullmatch(plain, block.start, offset)
        or LABEL.fullmatch(plain, block.start, offset)
    ):
        return True
    match = _CLAUSE.search(plain, max(block.start, offset - REACH), offset)
    return match is not None and (block.kind is not BlockKind.ITEM or "\n" in match.group())


def heads(plain: str, block: Block, offset: int) -> bool:
    """Does a stamp at `offset` stand first in the block or in a line of it, with no word before it but a label? Outside a
    timeline "At 9:05 we …" opens a sentence of a narrative, not a line of a list."""
    if (
        offset == block.start
        or _BARE.fullmatch(plain, block.start, offset)
        or LABEL.fullmatch(plain, block.start, offset)
    ):
        return True
    line = plain.rfind("\n", max(block.start, offset - REACH), offset)
    if line >= 0 and _BARE.fullmatch(plain, line, offset) is not None:
        return True
    begin = line if line >= 0 else block.start
    return _HEDGED.fullmatch(plain, begin, offset) is not None and _of_list(plain, block)


def _of_list(plain: str, block: Block) -> bool:
    """Is a block an item, or are several of its lines stamped?"""
    return block.kind is BlockKind.ITEM or (
        block.kind is BlockKind.PARAGRAPH
        and sum(1 for _ in islice(STAMPED_LINE.finditer(plain, block.start, block.end), MIN_TOLD)) >= MIN_TOLD
    )


def ends(plain: str, block: Block, offset: int) -> bool:
    """Does a stamp that ends at `offset` close its block ("Errors began 2024-03-02 08:15")?"""
    return (
        block.kind is BlockKind.ITEM
        and not WORD.search(plain, offset, block.end)
        and block.end - block.start < _SHORT
    )


def bare_date(plain: str, block: Block, first: Moment, after: int) -> bool:
    """A day that stands alone governs the lines below it and is no entry (the calendar carries it)."""
    return first.hour is None and (first.day is None or not WORD.search(plain, after, block.end))


def skip(plain: str, start: int, end: int) -> int:
    """The offset of an entry's first word: stamps are followed by dashes, colons, bars and closing brackets."""
    match = _SEPARATOR.match(plain, start, max(end, start))
    return match.end() if match else start


def told_end(plain: str, start: int, end: int) -> int:
    """The offset behind an entry's last word or stop, where a comma, an arrow or an open bracket joins it to the next stamp."""
    tail = _TAIL.search(plain, max(start, end - _LONGEST_TAIL), end)
    return tail.start() if tail else end


def with_weekday(plain: str, start: int, stamp: Moment) -> Moment:
    """Return a stamp with the day of the week that opens its line, which without a capital ("sat 03:02") is a day only there."""
    line = max(start, plain.rfind("\n", start, stamp.start) + 1)
    named = _WEEKDAY.match(plain, line, stamp.start)
    if named is None or stamp.weekday is not None or stamp.day is not None:
        return stamp
    return replace(stamp, weekday=WEEKDAYS[named[1][:3].lower()])
