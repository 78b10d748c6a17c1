"""Contributing factors: what made it possible, longer or worse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.clock.carry import Calendar
from postmortem.extract.factors import contributing_factors
from postmortem.normalize import normalize
from postmortem.record import Statement
from postmortem.report import Report
from postmortem.vocabulary import rules


def factors_of(text: str) -> tuple[Statement, ...]:
    document = normalize(text)
    return contributing_factors(Report(document, (), Calendar(document)))


CASES = {
    "There was no alert for a full disk.": "missing_monitoring",
    "The restore had never been tested.": "missing_test",
    "The router was a single point of failure.": "no_redundancy",
    "The remaining nodes were overloaded.": "cascading_failure",
    "Clients retried without backoff.": "retry_storm",
    "It went unnoticed for two hours.": "slow_detection",
    "The on-call engineer could not be reached.": "slow_escalation",
    "There was no runbook for this.": "missing_runbook",
    "The edit was made directly in production.": "unsafe_change_process",
    "The migration could not be rolled back.": "no_rollback",
    "Only one person knew the old system.": "knowledge_gap",
    "The limit was not documented.": "documentation",
    "Years of technical debt.": "technical_debt",
}


@pytest.mark.parametrize(("sentence", "kind"), CASES.items(), ids=CASES.values())
@pytest.mark.parametrize("heading", ["Contributing factors", "Root cause", "What went wrong"])
def test_kinds(heading: str, sentence: str, kind: str) -> None:
    found = factors_of(f"# Outage\n\n## {heading}\n- {sentence}\n")
    assert [(f.kind, f.statement) for f in found] == [(kind, sentence)]


def test_every_kind_has_a_case() -> None:
    assert {rule.values["kind"] for rule in rules("factors") if rule.values["role"] == "factor"} == set(
        CASES.values()
    )


NONE = {
    "an action item": "## Action items\n- There was no alert, so add one.\n",
    "a plan": "## Root cause\nWe will test the restore, which had never been tested.\n",
    "what went well": "## What went well\n- There was no alert fatigue.\n",
    "a denial": "## Root cause\nThe monitoring showed the errors at once.\n",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_no_factor(text: str) -> None:
    assert factors_of(f"# Outage\n\n{text}") == ()


ELSEWHERE = {
    "a lack that is tied to what happened": ("There was no alert, so nobody looked.", ["missing_monitoring"]),
    "a lack alone": ("There was no alert at noon.", []),
    "what is part of any account": ("Clients retried without backoff.", ["retry_storm"]),
    "what is true in general": ("Lack of monitoring can lead to long outages, which is why it matters.", []),
}


@pytest.mark.parametrize(("sentence", "kinds"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_outside_the_sections_of_cause_a_lack_needs_a_tie(sentence: str, kinds: list[str]) -> None:
    assert [f.kind for f in factors_of(f"# Outage\n\n## Summary\n{sentence}\n")] == kinds


def test_each_item_of_a_section_counts_but_a_kind_elsewhere_only_once() -> None:
    items = "- There was no alert for the queue.\n- There was no alert for the disk.\n"
    assert len(factors_of(f"# Outage\n\n## Contributing factors\n{items}")) == 2
    assert len(factors_of(f"# Outage\n\n## Root cause\n{items}")) == 1


OWN_WORDS = {
    "a test that cannot show it": ("Staging has one worker, so two never meet there.", ["missing_test"]),
    "a book that is silent": ("The handbook does not say a word on the spare key.", ["missing_runbook"]),
    "a person": ("The one who knew the importer had left the team.", ["knowledge_gap"]),
    "an action": ("We will write a handbook.", []),
}


@pytest.mark.parametrize(("item", "kinds"), OWN_WORDS.values(), ids=OWN_WORDS)
def test_an_item_of_a_section_of_factors_is_one_in_words_of_its_own(item: str, kinds: list[str]) -> None:
    found = factors_of(f"# Outage\n\n## Contributing factors\n\n- {item}\n")
    assert [factor.kind for factor in found] == kinds


def test_a_section_of_cause_and_repair_tells_of_factors() -> None:
    text = "# Outage\n\n## Root cause and resolution\n\nWe have only one provider, so there was no way around it.\n"
    assert [factor.kind for factor in factors_of(text)] == ["no_redundancy"]
    assert factors_of(text.replace("Root cause and resolution", "Resolution")) == ()


@given(st.text(alphabet="no alert never tested retries legacy.\n#-:12", max_size=200))
def test_any_text(text: str) -> None:
    for factor in factors_of(text):
        assert text[factor.evidence.start : factor.evidence.end] == factor.evidence.text
