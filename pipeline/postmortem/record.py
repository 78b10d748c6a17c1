"""The record: what one incident report becomes. Read this file first.

Every type is frozen and slotted. Every value carries its evidence: half-open character offsets into the
source text *as read* (the file decoded, its byte-order mark removed, nothing else changed; for HTML the text that
the reader extracts), so that ``text[evidence.start:evidence.end] == evidence.text`` always holds.

Conventions: minutes are floats; dates are EDTF strings with ``X`` for digits that the report does not let one
know (``"2023-12-13"``, ``"XXXX-05-08"``); times are 24-hour ``"HH:MM"``; offsets are ``"+01:00"``; ``None`` means
that the report does not say.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, cast, get_args, get_origin, get_type_hints

SCHEMA_VERSION: Final = "1.0"

Status = Literal["ok", "not_a_report", "unsupported_language", "empty"]
Basis = Literal["stated", "computed", "timeline", "none"]
Comparator = Literal["=", "~", ">=", "<="]
Of = Literal["users", "requests", "transactions", "revenue", "infrastructure", "performance", "other"]
FigureKind = Literal["count", "money", "rate", "latency", "data_loss"]
Method = Literal["monitoring", "customer", "internal", "third_party"]
Phase = Literal[
    "trigger", "impact", "detection", "investigation", "false_lead", "escalation", "diagnosis",
    "mitigation", "resolution", "communication", "follow_up", "other",
]  # fmt: skip
ResolutionKind = Literal[
    "rollback", "restart", "fix", "scale", "failover", "configuration", "vendor", "self", "other"
]
ActionType = Literal["prevent", "mitigate", "detect", "process", "document", "other"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value stands: ``source_text[start:end] == text``; `rule` names what found it."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Point:
    """A moment, as far as the report lets one know it.

    `timezone` is the zone as written, `utc_offset` what it means; `iso` is given only when date and time are
    complete (with the offset where it is known).
    """

    date: str | None
    time: str | None
    utc_offset: str | None
    timezone: str | None
    iso: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """A half-open range of source characters, with no claim attached."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record comes from. `sha256` is of the file's bytes; `characters` counts the text as read.

    `metadata` is what the container says of the report beside its text, as (name, value) pairs in its order: a message's
    subject, a table's other columns, an export's own begin and end. Nothing is extracted from it.
    """

    path: str | None = None
    sha256: str | None = None
    media_type: str = "text/plain"
    encoding: str | None = None
    characters: int = 0
    part: int | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """A piece of text and where it stands."""

    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Section:
    """A heading as written (mark-up stripped), its canonical names, and the extent of what stands below it."""

    heading: str
    names: tuple[str, ...]
    level: int
    evidence: Evidence
    body: Extent


@dataclass(frozen=True, slots=True)
class Outage:
    """The interval in which users were affected (evaluation definitions: stated, computed, timeline, none)."""

    start: Point | None = None
    end: Point | None = None
    duration_minutes: float | None = None
    stated_duration_minutes: float | None = None
    basis: Basis = "none"
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Severity:
    raw: str
    level: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Affected:
    services: tuple[Named, ...] = ()
    regions: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Percentage:
    """How much of something was harmed, in percent; `upper` is the other end of a range."""

    value: float
    upper: float | None
    comparator: Comparator
    of: Of
    effect: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Figure:
    """An impact figure that is no percentage of users or requests: `value` in `unit`."""

    value: float
    unit: str
    kind: FigureKind
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Impact:
    summary: Quoted | None = None
    percentages: tuple[Percentage, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    method: Method
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `at` is its stamp (the start of a range), `until` the end of a range."""

    at: Point
    until: Point | None
    text: str
    phase: Phase
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Milestones:
    started_at: Point | None = None
    detected_at: Point | None = None
    acknowledged_at: Point | None = None
    identified_at: Point | None = None
    mitigated_at: Point | None = None
    resolved_at: Point | None = None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Minutes from `started_at` to each milestone."""

    time_to_detect_minutes: float | None = None
    time_to_acknowledge_minutes: float | None = None
    time_to_identify_minutes: float | None = None
    time_to_mitigate_minutes: float | None = None
    time_to_resolve_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class RootCause:
    """The report's own sentences: `statement` is the evidence texts joined by single spaces, nothing else.

    `confidence` is the probability that they are the cause which the report states.
    """

    statement: str
    confidence: float | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a closed kind (trigger, contributing factor)."""

    kind: str
    statement: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class FalseLead:
    statement: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Resolution:
    statement: str
    kind: ResolutionKind | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A root-cause category; `evidence` holds the phrases that decided it."""

    id: str
    probability: float | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Action:
    text: str
    type: ActionType
    owner: str | None
    due: str | None
    ticket: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Lessons:
    went_well: tuple[Quoted, ...] = ()
    went_wrong: tuple[Quoted, ...] = ()
    got_lucky: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probability that what the record says of a field is right: every value, and none missed (saying nothing may be right too).

    ``None`` where the text is no report (`Incident.status`): nothing was looked for. See ``models/confidence/CARD.md``.
    """

    outage: float | None = None
    impact: float | None = None
    timeline: float | None = None
    root_cause: float | None = None
    actions: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    message: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident of one report. See the module docstring for the conventions.

    `text` is the text as read, kept so that a record can be shown beside its source (for one of several incidents of a
    file: the whole file's text). It is no part of the record: not compared, not printed, not in `to_dict`.
    """

    id: str
    source: Source
    status: Status = "ok"
    title: Quoted | None = None
    sections: tuple[Section, ...] = ()
    outage: Outage = field(default_factory=Outage)
    severity: Severity | None = None
    affected: Affected = field(default_factory=Affected)
    impact: Impact = field(default_factory=Impact)
    detection: Detection | None = None
    timeline: tuple[Entry, ...] = ()
    milestones: Milestones = field(default_factory=Milestones)
    metrics: Metrics = field(default_factory=Metrics)
    root_cause: RootCause | None = None
    trigger: Statement | None = None
    contributing_factors: tuple[Statement, ...] = ()
    false_leads: tuple[FalseLead, ...] = ()
    resolution: Resolution | None = None
    categories: tuple[Category, ...] = ()
    actions: tuple[Action, ...] = ()
    lessons: Lessons = field(default_factory=Lessons)
    confidence: Confidence = field(default_factory=Confidence)
    findings: tuple[Finding, ...] = ()
    schema_version: str = SCHEMA_VERSION
    text: str | None = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain JSON types, in the documented shape and key order.

        A timeline entry's moment is flattened to `date`, `time`, `end_date`, `end_time` and `utc_offset`;
        `source.text` is left out where it is ``None``, `source.metadata` (an object) where it is empty.
        """
        out: dict[str, Any] = {"schema_version": self.schema_version}
        for name in FIELDS:
            out[name] = _plain(getattr(self, name))
        if self.source.metadata:
            out["source"]["metadata"] = dict(self.source.metadata)
        else:
            del out["source"]["metadata"]
        if self.source.text is None:
            del out["source"]["text"]
        return out

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Incident:
        """Return the record that `to_dict` gave.

        ``Incident.from_dict(record).to_dict() == record``; of a timeline entry's moments only what the flattened form
        holds comes back. Raises KeyError or TypeError for a dict that is no record.
        """
        hints = _hints(cls)
        kept = {
            name: _typed(hints[name], record[name]) for name in hints if name in record and name != "text"
        }
        source = kept.get("source")
        return cls(**kept, text=source.text if isinstance(source, Source) else None)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text (UTF-8 characters kept, keys in record order)."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the facts beside the text, the evidence of each field highlighted."""
        # The one place where the lowest layer calls a higher one, at the moment of showing (see pyproject.toml).
        from postmortem.page import incident_html

        return incident_html(self)


FIELDS: Final = tuple(
    f.name for f in dataclasses.fields(Incident) if f.name not in ("schema_version", "text")
)
"""The fields of a record as `Incident.to_dict` gives them, after `schema_version`."""


@cache
def _hints_of(name: str) -> dict[str, Any]:
    return get_type_hints(globals()[name])


def _hints(kind: type) -> dict[str, Any]:
    """The field types of one of this module's result types."""
    return _hints_of(kind.__name__)


def _typed(hint: Any, node: Any) -> Any:
    """Build the value that a field's type hint asks for from plain JSON types."""
    if node is None:
        return None
    arguments = get_args(hint)
    if isinstance(hint, UnionType):
        return _typed(next(a for a in arguments if a is not NoneType), node)
    if get_origin(hint) is tuple:
        each = arguments if arguments[-1] is not Ellipsis else arguments[:1] * len(node)
        return tuple(_typed(inner, item) for inner, item in zip(each, node, strict=True))
    if hint is Entry:
        return _entry(node)
    if hint is Source and "metadata" in node:
        node = {**node, "metadata": list(node["metadata"].items())}
    if dataclasses.is_dataclass(hint):
        known = {name: inner for name, inner in _hints(cast(type, hint)).items() if name in node}
        return cast(type, hint)(**{name: _typed(inner, node[name]) for name, inner in known.items()})
    return node


def _entry(node: Mapping[str, Any]) -> Entry:
    def point(date: str | None, time: str | None) -> Point:
        return Point(date, time, node["utc_offset"], None, None, ())

    ends = node["end_date"] is not None or node["end_time"] is not None
    return Entry(
        at=point(node["date"], node["time"]),
        until=point(node["end_date"], node["end_time"]) if ends else None,
        text=node["text"],
        phase=node["phase"],
        evidence=_typed(Evidence, node["evidence"]),
    )


def _plain(node: Any) -> Any:
    if isinstance(node, Entry):
        until = node.until
        return {
            "date": node.at.date,
            "time": node.at.time,
            "end_date": until.date if until else None,
            "end_time": until.time if until else None,
            "utc_offset": node.at.utc_offset,
            "text": node.text,
            "phase": node.phase,
            "evidence": _plain(node.evidence),
        }
    if isinstance(node, tuple):
        return [_plain(item) for item in node]
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        return {f.name: _plain(getattr(node, f.name)) for f in dataclasses.fields(node)}
    return node
