"""What an action item says of itself: who owns it, by when, and which ticket tracks it.

Labels ("owner: …", "due …") are read wherever they stand; names and dates without a label only where a group of brackets or
the tail behind a dash holds nothing else: "(Ana, 2024-06-01, OPS-12)", "- Ana, end of Q2".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from postmortem import vocabulary
from postmortem.nlp import holds_any

_GROUP: Final = re.compile(r"[(\[]([^()\[\]\n]{2,90})[)\]]")
_TAIL_MARK: Final = re.compile(r"\s(?:-{1,2}>?|=>|→)\s{1,4}")
_MOST_TAILS: Final = 3
_LONGEST_TAIL: Final = 70
_AROUND: Final = " \t.:;,*_'\""
_BRACKETS: Final = frozenset("()[]\n")
_PIECE: Final = re.compile(r"[^,;|]+")
# One of these stands in every item that says anything of itself.
_HINTS: Final = (
    "-",
    "(",
    "[",
    "@",
    "#",
    ":",
    "=",
    "by ",
    "By ",
    "due",
    "Due",
    "wner",
    "ssign",
    "esponsible",
    "for ",
    "term",
    "when",
    "//",
    "–",
    "—",
    "→",
)
# One of these stands near the beginning of an item whose subject is its owner.
_SUBJECT_HINTS: Final = (
    " will ",
    " owns ",
    " to ",
    " takes ",
    ": ",
    " is ",
    " looks ",
    " drives ",
    " leads ",
    " agreed ",
)
_SUBJECT_REACH: Final = 60
_DONE: Final = re.compile(
    r"(?:done|completed|fixed|merged|shipped|deployed|finished)(?: on| in)? \d", re.IGNORECASE
)
_NAME: Final = re.compile(r"@?[^\W\d_][\w.'-]{0,30}(?: (?:&|[^\W\d_][\w.'-]{0,25})){0,3}")
_NUMERIC: Final = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
_WRITTEN: Final = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]{3,9})\.?,? |"
    r"(?P<month2>[a-z]{3,9})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?,? )(?P<year>\d{4})",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MOST_LEFT: Final = 9
_WHOLE: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Attributes:
    """`owner`, `due`, `ticket` as said (a date whose day, month and year are known: ISO); `maybe`: an owner without a label and
    alone in its brackets, to be believed only where other items name theirs; `first`: where the first of them stands."""

    owner: str | None = None
    due: str | None = None
    ticket: str | None = None
    maybe: str | None = None
    listed: bool = False
    first: int = _WHOLE


@cache
def _needed(rule: str) -> tuple[str, ...]:
    """Return the strings of which one stands wherever a rule matches."""
    return next(tuple(one.values["need"]) for one in vocabulary.rules("actions") if one.id == rule)


def attributes(plain: str, text: str) -> Attributes:
    """Return what an item says of itself; `plain` and `text` are its plain and its source text, of the same length."""
    if not any(hint in text for hint in _HINTS):
        return Attributes(_subject(plain))
    rules, lowered = vocabulary.patterns("actions"), plain.lower()
    owner, ownership = _value(rules["owner"], plain, holds_any(lowered, _needed("owner")))
    due, dated = _value(rules["due"], plain, holds_any(lowered, _needed("due")))
    ticket, tracked = _value(rules["ticket"], text)
    maybe: str | None = None
    listed = False
    first = min(ownership, dated, tracked)
    for start, said in _read_groups(plain):
        first = min(first, start)
        due = due or said.due
        if said.owner:
            owner, listed = owner or said.owner, True
        maybe = maybe or said.maybe
    owner = owner or _subject(plain)
    due = iso(due).rstrip(".") if due else None
    return Attributes(
        owner.removeprefix("the ") if owner else None, due, ticket, maybe, listed, first or _WHOLE
    )


def _subject(plain: str) -> str | None:
    """The owner that an item names as the one who does it: "Karin will ask the carrier"."""
    opening = plain[:_SUBJECT_REACH]
    likely = any(hint in opening for hint in _SUBJECT_HINTS)
    found = _value(vocabulary.patterns("actions")["owner.subject"], plain, likely)[0]
    return found.removeprefix("the ") if found else None


def ticket_of(text: str) -> str | None:
    """Return the first ticket's id or address in `text`."""
    return _value(vocabulary.patterns("actions")["ticket"], text)[0]


def iso(due: str) -> str:
    """Return a due date as ISO where day, month and year are known (day first where both readings are open), else as it is."""
    if numeric := _NUMERIC.search(due):
        first, second, third = numeric.groups()
        if len(first) == 4:
            return _date(first, second, third) or due
        if len(third) in (2, 4):
            year = third if len(third) == 4 else "20" + third
            return _date(year, second, first) or _date(year, first, second) or due
    if written := _WRITTEN.search(due):
        month = (written["month"] or written["month2"])[:3].lower()
        if month in _MONTHS:
            number = str(_MONTHS.index(month) + 1)
            return _date(written["year"], number, written["day"] or written["day2"]) or due
    return due


def _date(year: str, month: str, day: str) -> str | None:
    if len(year) != 4 or not 1 <= int(month) <= 12 or not 1 <= int(day) <= _DAYS[int(month) - 1]:
        return None
    return f"{year}-{int(month):02}-{int(day):02}"


def _value(pattern: re.Pattern[str], text: str, likely: bool = True) -> tuple[str | None, int]:
    """What a rule says and where its match begins; nothing where it is not `likely` to match."""
    match = pattern.search(text) if likely else None
    if match is None:
        return None, _WHOLE
    return next((" ".join(group.split()) for group in match.groups() if group), None), match.start()


def _read_groups(plain: str) -> Iterator[tuple[int, Attributes]]:
    """What the brackets and the tails behind dashes and arrows say that hold nothing else, and where each begins."""
    for group in _GROUP.finditer(plain):
        if said := _read(group[1]):
            yield group.start(), said
    end = len(plain)
    tails: list[str] = []
    for mark in reversed([*_TAIL_MARK.finditer(plain)][-_MOST_TAILS:]):
        tail = plain[mark.end() : end].strip(_AROUND)
        if not 1 < len(tail) <= _LONGEST_TAIL or not _BRACKETS.isdisjoint(tail):
            break
        if _read(tail) is None:
            break
        tails.insert(0, tail)
        end = mark.start()
    # Read as one, for what stands in one tail tells what a name in another is.
    said = _read(", ".join(tails)) if tails else None
    if said:
        yield end, said


def _read(group: str) -> Attributes | None:
    """Read a group in which every piece is a name, a date, a ticket or a status; None for any other."""
    rules = vocabulary.patterns("actions")
    owner = due = maybe = None
    known = False
    for piece in (found[0].strip(_AROUND) for found in _PIECE.finditer(group)):
        if not piece:
            continue
        if (ticket := rules["ticket"].search(piece)) and len(piece) - len(ticket[0]) <= _MOST_LEFT:
            known = True
        elif date := rules["due.alone"].fullmatch(piece):
            due, known = due or date["value"] or piece, True
        elif rules["status"].fullmatch(piece) or _DONE.match(piece):
            known = True
        elif rules["owner"].search(piece) or rules["due"].search(piece):
            known = True  # labelled, and read as such
        elif maybe is None and _NAME.fullmatch(piece):
            maybe = piece
        elif not due or piece.isdigit():
            return None
    if maybe is not None and (known or rules["owner.team"].search(maybe)):
        owner, maybe = maybe, None
    if maybe is not None and not (maybe[0].isupper() and maybe[1:2].islower() and maybe.count(" ") <= 1):
        maybe = None
    return Attributes(owner, due, None, maybe)
