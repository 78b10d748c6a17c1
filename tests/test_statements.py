"""Minutes between points, and extents of text."""

from __future__ import annotations

import pytest

from postmortem.clock.carry import minutes_between
from postmortem.extract.statements import after_stamp, elapsed, shortened
from postmortem.normalize import normalize
from postmortem.record import Entry, Evidence, Point


def point(date: str | None, time: str | None, offset: str | None = None) -> Point:
    return Point(date, time, offset, None, None, ())


MOMENTS = [
    point(date, time, offset)
    for date in (None, "2023-05-03", "2023-05-04", "XXXX-05-03", "2023-05-XX")
    for time in (None, "00:05", "10:00")
    for offset in (None, "+00:00", "+02:00")
]


def test_elapsed_agrees_with_the_calendar() -> None:
    for start in MOMENTS:
        for end in MOMENTS:
            assert elapsed(start, end) == minutes_between(start, end)


STAMPED = {
    "a stamp before": ("- 10:05 Users *see* errors.", "Users see errors."),
    "a stamp within": ("At 10:05 users see errors.", "At 10:05 users see errors."),
}


@pytest.mark.parametrize(("line", "text"), STAMPED.values(), ids=STAMPED)
def test_after_stamp(line: str, text: str) -> None:
    entry = Entry(point(None, "10:05"), None, text, "impact", Evidence(0, len(line), line, "timeline.listed"))
    start, end = after_stamp(normalize(line), entry)
    assert line[start:end].replace("*", "") == text


def test_shortened() -> None:
    assert shortened("one two three", 0, 13, most=2) == 7
    assert shortened("one two", 0, 7, most=2) == 7
    assert shortened("one", 0, 3, most=2) == 3
