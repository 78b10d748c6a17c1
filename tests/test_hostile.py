"""Worst cases: no text of a length takes more than a small multiple of what ordinary text of that length takes; no rule of the
vocabulary more than in proportion to the length."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest

import postmortem
from conftest import SAMPLES, VOCABULARY
from examples import REPORT
from postmortem.read import read
from postmortem.vocabulary import Rule, rules

SIZE = 100_000
MOST = 4.0
"""Times ordinary text; the worst takes 2.7 times. Quadratic work on 100 KB would be hundreds of times."""

TEXTS = {
    **{f"only {name}": c * SIZE for name, c in {
        "a": "a", "digits": "1", "spaces": " ", "newlines": "\n", "tabs": "\t", "colons": ":", "hashes": "#", "stars": "*", "dashes": "-",
        "equals": "=", "pipes": "|", "dots": ".", "less-than": "<", "ampersands": "&", "brackets": "[", "brackets shut": "]",
        "parentheses": "(", "backticks": "`", "underscores": "_", "quotes": ">", "percents": "%", "backslashes": "\\",
        "commas": ",", "apostrophes": "'", "emoji": "\U0001f525", "bullets": "•", "tildes": "~", "plus": "+",
    }.items()},
    **{f"repeated {piece!r}": piece * (SIZE // len(piece)) for piece in (
        "1:", "12:34", "12:34 ", "12:34\n", "1.2", "1-", "12/", "2023-12-", "9-9 ", "10:00-", "10 am to ", "May ", "Dec 1, ", "1 2 3 ",
        "UTC ", "UTC+", "2 hours and ", "an hour ", "99%", "50% of ", "5% to ", "#\n", "# a\n", "## Timeline\n", "##", "** ", "**a", "**a**\n",
        "a:\n", "Summary:\n", "Root cause: ", "Impact: a ", "Summary of impact: ", "=\n", "a\n=\n", "a\n-\n", "== ", "== a ==\n", "---\n", "+++\n",
        "- ", "- a\n", " - a\n  ", "\t- a\n", "1. ", "1. a\n", "| a ", "|\n", "| a | b |\n", "|---|\n", "[a](", "[", "](", "![", "<b>", "<a ", "</",
        "<!--", "&nbsp;", "&#", "http://", "a@b.", "```\n", "`a", "because ", "caused by ", "due to the ", "was not ", "a. ", "a.", "A. B. ",
        "\r", "\r\n", "\u2028", "\ufeff", "x\u0300", "ISSUE SUMMARY. ", "Incident 1\n", "# Incident 1\n## Summary\n## Root cause\n", "- [ ] ",
        "(", "((a) ", "“a” ", "a'", "it's ", "0x1f ", "e.g. ", ":small_orange_diamond: ", "title: x\n", "we ", "customers were ",
    )},
    "one unbroken word of letters and digits": "a1" * (SIZE // 2),
    "one unbroken line of words": "The service was down and the users could not log in because the disk was full at 10:00 " * (SIZE // 88),
    "front matter without end": "---\n" + "key: value\n" * (SIZE // 11),
    "deep list": "".join(" " * (n % 400) + "- a\n" for n in range(450)),
    "deep quote": ">" * 50 + "a\n" + "> " * (SIZE // 2),
}  # fmt: skip


def seconds(function: Callable[[str], object], text: str, *, runs: int) -> float:
    """The processor time of the best of some runs."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        function(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.fixture(scope="module")
def ordinary() -> float:
    """What 100 KB of reports take, one text, warm."""
    reports = [read(path).text or "" for path in sorted(SAMPLES.iterdir()) if path.is_file()] or [REPORT]
    text = "\n\n".join(reports)
    text = (text * (SIZE // len(text) + 1))[:SIZE]
    postmortem.parse_all(REPORT)
    return seconds(postmortem.parse_all, text, runs=3)


@pytest.mark.parametrize("name", TEXTS)
def test_the_whole_parse_stays_linear(name: str, ordinary: float) -> None:
    text = TEXTS[name][:SIZE]
    taken = seconds(postmortem.parse_all, text, runs=1)
    if taken > MOST * ordinary:  # on a busy machine one measure may be slow
        taken = seconds(postmortem.parse_all, text, runs=2)
    assert taken <= MOST * ordinary, f"{taken / ordinary:.1f} times ordinary text"


# For each rule: so much text, so many times what the eighth part of it takes. Quadratic work takes 64 times, linear work 8.
LONG = 8_000
MOST_GROWTH = 20.0
# Milliseconds that need no second look: quadratic work on `LONG` takes many times that.
BRIEF = 4.0


def worst(rule: Rule) -> Iterator[str]:
    """What repeats itself, and what begins as the rule wants it, over and over."""
    yield from (
        "a",
        "1:",
        " ",
        "the service was down and nobody could log in to it because of that at 10:00 ",
    )
    example = rule.yes[0].split()
    yield " ".join(example[:-1] or example) + " "
    yield " ".join(example[: len(example) // 2 + 1]) + " "


def grows(pattern: re.Pattern[str], piece: str) -> bool:
    """Does the search take more than in proportion to the length?"""

    def every(text: str) -> int:
        return sum(1 for _ in pattern.finditer(text))

    text = piece * (LONG // len(piece) + 1)
    if seconds(every, text, runs=1) * 1000 < BRIEF:
        return False
    eighth = piece * (LONG // 8 // len(piece) + 1)
    share = len(text) / len(eighth) / 8
    return seconds(every, text, runs=3) > MOST_GROWTH * share * seconds(every, eighth, runs=9)


@pytest.mark.parametrize("name", VOCABULARY)
def test_every_rule_stays_linear(name: str) -> None:
    assert [
        (rule.id, piece) for rule in rules(name) for piece in worst(rule) if grows(rule.pattern, piece)
    ] == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"\w+ down", True), (r"\b\w+(?: \w+)* down", True), (r"\b\w{1,20}+ down|a:", False)],
)
def test_growth_is_seen(pattern: str, expected: bool) -> None:
    assert grows(re.compile(pattern), "a" if pattern.startswith(r"\w") else "one two ") is expected
