"""Linear text models as plain numbers: loaded without running code, scored without scikit-learn.

A model is a folder with two files: ``model.json`` (classes, features, thresholds, what it was trained on) and
``weights.npz`` (arrays of numbers, loaded with ``allow_pickle=False``). A text comes as a bag of words, each with its weighted
count t, and as signals (such as the hits of cue phrases), each with a value:

- a word stands for its features (`postmortem.learned.features.parts`), as a vector of their idf; a text is the sum of its words'
  vectors, each times ``1 + ln t`` (t below 1), divided by the root of the sum of their squared lengths;
- a signal is its value times a scale.

On both stand two linear heads. The first gives one class, ``softmax((x · W + b) / T)``: multinomial logistic regression over
TF-IDF, as in Manning, Raghavan and Schütze, *Introduction to Information Retrieval* (2008), chapters 6 and 14; the temperature
`T` calibrates it (Guo et al., *On Calibration of Modern Neural Networks*, 2017). The second, where there is one, says of each
class on its own whether it holds: ``1 / (1 + exp(-(x · V + c) / U))``.

Since every step but the division is a sum, what a word adds to each class is worked out once and remembered.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.learned.features import parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT: Final = 1
_MOST_WORDS: Final = 50_000
_MOST_EXPONENT: Final = 500.0

Bag = Mapping[str, float]


class Table(dict[str, int]):
    """A model's weights as they are summed, and the row of each word seen so far: a cache, begun anew beyond `_MOST_WORDS`.

    `features` has a row for each feature and signal: its scale times its weights in both heads and times the mean of those in
    the first, then its scale squared; the last row is zeros. `sums` has one for each word: the sum over its features, the last
    column its squared length.
    """

    __slots__ = ("_index", "bias", "features", "lifts", "sums", "temperatures")

    def __init__(
        self,
        index: Mapping[str, int],
        features: NDArray[np.float64],
        bias: NDArray[np.float64],
        temperatures: NDArray[np.float64],
    ) -> None:
        import numpy as np

        super().__init__({"": 0})  # a row of zeros, for texts without words
        self._index = index
        self.features = features
        # Of the columns of both heads.
        self.bias = bias
        self.temperatures = temperatures
        self.sums: NDArray[np.float64] = np.zeros((256, features.shape[1]))
        # What a signal adds to each class above the mean of all.
        self.lifts: dict[str, list[float]] = {}

    def __missing__(self, word: str) -> int:
        """Give a word the next row, and work out what it adds to each column, and its squared length."""
        import numpy as np

        self[word] = row = len(self)
        if row == len(self.sums):
            self.sums = np.concatenate([self.sums, np.zeros_like(self.sums)])
        known = word_rows(self._index, word)
        if known:
            total = np.add.reduce(self.features.take(known, 0), 0, None, self.sums[row])
            if len(set(known)) < len(known):
                for feature, count in Counter(known).items():
                    # A repeated feature weighs by its count, and in the length by its square.
                    total[-1] += (count * count - count) * self.features[feature, -1]
        return row

    def emptied(self) -> Table:
        """Return the table as it was before the first word."""
        return Table(self._index, self.features, self.bias, self.temperatures)


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of one text. `primary` and `tags` are probabilities in the order of the model's classes (`tags` is
    empty without a second head)."""

    primary: list[float]
    tags: list[float]
    _words: NDArray[np.float64] = field(repr=False)
    _counts: NDArray[np.float64] = field(repr=False)

    def lifts(self, label: int) -> list[float]:
        """Return what each word of the bag adds to class number `label` above the mean of all classes, in the bag's order."""
        found: list[float] = ((self._words[:, label] - self._words[:, -2]) * self._counts).tolist()
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """A trained model. `index` maps a feature or signal to its row of the weights (features × classes); `scales` holds the idf
    of a word's feature and the scale of a signal. `card` is what ``model.json`` says beside that: versions, data hash."""

    name: str
    version: str
    classes: tuple[str, ...]
    index: Mapping[str, int]
    scales: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]
    temperature: float
    tag_weights: NDArray[np.float64] | None
    tag_bias: NDArray[np.float64] | None
    tag_temperature: float
    threshold: float
    card: Mapping[str, Any]
    _tables: list[Table] = field(default_factory=list, repr=False, compare=False)

    @property
    def rule(self) -> str:
        """Return what evidence that the model gave names as its rule."""
        return f"{self.name}@{self.version}"

    def score(self, bag: Bag, signals: Mapping[str, float]) -> Scores:
        """Return what the model says of a text; words and signals without a known feature add nothing."""
        import numpy as np

        table = self._table()
        rows = [*map(table.__getitem__, bag)]
        words = table.sums.take(rows, 0)
        counts = np.array([_times(count) if count > 1.0 else count for count in bag.values()])
        words[:, -1] *= counts
        total: NDArray[np.float64] = np.dot(counts, words)
        length = math.sqrt(total[-1]) or 1.0
        total /= length
        counts /= length
        known = [(row, value) for name, value in signals.items() if (row := self.index.get(name)) is not None]
        if known:
            hits, values = zip(*known, strict=True)
            total += np.dot(values, table.features.take(hits, 0))
        total += table.bias
        total /= table.temperatures
        logits: list[float] = total.tolist()
        width = len(self.classes)
        tags = [1.0 / (1.0 + math.exp(min(-points, _MOST_EXPONENT))) for points in logits[width:-2]]
        return Scores(softmax(logits[:width]), tags, words, counts)

    def logits(self, texts: Sequence[tuple[Bag, Mapping[str, float]]]) -> NDArray[np.float64]:
        """Return the calibrated logits of the first head for several texts: one row each, classes in their order."""
        import numpy as np

        width, table = len(self.classes), self._table()
        row_of, signal_of = table.__getitem__, self.index.get
        rows: list[int] = []
        starts: list[int] = []
        # Words that do not count once, and what they count.
        often: list[int] = []
        times: list[float] = []
        hits: list[int] = []
        values: list[float] = []
        begins: list[int] = []
        for bag, signals in texts:
            starts.append(len(rows))
            rows.append(0)  # of zeros, since a text may have no words
            for place, count in enumerate(bag.values(), len(rows)):
                if count != 1.0:
                    often.append(place)
                    times.append(_times(count))
            rows += map(row_of, bag)
            begins.append(len(hits))
            hits.append(-1)
            hits += [signal_of(name, -1) for name in signals]
            values.append(1.0)
            values += signals.values()
        words = table.sums.take(rows, 0)
        if often:
            weight = np.array(times)[:, None]
            words[often] *= weight
            words[often, -1:] *= weight
        total: NDArray[np.float64] = np.add.reduceat(words, starts, axis=0)
        lengths = np.sqrt(total[:, -1:])
        lengths[lengths == 0.0] = 1.0
        total /= lengths
        added = table.features.take(hits, 0)
        if set(values) != {1.0}:
            added *= np.array(values)[:, None]
        total += np.add.reduceat(added, begins, axis=0)
        found: NDArray[np.float64] = (total[:, :width] + self.bias) / self.temperature
        return found

    def signal(self, name: str) -> Sequence[float]:
        """Return what a signal of value 1 adds to each class above the mean of all; nothing where the model knows it not."""
        lifts = self._table().lifts
        known = lifts.get(name)
        if known is None:
            row = self.index.get(name)
            if row is None:
                return ()
            known = (self.scales[row] * (self.weights[row] - self.weights[row].mean())).tolist()
            lifts[name] = known
        return known

    def _table(self) -> Table:
        if not self._tables:
            import numpy as np

            second = self.tag_weights is not None and self.tag_bias is not None
            heads = [self.weights, *([self.tag_weights] if second else [])]
            rest = [self.weights.mean(axis=1, keepdims=True), self.scales[:, None]]
            features = self.scales[:, None] * np.concatenate([*heads, *rest], axis=1)
            bias = np.concatenate([self.bias, *([self.tag_bias] if second else []), [0.0, 0.0]])
            temperatures = np.repeat(
                [self.temperature, self.tag_temperature, 1.0],
                [len(self.classes), len(bias) - len(self.classes) - 2, 2],
            )
            features = np.concatenate([features, np.zeros_like(features[:1])])
            self._tables.append(Table(self.index, features, bias, temperatures))
        elif len(self._tables[0]) > _MOST_WORDS:
            self._tables[0] = self._tables[0].emptied()
        return self._tables[0]


