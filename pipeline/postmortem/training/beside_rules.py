"""Choices in which the rules have one already: the model has its way where another is likelier by a margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from postmortem.learned.choice import ChoiceModel
from postmortem.training.annotated import BY_HAND
from postmortem.training.choices import Choice, fitted
from postmortem.training.fitting import group_splits


@dataclass(frozen=True, slots=True)
class Ruled(Choice):
    """The things that one report lets one choose among; `by_rule` is the number of that which the rules found."""

    by_rule: int


def held_out(choices: Sequence[Ruled], penalty: float, margin: float) -> dict[str, Any]:
    """Return how often what is taken is right in reports of hands that the model was not trained on and that no rule was written
    after: what the rules found, the likeliest, and the two together: the likeliest where it has `margin` points more."""
    found: dict[str, list[bool]] = {"rules": [], "model": [], "together": []}
    for inside, outside in group_splits([one.group for one in choices]):
        held = [choices[i] for i in outside]
        if not held[0].group.startswith(BY_HAND):
            continue
        model = ChoiceModel("", "", fitted([choices[i] for i in inside], penalty), {})
        for one in held:
            points = model.points(one.features)
            best = points.index(max(points))
            kept = one.by_rule if points[best] < points[one.by_rule] + margin else best
            for what, number in (("rules", one.by_rule), ("model", best), ("together", kept)):
                found[what].append(one.right[number])
    shares = {what: round(sum(hits) / max(len(hits), 1), 4) for what, hits in found.items()}
    return {**shares, "reports": len(found["rules"])}
