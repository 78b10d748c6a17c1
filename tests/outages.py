"""The window that a text tells, in words that a table of cases can hold."""

from __future__ import annotations

from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.record import Outage, Point
from postmortem.training.examples import report_of


def window(text: str) -> Outage:
    report = report_of(text)
    return outage(report, timeline(report))


def told(point: Point | None) -> str:
    return "None" if point is None else f"{point.date} {point.time} {point.utc_offset}"
