"""What the parts of the search for an outage window hand to each other, and points moved by a length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from postmortem.clock.model import Mention, Moment
from postmortem.record import Evidence, Point


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: what was found, how good it is, and the rule that found it."""

    mention: Mention
    score: int
    rule: str


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of a window as far as they are found, and how good they are: as a pair, and each; `last` is the end as written."""

    start: Point | None = None
    end: Point | None = None
    evidence: tuple[Evidence, ...] = ()
    score: int = 0
    start_score: int = 0
    end_score: int = 0
    last: Moment | None = None


def best(found: list[Found]) -> Found | None:
    """Return the candidate with the highest score, the first of equals."""
    return max(found, key=lambda f: (f.score, -f.mention.start), default=None)


def same_zone(start: Point | None, end: Point | None) -> tuple[Point | None, Point | None]:
    """Give an end without a zone the other's."""
    if start is None or end is None or (start.timezone is None) == (end.timezone is None):
        return start, end
    return (start, _zoned(end, start)) if end.timezone is None else (_zoned(start, end), end)


def _zoned(point: Point, other: Point) -> Point:
    iso = f"{point.iso}{other.utc_offset or ''}" if point.iso and point.utc_offset is None else point.iso
    return Point(
        point.date,
        point.time,
        other.utc_offset,
        other.timezone,
        iso,
        unique((*point.evidence, *other.evidence)),
    )


def unique(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple({(e.start, e.end): e for e in evidence}.values())


def moved(point: Point, minutes: int, said: Evidence) -> Point:
    """Return the point `minutes` later (`said` says how many): same zone, evidence of what it was computed from."""
    assert point.time is not None
    total = int(point.time[:2]) * 60 + int(point.time[3:]) + minutes
    days, rest = divmod(total, 24 * 60)
    time = f"{rest // 60:02d}:{rest % 60:02d}"
    date = _shifted(point.date, days)
    iso = f"{date}T{time}:00{point.utc_offset or ''}" if date and "X" not in date else None
    return Point(date, time, point.utc_offset, point.timezone, iso, (*point.evidence, said))


def _shifted(date: str | None, days: int) -> str | None:
    if date is None or days == 0 or not (date[5:7] + date[8:10]).isdigit():
        return date
    known = date[:4].isdigit()
    try:
        moved = Date(int(date[:4]) if known else 2001, int(date[5:7]), int(date[8:10])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return date
    return moved.isoformat() if known else f"XXXX-{moved.month:02d}-{moved.day:02d}"
