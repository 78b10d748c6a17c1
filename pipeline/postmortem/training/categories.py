"""The classifier of root-cause categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from postmortem import vocabulary
from postmortem.classify.passage import NAMED
from postmortem.learned.calibration import reliability
from postmortem.learned.linear import LinearModel
from postmortem.training.examples import FOLDS, WEIGHTS, Example, Features, data_hash, versions
from postmortem.training.fitting import (
    NEVER,
    SEED,
    VERSION,
    Held,
    Space,
    Splits,
    group_splits,
    heads,
    held_out,
    named,
    parts_of,
    random_splits,
)
from postmortem.training.reports import Reported
from postmortem.training.scores import (
    Assignment,
    assignments,
    calibrate,
    confidences,
    per_class,
    primary_of,
    share_right,
    summary,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Logits for each point of the category that the cue phrases of the statement name. It cannot be learnt from the passages: a third
# of them are written so that phrases mislead, which in reports they seldom do. It was chosen with samples, validation reports and
# published reports in sight.
_NAMED: Final = 0.4


def root_cause_model(
    examples: Sequence[Example],
    features: Sequence[Features],
    *,
    name: str = "root_cause",
    reports: Sequence[Reported] = (),
) -> tuple[LinearModel, dict[str, Any]]:
    """Return the classifier of categories trained on `examples`, whose `features` are given (`features_of`, with the weights
    `WEIGHTS`), and on annotated `reports`, and its metrics by cross-validation over voices and hands.
    Where there are reports, its probabilities are calibrated on them."""
    import numpy as np

    count = len(examples)
    learnt = [one.rows() for one in reports]
    rows = [row for own in learnt for row in own]
    every = [*examples, *(example for example, _ in rows)]
    seen = [*features, *(found for _, found in rows)]
    splits = _splits(examples, [example.group for example, _ in rows])
    held = _named_once_more(held_out(every, seen, splits), seen)
    # Of a report, its first row is what a user would get.
    firsts = np.cumsum([0, *map(len, learnt)])[:-1] + count
    asked = [int(row) for row, one in zip(firsts, reports, strict=True) if one.features is not None]
    known = [one for one in reports if one.features is not None]
    stated = [one.example for one in known]
    passages, told = _rows(held, range(count)), _rows(held, asked)
    calibration = calibrate(stated, told) if stated else calibrate(examples, passages)
    given = assignments(passages, calibration)
    metrics: dict[str, Any] = {"by_voice": summary(examples, given), "per_class": per_class(examples, given)}
    metrics["by_voice"]["each"] = {
        voice: round(share_right(examples, given, [e.group == voice for e in examples]), 4)
        for voice in sorted({e.group for e in examples})
    }
    metrics["by_kind"] = {
        kind: {
            "count": sum(e.kind == kind for e in examples),
            "accuracy": round(share_right(examples, given, [e.kind == kind for e in examples]), 4),
        }
        for kind in sorted({e.kind for e in examples})
    }
    answers = assignments(told, calibration) if stated else given
    metrics["reliability"] = [
        {"from": low, "count": many, "mean_probability": round(mean, 4), "right": round(share, 4)}
        for low, many, mean, share in reliability(*confidences(stated or examples, answers))
    ]
    if stated:
        metrics["reports"] = _by_hand(known, answers)
    primary, second, space = heads(every, seen, tags=True)
    classes = tuple(str(label) for label in primary.classes_)
    coefficients = (
        primary.coef_ if len(classes) > 2 else np.concatenate([-primary.coef_ / 2, primary.coef_ / 2])
    )
    intercept = primary.intercept_ if len(classes) > 2 else np.array([-1, 1]) * primary.intercept_[0] / 2
    index, scales, coefficients = _with_named(space, classes, coefficients)
    width = len(index)
    unnamed = width - len(space.index)
    tags = [second.get(label) for label in classes]
    model = LinearModel(
        name=name,
        version=VERSION,
        classes=classes,
        index=index,
        scales=scales,
        weights=coefficients.T.copy(),
        bias=intercept.copy(),
        temperature=calibration.temperature,
        tag_weights=np.stack(
            [np.zeros(width) if head is None else np.pad(head.coef_[0], (0, unnamed)) for head in tags],
            axis=1,
        ),
        tag_bias=np.array([NEVER if head is None else float(head.intercept_[0]) for head in tags]),
        tag_temperature=calibration.tag_temperature,
        threshold=calibration.threshold,
        card={
            "weights": asdict(WEIGHTS),
            "named": _NAMED,
            "examples": len(examples),
            "reports": len(reports),
            "data_sha256": data_hash([*examples, *(one.example for one in reports)]),
            "seed": SEED,
            "trained_with": versions(),
        },
    )
    return model, metrics


def _splits(examples: Sequence[Example], hands: Sequence[str]) -> Splits:
    """Return five folds of whole voices and whole hands (`hands` are those of the rows behind the examples); random ones where
    there is one voice only."""
    voices = sorted({e.group for e in examples})
    if len(voices) == 1:
        return random_splits([e.primary for e in examples])
    folds = [parts_of(known, FOLDS) for known in (voices, hands)]
    return group_splits([str(folds[0][e.group]) for e in examples] + [str(folds[1][hand]) for hand in hands])


def _rows(held: Held, rows: Sequence[int]) -> Held:
    return Held(held.classes, held.logits[rows], held.tags[rows])


def _by_hand(reports: Sequence[Reported], given: Sequence[Assignment]) -> dict[str, Any]:
    """Return the share of reports whose primary category is accepted, and that by hand."""
    right = [
        primary_of(a) in (one.example.primary, *one.alternatives)
        for one, a in zip(reports, given, strict=True)
    ]
    hands = [one.example.group for one in reports]
    return {
        **summary([one.example for one in reports], given),
        "accepted": round(sum(right) / len(right), 4),
        "each": {
            hand: round(
                sum(ok for ok, own in zip(right, hands, strict=True) if own == hand) / hands.count(hand), 4
            )
            for hand in sorted(set(hands))
        },
    }


def _named_once_more(held: Held, features: Sequence[Features]) -> Held:
    return replace(held, logits=held.logits + _NAMED * named(features, held.classes))


def _with_named(
    space: Space, classes: Sequence[str], coefficients: NDArray[np.float64]
) -> tuple[Mapping[str, int], NDArray[np.float64], NDArray[np.float64]]:
    """Return the features, scales and coefficients of a model with a row more for each class that cue phrases may name."""
    import numpy as np

    known = {rule.values["category"] for rule in vocabulary.rules("categories")}
    rows = [k for k, label in enumerate(classes) if label in known]
    index = dict(space.index)
    for k in rows:
        index[NAMED + classes[k]] = len(index)
    more = np.zeros((len(classes), len(rows)))
    more[rows, range(len(rows))] = _NAMED
    return (
        index,
        np.concatenate([space.scales, np.ones(len(rows))]),
        np.concatenate([coefficients, more], axis=1),
    )
