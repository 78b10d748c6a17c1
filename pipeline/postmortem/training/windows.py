"""The model of which moments are the outage window (`postmortem.extract.outage.choice`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from postmortem.extract.outage import moments_by_rules
from postmortem.extract.outage.choice import MARGIN, is_point, pairs_of, stated_minutes
from postmortem.extract.outage.moments import Candidate
from postmortem.extract.timeline import timeline
from postmortem.learned.choice import ChoiceModel
from postmortem.training import choices
from postmortem.training.annotated import Unseen, annotated
from postmortem.training.beside_rules import Ruled, held_out
from postmortem.training.choices import model_of
from postmortem.training.examples import report_of

# An incident has one window: with more pairs of moments than this a report is not learnt from.
_MOST_PAIRS: Final = 4_000

# The weight of the penalty on the squared weights: there are more things to choose among than sentences of a report.
_PENALTY: Final = 15.0

Key = tuple[str | None, str | None]


def load_windows(data: Path, unseen: Unseen) -> list[Ruled]:
    """Return the annotated reports of a project's folder `data` (`postmortem.training.annotated`) that state when the outage
    began or ended, each with its pairs of moments: right are those that the annotation accepts."""
    found = (
        _choice(one.text, one.facts["outage"], one.group)
        for one in annotated(data, unseen)
        if one.text and one.facts.get("outage")
    )
    return [choice for choice in found if choice is not None]


def _choice(text: str, outage: Mapping[str, Any], group: str) -> Ruled | None:
    report = report_of(text)
    entries = timeline(report)
    sentences, length, by_rule = moments_by_rules(report, entries)
    pairs = pairs_of(report, entries, sentences, stated_minutes(length), by_rule)
    starts = _right({id(a): a for a, _, _ in pairs}.values(), outage.get("start"))
    ends = _right({id(b): b for _, b, _ in pairs}.values(), outage.get("end"))
    right = tuple(id(a) in starts and id(b) in ends for a, b, _ in pairs)
    if not any(right) or len(pairs) > _MOST_PAIRS:
        return None
    kept = next(
        i for i, (a, b, _) in enumerate(pairs) if is_point(a, by_rule.start) and is_point(b, by_rule.end)
    )
    return Ruled(text, tuple(features for _, _, features in pairs), right, group, kept)


def _right(found: Iterable[Candidate], wanted: Mapping[str, Any] | None) -> set[int]:
    """Return which of the candidates are the moment that is wanted, or one of its ``alt``: by date and time; where none is, by
    time alone (on which day it was is another question)."""
    accepted = [_key(wanted), *(_key(other) for other in (wanted or {}).get("alt", ()))]
    found = list(found)
    exact = {id(one) for one in found if _said(one) in accepted}
    times = {time for _, time in accepted if time is not None}
    return exact or {id(one) for one in found if _said(one)[1] in times}


def _said(one: Candidate) -> Key:
    return (None, None) if one.point is None else (one.point.date, one.point.time)


def _key(node: Mapping[str, Any] | None) -> Key:
    return (None, None) if node is None else (node.get("date"), node.get("time"))


def window_model(windows: Sequence[Ruled]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `windows`, and its metrics (`beside_rules.held_out`)."""
    return model_of("window", windows, _PENALTY), held_out(windows, _PENALTY, MARGIN)


def models_without(windows: Sequence[Ruled], groups: Iterable[str]) -> dict[str, ChoiceModel]:
    """Return for each of `groups` what the model would be without those of the group (`fitting.without`)."""
    return choices.models_without("window", windows, groups, _PENALTY)
