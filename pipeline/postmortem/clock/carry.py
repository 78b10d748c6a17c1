"""Completing moments: the date, year and zone that a report gives once and means throughout.

`Calendar.of(document, mentions)` collects what governs (title, front matter, "Date:" fields, dated headings and lines,
the zone of a column head or of "all times in …"). `Calendar.point` then completes one moment at its place in the text. What a
point states itself and what is carried stay apart: the evidence of a carried part follows that of the moment, under rules
``clock.carry.…``. Nothing comes from outside the report.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from operator import attrgetter
from typing import Final

from postmortem.clock import zones
from postmortem.clock.about import chosen, is_day
from postmortem.clock.days import (
    PREVIOUS,
    Day,
    clock_minutes,
    day_of,
    day_of_point,
    edtf,
    minutes_between,
    moments_of,
    nearest,
    offset_minutes,
    on_weekday,
    ordinal,
    shift,
    with_year,
    year_of_weekday,
)
from postmortem.clock.governing import (
    bracketed_zone,
    days_by_rules,
    header_zone,
    night_of,
    only_zone_of,
    overruled,
    partly_anchors_of,
    postings_of,
    statements_of,
    year_of,
)
from postmortem.clock.model import Interval, Mention, Moment, Zone
from postmortem.clock.patterns import LOOKS_BACK, WEEKDAYS
from postmortem.document import Block, BlockKind, Document
from postmortem.record import Evidence, Point

__all__ = ["Calendar", "minutes_between", "utc_offset"]

utc_offset = zones.utc_offset

# A clock that goes back by less than this is an entry out of order; by more, the next day.
_MIDNIGHT: Final = 6 * 60
_NOON: Final = 12
_HALF_DAY: Final = 12 * 60
_SOON: Final = 3 * 60
# How far from a time in words another in figures tells which half of the day it is of.
_FIGURES_REACH: Final = 300
# How many mentions or dates before a moment are looked at: a bound for texts that are nothing but times.
_LOOK_BACK: Final = 32
_START: Final = attrgetter("start")
_WEEK: Final = 7
_WEEKS: Final = 14
# How a report says for certain what day it is about; before a day that begins a paragraph nothing but "On" stands.
# The rules of a day that the report as a whole gives.
_GENERAL: Final = frozenset(
    f"clock.carry.{rule}"
    for rule in ("title", "field", "first", "heading", "line", "stated", "published", "chosen")
)
_SURE: Final = frozenset({"clock.carry.title", "clock.carry.field"})
_LEAD: Final = 8
_PASSING_REACH: Final = 24
_PASSING: Final = re.compile(
    r"\b(?:once|already|back|again|like|as|than|since|by|due|for|before)(?: on)?(?: the)? \Z", re.IGNORECASE
)
_NEXT_DAY: Final = r"the (?:next|following) (?:day|morning|afternoon|evening)"
_NEXT_DAY_AFTER: Final = re.compile(rf"[\s,(]{{1,3}}(?:on |of )?{_NEXT_DAY}\b", re.IGNORECASE)
_NEXT_DAY_BEFORE: Final = re.compile(rf"\b{_NEXT_DAY},? (?:at |around |about ){{0,2}}\Z", re.IGNORECASE)
_NEXT_DAYS: Final = re.compile(rf"\b{_NEXT_DAY}\b", re.IGNORECASE)
_NEXT_DAY_REACH: Final = 40
_MOST_BETWEEN: Final = 2_000
_SPOKEN: Final = re.compile(
    r"\b(?:(?P<before>yesterday|last (?:night|evening))|today|tonight|this (?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)
_WEEKDAY_REACH: Final = 120
_LAST_NIGHT: Final = re.compile(r"[\s,]{1,3}(?:last (?:night|evening)|yesterday)\b", re.IGNORECASE)
_ON_WEEKDAY: Final = re.compile(
    rf"\b(?:on|last|this) ({'|'.join(day for day in WEEKDAYS if day.endswith('day'))})\b[^.\n]{{0,80}}\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a report says about dates and zones, for completing its moments.

    `anchors` are the dates that govern the text after them (dated headings, lines that hold nothing but a date), in order;
    `incident` is the date that the report as a whole is about; `published` the latest that it can be; `year` the year
    given anywhere; `postings` are the machine-written stamps of a status page's updates, in text order; `night` is the first
    span past midnight that it dates: the day, and the clock times in minutes, on which that begins and ends.
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
    night: tuple[Day, int, int] | None = None
    _blocks: tuple[int, ...] = field(default=(), repr=False)
    _starts: tuple[int, ...] = field(default=(), repr=False)
    # The clock times, as hour and minute, that the report writes in figures.
    _clocks: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)
    # Where clock times stand that are written on one kind of clock for certain, whether that has twelve hours, and what it shows.
    _halves: tuple[tuple[int, bool, int | None, int | None], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, document: Document, mentions: tuple[Mention, ...]) -> Calendar:
        """Return the calendar of a document whose mentions are `mentions` (in order, as `postmortem.clock.scan` gives them)."""
        moments = tuple(moments_of(mentions))
        anchors, incident, published = days_by_rules(document, moments)
        postings = postings_of(document, moments)
        about = incident if postings else chosen(document, moments, incident, published)
        if about is not incident:
            written, incident = incident, about
            if is_day(published, incident):
                published = None
            if written is not None:
                anchors = tuple(day for day in anchors if day.start != written.start)
        if published is not None or (incident is not None and incident.rule == "clock.carry.field"):
            anchors = tuple(day for day in anchors if not overruled(document, day, incident, published))
        partly = tuple(partly_anchors_of(document, moments, anchors, incident or published))
        if partly:
            anchors = tuple(sorted((*anchors, *partly), key=_START))
        year = year_of(document, moments, published)
        # A message's own zone is its sender's.
        stamps = {m.start for m in postings} | ({published.start} if published is not None else set())
        hours = [m for m in moments if m.hour is not None and m.start not in stamps]
        named = list(zones.find(document.plain))
        return cls(
            document,
            mentions,
            anchors,
            incident,
            published,
            year,
            tuple(statements_of(document, named)),
            only_zone_of(hours) if any(m.zone for m in hours) else bracketed_zone(document, named),
            next((m.zone for m in hours if m.zone is not None), None),
            any(m.meridiem in ("am", "pm") for m in hours) and not any(m.meridiem == "24h" for m in hours),
            postings,
            None if postings else night_of(mentions, incident or published),
            tuple([block.start for block in document.blocks]),
            tuple([mention.start for mention in mentions]),
            frozenset((m.hour, m.minute or 0) for m in hours if m.hour and not _in_words(m, document.text)),
            tuple(
                (m.start, m.meridiem != "24h", m.hour, m.minute)
                for m in hours
                if m.meridiem in ("am", "pm", "24h")
            ),
        )

    def point(self, moment: Moment, after: Point | None = None, *, forward: bool = False) -> Point:
        """Return `moment` completed at its place in the text.

        `after` is the point before it in the same account: its date carries over, to the next day where the clock goes
        back by six hours or more. With `forward` the moment is known to be the later one (an interval's end), so that any
        step back is the next day.
        """
        text = self.document.text
        evidence = [Evidence(moment.start, moment.end, text[moment.start : moment.end], moment.rule)]
        day, carried = self._day(moment, after)
        if carried is not None:
            evidence.append(
                Evidence(carried.start, carried.end, text[carried.start : carried.end], carried.rule)
            )
        hour = self._hour(moment, after)
        time = None if hour is None else f"{hour:02d}:{moment.minute or 0:02d}"
        moved = int(moment.next_day)
        if time and moment.day is None and moment.weekday is None and carried is not None and not moved:
            if after is None:
                moved = int(_NEXT_DAY_AFTER.match(self.document.plain, moment.end) is not None)
            elif after.time:
                moved = _rolled(carried, after, time, forward) or self._says_next_day(moment, after, time)
            if time and after is None and not moved and carried.rule in _GENERAL:
                moved = int(self._after_midnight(carried, clock_minutes(time)))
        if moved and day is not None:
            day = shift(day, moved)
        date = edtf(day)
        zone = moment.zone
        if zone is None and time is not None:
            zone = self.zone_at(moment.start)
            if zone is not None:
                evidence.append(self._evidence(zone.start, zone.end, "clock.carry.zone"))
        offset = None if zone is None else zones.utc_offset(zone, date, time)
        iso = f"{date}T{time}:00{offset or ''}" if date and time and "X" not in date else None
        return Point(date, time, offset, zone.text if zone else None, iso, tuple(evidence))

    def _after_midnight(self, day: Day, clock: int) -> bool:
        """Does a clock time, which belongs to the report's day, lie on the one after it: behind the midnight of the night that
        the report tells, or nearer to its end than to its beginning?"""
        if self.night is None or edtf(self._with_year(self.night[0])) != edtf(self._with_year(day)):
            return False
        _, begin, end = self.night
        return clock <= end or (clock < begin and clock - end < begin - clock)

    def _says_next_day(self, moment: Moment, after: Point, time: str) -> int:
        """Return 1 where the text says "the next day" of a clock time that is not known to lie there anyhow."""
        if after.time is None or time < after.time:
            return 0
        plain = self.document.plain
        said = _NEXT_DAY_AFTER.match(plain, moment.end) or _NEXT_DAY_BEFORE.search(
            plain, max(0, moment.start - _NEXT_DAY_REACH), moment.start
        )
        return int(said is not None)

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
                    zone = header_zone(self.document, cell.header, offset)
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
            weekday = None
            plain = self.document.plain
            named = _ON_WEEKDAY.search(plain, max(block.start, offset - _WEEKDAY_REACH), offset)
            for moment in self._before(block.start, offset):
                if named is not None and moment.end <= named.start():
                    break  # a weekday of the sentence itself: see `_above`
                if moment.day is not None and moment.month is not None and not self._in_passing(moment):
                    day = self._with_year(self._around(moment, self._moment_at(offset)))
                    if weekday is not None:
                        return self._on_weekday(day, weekday)
                    later = _NEXT_DAYS.search(
                        self.document.plain, moment.end, min(offset, moment.end + _MOST_BETWEEN)
                    )
                    return day if later is None else shift(day, 1)
                if moment.day is not None and moment.month is None and moment.year is None:
                    above = self._above(block.start)
                    if above is not None and above.complete:
                        return nearest(day_of(moment, "clock.carry.block"), above)
                if weekday is None and moment.day is None:
                    weekday = moment.weekday
            if weekday is not None:
                above = self._above(offset)
                return None if above is None else self._on_weekday(above, weekday)
        return self._above(offset)

    def _in_passing(self, moment: Moment) -> bool:
        """Is a day only mentioned ("it had failed once on 22 December"), so that no clock time after it belongs to it?"""
        if moment.hour is not None:
            return False
        if self._far(moment):
            return True
        return (
            _PASSING.search(self.document.plain, max(0, moment.start - _PASSING_REACH), moment.start)
            is not None
        )

    def _far(self, moment: Moment) -> bool:
        """Is a day, told inside a paragraph, weeks away from the one that the title or a field gives for the incident?"""
        about, block = self.incident, self._block(moment.start)
        if about is None or about.rule not in _SURE or block is None or moment.start - block.start <= _LEAD:
            return False
        told, known = (
            ordinal(edtf(self._with_year(day_of(moment, "")))),
            ordinal(edtf(self._with_year(about))),
        )
        return told is not None and known is not None and abs(told - known) > _WEEKS

    def _on_weekday(self, reference: Day, weekday: int) -> Day:
        """Return the day that a bare weekday means: the only one that the report names with its date, else the one nearest by."""
        named = {
            (m.year, m.month, m.day): m
            for m in moments_of(self.mentions)
            if m.weekday == weekday and m.month is not None and m.day is not None and m.year is not None
        }
        if len(named) == 1 and reference.rule != "clock.carry.published":
            dated = next(iter(named.values()))
            day = day_of(dated, "clock.carry.weekday")
            gap = (ordinal(edtf(day)) or 0) - (ordinal(edtf(reference)) or 0)
            if abs(gap) < _WEEK:
                return day
        if reference.year is None and (year := self._year_like()) is not None:
            told = on_weekday(with_year(reference, year=year), weekday)
            return with_year(told, year=None)
        return on_weekday(reference, weekday)

    def _year_like(self) -> int | None:
        """Return a year whose calendar is that of a report which names a weekday with its date, but no year."""
        for m in moments_of(self.mentions):
            if m.weekday is not None and m.month is not None and m.day is not None:
                return year_of_weekday(m.month, m.day, m.weekday)
        return None

    def _above(self, offset: int) -> Day | None:
        """Return the date of the nearest heading or line of its own above an offset, else the one of the whole report."""
        at = bisect_right(self.anchors, offset, key=_START)
        day = self._with_year(self.anchors[at - 1]) if at else self._default()
        if day is None:
            return day
        plain, near = self.document.plain, max(0, offset - _WEEKDAY_REACH)
        if day.rule == "clock.carry.published" and self._of_yesterday(offset):
            return shift(day, -1)
        named = _ON_WEEKDAY.search(plain, near, offset)
        return day if named is None else self._on_weekday(day, WEEKDAYS[named[1].lower()])

    def _of_yesterday(self, offset: int) -> bool:
        """Does the paragraph say, right behind the clock time at an offset or last before it, that it was yesterday's?"""
        plain, moment, block = self.document.plain, self._moment_at(offset), self._block(offset)
        if moment is not None and _LAST_NIGHT.match(plain, moment.end):
            return True
        near = max(offset - _MOST_BETWEEN, 0 if block is None else block.start)
        said = [match["before"] for match in _SPOKEN.finditer(plain, near, offset)]
        return bool(said) and said[-1] is not None

    def _moment_at(self, offset: int) -> Moment | None:
        return next((m for m in moments_of(self._mentions(offset, offset + 1)) if m.start == offset), None)

    def _around(self, dated: Moment, moment: Moment | None) -> Day:
        """Return the date of an earlier moment of the block; the day before where that is the stamp of an update which
        looks back ("Apr 1, 1:45 AM: Starting at 5:03 PM …")."""
        day = day_of(dated, "clock.carry.block")
        if moment is None or dated.hour is None or moment.hour is None:
            return day
        between = self.document.plain[dated.end : moment.start]
        later = (moment.hour, moment.minute or 0) > (dated.hour, dated.minute or 0)
        return shift(day, -1) if later and LOOKS_BACK.fullmatch(between) else day

    def _default(self) -> Day | None:
        return None if self.incident is None else self._with_year(self.incident)

    def _day(self, moment: Moment, after: Point | None) -> tuple[Day | None, Day | None]:
        """Return the moment's date, and the date or year that was carried into it."""
        bare = moment.day is None and moment.month is None and moment.year is None
        if bare and moment.weekday is None and not self.postings:
            reference = self._reference(moment, after)
            return reference, reference
        own = day_of(moment, moment.rule)
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
            return nearest(own, reference), reference
        if moment.weekday is not None:
            return self._on_weekday(reference, moment.weekday), reference
        return reference, reference

    def _posted(self, moment: Moment) -> Day | None:
        """Return the day of a bare clock time in a status page's update: the last such time before the update was posted."""
        at = bisect_right(self.postings, moment.start, key=_START)
        zone = moment.zone or self.zone_at(moment.start)
        if not at or moment.hour is None or zone is None or self.postings[at - 1].start == moment.start:
            return None
        stamp = self.postings[at - 1]
        local = _instant(stamp, zone)
        if local is None:
            return None
        told = next((m for m in self._before(stamp.end, moment.start) if m.year and m.month and m.day), None)
        if (
            told is not None
            and (told.year, told.month, told.day) < (local - timedelta(days=1)).timetuple()[:3]
        ):
            return day_of(told, "clock.carry.block")  # a report on what happened days before it was posted
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
        previous = day_of_point(after)
        if previous is not None:
            block = self._block(moment.start)
            begins = block.start if block is not None else moment.start
            # A date stated for all entries holds behind an entry that writes another of its own.
            own = after is not None and after.evidence[0].rule == "clock.moment"
            at = bisect_right(self.anchors, moment.start, key=_START) if self.anchors else 0
            nearer = [
                d
                for d in self.anchors[max(0, at - _LOOK_BACK) : at]
                if d.complete and (d.start > previous.start or (own and d.rule == "clock.carry.stated"))
            ]
            here = [
                m
                for m in self._before(max(begins, previous.end), moment.start)
                if m.day is not None and m.month is not None and not self._in_passing(m)
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
            return nearest(day, near)
        if self.published is not None and self.published.year is not None and self.published.complete:
            year = self.published.year
            later = (day.month, day.day or 1) > (self.published.month or 12, self.published.day or 31)
            return with_year(day, year=year - 1 if later else year)
        return with_year(day, year=self.year.year) if self.year is not None else day

    # -- times

    def _hour(self, moment: Moment, after: Point | None) -> int | None:
        """Return the hour: in the afternoon where am/pm is left out of a 12-hour account that has passed noon, or where a time in
        words ("a quarter past six") is written elsewhere in figures that say so ("18:15")."""
        hour = moment.hour
        if hour and hour < _NOON and moment.meridiem is None and _in_words(moment, self.document.text):
            minute = moment.minute or 0
            if (hour + _NOON, minute) in self._clocks and (hour, minute) not in self._clocks:
                return hour + _NOON
        if hour is None or moment.meridiem is not None or not 0 < hour < _NOON:
            return hour
        if not (self._twelve(moment.start) or _in_words(moment, self.document.text)):
            return hour
        before = self._told_before(moment, after)
        if before is None or self.document.text[moment.start] == "0":
            return hour + self._half_in_figures(moment, hour)
        clock = hour * 60 + (moment.minute or 0)
        if not clock < before <= clock + _HALF_DAY:
            return hour if after is not None or not self._between_told(moment, clock) else hour + _NOON
        said = any(half[2:] == (hour, moment.minute) for half in self._halves)
        if after is None and (said or clock + _HALF_DAY - before > _SOON):
            return hour  # said in full elsewhere, or the account has turned back
        return hour + _NOON

    def _twelve(self, offset: int) -> bool:
        """Is a clock of twelve hours the one that the report, or the last time before an offset that tells, is written on?"""
        if self.twelve_hour:
            return True
        at = bisect_left(self._halves, (offset,))
        return at > 0 and self._halves[at - 1][1]

    def _told_before(self, moment: Moment, after: Point | None) -> int | None:
        """Return the clock time, in minutes, before a moment: of the entry before it, else of the last not far above that says
        which half of the day it is."""
        if after is not None:
            return clock_minutes(after.time) if after.time else None
        told = self._before(max(0, moment.start - _MOST_BETWEEN), moment.start)
        last = next((m for m in told if m.hour is not None and m.meridiem in ("am", "pm")), None)
        return None if last is None or last.hour is None else last.hour * 60 + (last.minute or 0)

    def _half_in_figures(self, moment: Moment, hour: int) -> int:
        """Return the twelve hours by which a time in words ("since one o'clock") is later than it says, where the nearest time in
        figures is one after noon, close to that."""
        if not _in_words(moment, self.document.text) or (hour, moment.minute or 0) in self._clocks:
            return 0
        near = [
            (min(abs(m.start - moment.end), abs(moment.start - m.end)), (m.hour or 0) * 60 + (m.minute or 0))
            for m in moments_of(
                self._mentions(max(0, moment.start - _FIGURES_REACH), moment.end + _FIGURES_REACH)
            )
            if m.hour is not None and m.start != moment.start and not _in_words(m, self.document.text)
        ]
        if not near:
            return 0
        later = hour * 60 + (moment.minute or 0) + _HALF_DAY
        return _NOON if abs(later - min(near)[1]) <= _SOON else 0

    def _between_told(self, moment: Moment, clock: int) -> bool:
        """Does a clock time lie, in the afternoon, between two of those above that say which half of the day they are of ("from
        3:26 to 8:50 PM")?"""
        told = [
            m.hour * 60 + (m.minute or 0)
            for m in self._before(max(0, moment.start - _MOST_BETWEEN), moment.start)
            if m.hour is not None and m.meridiem in ("am", "pm")
        ]
        return bool(told) and min(told) <= clock + _HALF_DAY <= max(told) and clock < min(told)

    # -- places

    def _block(self, offset: int) -> Block | None:
        at = bisect_right(self._blocks, offset)
        if not at:
            return None
        block = self.document.blocks[at - 1]
        return block if offset <= block.end else None

    def _before(self, start: int, offset: int) -> list[Moment]:
        """Return the last moments between two offsets, the nearest to `offset` first."""
        found = self._mentions(start, offset)
        return list(moments_of(found[-_LOOK_BACK:], backward=True)) if found else []

    def _mentions(self, start: int, end: int) -> tuple[Mention, ...]:
        first = bisect_left(self._starts, start)
        return self.mentions[first : bisect_left(self._starts, end, first)]

    def _evidence(self, start: int, end: int, rule: str) -> Evidence:
        return Evidence(start, end, self.document.text[start:end], rule)


def _in_words(moment: Moment, text: str) -> bool:
    """Is a clock time told in words ("half past two"), which never count beyond twelve?"""
    return moment.rule == "clock.time" and moment.weekday is None and text[moment.start].isalpha()


def _rolled(carried: Day, after: Point, time: str, forward: bool) -> int:
    """Return 1 where a clock time that carries the date of `after` has passed midnight since."""
    same = carried if carried.rule == PREVIOUS else day_of_point(after)
    if (
        same is None
        or (same.year, same.month, same.day) != (carried.year, carried.month, carried.day)
        or not after.time
    ):
        return 0
    back = clock_minutes(after.time) - clock_minutes(time)
    return int(back > 0 if forward else back >= _MIDNIGHT)


def _instant(moment: Moment, zone: Zone) -> datetime | None:
    """Return the wall clock in `zone` at a moment that is written in full, with its own zone."""
    own = moment.zone
    if own is None or own.offset is None or moment.year is None or moment.month is None or moment.day is None:
        return None
    minutes = offset_minutes(own.offset)
    try:
        there = datetime(
            moment.year, moment.month, moment.day, moment.hour or 0, moment.minute or 0,
            tzinfo=timezone(timedelta(minutes=minutes)),
        )  # fmt: skip
        return zones.in_zone(there, zone)
    except (ValueError, OverflowError):
        return None
