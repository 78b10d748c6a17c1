"""Masking: mark-up blanked one for one, and readable quotes of the source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.normalize import normalize
from postmortem.normalize.frontmatter import front_matter
from postmortem.normalize.mask import mask


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a **bold** word", "a   bold   word"),
        ("a __bold__ word", "a   bold   word"),
        ("_lean_ and max_connections_limit", " lean  and max_connections_limit"),
        ("~~gone~~ `code`", "  gone    code "),
        ("<b>x</b> <br/>y", "   x          y"),
        ("<span class='a'>open", "                open"),
        ("latency <20 ms and <name> stays", "latency <20 ms and <name> stays"),
        ("x <!-- 10:00 --> y", "x                y"),
        ("a&nbsp;b &amp; c", "a      b &     c"),
        ("75&#37; of users", "75%     of users"),
        ("see [the log](http://a.b/20%20x) now", "see  the log                     now"),
        ("![chart of 10:00](c.png) x", "                         x"),
        ("[![badge](b.svg)](http://a.b) x", "                              x"),
        ("at http://a.b/2024-01-01/%20 and", "at                           and"),
        ("(www.example.org/10:00).", "(                     )."),
        ("note[^1] here", "note     here"),
        ("[[page|the page]] x", "       the page   x"),
        ("10:00 :fire: hot", "10:00        hot"),
        ("12:30:45 a::b::c", "12:30:45 a::b::c"),
        ("🔥 hot", "  hot"),
        ("\u200bzero\ufeff", " zero "),
        ("“it’s” 10–20 — a\u00a0b", '"it\'s" 10-20 - a b'),
        ("１０：３０", "10:30"),
        ("a\r\nb\rc", "a \nb\nc"),
        ("İstanbul", "Istanbul"),
    ],
    ids=lambda value: value,
)
def test_mask(text: str, plain: str) -> None:
    assert mask(text) == plain


def test_bullets_and_heading_marks_are_blank_in_plain() -> None:
    assert normalize("## Impact\n- [x] one\n> two\n1. three").plain == "   Impact\n      one\n  two\n   three"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("a **bold** _word_", "a bold word"),
        ("two\n   lines", "two lines"),
        ("see [the log](http://a.b)", "see [the log](http://a.b)"),
        ("max_connections was 5", "max_connections was 5"),
        ("it’s “quoted”", "it’s “quoted”"),
        ("fif**teen** minutes", "fif**teen** minutes"),
        ("a<br>b", "a<br>b"),
        ("one two three four five <b>six</b>", "one two three four five six"),
    ],
    ids=lambda value: value,
)
def test_quote(text: str, quote: str) -> None:
    assert normalize(text).quote(0, len(text)) == quote


@given(st.text(alphabet="ab1 *_`~<>/b\n[](é", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_the_first_words_of_a_quote_stand_together_in_the_source(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    quote = normalize(text).quote(start, end)
    said = re.findall(r"[a-z0-9]+", quote.lower())[:5]
    source = re.findall(r"[a-z0-9]+", text[start:end].lower())
    assert any(source[i : i + len(said)] == said for i in range(len(source) - len(said) + 1))
    assert quote == " ".join(quote.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: Full disk\ndate: 2024-01-02\n---\nText", {"title": "Full disk", "date": "2024-01-02"}),
        ('---\ntitle: "Full: disk"\n---\n', {"title": "Full: disk"}),
        ("+++\ntitle = 'Full disk'\n+++\n", {"title": "Full disk"}),
        ("---\r\ntitle: Full disk\r\n---\r\n", {"title": "Full disk"}),
        ("---\ntags:\n  - a\n  - b\ntitle: x\n---\n", {"title": "x"}),
    ],
    ids=["yaml", "quoted", "toml", "crlf", "list"],
)
def test_front_matter(text: str, expected: dict[str, str]) -> None:
    found = front_matter(text)
    assert found is not None
    assert {key: text[start:end] for key, start, end in found.fields} == expected


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nThe disk was full.\n\n---\nMore.",
        "---\nThe disk was full, and\nnobody saw it.\n---\n",
        "---\ntitle: x\n",
        "text\n---\na: b\n---\n",
    ],
    ids=["rule", "prose", "unclosed", "not first"],
)  # fmt: skip
def test_rules_are_no_front_matter(text: str) -> None:
    assert front_matter(text) is None


def test_front_matter_is_no_text() -> None:
    document = normalize("---\ntitle: Timeline\n---\nThe disk of the first queue filled up.\n")
    assert document.sections == ()
    assert [document.plain[b.start : b.end] for b in document.blocks] == [
        "The disk of the first queue filled up."
    ]
