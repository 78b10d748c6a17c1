"""Trigger: the event that set the incident off, apart from the cause that lay behind it.

What a trigger field or section says counts first; then a sentence that says so ("triggered by …", "began after …", "a deployment
… caused …") and the entry of the timeline at which it began. An event needs a word of the vocabulary
(``vocabulary/trigger.toml``); where none is said to have set it off, there is no trigger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from postmortem import nlp
from postmortem.document import Document
from postmortem.extract.statements import (
    Live,
    Told,
    after_stamp,
    by_role,
    live,
    lowered,
    matched,
    matches,
    shortened,
    told,
)
from postmortem.record import Entry, RootCause, Statement
from postmortem.report import Report

UNKNOWN: Final = "unknown"
# How far an event may stand from the words that make it the trigger, in characters.
_REACH: Final = 110
_LEAST: Final = 6.0
_FIRST_ENTRIES: Final = 3
_ENTRY: Final = 3.5
_OPENING: Final = 60
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
_CAUSE: Final = 2.5
_SUBJECT: Final = 24
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
    zones = nlp.zones(report.document)
    live_rules = _Rules.of(report.document)
    named = _named(report, [z for z in zones if "trigger" in z.names], live_rules)
    stated = (*_stated(report, zones, root_cause, live_rules), *_entered(report, timeline, live_rules))
    found = (named,) if named else stated
    best = max((c for c in found if c.points >= _LEAST), key=lambda c: (c.points, -c.start), default=None)
    if best is None:
        return None
    end = shortened(report.document.plain, best.start, best.end)
    return Statement(
        best.kind, report.document.quote(best.start, end), report.evidence(best.start, end, best.rule)
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of which a word stands in the report, by role."""

    events: Live
    cues: Live
    against: Live
    harm: Live

    @classmethod
    def of(cls, document: Document) -> _Rules:
        events, before, behind, against, harm = (
            live(by_role("trigger", "role", role), document)
            for role in ("event", "before", "behind", "against", "harm")
        )
        return cls(events, before + behind, against, harm)

    def worth(self, text: str) -> bool:
        """Can a sentence of the text say that an event was the trigger?"""
        return matched(self.events, text) and matched(self.cues, text)


def _named(report: Report, zones: list[nlp.Zone], live_rules: _Rules) -> _Candidate | None:
    """Return what a trigger field or section says: its first sentence that names an event, else its first."""
    first: Told | None = None
    for sentence in told(report.document, zones, bool):
        event = _strongest(sentence, live_rules)
        if event is not None:
            return _Candidate(sentence.start, sentence.end, event[0], _LEAST, "trigger.named")
        first = first or sentence
    return None if first is None else _Candidate(first.start, first.end, UNKNOWN, _LEAST, "trigger.named")


def _strongest(sentence: Told, live_rules: _Rules) -> tuple[str, int] | None:
    """Return kind and place of the sentence's event with the greatest weight; the first of several."""
    events = list(matches(live_rules.events, sentence.text))
    if not events:
        return None
    rule, match = max(events, key=lambda e: (e[0].rule.values["weight"], -e[1].start()))
    return str(rule.rule.values["kind"]), match.start()


def _stated(
    report: Report, zones: tuple[nlp.Zone, ...], root_cause: RootCause | None, live_rules: _Rules
) -> Iterator[_Candidate]:
    causes = tuple((e.start, e.end) for e in root_cause.evidence) if root_cause else ()
    open_zones = [z for z in zones if not z.names & _CLOSED]
    of_cause = [z for z in open_zones if "root_cause" in z.names]
    others = [z for z in open_zones if "root_cause" not in z.names]
    sentences = (
        *told(report.document, of_cause, lambda text: matched(live_rules.events, text)),
        *told(report.document, others, live_rules.worth),
    )
    for sentence in sentences:
        place = max((_PLACES.get(name, 0.0) for name in sentence.names), default=0.0)
        if any(start < sentence.end and sentence.start < end for start, end in causes):
            place += _OF_CAUSE
        found = _weighed(sentence, live_rules)
        if found is not None:
            kind, points, rule = found
            yield _Candidate(sentence.start, sentence.end, kind, points + place, rule)


def _weighed(sentence: Told, live_rules: _Rules) -> tuple[str, float, str] | None:
    """Return kind, points and rule of the event that the sentence says was the trigger."""
    text = sentence.text
    events = list(matches(live_rules.events, text))
    if not events:
        return None
    cues = [(rule, m) for rule, _ in matches(live_rules.cues, text) for m in rule.pattern.finditer(text)]
    harm = matched(live_rules.harm, text)
    best: tuple[float, int, str, str] | None = None
    for event, at in events:
        if "root_cause" in sentence.names and at.start() < _SUBJECT and event.rule.values["kind"] in _CAUSES:
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
    against = sum(float(rule.rule.values["weight"]) for rule, _ in matches(live_rules.against, text))
    return best[2], best[0] - against, best[3]


def _entered(report: Report, timeline: tuple[Entry, ...], live_rules: _Rules) -> Iterator[_Candidate]:
    """Yield the timeline's first entries that name an event, up to the one at which the trouble is noticed."""
    ordered = sorted(timeline, key=lambda e: e.at.iso or "") if all(e.at.iso for e in timeline) else timeline
    for entry in ordered[:_FIRST_ENTRIES]:
        start, end = after_stamp(report.document, entry)
        sentence = Told(start, end, lowered(report.document.plain[start:end]), frozenset(), (-2, 0))
        event = _strongest(sentence, live_rules)
        against = matched(live_rules.against, sentence.text)
        if event is not None and not against and entry.phase in ("trigger", "impact", "other", "mitigation"):
            points = (
                _ENTRY
                + 3.0 * (entry.phase == "trigger")
                + 1.5 * (event[1] < _OPENING)
                + 1.5 * (entry is ordered[0])
            )
            yield _Candidate(start, end, event[0], points, "trigger.entry")
        if entry.phase in ("detection", "impact", "investigation"):
            return
