"""Root cause: the sentences in which the report itself says why it happened.

Sentences are weighed by what they say (``vocabulary/cause.toml``) and by where they stand: a field or section that is named
after the cause first; the summary, the investigation and the rest only where that says nothing. A suspicion, a
denial, a fix or an open question is not a cause.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Final

from postmortem import nlp, vocabulary
from postmortem.account import Passage, Told
from postmortem.document import Document
from postmortem.extract import roles
from postmortem.record import RootCause
from postmortem.report import Report
from postmortem.screen import Live, by_role, matched, matches, screen

MOST_WORDS: Final = 80
# Neighbours that go on about the cause are added while the statement is shorter than this.
ENOUGH_WORDS: Final = 40

# Sentences of more characters are cut to their 80 words around the cue.
_LONG: Final = 600
_FEWEST_WORDS: Final = 2
# From which probability on a sentence joins the statement for what surrounds it (`postmortem.extract.roles`).
_LIKELY: Final = 0.5
_MOST_ZONES: Final = 400
# What each cue but the strongest counts of its weight.
_FURTHER: Final = 0.4
# Points for each "why" that was answered before.
_DEEPER: Final = 0.5
# What a sentence that says no cause loses where another of a section named after the cause says one.
_SILENT: Final = 1.0
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
    named: bool


def root_cause(report: Report) -> RootCause | None:
    """Return the report's own statement of why it happened, or None where it states none.

    The evidence is one or a few sentences (or the value of a "Root cause:" field) in text order, at most 80 words together.
    """
    document, settings = report.document, _settings()
    named = [passage for passage in report.account.passages if "root_cause" in passage.zone.names]
    candidates = _candidates(report, named[:_MOST_ZONES], settings["named"], ("",))
    if max((c.points for c in candidates), default=0.0) < settings["sure"]:
        others = [passage for passage in report.account.passages if "root_cause" not in passage.zone.names]
        reading = [word for word in settings["worth_reading"] if word in report.account.lowered]
        candidates += _candidates(report, others[:_MOST_ZONES], settings["elsewhere"], reading)
    chosen = _choose(document, candidates)
    if not _is_whole(chosen, candidates):
        chosen = _completed(report, chosen)
    if not chosen:
        return None
    evidence = tuple(report.evidence(c.start, c.end, c.rule) for c in chosen)
    return RootCause(" ".join(" ".join(e.text.split()) for e in evidence), None, evidence)


def _settings() -> Mapping[str, Any]:
    settings: Mapping[str, Any] = vocabulary.load("cause")["settings"]
    return settings


@cache
def _weights() -> Mapping[str, float]:
    return {cue["id"]: float(cue["weight"]) for cue in nlp.cues("cause")}


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules by kind, and the bits that stand for the cues."""

    refuse: Live
    against: Live
    label: Live
    asked: Live
    cues: int


@cache
def _rules() -> _Rules:
    refuse, against, label, asked = (
        by_role("cause", "kind", kind) for kind in ("refuse", "against", "label", "asked")
    )
    return _Rules(refuse, against, label, asked, screen().rules["cause"])


def _candidates(
    report: Report, passages: Sequence[Passage], settings: Mapping[str, Any], reading: Sequence[str]
) -> list[_Candidate]:
    """Return the sentences that may be the cause, of the passages that hold one of the words `reading`."""
    document, lowered = report.document, report.account.lowered
    found: list[_Candidate] = []
    seen: set[tuple[int, int]] = set()
    bonus: Mapping[str, float] = settings["sections"]
    threshold, first, cued = settings["threshold"], settings["first"], _rules().cues
    answers = 0
    for zone, passed, sentences in passages:
        place = max([bonus.get(name, 0.0) for name in zone.names], default=0.0) + settings["base"]
        if _labelled(document, zone):
            place += settings["labelled"]
        unheard = place + first < threshold
        if unheard and not passed & cued and not _holds(lowered, _announcing(), zone.start, zone.end):
            continue
        if not _holds(lowered, reading, zone.start, zone.end):
            continue
        cues = [_cues(document.plain, sentence) if sentence.passed & cued else () for sentence in sentences]
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
            candidate = _weighed(document, sentence, own)
            if candidate is None:
                continue
            if points > place:
                # Of several questions asked one after the other, the last goes deepest.
                points, answers = points + _DEEPER * answers, answers + 1
            if zone.key not in seen:
                points += first
                seen.add(zone.key)
            if candidate.points + points >= threshold:
                found.append(replace(candidate, points=candidate.points + points))
    return found


