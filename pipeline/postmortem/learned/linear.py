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
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.learned.features import parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT: Final = 1
_MOST_WORDS: Final = 50_000

Bag = Mapping[str, float]


class Table:
    """A model's weights as they are summed, and what each word seen so far adds: a cache, begun anew beyond `_MOST_WORDS`.

    `features` has a row for each feature and signal: its scale times its weights in both heads, then its scale squared.
    `sums` has one for each word of `rows`: the sum over its features, the last column its squared length.
    """

    __slots__ = ("features", "rows", "sums")

    def __init__(self, features: NDArray[np.float64]) -> None:
        import numpy as np

        self.features = features
        self.rows: dict[str, int] = {"": 0}  # a row of zeros, for texts without words
        self.sums: NDArray[np.float64] = np.zeros((256, features.shape[1]))

    def add(self, word: str, values: NDArray[np.float64]) -> int:
        """Remember the values of a word; return its row."""
        import numpy as np

        row = len(self.rows)
        if row == len(self.sums):
            self.sums = np.concatenate([self.sums, np.zeros_like(self.sums)])
        self.sums[row] = values
        self.rows[word] = row
        return row


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model says of one text. `primary` and `tags` are probabilities in the order of the model's classes (`tags` is
    empty without a second head); `words` is what each word of the bag adds to the score of each class, in the bag's order."""

    primary: list[float]
    tags: list[float]
    words: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
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

    def score(self, bag: Bag, signals: Mapping[str, float]) -> Scores:
        """Return what the model says of a text; words and signals without a known feature add nothing."""
        import numpy as np

        width = len(self.classes)
        words, totals, norms = self._sums([(bag, signals)])
        total = totals[0]
        primary = softmax((total[:width] + self.bias) / self.temperature)
        tags: list[float] = []
        if self.tag_bias is not None:
            each = (total[width:] + self.tag_bias) / self.tag_temperature
            tags = (1.0 / (1.0 + np.exp(-np.clip(each, -500, 500)))).tolist()
        return Scores(primary, tags, words[1:, :width] / norms[0])

    def logits(self, texts: Sequence[tuple[Bag, Mapping[str, float]]]) -> NDArray[np.float64]:
        """Return the calibrated logits of the first head for several texts: one row each, classes in their order."""
        total = self._sums(texts)[1][:, : len(self.classes)]
        found: NDArray[np.float64] = (total + self.bias) / self.temperature
        return found

    def signal(self, name: str, label: int) -> float:
        """Return what a signal of value 1 adds to class number `label` above the mean of all classes."""
        row = self.index.get(name)
        return (
            0.0
            if row is None
            else float(self.scales[row] * (self.weights[row, label] - self.weights[row].mean()))
        )

    def _sums(
        self, texts: Sequence[tuple[Bag, Mapping[str, float]]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return what each word of each bag adds to each column (one row each, and one row of zeros before each text's words),
        what each text adds in all, and its length, by which the former is yet to be divided."""
        import numpy as np

        table = self._table()
        get = table.rows.get
        rows: list[int] = []
        times: list[float] = []
        starts: list[int] = []
        for bag, _ in texts:
            starts.append(len(rows))
            rows.append(0)
            times.append(1.0)
            rows += [self._row(table, word) if (row := get(word)) is None else row for word in bag]
            times += [1.0 + math.log(t) if t > 1.0 else t for t in bag.values()]
        words = table.sums[rows]
        weight = np.array(times)
        words *= weight[:, None]
        words[:, -1] *= weight
        total: NDArray[np.float64] = np.add.reduceat(words, starts, axis=0)
        norms = np.sqrt(total[:, -1])
        norms[norms == 0.0] = 1.0
        total = total[:, :-1] / norms[:, None]
        for number, (_, signals) in enumerate(texts):
            for name, value in signals.items():
                if (known := self.index.get(name)) is not None:
                    total[number] += value * table.features[known, :-1]
        return words[:, :-1], total, norms

    def _table(self) -> Table:
        import numpy as np

        if not self._tables:
            second = [] if self.tag_weights is None else [self.tag_weights]
            joint = np.concatenate([self.weights, *second, self.scales[:, None]], axis=1)
            self._tables.append(Table(self.scales[:, None] * joint))
        elif len(self._tables[0].rows) > _MOST_WORDS:
            self._tables[0] = Table(self._tables[0].features)
        return self._tables[0]

    def _row(self, table: Table, word: str) -> int:
        """Work out what a word adds to each column, and its squared length."""
        row = table.rows.get(word)
        if row is not None:
            return row
        times = Counter(word_rows(self.index, word))
        values = table.features[list(times)]
        total = values.sum(axis=0)
        for number, (_, count) in enumerate(times.items()):
            if count > 1:  # a repeated feature weighs by its count, and in the length by its square
                total += (count - 1) * values[number]
                total[-1] += (count * count - count) * values[number, -1]
        return table.add(word, total)


def softmax(logits: NDArray[np.float64]) -> list[float]:
    """Return the probabilities of one row of logits."""
    import numpy as np

    shifted = np.exp(logits - logits.max())
    found: list[float] = (shifted / shifted.sum()).tolist()
    return found


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
    return [row for feature in parts(word) if (row := index.get(feature)) is not None]


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


def packaged(name: str) -> Traversable:
    """Return the folder of the model `name` that came with the package: in a wheel ``postmortem/_models``, in a source
    checkout ``models``."""
    inside = resources.files("postmortem") / "_models" / name
    return inside if inside.is_dir() else Path(__file__).parents[3] / "models" / name
