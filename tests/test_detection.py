"""Detection: who or what noticed it first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.detection import detection
from postmortem.normalize import normalize
from postmortem.record import Detection, Entry, Evidence, Point
from postmortem.report import Report
from postmortem.vocabulary import Rule, rules


def noticed(text: str, timeline: tuple[Entry, ...] = ()) -> Detection | None:
    document = normalize(text)
    mentions = scan(document.plain)
    return detection(Report(document, mentions, Calendar.of(document, mentions)), timeline)


def method(text: str) -> str | None:
    found = noticed(text)
    return found.method if found else None


CASES = {
    "no more than a name": (
        "## Detection\n\nBy the bank's phone call. Our dashboards count files.\n",
        "third_party",
    ),
    "somebody named later on": ("# Belt\n\nThe belt ran slow. Ines noticed when it backed up.\n", "internal"),
    "users named like somebody": ("# Belt\n\nThe belt ran slow. Users saw an error.\n", None),
    "a colleague of mine": ("# Belt\n\nMy colleague has a picture of the page.\n", None),
    "who noticed": ("Who noticed: the night guard\nFix: a new fuse\n", "internal"),
    "field": ("# Outage\n\nDetection: our monitoring system sent an alert\n", "monitoring"),
    "section": ("# Outage\n\n## Detection\n\nA customer reported that invoices were blank.\n", "customer"),
    "section before summary": (
        "# Outage\n\n## Summary\n\nUsers reported errors later.\n\n## Detection\n\nAn engineer noticed odd logs.\n",
        "internal",
    ),
    "timeline": (
        "# Outage\n\n## Timeline\n\n- 10:00 Grafana showed a drop in orders\n- 10:05 Users reported errors\n",
        "monitoring",
    ),
    "summary": ("# Outage\n\n## Summary\n\nThe on-call engineer was paged at night.\n", "monitoring"),
    "complaints": ("# Outage\n\n## Summary\n\nWe received complaints from several clients.\n", "customer"),
    "colleague": (
        "# Outage\n\n## Summary\n\nOne of our developers noticed that builds were stuck.\n",
        "internal",
    ),
    "provider": (
        "# Outage\n\n## Summary\n\nOur hosting provider informed us of a failed rack.\n",
        "third_party",
    ),
    "what an engineer saw": (
        "# Outage\n\n## Detection\n\nWe noticed a jump of errors in our dashboards.\n",
        "monitoring",
    ),
    "label": ("# Outage\n\n- Noticed by: the night shift\n- Level: 2\n", "internal"),
    "label with customers": ("# Outage\n\n- Reported by: two pharmacies\n", "customer"),
    "phones": ("# Outage\n\n## Summary\n\nAt nine the phones began to ring.\n", "customer"),
    "hotline": ("# Outage\n\n## Summary\n\nCalls to the hotline doubled within minutes.\n", "customer"),
    "trade": ("# Outage\n\n## Summary\n\nA bus driver rang the control room.\n", "customer"),
    "post": ("# Outage\n\n## Summary\n\nSomebody on Reddit pointed out that prices were zero.\n", "customer"),
    "clerk": (
        "# Outage\n\n## Summary\n\nA clerk in accounting wondered why the list was empty.\n",
        "internal",
    ),
    "chat": ("# Outage\n\n## Summary\n\nQuestion in #builds: is it only me?\n", "internal"),
    "by chance": ("# Outage\n\n## Summary\n\nThe gap was found by chance.\n", "internal"),
    "bank": ("# Outage\n\n## Summary\n\nOur bank called us at ten.\n", "third_party"),
    "probe": ("# Outage\n\n## Summary\n\nOne external probe failed at ten.\n", "monitoring"),
    "not by monitoring": (
        "# Outage\n\n## Summary\n\nNo alert fired and our monitoring saw nothing. A parent wrote to support.\n",
        "customer",
    ),
    "who called": ("# Outage\n\n## Summary\n\nIt was a customer who called us.\n", "customer"),
    "when a user tried": (
        "# Outage\n\n## Summary\n\nThe fault was noticed when a customer tried to print a ticket.\n",
        "customer",
    ),
    "checker": ("# Outage\n\n## Summary\n\nThe checker of the school says FAIL.\n", "monitoring"),
    "bot": ("# Outage\n\n## Summary\n\nI got a text from our uptime robot.\n", "monitoring"),
    "diagnosis": ("# Outage\n\n## Summary\n\nThe team discovered the root cause at noon.\n", None),
    "new alarms": ("# Outage\n\n## Summary\n\nThe fix includes new alarms.\n", None),
    "refunds": ("# Outage\n\n## Summary\n\nSome 900 viewers asked for a refund.\n", None),
    "relative clause": (
        "# Outage\n\n## Summary\n\nMateo, who was on the train, noticed blank pages.\n",
        "internal",
    ),
    "board of a label": ("# Outage\n\n- Noticed by: ops dashboard\n", "monitoring"),
    "nobody": ("# Outage\n\n## Summary\n\nNobody noticed.\n", None),
    "before anybody": ("# Outage\n\n## Summary\n\nIt was mended before customers noticed.\n", None),
    "learned late": (
        "# Outage\n\n## Lessons\n\n- We have no alert on orders and learned of it by telephone\n",
        "customer",
    ),
    "users were told": ("# Outage\n\n## Summary\n\nUsers were notified by mail.\n", None),
    "wish": ("# Outage\n\n## Action items\n\n- Add alerts for the queue\n", None),
    "remediation": (
        "# Outage\n\n## Remediation and prevention\n\nEngineers were automatically alerted. We will add more tests.\n",
        "monitoring",
    ),
    "a first review": ("# Belt\n\nIt stood still. The first one-star review came in at nine.\n", "customer"),
    "a list": ("# Belt\n\nIt stood still. A member wrote to the list.\n", "customer"),
    "the first we heard": (
        "# Belt\n\nIt stood still. The first we heard was a guest asking why.\n",
        "customer",
    ),
    "unread alarm": (
        "# Belt\n\nThe alert mail went to the inbox of somebody who left. A guest phoned us.\n",
        "customer",
    ),
    "unharmed guests": ("# Belt\n\nIt stood still. Guests with a key noticed nothing.\n", None),
    "an invitation": ("# Belt\n\nIt stood still. If yours did too, please write to us.\n", None),
    "a notice to customers": ("Customer notice no.: 7\nAn alarm went off in the hall.\n", "monitoring"),
    "not said": ("# Outage\n\n## Summary\n\nThe shop was down.\n", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_method(text: str, expected: str | None) -> None:
    assert method(text) == expected


def test_the_entry_of_the_detection_goes_before_the_summary() -> None:
    text = "# Outage\n\n## Summary\n\nUsers reported errors.\n\n## Timeline\n\n- 10:00 An alarm went off\n"
    start = text.index("10:00")
    evidence = Evidence(start, len(text) - 1, text[start:-1], "timeline.listed")
    at = Point(None, "10:00", None, None, None, (evidence,))
    found = noticed(text, (Entry(at, None, "An alarm went off", "detection", evidence),))
    assert found is not None
    assert (found.method, found.evidence.text) == ("monitoring", "An alarm")


def test_evidence_is_the_source_as_written() -> None:
    text = "# Outage\n\n## Summary\n\nIt was first reported  by **one** of our customers.\n"
    found = noticed(text)
    assert found is not None
    assert found.evidence.text == "reported  by **one** of our customers"


METHODS = {"monitoring", "customer", "internal", "third_party", "none"}


@pytest.mark.parametrize("rule", rules("detection"), ids=lambda rule: str(rule.id))
def test_rules_name_a_method_and_a_weight(rule: Rule) -> None:
    assert rule.values["method"] in METHODS
    assert isinstance(rule.values["weight"], int | float)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["alert", "user", "reported", "by", "we", "noticed", "**", "\n", "# A\n", "10:00 "]),
        max_size=30,
    )
)
def test_any_text(words: list[str]) -> None:
    text = " ".join(words)
    found = noticed(text)
    if found:
        assert text[found.evidence.start : found.evidence.end] == found.evidence.text != ""
