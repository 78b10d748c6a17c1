"""The pace of a timeline: how much time lies before and behind each entry, and how far into the whole it stands.

What follows at once belongs to what stood before it; what comes hours or days later is mostly an aftermath; an entry with an end
of its own tells of something that lasted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from postmortem.clock.days import clock_minutes, ordinal
from postmortem.record import Point

# The moment of an entry, and its end where it has one.
Span = tuple[Point, Point | None]
# How many numbers tell the pace of an entry.
WIDTH: Final = 13

_DAY: Final = 1_440
_HALF_A_DAY: Final = 720
# In minutes: what follows at once, what comes long after, what comes a day or so after.
_AT_ONCE: Final = 1
_LONG: Final = 240
_NEXT_DAY: Final = 1_200
# A gap is a large one by its share of the time that all entries span.
_LARGE: Final = 0.3
# The logarithm of a gap of some hours, so that most numbers lie between 0 and 1.
_SCALE: Final = 5.0


def pace(spans: Sequence[Span]) -> tuple[tuple[float, ...], ...]:
    """Return `WIDTH` numbers for each entry, given when each was, in the order in which they happened.

    They say: that times are told; that it has an end; that it has a date alone; that it is of a later day than the first; how far
    into the time of all it stands; of the time since the entry before its logarithm, and whether that is long, a day, nothing, a
    large share of the whole; of the time until the next one its logarithm, and whether that is long, or nothing. Where a time
    is not known, what hangs on it is 0.
    """
    if not spans:
        return ()
    gaps = [_minutes(one, other) for (one, _), (other, _) in pairwise(spans)]
    past = [0.0]
    for gap in gaps:
        past.append(past[-1] + max(gap or 0.0, 0.0))
    whole = past[-1] or 1.0
    days = [ordinal(at.date) for at, _ in spans]
    first = next((day for day in days if day is not None), 0)
    unknown = (0.0,) * 5
    before = [unknown, *(_since(gap, whole) for gap in gaps)]
    after = [*(_since(gap, whole) for gap in gaps), unknown]
    return tuple(
        (
            1.0,
            float(until is not None),
            float(at.time is None),
            float(day is not None and day > first),
            passed / whole,
            *since,
            *rest[:2],
            rest[3],
        )
        for (at, until), day, passed, since, rest in zip(spans, days, past, before, after, strict=True)
    )


def _minutes(one: Point, other: Point) -> float | None:
    """Return the minutes from one moment to the next; of clock times alone the second is taken for the nearest one."""
    days = ordinal(one.date), ordinal(other.date)
    if days[0] is not None and days[1] is not None:
        between = (days[1] - days[0]) * _DAY
        return float(between + _clock(other) - _clock(one))
    if one.time is None or other.time is None:
        return None
    between = _clock(other) - _clock(one)
    return float(between + _DAY if between < -_HALF_A_DAY else between)


def _clock(point: Point) -> int:
    return clock_minutes(point.time) if point.time else 0


def _since(gap: float | None, whole: float) -> tuple[float, float, float, float, float]:
    if gap is None:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    return (
        math.log1p(max(gap, 0.0)) / _SCALE,
        float(gap >= _LONG),
        float(gap >= _NEXT_DAY),
        float(gap <= _AT_ONCE),
        float(gap / whole > _LARGE),
    )
