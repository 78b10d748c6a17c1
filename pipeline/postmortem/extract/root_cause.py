"""Root cause: the sentences in which the report itself says why it happened.

Sentences are weighed by what they say (``vocabulary/cause.toml``) and by where they stand: a field or section that is named
after the cause first; the summary, the investigation and the rest only where that says nothing. A suspicion, a
denial, a fix or an open question is not a cause.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any, Final

from postmortem import nlp, vocabulary
from postmortem.document import Document
from postmortem.record import RootCause
from postmortem.report import Report

MOST_WORDS: Final = 80
# Neighbours that go on about the cause are added while the statement is shorter than this.
ENOUGH_WORDS: Final = 38

# Sentences of more characters are cut to their 80 words around the cue.
_LONG: Final = 600
_FEWEST_WORDS: Final = 2
_MOST_ZONES: Final = 400
# What each cue but the strongest counts of its weight.
_FURTHER: Final = 0.4
# Points for each "why" that was answered before.
_DEEPER: Final = 0.5
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_GOES_ON: Final = re.compile(
    r"\W{0,3}(?:this|these|that|those|it|they|specifically|in particular|the|as a result)\b", re.I
)
_LEANS: Final = re.compile(r"\W{0,3}(?:this|these|that|those|it|they|which|such)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be the cause: `cued` says so itself, `sound` has no more against it than for it, `named` stands in a
    field or section named after the cause."""

    start: int
    end: int
    key: tuple[int, int]
    words: int
    points: float
    rule: str
    cued: bool
    sound: bool
    named: bool = False


def root_cause(report: Report) -> RootCause | None:
    """Return the report's own statement of why it happened, or None where it states none.

    The evidence is one or a few sentences (or the value of a "Root cause:" field) in text order, at most 80 words together.
    """
    document = report.document
    zones = nlp.zones(document)
    candidates = _candidates(document, [z for z in zones if "root_cause" in z.names], _settings()["named"])
    if max((c.points for c in candidates), default=0.0) < _settings()["sure"]:
        candidates += _candidates(document, _others(document, zones), _settings()["elsewhere"])
    chosen = _choose(document, candidates)
    if not chosen:
        return None
    evidence = tuple(report.evidence(c.start, c.end, c.rule) for c in chosen)
    return RootCause(" ".join(" ".join(e.text.split()) for e in evidence), None, evidence)


def _others(document: Document, zones: Sequence[nlp.Zone]) -> list[nlp.Zone]:
    """Return the zones that are not named after the cause and hold one of its words: a cheap look before the tokenizer."""
    lowered = nlp.lowered(document)
    words = [word for word in _settings()["worth_reading"] if word in lowered]
    others = (zone for zone in zones if "root_cause" not in zone.names)
    return [zone for zone in others if any(lowered.find(word, zone.start, zone.end) >= 0 for word in words)]


def _settings() -> Mapping[str, Any]:
    settings: Mapping[str, Any] = vocabulary.load("cause")["settings"]
    return settings


@cache
def _weights() -> Mapping[str, float]:
    return {cue["id"]: float(cue["weight"]) for cue in nlp.cues("cause")}


def _matches(lowered: str) -> dict[str, list[tuple[vocabulary.Rule, re.Match[str]]]]:
    """Return the rules that match in a text in lower case, with their first matches, by the rules' kinds."""
    found: dict[str, list[tuple[vocabulary.Rule, re.Match[str]]]] = {}
    for rule in nlp.screen("cause").passed(lowered):
        match = nlp.pattern(rule).search(lowered)
        if match:
            found.setdefault(rule.values["kind"], []).append((rule, match))
    return found


def _candidates(
    document: Document, zones: Sequence[nlp.Zone], settings: Mapping[str, Any]
) -> list[_Candidate]:
    found: list[_Candidate] = []
    seen: set[tuple[int, int]] = set()
    bonus: Mapping[str, float] = settings["sections"]
    answers = 0
    for zone in zones[:_MOST_ZONES]:
        phrases = nlp.phrases("cause", document, zone.start, zone.end)
        place = max((bonus.get(name, 0.0) for name in zone.names), default=0.0) + settings["base"]
        if _labelled(document, zone):
            place += settings["labelled"]
        unheard = place + settings["first"] < settings["threshold"]
        if unheard and not phrases and not _announces(document, zone.start, zone.end):
            continue
        asked = False
        for sentence in nlp.sentences(document, zone.start, zone.end):
            if _asks(document, sentence):
                asked = True
                continue
            low = bisect_left(phrases, sentence.start, key=attrgetter("start"))
            cues = phrases[low : bisect_left(phrases, sentence.end, low, key=attrgetter("start"))]
            points, asked = place + settings["asked"] * asked, False
            if (
                unheard
                and not cues
                and points == place
                and not _announces(document, sentence.start, sentence.end)
            ):
                seen.add(zone.key)
                continue
            candidate = _weighed(document, sentence, cues, zone.key)
            if candidate is None:
                continue
            if points > place:
                # Of several questions asked one after the other, the last goes deepest.
                points, answers = points + _DEEPER * answers, answers + 1
            if zone.key not in seen:
                points += settings["first"]
                seen.add(zone.key)
            candidate = replace(candidate, points=candidate.points + points, named="root_cause" in zone.names)
            if candidate.points >= settings["threshold"]:
                found.append(candidate)
    return found


