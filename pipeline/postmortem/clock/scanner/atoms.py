"""The atoms of a text: every date, time, weekday and length that a pattern finds, read into a draft."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from postmortem.clock import patterns as p
from postmortem.clock.scanner.dates import date
from postmortem.clock.scanner.drafts import CUE_REACH, DIGITS, Draft
from postmortem.clock.scanner.lengths import span, spelled
from postmortem.clock.scanner.times import spelled_time, time

_PLACE: Final = itemgetter(0, 1)
_SHIFTED: Final = re.compile(
    r"\b(?:(?:half|quarter|minutes?|mins?|hours?) (?:past|to|after|before)|(?:five|ten|twenty|\d{1,2}) past) $",
    re.IGNORECASE,
)
_SHIFT_REACH: Final = 24
_SPACES: Final = frozenset(" \n")
_AMERICAN: Final = re.compile(r"\b(?:P[SD]?T|E[SD]T|ET|[CM][SD]T|US/[A-Z][a-z]+)\b")
_DATES: Final = frozenset(
    {
        "iso",
        "dmy",
        "dayrange",
        "daymonth",
        "tracked",
        "spelled_day",
        "monthday",
        "monthyear",
        "slash",
        "daydot",
        "ordinal",
    }
)


def atoms(plain: str) -> Iterator[Draft]:
    """Yield the atoms of the text in order, the earlier and longer of overlapping ones winning."""
    found: list[tuple[int, int, str, re.Match[str]]] = [
        (m.start(), -m.end(), m.lastgroup or "", m) for m in p.NUMERIC.finditer(plain)
    ]
    worded = p.WORDED_ANY_CASE if any(map(plain.__contains__, p.SMALL)) else p.WORDED
    found += [(m.start(), -m.end(), m.lastgroup or "", m) for m in worded.finditer(plain)]
    found += [(m.start(), -m.end(), "spelled", m) for m in _spelled_lengths(plain)]
    if any(map(plain.__contains__, p.CLOCK_WORDS)):
        found += [(m.start(), -m.end(), "spelled_time", m) for m in p.SPELLED_TIME.finditer(plain)]
    if any(map(plain.__contains__, p.OF_MONTHS)):
        found += [(m.start(), -m.end(), "spelled_day", m) for m in p.SPELLED_DAY.finditer(plain)]
    found += [(m.start(), -m.end(), "spelled_hour", m) for m in _spelled_hours(plain)]
    if not found:
        return
    found.sort(key=_PLACE)
    links = [(m.start(), m.end()) for m in p.URL.finditer(plain)] if "://" in plain or "www." in plain else []
    starts = [start for start, _ in links]
    day_first = _day_first(found, plain)
    done = 0
    for start, _, kind, match in found:
        if start < done:
            continue
        if links and (at := bisect_right(starts, start)) and links[at - 1][1] > start:
            continue
        draft = _read(kind, match, plain, day_first)
        if draft is not None:
            done = draft["end"]
            yield draft


def _spelled_lengths(plain: str) -> Iterator[re.Match[str]]:
    """Yield the durations in words ("two hours"), each found from its unit."""
    for stem in p.UNIT_STEMS:
        at = plain.find(stem)
        while at != -1:
            if at > 1 and plain[at - 1] in " -\n" and plain[at - 2].isalpha():
                match = p.SPELLED.search(plain, max(0, at - 28), at + 40)
                if match is not None and match.end() > at:
                    yield match
            at = plain.find(stem, at + len(stem))


def _spelled_hours(plain: str) -> Iterator[re.Match[str]]:
    """Yield the hours in words that are clock times ("just after nine"), with the minutes before them ("twenty to eleven")."""
    for word in p.HOUR_WORDS:
        at = plain.find(word)
        while at != -1:
            rest = p.HOUR_REST.match(plain, at + len(word)) if plain[at - 1 : at] in _SPACES else None
            cue = p.HOUR_CUE.search(plain, max(0, at - CUE_REACH), at) if rest is not None else None
            if rest is not None and cue is not None and _asks_for_hour(cue, rest):
                hour = p.HOUR_TOLD.match(plain, cue.start("less") if cue["less"] else at)
                if hour is not None:
                    yield hour
            at = plain.find(word, at + len(word))


def _asks_for_hour(cue: re.Match[str], rest: re.Match[str]) -> bool:
    """Do the words around a number word make it an hour?"""
    if cue["begin"]:
        return rest["end"] is not None
    return not cue["weak"] or cue["less"] is not None or rest["part"] is not None


def _read(kind: str, match: re.Match[str], plain: str, day_first: bool) -> Draft | None:
    """Return one atom's parts, or ``None`` where it is no date, time or length after all."""
    text, start, end = match[0], match.start(), match.end()
    if kind in _DATES:
        if (
            start > 1
            and plain[start - 1] == "-"
            and plain[start - 2].isalnum()
            and not _named_so(kind, start, plain)
        ):
            return None
        parts = date(kind, match, text, day_first)
        return None if parts is None else {"start": start, "end": end, "kind": kind, **parts}
    if kind == "span":
        return span(text, start, end, plain)
    if kind == "spelled":
        return spelled(match, text, start, end)
    if kind in ("spelled_time", "spelled_hour"):
        return spelled_time(match, plain)
    if kind == "weekday":
        return {"start": start, "end": end, "kind": kind, "weekday": p.WEEKDAYS[text.rstrip(".").lower()]}
    if kind == "named":
        if _SHIFTED.search(plain, max(0, start - _SHIFT_REACH), start):
            return None  # "quarter past midnight" is not midnight
        hour, minute = p.NAMED_TIMES[text.lower()]
        return {
            "start": start,
            "end": end,
            "kind": "time",
            "hour": hour,
            "minute": minute,
            "meridiem": text.lower(),
        }
    return time(kind, text, start, end, plain)


def _named_so(kind: str, start: int, plain: str) -> bool:
    """Is a date behind a word and a hyphen the name of the whole text ("incident-2024-03-11" in its first line)?"""
    return kind == "iso" and plain[start - 2].isalpha() and "\n" not in plain[:start].strip()


def _day_first(found: list[tuple[int, int, str, re.Match[str]]], plain: str) -> bool:
    """Decide from the text's own dates whether "07/06/2023" is the 7th of June: yes, unless something says otherwise."""
    open_pairs: set[tuple[int, int]] = set()
    votes = 0
    for _, _, kind, match in found:
        if kind in ("dmy", "slash"):
            first, second = (int(n) for n in DIGITS.findall(match[0])[:2])
            votes += (first > 12 >= second) - (second > 12 >= first)
            if first <= 12 and second <= 12 and first != second:
                open_pairs.add((first, second))
    if votes or not open_pairs:
        return votes >= 0
    known: set[tuple[int, int]] = set()  # (month, day) of dates that can be read in one way only
    for _, _, kind, match in found:
        if kind in ("iso", "daymonth", "monthday"):
            parts = date(kind, match, match[0], True)
            if parts is not None and parts.get("month"):
                known.add((parts["month"], parts["day"]))
    exact = sum(((b, a) in known) - ((a, b) in known) for a, b in open_pairs)
    if exact:
        return exact > 0
    months = {month for month, _ in known}
    likely = sum((b in months) - (a in months) for a, b in open_pairs)
    return likely > 0 or (likely == 0 and _AMERICAN.search(plain) is None)
