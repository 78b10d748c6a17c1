"""Rules looked up by their bits: the same rules, in the same order, with the same matches as when each is asked in turn."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem import nlp
from postmortem.matching import Rules, Tried, rules_of, worth_trying
from postmortem.screen import FILES
from postmortem.vocabulary import rules

TEXTS = [
    nlp.lower(nlp.folded(text)) for name in FILES for rule in rules(name) for text in (*rule.yes, *rule.no)
]
WORDS = sorted({word for text in TEXTS for word in text.split()})


@pytest.mark.parametrize("name", FILES)
def test_they_match_what_each_rule_matches(name: str) -> None:
    known = rules_of(name)
    found = 0
    for text in TEXTS:
        passed = worth_trying(text)
        hits = [(one.rule.id, match.span()) for one, match in known.hits(text, passed)]
        expected = [(one.rule.id, match.span()) for one in known if (match := one.pattern.search(text))]
        assert hits == expected
        first = known.first(text, passed)
        assert (first.rule.id if first else None) == next((id for id, _ in hits), None)
        assert known.matched(text, passed) == bool(hits) == known.matched(text)
        found += len(hits)
    assert found >= len([*known])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(FILES))
def test_screened_and_unscreened_matches_are_equal(words: list[str], name: str) -> None:
    text, known = " ".join(words), rules_of(name)
    screened, unscreened = known.every(text, worth_trying(text)), known.every(text)
    assert [(one.rule.id, match.span()) for one, match in screened] == [
        (one.rule.id, match.span()) for one, match in unscreened
    ]


def test_all_matches_of_a_rule_follow_one_another() -> None:
    text = "a deploy was triggered by a deploy, which was triggered by a deploy"
    found = [(one.rule.id, match.start()) for one, match in rules_of("trigger").every(text)]
    assert len({id for id, _ in found}) < len(found)
    order = [rule.id for rule in rules("trigger")]
    assert found == sorted(found, key=lambda hit: (order.index(hit[0]), hit[1]))


def test_rules_by_role() -> None:
    events = rules_of("trigger", "event")
    assert {one.rule.values["role"] for one in events} == {"event"}
    text = "the certificate expired."
    assert [one.rule.id for one, _ in events.hits(text, worth_trying(text))] == ["trigger.event.expiry"]
    assert not events.matched(text, 0)
    # By kind, in files whose rules have no roles; by several at once, in the order of the file.
    both = rules_of("false_leads", "outcome", "lead")
    assert [one.rule for one in both] == [
        rule for rule in rules("false_leads") if rule.values["kind"] in ("lead", "outcome")
    ]


def test_weights_are_those_of_the_rules_that_match() -> None:
    events = rules_of("trigger", "event")
    assert events.weights("the certificate expired.", -1) == [
        float(one.rule.values["weight"]) for one in events if one.rule.id == "trigger.event.expiry"
    ]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=40), st.integers(0), st.integers(0, 300))
def test_what_passed_is_found_in_order(widths: list[int], passed: int, shift: int) -> None:
    pattern, rule = re.compile(""), rules("trigger")[0]
    each, at = [], shift
    for width in widths:
        each.append(Tried(rule, ((1 << width) - 1) << at, pattern, pattern.search))
        at += width
    known, passed = Rules(each), passed << shift
    assert known.live(passed) == [one for one in each if one.bit & passed]
    assert [*known.where(lambda _: False)] == []


def test_nothing_is_found_among_nothing() -> None:
    assert Rules(()).live(-1) == []
    assert not Rules(()).matched("it failed")
