"""Calendar dates as far as a report lets one know them: moving them, writing them, the minutes between two points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache
from typing import Final

from postmortem.clock.model import Interval, Mention, Moment
from postmortem.record import Point

PREVIOUS: Final = "clock.carry.previous"
"""The rule of a date that was carried from the point before."""

_DAY: Final = 24 * 60
# A weekday named beside a date is rather a day or two before it than next week's.
_DAYS_BACK: Final = 2
_DAYS_OF_WEEK: Final = 7


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


def minutes_between(start: Point, end: Point) -> float | None:
    """Return the minutes from `start` to `end`, or ``None`` where a time is unknown or the end is before the start.

    Where only one side has a date the clock times alone count; a difference of zones counts where both are known.
    """
    if start.time is None or end.time is None:
        return None
    minutes = clock_minutes(end.time) - clock_minutes(start.time)
    first, last = ordinal(start.date), ordinal(end.date)
    if first is not None and last is not None:
        minutes += (last - first) * _DAY
    elif start.date is None and end.date is None and minutes < 0:
        minutes += _DAY
    if start.utc_offset and end.utc_offset:
        minutes += offset_minutes(start.utc_offset) - offset_minutes(end.utc_offset)
    return float(minutes) if minutes >= 0 else None


@lru_cache(maxsize=_DAY)
def clock_minutes(time: str) -> int:
    """Return the minutes since midnight of an ``HH:MM`` time."""
    return int(time[:2]) * 60 + int(time[3:])


def offset_minutes(offset: str) -> int:
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return -minutes if offset[0] == "-" else minutes


def ordinal(date: str | None) -> int | None:
    """Return a day number for subtracting: unknown years are taken as one and the same."""
    if date is None or not date[8:10].isdigit() or not date[5:7].isdigit():
        return None
    year = int(date[:4]) if date[:4].isdigit() else 2001
    try:
        return Date(year, int(date[5:7]), int(date[8:10])).toordinal()
    except ValueError:
        return None


def moments_of(mentions: Iterable[Mention], *, backward: bool = False) -> Iterator[Moment]:
    for mention in reversed(tuple(mentions)) if backward else mentions:
        if isinstance(mention, Moment):
            yield mention
        elif isinstance(mention, Interval):
            # "in the night from 4 to 5 May": a time belongs to the first of the days
            turned = backward and mention.first.hour is not None
            yield from (mention.last, mention.first) if turned else (mention.first, mention.last)


def day_of(moment: Moment, rule: str) -> Day:
    return Day(moment.year, moment.month, moment.day, moment.start, moment.end, rule)


def day_of_point(point: Point | None) -> Day | None:
    if point is None or point.date is None or not point.evidence:
        return None
    year, month, day = point.date[:4], point.date[5:7], point.date[8:10]
    said = point.evidence[0]
    return Day(_known(year), _known(month), _known(day), said.start, said.end, PREVIOUS)


def _known(digits: str) -> int | None:
    return int(digits) if digits.isdigit() else None


def with_year(day: Day, *, year: int | None) -> Day:
    return Day(year, day.month, day.day, day.start, day.end, day.rule)


def edtf(day: Day | None) -> str | None:
    if day is None or (day.year is None and day.month is None and day.day is None):
        return None
    if day.year is not None and day.month is not None and day.day is not None:
        return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    year = "XXXX" if day.year is None else f"{day.year:04d}"
    month = "XX" if day.month is None else f"{day.month:02d}"
    return f"{year}-{month}-{'XX' if day.day is None else f'{day.day:02d}'}"


def shift(day: Day, days: int) -> Day:
    if not day.complete:
        return day
    try:
        moved = Date(day.year or 2001, day.month or 1, day.day or 1) + timedelta(days=days)
    except (ValueError, OverflowError):
        return day
    return Day(moved.year if day.year else None, moved.month, moved.day, day.start, day.end, day.rule)


def nearest(day: Day, reference: Day) -> Day:
    """Return `day` with the year (and month, where it has none) that brings it nearest to `reference`."""
    if day.day is None:
        return with_year(day, year=reference.year)
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
        return with_year(day, year=reference.year)
    best = min(candidates)[1]
    return Day(best.year if reference.year else None, best.month, best.day, day.start, day.end, day.rule)


def on_weekday(reference: Day, weekday: int) -> Day:
    """Return the day from two before `reference` to four after it that is the weekday (the reference itself where its year is
    unknown): the next where it is that of the entry before, the last where the report was written on it."""
    if reference.rule == "clock.carry.published":
        return last_weekday(reference, weekday)
    return _weekday_from(reference, weekday, 0 if reference.rule == PREVIOUS else -_DAYS_BACK)


def last_weekday(reference: Day, weekday: int) -> Day:
    """Return the last day up to `reference` that is the weekday (the reference itself where its year is unknown)."""
    return _weekday_from(reference, weekday, -_DAYS_OF_WEEK + 1)


def _weekday_from(reference: Day, weekday: int, first: int) -> Day:
    """Return the day that is the weekday in the seven from `first` days after `reference` on."""
    if reference.year is None or not reference.complete:
        return reference
    try:
        base = Date(reference.year, reference.month or 1, reference.day or 1)
    except ValueError:
        return reference
    return shift(reference, (weekday - base.weekday() - first) % _DAYS_OF_WEEK + first)


def year_of_weekday(month: int, day: int, weekday: int) -> int | None:
    """Return any year in which a day of the calendar falls on a weekday; ``None`` where there is none."""
    for year in range(2001, 2029):
        try:
            if Date(year, month, day).weekday() == weekday:
                return year
        except ValueError:
            continue
    return None
