"""Contributing factors: what made the incident possible, longer or worse, as the report itself states it.

Every item of a section that announces them, every lesson that is not about what went well, and every sentence of the
account that says so ("there was no alert for …") is held against ``vocabulary/factors.toml``. Action items and plans
are no factors.
"""

from __future__ import annotations

from typing import Final

from postmortem import nlp
from postmortem.extract.lessons import lessons
from postmortem.extract.statements import Live, Told, by_role, live, matched, matches, told
from postmortem.record import Statement
from postmortem.report import Report
from postmortem.vocabulary import Rule

_CLOSED: Final = frozenset({"actions", "appendix", "metadata", "communication", "title", "resolution"})
_NAMED: Final = "contributing_factors"


def contributing_factors(report: Report) -> tuple[Statement, ...]:
    """Return the stated factors in text order, each with a kind of the closed vocabulary.

    Each item of a section of contributing factors counts by itself; elsewhere a kind is reported once, where it is first stated.
    """
    document = report.document
    candidates = live(by_role("factors", "role", "factor"), document)
    if not candidates:
        return ()
    zones = [z for z in nlp.zones(document) if z.names == {_NAMED} or not z.names & _CLOSED]
    named: list[tuple[Told, Rule]] = []
    others: list[tuple[Told, Rule]] = []
    well: list[tuple[int, int]] | None = None
    for sentence in told(document, zones, lambda text: matched(candidates, text)):
        stated = _stated(candidates, sentence)
        if not stated:
            continue
        if "lessons" in sentence.names and _NAMED not in sentence.names:
            if well is None:
                learned = lessons(report)
                well = [(q.evidence.start, q.evidence.end) for q in (*learned.went_well, *learned.got_lucky)]
            if any(a < sentence.end and sentence.start < b for a, b in well):
                continue
        (named if _NAMED in sentence.names else others).extend((sentence, rule) for rule in stated)
    found: dict[tuple[str, int], Statement] = {}
    seen: set[str] = set()
    for sentence, rule in (*named, *others):
        kind = str(rule.values["kind"])
        if kind in seen and _NAMED not in sentence.names:
            continue
        seen.add(kind)
        quoted = document.quote(sentence.start, sentence.end)
        evidence = report.evidence(sentence.start, sentence.end, rule.id)
        found.setdefault((kind, sentence.start), Statement(kind, quoted, evidence))
    return tuple(sorted(found.values(), key=lambda s: (s.evidence.start, s.kind)))


def _stated(candidates: Live, sentence: Told) -> list[Rule]:
    """Return a rule for each kind of factor that the sentence states."""
    announced = bool(sentence.names & {_NAMED, "lessons"})
    found = [
        tried.rule
        for tried, _ in matches(candidates, sentence.text)
        if announced or not tried.rule.values.get("named")
    ]
    return [] if matched(by_role("factors", "role", "against"), sentence.text) else found
