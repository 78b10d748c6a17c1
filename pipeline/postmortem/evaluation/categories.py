"""Categories beside baselines: each class by itself, what is taken for what, and the figures of every classifier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postmortem.evaluation.fields.causes import categories, category_marks
from postmortem.evaluation.fields.common import Tallies, tally_of
from postmortem.evaluation.matching import Facts
from postmortem.evaluation.tally import Tally
from postmortem.learned.calibration import expected_calibration_error

NONE: Final = "(none)"
LEAST_CASES: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a classifier gives a report: its categories, the primary one first, and the probability of that one, if any."""

    labels: tuple[str, ...] = ()
    probability: float | None = None


Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a classifier did. `accuracy`: share of reports whose primary category (or whose silence) is right; `primary_f1` and
    `all_f1` as `evaluate` counts them; `macro_f1`: mean F1 of the classes with at least five cases; `calibration_error`:
    expected calibration error of the primary category's probability, which is that of the report stating it as a cause."""

    classifier: str
    accuracy: float
    primary_f1: float
    all_f1: float
    macro_f1: float
    calibration_error: float | None


def answers_of(records: Mapping[str, Facts]) -> dict[str, Answer]:
    """Return the categories of records (by path)."""
    found = {}
    for path, record in records.items():
        given = record.get("categories") or []
        found[path] = Answer(tuple(c["id"] for c in given), given[0]["probability"] if given else None)
    return found


def category_scores(annotations: Iterable[Facts], answers: Answers) -> dict[str, Tally]:
    """Return the tally of each category over the annotated reports, by the name of the category."""
    tallies: Tallies = {}
    for facts in annotations:
        if "categories" in facts:
            for category, right, wanted in category_marks(facts["categories"], _labels(answers, facts)):
                tally = tally_of(tallies, category)
                tally.tp += right
                tally.fn += wanted
                tally.fp += not right and not wanted
    return dict(sorted(tallies.items()))


def confusion(annotations: Iterable[Facts], answers: Answers) -> Counter[tuple[str, str]]:
    """Return how often a primary category was answered where another (or the same) is annotated: (annotated, answered).

    An accepted alternative counts as the annotated one; `NONE` stands for no category.
    """
    found: Counter[tuple[str, str]] = Counter()
    for facts in annotations:
        if "categories" in facts:
            gold = facts["categories"]
            top = next(iter(_labels(answers, facts)), None)
            wanted = top if top in gold.get("primary_alt", ()) else gold["primary"]
            found[wanted or NONE, top or NONE] += 1
    return found


def figures(name: str, annotations: Sequence[Facts], answers: Answers) -> Figures:
    """Return the figures of one classifier over the annotated reports."""
    tallies: Tallies = {"primary category": Tally(), "all categories": Tally()}
    sure: list[float] = []
    stated: list[bool] = []
    right = total = 0
    for facts in annotations:
        if "categories" not in facts:
            continue
        labels, gold = _labels(answers, facts), facts["categories"]
        categories(tallies, facts, {"categories": [{"id": label} for label in labels]})
        top = labels[0] if labels else None
        accepted = {gold["primary"], *gold.get("primary_alt", ())}
        right, total = right + (top in accepted), total + 1
        answer = answers.get(facts["file"], Answer())
        if answer.probability is not None:
            sure.append(answer.probability)
            stated.append(top in {*accepted, *gold.get("also", ()), *gold.get("also_alt", ())})
    return Figures(
        name,
        right / total if total else 1.0,
        tallies["primary category"].f1,
        tallies["all categories"].f1,
        macro_f1(annotations, answers),
        expected_calibration_error(sure, stated) if sure else None,
    )


def macro_f1(annotations: Sequence[Facts], answers: Answers) -> float:
    """Return the mean F1 of the categories that at least five annotations hold: the same ones for every classifier."""
    cases = Counter(
        label
        for facts in annotations
        if "categories" in facts
        for label in {facts["categories"]["primary"], *facts["categories"].get("also", ())}
        if label is not None
    )
    tallies = category_scores(annotations, answers)
    scores = [tallies.get(label, Tally()).f1 for label, count in cases.items() if count >= LEAST_CASES]
    return sum(scores) / len(scores) if scores else 0.0


def _labels(answers: Answers, facts: Facts) -> Sequence[str]:
    return answers.get(facts["file"], Answer()).labels
