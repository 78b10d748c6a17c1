"""Finding every moment, interval and duration of a text: one pass of three compiled patterns, then joining neighbours.

The patterns find *atoms* (a date, a time, a weekday, a length); what stands between two atoms decides whether they make one
moment ("June 3, 2022, at 8:20 PM CET") or one interval ("9:10 AM to 1:25 PM"). Nothing is taken from outside the
text: a part that is not written stays ``None``, except what the two sides of an interval share.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, Final

from postmortem.clock import patterns as p
from postmortem.clock import zones
from postmortem.clock.model import Interval, Mention, Moment, Span, Zone

# A moment in the making: the keyword arguments of `Moment`, plus the kind of atom that it began as ("kind", dropped later).
_Draft = dict[str, Any]

_DIGITS: Final = re.compile(r"[0-9]+")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
# The letter that says which half of the day, and the zone behind an ISO time.
_HALF: Final = re.compile(r"[AaPp](?=\.?\s?[Mm])|(?<=[0-9])[ap]$")
_ISO_ZONE: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
_PLACE: Final = itemgetter(0, 1)
# What half of the day, format or unit behind a clock time begins with: "in", "at", "hh:mm", "(hh:mm)", "hours", "uhr".
_SAID_BEHIND: Final = re.compile(r"\s{0,2}[iahu(]", re.IGNORECASE)
_WEAK: Final = frozenset({"slash", "daydot", "ordinal", "weekday", "bare", "dotted"})
_MAX_GAP: Final = 40
_WRAPPED: Final = frozenset(":-|/)]")
_SHIFTED: Final = re.compile(
    r"\b(?:(?:half|quarter|minutes?|mins?|hours?) (?:past|to|after|before)|(?:five|ten|twenty|\d{1,2}) past) $",
    re.IGNORECASE,
)
_SHIFT_REACH: Final = 24
_CUE_REACH: Final = 32
_ORDINAL_REACH: Final = 16
_MONTHS: Final = 12
_SPACES: Final = frozenset(" \n")
_MOST_LINES: Final = 24
_LOG: Final = 3
_TOLD: Final = 2
_WORKING: Final = 7
# "on the evening of 7 May at 8:00"
_PART_REACH: Final = 48
_NEXT_SENTENCE: Final = re.compile(r"\)?[.!?]\)?\s{1,3}[A-Z][a-z]")
_AMERICAN: Final = re.compile(r"\b(?:P[SD]?T|E[SD]T|ET|[CM][SD]T|US/[A-Z][a-z]+)\b")


def scan(plain: str) -> tuple[Mention, ...]:
    """Return every temporal expression of `plain`, in order, not overlapping.

    In: a text whose mark-up is blanked (`Document.plain`), or any string. Out: moments, intervals and durations whose
    `start:end` are half-open offsets into it, with only those parts that are written there (an interval's sides share date,
    am/pm and zone). Never raises; the time taken grows linearly with the text.
    """
    atoms = list(_atoms(plain))
    drafts = _merged(atoms, plain)
    return tuple(_finished(drafts, plain))


def _atoms(plain: str) -> Iterator[_Draft]:
    """Yield the atoms of the text in order, the earlier and longer of overlapping ones winning."""
    found: list[tuple[int, int, str, re.Match[str]]] = [
        (m.start(), -m.end(), m.lastgroup or "", m) for m in p.NUMERIC.finditer(plain)
    ]
    worded = p.WORDED_ANY_CASE if any(map(plain.__contains__, p.SMALL)) else p.WORDED
    found += [(m.start(), -m.end(), m.lastgroup or "", m) for m in worded.finditer(plain)]
    found += [(m.start(), -m.end(), "spelled", m) for m in _spelled_lengths(plain)]
    if any(map(plain.__contains__, p.CLOCK_WORDS)):
        found += [(m.start(), -m.end(), "spelled_time", m) for m in p.SPELLED_TIME.finditer(plain)]
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
            cue = p.HOUR_CUE.search(plain, max(0, at - _CUE_REACH), at) if rest is not None else None
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


def _read(kind: str, match: re.Match[str], plain: str, day_first: bool) -> _Draft | None:
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
        parts = _date(kind, match, text, day_first)
        return None if parts is None else {"start": start, "end": end, "kind": kind, **parts}
    if kind == "span":
        return _span(text, start, end, plain)
    if kind == "spelled":
        return _spelled(match, text, start, end)
    if kind in ("spelled_time", "spelled_hour"):
        return _spelled_time(match, plain)
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
    return _time(kind, text, start, end, plain)


def _named_so(kind: str, start: int, plain: str) -> bool:
    """Is a date behind a word and a hyphen the name of the whole text ("incident-2024-03-11" in its first line)?"""
    return kind == "iso" and plain[start - 2].isalpha() and "\n" not in plain[:start].strip()


_DATES: Final = frozenset(
    {"iso", "dmy", "dayrange", "daymonth", "monthday", "monthyear", "slash", "daydot", "ordinal"}
)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _valid(year: int | None, month: int | None, day: int | None) -> bool:
    return (
        (year is None or 1900 <= year <= 2199)
        and (month is None or 1 <= month <= 12)
        and (day is None or 1 <= day <= 31)
    )


def _date(kind: str, match: re.Match[str], text: str, day_first: bool) -> _Draft | None:
    numbers = [int(n) for n in _DIGITS.findall(text[:40])]
    year: int | None
    if kind == "iso":
        year, month, day = numbers[:3]
        if not _valid(year, month, day):
            return None
        parts: _Draft = {"year": year, "month": month, "day": day}
        return parts if "T" not in text else parts | _iso_time(text, match.start())
    if kind == "dmy":
        first, second = numbers[:2]
        separator = match[4]
        if len(text) - text.rindex(separator[-1]) - 1 == 2 and separator != "/":
            return None
        year = _year(_DIGITS.findall(text)[-1])
        european = separator == "." or (day_first if first <= 12 and second <= 12 else first > 12)
        day, month = (first, second) if european else (second, first)
        return {"year": year, "month": month, "day": day} if _valid(year, month, day) else None
    if kind == "slash":
        first, second = numbers
        european = day_first if first <= 12 and second <= 12 else first > 12
        day, month = (first, second) if european else (second, first)
        return {"month": month, "day": day} if _valid(None, month, day) else None
    if kind == "daydot":
        day, month = numbers
        return {"month": month, "day": day} if month and _valid(None, month, day) else None
    if kind == "ordinal":
        return {"day": numbers[0]} if 1 <= numbers[0] <= 31 else None
    word = next((w for w in _LETTERS.findall(text) if w.lower() in p.MONTHS), None)
    if word is None:
        return None
    month = p.MONTHS[word.lower()]
    if kind == "monthyear":
        return {"year": numbers[-1], "month": month} if word[0].isupper() else None
    year_text = None
    if len(numbers) > 1 and (numbers[-1] > 31 or "'" in text or (kind == "monthday" and text.count(",") > 0)):
        year_text = _DIGITS.findall(text)[-1]
    days = numbers[: len(numbers) - (year_text is not None)]
    year = _year(year_text) if year_text else None
    if (
        word.islower()
        and word in ("may", "march", "mar", "sat", "sun")
        and year is None
        and kind != "daymonth"
    ):
        return None
    if not days or not all(1 <= day <= 31 for day in days) or not _valid(year, month, None):
        return None
    parts = {"year": year, "month": month, "day": days[0]}
    if len(days) == 2:
        parts["last_day"] = days[1]
    return parts


def _iso_time(text: str, start: int) -> _Draft:
    at = text.index("T") + 1
    digits = _DIGITS.findall(text[at:].replace(":", ""))[0]
    hour, minute = int(digits[:2]), int(digits[2:4] or 0)
    if hour > 23 or minute > 59:
        return {}
    parts: _Draft = {"hour": hour, "minute": minute, "meridiem": "24h"}
    zone = _ISO_ZONE.search(text[at:])
    if zone is not None:
        parts["zone"] = zones.read(zone[0], start + at + zone.start(), "")
    return parts


@lru_cache(maxsize=4)
def _dotted_log(plain: str) -> bool:
    """Do several lines begin like "08.15 - …", or some so and others with a colon? One alone may be a number or a version."""
    lines = list(islice(p.STAMPED_LINE.finditer(plain), _MOST_LINES))
    dotted = [line for line in lines if line["sign"] == "."]
    if not dotted or len(lines) < _LOG:
        return False
    if len(dotted) < len(lines):
        return True
    padded = all(len(line["hour"]) == 2 for line in dotted)
    return padded and (
        any(line["hour"][0] == "0" for line in dotted)
        or sum(line["apart"] is not None for line in dotted) >= _LOG
    )


@lru_cache(maxsize=4)
def _dotted_prose(plain: str) -> bool:
    """Are clock times written with a dot in running text? Two behind "at" and the like are, if no unit follows either."""
    told = [
        m for m in islice(p.DOTTED_TOLD.finditer(plain), _LOG) if not p.AMOUNT_AFTER.match(plain, m.end())
    ]
    return len(told) >= _TOLD and any(len(m["hour"]) == 2 for m in told)


def _dotted_told(plain: str, start: int, end: int) -> bool:
    """Is "7.12" a clock time by the company it keeps: the other lines of its log, or the words around it?"""
    if p.AMOUNT_AFTER.match(plain, end):
        return False
    line = p.STAMPED_LINE.match(plain, plain.rfind("\n", 0, start) + 1)
    if line is not None and line.start("hour") == start and _dotted_log(plain):
        return True
    told = p.DOTTED_AFTER.search(plain, max(0, start - _CUE_REACH), start) is not None
    return told and (p.PART_AFTER.match(plain, end) is not None or _dotted_prose(plain))


def _time(kind: str, text: str, start: int, end: int, plain: str) -> _Draft | None:
    digits = _DIGITS.findall(text)
    if kind in ("military", "four"):
        if text.endswith("Z"):
            end -= 1  # read again as the zone
        hour, minute = int(digits[0][:2]), int(digits[0][2:])
        if kind == "four":
            following = zones.following().match(plain, end)
            if following is None or (
                1900 <= int(digits[0]) <= 2099 and plain[max(0, start - 2) : start] == ", "
            ):
                return None
        elif (
            minute > 59
            or hour > 24
            or (text.lower().endswith("hours") and not _stamp(digits[0], plain, start))
        ):
            return _span(text, start, end, plain)
    elif kind == "bare":
        hour, minute = int(digits[0]), 0
        if not 1 <= hour <= 12:
            return None
    else:
        hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    half = None if text[-1].isdigit() else _HALF.search(text)
    meridiem = None if half is None else "am" if half[0] in "aA" else "pm"
    weak = False
    said_behind = _SAID_BEHIND.match(plain, end) is not None
    if said_behind and meridiem is None and kind in ("clock", "oclock", "dotted"):
        meridiem, end = _half_of_day(hour, end, plain)
    if kind == "hour" and meridiem is None:
        return None
    if kind == "dotted" and meridiem is None and zones.following().match(plain, end) is None:
        # "08.15 and 09.40 CET": the first side of an interval, otherwise a number
        if p.DOTTED_LAST.match(plain, end) is not None:
            weak = True
        elif (hours := p.HOURS_AFTER.match(plain, end)) is not None and (
            digits[0][0] == "0" or hours[1].lower() == "uhr"
        ):
            end = hours.end()
        elif not _dotted_told(plain, start, end):
            return None
    if kind == "hour" and not 1 <= hour <= 24:
        return None
    if kind == "clock" and said_behind and meridiem is None:
        shape = p.FORMAT_AFTER.match(plain, end)
        if shape is not None and "(" in shape[0]:
            return _length(start, shape.end(), hour * 60.0 + minute)
        after = p.HOURS_AFTER.match(plain, end)
        if after is not None:
            if p.LENGTH_BEFORE.search(plain, max(0, start - 40), start) or (
                len(digits[0]) == 1 and not _at_before(plain, start)
            ):
                return _length(start, after.end(), hour * 60.0 + minute)
            end = after.end()
    if kind == "french" and (
        p.LENGTH_BEFORE.search(plain, max(0, start - 40), start) or p.LENGTH_AFTER.match(plain, end)
    ):
        return _length(start, end, hour * 60.0 + minute)
    role = "bare" if kind == "bare" else "dotted" if weak else "time"
    draft: _Draft = {"start": start, "end": end, "kind": role, "minute": minute}
    if hour == 24:
        return draft | {"hour": 0, "next_day": True, "meridiem": "24h"}
    draft["hour"] = _on_24(hour, meridiem)
    military = digits[0][0] == "0" and kind != "clock"
    draft["meridiem"] = meridiem or ("24h" if hour > 12 or hour == 0 or military else None)
    return draft


_STEPS: Final = {
    "half": 30,
    "quarter": 15,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "twenty five": 25,
    "twenty-five": 25,
}


def _spelled_time(match: re.Match[str], plain: str) -> _Draft | None:
    """Return "half past nine", "a quarter to 8", "ten o'clock"."""
    named = (match["of"] or match["full"]).lower()
    hour = int(named) if named.isdigit() else p.NUMBERS[named]
    if not 1 <= hour <= 23:
        return None
    minute = 0
    if match["step"] is not None:
        minute = _STEPS[" ".join(match["step"].lower().split())]
    elif match["to"] is not None:
        hour, minute = hour - 1 or 12, 60 - _STEPS[" ".join(match["to"].lower().split())]
    meridiem, end = _half_of_day(hour, match.end(), plain)
    return {
        "start": match.start(),
        "end": end,
        "kind": "time",
        "hour": _on_24(hour, meridiem),
        "minute": minute,
        "meridiem": meridiem or ("24h" if hour > 12 else None),
    }


def _half_of_day(hour: int, end: int, plain: str) -> tuple[str | None, int]:
    """Return am or pm where words behind an hour say so ("8 in the evening"), and where they end."""
    match = p.PART_AFTER.match(plain, end) if 1 <= hour <= 12 else None
    if match is None:
        return None, end
    part = match[1].lower()
    night = part.endswith("night")
    late = hour != 12 and hour > 5 if night else not part.endswith("morning")
    return "pm" if late else "am", match.end()


def _on_24(hour: int, meridiem: str | None) -> int:
    if meridiem == "pm" and hour < 12:
        return hour + 12
    return 0 if meridiem == "am" and hour == 12 else hour


def _stamp(digits: str, plain: str, start: int) -> bool:
    """Say whether four digits before "hours" are a clock time rather than a number of hours."""
    return digits[0] == "0" or _at_before(plain, start)


def _at_before(plain: str, start: int) -> bool:
    before = plain[max(0, start - 12) : start].rstrip(" ~(,").lower()
    return (
        before[-1:].isdigit()
        or before.rpartition(" ")[2] in p.MONTHS
        or before.endswith(
            (" at", " from", " by", " to", " until", " till", " since", " around", " and", "-", "between")
        )
    )


def _length(start: int, end: int, minutes: float, upper: float | None = None) -> _Draft:
    return {"start": start, "end": end, "kind": "span", "minutes": minutes, "upper": upper}


def _number(text: str) -> float:
    word = text.lower()
    said = _LETTERS.findall(word)
    if said:  # "thirty-five"
        return float(sum(p.NUMBERS[one] for one in said))
    # "1,325" groups thousands, "2,5" is a decimal comma
    whole, comma, rest = word.partition(",")
    return float(whole + rest) if comma and len(rest) == 3 else float(word.replace(",", "."))


def _span(text: str, start: int, end: int, plain: str) -> _Draft | None:
    if (
        p.DOTTED_HOURS.fullmatch(text)
        and (text[0] == "0" or _at_before(plain, start))
        and not (p.LENGTH_BEFORE.search(plain, max(0, start - 40), start))
    ):
        hour, minute = int(text[:2]), int(text[3:5])
        return {
            "start": start,
            "end": end,
            "kind": "time",
            "hour": hour % 24,
            "minute": minute,
            "meridiem": "24h",
        }
    if text[-1] in "hH" and text[:-1].isdigit() and _of_hours(plain, start):
        return {
            "start": start,
            "end": end,
            "kind": "time",
            "hour": int(text[:-1]) % 24,
            "minute": 0,
            "meridiem": "24h",
        }
    components = list(p.COMPONENT.finditer(text))
    if not components:
        return None
    if start and plain[start - 1] in "-+" and start > 1 and plain[start - 2].isalnum():
        return None
    components = _descending(components)
    if not components:
        return None
    first = components[0]
    if len(components) == 1 and first[4] in ("m", "s", "d"):
        # "5 m" are metres, "404s" are responses; "30m", "45s" a length
        if not first[1].isdigit() or text[first.start(4) - 1] in " -":
            return None
        if first[4] == "s" and 400 <= int(first[1]) < 600:
            return None
    end = start + components[-1].end()
    total, upper = 0.0, 0.0
    for part in components:
        unit = p.UNITS[part[4].lower()]
        extra = 0.0 if part[3] is None else 0.5
        tail = {"half": 0.5, "quarter": 0.25}.get((part[5] or "").lower(), 0.0)
        low = _number(part[1]) + extra + tail
        high = low if part[2] is None else _number(part[2]) + extra + tail
        total, upper = total + low * unit, upper + high * unit
    if text[components[-1].end() :].endswith("a half"):
        end = start + len(text)
        total, upper = total + 30, upper + 30
    return _length(start, end, round(total, 4), round(upper, 4) if upper > total else None)


def _of_hours(plain: str, start: int) -> bool:
    """Is "14h" a side of a range of clock times? Of small bare numbers, "from 2h to 3h", it may be a length."""
    match = p.HOURS_RANGE.search(plain, max(0, start - _CUE_REACH), start + _CUE_REACH)
    if match is None or not match.start() <= start < match.end():
        return False
    first, last = int(match[1]), int(match[3])
    return max(first, last) <= 24 and bool(match[2] or match[4] or max(first, last) >= _WORKING)


def _descending(components: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the first components as long as the units grow smaller ("2 h 5 min" is one length, "24 hours, 7 days" two)."""
    kept: list[re.Match[str]] = []
    previous = float("inf")
    for part in components:
        unit = p.UNITS[part[4].lower()]
        if unit >= previous or part[4] in ("M", "S", "D"):
            break
        kept.append(part)
        previous = unit
    return kept


