"""Reading a length of time as it is written: "1 hour and 20 minutes", "two and a half days"."""

from __future__ import annotations

import re
from typing import Final

from postmortem.clock import patterns as p
from postmortem.clock.scanner.drafts import CUE_REACH, LETTERS, Draft, at_before

_WORKING: Final = 7
_TAILS: Final = {"half": 0.5, "quarter": 0.25, "quarters": 0.75}


def length(start: int, end: int, minutes: float, upper: float | None = None) -> Draft:
    """Return a length of time in minutes, of at most `upper` where it is a range."""
    return {"start": start, "end": end, "kind": "span", "minutes": minutes, "upper": upper}


def _number(text: str) -> float:
    word = text.lower()
    said = LETTERS.findall(word)
    if said:  # "thirty-five"
        return float(sum(p.NUMBERS[one] for one in said))
    # "1,325" groups thousands, "2,5" is a decimal comma
    whole, comma, rest = word.partition(",")
    return float(whole + rest) if comma and len(rest) == 3 else float(word.replace(",", "."))


def span(text: str, start: int, end: int, plain: str) -> Draft | None:
    """Return the length of time that `text`, at `start:end` of `plain`, writes in figures, None where it is none."""
    if (
        p.DOTTED_HOURS.fullmatch(text)
        and (text[0] == "0" or at_before(plain, start))
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
    return length(start, end, round(total, 4), round(upper, 4) if upper > total else None)


def _of_hours(plain: str, start: int) -> bool:
    """Is "14h" a side of a range of clock times? Of small bare numbers, "from 2h to 3h", it may be a length."""
    match = p.HOURS_RANGE.search(plain, max(0, start - CUE_REACH), start + CUE_REACH)
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


def spelled(match: re.Match[str], text: str, start: int, end: int) -> Draft | None:
    """Return the length of time that a match writes in words, None where it is none."""
    if match["half"] is not None:
        return length(start, end, 30.0)
    if match["half_day"] is not None:
        return length(start, end, 720.0)
    if match["quarters"] is not None:
        return length(start, end, 45.0)
    if match["quarter"] is not None:
        return length(start, end, 15.0)
    words = [
        p.NUMBERS[w]
        for w in LETTERS.findall(text[: match.start("unit") - start].lower())
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
    return length(start, end, round(minutes, 4), upper * unit if upper is not None else None)
