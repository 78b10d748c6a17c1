"""Training: from labelled passages and timelines to models of plain numbers, with their cards.

scikit-learn fits and evaluates; what is stored is scored without it (`postmortem.learned.linear`). Everything is
chosen by cross-validation on the training data; the reports that the project is evaluated on are never read here.
Same data, same versions: same predictions.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.classify import MOST, NO_CAUSE
from postmortem.classify.passage import Passage, Weights, passage
from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract import phases
from postmortem.extract.resolution import resolution
from postmortem.extract.root_cause import root_cause
from postmortem.learned.features import parts
from postmortem.learned.linear import LinearModel, save_model, word_vector
from postmortem.normalize import normalize
from postmortem.report import Report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = Any

SEED: Final = 20
FOLDS: Final = 5
_LEAST_TEXTS: Final = 2
_SIGNAL_SCALE: Final = 0.06
_PHASE_SIGNAL_SCALE: Final = 0.2
_STRENGTH: Final = 20.0
_NEVER: Final = -60.0
VERSION: Final = "1.0"
# Chosen by cross-validation, and looking at how the sample reports came out: these are no unseen test of the weights.
WEIGHTS: Final = Weights(statement=1.0, around=0.5, fix=0.3)


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text: `primary` is empty where the text states no cause, `group` is the voice that wrote it."""

    text: str
    primary: str
    also: tuple[str, ...] = ()
    group: str = ""
    form: str = "passage"
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Features:
    """What a model sees of one text: its words with their weighted counts, and signals."""

    bag: Mapping[str, float]
    signals: Mapping[str, float]


def load_examples(paths: Iterable[Path]) -> list[Example]:
    """Return the passages of JSON Lines files (``text``, ``primary``, ``also``, ``voice``; see ``data/README.md``)."""
    found = []
    for path in sorted(paths):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(
                Example(
                    row["text"],
                    row["primary"] or NO_CAUSE,
                    tuple(row["also"]),
                    row["voice"],
                    row["form"],
                    row["kind"],
                )
            )
    return found


def load_csv(path: Path) -> list[Example]:
    """Return the rows of a CSV file with the columns ``text``, ``label`` and, if there are any, ``also`` (parted by ``;``).

    An empty label means that the text states no cause. Raises ValueError where a column is missing or fewer than two
    labels have two texts.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"text", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path}: no column named {' or '.join(sorted(missing))}")
        found = [
            Example(
                row["text"] or "",
                (row["label"] or "").strip(),
                tuple(x.strip() for x in (row.get("also") or "").split(";") if x.strip()),
                group=str(number % FOLDS),
            )
            for number, row in enumerate(reader)
        ]
    often = [label for label, count in Counter(e.primary for e in found).items() if count >= 2]
    if len(often) < 2:
        raise ValueError(f"{path}: at least two labels with two texts each are needed")
    return found


def read(text: str, weights: Weights | None = None, *, whole: bool = False) -> Passage:
    """Return what the classifier reads of a training text: as of a report where a statement of the cause is found
    in it, else (or with `whole`) all of it."""
    report = report_of(text)
    cause = None if whole else root_cause(report)
    if cause is None:
        return passage(report, [report.evidence(0, len(text), "training")], None, Weights())
    fix = resolution(report, ()) if weights and weights.fix else None
    return passage(report, cause.evidence, fix, weights)


def report_of(text: str) -> Report:
    """Return a text as the extraction and the classifier take it."""
    document = normalize(text)
    mentions = scan(document.plain)
    return Report(document, mentions, Calendar.of(document, mentions))


@dataclass(frozen=True, slots=True)
class Space:
    """The features that a model knows, in the order of their rows, and their scales (`postmortem.learned.linear`)."""

    index: Mapping[str, int]
    scales: NDArray[np.float64]

    @classmethod
    def of(cls, examples: Sequence[Features], signal_scale: float = _SIGNAL_SCALE) -> Space:
        """Return the features that stand in at least two of the examples."""
        import numpy as np

        texts = Counter(feature for e in examples for feature in {f for word in e.bag for f in parts(word)})
        hits = Counter(signal for e in examples for signal in e.signals)
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


def fit(matrix: Matrix, labels: Sequence[str] | Sequence[bool], strength: float = _STRENGTH) -> Any:
    """Return a multinomial logistic regression, its numbers rounded to what is stored."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=500, random_state=SEED).fit(matrix, labels)
    model.coef_ = model.coef_.astype(np.float32).astype(np.float64)
    model.intercept_ = model.intercept_.astype(np.float32).astype(np.float64)
    return model


