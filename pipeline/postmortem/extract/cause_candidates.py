"""Sentences that may be the report's account of why it happened, each with the points for what it says and where it stands.

What speaks for a sentence, and against it, is vocabulary: ``vocabulary/cause.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from postmortem import nlp, vocabulary
from postmortem.account import Passage, Told
from postmortem.document import Document
from postmortem.matching import rules_of
from postmortem.report import Report
from postmortem.screen import screen

MOST_WORDS: Final = 80
FEWEST_WORDS: Final = 2

# Sentences of more characters are cut to their 80 words around the cue.
_LONG: Final = 600
# What each cue but the strongest counts of its weight.
_FURTHER: Final = 0.4
# Points for each "why" that was answered before.
_DEEPER: Final = 0.5
# The name of the sections and fields that are named after the cause.
_CAUSE: Final = "root_cause"
WORD: Final = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be the cause: `cued` says so itself, `sound` has no more against it than for it, `named` stands in a
    field or section named after the cause, `sets_off` are the points that it loses where it only tells what
    set it off, `answers` that it answers a question."""

    start: int
    end: int
    key: tuple[int, int]
    words: int
    points: float
    rule: str
    cued: bool
    sound: bool
    named: bool
    sets_off: float
    answers: bool = False

    @classmethod
    def by_model(cls, told: Told, name: str) -> Candidate:
        """Return a sentence that a model takes for the cause, whatever its words; `name` is the model's."""
        return cls(
            told.start,
            told.end,
            told.zone.key,
            words_in(told),
            0.0,
            name,
            cued=False,
            sound=True,
            named=_CAUSE in told.zone.names,
            sets_off=0.0,
        )


def words_in(told: Told) -> int:
    """Return how many words a sentence has."""
    return len(WORD.findall(told.text))


def cause_settings() -> Mapping[str, Any]:
    """Return the settings of ``vocabulary/cause.toml``."""
    settings: Mapping[str, Any] = vocabulary.load("cause")["settings"]
    return settings


@cache
def cause_weights() -> Mapping[str, float]:
    """Return the weight of each cue, by its id."""
    return {cue["id"]: float(cue["weight"]) for cue in nlp.cues("cause")}


def weighed(report: Report, passages: Sequence[Passage], settings: Mapping[str, Any]) -> list[Candidate]:
    """Return the sentences of the passages that may be the cause."""
    document, lowered = report.document, report.account.lowered
    found: list[Candidate] = []
    seen: set[tuple[int, int]] = set()
    bonus: Mapping[str, float] = settings["sections"]
    threshold, first, cued = settings["threshold"], settings["first"], screen().rules["cause"]
    least: float = settings["least"]
    answers = 0
    for zone, passed, sentences in passages:
        place = max([bonus.get(name, 0.0) for name in zone.names], default=0.0) + settings["base"]
        if _labelled(document, zone):
            place += settings["labelled"]
        unheard = place + first < threshold
        if unheard and not passed & cued and not _holds(lowered, _announcing(), zone.start, zone.end):
            continue
        cues = [
            _cues(document.plain, sentence, least) if sentence.passed & cued else () for sentence in sentences
        ]
        if unheard and not any(cues) and not _holds(lowered, _announcing(), zone.start, zone.end):
            continue
        asked = False
        for sentence, own in zip(sentences, cues, strict=True):
            if _asks(document, sentence):
                asked = True
                continue
            points, asked = place + settings["asked"] * asked, False
            if (
                unheard
                and not own
                and points == place
                and not _holds(lowered, _announcing(), sentence.start, sentence.end)
            ):
                seen.add(zone.key)
                continue
            candidate = _candidate(document, sentence, own)
            if candidate is None:
                continue
            answer = points > place
            if answer:
                # Of several questions asked one after the other, the last goes deepest.
                points, answers = points + _DEEPER * answers, answers + 1
            if zone.key not in seen:
                points += first
                seen.add(zone.key)
            if candidate.points + points >= threshold:
                found.append(replace(candidate, points=candidate.points + points, answers=answer))
    return found


