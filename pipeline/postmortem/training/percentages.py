"""The model of which percentages say how much was harmed (`postmortem.extract.impact.weighing`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postmortem.extract.impact.mentions import Mention, mentions
from postmortem.extract.impact.numbers import number
from postmortem.extract.impact.percentages import is_refused
from postmortem.extract.impact.weighing import THRESHOLD, features, is_standing
from postmortem.learned.choice import ChoiceModel
from postmortem.training.annotated import Annotated, Unseen, annotated
from postmortem.training.examples import report_of
from postmortem.training.fitting import chooser, group_splits, random_splits

# A feature that fewer reports have is not learnt from.
_LEAST_REPORTS: Final = 3
# The inverse of the weight of the penalty on the squared weights.
_LOOSENESS: Final = 0.6
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """A percentage of a report: its features, whether the rules refuse it, and whether it says how much was harmed. `group` is
    the set that the report belongs to."""

    report: str
    features: Mapping[str, float]
    refused: bool
    right: bool
    group: str


def load_percentages(data: Path, unseen: Unseen) -> list[Weighed]:
    """Return the percentages in the annotated reports of a project's folder `data` (`postmortem.training.annotated`), without
    those that an annotation leaves open."""
    return [weighed for one in annotated(data, unseen) for weighed in _weighed(one)]


def _weighed(one: Annotated) -> Iterator[Weighed]:
    if "impact_percentages" not in one.facts:
        return
    figures = one.facts["impact_percentages"]
    harm = {value for item in figures if not item.get("optional") for value in _ends(item)}
    free = {value for item in figures if item.get("optional") for value in _ends(item)}
    free |= {value for item in one.facts.get("percentages_ignored", ()) for value in _ends(item)}
    for mention in mentions(report_of(one.text)):
        told = _told(mention)
        if told & harm or not told & free:
            said = features(mention)
            refused = is_refused(mention) or is_standing(said)
            yield Weighed(one.text, said, refused, bool(told & harm), one.group)


def _ends(item: Mapping[str, Any]) -> list[float]:
    return [number(str(item[key])) for key in ("value", "upper") if item.get(key) is not None]


def _told(mention: Mention) -> set[float]:
    return {number(mention.match[key]) for key in ("low", "high") if mention.match[key]}


def percentage_model(percentages: Sequence[Weighed]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `percentages`, and its metrics by cross-validation, with what the rules refuse refused."""
    texts = [one.report for one in percentages]
    metrics = {
        "random_folds": _held_out(percentages, random_splits(["" for _ in percentages])),
        "by_set": _held_out(percentages, group_splits([one.group for one in percentages])),
        "all_not_refused": _scores(percentages, [True for _ in percentages]),
    }
    card = {"examples": len(percentages), "reports": len(set(texts)), "looseness": _LOOSENESS}
    told = ((one.report, [*sorted(one.features), one.right]) for one in percentages)
    return chooser("impact", fitted(percentages), told, card), metrics


def fitted(percentages: Sequence[Weighed]) -> dict[str, float]:
    """Return the weights of a regularised logistic regression on those of `percentages` that the rules do not refuse: the model
    is asked of no others."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    percentages = [one for one in percentages if not one.refused]
    reports = Counter(
        name for _, name in {(one.report, name) for one in percentages for name in one.features}
    )
    known = {name for name, count in reports.items() if count >= _LEAST_REPORTS}
    space = DictVectorizer(sparse=False)
    matrix = space.fit_transform(
        [{n: v for n, v in one.features.items() if n in known} for one in percentages]
    )
    head = LogisticRegression(C=_LOOSENESS, max_iter=2_000, fit_intercept=False)
    head.fit(matrix, [one.right for one in percentages])
    weights = zip(space.get_feature_names_out(), head.coef_[0], strict=True)
    return {str(name): rounded for name, weight in weights if (rounded := round(float(weight), _DIGITS))}


def _held_out(
    percentages: Sequence[Weighed], splits: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> dict[str, float]:
    likely = [False for _ in percentages]
    for inside, outside in splits:
        model = ChoiceModel("", "", fitted([percentages[i] for i in inside]), {})
        for i, points in zip(outside, model.points(percentages[i].features for i in outside), strict=True):
            likely[i] = points > THRESHOLD
    return _scores(percentages, likely)


def _scores(percentages: Sequence[Weighed], likely: Sequence[bool]) -> dict[str, float]:
    taken = [yes and not one.refused for one, yes in zip(percentages, likely, strict=True)]
    hits = sum(one.right for one, yes in zip(percentages, taken, strict=True) if yes)
    wanted, given = sum(one.right for one in percentages), sum(taken)
    return {
        "precision": round(hits / max(given, 1), 4),
        "recall": round(hits / max(wanted, 1), 4),
        "f1": round(2 * hits / max(wanted + given, 1), 4),
    }
