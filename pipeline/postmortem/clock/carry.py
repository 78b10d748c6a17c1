"""Completing moments: the date, year and zone that a report gives once and means throughout.

`Calendar.of(document, mentions)` collects what governs (title, front matter, "Date:" fields, dated headings and lines,
the zone of a column head or of "all times in …"). `Calendar.point` then completes one moment at its place in the text. What a
point states itself and what is carried stay apart: the evidence of a carried part follows that of the moment, under rules
``clock.carry.…``. Nothing comes from outside the report.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime, timedelta, timezone
from typing import Final

from postmortem.clock import zones
from postmortem.clock.model import Interval, Mention, Moment, Zone
from postmortem.clock.odd import odd_date
from postmortem.clock.patterns import DATED, LOOKS_BACK, PUBLISHED, statements
from postmortem.document import Block, BlockKind, Document
from postmortem.record import Evidence, Point

__all__ = ["Calendar", "minutes_between", "utc_offset"]

utc_offset = zones.utc_offset

# A clock that goes back by less than this is an entry out of order; by more, the next day.
_MIDNIGHT: Final = 6 * 60
_DAY: Final = 24 * 60
# How many mentions or dates before a moment are looked at: a bound for texts that are nothing but times.
_LOOK_BACK: Final = 32
_YEAR_NAMED: Final = re.compile(
    r"\b(?:in|of|since|during|early|late|mid|q[1-4])[ -](20[0-4][0-9])\b", re.IGNORECASE
)
# How far above the first posting the page may begin: a title stands there.
_POSTING_REACH: Final = 300
_BARE_YEAR: Final = re.compile(r"(?<![\w.,/$-])20[0-4][0-9](?![\w%]|[.,/-][0-9])")
_AROUND_DATE: Final = re.compile(r"[\W_]*(?:on|the|date|day)?[\W_]*", re.IGNORECASE)
_OF_INCIDENT: Final = frozenset({"date", "start", "duration"})
_ASIDE: Final = frozenset({"actions", "lessons", "appendix"})


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date as far as it is known, and the source characters that say so."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    rule: str

    @property
    def complete(self) -> bool:
        return self.month is not None and self.day is not None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a report says about dates and zones, for completing its moments.

    `anchors` are the dates that govern the text after them (dated headings, lines that hold nothing but a date), in order;
    `incident` is the date that the report as a whole is about; `published` the latest that it can be; `year` the year
    given anywhere; `postings` are the machine-written stamps of a status page's updates, in text order.
    """

    document: Document
    mentions: tuple[Mention, ...] = ()
    anchors: tuple[Day, ...] = ()
    incident: Day | None = None
    published: Day | None = None
    year: Day | None = None
    statements: tuple[tuple[int, Zone], ...] = ()
    only_zone: Zone | None = None
    first_zone: Zone | None = None
    twelve_hour: bool = False
    postings: tuple[Moment, ...] = ()
    _blocks: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, document: Document, mentions: tuple[Mention, ...]) -> Calendar:
        """Return the calendar of a document whose mentions are `mentions` (in order, as `postmortem.clock.scan` gives them)."""
        moments = tuple(_moments(mentions))
        anchors = tuple(_anchors(document, moments))
        published = _published(document, moments)
        year = _year(document, moments, published)
        postings = _postings(document, moments)
        stamps = {m.start for m in postings}
        hours = [m for m in moments if m.hour is not None and m.start not in stamps]
        return cls(
            document,
            mentions,
            anchors,
            _incident(document, moments, anchors, published),
            published,
            year,
            tuple(_statements(document)),
            _only_zone(hours) if any(m.zone for m in hours) else _bracketed_zone(document),
            next((m.zone for m in hours if m.zone is not None), None),
            any(m.meridiem in ("am", "pm") for m in hours) and not any(m.meridiem == "24h" for m in hours),
            postings,
            tuple(block.start for block in document.blocks),
        )

    def point(self, moment: Moment, after: Point | None = None, *, forward: bool = False) -> Point:
        """Return `moment` completed at its place in the text.

        `after` is the point before it in the same account: its date carries over, to the next day where the clock goes
        back by six hours or more. With `forward` the moment is known to be the later one (an interval's end), so that any
        step back is the next day.
        """
        evidence = [self._evidence(moment.start, moment.end, moment.rule)]
        day, carried = self._day(moment, after)
        if carried is not None:
            evidence.append(self._evidence(carried.start, carried.end, carried.rule))
        hour = self._hour(moment, after)
        time = None if hour is None else f"{hour:02d}:{moment.minute or 0:02d}"
        moved = int(moment.next_day)
        if (
            time
            and after is not None
            and after.time
            and moment.day is None
            and carried is not None
            and not moved
        ):
            moved = _rolled(carried, after, time, forward)
        if moved and day is not None:
            day = _shift(day, moved)
        date = _edtf(day)
        zone = moment.zone
        if zone is None and time is not None:
            zone = self.zone_at(moment.start)
            if zone is not None:
                evidence.append(self._evidence(zone.start, zone.end, "clock.carry.zone"))
        offset = None if zone is None else zones.utc_offset(zone, date, time)
        iso = f"{date}T{time}:00{offset or ''}" if date and time and "X" not in date else None
        return Point(date, time, offset, zone.text if zone else None, iso, tuple(evidence))

    def interval(self, interval: Interval, after: Point | None = None) -> tuple[Point, Point]:
        """Return both sides of an interval completed; an end whose clock is before its start's is on the next day."""
        first = self.point(interval.first, after)
        return first, self.point(interval.last, first, forward=True)

    def zone_at(self, offset: int) -> Zone | None:
        """Return the zone that governs a time written at `offset` without one.

        In this order: the column head of its table row; an earlier time of the same block; the last statement before it
        ("all times in CET"), else the first in the text; the only zone that the report names anywhere.
        """
        block = self._block(offset)
        if block is not None:
            for cell in block.cells:
                if cell.start <= offset < cell.end and cell.header:
                    zone = _header_zone(self.document, cell.header, offset)
                    if zone is not None:
                        return zone
            for moment in self._before(block.start, offset):
                if moment.zone is not None:
                    return moment.zone
        if self.statements:
            before = [zone for at, zone in self.statements if at <= offset]
            return before[-1] if before else self.statements[0][1]
        return self.only_zone

    # -- dates

    def governing(self, offset: int) -> Day | None:
        """Return the date that a time written at `offset` without one belongs to, as far as the text before it says."""
        block = self._block(offset)
        if block is not None and block.kind is not BlockKind.HEADING:
            for moment in self._before(block.start, offset):
                if moment.day is not None and moment.month is not None:
                    return self._with_year(self._around(moment, self._moment_at(offset)))
        at = bisect_right(self.anchors, offset, key=lambda day: day.start)
        return self._with_year(self.anchors[at - 1]) if at else self._default()

    def _moment_at(self, offset: int) -> Moment | None:
        return next((m for m in _moments(self._mentions(offset, offset + 1)) if m.start == offset), None)

    def _around(self, dated: Moment, moment: Moment | None) -> Day:
        """Return the date of an earlier moment of the block; the day before where that is the stamp of an update which
        looks back ("Apr 1, 1:45 AM: Starting at 5:03 PM …")."""
        day = _day_of(dated, "clock.carry.block")
        if moment is None or dated.hour is None or moment.hour is None:
            return day
        between = self.document.plain[dated.end : moment.start]
        later = (moment.hour, moment.minute or 0) > (dated.hour, dated.minute or 0)
        return _shift(day, -1) if later and LOOKS_BACK.fullmatch(between) else day

    def _default(self) -> Day | None:
        return None if self.incident is None else self._with_year(self.incident)

    def _day(self, moment: Moment, after: Point | None) -> tuple[Day | None, Day | None]:
        """Return the moment's date, and the date or year that was carried into it."""
        own = _day_of(moment, moment.rule)
        if own.complete or (own.month is not None and moment.hour is None):
            if own.year is not None:
                return own, None
            dated = self._with_year(own)
            source = None if dated.year is None else self._year_source(own)
            return dated, source
        if self.postings and after is None and (posted := self._posted(moment)) is not None:
            return posted, posted
        reference = self._reference(moment, after)
        if reference is not None and own.day is None and own.month is None and moment.weekday is None:
            return reference, reference
        if reference is None or not reference.complete:
            return (own if own.day or own.month else None), None
        if own.day is not None:
            return _nearest(own, reference), reference
        if moment.weekday is not None:
            return _weekday(reference, moment.weekday), reference
        return reference, reference

    def _posted(self, moment: Moment) -> Day | None:
        """Return the day of a bare clock time in a status page's update: the last such time before the update was posted."""
        at = bisect_right(self.postings, moment.start, key=lambda m: m.start)
        zone = moment.zone or self.zone_at(moment.start)
        if not at or moment.hour is None or zone is None or self.postings[at - 1].start == moment.start:
            return None
        stamp = self.postings[at - 1]
        local = _instant(stamp, zone)
        if local is None:
            return None
        if (moment.hour, moment.minute or 0) > (local.hour, local.minute):
            local -= timedelta(days=1)
        return Day(local.year, local.month, local.day, stamp.start, stamp.end, "clock.carry.posting")

    def posted_at(self, posting: Moment, zone: Zone | None) -> Point:
        """Return a status page's stamp as a point, told in `zone` where there is one (the zone of the page's own sentences)."""
        point = self.point(posting)
        local = None if zone is None else _instant(posting, zone)
        if local is None or zone is None:
            return point
        date, time = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
        offset = zones.utc_offset(zone, date, time)
        evidence = (*point.evidence, self._evidence(zone.start, zone.end, "clock.carry.zone"))
        return Point(date, time, offset, zone.text, f"{date}T{time}:00{offset or ''}", evidence)

    def _reference(self, moment: Moment, after: Point | None) -> Day | None:
        """Return the date to carry: of `after`, unless a date that governs stands between the two."""
        previous = _day_of_point(after)
        if previous is not None:
            block = self._block(moment.start)
            begins = block.start if block is not None else moment.start
            # A date stated for all entries holds behind an entry that writes another of its own.
            own = after is not None and after.evidence[0].rule == "clock.moment"
            at = bisect_right(self.anchors, moment.start, key=lambda day: day.start)
            nearer = [
                d
                for d in self.anchors[max(0, at - _LOOK_BACK) : at]
                if d.complete and (d.start > previous.start or (own and d.rule == "clock.carry.stated"))
            ]
            here = [
                m
                for m in self._before(max(begins, previous.end), moment.start)
                if m.day is not None and m.month is not None
            ]
            if nearer and nearer[-1].rule == "clock.carry.stated":
                return self._with_year(nearer[-1])
            if here:
                return self._with_year(self._around(here[0], moment))
            return self._with_year(nearer[-1]) if nearer else previous
        return self.governing(moment.start)

    def _year_source(self, day: Day) -> Day | None:
        return self.incident if self.incident is not None and self.incident.year is not None else self.year

    def _with_year(self, day: Day) -> Day:
        """Return `day` with the report's year, where it has none: the year that brings it nearest to the incident."""
        if day.year is not None or day.month is None:
            return day
        near = self.incident
        if near is not None and near.year is not None and near.complete:
            return _nearest(day, near)
        if self.published is not None and self.published.year is not None and self.published.complete:
            year = self.published.year
            later = (day.month, day.day or 1) > (self.published.month or 12, self.published.day or 31)
            return _replace(day, year=year - 1 if later else year)
        return _replace(day, year=self.year.year) if self.year is not None else day

    # -- times

    def _hour(self, moment: Moment, after: Point | None) -> int | None:
        """Return the hour, in the afternoon where am/pm is left out of a 12-hour account that has passed noon."""
        hour = moment.hour
        if (
            hour is None
            or moment.meridiem is not None
            or not self.twelve_hour
            or after is None
            or not after.time
        ):
            return hour
        before = int(after.time[:2]) * 60 + int(after.time[3:])
        if (
            0 < hour < 12
            and self.document.text[moment.start] != "0"
            and hour * 60 + (moment.minute or 0) < before
        ):
            return hour + 12 if (hour + 12) * 60 + (moment.minute or 0) >= before else hour
        return hour

    # -- places

    def _block(self, offset: int) -> Block | None:
        at = bisect_right(self._blocks, offset)
        if not at:
            return None
        block = self.document.blocks[at - 1]
        return block if offset <= block.end else None

    def _before(self, start: int, offset: int) -> list[Moment]:
        """Return the last moments between two offsets, the nearest to `offset` first."""
        return list(_moments(self._mentions(start, offset)[-_LOOK_BACK:], backward=True))

    def _mentions(self, start: int, end: int) -> tuple[Mention, ...]:
        first = bisect_right(self.mentions, start - 1, key=lambda m: m.start)
        last = bisect_right(self.mentions, end - 1, key=lambda m: m.start)
        return self.mentions[first:last]

    def _evidence(self, start: int, end: int, rule: str) -> Evidence:
        return Evidence(start, end, self.document.text[start:end], rule)


