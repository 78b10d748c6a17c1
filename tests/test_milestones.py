"""Milestones and metrics."""

from __future__ import annotations

import dataclasses

import pytest

from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.detection import detection
from postmortem.extract.milestones import metrics, milestones
from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.normalize import normalize
from postmortem.record import Metrics, Milestones, Point
from postmortem.report import Report


def milestones_of(text: str) -> Milestones:
    document = normalize(text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    entries = timeline(report)
    return milestones(report, outage(report, entries), entries, detection(report, entries))


def times(found: Milestones) -> list[str | None]:
    points = (getattr(found, f.name) for f in dataclasses.fields(found))
    return [point.time if point else None for point in points]


TIMELINE = """\
# Outage of the ticket shop, 3 May 2023

## Timeline (UTC)
- 10:00 Users are unable to buy tickets.
- 10:06 An alert fires for the error rate.
- 10:09 The on-call engineer acknowledges the page.
- 10:20 Restarted the proxy, no effect.
- 10:40 Root cause identified: a typo in the new release.
- 10:50 Rolled back to version 7.
- 11:00 Service fully restored.
"""


def test_the_phases_of_a_timeline() -> None:
    found = milestones_of(TIMELINE)
    assert times(found) == ["10:00", "10:06", "10:09", "10:40", "10:50", "11:00"]
    assert metrics(found) == Metrics(6.0, 9.0, 40.0, 50.0, 60.0)


FIELDS = """\
# Outage of the ticket shop, 3 May 2023

- Start: 10:00 UTC
- Time to detect: 12 minutes
- Acknowledged at: 10:15 UTC
- Mitigated at: 10:45 UTC
- End: 11:00 UTC
"""


def test_labelled_fields() -> None:
    found = milestones_of(FIELDS)
    assert found.detected_at is not None
    assert found.acknowledged_at is not None
    assert (found.detected_at.time, found.acknowledged_at.time) == ("10:12", "10:15")
    assert found.detected_at.evidence[0].text == "12 minutes"


def test_a_report_without_times() -> None:
    assert milestones_of("") == Milestones()
    assert metrics(Milestones()) == Metrics()


def point(date: str | None, time: str | None) -> Point:
    return Point(date, time, None, None, None, ())


DISTANCES = {
    "minutes": (point("2023-05-03", "10:00"), point("2023-05-03", "10:12"), 12.0),
    "over midnight": (point("2023-05-03", "23:50"), point("2023-05-04", "00:10"), 20.0),
    "before the start": (point("2023-05-03", "10:00"), point("2023-05-03", "09:50"), None),
    "no time": (point("2023-05-03", None), point("2023-05-03", "09:50"), None),
}


@pytest.mark.parametrize(("start", "detected", "minutes"), DISTANCES.values(), ids=DISTANCES)
def test_metrics(start: Point, detected: Point, minutes: float | None) -> None:
    found = metrics(Milestones(started_at=start, detected_at=detected))
    assert found.time_to_detect_minutes == minutes
    assert found.time_to_resolve_minutes is None
