"""Reading a clock time as it is written, and what is none: amounts, versions, stamps of logs."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import Final

from postmortem.clock import patterns as p
from postmortem.clock import zones
from postmortem.clock.scanner.drafts import CUE_REACH, DIGITS, Draft, at_before, on_24
from postmortem.clock.scanner.lengths import length, span

# The letter that says which half of the day, and the zone behind an ISO time.
_HALF: Final = re.compile(r"[AaPp](?=\.?\s?[Mm])|(?<=[0-9])[ap]$")
_ISO_ZONE: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
# What half of the day, format or unit behind a clock time begins with: "in", "at", "hh:mm", "(hh:mm)", "hours", "uhr".
_SAID_BEHIND: Final = re.compile(r"\s{0,2}[iahu(]", re.IGNORECASE)
_MOST_LINES: Final = 24
_LOG: Final = 3
_TOLD: Final = 2
_STEPS: Final = {
    "half": 30,
    "quarter": 15,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "twenty five": 25,
    "twenty-five": 25,
}


def iso_time(text: str, start: int) -> Draft:
    """Return the time of an ISO stamp: what stands behind its "T"."""
    at = text.index("T") + 1
    digits = DIGITS.findall(text[at:].replace(":", ""))[0]
    hour, minute = int(digits[:2]), int(digits[2:4] or 0)
    if hour > 23 or minute > 59:
        return {}
    parts: Draft = {"hour": hour, "minute": minute, "meridiem": "24h"}
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
    told = [line[0].split()[-1] for line in dotted]
    return padded and (
        (len(told) > _LOG and told == sorted(told))
        or any(line["hour"][0] == "0" for line in dotted)
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
    """Is "7.12" a clock time by the company it keeps: the other lines of its log, the words around it, the other times?"""
    if p.AMOUNT_AFTER.match(plain, end):
        return False
    line = p.STAMPED_LINE.match(plain, plain.rfind("\n", 0, start) + 1)
    if line is not None and line.start("hour") == start and (_dotted_log(plain) or _dotted_surely(plain)):
        return True
    told = p.DOTTED_AFTER.search(plain, max(0, start - CUE_REACH), start) is not None
    return told and (
        p.PART_AFTER.match(plain, end) is not None or _dotted_prose(plain) or _dotted_surely(plain)
    )


@lru_cache(maxsize=4)
def _dotted_surely(plain: str) -> bool:
    """Does the report write a clock time with a dot where nothing else can be meant ("2.17 in the afternoon")?"""
    return p.DOTTED_SURE.search(plain) is not None


def time(kind: str, text: str, start: int, end: int, plain: str) -> Draft | None:
    """Return the time that `text`, at `start:end` of `plain`, writes, None where it is an amount or a version."""
    digits = DIGITS.findall(text)
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
            return span(text, start, end, plain)
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
            return length(start, shape.end(), hour * 60.0 + minute)
        after = p.HOURS_AFTER.match(plain, end)
        if after is not None:
            if p.LENGTH_BEFORE.search(plain, max(0, start - 40), start) or (
                len(digits[0]) == 1 and not at_before(plain, start)
            ):
                return length(start, after.end(), hour * 60.0 + minute)
            end = after.end()
    if kind == "french" and (
        p.LENGTH_BEFORE.search(plain, max(0, start - 40), start) or p.LENGTH_AFTER.match(plain, end)
    ):
        return length(start, end, hour * 60.0 + minute)
    role = "bare" if kind == "bare" else "dotted" if weak else "time"
    draft: Draft = {"start": start, "end": end, "kind": role, "minute": minute}
    if hour == 24:
        return draft | {"hour": 0, "next_day": True, "meridiem": "24h"}
    draft["hour"] = on_24(hour, meridiem)
    military = digits[0][0] == "0" and kind != "clock"
    draft["meridiem"] = meridiem or ("24h" if hour > 12 or hour == 0 or military else None)
    return draft


def spelled_time(match: re.Match[str], plain: str) -> Draft | None:
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
        "hour": on_24(hour, meridiem),
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


def _stamp(digits: str, plain: str, start: int) -> bool:
    """Say whether four digits before "hours" are a clock time rather than a number of hours."""
    return digits[0] == "0" or at_before(plain, start)
