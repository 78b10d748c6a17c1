"""The model of which of the days that a report tells it is about (`postmortem.clock.about`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from postmortem.clock.about import MARGIN, days_told, is_day
from postmortem.clock.days import Day, edtf, moments_of
from postmortem.clock.governing import days_by_rules
from postmortem.learned.choice import ChoiceModel
from postmortem.training import choices
from postmortem.training.annotated import Unseen, annotated
from postmortem.training.beside_rules import Ruled, held_out
from postmortem.training.choices import model_of
from postmortem.training.examples import report_of

# Chosen by leaving out one hand at a time; from 5 to 20 it makes no difference to speak of.
_PENALTY: Final = 5.0
# The day that the rules found and none: that is no choice.
_FEWEST: Final = 3


def load_days(data: Path, unseen: Unseen) -> list[Ruled]:
    """Return the annotated reports of a project's folder `data` (`postmortem.training.annotated`) that state when the outage
    began, each with the days that it tells: right is the one on which it did."""
    found = (
        _choice(one.text, one.facts, one.group)
        for one in annotated(data, unseen)
        if one.text and one.facts.get("outage")
    )
    return [choice for choice in found if choice is not None]


def _choice(text: str, facts: Mapping[str, Any], group: str) -> Ruled | None:
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
    _, by_rule, published = days_by_rules(report.document, moments)
    days = days_told(report.document, moments, by_rule, published)
    right = tuple(_is(one.day, accepted) for one in days)
    if not any(right) or (len(days) < _FEWEST and by_rule is not None):
        return None
    kept = next(n for n, one in enumerate(days) if is_day(one.day, by_rule))
    return Ruled(text, tuple(one.features for one in days), right, group, kept)


def _is(day: Day | None, accepted: set[str | None]) -> bool:
    if day is None:
        return None in accepted
    return any(date is not None and date[5:] == (edtf(day) or "")[5:] for date in accepted)


def models_without(days: Sequence[Ruled], groups: Iterable[str]) -> dict[str, ChoiceModel]:
    """Return for each of `groups` what the model fitted on all `days` would be without those of the group (`fitting.without`)."""
    return choices.models_without("day", days, groups, _PENALTY)


def day_model(days: Sequence[Ruled]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `days`, and its metrics (`beside_rules.held_out`)."""
    return model_of("day", days, _PENALTY), held_out(days, _PENALTY, MARGIN)
