"""Paragraphs: the sentences, lines and parts of a run-in list that ask for something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from postmortem.document import Document
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.wording import (
    ASIDE,
    GROUP_END,
    TASK_LABEL,
    asks,
    is_imperative,
    is_report,
    is_skipped,
    is_titled,
    words_of,
)
from postmortem.extract.attributes import attributes
from postmortem.extract.extents import cut, trimmed

SENTENCE_END: Final = re.compile(
    r"[.!?](?=[\"')]?\s{1,4}[\"'(\[`]?[A-Z0-9<]|\s{1,4}\(?[a-h]\)\s|[\"')]?\s{0,4}$)"
)
# "1) … 2) …", "(a) … (b) …" and "• … • …" in one line.
INLINE_NUMBER: Final = re.compile(r"(?<!\S)\(?(\d[.)]|[a-h]\))\s{1,3}(?=\S)")
_INLINE_SIGN: Final = re.compile(r"(?<!\S)[•·▪‣]\s{1,3}(?=\S)")
_COUNTED: Final = "123456789", "abcdefgh"
_FEWEST_MARKS: Final = 2
_BRACKETED: Final = re.compile(r"\([^()]{0,200}\)")
_AROUND: Final = " \t*'[]_"
_CAPITAL_LINE: Final = re.compile(r"\s{0,8}(?:[^\w\s]{1,3}\s?)?(?:[A-Z0-9`]|[a-z]{1,4}[.)]\s|[A-Za-z]\]\s)")
_LINE_CLOSED: Final = re.compile(r"[.!?;:)\]\"']\s{0,4}$")
# "What we do next includes, among others: …": what comes before the items of a run-on list.
_INTRO_HEAD: Final = re.compile(
    r"[^:]{0,400}\b(?:includ(?:e[sd]?|ing)|following|"
    r"(?:two|three|four|five|several|these|some|a few) (?:\w{1,12} ){0,2}?(?:measures|actions|steps|improvements|changes|things)|"
    r"as follows|limited to|these are|are|do)\)?\W{0,3}:\s{1,4}(?=\S)",
    re.IGNORECASE,
)
INCLUDE: Final = re.compile(
    r"\b(?:these|this|that|which|(?:measures|actions|improvements|steps|changes|work)) includes?\s(?=[a-z]{2,16}ing\b)",
    re.IGNORECASE,
)
_NEXT_GERUND: Final = re.compile(r",\s(?:and\s)?(?=[a-z]{2,16}ing\b(?! and))", re.IGNORECASE)
_AND_GERUND: Final = re.compile(r"\sand\s(?=[a-z]{2,16}ing\b(?! and))", re.IGNORECASE)
# The rule of a request that the rest of its paragraph explains.
LED: Final = "actions.led"
_FEWEST_WORDS: Final = 4
# So many things that semicolons part are a list; of fewer each has to ask for something.
_LISTED: Final = 3
_FEWEST_IN_LIST: Final = 2
_BESIDES: Final = re.compile(
    r"\W{0,3}(?:in addition to|besides|apart from|as well as|alongside|beyond)\s[^,.;]{3,120},\s(?=\S)",
    re.IGNORECASE,
)
_BY_GERUND: Final = re.compile(
    r"\b(?:by|are|is|be|am|'re)\s(?:(?:also|now|currently)\s)?(?=[a-z]{2,16}ing\b)", re.IGNORECASE
)
_COMES_OF: Final = re.compile(
    r"(?:ensur|allow|mak|reduc|prevent|help|giv|leav|enabl|mean|result|caus|lead|avoid|keep|mitigat|minimi[sz])ing\b",
    re.IGNORECASE,
)
# "A review of the limits and an audit of the keys are under way."
_BOTH_UNDER_WAY: Final = re.compile(
    r"(?P<one>an?\s[^,.;:]{6,120}?)\sand\s(?P<other>(?:an?|the)\s[^,.;:]{6,120}?)\sare\s"
    r"(?:(?:also|now|already|both)\s){0,2}(?:under\s?way|planned|in\sprogress|scheduled)\b",
    re.IGNORECASE,
)
_BOLD: Final = re.compile(r"(?:\*\*|__)(?P<said>[^*_\n:]{4,120}[.!)])(?:\*\*|__)(?=\s)")
_BOLD_MARK: Final = 2
_SEMICOLON: Final = re.compile(r";(?=\s)")
_COMMA: Final = re.compile(r",(?=\s)")


def sentences_in(
    document: Document, start: int, end: int, mixed: bool, listing: bool, *, run_in: bool
) -> Iterator[Found]:
    """Sentences of a paragraph that ask for something; the lines of one that is a list without bullets.

    `listing`: an introduction stands before, so that each line is an item whatever its words; `run_in`: so does a label.
    """
    plain = document.plain
    if lead := _led(document, start, end):
        yield Found(*lead, LED)
        return
    lines = lines_of(plain, start, end)
    parts = [part for a, b in lines for part in _parts(plain, a, b, run_in=run_in)]
    counted = len(parts) > len(lines)
    for low, high in parts:
        listed = len(parts) > 1
        itemised = listing or counted
        fewest = _FEWEST_IN_LIST if counted else _FEWEST_WORDS
        if intro := _INTRO_HEAD.match(plain, low, high):
            low, listed, itemised = intro.end(), True, True
        if "nclude" in plain[low:high] and (gerunds := INCLUDE.search(plain, low, high)):
            yield from enumerated(plain, gerunds.end(), high)
        opened = TASK_LABEL.match(plain, low, high)
        low = opened.end() if opened else low
        for a, b in cut(plain, low, high, SENTENCE_END):
            label = opened if a == low else TASK_LABEL.match(plain, a, b)
            a = label.end() if label else a
            text = words_of(document, a, b)
            named = label is not None and label[0].strip(_AROUND)[:1].isalpha()
            if (is_skipped(text) and not (named and is_imperative(text))) or ASIDE.match(text):
                continue
            if not named and (GROUP_END.search(text) or is_report(text)):
                continue
            telling = itemised and not mixed and len(text.split()) >= fewest
            if (
                asks(text, mixed)
                or telling
                or named
                or (listed and not mixed and (a == low or label) and is_titled(text))
            ):
                *before, last = parts_of(plain, a, b)
                yield from (Found(x, y, "actions.sentence") for x, y in before)
                yield _said_behind(document, Found(*last, "actions.sentence"), high)


def _led(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """The request in bold type with which a paragraph opens that goes on to explain it."""
    bold = _BOLD.match(document.text, max(start - _BOLD_MARK, 0), end)
    if bold is None or bold.end() >= end or not is_imperative(words_of(document, *bold.span("said"))):
        return None
    return next(trimmed(document.plain, *bold.span("said")), None)


def _parts(plain: str, start: int, end: int, *, run_in: bool) -> Iterator[tuple[int, int]]:
    """The parts of a list told in one line: "1) … 2) …" and, behind a label, "…; …" or "add …, ask …, and test …"."""
    if marks := _inline_marks(plain, start, end):
        yield from trimmed(plain, start, marks[0].start())
        yield from _marked(plain, marks, end)
        return
    if run_in:
        for pattern in (_SEMICOLON, _COMMA):
            pieces = [*cut(plain, start, end, pattern)]
            asking = [is_imperative(_unjoined(plain[a:b])) for a, b in pieces]
            if len(pieces) > 1 and (all(asking) if pattern is _COMMA else "." not in plain[start : end - 1]):
                yield from ((a, _without_mark(plain, a, b)) for a, b in pieces)
                return
    yield start, end


def _inline_marks(plain: str, start: int, end: int) -> list[re.Match[str]]:
    """What numbers the things of a list told in one line, or stands before each of them; nothing where there is none."""
    marks = [*INLINE_NUMBER.finditer(plain, start, end)]
    counted = "".join(mark[1][0] for mark in marks)
    if not any(series.startswith(counted) for series in _COUNTED):
        marks = []
    marks = marks or [*_INLINE_SIGN.finditer(plain, start, end)]
    return marks if len(marks) >= _FEWEST_MARKS else []


def _marked(plain: str, marks: Sequence[re.Match[str]], end: int) -> Iterator[tuple[int, int]]:
    """What stands behind each of the marks."""
    for mark, following in zip(marks, (*(m.start() for m in marks[1:]), end), strict=True):
        yield from ((a, _without_mark(plain, a, b)) for a, b in trimmed(plain, mark.end(), following))


def _commands(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of "buy a lamp, hang it up, and lock the shed": of three at least, each opens with a verb that asks."""
    if plain.count(",", start, end) < _LISTED - 1:
        return []
    masked = _BRACKETED.sub(lambda found: "_" * len(found[0]), plain[start:end])
    pieces = [(start + a, start + b) for a, b in cut(masked, 0, len(masked), _COMMA)]
    if len(pieces) < _LISTED or not all(is_imperative(_unjoined(plain[a:b])) for a, b in pieces):
        return []
    return [(_joined(plain, a, b), _without_mark(plain, a, b)) for a, b in pieces]


