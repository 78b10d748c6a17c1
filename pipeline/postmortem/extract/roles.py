"""What each sentence of a report is about: the cause, the impact, the repair …

A linear model (``models/roles``) scores each sentence by its words, its opening words, the cue phrases and rules of the
vocabulary that it and its neighbours match, and where it stands; the sequence of roles is then weighed as a whole, since a
report mostly tells one thing after the other. It serves where no section is named after what is looked for and no rule says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from postmortem import nlp
from postmortem.account import Told
from postmortem.learned.features import OPENING, words
from postmortem.learned.linear import LinearModel, load_model, packaged
from postmortem.learned.sequence import transitions, weighed
from postmortem.report import Report
from postmortem.screen import Live, bits_of, matches, screen, tried

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CAUSE: Final = "cause"
# Sections that hold no account of what happened, or one that is read entry by entry.
UNREAD: Final = frozenset({"actions", "appendix", "metadata", "timeline", "communication"})
_MOST_SENTENCES: Final = 300
_OPENING_WORDS: Final = 3
# Characters read of one sentence.
_LONGEST: Final = 600
_PARTS: Final = 4
# Words of a sentence, at most, by which its length is told.
_LENGTHS: Final = (5, 13, 25)
# Vocabulary files whose rules are signals, with the value that tells what a rule is for (each rule of the cause is itself one).
# Rules that say what a sentence is about are no signals.
_RULES: Final = {
    "cause": "",
    "trigger": "role",
    "resolution": "role",
    "factors": "role",
    "false_leads": "kind",
}
_ABOUT: Final = frozenset({"topic", "lack"})


def spoken(report: Report) -> list[Told]:
    """Return the sentences in which a report gives its account, in text order."""
    found: list[Told] = []
    for zone, _, sentences in report.account.passages:
        if not zone.names or not zone.names <= UNREAD:
            found += sentences
        if len(found) >= _MOST_SENTENCES:
            break
    return found[:_MOST_SENTENCES]


def features(report: Report, sentences: Sequence[Told]) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Return the features of each sentence: words and signals (see `postmortem.learned.linear`)."""
    cued = screen().rules["cause"]
    found = []
    said = [_said(sentence) for sentence in sentences]
    before: tuple[int, int] | None = None
    for number, sentence in enumerate(sentences):
        bag: dict[str, float] = {}
        for i, word in enumerate(words(sentence.text[:_LONGEST])):
            bag[word] = bag.get(word, 0.0) + 1.0
            if i < _OPENING_WORDS:
                bag[OPENING + word] = 1.0
        zone = sentence.zone
        names = zone.names or ("none",)
        signals = {f"s={name}": 1.0 for name in names}
        signals[f"q={number * _PARTS // len(sentences)}"] = 1.0
        if zone.key != before:
            signals["first"] = 1.0
            signals.update((f"first.{name}", 1.0) for name in names)
        if zone.key[1] >= 0:
            signals["field"] = 1.0
        if report.mentions_between(sentence.start, sentence.end):
            signals["stamp"] = 1.0
        if sentence.passed & cued:
            for id, _, _ in nlp.phrases_in("cause", sentence.text):
                signals[f"r={id}"] = 1.0
        length = sentence.text.count(" ") + 1
        signals[f"l={sum(length > most for most in _LENGTHS)}"] = 1.0
        if sentence.text.endswith("?"):
            signals["asks"] = 1.0
        signals.update((f"h={what}", 1.0) for what in said[number])
        before = zone.key
        found.append((bag, signals))
    _add_neighbours(sentences, said, [signals for _, signals in found])
    return found


def _add_neighbours(
    sentences: Sequence[Told], said: Sequence[Sequence[str]], signals: Sequence[dict[str, float]]
) -> None:
    """Add to the signals of each sentence what is said before and behind it in the same field or section."""
    joined = [a.zone.key == b.zone.key for a, b in pairwise(sentences)]
    for before, behind, step in (
        *((n - 1, n, "b") for n in range(len(sentences))),
        *((n + 1, n, "a") for n in range(len(sentences))),
    ):
        edge = min(before, behind)
        if 0 <= edge < len(joined) and joined[edge]:
            signals[behind].update((f"{step}={what}", 1.0) for what in said[before])
        else:
            signals[behind][f"{step}=edge"] = 1.0


def _said(sentence: Told) -> Sequence[str]:
    """Return what the rules of the vocabulary say of a sentence."""
    rules, names, bits = _known()
    if not sentence.passed & bits:
        return ()
    return sorted({names[one.rule.id] for one, _ in matches(rules, sentence.text, sentence.passed)})


@cache
def _known() -> tuple[Live, Mapping[str, str], int]:
    """Return the rules that are signals, what each stands for, and their bits."""
    names = {
        one.rule.id: f"{name}.{one.rule.values[key]}" if key else one.rule.id
        for name, key in _RULES.items()
        for one in tried(name)
        if one.rule.values.get(key) not in _ABOUT
    }
    rules = tuple(one for name in _RULES for one in tried(name) if one.rule.id in names)
    return rules, names, bits_of(rules)


class _Same:
    """A report as a cache key: the same object, whatever it holds."""

    __slots__ = ("report",)

    def __init__(self, report: Report) -> None:
        self.report = report

    def __hash__(self) -> int:
        return id(self.report)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.report is other.report


def told(report: Report, role: str) -> list[tuple[Told, float]]:
    """Return the sentences of a report's account, each with the probability that it has the role (a class of the model).

    The roles of all sentences are worked out once for a report, when they are first asked for.
    """
    sentences, odds = _odds(_Same(report))
    column = default_model().classes.index(role)
    return [(sentence, row[column]) for sentence, row in zip(sentences, odds, strict=True)]


@lru_cache(maxsize=2)
def _odds(same: _Same) -> tuple[list[Told], list[list[float]]]:
    """Return the sentences of a report's account with the probability of each role."""
    sentences = spoken(same.report)
    if not sentences:
        return [], []
    logits = default_model().logits(features(same.report, sentences))
    return sentences, weighed(logits, *_transitions()).tolist()


def causes(report: Report) -> list[tuple[Told, float]]:
    """Return the sentences of a report's account, each with the probability that it states the cause."""
    return told(report, CAUSE)


@cache
def default_model() -> LinearModel:
    """Return the model that came with the package."""
    return load_model(packaged("roles"))


@cache
def _transitions() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return transitions(default_model())
