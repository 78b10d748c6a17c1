"""Figures of harm that are no percentage: sums, counts, rates, latencies and losses of data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Final, cast

from postmortem.extract.impact.known import NUMBER_START, FigureRule, known_rules
from postmortem.extract.impact.numbers import number
from postmortem.extract.impact.sentences import Sentence, Statement, prose, sentences
from postmortem.record import Figure, FigureKind
from postmortem.report import Report

_STATEMENT_REACH: Final = 4000
_ANY_DIGIT: Final = re.compile(r"\d")
# A digit that is not part of a clock time or a date in figures.
_DIGIT: Final = re.compile(r"\d(?<![:\d.-]\d)(?!\d?[:]\d|\d{3}-\d)")
_BEFORE: Final = 40


def figures(report: Report, statements: Sequence[Statement]) -> Iterator[Figure]:
    """Yield the figures of the statements in text order, each value with its unit once."""
    lowered = report.account.lowered
    known = [one for one in known_rules().figures if one.may_open(lowered)]
    bits = reduce(or_, [one.bit for one in known], 0)
    seen: set[tuple[float, str]] = set()
    reached = -1
    for start, end, stated in sorted(statements):
        for first, last in prose(report.document, max(start, reached), min(end, start + _STATEMENT_REACH)):
            reached = last
            if not _ANY_DIGIT.search(lowered, first, last):
                continue
            passed = report.account.passed(first, last) & bits
            if not passed:
                continue
            rules = [one for one in known if passed & one.bit]
            for low, high in sentences(report.document, first, last):
                if _DIGIT.search(lowered, low, high):
                    for figure in _figures_in(report, Sentence(lowered, low, high), rules, stated=stated):
                        told = figure.value, figure.unit.lower()
                        if told not in seen:
                            seen.add(told)
                            yield figure


def _figures_in(
    report: Report, sentence: Sentence, rules: Sequence[FigureRule], *, stated: bool
) -> list[Figure]:
    """The figures of one sentence in order; where two rules read the same number, the one earlier in the file wins.

    `rules`: those worth trying. `stated`: it stands in an impact statement, so that it need not say that something suffered.
    """
    known, text = known_rules(), sentence.text
    if not stated and not known.harm.search(text):
        return []
    numbers = [digit.start() for digit in NUMBER_START.finditer(text)]
    found: dict[int, tuple[int, Figure]] = {}
    for one in rules:
        for match in _found(one, text, numbers):
            at = match.start("n")
            taken = any(a <= at < b for a, (b, _) in found.items())
            if taken or known.share.search(text[max(0, match.start() - _BEFORE) : match.start()]):
                continue
            scale = known.scale.get(match.groupdict().get("scale") or "", 1.0)
            value = round(number(match["n"].rstrip(",")) * scale, 6)
            if not value:
                continue
            start, end = sentence.extent(*match.span())
            unit = report.document.plain[slice(*sentence.extent(*match.span("unit")))]
            evidence = report.evidence(start, end, one.id)
            found[at] = (
                match.end(),
                Figure(value, " ".join(unit.split()), cast(FigureKind, one.kind), evidence),
            )
    return [found[at][1] for at in sorted(found)]


def _found(one: FigureRule, text: str, numbers: Sequence[int]) -> Iterator[re.Match[str]]:
    """Yield the matches of a rule; where it begins with a number, only numbers are looked at."""
    if not one.number_first:
        yield from one.pattern.finditer(text)
        return
    at, match_at = 0, one.pattern.match
    for start in numbers:
        match = match_at(text, start) if start >= at else None
        if match:
            yield match
            at = match.end()
