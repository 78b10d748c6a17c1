"""The sentences that may speak of the incident as a whole, their temporal expressions replaced by marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from postmortem.clock.model import Interval, Mention, Span
from postmortem.document import Block, BlockKind
from postmortem.matching import rules_of, worth_trying
from postmortem.normalize.naming import label_names
from postmortem.report import Report
from postmortem.vocabulary import Rule

# How far a place can be trusted to speak of the incident as a whole.
PLACES: Final = {
    "duration": 100, "start": 95, "end": 95, "date": 60, "detected": 30, "time_to_repair": 20,
    "summary": 60, "impact": 55, "metadata": 55, "title": 55, "intro": 50, "detection": 25, "background": 10,
    "timeline": 20, "root_cause": 20, "trigger": 20, "resolution": 22, "investigation": 5, "communication": 5,
}  # fmt: skip
ELSEWHERE: Final = 30
_CLOSED: Final = frozenset({"actions", "lessons", "appendix"})
_BOUNDARY: Final = re.compile(
    r"(?<![ .(]i\.e)(?<![ .(]e\.g)(?<!approx)[.!?](?=\s{1,8}[\"'(]?[A-Z0-9])"
    r"|\n(?=\s{0,12}\n)|\n(?=\s{0,12}[A-Z][\w /&'-]{1,40}:\s)"
)
_TIMELY: Final = ("start", "end", "duration", "detected", "time_to_repair", "summary", "impact", "date")
_OF_ROW: Final = ("start", "end", "duration")
_MARKS: Final = {"time": "@time", "date": "@date", "window": "@window", "length": "@length"}
_LONGEST: Final = 600
_MOST_MARKS: Final = 16
_MOST_FIELDS: Final = 24
_OPENING: Final = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its mentions replaced by marks; `marks` holds each mark's offset in `masked` with its mention, `passed` are
    the bits of the rules worth trying on it."""

    masked: str
    passed: int
    marks: tuple[tuple[int, Mention], ...]
    place: str
    weight: int

    def mention_at(self, match: re.Match[str], kinds: tuple[type, ...]) -> Mention | None:
        for offset, mention in self.marks:
            if match.start() <= offset < match.end() and isinstance(mention, kinds):
                return mention
        return None

    def matches(self, kind: str) -> Iterator[tuple[re.Match[str], Rule]]:
        """Yield every match of the rules of a kind."""
        for one, match in rules_of("outage", kind).every(self.masked, self.passed):
            yield match, one.rule

    def says(self, kind: str) -> bool:
        """Does a rule of that kind match?"""
        return rules_of("outage", kind).matched(self.masked, self.passed)

    def refused(self) -> list[Mention]:
        """Return those of its mentions of which a rule says that they are not the outage's."""
        if not self.passed & rules_of("outage", "never").bits:
            return []
        extents = [match.span() for match, _ in self.matches("never")]
        return [m for offset, m in self.marks if any(a <= offset < b for a, b in extents)]

    def vetoed(self, mention: Mention, kind: str = "never") -> bool:
        """Does a rule of a kind say of one of its mentions that it is not the outage's?"""
        if not self.passed & rules_of("outage", kind).bits:
            return False
        offset = next(offset for offset, other in self.marks if other is mention)
        return any(match.start() <= offset < match.end() for match, _ in self.matches(kind))


def sentences_of(report: Report) -> Iterator[Sentence]:
    """Yield the sentences that hold a temporal expression and may speak of the incident as a whole."""
    document, mentions, lowered = report.document, report.mentions, report.account.lowered
    starts = [block.start for block in document.blocks]
    places: dict[int, str | None] = {}
    index, count = 0, len(mentions)
    while index < count:
        at = bisect_right(starts, mentions[index].start) - 1
        block = document.blocks[at] if at >= 0 else None
        if (
            block is None
            or block.kind is BlockKind.CODE
            or (
                index and rules_of("outage", "apart").matched(lowered[block.start : block.start + _OPENING])
            )  # another trouble, with times of its own
        ):
            index += 1
            continue
        stop = starts[at + 1] if at + 1 < len(starts) else len(document.plain)
        here = index
        while index < count and mentions[index].start < stop:
            index += 1
        if block.section not in places:
            places[block.section] = _section_place(report, block.section)
        place = places[block.section]
        if place is None and block.kind is BlockKind.PARAGRAPH and _tells_when(mentions[here:index]):
            place = _told_among_lessons(report, block.section)
        yield from _of_block(report, block, mentions[here:index], place)


