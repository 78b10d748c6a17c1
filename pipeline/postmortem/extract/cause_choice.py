"""Which sentence of a report states the cause: a choice among all sentences of its account.

Rules know the turns of phrase that they were written for, and what they found counts. All sentences are weighed here: each
has features (its words, what the roles make of it and of its neighbours, which phase of a timeline it would be, cues and rules
that it matches, where it stands), and what they are worth was learnt from reports whose cause is known (``models/cause``). It is
a conditional logit (McFadden, *Conditional logit analysis of qualitative choice behavior*, 1974): between two sentences of one
report, the difference of their points is the logarithm of the odds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from postmortem.account import Told
from postmortem.extract import roles
from postmortem.extract.cause_candidates import FEWEST_WORDS, Candidate, cause_weights, words_in
from postmortem.extract.cause_places import placed
from postmortem.extract.choosing import worthwhile
from postmortem.extract.phased import phased
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.packaged import choice_model
from postmortem.matching import rules_of
from postmortem.report import Report

# What a probability of 0 and one of 1 are taken for.
_EDGE: Final = 1e-3
# Cues from these weights on say a cause, and say it by name.
_SAYING: Final = (0.1, 2.0, 4.0)
_NAMED: Final = "s=root_cause"
_CUE: Final = "r="
_RULE: Final = "h="
# The feature of a sentence that a rule says is no cause: a denial, a question, what is not known.
_REFUSED: Final = "rule=refuse"
# The name of the sections and fields in which no cause stands, but what helped it.
_FACTORS: Final = frozenset({"contributing_factors"})
# Signals of the model of roles that tell what stands next to a sentence: here that is told by its cues and its role.
_NEIGHBOURS: Final = ("b=", "a=")
# Which section it is (but for whether that is named after the cause) tells more of the reports learnt from than of others.
_PLACES: Final = ("s=", "first.")
# What a sentence gains that the rules found: more than half of the points of the strongest, and no more than makes it twenty
# times as likely. Rules are surer of reports like those that they were written for; published reports would have it higher,
# annotated ones lower.
_OF_POINTS: Final = 0.6
_MOST_GAIN: Final = 3.0
# How likely some sentence must state a cause at all, by the model of roles, where no rule found any.
_LEAST: Final = 0.03
# A sentence of more words than a statement of several holds may be one by itself, up to so many.
_LONGEST: Final = 60


def settled(report: Report, chosen: Sequence[Candidate], enough: int) -> list[Candidate]:
    """Return the sentences that together are likeliest to state the cause, in text order; those of the statement that the rules
    found (`chosen`) count for more, by their points. More than `enough` words are worth less (`worthwhile`).
    Where the rules found none, nothing is returned where no sentence is likely to state a cause at all."""
    sentences = roles.reading(report).sentences
    if not sentences:
        return list(chosen)
    model = default_model()
    seen = features(report)
    own = {i: found for i, told in enumerate(sentences) if (found := _covering(told, chosen)) is not None}
    words = [own[i].words if i in own else words_in(told) for i, told in enumerate(sentences)]
    gain = min(max([_OF_POINTS * c.points for c in chosen if c.points > 0.0], default=0.0), _MOST_GAIN)
    points = [worth + gain * (i in own) for i, worth in enumerate(model.points(seen))]
    free = [
        i
        for i, said in enumerate(seen)
        if i in own
        or (
            FEWEST_WORDS <= words[i] <= _LONGEST
            and _REFUSED not in said
            and sentences[i].zone.names != _FACTORS
        )
    ]
    taken = worthwhile(points, words, free, enough, known=own)
    if not chosen and max((seen[i][f"p={roles.CAUSE}"] for i in free), default=0.0) < _LEAST:
        return []
    stated = [own.get(i) or Candidate.by_model(sentences[i], model.rule) for i in taken]
    return list(dict.fromkeys(stated)) or list(chosen)


def _covering(told: Told, chosen: Sequence[Candidate]) -> Candidate | None:
    """Return the part of a statement that a sentence belongs to."""
    return next((c for c in chosen if c.start < told.end and c.end > told.start), None)


def features(report: Report) -> list[dict[str, float]]:
    """Return the features of each sentence of a report's account that are not zero."""
    sentences, odds, signals = roles.reading(report)
    if not sentences:
        return []
    chances = [f"p={role}" for role in roles.default_model().classes]
    cause = chances.index(f"p={roles.CAUSE}")
    likely = [row[cause] for row in odds]
    seen = [_own(own) for own in signals]
    cues = [own["cue"] for own in seen]
    named = any(_NAMED in own for own in signals)
    places = placed(report, sentences, likely, [row[chances.index("p=resolution")] for row in odds])
    steps = phased(report).odds
    most = max(likely)
    strongest: dict[tuple[int, int], tuple[float, float]] = {}
    for told, p, cue in zip(sentences, likely, cues, strict=True):
        best = strongest.get(told.zone.key, (0.0, 0.0))
        strongest[told.zone.key] = max(best[0], p), max(best[1], cue)
    for number, (told, row, own) in enumerate(zip(sentences, odds, seen, strict=True)):
        p, cue, key = likely[number], cues[number], told.zone.key
        logit = math.log((p + _EDGE) / (1 - p + _EDGE))
        own.update(zip(chances, row, strict=True))
        own |= places[number]
        own |= steps[number]
        own["logit"] = logit
        own["p-report"] = p - most
        own["p-zone"] = p - strongest[key][0]
        own["cue-zone"] = cue - strongest[key][1]
        if cue:
            own |= {f"cue>{least}": 1.0 for least in _SAYING if cue > least}
        if not named:
            own["unnamed.logit"], own["unnamed.cue"] = logit, cue
        elif _NAMED in signals[number]:
            own |= {"named": 1.0, "named.logit": logit, "named.cue": cue}
            own |= {f"named.{what}": own.get(what, 0.0) for what in ("first", "field")}
        else:
            own["elsewhere"] = 1.0
        _beside(own, "before", number - 1, key, sentences, likely, cues)
        _beside(own, "after", number + 1, key, sentences, likely, cues)
    return seen


