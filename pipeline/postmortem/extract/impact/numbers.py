"""Numbers and percentages as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Patterns are matched on text in lower case: without regard to case they would take three times as long.
_NUMBER_GOES_ON: Final = r"\d{0,5}(?:,\d{3}){0,2}(?:\.\d{1,6})?"
_UNIT: Final = r"(?:%|per\s?cent\b|pct\b|percentage points?\b)"
PERCENT: Final = re.compile(
    rf"(?P<low>\d(?<![\w.,/=&?]\d){_NUMBER_GOES_ON})\s{{0,4}}(?:{_UNIT}\s{{0,4}})?"
    rf"(?:(?P<join>-|to|and|or)\s{{0,4}}(?P<mark>~|about |around |approximately )?(?P<high>\d{_NUMBER_GOES_ON})\s{{0,4}})?"
    rf"{_UNIT}(?:\s?percent\b)?(?![0-9a-f]{{2}})",
)
_SIGN: Final = re.compile(r"%|per\s?cent|pct")
# No match is longer.
_LONGEST: Final = 160


def number(text: str) -> float:
    """Return the number that is written with or without marks between its thousands."""
    return float(text.replace(",", "").replace(" ", ""))


def percents(lowered: str) -> Iterator[re.Match[str]]:
    """Yield what ``PERCENT.finditer`` does; only around its signs and words is it tried, for most numbers have none."""
    at = 0
    while sign := _SIGN.search(lowered, at):
        reached = sign.start()
        match = PERCENT.search(lowered, max(at, reached - _LONGEST), reached + _LONGEST)
        if match is not None and match.start() < reached:
            yield match
            at = match.end()
        else:
            at = reached + 1
