"""Features to a matrix, models fitted on folds of it, probabilities cooled."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from postmortem.classify import NO_CAUSE
from postmortem.classify.passage import NAMED
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.features import parts
from postmortem.learned.linear import LinearModel, word_vector
from postmortem.training.examples import FOLDS, Example, Features, versions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = Any

VERSION: Final = "1.0"
SEED: Final = 20
_LEAST_TEXTS: Final = 2
_SIGNAL_SCALE: Final = 0.06
STRENGTH: Final = 20.0
# A tenth of the usual precision: the same answers in half the time.
TOLERANCE: Final = 1e-3
NEVER: Final = -60.0
_PARTS: Final = 7
_Model = TypeVar("_Model")
Splits = Sequence[tuple[Sequence[int], Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Space:
    """The features that a model knows, in the order of their rows, and their scales (`postmortem.learned.linear`)."""

    index: Mapping[str, int]
    scales: NDArray[np.float64]

    @classmethod
    def of(cls, examples: Sequence[Features], signal_scale: float = _SIGNAL_SCALE) -> Space:
        """Return the features that stand in at least two of the examples, without what the phrases name (`named`)."""
        import numpy as np

        texts = Counter(feature for e in examples for feature in {f for word in e.bag for f in parts(word)})
        hits = Counter(signal for e in examples for signal in e.signals if not signal.startswith(NAMED))
        words = sorted(feature for feature, count in texts.items() if count >= _LEAST_TEXTS)
        signals = sorted(signal for signal, count in hits.items() if count >= _LEAST_TEXTS)
        idf = [np.log((1 + len(examples)) / (1 + texts[feature])) + 1 for feature in words]
        scales = np.array([*idf, *[signal_scale] * len(signals)], dtype=np.float32).astype(np.float64)
        return cls({feature: row for row, feature in enumerate([*words, *signals])}, scales)

    def matrix(self, examples: Sequence[Features]) -> Matrix:
        """Return the examples as rows of a sparse matrix."""
        import numpy as np
        from scipy.sparse import csr_matrix

        known = {
            word: word_vector(self.index, self.scales, word)
            for word in sorted({w for e in examples for w in e.bag})
        }
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for e in examples:
            times = {word: 1.0 + math.log(t) if t > 1.0 else t for word, t in e.bag.items()}
            norm = math.sqrt(sum(t * t * float(known[word][1] @ known[word][1]) for word, t in times.items()))
            for word, t in times.items():
                columns += known[word][0]
                data += (known[word][1] * (t / norm if norm else 0.0)).tolist()
            for signal, value in e.signals.items():
                row = self.index.get(signal)
                if row is not None:
                    columns.append(row)
                    data.append(value * float(self.scales[row]))
            ends.append(len(columns))
        found = csr_matrix((np.array(data), columns, ends), shape=(len(examples), len(self.index)))
        found.sum_duplicates()
        return found


def fit(
    matrix: Matrix,
    labels: Sequence[str] | Sequence[bool],
    strength: float = STRENGTH,
    weights: Sequence[float] | None = None,
) -> Any:
    """Return a multinomial logistic regression, its numbers rounded to what is stored; `weights` are those of the rows."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, tol=TOLERANCE, max_iter=500, random_state=SEED)
    model.fit(matrix, labels, sample_weight=weights)
    model.coef_ = model.coef_.astype(np.float32).astype(np.float64)
    model.intercept_ = model.intercept_.astype(np.float32).astype(np.float64)
    return model


def one_headed(
    name: str, space: Space, fitted: Any, classes: Sequence[str], cooled: float, card: Mapping[str, Any]
) -> LinearModel:
    """Return a regression over a space as a model that gives each text one of `classes` (those of the regression), its
    probabilities cooled by the temperature `cooled`."""
    return LinearModel(
        name=name,
        version=VERSION,
        classes=tuple(classes),
        index=space.index,
        scales=space.scales,
        weights=fitted.coef_.T.copy(),
        bias=fitted.intercept_.copy(),
        temperature=cooled,
        tag_weights=None,
        tag_bias=None,
        tag_temperature=1.0,
        threshold=1.1,
        card={**card, "seed": SEED, "trained_with": versions()},
    )


def logistic(
    rows: Sequence[tuple[Mapping[str, float], bool, float]],
    names: Sequence[str],
    strength: float,
    digits: int,
) -> dict[str, float]:
    """Return the weights, rounded to so many digits, of a logistic regression over the features called `names`, those of no
    weight left out. Of each row are given its features, whether the answer is yes, and how much it counts; `strength` is the
    inverse of the penalty's weight."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    column = {name: k for k, name in enumerate(names)}
    told = [[(column[name], value) for name, value in own.items() if name in column] for own, _, _ in rows]
    ends = np.cumsum([0, *map(len, told)])
    matrix: Matrix = csr_matrix(
        ([v for row in told for _, v in row], [k for row in told for k, _ in row], ends),
        shape=(len(rows), len(names)),
    )
    model = LogisticRegression(C=strength, fit_intercept=False, max_iter=1000, random_state=SEED)
    model.fit(matrix, [yes for _, yes, _ in rows], sample_weight=[weight for _, _, weight in rows])
    rounded = {name: round(float(w), digits) for name, w in zip(names, model.coef_[0], strict=True)}
    return {name: weight for name, weight in rounded.items() if weight}


def chooser(
    name: str, weights: Mapping[str, float], told: Iterable[tuple[str, object]], card: Mapping[str, Any]
) -> ChoiceModel:
    """Return a model of these weights. `told` is what they were learnt from: each text and what is right of it."""
    digest = hashlib.sha256()
    for text, right in told:
        digest.update(json.dumps([text, right]).encode())
    made = {"data_sha256": digest.hexdigest(), "seed": SEED, "trained_with": versions()}
    return ChoiceModel(name, VERSION, weights, {**card, **made})


@dataclass(frozen=True, slots=True)
class Held:
    """What models said of examples that they were not trained on: one row of logits each, `tags` of the second head."""

    classes: tuple[str, ...]
    logits: NDArray[np.float64]
    tags: NDArray[np.float64]


def random_splits(labels: Sequence[str]) -> Splits:
    """Return the folds of a cross-validation, each class spread over all of them."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    fold = np.empty(len(labels), dtype=int)
    at = 0
    for label in sorted(set(labels)):
        members = rng.permutation([i for i, given in enumerate(labels) if given == label])
        fold[members] = (np.arange(len(members)) + at) % FOLDS
        at += len(members)
    return [(np.flatnonzero(fold != k).tolist(), np.flatnonzero(fold == k).tolist()) for k in range(FOLDS)]


