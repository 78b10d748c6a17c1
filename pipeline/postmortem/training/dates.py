"""The model of which of the days that a report tells it is about (`postmortem.clock.about`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postmortem.clock.about import MARGIN, days_told, is_day
from postmortem.clock.days import Day, edtf, moments_of
from postmortem.clock.governing import day_by_rules
from postmortem.learned.choice import ChoiceModel
from postmortem.training.annotated import BY_HAND, Unseen, annotated
from postmortem.training.choices import Choice, fitted, model_of
from postmortem.training.examples import report_of
from postmortem.training.fitting import group_splits

# Chosen by leaving out one hand at a time; from 5 to 20 it makes no difference to speak of.
_PENALTY: Final = 5.0
# The day that the rules found and none: that is no choice.
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Days(Choice):
    """The days that one report tells; `by_rule` is the number of that which the rules found."""

    by_rule: int


def load_days(data: Path, unseen: Unseen) -> list[Days]:
    """Return the annotated reports of a project's folder `data` (`postmortem.training.annotated`) that state when the outage
    began, each with the days that it tells: right is the one on which it did."""
    found = (
        _choice(one.text, one.facts, one.group)
        for one in annotated(data, unseen)
        if one.text and one.facts.get("outage")
    )
    return [choice for choice in found if choice is not None]


def _choice(text: str, facts: Mapping[str, Any], group: str) -> Days | None:
    start = facts["outage"].get("start")
    if start is None:
        return None
    accepted = {node.get("date") for node in (start, *start.get("alt", ()))}
    listed = Counter(entry.get("date") for entry in facts.get("timeline") or ())
    if None not in accepted and listed:
        accepted.add(max(listed, key=lambda date: listed[date]))
    report = report_of(text)
    if report.calendar.postings:
        return None
    moments = tuple(moments_of(report.mentions))
    by_rule, published = day_by_rules(report.document, moments)
    days = days_told(report.document, moments, by_rule, published)
    right = tuple(_is(one.day, accepted) for one in days)
    if not any(right) or (len(days) < _FEWEST and by_rule is not None):
        return None
    kept = next(n for n, one in enumerate(days) if is_day(one.day, by_rule))
    return Days(text, tuple(one.features for one in days), right, group, kept)


def _is(day: Day | None, accepted: set[str | None]) -> bool:
    if day is None:
        return None in accepted
    return any(date is not None and date[5:] == (edtf(day) or "")[5:] for date in accepted)


def day_model(days: Sequence[Days]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `days`, and its metrics: how often the day is right in reports of hands that the model was not
    trained on: that of the rules alone, the likeliest, and the two together."""
    found: dict[str, list[bool]] = {"rules": [], "model": [], "together": []}
    for inside, outside in group_splits([one.group for one in days]):
        held = [days[i] for i in outside]
        if not held[0].group.startswith(BY_HAND):
            continue
        model = ChoiceModel("", "", fitted([days[i] for i in inside], _PENALTY), {})
        for one in held:
            points = model.points(one.features)
            best = points.index(max(points))
            kept = one.by_rule if points[best] < points[one.by_rule] + MARGIN else best
            for what, number in (("rules", one.by_rule), ("model", best), ("together", kept)):
                found[what].append(one.right[number])
    metrics: dict[str, Any] = {what: round(sum(hits) / max(len(hits), 1), 4) for what, hits in found.items()}
    return model_of("day", days, _PENALTY), metrics | {"reports": len(found["rules"])}
