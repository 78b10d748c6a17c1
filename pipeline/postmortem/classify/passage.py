"""What the root-cause classifier reads of a report: the statement of the cause, less of what stands around it, and a little of
the rest.

Clauses that clear something of suspicion ("it was not DNS", ``vocabulary/exonerated.toml``) are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from postmortem import nlp
from postmortem.classify.cues import Cue, cues, leading
from postmortem.learned.features import word_counts, word_spans, words, words_at
from postmortem.matching import rules_of, worth_trying
from postmortem.record import Evidence, Resolution
from postmortem.report import Report

# Characters read of one stretch, and how far from the statement: its paragraph, not its chapter.
_LONGEST: Final = 6_000
_NEAR: Final = 600
_LONGEST_SUMMARY: Final = 1_500
_LONGEST_WHOLE: Final = 3_000
_FEWEST_LEFT: Final = 3
# What may stand between two words of one phrase.
_GAP: Final = re.compile(r"[^\S\n]{1,3}|[-/_]")
_WIDEST_GAP: Final = 3
# The signal of the category that the cue phrases together name.
NAMED: Final = "named="

Span = tuple[int, int]
# What is read: a stretch, and what its words count.
_Read = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a word counts in the statement of the cause, around it in its paragraph, in the resolution, in the summary, and
    wherever it stands in the report (0: not read)."""

    statement: float = 1.0
    around: float = 0.0
    fix: float = 0.0
    summary: float = 0.0
    whole: float = 0.0


class Stretch(NamedTuple):
    """A stretch of the source that is read, at `start:end`: its `words` in order, each of the same weight, but those that begin
    in one of the extents `cleared` (in order, not overlapping)."""

    start: int
    end: int
    weight: float
    words: list[str]
    cleared: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is read of a report: its stretches, in the order in which they count, and the cue phrases of the statement. `lowered`
    is the report's text in lower case; each word at its beginning counts `whole` besides, but is no evidence."""

    lowered: str
    stretches: tuple[Stretch, ...]
    cues: tuple[Cue, ...]
    whole: float = 0.0

    def bag(self) -> dict[str, float]:
        """Return the weighted count of each word, in the order of their first places: those of the stretches come first."""
        total: dict[str, float] = {}
        count = total.get
        for _, _, weight, said, _ in self.stretches:
            for word in said:
                total[word] = count(word, 0.0) + weight
        if self.whole:
            whole = self.whole
            for word, times in word_counts(self.lowered[:_LONGEST_WHOLE]).items():
                total[word] = count(word, 0.0) + whole * times
        return total

    def signals(self) -> dict[str, float]:
        """Return the cue phrases that were hit, each with the greatest weight that it has in the passage, and the category that
        they name together, with its points."""
        hit: dict[str, float] = {}
        for cue in self.cues:
            name = f"r={cue.rule}"
            hit[name] = max(hit.get(name, 0.0), cue.weight)
        named = leading(self.cues)
        if named is not None:
            hit[NAMED + named[0]] = named[1]
        return hit


class Spoken:
    """The words of a passage one by one, in the order in which they are read, and where each stands in the source: a stretch is
    searched for the places of its words only where one is asked for."""

    __slots__ = ("_firsts", "_passage", "_spans", "words")

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self.words: list[str] = []
        # The number of the first word of each stretch, and the extents of its words.
        self._firsts: list[int] = []
        self._spans: list[list[Span]] = []
        for stretch in passage.stretches:
            self._firsts.append(len(self.words))
            self._spans.append([])
            self.words += stretch.words

    def place(self, first: int, last: int) -> Span:
        """Return where in the source word number `first` begins and number `last` ends."""
        start, end = self._span(first)
        return start, end if first == last else self._span(last)[1]

    def behind(self, first: int, most: int) -> int:
        """Return the number of the first word, from number `first` on and before `most`, that does not stand right behind the one
        read before it, so that both may be of one phrase; `most` where there is none."""
        lowered = self._passage.lowered
        end = self._span(first)[1]
        for number in range(first + 1, most):
            start, last = self._span(number)
            gap = lowered[end:start] if end < start <= end + _WIDEST_GAP else ""
            if gap != " " and not _GAP.fullmatch(gap):
                return number
            end = last
        return most

    def _span(self, number: int) -> Span:
        place = bisect_right(self._firsts, number) - 1
        spans = self._spans[place]
        if not spans:
            start, end, _, _, cleared = self._passage.stretches[place]
            spans = self._spans[place] = _outside(word_spans(self._passage.lowered, start, end), cleared)
        return spans[number - self._firsts[place]]


