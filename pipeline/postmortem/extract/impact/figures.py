"""Figures of harm that are no percentage: sums, counts, rates, latencies and losses of data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.numbers import number
from postmortem.extract.impact.sentences import Sentence, sentences, statements
from postmortem.record import Figure, FigureKind
from postmortem.report import Report
from postmortem.screen import screen

_STATEMENT_REACH: Final = 4000
# A digit that is not part of a clock time or a date in figures.
_DIGIT: Final = re.compile(r"\d(?<![:\d.-]\d)(?!\d?[:]\d|\d{3}-\d)")
_NUMBER_FIRST: Final = r"(?=\d)(?<![\w"
_NUMBER_START: Final = re.compile(r"\d(?<!\w\d)")


def figures(report: Report) -> Iterator[Figure]:
    lowered = report.account.lowered
    seen: set[tuple[float, str]] = set()
    reached = -1
    for start, end, stated in sorted(statements(report)):
        for low, high in sentences(report.document, max(start, reached), min(end, start + _STATEMENT_REACH)):
            reached = high
            if _DIGIT.search(lowered, low, high):
                for figure in _figures_in(report, Sentence(lowered, low, high), stated=stated):
                    if (figure.value, figure.unit.lower()) not in seen:
                        seen.add((figure.value, figure.unit.lower()))
                        yield figure


def _figures_in(report: Report, sentence: Sentence, *, stated: bool) -> list[Figure]:
    """The figures of one sentence in order; where two rules read the same number, the one earlier in the file wins.

    `stated`: it stands in an impact statement, so that it need not say that something suffered.
    """
    known, passed = known_rules(), screen().passed(screen().read(sentence.text))
    if not passed & known.figure_bits or not (stated or known.harm.search(sentence.text)):
        return []
    found: dict[int, tuple[int, Figure]] = {}
    for one in known.figures:
        if not passed & one.bit:
            continue
        for match in _found(one.pattern, sentence.text):
            at = match.start("n")
            taken = any(a <= at < b for a, (b, _) in found.items())
            if taken or known.share.search(sentence.text[max(0, match.start() - 40) : match.start()]):
                continue
            scale = known.scale.get(match.groupdict().get("scale") or "", 1.0)
            value = round(number(match["n"].rstrip(",")) * scale, 6)
            if not value:
                continue
            start, end = sentence.extent(*match.span())
            unit = report.document.plain[slice(*sentence.extent(*match.span("unit")))]
            kind = cast(FigureKind, one.rule.values["figure"])
            evidence = report.evidence(start, end, "impact." + one.rule.id)
            found[at] = (match.end(), Figure(value, " ".join(unit.split()), kind, evidence))
    return [found[at][1] for at in sorted(found)]


def _found(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern; where it begins with a number, only numbers are looked at."""
    if not pattern.pattern.startswith(_NUMBER_FIRST):
        yield from pattern.finditer(text)
        return
    at = 0
    for digit in _NUMBER_START.finditer(text):
        match = pattern.match(text, digit.start()) if digit.start() >= at else None
        if match:
            yield match
            at = match.end()
