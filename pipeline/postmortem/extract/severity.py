"""Severity: the rank that the report itself gives the incident, as written and as a level from 1 (worst) to 5."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from postmortem import vocabulary
from postmortem.document import BlockKind, Document
from postmortem.record import Severity
from postmortem.report import Report
from postmortem.vocabulary import Rule

_TEXT_SECTIONS: Final = frozenset({"title", "metadata", "summary", "impact"})
_FIELD_KEYS: Final = frozenset({"severity", "sev", "priority", "impact_level", "severity_level"})
_NOT_HERE: Final = frozenset({"actions", "lessons"})
_VALUE_END: Final = re.compile(r"[\n.;,|]|\s(?:-|--)\s|\s\(|$")
_LONGEST_VALUE: Final = 60
_MOST_WORDS: Final = 4
_MENTION: Final = re.compile(r"sev|priority|[ps]-?[0-5]\b|classified|rated|ranked|graded|categori[sz]ed")
# Groups of a rule that hold less than all it matches: the rank in "classified as critical".
_SAID: Final = ("code", "word", "word2")
_ROMAN: Final = ("I", "II", "III", "IV")


def severity(report: Report) -> Severity | None:
    """Return the severity that `report` states; a field or front matter comes first, then the title, header and summary.

    `raw` is as written ("SEV-1", "Major"); `level` is 1-5, or None where the wording has no rank.
    """
    document = report.document
    for start, end in _fields(document):
        found = _from_field(report, start, end)
        if found is not None:
            return found
    return _from_text(report) or _from_impact(report)


@cache
def _rules(where: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in vocabulary.rules("severity") if rule.values["where"] in (where, "both"))


@cache
def _words() -> tuple[re.Pattern[str], dict[str, int]]:
    levels = {
        word: int(level) for level, words in vocabulary.load("severity")["words"].items() for word in words
    }
    longest_first = sorted(levels, key=lambda word: (-len(word), word))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE), levels


def _fields(document: Document) -> list[tuple[int, int]]:
    """Extents of severity values: front matter, labelled fields, and what stands below a heading "Severity"."""
    found: list[tuple[int, int]] = []
    if document.front_matter:
        found += [(start, end) for key, start, end in document.front_matter.fields if key in _FIELD_KEYS]
    found += [
        (field.start, field.end)
        for field in document.fields
        if "severity" in field.names and not _within(document, field.block, _NOT_HERE)
    ]
    found += [
        (section.body_start, section.body_end)
        for section in document.sections
        if _MENTION.search(section.text.lower())
        and "metadata" in section.names
        and section.body_end > section.body_start
    ]
    return found


def _within(document: Document, block: int, names: frozenset[str]) -> bool:
    index = document.blocks[block].section if 0 <= block < len(document.blocks) else -1
    while index >= 0:
        if names & set(document.sections[index].names):
            return True
        index = document.sections[index].parent
    return False


def _from_field(report: Report, start: int, end: int) -> Severity | None:
    """Read a severity field's value: a code, a number or a word; anything short is kept as written, without a level."""
    plain = report.document.plain
    while start < end and plain[start].isspace():
        start += 1
    end = min(end, start + _LONGEST_VALUE)
    stop = _VALUE_END.search(plain, start, end)
    if stop and "-" in stop[0] and plain[start : stop.start()].isdigit():  # "1 - Critical"
        stop = _VALUE_END.search(plain, stop.end(), end)
    end = stop.start() if stop else end
    value = plain[start:end].rstrip()
    end = start + len(value)
    if not value.strip("-_/?. "):
        return None
    level, match = _ranked(value)
    if match is None and len(value.split()) > _MOST_WORDS:
        return None
    if match is not None and len(value.split()) > _MOST_WORDS:
        start, end = start + match.start(), start + match.end()
    return Severity(report.document.quote(start, end), level, report.evidence(start, end, "severity.field"))


def _ranked(value: str) -> tuple[int | None, re.Match[str] | None]:
    """The level that a field's value gives, and where it says so."""
    for rule in _rules("field"):
        if match := rule.pattern.search(value):
            return _level(match), match
    pattern, levels = _words()
    match = pattern.search(value)
    return (levels[match.group().lower()], match) if match else (None, None)


def _level(match: re.Match[str]) -> int | None:
    """The rank that a match tells by a digit, a Roman figure or a word."""
    said = next((group for group in match.groups() if group), "")
    if said in _ROMAN:
        return _ROMAN.index(said) + 1
    digit = said.lstrip("PSps-")
    return max(1, int(digit)) if digit.isdigit() else _words()[1].get(said.lower())


def _from_impact(report: Report) -> Severity | None:
    """A word of rank with which an impact statement opens ("Impact: High. …")."""
    document = report.document
    rule = next(rule for rule in vocabulary.rules("severity") if rule.values["where"] == "impact")
    for field in document.fields:
        if "impact" in field.names and (
            match := rule.pattern.match(
                document.plain[field.start : min(field.end, field.start + _LONGEST_VALUE)]
            )
        ):
            start, end = field.start + match.start("word"), field.start + match.end("word")
            level = _words()[1].get(match["word"].lower())
            return Severity(document.quote(start, end), level, report.evidence(start, end, rule.id))
    return None


def _from_text(report: Report) -> Severity | None:
    """A code such as "SEV-1" or "P2 incident" in the title, header, summary or impact statement."""
    document = report.document
    for number, block in enumerate(document.blocks):
        names = set(document.sections[block.section].names) if block.section >= 0 else set()
        if block.kind is not BlockKind.HEADING and block.section >= 0 and not names & _TEXT_SECTIONS:
            continue
        if block.kind in (BlockKind.CODE, BlockKind.ROW):
            continue
        if not _MENTION.search(report.account.lowered, block.start, block.end):
            continue
        first = document.plain.find("\n", block.start, block.end)
        for rule in (*_rules("text"), *(_rules("header") if number == 0 else ())):
            end = first if rule.values["where"] == "header" and first > 0 else block.end
            if match := rule.pattern.search(document.plain, block.start, end):
                if rule.values["where"] == "header":
                    low, high = match.start("level") - 1, match.end("level")
                    return Severity(
                        document.quote(low, high), _level(match), report.evidence(low, high, rule.id)
                    )
                named = next((name for name in _SAID if match.groupdict().get(name)), 0)
                low, high = match.span(named)
                return Severity(match[named], _level(match), report.evidence(low, high, rule.id))
    return None
