"""Percentages: taken where they say how much of something was harmed.

What a percentage governs is looked for in its sentence with spaCy's phrase matcher, after the figure ("of our users", "drop in
orders") or before it ("error rate reached"); only sentences that hold a percentage are ever tokenised. Rules tell figures that
are none of harm whatever else is said (utilisation, targets, roll-outs); of the others a model weighs it.
"""

from __future__ import annotations

import re
from typing import Final, cast

from postmortem.extract.impact.effects import effect_of
from postmortem.extract.impact.governed import CHANGED
from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.mentions import Mention, mentions
from postmortem.extract.impact.numbers import number
from postmortem.extract.impact.weighing import is_likely
from postmortem.matching import worth_trying
from postmortem.record import Comparator, Of, Percentage
from postmortem.report import Report

# How far around a figure rules are tried.
_REACH: Final = 160
_NO_HARM: Final = frozenset({"utilisation", "target"})
_NINES: Final = re.compile(r"99\.\d")
_FROM: Final = re.compile(r"\bfrom\s{1,3}(?:about |around |~|approximately |a )?$")
_VARIES: Final = re.compile(r"\b(?:rang|vary|vari)\w{0,4}\s(?:\w{1,12}\s)?from\s{1,3}$")
_BETWEEN: Final = re.compile(r"\bbetween\s{1,3}(?:about |around |~)?$")
_FROM_AFTER: Final = re.compile(r"\s{0,3}to\s")


def percentages(report: Report) -> list[Percentage]:
    """Return the percentages of harm in text order; one stated twice is given once."""
    document = report.document
    kept: dict[tuple[float, float | None], list[Percentage]] = {}
    for mention in mentions(report):
        if is_refused(mention) or not is_likely(mention):
            continue
        match, sentence = mention.match, mention.sentence
        value, upper = _value(mention)
        effect = effect_of(sentence.text, mention.begin, mention.phrase_end)
        quoted = document.quote(*sentence.extent(*effect)) if effect else None
        evidence = report.evidence(match.start(), match.end(), "impact.percentage")
        comparator = _comparator(mention)
        _keep(
            kept.setdefault((value, upper), []),
            Percentage(value, upper, comparator, cast(Of, mention.of), quoted or None, evidence),
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


def is_refused(mention: Mention) -> bool:
    """Do the rules say that a percentage is none of harm?"""
    if mention.names is None or mention.of in _NO_HARM:
        return True
    term, known = mention.term, known_rules()
    before, after, direction = mention.before, mention.after, mention.direction
    if mention.match["high"] is None:
        if _FROM.search(before) and _FROM_AFTER.match(after):
            return True  # "rose from 2% to …": where it stood before
        adverse = term is not None and term.text in known.adverse
        if direction == "up" and not adverse and mention.of != "other":
            return True
        if mention.match["low"].startswith("99") and not direction:
            if term is not None and term.text.endswith("availability"):
                return True
            if _NINES.match(mention.match["low"]) and mention.of == "other" and not mention.shares:
                return True  # "We promise 99.95%": time, of which nothing is said.
    around = worth_trying(mention.sentence.text[max(0, mention.begin - _REACH) : mention.finish + _REACH])
    return bool(known.refuse_before.matched(before, around) or known.refuse_after.matched(after, around))


def _value(mention: Mention) -> tuple[float, float | None]:
    """Return the figure, and the upper end of a range."""
    match, term = mention.match, mention.term
    low = number(match["low"])
    if not match["high"]:
        return low, None
    adverse = term is not None and term.text in known_rules().adverse
    return _resolve_range(match, mention.before, adverse, mention.shares, low, number(match["high"]))


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


def _comparator(mention: Mention) -> Comparator:
    for where, comparator, pattern in known_rules().comparators:
        if pattern.search(mention.before[-40:] if where == "before" else mention.after):
            return comparator
    return "~" if mention.match["mark"] else "="
