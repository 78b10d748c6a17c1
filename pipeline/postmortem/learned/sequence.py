"""Sequences: where what each part of a text is hangs on what stood before it, all of it is weighed together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from postmortem.learned.linear import LinearModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_POWERS: Final = 250.0


def transitions(model: LinearModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each class gains in first place, and as ``[a, b]`` what class b gains after class a (see `weighed`)."""
    import numpy as np

    card = model.card
    return np.array(card["opening"], dtype=np.float64), np.array(card["transitions"], dtype=np.float64)


def weighed(
    logits: NDArray[np.float64], opening: NDArray[np.float64], transitions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probability of each class at each place, given the whole sequence of `logits` (one row each).

    `opening` is what each class gains in first place, ``transitions[a, b]`` what class b gains after class a. The algorithm is
    forward-backward; so that no length underflows, the probabilities are made to sum to 1 as often as it takes.
    """
    import numpy as np

    low, high = transitions.min(), transitions.max()
    # In one step they fall, or grow, by no more than this power of e: together never beyond half of what a float holds.
    often = max(int(_POWERS / (high - low + math.log(len(opening)) + 1.0)), 1)
    following = np.exp(transitions - high)
    states = np.exp(logits - logits.max(axis=1, keepdims=True))
    forward, backward = np.empty_like(states), np.ones_like(states)
    first = logits[0] + opening
    forward[0] = np.exp(first - first.max())
    given, before, behind = list(states), list(forward), list(backward)
    last = len(given) - 1
    for i in range(1, last + 1):
        now = before[i]
        np.dot(before[i - 1], following, now)
        now *= given[i]
        if i % often == 0:
            now /= now.sum()
    for i in range(last, 0, -1):
        now = behind[i - 1]
        np.dot(following, given[i] * behind[i], now)
        if i % often == 0:
            now /= now.sum()
    forward *= backward
    found: NDArray[np.float64] = forward / forward.sum(axis=1, keepdims=True)
    return found
