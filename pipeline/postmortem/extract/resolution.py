"""Resolution: the report's own sentences that say how the incident was ended, and by what kind of step.

Sentences are weighed by what they say (``vocabulary/resolution.toml``) and where they stand: a resolution field or section first,
then the timeline's step that worked and sentences elsewhere that say plainly what ended it. Where no step is told so, it is the
sentence that likely tells of it by what surrounds it (`postmortem.extract.roles`), or the timeline's last mitigation. A plan, a
failed attempt or an investigation is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple, cast

from postmortem.account import Account, Told
from postmortem.extract import roles
from postmortem.extract.statements import MOST_WORDS, after_stamp, shortened, words_in
from postmortem.matching import rules_of
from postmortem.nlp import Zone
from postmortem.record import Entry, Resolution, ResolutionKind
from postmortem.report import Report

# Sentences beyond the best one are added while the statement is shorter than this.
_ENOUGH_WORDS: Final = 60
# From which probability on a sentence tells what ended it for what surrounds it.
_LIKELY: Final = 0.5
_NAMED: Final = 2.0
_FIRST: Final = 0.5
_LEAST_NAMED: Final = 2.5
_LEAST_ELSEWHERE: Final = 5.5
_LEAST_CLOSING: Final = 2.5
# "Resolved by" with no step that is known; "restored" alone names no step.
_BY: Final = 4.0
_ENTRY: Final = 2.5
_LAST_STEP: Final = 2.0
# A step of the timeline that is of no known kind.
_UNNAMED: Final = 2.5
_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")
_FEW: Final = 3
# What the next sentence says ("After that printing worked again.") counts a little less than what the sentence itself does.
_NEXT: Final = 2.5
_NO_STEP: Final = frozenset(
    {
        "false_lead",
        "detection",
        "trigger",
        "communication",
        "follow_up",
        "escalation",
        "impact",
        "investigation",
        "diagnosis",
    }
)
# A phase that the model gives to many a step; its words tell better.
_MISTAKEN: Final = frozenset({"communication"})
_CLOSED: Final = frozenset(
    {"actions", "lessons", "appendix", "metadata", "contributing_factors", "title", "timeline"}
)
_ANNOUNCED: Final = frozenset({"communication"})
# Rules that say a step or that it worked.
_TELLING: Final = ("kind", "worked")
# In the order in which an equal score is decided: a restart mostly goes with a change that did it.
_KINDS: Final = (
    "rollback",
    "failover",
    "scale",
    "vendor",
    "self",
    "configuration",
    "fix",
    "restart",
    "other",
)


class _Candidate(NamedTuple):
    start: int
    end: int
    key: tuple[int, int]
    points: float
    rule: str
    worked: float
    kinds: tuple[tuple[str, float], ...]


def resolution(report: Report, timeline: tuple[Entry, ...]) -> Resolution | None:
    """Return how the incident was ended in the report's own sentences, at most 80 words, or None where it does not say.

    `timeline` is the report's, in order. `kind` is None where the sentences name no kind of step.
    """
    told = report.account
    found = [c for c in _in_section(told) if c.points >= _LEAST_NAMED]
    if not any(c.kinds for c in found):
        elsewhere = [*_elsewhere(told), *_entries(report, told, timeline)]
        telling = [
            c
            for c in elsewhere
            if (c.kinds or c.worked >= _BY or c.rule == "resolution.phase") and c.points >= _LEAST_ELSEWHERE
        ]
        ending = [] if found else [c for c in elsewhere if c.worked and c.points >= _LEAST_CLOSING]
        best = max(telling or ending, key=lambda c: (c.points, -c.start), default=None)
        found = [best] if best is not None else found
    found = [c for c in found if c.kinds or c.worked] or found
    if not found:
        found = _last_step(report, told, timeline) or _likely(report)
    if not found:
        return None
    chosen = _choose(report, found)
    evidence = tuple(report.evidence(c.start, c.end, c.rule) for c in chosen)
    return Resolution(" ".join(" ".join(e.text.split()) for e in evidence), _kind(chosen), evidence)


def _likely(report: Report) -> list[_Candidate]:
    """Return the sentence that likeliest tells what ended it for what surrounds it."""
    sentence, odds = max(roles.told(report, "resolution"), key=itemgetter(1), default=(None, 0.0))
    if sentence is None or odds < _LIKELY:
        return []
    return _unsaid(sentence, roles.default_model().rule)


def _last_step(report: Report, told: Account, timeline: Sequence[Entry]) -> list[_Candidate]:
    """Return the timeline's last mitigation, if it has one."""
    last = max((i for i, entry in enumerate(timeline) if entry.phase == "mitigation"), default=None)
    if last is None:
        return []
    return _unsaid(_sentence_of(report, told, timeline[last], last), "resolution.phase")


def _unsaid(sentence: Told, rule: str) -> list[_Candidate]:
    """Return a sentence as what ended it that does not say so itself, unless it speaks against it."""
    found = _weighed(sentence, _LEAST_NAMED)
    if found.points < _LEAST_NAMED:
        return []
    return [found._replace(rule=rule, kinds=found.kinds or _topic(sentence))]


def _topic(sentence: Told) -> tuple[tuple[str, float], ...]:
    """Return the kind of step that a sentence which names none is likely about."""
    topic = rules_of("resolution", "topic").first(sentence.text, sentence.passed)
    return ((str(topic.rule.values["kind"]), 0.0),) if topic else ()


def _sentence_of(report: Report, told: Account, entry: Entry, number: int) -> Told:
    """Return the text of a timeline's entry as a sentence."""
    start, end = after_stamp(report.document, entry)
    passed = told.passed(entry.evidence.start, entry.evidence.end)
    zone = Zone(start, end, frozenset(), (-2, number))
    return Told(start, end, told.text(start, end), passed, zone, start, end)


