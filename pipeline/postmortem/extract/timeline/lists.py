"""Listed entries: the rows, items, lines and headings of a timeline section, elsewhere a list or table of stamped lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.document import Block, BlockKind
from postmortem.extract.stamps import Stamped, Timed, moments_by_block
from postmortem.extract.timeline.marks import (
    WORD,
    bare_date,
    ends,
    heads,
    opens,
    skip,
    stamp_of,
    told_end,
    with_weekday,
)
from postmortem.extract.timeline.places import (
    NOT_LISTED,
    STATED,
    is_chapter,
    is_narrative,
    open_blocks,
    timeline_blocks,
)
from postmortem.extract.timeline.prose import Sentences, narrated, sentences_told, states_window
from postmortem.extract.timeline.runs import entries_of_run, run_of
from postmortem.extract.timeline.tables import row
from postmortem.report import Report

_MIN_LISTED: Final = 2
# A list of ranges alone ("Harbour: 10:31 to 11:22") that tells so much less than the sentences beside it is no account.
_MUCH_MORE: Final = 2


def listed(report: Report) -> list[Stamped]:
    """Entries of the timeline sections; without such, or where they hold but a few key events, those of any list or table
    of stamped lines that tells at least twice as much. None where that is but a part of what sentences tell."""
    timed = moments_by_block(report)
    indexes = timeline_blocks(report)
    if is_narrative(report, indexes, timed):
        return [] if is_chapter(report) else sentences_told(report, indexes, timed)
    found = _listed(report, indexes, timed)
    if indexes or not found or any(s.last is None for s in found):
        return found
    return [] if len(narrated(report)) >= _MUCH_MORE * len(found) else found


def _listed(report: Report, indexes: Sequence[int], timed: Timed) -> list[Stamped]:
    own = _entries(report, indexes, timed, prose=True)
    key_events = bool(own) and all(s.first.start > s.stamp_start for s in own)
    blocks = report.document.blocks
    # A table of postings holds whole texts, with timed lines of their own: its rows alone are the entries.
    # A row that is a label and its value ("Incident began at | …") states the window.
    labelled = {
        f.block
        for f in report.document.fields
        if STATED.intersection(f.names) and blocks[f.block].start <= f.label_start < blocks[f.block].end
    }
    rows = [i for i in timed if blocks[i].kind is BlockKind.ROW and i not in labelled]
    enough = max(_MIN_LISTED, 2 * len(own))
    least = min(enough, len(own) + 1) if key_events else enough
    for indexes in (rows, open_blocks(report, NOT_LISTED)):
        # No entry without a clock time of its own, and no list of too few.
        if len([m for i in indexes for m in timed.get(i, ()) if _hour(m) is not None]) < least:
            continue
        found = [s for s in _entries(report, indexes, timed, prose=False) if s.first.hour is not None]
        # "Detected: 9:26", "Resolved: 10:48" sum up what a longer list tells.
        told = [s for s in found if s.first.start == s.stamp_start] if key_events else []
        if len(told) > len(own):
            return told
        if len(found) >= enough:
            return found
    return own


def _hour(mention: Moment | Interval) -> int | None:
    return mention.hour if isinstance(mention, Moment) else mention.first.hour


def _entries(report: Report, indexes: Sequence[int], timed: Timed, *, prose: bool) -> list[Stamped]:
    """Entries of the given blocks in text order; `prose` admits sentences whose stamp does not stand first."""
    blocks = report.document.blocks
    opened = [
        (s, n)
        for n, i in enumerate(indexes)
        if i in timed
        for s in _stamps(report, blocks[i], timed[i], prose=prose)
    ]
    opened = _without_asides(report, opened, indexes)
    limits = [*(s.stamp_start for s, _ in opened[1:]), len(report.document.plain)]
    closed = [_close(report, s, indexes, n, limit) for (s, n), limit in zip(opened, limits, strict=False)]
    return [s for s in closed if s.end > s.start]


def _without_asides(
    report: Report, opened: list[tuple[Stamped, int]], indexes: Sequence[int]
) -> list[tuple[Stamped, int]]:
    """Leave out the times told in sentences below a stamp that stands alone, where the timeline is one of such stamps."""
    plain, blocks = report.document.plain, report.document.blocks
    alone = [
        s.listed and s.first.hour is not None and not WORD.search(plain, s.start, blocks[indexes[n]].end)
        for s, n in opened
    ]
    if sum(alone) < _MIN_LISTED:
        return opened
    kept: list[tuple[Stamped, int]] = []
    below = False
    for (stamped, n), by_itself in zip(opened, alone, strict=True):
        if stamped.listed:
            below = by_itself
        elif below:
            continue
        kept.append((stamped, n))
    return kept


def _close(report: Report, stamped: Stamped, indexes: Sequence[int], n: int, limit: int) -> Stamped:
    """Give an entry its end: its block's, with what is nested below it, or all up to the next entry where the stamp
    stood alone. The entry's own block is the n-th of `indexes`."""
    if not stamped.listed:
        return stamped
    blocks, plain = report.document.blocks, report.document.plain
    block = blocks[indexes[n]]
    end = min(block.end, limit)
    wordless = not WORD.search(plain, stamped.start, max(end, stamped.start))
    if wordless and WORD.search(plain, block.start, stamped.stamp_start):
        return _extended(stamped, block.start, block.end)
    alone = wordless or block.kind is BlockKind.HEADING
    if alone and block.kind is BlockKind.ROW:
        end = limit
    elif alone or block.kind is BlockKind.ITEM:
        for place in range(n + 1, len(indexes)):
            follower = blocks[indexes[place]]
            nested = follower.kind is not BlockKind.HEADING and follower.depth > block.depth
            if indexes[place] != indexes[place - 1] + 1 or follower.start >= limit or not (alone or nested):
                break
            if follower.kind is BlockKind.HEADING and report.document.sections[follower.section].names:
                break
            end = min(follower.end, limit)
    start = skip(plain, stamped.start, end)
    if limit < block.end:
        return _extended(stamped, start, told_end(plain, start, end))
    return _extended(stamped, start, start + len(plain[start:end].rstrip().rstrip(",")))


