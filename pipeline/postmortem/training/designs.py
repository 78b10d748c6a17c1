"""Designs of the classifier compared on the same folds, and how more data would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from postmortem.classify import NO_CAUSE
from postmortem.classify.cues import categories
from postmortem.classify.passage import Weights
from postmortem.extract.root_cause import root_cause
from postmortem.record import RootCause
from postmortem.training.examples import FOLDS, Example, Features, features_of, report_of
from postmortem.training.fitting import (
    SEED,
    STRENGTH,
    TOLERANCE,
    Space,
    Splits,
    group_splits,
    held_out,
    random_splits,
)
from postmortem.training.scores import Assignment, Calibration, accuracy, assignments, per_class

CHOSEN: Final = "statement and surroundings, with cue phrases (chosen)"
# The categories that name a component (TAXONOMY: where it broke); all others name a mechanism or no cause.
_COMPONENTS: Final = frozenset({"database", "network", "infrastructure", "hardware", "third_party"})


def compare(examples: Sequence[Example], chosen: Sequence[Features]) -> list[dict[str, Any]]:
    """Return how designs of the classifier do on the same folds, random and by voice: one row each. `chosen` are the features of
    the `examples` as they are read for the classifier."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    statement_only = [features_of(e.text, Weights()) for e in examples]
    whole = [features_of(e.text, whole=True) for e in examples]
    without = [Features(f.bag, {}) for f in chosen]
    labels = [e.primary for e in examples]

    def one_against_rest() -> Any:
        return OneVsRestClassifier(LogisticRegression(C=STRENGTH, tol=TOLERANCE, max_iter=500))

    def support_vectors() -> Any:
        return LinearSVC(C=0.5, random_state=SEED)

    def logistic() -> Any:
        return LogisticRegression(C=STRENGTH, tol=TOLERANCE, max_iter=500)

    cue_phrases = [_by_cues(e.text) for e in examples]
    majority = Counter(labels).most_common(1)[0][0]
    designs: list[tuple[str, Callable[[Splits], list[str]]]] = [
        ("always the commonest category", lambda _: [majority] * len(labels)),
        ("cue phrases alone, no learning", lambda _: cue_phrases),
        (
            "whole text, no cue phrases (plain TF-IDF)",
            lambda s: _designed(labels, [Features(f.bag, {}) for f in whole], s, logistic),
        ),
        ("whole text, with cue phrases", lambda s: _designed(labels, whole, s, logistic)),
        ("statement alone, with cue phrases", lambda s: _designed(labels, statement_only, s, logistic)),
        ("statement and surroundings, no cue phrases", lambda s: _designed(labels, without, s, logistic)),
        (CHOSEN, lambda s: _designed(labels, chosen, s, logistic)),
        ("the same, one against rest", lambda s: _designed(labels, chosen, s, one_against_rest)),
        ("the same, mechanism first, then component", lambda s: _in_two_steps(labels, chosen, s, logistic)),
        ("the same, hinge loss (linear SVM)", lambda s: _designed(labels, chosen, s, support_vectors)),
    ]
    rows = []
    for name, predict in designs:
        row: dict[str, Any] = {"design": name}
        for how, splits in (
            ("random", random_splits(labels)),
            ("by_voice", group_splits([e.group for e in examples])),
        ):
            given = [Assignment((label,) if label else (), 1.0) for label in predict(splits)]
            row[how] = round(accuracy(examples, given), 4)
            if how == "random":
                scores = per_class(examples, given)
                row["macro_f1"] = round(sum(s["f1"] for s in scores.values()) / len(scores), 4)
        rows.append(row)
    return rows


def learning_curve(examples: Sequence[Example], features: Sequence[Features]) -> list[dict[str, float]]:
    """Return the accuracy on the held-out folds when a share of the training folds is used."""
    import numpy as np

    labels = [e.primary for e in examples]
    rng = np.random.default_rng(SEED)
    found = []
    for share in (0.25, 0.5, 0.75, 1.0):
        splits = [
            (sorted(rng.permutation(inside)[: round(share * len(inside))].tolist()), outside)
            for inside, outside in random_splits(labels)
        ]
        given = held_out(examples, features, splits, tags=False)
        found.append(
            {
                "share": share,
                "passages": round(share * len(examples) * (1 - 1 / FOLDS)),
                "accuracy": round(accuracy(examples, assignments(given, Calibration(threshold=1.1))), 4),
            }
        )
    return found


def _designed(
    labels: Sequence[str], features: Sequence[Features], splits: Splits, make: Callable[[], Any]
) -> list[str]:
    found = [""] * len(labels)
    for inside, outside in splits:
        space = Space.of([features[i] for i in inside])
        model = make().fit(space.matrix([features[i] for i in inside]), [labels[i] for i in inside])
        for i, label in zip(
            outside, model.predict(space.matrix([features[i] for i in outside])), strict=True
        ):
            found[i] = str(label)
    return found


def _in_two_steps(
    labels: Sequence[str], features: Sequence[Features], splits: Splits, make: Callable[[], Any]
) -> list[str]:
    """First mechanism or component, then which one of them: each step a model of its own."""
    axes = ["component" if label in _COMPONENTS else "mechanism" for label in labels]
    found = _designed(axes, features, splits, make)
    for inside, outside in splits:
        for axis in ("component", "mechanism"):
            members = [i for i in inside if axes[i] == axis]
            asked = [i for i in outside if found[i] == axis]
            if not asked:
                continue
            space = Space.of([features[i] for i in members])
            model = make().fit(space.matrix([features[i] for i in members]), [labels[i] for i in members])
            for i, label in zip(
                asked, model.predict(space.matrix([features[i] for i in asked])), strict=True
            ):
                found[i] = str(label)
    return found


def _by_cues(text: str) -> str:
    report = report_of(text)
    cause = root_cause(report) or RootCause(text, None, (report.evidence(0, len(text), "training"),))
    found = categories(report, cause)
    return found[0].id if found else NO_CAUSE
