"""Categories: what kind of cause the report states, by a linear model over the statement of the cause.

The model (``models/root_cause``, or one trained on labels of your own) is plain numbers and is scored here without
scikit-learn. A report that states no cause gets no category.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Final

from postmortem.classify.passage import Spoken, Weights, passage
from postmortem.extract.cause_candidates import cause_weights
from postmortem.learned.linear import LinearModel, Scores, load_model
from postmortem.learned.packaged import linear_model
from postmortem.record import Category, Resolution, RootCause
from postmortem.report import Report

NO_CAUSE: Final = ""
MOST: Final = 4
_MOST_PHRASES: Final = 3
_LONGEST_PHRASE: Final = 4
_MOST_FOLLOWING: Final = 10
# A phrase is evidence where it adds at least this share of what the strongest one adds.
_LEAST_SHARE: Final = 0.35
# Sums of the same numbers in another order may differ by less than this share.
_NEARLY: Final = 1 - 1e-9
# What a phrase adds to a class, its start and end in the source, and the rule that found it.
_Phrase = tuple[float, int, int, str]
# From this weight on a cue names a cause as such ("caused by", "the root cause was").
_ANNOUNCING: Final = 3.5
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
    tags = assigned(model, scores, announced=_is_announced(root_cause))
    if not tags:
        return ()
    spoken, rule = Spoken(read), model.rule
    # The words of the stretches come first in the bag; what only stands elsewhere is no evidence.
    heard = [*islice(bag, len(set(spoken.words)))]
    cues = [(cue, lifts) for cue in read.cues if (lifts := model.signal(f"r={cue.rule}"))]
    found = []
    for label, probability in tags:
        worth = _worth(heard, scores.lifts(label))
        said = [(cue.weight * lifts[label], cue) for cue, lifts in cues]
        points = [points for points, _ in said]
        told = runs(spoken, worth, _LEAST_SHARE * max([*worth.values(), *points], default=0.0))
        least = _LEAST_SHARE * max([*(run[0] for run in told), *points], default=0.0)
        phrases = [
            (points, *spoken.place(first, last), rule) for points, first, last in told if points >= least
        ]
        phrases += [(points, cue.start, cue.end, cue.rule) for points, cue in said if points >= least > 0]
        because = [report.evidence(start, end, name) for _, start, end, name in _strongest(phrases)]
        found.append(
            Category(model.classes[label], round(probability, 4), tuple(because) or root_cause.evidence[:1])
        )
    return tuple(found)


def default_model() -> LinearModel:
    """Return the model that came with the package, or what stands in for it."""
    return linear_model("root_cause")


@cache
def model_at(folder: str | Path) -> LinearModel:
    """Return the model of `folder`, loaded once. Raises as `postmortem.learned.linear.load_model`, and ValueError where it is to
    read what this version does not know."""
    model = load_model(Path(folder))
    try:
        weights(model)
    except TypeError as error:
        raise ValueError(f"{folder}: not a model of this version ({error})") from error
    return model


def weights(model: LinearModel) -> Weights:
    """Return how much the words of each part of a report count for `model`."""
    given: Mapping[str, float] = model.card.get("weights", {})
    return Weights(**given)


def assigned(model: LinearModel, scores: Scores, *, announced: bool = False) -> list[tuple[int, float]]:
    """Return the numbers of the classes that a scored text gets, with their probabilities, the primary one first. What is
    `announced` as a cause is one, however little it says."""
    chances = [
        0.0 if announced and label == NO_CAUSE else p
        for label, p in zip(model.classes, scores.primary, strict=True)
    ]
    best = chances.index(max(chances))
    if model.classes[best] == NO_CAUSE:
        return []
    found = [(best, scores.primary[best])]
    also = [
        (label, p)
        for label, p in enumerate(scores.tags)
        if p >= model.threshold and label != best and model.classes[label] != NO_CAUSE
    ]
    return found + sorted(also, key=lambda pair: (-pair[1], pair[0]))[: MOST - 1]


def _is_announced(root_cause: RootCause) -> bool:
    """Was a sentence of the statement found by a cue as strong as "caused by"?"""
    weights = cause_weights()
    return any(weights.get(e.rule, 0.0) >= _ANNOUNCING for e in root_cause.evidence)


def _worth(heard: Sequence[str], lifts: Sequence[float]) -> dict[str, float]:
    """Return what each word heard that speaks for a class adds to it above the mean of all classes, wherever it stands; nothing
    for small words. `lifts` begin with those of the words heard."""
    return {
        word: points for word, points in zip(heard, lifts, strict=False) if points > 0 and word not in _SMALL
    }


def _strongest(phrases: list[_Phrase]) -> list[_Phrase]:
    """Return the phrases that add most, in text order and not overlapping."""
    phrases.sort(key=lambda phrase: (-phrase[0], phrase[1]))
    kept: list[_Phrase] = []
    for phrase in phrases:
        _, start, end, _ = phrase
        if all(end <= other[1] or start >= other[2] for other in kept):
            kept.append(phrase)
            if len(kept) == _MOST_PHRASES:
                break
    kept.sort(key=itemgetter(1))
    return kept


def runs(spoken: Spoken, worth: Mapping[str, float], least: float) -> list[tuple[float, int, int]]:
    """Return runs of neighbouring words that each speak for the class: what they add together, and the numbers of the first and
    the last word. A run begins with a word that was not read before. None that adds less than `least` is needed."""
    words = [*spoken.words, ""]
    found = []
    first = behind = 0
    for word, points in worth.items():  # in the order of their first places
        first = words.index(word, first)
        if first < behind:
            continue
        behind = first + 1
        if words[behind] in worth:
            more = [worth.get(word, 0.0) for word in words[behind : behind + _MOST_FOLLOWING]]
            if 0.0 in more:
                del more[more.index(0.0) :]
                if points + sum(more) < _NEARLY * least:
                    # No run out of these words can add enough: what stands between them does not matter.
                    behind += len(more)
                    continue
            behind = spoken.behind(first, behind + min(len(more), _LONGEST_PHRASE - 1))
            points = sum(more[: behind - first - 1], points)
        if points >= _NEARLY * least:
            found.append((points, first, behind - 1))
    return found
