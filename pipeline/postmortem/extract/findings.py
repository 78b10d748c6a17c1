"""Findings: where a report contradicts itself. Each has a code, a plain message and the places that do not agree.

A finding must be right to be of use, so each test looks for a slip that leaves no other reading: lengths are compared
beyond their own rounding, only a listed timeline has an order, and only harm that is dated by the report itself lies
outside its window.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date as Date
from functools import cache
from itertools import combinations
from operator import attrgetter
from typing import Final

from postmortem.clock import zones
from postmortem.clock.days import moments_of
from postmortem.clock.model import Moment, Span, Zone
from postmortem.extract.statements import elapsed, lowered
from postmortem.matching import rules_of
from postmortem.record import Entry, Evidence, Finding, Outage, Point
from postmortem.report import Report
from postmortem.vocabulary import rules

_TOLERANCE: Final = 0.05
_LEAST_MINUTES: Final = 5.0
_DATED: Final = re.compile(
    r"[0-9]{4}|[0-9] ?(?:st|nd|rd|th)\b|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|[0-9][/-][0-9]"
)
_HOUR: Final = 60.0
_DAY: Final = 1440.0
# A clock that goes back by this much is read as the next day, not as an entry out of order.
_NEAR: Final = 360.0
_MIDNIGHT: Final = 360.0
# From 9:45 pm to 9:05 pm is a slip; from 10 pm to 1 am is a night.
_MOST_BACK: Final = 60.0
_MOST_OUT_OF_ORDER: Final = 2
_LEAST_ASCENDING: Final = 2
_LEAST_ENTRIES: Final = 3
_FIRST_YEAR: Final = 1980
_YEAR: Final = range(362, 370)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ASIDE: Final = frozenset({"actions", "lessons", "appendix", "communication", "background"})
_PERCENT: Final = re.compile(r"[1-9][0-9]{2,3}(?:\.[0-9]{1,2})? ?(?:%|[Pp]er ?cent\b|pct\b)")
_PERCENT_SIGNS: Final = ("%", "ercent", "er cent", "pct")
_LONGEST_FIGURE: Final = 10
_WHOLE: Final = frozenset({"lasted", "was", "of", "with-window", "in-brackets", "alone"})
_DOWN: Final = "down-for"
_OF_NUMBER: Final = frozenset("0123456789.,")
_TIME_TO: Final = "time-to"
_YEAR_BEHIND: Final = re.compile(r"[ ,]{1,2}[0-9]{4}\b")
_AROUND: Final = 60
# A weekday and the name of a month: day and month cannot have been taken for each other.
_LETTERS: Final = re.compile(r"[A-Za-z]{3,12}")
_START: Final = attrgetter("start")
_NO_HARM: Final = frozenset({"false_lead", "communication", "mitigation", "resolution", "follow_up"})
_MOST_YEARS: Final = 5


def findings(report: Report, outage: Outage, timeline: tuple[Entry, ...]) -> tuple[Finding, ...]:
    """Return what does not agree in a report, in the order of the codes below; empty where nothing is found.

    `outage` and `timeline` are the report's. Codes: duration_mismatch, end_before_start, timeline_out_of_order,
    entry_outside_window, percentage_over_100, weekday_conflict, year_conflict, zone_conflict.
    """
    conflict = tuple(_zone_conflict(report, outage, timeline))
    listed = tuple(e for e in timeline if e.evidence.rule == "timeline.listed" and e.at.time is not None)
    return (
        *_duration_mismatch(report, outage),
        *_end_before_start(outage),
        *_out_of_order(report, listed),
        # Where two zones are named for one clock, every comparison of the two is off.
        *(() if conflict else _outside_window(outage, listed)),
        *_over_100(report),
        *_weekday_conflict(report),
        *_year_conflict(report, outage),
        *conflict,
    )


@cache
def _pattern(role: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{r.source})" for r in rules("findings") if r.values["role"] == role),
        re.IGNORECASE,
    )


# Lengths and windows --------------------------------------------------------------------------------------------------------


def _duration_mismatch(report: Report, outage: Outage) -> Iterator[Finding]:
    stated, start, end = outage.stated_duration_minutes, outage.start, outage.end
    if stated is None or start is None or end is None or outage.basis != "stated":
        return
    window = elapsed(start, end)
    said = next((e for e in reversed(outage.evidence) if e.rule.startswith("outage.length")), None)
    if window is None or said is None or not _of_whole(report, said, start, end):
        return
    upper = max(
        (m.upper or 0.0 for m in report.mentions_between(said.start, said.end) if isinstance(m, Span)),
        default=0.0,
    )
    nearest = min(max(window, stated), max(stated, upper))
    plain = report.document.plain
    loose = _pattern("loose").search(plain, max(0, said.start - 20), said.end) is not None
    allowed = max(
        _LEAST_MINUTES, _TOLERANCE * max(window, nearest), _rounding(said.text, nearest, loose=loose)
    )
    if abs(window - nearest) > allowed and not _backwards(outage):
        message = f"stated {stated:g} minutes, window says {window:g}"
        yield Finding("duration_mismatch", message, _unique((said, *start.evidence[:1], *end.evidence[:1])))


def _of_whole(report: Report, said: Evidence, start: Point, end: Point) -> bool:
    """Is a stated length that of the whole window, not of a part of it, of one of several occurrences, or of the work on it?"""
    rule = said.rule.rpartition(".")[2]
    fields = [f for f in report.document.fields if "end" in f.names]
    if rule == _TIME_TO or len(fields) > 1:
        return False
    if rule in _WHOLE:
        return True
    window = [_block(report, e.start) for p in (start, end) for e in p.evidence[:1]]
    return rule != _DOWN and _block(report, said.start) in window


def _rounding(text: str, minutes: float, *, loose: bool) -> float:
    """Return how far a stated length may be off by the unit that it is given in."""
    lowered = text.lower()
    if "min" in lowered:
        return _LEAST_MINUTES * 2 if loose and minutes % 10 == 0 else _LEAST_MINUTES
    if "day" in lowered:
        return _DAY / 2
    if minutes % _HOUR == 0:
        return _HOUR / 2 if loose else _HOUR / 3 if minutes >= 2 * _HOUR else _HOUR / 4
    return _HOUR / 4


def _end_before_start(outage: Outage) -> Iterator[Finding]:
    start, end = outage.start, outage.end
    if start is None or end is None or not (start.iso and end.iso) or outage.basis != "stated":
        return
    if elapsed(start, end) is None or _backwards(outage):
        message = f"the end {end.date} {end.time} lies before the start {start.date} {start.time}"
        yield Finding("end_before_start", message, _unique((*start.evidence[:1], *end.evidence[:1])))


def _backwards(outage: Outage) -> bool:
    """Was an end that has no date of its own taken for the next day although its clock is only a little before the start's?"""
    start, end = outage.start, outage.end
    if (
        start is None
        or end is None
        or outage.basis != "stated"
        or not (start.time and end.time)
        or start.date == end.date
    ):
        return False
    minutes = elapsed(start, end)
    if not 0 < end.evidence[0].start - start.evidence[0].end < _AROUND:
        return False
    dated = [_DATED.search(p.evidence[0].text) is not None for p in (start, end)]
    return not all(dated) and minutes is not None and _DAY - _MOST_BACK <= minutes < _DAY


