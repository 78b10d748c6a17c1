"""Categories by cue phrases of the statement."""

from __future__ import annotations

import pytest

from postmortem.classify.cues import categories, cues
from postmortem.clock.carry import Calendar
from postmortem.extract.root_cause import root_cause
from postmortem.normalize import normalize
from postmortem.report import Report
from postmortem.vocabulary import load, rules


def ids(statement: str) -> list[str]:
    text = f"# Outage\n\n## Root cause\n\n{statement}\n"
    document = normalize(text)
    report = Report(document, (), Calendar(document))
    found = categories(report, root_cause(report))
    for category in found:
        assert category.evidence
        assert all(text[e.start : e.end] == e.text for e in category.evidence)
    return [category.id for category in found]


PRIMARY = {
    "bug": ("The outage was caused by a bug in the fare code.", "code_bug"),
    "leak": ("A memory leak in the image worker.", "code_bug"),
    "typo in code": ("The root cause was a typo in the login script.", "code_bug"),
    "typo in configuration": ("The root cause was a typo in the nginx configuration.", "configuration"),
    "setting": ("The timeout was set to one second.", "configuration"),
    "misconfigured": ("The root cause was a misconfigured load balancer.", "configuration"),
    "release": ("The outage was caused by a recent deployment.", "deployment"),
    "traffic": ("The outage was caused by a sudden spike in traffic.", "capacity"),
    "disk full": ("The disk of the log host was full.", "capacity"),
    "query": ("The root cause was an inefficient query on the orders table.", "database"),
    "names": ("DNS lookups failed in one zone.", "network"),
    "node": ("The outage was caused by a node that was not running.", "infrastructure"),
    "power": ("The root cause was a power failure in the hall.", "hardware"),
    "disk broken": ("The root cause was a failed disk in the array.", "hardware"),
    "provider": ("The outage was caused by an outage at our DNS provider.", "third_party"),
    "certificate": ("The root cause was an expired TLS certificate.", "credentials"),
    "record": ("The importer stopped because of a malformed record.", "data"),
    "by hand": ("An engineer accidentally deleted the live volume.", "human_error"),
    "attack": ("The outage was caused by a DDoS attack on the shop.", "security"),
    "cause, not effect": ("The server was overloaded because of a bug in the retry code.", "code_bug"),
    "cause behind due to": ("Database overload due to a misconfigured pool.", "configuration"),
    "release with a defect": ("A recent deployment introduced a bug in the cart.", "code_bug"),
}


@pytest.mark.parametrize(("statement", "expected"), PRIMARY.values(), ids=PRIMARY)
def test_primary(statement: str, expected: str) -> None:
    assert ids(statement)[:1] == [expected]


def test_the_component_goes_along() -> None:
    assert ids("The root cause was a misconfigured load balancer.") == ["configuration", "network"]


def test_no_cause_no_category() -> None:
    document = normalize("# Outage of the database\n\nThe network was slow.\n")
    assert categories(Report(document, (), Calendar(document)), None) == ()


def test_nothing_is_guessed_from_a_statement_that_names_nothing() -> None:
    assert ids("The outage was caused by the thing that everybody feared.") == []


def test_what_stands_around_the_statement_may_name_it() -> None:
    assert ids(
        "The outage was caused by this change.\n\nThere was no way to see it in the pull request: a race condition."
    ) == ["code_bug"]


def test_an_effect_weighs_less_than_a_cause() -> None:
    text = "# Outage\n\nA bug led to high load.\n"
    document = normalize(text)
    found = {
        cue.category: cue.weight for cue in cues(Report(document, (), Calendar(document)), [(10, len(text))])
    }
    assert found["code_bug"] > found["capacity"]


def test_every_rule_speaks_for_a_category_on_an_axis() -> None:
    known = {id for members in load("categories")["axes"].values() for id in members}
    assert {rule.values["category"] for rule in rules("categories")} == known
