"""Trigger: the event that set the incident off, apart from the cause that lay behind it.

Which sentence or entry tells it is chosen among all (`postmortem.extract.event_choice`); what kind of event it is, the words of
``vocabulary/trigger.toml`` say.
"""

from __future__ import annotations

from typing import Final

from postmortem.account import Told
from postmortem.extract.event_choice import TRIGGER, Scene, chosen, default_model
from postmortem.extract.statements import shortened
from postmortem.matching import rules_of
from postmortem.record import Statement
from postmortem.report import Report

UNKNOWN: Final = "unknown"


def trigger(report: Report, told: Scene) -> Statement | None:
    """Return the event that set the incident off, in the report's words (at most 80), or None where none is said.

    `told` is what the report tells. `kind` is one of the closed vocabulary, ``"unknown"`` where the words fit none.
    """
    found = chosen(told, TRIGGER, most_others=0)
    if not found:
        return None
    event = found[0]
    end = shortened(report.document.plain, event.start, event.end)
    evidence = report.evidence(event.start, end, default_model(TRIGGER).rule)
    return Statement(_kind(event), report.document.quote(event.start, end), evidence)


def _kind(told: Told) -> str:
    """Return the kind of the sentence's event with the greatest weight (the first of several), or what it is likely about."""
    events = rules_of("trigger", "event").hits(told.text, told.passed)
    if events:
        one, _ = max(events, key=lambda hit: (hit[0].rule.values["weight"], -hit[1].start()))
        return str(one.rule.values["kind"])
    topic = rules_of("trigger", "topic").first(told.text, told.passed)
    return str(topic.rule.values["kind"]) if topic else UNKNOWN