def _times(count: float) -> float:
    """Return what a word weighs that has this weighted count."""
    return 1.0 + math.log(count) if count > 1.0 else count


def softmax(logits: Sequence[float]) -> list[float]:
    """Return the probabilities of one row of logits."""
    most = max(logits)
    shifted = [math.exp(one - most) for one in logits]
    total = sum(shifted)
    return [one / total for one in shifted]


def word_vector(
    index: Mapping[str, int], scales: NDArray[np.float64], word: str
) -> tuple[list[int], NDArray[np.float64]]:
    """Return the rows of a word's known features and their values."""
    import numpy as np

    times = Counter(word_rows(index, word))
    rows = list(times)
    return rows, scales[rows] * np.array([times[row] for row in rows], dtype=np.float64)


def word_rows(index: Mapping[str, int], word: str) -> list[int]:
    """Return the rows of a word's known features, one as often as the word has it."""
    return [row for row in map(index.get, parts(word)) if row is not None]


def save_model(model: LinearModel, folder: Path) -> None:
    """Write ``model.json`` and ``weights.npz`` into `folder`, which is made where it is missing."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"scales": model.scales, "weights": model.weights, "bias": model.bias}
    if model.tag_weights is not None and model.tag_bias is not None:
        arrays |= {"tag_weights": model.tag_weights, "tag_bias": model.tag_bias}
    stored: dict[str, Any] = {name: array.astype(np.float32) for name, array in arrays.items()}
    np.savez_compressed(folder / "weights.npz", **stored)
    facts = {
        "format": FORMAT,
        "name": model.name,
        "version": model.version,
        "classes": list(model.classes),
        "temperature": model.temperature,
        "tag_temperature": model.tag_temperature,
        "threshold": model.threshold,
        **model.card,
        "features": sorted(model.index, key=lambda feature: model.index[feature]),
    }
    (folder / "model.json").write_text(
        json.dumps(facts, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )


def load_model(folder: Path | Traversable) -> LinearModel:
    """Return the model of `folder`. Raises FileNotFoundError where a file is missing, ValueError where one is no model."""
    import zipfile

    import numpy as np

    try:
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with (folder / "weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float64) for name in stored.files}
        if facts.pop("format") != FORMAT:
            raise ValueError("written by another version")
        features: Sequence[str] = facts.pop("features")
        model = LinearModel(
            name=str(facts.pop("name")),
            version=str(facts.pop("version")),
            classes=tuple(facts.pop("classes")),
            index={feature: row for row, feature in enumerate(features)},
            scales=arrays["scales"],
            weights=arrays["weights"],
            bias=arrays["bias"],
            temperature=float(facts.pop("temperature")),
            tag_weights=arrays.get("tag_weights"),
            tag_bias=arrays.get("tag_bias"),
            tag_temperature=float(facts.pop("tag_temperature")),
            threshold=float(facts.pop("threshold")),
            card=facts,
        )
        shape = (len(features), len(model.classes))
        fits = (
            model.weights.shape == shape and model.scales.shape == shape[:1] and model.bias.shape == shape[1:]
        )
        if not fits or (model.tag_weights is not None and model.tag_weights.shape != shape):
            raise ValueError("weights do not fit the features")
    except (KeyError, TypeError, AttributeError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{folder}: not a model of this project ({error})") from error
    return model
