"""The rules of ``vocabulary/outage.toml`` by kind."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from postmortem.screen import Live, bits_of, by_role


@cache
def rules_of(kind: str) -> tuple[Live, int]:
    """Return the rules of a kind, and their bits."""
    rules = by_role("outage", "kind", kind)
    return rules, bits_of(rules)


@lru_cache(maxsize=4_096)
def worth_trying(kind: str, passed: int) -> Live:
    """Return the rules of a kind that have one of the bits `passed`."""
    return tuple([one for one in rules_of(kind)[0] if passed & one.bit])


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """Return one pattern for all the rules of a kind."""
    return re.compile("|".join(f"(?:{one.pattern.pattern})" for one in rules_of(kind)[0]))


def says(kind: str, text: str, passed: int) -> bool:
    """Does a rule of that kind match in a text, if one of those that are worth trying there is of that kind?"""
    return bool(passed & rules_of(kind)[1]) and pattern(kind).search(text) is not None
