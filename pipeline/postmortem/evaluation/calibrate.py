"""``python -m postmortem.evaluation.calibrate``: the numbers behind the confidence of each field, and their card.

Fitted on the reports of this project alone: those that neither a rule was written for nor a model was trained on count as they
are; all others help to weigh the features but have an intercept of their own, which is thrown away. With so few reports most
features are settled by what one would expect before looking: a reason to doubt divides the odds by about two, give or take (a
normal prior on each weight), and the reports move that where they say enough.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from postmortem.assemble import incidents
from postmortem.confidence import FORMAT, Logistic
from postmortem.confidence.features import WORDS, features
from postmortem.evaluation import evaluate, read_annotations
from postmortem.evaluation.confidence_card import card
from postmortem.evaluation.matching import Facts
from postmortem.evaluation.tally import Tally
from postmortem.learned.calibration import expected_calibration_error, reliability
from postmortem.read import read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION: Final = "1.0"
# Which annotated facts make a field right, and which key of an annotation says that they were annotated.
JUDGED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "outage": (
        "outage",
        ("window start", "window end", "window utc offset", "duration minutes", "stated duration minutes"),
    ),
    "impact": ("impact_percentages", ("impact percentages", "impact of what")),
    "timeline": ("timeline", ("timeline entries", "timeline dates", "timeline range ends")),
    "statement": ("root_cause", ("root cause",)),
    "root_cause": ("categories", ("root cause", "primary category")),
    "actions": ("actions", ("actions",)),
}
# Expected before looking: the mean of a weight (counts, as logarithms, weigh less) and how far it may be off.
_DOUBT: Final = -0.7
_COUNT: Final = -0.25
_TRUST: Final = 0.7
_SPREAD: Final = 0.6
_INTERCEPT: Final = (2.5, 1.0)
_COUNTS: Final = frozenset({"several", "many", "left_over", "length"})
_TRUSTED: Final = frozenset({"confirmed"})
# Saying nothing is no reason to doubt by itself.
_OPEN: Final = frozenset({"silent", "further"})
# The sets of reports that nothing was tuned to.
_UNTUNED: Final = ("validation5", "validation6", "validation7", "validation8")
_STEPS: Final = 50
_FAINT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Case:
    """One report: its features by field, which fields are right (those annotated), whether anything was tuned on it."""

    values: Mapping[str, Mapping[str, float]]
    right: Mapping[str, bool]
    tuned: bool = False


def cases(gold: Path, documents: Path, *, tuned: bool = False) -> list[Case]:
    """Return a case for each annotated report that is one. Raises as `read_annotations` and `read`."""
    found = []
    for facts in read_annotations(gold):
        incident = incidents(read(documents / facts["file"], name=facts["file"]), with_text=True)[0]
        if incident.status != "ok":
            continue
        record = incident.to_dict()
        record["source"]["path"] = facts["file"]
        tallies = evaluate([facts], [record], documents)
        found.append(Case(features(incident, incident.source.text or ""), _right(facts, tallies), tuned))
    return found


def _right(facts: Facts, tallies: Mapping[str, Tally]) -> dict[str, bool]:
    return {
        field: not any(tallies[name].errors for name in names if name in tallies)
        for field, (key, names) in JUDGED.items()
        if key in facts
    }


def fit(given: Sequence[Case], field: str) -> Logistic:
    """Return the likeliest numbers for a field, given the priors (Newton's method, its steps halved where they lead uphill)."""
    import numpy as np

    judged = [case for case in given if field in case.right]
    names = list(WORDS[field])
    rows = np.array([_row(case, field, names) for case in judged]).reshape(len(judged), len(names) + 2)
    right = np.array([case.right[field] for case in judged], dtype=float)
    mean = np.array([_INTERCEPT[0], *map(_expected, names), 0.0])
    precision = np.array([1 / _INTERCEPT[1] ** 2, *[1 / _SPREAD**2] * len(names), 1.0])

    def loss(weights: NDArray[np.float64]) -> float:
        misfit = np.logaddexp(0.0, np.where(right == 1, -1, 1) * (rows @ weights)).sum()
        return float(misfit + (precision * (weights - mean) ** 2).sum() / 2)

    weights = mean.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (right - p) - precision * (weights - mean)
        curvature = (rows * (p * (1 - p))[:, None]).T @ rows + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        while loss(weights + step) > loss(weights) and np.abs(step).max() > _FAINT:
            step = step / 2
        weights = weights + step
        if np.abs(step).max() < _FAINT:
            break
    rounded = [round(float(w), 4) for w in weights]
    return Logistic(rounded[0], dict(zip(names, rounded[1:-1], strict=True)))


def _row(case: Case, field: str, names: Sequence[str]) -> list[float]:
    values = case.values[field]
    return [1.0, *(values.get(name, 0.0) for name in names), float(case.tuned)]


def _expected(name: str) -> float:
    if name in _OPEN:
        return 0.0
    return _TRUST if name in _TRUSTED else _COUNT if name in _COUNTS else _DOUBT


def held_out(given: Sequence[Case], field: str) -> tuple[list[float], list[bool]]:
    """Return for each untuned report the probability from numbers fitted on all others, and whether the field is right."""
    asked = [k for k, case in enumerate(given) if field in case.right and not case.tuned]
    said = [fit([*given[:k], *given[k + 1 :]], field).probability(given[k].values[field]) for k in asked]
    return said, [given[k].right[field] for k in asked]


def judged_by(
    model: Mapping[str, Logistic], given: Sequence[Case], field: str
) -> tuple[list[float], list[bool]]:
    """Return the probability that a model gives each report, and whether the field is right."""
    asked = [case for case in given if field in case.right]
    return [model[field].probability(case.values[field]) for case in asked], [
        case.right[field] for case in asked
    ]


def figures(said: Sequence[float], right: Sequence[bool]) -> dict[str, float | int | None]:
    """Return how well probabilities do: reports, share right, mean probability, Brier score (and that of saying the share
    right throughout), expected calibration error, and the area under the ROC curve (None where all are right or wrong)."""
    n = len(said)
    share = sum(right) / n
    return {
        "reports": n,
        "right": round(share, 4),
        "mean_probability": round(sum(said) / n, 4),
        "brier": round(sum((p - r) ** 2 for p, r in zip(said, right, strict=True)) / n, 4),
        "brier_of_share": round(share * (1 - share), 4),
        "expected_calibration_error": round(expected_calibration_error(said, right, 5), 4),
        "auc": _auc(said, right),
    }


def _auc(said: Sequence[float], right: Sequence[bool]) -> float | None:
    good = [p for p, r in zip(said, right, strict=True) if r]
    bad = [p for p, r in zip(said, right, strict=True) if not r]
    if not good or not bad:
        return None
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return round(wins / (len(good) * len(bad)), 4)


def metrics(
    model: Mapping[str, Logistic], given: Sequence[Case], published: Sequence[Case]
) -> dict[str, Any]:
    """Return the figures of the card: each field held out, all fields together, and on `published` reports, if any."""
    each = {field: held_out(given, field) for field in JUDGED}
    said = [p for probabilities, _ in each.values() for p in probabilities]
    right = [r for _, outcome in each.values() for r in outcome]
    found: dict[str, Any] = {
        "held_out": {field: figures(*pair) for field, pair in each.items()},
        "all_fields": figures(said, right),
        "reliability": [
            {"from": low, "count": count, "mean_probability": round(mean, 4), "right": round(share, 4)}
            for low, count, mean, share in reliability(said, right)
        ],
    }
    if published:
        found["published"] = {field: figures(*judged_by(model, published, field)) for field in JUDGED}
    return found


def data_hash(folders: Sequence[Path]) -> str:
    """Return the SHA-256 of the annotation files of folders, in the order of their names."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.glob("*.json")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--corpus", type=click.Path(path_type=Path), default=Path("../shared"), show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("models/confidence"), show_default=True
)
def main(data: Path, corpus: Path, output: Path) -> None:
    """Fit the confidence of each field anew, and write its numbers, figures and card."""
    sets = [folder for folder in sorted(data.iterdir()) if (folder / "expected").is_dir()]
    given = [
        case
        for folder in sets
        for case in cases(folder / "expected", folder / "reports", tuned=folder.name not in _UNTUNED)
    ]
    given += cases(data / "expected", data / "samples", tuned=True)
    gold = corpus / "evaluation" / "gold.jsonl"
    published = cases(gold, corpus / "corpus") if gold.is_file() else []
    model = {field: fit(given, field) for field in JUDGED}
    facts = {
        "version": VERSION,
        "expected": {"doubt": _DOUBT, "count": _COUNT, "trust": _TRUST, "spread": _SPREAD},
        "untuned": sum(not case.tuned for case in given),
        "tuned": sum(case.tuned for case in given),
        "data_sha256": data_hash([*(folder / "expected" for folder in sets), data / "expected"]),
    }
    found = metrics(model, given, published)
    numbers = {field: asdict(logistic) for field, logistic in model.items()}
    stored = {"format": FORMAT, "name": "confidence", **facts, "fields": numbers}
    output.mkdir(parents=True, exist_ok=True)
    for name, words in (
        ("model.json", json.dumps(stored, indent=1) + "\n"),
        ("metrics.json", json.dumps(found, indent=1) + "\n"),
        ("CARD.md", card(model, facts, found)),
    ):
        (output / name).write_text(words, encoding="utf-8")
        click.echo(output / name)


if __name__ == "__main__":
    main()
