"""What surrounds a sentence or entry that may tell what set an incident off or ended it (`postmortem.extract.event_choice`):
how long before or after the outage's start and end its moment lies, and what stands before and behind it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from postmortem.account import Told
from postmortem.clock.days import clock_minutes, offset_minutes, ordinal
from postmortem.clock.model import Interval, Moment
from postmortem.record import Entry, Outage, Point
from postmortem.report import Report

_DAY: Final = 24 * 60
# Minutes from an end of the window, and what a moment is called that lies before the first of them, between two, or behind all.
_LIMITS: Final = (-1440, -120, -20, 0, 1, 15, 120)
_CALLED: Final = ("days before", "hours before", "before", "just before", "at", "just after", "after", "late")
# What is told of a thing that has no moment.
_UNTIMED: Final = "untimed"
# What counts of a neighbour.
_OF_NEIGHBOURS: Final = (
    "p=trigger",
    "p=cause",
    "p=impact",
    "p=detection",
    "p=background",
    "p=resolution",
    "ph=trigger",
    "ph=impact",
    "ph=detection",
    "ph=resolution",
)

Features = dict[str, float]


def timed(report: Report, timeline: Sequence[Entry], told: Told, entries: Sequence[int]) -> list[Point]:
    """Return the moments of a sentence: those of the entries that it tells (by their numbers), and the clock times in it."""
    found = [timeline[i].at for i in entries]
    for mention in report.mentions_between(told.start, told.end):
        if isinstance(mention, Moment) and mention.hour is not None:
            found.append(report.calendar.point(mention))
        elif isinstance(mention, Interval) and mention.first.hour is not None:
            found.append(report.calendar.point(mention.first))
    return [point for point in found if point.time is not None]


def beside_window(points: Sequence[Point], window: Outage) -> Features:
    """Return how far the moment nearest to each end of the window lies from it; nothing for an end that is not known."""
    own: Features = {}
    for name, end in (("start", window.start), ("end", window.end)):
        if end is not None and end.time is not None:
            apart = [minutes for point in points if (minutes := minutes_after(end, point)) is not None]
            own[f"{name}={_called(min(apart, key=abs)) if apart else _UNTIMED}"] = 1.0
    return own


def _called(minutes: int) -> str:
    return _CALLED[bisect_right(_LIMITS, minutes)]


def minutes_after(first: Point, other: Point) -> int | None:
    """Return the minutes from `first` to `other`, below zero where it lies before; None where a time is unknown. Where only one
    side has a date the nearer way round the clock counts."""
    if first.time is None or other.time is None:
        return None
    minutes = clock_minutes(other.time) - clock_minutes(first.time)
    if first.utc_offset and other.utc_offset:
        minutes += offset_minutes(first.utc_offset) - offset_minutes(other.utc_offset)
    days = ordinal(first.date), ordinal(other.date)
    if days[0] is None or days[1] is None:
        return (minutes + _DAY // 2) % _DAY - _DAY // 2
    return minutes + (days[1] - days[0]) * _DAY


def beside(order: Sequence[Told], seen: Sequence[Mapping[str, float]]) -> Iterator[Features]:
    """Yield what the neighbours of each sentence say of it, which stand in the same field or section; `seen` are the features of
    each, in the same order."""
    joined = [one.zone.key == other.zone.key for one, other in pairwise(order)]
    for number in range(len(order)):
        own: Features = {}
        for where, holds, other in (
            ("before", number > 0 and joined[number - 1], number - 1),
            ("behind", number < len(joined) and joined[number], number + 1),
        ):
            if holds:
                own |= {f"{where}.{name}": seen[other].get(name, 0.0) for name in _OF_NEIGHBOURS}
        yield own
