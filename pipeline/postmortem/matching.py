"""The rules of the vocabulary as they are matched: got by file and role, looked up by the bits of what passed the screen.

Of the dozens of rules of a role a sentence lets a handful pass (`postmortem.screen`), so that no rule is asked in turn: the bits
that passed are taken one by one, and each leads to its rule. The order is that of the rules' file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from postmortem import vocabulary
from postmortem.screen import screen
from postmortem.vocabulary import Rule

# Files whose rules are matched on text as written; those of the others are where they are ``cased``.
_AS_WRITTEN: Final = frozenset({"affected"})
_CAPITAL: Final = re.compile(r"(?<!\\)[A-Z](?!<)")


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule with its bits, and its pattern (and the pattern's search) for text in lower case, which takes a third of the time of
    one that ignores case; for text as written where the rule is ``cased``."""

    rule: Rule
    bit: int
    pattern: re.Pattern[str]
    search: Callable[[str], re.Match[str] | None]


Hit = tuple[Tried, re.Match[str]]


class Rules:
    """Rules in the order of their bits; `bits` are those of all of them.

    In all methods, `text` is in lower case and `passed` are the bits of the rules worth trying on it.
    """

    __slots__ = ("_each", "_places", "bits")

    def __init__(self, each: Iterable[Tried]) -> None:
        self._each = tuple(each)
        self.bits = 0
        for one in self._each:
            self.bits |= one.bit
        # By the number of each bit, counted from 1: whose it is, and all bits but those that are its own.
        self._places: dict[int, tuple[Tried, int]] = {}
        for one in self._each:
            own = one.bit
            while own:
                self._places[own.bit_length()] = one, self.bits & ~one.bit
                own ^= 1 << (own.bit_length() - 1)

    def __iter__(self) -> Iterator[Tried]:
        return iter(self._each)

    def where(self, holds: Callable[[Rule], object]) -> Rules:
        """Return those of which something holds."""
        return Rules(one for one in self._each if holds(one.rule))

    def live(self, passed: int) -> list[Tried]:
        """Return those that are worth trying."""
        found = []
        left = passed & self.bits
        while left:
            # The highest bit is found at once, and without it the number is shorter.
            one, others = self._places[left.bit_length()]
            found.append(one)
            left &= others
        found.reverse()
        return found

    def hits(self, text: str, passed: int = -1) -> list[Hit]:
        """Return each rule that matches with its first match."""
        if not passed & self.bits:
            return []
        found = []
        for one in self.live(passed):
            match = one.search(text)
            if match is not None:
                found.append((one, match))
        return found

    def every(self, text: str, passed: int = -1) -> list[Hit]:
        """Return each rule that matches with all of its matches, one after the other."""
        if not passed & self.bits:
            return []
        return [(one, match) for one in self.live(passed) for match in one.pattern.finditer(text)]

    def weights(self, text: str, passed: int) -> list[float]:
        """Return the weight of each rule that matches."""
        return [float(one.rule.values["weight"]) for one, _ in self.hits(text, passed)]

    def first(self, text: str, passed: int = -1) -> Tried | None:
        """Return the first rule that matches."""
        if passed & self.bits:
            for one in self.live(passed):
                if one.search(text) is not None:
                    return one
        return None

    def matched(self, text: str, passed: int = -1) -> bool:
        """Does any rule match?"""
        return passed & self.bits != 0 and self.first(text, passed) is not None


@cache
def rules_of(name: str, *roles: str) -> Rules:
    """Return the rules of vocabulary file `name` that have one of the `roles`, all where none is given.

    The role of a rule is the value of its ``role``, or of its ``kind`` where the rules of the file have none.
    """
    if roles:
        return rules_of(name).where(lambda rule: rule.values.get("role", rule.values.get("kind")) in roles)
    known = screen()
    each = []
    for rule in vocabulary.rules(name):
        cased = name in _AS_WRITTEN or "cased" in rule.values
        pattern = rule.pattern if cased else for_lower_case(rule.source)
        each.append(Tried(rule, known.rules[rule.id], pattern, pattern.search))
    return Rules(each)


def for_lower_case(source: str) -> re.Pattern[str]:
    """Return a pattern without regard to case, compiled for a text that is in lower case already."""
    return re.compile(source, re.IGNORECASE if _CAPITAL.search(source) else 0)


def worth_trying(text: str) -> int:
    """Return the bits of the rules that are worth trying on a text in lower case."""
    known = screen()
    return known.passed(known.read(text))
