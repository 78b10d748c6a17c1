"""The length of the outage that a report states."""

from __future__ import annotations

import re
from typing import Final

from postmortem.clock.model import Moment, Span
from postmortem.extract.outage.ends import Found, best
from postmortem.extract.outage.sentences import ELSEWHERE, Sentence
from postmortem.report import Report

_CLOCK_ALONE: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_LABELLED: Final = re.compile(r"[^@]{0,40}@time\W*(?:hours|hrs|h)?\W*")
_CLOCK: Final = 50
# A length so many times longer or shorter than the window is not the outage's, unless a rule is so sure of it.
_TIMES: Final = 4
_CERTAIN: Final = 150
_LEAST_TOLD: Final = 15
_EXACT: Final = 2
_ROUND_TO: Final = 30
_ROUGHLY: Final = 0.1


def length_of(report: Report, sentences: tuple[Sentence, ...]) -> Found | None:
    """Return the length of the outage that the report states."""
    found = []
    told: set[int] = set()
    for sentence in sentences:
        if sentence.place == "duration" and (clock := _as_length(report, sentence)) is not None:
            found.append(Found(clock, sentence.weight + _CLOCK, "outage.length.clock"))
        if "@length" not in sentence.masked:
            continue
        for match, rule in sentence.matches("length"):
            mention = _last_length(sentence, match)
            if mention is not None and "anaphoric" not in rule.values:
                told.add(mention.start)
            if "places" in rule.values and (
                sentence.place not in rule.values["places"]
                or (rule.values.get("cue", True) and not sentence.says("window"))
            ):
                continue
            weak = sentence.weight <= ELSEWHERE and sentence.place != "time_to_repair"
            if weak and not sentence.says("window"):
                continue
            if mention is None or sentence.vetoed(mention):
                continue
            if "anaphoric" in rule.values and _said_of_another(report, mention, told):
                continue
            if "sure" in rule.values or not sentence.vetoed(mention, "aside"):
                found.append(Found(mention, sentence.weight + int(rule.values["strength"]), rule.id))
        for match, rule in sentence.matches("later"):
            mention = _last_length(sentence, match)
            if mention is not None:
                found.append(Found(mention, sentence.weight + int(rule.values["strength"]), rule.id))
        if sentence.place in ("duration", "time_to_repair"):
            for match, rule in sentence.matches("length_field"):
                mention = _last_length(sentence, match)
                if mention is not None:
                    found.append(Found(mention, sentence.weight + int(rule.values["strength"]), rule.id))
    return best(found)


def agreeing(sentences: tuple[Sentence, ...], between: float, told: Found | None) -> Found | None:
    """Return the stated length of an outage whose window, of `between` minutes, is known.

    What rules have `told` stays unless it is many times longer or shorter than the window: then it is of something else. In its
    place, and where nothing is told, the length that says how long the window is, as exactly as such lengths are said.
    """
    minutes = told.mention.minutes if told is not None and isinstance(told.mention, Span) else None
    if minutes is not None and between <= minutes * _TIMES and minutes <= between * _TIMES:
        return told
    near = [
        (abs(mention.minutes - between), mention.start, mention)
        for sentence in sentences
        for _, mention in sentence.marks
        if isinstance(mention, Span)
        and mention.minutes >= _LEAST_TOLD
        and _says(mention, between)
        and (_is_exact(mention, between) or not sentence.vetoed(mention))
    ]
    if near:
        return Found(min(near)[2], 0, "outage.length.of-window")
    return told if told is not None and told.score >= _CERTAIN else None


def _says(length: Span, minutes: float) -> bool:
    """Does a length name that of a window: to two minutes, or in round numbers to a tenth of it?"""
    off = abs(length.minutes - minutes)
    return off <= _EXACT or (length.minutes % _ROUND_TO == 0 and off <= minutes * _ROUGHLY)


def _is_exact(length: Span, minutes: float) -> bool:
    """Is a length that of a window to the minute, and none that many things have: whatever is said around it then?"""
    return length.minutes == minutes and length.minutes % _ROUND_TO != 0


def _said_of_another(report: Report, mention: Span, told: set[int]) -> bool:
    """Does a length that points back ("those four minutes") repeat one before it that no rule takes for an outage's? The others
    begin at `told`."""
    return any(
        isinstance(other, Span) and other.minutes == mention.minutes and other.start not in told
        for other in report.mentions_between(0, mention.start)
    )


def _as_length(report: Report, sentence: Sentence) -> Span | None:
    """Return a field that is nothing but "02:30:00" as a length of hours and minutes."""
    moment = sentence.marks[0][1]
    if (
        len(sentence.marks) > 1
        or not isinstance(moment, Moment)
        or moment.hour is None
        or moment.zone is not None
    ):
        return None
    bare = _CLOCK_ALONE.fullmatch(report.document.plain[moment.start : moment.end])
    if bare is None or not _LABELLED.fullmatch(sentence.masked):
        return None
    return Span(moment.start, moment.end, moment.hour * 60.0 + (moment.minute or 0))


def _last_length(sentence: Sentence, match: re.Match[str]) -> Span | None:
    inside = [
        m for offset, m in sentence.marks if match.start() <= offset < match.end() and isinstance(m, Span)
    ]
    return inside[-1] if inside else None
