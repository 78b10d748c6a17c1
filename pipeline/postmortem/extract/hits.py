"""Rules looked up by the bits of a text: only those worth trying are looked at, however many there are.

`postmortem.screen.matches` asks each rule in turn whether its bit is set. Of the dozens of rules of a role a sentence lets a
handful pass, so that here its bits are taken one by one instead, and each leads to its rule. The order is that of the screen,
which is that of the rules' file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar, cast

from postmortem.screen import Live, Tried, by_role

Hit = tuple[Tried, re.Match[str]]
T = TypeVar("T")
_Search = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class ByBits(Generic[T]):
    """Things by their bits; `bits` are those of all of them."""

    bits: int
    _shift: int
    # By the number of each bit above the shift, counted from 1: what it belongs to, and all bits but those that do.
    _places: Mapping[int, tuple[T, int]]

    def live(self, passed: int) -> list[T]:
        """Return those of which a bit passed, in the order of their bits."""
        found = []
        left = (passed & self.bits) >> self._shift
        while left:
            one, others = self._places[(left & -left).bit_length()]
            found.append(one)
            left &= others
        return found


def by_bits(things: Iterable[tuple[int, T]]) -> ByBits[T]:
    """Return things that are given with their bits."""
    known = [*things]
    bits = 0
    for own, _ in known:
        bits |= own
    shift = max((bits & -bits).bit_length() - 1, 0)
    places = {}
    for own, one in known:
        left = own >> shift
        others = (bits >> shift) & ~left
        while left:
            places[(left & -left).bit_length()] = one, others
            left &= left - 1
    return ByBits(bits, shift, places)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules that are searched for; `bits` are those of all of them.

    In all methods, `text` is a sentence in lower case and `passed` are the bits of the rules worth trying on it.
    """

    bits: int
    _known: ByBits[tuple[Tried, _Search]]

    def matches(self, text: str, passed: int) -> Sequence[Hit]:
        """Return each rule that matches with its first match."""
        if not passed & self.bits:
            return ()
        found = []
        for rule, search in self._known.live(passed):
            match = search(text)
            if match is not None:
                found.append((rule, match))
        return found

    def all(self, text: str, passed: int) -> list[Hit]:
        """Return each rule that matches with all of its matches, one after the other."""
        if not passed & self.bits:
            return []
        return [
            (rule, match) for rule, _ in self._known.live(passed) for match in rule.pattern.finditer(text)
        ]

    def weights(self, text: str, passed: int) -> list[float]:
        """Return the weight of each rule that matches."""
        return [float(rule.rule.values["weight"]) for rule, _ in self.matches(text, passed)]

    def first(self, text: str, passed: int) -> Tried | None:
        """Return the first rule that matches."""
        if passed & self.bits:
            for rule, search in self._known.live(passed):
                if search(text) is not None:
                    return rule
        return None

    def matched(self, text: str, passed: int) -> bool:
        """Does any rule match?"""
        return self.first(text, passed) is not None


def rules_of(candidates: Live) -> Rules:
    """Return the rules to be looked up by their bits."""
    known = by_bits((one.bit, (one, cast(_Search, one.pattern.search))) for one in candidates)
    return Rules(known.bits, known)


@cache
def rules_by_role(name: str, key: str, role: str) -> Rules:
    """Return the rules of vocabulary file `name` whose value of `key` is `role`."""
    return rules_of(by_role(name, key, role))
