"""Rules that are tried only where their words stand: none may miss what its pattern matches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem import nlp
from postmortem.matching import rules_of, worth_trying
from postmortem.screen import FILES, screen, ways
from postmortem.vocabulary import load, rules

# Of each pattern: the words that can fill each of its places, "-" where a word goes on.
PLACES = {
    "a word": (r"\balert\b", [["alert"]]),
    "an opening": (r"\bsuspect\w*", [["suspect-"]]),
    "an ending": (r"\w+load\b", [["-load"]]),
    "a short ending": (r"\w+ing\b", [[]]),
    "anywhere": ("load", [["-load-"]]),
    "two words": (r"\black of (?:\w+ ){0,3}(?:alerts?|monitoring)\b", [["lack", "alert alerts monitoring"]]),
    "alternatives": (r"\b(?:hot-?fix|patch(?:es)?)\b", [["hot hotfix patch patches"]]),
    "long alternatives": (
        r"\bno (?:\w+ )?test\b|\bnobody (?:\w+ ){0,2}saw\b",
        [["no", "test"], ["nobody", "saw"]],
    ),
    "the rarest of many": (r"\bit was not in the cache\b", [["cache", "not"]]),
    "the rarest of each alternative": (
        r"\b(?:" + "|".join([r"no (?:\w+ )?pump", r"in the (?:\w+ )?turbine"] * 40) + r") was\b",
        [["pump turbine", "was"]],
    ),
    "nothing": (r"\d+%|[a-z]+", [[]]),
    "optional": (r"\b(?:very )?slow\b", [["slow"]]),
    "capitals": (r"\bDNS", [["dns-"]]),
    "behind a look": (r"(?<!not )\bcaused(?! by)", [["caused-"]]),
}


def shown(place: frozenset[tuple[str, bool, bool]]) -> str:
    return " ".join(
        sorted(f"{'' if begins else '-'}{letters}{'' if ends else '-'}" for letters, begins, ends in place)
    )


@pytest.mark.parametrize(("pattern", "expected"), PLACES.values(), ids=PLACES)
def test_the_places_of_a_pattern(pattern: str, expected: list[list[str]]) -> None:
    assert [sorted(map(shown, way)) for way in ways(pattern)] == [sorted(way) for way in expected]


def texts(name: str) -> list[str]:
    cues = [text for cue in load(name).get("cue", ()) for text in (*cue.get("yes", ()), *cue.get("no", ()))]
    return [*cues, *(text for rule in rules(name) for text in (*rule.yes, *rule.no))]


def lowered(text: str) -> str:
    return nlp.lower(nlp.folded(text))


@pytest.mark.parametrize("name", FILES)
def test_no_rule_is_held_back_from_what_it_matches(name: str) -> None:
    for text in map(lowered, texts(name)):
        bits = worth_trying(text)
        assert [
            one.rule.id for one in rules_of(name) if not bits & one.bit and one.pattern.search(text)
        ] == []


@pytest.mark.parametrize("name", FILES)
def test_most_rules_are_held_back_from_what_they_do_not_match(name: str) -> None:
    screened = [one for one in rules_of(name) if not worth_trying("") & one.bit]
    idle = sum(bool(worth_trying(lowered(text)) & one.bit) for text in texts(name) for one in screened)
    assert idle <= 0.5 * len(texts(name)) * len(screened)


WORDS = sorted({word for name in FILES for text in texts(name) for word in text.split()})


def test_any_word_can_be_read() -> None:
    assert screen().read("x" * 100_000) == screen().read("y" * 100_000)
    assert screen().read("") == screen().always


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(FILES))
def test_patterns_for_lower_case_match_what_the_rules_match(words: list[str], name: str) -> None:
    text = lowered(" ".join(words))
    for one in rules_of(name):
        if "cased" not in one.rule.values:
            plain, own = one.rule.pattern.search(text), one.pattern.search(text)
            assert (plain and plain.span()) == (own and own.span()), one.rule.id
