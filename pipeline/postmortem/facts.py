"""What a record tells people, in the order in which they want to know it: one list for the terminal, notebooks and pages.

Each fact has the evidence it rests on, so that whoever shows it can lead to the place in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postmortem.record import Evidence, Incident, Point


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `label` names it, `field` is the kind of its evidence ("" where that has no kind of its own).

    `stamp` is when, of a timeline entry; `note` the kind or phase of a statement or entry.
    """

    label: str
    field: str
    value: str
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    stamp: str = ""

    @property
    def words(self) -> str:
        """The fact on one line, without its label."""
        if self.stamp or self.label == "timeline":
            return f"{self.stamp}  [{self.note}] {self.value}"
        return f"{self.value} [{self.note}]" if self.note else self.value


def facts(incident: Incident) -> Iterator[Fact]:
    """Yield every fact of a record, in the order of reading; of a text that is no report only what it is."""
    if incident.source.part:
        yield Fact("incident", "", f"{incident.source.part} of this file")
    if incident.status != "ok":
        yield Fact("status", "", incident.status.replace("_", " "))
        return
    if incident.title:
        yield Fact("title", "title", folded(incident.title.text), (incident.title.evidence,))
    yield from _window(incident)
    yield from _circumstances(incident)
    yield from _causes(incident)
    for entry in incident.timeline:
        until = f" - {entry.until.time}" if entry.until and entry.until.time else ""
        stamp = f"{moment(entry.at, zone=False)}{until}"
        yield Fact("timeline", "timeline", folded(entry.text), (entry.evidence,), entry.phase, stamp)
    for action in incident.actions:
        yield Fact("action", "action", folded(action.text), (action.evidence,))
    for label, lessons in (
        ("went well", incident.lessons.went_well),
        ("went wrong", incident.lessons.went_wrong),
        ("got lucky", incident.lessons.got_lucky),
    ):
        for lesson in lessons:
            yield Fact(label, "lessons", folded(lesson.text), (lesson.evidence,))
    for finding in incident.findings:
        yield Fact("finding", "", finding.message, finding.evidence)


def evidence(incident: Incident) -> Iterator[tuple[str, Evidence]]:
    """Yield (field, evidence) of the sections, then of every fact that has any."""
    yield from (("section", s.evidence) for s in incident.sections)
    for fact in facts(incident):
        yield from ((fact.field, e) for e in fact.evidence)


def _window(incident: Incident) -> Iterator[Fact]:
    """When it was, for how long, and how much of what it harmed."""
    outage = incident.outage
    for label, point in (("start", outage.start), ("end", outage.end)):
        if point:
            yield Fact(label, "outage", moment(point), point.evidence)
    if outage.duration_minutes is not None:
        length = f"{minutes(outage.duration_minutes)}, {outage.basis}"
        yield Fact("duration", "outage", length, outage.evidence)
    for p in incident.impact.percentages:
        figure = f"{p.value:g}%" if p.upper is None else f"{p.value:g}-{p.upper:g}%"
        sign = "" if p.comparator == "=" else p.comparator
        effect = f" {folded(p.effect)}" if p.effect else ""
        yield Fact("impact", "impact", f"{sign}{figure} of {p.of}{effect}", (p.evidence,))


def _circumstances(incident: Incident) -> Iterator[Fact]:
    """How bad it was, what it hit, how it was noticed, and how long each step took."""
    for figure in incident.impact.figures:
        yield Fact("impact", "impact", f"{figure.value:g} {figure.unit}", (figure.evidence,))
    if incident.severity:
        level = "" if incident.severity.level is None else f" (level {incident.severity.level})"
        yield Fact("severity", "severity", incident.severity.raw + level, (incident.severity.evidence,))
    for label, found in (("service", incident.affected.services), ("region", incident.affected.regions)):
        for named in found:
            yield Fact(label, "affected", named.name, (named.evidence,))
    if incident.detection:
        yield Fact("detection", "detection", incident.detection.method, (incident.detection.evidence,))
    metrics, reached = incident.metrics, incident.milestones
    for label, taken, point in (
        ("to detect", metrics.time_to_detect_minutes, reached.detected_at),
        ("to identify", metrics.time_to_identify_minutes, reached.identified_at),
        ("to mitigate", metrics.time_to_mitigate_minutes, reached.mitigated_at),
    ):
        if taken is not None:
            yield Fact(label, "", minutes(taken), point.evidence if point else ())


def _causes(incident: Incident) -> Iterator[Fact]:
    """What set it off, why it happened, what was wrongly suspected, how it ended, and the phrases behind each category."""
    trigger, cause, ended = incident.trigger, incident.root_cause, incident.resolution
    if trigger:
        yield Fact("trigger", "trigger", folded(trigger.statement), (trigger.evidence,), trigger.kind)
    if cause:
        yield Fact("root cause", "root cause", folded(cause.statement), cause.evidence)
    for factor in incident.contributing_factors:
        yield Fact("factor", "factor", folded(factor.statement), (factor.evidence,), factor.kind)
    for lead in incident.false_leads:
        yield Fact("false lead", "false lead", folded(lead.statement), (lead.evidence,))
    for category in incident.categories:
        sure = "" if category.probability is None else f" {category.probability:.0%}"
        because = ", ".join(f'"{folded(e.text)}"' for e in category.evidence)
        told = f"{category.id}{sure}" + (f": {because}" if because else "")
        yield Fact("category", "category", told, category.evidence)
    if ended:
        yield Fact("resolution", "resolution", folded(ended.statement), ended.evidence, ended.kind or "")


def folded(text: str) -> str:
    """`text` on one line."""
    return " ".join(text.split())


def moment(point: Point | None, *, zone: bool = True) -> str:
    """A point in words: date, time and, with `zone`, its offset and the zone as written."""
    if point is None:
        return ""
    parts = [point.date, point.time]
    if zone and point.utc_offset:
        named = point.timezone and point.timezone != point.utc_offset
        parts.append(f"UTC{point.utc_offset} ({point.timezone})" if named else f"UTC{point.utc_offset}")
    return " ".join(part for part in parts if part)


def minutes(length: float) -> str:
    """A number of minutes in words, hours added where there are any."""
    hours, rest = divmod(round(length), 60)
    return f"{length:g} minutes" + (f" ({hours} h {rest:02d} min)" if hours else "")