_TAILS: Final = {"half": 0.5, "quarter": 0.25, "quarters": 0.75}


def _spelled(match: re.Match[str], text: str, start: int, end: int) -> _Draft | None:
    if match["half"] is not None:
        return _length(start, end, 30.0)
    if match["half_day"] is not None:
        return _length(start, end, 720.0)
    if match["quarters"] is not None:
        return _length(start, end, 45.0)
    if match["quarter"] is not None:
        return _length(start, end, 15.0)
    words = [
        p.NUMBERS[w]
        for w in _LETTERS.findall(text[: match.start("unit") - start].lower())
        if w in p.NUMBERS and len(w) > 1
    ]
    if not words and text[:2].lower() == "a ":
        words = [1]  # "a day and a half"
    if not words:
        return None
    unit = p.UNITS[match["unit"].lower()]
    low, upper = float(words[0]), None
    if len(words) > 1:
        if words[0] >= 20 and words[1] < 10 and not re.search(r"\b(?:or|to)\b", text):
            low = float(words[0] + words[1])
        else:
            upper = float(words[1])
    if match["mid"] is not None:
        low += 0.5
    tail = (match["tail"] or "").lower()
    low += _TAILS.get(tail.rpartition(" ")[2], 0.0)
    minutes = low * unit
    for part in p.COMPONENT.finditer(match["more"] or ""):
        minutes += _number(part[1]) * p.UNITS[part[4].lower()]
    return _length(start, end, round(minutes, 4), upper * unit if upper is not None else None)


