"""Models of sequences: the phases of a timeline's entries, the roles of a report's sentences."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.extract import phases, roles
from postmortem.learned.linear import LinearModel
from postmortem.learned.sequence import weighed
from postmortem.training.annotated import annotated
from postmortem.training.examples import Example, Features, data_hash, report_of
from postmortem.training.fitting import (
    NEVER,
    Space,
    Splits,
    decisions,
    fit,
    group_splits,
    one_headed,
    random_splits,
    temperature,
)
from postmortem.training.scores import Assignment, accuracy, per_class

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIGNAL_SCALE: Final = 0.2
# Weaker than a single model of texts would have it: what was learnt must hold for other hands than those that wrote the data.
# That of the phases was chosen by leaving out one annotated set at a time.
_STRENGTH: Final = {"phases": 4.0, "roles": 8.0}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A part of a text with what it is; `also` is what would be right as well."""

    text: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """The labelled parts of one text, in order, and the features of each; `group` is the voice that wrote them."""

    parts: tuple[Labelled, ...]
    features: tuple[Features, ...]
    group: str = ""


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
            [(e["text"], e["phase"], tuple(e.get("phase_alt", ()))) for e in one.facts["timeline"]], one.group
        )
        for one in annotated(data)
        if one.group != "samples" and one.facts.get("timeline")
    ]


def _timeline(entries: Sequence[tuple[str, str, tuple[str, ...]]], voice: str) -> Labels:
    last = len(entries) - 1
    return Labels(
        tuple(Labelled(*entry) for entry in entries),
        tuple(
            Features(*phases.features(text, first=i == 0 < last, last=0 < i == last))
            for i, (text, _, _) in enumerate(entries)
        ),
        voice,
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
            counts[before, row[part.label]] += 1
            before = row[part.label]
    overall = Counter(part.label for text in texts for part in text.parts)
    total = sum(overall.values())
    prior = np.log(np.array([overall[label] / total for label in classes]))
    lift = np.log(counts / counts.sum(axis=1, keepdims=True)) - prior
    return lift[-1], lift[:-1]


def sequence_model(name: str, texts: Sequence[Labels]) -> tuple[LinearModel, dict[str, Any]]:
    """Return the model called `name` trained on `texts`, and its metrics by cross-validation over them."""
    import numpy as np

    classes = sorted({part.label for text in texts for part in text.parts})
    strength = _STRENGTH[name]
    random = _held_logits(texts, random_splits(["" for _ in texts]), classes, strength)
    holds = np.array([[label == part.label for label in classes] for text in texts for part in text.parts])
    cooled = temperature(np.concatenate([logits for logits, _, _ in random]), holds)
    share = _least_share(texts, random, classes, cooled)
    by_voice = _held_logits(texts, group_splits([text.group for text in texts]), classes, strength)
    labelled = [Example(part.text, part.label) for text in texts for part in text.parts]
    given = [
        Assignment((classes[k],), 0.0)
        for logits, opening, following in random
        for k in weighed(logits / cooled, opening * share, following * share).argmax(axis=1)
    ]
    metrics = {
        "random_folds": {
            "accuracy": round(_accuracy(texts, random, classes, cooled, share), 4),
            "accuracy_without_sequence": round(_accuracy(texts, random, classes, cooled, 0.0), 4),
            "strict_accuracy": round(accuracy(labelled, given), 4),
        },
        "by_voice": {"accuracy": round(_accuracy(texts, by_voice, classes, cooled, share), 4)},
        "per_class": {
            label: {k: v for k, v in row.items() if not k.startswith("any_")}
            for label, row in per_class(labelled, given).items()
        },
    }
    return _trained(name, texts, classes, cooled, share), metrics


def models_without(
    texts: Sequence[Labels], model: LinearModel, groups: Iterable[str]
) -> dict[str, LinearModel]:
    """Return for each of `groups` what `model`, trained on all `texts`, would be without those of the group."""
    share = float(model.card["sequence_share"])
    return {
        group: _trained(
            model.name, [t for t in texts if t.group != group], model.classes, model.temperature, share
        )
        for group in groups
    }


def _trained(
    name: str, texts: Sequence[Labels], classes: Sequence[str], cooled: float, share: float
) -> LinearModel:
    features = [f for text in texts for f in text.features]
    labelled = [Example(part.text, part.label) for text in texts for part in text.parts]
    space = Space.of(features, _SIGNAL_SCALE)
    fitted = fit(space.matrix(features), [e.primary for e in labelled], _STRENGTH[name])
    opening, following = transitions(texts, classes)
    card = {
        "opening": (opening * share).round(6).tolist(),
        "transitions": (following * share).round(6).tolist(),
        "sequence_share": share,
        "examples": len(labelled),
        "texts": len(texts),
        "data_sha256": data_hash(labelled),
    }
    return one_headed(name, space, fitted, classes, cooled, card)


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
        model = fit(space.matrix(known), [part.label for i in inside for part in texts[i].parts], strength)
        opening, following = transitions([texts[i] for i in inside], classes)
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
    right = {step / 10: _accuracy(texts, predicted, classes, cooled, step / 10) for step in range(11)}
    best = max(right.values())
    error = math.sqrt(best * (1 - best) / sum(len(text.parts) for text in texts))
    return min(share for share, found in right.items() if found >= best - error)


def _accuracy(
    texts: Sequence[Labels],
    predicted: Sequence[_Predicted],
    classes: Sequence[str],
    cooled: float,
    share: float,
) -> float:
    right = []
    for text, (logits, opening, following) in zip(texts, predicted, strict=True):
        given = weighed(logits / cooled, opening * share, following * share).argmax(axis=1)
        right += [classes[k] in (part.label, *part.also) for k, part in zip(given, text.parts, strict=True)]
    return sum(right) / len(right)
