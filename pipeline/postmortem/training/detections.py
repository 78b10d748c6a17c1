"""The models of how it was noticed: what a sentence says of it (`postmortem.extract.noticing`), and which of the sentences tells
of the first notice (`postmortem.extract.detection_choice`)."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from postmortem.extract import detection_choice, noticing
from postmortem.extract.detection import by_rules
from postmortem.extract.detection_choice import METHODS
from postmortem.extract.noticing import NOTHING
from postmortem.extract.timeline import timeline
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.linear import LinearModel, softmax
from postmortem.nlp import lower
from postmortem.training.annotated import Annotated, Unseen, annotated
from postmortem.training.choices import Choice, fitted, model_of
from postmortem.training.examples import Example, Features, data_hash, report_of
from postmortem.training.fitting import (
    Space,
    Splits,
    decisions,
    fit,
    group_splits,
    one_headed,
    part_splits,
    random_splits,
    temperature,
    without,
)
from postmortem.training.unmarked import Unmarked, load_unmarked, marked

_DETECTION: Final = "detection"
_SIGNAL_SCALE: Final = 0.2
_STRENGTH: Final = 8.0
# How often the sentences of reports are marked, and the model trained with these marks.
_ROUNDS: Final = 2
# The weight of the penalty on the squared weights.
_PENALTY: Final = 20.0


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the model of a sentence learns from: labelled sentences, and reports whose sentences it marks itself."""

    examples: list[Example]
    reports: list[Unmarked]


def load_noticed(folder: Path) -> Noticed:
    """Return what there is in the training data in `folder` and beside it."""
    return Noticed(load_sentences(folder), load_unmarked(folder.parent))


def load_sentences(folder: Path) -> list[Example]:
    """Return the sentences of the training data in `folder`: those of ``noticing*.jsonl`` with the methods that they speak of,
    all other timeline entries and sentences of narratives as speaking of none, and the entries of the annotated reports beside
    the folder."""
    found = []
    known = set()
    for row in _rows(sorted(folder.glob("noticing*.jsonl"))):
        known.add(row["text"])
        methods = row["methods"] or [NOTHING]
        found.append(Example(row["text"], methods[0], tuple(methods[1:]), row["voice"]))
    for row in _rows(sorted(folder.glob("phases*.jsonl"))):
        found += [
            Example(entry["text"], NOTHING, (), row["voice"])
            for entry in row["entries"]
            if _DETECTION not in (entry["phase"], *entry["alt"]) and entry["text"] not in known
        ]
    for row in _rows(sorted(folder.glob("roles_*.jsonl"))):
        found += [
            Example(text, NOTHING, (), row["voice"])
            for section in row["sections"]
            for text, role in section["sentences"]
            if role != _DETECTION and text not in known
        ]
    for one in annotated(folder.parent):
        found += noticed(one)
    return found


def noticed(one: Annotated) -> Iterator[Example]:
    """Yield the entries of an annotated report's timeline: the first of the detection as speaking of the method that the report
    is known for, those of other phases as speaking of none. What is noticed later may be noticed by others."""
    first = True
    for entry in one.facts.get("timeline") or ():
        if entry["phase"] == _DETECTION:
            if first and one.facts.get(_DETECTION):
                methods = one.facts[_DETECTION]
                yield Example(entry["text"], methods[0], tuple(methods[1:]), one.group)
            first = False
        elif _DETECTION not in entry.get("phase_alt", ()):
            yield Example(entry["text"], NOTHING, (), one.group)


def noticing_model(noticed: Noticed) -> tuple[LinearModel, dict[str, Any]]:
    """Return the model of what a sentence says of how it was noticed, and its metrics by cross-validation over the labelled
    sentences alone."""
    import numpy as np

    examples = noticed.examples
    features = [_features(e.text) for e in examples]
    labels = [e.primary for e in examples]
    classes = tuple(sorted(set(labels)))
    holds = np.array([[label in (e.primary, *e.also) for label in classes] for e in examples])
    metrics = {}
    cooled = 1.0
    for name, splits in (
        ("random_folds", random_splits(labels)),
        ("by_voice", part_splits([e.group for e in examples])),
    ):
        logits = np.zeros(holds.shape)
        for inside, outside in splits:
            space = Space.of([features[i] for i in inside], _SIGNAL_SCALE)
            model = fit(space.matrix([features[i] for i in inside]), [labels[i] for i in inside], _STRENGTH)
            columns = [classes.index(label) for label in model.classes_]
            logits[np.ix_(outside, columns)] = decisions(model, space.matrix([features[i] for i in outside]))
        if name == "random_folds":
            cooled = temperature(logits, holds)
        best = logits.argmax(axis=1)
        right = holds[np.arange(len(best)), best]
        saying = np.array([label != NOTHING for label in labels])
        spoken = [k for k, label in enumerate(classes) if label != NOTHING]
        told = np.array(spoken)[logits[:, spoken].argmax(axis=1)]
        metrics[name] = {
            "accuracy": round(float(right.mean()), 4),
            "method_accuracy": round(float(holds[np.arange(len(told)), told][saying].mean()), 4),
        }
    return _trained(noticed, features, cooled, frozenset()), metrics


