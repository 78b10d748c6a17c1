"""Which sentence or timeline entry tells what set an incident off, and which how it was ended: a choice among all of them.

Nobody has words for every event and every repair. What each sentence and entry has is weighed instead: how likely it has that
role by its words and by what surrounds it, which phase it would be in a timeline, where it stands and how its moment lies beside
the outage, its words, which rules of the vocabulary it matches. What that is worth was learnt from annotated reports
(``models/trigger``, ``models/resolution``; a conditional logit, see `postmortem.extract.cause_choice`). That a report tells none
is one of the things to choose.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from postmortem.account import Told
from postmortem.extract import roles
from postmortem.extract.cause_places import WORD
from postmortem.extract.choosing import MOST_OTHERS, together
from postmortem.extract.event_surroundings import beside, beside_window, timed
from postmortem.extract.phased import phased, phases_of
from postmortem.extract.statements import after_stamp, words_in
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.features import words
from postmortem.learned.linear import softmax
from postmortem.learned.packaged import choice_model
from postmortem.matching import rules_of
from postmortem.nlp import Zone
from postmortem.record import Entry, Outage
from postmortem.report import Report

TRIGGER: Final = "trigger"
RESOLUTION: Final = "resolution"

# From which probability on a statement is made: half of the share of statements that are right, which is where leaving one out
# costs as much as it saves.
_LEAST: Final = 0.25
# How an incident was ended must be likelier by half than that nothing is said of it.
_SURER: Final = 1.5
# Words of a statement of several sentences.
_ROOM: Final = 60
# A step is told by a sentence that has its role with this probability, or whose likeliest phase is one of these.
_ROLE: Final = 0.1
_STEPS: Final = ("mitigation", "resolution")
# From this weight on a rule says that a step came to nothing.
_FAILED: Final = 5.0
_MOST_ENTRIES: Final = 300
# An entry and a sentence are one thing where they share this much of the shorter.
_SHARED: Final = 0.5
_UNKNOWN: Final = Outage()
_NARRATED: Final = "timeline.narrated"
# Words read of one sentence.
_MOST_WORDS: Final = 80
# What a probability of 0 and one of 1 are taken for.
_EDGE: Final = 1e-3
_PARTS: Final = 4
_LENGTHS: Final = (5, 13, 25, 45)
_NOTICED: Final = frozenset({"detection", "impact"})
_SIGNALS: Final = ("first", "field", "stamp")

Features = dict[str, float]


class Thing(NamedTuple):
    """A sentence of the account (`number` is its number there), or an entry of the timeline that is none (`number` is None);
    `entries` are the numbers of the entries that it tells."""

    told: Told
    number: int | None
    entries: tuple[int, ...]


class Scene(NamedTuple):
    """What there is to choose from in a report, with the features that do not hang on what is chosen, the likeliest phase of each
    thing and the number of its words; `timeline` is the report's."""

    report: Report
    timeline: Sequence[Entry]
    things: list[Thing]
    shared: list[Features]
    likeliest: list[str]
    words: list[int]


def scene(report: Report, timeline: Sequence[Entry], window: Outage = _UNKNOWN) -> Scene:
    """Return what there is to choose from, worked out once for the trigger and the resolution; `window` is the outage's."""
    found = things(report, timeline)
    if not found:
        return Scene(report, timeline, [], [], [], [])
    reading = roles.reading(report)
    known = [f"p={role}" for role in roles.default_model().classes]
    order = sorted(range(len(found)), key=lambda i: found[i].told.start)
    place = {i: number for number, i in enumerate(order)}
    tracks = _tracks(timeline)
    shared, likeliest = _phased(report, found)
    for i, (thing, own) in enumerate(zip(found, shared, strict=True)):
        own |= dict.fromkeys([WORD + word for word in words(thing.told.text)[:_MOST_WORDS]], 1.0)
        own |= _placed(thing.told, place[i], len(found))
        own |= beside_window(timed(report, timeline, thing.told, thing.entries), window)
        own["refused"] = float(thing.told.says("cause", "refuse"))
        own["noticed"] = float(thing.told.says("milestones", "noticed"))
        if thing.number is None:
            own["entry.alone"] = 1.0
        else:
            own |= zip(known, reading.odds[thing.number], strict=True)
            own |= {signal: 1.0 for signal in _SIGNALS if signal in reading.signals[thing.number]}
        if thing.entries:
            own |= _entered(timeline, thing.entries, tracks)
    ordered = [found[i].told for i in order]
    for i, own in zip(order, [*beside(ordered, [shared[i] for i in order])], strict=True):
        shared[i] |= own
    lengths = [words_in(report.document.plain, told.start, told.end) for told, _, _ in found]
    return Scene(report, timeline, found, shared, likeliest, lengths)


