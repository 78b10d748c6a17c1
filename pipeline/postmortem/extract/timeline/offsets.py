"""Times counted from the beginning ("T+5 min")."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date as Date
from datetime import timedelta
from typing import Final

from postmortem.clock.model import Interval, Moment, Span
from postmortem.extract.stamps import Stamped
from postmortem.extract.timeline.marks import skip
from postmortem.report import Report

_FEWEST: Final = 2
# "T+5 min", "t + 1:20", "T+2h 50m", "T-10", "+9m": the time since the beginning that opens a line, or the beginning itself.
_SINCE: Final = re.compile(
    r"^[^\w\n+]{0,12}(?P<stamp>(?:(?:T[^\S\n]?)?(?P<sign>\+)|T[^\S\n]?-)[^\S\n]?(?P<count>[0-9]{1,4})"
    r"(?::(?P<minutes>[0-9]{2})|[^\S\n]?(?P<unit>days?|d|hours?|hrs?|h|minutes?|mins?|m)(?![A-Za-z])"
    r"(?:[^\S\n]?(?P<more>[0-9]{1,2})(?:(?<=h[0-9]{2})|[^\S\n]?(?:minutes?|mins?|m)(?![A-Za-z])))?)?"
    r"|T[^\S\n]?0)(?![\w+%.,]\S|\w)",
    re.MULTILINE | re.IGNORECASE,
)
_ZERO_NAMED: Final = ("T0", "T 0", "T+", "T +", "t0", "t+", "t +")
# "T0 = 14:00": the beginning is told, not an entry.
_TELLS: Final = re.compile(r"\W{0,4}(?:=|:|\b(?:is|was|means)\b)\W{0,4}(?:(?:is|was|at)\b\W{0,4})?")
_MINUTES: Final = {"d": 24 * 60, "h": 60, "m": 1}
_ZERO: Final = re.compile(
    r"\bT ?(?:[+-] ?)?0\b\W{0,4}(?:(?:is|was|at|start(?:ed)?|means)\b\W{0,4}){0,2}", re.IGNORECASE
)
_AFTER_STAMP: Final = re.compile(r"[\s:;,.|)\]>=-]{0,40}")


def relative(report: Report) -> list[Stamped]:
    """Entries whose stamps count from the beginning; none where the text does not say when that was."""
    plain = report.document.plain
    if not any(name in plain for name in _ZERO_NAMED):
        return []
    lines = [line for line in _SINCE.finditer(plain) if not _tells_zero(report, line)]
    zero = _zero(report) if len(lines) >= _FEWEST else None
    if zero is None:
        return []
    found = []
    for line in lines:
        end = plain.find("\n", line.end())
        stop = len(plain) if end == -1 else end
        match = _AFTER_STAMP.match(plain, line.end(), stop)
        start = match.end() if match is not None else line.end()
        start = _behind_stamp(report, start, stop)
        text = plain[start:stop].rstrip(" \t|")
        if text:
            moment = _later(zero, _minutes(line))
            stamp = replace(moment, start=line.start("stamp"), end=line.end("stamp"))
            found.append(Stamped(stamp, None, start, start + len(text), line.start("stamp"), listed=True))
    return found


def _behind_stamp(report: Report, start: int, stop: int) -> int:
    """The offset behind a clock time with which the text of a line begins ("T+0 | 07:30 the job starts")."""
    said = [m for m in report.mentions_between(start, start + 1) if not isinstance(m, Span)]
    return skip(report.document.plain, said[0].end, stop) if said else start


def _minutes(line: re.Match[str]) -> int:
    """Return how many minutes after the beginning a line's stamp is."""
    if line["count"] is None:
        return 0
    unit = "h" if line["minutes"] is not None else (line["unit"] or "m")[0].lower()
    minutes = int(line["count"]) * _MINUTES[unit] + int(line["minutes"] or line["more"] or 0)
    return minutes if line["sign"] == "+" else -minutes


def _tells_zero(report: Report, line: re.Match[str]) -> bool:
    """Does a line only say when the beginning was ("T0 = 14:00 UTC")?"""
    tells = _TELLS.match(report.document.plain, line.end()) if not _minutes(line) else None
    return tells is not None and bool(report.mentions_between(tells.end(), tells.end() + 1))


def _zero(report: Report) -> Moment | None:
    """Return the moment that "T0" or "T+0" stands for, its date completed as far as the report gives one."""
    for match in _ZERO.finditer(report.document.plain):
        mention = next(iter(report.mentions_between(match.end(), match.end() + 1)), None)
        moment = mention.first if isinstance(mention, Interval) else mention
        if isinstance(moment, Moment) and moment.hour is not None:
            date = report.calendar.point(moment).date
            if date is None or "X" in date:
                return moment
            return replace(moment, year=int(date[:4]), month=int(date[5:7]), day=int(date[8:]), weekday=None)
    return None


def _later(moment: Moment, minutes: int) -> Moment:
    days, rest = divmod((moment.hour or 0) * 60 + (moment.minute or 0) + minutes, 24 * 60)
    later = replace(moment, hour=rest // 60, minute=rest % 60, meridiem="24h")
    if not days or moment.year is None or moment.month is None or moment.day is None:
        return replace(later, next_day=days > 0)
    try:
        day = Date(moment.year, moment.month, moment.day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return later
    return replace(later, year=day.year, month=day.month, day=day.day)
