"""The model of which items and sentences are actions (`postmortem.extract.actions.choice`)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postmortem.extract.actions import by_rules
from postmortem.extract.actions.choice import THRESHOLD, in_company
from postmortem.extract.actions.units import Unit, features, units
from postmortem.learned.choice import ChoiceModel
from postmortem.report import Report
from postmortem.training.annotated import Unseen, annotated
from postmortem.training.examples import report_of
from postmortem.training.fitting import chooser, logistic
from postmortem.training.sequences import written

# A feature that fewer reports have is not learnt from.
_LEAST_REPORTS: Final = 5
# The inverse of the penalty's weight.
_STRENGTH: Final = 2.0
_DIGITS: Final = 4
# The group of the narratives, which are learnt from and not measured on.
_NARRATED: Final = "narratives"
_MOST_WORDS: Final = (8, 5, 3)
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Marked:
    """The units of one report and their features; `right` says which are actions, None where either answer is. `group` is the
    set that the report belongs to."""

    text: str
    units: tuple[Unit, ...]
    features: tuple[Mapping[str, float], ...]
    right: tuple[bool | None, ...]
    group: str


def load_actions(data: Path, unseen: Unseen) -> list[Marked]:
    """Return the annotated reports of a project's folder `data` and the narratives of its training data, marked."""
    return [*_marked_reports(data, unseen), *_narrated(sorted((data / "training").glob("roles_*.jsonl")))]


def _marked_reports(data: Path, unseen: Unseen) -> Iterator[Marked]:
    for one in annotated(data, unseen):
        if "actions" not in one.facts or not one.text:
            continue
        report = report_of(one.text)
        used: set[int] = set()
        starts = [_place(report, said, used) for said in one.facts["actions"]]
        free = [_place(report, said, used) for said in one.facts.get("actions_optional", ())]
        every = units(report)
        yield _marked(
            one.text,
            report,
            every,
            [_holds(u, starts) or (None if _holds(u, free) else False) for u in every],
            one.group,
        )


def _narrated(paths: Iterable[Path]) -> Iterator[Marked]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text, told = written(row["sections"], row["style"])
            report = report_of(text)
            every = units(report)
            actions = [(start, end) for start, end, role in told if role == "action"]
            right = [any(a < u.end and u.start < b for a, b in actions) for u in every]
            yield _marked(text, report, every, right, _NARRATED)


def _marked(
    text: str, report: Report, every: Sequence[Unit], right: Sequence[bool | None], group: str
) -> Marked:
    ruled = by_rules(report.document)
    return Marked(text, tuple(every), tuple(features(report, every, ruled)), tuple(right), group)


def _holds(unit: Unit, starts: Sequence[int]) -> bool:
    return any(unit.start <= start < unit.end for start in starts)


def _place(report: Report, said: str, used: set[int]) -> int:
    """Return where an annotated action begins, -1 where it is not found; `used` are the places of others."""
    known = _WORD.findall(said)
    for most in _MOST_WORDS:
        pattern = re.compile(r"\W{1,12}".join(map(re.escape, known[:most])), re.IGNORECASE)
        places = [m.start() for m in pattern.finditer(report.document.plain) if m.start() not in used]
        if places:
            used.add(places[-1])
            return places[-1]
    return -1


def actions_model(reports: Sequence[Marked]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `reports`, and its metrics: how well it does on each set when trained on all others."""
    groups = sorted({report.group for report in reports} - {_NARRATED})
    held: dict[int, list[float]] = {}
    for group in groups:
        known = fitted([report for report in reports if report.group != group])
        held |= {i: _points(known, r.features) for i, r in enumerate(reports) if r.group == group}
    judged = {i: in_company(reports[i].units, reports[i].features, held[i]) for i in held}
    each: dict[str, Any] = {}
    for group in groups:
        second = _second(reports, {i: own for i, own in judged.items() if reports[i].group != group})
        inside = [i for i in judged if reports[i].group == group]
        each[group] = {
            "rules": _f1((reports[i].right, ["rule" in own for own in reports[i].features]) for i in inside),
            "model": _f1(
                (reports[i].right, [p > THRESHOLD for p in _points(second, judged[i])]) for i in inside
            ),
        }
    card = {
        "examples": len(reports),
        "units": sum(len(report.right) for report in reports),
        "strength": _STRENGTH,
    }
    told = ((report.text, report.right) for report in reports)
    return chooser("actions", fitted(reports) | _second(reports, judged), told, card), {"each": each}


def fitted(reports: Sequence[Marked]) -> dict[str, float]:
    """Return the weights of the first look."""
    count = Counter(name for report in reports for name in {name for own in report.features for name in own})
    names = sorted(name for name, times in count.items() if times >= _LEAST_REPORTS)
    return _weights([(own, right) for r in reports for own, right in _judged(r, r.features)], names)


def _second(
    reports: Sequence[Marked], judged: Mapping[int, Sequence[Mapping[str, float]]]
) -> dict[str, float]:
    """Return the weights of the second look, fitted on points of reports that were held out."""
    pairs = [pair for i, seen in judged.items() for pair in _judged(reports[i], seen)]
    return _weights(pairs, sorted({name for own, _ in pairs for name in own}))


def _judged(report: Marked, seen: Sequence[Mapping[str, float]]) -> list[tuple[Mapping[str, float], bool]]:
    return [(own, yes) for own, yes in zip(seen, report.right, strict=True) if yes is not None]


def _weights(pairs: Sequence[tuple[Mapping[str, float], bool]], names: Sequence[str]) -> dict[str, float]:
    """Return the weights of a logistic regression over the features called `names`, those of no weight left out."""
    return logistic([(own, yes, 1.0) for own, yes in pairs], names, _STRENGTH, _DIGITS)


def _points(weights: Mapping[str, float], seen: Iterable[Mapping[str, float]]) -> list[float]:
    return ChoiceModel("", "", weights, {}).points(seen)


def _f1(answers: Iterable[tuple[Sequence[bool | None], Sequence[bool]]]) -> float:
    """Return the F1 of the answers over the units of several reports, those left out where either is right."""
    pairs = [pair for right, said in answers for pair in zip(right, said, strict=True) if pair[0] is not None]
    hits = sum(bool(yes and said) for yes, said in pairs)
    return round(2 * hits / max(sum(bool(yes) + said for yes, said in pairs), 1), 4)