def passage(
    report: Report,
    statement: Sequence[Evidence],
    resolution: Resolution | None = None,
    weights: Weights | None = None,
) -> Passage:
    """Return what is read of a report with this statement of the cause."""
    weights = weights or Weights()
    own = [(e.start, min(e.end, e.start + _LONGEST)) for e in statement]
    read = [(start, end, weights.statement) for start, end in own]
    if weights.around:
        read += _around(report, own, weights.around)
    if weights.fix and resolution is not None:
        read += [(e.start, min(e.end, e.start + _LONGEST), weights.fix) for e in resolution.evidence]
    if weights.summary:
        read += _summary(report, read, weights.summary)
    lowered, clearing = report.account.lowered, rules_of("exonerated").bits
    found: list[Stretch] = []
    every: list[Span] = []
    for start, end, weight in read:
        passed = report.account.passed(start, end)
        if passed & clearing:
            cleared = _cleared(lowered, start, end, passed)
            if cleared:
                every += cleared
                spans = _outside(word_spans(lowered, start, end), cleared)
                found.append(Stretch(start, end, weight, words_at(lowered, spans), cleared))
                continue
        found.append(Stretch(start, end, weight, words(lowered[start:end]), ()))
    hits = cues(report, own)
    if every:
        hits = tuple(cue for cue in hits if not any(a <= cue.start < b for a, b in every))
    return Passage(lowered, tuple(found), hits, weights.whole)


def exonerated(text: str) -> list[Span]:
    """Return the extents of the clauses of `text` that clear something of suspicion; none where nothing else would be left."""
    lowered = nlp.lower(text)
    return _cleared(lowered, 0, len(lowered), worth_trying(lowered))


def _cleared(lowered: str, start: int, end: int, passed: int) -> list[Span]:
    """Return the extents within `start:end` of a text in lower case that clear something of suspicion, in order; none where too
    few words would be left. Only rules whose bits `passed` are tried."""
    text = lowered[start:end]
    found = [match.span() for _, match in rules_of("exonerated").every(text, passed)]
    merged: list[Span] = []
    for first, last in sorted(found):
        if merged and start + first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(start + last, merged[-1][1]))
        else:
            merged.append((start + first, start + last))
    if merged and len(_outside(word_spans(lowered, start, end), merged)) < _FEWEST_LEFT:
        return []
    return merged


def _outside(spans: list[Span], extents: Sequence[Span]) -> list[Span]:
    """Return those of the spans that begin in none of the extents; all are in order."""
    if not extents:
        return spans
    ends = [end for _, end in extents]
    found = []
    for span in spans:
        place = bisect_right(ends, span[0])
        if place == len(ends) or span[0] < extents[place][0]:
            found.append(span)
    return found


def _summary(report: Report, read: Sequence[_Read], weight: float) -> list[_Read]:
    """Return the stretches of the summary that are not read yet, as far as it is read at all."""
    left = _LONGEST_SUMMARY
    taken = sorted(read)
    found = []
    for (at, last, names, _), _, _ in report.account.passages:
        if "summary" not in names:
            continue
        if left <= 0:
            break
        last = min(last, at + left)
        left -= last - at
        for start, end, _ in taken:
            if start < last and end > at:
                if start > at:
                    found.append((at, start, weight))
                at = end
        if at < last:
            found.append((at, last, weight))
    return found


def _around(report: Report, own: Sequence[Span], weight: float) -> list[_Read]:
    """Return the stretches beside the statement in its own field or section, in text order."""
    first, last = own[0][0] - _NEAR, own[-1][1] + _NEAR
    near = [
        (low, high, key)
        for (low, high, _, key), _, _ in report.account.passages
        if high > first and low < last
    ]
    keys = {key for low, high, key in near for start, end in own if low < end and high > start}
    found = []
    for low, high, key in near:
        if key not in keys:
            continue
        at = low if low > first else first
        for start, end in own:
            if at < start < high:
                found.append((at, start, weight))
            if end > at:
                at = end if end < high else high
        end = high if high < last else last
        if at < end:
            found.append((at, end, weight))
    return found
