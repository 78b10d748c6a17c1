"""Titles: where a report says what it is about."""

from __future__ import annotations

import pytest

import postmortem

BODY = "\n\nThe service was down from 10:00 to 11:00 UTC on 4 March 2024 because the disk was full.\n"


@pytest.mark.parametrize(
    ("text", "title", "rule"),
    [
        ("---\ntitle: Search outage\n---\n# Another heading" + BODY, "Search outage", "title.front_matter"),
        ("# Search outage" + BODY, "Search outage", "title.heading"),
        ("**Search outage of 4 March**" + BODY, "Search outage of 4 March", "title.heading"),
        ("Title: Search outage" + BODY, "Search outage", "title.heading"),
        (
            "# Incident report\n\n## Incident: search outage in two regions" + BODY,
            "Incident: search outage in two regions",
            "title.heading",
        ),
        ("Incident report\n\nTitle: Search outage" + BODY, "Search outage", "title.label"),
        ("# Postmortem report\n\n## Summary" + BODY, "Postmortem report", "title.heading"),
        ("Subject: [ops-list] Search outage" + BODY, "Search outage", "title.heading"),
        (
            "04/03/2024\n\nSearch outage in two regions" + BODY,
            "Search outage in two regions",
            "title.first_line",
        ),
    ],
    ids=[
        "front matter",
        "heading",
        "emphasis",
        "label",
        "generic, then telling",
        "generic, then labelled",
        "generic alone",
        "mail",
        "after a date",
    ],
)
def test_title(text: str, title: str, rule: str) -> None:
    found = postmortem.parse(text).title
    assert found is not None
    assert (found.text, found.evidence.rule) == (title, rule)
    assert text[found.evidence.start : found.evidence.end] == found.evidence.text


@pytest.mark.parametrize(
    "text",
    [
        BODY.strip(),
        "## Summary" + BODY,
        "10:00 The search fails\n11:00 It works again\n" + BODY,
        "Hi all" + BODY,
        "- 10:00 down" + BODY,
    ],
    ids=["prose", "section", "stamps", "salutation", "item"],
)
def test_no_title(text: str) -> None:
    assert postmortem.parse(text).title is None
