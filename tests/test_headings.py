"""Lines that are plainly text: what spares them the rules for headings agrees with these rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem.normalize import normalize
from postmortem.normalize.levels import Line, heading_level, is_plainly_text
from postmortem.normalize.marks import is_list_mark, starts_with_stamp


@pytest.mark.parametrize(
    ("line", "headings"),
    [
        ("*By Ada Ormond, Data Platform. Published March 9, 2024*", 1),
        ("*The Day After*", 2),
    ],
)
def test_a_byline_in_italics_is_no_heading(line: str, headings: int) -> None:
    document = normalize(f"# Why the lights went out\n\n{line}\n\nOn Sunday the hall was dark.\n")
    assert len(document.sections) == headings


WORDS = st.lists(
    st.sampled_from(
        ["Summary", "ROOT", "cause:", "the", "10:02", "was", "**Impact**", "Why", "down.", "=", "-", "3 May"]
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(
    WORDS,
    WORDS | st.just(""),
    st.sampled_from(["", "-", "1.", "🔥", ":fire:"]),
    st.sampled_from(["", "---", "====", "text"]),
    st.booleans(),
    st.booleans(),
)
def test_a_line_that_is_plainly_text_is_no_heading(
    content: str, raw: str, marker: str, following: str, nested: bool, after_blank: bool
) -> None:
    stamped = starts_with_stamp(content)
    for written in (content, raw or content):
        line = Line(
            content, written, "", marker, 0, following, nested, after_blank, False, False, (), True, stamped, is_list_mark(marker)
        )  # fmt: skip
        if is_plainly_text(content, written, marker, following, stamped=stamped):
            assert heading_level(line) == (0, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "OUTAGE REPORT\nPOOL PUMPS OFF AFTER FUSE TEST\n\nSUMMARY\nThe pumps stood still.",
            [("OUTAGE REPORT", "title"), ("POOL PUMPS OFF AFTER FUSE TEST", "title"), ("SUMMARY", "summary")],
            id="second title line in capitals",
        ),
        pytest.param(
            "NIMBUS STATUS\nIncident 81: loss of mail in zone 4\nSeverity: low\n\nSUMMARY\nNo mail came.",
            [
                ("NIMBUS STATUS", "title"),
                ("Incident 81: loss of mail in zone 4", "title"),
                ("SUMMARY", "summary"),
            ],
            id="second title line with a number",
        ),
        pytest.param(
            "OUTAGE REPORT\nWritten by the night shift\n\nSUMMARY\nThe pumps stood still.",
            [("OUTAGE REPORT", "title"), ("SUMMARY", "summary")],
            id="a second line that is no title",
        ),
        pytest.param(
            "# Pumps off\n\nAll well now.\n\nWith apologies\nIda Moe\nCaretaker",
            [("Pumps off", "title")],
            id="a signed closing formula is no heading",
        ),
        pytest.param(
            "# Pumps off\n\nWhat we are going to change so that this does not happen again:\n\n- spare fuse",
            [
                ("Pumps off", "title"),
                ("What we are going to change so that this does not happen again:", "actions"),
            ],
            id="a long heading before a colon",
        ),
        pytest.param(
            "# Pumps off\n\nHow will we make sure that such a thing does not happen again?\n\nWe buy fuses.",
            [
                ("Pumps off", "title"),
                ("How will we make sure that such a thing does not happen again?", "actions"),
            ],
            id="a long question",
        ),
        pytest.param(
            "REPORT ON THE PUMPS\n\n1. SUMMARY\n\nThe pumps stood still.\n\n2. CORRECTIVE STEPS AGREED UPON\n\n2.1 Buy fuses.",
            [
                ("REPORT ON THE PUMPS", "title"),
                ("SUMMARY", "summary"),
                ("CORRECTIVE STEPS AGREED UPON", None),
            ],
            id="a numbered line in capitals",
        ),
        pytest.param(
            "ROOT CAUSE ANALYSIS\n\nReference: RCA-11\n\n1. WHAT HAPPENED\n\nIt broke.\n\n2. ROOT CAUSE\n\nA fuse.",
            [("ROOT CAUSE ANALYSIS", "title"), ("WHAT HAPPENED", "summary"), ("ROOT CAUSE", "root_cause")],
            id="the kind of report, named again below",
        ),
        pytest.param(
            "# Intrusion\n\n## How did they get in\n\nBy a key.\n\n## What we did / will do\n\n- new key",
            [
                ("Intrusion", "title"),
                ("How did they get in", "root_cause"),
                ("What we did / will do", "actions"),
            ],
            id="intrusion, and what is done beside what is to do",
        ),
        pytest.param(
            "# Pumps off\n\n## What we've changed\n\nFuses.\n\n## What's left to do\n\nPipes.\n\n## What didn’t go well\n\nGlue.",
            [
                ("Pumps off", "title"),
                ("What we've changed", "actions"),
                ("What's left to do", "actions"),
                ("What didn’t go well", "lessons"),
            ],
            id="contracted verbs",
        ),
        pytest.param(
            "# Pumps off\n\n## What went wrong\n\nA fuse blew.\n\n## Putting it right\n\nA new fuse.",
            [
                ("Pumps off", "title"),
                ("What went wrong", "root_cause"),
                ("Putting it right", "resolution"),
            ],
            id="what went wrong, alone",
        ),
        pytest.param(
            "# Pumps off\n\n## What went wrong\n\nAll dry.\n\n## The fault\n\nA fuse blew.",
            [("Pumps off", "title"), ("What went wrong", "summary"), ("The fault", "root_cause")],
            id="what went wrong, and why it did",
        ),
        pytest.param(
            "# Pumps off\n\n## Retrospective\n\n### What went wrong\n\nNo fuses.",
            [("Pumps off", "title"), ("Retrospective", "lessons"), ("What went wrong", "lessons")],
            id="what went wrong among the lessons",
        ),
        pytest.param(
            "# Pumps off\n\n## What went well\n\nThe bell.\n\n## What went wrong\n\nThe fuse.",
            [("Pumps off", "title"), ("What went well", "lessons"), ("What went wrong", "lessons")],
            id="what went wrong beside what went well",
        ),
        pytest.param(
            "# Pumps off\n\n## My Friday\n\n- 08:10 no water\n- 08:30 fuse found\n- 09:00 water\n\n## A tour of the pool\n\nBlue.",
            [("Pumps off", "title"), ("My Friday", "timeline"), ("A tour of the pool", "background")],
            id="a section of stamped lines, whatever it is called",
        ),
        pytest.param(
            "HARBOUR WORKS\nREASON FOR OUTAGE\n\nSUMMARY\nThe pumps stood still.\n\nPOSTMORTEM\nWe talked.",
            [
                ("HARBOUR WORKS", "title"),
                ("REASON FOR OUTAGE", "title"),
                ("SUMMARY", "summary"),
                ("POSTMORTEM", "lessons"),
            ],
            id="the kind of report below who writes it, and again below the account",
        ),
        pytest.param(
            "# Mail delayed\n\n**Postmortem**\n\nA disk filled up.",
            [("Mail delayed", "title"), ("Postmortem", None)],
            id="the kind of report with no account above",
        ),
        pytest.param(
            "Pumps off: what we learned\n==========================\n\n1. OVERVIEW\n\nNo water.\n\n2. RESOLUTION\n\nA fuse.",
            [("Pumps off: what we learned", "title"), ("OVERVIEW", "summary"), ("RESOLUTION", "resolution")],
            id="a title that speaks of lessons names nothing below it",
        ),
    ],
)
def test_headings_and_their_names(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = [(section.text, section.names[0]) for section in normalize(text).sections]
    assert [heading for heading, _ in found] == [heading for heading, _ in expected]
    assert [
        (h, n) for (h, n), (_, wanted) in zip(found, expected, strict=True) if wanted not in (None, n)
    ] == []
