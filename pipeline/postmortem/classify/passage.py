"""What the root-cause classifier reads of a report: the statement of the cause, less of what stands around it, no more.

Clauses that clear something of suspicion ("it was not DNS", ``vocabulary/exonerated.toml``) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from postmortem import nlp
from postmortem.classify.cues import Cue, cues
from postmortem.learned.features import words
from postmortem.record import Evidence, Resolution
from postmortem.report import Report
from postmortem.screen import bits_of, screen, tried

# Characters read of one stretch, and how far from the statement: its paragraph, not its chapter.
_LONGEST: Final = 6_000
_NEAR: Final = 600
_LONGEST_SUMMARY: Final = 1_500
_FEWEST_LEFT: Final = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a word counts in the statement of the cause, around it in its paragraph, in the resolution, and in the summary
    (0: not read)."""

    statement: float = 1.0
    around: float = 0.0
    fix: float = 0.0
    summary: float = 0.0


@dataclass(frozen=True, slots=True)
class Passage:
    """The words that are read, at their places in the source, each with its weight; and the cue phrases of the statement."""

    words: tuple[tuple[str, int, int, float], ...]
    cues: tuple[Cue, ...]

    def bag(self) -> dict[str, float]:
        """Return the weighted count of each word, in the order of their first places."""
        total: dict[str, float] = {}
        for word, _, _, weight in self.words:
            total[word] = total.get(word, 0.0) + weight
        return total

    def signals(self) -> dict[str, float]:
        """Return the cue phrases that were hit, each with the greatest weight that it has in the passage."""
        hit: dict[str, float] = {}
        for cue in self.cues:
            name = f"r={cue.rule}"
            hit[name] = max(hit.get(name, 0.0), cue.weight)
        return hit


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
        read += [(start, end, weights.around) for start, end in _around(report, own)]
    if weights.fix and resolution is not None:
        read += [(e.start, min(e.end, e.start + _LONGEST), weights.fix) for e in resolution.evidence]
    if weights.summary:
        read += [(start, end, weights.summary) for start, end in _summary(report, read)]
    found: list[tuple[str, int, int, float]] = []
    cleared: list[tuple[int, int]] = []
    for start, end, weight in read:
        text = report.document.plain[start:end]
        out = exonerated(text) if report.account.passed_in_blocks(start, end) & _clearing() else []
        cleared += [(start + a, start + b) for a, b in out]
        for word, a, b in words(text, start):
            if not out or not any(c <= a - start < d for c, d in out):
                found.append((word, a, b, weight))
    hits = cues(report, own)
    if cleared:
        hits = tuple(cue for cue in hits if not any(a <= cue.start < b for a, b in cleared))
    return Passage(tuple(found), hits)


@cache
def _clearing() -> int:
    """Return the bits of the rules that clear something of suspicion."""
    return bits_of(tried("exonerated"))


def exonerated(text: str) -> list[tuple[int, int]]:
    """Return the extents of the clauses of `text` that clear something of suspicion; none where nothing else would be left."""
    lowered = nlp.lower(text)
    passed = screen().passed(screen().read(lowered))
    found = [
        match.span()
        for one in tried("exonerated")
        if passed & one.bit
        for match in one.pattern.finditer(lowered)
    ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if not merged:
        return []
    left = sum(1 for _, start, _ in words(text) if not any(a <= start < b for a, b in merged))
    return merged if left >= _FEWEST_LEFT else []


def _summary(report: Report, read: Sequence[tuple[int, int, float]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of the summary that are not read yet, as far as it is read at all."""
    left = _LONGEST_SUMMARY
    for zone, _, _ in report.account.passages:
        if "summary" not in zone.names or left <= 0:
            continue
        at, last = zone.start, min(zone.end, zone.start + left)
        left -= last - at
        for start, end, _ in sorted(read):
            if start < last and end > at:
                if start > at:
                    yield at, start
                at = end
        if at < last:
            yield at, last


def _around(report: Report, own: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches beside the statement in its own field or section, in text order."""
    zones = [passage.zone for passage in report.account.passages]
    keys = {zone.key for zone in zones for start, end in own if zone.start < end and zone.end > start}
    first, last = own[0][0] - _NEAR, own[-1][1] + _NEAR
    found = []
    for zone in zones:
        if zone.key not in keys:
            continue
        at = max(zone.start, first)
        for start, end in own:
            if at < start < zone.end:
                found.append((at, start))
            at = max(at, min(end, zone.end))
        if at < min(zone.end, last):
            found.append((at, min(zone.end, last)))
    return found