def _own(signals: Mapping[str, float]) -> dict[str, float]:
    """Return what the signals of a sentence say: its place, the weights of the cues, and those of the rules, by their kinds."""
    found: dict[str, float] = {}
    strongest = together = 0.0
    for signal in signals:
        name, weight = _meaning(signal)
        if name == _CUE:
            together += weight
            strongest = max(strongest, weight)
        elif name:
            found[name] = found.get(name, 0.0) + weight
    found["cue"] = strongest
    found["cues"] = together - strongest
    return found


@cache
def _meaning(signal: str) -> tuple[str, float]:
    """Return the feature that a signal of the model of roles adds to, and how much; no name where it adds nothing."""
    if signal.startswith(_CUE):
        return _CUE, cause_weights()[signal[len(_CUE) :]]
    if signal.startswith(_RULE):
        kind = _kinds().get(signal[len(_RULE) :])
        return kind or (signal, 1.0)
    return ("", 0.0) if signal.startswith((*_NEIGHBOURS, *_PLACES)) else (signal, 1.0)


@cache
def _kinds() -> Mapping[str, tuple[str, float]]:
    """Return the kind and the weight of each rule of the cause, by its id."""
    return {
        one.rule.id: (f"rule={one.rule.values['kind']}", float(one.rule.values.get("weight", 1.0)))
        for one in rules_of("cause")
    }


def _beside(
    own: dict[str, float],
    where: str,
    number: int,
    key: tuple[int, int],
    sentences: Sequence[Told],
    likely: Sequence[float],
    cues: Sequence[float],
) -> None:
    """Add what a neighbour in the same field or section says."""
    if 0 <= number < len(sentences) and sentences[number].zone.key == key:
        own[f"{where}.p"], own[f"{where}.cue"] = likely[number], cues[number]


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("cause")
