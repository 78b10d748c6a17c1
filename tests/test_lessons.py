"""Lessons: the three classic lists."""

from __future__ import annotations

import pytest

from postmortem.clock.carry import Calendar
from postmortem.extract.lessons import lessons
from postmortem.normalize import normalize
from postmortem.record import Lessons
from postmortem.report import Report


def lessons_of(text: str) -> Lessons:
    document = normalize(text)
    return lessons(Report(document, (), Calendar(document)))


def texts(found: Lessons) -> tuple[list[str], list[str], list[str]]:
    return (
        [q.text for q in found.went_well],
        [q.text for q in found.went_wrong],
        [q.text for q in found.got_lucky],
    )


FULL = """\
# Outage

## Lessons learned

### What went well
- The alert fired at once.
- The team was awake.

### What went wrong
We had no runbook. The backup was old.

### Where we got lucky
- It was a Sunday.
"""


def test_headings_with_items_and_sentences() -> None:
    found = lessons_of(FULL)
    assert texts(found) == (
        ["The alert fired at once.", "The team was awake."],
        ["We had no runbook.", "The backup was old."],
        ["It was a Sunday."],
    )
    for quoted in (*found.went_well, *found.went_wrong, *found.got_lucky):
        assert FULL[quoted.evidence.start : quoted.evidence.end] == quoted.evidence.text


HEADINGS = {
    "What went well?": 0,
    "What worked well": 0,
    "Things that went right": 0,
    "What didn't go so well?": 1,
    "What could have gone better": 1,
    "What went poorly": 1,
    "Where we got lucky": 2,
    "Action items": None,
    "Root cause": None,
}


@pytest.mark.parametrize(("heading", "index"), HEADINGS.items(), ids=HEADINGS)
def test_which_heading_opens_which_list(heading: str, index: int | None) -> None:
    found = texts(
        lessons_of(f"# Outage\n\n## Lessons learned\n\n### {heading}\n- The pager rang within a minute.\n")
    )
    assert [i for i, items in enumerate(found) if items] == ([] if index is None else [index])


def test_a_lone_question_about_the_failure_is_no_lesson() -> None:
    assert lessons_of("# Outage\n\n## What went wrong?\nThe disk was full.\n") == Lessons()


def test_single_words_among_lessons() -> None:
    text = "# Outage\n\n## Lessons\n\nWell: the pager rang.\n\nNot so well: nobody woke up.\n\nLucky: it was night.\n"
    assert texts(lessons_of(text)) == (["the pager rang."], ["nobody woke up."], ["it was night."])
    assert lessons_of("# Outage\n\n## Summary\n\nGood: nothing.\n") == Lessons()


def test_keep_stop_and_signs() -> None:
    kept = "# Outage\n\n## Keep / stop\n\nKeep:\n- one bridge\n\nStop:\n- guessing\n"
    assert texts(lessons_of(kept)) == (["one bridge"], ["guessing"], [])
    signed = "# Outage\n\n## Lessons\n\n[+] The pager rang\n[-] Nobody woke up\n"
    assert texts(lessons_of(signed)) == (["The pager rang"], ["Nobody woke up"], [])


def test_placeholders_are_left_out() -> None:
    assert lessons_of("# Outage\n\n## What went well\n- N/A\n- TBD\n") == Lessons()


def test_a_report_without_lessons() -> None:
    assert lessons_of("") == Lessons()
    assert lessons_of("# Outage\n\nIt broke.\n") == Lessons()
