"""Reading a date as it is written: its year, month and day."""

from __future__ import annotations

import re

from postmortem.clock import patterns as p
from postmortem.clock.scanner.drafts import DIGITS, LETTERS, Draft
from postmortem.clock.scanner.times import iso_time


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _valid(year: int | None, month: int | None, day: int | None) -> bool:
    return (
        (year is None or 1900 <= year <= 2199)
        and (month is None or 1 <= month <= 12)
        and (day is None or 1 <= day <= 31)
    )


def date(kind: str, match: re.Match[str], text: str, day_first: bool) -> Draft | None:
    """Return the date that a match of this kind of pattern writes, None where it is none."""
    numbers = [int(n) for n in DIGITS.findall(text[:40])]
    year: int | None
    if kind == "iso":
        year, month, day = numbers[:3]
        if not _valid(year, month, day):
            return None
        parts: Draft = {"year": year, "month": month, "day": day}
        return parts if "T" not in text else parts | iso_time(text, match.start())
    if kind == "dmy":
        first, second = numbers[:2]
        separator = match[4]
        if len(text) - text.rindex(separator[-1]) - 1 == 2 and separator != "/":
            return None
        year = _year(DIGITS.findall(text)[-1])
        european = separator == "." or (day_first if first <= 12 and second <= 12 else first > 12)
        day, month = (first, second) if european else (second, first)
        return {"year": year, "month": month, "day": day} if _valid(year, month, day) else None
    if kind == "spelled_day":
        named = DIGITS.findall(match["year"])
        return {
            "year": _year(named[-1]) if named else None,
            "month": p.MONTHS[match["month"].lower()],
            "day": p.ORDINALS[match["word"].lower()],
        }
    if kind == "tracked":
        day, year = numbers[0], _year(DIGITS.findall(text)[-1])
        month = p.MONTHS[LETTERS.findall(text)[0].lower()]
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
    word = next((w for w in LETTERS.findall(text) if w.lower() in p.MONTHS), None)
    if word is None:
        return None
    month = p.MONTHS[word.lower()]
    if kind == "monthyear":
        return {"year": numbers[-1], "month": month} if word[0].isupper() else None
    year_text = None
    if len(numbers) > 1 and (numbers[-1] > 31 or "'" in text or (kind == "monthday" and text.count(",") > 0)):
        year_text = DIGITS.findall(text)[-1]
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
