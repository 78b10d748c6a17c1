"""Scanning: what a text writes about time, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.clock import scan
from postmortem.clock.model import Interval, Mention, Moment, Span


def told(moment: Moment) -> str:
    """Write a moment's stated parts: date, time, +1 for the next day, zone."""
    parts = []
    if moment.year or moment.month or moment.day:
        parts.append(f"{moment.year or 'XXXX'}-{moment.month or 'XX'}-{moment.day or 'XX'}")
    if moment.hour is not None:
        parts.append(f"{moment.hour:02d}:{moment.minute or 0:02d}" + ("+1" if moment.next_day else ""))
    if moment.zone is not None:
        parts.append(moment.zone.offset or moment.zone.region or "?")
    return " ".join(parts)


def summary(mention: Mention) -> str:
    if isinstance(mention, Span):
        return f"{mention.minutes:g} min" + (f" to {mention.upper:g}" if mention.upper else "")
    if isinstance(mention, Interval):
        return f"{told(mention.first)} / {told(mention.last)}"
    return told(mention)


MOMENTS = [
    ("at 8 in the evening", "20:00"),
    ("at 10 at night", "22:00"),
    ("at 2 at night", "02:00"),
    ("12:05 in the afternoon", "12:05"),
    ("on the evening of 7 May 2021 at 8:00", "2021-5-7 20:00"),
    ("half past nine", "09:30"),
    ("Opened: 04/May/21 8:31 AM", "2021-5-4 08:31"),
    ("on the twenty-second of May at 10:00", "XXXX-5-22 10:00"),
    ("the first of March 2021", "2021-3-1"),
    ("the second of May's releases", "XXXX-5-2"),
    ("from quarter past nine on the night of 6 May 2021", "2021-5-6 21:15"),
    ("it hung at 10.35 and ran at 10.50. At 11.05 we knew", "10:35; 10:50; 11:05"),
    ("10.00 doors shut\n10.10 no light\n11.15 a call\n12.05 light", "10:00; 10:10; 11:15; 12:05"),
    ("from 9:15a to 2:40p ET", "09:15 America/New_York / 14:40 America/New_York"),
    ("It rained on the 6th, and on the 7th at 9:00", "XXXX-XX-6; XXXX-XX-7 09:00"),
    ("17.03. 09:10 the lift stops", "XXXX-3-17 09:10"),
    ("### 3/28: the second flood", "XXXX-3-28"),
    ("a change of 4 May\n\n2023-05-06 10:00 it hung", "XXXX-5-4; 2023-5-6 10:00"),
    ("\nsat 22:05 it hung", "22:05"),
    ("at 10:00 Irish time", "10:00 Europe/Dublin"),
    ("at 8 pm Cape Town local time", "20:00 Africa/Johannesburg"),
    ("10:00 UTC time", "10:00 +00:00"),
    ("10:00 Atlantic time", "10:00 America/Halifax"),
    ("a quarter to eleven", "10:45"),
    ("ten past 8 o'clock in the evening", "20:10"),
    ("at ten o'clock", "10:00"),
    ("09.05 Uhr", "09:05"),
    ("# incident-2024-03-11", "2024-3-11"),
    ("Jan 9, 2022. 03:00 pm", "2022-1-9 15:00"),
    ("June 2nd, 2021, at 11:15 AM UTC", "2021-6-2 11:15 +00:00"),
    ("2022-01-09T15:00:00Z", "2022-1-9 15:00 +00:00"),
    ("2022-01-09T15:00:00.250-05:00", "2022-1-9 15:00 -05:00"),
    ("2017-03-11 18:25", "2017-3-11 18:25"),
    ("it broke just after nine in the morning", "09:00"),
    ("at about twenty to eleven in the evening", "22:40"),
    ("the lamps went out just before half nine.", "09:30"),
    ("by half seven in the evening it was over", "19:30"),
    ("By seven, all was well; until ten we waited.", "07:00; 10:00"),
    ("some time before four on Sunday morning", "04:00"),
    (
        "- about 07:05   gates stop\n- 7.12 a call\n- ~7:40 reset\n- 07.48 gates open",
        "07:05; 07:12; 07:40; 07:48",
    ),
    ("it hung at 10.35 and again at 10.50, and at 14.50 we had it", "10:35; 10:50; 14:50"),
    ("at about 10.20 in the morning", "10:20"),
    ("Begin: 03.40 hours", "03:40"),
    ("on 17/10/2022 at 10:00", "2022-10-17 10:00"),
    ("on 10/17/2022 at 10:00", "2022-10-17 10:00"),
    ("on 05/06/2022", "2022-6-5"),
    ("at 10:00 EST on 05/06/2022", "2022-5-6 10:00 -05:00"),
    ("05/06/2022, that is May 6, 2022", "2022-5-6; 2022-5-6"),
    ("03.12.2020", "2020-12-3"),
    ("11, 25, 2021, 10:00 AM", "2021-11-25 10:00"),
    ("08 Nov 2018", "2018-11-8"),
    ("8th of  April , 2018", "2018-4-8"),
    ("On 5. August, a switch", "XXXX-8-5"),
    ("Friday 27 November 2020", "2020-11-27"),
    ("Tuesday, 2021-08-31 20:41 US/Pacific", "2021-8-31 20:41 US/Pacific"),
    ("Oct 23rd", "XXXX-10-23"),
    ("Sept. 4, 2019", "2019-9-4"),
    ("on may 8, 2020", "2020-5-8"),
    ("9;45PM(UTC)on August 12, 2023", "2023-8-12 21:45 +00:00"),
    ("at 4 PM on the 7th", "XXXX-XX-7 16:00"),
    ("at 8:20 pm on Friday, March 6th 2020", "2020-3-6 20:20"),
    ("4:AM", "04:00"),
    ("at 1930hrs", "19:30"),
    ("at 0930 UTC", "09:30 +00:00"),
    ("0930Z", "09:30 +00:00"),
    ("at 07.35 EAT", "07:35 +03:00"),
    ("14:40pm", "14:40"),
    ("11:00 M", "11:00"),
    ("24:00", "00:00+1"),
    ("12:00 AM", "00:00"),
    ("12:00 PM", "12:00"),
    ("At9:15 PM WAT", "21:15 +01:00"),
    ("at noon on May 3", "XXXX-5-3 12:00"),
    ("until midnight", "00:00"),
    ("~08:12 UTC", "08:12 +00:00"),
    ("at 9h05", "09:05"),
    ("8 o'clock", "08:00"),
    ("10:00 a.m. EST", "10:00 -05:00"),
    ("at 08:00 hours", "08:00"),
    ("6:45 PM (GMT+1)", "18:45 +01:00"),
    ("10:30 AM UTC-5", "10:30 -05:00"),
    ("10:00 UTC+05:30", "10:00 +05:30"),
    ("08:43 UTC - 13 hosts", "08:43 +00:00"),
    ("9:00 AM, UTC)", "09:00 +00:00"),
    ("9:00 AM Pacific", "09:00 America/Los_Angeles"),
    ("10:00 CST in Shanghai, China", "10:00 +08:00"),
    ("10:00 IST, in Dublin", "10:00 +01:00"),
    ("Mon, 03 Feb 2020 10:00:00 +0100", "2020-2-3 10:00 +01:00"),
    ("in March 2013", "2013-3-XX"),
    ("13:01 EDT (17:01 UTC)", "13:01 -04:00; 17:01 +00:00"),
    ("2021-05-08 | 10:00", "2021-5-8 10:00"),
    ("on May 8,\n2024 at 10:00", "2024-5-8 10:00"),
    ("May 8, 2024:\n  10:00 deploy", "2024-5-8; 10:00"),
]

