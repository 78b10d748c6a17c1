"""Which two moments are the outage window: a choice among all pairs of moments that a report tells.

Rules know the turns of phrase that they were written for. A report that tells its window in others is weighed here: each moment
has features (its phase in the timeline, what its sentence is about, its place in the order of time; see
`postmortem.extract.outage.moments`), each pair has some of its own (is it as long as the outage is said to have lasted?), and
what they are worth was learnt from reports whose window is known (``models/window``). It is the same kind of model as that of
the sentence which states the cause (`postmortem.extract.cause_choice`): a conditional logit, here over pairs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from postmortem.clock.carry import minutes_between
from postmortem.clock.model import Span
from postmortem.extract.outage.ends import Ends, Found, unique
from postmortem.extract.outage.moments import OF_OUTAGE, Candidate, candidates
from postmortem.extract.outage.sentences import Sentence
from postmortem.learned.choice import ChoiceModel, weighed
from postmortem.learned.packaged import choice_model
from postmortem.record import Basis, Entry, Evidence, Point
from postmortem.report import Report

# What the rules found gives way to a pair that has so many points more: one that is some four times as likely; where they
# found no start or no end, since it may still go on, one that is some seven times as likely.
MARGIN: Final = 2.0
_OPEN: Final = 3.0
# It was learnt from whole accounts: a text that tells of fewer moments is for the rules.
_FEWEST: Final = 5
# So many of the likeliest starts, and of the likeliest ends, are looked at as pairs.
_MOST: Final = 4
_ROUND: Final = 30
_ROUGHLY: Final = 0.15
_SHORT: Final = 5
_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY
# Lengths below this are said of much else.
_SHORTEST: Final = 10
_SCALE: Final = 5.0
# The feature of an end that is no later than the start: the rules alone may find such a window.
_AT_ONCE: Final = "at once"


def settled(
    report: Report,
    timeline: tuple[Entry, ...],
    sentences: Sequence[Sentence],
    length: Found | None,
    by_rule: tuple[Ends, Basis],
) -> tuple[Ends, Basis]:
    """Return the window that the rules found, or one that is much likelier.

    The rules keep what they know for certain: the updates of a status page, which say themselves what they are, and a window that
    such an update, or another entry of a log, states in so many words; no end that they found is taken away, only replaced.
    """
    ends, basis = by_rule
    if report.calendar.postings or len(report.mentions) < _FEWEST:
        return by_rule
    if basis == "stated" and _told_in_log(timeline, ends):
        return by_rule
    starts, finishes = candidates(report, timeline, sentences, ends)
    if sum(_is_timed(one) for one in starts) < _FEWEST:
        return by_rule
    best, lead = _best(
        _likeliest(starts, _points(starts, "start"), ends.start),
        _likeliest(finishes, _points(finishes, "end"), ends.end),
        stated_minutes(length),
        _lengths(report),
    )
    if lead < (_OPEN if ends.start is None or ends.end is None else MARGIN):
        return by_rule
    return _window(report, *best, ends, default_model().rule)


def stated_minutes(length: Found | None) -> float | None:
    """Return how many minutes the outage is said to have lasted."""
    return length.mention.minutes if length is not None and isinstance(length.mention, Span) else None


def _best(
    starts: Sequence[tuple[Candidate, float]],
    finishes: Sequence[tuple[Candidate, float]],
    stated: float | None,
    lengths: Sequence[float],
) -> tuple[tuple[Candidate, Candidate], float]:
    """Return the likeliest pair of a start and an end, each given with its points, and how many points it has more than the pair
    that the rules found, which stands first."""
    weights = _weights(default_model())["pair"]
    kept = best = starts[0][0], finishes[0][0]
    most = least = -math.inf
    for a, p in starts:
        for b, q in finishes:
            seen = of_pair(a, b, stated, lengths)
            if _AT_ONCE in seen and (a, b) != kept:
                continue
            points = p + q + weighed(weights, seen)
            if (a, b) == kept:
                least = points
            if points > most:
                best, most = (a, b), points
    return best, most - least


def _is_timed(one: Candidate) -> bool:
    return one.point is not None and one.point.time is not None


def _told_in_log(timeline: Sequence[Entry], ends: Ends) -> bool:
    """Is a window told within an entry of a list?"""
    listed = [e.evidence for e in timeline if e.evidence.rule == "timeline.listed"]
    return any(e.start <= said.start < e.end for said in ends.evidence for e in listed)


def _likeliest(
    found: Sequence[Candidate], points: Sequence[float], by_rule: Point | None
) -> list[tuple[Candidate, float]]:
    """Return the best candidates with their points, that of the rules among them; a moment without a clock time, and none, may
    only be the answer where it is the rules' own."""
    able = [
        (one, own) for one, own in zip(found, points, strict=True) if _is_timed(one) or is_point(one, by_rule)
    ]
    able.sort(key=lambda each: (not is_point(each[0], by_rule), -each[1]))
    return able[:_MOST]


