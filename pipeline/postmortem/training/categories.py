"""The classifier of root-cause categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from postmortem import vocabulary
from postmortem.classify.passage import NAMED
from postmortem.learned.calibration import reliability
from postmortem.learned.linear import LinearModel
from postmortem.training.examples import WEIGHTS, Example, Features, data_hash, versions
from postmortem.training.fitting import (
    NEVER,
    SEED,
    VERSION,
    Held,
    Space,
    group_splits,
    heads,
    held_out,
    named,
    random_splits,
)
from postmortem.training.scores import assignments, calibrate, confidences, per_class, share_right, summary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Logits for each point of the category that the cue phrases of the statement name. It cannot be learnt from the passages: a third
# of them are written so that phrases mislead, which in reports they seldom do. It was chosen with samples, validation reports and
# published reports in sight.
_NAMED: Final = 0.4


def root_cause_model(
    examples: Sequence[Example], features: Sequence[Features], *, name: str = "root_cause"
) -> tuple[LinearModel, dict[str, Any]]:
    """Return the classifier of categories trained on `examples`, whose `features` are given (`features_of`, with the weights
    `WEIGHTS`), and its metrics by cross-validation."""
    import numpy as np

    labels = [e.primary for e in examples]
    held = _named_once_more(held_out(examples, features, random_splits(labels)), features)
    calibration = calibrate(examples, held)
    given = assignments(held, calibration)
    metrics: dict[str, Any] = {
        "random_folds": summary(examples, given),
        "per_class": per_class(examples, given),
    }
    metrics["reliability"] = [
        {"from": low, "count": count, "mean_probability": round(mean, 4), "right": round(share, 4)}
        for low, count, mean, share in reliability(*confidences(examples, given))
    ]
    groups = [e.group for e in examples]
    if len(set(groups)) > 1:
        held = _named_once_more(held_out(examples, features, group_splits(groups)), features)
        by_group = assignments(held, calibration)
        metrics["by_voice"] = summary(examples, by_group)
        metrics["by_voice"]["each"] = {
            voice: round(share_right(examples, by_group, [e.group == voice for e in examples]), 4)
            for voice in sorted(set(groups))
        }
    metrics["by_kind"] = {
        kind: {
            "count": sum(e.kind == kind for e in examples),
            "accuracy": round(share_right(examples, given, [e.kind == kind for e in examples]), 4),
        }
        for kind in sorted({e.kind for e in examples})
    }
    primary, second, space = heads(examples, features, tags=True)
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
            "data_sha256": data_hash(examples),
            "seed": SEED,
            "trained_with": versions(),
        },
    )
    return model, metrics


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
