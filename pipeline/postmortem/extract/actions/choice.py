"""Which items and sentences are actions: a yes or no for each of them, weighed in the company that it stands in.

The rules know the headings and turns of phrase that they were written for. Here each unit has features (its words, what
introduces it, what the rules found, how its neighbours look), and what they are worth was learnt from annotated reports
(``models/actions``). The points of a unit are the logarithm of the odds that it is an action (logistic regression). They
are worked out twice, the second time with the points of the others of its list or paragraph in sight: actions come together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Final

from postmortem.document import Document
from postmortem.extract.actions.items import is_struck
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.prose import LED, parts_of
from postmortem.extract.actions.units import Unit, features, grouped, taken, units
from postmortem.extract.actions.wording import GROUP_END, TASK_LABEL, is_report, is_skipped, words_of
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.packaged import choice_model
from postmortem.report import Report

# From so many points on a unit is an action: where that is likelier than not.
THRESHOLD: Final = 0.0
# Where the rules found others in sections or rows named after them. Published reports would have it higher, annotated ones lower.
_NAMED: Final = 2.0
# What this rule finds is none up to so many points.
_LOOSE: Final = "actions.commitment"
_REFUSED: Final = -1.5
# What the best of a group tells of the others, at least and at most.
_LEAST, _MOST = -4.0, 3.0


def settled(report: Report, ruled: Sequence[Found]) -> list[Found]:
    """Return the actions of a report, given those that the rules found: without what is unlikely, and with the units that are
    likely and have none. What stands in no unit (a row, a heading) is left as it is."""
    every = units(report)
    if not every:
        return list(ruled)
    model = default_model()
    seen = features(report, every, ruled)
    points = model.points(in_company(every, seen, model.points(seen)))
    refused = [unit for unit, own in zip(every, points, strict=True) if own <= _REFUSED]
    found = [
        item
        for item in ruled
        if item.rule != _LOOSE or not any(u.start <= item.start < u.end for u in refused)
    ]
    least = _NAMED if any(item.rule != _LOOSE for item in ruled) else THRESHOLD
    for unit, own in _free(report.document, every, points, ruled):
        if own > least:
            found += _found_in(report.document, unit, model.rule)
    return found


def _free(
    document: Document, every: Sequence[Unit], points: Sequence[float], ruled: Sequence[Found]
) -> Iterator[tuple[Unit, float]]:
    """The units that the rules left, with their points, but for what belongs to an action: what stands in the section of a table
    of actions, in a list below one, or behind one that its paragraph explains."""
    sections = document.sections
    tables = {
        bisect_right(sections, item.start, key=attrgetter("start")) - 1
        for item in ruled
        if item.rule == "actions.row"
    }
    led = [item.start for item in ruled if item.rule == LED]
    explained = {unit.group for unit in every if any(unit.start <= start < unit.end for start in led)}
    above: int | None = None
    for unit, own, hit in zip(every, points, taken(every, ruled), strict=True):
        if unit.item is None or (above is not None and unit.item.depth <= above):
            above = None
        if hit is not None and unit.item is not None and above is None:
            above = unit.item.depth
        elif not (hit is not None or unit.group in explained or unit.zone.key[0] in tables) and above is None:
            yield unit, own


def in_company(
    every: Sequence[Unit], seen: Sequence[Mapping[str, float]], points: Sequence[float]
) -> list[dict[str, float]]:
    """Return the features of the second look: of each unit its own points, and the best of the others in its group."""
    found = []
    for first, last in grouped(every):
        clipped = [min(max(own, _LEAST), _MOST) for own in points[first:last]]
        *_, second, best = (0.0, 0.0, *sorted(clipped)) if last - first > 1 else (0.0, 0.0)
        for number in range(first, last):
            own = {"then.1": 1.0, "then.own": points[number]}
            own["then.best"] = best if clipped[number - first] < best else second
            if "rule" in seen[number]:
                own["then.rule"] = 1.0
            if number == first:
                own["then.first"] = 1.0
            if number == last - 1:
                own["then.last"] = 1.0
            if last - first == 1:
                own["then.single"] = 1.0
            found.append(own)
    return found


def _found_in(document: Document, unit: Unit, rule: str) -> Iterator[Found]:
    """The actions of a unit that the model takes: none where it only introduces others."""
    start = unit.start
    if label := TASK_LABEL.match(document.plain, start, unit.end):
        start = label.end()
    text = words_of(document, start, unit.end)
    if GROUP_END.search(text) or text.endswith("?") or is_skipped(text) or is_report(text):
        return
    if unit.item is not None and is_struck(document, unit.start, unit.end):
        return
    for low, high in parts_of(document.plain, start, unit.end):
        yield Found(low, high, rule)


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("actions")
