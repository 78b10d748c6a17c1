"""Timeline entries: one for each thing that happened with a clock time or date of its own.

Where the report has a timeline section, its rows, items, lines and headings are read; elsewhere a list or table of
stamped lines; and where there is none of these, the timed sentences of the narrative. Finding where an entry stands
(`Stamped`) is kept apart from completing its date and time, which needs the entries before it.
"""

from __future__ import annotations

from postmortem.extract.entry_times import completed
from postmortem.extract.phases import phases
from postmortem.extract.timeline.chats import messages
from postmortem.extract.timeline.columns import columns
from postmortem.extract.timeline.lists import listed
from postmortem.extract.timeline.offsets import relative
from postmortem.extract.timeline.prose import narrated
from postmortem.extract.timeline.updates import updates
from postmortem.record import Entry
from postmortem.report import Report


def timeline(report: Report) -> tuple[Entry, ...]:
    """Return the report's entries in text order, dates carried and rolled past midnight, with their phases."""
    found = (
        updates(report)
        or relative(report)
        or columns(report)
        or listed(report)
        or messages(report)
        or narrated(report)
    )
    if not found:
        return ()
    points = list(completed(found, report.calendar))
    texts = [report.document.quote(s.start, s.end) for s in found]
    said = [f"{s.state}: {text}" if s.state else text for s, text in zip(found, texts, strict=True)]
    told = phases(said, points)
    return tuple(
        Entry(
            at=at,
            until=until,
            text=text,
            phase=phase,
            evidence=report.evidence(
                min(s.stamp_start, s.start), s.end, "timeline.listed" if s.listed else "timeline.narrated"
            ),
        )
        for s, (at, until), text, phase in zip(found, points, texts, told, strict=True)
    )
