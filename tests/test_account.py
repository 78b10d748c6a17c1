"""The account of a document: its sentences, and what is worth trying on them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem import nlp
from postmortem.account import Account
from postmortem.normalize import normalize
from postmortem.screen import screen

TEXT = "# Outage of the certificate\n\n## Cause\nThe disk was\nfull. The certificate expired.\n\n## Impact\nNone.\n\n```\nexpired\n```\n"
EXPIRY = screen().rules["trigger.event.expiry"]


def test_sentences_in_lower_case_with_their_zones() -> None:
    told = [sentence for passage in Account(normalize(TEXT)).passages for sentence in passage.sentences]
    assert [(s.text, sorted(s.zone.names)) for s in told] == [
        ("the disk was full.", ["root_cause"]),
        ("the certificate expired.", ["root_cause"]),
        ("none.", ["impact"]),
    ]
    assert [TEXT[s.start : s.end] for s in told] == [
        "The disk was\nfull.",
        "The certificate expired.",
        "None.",
    ]


def test_rules_are_passed_where_their_words_stand() -> None:
    passages = Account(normalize(TEXT)).passages
    assert [bool(passage.passed & EXPIRY) for passage in passages] == [True, False]
    assert [bool(sentence.passed & EXPIRY) for sentence in passages[0].sentences] == [False, True]
    assert [sentence.says("trigger", "event") for sentence in passages[0].sentences] == [False, True]
    assert not passages[0].sentences[1].says("trigger", "sequel", "against")


def test_any_stretch_can_be_asked_for() -> None:
    account = Account(normalize(TEXT))
    start = TEXT.index("The certificate")
    assert account.passed(start, start + 24) & EXPIRY
    assert not account.passed(0, start) & EXPIRY
    # Of whole blocks, headings and code included.
    assert account.passed_in_blocks(0, len(TEXT)) & EXPIRY
    assert not account.passed_in_blocks(TEXT.index("None"), TEXT.index("None") + 4) & EXPIRY


def test_a_sentence_that_a_label_parts_is_known_whole() -> None:
    text = "# Outage\n\nIt broke: Root cause: a bug. It hurt.\n"
    parted = [
        s
        for p in Account(normalize(text)).passages
        for s in p.sentences
        if (s.start, s.end) != (s.first, s.last)
    ]
    assert [
        (text[s.start : s.end], text[s.first : s.last].strip()) for s in parted if s.text == "a bug."
    ] == [("a bug.", "It broke: Root cause: a bug.")]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aA1.?! \n\t-#|*`:İé", max_size=160))
def test_the_account_holds_what_zones_and_sentences_say(text: str) -> None:
    document = normalize(text)
    account = Account(document)
    assert len(account.lowered) == len(text)
    assert [p.zone for p in account.passages] == list(nlp.zones(document))
    for zone, passed, sentences in account.passages:
        assert [(s.start, s.end) for s in sentences] == [
            (s.start, s.end) for s in nlp.sentences(document, zone.start, zone.end)
        ]
        assert all(s.text == account.text(s.start, s.end) and s.passed & ~passed == 0 for s in sentences)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["expired", "ex", "outage", "was", " ", ". ", "\n", "\n- ", "\n# ", ": ", "é", "| "]),
        max_size=24,
    ),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_what_is_passed_of_a_stretch_is_what_its_words_fill(
    pieces: list[str], start: int, length: int
) -> None:
    account = Account(normalize("".join(pieces)))
    known = screen()
    filled = known.read(account.lowered[start : start + length])
    assert account.passed(start, start + length) == known.passed(filled)