def _in_section(told: Account) -> Iterator[_Candidate]:
    """Yield the sentences of resolution sections, weighed; the first of each counts a little more, unless the section is about
    the cause as well, which then comes first."""
    opened: set[tuple[int, int]] = set()
    for zone, _, sentences in told.passages:
        if "resolution" in zone.names:
            first = 0.0 if "root_cause" in zone.names else _FIRST
            for sentence in sentences:
                yield _weighed(sentence, _NAMED if zone.key in opened else _NAMED + first)
                opened.add(zone.key)


def _elsewhere(told: Account) -> Iterator[_Candidate]:
    """Yield the sentences of other sections that say that something worked, and those of a step that are followed by one."""
    ends = rules_of("resolution", "worked").bits
    before: Told | None = None
    for zone, passed, sentences in told.passages:
        names = zone.names
        if not passed & ends or "resolution" in names or not names.isdisjoint(_CLOSED) or names == _ANNOUNCED:
            continue
        for sentence in sentences:
            if not sentence.says("resolution", "worked"):
                before = sentence
                continue
            if before is not None and before.zone.key == zone.key:
                step = _weighed(before, _NEXT)
                if step.kinds:
                    yield step
            before = None
            yield _weighed(sentence, 0.0)


def _entries(report: Report, told: Account, timeline: Sequence[Entry]) -> Iterator[_Candidate]:
    """Yield the timeline's steps that may have ended it; the last one before service was restored counts most."""
    telling = rules_of("resolution", *_TELLING).bits
    restored = max((i for i, e in enumerate(timeline) if e.phase == "resolution"), default=len(timeline) - 1)
    found: list[_Candidate] = []
    last = -1
    for i, entry in enumerate(timeline[: restored + 1]):
        if entry.phase in _NO_STEP - _MISTAKEN or (i == 0 and entry.phase != "mitigation"):
            continue
        sentence = _sentence_of(report, told, entry, i)
        if _label_alone(report, sentence):
            continue
        step = entry.phase == "mitigation"
        tells = told.passed(entry.evidence.start, entry.evidence.end) & telling
        candidate = _weighed(sentence, _ENTRY if step or entry.phase == "resolution" else _ENTRY - 1.0)
        if step and not candidate.kinds and not candidate.worked and candidate.points >= _ENTRY:
            candidate = candidate._replace(
                points=_ENTRY + _UNNAMED, rule="resolution.phase", kinds=_topic(sentence)
            )
        elif not tells or (entry.phase in _MISTAKEN and not candidate.kinds):
            continue
        if candidate.points > _ENTRY and (step or candidate.kinds):
            last = len(found)
        found.append(candidate)
    for i, candidate in enumerate(found):
        yield candidate._replace(points=candidate.points + _LAST_STEP) if i == last else candidate


def _label_alone(report: Report, sentence: Told) -> bool:
    """Is an entry no more than a label and its time ("Repaired: 18:30")?"""
    inside = report.mentions_between(sentence.start, sentence.end)
    return (
        bool(inside) and len(_LETTERS.findall(report.document.plain, sentence.start, inside[0].start)) < _FEW
    )


def _weighed(sentence: Told, place: float) -> _Candidate:
    text, passed = sentence.text, sentence.passed
    if not passed & rules_of("resolution", *_TELLING).bits and place < _LEAST_NAMED:
        return _Candidate(
            sentence.start, sentence.end, sentence.zone.key, place, "resolution.stated", 0.0, ()
        )
    kinds = tuple(
        [
            (str(r.rule.values["kind"]), float(r.rule.values["weight"]))
            for r, _ in rules_of("resolution", "kind").hits(text, passed)
        ]
    )
    worked = max(rules_of("resolution", "worked").weights(text, passed), default=0.0)
    against = sum(rules_of("resolution", "against").weights(text, passed))
    strongest = 0.0
    rule = "resolution.worked" if worked else "resolution.stated"
    if kinds:
        strongest = max([weight for _, weight in kinds])
        rule = "resolution." + next(kind for kind, weight in kinds if weight == strongest)
    points = place + strongest + worked - against
    return _Candidate(sentence.start, sentence.end, sentence.zone.key, points, rule, worked, kinds)


def _choose(report: Report, found: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the best candidate and, while there is room, the next best of its section, in text order."""
    plain = report.document.plain
    ranked = sorted(found, key=lambda c: (-c.points, c.start))
    chosen = [_cut(plain, ranked[0])]
    words = words_in(plain, chosen[0].start, chosen[0].end)
    for candidate in ranked[1:]:
        more = words_in(plain, candidate.start, candidate.end)
        if words >= _ENOUGH_WORDS:
            break
        if candidate.key[0] == ranked[0].key[0] and words + more <= MOST_WORDS:
            chosen.append(candidate)
            words += more
    return sorted(chosen, key=lambda c: c.start)


def _cut(plain: str, candidate: _Candidate) -> _Candidate:
    end = shortened(plain, candidate.start, candidate.end)
    return candidate._replace(end=end)


def _kind(chosen: Sequence[_Candidate]) -> ResolutionKind | None:
    """Return the kind that the sentences speak for, each by its points."""
    scores: dict[str, float] = {}
    for candidate in chosen:
        for kind, weight in candidate.kinds:
            scores[kind] = max(scores.get(kind, 0.0), weight + candidate.points)
    if not scores:
        return "other" if any(c.worked >= _BY for c in chosen) else None
    best = max(scores, key=lambda kind: (scores[kind], -_KINDS.index(kind)))
    return cast(ResolutionKind, best)