def chosen(scene: Scene, name: str, *, most_others: int = MOST_OTHERS) -> list[Told]:
    """Return the sentences and entries that tell of the trigger or of the resolution (`name`), in text order: the likeliest, and
    up to `most_others` others that are nearly as likely. None where the report likely tells of none."""
    found = scene.things
    if not found:
        return []
    seen = features(scene, name)
    points = default_model(name).points(seen)
    free = [i for i, likeliest in enumerate(scene.likeliest) if _may_be(name, seen[i], likeliest)]
    taken = together(points, scene.words, free, _ROOM, most_others=most_others)
    odds = softmax(points)
    told = sum(odds[i] for i in taken)
    if told < _LEAST or (name == RESOLUTION and told < _SURER * odds[-1]):
        return []
    return sorted(found[i].told for i in taken)


def things(report: Report, timeline: Sequence[Entry]) -> list[Thing]:
    """Return what there is to choose from: the sentences of the account, then the entries that tell none of them."""
    sentences = roles.reading(report).sentences
    starts = [told.start for told in sentences]
    entries: list[list[int]] = [[] for _ in sentences]
    alone: dict[Told, list[int]] = {}
    for number, entry in enumerate(timeline[:_MOST_ENTRIES]):
        start, end = after_stamp(report.document, entry)
        told = _sharing(sentences, bisect_left(starts, end), start, end)
        for i in told:
            entries[i].append(number)
        if not told:
            alone.setdefault(_sentence_of(report, entry, start, end), []).append(number)
    return [
        *(Thing(told, i, tuple(entries[i])) for i, told in enumerate(sentences)),
        *(Thing(told, None, tuple(numbers)) for told, numbers in alone.items()),
    ]


def _sharing(sentences: Sequence[Told], behind: int, start: int, end: int) -> list[int]:
    """Return the numbers of the sentences before number `behind` that are one thing with source characters `start:end`."""
    found = []
    for i in range(behind - 1, -1, -1):
        told = sentences[i]
        if told.end <= start:
            break
        shared = min(end, told.end) - max(start, told.start)
        if shared > _SHARED * min(end - start, told.end - told.start):
            found.append(i)
    return found


def _sentence_of(report: Report, entry: Entry, start: int, end: int) -> Told:
    """Return the text of an entry as a sentence: where it is told in the midst of one, that whole sentence."""
    if entry.evidence.rule == _NARRATED:
        around = report.account.sentence_at(start)
        if around is not None and around.end >= end:
            return around
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    zone = Zone(start, end, frozenset(), (-2, 0))
    return Told(start, end, report.account.text(start, end), passed, zone, start, end)


def features(scene: Scene, name: str) -> list[Features]:
    """Return the features of each thing that may tell of `name`, and as the last those of the report's telling none."""
    sentences, rows, _ = roles.reading(scene.report)
    column = roles.default_model().classes.index(name)
    likely = [row[column] for row in rows]
    most = max(likely, default=0.0)
    of_zone: dict[tuple[int, int], float] = {}
    for told, odds in zip(sentences, likely, strict=True):
        of_zone[told.zone.key] = max(of_zone.get(told.zone.key, 0.0), odds)
    seen = []
    for thing, shared in zip(scene.things, scene.shared, strict=True):
        own = shared | _matched(thing.told, name)
        own["named"] = float(name in thing.told.zone.names)
        if thing.number is not None:
            odds = likely[thing.number]
            own["logit"] = _logit(odds)
            own["p-report"] = odds - most
            own["p-zone"] = odds - of_zone[thing.told.zone.key]
        seen.append(own)
    none = {"none": 1.0, "none.logit": _logit(most)}
    none["none.unnamed"] = float(not any(name in thing.told.zone.names for thing in scene.things))
    none["none.timeline"] = float(bool(scene.timeline))
    none["none.phase"] = float(any(entry.phase == name for entry in scene.timeline))
    return [*seen, none]


