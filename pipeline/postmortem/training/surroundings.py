"""What the parts around one say of it: the second step of the model of phases (`postmortem.learned.sequence.settled`).

It learns from what models that did not see a text said of its parts. What a model says of its own examples would be trusted too
much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from postmortem.learned.sequence import settled, surroundings
from postmortem.training.fitting import NEVER, SEED, TOLERANCE, Splits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Weak, since what was learnt must hold for other hands, and real timelines skip and jump: leaving out hands would have 0.1, by
# less than a hundredth; on published reports 0.03 does better by more, on blind ones the two are the same.
_STRENGTH: Final = 0.03
_DIGITS: Final = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What models that did not see a text say of its parts: the `logits` (one row each, a column for each class), what is known
    `beside`, and what the parts teach: the number of a part, that of a class, and the weight of that."""

    logits: NDArray[np.float64]
    beside: Sequence[Sequence[float]]
    taught: Sequence[tuple[int, int, float]]


def fitted(texts: Sequence[Told]) -> NDArray[np.float64]:
    """Return the weights of the surroundings of the parts of the texts, the last row a bias."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=_STRENGTH, solver="newton-cg", tol=TOLERANCE, max_iter=500, random_state=SEED
    )
    model.fit(
        np.concatenate(
            [surroundings(text.logits, text.beside)[[i for i, _, _ in text.taught]] for text in texts]
        ),
        [label for text in texts for _, label, _ in text.taught],
        sample_weight=[weight for text in texts for _, _, weight in text.taught],
    )
    found = np.zeros((model.coef_.shape[1] + 1, texts[0].logits.shape[1]))
    found[-1] = NEVER  # of a class that stands nowhere
    found[:-1, model.classes_] = model.coef_.T
    found[-1, model.classes_] = model.intercept_
    return found.round(_DIGITS)


def held_out(texts: Sequence[Told], splits: Splits) -> list[NDArray[np.float64]]:
    """Return the probabilities of the parts of each text by weights that were fitted without it."""
    found: dict[int, NDArray[np.float64]] = {}
    for inside, outside in splits:
        known = fitted([texts[i] for i in inside])
        found |= {i: settled(texts[i].logits, known, texts[i].beside) for i in outside}
    return [found[i] for i in range(len(texts))]