# The timeline ---------------------------------------------------------------------------------------------------------------


def _out_of_order(report: Report, listed: Sequence[Entry]) -> Iterator[Finding]:
    """Entries of one list that go back in time; a list that does so often is in another order (the newest first, by topic)."""
    if len(listed) < _LEAST_ENTRIES:
        return
    back = []
    down = up = 0
    sections = [_section(report, entry) for entry in listed]
    for i, (before, entry) in enumerate(zip(listed, listed[1:], strict=False)):
        if sections[i] != sections[i + 1]:
            continue
        minutes = elapsed(entry.at, before.at)
        down, up = down + bool(minutes), up + bool(elapsed(before.at, entry.at))
        if (minutes and before.at.date == entry.at.date and minutes < _MIDNIGHT) or _dated_back(
            before, entry
        ):
            back.append((before, entry))
    if len(back) > _MOST_OUT_OF_ORDER or up < _LEAST_ASCENDING * down:
        return
    for before, entry in back:
        message = f"{_clock(entry.at)} stands after {_clock(before.at)}"
        yield Finding("timeline_out_of_order", message, (before.at.evidence[0], entry.at.evidence[0]))


def _dated_back(before: Entry, entry: Entry) -> bool:
    """Does an entry that states its own date lie on an earlier day than the one before it?"""
    earlier, later = entry.at.date, before.at.date
    if not earlier or not later or earlier >= later or "X" in earlier or "X" in later:
        return False
    return not any(e.rule.startswith("clock.carry") for e in entry.at.evidence)


def _section(report: Report, entry: Entry) -> int:
    at = _block(report, entry.evidence.start)
    return report.document.blocks[at].section if at >= 0 else -1


def _block(report: Report, offset: int) -> int:
    """Return the index of the block at an offset, -1 where it stands before the first."""
    return bisect_right(report.document.blocks, offset, key=_START) - 1


