"""What each sentence of a report is about: the cause, the impact, the repair …

A linear model (``models/roles``) scores each sentence by its words, its opening words, the cue phrases of
``vocabulary/cause.toml`` and where it stands; the likeliest sequence of roles is then chosen as a whole, since a report
mostly tells one thing after the other. It serves where a report has no section that is named after the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from postmortem import nlp
from postmortem.account import Told
from postmortem.learned.features import OPENING, words
from postmortem.learned.linear import LinearModel, load_model, packaged
from postmortem.learned.sequence import transitions, weighed
from postmortem.report import Report
from postmortem.screen import screen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CAUSE: Final = "cause"
# Sections that hold no account of what happened, or one that is read entry by entry.
UNREAD: Final = frozenset({"actions", "appendix", "metadata", "timeline", "communication"})
_MOST_SENTENCES: Final = 300
_OPENING_WORDS: Final = 3
# Characters read of one sentence.
_LONGEST: Final = 600
_PARTS: Final = 4


def spoken(report: Report) -> list[Told]:
    """Return the sentences in which a report gives its account, in text order."""
    found: list[Told] = []
    for zone, _, sentences in report.account.passages:
        if not zone.names or not zone.names <= UNREAD:
            found += sentences
        if len(found) >= _MOST_SENTENCES:
            break
    return found[:_MOST_SENTENCES]


def features(report: Report, sentences: Sequence[Told]) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Return the features of each sentence: words and signals (see `postmortem.learned.linear`)."""
    cued = screen().rules["cause"]
    found = []
    before: tuple[int, int] | None = None
    for number, sentence in enumerate(sentences):
        bag: dict[str, float] = {}
        for i, (word, _, _) in enumerate(words(sentence.text[:_LONGEST])):
            bag[word] = bag.get(word, 0.0) + 1.0
            if i < _OPENING_WORDS:
                bag[OPENING + word] = 1.0
        zone = sentence.zone
        signals = {f"s={name}": 1.0 for name in zone.names or ("none",)}
        signals[f"q={number * _PARTS // len(sentences)}"] = 1.0
        if zone.key != before:
            signals["first"] = 1.0
        if zone.key[1] >= 0:
            signals["field"] = 1.0
        if report.mentions_between(sentence.start, sentence.end):
            signals["stamp"] = 1.0
        if sentence.passed & cued:
            for id, _, _ in nlp.phrases_in("cause", sentence.text):
                signals[f"r={id}"] = 1.0
        before = zone.key
        found.append((bag, signals))
    return found


def causes(report: Report) -> list[tuple[Told, float]]:
    """Return the sentences of a report's account, each with the probability that it states the cause."""
    sentences = spoken(report)
    if not sentences:
        return []
    model = default_model()
    column = model.classes.index(CAUSE)
    odds = weighed(model.logits(features(report, sentences)), *_transitions())[:, column].tolist()
    return list(zip(sentences, odds, strict=True))


@cache
def default_model() -> LinearModel:
    """Return the model that came with the package."""
    return load_model(packaged("roles"))


@cache
def _transitions() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return transitions(default_model())
