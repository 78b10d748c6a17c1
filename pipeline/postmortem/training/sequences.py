"""Models of sequences: the phases of a timeline's entries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.extract import phases
from postmortem.learned.linear import LinearModel
from postmortem.learned.sequence import likeliest
from postmortem.training.categories import VERSION
from postmortem.training.examples import Example, Features, data_hash, versions
from postmortem.training.fitting import (
    NEVER,
    SEED,
    Space,
    Splits,
    decisions,
    fit,
    group_splits,
    random_splits,
    temperature,
)
from postmortem.training.scores import Assignment, accuracy, per_class

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PHASE_SIGNAL_SCALE: Final = 0.2


@dataclass(frozen=True, slots=True)
class LabelledEntry:
    """A timeline entry with its phase; `also` are phases that would be right as well."""

    text: str
    phase: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The labelled entries of one timeline, in order; `group` is the voice that wrote them."""

    entries: tuple[LabelledEntry, ...]
    group: str = ""


def load_timelines(path: Path) -> list[Timeline]:
    """Return the timelines of a JSON Lines file (``voice``, ``entries``; see ``data/README.md``)."""
    return [
        Timeline(
            tuple(LabelledEntry(e["text"], e["phase"], tuple(e["alt"])) for e in row["entries"]), row["voice"]
        )
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def phase_features(timeline: Timeline) -> list[Features]:
    """Return the features of each entry, as in scoring."""
    last = len(timeline.entries) - 1
    return [
        Features(*phases.features(e.text, first=i == 0, last=0 < i == last))
        for i, e in enumerate(timeline.entries)
    ]


def transitions(
    timelines: Sequence[Timeline], classes: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much likelier each class is in first place, and after each class, than anywhere (logarithms, add-one)."""
    import numpy as np

    row = {label: k for k, label in enumerate(classes)}
    counts = np.ones((len(classes) + 1, len(classes)))
    for timeline in timelines:
        before = len(classes)
        for entry in timeline.entries:
            counts[before, row[entry.phase]] += 1
            before = row[entry.phase]
    overall = Counter(entry.phase for timeline in timelines for entry in timeline.entries)
    total = sum(overall.values())
    prior = np.log(np.array([overall[label] / total for label in classes]))
    lift = np.log(counts / counts.sum(axis=1, keepdims=True)) - prior
    return lift[-1], lift[:-1]


def phase_model(timelines: Sequence[Timeline]) -> tuple[LinearModel, dict[str, Any]]:
    """Return the model of timeline phases trained on `timelines`, and its metrics by cross-validation over timelines."""
    import numpy as np

    classes = sorted({e.phase for t in timelines for e in t.entries})
    features = [phase_features(t) for t in timelines]
    random = _phase_logits(timelines, features, random_splits(["" for _ in timelines]), classes)
    holds = np.array([[label == e.phase for label in classes] for t in timelines for e in t.entries])
    cooled = temperature(np.concatenate([logits for logits, _, _ in random]), holds)
    tried = [step / 10 for step in range(11)]
    share = max(tried, key=lambda w: (_phase_accuracy(timelines, random, classes, cooled, w), -w))
    by_voice = _phase_logits(timelines, features, group_splits([t.group for t in timelines]), classes)
    flat = [entry for timeline in timelines for entry in timeline.entries]
    labelled = [Example(e.text, e.phase) for e in flat]
    given = [
        Assignment((classes[k],), 0.0)
        for logits, opening, following in random
        for k in likeliest(logits / cooled, opening * share, following * share)
    ]
    metrics = {
        "random_folds": {
            "accuracy": round(_phase_accuracy(timelines, random, classes, cooled, share), 4),
            "accuracy_without_sequence": round(_phase_accuracy(timelines, random, classes, cooled, 0.0), 4),
            "strict_accuracy": round(accuracy(labelled, given), 4),
        },
        "by_voice": {"accuracy": round(_phase_accuracy(timelines, by_voice, classes, cooled, share), 4)},
        "per_class": {
            label: {k: v for k, v in row.items() if not k.startswith("any_")}
            for label, row in per_class(labelled, given).items()
        },
    }
    space = Space.of([f for each in features for f in each], _PHASE_SIGNAL_SCALE)
    fitted = fit(space.matrix([f for each in features for f in each]), [e.phase for e in flat])
    opening, following = transitions(timelines, classes)
    model = LinearModel(
        name="phases",
        version=VERSION,
        classes=tuple(classes),
        index=space.index,
        scales=space.scales,
        weights=fitted.coef_.T.copy(),
        bias=fitted.intercept_.copy(),
        temperature=cooled,
        tag_weights=None,
        tag_bias=None,
        tag_temperature=1.0,
        threshold=1.1,
        card={
            "opening": (opening * share).round(6).tolist(),
            "transitions": (following * share).round(6).tolist(),
            "sequence_share": share,
            "examples": len(flat),
            "timelines": len(timelines),
            "data_sha256": data_hash(labelled),
            "seed": SEED,
            "trained_with": versions(),
        },
    )
    return model, metrics


_Predicted = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]


def _phase_logits(
    timelines: Sequence[Timeline],
    features: Sequence[Sequence[Features]],
    splits: Splits,
    classes: Sequence[str],
) -> list[_Predicted]:
    """Return for each timeline what models that did not see it say: logits, opening, transitions."""
    import numpy as np

    found: dict[int, _Predicted] = {}
    for inside, outside in splits:
        known = [f for i in inside for f in features[i]]
        space = Space.of(known, _PHASE_SIGNAL_SCALE)
        model = fit(space.matrix(known), [e.phase for i in inside for e in timelines[i].entries])
        opening, following = transitions([timelines[i] for i in inside], classes)
        columns = [classes.index(label) for label in model.classes_]
        for i in outside:
            logits = np.full((len(features[i]), len(classes)), NEVER)
            logits[:, columns] = decisions(model, space.matrix(features[i]))
            found[i] = (logits, opening, following)
    return [found[i] for i in range(len(timelines))]


def _phase_accuracy(
    timelines: Sequence[Timeline],
    predicted: Sequence[_Predicted],
    classes: Sequence[str],
    cooled: float,
    share: float,
) -> float:
    right = []
    for timeline, (logits, opening, following) in zip(timelines, predicted, strict=True):
        given = likeliest(logits / cooled, opening * share, following * share)
        right += [classes[k] in (e.phase, *e.also) for k, e in zip(given, timeline.entries, strict=True)]
    return sum(right) / len(right)