def _day_first(found: list[tuple[int, int, str, re.Match[str]]], plain: str) -> bool:
    """Decide from the text's own dates whether "07/06/2023" is the 7th of June: yes, unless something says otherwise."""
    open_pairs: set[tuple[int, int]] = set()
    votes = 0
    for _, _, kind, match in found:
        if kind in ("dmy", "slash"):
            first, second = (int(n) for n in _DIGITS.findall(match[0])[:2])
            votes += (first > 12 >= second) - (second > 12 >= first)
            if first <= 12 and second <= 12 and first != second:
                open_pairs.add((first, second))
    if votes or not open_pairs:
        return votes >= 0
    known: set[tuple[int, int]] = set()  # (month, day) of dates that can be read in one way only
    for _, _, kind, match in found:
        if kind in ("iso", "daymonth", "monthday"):
            parts = _date(kind, match, match[0], True)
            if parts is not None and parts.get("month"):
                known.add((parts["month"], parts["day"]))
    exact = sum(((b, a) in known) - ((a, b) in known) for a, b in open_pairs)
    if exact:
        return exact > 0
    months = {month for month, _ in known}
    likely = sum((b in months) - (a in months) for a, b in open_pairs)
    return likely > 0 or (likely == 0 and _AMERICAN.search(plain) is None)


