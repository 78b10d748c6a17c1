"""Categories by cue phrases: what the report's statement of the cause says about the kind of cause.

Only the statement is read, never the whole report: a topic that is merely mentioned says nothing about why it broke.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postmortem import nlp, vocabulary
from postmortem.matching import rules_of
from postmortem.record import Category, Evidence, RootCause
from postmortem.report import Report

LEAST_PRIMARY: Final = 1.5
LEAST_ALSO: Final = 1.8
MOST_ALSO: Final = 2

# What follows these is the effect; what follows a reason phrase is the cause, and what stands before it the effect.
_EFFECT: Final = re.compile(
    r"\b(?:led to|leading to|leads to|resulted in|resulting in|results in|caus(?:ed|es|ing)(?! by)|triggering|as a result|"
    r"which (?:meant|overwhelmed|prevented|blocked|made)|preventing|so that|overwhelming|overloading|consequently)\b"
)
_REASON: Final = re.compile(
    r"\b(?:caused (?:\w{1,12} )?by|due to|because(?: of)?|stemm\w{2,3} from|originat\w{1,3} (?:from|in|when)|"
    r"(?:root|primary|main|underlying) cause (?:[\w'’-]{1,15} ){0,5}?(?:was|is|were|are)|"
    r"traced (?:back )?to|attributed to|result of|identified as|owing to|down to)\b"
)
_EFFECT_SHARE: Final = 0.35
_FURTHER: Final = 0.3
_MOST_AROUND: Final = 1500


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase found in the statement: what it speaks for, how strongly where it stands, and where that is in the source."""

    category: str
    weight: float
    start: int
    end: int
    rule: str


def categories(report: Report, root_cause: RootCause | None) -> tuple[Category, ...]:
    """Return the categories that the statement of the cause names, the primary one first; none without a statement.

    The evidence of each is the phrases that speak for it, in text order. Probabilities are left open (None).
    """
    if root_cause is None:
        return ()
    found = cues(report, [(e.start, e.end) for e in root_cause.evidence])
    scores = _scores(found)
    if not scores:
        # A statement that names nothing ("the change had a side effect"): what stands around it may.
        found = cues(report, _around(report, root_cause))
        scores = _scores(found)
    ranked = _ranked(scores)
    return tuple(
        Category(
            id,
            None,
            tuple(
                _evidence(report, cue) for cue in sorted(found, key=lambda c: c.start) if cue.category == id
            ),
        )
        for id in ranked
    )


def leading(found: Sequence[Cue]) -> tuple[str, float] | None:
    """Return the category that the phrases name as the primary one, and its points; None where there are none."""
    scores = _scores(found)
    ranked = _ranked(scores)
    return (ranked[0], scores[ranked[0]]) if ranked else None


def _around(report: Report, root_cause: RootCause) -> list[tuple[int, int]]:
    """Return the stretches of the text that stand in the fields or sections of the statement, not far from it."""
    zones = [passage.zone for passage in report.account.passages]
    keys = {
        zone.key for zone in zones for e in root_cause.evidence if zone.start < e.end and zone.end > e.start
    }
    extents = [(zone.start, zone.end) for zone in zones if zone.key in keys]
    first = root_cause.evidence[0].start
    return [(a, b) for a, b in extents if abs(a - first) <= _MOST_AROUND]


def cues(report: Report, extents: Sequence[tuple[int, int]]) -> tuple[Cue, ...]:
    """Return every cue phrase within the source `extents`, in text order, with its weight where it stands."""
    rules = rules_of("categories")
    found = []
    for first, last in extents:
        passed = report.account.passed(first, last)
        if not passed & rules.bits:
            continue
        raw = report.account.lowered[first:last]
        text = nlp.folded(raw)
        breaks: list[tuple[int, float]] | None = None
        for one, match in rules.every(text, passed):
            rule = one.rule
            if breaks is None:
                breaks = _breaks(text)
            start, end = match.span()
            weight = float(rule.values["weight"]) * _share(breaks, start)
            if len(text) < len(raw):  # white space was folded
                start, end = nlp.unfolded(raw, start), nlp.unfolded(raw, end)
            found.append(Cue(rule.values["category"], weight, first + start, first + end, rule.id))
    return tuple(sorted(found, key=lambda cue: (cue.start, cue.end, cue.rule)))


def _breaks(text: str) -> list[tuple[int, float]]:
    """Return where the weight of what follows changes in a text in lower case, as (offset, share).

    It is full behind a reason, little behind an effect.
    """
    breaks = [(m.start(), _EFFECT_SHARE) for m in _EFFECT.finditer(text)]
    reasons = [(m.end(), 1.0) for m in _REASON.finditer(text)]
    if reasons:
        breaks.append((0, _EFFECT_SHARE))
    return sorted([*breaks, *reasons])


def _share(breaks: Sequence[tuple[int, float]], at: int) -> float:
    share = 1.0
    for offset, value in breaks:
        if offset > at:
            break
        share = value
    return share


def _scores(found: Sequence[Cue]) -> dict[str, float]:
    """Return the points of each category: its strongest cue, and a little for each further kind of cue."""
    strongest: dict[tuple[str, str], float] = {}
    for cue in found:
        key = (cue.category, cue.rule)
        strongest[key] = max(strongest.get(key, 0.0), cue.weight)
    scores: dict[str, float] = {}
    for (category, _), weight in sorted(strongest.items(), key=lambda item: (-item[1], item[0])):
        scores[category] = scores.get(category, 0.0) + (
            weight if category not in scores else _FURTHER * weight
        )
    return scores


def _ranked(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Return the categories that count, the primary one first: the first axis that says enough, then points."""
    if not scores:
        return ()
    axes: Mapping[str, Sequence[str]] = vocabulary.load("categories")["axes"]
    best = sorted(scores, key=lambda id: (-scores[id], id))
    for members in axes.values():
        strong = [id for id in best if id in members and scores[id] >= LEAST_PRIMARY]
        if strong:
            primary = strong[0]
            break
    else:
        primary = best[0]
    also = [id for id in best if id != primary and scores[id] >= LEAST_ALSO]
    return (primary, *also[:MOST_ALSO])


def _evidence(report: Report, cue: Cue) -> Evidence:
    return report.evidence(cue.start, cue.end, cue.rule)
