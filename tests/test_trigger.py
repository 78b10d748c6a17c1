"""Trigger: the event that set it off, apart from the cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.event_choice import TRIGGER, default_model, scene
from postmortem.extract.timeline import timeline
from postmortem.extract.trigger import trigger
from postmortem.normalize import normalize
from postmortem.record import Statement
from postmortem.report import Report
from postmortem.vocabulary import rules


def trigger_of(text: str) -> Statement | None:
    document = normalize(text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    return trigger(report, scene(report, timeline(report)))


CASES = {
    "The outage was triggered by the deployment of version 9.": "deployment",
    "The failures began right after a configuration change on the proxy.": "config_change",
    "A sudden surge in traffic overwhelmed the web servers.": "traffic_change",
    "During planned maintenance of the switch the site went down.": "maintenance",
    "Following the migration to the new cluster, logins failed.": "migration",
    "The outage was triggered when an engineer deleted the wrong table.": "manual_action",
    "The errors started after an automatic failover of the database.": "failover",
    "The outage was triggered by an expired certificate.": "expiry",
    "An outage at our provider caused the errors.": "dependency_event",
    "A power cut caused the outage.": "hardware_event",
    "The outage was set off by a DDoS attack on the login page.": "attack",
    "The outage was triggered by a leap second.": "time_event",
}


@pytest.mark.parametrize(("sentence", "kind"), CASES.items(), ids=CASES.values())
def test_kinds(sentence: str, kind: str) -> None:
    found = trigger_of(f"# Outage\n\n## Trigger\n{sentence}\n")
    assert found is not None
    assert (found.kind, found.statement) == (kind, sentence)


def test_every_kind_has_a_case() -> None:
    known = {rule.values["kind"] for rule in rules("trigger") if rule.values["role"] == "event"}
    assert known == set(CASES.values())


NONE = [
    "An alert was triggered by the errors after the deployment.",
    "We suspected that the outage was caused by the release.",
    "The outage was not caused by the deployment.",
    "Service was restored after the rollback of the release.",
    "The disk was full and the site was down.",
    "We will roll out a change to the alert.",
]


@pytest.mark.parametrize("sentence", NONE)
def test_no_trigger(sentence: str) -> None:
    assert trigger_of(f"# Outage\n\n## Summary\n{sentence}\n") is None


def test_a_field_or_section_counts_first() -> None:
    found = trigger_of(
        "# Outage\n\n## Summary\nA power cut caused the outage.\n\n## Trigger\nRelease of version 9.\n"
    )
    assert found is not None
    assert (found.kind, found.statement) == ("deployment", "Release of version 9.")


def test_a_section_that_names_no_known_event() -> None:
    found = trigger_of("# Outage\n\n## Trigger\nA squirrel.\n")
    assert found is not None
    assert (found.kind, found.statement) == ("unknown", "A squirrel.")


NARRATED = {
    "the account opens with a dated event": (
        "On Tuesday, 3 May 2022 we rolled out version 4 of the shop. Orders were lost.",
        ("deployment", "On Tuesday, 3 May 2022 we rolled out version 4 of the shop."),
    ),
    "the next sentence tells what came of it": (
        "All was quiet. Our agency imported a new price list. Minutes later the first baskets were empty.",
        ("manual_action", "Our agency imported a new price list."),
    ),
    "an investigation": ("On 3 May 2022 we are investigating a change of DNS records.", None),
}


@pytest.mark.parametrize(("text", "expected"), NARRATED.values(), ids=NARRATED)
def test_events_told_in_plain_narrative(text: str, expected: tuple[str, str] | None) -> None:
    found = trigger_of(f"# Outage\n\n## Summary\n{text}\n")
    assert (found and found.kind) == (expected and expected[0])
    assert found is None or expected is None or found.statement in expected[1]


def test_the_first_entry_of_the_timeline() -> None:
    text = "# Outage\n\n## Timeline\n- 10:00 Deployment of version 2 begins.\n- 10:05 Users report errors.\n- 10:30 All is well.\n"
    found = trigger_of(text)
    assert found is not None
    assert (found.kind, found.statement) == ("deployment", "Deployment of version 2 begins.")
    assert text[found.evidence.start : found.evidence.end] == found.evidence.text == found.statement


def test_an_entry_is_the_trigger_by_what_follows_it() -> None:
    text = (
        "# Library loans down\n\nNobody could borrow a book for an hour.\n\n## Timeline\n"
        "- 10:00 The new catalogue theme is uploaded to the server.\n"
        "- 10:02 The desk page fails.\n- 10:05 The desk calls us.\n- 11:00 The old theme is back and loans work again.\n"
    )
    found = trigger_of(text)
    assert found is not None
    assert (found.kind, found.evidence.rule) == ("deployment", default_model(TRIGGER).rule)
    assert found.statement.startswith("The new catalogue theme is uploaded")


def test_what_surrounds_a_sentence_makes_it_the_trigger() -> None:
    text = (
        "# Loan desk\n\n## What happened\n\nOn Tuesday, 4 June 2024, at 18:20 we switched the loan desk to a new machine. "
        "The machine has a clock of its own, which nobody had set. It refused every card as expired until Wednesday.\n"
    )
    found = trigger_of(text)
    assert found is not None
    assert found.statement.startswith("On Tuesday, 4 June 2024")
    assert found.kind == "migration"


def test_a_byline_is_no_trigger() -> None:
    text = (
        "# A long night\n\nBy the loans team of the library, published 2024-06-04\n\nThe desk was closed.\n"
    )
    found = trigger_of(text)
    assert found is None or "published" not in found.statement


@given(st.text(alphabet="deploy triggered by after failed.\n#-:12", max_size=200))
def test_any_text(text: str) -> None:
    found = trigger_of(text)
    if found is not None:
        assert text[found.evidence.start : found.evidence.end] == found.evidence.text
