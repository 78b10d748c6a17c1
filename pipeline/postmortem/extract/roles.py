"""What each sentence of a report is about: the cause, the impact, the repair …

A linear model (``models/roles``) scores each sentence by its words, its opening words, the cue phrases and rules of the
vocabulary that it and its neighbours match, and where it stands; the sequence of roles is then weighed as a whole, since a
report mostly tells one thing after the other. It serves where no section is named after what is looked for and no rule says it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from postmortem import nlp
from postmortem.account import Reading, Told
from postmortem.learned.features import OPENING, words
from postmortem.learned.linear import LinearModel
from postmortem.learned.packaged import linear_model
from postmortem.learned.sequence import transitions, weighed
from postmortem.matching import Rules, rules_of
from postmortem.report import Report
from postmortem.screen import screen

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
    stamps = [mention.start for mention in report.mentions]
    most = len(sentences)
    said = [_said(sentence.text, sentence.passed) for sentence in sentences]
    found = []
    key: tuple[int, int] | None = None
    for number, (start, end, text, passed, zone, _, _) in enumerate(sentences):
        places, openings = _placed(zone.names)
        signals = [*places, f"q={number * _PARTS // most}", f"l={bisect_left(_LENGTHS, text.count(' ') + 1)}"]
        if zone.key != key:
            signals += openings
        if zone.key[1] >= 0:
            signals.append("field")
        stamp = bisect_left(stamps, start)
        if stamp < len(stamps) and stamps[stamp] < end:
            signals.append("stamp")
        if passed & cued:
            signals += [f"r={id}" for id, _, _ in nlp.phrases_in("cause", text)]
        if text.endswith("?"):
            signals.append("asks")
        if own := said[number]:
            signals += [f"h={what}" for what in own]
        # What is said before and behind it in the same field or section.
        if zone.key != key:
            signals.append("b=edge")
        elif before := said[number - 1]:
            signals += [f"b={what}" for what in before]
        key = zone.key
        if number + 1 == most or sentences[number + 1].zone.key != key:
            signals.append("a=edge")
        elif after := said[number + 1]:
            signals += [f"a={what}" for what in after]
        found.append((_bag(words(text[:_LONGEST])), dict.fromkeys(signals, 1.0)))
    return found


def _bag(said: Sequence[str]) -> dict[str, float]:
    """Return how often each word is said, and the opening words."""
    bag: dict[str, float] = {}
    count = bag.get
    for word in said:
        bag[word] = count(word, 0.0) + 1.0
    for word in said[:_OPENING_WORDS]:
        bag[OPENING + word] = 1.0
    return bag


@lru_cache(maxsize=1_024)
def _placed(names: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the signals of a sentence in a field or section of these names, and those that its first sentence has besides."""
    called = sorted(names) or ["none"]
    return [f"s={name}" for name in called], ["first", *(f"first.{name}" for name in called)]


def _said(text: str, passed: int) -> Sequence[str]:
    """Return what the rules of the vocabulary say of a sentence; only those whose bits `passed` are tried."""
    rules, names = _signals()
    found: dict[str, None] = {}
    if passed & rules.bits:
        for one in rules.live(passed):
            what = names[one.rule.id]
            if what not in found and one.search(text) is not None:
                found[what] = None
    return [*found]


@cache
def _signals() -> tuple[Rules, Mapping[str, str]]:
    """Return the rules that are signals, and what each of them says, by its id."""
    every = [
        (one, f"{name}.{one.rule.values[key]}" if key else one.rule.id)
        for name, key in _RULES.items()
        for one in rules_of(name)
        if one.rule.values.get(key) not in _ABOUT
    ]
    return Rules(one for one, _ in every), {one.rule.id: what for one, what in every}


def told(report: Report, role: str) -> list[tuple[Told, float]]:
    """Return the sentences of a report's account, each with the probability that it has the role (a class of the model)."""
    read = reading(report)
    column = default_model().classes.index(role)
    return [(sentence, row[column]) for sentence, row in zip(read.sentences, read.odds, strict=True)]


def reading(report: Report) -> Reading:
    """Return what the model makes of a report: worked out once for each, when it is first asked for."""
    account = report.account
    if account.reading is None:
        account.reading = _reading(report)
    return account.reading


def _reading(report: Report) -> Reading:
    sentences = spoken(report)
    if not sentences:
        return Reading([], [], [])
    seen = features(report, sentences)
    model = default_model()
    odds = weighed(model.logits(seen), *_transitions(model))
    return Reading(sentences, odds.tolist(), [signals for _, signals in seen])


def default_model() -> LinearModel:
    """Return the model that came with the package, or what stands in for it."""
    return linear_model("roles")


@lru_cache(maxsize=2)
def _transitions(model: LinearModel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return transitions(model)
