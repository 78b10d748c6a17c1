"""Sequences: where what each part of a text is hangs on what stood before it, the likeliest sequence is chosen as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmortem.learned.linear import LinearModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def transitions(model: LinearModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each class gains in first place, and as ``[a, b]`` what class b gains after class a (see `likeliest`)."""
    import numpy as np

    card = model.card
    return np.array(card["opening"], dtype=np.float64), np.array(card["transitions"], dtype=np.float64)


def likeliest(
    logits: NDArray[np.float64], opening: NDArray[np.float64], transitions: NDArray[np.float64]
) -> list[int]:
    """Return the best sequence of classes for a sequence of `logits` (one row each).

    `opening` is what each class gains in first place, ``transitions[a, b]`` what class b gains after class a. The algorithm is
    Viterbi's.
    """
    score = logits[0] + opening
    back = []
    for row in logits[1:]:
        ways = score[:, None] + transitions
        best = ways.argmax(axis=0)
        back.append(best)
        score = row + ways.max(axis=0)
    found = [int(score.argmax())]
    for best in reversed(back):
        found.append(int(best[found[-1]]))
    return found[::-1]


def weighed(
    logits: NDArray[np.float64], opening: NDArray[np.float64], transitions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probability of each class at each place, given the whole sequence. Arguments as for `likeliest`.

    The forward-backward algorithm, in logarithms.
    """
    import numpy as np

    def total(scores: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        most = scores.max(axis=axis)
        found: NDArray[np.float64] = most + np.log(np.exp(scores - np.expand_dims(most, axis)).sum(axis=axis))
        return found

    forward = [logits[0] + opening]
    for row in logits[1:]:
        forward.append(row + total(forward[-1][:, None] + transitions, 0))
    backward = [np.zeros(logits.shape[1])]
    for row in logits[:0:-1]:
        backward.append(total(transitions + (row + backward[-1])[None, :], 1))
    both = np.array(forward) + np.array(backward[::-1])
    both -= both.max(axis=1, keepdims=True)
    odds = np.exp(both)
    found: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
    return found
