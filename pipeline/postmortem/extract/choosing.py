"""What the choices among the sentences of a report have in common: how a statement is put together.

The likeliest sentence is rarely the only one that says it: what ended an incident is told in steps, and a cause in links.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from itertools import combinations
from typing import Final

# A sentence with so many points less than the best (twelve times less likely) does not belong to the statement.
_NEAR: Final = 2.5
# Sentences, at most, besides the best one.
MOST_OTHERS: Final = 2
# One with so many points less (twenty times less likely) is no part of the statement that is worth most, though there be room.
_NEAR_ENOUGH: Final = 3.0
# So many of the likeliest are looked at.
_RANKED: Final = 5


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


def worthwhile(
    points: Sequence[float],
    words: Sequence[int],
    free: Iterable[int],
    enough: int,
    *,
    known: Container[int] = (),
) -> list[int]:
    """Return the numbers of the sentences that make the statement which is worth most, in order: the probability that one of
    them is what is looked for, less what is too long. A statement of more than `enough` words is worth less with each word, and
    nothing at twice as many; a single sentence is what it is. At most `MOST_OTHERS` stand beside the best.

    `points`, `words`, `free` and `known` are what they are for `together`; the difference of points is the logarithm of the odds.
    """
    ranked = sorted(free, key=lambda i: (-points[i], i))
    if not ranked:
        return []
    best = ranked[0]
    likely = {i: math.exp(points[i] - points[best]) for i in ranked}
    stays = tuple(i for i in ranked if i in known) if best in known else (best,)
    others = [(i,) for i in ranked if i not in stays and points[i] >= points[best] - _NEAR_ENOUGH]
    units: list[tuple[int, ...]] = [stays, *others]
    most, taken = 0.0, units[0]
    for count in range(1, MOST_OTHERS + 2):
        for several in combinations(units[:_RANKED], count):
            members = tuple(i for unit in several for i in unit)
            worth = sum(likely[i] for i in members)
            if count > 1:
                worth *= min(1.0, 2 - sum(words[i] for i in members) / enough)
            if worth > most:
                most, taken = worth, members
    return sorted(taken)