def parts_of(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """The actions of a sentence that asks for something: "… by raising the limit, and adding an alert" tells two, and so do
    the things of a list in one line, and things that semicolons part, of which a colon before the first introduces them.

    What only joins it to the sentence before is left out.
    """
    if listed := _inline_marks(plain, start, end):
        return [*_marked(plain, listed, end)]
    if commands := _commands(plain, start, end):
        return commands
    if aside := _BESIDES.match(plain, start, end):
        start = aside.end()
    if ";" in plain[start:end]:
        colon = plain.find(": ", start, plain.find(";", start, end))
        pieces = [*cut(plain, colon + 1 if colon >= 0 else start, end, _SEMICOLON)]
        if len(pieces) >= _LISTED or all(asks(" ".join(plain[a:b].split()), False) for a, b in pieces):
            return [(_joined(plain, a, b), _without_mark(plain, a, b)) for a, b in pieces]
    marks: list[re.Match[str]] = []
    if means := _BY_GERUND.search(plain, start, end):
        marks = _series(plain, means.end(), end)
    elif both := _BOTH_UNDER_WAY.match(plain, start, end):
        return [(start, both.end("one")), both.span("other")]
    found = []
    for mark in marks:
        found.append((start, mark.start()))
        start = mark.end()
    return [*found, (start, end)]


def _series(plain: str, start: int, end: int) -> list[re.Match[str]]:
    """What parts a series of things that are done: "adding …, testing …, and moving …"; what comes of them is no part of it."""
    marks = [*_NEXT_GERUND.finditer(plain, start, end)]
    if not marks:
        return []
    marks += _AND_GERUND.finditer(plain, marks[-1].end(), end)
    told = any("and" not in mark[0] and _COMES_OF.match(plain, mark.end(), end) for mark in marks)
    return marks if "and" in marks[-1][0] and not told else []


def _joined(plain: str, start: int, end: int) -> int:
    """Return where a part begins without the "and" that joins it to the one before."""
    return start + len("and ") if plain.startswith("and ", start, end) else start


def _unjoined(text: str) -> str:
    return text.removeprefix("and ")


def _without_mark(plain: str, start: int, end: int) -> int:
    return end - 1 if plain[end - 1] in ";," else end


def _said_behind(document: Document, item: Found, end: int) -> Found:
    """Add the owner, date and ticket that the sentences right behind an item tell of it."""
    reached = item.end
    for a, b in cut(document.plain, item.end, end, SENTENCE_END):
        if not ASIDE.match(document.plain, a, b):
            break
        reached = b
    if reached == item.end:
        return item
    said = attributes(document.plain[item.end : reached], document.text[item.end : reached])
    return replace(item, owner=said.owner, due=said.due, ticket=said.ticket)


def enumerated(plain: str, start: int, end: int) -> Iterator[Found]:
    """The parts of "These include adding …, testing …, and moving …"."""
    stop = SENTENCE_END.search(plain, start, end)
    end = stop.start() if stop else end
    pattern = _NEXT_GERUND if _NEXT_GERUND.search(plain, start, end) else _AND_GERUND
    for mark in pattern.finditer(plain, start, end):
        yield Found(start, mark.start(), "actions.enumerated")
        start = mark.end()
    yield Found(start, end, "actions.enumerated")


def lines_of(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraph's lines where each is a sentence or item of its own, else the paragraph as one."""
    lines: list[tuple[int, int]] = []
    at = start
    for line in plain[start:end].split("\n"):
        if line.strip():
            lines.append((at, at + len(line)))
        at += len(line) + 1
    if len(lines) > 1 and all(_CAPITAL_LINE.match(plain, a, b) for a, b in lines):
        closed = sum(bool(_LINE_CLOSED.search(plain, a, b)) for a, b in lines[:-1])
        uneven = max(b - a for a, b in lines[:-1]) - min(b - a for a, b in lines[:-1]) > 25 or len(lines) == 2
        if closed == len(lines) - 1 or uneven:
            return [extent for a, b in lines for extent in trimmed(plain, a, b)]
    return list(trimmed(plain, start, end))
