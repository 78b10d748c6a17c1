"""Services that a sentence is about: the subject of a predicate that says it was out of reach, or answered wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from postmortem import vocabulary
from postmortem.extract.extents import trimmed
from postmortem.record import Named
from postmortem.report import Report

# What says too little to name anything.
GENERIC: Final = frozenset(
    {
        "service",
        "services",
        "system",
        "issue",
        "site",
        "server",
        "application",
        "app",
        "api",
        "systems",
        "cluster",
        "store",
        "database",
        "pipeline",
        "search",
    }
)
# What stands before a predicate: "the forecast service of Paperkite".
_SUBJECT: Final = re.compile(
    r"\b(?:[Tt]he|[Oo]ur|[Mm]y|[Ii]ts|[Tt]heir|[Bb]oth)\s"
    r"(?P<name>(?:(?!(?:of|in|at|on|for|from|to|and|or|with|by|that|which|the|our)\s)[A-Za-z][\w./+-]{0,24}\s){0,3}"
    r"[A-Za-z][\w./+-]{1,24})(?:\s(?:of|in|at|on|for)\s(?:(?:the|our)\s)?[\w&.-]{2,24}(?:\s[\w&.-]{1,24}){0,4})?$"
)
_CLAUSE: Final = re.compile(
    r"[.;:!?]\s|\n\s{0,9}\n|\bso\s|\bthat\s|\bwhile\s|\bwhen\s|,\s(?=(?:the|our)\s)(?![^.;:]{0,60}\sand\s)|"
    r"\d[:.]\d\d(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?,?\s(?!(?:to|and|until|till)\s|-)"
)
_JOINED: Final = re.compile(r",\s{1,3}(?:and\s)?|\sand\s")
_DETERMINER: Final = re.compile(r"(?:(?:both|also|even|all)\s)?(?:the|our|its|their|my)\s", re.IGNORECASE)
_OF_WHAT: Final = re.compile(r"\s(?:of|for|in|on|at|from)\s.{1,60}$")
_NO_SERVICE: Final = re.compile(
    r"\d|%|\b(?:users?|customers?|clients?|people|everyone|visitors|staff|teams?|we|it|they|this|that|these|those|which|who|all|"
    r"other|others|some|many|most|both|requests?|orders|payments|transactions|services|systems|things|parts|nothing|everything|"
    r"was|were|is|are|had|has|did|not|but|as|if|because|users'|servers?|nodes?|pods?|hosts?|replicas?|disks?|regions?|offices?|"
    r"performance|availability|quality|monitoring|alerts?|team|during|between|after|before|for|with|by|from|to|in|on|at|of)\b",
    re.IGNORECASE,
)
_REACH: Final = 140
_LONGEST_PART: Final = 4


def suffered(report: Report, start: int, end: int) -> Iterator[Named]:
    """Yield the services of which source characters `start:end` say that they suffered: one, or several joined by "and"."""
    plain, lowered = report.document.plain, report.account.lowered
    for out_of_reach, pattern in _predicates():
        for predicate in pattern.finditer(lowered, start, end):
            low, high = max(start, predicate.start() - _REACH), predicate.start()
            low = max((clause.end() for clause in _CLAUSE.finditer(plain, low, high)), default=low)
            joined = _joined(plain, low, high) if out_of_reach else []
            rule = "affected.service.joined" if joined else "affected.service.subject"
            for a, b in joined or _subject(plain, low, high, used=not out_of_reach):
                yield Named(" ".join(plain[a:b].split()), report.evidence(a, b, rule))


@cache
def _predicates() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """The predicates, and whether each says that something was out of reach; compiled for text in lower case."""
    rules = vocabulary.rules("suffered")
    return tuple((rule.id == "suffered.out_of_reach", re.compile(rule.source)) for rule in rules)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(vocabulary.load("suffered")[kind]["words"])


def _joined(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Two or more names that one predicate at `end` is about, without the clause that leads up to them."""
    parts = [*_cut(plain, start, end)]
    while len(parts) > 1 and not _bare(plain, *parts[0], last=False) and _DETERMINER.match(plain, *parts[1]):
        del parts[0]
    names = [name for a, b in parts if (name := _bare(plain, a, b, last=(a, b) == parts[-1]))]
    return names if len(names) == len(parts) > 1 else []


def _subject(plain: str, start: int, end: int, *, used: bool) -> list[tuple[int, int]]:
    """The one service that a predicate at `end` is about; `used`: only a thing that people use."""
    subject = _SUBJECT.search(plain, start, end)
    if subject is None:
        return []
    name = subject["name"]
    last = name.split()[-1].lower()
    if (used and last not in _words("used")) or last in _words("parts"):
        return []
    return [] if _NO_SERVICE.search(name) or name.lower() in GENERIC else [subject.span("name")]


def _cut(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    low = start
    for mark in _JOINED.finditer(plain, start, end):
        yield from trimmed(plain, low, mark.start())
        low = mark.end()
    yield from trimmed(plain, low, end)


def _bare(plain: str, start: int, end: int, *, last: bool) -> tuple[int, int] | None:
    """Leave out "the" and, behind the `last`, "of our shop" around a name; None for what names no service."""
    if determiner := _DETERMINER.match(plain, start, end):
        start = determiner.end()
    if last and (of := _OF_WHAT.search(plain[start:end])):
        end = start + of.start()
    text = plain[start:end]
    if not 1 <= len(text.split()) <= _LONGEST_PART or _NO_SERVICE.search(text) or text.lower() in GENERIC:
        return None
    return start, end
