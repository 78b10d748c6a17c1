"""Detection: how the trouble was first noticed, by monitoring, by users, by the staff or by somebody else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from postmortem import nlp, vocabulary
from postmortem.record import Detection, Entry
from postmortem.report import Report

FIRST_ENTRIES: Final = 3

_STOP: Final = re.compile(r"[.!?](?= )")
# Where only a plain statement counts, for these sections also speak of the future.
_LAST: Final = frozenset({"actions", "lessons", "communication", "appendix", "metadata"})
LEAST_WEIGHT: Final = 2
PLAIN_WEIGHT: Final = 3
# Characters of a stretch that are read: nobody tells so late how it was noticed.
_LONGEST: Final = 4000


def detection(report: Report, timeline: tuple[Entry, ...]) -> Detection | None:
    """Return how it was first noticed, or None where the report does not say.

    `timeline` is the report's, in order. What a detection field or section says counts first, then the first entries, then the
    summary and the rest of the story.
    """
    for start, end, least in _passages(report, timeline):
        found = _method(report, start, end, least)
        if found:
            return found
    return None


def _passages(report: Report, timeline: tuple[Entry, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches that may say how it was noticed, the likeliest first, and the least weight that counts there."""
    plain = report.document.plain
    words = vocabulary.load("detection")["worth_reading"]
    zones = [z for z in nlp.zones(report.document) if nlp.holds_any(plain[z.start : z.end].lower(), words)]
    for zone in zones:
        if "detection" in zone.names:
            yield zone.start, zone.end, LEAST_WEIGHT
    entries = [entry for entry in timeline if entry.phase == "detection"][:1] or timeline[:FIRST_ENTRIES]
    for entry in entries:
        yield entry.evidence.start, entry.evidence.end, LEAST_WEIGHT
    for name in ("summary", "timeline"):
        for zone in zones:
            if name in zone.names:
                yield zone.start, zone.end, LEAST_WEIGHT
    for zone in zones:
        if not zone.names & _LAST:
            yield zone.start, zone.end, PLAIN_WEIGHT
    for zone in zones:
        if "resolution" in zone.names:
            yield zone.start, zone.end, PLAIN_WEIGHT


def _method(report: Report, start: int, end: int, least: int) -> Detection | None:
    raw = report.document.plain[start : min(end, start + _LONGEST)]
    text = nlp.folded(raw)
    best: tuple[int, int, int, vocabulary.Rule, re.Match[str]] | None = None
    lowered = text.lower()
    stops = [stop.start() for stop in _STOP.finditer(text)]
    for rule in vocabulary.rules("detection"):
        weight = int(rule.values["weight"])
        match = nlp.search(rule, text, lowered) if weight >= least else None
        if match:
            rank = (-bisect_left(stops, match.start()), weight, -match.start())
            if best is None or rank > best[:3]:
                best = (*rank, rule, match)
    if best is None:
        return None
    rule, match = best[3:]
    first, last = (start + nlp.unfolded(raw, at) for at in match.span())
    return Detection(rule.values["method"], report.evidence(first, last, rule.id))
