"""The models of which sentence states the cause, tells the trigger, or how it was ended (`postmortem.extract.cause_choice`,
`postmortem.extract.event_choice`)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.account import Told
from postmortem.extract import cause_choice, event_choice, roles
from postmortem.extract.cause_places import WORD
from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.learned.choice import ChoiceModel
from postmortem.training.annotated import Unseen, annotated
from postmortem.training.examples import report_of
from postmortem.training.fitting import chooser, group_splits, random_splits, without

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CAUSE: Final = "cause"
# A feature that fewer reports have is not learnt from.
_LEAST_REPORTS: Final = 3
_LEAST_REPORTS_OF_WORDS: Final = 4
# What words are divided by in place of their deviation, and the least weight that is kept.
_WORD_SCALE: Final = 0.67
_LEAST_WEIGHT: Final = 0.001
# The weights of the penalty on the squared weights of the features: strong, since there are some two hundred reports and a
# hundred features. Chosen by leaving out one set of annotated reports at a time.
_PENALTIES: Final = {CAUSE: 25.0, event_choice.TRIGGER: 30.0, event_choice.RESOLUTION: 100.0}
_DIGITS: Final = 6
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Choice:
    """The things that one report lets one choose among (its sentences; its pairs of moments): their features, and which of them
    are right (one at least); `text` is the report, `group` the voice."""

    text: str
    features: tuple[Mapping[str, float], ...]
    right: tuple[bool, ...]
    group: str


def load_causes(paths: Iterable[Path]) -> list[Choice]:
    """Return the reports of JSON Lines files (``voice``, ``text``, ``cause``: the sentences that state the cause, copied; see
    ``data/README.md``), without those that state none, or none that the extraction reads."""
    found = []
    for path in sorted(paths):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            report = report_of(row["text"])
            extents = [(at, at + len(said)) for said in row["cause"] if (at := row["text"].find(said)) >= 0]
            right = holding(roles.reading(report).sentences, extents)
            if any(right):
                found.append(Choice(row["text"], tuple(cause_choice.features(report)), right, row["voice"]))
    return found


def load_annotated(data: Path, unseen: Unseen) -> dict[str, list[Choice]]:
    """Return the annotated reports of a project's folder `data` (`postmortem.training.annotated`) as choices of the cause, the
    trigger and the resolution, each hand's as a group of its own: right is what holds one of the phrases by which the annotation
    knows it. Without those that tell none, or say nothing of it; but that there is no trigger, or no resolution, is a choice."""
    found: dict[str, list[Choice]] = {name: [] for name in _PENALTIES}
    for one in annotated(data, unseen):
        if not one.text:
            continue
        report = report_of(one.text)
        entries = timeline(report)
        scene = event_choice.scene(report, entries, outage(report, entries))
        for name in _PENALTIES:
            told = one.facts.get("root_cause" if name == CAUSE else name, ...)
            if told is ... or (name == CAUSE and not told):
                continue
            keys = (told or {}).get("keys", ())
            extents = [m.span() for key in keys for m in phrase(key).finditer(report.document.plain)]
            if name == CAUSE:
                features = cause_choice.features(report)
                right = holding(roles.reading(report).sentences, extents)
            else:
                features = event_choice.features(scene, name)
                right = (*holding([thing.told for thing in scene.things], extents), not keys)
            if any(right):
                found[name].append(Choice(one.text, tuple(features), right, one.group))
    return found


def phrase(key: str) -> re.Pattern[str]:
    """Return a pattern of the words of a phrase, whatever stands between them."""
    return re.compile(r"\W{1,8}".join(map(re.escape, _WORD.findall(key))), re.IGNORECASE)


def holding(sentences: Iterable[Told], extents: Sequence[tuple[int, int]]) -> tuple[bool, ...]:
    """Return which of the sentences share characters with one of the extents."""
    return tuple(any(told.start < end and start < told.end for start, end in extents) for told in sentences)


def choice_model(name: str, choices: Sequence[Choice]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model `name` fitted on `choices`, and its metrics by cross-validation: how often the likeliest is right."""
    penalty = _PENALTIES[name]
    metrics = {
        "random_folds": _held_out(choices, random_splits(["" for _ in choices]), penalty),
        "by_voice": _held_out(choices, group_splits([choice.group for choice in choices]), penalty),
        "role_alone": _share(choices, [{"logit": 1.0} for _ in choices]),
    }
    return model_of(name, choices, penalty), metrics


