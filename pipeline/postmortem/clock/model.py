"""What the clock finds in a text: partial moments, intervals, durations. Nothing is guessed here.

A part that the text does not state is ``None``; filling parts in from elsewhere in the report (carrying) is
`postmortem.clock.carry`'s work and is kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as written (`start:end`, `text`) and what it means: `offset` ``"+01:00"``, or ``None`` where the offset depends
    on the date (``PT``, ``US/Pacific``): then `region` is an IANA name such as ``"America/Los_Angeles"``."""

    start: int
    end: int
    text: str
    offset: str | None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and/or wall-clock time exactly as far as it is written at `start:end` (zone included in the extent).

    `hour` is 0-23 (24:00 is hour 0 with `next_day` true, as is an interval's end that has passed midnight). `meridiem`
    says how the hour is settled: ``"am"``, ``"pm"``, ``"24h"`` (an hour that no 12-hour clock shows), ``"noon"``,
    ``"midnight"``; ``None`` means that a 12-hour reading is still open (``9:30``). `weekday` is 0 for Monday.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    meridiem: str | None = None
    next_day: bool = False
    zone: Zone | None = None
    approximate: bool = False
    rule: str = "clock"

    @property
    def instant(self) -> tuple[int, int, int, int, int]:
        """Date and time to order moments by, 0 for what is not written."""
        return (self.year or 0, self.month or 0, self.day or 0, self.hour or 0, self.minute or 0)


@dataclass(frozen=True, slots=True)
class Interval:
    """Two moments joined by a dash, "to", "until", "between … and …"; am/pm, zone and date already shared across where one
    side leaves them out."""

    start: int
    end: int
    first: Moment
    last: Moment
    rule: str = "clock.range"


@dataclass(frozen=True, slots=True)
class Span:
    """A stated length of time in minutes ("2 hours and 15 minutes", "3-4 hours": the lower figure, `upper` the other)."""

    start: int
    end: int
    minutes: float
    upper: float | None = None
    rule: str = "clock.duration"


Mention = Moment | Interval | Span
