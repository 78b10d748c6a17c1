"""Records as tidy tables: one row an incident, one row a timeline entry, and so on. The columns are `COLUMNS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from postmortem.record import Evidence, Incident, Point

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["string", "Float64", "Int64", "datetime64[ns]", "datetime64[ns, UTC]"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its pandas type, and what it holds."""

    name: str
    kind: Kind
    meaning: str


class Frames(NamedTuple):
    """The tables of `to_frames`. `path` and `id` together name an incident in every one of them."""

    incidents: pd.DataFrame
    timeline: pd.DataFrame
    impacts: pd.DataFrame
    categories: pd.DataFrame
    actions: pd.DataFrame
    sections: pd.DataFrame
    findings: pd.DataFrame


_KEY: Final = (
    Column("path", "string", "the file's path in the records; empty for a text that came from no file"),
    Column("id", "string", "the incident's id; two files with the same text share it"),
)
_EVIDENCE: Final = (
    Column("start", "Int64", "where the evidence begins in the text as read"),
    Column("end", "Int64", "where it ends (half-open)"),
    Column("rule", "string", "what found it"),
)

COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "incidents": (
        *_KEY,
        Column("part", "Int64", "1, 2 … where one file tells several incidents"),
        Column("status", "string", "ok, not_a_report, unsupported_language, empty"),
        Column("title", "string", "the report's own title"),
        Column("start_date", "string", "EDTF: X for a digit that the report does not let one know"),
        Column("start_time", "string", "HH:MM, 24-hour"),
        Column("end_date", "string", "as start_date"),
        Column("end_time", "string", "as start_time"),
        Column("utc_offset", "string", "of the window, such as +01:00"),
        Column("start_local", "datetime64[ns]", "start as written, where date and time are complete"),
        Column("end_local", "datetime64[ns]", "end as written, where date and time are complete"),
        Column("start_utc", "datetime64[ns, UTC]", "start, where its offset is known too"),
        Column("end_utc", "datetime64[ns, UTC]", "end, where its offset is known too"),
        Column("duration_minutes", "Float64", "end minus start, else as stated"),
        Column("stated_duration_minutes", "Float64", "as the text says"),
        Column("basis", "string", "stated, computed, timeline, none"),
        Column("severity", "string", "as written"),
        Column("severity_level", "Int64", "1 is the worst"),
        Column("detection", "string", "monitoring, customer, internal, third_party"),
        Column("impact_percent", "Float64", "the highest impact percentage"),
        Column("root_cause", "string", "the report's own sentences"),
        Column("category", "string", "the primary category"),
        Column("categories", "string", "all categories, joined by semicolons"),
        Column("timeline_entries", "Int64", "how many entries the timeline has"),
        Column("actions", "Int64", "how many action items"),
        Column("minutes_to_detect", "Float64", "from the start"),
        Column("minutes_to_mitigate", "Float64", "from the start"),
        Column("minutes_to_resolve", "Float64", "from the start"),
        Column("characters", "Int64", "length of the text as read"),
    ),
    "timeline": (
        *_KEY,
        Column("number", "Int64", "place in the timeline, from 1"),
        Column("date", "string", "EDTF"),
        Column("time", "string", "HH:MM"),
        Column("end_date", "string", "of a range"),
        Column("end_time", "string", "of a range"),
        Column("utc_offset", "string", "such as +01:00"),
        Column("local", "datetime64[ns]", "date and time, where complete"),
        Column("utc", "datetime64[ns, UTC]", "the same moment, where the offset is known too"),
        Column("phase", "string", "trigger, impact, detection, …"),
        Column("text", "string", "what happened"),
        *_EVIDENCE,
    ),
    "impacts": (
        *_KEY,
        Column(
            "kind", "string", "percentage, or what a figure counts: count, money, rate, latency, data_loss"
        ),
        Column("value", "Float64", "the percentage or figure"),
        Column("upper", "Float64", "the other end of a range"),
        Column("comparator", "string", "=, ~, >=, <="),
        Column("of", "string", "what a percentage is of, or a figure's unit"),
        Column("effect", "string", "what happened to them"),
        *_EVIDENCE,
    ),
    "categories": (
        *_KEY,
        Column("category", "string", "category id"),
        Column("rank", "Int64", "1 is the primary category"),
        Column("probability", "Float64", "where a classifier gave one"),
    ),
    "actions": (
        *_KEY,
        Column("text", "string", "what is to be done"),
        Column("type", "string", "prevent, mitigate, detect, process, document, other"),
        Column("owner", "string", "who is to do it"),
        Column("due", "string", "by when, as written"),
        Column("ticket", "string", "its number in a tracker"),
        *_EVIDENCE,
    ),
    "sections": (
        *_KEY,
        Column("heading", "string", "as written"),
        Column("name", "string", "canonical name, one row for each"),
        Column("level", "Int64", "1 is the outermost"),
        Column("characters", "Int64", "length of the body"),
        *_EVIDENCE,
    ),
    "findings": (
        *_KEY,
        Column("code", "string", "what kind of contradiction or gap"),
        Column("message", "string", "for people"),
    ),
}
"""The columns of each table, in order."""


