"""Trigger: the event that set the incident off, apart from the cause that lay behind it.

What a trigger field or section says counts first; then a sentence that says so ("triggered by …", "began after …", "a deployment
… caused …"), one that opens the account with an event and its date, or is followed by "minutes later …", and the entry of the
timeline at which it began. An event needs a word of the vocabulary (``vocabulary/trigger.toml``). Where none is said to have
set it off, it is the timeline's entry of that phase, or the sentence that is likely to tell of it by what surrounds it
(`postmortem.extract.roles`); else there is no trigger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Final

from postmortem.account import Account, Told
from postmortem.extract import roles
from postmortem.extract.statements import after_stamp, shortened
from postmortem.matching import rules_of
from postmortem.nlp import Zone
from postmortem.record import Entry, RootCause, Statement
from postmortem.report import Report

UNKNOWN: Final = "unknown"
# How far an event may stand from the words that make it the trigger, in characters.
_REACH: Final = 110
_LEAST: Final = 6.0
_FIRST_ENTRIES: Final = 3
_TRIGGER: Final = "trigger"
# From which probability on a sentence tells of the trigger for what surrounds it.
_LIKELY: Final = 0.3
_ENTRY: Final = 3.5
_OPENING: Final = 60
_BEGINNING: Final = frozenset({"trigger", "impact", "other", "mitigation"})
_PLACES: Final = {
    "root_cause": 1.5,
    "summary": 1.0,
    "title": 0.5,
    "background": 0.5,
    "contributing_factors": 0.5,
    "impact": 0.5,
}
_OF_CAUSE: Final = 1.0
_HARMLESS: Final = 2.0
# Events that a cause may itself be, and where in a statement of the cause they then stand.
_CAUSES: Final = frozenset({"attack", "hardware_event", "expiry", "traffic_change", "dependency_event"})
# Those that may be the subject of the very statement of the cause.
_ACTS: Final = frozenset({"maintenance", "migration", "manual_action", "failover"})
_CAUSE: Final = 2.5
_SUBJECT: Final = 24
# An account opens with the event (its first sentences, dated); what came of it follows in the next sentence.
_ACCOUNTS: Final = frozenset({"summary", "background"})
_OPENING_SENTENCES: Final = 2
_FULL_STOP: Final = frozenset(".!?")
_OPENS: Final = 3.5
_FOLLOWED: Final = 4.0
_BREAK: Final = re.compile(r"[;:]")
_CLOSED: Final = frozenset(
    {
        "actions",
        "lessons",
        "appendix",
        "metadata",
        "communication",
        "resolution",
        "timeline",
        "investigation",
        "detection",
    }
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    kind: str
    points: float
    rule: str


def trigger(report: Report, timeline: tuple[Entry, ...], root_cause: RootCause | None) -> Statement | None:
    """Return the event that set the incident off, in the report's words (at most 80), or None where none is said.

    `timeline` are the report's entries in order; `root_cause` is its stated cause, whose sentences count a little more. `kind`
    is one of the closed vocabulary, ``"unknown"`` where a trigger is named that fits none.
    """
    told = report.account
    named = _named(told)
    found = (
        (named,)
        if named
        else (*_stated(told, root_cause), *_narrated(report, told), *_entered(report, told, timeline))
    )
    best = max((c for c in found if c.points >= _LEAST), key=lambda c: (c.points, -c.start), default=None)
    best = best or _phased(report, told, timeline) or _likely(report) or _of_cause(told, root_cause)
    if best is None:
        return None
    end = shortened(report.document.plain, best.start, best.end)
    return Statement(
        best.kind, report.document.quote(best.start, end), report.evidence(best.start, end, best.rule)
    )


@cache
def _cause_bits() -> int:
    """Return the bits of the events that a cause may be."""
    return rules_of("trigger", "event").where(lambda rule: rule.values["kind"] in _CAUSES | _ACTS).bits


def _named(told: Account) -> _Candidate | None:
    """Return what a trigger field or section says: its first sentence that names an event, else its first."""
    named = [s for passage in told.passages if "trigger" in passage.zone.names for s in passage.sentences]
    for sentence in named:
        event = _strongest(sentence)
        if event is not None:
            return _Candidate(sentence.start, sentence.end, event[0], _LEAST, "trigger.named")
    return _Candidate(named[0].start, named[0].end, UNKNOWN, _LEAST, "trigger.named") if named else None


def _strongest(sentence: Told) -> tuple[str, int, float] | None:
    """Return kind, place and weight of the sentence's event with the greatest weight; the first of several."""
    events = rules_of("trigger", "event").hits(sentence.text, sentence.passed)
    if not events:
        return None
    rule, match = max(events, key=lambda e: (e[0].rule.values["weight"], -e[1].start()))
    return str(rule.rule.values["kind"]), match.start(), float(rule.rule.values["weight"])


