"""Where a timeline entry stands, before its date and time are completed."""

from __future__ import annotations

from dataclasses import dataclass

from postmortem.clock.model import Interval, Moment, Span
from postmortem.report import Report


@dataclass(frozen=True, slots=True)
class Stamped:
    """Where an entry stands: its stamp (one mention, or a date and a time apart) and the extent of its text."""

    first: Moment
    last: Moment | None
    start: int
    end: int
    stamp_start: int
    listed: bool


def moments(report: Report, start: int, end: int) -> list[Moment | Interval]:
    return [m for m in report.mentions_between(start, end) if not isinstance(m, Span)]
