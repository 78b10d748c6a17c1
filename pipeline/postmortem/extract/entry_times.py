"""The times of timeline entries, completed one after the other: dates carried, midnights passed, narratives that turn back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Final

from postmortem.clock.carry import Calendar
from postmortem.clock.model import Moment
from postmortem.extract.stamps import Stamped
from postmortem.record import Point

# Sections that begin again with what another one has told.
_RETOLD: Final = frozenset(
    {"summary", "impact", "root_cause", "trigger", "contributing_factors", "background"}
)
# So many moments show whether an account runs backwards.
_FEWEST: Final = 3
_EVENING: Final = "18:00"
_MORNING: Final = 8
_SMALL_HOURS: Final = "08:00"


def newest_first(points: Sequence[Point]) -> bool:
    """Do three or more moments, all of known dates, run backwards, as the updates of a status page do?"""
    stamps = [f"{at.date} {at.time}" for at in points if at.date is not None and at.time is not None]
    if len(stamps) < max(_FEWEST, len(points)):
        return False
    return stamps[0] > stamps[-1] and stamps == sorted(stamps, reverse=True)


def completed(found: Sequence[Stamped], calendar: Calendar) -> Iterator[tuple[Point, Point | None]]:
    """Yield the time, and the end if it is a range, of each entry: completed from the report and from the entry before it."""
    before = start = told = first = None
    night = listed = False
    for stamped in found:
        if stamped.listed and not listed:
            before = None  # a list tells anew what prose before it has told
        listed = stamped.listed
        # A narrative may turn back, yet not from the evening to the small hours.
        night = (
            not stamped.listed
            and stamped.first.day is None
            and (
                _past_midnight(before, stamped.first, first)
                or (night and not _back_in_evening(before, stamped.first))
            )
        )
        if start is not None and before is not None and _within_range(start, before, stamped.first):
            before = start
        at = calendar.point(stamped.first, after=before if stamped.listed or night else None)
        if told is not None and not stamped.listed and _goes_on(told, at, stamped.first, calendar):
            at = calendar.point(stamped.first, after=told)
        until = calendar.point(stamped.last, after=at, forward=True) if stamped.last else None
        before, start = until or at, at if until else None
        told = before if before.time is not None else told
        first = told if first is None else first
        yield at, until


def _within_range(start: Point, end: Point, stamp: Moment) -> bool:
    """Does a clock time behind a range past midnight belong to the evening on which that began?"""
    if start.time is None or end.time is None or stamp.hour is None or stamp.day is not None:
        return False
    return end.time < start.time <= f"{stamp.hour:02d}:{stamp.minute or 0:02d}"


def _past_midnight(before: Point | None, stamp: Moment, first: Point | None) -> bool:
    """Has a narrative gone from the evening to the small hours? Not where it began earlier than that: it turns back."""
    if before is None or before.time is None or stamp.hour is None or stamp.weekday is not None:
        return False
    if first is not None and first.date == before.date and first.time is not None:
        return before.time >= _EVENING and stamp.hour < min(_MORNING, int(first.time[:2]))
    return before.time >= _EVENING and stamp.hour < _MORNING


def _goes_on(told: Point, at: Point, stamp: Moment, calendar: Calendar) -> bool:
    """Does a narrative, which has come to a later day ("on Monday at 07:15 …"), go on in that day with a clock time alone?"""
    if (
        stamp.day is not None
        or stamp.weekday is not None
        or told.date is None
        or not told.time
        or not at.time
    ):
        return False
    if (
        _back_in_evening(told, stamp)
        or at.date is None
        or "X" in told.date[5:]
        or told.date[:4] != at.date[:4]
        or not at.date < told.date
    ):
        return False
    document = calendar.document
    place = bisect_right(document.sections, stamp.start, key=attrgetter("start")) - 1
    names = document.sections[place].names if place >= 0 else ()
    return at.time >= told.time and not _RETOLD.intersection(names)


def _back_in_evening(before: Point | None, stamp: Moment) -> bool:
    """Does an account of a night turn back, from the small hours to the evening before?"""
    if before is None or before.time is None or stamp.hour is None or stamp.weekday is not None:
        return False
    return before.time < _SMALL_HOURS and stamp.hour >= int(_EVENING[:2])
