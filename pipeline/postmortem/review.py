"""A list for people to look through: the least certain values of many records, each with the sentence it stands in.

One row a field of a record (window, impact, timeline, root cause, categories, actions), by its confidence, the least certain
first; a list is shown by the item that the doubt is about. What was not found has a row too: its value is empty.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from postmortem.confidence import doubts
from postmortem.facts import folded, minutes, moment
from postmortem.record import Action, Entry, Evidence, Incident, Percentage
from postmortem.spreadsheet import cell

BELOW: Final = 0.75
_REACH: Final = 300
_OPENS: Final = re.compile(r"[.!?]\s|\n")
# Rows kept beyond those wanted before the surest are dropped.
_SLACK: Final = 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One uncertain value. `sentence` is the sentence or line around `start:end`, offsets into the text as read (None where
    nothing was found); `why` are the reasons that lower the confidence, the weightiest first."""

    path: str
    id: str
    field: str
    value: str
    confidence: float
    sentence: str
    start: int | None
    end: int | None
    why: str


COLUMNS: Final = tuple(column.name for column in fields(Row))


def rows(incident: Incident, text: str | None = None) -> Iterator[Row]:
    """Yield one row for each field of a record that has a confidence, in the order of the fields.

    `text` is the text as read (the record's own unless given); without it, a sentence is the evidence alone and no reasons are
    given. Of one of several incidents of a file the reasons are those that hold for the whole file.
    """
    text = incident.text if text is None else text
    why = {} if text is None else doubts(incident, text)
    sure = incident.confidence
    for field, confidence, value, evidence in (
        ("outage", sure.outage, _window(incident), _window_evidence(incident)),
        ("impact", sure.impact, _impact(incident.impact.percentages), _first(incident.impact.percentages)),
        ("timeline", sure.timeline, *_timeline(incident.timeline)),
        ("root_cause", sure.root_cause, *_cause(incident)),
        ("actions", sure.actions, *_actions(incident.actions)),
    ):
        if confidence is None:
            continue
        yield Row(
            path=incident.source.path or "",
            id=incident.id,
            field=field,
            value=value,
            confidence=confidence,
            sentence="" if evidence is None else _sentence(evidence, text),
            start=None if evidence is None else evidence.start,
            end=None if evidence is None else evidence.end,
            why="; ".join(why.get(field, ())),
        )


class Review:
    """The least certain values of a stream of records: those with a confidence lower than `below`, at most `most` of them
    (None: all). Holds little more than `most` rows at any time, and gives the same rows in whatever order records come."""

    def __init__(self, *, below: float = BELOW, most: int | None = None) -> None:
        self.below = below
        self.most = most
        self._rows: list[Row] = []

    def add(self, incident: Incident, text: str | None = None) -> None:
        """Take up the uncertain values of a record (arguments as for `rows`)."""
        if not self._uncertain(incident):
            return
        self._rows += (row for row in rows(incident, text) if row.confidence < self.below)
        if self.most is not None and len(self._rows) > self.most + _SLACK:
            self._rows = self.rows()

    def rows(self) -> list[Row]:
        """Return the rows, the least certain first."""
        ranked = sorted(self._rows, key=lambda row: (row.confidence, row.path, row.id, row.field))
        return ranked[: self.most]

    def write(self, path: str | os.PathLike[str]) -> int:
        """Write the rows as CSV (UTF-8, one header line), in place of what is there; return how many there are.

        Text that a spreadsheet would take for a formula is quoted with an apostrophe. Raises OSError.
        """
        target = Path(path)
        found = self.rows()
        partial = target.with_name(target.name + ".part")
        with partial.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows([cell(value) for value in astuple(row)] for row in found)
        partial.replace(target)
        return len(found)

    def _uncertain(self, incident: Incident) -> bool:
        """A quick look, since most records have nothing to review."""
        sure = incident.confidence
        said = (sure.outage, sure.impact, sure.timeline, sure.root_cause, sure.actions)
        return any(confidence is not None and confidence < self.below for confidence in said)


def write(
    path: str | os.PathLike[str],
    incidents: Iterable[Incident],
    *,
    below: float = BELOW,
    most: int | None = None,
) -> int:
    """Write the least certain values of records as CSV (see `Review`) and return how many there are."""
    review = Review(below=below, most=most)
    for incident in incidents:
        review.add(incident)
    return review.write(path)


def _window(incident: Incident) -> str:
    window = incident.outage
    ends = (
        f"{moment(window.start) or '?'} – {moment(window.end) or '?'}" if window.start or window.end else ""
    )
    length = "" if window.duration_minutes is None else minutes(window.duration_minutes)
    return ", ".join(part for part in (ends, length) if part)


def _window_evidence(incident: Incident) -> Evidence | None:
    window = incident.outage
    told = [point.evidence[0] for point in (window.start, window.end) if point and point.evidence]
    return next(iter([*told, *window.evidence]), None)


def _impact(found: tuple[Percentage, ...]) -> str:
    return ", ".join(f"{p.value:g}{'' if p.upper is None else f'-{p.upper:g}'}% of {p.of}" for p in found)


def _first(found: tuple[Percentage, ...]) -> Evidence | None:
    return found[0].evidence if found else None


def _timeline(entries: tuple[Entry, ...]) -> tuple[str, Evidence | None]:
    """Show the entry that is earlier than the one before it, or was taken from running text, or lacks its date."""
    if not entries:
        return "", None
    shown = entries[0]
    for entry, before in zip(entries[1:], entries, strict=False):
        if entry.at.iso and before.at.iso and entry.at.iso < before.at.iso:
            shown = entry
            break
    else:
        shown = next(
            (e for e in entries if e.evidence.rule == "timeline.narrated" or e.at.iso is None), shown
        )
    value = f"{_count(len(entries), 'entry', 'entries')}: {moment(shown.at, zone=False)} {folded(shown.text)}"
    return value, shown.evidence


def _cause(incident: Incident) -> tuple[str, Evidence | None]:
    cause = incident.root_cause
    if cause is None:
        return "", None
    named = ", ".join(category.id for category in incident.categories)
    return folded(cause.statement) + (f" [{named}]" if named else ""), cause.evidence[0]


def _actions(found: tuple[Action, ...]) -> tuple[str, Evidence | None]:
    """Show the longest action: the likeliest to be more than one, or none."""
    if not found:
        return "", None
    shown = max(found, key=lambda action: len(action.text))
    return f"{_count(len(found), 'action', 'actions')}: {folded(shown.text)}", shown.evidence


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _sentence(evidence: Evidence, text: str | None) -> str:
    """The sentence or line around a piece of evidence, on one line."""
    if text is None:
        return folded(evidence.text)
    since = max(evidence.start - _REACH, 0)
    start = max((m.end() for m in _OPENS.finditer(text, since, evidence.start)), default=since)
    ending = _OPENS.search(text, max(evidence.end - 1, 0), evidence.end + _REACH)
    end = min(evidence.end + _REACH, len(text)) if ending is None else max(ending.start() + 1, evidence.end)
    return folded(text[start:end])
