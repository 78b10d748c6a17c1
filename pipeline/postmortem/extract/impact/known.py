"""The rules of ``impact.toml`` by use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from postmortem import vocabulary
from postmortem.record import Comparator
from postmortem.screen import Live, bits_of, by_role, tried


@dataclass(frozen=True, slots=True)
class Known:
    """The rules of ``impact.toml`` by use, in file order, and the bits of the figures'."""

    comparators: tuple[tuple[str, Comparator, re.Pattern[str]], ...]
    refuse_before: tuple[re.Pattern[str], ...]
    refuse_after: tuple[re.Pattern[str], ...]
    harm: re.Pattern[str]
    share: re.Pattern[str]
    figures: Live
    figure_bits: int
    adverse: frozenset[str]
    scale: dict[str, float]


@cache
def known_rules() -> Known:
    rules = tried("impact")
    refuse = [one for one in rules if one.rule.values["kind"] == "refuse"]
    figures = by_role("impact", "kind", "figure")
    data = vocabulary.load("impact")
    return Known(
        comparators=tuple(
            (one.rule.values["where"], cast(Comparator, one.rule.values["comparator"]), one.pattern)
            for one in by_role("impact", "kind", "comparator")
        ),
        refuse_before=tuple(one.pattern for one in refuse if one.rule.values["where"] == "before"),
        refuse_after=tuple(one.pattern for one in refuse if one.rule.values["where"] == "after"),
        harm=_by_first_letter(by_role("impact", "kind", "harm")[0].pattern),
        share=next(one.pattern for one in rules if one.rule.id == "refuse.share"),
        figures=figures,
        figure_bits=bits_of(figures),
        adverse=frozenset(data["adverse"]["terms"]),
        scale=dict(data["scale"]),
    )


def _by_first_letter(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """``\\b(?:a1|a2|b)\\b`` as ``(?:a(?<!\\wa)(?:1|2)|b(?<!\\wb))\\b``: the same matches, found several times as fast."""
    opening, closing = r"\b(?:", r")\b"
    inner = pattern.pattern.removeprefix(opening).removesuffix(closing)
    if len(inner) + len(opening) + len(closing) != len(pattern.pattern):
        return pattern
    grouped: dict[str, list[str]] = {}
    for alternative in _alternatives(inner):
        if not alternative[:1].isalpha() or alternative[1:2] in ("?", "*", "+", "{"):
            return pattern
        grouped.setdefault(alternative[0], []).append(alternative[1:])
    parts = (rf"{first}(?<!\w{first})(?:{'|'.join(rest)})" for first, rest in sorted(grouped.items()))
    return re.compile(f"(?:{'|'.join(parts)}){closing}")


def _alternatives(pattern: str) -> list[str]:
    """Split a pattern at the bars that stand outside of any group."""
    found, depth, start = [], 0, 0
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append(pattern[start:at])
            start = at + 1
    return [*found, pattern[start:]]


def finds(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    for pattern in patterns:  # noqa: SIM110 (a generator costs more than most of the patterns)
        if pattern.search(text):
            return True
    return False
