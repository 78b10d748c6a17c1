"""The model of which lines are headings by their looks (`postmortem.normalize.looks`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postmortem.learned.choice import ChoiceModel, weighed
from postmortem.learned.features import words
from postmortem.normalize.build import build
from postmortem.normalize.levels import Line
from postmortem.normalize.looks import LEAST, Around, features, may_look_like_heading
from postmortem.training.annotated import Annotated, annotated
from postmortem.training.fitting import chooser, group_splits, logistic, without

_NAME: Final = "lines"
# A feature that fewer reports have is not learnt from.
_LEAST_REPORTS: Final = 2
# The inverse of the penalty's weight.
_STRENGTH: Final = 1.0
_DIGITS: Final = 4
# What the rules take for a heading shows what headings look like, but it is not on these that the model is asked.
_RULED: Final = 0.5
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_HTML: Final = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class Lined:
    """The lines of one report that may be headings by their looks: their words, features, whether the rules say that they are
    headings (`ruled`), and whether they are. `group` is the set that the report belongs to."""

    texts: tuple[str, ...]
    features: tuple[Mapping[str, float], ...]
    ruled: tuple[bool, ...]
    right: tuple[bool, ...]
    group: str


def load_lines(data: Path) -> list[Lined]:
    """Return the annotated reports of a project's folder `data` (`postmortem.training.annotated`), their lines marked."""
    return [_lined(one) for one in annotated(data) if "headings" in one.facts and one.text]


def _lined(report: Annotated) -> Lined:
    seen: list[tuple[Line, Around, bool]] = []

    def judge(line: Line, around: Around, ruled: int) -> int:
        if may_look_like_heading(line):
            seen.append((line, around, ruled > 0))
        return ruled

    build(report.text, by_rule=True, judge=judge)
    kept = [
        (line, around, ruled, right)
        for line, around, ruled in seen
        if (right := _is_heading(line, around, report)) is not None
    ]
    return Lined(
        tuple(line.content for line, _, _, _ in kept),
        tuple(features(line, around) for line, around, _, _ in kept),
        tuple(ruled for _, _, ruled, _ in kept),
        tuple(right for _, _, _, right in kept),
        report.group,
    )


def _is_heading(line: Line, around: Around, report: Annotated) -> bool | None:
    """Is a line annotated as a heading? None where it may or may not be called one."""
    wanted = report.facts["headings"]
    if report.facts["file"].lower().endswith(_HTML):
        # Their lines are those of the file, not of the text in it.
        said = words(line.content.lower())
        found = [h for h in wanted if words(_TAG.sub(" ", h["text"].lower())) == said]
        free = False
    else:
        number = report.text.count("\n", 0, around.start) + 1
        found = [h for h in wanted if h["line"] == number]
        free = number in report.facts.get("headings_ignored", ())
    return None if free or any(h.get("optional") for h in found) else bool(found)


def lines_model(reports: Sequence[Lined]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `reports`, and its metrics: of the lines that no rule takes for a heading, how many are
    headings, how many of these the model finds when trained on all other sets, and how many others it takes for one."""
    found = dict.fromkeys(("headings", "found", "spurious"), 0)
    each: dict[str, dict[str, int]] = {}
    for inside, outside in group_splits([one.group for one in reports]):
        weights = fitted([reports[i] for i in inside])
        told = [
            (right, weighed(weights, own) >= LEAST)
            for i in outside
            for own, ruled, right in zip(reports[i].features, reports[i].ruled, reports[i].right, strict=True)
            if not ruled
        ]
        own = {
            "headings": sum(right for right, _ in told),
            "found": sum(right and said for right, said in told),
            "spurious": sum(said and not right for right, said in told),
        }
        each[reports[outside[0]].group] = own
        found = {name: count + own[name] for name, count in found.items()}
    card = {"examples": len(reports), "lines": sum(len(one.right) for one in reports), "strength": _STRENGTH}
    told_of = ((" | ".join(one.texts), one.right) for one in reports)
    return chooser(_NAME, fitted(reports), told_of, card), {**found, "each": each}


def models_without(reports: Sequence[Lined], groups: Iterable[str]) -> dict[str, ChoiceModel]:
    """Return for each of `groups` what the model would be without the reports of the group (`fitting.without`)."""
    return without(
        groups,
        lambda left_out: ChoiceModel(
            _NAME, "", fitted([one for one in reports if one.group not in left_out]), {}
        ),
    )


def fitted(reports: Sequence[Lined]) -> dict[str, float]:
    """Return the weights of the model."""
    count = Counter(name for one in reports for name in {name for own in one.features for name in own})
    names = sorted(name for name, times in count.items() if times >= _LEAST_REPORTS)
    rows = [
        (own, right, _RULED if ruled and right else 1.0)
        for one in reports
        for own, ruled, right in zip(one.features, one.ruled, one.right, strict=True)
    ]
    return logistic(rows, names, _STRENGTH, _DIGITS)
