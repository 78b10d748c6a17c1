"""The columns of every table: names, types, meaning. What writes, reads or describes tables goes by `COLUMNS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from postmortem import record
from postmortem.vocabulary import rules

Kind = Literal["string", "category", "Float64", "Int64", "datetime64[us]", "datetime64[us, UTC]"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its pandas type, and what it holds.

    `values` are those that a categorical column is known to take, in the order of its categories; a value that is not among
    them (a category of one's own model) is kept and comes after them.
    """

    name: str
    kind: Kind
    meaning: str
    values: tuple[str, ...] = ()


def _kinds(vocabulary: str) -> tuple[str, ...]:
    return tuple(sorted({str(rule.values["kind"]) for rule in rules(vocabulary) if "kind" in rule.values}))


def _choices(literal: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in get_args(literal))


CATEGORIES: Final = (
    "code_bug", "configuration", "deployment", "capacity", "database", "network", "infrastructure",
    "hardware", "third_party", "credentials", "data", "human_error", "security", "other",
)  # fmt: skip
"""The root-cause categories of the packaged model."""
FILE_STATUSES: Final = (*_choices(record.Status), "duplicate", "failed")
MILESTONES: Final = tuple(record.Milestones.__dataclass_fields__)
TRIGGERS: Final = (*_kinds("trigger"), "unknown")

_KEY: Final = (
    Column("path", "string", "the file's path in the records; empty for a text that came from no file"),
    Column("id", "string", "the incident's id; two files with the same text share it"),
)
_EVIDENCE: Final = (
    Column("start", "Int64", "where the evidence begins in the text as read, in characters"),
    Column("end", "Int64", "where it ends (half-open)"),
    Column("rule", "string", "what found it"),
)
_MOMENT: Final = (
    Column("date", "string", "EDTF: X for a digit that the report does not let one know"),
    Column("time", "string", "HH:MM, 24-hour"),
    Column("utc_offset", "string", "such as +01:00"),
    Column(
        "local",
        "datetime64[us]",
        "date and time as on the report's own clock, where complete; the offset beside",
    ),
    Column("utc", "datetime64[us, UTC]", "the same moment, where the offset is known too"),
)

COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "incidents": (
        *_KEY,
        Column("part", "Int64", "1, 2 … where one file tells several incidents"),
        Column("status", "category", "whether it is a report, and if not, why", _choices(record.Status)),
        Column("title", "string", "the report's own title"),
        Column("start_date", "string", "EDTF: X for a digit that the report does not let one know"),
        Column("start_time", "string", "HH:MM, 24-hour"),
        Column("end_date", "string", "as start_date"),
        Column("end_time", "string", "as start_time"),
        Column(
            "utc_offset",
            "string",
            "of the window's start (of its end, where that alone has one), such as +01:00",
        ),
        Column("timezone", "string", "the zone of the same end of the window, as written"),
        Column(
            "start_local",
            "datetime64[us]",
            "start on the report's own clock, where date and time are complete",
        ),
        Column(
            "end_local", "datetime64[us]", "end on the report's own clock, where date and time are complete"
        ),
        Column("start_utc", "datetime64[us, UTC]", "start, where its offset is known too"),
        Column("end_utc", "datetime64[us, UTC]", "end, where its offset is known too"),
        Column("duration_minutes", "Float64", "end minus start, else as stated"),
        Column("stated_duration_minutes", "Float64", "as the text says"),
        Column("basis", "category", "where the window comes from", _choices(record.Basis)),
        Column("severity", "string", "as written"),
        Column("severity_level", "Int64", "1 is the worst"),
        Column("detection", "category", "how it was first noticed", _choices(record.Method)),
        Column("impact_summary", "string", "the report's own words for the impact"),
        Column("impact_percent", "Float64", "the highest impact percentage"),
        Column("root_cause", "string", "the report's own sentences"),
        Column("root_cause_start", "Int64", "where the first of them begins in the text as read"),
        Column(
            "root_cause_end",
            "Int64",
            "where the last of them ends (half-open); single places: table `evidence`",
        ),
        Column("trigger", "string", "the event that set it off, in the report's words"),
        Column("trigger_kind", "category", "what kind of event that was", TRIGGERS),
        Column("resolution", "string", "what ended it, in the report's words"),
        Column(
            "resolution_kind", "category", "what kind of remedy that was", _choices(record.ResolutionKind)
        ),
        Column("category", "category", "the primary root-cause category", CATEGORIES),
        Column("category_probability", "Float64", "that the report states this category as a cause, 0 to 1"),
        Column("categories", "string", "all categories, joined by semicolons"),
        Column("services", "Int64", "how many affected services are named"),
        Column("regions", "Int64", "how many affected regions are named"),
        Column("timeline_entries", "Int64", "how many entries the timeline has"),
        Column("actions", "Int64", "how many action items"),
        Column("contributing_factors", "Int64", "how many contributing factors"),
        Column("false_leads", "Int64", "how many suspicions that proved wrong"),
        Column("lessons", "Int64", "how many lessons"),
        Column("findings", "Int64", "how many places where the report contradicts itself"),
        Column("minutes_to_detect", "Float64", "from the start to when it was noticed"),
        Column("minutes_to_acknowledge", "Float64", "from the start to when somebody took it up"),
        Column("minutes_to_identify", "Float64", "from the start to when the cause was known"),
        Column("minutes_to_mitigate", "Float64", "from the start to when most of the harm ended"),
        Column("minutes_to_resolve", "Float64", "from the start to when it was over"),
        Column("outage_confidence", "Float64", "probability that the window is right, where calibrated"),
        Column("impact_confidence", "Float64", "the same of the impact"),
        Column("timeline_confidence", "Float64", "the same of the timeline"),
        Column("root_cause_confidence", "Float64", "the same of the root cause"),
        Column("actions_confidence", "Float64", "the same of the actions"),
        Column("characters", "Int64", "length of the text as read"),
    ),
    "timeline": (
        *_KEY,
        Column("number", "Int64", "place in the timeline, from 1"),
        *_MOMENT[:2],
        Column("end_date", "string", "of a range"),
        Column("end_time", "string", "of a range"),
        *_MOMENT[2:],
        Column("phase", "category", "what kind of thing happened", _choices(record.Phase)),
        Column("text", "string", "what happened"),
        *_EVIDENCE,
    ),
    "milestones": (
        *_KEY,
        Column("milestone", "category", "which one", MILESTONES),
        *_MOMENT,
    ),
    "impacts": (
        *_KEY,
        Column(
            "kind",
            "category",
            "percentage, or what a figure counts",
            ("percentage", *_choices(record.FigureKind)),
        ),
        Column("value", "Float64", "the percentage or figure"),
        Column("upper", "Float64", "the other end of a range"),
        Column("comparator", "category", "exactly, about, at least, at most", _choices(record.Comparator)),
        Column("of", "string", "what a percentage is of, or a figure's unit"),
        Column("effect", "string", "what happened to them"),
        *_EVIDENCE,
    ),
    "services": (
        *_KEY,
        Column("kind", "category", "what is named", ("service", "region")),
        Column("name", "string", "as written"),
        *_EVIDENCE,
    ),
    "categories": (
        *_KEY,
        Column("category", "category", "root-cause category", CATEGORIES),
        Column("rank", "Int64", "1 is the primary category"),
        Column("probability", "Float64", "that the report states it as a cause, 0 to 1"),
    ),
    "factors": (
        *_KEY,
        Column("kind", "category", "kind of contributing factor", _kinds("factors")),
        Column("statement", "string", "in the report's words"),
        *_EVIDENCE,
    ),
    "false_leads": (
        *_KEY,
        Column("statement", "string", "a suspicion or path that proved wrong, in the report's words"),
        *_EVIDENCE,
    ),
    "actions": (
        *_KEY,
        Column("text", "string", "what is to be done"),
        Column("type", "category", "what it is for", _choices(record.ActionType)),
        Column("owner", "string", "who is to do it"),
        Column("due", "string", "by when, as written"),
        Column("ticket", "string", "its number in a tracker"),
        *_EVIDENCE,
    ),
    "lessons": (
        *_KEY,
        Column("kind", "category", "which list it stands in", tuple(record.Lessons.__dataclass_fields__)),
        Column("text", "string", "in the report's words"),
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
    "evidence": (
        *_KEY,
        Column(
            "field",
            "string",
            "title, start, end, outage, severity, detection, root_cause, trigger, resolution, category, milestone, finding",
        ),
        Column("item", "string", "which category, milestone or finding"),
        *_EVIDENCE[:2],
        Column("text", "string", "the source's characters from start to end"),
        *_EVIDENCE[2:],
    ),
    "metadata": (
        *_KEY,
        Column(
            "name",
            "string",
            "what the container says of the report beside its text: subject, another column …",
        ),
        Column("value", "string", "as it says it"),
    ),
    "files": (
        Column("name", "string", "the file's path in the records: `path` of the other tables"),
        Column("status", "category", "what became of it", FILE_STATUSES),
        Column("duplicate_of", "string", "the file with the same text that stands for it"),
        Column("reason", "string", "why it could not be read"),
        Column("records", "Int64", "how many incidents it gave"),
        Column("sha256", "string", "of the file's bytes"),
        Column("media_type", "string", "such as text/markdown"),
        Column("characters", "Int64", "length of the text as read"),
    ),
}
"""The columns of each table, in order. `files` has one row a file, every other table is keyed by `path` and `id`."""
