"""How the trouble was first noticed: a choice among the sentences of a report and what each may say.

The alternatives are all pairs of a sentence and a method, and that the report does not say. Each pair has features: what the
words of the sentence make of the method (`postmortem.extract.noticing`), which rules match, where the sentence stands, whether
it is the one that the rules alone would have believed (`postmortem.extract.detection`). What they are worth was learnt from
reports of which only the method is known (``models/detection``): it is a conditional logit whose right alternatives are all
pairs of that method. The probability of a method is the sum of those of its pairs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, get_args

from postmortem.account import Told
from postmortem.extract import noticing, roles
from postmortem.extract.noticing import NOTHING, TELLING, Heard, labelled
from postmortem.learned.choice import ChoiceModel, weighed
from postmortem.learned.linear import softmax
from postmortem.learned.packaged import choice_model
from postmortem.nlp import Zone
from postmortem.record import Detection, Entry, Method
from postmortem.report import Report

METHODS: Final[tuple[Method, ...]] = get_args(Method)
_NAMED: Final = "detection"
# Where it makes a difference that a sentence stands there.
_PLACES: Final = (
    "summary",
    "impact",
    "root_cause",
    "actions",
    "lessons",
    "communication",
    "appendix",
    "metadata",
)
# As many sentences are weighed: what a rule matches and what is asked for before others, then those that say most.
_WEIGHED: Final = 14
_FEWEST_WORDS: Final = 2
_FEWEST_LETTERS: Final = 3
_MOST: Final = 300
_WEIGHTS: Final = (1.0, 2.0, 3.0, 4.0, 5.0)
_ENTRIES: Final = 3
# What a probability of 0 and one of 1 are taken for; and the logit of a role that was not asked for.
_EDGE: Final = 1e-3
_UNREAD: Final = -3.0
# The logarithm of the odds from which the likeliest method is given against what the rules say, or against silence where they say
# nothing: more reports keep silent of it than those that were learnt from.
_MARGIN: Final = 2.0


class Sighting(NamedTuple):
    """A sentence that may say how it was noticed: source characters `start:end`, the features that it has whatever the method,
    and those that it has besides for each method."""

    start: int
    end: int
    shared: Mapping[str, float]
    own: Mapping[str, Mapping[str, float]]


class _Read(NamedTuple):
    told: Told
    heard: Heard
    named: bool


def settled(
    report: Report, timeline: Sequence[Entry], found: Detection | None, weight: float
) -> Detection | None:
    """Return what the rules say alone (`found`), or None where they say nothing, unless another method is much likelier.
    `timeline` is the report's, `weight` that of the rule that says it."""
    seen = sightings(report, timeline, found, weight)
    if not seen:
        return found
    points = _points(default_model().weights, seen)
    odds = likelihoods([*METHODS * len(seen), NOTHING], points)
    best = max(METHODS, key=lambda method: odds[method])
    before = found.method if found else NOTHING
    if best == before or odds[best] <= odds[before] * math.exp(_MARGIN):
        return found
    told = max(range(len(seen)), key=lambda k: (points[k * len(METHODS) + METHODS.index(best)], -k))
    return Detection(best, report.evidence(seen[told].start, seen[told].end, default_model().rule))


def _points(weights: Mapping[str, float], seen: Sequence[Sighting]) -> list[float]:
    """Return the points of the `alternatives`, without putting them together: most features of a sentence are the same for all
    methods."""
    points = []
    for one in seen:
        shared = weighed(weights, one.shared)
        points += [shared + weighed(weights, one.own[method]) for method in METHODS]
    return [*points, weighed(weights, _nothing(seen))]


def likelihoods(methods: Sequence[str], points: Sequence[float]) -> dict[str, float]:
    """Return the probability of each method, and of `NOTHING`, from the method of each alternative and its points."""
    found = dict.fromkeys((*METHODS, NOTHING), 0.0)
    for method, chance in zip(methods, softmax(points), strict=True):
        found[method] += chance
    return found


def alternatives(seen: Sequence[Sighting]) -> list[tuple[str, dict[str, float]]]:
    """Return the alternatives with their features: each sentence with each method in the order of `METHODS`, then `NOTHING`."""
    pairs: list[tuple[str, dict[str, float]]] = [
        (method, {**one.shared, **one.own[method]}) for one in seen for method in METHODS
    ]
    return [*pairs, (NOTHING, _nothing(seen))]


def _nothing(seen: Sequence[Sighting]) -> dict[str, float]:
    """Return the features of silence."""
    return {"nothing": 1.0, "nothing.says": max((one.shared["says"] for one in seen), default=_logit(0.0))}


