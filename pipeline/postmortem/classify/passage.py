"""What the root-cause classifier reads of a report: the statement of the cause, less of what stands around it, no more.

Clauses that clear something of suspicion ("it was not DNS", ``vocabulary/exonerated.toml``) are left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from postmortem import nlp
from postmortem.classify.cues import Cue, cues, leading
from postmortem.learned.features import pieces, words_of
from postmortem.record import Evidence, Resolution
from postmortem.report import Report
from postmortem.screen import bits_of, screen, tried

# Characters read of one stretch, and how far from the statement: its paragraph, not its chapter.
_LONGEST: Final = 6_000
_NEAR: Final = 600
_LONGEST_SUMMARY: Final = 1_500
_FEWEST_LEFT: Final = 3
_MOST_WORDS: Final = 50_000
_LONGEST_WORD: Final = 40
# The signal of the category that the cue phrases together name.
NAMED: Final = "named="


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a word counts in the statement of the cause, around it in its paragraph, in the resolution, and in the summary
    (0: not read)."""

    statement: float = 1.0
    around: float = 0.0
    fix: float = 0.0
    summary: float = 0.0


class Stretch(NamedTuple):
    """A stretch of the source that is read, at `start:end`: `words` in order, each of the same weight, and the `pieces` that they
    are of (`postmortem.learned.features.pieces`)."""

    start: int
    end: int
    weight: float
    words: list[str]
    pieces: list[str]


class Spoken(NamedTuple):
    """The words of a passage in the order in which they are read, what stands in the source between each and the one read before
    it (nothing where that one stands elsewhere), and the number of the first word of each stretch."""

    words: list[str]
    gaps: list[str]
    firsts: list[int]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is read of a report: its stretches, and the cue phrases of the statement."""

    stretches: tuple[Stretch, ...]
    cues: tuple[Cue, ...]

    def bag(self) -> dict[str, float]:
        """Return the weighted count of each word, in the order of their first places."""
        total: dict[str, float] = {}
        count = total.get
        for _, _, weight, words, _ in self.stretches:
            for word in words:
                total[word] = count(word, 0.0) + weight
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

    def spoken(self, plain: str) -> Spoken:
        """Return the words one by one; `plain` is the document's."""
        words: list[str] = []
        gaps: list[str] = []
        firsts = []
        end = len(plain)
        for start, last, _, own, cut in self.stretches:
            firsts.append(len(words))
            if own:
                words += own
                gaps.append(plain[end : start + len(cut[0])])
                gaps += cut[2:-1:2]
                end = last - len(cut[-1])
        return Spoken(words, gaps, firsts)

    def place(self, spoken: Spoken, first: int, last: int) -> tuple[int, int]:
        """Return where in the source word number `first` begins and number `last` ends."""
        stretch = bisect_right(spoken.firsts, first) - 1
        start, _, _, own, cut = self.stretches[stretch]
        number = first - spoken.firsts[stretch]
        start += sum(map(len, cut[: 2 * number + 1]))
        behind = number + last - first + 1
        if behind <= len(own):
            return start, start + sum(map(len, cut[2 * number + 1 : 2 * behind]))
        return start, self.place(spoken, last, last)[1]


def passage(
    report: Report,
    statement: Sequence[Evidence],
    resolution: Resolution | None = None,
    weights: Weights | None = None,
) -> Passage:
    """Return what is read of a report with this statement of the cause."""
    weights = weights or Weights()
    own = [(e.start, min(e.end, e.start + _LONGEST)) for e in statement]
    read = [(start, end, weights.statement, -1) for start, end in own]
    if weights.around:
        read += [(start, end, weights.around, passed) for start, end, passed in _around(report, own)]
    if weights.fix and resolution is not None:
        read += [(e.start, min(e.end, e.start + _LONGEST), weights.fix, -1) for e in resolution.evidence]
    if weights.summary:
        taken = [(start, end) for start, end, _, _ in read]
        read += [(start, end, weights.summary, passed) for start, end, passed in _summary(report, taken)]
    lowered, clearing = report.account.lowered, _clearing()
    found: list[Stretch] = []
    cleared: list[tuple[int, int]] = []
    for start, end, weight, passed in read:
        cut = pieces(lowered[start:end])
        words = words_of(cut)
        if passed & clearing.bits and (rules := clearing.passed(words)):
            out, left = _cleared(cut, rules)
            if out:
                cleared += [(start + a, start + b) for a, b in out]
                cut, words = left, words_of(left)
        found.append(Stretch(start, end, weight, words, cut))
    hits = cues(report, own)
    if cleared:
        hits = tuple(cue for cue in hits if not any(a <= cue.start < b for a, b in cleared))
    return Passage(tuple(found), hits)


