"""Milestones: when it began, was noticed, taken up, understood, eased and over; metrics: the minutes in between.

Labelled fields ("Detected at: …", "Time to detect: 12 minutes") come before the timeline's entries. The window's ends are
the first and the last milestone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from postmortem.account import Account
from postmortem.clock.model import Interval, Moment, Span
from postmortem.extract.statements import elapsed, follows, lowered
from postmortem.matching import rules_of
from postmortem.record import Detection, Entry, Metrics, Milestones, Outage, Point
from postmortem.report import Report
from postmortem.vocabulary import rules

_LONGEST_LABEL: Final = 40
_LONGEST_ENTRY: Final = 400
_LABELLED: Final = re.compile(
    r"detect|discover|aware|acknowledg|identif|diagnos|mitigat|noticed|found|mtt|tt[dairm]\b|time to|contain|respon|repair"
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
    told = report.account
    timed = [_Step.of(entry, told) for entry in timeline if entry.at.time is not None]
    if all(step.entry.at.iso for step in timed):
        timed.sort(key=lambda step: step.entry.at.iso or "")
    backwards = start is not None and end is not None and not follows(start, end)
    bound = None if backwards else end
    within = timed if bound is None else [s for s in timed if follows(s.entry.at, bound)]
    detected = fields.get("detected") or _detected(timed, detection)
    identified = fields.get("identified") or _identified(_since(within, start))
    mitigated = fields.get("mitigated") or _mitigated(_since(within, identified or detected or start), end)
    acknowledged = fields.get("acknowledged") or _acknowledged(_since(timed, detected or start))
    return Milestones(start, detected, acknowledged, identified, mitigated, end)


def metrics(milestones: Milestones) -> Metrics:
    """Return the minutes from `started_at` to each of the others; None where one is unknown or comes before the start."""
    start = milestones.started_at

    def since(point: Point | None) -> float | None:
        return None if start is None or point is None else elapsed(start, point)

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
        milestone = _labelled(field.label) if len(field.label) <= _LONGEST_LABEL else None
        if milestone is None or milestone in found:
            continue
        for mention in report.mentions_between(field.start, field.end)[:1]:
            point = _point(report, mention, start)
            if point is not None:
                found[milestone] = point
    return found


@lru_cache(maxsize=256)
def _labelled(label: str) -> str | None:
    """Return the milestone that a label promises, None for any other label."""
    if not _LABELLED.search(label.lower()):
        return None
    labels = (rule for rule in rules("milestones") if rule.values["role"] == "label")
    return next((str(rule.values["milestone"]) for rule in labels if rule.pattern.search(label)), None)


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


@dataclass(frozen=True, slots=True)
class _Step:
    """An entry with the bits of the rules that are worth trying on it."""

    entry: Entry
    passed: int

    @classmethod
    def of(cls, entry: Entry, told: Account) -> _Step:
        return cls(entry, told.passed(entry.evidence.start, entry.evidence.end))

    def says(self, name: str, role: str) -> bool:
        """Does a rule of that role, of vocabulary file `name`, match in the entry's text?"""
        known = rules_of(name, role)
        return bool(self.passed & known.bits) and known.matched(_words(self.entry.text), self.passed)


def _since(steps: Sequence[_Step], point: Point | None) -> list[_Step]:
    """Return the steps that are not known to lie before a point."""
    if point is None or point.time is None:
        return list(steps)
    return [step for step in steps if follows(point, step.entry.at)]


def _detected(timed: Sequence[_Step], detection: Detection | None) -> Point | None:
    """Return when it was first noticed: at the first entry that says so, or the one in which its method is told."""
    at = detection.evidence.start if detection is not None else -1
    for step in timed:
        entry = step.entry
        if entry.evidence.start <= at < entry.evidence.end or entry.phase == "detection":
            return entry.at
        if entry.phase not in ("mitigation", "resolution", "follow_up", "false_lead") and step.says(
            "milestones", "noticed"
        ):
            return entry.at
    return None


def _acknowledged(timed: Sequence[_Step]) -> Point | None:
    """Return when somebody took it up: where an entry says so, else where the investigation begins."""
    for role in ("acknowledged", "begun"):
        for step in timed:
            if step.says("milestones", role):
                return step.entry.at
    return None


def _identified(within: Sequence[_Step]) -> Point | None:
    """Return when the true cause was known: where an entry says so plainly, else at the last finding before the last step."""
    true = [s for s in within if s.entry.phase not in ("false_lead", "resolution", "follow_up")]
    latest = true[::-1]
    found = (
        next((s for s in latest if s.says("milestones", "identified")), None)
        or next((s for s in latest if s.entry.phase == "diagnosis"), None)
        or next((s for s in latest if _finds(s)), None)
    )
    return found.entry.at if found else None


def _finds(step: _Step) -> bool:
    return step.entry.phase not in ("escalation", "communication", "detection", "mitigation") and step.says(
        "milestones", "found"
    )


def _mitigated(within: Sequence[_Step], end: Point | None) -> Point | None:
    """Return when the step was taken that ended most of the harm: where an entry says so, else the last that did not fail."""
    steps = [s for s in within if s.entry.phase not in ("false_lead", "detection", "follow_up")]
    taken = [s for s in steps[::-1] if _taken(s)]
    if taken:
        before_end = (s for s in taken if end is None or s.entry.at.time != end.time)
        return next(before_end, taken[0]).entry.at
    left = [s for s in steps if not s.says("milestones", "in_vain")]
    telling = next((s for s in left[::-1] if s.says("milestones", "mitigated")), None)
    found = telling or next((s for s in left if s.entry.phase == "resolution"), None)
    return found.entry.at if found else None


def _taken(step: _Step) -> bool:
    """Does an entry tell of a step that helped, of a kind that ends incidents?"""
    phase = step.entry.phase
    stepped = phase == "mitigation" or (
        phase != "resolution" and step.says("resolution", "kind") and not step.says("resolution", "against")
    )
    return stepped and not step.says("milestones", "in_vain")


@lru_cache(maxsize=256)
def _words(text: str) -> str:
    return lowered(text[:_LONGEST_ENTRY])
