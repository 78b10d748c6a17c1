"""A column of stamps that only their place and order show to be clock times: "1334  calls fail", "10.15 we log in".

A number of four digits, or one with a dot, is no time by itself. Where several lines open with one, all of one form, all of them
possible times and none before the one above it (but past midnight), they are the stamps of a log.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from postmortem.clock.model import Moment, Span
from postmortem.document import BlockKind
from postmortem.extract.stamps import Stamped
from postmortem.extract.timeline.marks import skip
from postmortem.report import Report

_TIME: Final = r"(?:[01]?[0-9]|2[0-4])"
# The form of a stamp is what parts its hour from its minute, and what follows it.
_LINE: Final = re.compile(
    r"^[^\S\n]{0,12}(?:[*\u2022>-][^\S\n]{1,4})?[*_`(\[]{0,3}"
    rf"(?P<hour>{_TIME})(?P<sign>[.hH]|(?<=[0-9]{{2}}))(?P<minute>[0-5][0-9])(?![0-9]|[.,:/][0-9])"
    r"(?:\s?[-\u2010-\u2015]\s?(?P<last_hour>[01]?[0-9]|2[0-4])(?P=sign)(?P<last_minute>[0-5][0-9])(?![0-9.]))?"
    r"(?P<unit>[^\S\n]?(?:hrs?|hours|h|uhr)(?![A-Za-z]))?"
    r"(?=[*_`)\]:]{0,4}[^\S\n]{1,8}\S|[*_`)\]]{0,3}[:,;.][^\S\n])",
    re.MULTILINE | re.IGNORECASE,
)
_FEWEST: Final = 3
_MOST: Final = 400
_NOT_A_YEAR: Final = re.compile(r"(?!19[0-9]{2}|20[0-9]{2})")
_EVENING, _MORNING = 18, 8


def columns(report: Report) -> list[Stamped]:
    """Entries of the lines of such a column; none where the clock reads most of their stamps by itself."""
    document, plain = report.document, report.document.plain
    lines = _longest(_of_one_form(list(_lines(report))))
    if len(lines) < _FEWEST:
        return []
    read = sum(
        any(not isinstance(m, Span) for m in report.mentions_between(line.start("hour"), line.end("minute")))
        for line in lines
    )
    if 2 * read > len(lines):
        return []
    found = []
    stops = [*(line.start("hour") for line in lines[1:]), len(plain)]
    for line, stop in zip(lines, stops, strict=True):
        place = bisect_right(document.blocks, line.start("hour"), key=attrgetter("start")) - 1
        end = min(stop, max(document.blocks[place].end, _indented(plain, line.end(), stop)))
        start = skip(plain, line.end(), end)
        text = plain[start:end].rstrip()
        if text:
            begin = line.start("hour")
            first = _moment(line, "hour", "minute", begin, line.end())
            last = (
                _moment(line, "last_hour", "last_minute", begin, line.end())
                if line["last_hour"] is not None
                else None
            )
            found.append(Stamped(first, last, start, start + len(text), begin, listed=True))
    return found


def _indented(plain: str, start: int, stop: int) -> int:
    """The end of the line of `start`, and of the indented ones below it."""
    end = plain.find("\n", start, stop)
    while end != -1 and plain[end + 1 : end + 2] in (" ", "\t"):
        below = plain.find("\n", end + 1, stop)
        if not plain[end : below if below != -1 else stop].strip():
            return end
        end = below
    return stop if end == -1 else end


def _lines(report: Report) -> Iterator[re.Match[str]]:
    document, plain = report.document, report.document.plain
    for count, line in enumerate(_LINE.finditer(plain)):
        if count == _MOST:
            return
        place = bisect_right(document.blocks, line.start("hour"), key=attrgetter("start")) - 1
        if place >= 0 and document.blocks[place].kind in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            yield line


def _of_one_form(lines: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Return the lines by their form: the sign between hour and minute, and whether a unit follows."""
    forms: dict[tuple[str, bool], list[re.Match[str]]] = {}
    for line in lines:
        forms.setdefault((line["sign"].lower(), line["unit"] is not None), []).append(line)
    return [form for form in forms.values() if _are_times(form)]


def _are_times(lines: list[re.Match[str]]) -> bool:
    """Do numbers of one form follow each other as the times of a log do?"""
    if lines[0]["sign"] == "" and not any(_NOT_A_YEAR.match(line["hour"] + line["minute"]) for line in lines):
        return False
    if lines[0]["sign"] == "." and not any(len(line["hour"]) == 2 for line in lines):
        return False
    times = [(int(line["hour"]), int(line["minute"])) for line in lines]
    turns = [(a, b) for a, b in zip(times, times[1:], strict=False) if b < a]
    return len(turns) <= 1 and all(a[0] >= _EVENING and b[0] < _MORNING for a, b in turns)


def _longest(forms: list[list[re.Match[str]]]) -> list[re.Match[str]]:
    return max(forms, key=len, default=[])


def _moment(line: re.Match[str], hour: str, minute: str, start: int, end: int) -> Moment:
    of_day = int(line[hour])
    return Moment(
        start, end, hour=of_day % 24, minute=int(line[minute]), meridiem="24h", next_day=of_day == 24
    )
