"""Vocabulary and patterns as data: one TOML file a concept, every rule with its own examples.

A rule file holds ``[[rule]]`` tables::

    [[rule]]
    id = "cause.because"            # unique; becomes the evidence's `rule`
    pattern = '''\\bbecause\\b'''   # searched without case on `Document.plain`
    yes = ["it failed because the disk was full"]
    no = ["just in case"]
    kind = "…"                      # any further keys: the rule's own values

What several patterns need stands once in the file's table ``[abbreviations]`` (``USERS = '''customers?|guests?'''``): where a
pattern says ``%USERS%``, it may be any one of them.

The tests run every example of every file. A new phrase is an entry here, no Python.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern (`source`, with its abbreviations written out) with its id, its examples and whatever other values its entry
    holds."""

    id: str
    source: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    values: Mapping[str, Any]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern without regard to case, compiled when it is first asked for: most are only used on lower case."""
        return _without_case(self.source)


@cache
def _without_case(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


@cache
def load(name: str) -> Mapping[str, Any]:
    """Return the data of vocabulary file `name` (without ``.toml``). Raises FileNotFoundError where there is none."""
    text = (resources.files(__package__) / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """Return the ``[[rule]]`` entries of vocabulary file `name`, in file order."""
    known = {"id", "pattern", "yes", "no"}
    return tuple(
        Rule(
            id=entry["id"],
            source=expanded(entry["pattern"], load(name).get("abbreviations", {})),
            yes=tuple(entry.get("yes", ())),
            no=tuple(entry.get("no", ())),
            values={key: value for key, value in entry.items() if key not in known},
        )
        for entry in load(name).get("rule", ())
    )


def expanded(pattern: str, abbreviations: Mapping[str, str]) -> str:
    """Return a pattern with each ``%NAME%`` of `abbreviations` replaced by its alternatives."""
    for name, alternatives in abbreviations.items():
        pattern = pattern.replace(f"%{name}%", f"(?:{alternatives})")
    return pattern


@cache
def patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    """Return the patterns of the ``[[rule]]`` entries of vocabulary file `name` by their ids."""
    return {rule.id: rule.pattern for rule in rules(name)}
