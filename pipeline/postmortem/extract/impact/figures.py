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
_LONGEST_LABEL: Final = 5
_HARMED: Final = (
    r"(?:affected|impacted|lost|failed|rejected|missed|delayed|cancell?ed|declined|dropped|abandoned|hit|refused|stuck|down|"
    r"disconnected)"
)
_COUNTED: Final = re.compile(
    rf"(?:^|\b(?:number|count|total) of ){_HARMED} (?P<behind>[a-z][a-z -]{{2,24}}s)\W{{0,2}}$"
    rf"|\b(?P<before>[a-z][a-z-]{{2,18}}s) {_HARMED}\W{{0,2}}$"
)
_ALONE: Final = re.compile(
    r"(?:(?:approx\.?|approximately|about|around|some|over|more than|up to|at least|roughly|ca?\.?|circa|~|>)\s?){0,2}"
    r"(?P<n>\d{1,3}(?:[, ]\d{3}){1,4}|\d{1,9}(?:\.\d{1,3})?)\s?(?P<scale>k|thousand|m|million|bn|billion)?"
    r"(?=\s{0,3}(?:$|[.;,(\n]|in total|altogether))(?![.,]\d)"
)


def figures(report: Report, statements: Sequence[Statement]) -> Iterator[Figure]:
    """Yield the figures of the statements in text order, each value with its unit once."""
    seen = set[tuple[float, str]]()
    for figure in sorted((*_labelled(report), *_stated(report, statements)), key=_place):
        told = figure.value, figure.unit.lower()
        if told not in seen:
            seen.add(told)
            yield figure


def _place(figure: Figure) -> int:
    return figure.evidence.start


def _labelled(report: Report) -> Iterator[Figure]:
    """Yield the numbers that stand alone behind a label that says what they count: "Orders lost: 1,904"."""
    for field in report.document.fields:
        if field.label.count(" ") > _LONGEST_LABEL or not (unit := _COUNTED.search(field.label.lower())):
            continue
        value = _ALONE.match(report.account.lowered, field.start, field.end)
        if value and (amount := number(value["n"]) * known_rules().scale.get(value["scale"] or "", 1.0)):
            start = min(field.label_start, field.start)
            evidence = report.evidence(
                start, value.end("scale" if value["scale"] else "n"), "impact.figure.labelled"
            )
            yield Figure(round(amount, 6), unit["before"] or unit["behind"], "count", evidence)


def _stated(report: Report, statements: Sequence[Statement]) -> Iterator[Figure]:
    """Yield the figures of the statements."""
    lowered = report.account.lowered
    known = [one for one in known_rules().figures if one.may_open(lowered)]
    bits = reduce(or_, [one.bit for one in known], 0)
    for start, end, stated in _disjoint(statements):
        for first, last in prose(report.document, start, end):
            if not _ANY_DIGIT.search(lowered, first, last):
                continue
            passed = report.account.passed(first, last) & bits
            if not passed:
                continue
            rules = [one for one in known if passed & one.bit and (stated or not one.stated)]
            for low, high in sentences(report.document, first, last):
                if _DIGIT.search(lowered, low, high):
                    yield from _figures_in(report, Sentence(lowered, low, high), rules, stated=stated)


def _disjoint(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statements without what they share; what stands in one of the impact is left to that."""
    impact: list[tuple[int, int]] = []
    reached = -1
    for start, end, stated in sorted(statements):
        low, end = max(start, reached), min(end, start + _STATEMENT_REACH)
        if stated and low < end:
            impact.append((low, end))
            yield low, end, True
            reached = end
    reached, following = -1, 0
    for start, end, stated in sorted(statements):
        low, end = max(start, reached), min(end, start + _STATEMENT_REACH)
        if stated or low >= end:
            continue
        reached = end
        while following < len(impact) and impact[following][0] < end:
            first, last = impact[following]
            if low < first:
                yield low, first, False
            low = max(low, last)
            if last > end:
                break
            following += 1
        if low < end:
            yield low, end, False


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