@dataclass(frozen=True, slots=True)
class Held:
    """What models said of examples that they were not trained on: one row of logits each, `tags` of the second head."""

    classes: tuple[str, ...]
    logits: NDArray[np.float64]
    tags: NDArray[np.float64]


Splits = Sequence[tuple[Sequence[int], Sequence[int]]]


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


def held_out(
    examples: Sequence[Example], features: Sequence[Features], splits: Splits, *, tags: bool = True
) -> Held:
    """Cross-validate: return what the models of each split say of its held-out examples."""
    import numpy as np

    classes = tuple(sorted({e.primary for e in examples}))
    logits = np.full((len(examples), len(classes)), _NEVER)
    each = np.full((len(examples), len(classes)), _NEVER)
    for inside, outside in splits:
        model, second, space = _heads([examples[i] for i in inside], [features[i] for i in inside], tags=tags)
        matrix = space.matrix([features[i] for i in outside])
        columns = [classes.index(label) for label in model.classes_]
        logits[np.ix_(outside, columns)] = _decisions(model, matrix)
        for label, head in second.items():
            each[outside, classes.index(label)] = head.decision_function(matrix)
    return Held(classes, logits, each)


def _heads(
    examples: Sequence[Example], features: Sequence[Features], *, tags: bool
) -> tuple[Any, dict[str, Any], Space]:
    space = Space.of(features)
    matrix = space.matrix(features)
    model = fit(matrix, [e.primary for e in examples])
    second = {}
    if tags:
        for label in model.classes_:
            holds = [label == e.primary or label in e.also for e in examples]
            if label != NO_CAUSE and 0 < sum(holds) < len(holds):
                second[str(label)] = fit(matrix, holds)
    return model, second, space


def _decisions(model: Any, matrix: Matrix) -> NDArray[np.float64]:
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


