"""Rules that are tried only where one of their words stands: none may miss what its pattern matches."""

from __future__ import annotations

import pytest

from postmortem.clock.carry import minutes_between
from postmortem.extract.statements import (
    FILES,
    account,
    after_stamp,
    by_role,
    elapsed,
    lowered,
    matches,
    shortened,
)
from postmortem.normalize import normalize
from postmortem.record import Entry, Evidence, Point
from postmortem.vocabulary import Rule, rules

EXAMPLES = [(name, rule, text) for name in FILES for rule in rules(name) for text in rule.yes]


@pytest.mark.parametrize(("name", "rule", "text"), EXAMPLES, ids=[f"{e[1].id}-{e[2]}" for e in EXAMPLES])
def test_an_example_is_found_by_way_of_its_words(name: str, rule: Rule, text: str) -> None:
    candidates = tuple(c for c in by_role(name, "role", rule.values["role"]) if c.rule.id == rule.id)
    passed = account(normalize(text)).passed(0, len(text))
    assert [tried.rule.id for tried, _ in matches(candidates, lowered(text), passed)] == [rule.id]


def test_rules_without_a_word_of_theirs_are_not_tried() -> None:
    text = "Nothing of the kind. The certificate expired."
    told = account(normalize(text))
    bit = next(c.bit for c in by_role("trigger", "role", "event") if c.rule.id == "trigger.event.expiry")
    assert [bool(told.passed(a, b) & bit) for a, b in ((0, 20), (21, len(text)))] == [False, True]


def test_sentences_of_the_zones_that_are_worth_it() -> None:
    told = account(normalize("# Outage\n\n## Cause\nThe disk was\nfull. It broke.\n\n## Impact\nNone.\n"))
    found = told.told(lambda zone, _: "root_cause" in zone.names)
    assert [sentence.text for sentence in found] == ["the disk was full.", "it broke."]


def point(date: str | None, time: str | None, offset: str | None = None) -> Point:
    return Point(date, time, offset, None, None, ())


MOMENTS = [
    point(date, time, offset)
    for date in (None, "2023-05-03", "2023-05-04", "XXXX-05-03", "2023-05-XX")
    for time in (None, "00:05", "10:00")
    for offset in (None, "+00:00", "+02:00")
]


def test_elapsed_agrees_with_the_calendar() -> None:
    for start in MOMENTS:
        for end in MOMENTS:
            assert elapsed(start, end) == minutes_between(start, end)


STAMPED = {
    "a stamp before": ("- 10:05 Users *see* errors.", "Users see errors."),
    "a stamp within": ("At 10:05 users see errors.", "At 10:05 users see errors."),
}


@pytest.mark.parametrize(("line", "text"), STAMPED.values(), ids=STAMPED)
def test_after_stamp(line: str, text: str) -> None:
    entry = Entry(point(None, "10:05"), None, text, "impact", Evidence(0, len(line), line, "timeline.listed"))
    start, end = after_stamp(normalize(line), entry)
    assert line[start:end].replace("*", "") == text


def test_shortened() -> None:
    assert shortened("one two three", 0, 13, most=2) == 7
    assert shortened("one two", 0, 7, most=2) == 7
    assert shortened("one", 0, 3, most=2) == 3
