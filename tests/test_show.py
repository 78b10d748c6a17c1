"""Pages for people: what they tell, and that a report's words cannot act on the terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import postmortem
from examples import FULL, REPORT
from postmortem.show import harmless, page, table


def _page(
    text: str, *, terminal: bool = False, incident: postmortem.Incident | None = None, width: int = 100
) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=terminal,
        width=width,
        color_system="truecolor" if terminal else None,
        highlight=False,
    )
    page([incident or postmortem.parse(text)], text, console=console)
    return stream.getvalue()


def test_facts_and_source_are_shown() -> None:
    shown = _page(REPORT)
    assert "Checkout outage of 4 March 2024  (line 1)" in shown
    marked = next(line for line in shown.splitlines() if "│ - 14:05 Payments start to fail." in line)
    assert marked.split("│")[0].strip().startswith("timeline")
    assert "\x1b" not in shown


def test_evidence_is_coloured_on_a_terminal() -> None:
    assert "\x1b[" in _page(REPORT, terminal=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[red]not mark-up[/red]", "[red]not mark-up[/red]"),
        ("[link=https://a.example]x[/link] :boom:", "[link=https://a.example]x[/link] :boom:"),
        ("a\x1b[31mred\x1b]0;title\x07", "a␛[31mred␛]0;title␇"),
        ("over\rwritten", "over␍written"),
        ("a\u202eb", "a\ufffdb"),
        ("a\x9b31m", "a\ufffd31m"),
    ],
    ids=["markup", "link", "escape", "carriage return", "direction", "C1"],
)
def test_words_are_not_interpreted(text: str, shown: str) -> None:
    assert shown in _page(text)


@given(st.text(max_size=80))
def test_harmless_keeps_every_place(text: str) -> None:
    shown = harmless(text)
    assert len(shown) == len(text)
    assert not {c for c in shown if ord(c) < 32 and c not in "\n\t"}


@given(st.text(max_size=80))
def test_any_text_has_a_page(text: str) -> None:
    assert "\x1b" not in _page(text)


def test_a_full_record_has_a_page() -> None:
    shown = _page("down and more\n", incident=FULL)
    for words in (
        "2 of this file",
        "UTC+01:00 (WAT)",
        "~20-30% of users",
        "210 minutes (3 h 30 min), stated",
    ):
        assert words in shown


def test_a_batch_as_a_table() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=120)
    table([FULL, postmortem.parse(REPORT), postmortem.parse("")], console=console)
    lines = stream.getvalue().splitlines()
    assert any("a/b.md (2)" in line and "20%" in line and "code_bug" in line for line in lines)
    assert any("empty" in line for line in lines)
