"""Sequences: where what each part of a text is hangs on what stood before it, all of it is weighed together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from postmortem.learned.linear import LinearModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_POWERS: Final = 250.0
# Below this a probability counts as none.
_LEAST: Final = 1e-4
# What the parts before, or after, one add up to counts up to here.
_SEVERAL: Final = 2.0


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


def surroundings(logits: NDArray[np.float64], beside: Sequence[Sequence[float]] = ()) -> NDArray[np.float64]:
    """Return what speaks for each class at each place of a sequence, given the `logits` of each place by itself (one row each).

    A row holds the logarithms of the place's own probabilities; those of the places one and two before and after it; the sums of
    those of all before, and of all after it; whether it stands first or last; and what is known `beside`, a row for each place.
    """
    import numpy as np

    own = np.exp(logits - logits.max(axis=1, keepdims=True))
    own /= own.sum(axis=1, keepdims=True)
    count, width = own.shape
    around = np.zeros((count + 4, width))
    around[2:-2] = own
    before = np.cumsum(own, axis=0)
    after = before[-1] - before
    ends = np.zeros((count, 2))
    if count > 1:
        ends[0, 0] = ends[-1, 1] = 1.0
    near = (around[1:-3], around[3:-1], around[:-4] / 2, around[4:] / 2)
    far = (np.minimum(before - own, _SEVERAL) / 2, np.minimum(after, _SEVERAL) / 2)
    known = (np.array(beside, dtype=np.float64),) if len(beside) else ()
    return np.hstack((np.log(np.maximum(own, _LEAST)), *near, *far, ends, *known))


def settled(
    logits: NDArray[np.float64], weights: NDArray[np.float64], beside: Sequence[Sequence[float]] = ()
) -> NDArray[np.float64]:
    """Return the probability of each class at each place, by the `surroundings` of all; the last row of `weights` is a bias.

    Where nothing is known `beside`, all of that counts as 0.
    """
    import numpy as np

    around = surroundings(logits, beside)
    points = around @ weights[: around.shape[1]] + weights[-1]
    found: NDArray[np.float64] = np.exp(points - points.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found