INTERVALS = [
    ("from 9 to a quarter to ten", "09:00 / 09:45"),
    ("from nine to half past ten", "09:00 / 10:30"),
    ("| Start / End (UTC) | 06:15 / 13:48 |", "06:15 / 13:48"),
    ("from 14h20 to 15h", "14:20 / 15:00"),
    ("from 3 to 5 in the afternoon", "15:00 / 17:00"),
    ("from 7:30 to 11 in the morning", "07:30 / 11:00"),
    ("8:05 am to 9:35 am, GMT+2 (in all)", "08:05 +02:00 / 09:35 +02:00"),
    ("Jan 9, 2022. 03:00 pm - 04:30 pm (WAT)", "2022-1-9 15:00 +01:00 / 2022-1-9 16:30 +01:00"),
    ("May 9, 2020, 17:30 PST - May 10, 2020, 01:00 PST", "2020-5-9 17:30 -08:00 / 2020-5-10 01:00 -08:00"),
    ("10:20 AM and 2:45 PM PST", "10:20; 14:45 -08:00"),
    ("between 10:20 AM and 2:45 PM PST", "10:20 -08:00 / 14:45 -08:00"),
    ("Between 15:05 and 21:10 UTC on 3 Nov 2015", "2015-11-3 15:05 +00:00 / 2015-11-3 21:10 +00:00"),
    ("between 23:10 and 00:20 UTC on 3 Nov 2015", "2015-11-3 23:10 +00:00 / 2015-11-3 00:20+1 +00:00"),
    ("22:00 until 9 May 01:00", "XXXX-5-8 22:00 / XXXX-5-9 01:00"),
    ("On 2018-11-14 between 14:24 and 15:00", "2018-11-14 14:24 / 2018-11-14 15:00"),
    ("1-3pm", "13:00 / 15:00"),
    ("between 9 and 11 AM PT", "09:00 America/Los_Angeles / 11:00 America/Los_Angeles"),
    ("11:30-12:15 PM", "11:30 / 12:15"),
    ("12:00-12:30 AM", "00:00 / 00:30"),
    ("10-2pm", "10:00 / 14:00"),
    ("From 3pm to 5 GMT", "15:00 +00:00 / 17:00 +00:00"),
    ("From 8:00 a.m. at 9:40 a.m. EAT", "08:00 +03:00 / 09:40 +03:00"),
    ("between 08.15 and 09.40 CET", "08:15 +01:00 / 09:40 +01:00"),
    (
        "4/17 8:25 PT to 4/18 5:30 PT",
        "XXXX-4-17 08:25 America/Los_Angeles / XXXX-4-18 05:30 America/Los_Angeles",
    ),
    ("January 3, 7:00 AM to January 8, 2021, 1:00 PM", "2021-1-3 07:00 / 2021-1-8 13:00"),
    ("December 31, 2021, 23:00 to January 1, 01:00", "2021-12-31 23:00 / 2022-1-1 01:00"),
    ("13-15 May 2019", "2019-5-13 / 2019-5-15"),
    ("CLOSED 13 TO 15 MAY 2019", "2019-5-13 / 2019-5-15"),
    ("June 3-5, 2020", "2020-6-3 / 2020-6-5"),
    ("2020-01-04T10:00:00Z/2020-01-04T11:30:00Z", "2020-1-4 10:00 +00:00 / 2020-1-4 11:30 +00:00"),
    ("4 Jun 2020, 16:10–17:25 AEST".replace("–", "-"), "2020-6-4 16:10 +10:00 / 2020-6-4 17:25 +10:00"),
]