def group_splits(groups: Sequence[str]) -> Splits:
    """Return one fold for each group: trained on all others."""
    return [
        ([i for i, g in enumerate(groups) if g != held], [i for i, g in enumerate(groups) if g == held])
        for held in sorted(set(groups))
    ]


def parts_of(groups: Iterable[str], most: int = _PARTS) -> dict[str, int]:
    """Return for each of the groups, in the order of their names, which of at most `most` parts of them it belongs to."""
    return {group: number % most for number, group in enumerate(sorted({*groups}))}


def part_splits(groups: Sequence[str]) -> Splits:
    """Return one fold for each part of the groups (`parts_of`): trained on those of the others."""
    parts = parts_of(groups)
    return group_splits([str(parts[group]) for group in groups])


def without(groups: Iterable[str], trained: Callable[[Container[str]], _Model]) -> dict[str, _Model]:
    """Return for each of the groups the model that `trained` makes without its part of them (`parts_of`): one model a part, since
    one a group takes its time and tells the same. `trained` is given the groups to leave out."""
    parts = parts_of(groups)
    made = {
        number: trained({group for group, part in parts.items() if part == number})
        for number in sorted({*parts.values()})
    }
    return {group: made[number] for group, number in parts.items()}


def held_out(
    examples: Sequence[Example], features: Sequence[Features], splits: Splits, *, tags: bool = True
) -> Held:
    """Cross-validate: return what the models of each split say of its held-out examples."""
    import numpy as np

    classes = tuple(sorted({e.primary for e in examples}))
    logits = np.full((len(examples), len(classes)), NEVER)
    each = np.full((len(examples), len(classes)), NEVER)
    for inside, outside in splits:
        model, second, space = heads([examples[i] for i in inside], [features[i] for i in inside], tags=tags)
        matrix = space.matrix([features[i] for i in outside])
        columns = [classes.index(label) for label in model.classes_]
        logits[np.ix_(outside, columns)] = decisions(model, matrix)
        for label, head in second.items():
            each[outside, classes.index(label)] = head.decision_function(matrix)
    return Held(classes, logits, each)


def heads(
    examples: Sequence[Example], features: Sequence[Features], *, tags: bool
) -> tuple[Any, dict[str, Any], Space]:
    """Return the regression that gives one class, those of each further class (with `tags`), and the space of both."""
    # A report has a row for each of its statements, but what it alone says is still said once.
    once = {e.text if e.form == "report" else row: row for row, e in enumerate(examples)}
    space = Space.of([features[row] for row in once.values()])
    matrix = space.matrix(features)
    weights = [e.weight for e in examples]
    model = fit(matrix, [e.primary for e in examples], weights=weights)
    second = {}
    if tags:
        for label in model.classes_:
            holds = [label == e.primary or label in e.also for e in examples]
            if label != NO_CAUSE and 0 < sum(holds) < len(holds):
                second[str(label)] = fit(matrix, holds, weights=weights)
    return model, second, space


def named(features: Sequence[Features], classes: Sequence[str]) -> NDArray[np.float64]:
    """Return the points with which cue phrases name a class: one row for each of `features`."""
    import numpy as np

    return np.array([[f.signals.get(NAMED + label, 0.0) for label in classes] for f in features])


def decisions(model: Any, matrix: Matrix) -> NDArray[np.float64]:
    """Return one column of logits for each class, also where there are only two."""
    import numpy as np

    found: NDArray[np.float64] = model.decision_function(matrix)
    return found if found.ndim == 2 else np.stack([-found / 2, found / 2], axis=1)


def temperature(logits: NDArray[np.float64], holds: NDArray[np.bool_]) -> float:
    """Return the temperature at which the probability of each row's best class is likeliest to say whether that class holds.

    `logits` are of examples that were held out; `holds` has their shape.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import softmax

    best = logits.argmax(axis=1)
    right = holds[np.arange(len(best)), best]

    def loss(log: float) -> float:
        sure = np.clip(softmax(logits / np.exp(log), axis=1).max(axis=1), 1e-6, 1 - 1e-6)
        return float(-np.where(right, np.log(sure), np.log(1 - sure)).mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x)), 6)


def tag_temperature(logits: NDArray[np.float64], holds: NDArray[np.bool_]) -> float:
    """Return the temperature of the second head, in the same way."""
    import numpy as np
    from scipy.optimize import minimize_scalar

    signed = np.where(holds, logits, -logits)

    def loss(log: float) -> float:
        return float(np.logaddexp(0.0, -signed / np.exp(log)).mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x)), 6)