def _closed(zone: Zone) -> bool:
    return not zone.names.isdisjoint(_CLOSED) and "root_cause" not in zone.names


def _worth(told: Account) -> Iterator[Told]:
    """Yield the sentences that may say that an event was the trigger."""
    events, cues = rules_of("trigger", "event").bits, rules_of("trigger", "before", "behind").bits
    for zone, passed, sentences in told.passages:
        if not passed & events:
            continue
        alone = _cause_bits() if "root_cause" in zone.names else 0
        if not passed & (cues | alone) or _closed(zone):
            continue
        for sentence in sentences:
            found = sentence.passed
            if found & alone or (found & events and found & cues):
                yield sentence


def _stated(told: Account, root_cause: RootCause | None) -> Iterator[_Candidate]:
    causes = tuple((e.start, e.end) for e in root_cause.evidence) if root_cause else ()
    for sentence in _worth(told):
        place = max((_PLACES.get(name, 0.0) for name in sentence.zone.names), default=0.0)
        of_cause = any(start < sentence.end and sentence.start < end for start, end in causes)
        place += _OF_CAUSE * of_cause
        found = _weighed(sentence, _CAUSES | _ACTS if of_cause else _CAUSES)
        if found is not None:
            kind, points, rule = found
            yield _Candidate(sentence.start, sentence.end, kind, points + place, rule)


def _narrated(report: Report, told: Account) -> Iterator[_Candidate]:
    """Yield the events that open an account, with their date, and those after which the next sentence tells what came of it."""
    events, sequels = rules_of("trigger", "event").bits, rules_of("trigger", "sequel").bits
    opened: set[int] = set()
    for zone, passed, sentences in told.passages:
        opening = not zone.names.isdisjoint(_ACCOUNTS) and zone.key[0] not in opened
        if report.document.plain[zone.end - 1] in _FULL_STOP:
            opened.add(zone.key[0])
        if not (passed & events and (opening or passed & sequels)):
            continue
        if _closed(zone):
            continue
        for i, sentence in enumerate(sentences):
            start, end, found = sentence.start, sentence.end, sentence.passed
            if not found & events:
                continue
            behind = sentences[i + 1] if i + 1 < len(sentences) else None
            followed = behind is not None and behind.says("trigger", "sequel")
            first = opening and i < _OPENING_SENTENCES and bool(report.mentions_between(start, end))
            if not (followed or first):
                continue
            if not followed and sentence.says("trigger", "harm"):
                continue
            event = _strongest(sentence)
            if event is None or event[1] > _REACH or sentence.says("trigger", "against"):
                continue
            place = max((_PLACES.get(name, 0.0) for name in zone.names), default=0.0)
            points = place + event[2] + (_FOLLOWED if followed else _OPENS)
            rule = "trigger.followed" if followed else "trigger.opening"
            yield _Candidate(start, end, event[0], points, rule)