def _has_date(draft: _Draft) -> bool:
    return draft.get("day") is not None or draft.get("month") is not None


def _has_time(draft: _Draft) -> bool:
    return "hour" in draft


def _merged(atoms: list[_Draft], plain: str) -> list[_Draft]:
    """Join atoms that make one moment; drop those that mean nothing alone."""
    out: list[_Draft] = []
    index, count = 0, len(atoms)
    while index < count:
        draft = atoms[index]
        index += 1
        if draft["kind"] == "span":
            out.append(draft)
            continue
        parts = 1
        if _has_time(draft):
            _zone(draft, plain)
        while index < count and atoms[index]["start"] < draft["end"]:
            index += 1  # digits of a zone ("UTC+05:30")
        while index < count and atoms[index]["start"] - draft["end"] <= _MAX_GAP:
            following = atoms[index + 1] if index + 1 < count else None
            if not _belongs(draft, atoms[index], following, plain):
                break
            draft = _join(draft, atoms[index])
            parts += 1
            index += 1
            if _has_time(draft):
                _zone(draft, plain)
                _year_after(draft, plain)
                while index < count and atoms[index]["start"] < draft["end"]:
                    index += 1
        if (
            parts > 1
            or draft["kind"] not in _WEAK
            or draft["kind"] in ("dotted", "bare")
            or _stands_alone(draft, plain)
        ):
            out.append(draft)
    return out