def _ascends(listed: Sequence[Entry]) -> bool:
    """Do the entries of a timeline go on in time? Postings, the newest first, are no account of when things happened."""
    pairs = list(zip(listed, listed[1:], strict=False))
    down = sum(bool(elapsed(entry.at, before.at)) for before, entry in pairs)
    return len(pairs) >= _LEAST_ASCENDING * down + 1


def _speaks_of_harm(entry: Entry) -> bool:
    """Is an entry that has the phase of harm or of its discovery also one in words?"""
    text = lowered(entry.text)
    return entry.phase in ("impact", "detection") and (
        rules_of("trigger", "harm").matched(text) or rules_of("milestones", "noticed").matched(text)
    )


def _outside_window(outage: Outage, listed: Sequence[Entry]) -> Iterator[Finding]:
    """Harm or its discovery before the stated start, harm after the stated end."""
    start, end = outage.start, outage.end
    if outage.basis != "stated" or start is None or end is None or not start.iso or not end.iso:
        return
    if elapsed(start, end) is None:
        return
    if not _ascends(listed):
        return
    # Where the start is an entry of the timeline itself, what stands above it led up to it, unless people were harmed.
    told = any(e.at.time == start.time for e in listed)
    for entry in listed:
        harmed = entry.phase not in _NO_HARM and _pattern("harmed").search(entry.text) is not None
        if entry.at.iso is None or not (harmed or (not told and _speaks_of_harm(entry))):
            continue
        early, late = elapsed(entry.at, start), elapsed(end, entry.at)
        if early is not None and _LEAST_MINUTES < early < _NEAR:
            message = f"{_clock(entry.at)} ({entry.phase}) lies before the stated start {_clock(start)}"
        elif entry.phase == "impact" and late is not None and _LEAST_MINUTES < late < _NEAR:
            message = f"{_clock(entry.at)} ({entry.phase}) lies after the stated end {_clock(end)}"
        else:
            continue
        limit = start if early is not None else end
        yield Finding("entry_outside_window", message, _unique((entry.evidence, *limit.evidence[:1])))
        return


# Percentages ----------------------------------------------------------------------------------------------------------------


def _percentages(plain: str) -> Iterator[re.Match[str]]:
    """Yield the figures of three digits or more that a sign of percentage follows, in order."""
    found: dict[int, re.Match[str]] = {}
    for sign in _PERCENT_SIGNS:
        at = plain.find(sign)
        while at >= 0:
            match = _PERCENT.search(plain, max(at - _LONGEST_FIGURE, 0), at + len(sign) + 1)
            if match is not None:
                found[match.start()] = match
            at = plain.find(sign, at + 1)
    for start in sorted(found):
        yield found[start]


def _over_100(report: Report) -> Iterator[Finding]:
    plain = report.document.plain
    for match in _percentages(plain):
        value = float(re.match(r"[0-9.]+", match[0])[0])  # type: ignore[index]
        if value <= 100 or plain[match.start() - 1 : match.start()] in _OF_NUMBER:
            continue
        line_start = max(plain.rfind("\n", 0, match.start()) + 1, match.start() - _AROUND)
        behind = plain[match.end() : match.end() + _AROUND].split("\n\n")[0]
        if _pattern("share").search(" " + " ".join(behind.split())) is None:
            continue
        if _pattern("growth").search(plain, line_start, match.start()) or _pattern("growth").search(behind):
            continue
        evidence = report.evidence(match.start(), match.end(), "finding.share")
        yield Finding("percentage_over_100", f"a share of {value:g} percent", (evidence,))


# Dates ----------------------------------------------------------------------------------------------------------------------


def _weekday_conflict(report: Report) -> Iterator[Finding]:
    seen = set()
    for moment in moments_of(report.mentions):
        if (
            moment.weekday is None
            or moment.day is None
            or moment.month is None
            or (moment.year or _FIRST_YEAR) < _FIRST_YEAR
        ):
            continue
        stated = moment.year is not None
        if not stated and _YEAR_BEHIND.match(report.document.plain, moment.end):
            continue
        text = (
            (report.calendar.point(moment).date or "")
            if not stated
            else f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
        )
        day = _date(text)
        if day is None or day.weekday() == moment.weekday or text in seen:
            continue
        words = len(_LETTERS.findall(report.document.plain, moment.start, moment.end))
        swapped = (
            _date(f"{day.year:04d}-{day.day:02d}-{day.month:02d}") if day.day <= 12 and words < 2 else None
        )
        if swapped is not None and swapped.weekday() == moment.weekday:
            continue
        seen.add(text)
        message = f"{text} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[moment.weekday]}"
        yield Finding(
            "weekday_conflict", message, (report.evidence(moment.start, moment.end, "finding.weekday"),)
        )


def _date(text: str) -> Date | None:
    try:
        return Date.fromisoformat(text)
    except ValueError:
        return None