def sightings(
    report: Report, timeline: Sequence[Entry], found: Detection | None, weight: float
) -> list[Sighting]:
    """Return the sentences that may say how it was noticed, in text order. `timeline` is the report's, `found` what the rules
    say alone, `weight` that of the one that does."""
    read = []
    for told in islice((told for passage in report.account.passages for told in passage.sentences), _MOST):
        heard = noticing.heard(untimed(report, told))
        if _worded(heard.text):
            read.append(_Read(told, heard, named(report, told.zone)))
    if not read:
        return []
    model = noticing.default_model()
    nothing, columns = model.classes.index(NOTHING), [model.classes.index(method) for method in METHODS]
    rows = noticing.chances([one.heard for one in read]).tolist()
    says = [1.0 - row[nothing] for row in rows]
    most = _logit(max(says))
    role = roles.default_model().classes.index(_NAMED)
    reading = roles.reading(report)
    likely = {
        told.start: _logit(odds[role]) for told, odds in zip(reading.sentences, reading.odds, strict=True)
    }
    ruled = _holding(read, found)
    kept = _kept(read, says, ruled)
    first = next((n for n, entry in enumerate(timeline) if entry.phase == _NAMED), None)
    anywhere = any(one.named for one in read)
    seen = []
    before, matched, begun = 0.0, 0, set()
    for number, (one, row, said) in enumerate(zip(read, rows, says, strict=True)):
        opens = one.told.zone.key not in begun
        begun.add(one.told.zone.key)
        if number in kept:
            shared = _shared(one, said, most, likely)
            shared |= {"order": math.log1p(number), "share": number / len(read)}
            shared |= {"before": math.log1p(before), "matched.before": float(min(matched, 4))}
            if one.named:
                shared |= {"named": 1.0, "named.first": float(opens)}
            elif anywhere:
                shared["elsewhere"] = 1.0
            entry = _entry(timeline, one.told)
            if entry is not None:
                shared |= {"entry": 1.0, f"entry{min(entry, _ENTRIES)}": 1.0}
                shared |= {f"phase={timeline[entry].phase}": 1.0, "phase.first": float(entry == first)}
            detects = entry is not None and timeline[entry].phase == _NAMED
            own: dict[str, dict[str, float]] = {}
            for method, column in zip(METHODS, columns, strict=True):
                share = row[column] / said if said else 0.0
                own[method] = _own(method, share, row[column], one.heard.weights)
                if one.named and "own>=1" in own[method]:
                    own[method]["named.own"] = 1.0
                if detects and "own>=2" in own[method]:
                    own[method]["detects.own"] = 1.0
                if found and number == ruled:
                    believed = {"ruled": 1.0, f"ruled={int(weight)}": 1.0}
                    own[method] |= believed if method == found.method else {"ruled.other": 1.0}
            seen.append(Sighting(one.told.start, one.told.end, shared, own))
        before += said
        matched += _matched(one)
    return seen


def _holding(read: Sequence[_Read], found: Detection | None) -> int | None:
    """Return the number of the sentence in which the rules found it."""
    if found is None:
        return None
    at = found.evidence.start
    return next((n for n, one in enumerate(read) if one.told.start <= at < one.told.end), None)


def _kept(read: Sequence[_Read], says: Sequence[float], ruled: int | None) -> set[int]:
    """Return the numbers of the sentences that are weighed."""

    def rank(number: int) -> float:
        one = read[number]
        return -says[number] - _matched(one) - 0.5 * one.named - 3.0 * (number == ruled)

    return {*sorted(range(len(read)), key=rank)[:_WEIGHED]}


def _matched(one: _Read) -> bool:
    """Does a rule match that counts outside of what is labelled?"""
    return max(one.heard.weights.values(), default=0.0) >= TELLING


def untimed(report: Report, told: Told) -> str:
    """Return a sentence without the times in it."""
    start, end = told.start, min(told.end, told.start + noticing.LONGEST)
    low = report.account.lowered[start:end]
    for mention in report.mentions_between(start, end):
        low = low[: mention.start - start] + " " * (mention.end - mention.start) + low[mention.end - start :]
    return " ".join(low.split())


def _worded(text: str) -> bool:
    return sum(len(word) >= _FEWEST_LETTERS and word.isalpha() for word in text.split()) >= _FEWEST_WORDS


def _shared(one: _Read, said: float, most: float, likely: Mapping[int, float]) -> dict[str, float]:
    """Return the features of a sentence that do not hang on the method: what it says, its role, its section."""
    role = likely.get(one.told.start)
    found = {"says": _logit(said), "says.p": said, "says-most": _logit(said) - most}
    found |= {"role": _UNREAD, "unread": 1.0} if role is None else {"role": role}
    found |= {f"s={name}": 1.0 for name in _PLACES if name in one.told.zone.names}
    if one.heard.denied:
        found["denied"] = 1.0
    if _matched(one):
        found["matched"] = 1.0
    return found


def _own(method: str, share: float, chance: float, weights: Mapping[str, float]) -> dict[str, float]:
    """Return what speaks for one method: `share` is its part of the probability that the sentence says anything of it, `chance`
    its probability, `weights` are the strongest rule of each method."""
    mine = weights.get(method, 0.0)
    other = max((weight for name, weight in weights.items() if name != method), default=0.0)
    found = {f"m={method}": 1.0, "share.logit": _logit(share), "chance": chance}
    found["chance.log"] = math.log(chance + _EDGE)
    found |= {f"own>={least:g}": 1.0 for least in _WEIGHTS if mine >= least}
    if mine >= TELLING and mine > other:
        found["own.most"] = 1.0
    if other >= TELLING and other > mine:
        found["other.most"] = 1.0
    return found


def named(report: Report, zone: Zone) -> bool:
    """Is a field or section named after the detection?"""
    return _NAMED in zone.names or (zone.key[1] >= 0 and labelled(report.document.fields[zone.key[1]].label))


def _entry(timeline: Sequence[Entry], told: Told) -> int | None:
    """Return the number of the entry that a sentence begins in, or that begins in it."""
    for number, entry in enumerate(timeline):
        start, end = entry.evidence.start, entry.evidence.end
        if start <= told.start < end or told.start <= start < told.end:
            return number
    return None


def _logit(p: float) -> float:
    return math.log((p + _EDGE) / (1.0 - p + _EDGE))


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("detection")
