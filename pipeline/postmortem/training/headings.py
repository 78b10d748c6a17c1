"""The model of what a heading is likely called (`postmortem.normalize.likely`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from postmortem.document import Heading
from postmortem.learned.features import words
from postmortem.learned.linear import LinearModel, softmax
from postmortem.normalize.build import build
from postmortem.normalize.likely import features, heading_bag, is_doubtful, likeliest
from postmortem.normalize.naming import known_headings
from postmortem.training.annotated import Annotated, Unseen, annotated
from postmortem.training.examples import Example, Features, data_hash
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
    without,
)

_SIGNAL_SCALE: Final = 0.33
# A heading is learnt from as a whole, and once each by its words alone and by its surroundings alone: so that those that have no
# known word are understood by what is left. What the vocabulary knows has words alone.
_PART: Final = 0.5
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_TITLE: Final = "title"


@dataclass(frozen=True, slots=True)
class Headed:
    """An annotated heading: its text, the names the rules give it, whether these may be doubted, those that are right (`also`: or
    any of these), its features; `group` is the set that its report belongs to."""

    text: str
    ruled: tuple[str, ...]
    doubtful: bool
    names: tuple[str, ...]
    also: tuple[str, ...]
    features: Features
    group: str

    def is_right(self, names: Sequence[str]) -> bool:
        """Is a heading right that is called so?"""
        return set(names) == set(self.names) or bool(self.also and {*names} <= {*self.names, *self.also})


def load_headings(data: Path, unseen: Unseen = MappingProxyType({})) -> list[Headed]:
    """Return the annotated headings of a project's folder `data` (`postmortem.training.annotated`) but for titles and those that
    are not taken for one."""
    return [headed for one in annotated(data, unseen) for headed in _headed(one)]


def _headed(report: Annotated) -> Iterator[Headed]:
    wanted = report.facts.get("headings", ())
    if not wanted:
        return
    document = build(report.text, by_rule=True)
    found = list(_annotated(document.sections, wanted))
    seen = features(document.sections, [i for i, _ in found], document.plain, report.text)
    for (i, told), own in zip(found, seen, strict=True):
        one = document.sections[i]
        yield Headed(
            one.text,
            one.names,
            is_doubtful(document.sections, i),
            tuple(told["names"]),
            tuple(told.get("names_alt", ())),
            Features(*own),
            report.group,
        )


def _annotated(
    sections: Sequence[Heading], wanted: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the numbers of the sections that are annotated and no titles, with their annotation."""
    left = [(words(_TAG.sub(" ", facts["text"].lower())), facts) for facts in wanted]
    for i, one in enumerate(sections):
        said = words(one.text.lower())
        at = next((k for k, (other, _) in enumerate(left) if other == said), None)
        if at is None:
            continue
        _, facts = left.pop(at)
        if _TITLE not in (*facts["names"], *one.names) and not facts.get("optional"):
            yield i, facts


def headings_model(headings: Sequence[Headed]) -> tuple[LinearModel, dict[str, Any]]:
    """Return the model trained on `headings`, and its metrics by cross-validation: how many are called right."""
    import numpy as np

    classes = sorted({one.names[0] for one in headings})
    random = _held_out(headings, random_splits(["" for _ in headings]), classes)
    holds = np.array([[one.is_right((name,)) for name in classes] for one in headings])
    cooled = temperature(random, holds)
    groups = sorted({one.group for one in headings})
    by_set = _held_out(headings, group_splits([one.group for one in headings]), classes)
    metrics = {
        "random_folds": _shares(headings, random / cooled, classes),
        "by_set": _shares(headings, by_set / cooled, classes),
        "each": {
            name: _shares([one for one in headings if one.group == name], by_set[rows] / cooled, classes)
            for name in groups
            for rows in [[i for i, one in enumerate(headings) if one.group == name]]
        },
    }
    return _trained(headings, cooled), metrics


def models_without(
    headings: Sequence[Headed], model: LinearModel, groups: Iterable[str]
) -> dict[str, LinearModel]:
    """Return for each of `groups` what `model`, trained on all `headings`, would be without those of the group
    (`fitting.without`)."""
    return without(
        groups,
        lambda left_out: _trained([one for one in headings if one.group not in left_out], model.temperature),
    )


def _trained(headings: Sequence[Headed], cooled: float) -> LinearModel:
    space, fitted = _fitted(headings)
    known = data_hash([Example(one.text, one.names[0], one.also) for one in headings])
    card = {"examples": len(headings), "data_sha256": known}
    return one_headed("headings", space, fitted, fitted.classes_.tolist(), cooled, card)


def _fitted(headings: Sequence[Headed]) -> tuple[Space, Any]:
    known = [(Features(heading_bag(text), {}), name) for text, name in known_headings() if name != _TITLE]
    space = Space.of([*(one.features for one in headings), *(own for own, _ in known)], _SIGNAL_SCALE)
    rows = [(one.features, one.names[0], 1.0) for one in headings]
    rows += [(Features(one.features.bag, {}), one.names[0], _PART) for one in headings]
    rows += [(Features({}, one.features.signals), one.names[0], _PART) for one in headings]
    rows += [(own, name, _PART) for own, name in known]
    matrix = space.matrix([own for own, _, _ in rows])
    return space, fit(matrix, [name for _, name, _ in rows], weights=[weight for _, _, weight in rows])


def _held_out(headings: Sequence[Headed], splits: Splits, classes: Sequence[str]) -> Any:
    """Return for each heading the logits of a model that was trained without it."""
    import numpy as np

    logits = np.full((len(headings), len(classes)), NEVER)
    for inside, outside in splits:
        space, model = _fitted([headings[i] for i in inside])
        kept = [k for k, name in enumerate(model.classes_) if name in classes]
        said = decisions(model, space.matrix([headings[i].features for i in outside]))
        logits[np.ix_(outside, [classes.index(model.classes_[k]) for k in kept])] = said[:, kept]
    return logits


def _shares(headings: Sequence[Headed], logits: Any, classes: Sequence[str]) -> dict[str, float]:
    """Return the share of headings that are called right by the rules, by the model alone, and by both together."""
    right = {"rules": 0, "model": 0, "together": 0}
    for one, row in zip(headings, logits.tolist(), strict=True):
        chances = softmax(row)
        right["rules"] += one.is_right(one.ruled)
        right["model"] += one.is_right((classes[chances.index(max(chances))],))
        right["together"] += one.is_right(
            likeliest(one.ruled, classes, chances) if one.doubtful else one.ruled
        )
    return {name: round(count / len(headings), 4) for name, count in right.items()}
