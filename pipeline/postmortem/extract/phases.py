"""The phase of each timeline entry: what its words say, and what those around it tell of.

A linear model (``models/phases``) scores each entry by its words, its pairs of words, its opening words, the cues of
``vocabulary/phases.toml`` and whether it stands first or last. The phase of an entry is then the one that is likeliest given what
it is likely by itself, what its neighbours are, what has happened before and will after (`postmortem.learned.sequence`), and how
much time lies between (`postmortem.extract.pace`): "checked the pool" is another thing before a fix than behind it, or than the
week after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from postmortem.extract.entry_times import newest_first
from postmortem.extract.pace import Span, pace
from postmortem.learned.features import OPENING, pairs, words
from postmortem.learned.linear import LinearModel
from postmortem.learned.packaged import linear_model
from postmortem.learned.sequence import settled
from postmortem.nlp import lower
from postmortem.record import Phase
from postmortem.vocabulary import rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# An entry tells first what it is about: its first words, and cues that begin this near, count once more.
_OPENING_WORDS: Final = 3
_NEAR: Final = 7
# The words of an address say nothing of what was done.
_ADDRESS: Final = re.compile(r"\]\([^)\s]{0,300}\)|https?://[^\s)>]{1,300}")
# Characters read of one entry.
_LONGEST: Final = 1_000


def phases(texts: Sequence[str], spans: Sequence[Span] = ()) -> list[Phase]:
    """Return one phase for each entry text of a timeline, in the texts' order; see `odds`."""
    classes, found = odds(texts, spans)
    return [cast(Phase, classes[max(range(len(row)), key=row.__getitem__)]) for row in found]


def odds(texts: Sequence[str], spans: Sequence[Span] = ()) -> tuple[tuple[str, ...], list[list[float]]]:
    """Return the phases that there are, and the probability of each for each entry text of a timeline, in the texts' order.

    `spans` tell when each entry was, and until when, where that is known. Entries that run backwards are read from the end: what
    follows what is a matter of time, not of the page.
    """
    model = default_model()
    if not texts:
        return model.classes, []
    if newest_first([at for at, _ in spans]):
        return model.classes, _odds(model, tuple(texts[::-1]), pace(spans[::-1]))[::-1]
    return model.classes, _odds(model, tuple(texts), pace(spans))


@lru_cache(maxsize=4)
def _odds(
    model: LinearModel, texts: tuple[str, ...], paces: tuple[tuple[float, ...], ...]
) -> list[list[float]]:
    last = len(texts) - 1
    logits = model.logits(
        [features(text, first=i == 0 < last, last=0 < i == last) for i, text in enumerate(texts)]
    )
    found: list[list[float]] = settled(logits, _weights(model), paces).tolist()
    return found


def default_model() -> LinearModel:
    """Return the model that came with the package, or what stands in for it."""
    return linear_model("phases")


@lru_cache(maxsize=4)
def _weights(model: LinearModel) -> NDArray[np.float64]:
    import numpy as np

    return np.array(model.card["surroundings"], dtype=np.float64)


def features(text: str, *, first: bool, last: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Return the features of an entry's text, and its place among the entries: words and signals."""
    bag, signals = _features(text[:_LONGEST])
    if first or last:
        signals = signals | {"at=first" if first else "at=last": 1.0}
    return bag, signals


@lru_cache(maxsize=4_096)
def _features(text: str) -> tuple[dict[str, float], dict[str, float]]:
    bag: dict[str, float] = {}
    signals: dict[str, float] = {}
    said = words(lower(_ADDRESS.sub(" ", text)))
    for i, word in enumerate(said):
        for cue in _cues(word):
            signals[f"r={cue}"] = 1.0
            if i < _NEAR:
                signals[f"r0={cue}"] = 1.0
        bag[word] = bag.get(word, 0.0) + 1.0
        if i < _OPENING_WORDS:
            bag[OPENING + word] = 1.0
    bag |= dict.fromkeys(pairs(said), 1.0)
    return bag, signals


@lru_cache(maxsize=20_000)
def _cues(word: str) -> tuple[str, ...]:
    """Return the ids of the cues that a lower-case word is one of."""
    return tuple(rule.id for rule in rules("phases") if rule.pattern.fullmatch(word))
