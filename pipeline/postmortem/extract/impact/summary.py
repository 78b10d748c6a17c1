"""The report's own impact statement."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from postmortem.document import BlockKind
from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.sentences import sentences, statements
from postmortem.record import Quoted
from postmortem.report import Report

_STATING: Final = frozenset({"impact", "summary"})
_SUMMARY_SENTENCES: Final = 3
_SUBJECT: Final = re.compile(
    r"\b(?:users?|customers?|clients?|visitors|tenants|subscribers|requests|traffic|transactions|orders|service|site|website|system|application|platform|app|server)\b",
)


def summary(report: Report) -> Quoted | None:
    """The opening sentences of the impact statement, else the summary's sentence that says who suffered what."""
    document = report.document
    lowered, harm = report.account.lowered, known_rules().harm
    # A cause or a fix told under its own label in the opening says nothing of the impact.
    others = [
        (f.label_start, f.end) for f in document.fields if f.names and not _STATING.intersection(f.names)
    ]
    for start, end, stated in statements(report):
        told = sentences(document, start, end)
        if stated:
            block = next(
                (b for b in document.blocks if b.end > start and b.kind is not BlockKind.HEADING), None
            )
            opening = [s for s in islice(told, _SUMMARY_SENTENCES) if block and s[0] < block.end]
            if opening:
                return _quoted(report, opening[0][0], opening[-1][1], "impact.summary.stated")
            continue
        for low, high in told:
            if any(a < high and low < b for a, b in others):
                continue
            if _SUBJECT.search(lowered, low, high) and harm.search(lowered, low, high):
                return _quoted(report, low, high, "impact.summary.harm")
    return None


def _quoted(report: Report, start: int, end: int, rule: str) -> Quoted:
    return Quoted(report.document.quote(start, end), report.evidence(start, end, rule))