def _cues(plain: str, sentence: Told, least: float) -> Sequence[nlp.Phrase]:
    """Return the cues of a sentence that stand in its zone; none unless one of them has at least that weight."""
    start, zone = sentence.first, sentence.zone
    cues = [
        nlp.Phrase(id, start + a, start + b)
        for id, a, b in nlp.phrases_in("cause", plain[start : sentence.last])
        if start + a >= zone.start and start + b <= zone.end
    ]
    weights = cause_weights()
    return cues if any(weights[cue.id] >= least for cue in cues) else ()


def _announcing() -> Sequence[str]:
    """Return what a label or a question holds, which can make a cause of a sentence without a cue."""
    announcing: Sequence[str] = cause_settings()["announcing"]
    return announcing


def _holds(lowered: str, words: Sequence[str], start: int, end: int) -> bool:
    """Does one of the words stand at source characters `start:end`?"""
    for word in words:  # noqa: SIM110 (a generator costs more than the looking)
        if lowered.find(word, start, end) >= 0:
            return True
    return False


def _asks(document: Document, sentence: Told) -> bool:
    """Does a sentence ask why it happened?"""
    if document.plain.find("?", max(sentence.end - 3, sentence.start), sentence.end) < 0:
        return False
    text = sentence.text
    if sentence.end - sentence.start > _LONG:
        text = nlp.lower(nlp.folded(document.plain[sentence.end - _LONG : sentence.end]))
    return rules_of("cause", "asked").matched(text, sentence.passed)


def _labelled(document: Document, zone: nlp.Zone) -> bool:
    """Is the zone in the value of a field that is itself named after the cause (not in a paragraph that goes on with it)?"""
    if zone.key[1] < 0:
        return False
    field = document.fields[zone.key[1]]
    return "root_cause" in field.names and zone.start < field.end


def _candidate(document: Document, sentence: Told, cues: Sequence[nlp.Phrase]) -> Candidate | None:
    """Return a sentence with the points for what it says, or None where it cannot be a cause."""
    weights = cause_weights()
    ranked = sorted({cue.id for cue in cues}, key=lambda id: (-weights[id], id))
    start, end, text = sentence.start, sentence.end, sentence.text
    if end - start > _LONG:
        start, end = _clipped(document, sentence, [cue for cue in cues if cue.id in ranked[:1]])
        text = nlp.lower(nlp.folded(document.plain[start:end]))
    words = len(WORD.findall(text))
    if words < FEWEST_WORDS or rules_of("cause", "refuse").matched(text, sentence.passed):
        return None
    said = sum(weights[id] * (1.0 if i == 0 else _FURTHER) for i, id in enumerate(ranked))
    name = ranked[0] if ranked else "cause.stated"
    for one, match in rules_of("cause", "label").hits(text, sentence.passed):
        start += nlp.unfolded(document.plain[start:end], match.end())
        said, name = said + float(one.rule.values["weight"]), one.rule.id
    against = sum(rules_of("cause", "against").weights(text, sentence.passed))
    return Candidate(
        start,
        end,
        sentence.zone.key,
        words,
        said - against,
        name,
        cued=said > max(against, 0.0),
        sound=said >= against,
        named=_CAUSE in sentence.zone.names,
        sets_off=sum(rules_of("cause", "sets_off").weights(text, sentence.passed)),
    )


def _clipped(document: Document, sentence: Told, cues: Sequence[nlp.Phrase]) -> tuple[int, int]:
    """Return at most 80 words of a run-on sentence: from its start, or from some words before its strongest cue."""
    start = sentence.start
    if cues and cues[0].start - start > _LONG // 2:
        start = cues[0].start - _LONG // 4
        start = document.plain.find(" ", start, cues[0].start) + 1 or cues[0].start
    end = start
    for count, word in enumerate(WORD.finditer(document.plain, start, min(sentence.end, start + 4 * _LONG))):
        if count >= MOST_WORDS:
            break
        end = word.end()
    return start, end