class _Clearing(dict[str, int]):
    """Of the bits of each word (`postmortem.screen`), those of the rules that clear something of suspicion, in a number as small
    as can be. A cache of words."""

    __slots__ = ("_always", "_first", "_mask", "_read", "_second", "_width", "bits", "rules")

    def __init__(self) -> None:
        super().__init__()
        own = bits_of(tried("exonerated"))
        self._read = screen().read
        # Of the rules, in the numbers of the screen.
        self.bits = own
        self._first = (own & -own).bit_length() - 1
        self._second = self._first + screen().half
        self._width = own.bit_length() - self._first
        self._mask = own >> self._first
        self._always = self._own(screen().always)
        # Each pattern with its bits here.
        self.rules = [(one.pattern, one.bit >> self._first) for one in tried("exonerated")]

    def _own(self, bits: int) -> int:
        return (bits >> self._first) & self._mask | ((bits >> self._second) & self._mask) << self._width

    def __missing__(self, word: str) -> int:
        bits = self._own(self._read(word))
        if len(word) <= _LONGEST_WORD:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = bits
        return bits

    def passed(self, words: Iterable[str]) -> int:
        """Return the bits of the rules that are worth trying on a text of these words."""
        filled = self._always
        for bits in set(map(self.__getitem__, words)):
            filled |= bits
        return filled & (filled >> self._width)


@cache
def _clearing() -> _Clearing:
    return _Clearing()


def exonerated(text: str) -> list[tuple[int, int]]:
    """Return the extents of the clauses of `text` that clear something of suspicion; none where nothing else would be left."""
    cut = pieces(nlp.lower(text))
    return _cleared(cut, _clearing().passed(words_of(cut)))[0]


def _cleared(cut: list[str], passed: int) -> tuple[list[tuple[int, int]], list[str]]:
    """Return what `exonerated` does of a text cut into pieces, and the pieces without it; only rules whose bits `passed` are
    tried."""
    lowered = "".join(cut)
    found = [
        match.span()
        for pattern, bit in _clearing().rules
        if passed & bit
        for match in pattern.finditer(lowered)
    ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    left = _without(cut, merged) if merged else cut
    return (merged, left) if len(left) // 2 >= _FEWEST_LEFT else ([], cut)


def _without(cut: list[str], extents: Sequence[tuple[int, int]]) -> list[str]:
    """Return a text cut into pieces with the words that begin in one of the extents, which are in order, made part of what
    lies between the words."""
    kept = [""]
    ends = [end for _, end in extents]
    at = 0
    for number, piece in enumerate(cut):
        place = bisect_right(ends, at)
        if number % 2 and not (place < len(ends) and extents[place][0] <= at):
            kept += [piece, ""]
        else:
            kept[-1] += piece
        at += len(piece)
    return kept


def _summary(report: Report, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Return the stretches of the summary that are not taken yet, as far as it is read at all, each with the bits of the rules
    that are worth trying on its zone."""
    left = _LONGEST_SUMMARY
    taken = sorted(taken)
    found = []
    for zone, passed, _ in report.account.passages:
        if "summary" not in zone.names:
            continue
        if left <= 0:
            break
        at, last = zone.start, min(zone.end, zone.start + left)
        left -= last - at
        for start, end in taken:
            if start < last and end > at:
                if start > at:
                    found.append((at, start, passed))
                at = end
        if at < last:
            found.append((at, last, passed))
    return found


def _around(report: Report, own: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Return the stretches beside the statement in its own field or section, in text order, each with the bits of the rules that
    are worth trying on its zone."""
    first, last = own[0][0] - _NEAR, own[-1][1] + _NEAR
    near = []
    keys = set()
    for zone, passed, _ in report.account.passages:
        low, high = zone.start, zone.end
        if high > first and low < last:
            near.append((low, high, zone.key, passed))
            for start, end in own:
                if low < end and high > start:
                    keys.add(zone.key)
    found = []
    for low, high, key, passed in near:
        if key not in keys:
            continue
        at = max(low, first)
        for start, end in own:
            if at < start < high:
                found.append((at, start, passed))
            at = max(at, min(end, high))
        if at < min(high, last):
            found.append((at, min(high, last), passed))
    return found
