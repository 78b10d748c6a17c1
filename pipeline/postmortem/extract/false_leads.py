"""False leads: suspicions and paths of the investigation that proved wrong, in the report's own words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from postmortem import nlp, vocabulary
from postmortem.matching import Tried, rules_of
from postmortem.record import Entry, FalseLead
from postmortem.report import Report

_LABEL: Final = re.compile(
    r"mis-?lead|false (?:lead|trail)|wrong path|red herring|wrong assumption|dead end|ruled out|not to blame"
)
_LONGEST: Final = 400
_OPENING: Final = 8
_ELSEWHERE: Final = frozenset({"actions", "lessons", "appendix", "metadata", "communication"})
_TRAIL: Final = frozenset({"timeline", "investigation"})
# The kinds of rules for sentences anywhere, and for those of the investigation and the timeline.
_ANYWHERE: Final = ("lead", "outcome")
_ON_THE_TRAIL: Final = (*_ANYWHERE, "check")
_BEARS_OUT: Final = frozenset({"diagnosis", "mitigation", "resolution"})
# Between a lead and its outcome: characters of the text at most (a stamp, a bullet).
_NEAR: Final = 40
_LABELLED: Final = "labelled"
_OUTCOMES: Final = frozenset({"outcome", "check"})
_OBJECT: Final = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class _Lead:
    """What was found at source characters `start:end`, of the kinds of the vocabulary."""

    start: int
    end: int
    rule: str
    kind: str


def false_leads(report: Report, timeline: tuple[Entry, ...]) -> tuple[FalseLead, ...]:
    """Return the suspicions that proved wrong, in text order.

    They are the values of fields and items of sections so labelled, the entries of the timeline that tell of one, and sentences
    that say so. Nothing is reported twice, nor is that a suspicion was wrong where the suspicion was told just before.
    """
    found = [*_of_entries(report, timeline), *_labelled(report), *_told(report, timeline)]
    kept: list[_Lead] = []
    for lead in sorted(_apart(found), key=lambda lead: lead.start):
        if not _known(report, lead, kept):
            kept.append(lead)
    return tuple(
        FalseLead(report.document.quote(x.start, x.end), report.evidence(x.start, x.end, x.rule))
        for x in kept
    )


def _of_entries(report: Report, timeline: Sequence[Entry]) -> Iterator[_Lead]:
    everything = rules_of("false_leads").bits
    for number, entry in enumerate(timeline):
        if len(entry.text) > _LONGEST:
            continue
        passed = report.account.passed(entry.evidence.start, entry.evidence.end)
        one = _first(nlp.lower(nlp.folded(entry.text)), passed) if passed & everything else None
        kind = str(one.rule.values["kind"]) if one else "suspicion"
        if one is None and entry.phase != "false_lead":
            continue
        if kind == "suspicion" and _borne_out(timeline, number):
            continue
        name = one.rule.id if one else "false_lead.entry"
        yield _Lead(_after_stamp(report, entry), entry.evidence.end, name, kind)


def _labelled(report: Report) -> Iterator[_Lead]:
    document = report.document
    for field in document.fields:
        if _LABEL.search(field.label.lower()):
            yield _Lead(field.start, field.end, "false_lead.field", _LABELLED)
    for section in document.sections:
        if _LABEL.search(section.text.lower()):
            for sentence in nlp.sentences(document, section.body_start, section.body_end):
                yield _Lead(sentence.start, sentence.end, "false_lead.section", _LABELLED)


def _told(report: Report, timeline: Sequence[Entry]) -> Iterator[_Lead]:
    """Yield what sentences say that are no entries of the timeline."""
    entries = sorted((entry.evidence.start, entry.evidence.end) for entry in timeline)
    for zone, passed, sentences in report.account.passages:
        worth = rules_of("false_leads", *(_ON_THE_TRAIL if zone.names & _TRAIL else _ANYWHERE)).bits
        if not passed & worth or (zone.names & _ELSEWHERE and "resolution" not in zone.names):
            continue
        entry = bisect_right(entries, (zone.start, len(report.document.plain))) - 1
        if entry >= 0 and zone.end <= entries[entry][1]:
            continue
        for sentence in sentences:
            if sentence.passed & worth:
                one = _first(sentence.text, sentence.passed)
                if one is not None and one.bit & worth:
                    yield _Lead(sentence.start, sentence.end, one.rule.id, one.rule.values["kind"])


def _first(lowered: str, passed: int) -> Tried | None:
    """Return the first rule that finds a false lead in a sentence in lower case, a mere suspicion only where no other does."""
    suspicion = None
    for one in rules_of("false_leads").live(passed):
        if one.search(lowered):
            if one.rule.values["kind"] != "suspicion":
                return one
            suspicion = suspicion or one
    return suspicion


def _after_stamp(report: Report, entry: Entry) -> int:
    """Return where an entry's text begins in the source (its evidence begins with the stamp)."""
    start = entry.evidence.start
    return start + max(report.document.plain[start : entry.evidence.end].find(entry.text[:_OPENING]), 0)


def _borne_out(timeline: Sequence[Entry], number: int) -> bool:
    """Does a later entry that finds the cause, or mends it, speak of what was suspected, and no entry before?"""
    later = [entry.text for entry in timeline[number + 1 :] if entry.phase in _BEARS_OUT]
    if not later:
        return False
    suspected = _objects(timeline[number].text)
    for entry in timeline[:number]:
        suspected -= _objects(entry.text)
    return any(suspected & _objects(text) for text in later)


def _objects(text: str) -> frozenset[str]:
    """Return the words of a text that may name what it is about."""
    return frozenset(_OBJECT.findall(nlp.lower(text))) - _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(vocabulary.load("false_leads")["common"])


def _known(report: Report, lead: _Lead, told: Sequence[_Lead]) -> bool:
    """Was this told before: an outcome with the same words, or, right before, anything that it speaks of?"""
    near = told and lead.kind != _LABELLED and lead.start - told[-1].end <= _NEAR
    earlier = told if lead.kind in _OUTCOMES else told[-1:] if near else ()
    if not earlier:
        return False
    text = report.document.text
    about = _objects(text[lead.start : lead.end])
    if not about:
        return bool(near)
    return any(about & _objects(text[x.start : x.end]) for x in earlier)


def _apart(found: Sequence[_Lead]) -> list[_Lead]:
    """Drop what is empty or overlaps something found before it."""
    kept: list[_Lead] = []
    for lead in found:
        if lead.end > lead.start and all(
            lead.end <= other.start or lead.start >= other.end for other in kept
        ):
            kept.append(lead)
    return kept
