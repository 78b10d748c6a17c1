"""The type of an action: what the first telling word of its text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from postmortem.extract.actions.cues import cues
from postmortem.record import ActionType

_TYPE_WORD: Final = re.compile(r"[a-z]+(?:[-/][a-z]+)*")
# A column or group of more words is no name of a type.
_MOST_WORDS: Final = 3
_ENDINGS: Final = ("s", "es", "ed", "ing")


def type_named(name: str) -> ActionType | None:
    """The type that a column or a group of that name gives its actions."""
    words = _TYPE_WORD.findall(name.lower())
    found = [_typed(word, "") for word in words] if len(words) <= _MOST_WORDS else []
    return next((one[1] for one in found if one and not one[0]), None)


def type_of(text: str) -> ActionType:
    """The type of the first telling word; a weak word counts where there is no other. What says nothing of the kind is taken to
    keep the trouble from coming back."""
    words = _TYPE_WORD.findall(text.lower())
    weak: ActionType | None = None
    for i, word in enumerate(words):
        found = _typed(word, words[i + 1] if word in cues().paired and i + 1 < len(words) else "")
        if found and not found[0]:
            return found[1]
        weak = weak or (found[1] if found else None)
    return weak or "prevent"


@lru_cache(maxsize=4_096)
def _typed(word: str, following: str) -> tuple[bool, ActionType] | None:
    """Return the type that a word tells, with the one behind it or by itself, and whether it is a weak one."""
    types = cues().types
    found = types.get(f"{word} {following}") or types.get(f"{word} {following.removesuffix('s')}")
    return found or next((types[form] for form in _forms(word) if form in types), None)


def _forms(word: str) -> Iterator[str]:
    """A word and what it may be an inflection of."""
    yield word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            yield stem
            yield stem + "e"