def minutes_between(start: Point, end: Point) -> float | None:
    """Return the minutes from `start` to `end`, or ``None`` where a time is unknown or the end is before the start.

    Where only one side has a date the clock times alone count; a difference of zones counts where both are known.
    """
    if start.time is None or end.time is None:
        return None
    minutes = _clock(end.time) - _clock(start.time)
    first, last = _ordinal(start.date), _ordinal(end.date)
    if first is not None and last is not None:
        minutes += (last - first) * _DAY
    elif start.date is None and end.date is None and minutes < 0:
        minutes += _DAY
    if start.utc_offset and end.utc_offset:
        minutes += _offset_minutes(start.utc_offset) - _offset_minutes(end.utc_offset)
    return float(minutes) if minutes >= 0 else None


def _clock(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _offset_minutes(offset: str) -> int:
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return -minutes if offset[0] == "-" else minutes


def _ordinal(date: str | None) -> int | None:
    """Return a day number for subtracting: unknown years are taken as one and the same."""
    if date is None or not date[8:10].isdigit() or not date[5:7].isdigit():
        return None
    year = int(date[:4]) if date[:4].isdigit() else 2001
    try:
        return Date(year, int(date[5:7]), int(date[8:10])).toordinal()
    except ValueError:
        return None


def _rolled(carried: Day, after: Point, time: str, forward: bool) -> int:
    """Return 1 where a clock time that carries the date of `after` has passed midnight since."""
    same = _day_of_point(after)
    if (
        same is None
        or (same.year, same.month, same.day) != (carried.year, carried.month, carried.day)
        or not after.time
    ):
        return 0
    back = _clock(after.time) - _clock(time)
    return int(back > 0 if forward else back >= _MIDNIGHT)


def _moments(mentions: Iterable[Mention], *, backward: bool = False) -> Iterator[Moment]:
    for mention in reversed(tuple(mentions)) if backward else mentions:
        if isinstance(mention, Moment):
            yield mention
        elif isinstance(mention, Interval):
            yield from (mention.last, mention.first) if backward else (mention.first, mention.last)


def _day_of(moment: Moment, rule: str) -> Day:
    return Day(moment.year, moment.month, moment.day, moment.start, moment.end, rule)


def _day_of_point(point: Point | None) -> Day | None:
    if point is None or point.date is None or not point.evidence:
        return None
    year, month, day = (
        int(part) if part.isdigit() else None for part in (point.date[:4], point.date[5:7], point.date[8:10])
    )
    said = point.evidence[0]
    return Day(year, month, day, said.start, said.end, "clock.carry.previous")


def _replace(day: Day, *, year: int | None) -> Day:
    return Day(year, day.month, day.day, day.start, day.end, day.rule)


def _edtf(day: Day | None) -> str | None:
    if day is None or (day.year is None and day.month is None and day.day is None):
        return None
    year = "XXXX" if day.year is None else f"{day.year:04d}"
    month = "XX" if day.month is None else f"{day.month:02d}"
    return f"{year}-{month}-{'XX' if day.day is None else f'{day.day:02d}'}"


def _shift(day: Day, days: int) -> Day:
    if not day.complete:
        return day
    try:
        moved = Date(day.year or 2001, day.month or 1, day.day or 1) + timedelta(days=days)
    except (ValueError, OverflowError):
        return day
    return Day(moved.year if day.year else None, moved.month, moved.day, day.start, day.end, day.rule)


def _nearest(day: Day, reference: Day) -> Day:
    """Return `day` with the year (and month, where it has none) that brings it nearest to `reference`."""
    if day.day is None:
        return _replace(day, year=reference.year)
    base = Date(reference.year or 2001, reference.month or 1, min(reference.day or 1, 28))
    candidates: list[tuple[int, Date]] = []
    for months in range(-1, 2) if day.month is None else (0,):
        for years in range(-1, 2) if reference.year is not None else (0,):
            month = day.month or (base.month - 1 + months) % 12 + 1
            year = base.year + years
            try:
                candidate = Date(year, month, day.day)
            except ValueError:
                continue
            candidates.append((abs((candidate - base).days), candidate))
    if not candidates:
        return _replace(day, year=reference.year)
    best = min(candidates)[1]
    return Day(best.year if reference.year else None, best.month, best.day, day.start, day.end, day.rule)


def _weekday(reference: Day, weekday: int) -> Day:
    """Return the first day from `reference` on that is the weekday (the reference itself where its year is unknown)."""
    if reference.year is None or not reference.complete:
        return reference
    try:
        base = Date(reference.year, reference.month or 1, reference.day or 1)
    except ValueError:
        return reference
    return _shift(reference, (weekday - base.weekday()) % 7)


def _instant(moment: Moment, zone: Zone) -> datetime | None:
    """Return the wall clock in `zone` at a moment that is written in full, with its own zone."""
    own = moment.zone
    if own is None or own.offset is None or moment.year is None or moment.month is None or moment.day is None:
        return None
    minutes = _offset_minutes(own.offset)
    try:
        there = datetime(
            moment.year, moment.month, moment.day, moment.hour or 0, moment.minute or 0,
            tzinfo=timezone(timedelta(minutes=minutes)),
        )  # fmt: skip
        return zones.in_zone(there, zone)
    except (ValueError, OverflowError):
        return None


# -- what governs


def _postings(document: Document, moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Return the stamps of a status page's updates: machine-written instants at line starts, the newest first.

    Exports write the oldest first; that is taken for updates only where each stamp stands alone or before one word of status,
    since a log runs that way too.
    """
    found = []
    bare = True
    for moment in moments:
        if moment.zone is None or moment.year is None or "T" not in document.text[moment.start : moment.end]:
            continue
        line = document.plain.rfind("\n", 0, moment.start) + 1
        end = document.plain.find("\n", moment.end)
        rest = document.plain[moment.end : end if end != -1 else len(document.plain)]
        if not document.plain[line : moment.start].strip() and len(rest.split()) <= 3:
            found.append(moment)
            bare = bare and len(rest.split()) <= 1
    keys = [m.instant for m in found]
    if not found or found[0].start > _POSTING_REACH:
        return ()
    return tuple(found) if keys == sorted(keys, reverse=True) or (bare and keys == sorted(keys)) else ()


def _anchors(document: Document, moments: tuple[Moment, ...]) -> Iterator[Day]:
    """Yield the dates of headings and of lines that hold nothing else: they govern what follows."""
    starts = [block.start for block in document.blocks]
    for moment in moments:
        if moment.day is None or moment.month is None:
            continue
        at = bisect_right(starts, moment.start)
        if not at:
            continue
        block = document.blocks[at - 1]
        if block.end < moment.start or _aside(document, block.section):
            continue
        if block.kind is BlockKind.HEADING:
            yield _day_of(moment, "clock.carry.heading")
            continue
        before = document.plain[max(block.start, moment.start - 48) : moment.start]
        if " ".join(before.split()).lower().endswith(DATED):
            yield _day_of(moment, "clock.carry.stated")
            continue
        end = document.plain.find("\n", moment.end, block.end)
        begin = document.plain.rfind("\n", block.start, moment.start) + 1 or block.start
        rest = (
            document.plain[begin : moment.start]
            + " "
            + document.plain[moment.end : end if end != -1 else block.end]
        )
        if len(rest) < 60 and _AROUND_DATE.fullmatch(rest) is not None:
            yield _day_of(moment, "clock.carry.line")


def _aside(document: Document, section: int) -> bool:
    while section >= 0:
        if _ASIDE.intersection(document.sections[section].names):
            return True
        section = document.sections[section].parent
    return False


def _published(document: Document, moments: tuple[Moment, ...]) -> Day | None:
    """Return the date on which the report was written: it comes after the incident."""
    matter = document.front_matter
    places = [(s, e) for key, s, e in matter.fields if key == "date"] if matter is not None else []
    places += [(f.start, f.end) for f in document.fields if "date" in f.names and PUBLISHED.search(f.label)]
    for start, end in places:
        for moment in _within(moments, start, end):
            if moment.year is not None and moment.month is not None:
                return _day_of(moment, "clock.carry.published")
    return None


def _within(moments: Sequence[Moment], start: int, end: int) -> Sequence[Moment]:
    """Return the moments that begin in `start:end`; `moments` are in text order."""
    first = bisect_left(moments, start, key=lambda m: m.start)
    return moments[first : bisect_left(moments, end, lo=first, key=lambda m: m.start)]


def _incident(
    document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...], published: Day | None
) -> Day | None:
    """Return the date that the report is about: its "Date:" field, its title, or the first date of its account."""
    dated = [m for m in moments if m.day is not None and m.month is not None]
    for f in document.fields:
        if not _OF_INCIDENT.intersection(f.names) or PUBLISHED.search(f.label):
            continue
        inside = _within(dated, f.start, f.end)
        unread = not inside or (inside[0].year is None and _BARE_YEAR.search(document.plain, f.start, f.end))
        if unread and "date" in f.names and (odd := _odd(document, f.start, f.end)) is not None:
            return odd
        if inside and not _aside(document, document.blocks[f.block].section):
            return _day_of(inside[0], "clock.carry.field")
    matter = document.front_matter
    titles = [(s, e) for key, s, e in matter.fields if key == "title"] if matter is not None else []
    titles += [(s.start, s.end) for s in document.sections[:1]]
    for start, end in titles:
        for moment in _within(dated, start, end):
            return _day_of(moment, "clock.carry.title")
    starts = [block.start for block in document.blocks]
    body = [
        m
        for m in dated
        if (matter is None or m.start >= matter.end)
        and (published is None or m.start != published.start)
        and not _aside(document, _section_at(document, starts, m.start))
    ]
    timed = next((m for m in body if m.hour is not None), None)
    if timed is not None or body:
        return _day_of(timed or body[0], "clock.carry.first")
    return published


def _odd(document: Document, start: int, end: int) -> Day | None:
    """Return the date of a "Date:" field that is written as no pattern reads it."""
    line = document.plain[start:end].partition("\n")[0]
    found = odd_date(line)
    return (
        None
        if found is None or found[2] is None
        else Day(*found, start, start + len(line), "clock.carry.field")
    )


def _section_at(document: Document, starts: list[int], offset: int) -> int:
    at = bisect_right(starts, offset)
    return document.blocks[at - 1].section if at else -1


def _year(document: Document, moments: tuple[Moment, ...], published: Day | None) -> Day | None:
    """Return a year given anywhere: in the title, with a date, in the front matter, in prose."""
    matter = document.front_matter
    titles = [(s, e) for key, s, e in matter.fields if key == "title"] if matter is not None else []
    for start, end in titles + [(s.start, s.end) for s in document.sections[:1]]:
        match = _BARE_YEAR.search(document.plain, start, end)
        if match is not None:
            return Day(int(match[0]), None, None, match.start(), match.end(), "clock.carry.title")
    for moment in moments:
        if moment.year is not None and (published is None or moment.start != published.start):
            return _day_of(moment, "clock.carry.year")
    if published is not None:
        return published
    named = _YEAR_NAMED.search(document.plain)
    return (
        None
        if named is None
        else Day(int(named[1]), None, None, named.start(1), named.end(1), "clock.carry.year")
    )


def _statements(document: Document) -> Iterator[tuple[int, Zone]]:
    """Yield the zones that the report states for its times, with the offsets from which they hold."""
    plain = document.plain
    found: list[tuple[int, Zone]] = []
    for match in zones.find(plain):
        if any(lead.search(plain, max(0, match.start() - 64), match.start()) for lead in statements()):
            zone = zones.read(match[0], match.start(), plain)
            if zone is not None:
                found.append((match.start(), zone))
    for f in document.fields:
        if "timezone" in f.names:
            for match in zones.find(plain, f.start, min(f.end, f.start + 80)):
                zone = zones.read(match[0], match.start(), plain)
                if zone is not None:
                    found.append((f.label_start, zone))
    yield from sorted(found, key=lambda pair: pair[0])


def _header_zone(document: Document, header: str, offset: int) -> Zone | None:
    for match in zones.find(header):
        at = document.plain.rfind(match[0], 0, offset)
        return zones.read(match[0], at, document.plain) if at != -1 else None
    return None


def _bracketed_zone(document: Document) -> Zone | None:
    """Return the zone that stands in brackets away from any time, where it is the only one so written."""
    found = [
        zone
        for match in zones.find(document.plain)
        if document.plain[match.start() - 1 : match.start()] == "("
        and (zone := zones.read(match[0], match.start(), document.plain)) is not None
    ]
    return found[0] if found and len({zone.offset or zone.region for zone in found}) == 1 else None


def _only_zone(moments: list[Moment]) -> Zone | None:
    """Return the zone of the report's times, where all that name one mean the same."""
    named = [m.zone for m in moments if m.zone is not None]
    if not named or len({zone.offset or zone.region for zone in named}) > 1:
        return None
    return named[0]
