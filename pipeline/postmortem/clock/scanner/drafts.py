"""Moments and lengths in the making, and what is asked of one in several modules."""

from __future__ import annotations

import re
from typing import Any, Final

from postmortem.clock import patterns as p

# A moment in the making: the keyword arguments of `Moment`, plus the kind of atom that it began as ("kind", dropped later).
Draft = dict[str, Any]
DIGITS: Final = re.compile(r"[0-9]+")
LETTERS: Final = re.compile(r"[A-Za-z]+")
MAX_GAP: Final = 40
CUE_REACH: Final = 32


def on_24(hour: int, meridiem: str | None) -> int:
    """Return the hour of the day that an hour of a half day is."""
    if meridiem == "pm" and hour < 12:
        return hour + 12
    return 0 if meridiem == "am" and hour == 12 else hour


def at_before(plain: str, start: int) -> bool:
    """Does something before an offset say that a moment follows: "at", "from", a month, a number?"""
    before = plain[max(0, start - 12) : start].rstrip(" ~(,").lower()
    return (
        before[-1:].isdigit()
        or before.rpartition(" ")[2] in p.MONTHS
        or before.endswith(
            (" at", " from", " by", " to", " until", " till", " since", " around", " and", "-", "between")
        )
    )


def has_date(draft: Draft) -> bool:
    """Is anything of a date written?"""
    return draft.get("day") is not None or draft.get("month") is not None


def has_time(draft: Draft) -> bool:
    """Is a time of day written?"""
    return "hour" in draft
