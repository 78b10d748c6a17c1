"""Severity: as written, and as a level."""

from __future__ import annotations

import pytest

from postmortem.clock.carry import Calendar
from postmortem.extract.severity import severity
from postmortem.normalize import normalize
from postmortem.report import Report


def found(text: str) -> tuple[str, int | None] | None:
    document = normalize(text)
    value = severity(Report(document, (), Calendar(document)))
    if value is None:
        return None
    assert text[value.evidence.start : value.evidence.end] == value.evidence.text
    return value.raw, value.level


CASES = {
    "field word": ("# Outage\n\nSeverity: Critical\n\n## Summary\nIt broke.\n", ("Critical", 1)),
    "field Roman": ("# Outage\n\nSeverity: III\n", ("III", 3)),
    "rated": ("# Outage\n\n## Summary\nThe lift stood still. It was rated P2.\n", ("P2", 2)),
    "classified": ("# Outage\n\n## Summary\nThe stop was classified as critical.\n", ("critical", 1)),
    "a task's priority": ("# Outage\n\n## Summary\nIt is a high priority task to buy oil.\n", None),
    "field code": ("# Outage\n\n**Severity:** SEV-2\n", ("SEV-2", 2)),
    "field priority": ("# Outage\n\n- Priority: P3\n", ("P3", 3)),
    "field number": ("# Outage\n\nSeverity level: 4\n", ("4", 4)),
    "field with remark": ("# Outage\n\nSeverity: High (many users)\n", ("High", 2)),
    "major outage": ("# Outage\n\nSeverity: Major outage\n", ("Major outage", 2)),
    "unknown word kept": ("# Outage\n\nSeverity: Tsunami\n", ("Tsunami", None)),
    "zero": ("# Outage\n\nSeverity: SEV-0\n", ("SEV-0", 1)),
    "title code": ("# SEV-1: shop down\n\nIt broke.\n", ("SEV-1", 1)),
    "summary code": ("# Outage\n\n## Summary\nA P2 incident in the mail cluster.\n", ("P2", 2)),
    "front matter": ("---\ntitle: Outage\nseverity: SEV3\n---\n\n# Outage\nIt broke.\n", ("SEV3", 3)),
    "storage is none": ("# Outage\n\n## Summary\nAn AWS S3 bucket was lost.\n", None),
    "percentile is none": ("# Outage\n\n## Summary\nThe P99 latency rose.\n", None),
    "priorities of actions": ("# Outage\n\n## Action items\n- Fix it. Priority: P1\n", None),
    "header line": ("INCIDENT 7  P3  booking  closed\n10:00 down\n", ("P3", 3)),
    "column": ("Outage\n\nPriority      1 - Critical\n", ("1 - Critical", 1)),
    "impact word": ("# Outage\n\n**Impact: High.** No pay.\n", ("High", 2)),
    "nothing said": ("# Outage\n\nIt broke.\n", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_severity(text: str, expected: tuple[str, int | None] | None) -> None:
    assert found(text) == expected
