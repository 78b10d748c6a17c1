"""Percentages: taken where they govern something harmed.

What a percentage governs is looked for in its sentence with spaCy's phrase matcher, after the figure ("of our users", "drop in
orders") or before it ("error rate reached"); only sentences that hold a percentage are ever tokenised.
"""

from __future__ import annotations

import re
from typing import Final, cast

from postmortem.extract.impact.effects import effect_of
from postmortem.extract.impact.governed import CHANGED, SHARE, governed
from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.numbers import number, percents
from postmortem.extract.impact.places import NOT_HARMED, Places
from postmortem.extract.impact.sentences import Sentence
from postmortem.extract.impact.terms import Term, terms_of
from postmortem.matching import worth_trying
from postmortem.record import Comparator, Of, Percentage
from postmortem.report import Report

# How far around a figure is read.
_REACH: Final = 160
# "62% (5,100) of readers": how many these are.
_COUNTED: Final = re.compile(
    r"\s?\((?:about |around |some |roughly |nearly |~)?\d[\d., ]{0,11}(?:k|m| thousand| million)?\)(?=\sof\s)"
)
_FROM: Final = re.compile(r"\bfrom\s{1,3}(?:about |around |~|approximately |a )?$")
_VARIES: Final = re.compile(r"\b(?:rang|vary|vari)\w{0,4}\s(?:\w{1,12}\s)?from\s{1,3}$")
_BETWEEN: Final = re.compile(r"\bbetween\s{1,3}(?:about |around |~)?$")
# "The remaining 20% waited": of what the sentence before speaks.
_REMAINING: Final = re.compile(r"\b(?:remaining|other|rest,?)\s{1,3}(?:about |around |~)?$")
_FROM_AFTER: Final = re.compile(r"\s{0,3}to\s")
_HARM_SECTIONS: Final = frozenset({"impact"})


def percentages(report: Report) -> list[Percentage]:
    """Return the percentages of harm in text order; one stated twice is given once."""
    document, lowered = report.document, report.account.lowered
    places = Places(document)
    kept: dict[tuple[float, float | None], list[Percentage]] = {}
    at: tuple[int, int] = (-1, -1)
    harm, harmed = known_rules().harm, False
    sentence, terms, inherited = Sentence("", 0, 0), list[Term](), None
    for match in percents(lowered):
        names, start, end = places.of(match.start(), match.end())
        if names is None or names & NOT_HARMED:
            continue
        if at != (start, end):
            at, sentence = (start, end), Sentence(lowered, start, end)
            inherited = inherited if _REMAINING.search(lowered, start, match.start()) else None
            harmed = bool(names & _HARM_SECTIONS or harm.search(sentence.text))
            terms = terms_of(places.phrases(start, end), sentence) if harmed else []
        if not harmed:
            continue
        found = _read(match, sentence, terms, inherited)
        if found is None:
            continue
        value, upper, comparator, of, effect = found
        inherited = of
        quoted = document.quote(*sentence.extent(*effect)) if effect else None
        evidence = report.evidence(match.start(), match.end(), "impact.percentage")
        _keep(
            kept.setdefault((value, upper), []),
            Percentage(value, upper, comparator, cast(Of, of), quoted or None, evidence),
        )
    return sorted((p for same in kept.values() for p in same), key=lambda p: p.evidence.start)


def _keep(same: list[Percentage], new: Percentage) -> None:
    """Add a figure unless it is told already; of two that are one, that which governs something known stays."""
    if any(old.of == new.of for old in same) or (same and new.of == "other"):
        return
    if same and same[0].of == "other":
        same[0] = new
    else:
        same.append(new)


def _read(
    match: re.Match[str], folded: Sentence, terms: list[Term], inherited: str | None
) -> tuple[float, float | None, Comparator, str, tuple[int, int] | None] | None:
    """Read one figure in its sentence: value, upper, comparator, of, and the effect's extent; None where it is no impact."""
    known = known_rules()
    sentence = folded.text
    begin, finish = folded.folded(match.start()), folded.folded(match.end() - 1) + 1
    if sentence[finish : finish + 1] in (")", "]"):
        finish += 1
    if counted := _COUNTED.match(sentence, finish):
        finish = counted.end()
    before, after = sentence[max(0, begin - _REACH) : begin], sentence[finish : finish + _REACH]
    term, direction, phrase_end = governed(sentence, begin, finish, before, after, terms, inherited)
    of = term.of if term else inherited or "other"
    if of in ("utilisation", "target"):
        return None
    adverse = term is not None and term.text in known.adverse
    low, high = number(match["low"]), number(match["high"]) if match["high"] else None
    if high is not None:
        low, high = _resolve_range(match, before, adverse, bool(SHARE.match(after)), low, high)
    elif _FROM.search(before) and _FROM_AFTER.match(after):
        return None  # "rose from 2% to …": where it stood before
    improved = (direction == "down" and adverse) or (direction == "to" and adverse)
    grew = direction == "up" and not adverse
    if match["high"] is None and (improved or (grew and of != "other")):
        return None
    around = worth_trying(sentence[max(0, begin - _REACH) : finish + _REACH])
    if known.refuse_before.matched(before, around) or known.refuse_after.matched(after, around):
        return None
    if high is None and low >= 99 and term and term.text.endswith("availability") and direction is None:
        return None
    return low, high, _comparator(before, after, match), of, effect_of(sentence, begin, phrase_end)


def _resolve_range(
    match: re.Match[str], before: str, adverse: bool, share: bool, low: float, high: float
) -> tuple[float, float | None]:
    """A range, or what a transition ("from 2% to 40%") or a list ("70% and 40%") amounts to.

    `share`: an "of" follows, so that "from 10 to 15% of users" is a range.
    """
    join = match["join"]
    if join == "to" and _FROM.search(before) and not _VARIES.search(before):
        changed = CHANGED.search(before)
        if changed is None and share and low < high:
            return low, high
        falling = bool(changed and changed["down"]) or (changed is None and high < low)
        return (low if adverse and falling else high), None
    if join in ("and", "or") and not _BETWEEN.search(before):
        return low, None
    return (low, high) if low < high else (low, None)


def _comparator(before: str, after: str, match: re.Match[str]) -> Comparator:
    for where, comparator, pattern in known_rules().comparators:
        if pattern.search(before[-40:] if where == "before" else after):
            return comparator
    return "~" if match["mark"] else "="