DURATIONS = [
    ("three quarters of an hour", "45 min"),
    ("a day and a half", "2160 min"),
    ("3 hours and 20 minutes", "200 min"),
    ("3h 20m", "200 min"),
    ("3h20m", "200 min"),
    ("that's 1h35 of nobody", "95 min"),
    ("down 2h10 in all", "130 min"),
    ("a 75-minute outage", "75 min"),
    ("an hour and a half", "90 min"),
    ("five hours and thirty-five minutes", "335 min"),
    ("two hours and forty seven minutes", "167 min"),
    ("8½ hours", "510 min"),
    ("a 2½-hour stop", "150 min"),
    ("half an hour", "30 min"),
    ("1.5 hours", "90 min"),
    ("1,5 hours", "90 min"),
    ("1,440 minutes", "1440 min"),
    ("2-5 hours", "120 min to 300"),
    ("two to three hours", "120 min to 180"),
    ("two hours", "120 min"),
    ("twenty-five minutes", "25 min"),
    ("two and a half hours", "150 min"),
    ("2 and half hours", "150 min"),
    ("an hour and 20 minutes", "80 min"),
    ("1 hr 10 mins", "70 min"),
    ("2 days 3 hours", "3060 min"),
    ("45 min", "45 min"),
    ("30m", "30 min"),
    ("03:10 (hh:mm)", "190 min"),
    ("lasted 1:30 hours", "90 min"),
    ("for 02.30 hours", "138 min"),
    ("from 2h to 3h", "120 min; 180 min"),
    ("24 hours a day, 7 days", "1440 min; 10080 min"),
]