def _announces(document: Document, start: int, end: int) -> bool:
    """May a label or a question stand there, which can make a cause of a sentence without a cue?"""
    lowered = nlp.lowered(document)
    return any(lowered.find(word, start, end) >= 0 for word in _settings()["announcing"])


def _asks(document: Document, sentence: nlp.Sentence) -> bool:
    """Does a sentence ask why it happened?"""
    if document.plain.find("?", max(sentence.end - 3, sentence.start), sentence.end) < 0:
        return False
    text = nlp.lower(nlp.folded(document.plain[max(sentence.end - _LONG, sentence.start) : sentence.end]))
    return "asked" in _matches(text)


def _labelled(document: Document, zone: nlp.Zone) -> bool:
    """Is the zone the value of a field that is itself named after the cause?"""
    return zone.key[1] >= 0 and "root_cause" in document.fields[zone.key[1]].names


def _weighed(
    document: Document, sentence: nlp.Sentence, cues: Sequence[nlp.Phrase], key: tuple[int, int]
) -> _Candidate | None:
    """Return a sentence with the points for what it says, or None where it cannot be a cause."""
    weights = _weights()
    ranked = sorted({cue.id for cue in cues}, key=lambda id: (-weights[id], id))
    start, end = sentence.start, sentence.end
    if end - start > _LONG:
        start, end = _clipped(document, sentence, [cue for cue in cues if cue.id in ranked[:1]])
    text = nlp.folded(document.plain[start:end])
    words = sum(1 for _ in _WORD.finditer(text))
    matches = _matches(nlp.lower(text))
    if words < _FEWEST_WORDS or "refuse" in matches:
        return None
    said = sum(weights[id] * (1.0 if i == 0 else _FURTHER) for i, id in enumerate(ranked))
    name = ranked[0] if ranked else "cause.stated"
    for rule, match in matches.get("label", ()):
        start += nlp.unfolded(document.plain[start:end], match.end())
        said, name = said + float(rule.values["weight"]), rule.id
    against = sum(float(rule.values["weight"]) for rule, _ in matches.get("against", ()))
    cued = said > max(against, 0.0)
    return _Candidate(start, end, key, words, said - against, name, cued, said >= against)


def _clipped(document: Document, sentence: nlp.Sentence, cues: Sequence[nlp.Phrase]) -> tuple[int, int]:
    """Return at most 80 words of a run-on sentence: from its start, or from some words before its strongest cue."""
    start = sentence.start
    if cues and cues[0].start - start > _LONG // 2:
        start = cues[0].start - _LONG // 4
        start = document.plain.find(" ", start, cues[0].start) + 1 or cues[0].start
    end = start
    for count, word in enumerate(_WORD.finditer(document.plain, start, min(sentence.end, start + 4 * _LONG))):
        if count >= MOST_WORDS:
            break
        end = word.end()
    return start, end


def _choose(document: Document, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return the best candidate with the neighbours that belong to it, in text order; all of a short section named so."""
    if not candidates:
        return []
    best = max(range(len(candidates)), key=lambda i: (candidates[i].points, -i))
    first = last = best
    words = candidates[best].words
    together = [c for c in candidates if c.key == candidates[best].key and c.sound]
    if candidates[best].named and sum(c.words for c in together) <= ENOUGH_WORDS:
        return together
    while first > 0 and _LEANS.match(document.plain, candidates[first].start):
        before = candidates[first - 1]
        if before.key != candidates[best].key or words + before.words > ENOUGH_WORDS:
            break
        first, words = first - 1, words + before.words
    while last + 1 < len(candidates):
        after = candidates[last + 1]
        joins = after.cued or (after.named and after.sound) or _GOES_ON.match(document.plain, after.start)
        if after.key != candidates[best].key or not joins or words + after.words > ENOUGH_WORDS:
            break
        last, words = last + 1, words + after.words
    return list(candidates[first : last + 1])
