"""Sentences for statement extractors, and rules that are tried only where words stand that they need.

The words of a report are looked at once, for the rules of all files in `FILES`: an `Account` knows for any stretch of the
text which rules are worth trying on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from postmortem import nlp
from postmortem.clock.carry import minutes_between
from postmortem.document import Document
from postmortem.record import Entry, Point
from postmortem.vocabulary import Rule, rules

FILES: Final = ("resolution", "trigger", "factors", "milestones")
MOST_WORDS: Final = 80
_OPENING: Final = 12
_WORD: Final = re.compile(r"\S+")

# How much of a word is looked at: enough to tell "deploy" from "depend".
_LOOKED_AT: Final = 4
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_NO_LETTERS: Final = {code: " " for code in range(128) if chr(code) not in _LETTERS}
_HALF: Final = 128
# No statement is looked for where only these are told.
_UNREAD: Final = frozenset({"actions", "appendix", "metadata", "communication"})


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule, its pattern for lower-case text (three times as fast as one that ignores case) and the bit that stands for it."""

    rule: Rule
    pattern: re.Pattern[str]
    bit: int


Live = tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence at source characters `start:end`: `text` is its plain form in lower case, white space folded; `passed` are the
    bits of the rules worth trying on it; `names` and `key` are those of the zone that it stands in (`postmortem.nlp.Zone`)."""

    start: int
    end: int
    text: str
    passed: int
    names: frozenset[str]
    key: tuple[int, int]


class Account:
    """A document's zones and sentences with the rules that are worth trying on them; one for each document (see `account`)."""

    __slots__ = ("_always", "_lowered", "_openings", "_sentences", "_words", "document", "zones")

    def __init__(self, document: Document) -> None:
        self.document = document
        self._lowered = nlp.lowered(document)
        self._words = self._lowered.translate(_NO_LETTERS)
        self._openings, self._always = _screen()
        self._sentences: dict[int, tuple[tuple[int, int, int], ...]] = {}
        self.zones = tuple(
            (zone, 0 if zone.names and zone.names <= _UNREAD else self.passed(zone.start, zone.end))
            for zone in nlp.zones(document)
        )

    def passed(self, start: int, end: int) -> int:
        """Return the bits of the rules that need no word but those of source characters `start:end`."""
        found, openings = self._always, self._openings
        for opening in openings.keys() & {word[:_LOOKED_AT] for word in self._words[start:end].split()}:
            found |= openings[opening]
        return found & (found >> _HALF)

    def text(self, start: int, end: int) -> str:
        """Return source characters `start:end` as rules are matched on them: in lower case, white space folded."""
        return nlp.folded(self._lowered[start:end])

    def sentences(self, zone: nlp.Zone, passed: int) -> tuple[tuple[int, int, int], ...]:
        """Return start and end of each sentence of a zone, with the bits passed in it (`passed`: those passed in the zone)."""
        found = self._sentences.get(zone.start)
        if found is None:
            told = nlp.sentences(self.document, zone.start, zone.end)
            alone = len(told) == 1
            found = tuple((s.start, s.end, passed if alone else self.passed(s.start, s.end)) for s in told)
            self._sentences[zone.start] = found
        return found

    def told(self, worth: Callable[[nlp.Zone, int], bool], *, whole: bool = False) -> Iterator[Told]:
        """Yield the sentences that are `worth` trying, in order, or all those of a zone that is (`whole`).

        `worth` is asked for a zone, with the bits passed there, and for each of its sentences, with those passed in it.
        """
        for zone, passed in self.zones:
            if not worth(zone, passed):
                continue
            for start, end, found in self.sentences(zone, passed):
                if whole or worth(zone, found):
                    yield Told(start, end, self.text(start, end), found, zone.names, zone.key)


def account(document: Document) -> Account:
    """Return the account of a document, the same one for the same document as long as no few others come between."""
    return _account_of(nlp.SameDocument(document))


@lru_cache(maxsize=2)
def _account_of(same: nlp.SameDocument) -> Account:
    return Account(same.document)


def lowered(text: str) -> str:
    """Return `text` as rules are matched on it: in lower case, white space folded."""
    return nlp.folded(text).lower()


@cache
def by_role(name: str, key: str, role: str) -> Live:
    """Return the rules of vocabulary file `name` whose value of `key` is `role`."""
    return tuple(
        Tried(rule, _for_lower_case(rule.pattern.pattern), 1 << _numbers()[rule.id])
        for rule in rules(name)
        if rule.values[key] == role
    )


def _for_lower_case(source: str) -> re.Pattern[str]:
    """Compile a rule's pattern for lower-case text: one that begins at a word's edge is not tried at the words' ends."""
    return re.compile(rf"(?<!\w)(?=\w){source[2:]}" if source.startswith(r"\b(?:") else source)


def bits_of(candidates: Iterable[Tried]) -> int:
    """Return the bits of all those rules."""
    bits = 0
    for tried in candidates:
        bits |= tried.bit
    return bits


@cache
def _numbers() -> Mapping[str, int]:
    return {rule.id: number for number, rule in enumerate(rule for name in FILES for rule in rules(name))}


@cache
def _screen() -> tuple[Mapping[str, int], int]:
    """Return which rules each opening of a word speaks for, and what is passed without a word.

    Bit i stands for what rule i has under ``words``, bit i + 128 for what it has under ``with``: a match holds a word of each.
    """
    openings: dict[str, int] = {}
    always = 0
    for rule in (rule for name in FILES for rule in rules(name)):
        for key, shift in (("words", 0), ("with", _HALF)):
            bit = 1 << (_numbers()[rule.id] + shift)
            if key not in rule.values:
                always |= bit
            for word in rule.values.get(key, ()):
                for opening in _openings(word):
                    openings[opening] = openings.get(opening, 0) | bit
    return openings, always


def _openings(word: str) -> Iterator[str]:
    """Yield how a token may begin that opens like `word`; one of two letters stands for itself alone."""
    opening = max(re.findall("[a-z]+", word), key=len)[:_LOOKED_AT]
    yield opening
    if len(opening) == _LOOKED_AT - 1:
        yield from (opening + letter for letter in _LETTERS)


def matches(candidates: Live, text: str, passed: int = -1) -> Iterator[tuple[Tried, re.Match[str]]]:
    """Yield each rule that matches in `text` (see `lowered`) with its first match; only those whose bits `passed` are tried."""
    for tried in candidates:
        if passed & tried.bit:
            match = tried.pattern.search(text)
            if match is not None:
                yield tried, match


def matched(candidates: Live, text: str, passed: int = -1) -> bool:
    """Does any of the rules match? Arguments as for `matches`."""
    for tried in candidates:  # noqa: SIM110 (a generator would cost more than most of the patterns)
        if passed & tried.bit and tried.pattern.search(text):
            return True
    return False


def elapsed(start: Point, end: Point) -> float | None:
    """Return what `minutes_between` does, without a calendar where both lie on one day."""
    if start.date is None or start.date != end.date or start.utc_offset != end.utc_offset:
        return minutes_between(start, end)
    if start.time is None or end.time is None or end.time < start.time:
        return None
    hours = int(end.time[:2]) - int(start.time[:2])
    return float(hours * 60 + int(end.time[3:]) - int(start.time[3:]))


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