def _stands_alone(draft: _Draft, plain: str) -> bool:
    """Is a weak date one by what stands around it: "4/17: …" at the beginning of a line, "on the evening of the 6th, …"?"""
    start, end = draft["start"], draft["end"]
    if draft["kind"] == "ordinal":
        return (
            p.OF_MONTH.search(plain, max(0, start - _ORDINAL_REACH), start) is not None
            and p.NO_COUNT.match(plain, end) is not None
        )
    if draft["kind"] != "slash" or max(draft["day"], draft["month"]) <= _MONTHS:
        return False
    opens = p.OPENS_LINE.search(plain, max(0, start - _CUE_REACH), start) is not None
    return opens and p.CLOSES_DATE.match(plain, end) is not None


def _belongs(draft: _Draft, other: _Draft, following: _Draft | None, plain: str) -> bool:
    """Say whether `other` states a further part of the same moment, judging by the text between the two."""
    kind = other["kind"]
    if kind == "span":
        return False
    gap = plain[draft["end"] : other["start"]]
    if _NEXT_SENTENCE.match(gap):
        return False
    if "\n" in gap and (gap.count("\n") > 1 or not gap.strip() or not _WRAPPED.isdisjoint(gap)):
        return False  # the next line is another item, unless a sentence was wrapped
    if kind == "weekday":
        beside = p.BESIDE.fullmatch(gap) or (_has_time(draft) and p.TRAIL.fullmatch(gap))
        return draft.get("weekday") is None and bool(beside) and "-" not in gap and "." not in gap
    if draft["kind"] == "weekday" and not _has_time(draft) and not _has_date(draft):
        if _has_date(other):
            return p.BESIDE.fullmatch(gap) is not None
        return p.lead().fullmatch(gap) is not None
    if _has_date(draft) and not _has_time(draft) and _has_time(other) and not _has_date(other):
        return (
            "last_day" not in draft and draft.get("day") is not None and p.lead().fullmatch(gap) is not None
        )
    if _has_time(draft) and not _has_date(draft) and _has_date(other) and not _has_time(other):
        if draft["kind"] in ("bare", "dotted") or kind == "slash" or (kind == "ordinal" and "the" not in gap):
            return False
        if p.TRAIL.fullmatch(gap) is None or other.get("day") is None:
            return False
        # "… at 9:00, May 8 at 10:00": the date belongs to the time after it
        if following is not None and following["kind"] == "time" and "on" not in gap and "of" not in gap:
            return p.lead().fullmatch(plain[other["end"] : following["start"]][:_MAX_GAP]) is None
        return True
    return False


