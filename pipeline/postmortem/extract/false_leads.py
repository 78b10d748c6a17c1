"""False leads: suspicions and paths of the investigation that proved wrong, in the report's own words."""

from __future__ import annotations

import re
from typing import Final

from postmortem import nlp, vocabulary
from postmortem.record import Entry, FalseLead
from postmortem.report import Report

_LABEL: Final = re.compile(r"mis-?lead|false lead|wrong path|red herring|wrong assumption|dead end", re.I)
_LONGEST: Final = 400
_OPENING: Final = 8
_ELSEWHERE: Final = frozenset({"actions", "lessons", "appendix", "metadata", "communication"})


def false_leads(report: Report, timeline: tuple[Entry, ...]) -> tuple[FalseLead, ...]:
    """Return the suspicions that proved wrong, in text order.

    They are the values of fields and items of sections so labelled, the entries of the timeline with that phase, and sentences
    that say so. Nothing is reported twice.
    """
    document = report.document
    found: list[tuple[int, int, str]] = []
    for entry in timeline:
        rule = "false_lead.entry" if entry.phase == "false_lead" else _rule(entry.text)
        if rule and len(entry.text) <= _LONGEST:
            found.append((_after_stamp(report, entry), entry.evidence.end, rule))
    found.extend((f.start, f.end, "false_lead.field") for f in document.fields if _LABEL.search(f.label))
    for section in document.sections:
        if _LABEL.search(section.text):
            inside = nlp.sentences(document, section.body_start, section.body_end)
            found.extend((s.start, s.end, "false_lead.section") for s in inside)
    for zone in nlp.zones(document):
        if zone.names & _ELSEWHERE or not _rule(nlp.folded(document.plain[zone.start : zone.end])):
            continue
        for sentence in nlp.sentences(document, zone.start, zone.end):
            rule = _rule(nlp.folded(document.plain[sentence.start : sentence.end]))
            if rule:
                found.append((sentence.start, sentence.end, rule))
    return tuple(_told(report, *lead) for lead in _apart(found))


def _after_stamp(report: Report, entry: Entry) -> int:
    """Return where an entry's text begins in the source (its evidence begins with the stamp)."""
    start = entry.evidence.start
    return start + max(report.document.plain[start : entry.evidence.end].find(entry.text[:_OPENING]), 0)


def _rule(sentence: str) -> str | None:
    """Return the id of the first rule that finds a false lead in a sentence."""
    lowered = sentence.lower()
    for rule in vocabulary.rules("false_leads"):
        if nlp.search(rule, sentence, lowered):
            return rule.id
    return None


def _apart(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop what is empty or overlaps something found before it; return the rest in text order."""
    kept: list[tuple[int, int, str]] = []
    for start, end, rule in found:
        if end > start and all(end <= a or start >= b for a, b, _ in kept):
            kept.append((start, end, rule))
    return sorted(kept)


def _told(report: Report, start: int, end: int, rule: str) -> FalseLead:
    return FalseLead(report.document.quote(start, end), report.evidence(start, end, rule))
