"""Contributing factors: what made the incident possible, longer or worse, as the report itself states it.

Every item of a section that announces them, every lesson that is not about what went well, and every sentence of the
account that ties a lack to what happened ("there was no alert, so that …") is held against
``vocabulary/factors.toml``. A sentence that says it in words of its own is known by its place in a section of factors, or by
what surrounds it (`postmortem.extract.roles`). Action items and plans are no factors.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from postmortem.account import Account, Told
from postmortem.extract import roles
from postmortem.extract.lessons import lessons
from postmortem.matching import rules_of
from postmortem.record import Statement
from postmortem.report import Report
from postmortem.vocabulary import Rule

_CLOSED: Final = frozenset(
    {"actions", "appendix", "metadata", "communication", "title", "resolution", "impact"}
)
_NAMED: Final = "contributing_factors"
# Where every sentence is about why it happened or what went wrong: no tie is asked for.
_OF_CAUSE: Final = frozenset({_NAMED, "lessons", "root_cause", "detection"})
_FACTOR: Final = "factor"
# From which probability on a sentence states a factor for what surrounds it.
_LIKELY: Final = 0.6


def contributing_factors(report: Report) -> tuple[Statement, ...]:
    """Return the stated factors in text order, each with a kind of the closed vocabulary.

    Each item of a section of contributing factors counts by itself; elsewhere a kind is reported once, where it is first stated.
    """
    document = report.document
    named: list[tuple[Told, Rule]] = []
    others: list[tuple[Told, Rule]] = []
    well: list[tuple[int, int]] | None = None
    for sentence, stated in (*_said(report.account), *_likely(report)):
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


def _closed(names: frozenset[str]) -> bool:
    """Does a section of these names tell of no factors? One that tells of the cause as well does."""
    return names != {_NAMED} and "root_cause" not in names and not names.isdisjoint(_CLOSED)


@cache
def _untied() -> int:
    """Return the bits of the rules that state a factor without a tie."""
    return rules_of("factors", _FACTOR).where(lambda rule: rule.values.get("untied")).bits


def _said(account: Account) -> Iterator[tuple[Told, list[Rule]]]:
    """Yield the sentences that state factors, each with a rule for each kind."""
    bits, ties = rules_of("factors", _FACTOR).bits, _untied() | rules_of("factors", "tie").bits
    for zone, passed, sentences in account.passages:
        if not passed & bits or _closed(zone.names):
            continue
        tied = ties if zone.names.isdisjoint(_OF_CAUSE) else bits
        for sentence in sentences:
            if sentence.passed & bits and sentence.passed & tied:
                stated = _stated(sentence)
                if stated:
                    yield sentence, stated


def _likely(report: Report) -> Iterator[tuple[Told, list[Rule]]]:
    """Yield the sentences that no factor's rule matches, yet whose place or surroundings make one of them, by their topic.

    The model of roles, which costs far more than the rules, is asked only where it decides.
    """
    odds: dict[int, float] | None = None
    bits = rules_of("factors", "topic").bits
    for sentence in roles.spoken(report):
        topic = _topic(sentence) if sentence.passed & bits else None
        if topic is None:
            continue
        if _NAMED not in sentence.zone.names:
            if odds is None:
                odds = {told.start: p for told, p in roles.told(report, _FACTOR)}
            if odds[sentence.start] < _LIKELY:
                continue
        yield sentence, [topic]


def _topic(sentence: Told) -> Rule | None:
    """Return the topic of a sentence that may be a factor for its place or surroundings."""
    names = sentence.zone.names
    if not (names == {_NAMED} or names.isdisjoint(_CLOSED)):
        return None
    if _NAMED not in names and not sentence.says("factors", "lack"):
        return None
    topic = rules_of("factors", "topic").first(sentence.text, sentence.passed)
    if topic is None or sentence.says("factors", _FACTOR, "against"):
        return None
    return topic.rule


def _stated(sentence: Told) -> list[Rule]:
    """Return a rule for each kind of factor that the sentence states."""
    rules = [tried.rule for tried, _ in rules_of("factors", _FACTOR).hits(sentence.text, sentence.passed)]
    if sentence.zone.names.isdisjoint({_NAMED, "lessons"}):
        rules = [rule for rule in rules if not rule.values.get("named")]
    if sentence.zone.names.isdisjoint(_OF_CAUSE) and not (rules and sentence.says("factors", "tie")):
        rules = [rule for rule in rules if rule.values.get("untied")]
    return [] if rules and sentence.says("factors", "against") else rules