def _join(draft: _Draft, other: _Draft) -> _Draft:
    joined = {**draft, **{key: value for key, value in other.items() if value is not None}}
    joined["start"], joined["end"] = draft["start"], other["end"]
    joined["kind"] = "moment"
    joined["date_at"] = draft.get("date_at", draft["start"]) if _has_date(draft) else other["start"]
    joined["time_at"] = draft.get("time_at", draft["start"]) if _has_time(draft) else other["start"]
    return joined


def _zone(draft: _Draft, plain: str) -> None:
    """Take in the zone that follows, if one does; a zone once read stays."""
    if draft.get("zone") is not None:
        return
    end = draft["end"]
    match = zones.following().match(plain, end)
    if match is None:
        return
    group = match.lastindex or 0
    text = match[group]
    if text[0] == "-" and plain[end - 3 : end - 2] + plain[end - 6 : end - 5] != "::":
        return  # "10:00 -1130" is an interval; only after seconds ("10:00:00 -0700") is it an offset
    zone = zones.read(text, match.start(group), plain)
    if zone is not None:
        draft["zone"] = zone
        draft["end"] = match.end()


def _year_after(draft: _Draft, plain: str) -> None:
    """Take in a year that stands behind the time ("Sun Jan 5 02:00 PST 2020")."""
    if (
        draft.get("year") is None
        and draft.get("month") is not None
        and draft["end"] > draft.get("date_at", 0)
    ):
        match = p.YEAR_AFTER.match(plain, draft["end"])
        if match is not None and draft.get("time_at", 0) > draft["date_at"]:
            draft["year"], draft["end"] = int(match[1]), match.end()


