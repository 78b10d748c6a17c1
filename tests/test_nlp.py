"""Sentences, phrases and zones of a document, in source offsets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem import nlp
from postmortem.normalize import normalize

TITLE = "# Outage of the shop\n\n"


def told(text: str) -> list[str]:
    text = TITLE + text
    document = normalize(text)
    return [nlp.folded(text[s.start : s.end]) for s in nlp.sentences(document, 0, len(text))]


SENTENCES = {
    "two": ("The disk was full. Writes failed.", ["The disk was full.", "Writes failed."]),
    "lower case": ("the disk was full. writes failed.", ["the disk was full.", "writes failed."]),
    "wrapped": (
        "The disk of the primary was full and\nwrites failed.",
        ["The disk of the primary was full and writes failed."],
    ),
    "for example": ("It hit reads, e.g. Search and lists.", ["It hit reads, e.g. Search and lists."]),
    "abbreviation": ("It took approx. 20 minutes.", ["It took approx. 20 minutes."]),
    "number": ("Host No. 5 failed. No. 6 did not.", ["Host No. 5 failed.", "No. 6 did not."]),
    "version": ("We run v1.2.3 there. It broke.", ["We run v1.2.3 there.", "It broke."]),
    "version at the end": ("We run v1.2.3. It broke.", ["We run v1.2.3.", "It broke."]),
    "decimal": ("Load was 3.5 then. It fell.", ["Load was 3.5 then.", "It fell."]),
    "file name": (
        "The file app.conf was lost. It came back.",
        ["The file app.conf was lost.", "It came back."],
    ),
    "address": (
        "See https://example.org/a.html for more. It broke.",
        ["See https://example.org/a.html for more.", "It broke."],
    ),
    "status code": ("It answered 504. The proxy gave up.", ["It answered 504.", "The proxy gave up."]),
    "afternoon": ("It broke at 5 p.m. The team met.", ["It broke at 5 p.m.", "The team met."]),
    "in the afternoon": ("It broke at 5 p.m. on Monday.", ["It broke at 5 p.m. on Monday."]),
    "forgotten space": (
        "We moved both servers.And both failed.",
        ["We moved both servers.", "And both failed."],
    ),
    "quoted": ('It said "no." Then it stopped.', ['It said "no."', "Then it stopped."]),
    "question": ("Why? The pool was empty.", ["Why?", "The pool was empty."]),
    "dots": ("It ran... and ran.", ["It ran... and ran."]),
    "items": ("- The disk was full\n- Writes failed\n", ["The disk was full", "Writes failed"]),
    "headings have none": ("# Root cause. What else?\n\nA bug.\n", ["A bug."]),
    "cells": ("| a | b |\n|---|---|\n| One. Two. | Three |\n", ["a", "b", "One.", "Two.", "Three"]),
    "clock": ("At 14:40UTC it broke. It was late.", ["At 14:40UTC it broke.", "It was late."]),
    "empty": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_line_end_that_the_author_set_ends_a_sentence() -> None:
    text = "The team looked at every part of the long chain of services that morning\nChecked the disk\nChecked the pool\n"
    assert told(text)[-2:] == ["Checked the disk", "Checked the pool"]


def test_sentences_are_cut_at_the_region() -> None:
    text = "First it broke. Then it was mended. All was well."
    start, end = text.index("it broke"), text.index(" was mended")
    found = nlp.sentences(normalize(text), start, end)
    assert [text[s.start : s.end] for s in found] == ["it broke.", "Then it"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aA1.?!… \n\t-#|*`'()é🔥:", max_size=160))
def test_any_text_has_sentences_in_order_and_without_white_space_at_their_ends(text: str) -> None:
    document = normalize(text)
    last = 0
    for sentence in nlp.sentences(document, 0, len(text)):
        assert last <= sentence.start < sentence.end <= len(text)
        quoted = document.plain[sentence.start : sentence.end]
        assert quoted == quoted.strip()
        last = sentence.end


def test_nothing_but_white_space_and_unspoken_blocks_is_lost() -> None:
    text = "One two. And then came number three\nfour! Five (six). " + "x" * 60 + ". Seven\n\n* eight\n"
    document = normalize(text)
    said = "".join(text[s.start : s.end] for s in nlp.sentences(document, 0, len(text)))
    assert said.split() != []
    assert "".join(said.split()) == "".join(document.plain.split())


def test_phrases_are_found_over_line_ends_and_emphasis_in_source_offsets() -> None:
    text = "What we saw on Monday morning was\ncaused  by a **memory leak**. Nobody un-caused by it.\n"
    found = nlp.phrases("cause", normalize(text), 0, len(text))
    assert [(p.id, text[p.start : p.end]) for p in found][:2] == [
        ("cause.caused_by", "was\ncaused  by"),
        ("cause.defect", "memory leak"),
    ]


def test_phrases_keep_to_the_region() -> None:
    text = "It broke because of heat. It broke because of dust."
    second = text.rindex("It broke")
    assert [p.start for p in nlp.phrases("cause", normalize(text), second, len(text))] == [
        text.rindex("because")
    ]


PHRASES = [phrase for name in ("cause", "impact") for cue in nlp.cues(name) for phrase in cue["phrases"]]
SPOKEN = [
    text
    for name in ("cause", "impact")
    for cue in nlp.cues(name)
    for text in (*cue.get("yes", ()), *cue.get("no", ()))
]
ODD = [
    "users/day",
    "node-1",
    "wasnt",
    "wasn't",
    "A.",
    "(the",
    "cannot",
    "-",
    "v1.2",
    "10:05",
    "US.",
    "aB.",
    "...",
    "*",
    "'cause",
    "users'",
    "\n",
    "  ",
]


@pytest.mark.parametrize("name", ["cause", "impact"])
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*PHRASES, *SPOKEN, *ODD]), max_size=4),
    st.sampled_from([" ", ", ", ". ", "-", "/", ") ", ' "']),
)
def test_phrases_are_those_that_the_tokenizer_finds(name: str, parts: list[str], mark: str) -> None:
    text = mark.join(parts)
    for said in (text, text.capitalize(), text.upper()):
        assert nlp.phrases_in(name, said) == nlp._by_tokens(name, said)


@given(st.text(max_size=60))
def test_lower_case_is_as_long_as_the_text(text: str) -> None:
    assert len(nlp.lower(text)) == len(text)


CUES = [(cue["id"], cue) for cue in nlp.cues("cause")]


@pytest.mark.parametrize(("id", "cue"), CUES, ids=[id for id, _ in CUES])
def test_a_cue_keeps_to_its_examples(id: str, cue: dict[str, list[str]]) -> None:
    def ids(text: str) -> set[str]:
        text = TITLE + text
        return {phrase.id for phrase in nlp.phrases("cause", normalize(text), 0, len(text))}

    assert cue["yes"]
    assert cue["no"]
    assert [text for text in cue["yes"] if id not in ids(text)] == []
    assert [text for text in cue["no"] if id in ids(text)] == []


def test_zones_carry_the_names_of_field_section_and_parent() -> None:
    text = TITLE + "It broke.\n\n# Root cause\n\nA bug. \n\n- Impact: all users\n\n## Details\n\nMore.\n"
    document = normalize(text)
    zones = [(text[z.start : z.end].strip(), sorted(z.names)) for z in nlp.zones(document)]
    assert zones[0][0] == "It broke."
    assert ("A bug.", ["root_cause"]) in zones
    assert ("all users", ["impact"]) in zones
    assert ("More.", ["root_cause"]) in zones


def test_zones_cover_the_text_once() -> None:
    text = "Lead. Impact: much. Root cause: a bug. Fix: none.\n\n- a: b\n  - c\n\nEnd.\n"
    zones = nlp.zones(normalize(text))
    assert all(a.end <= b.start for a, b in zip(zones, zones[1:], strict=False))
    told = [text[zone.start : zone.end].strip() for zone in zones]
    assert [words for words in told if words] == ["Lead.", "much.", "a bug.", "none.", "a: b", "c", "End."]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n\t", max_size=60), st.integers(0, 60))
def test_unfolding_finds_the_character_again(text: str, at: int) -> None:
    folded = nlp.folded(text)
    if at < len(folded) and not folded[at].isspace():
        assert text[nlp.unfolded(text, at)] == folded[at]
    assert 0 <= nlp.unfolded(text, at) <= len(text)


def test_long_words_are_no_trouble() -> None:
    text = "Root cause: " + "1:" * 20_000 + " " + "(" * 20_000 + " broke. It was bad."
    found = nlp.sentences(normalize(text), 0, len(text))
    assert text[found[-1].start : found[-1].end] == "It was bad."
