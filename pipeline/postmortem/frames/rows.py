"""One incident's rows in every table, as plain Python values: no pandas here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from postmortem.frames.columns import COLUMNS, MILESTONES
from postmortem.record import Evidence, Incident, Point

Row = dict[str, object]


def tables(incident: Incident) -> dict[str, list[Row]]:
    """Return the rows of every table that one incident gives, by table, in the order of ``COLUMNS``.

    Values are ``str``, ``int``, ``float`` or ``None``; moments are ISO strings. Every row has every column. `files` is
    left out: it has one row a file, not an incident (`file_row`).
    """
    key = _key(incident)
    made: dict[str, list[Row]] = {"incidents": [row(incident)]}
    made |= {table: [{**key, **values} for values in make(incident)] for table, make in _ROWS.items()}
    return {table: made[table] for table in COLUMNS if table in made}


def row(incident: Incident) -> Row:
    """Return one flat row for an incident: the columns of ``COLUMNS["incidents"]``, ``None`` for what it does not say."""
    return {
        **_key(incident),
        **_when(incident),
        **_what(incident),
        **_counts(incident),
        **_measures(incident),
    }


def file_row(
    name: str,
    incidents: Sequence[Incident],
    *,
    status: str | None = None,
    duplicate_of: str | None = None,
    reason: str | None = None,
) -> Row:
    """Return the row of a file in table `files`.

    `incidents` are its records (none for a file that failed). `status` is the first record's unless given; it must be given
    where there is no record, else ValueError.
    """
    if not incidents and status is None:
        raise ValueError("a file without records needs a status")
    source = incidents[0].source if incidents else None
    return {
        "name": name,
        "status": status or incidents[0].status,
        "duplicate_of": duplicate_of,
        "reason": reason,
        "records": len(incidents),
        "sha256": source.sha256 if source else None,
        "media_type": source.media_type if source else None,
        "characters": source.characters if source else None,
    }


def _key(incident: Incident) -> Row:
    return {"path": incident.source.path or "", "id": incident.id}


def _when(incident: Incident) -> Row:
    start, end = incident.outage.start, incident.outage.end
    zoned = next((point for point in (start, end) if point and point.utc_offset), None)
    return {
        "part": incident.source.part,
        "status": incident.status,
        "title": incident.title.text if incident.title else None,
        "start_date": start.date if start else None,
        "start_time": start.time if start else None,
        "end_date": end.date if end else None,
        "end_time": end.time if end else None,
        "utc_offset": zoned.utc_offset if zoned else None,
        "timezone": zoned.timezone if zoned else None,
        "start_local": _local(start),
        "end_local": _local(end),
        "start_utc": _utc(start),
        "end_utc": _utc(end),
        "duration_minutes": incident.outage.duration_minutes,
        "stated_duration_minutes": incident.outage.stated_duration_minutes,
        "basis": incident.outage.basis,
    }


def _what(incident: Incident) -> Row:
    severity, summary, cause = incident.severity, incident.impact.summary, incident.root_cause
    trigger, resolution, categories = incident.trigger, incident.resolution, incident.categories
    return {
        "severity": severity.raw if severity else None,
        "severity_level": severity.level if severity else None,
        "detection": incident.detection.method if incident.detection else None,
        "impact_summary": summary.text if summary else None,
        "impact_percent": max((p.upper or p.value for p in incident.impact.percentages), default=None),
        "root_cause": cause.statement if cause else None,
        "root_cause_start": min((e.start for e in cause.evidence), default=None) if cause else None,
        "root_cause_end": max((e.end for e in cause.evidence), default=None) if cause else None,
        "trigger": trigger.statement if trigger else None,
        "trigger_kind": trigger.kind if trigger else None,
        "resolution": resolution.statement if resolution else None,
        "resolution_kind": resolution.kind if resolution else None,
        "category": categories[0].id if categories else None,
        "category_probability": categories[0].probability if categories else None,
        "categories": ";".join(c.id for c in categories) or None,
    }


def _counts(incident: Incident) -> Row:
    lessons = incident.lessons
    return {
        "services": len(incident.affected.services),
        "regions": len(incident.affected.regions),
        "timeline_entries": len(incident.timeline),
        "actions": len(incident.actions),
        "contributing_factors": len(incident.contributing_factors),
        "false_leads": len(incident.false_leads),
        "lessons": len(lessons.went_well) + len(lessons.went_wrong) + len(lessons.got_lucky),
        "findings": len(incident.findings),
    }


def _measures(incident: Incident) -> Row:
    metrics, confidence = incident.metrics, incident.confidence
    return {
        "minutes_to_detect": metrics.time_to_detect_minutes,
        "minutes_to_acknowledge": metrics.time_to_acknowledge_minutes,
        "minutes_to_identify": metrics.time_to_identify_minutes,
        "minutes_to_mitigate": metrics.time_to_mitigate_minutes,
        "minutes_to_resolve": metrics.time_to_resolve_minutes,
        "outage_confidence": confidence.outage,
        "impact_confidence": confidence.impact,
        "timeline_confidence": confidence.timeline,
        "root_cause_confidence": confidence.root_cause,
        "actions_confidence": confidence.actions,
        "characters": incident.source.characters,
    }


def _evidence(evidence: Evidence) -> Row:
    return {"start": evidence.start, "end": evidence.end, "rule": evidence.rule}


def _local(point: Point | None) -> str | None:
    return point.iso[:19] if point and point.iso else None


def _utc(point: Point | None) -> str | None:
    """The moment in UTC, where its offset is known; none where it then lies outside the calendar, or is none at all."""
    if point is None or point.iso is None or point.utc_offset is None:
        return None
    try:
        return datetime.fromisoformat(point.iso).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _moment(point: Point) -> Row:
    return {
        "date": point.date,
        "time": point.time,
        "utc_offset": point.utc_offset,
        "local": _local(point),
        "utc": _utc(point),
    }


def _timeline(incident: Incident) -> Iterator[Row]:
    for number, entry in enumerate(incident.timeline, 1):
        yield {
            "number": number,
            **_moment(entry.at),
            "end_date": entry.until.date if entry.until else None,
            "end_time": entry.until.time if entry.until else None,
            "phase": entry.phase,
            "text": entry.text,
            **_evidence(entry.evidence),
        }


def _milestones(incident: Incident) -> Iterator[Row]:
    for name in MILESTONES:
        point: Point | None = getattr(incident.milestones, name)
        if point:
            yield {"milestone": name, **_moment(point)}


def _impacts(incident: Incident) -> Iterator[Row]:
    for p in incident.impact.percentages:
        yield {
            "kind": "percentage",
            "value": p.value,
            "upper": p.upper,
            "comparator": p.comparator,
            "of": p.of,
            "effect": p.effect,
            **_evidence(p.evidence),
        }
    for f in incident.impact.figures:
        yield {
            "kind": f.kind,
            "value": f.value,
            "upper": None,
            "comparator": "=",
            "of": f.unit,
            "effect": None,
            **_evidence(f.evidence),
        }


def _services(incident: Incident) -> Iterator[Row]:
    for kind, named in (("service", incident.affected.services), ("region", incident.affected.regions)):
        yield from ({"kind": kind, "name": n.name, **_evidence(n.evidence)} for n in named)


def _categories(incident: Incident) -> Iterator[Row]:
    for rank, category in enumerate(incident.categories, 1):
        yield {"category": category.id, "rank": rank, "probability": category.probability}


def _factors(incident: Incident) -> Iterator[Row]:
    for f in incident.contributing_factors:
        yield {"kind": f.kind, "statement": f.statement, **_evidence(f.evidence)}


def _false_leads(incident: Incident) -> Iterator[Row]:
    for lead in incident.false_leads:
        yield {"statement": lead.statement, **_evidence(lead.evidence)}


def _actions(incident: Incident) -> Iterator[Row]:
    for a in incident.actions:
        yield {
            "text": a.text,
            "type": a.type,
            "owner": a.owner,
            "due": a.due,
            "ticket": a.ticket,
            **_evidence(a.evidence),
        }


def _lessons(incident: Incident) -> Iterator[Row]:
    for kind in ("went_well", "went_wrong", "got_lucky"):
        for lesson in getattr(incident.lessons, kind):
            yield {"kind": kind, "text": lesson.text, **_evidence(lesson.evidence)}


def _sections(incident: Incident) -> Iterator[Row]:
    for s in incident.sections:
        for name in s.names or ("other",):
            yield {
                "heading": s.heading,
                "name": name,
                "level": s.level,
                "characters": s.body.end - s.body.start,
                **_evidence(s.evidence),
            }


def _findings(incident: Incident) -> Iterator[Row]:
    for f in incident.findings:
        yield {"code": f.code, "message": f.message}


def _places(incident: Incident) -> Iterator[Row]:
    """The evidence of whatever has no table with offsets of its own."""
    for field, item, found in _evidenced(incident):
        for evidence in found:
            yield {"field": field, "item": item, "text": evidence.text, **_evidence(evidence)}


def _evidenced(incident: Incident) -> Iterator[tuple[str, str | None, tuple[Evidence, ...]]]:
    outage = incident.outage
    single: dict[str, Any] = {
        "title": incident.title,
        "start": outage.start,
        "end": outage.end,
        "outage": outage,
        "severity": incident.severity,
        "detection": incident.detection,
        "root_cause": incident.root_cause,
        "trigger": incident.trigger,
        "resolution": incident.resolution,
    }
    for field, value in single.items():
        if value:
            found = value.evidence
            yield field, None, (found,) if isinstance(found, Evidence) else found
    yield from (("category", c.id, c.evidence) for c in incident.categories)
    for name in MILESTONES:
        point: Point | None = getattr(incident.milestones, name)
        if point:
            yield "milestone", name, point.evidence
    yield from (("finding", f.code, f.evidence) for f in incident.findings)


def _metadata(incident: Incident) -> Iterator[Row]:
    for name, value in incident.source.metadata:
        yield {"name": name, "value": value}


_ROWS: Final[Mapping[str, Callable[[Incident], Iterator[Row]]]] = {
    "timeline": _timeline,
    "milestones": _milestones,
    "impacts": _impacts,
    "services": _services,
    "categories": _categories,
    "factors": _factors,
    "false_leads": _false_leads,
    "actions": _actions,
    "lessons": _lessons,
    "sections": _sections,
    "findings": _findings,
    "evidence": _places,
    "metadata": _metadata,
}