def _extended(stamped: Stamped, start: int, end: int) -> Stamped:
    return Stamped(stamped.first, stamped.last, start, end, stamped.stamp_start, stamped.listed)


def _stamps(
    report: Report, block: Block, mentions: Sequence[Moment | Interval], *, prose: bool
) -> Iterator[Stamped]:
    """Entries that a block with `mentions` opens, their ends those of the block."""
    if block.kind is BlockKind.CODE:
        return
    if block.kind is BlockKind.ROW:
        yield from row(report, block)
        return
    plain = report.document.plain
    opening = run_of(plain, block, mentions)
    if opening:
        # Outside a timeline it is part of a narrative.
        if prose:
            stops = [*(mentions[n].start for n in opening), block.end]
            yield from entries_of_run(plain, mentions, opening, stops, listed=True)
        return
    opened = last_sentence = -1
    told = Sentences(report, block)
    for n, mention in enumerate(mentions):
        if mention.start < opened:
            continue
        first, last, after = stamp_of(plain, mentions, n)
        leading = opens(plain, block, mention.start) if prose else heads(plain, block, mention.start)
        if leading and not bare_date(plain, block, first, after):
            first = with_weekday(plain, block.start, first)
            yield Stamped(first, last, after, block.end, mention.start, listed=True)
            opened = after
        elif block.kind is BlockKind.HEADING:
            return
        elif opened < 0 and first.hour is not None and (prose or ends(plain, block, after)):
            sentence = told.at(mention.start)
            if sentence[0] > last_sentence and not states_window(plain, mention, sentence):
                yield Stamped(first, last, *sentence, sentence[0], listed=False)
                last_sentence = sentence[0]
