"""Rules looked up by their bits: the same rules, in the same order, with the same matches as when each is asked in turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem import nlp, screen
from postmortem.extract.hits import by_bits, rules_of
from postmortem.screen import FILES, tried
from postmortem.vocabulary import rules

NAMES = ("factors", "false_leads", "milestones", "resolution", "trigger")
TEXTS = [
    nlp.lower(nlp.folded(text)) for name in FILES for rule in rules(name) for text in (*rule.yes, *rule.no)
]


def passed(text: str) -> int:
    return screen.screen().passed(screen.screen().read(text))


@pytest.mark.parametrize("name", NAMES)
def test_they_match_what_each_rule_matches(name: str) -> None:
    looked_up, candidates = rules_of(tried(name)), tried(name)
    found = 0
    for text in TEXTS:
        expected = [
            (one.rule.id, match.span()) for one, match in screen.matches(candidates, text, passed(text))
        ]
        hits = looked_up.matches(text, passed(text))
        assert [(one.rule.id, match.span()) for one, match in hits] == expected
        first = looked_up.first(text, passed(text))
        assert (first.rule.id if first else None) == next((id for id, _ in expected), None)
        assert looked_up.matched(text, passed(text)) == bool(expected)
        found += len(expected)
    assert found >= len(candidates)


def test_all_matches_of_a_rule_follow_one_another() -> None:
    looked_up = rules_of(tried("trigger"))
    text = "a deploy was triggered by a deploy, which was triggered by a deploy"
    found = [(one.rule.id, match.start()) for one, match in looked_up.all(text, passed(text))]
    assert len({id for id, _ in found}) < len(found)
    order = [one.rule.id for one in tried("trigger")]
    assert found == sorted(found, key=lambda hit: (order.index(hit[0]), hit[1]))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=40), st.integers(0), st.integers(0, 300))
def test_what_passed_is_found_in_order(widths: list[int], passed: int, shift: int) -> None:
    own, at = [], shift
    for width in widths:
        own.append(((1 << width) - 1) << at)
        at += width
    known = by_bits(zip(own, range(len(own)), strict=True))
    expected = [number for number, bits in enumerate(own) if bits & (passed << shift)]
    assert known.live(passed << shift) == expected


def test_nothing_is_found_among_nothing() -> None:
    assert by_bits([]).live(-1) == []
    assert not rules_of(()).matched("it failed", -1)
