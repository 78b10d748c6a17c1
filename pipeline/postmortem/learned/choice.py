"""Conditional logit as plain numbers: how likely each of several things is the one that is meant.

A model is a folder with ``model.json``: one weight for each feature. The points of a thing are the sum of its features times
their weights; among the things of one choice, their softmax gives the probabilities.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import repeat
from operator import mul
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceModel:
    """A trained model. `card` is what ``model.json`` says beside the weights: versions, data hash."""

    name: str
    version: str
    weights: Mapping[str, float]
    card: Mapping[str, Any]

    @property
    def rule(self) -> str:
        """Return what evidence that the model gave names as its rule."""
        return f"{self.name}@{self.version}"

    def points(self, things: Iterable[Mapping[str, float]]) -> list[float]:
        """Return the points of each thing, given by its features; a feature without a weight adds nothing."""
        return [weighed(self.weights, features) for features in things]


def weighed(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the sum of the features times their weights, 0 where they have none."""
    found: float = sum(map(mul, map(weights.get, features, repeat(0.0)), features.values()))
    return found


def save_model(model: ChoiceModel, folder: Path) -> None:
    """Write ``model.json`` into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"format": FORMAT, "name": model.name, "version": model.version, **model.card}
    facts["weights"] = dict(sorted(model.weights.items()))
    (folder / "model.json").write_text(
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def load_model(folder: Path | Traversable) -> ChoiceModel:
    """Return the model of `folder`. Raises FileNotFoundError where the file is missing, ValueError where it is no model."""
    try:
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if facts.pop("format") != FORMAT:
            raise ValueError("written by another version")
        weights = {str(name): float(weight) for name, weight in facts.pop("weights").items()}
        return ChoiceModel(str(facts.pop("name")), str(facts.pop("version")), weights, facts)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{folder}: not a model of this project ({error})") from error