def _year_conflict(report: Report, outage: Outage) -> Iterator[Finding]:
    """The incident's date and one that would be the same, or next to it, but for the year."""
    dates: dict[Date, Moment] = {}
    dated = [
        (moment, moment.year, moment.month, moment.day)
        for moment in moments_of(report.mentions)
        if moment.year is not None and moment.month is not None and moment.day is not None
    ]
    dated = [told for told in dated if told[1] >= _FIRST_YEAR]
    if len({year for _, year, _, _ in dated}) < 2:
        return
    for moment, year, month, number in dated:
        day = _date(f"{year:04d}-{month:02d}-{number:02d}")
        if (
            day is not None
            and day not in dates
            and not (_aside(report, moment.start) and not _past(day, outage))
        ):
            dates[day] = moment
    if len({day.year for day in dates}) < 2:
        return
    ends = {
        day for p in (outage.start, outage.end) if p is not None and (day := _date(p.date or "")) is not None
    }
    for (one, first), (other, second) in combinations(dates.items(), 2):
        if not ends & {one, other}:
            continue
        same = (one.month, one.day) == (other.month, other.day) and abs(one.year - other.year) <= _MOST_YEARS
        if (
            not (same or abs((one - other).days) in _YEAR)
            or _yearly(report, first)
            or _yearly(report, second)
        ):
            continue
        message = f"the year is {one.year} here and {other.year} there"
        evidence = tuple(report.evidence(m.start, m.end, "finding.year") for m in (first, second))
        yield Finding("year_conflict", message, evidence)
        return


def _past(day: Date, outage: Outage) -> bool:
    """Is a day known to lie before the incident? What is due lies after it."""
    start = _date(outage.start.date or "") if outage.start is not None else None
    return start is not None and day < start


def _aside(report: Report, offset: int) -> bool:
    """Does a date stand in a section whose dates are not the incident's?"""
    document = report.document
    at = _block(report, offset)
    section = document.blocks[at].section if at >= 0 else -1
    while section >= 0:
        if _ASIDE.intersection(document.sections[section].names):
            return True
        section = document.sections[section].parent
    return False


def _yearly(report: Report, moment: Moment) -> bool:
    plain = report.document.plain
    return (
        _pattern("yearly").search(plain, max(0, moment.start - _AROUND // 2), moment.end + _AROUND // 2)
        is not None
    )


# Zones ----------------------------------------------------------------------------------------------------------------------


def _zone_conflict(report: Report, outage: Outage, timeline: tuple[Entry, ...]) -> Iterator[Finding]:
    """The same wall-clock times under two zones: one of the window's ends and another time, or the window and the timeline."""
    points = [p for p in (outage.start, outage.end) if p is not None]
    if not any(point.utc_offset for point in points):
        return
    sections = [_section(report, entry) for entry in timeline]
    named = {section: _zone_of(report, section) for section in set(sections)}
    entries = [_headed(report, e, named[section]) for e, section in zip(timeline, sections, strict=True)]
    offsets = {p.utc_offset for p in (*points, *entries) if p.utc_offset}
    if len(offsets) < 2:
        return
    for point in points:
        for at in entries:
            if not (point.time and point.time == at.time and point.utc_offset and at.utc_offset):
                continue
            if point.utc_offset != at.utc_offset and (point.date == at.date or not point.date or not at.date):
                if any(
                    other.time == point.time and other.utc_offset == point.utc_offset for other in entries
                ):
                    continue
                message = f"{point.time} is {point.timezone} here and {at.timezone} there"
                yield Finding("zone_conflict", message, _unique((*point.evidence, *at.evidence)))
                return


def _zone_of(report: Report, section: int) -> Zone | None:
    """Return the zone that a section's heading names."""
    if section < 0:
        return None
    heading = report.document.sections[section]
    for match in zones.find(report.document.plain, heading.start, heading.end):
        zone = zones.read(match[0], match.start(), report.document.plain)
        if zone is not None:
            return zone
    return None


def _headed(report: Report, entry: Entry, zone: Zone | None) -> Point:
    """Return an entry's moment in the zone that the heading above it names, where it names none itself."""
    at = entry.at
    if zone is None or any(e.text.endswith(at.timezone or " ") for e in at.evidence[:1]):
        return at
    offset = zones.utc_offset(zone, at.date, at.time)
    said = report.evidence(zone.start, zone.end, "finding.zone")
    return (
        replace(at, utc_offset=offset, timezone=zone.text, evidence=(*at.evidence[:1], said))
        if offset
        else at
    )


# --------------------------------------------------------------------------------------------------------------------------


def _clock(point: Point) -> str:
    return " ".join(part for part in (point.date, point.time) if part)


def _unique(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple({(e.start, e.end): e for e in evidence}.values())