@lru_cache(maxsize=4)
def _names_parts(plain: str) -> bool:
    return any(part in plain for part in ("morning", "afternoon", "evening"))


def _moment(draft: _Draft, plain: str) -> Moment:
    start, get = draft["start"], draft.get
    before = plain[max(0, start - 16) : start].rstrip().lower()
    month, day, hour, meridiem = get("month"), get("day"), get("hour"), get("meridiem")
    if meridiem is None and hour is not None and 1 <= hour <= 11 and _names_parts(plain):
        at: int = get("time_at") or start
        part = p.PART_OF_DAY.match(plain, draft["end"]) or p.PART_BEFORE.search(
            plain, max(0, at - _PART_REACH), at
        )
        if part is not None:
            meridiem = "am" if part[1].lower() == "morning" else "pm"
            hour = _on_24(hour, meridiem)
    rule = "clock.date"
    if "hour" in draft:
        rule = "clock.time" if day is None and month is None else "clock.moment"
    return Moment(
        start, draft["end"], get("year"), month, day, get("weekday"), hour, get("minute"), meridiem,
        get("next_day", False), get("zone"), before.endswith(p.APPROXIMATE), rule,
    )  # fmt: skip


def _finished(drafts: list[_Draft], plain: str) -> Iterator[Mention]:
    """Yield the mentions, pairs of moments that a dash or "to" joins as intervals."""
    index, count = 0, len(drafts)
    while index < count:
        draft = drafts[index]
        index += 1
        if draft["kind"] == "span":
            yield Span(draft["start"], draft["end"], draft["minutes"], draft["upper"])
            continue
        if "last_day" in draft and not _has_time(draft):
            first = _moment(draft, plain)
            yield Interval(
                first.start, first.end, first, replace(first, day=draft["last_day"]), "clock.range.days"
            )
            continue
        following = drafts[index] if index < count else None
        if (
            following is not None
            and following["start"] - draft["end"] <= _MAX_GAP
            and following["kind"] != "span"
        ):
            interval = _interval(draft, following, plain)
            if interval is not None:
                index += 1
                yield interval
                continue
        if (
            draft.get("meridiem") in ("am", "pm")
            and draft["kind"] != "bare"
            and (following is None or following["start"] > draft["end"] + 3)
        ):
            last = _bare_last(draft, plain)
            if last is not None and (following is None or following["start"] >= last["end"]):
                yield _shared(draft, last, "to", plain)
                continue
        if draft["kind"] not in ("bare", "dotted"):
            yield _moment(draft, plain)


def _bare_last(draft: _Draft, plain: str) -> _Draft | None:
    """Return the other side of "4pm to 6" or "From 4pm to 6 GMT": a number alone, behind a time with am or pm."""
    match = p.BARE_LAST.match(plain, draft["end"])
    if match is None or int(match[1]) > 24:
        return None
    last: _Draft = {
        "start": match.start(1),
        "end": match.end(),
        "kind": "time",
        "hour": int(match[1]) % 24,
        "minute": 0,
    }
    last["meridiem"] = "24h" if int(match[1]) > 12 else None
    _zone(last, plain)
    rest = plain[last["end"] : last["end"] + 12].lstrip(" ")
    closed = (
        not rest
        or rest[0] in ".,;:)\n"
        or rest.startswith(("on ", "in ", "and ", "the "))
        or last.get("zone") is not None
    )
    return last if closed else None


def _interval(draft: _Draft, other: _Draft, plain: str) -> Interval | None:
    gap = plain[draft["end"] : other["start"]]
    if gap.count("\n") > 1:
        return None
    match = p.joiner().fullmatch(gap)
    if match is None or _has_time(draft) != _has_time(other):
        return None
    if not _has_time(draft) and (draft.get("day") is None or other.get("day") is None):
        return None
    word = match["word"].lower()
    before = max(0, draft["start"] - 44)
    if word == "/" and not (_has_date(draft) and _has_date(other)) and not _labelled(draft, plain):
        return None
    if word == "and" and not _between(draft, plain, before):
        return None
    if word == "at" and (_has_date(other) or p.FROM.search(plain, before, draft["start"]) is None):
        return None
    if word == "-" and "\n" in gap:
        return None
    return _shared(draft, other, word, plain)


