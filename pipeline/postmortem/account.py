"""The account of a document: its zones and sentences with the rules worth trying on each, made once for all extractors.

"Nothing here for me" then costs an extractor one ``&`` of two numbers (`postmortem.screen`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import reduce
from itertools import islice
from operator import attrgetter, or_
from typing import Final, NamedTuple

from postmortem import nlp
from postmortem.document import Document
from postmortem.matching import rules_of
from postmortem.nlp import Zone
from postmortem.screen import screen

_RUN: Final = re.compile("[a-z]+")
_START: Final = attrgetter("start")
_ZONE_START: Final = attrgetter("zone.start")


class Told(NamedTuple):
    """A sentence at source characters `start:end`: `text` is its plain form in lower case, white space folded; `passed` are the
    bits of the rules worth trying on it. `first:last` is the whole sentence, of which its zone may hold a part."""

    start: int
    end: int
    text: str
    passed: int
    zone: Zone
    first: int
    last: int

    def says(self, name: str, *roles: str) -> bool:
        """Does a rule of vocabulary file `name` match that has one of the `roles` (see `postmortem.matching`)?"""
        return rules_of(name, *roles).matched(self.text, self.passed)


class Passage(NamedTuple):
    """A zone with its sentences; `passed` are the bits of the rules worth trying on it as a whole."""

    zone: Zone
    passed: int
    sentences: list[Told]


class Reading(NamedTuple):
    """The sentences that give the account, the probability of each role for each of them, and the signals that speak for it."""

    sentences: list[Told]
    odds: list[list[float]]
    signals: list[dict[str, float]]


class Phased(NamedTuple):
    """How likely each phase of a timeline is for each of some texts, and the likeliest of each (`postmortem.extract.phased`)."""

    odds: list[dict[str, float]]
    likeliest: list[str]


class Account:
    """The passages of a document in order. `lowered` is its plain text in lower case, as long as it is; `reading` is what
    the roles of its sentences are, once they have been asked for (see `postmortem.extract.roles`), and `phased` what their phases
    would be in a timeline."""

    __slots__ = (
        "_document",
        "_ends",
        "_filled",
        "_fills",
        "_passed",
        "_starts",
        "lowered",
        "passages",
        "phased",
        "reading",
    )

    def __init__(self, document: Document) -> None:
        self._document = document
        self.lowered = nlp.lower(document.plain)
        self.reading: Reading | None = None
        self.phased: Phased | None = None
        self._passed: dict[tuple[int, int], int] = {}
        # What the words of each block fill, by its start; the sentences in order, and what the words of each fill.
        self._filled: dict[int, int] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._fills: list[int] = []
        self.passages = self._read()

    def _read(self) -> list[Passage]:
        known, plain, lowered = screen(), self._document.plain, self.lowered
        bits, half, always = known.words.__getitem__, known.half, known.always
        new = tuple.__new__
        passages = []
        here = -1
        spans: list[tuple[int, int]] = []
        at = 0
        for block, zone in nlp.zoned(self._document):
            if block.start != here:
                here, spans, at = block.start, nlp.spans(plain, block), 0
                self._filled[here] = always
            low, high = zone.start, zone.end
            while at < len(spans) and spans[at][1] <= low:
                at += 1
            sentences = []
            everywhere = always
            for first, last in islice(spans, at, None):
                if first >= high:
                    break
                start = first if first > low else low
                text = lowered[start : last if last < high else high].rstrip()
                end = start + len(text)
                text = text.lstrip()
                if not text:
                    continue
                start = end - len(text)
                if "  " in text or not text.isprintable():
                    text = " ".join(text.split())
                filled = reduce(or_, map(bits, _RUN.findall(text)), always)
                everywhere |= filled
                self._starts.append(start)
                self._ends.append(end)
                self._fills.append(filled)
                passed = filled & (filled >> half)
                # As `Told(…)` does, without a call in between.
                sentences.append(new(Told, (start, end, text, passed, zone, first, last)))
            self._filled[here] |= everywhere
            passages.append(new(Passage, (zone, everywhere & (everywhere >> half), sentences)))
        return passages

    def sentence_at(self, offset: int) -> Told | None:
        """Return the sentence that holds source character `offset`, if one does."""
        number = bisect_right(self.passages, offset, key=_ZONE_START) - 1
        if number < 0:
            return None
        sentences = self.passages[number].sentences
        at = bisect_right(sentences, offset, key=_START) - 1
        return sentences[at] if at >= 0 and offset < sentences[at].end else None

    def passed(self, start: int, end: int) -> int:
        """Return the bits of the rules that are worth trying on source characters `start:end`."""
        passed = self._passed.get((start, end))
        if passed is None:
            passed = self._passed[start, end] = screen().passed(self._read_between(start, end))
        return passed

    def _read_between(self, start: int, end: int) -> int:
        """Return what the words of source characters `start:end` fill: the sentences that lie there are not read again."""
        known, lowered = screen(), self.lowered
        starts, ends = self._starts, self._ends
        filled = known.always
        first = last = bisect_left(starts, start)
        at = start
        while last < len(starts) and ends[last] <= end:
            if lowered[at - 1 : at + 1].isalpha() or lowered[starts[last] - 1 : starts[last] + 1].isalpha():
                return known.read(lowered[start:end])  # the edge of a sentence, or of the range, cuts a word
            between = lowered[at : starts[last]]
            if between and not between.isspace():
                filled |= known.read(between)
            filled |= self._fills[last]
            at = ends[last]
            last += 1
        if first < last and lowered[at - 1 : at + 1].isalpha():
            return known.read(lowered[start:end])
        return filled | known.read(lowered[at:end]) if at < end else filled

    def passed_in_blocks(self, start: int, end: int) -> int:
        """Return the bits of the rules that are worth trying on the blocks of which source characters `start:end` hold a part."""
        blocks, filled = self._document.blocks, screen().always
        first = bisect_right(blocks, start, key=_START) - 1
        for block in islice(blocks, max(first, 0), None):
            if block.start >= end:
                break
            if block.start not in self._filled:
                self._filled[block.start] = screen().read(self.lowered[block.start : block.end])
            filled |= self._filled[block.start]
        return screen().passed(filled)

    def text(self, start: int, end: int) -> str:
        """Return source characters `start:end` as rules are matched on them: in lower case, white space folded."""
        return " ".join(self.lowered[start:end].split())
