"""The one feature function of every text model: it serves training and scoring alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

_WORD: Final = re.compile(r"[a-z]++(?:[_'-][a-z]++)*+|[0-9]++")
_PREFIX: Final = 5
_PIECE: Final = 4
_LONG: Final = 40
OPENING: Final = "^"
PAIR: Final = "+"
_NUMBER: Final = "0"


def words(lowered: str) -> list[str]:
    """Return the words of a text in lower case, in order; every number is ``0``."""
    return [word if word >= "a" else _NUMBER for word in _WORD.findall(lowered)]


def word_counts(lowered: str) -> dict[str, int]:
    """Return how often each of the `words` of a text in lower case is said."""
    counts: dict[str, int] = Counter(_WORD.findall(lowered))
    numbers = [word for word in counts if word < "a"]
    if numbers:
        counts[_NUMBER] = sum(map(counts.pop, numbers))
    return counts


def word_spans(lowered: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the extents of the words of `start:end` of a text in lower case, in order."""
    return [*map(re.Match.span, _WORD.finditer(lowered, start, end))]


def words_at(lowered: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """Return the words that have these extents, as `words` does."""
    found = [lowered[start:end] for start, end in spans]
    return [word if word >= "a" else _NUMBER for word in found]


def pairs(said: Iterable[str]) -> list[str]:
    """Return each two neighbouring words as one, with `PAIR` before them."""
    return [f"{PAIR}{one} {other}" for one, other in pairwise(said)]


def parts(word: str) -> tuple[str, ...]:
    """Return the features of a lower-case word: itself, its opening letters, and the character n-grams within it.

    A word with `OPENING` before it stands for one of the first words of a text, and has features of its own; two neighbouring
    words with `PAIR` before them (`pairs`) are one feature.
    """
    if word.startswith(PAIR):
        return (f"b={word[1:]}",)
    if word.startswith(OPENING):
        word = word[1 : _LONG + 1]
        return f"o={word}", f"o={word[:_PREFIX]}*"
    if len(word) >= _LONG:
        return f"w={word[:_LONG]}", f"p={word[:_PREFIX]}"
    padded = f" {word} "
    found = [f"w={word}", f"p={word[:_PREFIX]}"]
    found += ["c=" + padded[i : i + _PIECE] for i in range(len(padded) - _PIECE + 1)]
    return tuple(found)
