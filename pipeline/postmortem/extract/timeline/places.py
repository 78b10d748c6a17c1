"""The blocks of a report whose timed lines can be entries: those of its timeline, else those of its account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from postmortem.document import BlockKind
from postmortem.extract.stamps import Timed
from postmortem.extract.timeline.marks import MIN_TOLD, heads, leads, opens
from postmortem.report import Report

# Sections whose timed lines are plans or facts about the report itself, not about the incident.
NOT_LISTED: Final = frozenset({"actions", "lessons", "appendix"})
NOT_NARRATIVE: Final = NOT_LISTED | {"background"}
# Fields that hold a time without telling an event.
STATED: Final = frozenset({"date", "duration", "start", "end", "author", "timezone", "due", "title"})
# A heading that says that what happened stands below it.
_PROMISED: Final = re.compile(r"time[\s-]{0,2}line|chronolog|sequence\sof\sevents", re.IGNORECASE)
_HEADING: Final = BlockKind.HEADING
_HARDLY: Final = 0.25


def timeline_blocks(report: Report) -> list[int]:
    """Indexes of the blocks that stand in a timeline section or field, stamped sub-headings included."""
    document = report.document
    inside: list[bool] = []
    empty = False
    for section in document.sections:
        nested = section.parent >= 0 and inside[section.parent] and set(section.names) <= {"other"}
        # Under chaotic heading levels a day or an hour as a heading goes on with the timeline above it.
        stamped = bool(inside) and inside[-1] and leads(report, section.start, section.end)
        # "Timeline" with nothing below it but a further heading ("Time (EAT)"): that one is its column head.
        header = bool(inside) and inside[-1] and empty and set(section.names) <= {"other", "metadata"}
        inside.append("timeline" in section.names or nested or stamped or header)
        empty = section.body_end <= section.body_start
    fields = [(f.start, f.end) for f in document.fields if "timeline" in f.names]
    if not fields and True not in inside:
        return []
    return [
        i
        for i, block in enumerate(document.blocks)
        if (block.section >= 0 and inside[block.section])
        or (fields and any(block.start < end and start < block.end for start, end in fields))
    ]


def is_narrative(report: Report, indexes: Sequence[int], timed: Timed) -> bool:
    """Does a timeline consist of paragraphs whose stamps stand in sentences ("At 9:05 we …; Ada called at 9:10"), hardly one
    first?"""
    plain, blocks = report.document.plain, report.document.blocks
    told = [
        (blocks[i], m) for i in indexes if i in timed and blocks[i].kind is not _HEADING for m in timed[i]
    ]
    return (
        len(told) >= MIN_TOLD
        and all(block.kind is BlockKind.PARAGRAPH for block, _ in told)
        and sum(heads(plain, block, m.start) for block, m in told) <= _HARDLY * len(told)
        and not all(opens(plain, block, m.start) for block, m in told)
    )


def is_chapter(report: Report) -> bool:
    """Is the timeline only one chapter of a story ("Saturday", "The hunt"), with no heading that promises all of it?"""
    document = report.document
    return not any("timeline" in f.names for f in document.fields) and not any(
        _PROMISED.search(document.plain, section.start, section.end)
        for section in document.sections
        if "timeline" in section.names
    )


def open_blocks(report: Report, closed: frozenset[str]) -> list[int]:
    """Indexes of the blocks whose timed lines can be an account: no "Date:" fields, no section that is `closed`."""
    document = report.document
    stated = {
        f.block
        for f in document.fields
        if STATED.intersection(f.names) and report.mentions_between(f.start, f.end)
    }
    shut = [bool(closed.intersection(section.names)) for section in document.sections]
    # "Remediation and prevention", "What went wrong", "Postmortem": what happened is told in paragraphs, what is to be done or
    # was learned in items.
    mixed = [_is_mixed(section.names) for section in document.sections]
    return [
        i
        for i, block in enumerate(document.blocks)
        if i not in stated
        and not (
            block.section >= 0
            and shut[block.section]
            and not (mixed[block.section] and block.kind is BlockKind.PARAGRAPH)
        )
    ]


def _is_mixed(names: tuple[str, ...]) -> bool:
    """May the paragraphs of a section of plans or lessons tell what happened?"""
    return ("actions" in names and "resolution" in names) or names == ("lessons",)
