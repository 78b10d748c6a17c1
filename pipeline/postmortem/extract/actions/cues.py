"""The rules of ``actions.toml`` by use, compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from postmortem import vocabulary
from postmortem.record import ActionType


@dataclass(frozen=True, slots=True)
class _Cues:
    """The rules of ``actions.toml`` by use."""

    openers: frozenset[str]
    imperatives: frozenset[str]
    ask: tuple[re.Pattern[str], ...]
    strict: tuple[re.Pattern[str], ...]
    skip: re.Pattern[str]
    prose_skip: tuple[re.Pattern[str], re.Pattern[str]]
    advice: re.Pattern[str]
    intro: tuple[re.Pattern[str], ...]
    tail: re.Pattern[str]
    types: Mapping[str, tuple[bool, ActionType]]
    paired: frozenset[str]
    label: re.Pattern[str]
    todo: re.Pattern[str]
    introduced: re.Pattern[str]


@cache
def cues() -> _Cues:
    """Return the rules of ``actions.toml``."""
    rules = vocabulary.rules("actions")
    by_id = vocabulary.patterns("actions")
    data = vocabulary.load("actions")
    openers = data["openers"]
    return _Cues(
        openers=frozenset(openers["verbs"]) | frozenset(openers["loose"]),
        imperatives=frozenset(verb for verb in openers["verbs"] if not verb.endswith("ing")),
        ask=tuple(rule.pattern for rule in rules if rule.values["kind"] == "ask"),
        strict=tuple(
            rule.pattern for rule in rules if rule.values["kind"] == "ask" and rule.values["strict"]
        ),
        skip=_any_of([by_id[f"skip.{name}"] for name in ("empty", "closing", "head", "signed", "capitals")]),
        intro=(by_id["skip.intro"], by_id["skip.announced"]),
        tail=by_id["skip.tail"],
        prose_skip=(by_id["skip.update"], by_id["skip.effect"]),
        advice=by_id["ask.advice"],
        types={
            word: (bool(entry.get("weak")), cast(ActionType, entry["type"]))
            for entry in reversed(data["type"])
            for word in entry["words"]
        },
        paired=frozenset(
            word.partition(" ")[0] for entry in data["type"] for word in entry["words"] if " " in word
        ),
        label=by_id["told.label"],
        todo=by_id["told.todo"],
        introduced=by_id["told.introduced"],
    )


def _any_of(patterns: Sequence[re.Pattern[str]]) -> re.Pattern[str]:
    """Return a pattern that matches where one of these does, each with or without regard to case as it is."""
    return re.compile(
        "|".join(f"(?{'i' if one.flags & re.IGNORECASE else ''}:{one.pattern})" for one in patterns)
    )