def _labelled(draft: _Draft, plain: str) -> bool:
    """Does the label before a time speak of both ends of a window?"""
    return (
        _has_time(draft)
        and p.BOTH_ENDS.search(plain, max(0, draft["start"] - 64), draft["start"]) is not None
    )


def _between(draft: _Draft, plain: str, before: int) -> bool:
    if draft["kind"] == "bare":
        return True
    inside = plain[draft["start"] : draft["end"]].lower()
    return "between" in inside or p.BETWEEN.search(plain, before, draft["start"]) is not None


def _shared(draft: _Draft, other: _Draft, word: str, plain: str) -> Interval:
    """Make an interval, each side taking from the other what it leaves out."""
    first, last = dict(draft), dict(other)
    if _has_time(first):
        _share_meridiem(first, last)
        if first.get("zone") is None or last.get("zone") is None:
            first["zone"] = last["zone"] = first.get("zone") or last.get("zone")
    _share_date(first, last)
    rule = {"-": "clock.range.dash", "and": "clock.range.between"}.get(word, "clock.range.to")
    one, two = _moment(first, plain), _moment(last, plain)
    return Interval(one.start, two.end, one, two, rule)


def _share_meridiem(first: _Draft, last: _Draft) -> None:
    """Read the side without am/pm in the half of the day that makes the interval run forward."""
    a, b = first.get("meridiem"), last.get("meridiem")
    if a is None and b in ("am", "pm") and first["hour"] <= 12:
        same, other = _on_24(first["hour"], b), _on_24(first["hour"], "am" if b == "pm" else "pm")
        end = last["hour"] * 60 + last["minute"]
        forward = same * 60 + first["minute"] <= end or other * 60 + first["minute"] > end
        first["hour"], first["meridiem"] = (same, b) if forward else (other, "am" if b == "pm" else "pm")
    elif b is None and a in ("am", "pm") and last["hour"] <= 12:
        same, other = _on_24(last["hour"], a), _on_24(last["hour"], "am" if a == "pm" else "pm")
        begin = first["hour"] * 60 + first["minute"]
        forward = same * 60 + last["minute"] >= begin
        last["hour"], last["meridiem"] = (same, a) if forward else (other, "am" if a == "pm" else "pm")


def _share_date(first: _Draft, last: _Draft) -> None:
    parts = ("year", "month", "day")
    a, b = _has_date(first), _has_date(last)
    if a and b:
        if first.get("month") is None and first.get("day") is not None:
            first["month"] = last.get("month")
        if last.get("month") is None and last.get("day") is not None:
            last["month"] = first.get("month")
        if first.get("year") is None or last.get("year") is None:
            _share_year(first, last)
        return
    if not (a or b) or not _has_time(first):
        return
    backward = (last["hour"], last["minute"]) < (first["hour"], first["minute"])
    if a:
        last.update({key: first.get(key) for key in parts})
        if backward and not last.get("next_day"):
            last["next_day"] = True
    elif backward and last.get("date_at", 0) < last.get("time_at", 0):
        # "22:00 until 9 May 01:00": the date is the end's own, the start is the day before
        day_before = _shifted(last, -1)
        first.update(day_before)
    else:
        # "between 23:00 and 01:00 on 9 May": the date is the interval's, which ends on the next day
        first.update({key: last.get(key) for key in parts})
        if backward:
            last["next_day"] = True


def _share_year(first: _Draft, last: _Draft) -> None:
    year = first.get("year") or last.get("year")
    if year is None:
        return
    crosses = (first.get("month") or 0) > (last.get("month") or 0)
    if first.get("year") is None:
        first["year"] = year - 1 if crosses else year
    else:
        last["year"] = year + 1 if crosses else year


def _shifted(parts: _Draft, days: int) -> _Draft:
    """Return year, month and day of a date moved by `days`; a year that is not known stays so."""
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    if month is None or day is None:
        return {"year": year, "month": month, "day": None}
    try:
        moved = Date(year or 2001, month, day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return {"year": year, "month": month, "day": day}
    return {"year": moved.year if year else None, "month": moved.month, "day": moved.day}


__all__ = ["Zone", "scan"]
