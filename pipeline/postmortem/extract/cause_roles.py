"""Causes that no word gives away: what the model of roles makes of a sentence and of what surrounds it.

A likely sentence completes a statement, and a tale that holds no cue at all ("The counter was a signed byte; the 128th pallet
made it negative.") is judged by its likeliest sentences alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Final

from postmortem import nlp
from postmortem.account import Told
from postmortem.extract import roles
from postmortem.extract.cause_candidates import (
    FEWEST_WORDS,
    MOST_WORDS,
    WORD,
    Candidate,
    cause_settings,
    words_in,
)
from postmortem.matching import Rules, rules_of
from postmortem.record import Entry, Evidence
from postmortem.report import Report

# From which probability on a sentence joins a statement.
_LIKELY: Final = 0.5
# What stands next to the likeliest sentence of a tale is part of the statement from this share of what that counts.
_SHARE: Final = 0.5

_POINTS_BACK: Final = re.compile(r"\W{0,3}(?:this|that|these|those|such|both) \w|\W{0,3}(?:they|it) ")
# An entry of fewer words says that the cause was found, not which.
_FEWEST_FOUND: Final = 6

# Words by which the text of an entry is found in its evidence.
_OPENING: Final = 3

# What was not known then may be known in the end.
_AT_FIRST: Final = re.compile(r"\b(?:first|initially|until|at that (?:time|point))\b")


def completed(report: Report, chosen: Sequence[Candidate], most_words: int) -> list[Candidate]:
    """Add the sentence that likeliest states the cause to a statement, or make one of a tale where there is none.

    The sentence makes room for itself by the weakest, never by the only one; no statement grows beyond `most_words`.
    """
    if len(chosen) == 1 and chosen[0].words + FEWEST_WORDS > most_words:
        return list(chosen)
    causes = roles.causes(report)
    likeliest = max(causes, key=itemgetter(1), default=None)
    if likeliest is None:
        return list(chosen)
    if not chosen:
        return [] if is_open(report) else _tale(causes, most_words)
    told = likeliest[0]
    if likeliest[1] < _LIKELY or any(c.start < told.end and c.end > told.start for c in chosen):
        return list(chosen)
    words = words_in(told)
    if not FEWEST_WORDS <= words <= most_words or told.says("cause", "refuse"):
        return list(chosen)
    kept = list(chosen)
    if len(kept) > 1 and sum(c.words for c in kept) + words > most_words:
        kept.remove(min(kept, key=lambda c: c.points))
    if sum(c.words for c in kept) + words > most_words:
        return list(chosen)
    return sorted([*kept, _joining(told)], key=attrgetter("start"))


def _tale(causes: Sequence[tuple[Told, float]], most_words: int) -> list[Candidate]:
    """Return the likeliest sentence of a tale with its neighbours that tell on."""
    first, likeliest = max(causes, key=itemgetter(1))
    if likeliest >= _LIKELY and (words_in(first) > most_words or _tells_no_cause(first)):
        return []
    counts = [_count(told, probability, likeliest) for told, probability in causes]
    best = max(range(len(causes)), key=lambda i: (counts[i], -i))
    if counts[best] < cause_settings()["tale"]["threshold"]:
        return []
    low = high = best
    words = words_in(causes[best][0])
    for step in (-1, 1):
        at = best + step
        while 0 <= at < len(causes) and causes[at][0].zone.key == causes[best][0].zone.key:
            more = words_in(causes[at][0])
            if counts[at] < counts[best] * _SHARE or words + more > most_words:
                break
            words, low, high, at = words + more, min(low, at), max(high, at), at + step
    if low and _POINTS_BACK.match(causes[low][0].text) and _goes_before(causes, low, most_words - words):
        low -= 1
    return [_joining(told) for told, _ in causes[low : high + 1]]


def diagnosed(report: Report, timeline: Sequence[Entry]) -> tuple[Evidence, ...]:
    """Return the entry of a timeline that tells what was found, the one that says most of a cause; empty where none does."""
    found: list[tuple[float, int, int]] = []
    for entry in timeline:
        if entry.phase != "diagnosis":
            continue
        start, end = _behind_stamp(report, entry), entry.evidence.end
        text = nlp.lower(nlp.folded(report.document.plain[start:end]))
        passed = report.account.passed(start, end)
        refused = rules_of("cause", "refuse").matched(text, passed)
        if refused or not _FEWEST_FOUND <= len(WORD.findall(text)) <= MOST_WORDS:
            continue
        against = sum(_against().weights(text, passed))
        if against < cause_settings()["tale"]["against"]:
            spoken_for = sum(rules_of("cause", "for").weights(text, passed))
            found.append((spoken_for - against, start, end))
    if not found:
        return ()
    _, start, end = max(found, key=itemgetter(0))
    return (report.evidence(start, end, "cause.diagnosed"),)


def _behind_stamp(report: Report, entry: Entry) -> int:
    """Return where the words of an entry begin, at its stamp where they are not found."""
    opening = " ".join(entry.text.split()[:_OPENING])
    at = report.document.plain.find(opening, entry.evidence.start, entry.evidence.end)
    return max(at, entry.evidence.start)


def _goes_before(causes: Sequence[tuple[Told, float]], at: int, most_words: int) -> bool:
    """May the sentence before one that points back at it stand in the statement?"""
    told, before = causes[at][0], causes[at - 1][0]
    return (
        before.zone.key[0] == told.zone.key[0]
        and words_in(before) <= most_words
        and not before.says("cause", "refuse")
    )


def is_open(report: Report) -> bool:
    """Does a report say that the cause is not known?"""
    rules = _open()
    return any(
        rules.matched(told.text, told.passed) and not _AT_FIRST.search(told.text)
        for passage in report.account.passages
        if passage.passed & rules.bits
        for told in passage.sentences
    )


def _count(told: Told, probability: float, likeliest: float) -> float:
    """Return what a sentence of a tale counts: nothing where it cannot be a cause."""
    if words_in(told) <= FEWEST_WORDS or told.says("cause", "refuse"):
        return 0.0
    settings: Mapping[str, Any] = cause_settings()["tale"]
    turns = sum(rules_of("cause", "for").weights(told.text, told.passed))
    likely = probability >= _LIKELY
    if not (likely and probability >= likeliest) and (
        not (likely or turns) or _tells_else(told, settings["against"])
    ):
        return 0.0
    return float(probability + settings["point"] * turns)


def _tells_else(told: Told, most: float) -> bool:
    """Does a sentence stand in a section where no cause is told, or have so many points against it?"""
    places = cause_settings()["elsewhere"]["sections"]
    place = max((places.get(name, 0.0) for name in told.zone.names), default=0.0)
    return place < 0.0 or sum(_against().weights(told.text, told.passed)) >= most


def _tells_no_cause(told: Told) -> bool:
    """Does a sentence rule out that a cause is told around it (a denial or an all-clear does not)?"""
    refused = [one.rule.id for one, _ in rules_of("cause", "refuse").hits(told.text, told.passed)]
    return bool(set(refused) - set(cause_settings()["tale"]["passed_over"]))


@cache
def _against() -> Rules:
    """Return the rules that speak against a sentence of a tale."""
    spared = cause_settings()["tale"]["not_against"]
    return rules_of("cause", "against").where(lambda rule: rule.id not in spared)


@cache
def _open() -> Rules:
    """Return the rules by which a report says that the cause is not known."""
    return rules_of("cause", "refuse").where(lambda rule: rule.values.get("open"))


def _joining(told: Told) -> Candidate:
    return Candidate.by_model(told, roles.default_model().rule)
