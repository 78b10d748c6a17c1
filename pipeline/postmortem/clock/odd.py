"""The odd date string that the patterns do not read ("2024, May 8", "8 de mayo de 2024"): `dateparser`, kept on a short lead.

It is slow and fills what is not stated from the day it is asked on. So it gets one short string, no relative words, and is asked
twice with two made-up days as its base: a part that differs between the answers was not stated.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

_BASES: Final = (datetime(2001, 1, 1), datetime(2012, 12, 30))
_LANGUAGES: Final = ("en", "fr", "es", "de", "pt")
_RELATIVE: Final = re.compile(
    r"\b(?:ago|today|tomorrow|yesterday|now|last|next|this|in|hours?|minutes?|days?|weeks?)\b", re.IGNORECASE
)
_DIGIT: Final = re.compile(r"[0-9]")
_NAMED_OR_SEPARATED: Final = re.compile(r"[^\W\d_]{3}|[0-9][/.-][0-9]")
_LONGEST: Final = 40


@lru_cache(maxsize=256)
def odd_date(text: str) -> tuple[int | None, int | None, int | None] | None:
    """Return year, month and day as far as `text` (at most 40 characters) states them; ``None`` where it is no date.

    The answer depends on nothing but the text.
    """
    text = text.strip()
    if not 4 <= len(text) <= _LONGEST or not _DIGIT.search(text) or not _NAMED_OR_SEPARATED.search(text):
        return None
    if _RELATIVE.search(text):
        return None
    import dateparser

    answers = []
    for base in _BASES:
        try:
            found = dateparser.parse(
                text,
                languages=list(_LANGUAGES),
                settings={"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "RETURN_AS_TIMEZONE_AWARE": False},
            )
        except Exception:  # a third party's parser on a stranger's string: whatever goes wrong, it is no date
            return None
        if found is None:
            return None
        answers.append(found)
    first, second = answers
    year = first.year if first.year == second.year else None
    month = first.month if first.month == second.month else None
    day = first.day if first.day == second.day else None
    return (year, month, day) if month is not None else None