def _logit(p: float) -> float:
    return math.log((p + _EDGE) / (1 - p + _EDGE))


def _placed(told: Told, number: int, most: int) -> Features:
    """Return where a thing stands that is number `number` of `most`, and how long it is."""
    own = {f"s={section}": 1.0 for section in sorted(told.zone.names)}
    own["place"] = number / max(most - 1, 1)
    own[f"q={number * _PARTS // most}"] = 1.0
    if most >= _PARTS:
        own["opens"], own["closes"] = float(number == 0), float(number == most - 1)
    own[f"l={bisect_left(_LENGTHS, told.text.count(' ') + 1)}"] = 1.0
    own["asks"] = float(told.text.endswith("?"))
    return own


def _phased(report: Report, found: Sequence[Thing]) -> tuple[list[Features], list[str]]:
    """Return how likely each phase is for each thing, were it an entry of a timeline (logarithms), and the likeliest phases."""
    told = phased(report)
    alone = phases_of([thing.told.text for thing in found[len(told.odds) :]])
    return [dict(row) for row in (*told.odds, *alone.odds)], [*told.likeliest, *alone.likeliest]


def _may_be(name: str, own: Mapping[str, float], likeliest: str) -> bool:
    """May a sentence tell of the trigger (no rule speaks against it) or of the resolution (it tells a step, none that failed)?"""
    if name == TRIGGER:
        return "h=against" not in own
    return own.get("w=against", 0.0) < _FAILED and (
        own.get(f"p={RESOLUTION}", 0.0) > _ROLE
        or likeliest in _STEPS
        or any(f"e={step}" in own for step in _STEPS)
    )


def _matched(told: Told, name: str) -> Features:
    """Return which rules of the vocabulary match, by their roles, with the greatest weight of each."""
    own: Features = {}
    for one, _ in rules_of(name).hits(told.text, told.passed):
        role, weight = one.rule.values["role"], float(one.rule.values.get("weight", 0.0))
        own[f"h={role}"] = 1.0
        own[f"w={role}"] = max(own.get(f"w={role}", 0.0), weight)
    return own


class _Tracks(NamedTuple):
    """The numbers of entries that others are told apart by; -1, or the number of all, where there is none."""

    noticed: int
    last_step: int
    first_end: int
    last_end: int


def _tracks(timeline: Sequence[Entry]) -> _Tracks:
    steps = [i for i, entry in enumerate(timeline) if entry.phase == "mitigation"]
    ends = [i for i, entry in enumerate(timeline) if entry.phase == RESOLUTION]
    noticed = next((i for i, entry in enumerate(timeline) if entry.phase in _NOTICED), len(timeline))
    return _Tracks(noticed, max(steps, default=-1), min(ends, default=len(timeline)), max(ends, default=-1))


def _entered(timeline: Sequence[Entry], entries: Sequence[int], tracks: _Tracks) -> Features:
    """Return what the timeline says of a thing that tells some of its entries."""
    first, last, end = entries[0], entries[-1], len(timeline) - 1
    own = {f"e={timeline[i].phase}": 1.0 for i in entries}
    if first:
        own[f"before={timeline[first - 1].phase}"] = 1.0
    if last < end:
        own[f"after={timeline[last + 1].phase}"] = 1.0
    followed = any(
        timeline[i].phase == "mitigation" and i < end and timeline[i + 1].phase == RESOLUTION for i in entries
    )
    return own | {
        "entry": 1.0,
        "entry.first": float(first == 0),
        "entry.last": float(last == end),
        "entry.place": first / max(end, 1),
        "until-noticed": float(first <= tracks.noticed),
        "noticed-next": float(first == tracks.noticed - 1),
        "noticed-here": float(first == tracks.noticed),
        "last-step": float(tracks.last_step in entries),
        "last-end": float(tracks.last_end in entries),
        "first-end": float(tracks.first_end in entries),
        "ended-next": float(followed),
        "after-end": float(first > tracks.last_end >= 0),
    }


def default_model(name: str) -> ChoiceModel:
    """Return the model that came with the package, ``"trigger"`` or ``"resolution"``, or what stands in for it."""
    return choice_model(name)