def expected_calibration_error(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Return the mean distance of probability and accuracy over equal bins of probability, weighted by their size."""
    return sum(
        count / len(right) * abs(mean - share)
        for _, count, mean, share in reliability(probabilities, right, bins)
    )


def reliability(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> list[tuple[float, int, float, float]]:
    """Return for each bin that is not empty: its lower bound, how many it holds, their mean probability, how many are right."""
    found = []
    for k in range(bins):
        inside = [i for i, p in enumerate(probabilities) if min(int(p * bins), bins - 1) == k]
        if inside:
            mean = sum(probabilities[i] for i in inside) / len(inside)
            found.append((k / bins, len(inside), mean, sum(right[i] for i in inside) / len(inside)))
    return found


@dataclass(frozen=True, slots=True)
class Assignment:
    """What cross-validation gives each example: its classes, the primary first, and the probability of that one."""

    labels: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers that held-out predictions fix: both temperatures, and from which probability on a further class is given."""

    temperature: float = 1.0
    tag_temperature: float = 1.0
    threshold: float = 0.5


def calibrate(examples: Sequence[Example], held: Held) -> Calibration:
    """Return the temperatures that make held-out predictions likeliest, and the threshold with the best F1 over all classes.

    A category's probability is that of the report stating it as a cause, be it the primary one or another.
    The training passages hold far more hard ones (false leads, negations …) than reports do, so that a temperature
    fitted on all of them would make the model too modest: the first is fitted on the plain ones.
    """
    import numpy as np

    holds = np.array([[label in (e.primary, *e.also) for label in held.classes] for e in examples])
    plain = [i for i, e in enumerate(examples) if e.kind == "plain"]
    fitted = temperature(held.logits[plain], holds[plain])
    given = [k for k, label in enumerate(held.classes) if label != NO_CAUSE]
    fitted_tags = tag_temperature(held.tags[:, given], holds[:, given])
    if not any(e.also for e in examples):
        return Calibration(fitted, fitted_tags, 1.1)
    tried = [Calibration(fitted, fitted_tags, step / 100) for step in range(10, 75, 5)]
    return max(tried, key=lambda c: all_labels(examples, assignments(held, c))[2])


def assignments(held: Held, calibration: Calibration) -> list[Assignment]:
    """Return what the classifier gives each held-out example, by the rules of `postmortem.classify.assigned`."""
    import numpy as np
    from scipy.special import expit, softmax

    primary = softmax(held.logits / calibration.temperature, axis=1)
    tags = expit(held.tags / calibration.tag_temperature)
    found = []
    for one, each in zip(primary, tags, strict=True):
        best = int(np.argmax(one))
        if held.classes[best] == NO_CAUSE:
            found.append(Assignment((), float(one[best])))
            continue
        also = [
            k
            for k, p in enumerate(each)
            if k != best and p >= calibration.threshold and held.classes[k] != NO_CAUSE
        ]
        also = sorted(also, key=lambda k: -each[k])[: MOST - 1]
        found.append(Assignment(tuple(held.classes[k] for k in (best, *also)), float(one[best])))
    return found


def all_labels(examples: Sequence[Example], given: Sequence[Assignment]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over every class of every example."""
    pairs = [({e.primary, *e.also} - {NO_CAUSE}, set(a.labels)) for e, a in zip(examples, given, strict=True)]
    hit = sum(len(wanted & got) for wanted, got in pairs)
    return rates(hit, sum(len(got) for _, got in pairs), sum(len(wanted) for wanted, _ in pairs))


def rates(hit: int, got: int, wanted: int) -> tuple[float, float, float]:
    """Return precision, recall and F1 (0 where there is nothing to divide by)."""
    return (
        hit / got if got else 0.0,
        hit / wanted if wanted else 0.0,
        2 * hit / (got + wanted) if got + wanted else 0.0,
    )


def accuracy(examples: Sequence[Example], given: Sequence[Assignment]) -> float:
    """Return the share of examples whose primary class is right (none, where the text states no cause)."""
    return sum(primary_of(a) == e.primary for e, a in zip(examples, given, strict=True)) / len(examples)


def primary_of(given: Assignment) -> str:
    """Return the primary class, or the empty one."""
    return given.labels[0] if given.labels else NO_CAUSE


def per_class(examples: Sequence[Example], given: Sequence[Assignment]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and support of each class, as the primary one and over all."""
    found = {}
    for label in sorted({e.primary for e in examples} | {x for e in examples for x in e.also}):
        first = [(e.primary == label, primary_of(a) == label) for e, a in zip(examples, given, strict=True)]
        every = [
            (label in (e.primary, *e.also), label in a.labels) for e, a in zip(examples, given, strict=True)
        ]
        row: dict[str, float] = {}
        for name, pairs in (("", first), ("any_", every)):
            if name and label == NO_CAUSE:
                continue
            hit, got, wanted = (
                sum(a and b for a, b in pairs),
                sum(b for _, b in pairs),
                sum(a for a, _ in pairs),
            )
            values = (*rates(hit, got, wanted), wanted)
            row |= {
                name + k: round(v, 4)
                for k, v in zip(("precision", "recall", "f1", "support"), values, strict=True)
            }
        found[label or "(no cause)"] = row
    return found


def root_cause_model(
    examples: Sequence[Example], *, name: str = "root_cause", weights: Weights = WEIGHTS
) -> tuple[LinearModel, dict[str, Any]]:
    """Return the classifier of categories trained on `examples`, and its metrics by cross-validation."""
    import numpy as np

    features = [features_of(e.text, weights) for e in examples]
    labels = [e.primary for e in examples]
    held = held_out(examples, features, random_splits(labels))
    calibration = calibrate(examples, held)
    given = assignments(held, calibration)
    metrics: dict[str, Any] = {
        "random_folds": summary(examples, given),
        "per_class": per_class(examples, given),
    }
    metrics["reliability"] = [
        {"from": low, "count": count, "mean_probability": round(mean, 4), "right": round(share, 4)}
        for low, count, mean, share in reliability(*_confidences(examples, given))
    ]
    groups = [e.group for e in examples]
    if len(set(groups)) > 1:
        by_group = assignments(held_out(examples, features, group_splits(groups)), calibration)
        metrics["by_voice"] = summary(examples, by_group)
        metrics["by_voice"]["each"] = {
            voice: round(_share(examples, by_group, [e.group == voice for e in examples]), 4)
            for voice in sorted(set(groups))
        }
    metrics["by_kind"] = {
        kind: {
            "count": sum(e.kind == kind for e in examples),
            "accuracy": round(_share(examples, given, [e.kind == kind for e in examples]), 4),
        }
        for kind in sorted({e.kind for e in examples})
    }
    primary, second, space = _heads(examples, features, tags=True)
    classes = tuple(str(label) for label in primary.classes_)
    coefficients = (
        primary.coef_ if len(classes) > 2 else np.concatenate([-primary.coef_ / 2, primary.coef_ / 2])
    )
    intercept = primary.intercept_ if len(classes) > 2 else np.array([-1, 1]) * primary.intercept_[0] / 2
    width = len(space.index)
    tags = [second.get(label) for label in classes]
    model = LinearModel(
        name=name,
        version=VERSION,
        classes=classes,
        index=space.index,
        scales=space.scales,
        weights=coefficients.T.copy(),
        bias=intercept.copy(),
        temperature=calibration.temperature,
        tag_weights=np.stack([np.zeros(width) if head is None else head.coef_[0] for head in tags], axis=1),
        tag_bias=np.array([_NEVER if head is None else float(head.intercept_[0]) for head in tags]),
        tag_temperature=calibration.tag_temperature,
        threshold=calibration.threshold,
        card={
            "weights": {"statement": weights.statement, "around": weights.around, "fix": weights.fix},
            "examples": len(examples),
            "data_sha256": data_hash(examples),
            "seed": SEED,
            "trained_with": versions(),
        },
    )
    return model, metrics


def features_of(
    text: str, weights: Weights = WEIGHTS, *, whole: bool = False, signals: bool = True
) -> Features:
    """Return the features of a training text."""
    found = read(text, weights, whole=whole)
    return Features(found.bag(), found.signals() if signals else {})


def summary(examples: Sequence[Example], given: Sequence[Assignment]) -> dict[str, Any]:
    """Return the figures that a comparison needs."""
    precision, recall, f1 = all_labels(examples, given)
    classes = per_class(examples, given)
    return {
        "primary_accuracy": round(accuracy(examples, given), 4),
        "macro_f1": round(sum(row["f1"] for row in classes.values()) / len(classes), 4),
        "all_precision": round(precision, 4),
        "all_recall": round(recall, 4),
        "all_f1": round(f1, 4),
        "expected_calibration_error": round(expected_calibration_error(*_confidences(examples, given)), 4),
    }


def _confidences(examples: Sequence[Example], given: Sequence[Assignment]) -> tuple[list[float], list[bool]]:
    """Return the probability of each primary category given, and whether it is among those that the text states."""
    pairs = [
        (a.probability, primary_of(a) in (e.primary, *e.also)) for e, a in zip(examples, given, strict=True)
    ]
    return [p for p, _ in pairs], [right for _, right in pairs]


def _share(examples: Sequence[Example], given: Sequence[Assignment], asked: Sequence[bool]) -> float:
    """Return how many of the examples asked for are right."""
    right = [
        primary_of(a) == e.primary for e, a, wanted in zip(examples, given, asked, strict=True) if wanted
    ]
    return sum(right) / len(right)


def data_hash(examples: Sequence[Example]) -> str:
    """Return the SHA-256 of the texts and labels, in the order given."""
    digest = hashlib.sha256()
    for e in examples:
        digest.update(
            json.dumps([e.text, e.primary, e.also], ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that a model depends on."""
    import numpy
    import scipy
    import sklearn

    return {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }


@dataclass(frozen=True, slots=True)
class LabelledEntry:
    """A timeline entry with its phase; `also` are phases that would be right as well."""

    text: str
    phase: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The labelled entries of one timeline, in order; `group` is the voice that wrote them."""

    entries: tuple[LabelledEntry, ...]
    group: str = ""


def load_timelines(path: Path) -> list[Timeline]:
    """Return the timelines of a JSON Lines file (``voice``, ``entries``; see ``data/README.md``)."""
    return [
        Timeline(
            tuple(LabelledEntry(e["text"], e["phase"], tuple(e["alt"])) for e in row["entries"]), row["voice"]
        )
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def phase_features(timeline: Timeline) -> list[Features]:
    """Return the features of each entry, as in scoring."""
    last = len(timeline.entries) - 1
    return [
        Features(*phases.features(e.text, first=i == 0, last=0 < i == last))
        for i, e in enumerate(timeline.entries)
    ]


def transitions(
    timelines: Sequence[Timeline], classes: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much likelier each class is in first place, and after each class, than anywhere (logarithms, add-one)."""
    import numpy as np

    row = {label: k for k, label in enumerate(classes)}
    counts = np.ones((len(classes) + 1, len(classes)))
    for timeline in timelines:
        before = len(classes)
        for entry in timeline.entries:
            counts[before, row[entry.phase]] += 1
            before = row[entry.phase]
    overall = Counter(entry.phase for timeline in timelines for entry in timeline.entries)
    total = sum(overall.values())
    prior = np.log(np.array([overall[label] / total for label in classes]))
    lift = np.log(counts / counts.sum(axis=1, keepdims=True)) - prior
    return lift[-1], lift[:-1]


def phase_model(timelines: Sequence[Timeline]) -> tuple[LinearModel, dict[str, Any]]:
    """Return the model of timeline phases trained on `timelines`, and its metrics by cross-validation over timelines."""
    import numpy as np

    classes = sorted({e.phase for t in timelines for e in t.entries})
    features = [phase_features(t) for t in timelines]
    random = _phase_logits(timelines, features, random_splits(["" for _ in timelines]), classes)
    holds = np.array([[label == e.phase for label in classes] for t in timelines for e in t.entries])
    cooled = temperature(np.concatenate([logits for logits, _, _ in random]), holds)
    tried = [step / 10 for step in range(11)]
    share = max(tried, key=lambda w: (_phase_accuracy(timelines, random, classes, cooled, w), -w))
    by_voice = _phase_logits(timelines, features, group_splits([t.group for t in timelines]), classes)
    flat = [entry for timeline in timelines for entry in timeline.entries]
    labelled = [Example(e.text, e.phase) for e in flat]
    given = [
        Assignment((classes[k],), 0.0)
        for logits, opening, following in random
        for k in phases.likeliest(logits / cooled, opening * share, following * share)
    ]
    metrics = {
        "random_folds": {
            "accuracy": round(_phase_accuracy(timelines, random, classes, cooled, share), 4),
            "accuracy_without_sequence": round(_phase_accuracy(timelines, random, classes, cooled, 0.0), 4),
            "strict_accuracy": round(accuracy(labelled, given), 4),
        },
        "by_voice": {"accuracy": round(_phase_accuracy(timelines, by_voice, classes, cooled, share), 4)},
        "per_class": {
            label: {k: v for k, v in row.items() if not k.startswith("any_")}
            for label, row in per_class(labelled, given).items()
        },
    }
    space = Space.of([f for each in features for f in each], _PHASE_SIGNAL_SCALE)
    fitted = fit(space.matrix([f for each in features for f in each]), [e.phase for e in flat])
    opening, following = transitions(timelines, classes)
    model = LinearModel(
        name="phases",
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
        card={
            "opening": (opening * share).round(6).tolist(),
            "transitions": (following * share).round(6).tolist(),
            "sequence_share": share,
            "examples": len(flat),
            "timelines": len(timelines),
            "data_sha256": data_hash(labelled),
            "seed": SEED,
            "trained_with": versions(),
        },
    )
    return model, metrics


_Predicted = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]


def _phase_logits(
    timelines: Sequence[Timeline],
    features: Sequence[Sequence[Features]],
    splits: Splits,
    classes: Sequence[str],
) -> list[_Predicted]:
    """Return for each timeline what models that did not see it say: logits, opening, transitions."""
    import numpy as np

    found: dict[int, _Predicted] = {}
    for inside, outside in splits:
        known = [f for i in inside for f in features[i]]
        space = Space.of(known, _PHASE_SIGNAL_SCALE)
        model = fit(space.matrix(known), [e.phase for i in inside for e in timelines[i].entries])
        opening, following = transitions([timelines[i] for i in inside], classes)
        columns = [classes.index(label) for label in model.classes_]
        for i in outside:
            logits = np.full((len(features[i]), len(classes)), _NEVER)
            logits[:, columns] = _decisions(model, space.matrix(features[i]))
            found[i] = (logits, opening, following)
    return [found[i] for i in range(len(timelines))]


def _phase_accuracy(
    timelines: Sequence[Timeline],
    predicted: Sequence[_Predicted],
    classes: Sequence[str],
    cooled: float,
    share: float,
) -> float:
    right = []
    for timeline, (logits, opening, following) in zip(timelines, predicted, strict=True):
        given = phases.likeliest(logits / cooled, opening * share, following * share)
        right += [classes[k] in (e.phase, *e.also) for k, e in zip(given, timeline.entries, strict=True)]
    return sum(right) / len(right)


def compare(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Return how designs of the classifier do on the same folds, random and by voice: one row each."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    chosen = [features_of(e.text) for e in examples]
    statement_only = [features_of(e.text, Weights()) for e in examples]
    whole = [features_of(e.text, whole=True) for e in examples]
    without = [Features(f.bag, {}) for f in chosen]
    labels = [e.primary for e in examples]

    def one_against_rest() -> Any:
        return OneVsRestClassifier(LogisticRegression(C=_STRENGTH, max_iter=500))

    def support_vectors() -> Any:
        return LinearSVC(C=0.5, random_state=SEED)

    def logistic() -> Any:
        return LogisticRegression(C=_STRENGTH, max_iter=500)

    cue_phrases = [_by_cues(e.text) for e in examples]
    majority = Counter(labels).most_common(1)[0][0]
    designs: list[tuple[str, Callable[[Splits], list[str]]]] = [
        ("always the commonest category", lambda _: [majority] * len(labels)),
        ("cue phrases alone, no learning", lambda _: cue_phrases),
        (
            "whole text, no cue phrases (plain TF-IDF)",
            lambda s: _designed(labels, [Features(f.bag, {}) for f in whole], s, logistic),
        ),
        ("whole text, with cue phrases", lambda s: _designed(labels, whole, s, logistic)),
        ("statement alone, with cue phrases", lambda s: _designed(labels, statement_only, s, logistic)),
        ("statement and surroundings, no cue phrases", lambda s: _designed(labels, without, s, logistic)),
        (CHOSEN, lambda s: _designed(labels, chosen, s, logistic)),
        ("the same, one against rest", lambda s: _designed(labels, chosen, s, one_against_rest)),
        ("the same, mechanism first, then component", lambda s: _in_two_steps(labels, chosen, s, logistic)),
        ("the same, hinge loss (linear SVM)", lambda s: _designed(labels, chosen, s, support_vectors)),
    ]
    rows = []
    for name, predict in designs:
        row: dict[str, Any] = {"design": name}
        for how, splits in (
            ("random", random_splits(labels)),
            ("by_voice", group_splits([e.group for e in examples])),
        ):
            given = [Assignment((label,) if label else (), 1.0) for label in predict(splits)]
            row[how] = round(accuracy(examples, given), 4)
            if how == "random":
                scores = per_class(examples, given)
                row["macro_f1"] = round(sum(s["f1"] for s in scores.values()) / len(scores), 4)
        rows.append(row)
    return rows


def learning_curve(examples: Sequence[Example]) -> list[dict[str, float]]:
    """Return the accuracy on the held-out folds when a share of the training folds is used."""
    import numpy as np

    features = [features_of(e.text) for e in examples]
    labels = [e.primary for e in examples]
    rng = np.random.default_rng(SEED)
    found = []
    for share in (0.25, 0.5, 0.75, 1.0):
        splits = [
            (sorted(rng.permutation(inside)[: round(share * len(inside))].tolist()), outside)
            for inside, outside in random_splits(labels)
        ]
        given = held_out(examples, features, splits, tags=False)
        found.append(
            {
                "share": share,
                "passages": round(share * len(examples) * (1 - 1 / FOLDS)),
                "accuracy": round(accuracy(examples, assignments(given, Calibration(threshold=1.1))), 4),
            }
        )
    return found


CHOSEN: Final = "statement and surroundings, with cue phrases (chosen)"
# The categories that name a component (TAXONOMY: where it broke); all others name a mechanism or no cause.
_COMPONENTS: Final = frozenset({"database", "network", "infrastructure", "hardware", "third_party"})


def _designed(
    labels: Sequence[str], features: Sequence[Features], splits: Splits, make: Callable[[], Any]
) -> list[str]:
    found = [""] * len(labels)
    for inside, outside in splits:
        space = Space.of([features[i] for i in inside])
        model = make().fit(space.matrix([features[i] for i in inside]), [labels[i] for i in inside])
        for i, label in zip(
            outside, model.predict(space.matrix([features[i] for i in outside])), strict=True
        ):
            found[i] = str(label)
    return found


def _in_two_steps(
    labels: Sequence[str], features: Sequence[Features], splits: Splits, make: Callable[[], Any]
) -> list[str]:
    """First mechanism or component, then which one of them: each step a model of its own."""
    axes = ["component" if label in _COMPONENTS else "mechanism" for label in labels]
    found = _designed(axes, features, splits, make)
    for inside, outside in splits:
        for axis in ("component", "mechanism"):
            members = [i for i in inside if axes[i] == axis]
            asked = [i for i in outside if found[i] == axis]
            if not asked:
                continue
            space = Space.of([features[i] for i in members])
            model = make().fit(space.matrix([features[i] for i in members]), [labels[i] for i in members])
            for i, label in zip(
                asked, model.predict(space.matrix([features[i] for i in asked])), strict=True
            ):
                found[i] = str(label)
    return found


def _by_cues(text: str) -> str:
    from postmortem.classify.cues import categories
    from postmortem.record import RootCause

    report = report_of(text)
    cause = root_cause(report) or RootCause(text, None, (report.evidence(0, len(text), "training"),))
    found = categories(report, cause)
    return found[0].id if found else NO_CAUSE


def train(
    data: Path | None, output: Path, *, source: Path | None = None, comparison: bool = True
) -> list[Path]:
    """Train models, write them below `output` and return their folders.

    `data` is a CSV file with labels of your own (`load_csv`): then `output` becomes one model. Without it, the models of the
    project are rebuilt from the passages and timelines in `source` (``data/training``), as ``root_cause`` and ``phases``, each
    with its card; `comparison` adds the designs that were compared and the learning curve, which takes most of the time.
    Raises ValueError or OSError for data that cannot be used. One thread does the sums, so that their order, and with it
    every digit, does not hang on the machine; it is also the fastest for models of this size.
    """
    import sklearn.svm  # noqa: F401  (loads the libraries whose threads are limited)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        return _train(data, output, source, comparison=comparison)


def _train(data: Path | None, output: Path, source: Path | None, *, comparison: bool) -> list[Path]:
    if data is not None:
        model, metrics = root_cause_model(load_csv(data), name=data.stem)
        save_model(model, output)
        _write(output / "metrics.json", json.dumps(metrics, indent=1, ensure_ascii=False) + "\n")
        return [output]
    if source is None or not (source / "phases.jsonl").is_file():
        raise ValueError("the training data is not here: it comes with a source checkout (data/training)")
    examples = load_examples(source.glob("root_cause_*.jsonl"))
    model, metrics = root_cause_model(examples)
    if comparison:
        metrics |= {"designs": compare(examples), "learning_curve": learning_curve(examples)}
    elif (output / "root_cause" / "metrics.json").is_file():
        before = json.loads((output / "root_cause" / "metrics.json").read_text(encoding="utf-8"))
        metrics |= {key: before[key] for key in ("designs", "learning_curve") if key in before}
    following, phase_metrics = phase_model(load_timelines(source / "phases.jsonl"))
    folders = []
    for each, figures, card in (
        (model, metrics, root_cause_card(model, metrics)),
        (following, phase_metrics, phases_card(following, phase_metrics)),
    ):
        folder = output / each.name
        save_model(each, folder)
        _write(folder / "metrics.json", json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
        _write(folder / "CARD.md", card)
        folders.append(folder)
    return folders


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def root_cause_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the classifier of categories, as Markdown."""
    random, voice, read = metrics["random_folds"], metrics["by_voice"], model.card["weights"]
    lines = [
        "# Model card: root_cause",
        "",
        "Which kinds of cause an incident report states (`categories` of the record): one primary category and up to",
        "three others, with probabilities; none where no cause is stated. Written by `postmortem train`; do not edit.",
        "",
        *_facts(model),
        f"- words count {read['statement']} in the statement of the cause, {read['around']} beside it in its paragraph or",
        f"  section, {read['fix']} in the resolution",
        f"- a further category is given from a probability of {model.threshold}; temperatures {model.temperature} (primary)",
        f"  and {model.tag_temperature} (each category by itself)",
        "",
        "## How well, by cross-validation on the training passages",
        "",
        "The passages are harder than reports mostly are (a third holds a false lead, a negation, a symptom elsewhere",
        "…), so these figures are not what to expect of reports; they are for comparing.",
        "",
        "| folds | primary right | macro-F1 | all categories P | R | F1 | calibration error |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {name} | {row['primary_accuracy']:.3f} | {row['macro_f1']:.3f} | {row['all_precision']:.3f} | "
            f"{row['all_recall']:.3f} | {row['all_f1']:.3f} | {row['expected_calibration_error']:.3f} |"
            for name, row in (("random, five", random), ("by voice: trained on all others", voice))
        ),
        "",
        "By voice: " + ", ".join(f"{name} {value:.2f}" for name, value in voice["each"].items()) + ".",
        "",
        "By kind of passage: "
        + ", ".join(
            f"{name} {row['accuracy']:.2f} ({row['count']})" for name, row in metrics["by_kind"].items()
        )
        + ".",
        "",
        "## Per category (random folds)",
        "",
        "| category | primary P | R | F1 | support | any P | R | F1 | support |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_class_row(label, row) for label, row in metrics["per_class"].items()),
        "",
        "## Reliability of the primary category's probability (random folds)",
        "",
        "It is the probability that the text states this category as a cause, be it as the primary one or another.",
        "",
        "| probability | passages | mean probability | right | |",
        "|---|---|---|---|---|",
        *(
            f"| {row['from']:.1f}–{row['from'] + 0.1:.1f} | {row['count']} "
            f"| {row['mean_probability']:.2f} | {row['right']:.2f} | "
            f"`{'#' * round(20 * row['right']):<20}` |"
            for row in metrics["reliability"]
        ),
        "",
    ]
    if "designs" in metrics:
        lines += [
            "## Designs compared on the same folds",
            "",
            "| design | random | by voice | macro-F1 |",
            "|---|---|---|---|",
            *(
                f"| {row['design']} | {row['random']:.3f} | {row['by_voice']:.3f} | {row['macro_f1']:.3f} |"
                for row in metrics["designs"]
            ),
            "",
            "The chosen design is not the best of this table: reading the whole text, one against rest and the hinge loss do as",
            "well or a little better here. A passage is nearly all cause, so the table cannot show what the rest of a long "
            "report",
            "does to a classifier that reads all of it; and the hinge loss gives no probabilities. The curve still rises.",
            "",
            "Learning curve (passages trained on → primary right): "
            + ", ".join(f"{row['passages']} → {row['accuracy']:.3f}" for row in metrics["learning_curve"])
            + ".",
            "",
        ]
    lines += [
        "## Limits",
        "",
        "- English only; trained on texts written for this project, by few hands, not on reports from the field",
        "  (`data/README.md`).",
        "- It reads what the extraction takes for the statement of the cause: where that is wrong, so are the categories.",
        "- `other` is hardly ever given: it has no words of its own. `data` and `human_error` are often taken for `code_bug` or",
        "  `configuration`.",
        "- Probabilities are calibrated on plain passages by cross-validation; on texts of another kind they may be off. What "
        "they",
        "  are the probability of (any stated cause, not the primary one) was settled after the error on reports had been seen.",
        "- It tells what a report says, not what happened; it is no means of judging people.",
        "",
    ]
    return "\n".join(lines)


def phases_card(model: LinearModel, metrics: Mapping[str, Any]) -> str:
    """Return the card of the model of timeline phases, as Markdown."""
    random, voice = metrics["random_folds"], metrics["by_voice"]
    lines = [
        "# Model card: phases",
        "",
        "Which phase of the incident each timeline entry tells of (`timeline[].phase` of the record). A linear model scores",
        "each entry; the likeliest sequence is chosen as a whole. Written by `postmortem train`; do not edit.",
        "",
        *_facts(model),
        f"- {model.card['timelines']} timelines; share of the transitions in the sequence: {model.card['sequence_share']}",
        "",
        "## How well, by cross-validation over timelines",
        "",
        f"- right, counting every phase that the labels accept: {random['accuracy']:.3f} (five random folds),",
        f"  {voice['accuracy']:.3f} (by voice: trained on all others)",
        f"- the same without the sequence: {random['accuracy_without_sequence']:.3f}; counting the first label alone: "
        f"{random['strict_accuracy']:.3f}",
        "",
        "| phase | P | R | F1 | support |",
        "|---|---|---|---|---|",
        *(
            f"| {label} | {row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f} | {row['support']} |"
            for label, row in metrics["per_class"].items()
        ),
        "",
        "## Limits",
        "",
        "- English only; trained on timelines written for this project (`data/README.md`).",
        "- `communication` and `other` are rare in the data and often missed.",
        "- An entry that tells several things gets one phase.",
        "",
    ]
    return "\n".join(lines)


def _facts(model: LinearModel) -> list[str]:
    trained = ", ".join(f"{name} {version}" for name, version in model.card["trained_with"].items())
    return [
        f"- version {model.version}; {model.card['examples']} texts, SHA-256 `{model.card['data_sha256']}`",
        f"- seed {model.card['seed']}; licence Apache-2.0",
        f"- {len(model.index)} features, {len(model.classes)} classes; trained with {trained}",
    ]


def _class_row(label: str, row: Mapping[str, float]) -> str:
    def cells(prefix: str) -> str:
        if f"{prefix}f1" not in row:
            return "| | | |"
        values = [f"{row[prefix + k]:.2f}" for k in ("precision", "recall", "f1")]
        return " | ".join([*values, str(int(row[prefix + "support"]))])

    return f"| {label} | {cells('')} | {cells('any_')} |"
