"""What cross-validation gives each passage, and how right that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from postmortem.classify import MOST, NO_CAUSE
from postmortem.learned.calibration import expected_calibration_error
from postmortem.training.examples import Example
from postmortem.training.fitting import Held, tag_temperature, temperature


@dataclass(frozen=True, slots=True)
class Assignment:
    """What cross-validation gives each example: its classes, the primary first, and the probability of that one."""

    labels: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers that held-out predictions fix: both temperatures, and from which probability on a further class is given."""

    temperature: float = 1.0
    tag_temperature: float = 1.0
    threshold: float = 0.5


def calibrate(examples: Sequence[Example], held: Held) -> Calibration:
    """Return the temperatures that make held-out predictions likeliest, and the threshold with the best F1 over all classes.

    A category's probability is that of the report stating it as a cause, be it the primary one or another.
    """
    import numpy as np

    holds = np.array([[label in (e.primary, *e.also) for label in held.classes] for e in examples])
    fitted = temperature(held.logits, holds)
    given = [k for k, label in enumerate(held.classes) if label != NO_CAUSE]
    fitted_tags = tag_temperature(held.tags[:, given], holds[:, given])
    if not any(e.also for e in examples):
        return Calibration(fitted, fitted_tags, 1.1)
    tried = [Calibration(fitted, fitted_tags, step / 100) for step in range(10, 75, 5)]
    return max(tried, key=lambda c: all_labels(examples, assignments(held, c))[2])


def assignments(held: Held, calibration: Calibration) -> list[Assignment]:
    """Return what the classifier gives each held-out example, by the rules of `postmortem.classify.assigned`."""
    import numpy as np
    from scipy.special import expit, softmax

    primary = softmax(held.logits / calibration.temperature, axis=1)
    tags = expit(held.tags / calibration.tag_temperature)
    found = []
    for one, each in zip(primary, tags, strict=True):
        best = int(np.argmax(one))
        if held.classes[best] == NO_CAUSE:
            found.append(Assignment((), float(one[best])))
            continue
        also = [
            k
            for k, p in enumerate(each)
            if k != best and p >= calibration.threshold and held.classes[k] != NO_CAUSE
        ]
        also = sorted(also, key=lambda k: -each[k])[: MOST - 1]
        found.append(Assignment(tuple(held.classes[k] for k in (best, *also)), float(one[best])))
    return found


def all_labels(examples: Sequence[Example], given: Sequence[Assignment]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over every class of every example."""
    pairs = [({e.primary, *e.also} - {NO_CAUSE}, set(a.labels)) for e, a in zip(examples, given, strict=True)]
    hit = sum(len(wanted & got) for wanted, got in pairs)
    return rates(hit, sum(len(got) for _, got in pairs), sum(len(wanted) for wanted, _ in pairs))


def rates(hit: int, got: int, wanted: int) -> tuple[float, float, float]:
    """Return precision, recall and F1 (0 where there is nothing to divide by)."""
    return (
        hit / got if got else 0.0,
        hit / wanted if wanted else 0.0,
        2 * hit / (got + wanted) if got + wanted else 0.0,
    )


def accuracy(examples: Sequence[Example], given: Sequence[Assignment]) -> float:
    """Return the share of examples whose primary class is right (none, where the text states no cause)."""
    return sum(primary_of(a) == e.primary for e, a in zip(examples, given, strict=True)) / len(examples)


def primary_of(given: Assignment) -> str:
    """Return the primary class, or the empty one."""
    return given.labels[0] if given.labels else NO_CAUSE


def per_class(examples: Sequence[Example], given: Sequence[Assignment]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and support of each class, as the primary one and over all."""
    found = {}
    for label in sorted({e.primary for e in examples} | {x for e in examples for x in e.also}):
        first = [(e.primary == label, primary_of(a) == label) for e, a in zip(examples, given, strict=True)]
        every = [
            (label in (e.primary, *e.also), label in a.labels) for e, a in zip(examples, given, strict=True)
        ]
        row: dict[str, float] = {}
        for name, pairs in (("", first), ("any_", every)):
            if name and label == NO_CAUSE:
                continue
            hit, got, wanted = (
                sum(a and b for a, b in pairs),
                sum(b for _, b in pairs),
                sum(a for a, _ in pairs),
            )
            values = (*rates(hit, got, wanted), wanted)
            row |= {
                name + k: round(v, 4)
                for k, v in zip(("precision", "recall", "f1", "support"), values, strict=True)
            }
        found[label or "(no cause)"] = row
    return found


def summary(examples: Sequence[Example], given: Sequence[Assignment]) -> dict[str, Any]:
    """Return the figures that a comparison needs."""
    precision, recall, f1 = all_labels(examples, given)
    classes = per_class(examples, given)
    return {
        "primary_accuracy": round(accuracy(examples, given), 4),
        "macro_f1": round(sum(row["f1"] for row in classes.values()) / len(classes), 4),
        "all_precision": round(precision, 4),
        "all_recall": round(recall, 4),
        "all_f1": round(f1, 4),
        "expected_calibration_error": round(expected_calibration_error(*confidences(examples, given)), 4),
    }


def confidences(examples: Sequence[Example], given: Sequence[Assignment]) -> tuple[list[float], list[bool]]:
    """Return the probability of each primary category given, and whether it is among those that the text states."""
    pairs = [
        (a.probability, primary_of(a) in (e.primary, *e.also)) for e, a in zip(examples, given, strict=True)
    ]
    return [p for p, _ in pairs], [right for _, right in pairs]


def share_right(examples: Sequence[Example], given: Sequence[Assignment], asked: Sequence[bool]) -> float:
    """Return how many of the examples asked for are right."""
    right = [
        primary_of(a) == e.primary for e, a, wanted in zip(examples, given, asked, strict=True) if wanted
    ]
    return sum(right) / len(right)
