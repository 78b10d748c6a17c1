"""Rules that are tried only where one of their words stands: none may miss what its pattern matches."""

from __future__ import annotations

import pytest

from postmortem.extract.statements import after_stamp, by_role, live, lowered, matches, shortened
from postmortem.normalize import normalize
from postmortem.record import Entry, Evidence, Point
from postmortem.vocabulary import rules

FILES = ("resolution", "trigger", "factors", "milestones")
EXAMPLES = [(name, rule.id, text) for name in FILES for rule in rules(name) for text in rule.yes]


@pytest.mark.parametrize(("name", "id", "text"), EXAMPLES, ids=[f"{e[1]}-{e[2]}" for e in EXAMPLES])
def test_an_example_is_found_by_way_of_its_words(name: str, id: str, text: str) -> None:
    roles = {rule.values["role"] for rule in rules(name) if rule.id == id}
    candidates = [
        c for role in roles for c in live(by_role(name, "role", role), normalize(text)) if c.rule.id == id
    ]
    if not by_role(name, "role", *roles)[0].words:
        candidates = [c for role in roles for c in by_role(name, "role", role) if c.rule.id == id]
    assert [tried.rule.id for tried, _ in matches(tuple(candidates), lowered(text))] == [id]


STAMPED = {
    "a stamp before": ("- 10:05 Users *see* errors.", "Users see errors."),
    "a stamp within": ("At 10:05 users see errors.", "At 10:05 users see errors."),
}


@pytest.mark.parametrize(("line", "text"), STAMPED.values(), ids=STAMPED)
def test_after_stamp(line: str, text: str) -> None:
    point = Point(None, "10:05", None, None, None, ())
    entry = Entry(point, None, text, "impact", Evidence(0, len(line), line, "timeline.listed"))
    start, end = after_stamp(normalize(line), entry)
    assert line[start:end].replace("*", "") == text


def test_shortened() -> None:
    assert shortened("one two three", 0, 13, most=2) == 7
    assert shortened("one two", 0, 7, most=2) == 7
    assert shortened("one", 0, 3, most=2) == 3