def _weighed(sentence: Told, causes: frozenset[str]) -> tuple[str, float, str] | None:
    """Return kind, points and rule of the event that the sentence says was the trigger."""
    text, passed = sentence.text, sentence.passed
    cues = rules_of("trigger", "before", "behind").every(text, passed)
    if not cues:
        passed &= _cause_bits() if "root_cause" in sentence.zone.names else 0
    events = rules_of("trigger", "event").hits(text, passed)
    if not events:
        return None
    harm = bool(cues) and sentence.says("trigger", "harm")
    best: tuple[float, int, str, str] | None = None
    for event, at in events:
        if (
            "root_cause" in sentence.zone.names
            and event.rule.values["kind"] in causes
            and at.start() < (_OPENING if event.rule.values["kind"] == "manual_action" else _SUBJECT)
        ):
            nominal = (
                _CAUSE + float(event.rule.values["weight"]),
                0,
                str(event.rule.values["kind"]),
                "trigger.cause",
            )
            best = max(best or nominal, nominal)
        for cue, match in cues:
            gap = (
                at.start() - match.end() if cue.rule.values["role"] == "before" else match.start() - at.end()
            )
            between = text[min(at.end(), match.end()) : max(at.start(), match.start())]
            if not 0 <= gap <= _REACH or _BREAK.search(between):
                continue
            if event.rule.values["kind"] in cue.rule.values.get("kinds", (event.rule.values["kind"],)):
                points = float(cue.rule.values["weight"]) + float(event.rule.values["weight"]) - gap / _REACH
                points -= _HARMLESS if cue.rule.values.get("weak") and not harm else 0.0
                if best is None or (points, -gap) > best[:2]:
                    best = (points, -gap, str(event.rule.values["kind"]), cue.rule.id)
    if best is None:
        return None
    return best[2], best[0] - sum(rules_of("trigger", "against").weights(text, sentence.passed)), best[3]


def _phased(report: Report, told: Account, timeline: tuple[Entry, ...]) -> _Candidate | None:
    """Return the first entry of the timeline whose phase is the trigger and whose words tell of no harm, unless of an event."""
    for entry in timeline:
        if entry.phase == _TRIGGER:
            passed = told.passed(entry.evidence.start, entry.evidence.end)
            sentence = _sentence_of(report, told, entry, passed)
            if _strongest(sentence) is not None or not sentence.says("trigger", "harm"):
                return _unsaid(sentence, "trigger.phase")
    return None


def _of_cause(told: Account, root_cause: RootCause | None) -> _Candidate | None:
    """Return the sentence of the cause that names an event."""
    events = rules_of("trigger", "event")
    for said in root_cause.evidence if root_cause is not None else ():
        for passage in told.passages:
            for sentence in passage.sentences if passage.passed & events.bits else ():
                within = said.start < sentence.end and sentence.start < said.end
                if within and _strongest(sentence) and not sentence.says("trigger", "against"):
                    return _unsaid(sentence, "trigger.of-cause")
    return None


def _likely(report: Report) -> _Candidate | None:
    """Return the sentence that likeliest tells of the trigger for what surrounds it."""
    sentence, odds = max(roles.told(report, _TRIGGER), key=itemgetter(1), default=(None, 0.0))
    if sentence is None or odds < _LIKELY or sentence.says("trigger", "against"):
        return None
    return _unsaid(sentence, roles.default_model().rule)


def _unsaid(sentence: Told, rule: str) -> _Candidate:
    """Return a sentence as the trigger that does not say so itself."""
    event = _strongest(sentence)
    topic = None if event else rules_of("trigger", "topic").first(sentence.text, sentence.passed)
    kind = event[0] if event else str(topic.rule.values["kind"]) if topic else UNKNOWN
    return _Candidate(sentence.start, sentence.end, kind, _LEAST, rule)


def _sentence_of(report: Report, told: Account, entry: Entry, passed: int) -> Told:
    """Return an entry's text as a sentence."""
    start, end = after_stamp(report.document, entry)
    zone = Zone(start, end, frozenset(), (-2, 0))
    return Told(start, end, told.text(start, end), passed, zone, start, end)


def _entered(report: Report, told: Account, timeline: tuple[Entry, ...]) -> Iterator[_Candidate]:
    """Yield the timeline's first entries that name an event, up to the one at which the trouble is noticed."""
    ordered = sorted(timeline, key=lambda e: e.at.iso or "") if all(e.at.iso for e in timeline) else timeline
    for entry in ordered[:_FIRST_ENTRIES]:
        passed = told.passed(entry.evidence.start, entry.evidence.end)
        first = entry is ordered[0]
        if passed & rules_of("trigger", "event").bits and (first or entry.phase in _BEGINNING):
            sentence = _sentence_of(report, told, entry, passed)
            event = _strongest(sentence)
            against = entry.phase not in _BEGINNING and sentence.says("milestones", "noticed")
            if event is not None and not against and not sentence.says("trigger", "against"):
                points = _ENTRY + 3.0 * (entry.phase == _TRIGGER) + 1.5 * (event[1] < _OPENING) + 1.5 * first
                yield _Candidate(sentence.start, sentence.end, event[0], points, "trigger.entry")
        if entry.phase in ("detection", "impact", "investigation"):
            return
