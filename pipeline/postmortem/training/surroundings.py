"""What the parts around one say of it: the second step of the model of phases (`postmortem.learned.sequence.settled`).

It learns from what models that did not see a text said of its parts. What a model says of its own examples would be trusted too
much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from postmortem.learned.sequence import settled, surroundings
from postmortem.training.fitting import NEVER, SEED, TOLERANCE, Splits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Some hundred features a class and thousands of parts: from 0.1 to 1 it makes no odds.
_STRENGTH: Final = 0.3
_DIGITS: Final = 5


def fitted(
    logits: Sequence[NDArray[np.float64]], labels: Sequence[Sequence[int]], weights: Sequence[float]
) -> NDArray[np.float64]:
    """Return the weights of the surroundings, the last row a bias: from the logits of the parts of each text (one row each, a
    column for each class), the numbers of their classes, and what each text's parts count."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=_STRENGTH, solver="newton-cg", tol=TOLERANCE, max_iter=500, random_state=SEED
    )
    model.fit(
        np.concatenate([surroundings(rows) for rows in logits]),
        np.concatenate([np.asarray(row) for row in labels]),
        sample_weight=np.repeat(weights, [len(row) for row in labels]),
    )
    found = np.zeros((model.coef_.shape[1] + 1, logits[0].shape[1]))
    found[-1] = NEVER  # of a class that stands nowhere
    found[:-1, model.classes_] = model.coef_.T
    found[-1, model.classes_] = model.intercept_
    return found.round(_DIGITS)


def held_out(
    logits: Sequence[NDArray[np.float64]],
    labels: Sequence[Sequence[int]],
    weights: Sequence[float],
    splits: Splits,
) -> list[NDArray[np.float64]]:
    """Return the probabilities of the parts of each text by weights that were fitted without it."""
    found: dict[int, NDArray[np.float64]] = {}
    for inside, outside in splits:
        known = fitted([logits[i] for i in inside], [labels[i] for i in inside], [weights[i] for i in inside])
        found |= {i: settled(logits[i], known) for i in outside}
    return [found[i] for i in range(len(logits))]
