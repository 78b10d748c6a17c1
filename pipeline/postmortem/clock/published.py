"""The day on which a report was written, which is after the incident: front matter, mail headers, bylines, signatures."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from postmortem.clock.days import Day, day_of, edtf, nearest, on_weekday, ordinal
from postmortem.clock.model import Moment
from postmortem.clock.patterns import PUBLISHED
from postmortem.clock.places import START, aside, within
from postmortem.document import BlockKind, Document

# What a "Date:" among the headers of a message, and a date in a byline, have about them: both say when it was written.
_MAIL: Final = re.compile(
    r"^[ \t>]{0,8}(?:subject|message-id|in-reply-to|reply-to|cc|to|re) ?:", re.IGNORECASE | re.MULTILINE
)
_BYLINE: Final = re.compile(
    r"\bmin(?:ute)?s? read\b|(?:^|[,|\u00b7\u2022]| -(?= ))\W{0,8}(?:by [a-z]|from (?:the|your|our) [\w ]{0,30}\bteam\b)",
    re.IGNORECASE,
)
# A date beside a name: "9 March 2024 · Ada Lovelace", "Ada | 9 March 2024".
_SIGNED: Final = re.compile(
    r"[\W_]{0,8}(?:[\w ,./-]{6,30}20[0-9]{2}[\W_]{0,4}[|\u00b7\u2022\u2013\u2014][\W_]{0,4}(?:[A-Z][\w.'-]{0,20} ?){1,3}"
    r"|(?:[A-Z][\w.'-]{0,20} ?){1,3}[\W_]{0,4}[|\u00b7\u2022\u2013\u2014][\W_]{0,4}[\w ,./-]{6,30}20[0-9]{2})[\W_]{0,8}"
)
# "Published 4 May 2023", "issued on 3 April", "Last updated: …": right before the date that it was written on.
WRITTEN: Final = re.compile(
    r"\b(?:published|posted|issued|written|updated|released|edited|dated|revised|added|amended"
    r"|(?:opened|started|began) (?:this|an?|the) (?:issue|thread|topic|discussion|ticket))"
    r"(?: (?:on|at|by [\w .-]{1,40},))?:? ?\Z",
    re.IGNORECASE,
)
WRITTEN_REACH: Final = 72
JUST_BEFORE: Final = re.compile(r"\b(?:yesterday|last (?:night|evening))\b", re.IGNORECASE)
OPENING: Final = 300
FIRST_BLOCKS: Final = 4
# A report about something is written within so many days of it.
_MOST_LATER: Final = 60
# What parts a line at the top into a name, a place, a date.
_PART_BEGINS: Final = re.compile(r"(?:[|\u00b7\u2022]|\s-\s)[\W_]{0,6}\Z")
_PART_ENDS: Final = re.compile(r"[\W_]{0,6}(?:\Z|[|\u00b7\u2022\n]|\s-\s)")
LONGEST_LINE: Final = 120


def published_of(document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...]) -> Day | None:
    """Return the date on which the report was written: it comes after the incident."""
    matter = document.front_matter
    places = [(s, e) for key, s, e in matter.fields if key == "date"] if matter is not None else []
    places += [
        (f.start, f.end)
        for f in document.fields
        if "date" in f.names and (PUBLISHED.search(f.label) or _in_mail(document, f.label_start))
    ]
    top = matter.end if matter is not None else 0
    places += _bylines(document, top)
    places += _said_so(document, moments, top)
    for start, end in places:
        for moment in within(moments, start, end):
            if moment.month is not None and (moment.year is not None or moment.day is not None):
                return day_of(moment, "clock.carry.published")
    return _dateline(document, moments, anchors)


def _in_mail(document: Document, offset: int) -> bool:
    """Does a field stand among the headers of a message?"""
    plain = document.plain
    begin = plain.rfind("\n\n", 0, offset) + 1
    end = plain.find("\n\n", offset)
    return _MAIL.search(plain, begin, end if end != -1 else len(plain)) is not None


def _bylines(document: Document, start: int) -> Iterator[tuple[int, int]]:
    """Yield the short paragraphs at the top, and lines in bold below the title, that say who wrote the report, or how long it
    takes to read."""
    for at, block in enumerate(islice((b for b in document.blocks if b.start >= start), FIRST_BLOCKS)):
        told = block.kind is BlockKind.PARAGRAPH or (at > 0 and block.kind is BlockKind.HEADING)
        if told and block.end - block.start <= LONGEST_LINE:
            text = document.plain[block.start : block.end]
            if (
                _BYLINE.search(text)
                or _SIGNED.fullmatch(text)
                or (PUBLISHED.search(text) and ":" not in text)
            ):
                yield block.start, block.end


def _said_so(document: Document, moments: tuple[Moment, ...], start: int) -> Iterator[tuple[int, int]]:
    """Yield the dates in short blocks at the top that stand right behind a word of writing or publishing."""
    for block in islice((b for b in document.blocks if b.start >= start), FIRST_BLOCKS):
        if block.end - block.start > LONGEST_LINE:
            continue
        for moment in within(moments, block.start, block.end):
            if WRITTEN.search(document.plain, max(block.start, moment.start - WRITTEN_REACH), moment.start):
                yield moment.start, moment.end


def _dateline(document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...]) -> Day | None:
    """Return the date that stands alone at the top, or apart in a line there, where the text goes on to tell of a day shortly
    before it."""
    if (signed := _signature(document, moments)) is not None:
        return signed
    top = next(iter(anchors), None)
    if top is not None and any(f.start <= top.start < f.end for f in document.fields):
        return None
    if top is None or top.rule != "clock.carry.line":
        top = next(_set_apart(document, moments), None)
    if top is None or not top.complete:
        return None
    if sum(b.start < top.start for b in islice(document.blocks, FIRST_BLOCKS)) >= FIRST_BLOCKS:
        return None
    published = replace(top, rule="clock.carry.published")
    written = ordinal(edtf(top)) or 0
    days = [_told_day(m, published) for m in moments if m.start > top.end and not _planned(document, m)]
    told = [at for at in (ordinal(edtf(day)) for day in days) if at is not None and at <= written]
    if not told and JUST_BEFORE.search(document.plain, top.end, top.end + OPENING):
        return published
    return None if not told or max(told) == written or written - min(told) > _MOST_LATER else published


def _set_apart(document: Document, moments: Sequence[Moment]) -> Iterator[Day]:
    """Yield the dates at the top that are parts of their own in a line, also one in bold: "Some Shop | notes | 3 May 2021"."""
    for at, block in enumerate(islice(document.blocks, FIRST_BLOCKS)):
        line = block.kind is BlockKind.PARAGRAPH or (at > 0 and block.kind is BlockKind.HEADING)
        if not line or block.end - block.start > LONGEST_LINE:
            continue
        for moment in within(moments, block.start, block.end):
            before, after = document.plain[block.start : moment.start], document.plain[moment.end : block.end]
            if moment.day and moment.month and _PART_BEGINS.search(before) and _PART_ENDS.match(after):
                yield day_of(moment, "clock.carry.line")


def _told_day(moment: Moment, published: Day) -> Day | None:
    """Return the day of a moment that tells one, by its number or by a weekday before that of the publication."""
    if moment.day is not None:
        return nearest(day_of(moment, ""), published)
    told = None if moment.weekday is None else on_weekday(published, moment.weekday)
    return None if told is not None and told.day == published.day else told


def _planned(document: Document, moment: Moment) -> bool:
    """Does a moment stand among plans and lessons, or say when something was written?"""
    near = max(0, moment.start - WRITTEN_REACH)
    at = bisect_right(document.blocks, moment.start, key=START) - 1
    return aside(document, at) or WRITTEN.search(document.plain, near, moment.start) is not None


def _signature(document: Document, moments: tuple[Moment, ...]) -> Day | None:
    """Return the date of the last, short line, where it is the only one of a text that tells of times before it."""
    dated = [m for m in moments if m.day is not None and m.month is not None]
    if len(dated) != 1 or dated[0].year is None or dated[0].hour is not None or not document.blocks:
        return None
    last = document.blocks[-1]
    short = last.kind is BlockKind.PARAGRAPH and last.end - last.start <= LONGEST_LINE
    if not short or dated[0].start < last.start or moments[0].start >= last.start:
        return None
    return day_of(dated[0], "clock.carry.published")
