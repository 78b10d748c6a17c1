"""How far a record can be trusted, field by field: the probability that what it says of a field is right.

What it says includes that it says nothing. Right means: all of it, by the project's definitions:

- ``outage``: both ends of the window, its offset and both durations;
- ``impact``: every percentage, with what it is a percentage of, and none missed;
- ``timeline``: every entry with its date, and none missed (phases left aside);
- ``root_cause``: the statement and the primary category; ``root_cause.confidence`` is of the statement alone;
- ``actions``: every action, and none missed.

Each field has a few features (`postmortem.confidence.features`), mostly reasons to doubt, and one logistic function of
them: plain numbers in ``models/confidence/model.json``, whose card says what they were fitted on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from postmortem.confidence.features import WORDS, features
from postmortem.learned.packaged import packaged
from postmortem.record import Confidence, Incident

FORMAT: Final = 1
# A reason that lowers the odds by less than this factor (as a logarithm) is not worth a word.
_WORTH_SAYING: Final = 0.4


@dataclass(frozen=True, slots=True)
class Logistic:
    """``1 / (1 + exp(-(intercept + weights · features)))``, for one field."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, values: Mapping[str, float]) -> float:
        """Return the probability for the features that are not zero."""
        score = self.intercept + sum(self.weights[name] * value for name, value in values.items())
        return 1.0 / (1.0 + math.exp(-score))


def confident(incident: Incident, text: str) -> Incident:
    """Return the record with its confidence in each field; `text` is the one that its offsets are of.

    A record of a text that is no report (`status`) stays as it is: nothing was looked for.
    """
    if incident.status != "ok":
        return incident
    model = default_model()
    said = {
        field: round(model[field].probability(values), 4)
        for field, values in features(incident, text).items()
    }
    statement = said.pop("statement")
    cause = incident.root_cause and replace(incident.root_cause, confidence=statement)
    return replace(incident, root_cause=cause, confidence=Confidence(**said))


def doubts(incident: Incident, text: str) -> dict[str, tuple[str, ...]]:
    """Return for each field the reasons that lower its confidence, in words, the weightiest first.

    The fields are those of `Confidence`, and ``statement`` for ``root_cause.confidence``.
    """
    model = default_model()
    found = {}
    for field, values in features(incident, text).items():
        weights = model[field].weights
        effects = sorted((weights[name] * value, name) for name, value in values.items())
        found[field] = tuple(WORDS[field][name] for effect, name in effects if effect <= -_WORTH_SAYING)
    return found


@cache
def default_model() -> Mapping[str, Logistic]:
    """Return the numbers that came with the package, by field."""
    stored: dict[str, Any] = json.loads((packaged("confidence") / "model.json").read_text(encoding="utf-8"))
    if stored["format"] != FORMAT:
        raise ValueError(f"models/confidence: format {stored['format']}, this version reads {FORMAT}")
    return {
        field: Logistic(given["intercept"], {name: given["weights"][name] for name in WORDS[field]})
        for field, given in stored["fields"].items()
    }