def _cues(plain: str, sentence: Told) -> list[nlp.Phrase]:
    """Return the cues of a sentence that stand in its zone."""
    start, zone = sentence.first, sentence.zone
    return [
        nlp.Phrase(id, start + a, start + b)
        for id, a, b in nlp.phrases_in("cause", plain[start : sentence.last])
        if start + a >= zone.start and start + b <= zone.end
    ]


def _announcing() -> Sequence[str]:
    """Return what a label or a question holds, which can make a cause of a sentence without a cue."""
    announcing: Sequence[str] = _settings()["announcing"]
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
    return matched(_rules().asked, text, sentence.passed)


def _labelled(document: Document, zone: nlp.Zone) -> bool:
    """Is the zone the value of a field that is itself named after the cause?"""
    return zone.key[1] >= 0 and "root_cause" in document.fields[zone.key[1]].names


def _weighed(document: Document, sentence: Told, cues: Sequence[nlp.Phrase]) -> _Candidate | None:
    """Return a sentence with the points for what it says, or None where it cannot be a cause."""
    rules, weights = _rules(), _weights()
    ranked = sorted({cue.id for cue in cues}, key=lambda id: (-weights[id], id))
    start, end, text = sentence.start, sentence.end, sentence.text
    if end - start > _LONG:
        start, end = _clipped(document, sentence, [cue for cue in cues if cue.id in ranked[:1]])
        text = nlp.lower(nlp.folded(document.plain[start:end]))
    words = len(_WORD.findall(text))
    if words < _FEWEST_WORDS or matched(rules.refuse, text, sentence.passed):
        return None
    said = sum(weights[id] * (1.0 if i == 0 else _FURTHER) for i, id in enumerate(ranked))
    name = ranked[0] if ranked else "cause.stated"
    for one, match in matches(rules.label, text, sentence.passed):
        start += nlp.unfolded(document.plain[start:end], match.end())
        said, name = said + float(one.rule.values["weight"]), one.rule.id
    against = sum(
        float(one.rule.values["weight"]) for one, _ in matches(rules.against, text, sentence.passed)
    )
    return _Candidate(
        start,
        end,
        sentence.zone.key,
        words,
        said - against,
        name,
        cued=said > max(against, 0.0),
        sound=said >= against,
        named="root_cause" in sentence.zone.names,
    )


def _clipped(document: Document, sentence: Told, cues: Sequence[nlp.Phrase]) -> tuple[int, int]:
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
    telling = {c.key for c in candidates if c.cued and c.sound}
    best = max(range(len(candidates)), key=lambda i: (_worth(candidates[i], telling), -i))
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


def _worth(candidate: _Candidate, telling: Container[tuple[int, int]]) -> float:
    """Return the points of a candidate, `telling` being the fields and sections of which a sentence says a cause."""
    silent = candidate.named and not candidate.cued and candidate.key in telling
    return candidate.points - _SILENT * silent


def _is_whole(chosen: Sequence[_Candidate], candidates: Sequence[_Candidate]) -> bool:
    """Is that all that a section named after the cause says?"""
    return bool(chosen) and chosen[0].named and sum(c.key == chosen[0].key for c in candidates) == len(chosen)


def _completed(report: Report, chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Add the sentence that likeliest states the cause by what surrounds it, where it may do so and room is left for it.

    It makes room for itself by the weakest sentence, never by the only one.
    """
    if len(chosen) == 1 and chosen[0].words + _FEWEST_WORDS > ENOUGH_WORDS:
        return list(chosen)
    likeliest = max(roles.causes(report), key=itemgetter(1), default=None)
    if likeliest is None or likeliest[1] < _LIKELY:
        return list(chosen)
    told = likeliest[0]
    if any(c.start < told.end and c.end > told.start for c in chosen):
        return list(chosen)
    words = len(_WORD.findall(told.text))
    if not _FEWEST_WORDS <= words <= ENOUGH_WORDS or matched(_rules().refuse, told.text, told.passed):
        return list(chosen)
    kept = list(chosen)
    if len(kept) > 1 and sum(c.words for c in kept) + words > ENOUGH_WORDS:
        kept.remove(min(kept, key=lambda c: c.points))
    if kept and sum(c.words for c in kept) + words > ENOUGH_WORDS:
        return list(chosen)
    model = roles.default_model()
    added = _Candidate(
        told.start,
        told.end,
        told.zone.key,
        words,
        0.0,
        f"{model.name}@{model.version}",
        cued=False,
        sound=True,
        named="root_cause" in told.zone.names,
    )
    return sorted([*kept, added], key=attrgetter("start"))
