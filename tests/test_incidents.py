"""Several incidents in one file: found where they are told one after another, never in a single report."""

from __future__ import annotations

import pytest

import postmortem
from examples import REPORT
from postmortem.incidents import excerpt, parts
from postmortem.normalize import normalize

NUMBERED = """\
# Incident 1: search

**Summary**
The search was down from 10:00 to 11:00 UTC on 4 March 2024.

**Root cause**
The disk was full.

# Incident 2: payments

**Summary**
Payments failed from 12:00 to 13:00 UTC on 5 March 2024.

**Root cause**
The certificate had expired.
"""
DATED = NUMBERED.replace("# Incident 1: search", "# 4 March 2024 - Search").replace(
    "# Incident 2: payments", "# 5 March 2024 - Payments"
)
NESTED = "# Postmortems of March\n\nBoth weeks were hard.\n\n" + NUMBERED.replace("# ", "## ")
AGAIN = """\
Issue Summary:
The search was down from 10:00 to 11:00 UTC on 4 March 2024.

Timeline:
10:00 The search fails.

Root cause:
The disk was full.

----------

Issue Summary:
Payments failed from 12:00 to 13:00 UTC on 5 March 2024.

Timeline:
12:00 Payments fail.

Root cause:
The certificate had expired.
"""


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (NUMBERED, ["# Incident 1", "# Incident 2"]),
        (DATED, ["# 4 March 2024", "# 5 March 2024"]),
        (NESTED, ["## Incident 1", "## Incident 2"]),
        (NESTED.replace("\n", "\r\n"), ["## Incident 1", "## Incident 2"]),
        (AGAIN, ["Issue Summary:\nThe search", "Issue Summary:\nPayments"]),
    ],
    ids=["numbered", "dated", "nested", "nested, CRLF", "sections over again"],
)
def test_several(text: str, begins: list[str]) -> None:
    extents = parts(normalize(text))
    assert [
        text[start:end][: len(begin)].replace("\r", "")
        for (start, end), begin in zip(extents, begins, strict=True)
    ] == begins
    assert extents[-1][1] == len(text)
    causes = [i.root_cause.statement for i in postmortem.parse_all(text) if i.root_cause]
    assert causes == ["The disk was full.", "The certificate had expired."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        REPORT,
        "# Outage\n\n## Part one: what broke\n\n### Timeline\n10:00 x\n\n## Part two: why\n\n### Root cause\nA disk.\n",
        "# Outage\n\n## Service A\n\n### Impact\nNone.\n\n## Service B\n\n### Impact\nNone.\n\n## Root cause\nA disk.\n",
        "# Outage\n\nSummary:\nDown.\n\nTimeline:\n10:00\n\nRoot cause:\nDisk.\n\nSummary:\nThat was it.\n",
        "# Timeline\n\n## Monday\n\n## Tuesday\n\n# Root cause\n\nA disk.\n",
    ],
    ids=["empty", "report", "two halves", "impact of two services", "a second summary", "days"],
)
def test_one(text: str) -> None:
    assert parts(normalize(text)) == ()


def test_what_stands_above_belongs_to_all() -> None:
    extents = parts(normalize(NESTED))
    for number, word in ((1, "search"), (2, "payments")):
        text, joint = excerpt(NESTED, extents, number)
        assert text[:joint] == NESTED[: extents[0][0]]
        assert text[joint:].startswith(f"## Incident {number}: {word}")


def test_spans_are_those_of_the_whole_text() -> None:
    for incident in postmortem.parse_all(NESTED):
        assert incident.sections
        for section in incident.sections:
            evidence = section.evidence
            assert NESTED[evidence.start : evidence.end] == evidence.text
            assert section.heading in evidence.text
        assert incident.source.characters == len(NESTED)
