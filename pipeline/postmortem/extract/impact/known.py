"""The rules of ``impact.toml`` by use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from postmortem import vocabulary
from postmortem.matching import Rules, Tried, rules_of
from postmortem.record import Comparator

_GROUP_FIRST: Final = re.compile(r"\(\?:([^()]+)\)(?![?*+{])")
# How a pattern begins that begins with a number, and where such a number may stand.
_NUMBER_FIRST: Final = r"(?=\d)(?<![\w.,$€£"
NUMBER_START: Final = re.compile(r"\d(?<![\w.,$€£]\d)")
# A pattern that begins with one of a few words and signs.
_LISTED: Final = re.compile(r"\(\?P<\w+>((?:\w|\\[^\w\s]|\||\[[^\]\\^-]+\])+)\)(?![?*+{|])")


@dataclass(frozen=True, slots=True)
class FigureRule:
    """A rule of figures: its id as evidence, what it counts, whether it is one for impact statements alone, and what is known
    of how its matches begin: with a number, or with one of the `openings` (none where that is not known)."""

    id: str
    kind: str
    pattern: re.Pattern[str]
    bit: int
    number_first: bool
    stated: bool
    openings: tuple[str, ...]

    def may_open(self, lowered: str) -> bool:
        """May a match begin anywhere in a text in lower case?"""
        if not self.openings:
            return True
        for opening in self.openings:  # noqa: SIM110 (a generator would cost more than what it spares)
            if opening in lowered:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Known:
    """The rules of ``impact.toml`` by use, in file order."""

    comparators: tuple[tuple[str, Comparator, re.Pattern[str]], ...]
    refuse_before: Rules
    refuse_after: Rules
    harm: re.Pattern[str]
    share: re.Pattern[str]
    figures: tuple[FigureRule, ...]
    adverse: frozenset[str]
    scale: dict[str, float]


@cache
def known_rules() -> Known:
    """Return the rules of the vocabulary."""
    refuse, harm = rules_of("impact", "refuse"), next(iter(rules_of("impact", "harm")))
    data = vocabulary.load("impact")
    return Known(
        comparators=tuple(
            (one.rule.values["where"], cast(Comparator, one.rule.values["comparator"]), one.pattern)
            for one in rules_of("impact", "comparator")
        ),
        refuse_before=refuse.where(lambda rule: rule.values["where"] == "before"),
        refuse_after=refuse.where(lambda rule: rule.values["where"] == "after"),
        harm=by_first_letter(re.compile(harm.rule.source)),
        share=next(one.pattern for one in rules_of("impact") if one.rule.id == "refuse.share"),
        figures=tuple(map(_figure_rule, rules_of("impact", "figure"))),
        adverse=frozenset(data["adverse"]["terms"]),
        scale=dict(data["scale"]),
    )


def _figure_rule(one: Tried) -> FigureRule:
    return FigureRule(
        id=f"impact.{one.rule.id}",
        kind=one.rule.values["figure"],
        pattern=one.pattern,
        bit=one.bit,
        number_first=one.rule.source.startswith(_NUMBER_FIRST),
        stated="stated" in one.rule.values,
        openings=_openings(one.rule.source),
    )


def _openings(pattern: str) -> tuple[str, ...]:
    """Return the strings in lower case with one of which every match of a pattern begins, none where that is not plain."""
    listed = _LISTED.match(pattern)
    if listed is None:
        return ()
    found: list[str] = []
    for alternative in _alternatives(listed[1]):
        if "[" in alternative and alternative.index("]") != len(alternative) - 1:
            return ()
        before, _, letters = alternative.rstrip("]").partition("[")
        before = before.replace("\\", "").lower()
        found += [before + letter for letter in letters.lower()] if letters else [before]
    return tuple(found)


def by_first_letter(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Return ``\\b(?:a1|a2|b)\\b`` as ``(?:a(?<!\\wa)(?:1|2)|b(?<!\\wb))\\b``: the same matches, found several times as fast."""
    opening, closing = r"\b(?:", r")\b"
    inner = pattern.pattern.removeprefix(opening).removesuffix(closing)
    if len(inner) + len(opening) + len(closing) != len(pattern.pattern):
        return pattern
    grouped: dict[str, list[str]] = {}
    for alternative in _opened(inner):
        if not alternative[:1].isalnum() or alternative[1:2] in ("?", "*", "+", "{"):
            return pattern
        grouped.setdefault(alternative[0], []).append(alternative[1:])
    parts = (rf"{first}(?<!\w{first})(?:{'|'.join(rest)})" for first, rest in sorted(grouped.items()))
    return re.compile(f"(?:{'|'.join(parts)}{closing}")


def _opened(pattern: str) -> Iterator[str]:
    """Yield the alternatives of a pattern; one that begins with a group is one for each of the group's."""
    for alternative in _alternatives(pattern):
        group = _GROUP_FIRST.match(alternative)
        if group is None:
            yield alternative
        else:
            yield from (first + alternative[group.end() :] for first in group[1].split("|"))


def _alternatives(pattern: str) -> list[str]:
    """Split a pattern at the bars that stand outside of any group."""
    found, depth, start = [], 0, 0
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append(pattern[start:at])
            start = at + 1
    return [*found, pattern[start:]]
