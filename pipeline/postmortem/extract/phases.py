"""The phase of each timeline entry, from the cues of ``vocabulary/phases.toml`` and the entry's place in the sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from postmortem.record import Phase
from postmortem.vocabulary import rules

# How much a cue in the opening words counts above one that follows: an entry tells first what it is about.
_OPENING: Final = 40
_OPENING_BONUS: Final = 1.0
_PLACE: Final = 1.5


def phases(texts: Sequence[str]) -> list[Phase]:
    """Return one phase for each entry text of a timeline, the texts in their order."""
    return [_phase(text, first=i == 0, last=i == len(texts) - 1 and i > 0) for i, text in enumerate(texts)]


def _phase(text: str, *, first: bool, last: bool) -> Phase:
    scores: dict[str, float] = {}
    for rule in rules("phases"):
        match = rule.pattern.search(text)
        if match:
            weight = rule.values["weight"] + (_OPENING_BONUS if match.start() < _OPENING else 0.0)
            phase = rule.values["phase"]
            scores[phase] = max(scores.get(phase, 0.0), weight)
    if first:
        for phase in ("detection", "impact", "trigger"):
            if phase in scores:
                scores[phase] += _PLACE
    if last and "resolution" in scores:
        scores["resolution"] += _PLACE
    return cast(Phase, max(scores, key=lambda phase: scores[phase])) if scores else "other"