def _trained(
    noticed: Noticed, features: Sequence[Features], cooled: float, left_out: Container[str]
) -> LinearModel:
    """Return the model without what is of the groups `left_out`; `features` are those of all labelled sentences."""
    import numpy as np
    from scipy.sparse import vstack
    from scipy.special import softmax as shares

    labelled = [k for k, e in enumerate(noticed.examples) if e.group not in left_out]
    examples = [noticed.examples[k] for k in labelled]
    reports = [report for report in noticed.reports if report.group not in left_out and report.sentences]
    seen = [features[k] for k in labelled]
    space = Space.of([*seen, *(one for report in reports for one in report.sentences)], _SIGNAL_SCALE)
    known, told = space.matrix(seen), [e.primary for e in examples]
    final = fit(known, told, _STRENGTH)
    if reports:
        unknown = space.matrix([one for report in reports for one in report.sentences])
        ends = np.cumsum([len(report.sentences) for report in reports])[:-1]
        for _ in range(_ROUNDS):
            rows = np.split(shares(decisions(final, unknown), axis=1), ends)
            classes = final.classes_.tolist()
            marks = [
                m for report, own in zip(reports, rows, strict=True) for m in marked(report, classes, own)
            ]
            used = [k for k, mark in enumerate(marks) if mark is not None]
            final = fit(
                vstack([known, unknown[used]]).tocsr(), [*told, *(marks[k] or "" for k in used)], _STRENGTH
            )
    card = {"examples": len(examples), "reports": len(reports), "data_sha256": data_hash(examples)}
    return one_headed("noticing", space, final, tuple(final.classes_.tolist()), cooled, card)


def models_without(noticed: Noticed, model: LinearModel, groups: Iterable[str]) -> dict[str, LinearModel]:
    """Return for each of `groups` what `model`, trained on all that is `noticed`, would be without that of the group
    (`fitting.without`)."""
    features = [_features(e.text) for e in noticed.examples]
    return without(groups, lambda left_out: _trained(noticed, features, model.temperature, left_out))


def _features(text: str) -> Features:
    one = noticing.heard(" ".join(lower(text).split()))
    return Features(one.bag, one.signals)


def load_detections(data: Path, unseen: Unseen) -> list[Choice]:
    """Return the reports of a project's folder `data` of which is known how it was noticed, each with its alternatives: the
    annotated ones (`postmortem.training.annotated`, which says what `unseen` is), and those of ``training/causes_*.jsonl``."""
    found = [
        _choice(one.text, one.facts[_DETECTION], one.group)
        for one in annotated(data, unseen)
        if one.text and _DETECTION in one.facts
    ]
    found += [
        _choice(row["text"], [row[_DETECTION]] if row[_DETECTION] else [], "causes")
        for row in _rows(sorted((data / "training").glob("causes_*.jsonl")))
    ]
    return [choice for choice in found if any(choice.right)]


def _choice(text: str, methods: Sequence[str], group: str) -> Choice:
    report = report_of(text)
    entries = timeline(report)
    seen = detection_choice.sightings(report, entries, *by_rules(report, entries))
    pairs = detection_choice.alternatives(seen)
    right = tuple(method in (methods or [NOTHING]) for method, _ in pairs)
    return Choice(text, tuple(features for _, features in pairs), right, group)


def detection_model(choices: Sequence[Choice]) -> tuple[ChoiceModel, dict[str, Any]]:
    """Return the model fitted on `choices`, and its metrics by cross-validation: how often the likeliest method, or silence, is
    right."""
    metrics = {
        "random_folds": _held_out(choices, random_splits(["" for _ in choices])),
        "by_set": _held_out(choices, group_splits([choice.group for choice in choices])),
    }
    return model_of(_DETECTION, choices, _PENALTY), metrics


def _held_out(choices: Sequence[Choice], splits: Splits) -> float:
    hits = 0
    for inside, outside in splits:
        model = ChoiceModel("", "", fitted([choices[i] for i in inside], _PENALTY), {})
        hits += sum(likeliest(choices[i], model) for i in outside)
    return round(hits / len(choices), 4)


def likeliest(choice: Choice, model: ChoiceModel) -> bool:
    """Is the likeliest method, or silence, one that is right?"""
    odds = [0.0] * (len(METHODS) + 1)
    holds = [False] * len(odds)
    chances = softmax(model.points(choice.features))
    last = len(chances) - 1
    for k, (chance, right) in enumerate(zip(chances, choice.right, strict=True)):
        place = len(METHODS) if k == last else k % len(METHODS)
        odds[place] += chance
        holds[place] = right
    return holds[odds.index(max(odds))]


def _rows(paths: Iterable[Path]) -> Iterable[dict[str, Any]]:
    for path in paths:
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
