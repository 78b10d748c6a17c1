"""Entries that stand one behind the other in a paragraph: "06:48 first errors. 06:49 the probe alarms, 06:51 another one."

In sentences a time stands behind a word that asks for it ("at 06:48 we saw"). Where most times of a paragraph stand bare at the
beginning of a clause and something is told behind each, the paragraph is a log that was not given lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.document import Block, BlockKind
from postmortem.extract.stamps import Stamped
from postmortem.extract.timeline.marks import LABEL, LEAD, MIN_TOLD, REACH, WORD, skip, stamp_of, told_end

# What ends the clause before a bare stamp.
_CLAUSE_END: Final = re.compile(
    r"(?:[.;,!?|\u2192]|[-=]>|\s[-\u2013\u2014])[^\w\n]{0,10}(?P<line>\n[^\S\n]{0,20})?\Z"
)
_LINE_START: Final = re.compile(r"\n[\W_]{0,20}\Z")
_LEAST_INLINE: Final = 2
_LARGELY: Final = 0.6


def run_of(plain: str, block: Block, mentions: Sequence[Moment | Interval]) -> list[int]:
    """Return the places in `mentions`, those of `block`, of the stamps that open the entries of such a log, if it is one."""
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or len(mentions) < MIN_TOLD:
        return []
    timed = [n for n, m in enumerate(mentions) if (m if isinstance(m, Moment) else m.first).hour is not None]
    places = [(n, _opens_clause(plain, block, mentions[n].start)) for n in timed]
    bare = [n for n, inline in places if inline is not None]
    behind = sum(inline is True for _, inline in places)
    if len(bare) < max(MIN_TOLD, _LARGELY * len(timed)) or behind < max(_LEAST_INLINE, len(bare) - behind):
        return []
    stops = [*(mentions[n].start for n in bare[1:]), block.end]
    told = all(WORD.search(plain, mentions[n].end, stop) for n, stop in zip(bare, stops, strict=True))
    return bare if told else []


def _opens_clause(plain: str, block: Block, offset: int) -> bool | None:
    """Does a stamp at `offset` open a clause, with no word before it? True behind another clause, False where it opens the block
    or stands first in a line behind an unfinished one, None where it opens none."""
    if LEAD.fullmatch(plain, block.start, offset) or LABEL.fullmatch(plain, block.start, offset):
        return False
    before = max(block.start, offset - REACH)
    if _CLAUSE_END.search(plain, before, offset) is not None:
        return True
    return False if _LINE_START.search(plain, before, offset) is not None else None


def entries_of_run(
    plain: str,
    mentions: Sequence[Moment | Interval],
    opening: Sequence[int],
    stops: Sequence[int],
    *,
    listed: bool,
) -> Iterator[Stamped]:
    """Yield the entry of each stamp of a log (`opening`, see `run_of`), up to the next of `stops`: in order, the block's last."""
    for n in opening:
        first, last, after = stamp_of(plain, mentions, n)
        stop = stops[bisect_right(stops, mentions[n].start)]
        start = skip(plain, after, stop)
        end = told_end(plain, start, stop)
        if end > start:
            yield Stamped(first, last, start, end, mentions[n].start, listed=listed)
