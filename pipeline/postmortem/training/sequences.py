"""Models of sequences: the phases of a timeline's entries, the roles of a report's sentences."""

from __future__ import annotations

import json
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.extract import phases, roles
from postmortem.extract.entry_times import newest_first
from postmortem.extract.pace import WIDTH, Span, pace
from postmortem.learned.linear import LinearModel
from postmortem.learned.sequence import weighed
from postmortem.record import Point
from postmortem.training import surroundings
from postmortem.training.annotated import annotated
from postmortem.training.examples import Example, Features, data_hash, report_of
from postmortem.training.fitting import (
    NEVER,
    Space,
    Splits,
    decisions,
    fit,
    one_headed,
    part_splits,
    random_splits,
    temperature,
    without,
)
from postmortem.training.scores import Assignment, accuracy, per_class

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIGNAL_SCALE: Final = 0.2
# Weaker than a single model of texts would have it: what was learnt must hold for other hands than those that wrote the data.
# That of the phases was chosen by leaving out one annotated set at a time.
_STRENGTH: Final = {"phases": 4.0, "roles": 8.0}
# An entry of a report weighs so much more than one of a timeline that was written to be learnt from. Chosen in the same way.
_OF_A_REPORT: Final = 3.0
# Where something else would be right as well, so much of what a part teaches is that. Chosen in the same way.
_ALSO: Final = 0.3
# The models that weigh what stands around a part; the others count what follows what.
_BY_SURROUNDINGS: Final = frozenset({"phases"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A part of a text with what it is; `also` is what would be right as well."""

    text: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """The labelled parts of one text, in order, the features of each, and what is known `beside` its words; `group` is the voice
    that wrote them, `annotated` says whether they are of an annotated report."""

    parts: tuple[Labelled, ...]
    features: tuple[Features, ...]
    group: str = ""
    annotated: bool = False
    beside: tuple[tuple[float, ...], ...] = ()

    @property
    def weight(self) -> float:
        """What each part counts."""
        return _OF_A_REPORT if self.annotated else 1.0

    def taught(self) -> Iterator[tuple[int, str, float]]:
        """Yield what the parts teach: the number of a part, a label, and the weight of that."""
        for i, part in enumerate(self.parts):
            yield i, part.label, self.weight * (1.0 - _ALSO if part.also else 1.0)
            for label in part.also:
                yield i, label, self.weight * _ALSO / len(part.also)


def load_timelines(paths: Iterable[Path]) -> list[Labels]:
    """Return the timelines of JSON Lines files (``voice``, ``entries``; see ``data/README.md``), features as in scoring."""
    return [
        _timeline([(e["text"], e["phase"], tuple(e["alt"])) for e in row["entries"]], row["voice"])
        for row in _rows(paths)
    ]


def load_annotated_timelines(data: Path) -> list[Labels]:
    """Return the timelines of the annotated reports of a project's folder `data` (`postmortem.training.annotated`), each set as a
    voice of its own. The samples are left out: they are there to measure on."""
    return [
        _timeline(
            [(e["text"], e["phase"], tuple(e.get("phase_alt", ()))) for e in one.facts["timeline"]],
            one.group,
            [_span(e) for e in one.facts["timeline"]],
        )
        for one in annotated(data)
        if one.group != "samples" and one.facts.get("timeline")
    ]


def _span(entry: Mapping[str, Any]) -> Span:
    """Return when an annotated entry was, and until when."""
    end = entry.get("end_time")
    at, until = (Point(entry["date"], time, None, None, None, ()) for time in (entry["time"], end))
    return at, until if end else None


def _timeline(
    entries: Sequence[tuple[str, str, tuple[str, ...]]], voice: str, spans: Sequence[Span] | None = None
) -> Labels:
    """Return a timeline as labelled parts, as they happened; `spans` are their times, if it is that of an annotated report."""
    if newest_first([at for at, _ in spans or ()]):
        return _timeline(entries[::-1], voice, spans[::-1] if spans else None)
    last = len(entries) - 1
    return Labels(
        tuple(Labelled(*entry) for entry in entries),
        tuple(
            Features(*phases.features(text, first=i == 0 < last, last=0 < i == last))
            for i, (text, _, _) in enumerate(entries)
        ),
        voice,
        annotated=spans is not None,
        beside=((0.0,) * WIDTH,) * len(entries) if spans is None else pace(spans),
    )


def load_narratives(paths: Iterable[Path]) -> list[Labels]:
    """Return the reports of JSON Lines files (``voice``, ``style``, ``sections``; see ``data/README.md``) with the role of each
    sentence that the extraction reads of them."""
    found = []
    for row in _rows(paths):
        text, told = written(row["sections"], row["style"])
        report = report_of(text)
        sentences = roles.spoken(report)
        labels = [_label_of(told, sentence.start, sentence.end) for sentence in sentences]
        features = roles.features(report, sentences)
        kept = [i for i, label in enumerate(labels) if label]
        found.append(
            Labels(
                tuple(Labelled(text[sentences[i].start : sentences[i].end], labels[i]) for i in kept),
                tuple(Features(*features[i]) for i in kept),
                row["voice"],
            )
        )
    return [labels for labels in found if labels.parts]


def written(sections: Sequence[Mapping[str, Any]], style: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return a narrative as a text, and the extent and role of each of its sentences there."""
    text = ""
    told = []
    for section in sections:
        heading = section["heading"]
        if heading and style == "labels":
            text += f"- **{heading}**:{'' if section['list'] else ' '}"
        elif heading:
            text += f"## {heading}\n\n"
        for number, (words, role) in enumerate(section["sentences"]):
            if section["list"]:
                text += (
                    ("\n  - " if style == "labels" else "- ")
                    if number or style != "labels" or heading
                    else "- "
                )
            start = len(text)
            text += words
            told.append((start, len(text), role))
            text += "\n" if section["list"] and style != "labels" else " "
        text = text.rstrip(" \n") + "\n\n"
    return text, told


def _label_of(told: Sequence[tuple[int, int, str]], start: int, end: int) -> str:
    """Return the role of the labelled sentence that `start:end` shares most with, none where it shares nothing."""
    shared = [(min(b, end) - max(a, start), role) for a, b, role in told]
    most, role = max(shared, key=lambda pair: pair[0])
    return role if most > 0 else ""


def _rows(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in sorted(paths):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def transitions(
    texts: Sequence[Labels], classes: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much likelier each class is in first place, and after each class, than anywhere (logarithms, add-one)."""
    import numpy as np

    row = {label: k for k, label in enumerate(classes)}
    counts = np.ones((len(classes) + 1, len(classes)))
    for text in texts:
        before = len(classes)
        for part in text.parts:
            counts[before, row[part.label]] += text.weight
            before = row[part.label]
    overall = np.array(
        [
            sum(text.weight for text in texts for part in text.parts if part.label == label)
            for label in classes
        ]
    )
    prior = np.log(overall / overall.sum())
    lift = np.log(counts / counts.sum(axis=1, keepdims=True)) - prior
    return lift[-1], lift[:-1]


def sequence_model(name: str, texts: Sequence[Labels]) -> tuple[LinearModel, dict[str, Any]]:
    """Return the model called `name` trained on `texts`, and its metrics by cross-validation over them."""
    import numpy as np

    classes = sorted({part.label for text in texts for part in text.parts})
    folds = random_splits(["" for _ in texts])
    voices = part_splits([text.group for text in texts])
    random = _held_logits(texts, folds, classes, _STRENGTH[name])
    by_voice = _held_logits(texts, voices, classes, _STRENGTH[name])
    holds = np.array([[label == part.label for label in classes] for text in texts for part in text.parts])
    cooled = temperature(np.concatenate([logits for logits, _, _ in random]), holds)
    alone = _in_sequence(random, cooled, 0.0)
    if name in _BY_SURROUNDINGS:
        unseen = _around(texts, by_voice, classes, cooled)
        together = surroundings.held_out(_around(texts, random, classes, cooled), folds)
        elsewhere = surroundings.held_out(unseen, voices)
        card = {"surroundings": surroundings.fitted(unseen).tolist()}
    else:
        share = _least_share(texts, random, classes, cooled)
        together, elsewhere = _in_sequence(random, cooled, share), _in_sequence(by_voice, cooled, share)
        card = {"sequence_share": share}
    labelled = [Example(part.text, part.label) for text in texts for part in text.parts]
    given = [Assignment((classes[k],), 0.0) for rows in together for k in rows.argmax(axis=1)]
    metrics = {
        "random_folds": {
            "accuracy": round(_accuracy(texts, together, classes), 4),
            "accuracy_without_sequence": round(_accuracy(texts, alone, classes), 4),
            "strict_accuracy": round(accuracy(labelled, given), 4),
        },
        "by_voice": {"accuracy": round(_accuracy(texts, elsewhere, classes), 4)},
        "by_set": _by_set(texts, elsewhere, classes),
        "per_class": {
            label: {k: v for k, v in row.items() if not k.startswith("any_")}
            for label, row in per_class(labelled, given).items()
        },
    }
    return _trained(name, texts, classes, cooled, card), metrics


def _around(
    texts: Sequence[Labels], predicted: Sequence[_Predicted], classes: Sequence[str], cooled: float
) -> list[surroundings.Told]:
    """Return what models that did not see the texts say of their parts, and what the parts teach."""
    row = {label: k for k, label in enumerate(classes)}
    return [
        surroundings.Told(
            logits / cooled,
            text.beside,
            [(i, row[label], weight) for i, label, weight in text.taught() if label in row],
        )
        for text, (logits, _, _) in zip(texts, predicted, strict=True)
    ]


def _by_set(
    texts: Sequence[Labels], given: Sequence[NDArray[np.float64]], classes: Sequence[str]
) -> dict[str, float]:
    """Return how much is right of each set of annotated reports, by models that saw none of it."""
    found: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        if text.annotated:
            found.setdefault(text.group, []).append(i)
    return {
        group: round(_accuracy([texts[i] for i in places], [given[i] for i in places], classes), 4)
        for group, places in sorted(found.items())
    }


def models_without(
    texts: Sequence[Labels], model: LinearModel, groups: Iterable[str]
) -> dict[str, LinearModel]:
    """Return for each of `groups` what `model`, trained on all `texts`, would be without those of the group (`fitting.without`).
    What was learnt of sequences as such stays as it is: it has few numbers, learnt from what was said of texts unseen."""
    card = {key: model.card[key] for key in ("sequence_share", "surroundings") if key in model.card}

    def trained(left_out: Container[str]) -> LinearModel:
        rest = [text for text in texts if text.group not in left_out]
        return _trained(model.name, rest, model.classes, model.temperature, card)

    return without(groups, trained)


def _trained(
    name: str, texts: Sequence[Labels], classes: Sequence[str], cooled: float, card: Mapping[str, Any]
) -> LinearModel:
    features = [f for text in texts for f in text.features]
    labelled = [Example(part.text, part.label) for text in texts for part in text.parts]
    space = Space.of(features, _SIGNAL_SCALE)
    fitted = _fitted(space, texts, classes, _STRENGTH[name])
    if "sequence_share" in card:
        share = float(card["sequence_share"])
        opening, following = transitions(texts, classes)
        card = {
            "opening": (opening * share).round(6).tolist(),
            "transitions": (following * share).round(6).tolist(),
            **card,
        }
    card = {
        **card,
        "examples": len(labelled),
        "texts": len(texts),
        "data_sha256": data_hash(labelled),
    }
    return one_headed(name, space, fitted, classes, cooled, card)


def _fitted(space: Space, texts: Sequence[Labels], classes: Sequence[str], strength: float) -> Any:
    """Return the regression fitted to what the parts of the texts teach."""
    taught, labels, weights, before = [], [], [], 0
    for text in texts:
        for i, label, weight in text.taught():
            if label in classes:
                taught.append(before + i)
                labels.append(label)
                weights.append(weight)
        before += len(text.parts)
    matrix = space.matrix([f for text in texts for f in text.features])
    return fit(matrix[taught], labels, strength, weights)


_Predicted = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]


def _held_logits(
    texts: Sequence[Labels],
    splits: Splits,
    classes: Sequence[str],
    strength: float,
) -> list[_Predicted]:
    """Return for each text what models that did not see it say: logits, opening, transitions."""
    import numpy as np

    found: dict[int, _Predicted] = {}
    for inside, outside in splits:
        known = [f for i in inside for f in texts[i].features]
        space = Space.of(known, _SIGNAL_SCALE)
        seen = [texts[i] for i in inside]
        model = _fitted(space, seen, classes, strength)
        opening, following = transitions(seen, classes)
        columns = [classes.index(label) for label in model.classes_]
        for i in outside:
            logits = np.full((len(texts[i].parts), len(classes)), NEVER)
            logits[:, columns] = decisions(model, space.matrix(texts[i].features))
            found[i] = (logits, opening, following)
    return [found[i] for i in range(len(texts))]


def _least_share(
    texts: Sequence[Labels], predicted: Sequence[_Predicted], classes: Sequence[str], cooled: float
) -> float:
    """Return the least share of the transitions that does as well as the best one, up to its standard error.

    The training texts are complete stories in good order, real ones skip and jump: the transitions are not to be trusted
    more than they must be (the rule is that of Breiman et al., *Classification and Regression Trees*, 1984).
    """
    right = {
        step / 10: _accuracy(texts, _in_sequence(predicted, cooled, step / 10), classes) for step in range(11)
    }
    best = max(right.values())
    error = math.sqrt(best * (1 - best) / sum(len(text.parts) for text in texts))
    return min(share for share, found in right.items() if found >= best - error)


def _in_sequence(predicted: Iterable[_Predicted], cooled: float, share: float) -> list[NDArray[np.float64]]:
    """Return the probabilities of the parts of each text by their order, as far as `share` trusts it."""
    return [
        weighed(logits / cooled, opening * share, following * share)
        for logits, opening, following in predicted
    ]


def _accuracy(texts: Sequence[Labels], given: Sequence[NDArray[np.float64]], classes: Sequence[str]) -> float:
    right = []
    for text, rows in zip(texts, given, strict=True):
        best = rows.argmax(axis=1)
        right += [classes[k] in (part.label, *part.also) for k, part in zip(best, text.parts, strict=True)]
    return sum(right) / len(right)
