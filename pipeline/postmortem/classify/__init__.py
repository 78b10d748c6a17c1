"""Categories: what kind of cause the report states, by a linear model over the statement of the cause.

The model (``models/root_cause``, or one trained on labels of your own) is plain numbers and is scored here without
scikit-learn. A report that states no cause gets no category.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from postmortem.classify.passage import Passage, Weights, passage
from postmortem.learned.linear import LinearModel, Scores, load_model, packaged
from postmortem.record import Category, Evidence, Resolution, RootCause
from postmortem.report import Report

NO_CAUSE: Final = ""
MOST: Final = 4
_MOST_PHRASES: Final = 3
_LONGEST_PHRASE: Final = 4
# A phrase is evidence where it adds at least this share of what the strongest one adds.
_LEAST_SHARE: Final = 0.35
_GAP: Final = re.compile(r"[^\S\n]{1,3}|[-/_]")
_SMALL: Final = frozenset(
    """a an the of in on at to for and or but by was were is are be been has had have that which this these those it its we
    our they their i my as with from so after before when while until into not no did does do would could who all any
    """.split()
)


def categories(
    report: Report,
    root_cause: RootCause | None,
    resolution: Resolution | None = None,
    *,
    model: LinearModel | None = None,
) -> tuple[Category, ...]:
    """Return the categories of a report's cause, the primary one first, at most four; none where no cause is stated.

    `root_cause` and `resolution` are what was extracted from the report. `model` is the packaged one unless given
    (`postmortem.learned.linear.load_model`). The evidence of each category is the phrases that decided it.
    """
    if root_cause is None:
        return ()
    model = model or default_model()
    read = passage(report, root_cause.evidence, resolution, weights(model))
    bag = read.bag()
    scores = model.score(bag, read.signals())
    return tuple(
        Category(
            model.classes[label],
            round(probability, 4),
            _phrases(report, read, model, _worth(bag, scores, label), label) or root_cause.evidence[:1],
        )
        for label, probability in assigned(model, scores)
    )


@cache
def default_model() -> LinearModel:
    """Return the model that came with the package."""
    return load_model(packaged("root_cause"))


@cache
def model_at(folder: str | Path) -> LinearModel:
    """Return the model of `folder`, loaded once. Raises as `postmortem.learned.linear.load_model`."""
    return load_model(Path(folder))


def weights(model: LinearModel) -> Weights:
    """Return how much the words of each part of a report count for `model`."""
    given: Mapping[str, float] = model.card.get("weights", {})
    return Weights(**given)


def assigned(model: LinearModel, scores: Scores) -> list[tuple[int, float]]:
    """Return the numbers of the classes that a scored text gets, with their probabilities, the primary one first."""
    best = max(range(len(model.classes)), key=lambda label: (scores.primary[label], -label))
    if model.classes[best] == NO_CAUSE:
        return []
    found = [(best, scores.primary[best])]
    also = [
        (label, p)
        for label, p in enumerate(scores.tags)
        if label != best and p >= model.threshold and model.classes[label] != NO_CAUSE
    ]
    return found + sorted(also, key=lambda pair: (-pair[1], pair[0]))[: MOST - 1]


def _worth(bag: Mapping[str, float], scores: Scores, label: int) -> dict[str, float]:
    """Return what each word adds to a class above the mean of all classes, wherever it stands; nothing for small words."""
    lift = scores.words[:, label] - scores.words.mean(axis=1)
    return {
        word: points
        for word, points in zip(bag, lift.tolist(), strict=True)
        if points > 0 and word not in _SMALL
    }


def _phrases(
    report: Report, read: Passage, model: LinearModel, worth: Mapping[str, float], label: int
) -> tuple[Evidence, ...]:
    """Return the phrases that speak most for a class, in text order: cue phrases and runs of words, not overlapping."""
    found = _runs(report, read, worth, f"{model.name}@{model.version}")
    for cue in read.cues:
        points = cue.weight * model.signal(f"r={cue.rule}", label)
        if points > 0:
            found.append((points, cue.start, cue.end, cue.rule))
    found.sort(key=lambda phrase: (-phrase[0], phrase[1]))
    kept: list[tuple[float, int, int, str]] = []
    for phrase in found:
        points, start, end, _ = phrase
        if points < _LEAST_SHARE * found[0][0] or len(kept) == _MOST_PHRASES:
            break
        if all(end <= other[1] or start >= other[2] for other in kept):
            kept.append(phrase)
    kept.sort(key=lambda phrase: phrase[1])
    return tuple(report.evidence(start, end, rule) for _, start, end, rule in kept)


def _runs(
    report: Report, read: Passage, worth: Mapping[str, float], rule: str
) -> list[tuple[float, int, int, str]]:
    """Return runs of neighbouring words that each speak for the class, with what they add together."""
    plain = report.document.plain
    found: list[tuple[float, int, int, str]] = []
    length = start = end = 0
    points = 0.0
    seen: set[str] = set()
    for word, a, b, _ in read.words:
        more = worth.get(word, 0.0)
        if length and (more <= 0 or length == _LONGEST_PHRASE or not _GAP.fullmatch(plain, end, a)):
            found.append((points, start, end, rule))
            length, points = 0, 0.0
        if more > 0 and (length or word not in seen):
            if not length:
                start = a
            length, points, end = length + 1, points + more, b
            seen.add(word)
    if length:
        found.append((points, start, end, rule))
    return found
