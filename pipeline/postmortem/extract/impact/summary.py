"""The report's own impact statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from postmortem.document import BlockKind, Document
from postmortem.extract.impact.known import by_first_letter, known_rules
from postmortem.extract.impact.sentences import Statement, prose, sentences
from postmortem.record import Quoted
from postmortem.report import Report

_STATING: Final = frozenset({"impact", "summary"})
_SUMMARY_SENTENCES: Final = 3
_SUBJECT: Final = by_first_letter(
    re.compile(
        r"\b(?:users?|customers?|clients?|visitors|tenants|subscribers|requests|traffic|transactions|orders|service|site|website|"
        r"system|application|platform|app|server)\b"
    )
)


def summary(report: Report, statements: Sequence[Statement]) -> Quoted | None:
    """Return the opening sentences of the impact statement, else the summary's sentence that says who suffered what."""
    document = report.document
    # A cause or a fix told under its own label in the opening says nothing of the impact.
    others = [(f.label_start, f.end) for f in document.fields if f.names and _STATING.isdisjoint(f.names)]
    for start, end, stated in statements:
        found = _opening(document, start, end) if stated else _of_harm(report, start, end, others)
        if found is not None:
            rule = "impact.summary.stated" if stated else "impact.summary.harm"
            return Quoted(document.quote(*found), report.evidence(*found, rule))
    return None


def _opening(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """Return the extent of the first sentences of `start:end` that stand in its first block."""
    block = next((b for b in document.blocks if b.end > start and b.kind is not BlockKind.HEADING), None)
    opening = [
        s for s in islice(_told(document, start, end), _SUMMARY_SENTENCES) if block and s[0] < block.end
    ]
    return (opening[0][0], opening[-1][1]) if opening else None


def _told(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, last in prose(document, start, end):
        yield from sentences(document, first, last)


def _of_harm(
    report: Report, start: int, end: int, others: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the extent of the first sentence of `start:end`, none of the `others`, that says who suffered what."""
    lowered, harm = report.account.lowered, known_rules().harm
    for first, last in prose(report.document, start, end):
        if not _SUBJECT.search(lowered, first, last):
            continue
        for low, high in sentences(report.document, first, last):
            if any(a < high and low < b for a, b in others):
                continue
            if _SUBJECT.search(lowered, low, high) and harm.search(lowered, low, high):
                return low, high
    return None
