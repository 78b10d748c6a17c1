"""What a sentence says of how trouble was noticed: nothing, or by whom.

A linear model (``models/noticing``) reads the words of a sentence, its opening words, and of which methods the rules of
``vocabulary/detection.toml`` speak that match it. It tells what is said in words that no rule was written for; whether it was
said of the first notice is for `postmortem.extract.detection_choice` to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from postmortem.learned.features import OPENING, words
from postmortem.learned.linear import LinearModel
from postmortem.learned.packaged import linear_model
from postmortem.matching import Rules, rules_of, worth_trying

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The class of sentences that say nothing of it.
NOTHING: Final = "none"
# Rules of less weight count only in what is labelled.
TELLING: Final = 2.0
_OPENING_WORDS: Final = 3
# Characters read of one sentence.
LONGEST: Final = 600


_LABEL: Final = re.compile(
    r"(?:first |initially )?(?:noticed|reported|detected|discovered|found|spotted|raised|identified|observed|alerted)(?: first)?"
    r"(?: by| through| via|)|detection(?: \w{1,12})?|(?:how )?(?:was it )?detected"
    r"|who (?:first )?(?:noticed|saw|found|spotted|reported)(?: it)?(?: first)?|source|reporter|origin of (?:the )?report",
    re.I,
)


class Heard(NamedTuple):
    """A sentence as the model sees it: `bag` and `signals` (`postmortem.learned.linear`), and what is made of it besides: its
    `text` without what says who did not notice, whether there was any (`denied`), the strongest rule of each method."""

    bag: dict[str, float]
    signals: dict[str, float]
    text: str
    denied: bool
    weights: dict[str, float]


def labelled(label: str) -> bool:
    """Is a label one of those that ask how it was noticed?"""
    return _LABEL.fullmatch(label) is not None


def heard(text: str) -> Heard:
    """Return what there is in a sentence in lower case, white space folded."""
    text = text[:LONGEST]
    passed = worth_trying(text)
    nobody, somebody = _rules()
    left = text
    for one in nobody.live(passed):
        left = one.pattern.sub(" ", left)
    signals: dict[str, float] = {"denied": 1.0} if left != text else {}
    weights: dict[str, float] = {}
    for one, _ in somebody.hits(left, passed):
        method, weight = one.rule.values["method"], one.rule.values["weight"]
        weights[method] = max(weights.get(method, 0.0), weight)
        if weight >= TELLING:
            signals[f"m={method}"] = 1.0
    bag: dict[str, float] = {}
    said = words(left)
    for word in said:
        bag[word] = bag.get(word, 0.0) + 1.0
    for word in said[:_OPENING_WORDS]:
        bag[OPENING + word] = 1.0
    return Heard(bag, signals, left, left != text, weights)


def chances(sentences: Sequence[Heard]) -> NDArray[np.float64]:
    """Return the probability of each class of the model for each sentence: one row each."""
    import numpy as np

    logits = default_model().logits([(one.bag, one.signals) for one in sentences])
    found: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found


@cache
def _rules() -> tuple[Rules, Rules]:
    """Return the rules that say who did not notice, and the others that need no capitals."""
    every = rules_of("detection")
    return (
        every.where(lambda rule: rule.values["method"] == NOTHING),
        every.where(lambda rule: rule.values["method"] != NOTHING and "cased" not in rule.values),
    )


def default_model() -> LinearModel:
    """Return the model that came with the package, or what stands in for it."""
    return linear_model("noticing")
