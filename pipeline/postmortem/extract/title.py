"""The report's own title: from its front matter, its title heading, a "Title:" label, or a first line that reads like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from postmortem.document import BlockKind
from postmortem.record import Quoted
from postmortem.report import Report

_LONGEST: Final = 140
_LOOKED_AT: Final = 3
# A sentence, a stamp or a label is no title; a date or a number alone is passed over.
_NOT_A_TITLE: Final = re.compile(r"\d[:.]\d\d|[.!?;,:]$|[.!?]\s")
_SALUTATION: Final = re.compile(
    r"(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening))\b", re.IGNORECASE
)
_LABEL: Final = re.compile(r"\s{0,9}(?:title|subject|headline)\s{0,3}:\s{0,9}(?=\S)", re.IGNORECASE)
_SAYS_TITLE: Final = re.compile(r"\b(?:title|subject|name|headline)\b", re.IGNORECASE)
_WORDS: Final = re.compile(r"[a-z]{2,40}\W{1,9}(?:\w{1,20}\W{1,9}){0,9}[a-z]{2}", re.IGNORECASE)


def title(report: Report, since: int = 0) -> Quoted | None:
    """Return the title with its evidence, ``None`` where the report has none.

    `since` is where this incident begins in a file that tells several: its own heading comes before the file's title.
    """
    for rule, start, end in (*(_own(report, since) if since else ()), *_candidates(report)):
        label = _LABEL.match(report.document.plain, start, end)
        start = label.end() if label else start
        text = report.document.quote(start, end)
        if text and not _SALUTATION.match(text):
            return Quoted(text, report.evidence(start, end, rule))
    return None


def _own(report: Report, since: int) -> Iterator[tuple[str, int, int]]:
    first = next((s for s in report.document.sections if s.start >= since), None)
    if first and {"title", "other"}.issuperset(first.names):
        yield "title.incident_heading", first.start, first.end


def _candidates(report: Report) -> Iterator[tuple[str, int, int]]:
    document = report.document
    if document.front_matter:
        yield from (
            ("title.front_matter", a, b) for key, a, b in document.front_matter.fields if key == "title"
        )
    yield from (("title.heading", s.start, s.end) for s in document.sections if "title" in s.names)
    for label in document.fields:
        if "title" in label.names:
            # "Title: X" names X; "RCA - X" is a title from its first word on.
            named = _SAYS_TITLE.search(label.label)
            yield "title.label", label.start if named else label.label_start, label.end
    for block in document.blocks[:_LOOKED_AT]:
        words = document.plain[block.start : block.end].strip()
        if block.kind is BlockKind.HEADING:
            headed = [s for s in document.sections[:1] if s.start == block.start]
            if not headed or {"other"}.issuperset(headed[0].names):
                yield "title.first_heading", block.start, block.end
            return
        if (
            block.kind is not BlockKind.PARAGRAPH
            or "\n" in words
            or len(words) > _LONGEST
            or _NOT_A_TITLE.search(words)
        ):
            return
        if _WORDS.search(words):
            yield "title.first_line", block.start, block.end
            return