def to_frames(incidents: Iterable[Incident]) -> Frames:
    """Return the tables of any number of incidents: nullable pandas types, `COLUMNS` in order, also where there is no row."""
    rows: dict[str, list[dict[str, object]]] = {table: [] for table in COLUMNS}
    for incident in incidents:
        rows["incidents"].append(row(incident))
        for table, make in _ROWS.items():
            rows[table] += ({**_key(incident), **made} for made in make(incident))
    return Frames(**{table: _frame(rows[table], columns) for table, columns in COLUMNS.items()})


def _frame(rows: list[dict[str, object]], columns: tuple[Column, ...]) -> pd.DataFrame:
    import pandas as pd

    data: dict[str, pd.Series[Any]] = {}
    for column in columns:
        values = pd.Series([r[column.name] for r in rows], dtype="object")
        if column.kind.startswith("datetime"):
            values = pd.to_datetime(values, errors="coerce", utc="UTC" in column.kind, format="ISO8601")
        data[column.name] = values.astype(column.kind)
    return pd.DataFrame(data, columns=[c.name for c in columns])


def row(incident: Incident) -> dict[str, object]:
    """Return one flat row for an incident: the columns of ``COLUMNS["incidents"]``, ``None`` for what it does not say."""
    outage, metrics = incident.outage, incident.metrics
    start, end = outage.start, outage.end
    return {
        **_key(incident),
        "part": incident.source.part,
        "status": incident.status,
        "title": incident.title.text if incident.title else None,
        "start_date": start.date if start else None,
        "start_time": start.time if start else None,
        "end_date": end.date if end else None,
        "end_time": end.time if end else None,
        "utc_offset": (start.utc_offset if start else None) or (end.utc_offset if end else None),
        "start_local": _local(start),
        "end_local": _local(end),
        "start_utc": _utc(start),
        "end_utc": _utc(end),
        "duration_minutes": outage.duration_minutes,
        "stated_duration_minutes": outage.stated_duration_minutes,
        "basis": outage.basis,
        "severity": incident.severity.raw if incident.severity else None,
        "severity_level": incident.severity.level if incident.severity else None,
        "detection": incident.detection.method if incident.detection else None,
        "impact_percent": max((p.upper or p.value for p in incident.impact.percentages), default=None),
        "root_cause": incident.root_cause.statement if incident.root_cause else None,
        "category": incident.categories[0].id if incident.categories else None,
        "categories": ";".join(c.id for c in incident.categories) or None,
        "timeline_entries": len(incident.timeline),
        "actions": len(incident.actions),
        "minutes_to_detect": metrics.time_to_detect_minutes,
        "minutes_to_mitigate": metrics.time_to_mitigate_minutes,
        "minutes_to_resolve": metrics.time_to_resolve_minutes,
        "characters": incident.source.characters,
    }


def _key(incident: Incident) -> dict[str, object]:
    return {"path": incident.source.path or "", "id": incident.id}


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {"start": evidence.start, "end": evidence.end, "rule": evidence.rule}


def _local(point: Point | None) -> str | None:
    return point.iso[:19] if point and point.iso else None


def _utc(point: Point | None) -> str | None:
    return point.iso if point and point.iso and point.utc_offset else None


def _timeline(incident: Incident) -> Iterator[dict[str, object]]:
    for number, entry in enumerate(incident.timeline, 1):
        yield {
            "number": number,
            "date": entry.at.date,
            "time": entry.at.time,
            "end_date": entry.until.date if entry.until else None,
            "end_time": entry.until.time if entry.until else None,
            "utc_offset": entry.at.utc_offset,
            "local": _local(entry.at),
            "utc": _utc(entry.at),
            "phase": entry.phase,
            "text": entry.text,
            **_evidence(entry.evidence),
        }


def _impacts(incident: Incident) -> Iterator[dict[str, object]]:
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


def _categories(incident: Incident) -> Iterator[dict[str, object]]:
    for rank, category in enumerate(incident.categories, 1):
        yield {"category": category.id, "rank": rank, "probability": category.probability}


def _actions(incident: Incident) -> Iterator[dict[str, object]]:
    for a in incident.actions:
        yield {
            "text": a.text,
            "type": a.type,
            "owner": a.owner,
            "due": a.due,
            "ticket": a.ticket,
            **_evidence(a.evidence),
        }


def _sections(incident: Incident) -> Iterator[dict[str, object]]:
    for s in incident.sections:
        for name in s.names or ("other",):
            yield {
                "heading": s.heading,
                "name": name,
                "level": s.level,
                "characters": s.body.end - s.body.start,
                **_evidence(s.evidence),
            }


def _findings(incident: Incident) -> Iterator[dict[str, object]]:
    for f in incident.findings:
        yield {"code": f.code, "message": f.message}


_ROWS: Final[Mapping[str, Callable[[Incident], Iterator[dict[str, object]]]]] = {
    "timeline": _timeline,
    "impacts": _impacts,
    "categories": _categories,
    "actions": _actions,
    "sections": _sections,
    "findings": _findings,
}
