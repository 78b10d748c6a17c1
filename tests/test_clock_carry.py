"""Carrying: dates, years and zones that a report gives once; odd date strings; offsets; minutes between points."""

from __future__ import annotations

import re
from typing import Any

import pytest

from postmortem.clock import scan
from postmortem.clock.carry import Calendar, minutes_between
from postmortem.clock.model import Interval, Moment, Zone
from postmortem.clock.odd import odd_date
from postmortem.clock.zones import utc_offset, zone_pattern
from postmortem.normalize import normalize
from postmortem.record import Point
from postmortem.vocabulary import load


def points(text: str) -> list[Point]:
    """Complete every moment of a text in turn, each after the one before."""
    document = normalize(text)
    mentions = scan(document.plain)
    calendar = Calendar.of(document, mentions)
    found: list[Point] = []
    for mention in mentions:
        if isinstance(mention, Interval):
            found.extend(calendar.interval(mention))
        elif isinstance(mention, Moment):
            found.append(calendar.point(mention, found[-1] if found else None))
    return found


def last(text: str) -> str:
    point = points(text)[-1]
    return f"{point.date} {point.time} {point.utc_offset}"


CARRIED = [
    ("title", "# Outage of 3 May 2021\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("field", "Date: 2021-05-03\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("odd field", "Date: 2021, May 3\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("byline", "# Errors\n\nBy the web team, published 2021-05-06\n\nOn May 3 a disk failed.\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("reading time", "# Errors\n\nMay 6, 2021 - 4 minute read\n\nOn May 3 a disk failed.\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("dateline", "# Errors\n\nMay 6, 2021\n\nOn May 3 a disk failed.\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("signature", "# Errors\n\nOn Monday errors began at 10:00.\n\nThe web team, 6 May 2021\n", "2021-05-06 None None"),
    ("field over the title", "# Report of 10 May 2021\n\nIncident date: 3 May 2021\n\n- 10:00 a\n", "2021-05-03 10:00 None"),
    ("weekday of a paragraph", "On Saturday, 1 May 2021, at 10:00 it broke. At 9:00 on Sunday we saw it. It was mended at 10:00.\n", "2021-05-02 10:00 None"),
    ("the weekday that is dated", "Away from Friday, 7 May 2021 until Sunday, 9 May 2021, 12:20. It was seen on Friday at 19:45.\n",
     "2021-05-07 19:45 None"),
    ("zone in words", "On 2021-05-03 at 10:00 (our time, so EET) it broke.\n\nIt ran at 11:00.\n", "2021-05-03 11:00 +02:00"),
    ("the next day", "On 3 May 2021 at 10:00 it broke. It was mended at 11:00 the next day.\n", "2021-05-04 11:00 None"),
    ("first line named by its day", "#incident-2021-05-03\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("zone of a heading", "# Errors of 3 May 2021\n\n## What went on (local, CET)\n\n- 10:00 a\n", "2021-05-03 10:00 +01:00"),
    ("front matter", "---\ntitle: x\ndate: 2021-05-03\n---\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("first date of the text", "On 3 May 2021 we released.\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("dated heading", "# Log\n\n## 3 May 2021\n\n- 10:00 a\n\n## 4 May 2021\n\n- 09:00 b\n", "2021-05-04 09:00 None"),
    ("dated line", "# Log\n\nMay 3, 2021\n\n- 10:00 a\n\nMay 5, 2021\n\n- 09:00 b\n", "2021-05-05 09:00 None"),
    ("stated for all", "All events happened on 2021-05-03.\n\n- 2021-05-02 23:00 a\n- 10:00 b\n", "2021-05-03 10:00 None"),
    ("past midnight", "On 2021-05-03:\n\n- 23:50 a\n- 00:10 b\n", "2021-05-04 00:10 None"),
    ("out of order", "On 2021-05-03:\n\n- 14:46 a\n- 14:44 b\n", "2021-05-03 14:44 None"),
    ("afternoon", "On 2021-05-03:\n\n- 11:50 am a\n- 1:10 b\n", "2021-05-03 13:10 None"),
    ("year only elsewhere", "# Review 2021\n\nOn May 3 at 10:00 it broke.\n", "2021-05-03 10:00 None"),
    ("year of the publication", "---\ndate: 2021-01-10\n---\nOn December 30 at 10:00 it broke.\n", "2020-12-30 10:00 None"),
    ("no year anywhere", "On May 3 at 10:00 it broke.\n", "XXXX-05-03 10:00 None"),
    ("no date at all", "At 10:00 it broke.\n", "None 10:00 None"),
    ("end of the year", "On 31 December 2021 from 23:30 to 00:30 it was down.\n", "2022-01-01 00:30 None"),
    ("24:00", "On 2021-05-03 until 24:00.\n", "2021-05-04 00:00 None"),
    ("day of the month", "On 30 April 2021 at 10:00 it broke, and on the 2nd at 9:00 it held. At 9:30 on the 2nd all was well.\n",
     "2021-05-02 09:30 None"),
    ("zone of all times", "# A, 2021-05-03\n\nAll times are in CET.\n\nIt broke at 10:00.\n", "2021-05-03 10:00 +01:00"),
    ("zone of the timeline", "# A, 2021-05-03\n\n## Timeline (all times UTC-5)\n\n- 10:00 a\n", "2021-05-03 10:00 -05:00"),
    ("zone field", "Date: 2021-05-03\nTime zone: WAT\n\nIt broke at 10:00.\n", "2021-05-03 10:00 +01:00"),
    ("zone of the column", "| Time (EAT) | Event |\n|---|---|\n| 2021-05-03 10:00 | a |\n", "2021-05-03 10:00 +03:00"),
    ("the only zone", "On 2021-05-03 at 10:00 UTC it broke.\n\nIt held at 11:00.\n", "2021-05-03 11:00 +00:00"),
    ("zone away from the time", "It was down until 3 PM yesterday, 3 May 2021 (WAT).\n", "2021-05-03 None None"),
    ("daylight saving", "On 2021-07-03 at 10:00 PT it broke.\n", "2021-07-03 10:00 -07:00"),
    ("no daylight saving", "On 2021-12-03 at 10:00 PT it broke.\n", "2021-12-03 10:00 -08:00"),
    ("PST in summer", "On 2021-07-03 at 10:00 PST it broke.\n", "2021-07-03 10:00 -08:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CARRIED], ids=[c[0] for c in CARRIED])
def test_carried(text: str, expected: str) -> None:
    assert last(text) == expected


ALONE = [
    ("the day before bare times", "On 3 May 2021 syncs failed. It began at 6:50.\n\n- 4 May, 11:00 a\n\nIt was seen at 7:00.\n", "2021-05-03 07:00 None"),
    ("a day in passing", "On 3 May 2021 it hung at 10:00, as it had once on 12 April, and at 10:35 it ran.\n", "2021-05-03 10:35 None"),
    ("the first day of a span", "Away from the evening of 3 May 2021 until 5 May 2021, 12:20.\n\nWe saw it at 19:45.\n", "2021-05-03 19:45 None"),
    ("date of a mail", "Subject: Outage of 3 May 2021\nDate: Thu, 6 May 2021 09:00:00 +0000\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("yesterday", "Published: 2021-05-04\n\nYesterday errors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("issued", "# Errors\n\nReport R-7 | issued 6 May 2021\n\nOn 3 May 2021 a disk failed.\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("day by its number", "---\ndate: 2021-05-09\n---\n\nOn Thursday the 6th I left.\n\nAt 13:20 the shelf went dark.\n", "2021-05-06 13:20 None"),
    ("last night", "# Errors\n\n6 May 2021\n\nLast night we broke the shop.\n\nOn Wednesday at 22:20 I ran a script.\n", "2021-05-05 22:20 None"),
    ("weekday of a sentence", "On 5 May 2021 at 10:00 a spade cut it.\n\nWe pulled a new cable on Sunday, with the link up at 16:20.\n", "2021-05-09 16:20 None"),
    ("start of the event", "REASON FOR OUTAGE\n\nEvent start: Monday, May 3, 2021, 10:26 AM\n\nErrors began at 10:30.\n", "2021-05-03 10:30 None"),
    ("words and figures", "Log of 3 May 2021\n\n18:15 the printer stops\n\nIt went quiet at about quarter past six.\n", "2021-05-03 18:15 None"),
    ("words beside figures", "Log of 3 May 2021\n\n15:10 the printer stops.\n\nThe queue had been slow since half past two.\n", "2021-05-03 14:30 None"),
    ("between two told", "On 3 May 2021 the hall was dark from 3:26 PM to 8:50 PM.\n\n- 3:31 a call\n", "2021-05-03 15:31 None"),
    ("year of other things", "The doors were put in in 2014.\n\nOn 3 May they stuck at 10:00.\n", "XXXX-05-03 10:00 None"),
    ("year of a season", "In the spring of 2021 all doors were new.\n\nOn 3 May they stuck at 10:00.\n", "2021-05-03 10:00 None"),
    ("words and no such figures", "Log of 3 May 2021\n\n06:15 the printer stops\n18:15 it prints\n\nIt went quiet at about quarter past six.\n", "2021-05-03 06:15 None"),
    ("weekday before the publication", "Published: 2021-05-06\n\nErrors began on Monday at 10:00.\n", "2021-05-03 10:00 None"),
    ("byline without a year", "# Ferry tickets\n\nFrom the booking team, Jun 9\n\nOn Friday the 4th it broke at 10:00.\n", "XXXX-06-04 10:00 None"),
    ("byline in bold", "# Ferry tickets\n\n**Harbour notes - by the booking team - June 9, 2021**\n\nOn June 4 we sold none.\n\nIt broke at 10:00.\n",
     "2021-06-04 10:00 None"),
    ("date of publication", "# Lift 4\n\n**Date of publication:** 9 June 2021\n\nOn 4 June 2021 it stuck.\n\nIt broke at 10:00.\n", "2021-06-04 10:00 None"),
    ("opened on", "# Index fails\n\nada opened this issue on Jun 9, 2021\n\nIt ran out on Sunday at 10:00.\n", "2021-06-06 10:00 None"),
    ("set apart", "# Storm\n\nPier Registry · notes · 12 June\n\nOn Tuesday the 10th a pump stopped.\n\nIt broke at 10:00.\n", "XXXX-06-10 10:00 None"),
    ("set apart, of the incident", "# Storm\n\nSEV2 · 12 June 2021 · Payments\n\nIt broke at 10:00.\n", "2021-06-12 10:00 None"),
    ("yesterday in a mail", "From: Ada\nTo: all\nDate: Fri, 11 Jun 2021 16:40\nSubject: Doors yesterday\n\nMany of you stood outside yesterday.\n\nIt broke at 10:00.\n",
     "2021-06-10 10:00 None"),
    ("added later", "# Doors\n\n11 June 2021\n\nClosed.\n\n**Summary, added Jun 19**\n\nIt broke at 10:00.\n", "2021-06-11 10:00 None"),
    ("weekday of a heading", "On 10 June 2021 at 09:00 it froze.\n\n## Saturday night\n\nIt broke at 10:00.\n", "2021-06-12 10:00 None"),
    ("weekday of a line", "On 10 June 2021 at 09:00 it froze.\n\nLog of the Saturday\n\n10:00 it broke\n", "2021-06-12 10:00 None"),
    ("weekday beside the date of a heading", "# Log of the barn, Friday 11 June 2021, until Sunday\n\nIt broke at 10:00.\n", "2021-06-11 10:00 None"),
    ("weekday below a dated heading", "Written on 29 June 2021.\n\n## Weekend of 12 June\n\nA storm.\n\n### Sunday\n\nIt broke at 10:00.\n",
     "2021-06-13 10:00 None"),
    ("year of something long before", "On 10 June at 10:00 the barn door jammed. It had been hung in 2009.\n", "XXXX-06-10 10:00 None"),
    ("weekday the day before", "Doors of 10 June 2021\n\nWe changed the lock on Wed 5:30 PM.\n", "2021-06-09 17:30 None"),
    ("weekday without a year", "On Sunday 18 July the pump stopped.\n\nOn Monday we gave up at 15:30.\n", "XXXX-07-19 15:30 None"),
    ("night of the 6th to the 7th", "Doors, June 2021. On 6 June 2021 they opened from 23:40 until 7 June, 07:15.\n\nA guard saw it at 06:20.\n", "2021-06-07 06:20 None"),
    ("evening of that night", "Doors, June 2021. On 6 June 2021 they opened from 23:40 until 7 June, 07:15.\n\nA guard left at 22:20.\n", "2021-06-06 22:20 None"),
    ("a day of other matters", "# Doors of 6 June 2021\n\nThe lease, which ends on 30 September, was void. A guard saw it at 06:20.\n", "2021-06-06 06:20 None"),
    ("half of the day left out", "On 6 June 2021 pump 7 stopped at 8:22 pm, and pump 3 went at 8:31.\n", "2021-06-06 20:31 None"),
    ("half of the day told elsewhere", "On 6 June 2021 we closed at 10:34 AM and opened at 12:50 PM. From 10:34.\n", "2021-06-06 10:34 None"),
    ("number of an issue", "HARBOUR NOTE 2021/04\n\nOn 6 June the pump stopped at 10:00.\n", "2021-06-06 10:00 None"),
    ("years of other things", "On 6 June the pump, of 2004, stopped, to be replaced in 2022. It was at 10:00.\n", "XXXX-06-06 10:00 None"),
    ("the year in words", "Times are local, the year is 2021.\n\nOn 6 June the pump stopped at 10:00.\n", "2021-06-06 10:00 None"),
    ("zone of all", "On 6 June 2021 it stopped at 23:10 and ran at 23:40, all CET.\n\nIt broke at 10:00.\n", "2021-06-06 10:00 +01:00"),
    ("zone named after people", "The evening of 6 June 2021 as we lived it, Kenyan time.\n\nIt broke at 10:00.\n", "2021-06-06 10:00 +03:00"),
    ("weekday apart", "Published: 2021-05-06\n\nOn Monday all was slow from 10:00.\n", "2021-05-03 10:00 None"),
    ("incident in front matter", "---\ntitle: x\nincident_date: 2021-05-03\ndate: 2021-05-06\n---\n\nErrors began at 10:00.\n", "2021-05-03 10:00 None"),
    ("night of two days", "In the night from 3 to 4 May 2021 it broke at 23:00.\n", "2021-05-03 23:00 None"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in ALONE], ids=[c[0] for c in ALONE])
def test_carried_with_no_moment_before(text: str, expected: str) -> None:
    document = normalize(text)
    mentions = scan(document.plain)
    moment = mentions[-1]
    assert isinstance(moment, Moment)
    point = Calendar.of(document, mentions).point(moment)
    assert f"{point.date} {point.time} {point.utc_offset}" == expected


def test_a_carried_date_has_evidence_for_what_it_was_carried_from() -> None:
    text = "# Outage of 3 May 2021\n\nErrors began at 10:00.\n"
    document = normalize(text)
    mentions = scan(document.plain)
    time = next(m for m in mentions if isinstance(m, Moment) and m.hour is not None)
    point = Calendar.of(document, mentions).point(time)
    assert [(e.text, e.rule) for e in point.evidence] == [
        ("10:00", "clock.time"),
        ("3 May 2021", "clock.carry.heading"),
    ]
    assert all(text[e.start : e.end] == e.text for e in point.evidence)


def test_iso_only_when_date_and_time_are_complete() -> None:
    assert [p.iso for p in points("On May 3 at 10:00.")] == [None]
    assert [p.iso for p in points("On May 3, 2021 at 10:00.")] == ["2021-05-03T10:00:00"]
    assert [p.iso for p in points("On May 3, 2021 at 10:00 WAT.")] == ["2021-05-03T10:00:00+01:00"]


def test_a_status_page_dates_its_sentences_from_its_postings() -> None:
    text = (
        "2021-03-05T04:30:00+00:00 AVAILABLE\n\nResolved as of 19:50 US/Pacific.\n\n"
        "2021-03-05T02:00:00+00:00 DISRUPTION\n\nWe are looking into errors.\n"
    )
    document = normalize(text)
    mentions = scan(document.plain)
    calendar = Calendar.of(document, mentions)
    resolved = next(m for m in mentions if isinstance(m, Moment) and m.hour == 19)
    assert calendar.point(resolved).iso == "2021-03-04T19:50:00-08:00"
    assert calendar.posted_at(calendar.postings[-1], calendar.only_zone).iso == "2021-03-04T18:00:00-08:00"


PACIFIC = Zone(0, 2, "PT", None, "America/Los_Angeles")
OFFSETS = [
    (PACIFIC, "2021-07-03", "-07:00"),
    (PACIFIC, "2021-12-03", "-08:00"),
    (PACIFIC, "XXXX-07-03", "-07:00"),
    (PACIFIC, "XXXX-03-10", None),
    (PACIFIC, "2021-07-XX", "-07:00"),
    (PACIFIC, "2021-XX-XX", None),
    (PACIFIC, None, None),
    (Zone(0, 3, "PST", "-08:00"), None, "-08:00"),
    (Zone(0, 3, "???", None, "No/Where"), "2021-07-03", None),
]


@pytest.mark.parametrize(("zone", "date", "expected"), OFFSETS)
def test_utc_offset(zone: Zone, date: str | None, expected: str | None) -> None:
    assert utc_offset(zone, date) == expected


def test_utc_offset_on_the_day_that_the_clocks_change() -> None:
    assert utc_offset(PACIFIC, "2021-03-14", "01:30") == "-08:00"
    assert utc_offset(PACIFIC, "2021-03-14", "03:30") == "-07:00"


def at(date: str | None, time: str | None, offset: str | None = None) -> Point:
    return Point(date, time, offset, None, None, ())


BETWEEN = [
    (at("2021-05-03", "10:00"), at("2021-05-03", "11:30"), 90.0),
    (at("2021-12-31", "23:00"), at("2022-01-01", "01:00"), 120.0),
    (at("XXXX-05-03", "23:00"), at("XXXX-05-04", "01:00"), 120.0),
    (at(None, "23:00"), at(None, "01:00"), 120.0),
    (at("2021-05-03", "10:00", "+00:00"), at("2021-05-03", "12:00", "+01:00"), 60.0),
    (at("2021-05-03", "10:00"), at("2021-05-03", "09:00"), None),
    (at("2021-05-03", "10:00"), at("2021-05-03", None), None),
]


@pytest.mark.parametrize(("start", "end", "expected"), BETWEEN)
def test_minutes_between(start: Point, end: Point, expected: float | None) -> None:
    assert minutes_between(start, end) == expected


ODD = [
    ("2024, May 8", (2024, 5, 8)),
    ("8 de mayo de 2024", (2024, 5, 8)),
    ("8 mai", (None, 5, 8)),
    ("yesterday", None),
    ("2 days ago", None),
    ("version 2.3", None),
    ("", None),
    ("8 May 2024 " * 9, None),
]


@pytest.mark.parametrize(("text", "expected"), ODD)
def test_odd_dates_state_only_what_they_say(text: str, expected: tuple[int | None, ...] | None) -> None:
    assert odd_date(text) == expected


STATEMENTS = load("clock")["statement"]


@pytest.mark.parametrize("entry", STATEMENTS, ids=[entry["id"] for entry in STATEMENTS])
def test_statements_of_a_zone_keep_to_their_examples(entry: dict[str, Any]) -> None:
    pattern = re.compile(entry["pattern"].replace("%ZONE%", zone_pattern()))
    assert [text for text in entry["yes"] if not pattern.search(text)] == []
    assert [text for text in entry["no"] if pattern.search(text)] == []
    assert entry["pattern"].endswith("(%ZONE%)")
