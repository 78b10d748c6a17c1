"""Contributing factors: what made the incident possible, longer or worse, as the report itself states it.

Every item of a section that announces them, every lesson that is not about what went well, and every sentence of the
account that ties a lack to what happened ("there was no alert, so that …") is held against
``vocabulary/factors.toml``. Action items and plans are no factors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from postmortem.account import Account, Told
from postmortem.extract.lessons import lessons
from postmortem.record import Statement
from postmortem.report import Report
from postmortem.screen import Live, bits_of, by_role, matched, matches
from postmortem.vocabulary import Rule

_CLOSED: Final = frozenset(
    {"actions", "appendix", "metadata", "communication", "title", "resolution", "impact"}
)
_NAMED: Final = "contributing_factors"
# Where every sentence is about why it happened or what went wrong: no tie is asked for.
_OF_CAUSE: Final = frozenset({_NAMED, "lessons", "root_cause", "detection"})


def contributing_factors(report: Report) -> tuple[Statement, ...]:
    """Return the stated factors in text order, each with a kind of the closed vocabulary.

    Each item of a section of contributing factors counts by itself; elsewhere a kind is reported once, where it is first stated.
    """
    document = report.document
    named: list[tuple[Told, Rule]] = []
    others: list[tuple[Told, Rule]] = []
    well: list[tuple[int, int]] | None = None
    for sentence in _worth(report.account):
        stated = _stated(sentence)
        if not stated:
            continue
        if "lessons" in sentence.zone.names and _NAMED not in sentence.zone.names:
            if well is None:
                learned = lessons(report)
                well = [(q.evidence.start, q.evidence.end) for q in (*learned.went_well, *learned.got_lucky)]
            if any(a < sentence.end and sentence.start < b for a, b in well):
                continue
        (named if _NAMED in sentence.zone.names else others).extend((sentence, rule) for rule in stated)
    found: dict[tuple[str, int], Statement] = {}
    seen: set[str] = set()
    for sentence, rule in (*named, *others):
        kind = str(rule.values["kind"])
        if kind in seen and _NAMED not in sentence.zone.names:
            continue
        seen.add(kind)
        quoted = document.quote(sentence.start, sentence.end)
        evidence = report.evidence(sentence.start, sentence.end, rule.id)
        found.setdefault((kind, sentence.start), Statement(kind, quoted, evidence))
    return tuple(sorted(found.values(), key=lambda s: (s.evidence.start, s.kind)))


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules by role, and the bits of those that state a factor, those that do so without a tie, and the ties."""

    factors: Live
    ties: Live
    against: Live
    bits: int
    untied: int
    tie_bits: int


@cache
def _rules() -> _Rules:
    factors, ties, against = (by_role("factors", "role", role) for role in ("factor", "tie", "against"))
    untied = bits_of(factor for factor in factors if factor.rule.values.get("untied"))
    return _Rules(factors, ties, against, bits_of(factors), untied, bits_of(ties))


def _worth(account: Account) -> Iterator[Told]:
    """Yield the sentences that may state a factor."""
    known = _rules()
    for zone, passed, sentences in account.passages:
        if not passed & known.bits or not (zone.names == {_NAMED} or zone.names.isdisjoint(_CLOSED)):
            continue
        tied = known.untied | known.tie_bits if zone.names.isdisjoint(_OF_CAUSE) else known.bits
        for sentence in sentences:
            if sentence.passed & known.bits and sentence.passed & tied:
                yield sentence


def _stated(sentence: Told) -> list[Rule]:
    """Return a rule for each kind of factor that the sentence states."""
    known, text, passed = _rules(), sentence.text, sentence.passed
    rules = [tried.rule for tried, _ in matches(known.factors, text, passed)]
    if sentence.zone.names.isdisjoint({_NAMED, "lessons"}):
        rules = [rule for rule in rules if not rule.values.get("named")]
    if sentence.zone.names.isdisjoint(_OF_CAUSE) and not (rules and matched(known.ties, text, passed)):
        rules = [rule for rule in rules if rule.values.get("untied")]
    return [] if rules and matched(known.against, text, passed) else rules
