"""Sentences of reports of which is known how it was noticed, but not which sentence says so: what they are taken to say.

A model that was trained on labelled sentences marks them: the likeliest sentence for the known method tells it, what it takes for
nothing says nothing, and the doubtful ones are left out. A model trained with these marks marks them better (self-training).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postmortem.extract import detection_choice, noticing
from postmortem.extract.noticing import NOTHING
from postmortem.training.annotated import Annotated, annotated
from postmortem.training.examples import Features, report_of

_DETECTION: Final = "detection"
# What speaks for a sentence besides what it says, as logarithms of odds: a section or field named after the detection, the
# first sentence there, the first entry of that phase; a section that speaks of the future.
_NAMED: Final = 1.5
_OPENS: Final = 0.7
_ENTERED: Final = 1.0
_ASIDE: Final = -2.0
_LATER: Final = frozenset({"actions", "lessons"})
# The least logarithm for a sentence to be marked, and how much less than the likeliest makes another doubtful.
_LEAST: Final = -3.0
_NEAR: Final = 1.0
# A sentence that says nothing with at least this probability is marked so.
_SURE: Final = 0.5
_EDGE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A report: its group, the methods that are right (none: it does not say), and of each sentence the features and what speaks
    for it besides what it says."""

    group: str
    methods: tuple[str, ...]
    sentences: tuple[Features, ...]
    odds: tuple[float, ...]


def load_unmarked(data: Path) -> list[Unmarked]:
    """Return the annotated reports of a project's folder `data` of which is known how it was noticed."""
    return [_unmarked(one) for one in annotated(data) if one.text and _DETECTION in one.facts]


def _unmarked(one: Annotated) -> Unmarked:
    report = report_of(one.text)
    entries = one.facts.get("timeline") or ()
    first = next((entry["text"] for entry in entries if entry["phase"] == _DETECTION), "")
    sentences, odds, begun = [], [], set()
    for zone, _, spoken in report.account.passages:
        named = detection_choice.named(report, zone)
        for told in spoken:
            heard = noticing.heard(detection_choice.untimed(report, told))
            sentences.append(Features(heard.bag, heard.signals))
            likely = _NAMED + _OPENS * (zone.key not in begun) if named else 0.0
            likely += _ENTERED if report.document.quote(told.start, told.end) in first else 0.0
            odds.append(likely + (_ASIDE if zone.names & _LATER else 0.0))
            begun.add(zone.key)
    return Unmarked(one.group, tuple(one.facts[_DETECTION]), tuple(sentences), tuple(odds))


def marked(report: Unmarked, classes: Sequence[str], chances: Any) -> list[str | None]:
    """Return what each sentence of a report is taken to say, a method or `NOTHING`, None where that is in doubt. `chances` are a
    model's, a row of `classes` for each sentence."""
    nothing = classes.index(NOTHING)
    found: list[str | None] = [NOTHING if row[nothing] > _SURE else None for row in chances]
    likely = [
        max((math.log(row[classes.index(m)] + _EDGE) + odd, m) for m in report.methods)
        for row, odd in zip(chances, report.odds, strict=True)
        if report.methods
    ]
    if likely:
        best = max(range(len(likely)), key=lambda k: (likely[k][0], -k))
        for number, (odds, _) in enumerate(likely):
            if odds > max(_LEAST, likely[best][0] - _NEAR):
                found[number] = None
        if likely[best][0] > _LEAST:
            found[best] = likely[best][1]
    return found
