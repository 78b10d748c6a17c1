"""Sentences with the words that statement extractors look at, and rules that are tried only where one of their words stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from postmortem import nlp
from postmortem.document import Document
from postmortem.record import Entry
from postmortem.vocabulary import Rule, rules

MOST_WORDS: Final = 80
_OPENING: Final = 12
_WORD: Final = re.compile(r"\S+")

_TOKEN: Final = re.compile(r"[a-z0-9]+")
# How much of a word is looked up: enough to tell "deploy" from "depend".
_LOOKED_UP: Final = 4
_SHORTER: Final = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule, its pattern for lower-case text (three times as fast as one that ignores case), its words and how they open."""

    rule: Rule
    pattern: re.Pattern[str]
    words: tuple[str, ...]
    openings: frozenset[str]


Live = tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence at source characters `start:end`: `text` is its plain form in lower case, white space folded; `names` and `key`
    are those of the zone that it stands in (`postmortem.nlp.Zone`)."""

    start: int
    end: int
    text: str
    names: frozenset[str]
    key: tuple[int, int]


def lowered(text: str) -> str:
    """Return `text` as rules are matched on it: in lower case, white space folded."""
    return nlp.folded(text).lower()


def told(document: Document, zones: Iterable[nlp.Zone], wanted: Callable[[str], bool]) -> Iterator[Told]:
    """Yield the sentences of those zones whose text is `wanted`, in order.

    `wanted` is called with a zone's `lowered` text. It spares the tokenizer: what no sentence of a zone can match need not
    be told apart.
    """
    for zone in zones:
        if not wanted(lowered(document.plain[zone.start : zone.end])):
            continue
        for sentence in nlp.sentences(document, zone.start, zone.end):
            text = lowered(document.plain[sentence.start : sentence.end])
            yield Told(sentence.start, sentence.end, text, zone.names, zone.key)


@cache
def by_role(name: str, key: str, role: str) -> Live:
    """Return the rules of vocabulary file `name` whose value of `key` is `role`."""
    return tuple(_tried(rule) for rule in rules(name) if rule.values[key] == role)


def _tried(rule: Rule) -> Tried:
    words = tuple(rule.values.get("words", ()))
    return Tried(rule, re.compile(rule.pattern.pattern), words, frozenset(map(_opening, words)))


def live(candidates: Live, document: Document) -> Live:
    """Return the rules of which a word opens like one of the document's, each with those of its words that do."""
    present = _openings(document.plain)
    found = []
    for tried in candidates:
        if not tried.openings.isdisjoint(present):
            words = tuple(word for word in tried.words if _opening(word) in present)
            found.append(Tried(tried.rule, tried.pattern, words, tried.openings))
    return tuple(found)


@lru_cache(maxsize=2)
def _openings(plain: str) -> frozenset[str]:
    """Return how the words of a text open, in lower case: by four letters and by three. "" opens every text."""
    tokens = set(_TOKEN.findall(plain.lower()))
    return frozenset(("", *[token[:_LOOKED_UP] for token in tokens], *[token[:_SHORTER] for token in tokens]))


@cache
def _opening(word: str) -> str:
    """Return how a rule's word opens; "" where that is too short to be looked up."""
    token = _TOKEN.search(word)
    return token[0][:_LOOKED_UP] if token and len(token[0]) >= _SHORTER else ""


def matches(candidates: Live, text: str) -> Iterator[tuple[Tried, re.Match[str]]]:
    """Yield each rule that matches in `text` (see `lowered`) with its first match.

    A rule that has words is tried only where one of them stands.
    """
    for tried in candidates:
        if not tried.words or any(word in text for word in tried.words):
            match = tried.pattern.search(text)
            if match is not None:
                yield tried, match


def matched(candidates: Live, text: str) -> bool:
    """Does any of the rules match?"""
    return next(matches(candidates, text), None) is not None


def after_stamp(document: Document, entry: Entry) -> tuple[int, int]:
    """Return the extent of an entry's text in the source (its evidence may begin with the stamp)."""
    start, end = entry.evidence.start, entry.evidence.end
    opening = entry.text[:_OPENING].split()
    at = document.plain.find(opening[0], start, end) if opening else -1
    if len(opening) > 1 and at >= 0:
        pattern = r"\W{0,8}".join(re.escape(word) for word in opening[:2])
        match = re.compile(pattern).search(document.plain, start, end)
        at = match.start() if match else at
    return max(at, start), end


def shortened(plain: str, start: int, end: int, most: int = MOST_WORDS) -> int:
    """Return where `start:end` ends when it is cut to `most` words."""
    for count, word in enumerate(_WORD.finditer(plain, start, end), 1):
        if count == most:
            return word.end()
    return end


def words_in(plain: str, start: int, end: int) -> int:
    """Return the number of words between two offsets."""
    return len(plain[start:end].split())