def model_of(name: str, choices: Sequence[Choice], penalty: float) -> ChoiceModel:
    """Return the model of a name fitted on `choices`."""
    told = ((choice.text, choice.right) for choice in choices)
    return chooser(name, fitted(choices, penalty), told, {"examples": len(choices), "penalty": penalty})


def models_without(
    name: str, choices: Sequence[Choice], groups: Iterable[str], penalty: float | None = None
) -> dict[str, ChoiceModel]:
    """Return for each of `groups` what the model `name`, fitted on all `choices`, would be without those of the
    group (`fitting.without`). The models of `choice_model` have penalties of their own."""
    known = _PENALTIES[name] if penalty is None else penalty
    return without(
        groups, lambda left_out: model_of(name, [c for c in choices if c.group not in left_out], known)
    )


def fitted(choices: Sequence[Choice], penalty: float) -> dict[str, float]:
    """Return the weights that make what is right of each choice likeliest: those with the least sum of the negative
    logarithms of their probability and of the penalty, on features of unit variance; words, of which there are many and each is
    rare, have a variance of their own."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    reports = Counter(name for c in choices for name in {name for f in c.features for name in f})
    names = sorted(name for name, count in reports.items() if count >= _least_reports(name))
    column = {name: number for number, name in enumerate(names)}
    things = [features for choice in choices for features in choice.features]
    known = [[(column[name], value) for name, value in f.items() if name in column] for f in things]
    ends = np.cumsum([0, *map(len, known)])
    cells = np.array([value for row in known for _, value in row])
    matrix = csr_matrix((cells, [i for row in known for i, _ in row], ends), shape=(len(things), len(names)))
    mean = np.asarray(matrix.mean(axis=0)).ravel()
    scale = np.sqrt(np.maximum(np.asarray(matrix.multiply(matrix).mean(axis=0)).ravel() - mean**2, 0.0))
    scale[scale == 0.0] = 1.0
    scale[[name.startswith(WORD) for name in names]] = _WORD_SCALE
    matrix = csr_matrix(matrix.multiply(1.0 / scale))
    across = matrix.T.tocsr()
    sizes = [len(choice.features) for choice in choices]
    first, choice_of = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(choices)), sizes)
    right = np.array([is_right for choice in choices for is_right in choice.right], dtype=float)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        points = matrix @ weights
        chances = np.exp(points - np.maximum.reduceat(points, first)[choice_of])
        chances /= np.add.reduceat(chances, first)[choice_of]
        held = chances * right
        likely = np.add.reduceat(held, first)
        total = penalty / 2 * float(weights @ weights) - float(np.log(likely).sum())
        return total, penalty * weights + across @ (chances - held / likely[choice_of])

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {
        name: round(float(weight), _DIGITS)
        for name, weight in zip(names, best.x / scale, strict=True)
        if abs(weight) >= _LEAST_WEIGHT
    }


def _least_reports(name: str) -> int:
    return _LEAST_REPORTS_OF_WORDS if name.startswith(WORD) else _LEAST_REPORTS


def _held_out(
    choices: Sequence[Choice], splits: Sequence[tuple[Sequence[int], Sequence[int]]], penalty: float
) -> float:
    weights: dict[int, Mapping[str, float]] = {}
    for inside, outside in splits:
        known = fitted([choices[i] for i in inside], penalty)
        weights |= dict.fromkeys(outside, known)
    return _share(choices, [weights[i] for i in range(len(choices))])


def _share(choices: Sequence[Choice], weights: Sequence[Mapping[str, float]]) -> float:
    """Return the share of the choices whose likeliest sentence is right, each by weights of its own."""
    hits = 0
    for choice, known in zip(choices, weights, strict=True):
        points = ChoiceModel("", "", known, {}).points(choice.features)
        hits += choice.right[points.index(max(points))]
    return round(hits / len(choices), 4)
