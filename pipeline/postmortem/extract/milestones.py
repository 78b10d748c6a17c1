"""Milestones: when it began, was noticed, taken up, understood, eased and over; metrics: the minutes in between.

Labelled fields ("Detected at: …", "Time to detect: 12 minutes") come before the timeline's entries. The window's ends are
the first and the last milestone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from postmortem.clock.carry import minutes_between
from postmortem.clock.model import Interval, Moment, Span
from postmortem.extract.statements import by_role, lowered, matched
from postmortem.record import Detection, Entry, Metrics, Milestones, Outage, Point
from postmortem.report import Report
from postmortem.vocabulary import rules

_LONGEST_LABEL: Final = 40
_LONGEST_ENTRY: Final = 400
_LABELLED: Final = re.compile(
    r"detect|discover|aware|acknowledg|identif|diagnos|mitigat|noticed|found|mtt|tt[dair]\b|time to|contain|respon|repair",
    re.IGNORECASE,
)


def milestones(
    report: Report, outage: Outage, timeline: tuple[Entry, ...], detection: Detection | None
) -> Milestones:
    """Return the points in time that the report gives; None for each that it does not.

    `timeline` is the report's, in order; `detection` says how it was noticed: the entry that its evidence stands in is
    the one at which it was.
    """
    start, end = outage.start, outage.end
    fields = _fields(report, start)
    timed = [entry for entry in timeline if entry.at.time is not None]
    if all(entry.at.iso for entry in timed):
        timed.sort(key=lambda entry: entry.at.iso or "")
    backwards = start is not None and end is not None and minutes_between(start, end) is None
    bound = None if backwards else end
    within = [e for e in timed if bound is None or minutes_between(e.at, bound) is not None]
    detected = fields.get("detected") or _detected(timed, detection)
    identified = fields.get("identified") or _identified(_since(within, start))
    mitigated = fields.get("mitigated") or _mitigated(_since(within, identified or detected or start), end)
    acknowledged = fields.get("acknowledged") or _acknowledged(_since(timed, detected or start))
    return Milestones(start, detected, acknowledged, identified, mitigated, end)


def metrics(milestones: Milestones) -> Metrics:
    """Return the minutes from `started_at` to each of the others; None where one is unknown or comes before the start."""
    start = milestones.started_at

    def since(point: Point | None) -> float | None:
        return None if start is None or point is None else minutes_between(start, point)

    return Metrics(
        time_to_detect_minutes=since(milestones.detected_at),
        time_to_acknowledge_minutes=since(milestones.acknowledged_at),
        time_to_identify_minutes=since(milestones.identified_at),
        time_to_mitigate_minutes=since(milestones.mitigated_at),
        time_to_resolve_minutes=since(milestones.resolved_at),
    )


# Fields -------------------------------------------------------------------------------------------------------------------


def _fields(report: Report, start: Point | None) -> dict[str, Point]:
    """Return the milestones that labelled fields give, as a moment or as a length since the start."""
    found: dict[str, Point] = {}
    for field in report.document.fields:
        if len(field.label) > _LONGEST_LABEL or not _LABELLED.search(field.label):
            continue
        rule = next(
            (r for r in rules("milestones") if r.values["role"] == "label" and r.pattern.search(field.label)),
            None,
        )
        if rule is None or str(rule.values["milestone"]) in found:
            continue
        for mention in report.mentions_between(field.start, field.end)[:1]:
            point = _point(report, mention, start)
            if point is not None:
                found[str(rule.values["milestone"])] = point
    return found


def _point(report: Report, mention: Moment | Interval | Span, start: Point | None) -> Point | None:
    if isinstance(mention, Span):
        return None if start is None else _later(start, mention, report)
    moment = mention.first if isinstance(mention, Interval) else mention
    return report.calendar.point(moment, after=start) if moment.hour is not None else None


def _later(start: Point, span: Span, report: Report) -> Point | None:
    """Return the point that lies `span` after `start`, or None where that has no complete clock time."""
    if start.time is None:
        return None
    known = start.date is not None and "X" not in start.date
    clock = f"{start.date if known else '2001-01-01'}T{start.time}"
    try:
        moved = datetime.fromisoformat(clock) + timedelta(minutes=int(span.minutes))
    except (ValueError, OverflowError):
        return None
    date = start.date
    if known:
        date = moved.date().isoformat()
    elif moved.date().isoformat() != "2001-01-01":
        return None
    time = f"{moved.hour:02d}:{moved.minute:02d}"
    iso = f"{date}T{time}:00{start.utc_offset or ''}" if known else None
    evidence = (report.evidence(span.start, span.end, "milestone.length"), *start.evidence)
    return replace(start, date=date, time=time, iso=iso, evidence=evidence)


# Entries ------------------------------------------------------------------------------------------------------------------


def _since(entries: Sequence[Entry], point: Point | None) -> list[Entry]:
    """Return the entries that are not known to lie before a point."""
    return [
        e for e in entries if point is None or point.time is None or minutes_between(point, e.at) is not None
    ]


def _detected(timed: Sequence[Entry], detection: Detection | None) -> Point | None:
    """Return when it was first noticed: at the first entry that says so, or the one in which its method is told."""
    for entry in timed:
        told = detection is not None and entry.evidence.start <= detection.evidence.start < entry.evidence.end
        noticed = entry.phase not in ("mitigation", "resolution", "follow_up", "false_lead") and _matches(
            entry, "noticed"
        )
        if told or entry.phase == "detection" or noticed:
            return entry.at
    return None


def _acknowledged(timed: Sequence[Entry]) -> Point | None:
    """Return when somebody took it up: where an entry says so, else where the investigation begins."""
    for role in ("acknowledged", "begun"):
        for entry in timed:
            if _matches(entry, role):
                return entry.at
    return None


def _identified(within: Sequence[Entry]) -> Point | None:
    """Return when the true cause was known: where an entry says so plainly, else at the last finding before the last step."""
    true = [e for e in within if e.phase not in ("false_lead", "resolution", "follow_up")]
    plain = [e for e in true if _matches(e, "identified")]
    found = plain or [e for e in true if e.phase == "diagnosis"] or [e for e in true if _finds(e)]
    return found[-1].at if found else None


def _finds(entry: Entry) -> bool:
    return entry.phase not in ("escalation", "communication", "detection", "mitigation") and _matches(
        entry, "found"
    )


def _mitigated(within: Sequence[Entry], end: Point | None) -> Point | None:
    """Return when the step was taken that ended most of the harm: where an entry says so, else the last that did not fail."""
    steps = [
        e
        for e in within
        if e.phase not in ("false_lead", "detection", "follow_up") and not _matches(e, "in_vain")
    ]
    telling = [e for e in steps if _matches(e, "mitigated")]
    taken = [e for e in steps if e.phase == "mitigation" or (e.phase != "resolution" and _step(e))]
    last = [e for e in taken if end is None or e.at.time != end.time] or taken
    found = last or telling or [e for e in steps if e.phase == "resolution"][:1]
    return found[-1].at if found else None


def _step(entry: Entry) -> bool:
    """Does an entry tell of a step of a kind that ends incidents?"""
    text = _words(entry.text)
    taken, against = (by_role("resolution", "role", role) for role in ("kind", "against"))
    return matched(taken, text) and not matched(against, text)


def _matches(entry: Entry, role: str) -> bool:
    return matched(by_role("milestones", "role", role), _words(entry.text))


@lru_cache(maxsize=256)
def _words(text: str) -> str:
    return lowered(text[:_LONGEST_ENTRY])
