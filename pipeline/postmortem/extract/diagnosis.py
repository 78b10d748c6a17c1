"""The entry of a timeline at which the cause was found, and whether a report says that it was not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Final

from postmortem import nlp
from postmortem.extract.cause_candidates import MOST_WORDS, WORD, cause_settings
from postmortem.matching import Rules, rules_of
from postmortem.record import Entry, Evidence
from postmortem.report import Report

# An entry of fewer words says that the cause was found, not which.
_FEWEST_FOUND: Final = 6

# Words by which the text of an entry is found in its evidence.
_OPENING: Final = 3

# What was not known then may be known in the end.
_AT_FIRST: Final = re.compile(r"\b(?:first|initially|until|at that (?:time|point))\b")


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
        if against < cause_settings()["entry"]["against"]:
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


def is_open(report: Report) -> bool:
    """Does a report say that the cause is not known?"""
    rules = _open()
    return any(
        rules.matched(told.text, told.passed) and not _AT_FIRST.search(told.text)
        for passage in report.account.passages
        if passage.passed & rules.bits
        for told in passage.sentences
    )


@cache
def _against() -> Rules:
    """Return the rules that speak against an entry."""
    spared = cause_settings()["entry"]["not_against"]
    return rules_of("cause", "against").where(lambda rule: rule.id not in spared)


@cache
def _open() -> Rules:
    """Return the rules by which a report says that the cause is not known."""
    return rules_of("cause", "refuse").where(lambda rule: rule.values.get("open"))