def _of_block(
    report: Report, block: Block, mentions: tuple[Mention, ...], place: str | None
) -> Iterator[Sentence]:
    if place == "timeline" and Span not in map(type, mentions):
        return  # the timeline's own business
    plain, lowered = report.document.plain, report.account.lowered
    cuts = [block.start]
    at = 0
    for match in _BOUNDARY.finditer(plain, block.start, block.end):
        while at < len(mentions) and mentions[at].end <= match.start():
            at += 1
        if at == len(mentions) or mentions[at].start > match.start():
            cuts.append(match.end())
    columns = _columns(block) if block.cells and place != "timeline" else {}
    if columns:
        cuts = sorted({*cuts, *(start for start in columns if start > block.start)})
    at = 0
    for a, b in pairwise([*cuts, max(block.end, mentions[-1].end)]):
        first = at
        while at < len(mentions) and mentions[at].start < b:
            at += 1
        for n in range(first, at, _MOST_MARKS):
            inside = mentions[n : min(n + _MOST_MARKS, at)]
            own = _field_place(report, inside[0].start) or columns.get(a) or place
            if own is not None:
                begin = max(a, inside[0].start - _LONGEST, mentions[n - 1].end if n else a)
                after = n + len(inside)
                following = mentions[after].start if after < len(mentions) else b
                end = min(b, inside[-1].end + _LONGEST, following)
                yield _masked(lowered, begin, max(end, inside[-1].end), inside, own, cells=bool(block.cells))


def _columns(block: Block) -> dict[int, str]:
    """Return what the cells of a row are about, by their offsets, where its table has columns for the start and the end."""
    found: dict[int, str] = {}
    for cell in block.cells:
        names = label_names(cell.header) if cell.header else ()
        name = next((n for n in _OF_ROW if n in names), None)
        if name is not None:
            found[cell.start] = name
    return found if {"start", "end"} <= set(found.values()) else {}


def _masked(
    lowered: str, start: int, end: int, mentions: Sequence[Mention], place: str, *, cells: bool
) -> Sentence:
    parts: list[str] = []
    marks: list[tuple[int, Mention]] = []
    length, at = 0, start
    for mention in mentions:
        gap = lowered[at : mention.start]
        before = " ".join(gap.split())
        if gap[:1].isspace():
            before = " " + before
        if lowered[mention.start - 1 : mention.start].isspace() and before[-1:] != " ":
            before += " "
        parts.append(before)
        length += len(before)
        marks.append((length, mention))
        mark = _MARKS[_kind(mention)]
        parts.append(mark)
        length += len(mark)
        at = mention.end
    rest = lowered[at:end]
    parts.append((" " if rest[:1].isspace() else "") + " ".join(rest.split()))
    masked = "".join(parts)
    if cells:
        masked = masked.replace("|", ":")
    passed = worth_trying(masked)
    return Sentence(masked, passed, tuple(marks), place, PLACES.get(place, ELSEWHERE))


def _kind(mention: Mention) -> str:
    if isinstance(mention, Span):
        return "length"
    if isinstance(mention, Interval):
        return "window"
    return "time" if mention.hour is not None else "date"


def _section_place(report: Report, section: int) -> str | None:
    """Return the kind of place that a section is, ``None`` where nothing in it speaks of the incident as a whole."""
    if section < 0:
        return "intro"
    sections = report.document.sections
    while section >= 0:
        heading = sections[section]
        if "duration" in label_names(heading.text):
            return "duration"
        if _CLOSED.intersection(heading.names):
            return None
        for name in heading.names:
            if name in PLACES:
                return "intro" if name == "title" else name
        section = heading.parent
    return "other"


def _tells_when(mentions: Sequence[Mention]) -> bool:
    """Is one of the mentions a clock time, or an interval of such?"""
    return any(
        (m.first if isinstance(m, Interval) else m).hour is not None
        for m in mentions
        if not isinstance(m, Span)
    )


def _told_among_lessons(report: Report, section: int) -> str | None:
    """Return the kind of place that a paragraph under "What went wrong" or "Postmortem" is: an introduction where that is the
    first heading below the title."""
    sections = report.document.sections
    if sections[section].names != ("lessons",):
        return None
    return "intro" if all("title" in heading.names for heading in sections[:section]) else "other"


def _field_place(report: Report, offset: int) -> str | None:
    """Return what the innermost field around an offset is about, where that is a matter of time."""
    fields = report.document.fields
    at = bisect_right(fields, offset, key=lambda f: f.start)
    for f in reversed(fields[max(0, at - _MOST_FIELDS) : at]):
        if offset < f.end:
            name = next((n for n in _TIMELY if n in f.names), None)
            if name is not None:
                return name
    return None
