"""The one feature function of every text model: it serves training and scoring alike."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[a-z]+(?:[_'-][a-z]+)*|[0-9]+")
_PREFIX: Final = 5
_PIECE: Final = 4
_LONG: Final = 40
OPENING: Final = "^"

Word = tuple[str, int, int]
"""A lower-case word of a text, digits folded to ``0``, and its half-open extent in the text given."""


def words(text: str, offset: int = 0) -> list[Word]:
    """Return the words of `text` in order; `offset` is added to their extents."""
    lowered = text.lower()
    if len(lowered) != len(
        text
    ):  # a few letters grow in lower case, which would shift every offset behind them
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return [
        ("0" if (word := match[0])[0] < "a" else word, match.start() + offset, match.end() + offset)
        for match in _WORD.finditer(lowered)
    ]


def parts(word: str) -> tuple[str, ...]:
    """Return the features of a lower-case word: itself, its opening letters, and the character n-grams within it.

    A word with `OPENING` before it stands for one of the first words of a text, and has features of its own.
    """
    if word.startswith(OPENING):
        word = word[1 : _LONG + 1]
        return f"o={word}", f"o={word[:_PREFIX]}*"
    padded = f" {word} "
    pieces = (padded[i : i + _PIECE] for i in range(len(padded) - _PIECE + 1)) if len(word) < _LONG else ()
    return (f"w={word[:_LONG]}", f"p={word[:_PREFIX]}", *(f"c={piece}" for piece in pieces))