NOTHING = [
    "the 3rd attempt, and of the 5th server", "on the 2nd floor", "1/2 cups", "### 4/5: part four", "Some time ago",
    "reduced by ten. At two different sites, about ten, maybe; from two to five.", "- 1.10 fixes\n- 1.11 fixes\n- 1.12 fixes",
    "at 2.50 per item and at 13.20 euros", "06:1 / 13:4",
    "five to ten customers", "ten to one odds", "twenty to thirty people", "one\nlog-2024-03-11", "version 1.10.2", "10.0.0.1:80", "localhost:8080", "a%20b", "75% of users", "a score of 3:1", "HTTP 500 errors", "404s and 502s",
    "we may fail", "You may see", "Sat down. Mar sent it.", "https://example.org/2023/12/13/10:30/x", "CVE-2021-44228", "14:?? and HH:mm",
    "posts/2021-03-06-outage.md", "10.5 users", "5 m, 5M rows, 500ms", "quarter past midnight", "1.2.2023.4", "2023-MM-DD", "fe80::1:22", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MOMENTS, ids=[text for text, _ in MOMENTS])
def test_moments(text: str, expected: str) -> None:
    assert "; ".join(summary(m) for m in scan(text)) == expected


@pytest.mark.parametrize(("text", "expected"), INTERVALS, ids=[text for text, _ in INTERVALS])
def test_intervals(text: str, expected: str) -> None:
    assert "; ".join(summary(m) for m in scan(text)) == expected


@pytest.mark.parametrize(("text", "expected"), DURATIONS, ids=[text for text, _ in DURATIONS])
def test_durations(text: str, expected: str) -> None:
    assert "; ".join(summary(m) for m in scan(text)) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_time(text: str) -> None:
    assert scan(text) == ()


def test_the_extent_is_the_stamp_with_its_zone() -> None:
    text = "It began at 10:45 AM (UTC) on a Monday-like day."
    (found,) = scan(text)
    assert text[found.start : found.end] == "10:45 AM (UTC)"


def test_an_approximate_time_is_marked() -> None:
    about, exact = scan("around 10:00 UTC, then 11:00 UTC")
    assert isinstance(about, Moment)
    assert isinstance(exact, Moment)
    assert (about.approximate, exact.approximate) == (True, False)


PIECES = st.sampled_from(
    "10:30|12;45|May|8th|2024|-|to|and|between|from|AM|pm|UTC|(|)|,|.|/|hours|2|half|an hour|\n| |24:00|T|Z|+05:30|2023-12-13|noon|Mon"
    "|0|99|http://a/10:00|%|é|\U0001f525|1/2|31 Feb".split("|")
)


@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(PIECES, max_size=24).map(" ".join),
        st.lists(PIECES, max_size=24).map("".join),
    )
)
def test_mentions_are_in_order_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for mention in scan(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        if isinstance(mention, Interval):
            assert mention.start <= mention.first.start <= mention.last.start
        if isinstance(mention, Moment):
            assert mention.hour is None or 0 <= mention.hour <= 23
            assert mention.minute is None or 0 <= mention.minute <= 59
            assert mention.month is None or 1 <= mention.month <= 12
        if isinstance(mention, Span):
            assert mention.minutes >= 0


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_clock_time_is_read_back(hour: int, minute: int) -> None:
    (found,) = scan(f"at {hour:02d}:{minute:02d} UTC")
    assert isinstance(found, Moment)
    assert (found.hour, found.minute) == (hour, minute)


@given(st.dates())
def test_every_date_is_read_back(day: object) -> None:
    from datetime import date

    assert isinstance(day, date)
    if not 1900 <= day.year <= 2199:
        return
    for text in (day.isoformat(), f"{day:%d.%m.}{day.year}"):
        (found,) = scan(text)
        assert isinstance(found, Moment)
        assert (found.year, found.month, found.day) == (day.year, day.month, day.day)


def test_a_log_whose_times_are_written_with_a_dot() -> None:
    log = "03.40 - last packet\n07.30 - first colleague arrives\n09.55 - all back\n"
    assert "; ".join(summary(m) for m in scan(log)) == "; ".join(
        summary(m) for m in scan(log.replace(".", ":"))
    )
    assert scan("10.40 - a release\n") == ()


def test_a_time_with_a_dot_is_one_where_another_surely_is() -> None:
    sure = "The lift stopped at 2.17 in the afternoon. "
    assert [summary(m) for m in scan(sure + "It ran again at 2.31.")] == ["14:17", "02:31"]
    assert scan("The lift stopped at 2.31. It had version 2.31.") == ()