def is_point(one: Candidate, point: Point | None) -> bool:
    """Is a candidate a point, by date and time?"""
    if one.point is None or point is None:
        return one.point is point
    return one.point.date == point.date and one.point.time == point.time


def _lengths(report: Report) -> list[float]:
    return [m.minutes for m in report.mentions if isinstance(m, Span) and m.minutes >= _SHORTEST]


def of_pair(
    start: Candidate, end: Candidate, stated: float | None, lengths: Sequence[float]
) -> dict[str, float]:
    """Return the features of two moments as the ends of a window; `stated` are the minutes that the outage is said to have
    lasted, `lengths` those of every length of time that the report names."""
    if start.point is None or end.point is None:
        return {"nothing": 1.0} if start.point is end.point else {"open": 1.0}
    found: dict[str, float] = {}
    if start.intervals and start.intervals & end.intervals:
        found["interval"] = 1.0
        if OF_OUTAGE in start.features and OF_OUTAGE in end.features:
            found["interval of an outage"] = 1.0
        if "entry" in start.features:
            found["interval of an entry"] = 1.0
    if start.point.time is None or end.point.time is None:
        return found
    minutes = minutes_between(start.point, end.point)
    if not minutes:
        return found | {"backwards" if minutes is None else _AT_ONCE: 1.0}
    found["length"] = math.log(minutes) / _SCALE
    for name, holds in (("short", minutes < _SHORT), ("days", minutes > _DAY), ("weeks", minutes > _WEEK)):
        if holds:
            found[name] = 1.0
    if stated:
        found[_agreement(minutes, stated)] = 1.0
    if any(abs(minutes - each) <= 1 for each in lengths):
        found["named, round" if minutes % _ROUND == 0 else "named"] = 1.0
    return found


def _agreement(minutes: float, stated: float) -> str:
    """Return how a length agrees with the one that the report states: rounded ones say less."""
    off = abs(minutes - stated)
    if off <= 1:
        return "as stated, round" if stated % _ROUND == 0 else "as stated"
    return "about as stated" if off <= _ROUGHLY * stated else "not as stated"


def _window(report: Report, start: Candidate, end: Candidate, ends: Ends, rule: str) -> tuple[Ends, Basis]:
    """Return the chosen moments as a window. What the model put in the place of the rules' has evidence by its name."""
    evidence: list[Evidence] = []
    chosen: list[Point | None] = []
    for one, kept in ((start, ends.start), (end, ends.end)):
        if kept is not None and is_point(one, kept):
            chosen.append(kept)
            evidence += kept.evidence
        else:
            chosen.append(one.point)
            evidence += [report.evidence(e.start, e.end, rule) for e in one.evidence]
    listed = start.listed or end.listed
    if start.intervals & end.intervals:
        listed = start.listed and end.listed
    return Ends(chosen[0], chosen[1], unique(tuple(evidence))), "timeline" if listed else "stated"


def pairs_of(
    report: Report,
    timeline: tuple[Entry, ...],
    sentences: Sequence[Sentence],
    stated: float | None,
    by_rule: Ends,
) -> list[tuple[Candidate, Candidate, dict[str, float]]]:
    """Return every pair of moments that may be the window with its features, named by what they are of: what is learnt from."""
    starts, finishes = candidates(report, timeline, sentences, by_rule)
    lengths = _lengths(report)
    found = []
    for a in starts:
        own = {f"start.{name}": value for name, value in a.features.items()}
        for b in finishes:
            features = own | {f"end.{name}": value for name, value in b.features.items()}
            features |= {f"pair.{name}": v for name, v in of_pair(a, b, stated, lengths).items()}
            found.append((a, b, features))
    return found


def _points(found: Sequence[Candidate], side: str) -> list[float]:
    weights = _weights(default_model())[side]
    return [weighed(weights, one.features) for one in found]


@lru_cache(maxsize=2)
def _weights(model: ChoiceModel) -> Mapping[str, Mapping[str, float]]:
    """Return the weights of the features of starts, of ends and of pairs."""
    sides: dict[str, dict[str, float]] = {"start": {}, "end": {}, "pair": {}}
    for name, weight in model.weights.items():
        side, _, feature = name.partition(".")
        sides[side][feature] = weight
    return sides


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("window")
