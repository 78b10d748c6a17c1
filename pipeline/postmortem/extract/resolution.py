"""Resolution: the report's own sentences that say how the incident was ended, and by what kind of step.

Which sentences and entries tell it is chosen among all (`postmortem.extract.event_choice`); what kind of step ended it, the
words of ``vocabulary/resolution.toml`` say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from postmortem.account import Told
from postmortem.extract.event_choice import RESOLUTION, Scene, chosen, default_model
from postmortem.extract.statements import shortened
from postmortem.matching import rules_of
from postmortem.record import Resolution, ResolutionKind
from postmortem.report import Report

# "Resolved by" with no step that is known; "restored" alone names no step.
_BY: Final = 4.0
# In the order in which an equal score is decided: a restart mostly goes with a change that did it.
_KINDS: Final = (
    "rollback",
    "failover",
    "scale",
    "vendor",
    "self",
    "configuration",
    "fix",
    "restart",
    "other",
)


def resolution(report: Report, told: Scene) -> Resolution | None:
    """Return how the incident was ended in the report's own sentences, at most 80 words, or None where it does not say.

    `told` is what the report tells. `kind` is None where the sentences name no kind of step.
    """
    found = chosen(told, RESOLUTION)
    if not found:
        return None
    rule, plain = default_model(RESOLUTION).rule, report.document.plain
    evidence = tuple(
        report.evidence(step.start, shortened(plain, step.start, step.end), rule) for step in found
    )
    return Resolution(" ".join(" ".join(e.text.split()) for e in evidence), _kind(found), evidence)


def _kind(found: Sequence[Told]) -> ResolutionKind | None:
    """Return the kind that the sentences speak for: each counts by how plainly it says that its step worked."""
    scores: dict[str, float] = {}
    named = False
    for told in found:
        worked = max(rules_of("resolution", "worked").weights(told.text, told.passed), default=0.0)
        against = sum(rules_of("resolution", "against").weights(told.text, told.passed))
        named = named or worked >= _BY
        for one, _ in rules_of("resolution", "kind").hits(told.text, told.passed):
            kind, weight = str(one.rule.values["kind"]), float(one.rule.values["weight"])
            scores[kind] = max(scores.get(kind, weight + worked - against), weight + worked - against)
    if scores:
        return cast(ResolutionKind, max(scores, key=lambda kind: (scores[kind], -_KINDS.index(kind))))
    for told in found:
        topic = rules_of("resolution", "topic").first(told.text, told.passed)
        if topic is not None:
            return cast(ResolutionKind, topic.rule.values["kind"])
    return "other" if named else None
