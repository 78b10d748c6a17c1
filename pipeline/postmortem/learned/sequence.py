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

    The forward-backward algorithm; each step is scaled to sum to 1, so that no length underflows.
    """
    import numpy as np

    following = np.exp(transitions - transitions.max())
    states = np.exp(logits - logits.max(axis=1, keepdims=True))
    forward = np.empty_like(states)
    first = logits[0] + opening
    now = np.exp(first - first.max())
    forward[0] = now = now / now.sum()
    for i in range(1, len(states)):
        now = (now @ following) * states[i]
        forward[i] = now = now / now.sum()
    backward = np.ones_like(states)
    now = backward[-1]
    for i in range(len(states) - 1, 0, -1):
        now = following @ (states[i] * now)
        backward[i - 1] = now = now / now.sum()
    forward *= backward
    found: NDArray[np.float64] = forward / forward.sum(axis=1, keepdims=True)
    return found
