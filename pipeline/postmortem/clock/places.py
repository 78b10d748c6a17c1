"""Where in a document a moment stands: among plans and lessons, or between two offsets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from postmortem.clock.model import Moment
from postmortem.document import BlockKind, Document

_ASIDE: Final = frozenset({"actions", "lessons", "appendix"})
START: Final = attrgetter("start")


def aside(document: Document, at: int) -> bool:
    """Does the block `at` (-1: none) tell of plans or lessons? A paragraph under "What went wrong" or "Postmortem" does not."""
    if at < 0:
        return False
    section = document.blocks[at].section
    told = document.blocks[at].kind is BlockKind.PARAGRAPH
    while section >= 0:
        names = document.sections[section].names
        if _ASIDE.intersection(names) and not (told and names == ("lessons",)):
            return True
        section = document.sections[section].parent
    return False


def within(moments: Sequence[Moment], start: int, end: int) -> Sequence[Moment]:
    """Return the moments that begin in `start:end`; `moments` are in text order."""
    first = bisect_left(moments, start, key=lambda m: m.start)
    return moments[first : bisect_left(moments, end, lo=first, key=lambda m: m.start)]
