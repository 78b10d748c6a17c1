"""What the choices among the sentences of a report have in common: how a statement is put together.

The likeliest sentence is rarely the only one that says it: what ended an incident is told in steps, and a cause in links.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Final

# A sentence with so many points less than the best (twelve times less likely) does not belong to the statement.
_NEAR: Final = 2.5
# Sentences, at most, besides the best one.
MOST_OTHERS: Final = 2


def together(
    points: Sequence[float],
    words: Sequence[int],
    free: Iterable[int],
    room: int,
    *,
    most_others: int = MOST_OTHERS,
    known: Container[int] = (),
) -> list[int]:
    """Return the numbers of the sentences that make a statement, in order: the best of those that are `free` (the first of
    equals), and others that are nearly as likely, while there are no more than `room` words. The best may have more.

    `points` and `words` are those of each sentence; `known` are the sentences of a statement that was found before, which stay
    together where the best is one of them. Nothing is returned where none is free.
    """
    ranked = sorted(free, key=lambda i: (-points[i], i))
    if not ranked:
        return []
    best, others = ranked[0], 0
    taken, left = [best], room - words[best]
    for i in ranked[1:]:
        belongs = best in known and i in known
        if not belongs and (others == most_others or points[i] < points[best] - _NEAR):
            continue
        if words[i] <= left:
            taken.append(i)
            left -= words[i]
            others += not belongs
    return sorted(taken)
