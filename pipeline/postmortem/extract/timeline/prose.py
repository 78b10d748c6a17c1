"""Entries told in prose: the timed sentences of a report that lists no timeline, and those below a timeline's heading."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.document import Block, BlockKind
from postmortem.extract.stamps import Stamped, Timed, moments_by_block
from postmortem.extract.timeline.clauses import Stamp, entries_of_sentence
from postmortem.extract.timeline.marks import LEAD, MIN_TOLD, WORD, stamp_of
from postmortem.extract.timeline.places import NOT_NARRATIVE, open_blocks
from postmortem.extract.timeline.runs import entries_of_run, run_of
from postmortem.nlp import Sentence, sentences
from postmortem.report import Report

_WINDOW: Final = re.compile(
    r"\b(?:outage|unavailab\w+|experienc\w+|affect\w+|disrupt\w+|impact\w*|down(?:time)?|degrad\w+|unable|offline|inaccessible"
    r"|duration|lasted|did not|(?:were|was) not|could not|failed)\b",
    re.IGNORECASE,
)
# The end of a span whose beginning is a day alone ("unreachable from the evening of 3 June until 5 June, 12:20").
_SPANS: Final = re.compile(
    r"\b(?:from|between|since)\b[^.:;\n]{4,60}\b(?:until|till|to)\s(?:about\s|around\s|the\s)?\Z",
    re.IGNORECASE,
)
# Sections that say in short what another one tells.
_SHORTENED: Final = frozenset({"summary", "impact", "title"})
_SHORTEST: Final = 12
_DAY: Final = 24 * 60
_NEARLY_ALL: Final = 0.7


def narrated(report: Report) -> list[Stamped]:
    """The timed sentences of a report that lists no timeline; sentences that only state the window are none."""
    found = sentences_told(report, open_blocks(report, NOT_NARRATIVE), moments_by_block(report))
    return _without_windows(_once(report, found))


def _without_windows(found: list[Stamped]) -> list[Stamped]:
    """Leave out the sentences with a range that holds nearly all that the others tell: it is the whole incident's."""
    stating = [s for s in found if _spans_most(s, [o for o in found if not s.start <= o.first.start < s.end])]
    return [s for s in found if not any(w.start <= s.first.start < w.end or s is w for w in stating)]


def _spans_most(stamped: Stamped, others: list[Stamped]) -> bool:
    begin = _minute(stamped.first)
    end = None if stamped.last is None else _minute(stamped.last)
    moments = [minute for other in others if (minute := _minute(other.first)) is not None]
    if begin is None or end is None or len(moments) < MIN_TOLD:
        return False
    length = (end - begin) % _DAY
    return sum((moment - begin) % _DAY <= length for moment in moments) >= _NEARLY_ALL * len(moments)


def _minute(moment: Moment) -> int | None:
    return None if moment.hour is None else moment.hour * 60 + (moment.minute or 0)


def sentences_told(report: Report, indexes: Sequence[int], timed: Timed) -> list[Stamped]:
    """The timed sentences of the given blocks."""
    document = report.document
    found: list[Stamped] = []
    for i in indexes:
        block, mentions = document.blocks[i], timed.get(i, ())
        if not mentions or block.kind in (BlockKind.CODE, BlockKind.HEADING, BlockKind.ROW):
            continue
        found += sorted(_of_block(report, block, mentions), key=lambda entry: entry.stamp_start)
    return found


def _of_block(report: Report, block: Block, mentions: Sequence[Moment | Interval]) -> Iterator[Stamped]:
    plain, told = report.document.plain, Sentences(report, block)
    opening = run_of(plain, block, mentions)
    if opening:
        inside = {told.at(mentions[n].start) for n in opening}
        mentions, run = [m for m in mentions if told.at(m.start) not in inside], mentions
        starts = {*(run[n].start for n in opening), *(told.at(m.start)[0] for m in mentions), block.end}
        yield from entries_of_run(plain, run, opening, sorted(starts), listed=False)
    for (start, end), stamps in groupby(_telling(plain, mentions, told), key=itemgetter(0)):
        yield from entries_of_sentence(plain, start, end, [stamp for _, stamp in stamps])


def _telling(
    plain: str, mentions: Sequence[Moment | Interval], told: Sentences
) -> Iterator[tuple[tuple[int, int], Stamp]]:
    """Yield the stamps of a block that something is told of, each with the extent of its sentence."""
    taken = -1
    for n, mention in enumerate(mentions):
        first, last, after = stamp_of(plain, mentions, n)
        dated = first.day is not None and first.month is not None
        if mention.start < taken or not (first.hour is not None or dated):
            continue
        start, end = told.at(mention.start)
        led = LEAD.fullmatch(plain, start, mention.start) is not None
        # "07:12 gone." tells of something, a label with a date and a word does not.
        long_enough = end - start - (after - mention.start) >= _SHORTEST
        told_of = long_enough or (led and WORD.search(plain, after, end) and plain[end - 1] == ".")
        if not told_of or states_window(plain, mention, (start, end)):
            continue
        taken = after
        yield (start, end), Stamp(first, last, mention.start, after)


def _once(report: Report, found: list[Stamped]) -> list[Stamped]:
    """Leave out the sentences of a summary whose moments all stand in a longer account below it once more."""
    sections = report.document.sections
    starts = [section.start for section in sections]

    def section(stamped: Stamped) -> int:
        return bisect_right(starts, stamped.first.start) - 1

    told = Counter(section(s) for s in found)
    account = [s for s in found if told[section(s)] >= MIN_TOLD]
    if not account or len(told) == 1:
        return found
    kept = []
    for s in found:
        place = section(s)
        names = sections[place].names if place >= 0 else ("title",)
        below = {
            (a.first.hour, a.first.minute)
            for a in account
            if section(a) > place and told[section(a)] > told[place]
        }
        again = below and {(m.hour, m.minute) for m in (s.first, s.last) if m is not None} <= below
        if not (again and _SHORTENED.intersection(names)):
            kept.append(s)
    return kept


class Sentences:
    """The sentences of a block, split when the first is asked for."""

    def __init__(self, report: Report, block: Block) -> None:
        self._report, self._block = report, block
        self._found: tuple[Sentence, ...] | None = None

    def at(self, offset: int) -> tuple[int, int]:
        """The extent of the sentence that holds `offset`; the block's where none does."""
        if self._found is None:
            self._found = sentences(self._report.document, self._block.start, self._block.end)
        place = bisect_right(self._found, offset, key=attrgetter("start")) - 1
        if place >= 0 and offset < self._found[place].end:
            return self._found[place].start, self._found[place].end
        return self._block.start, self._block.end


def states_window(plain: str, mention: Moment | Interval, sentence: tuple[int, int]) -> bool:
    spans = isinstance(mention, Interval) or _SPANS.search(plain, sentence[0], mention.start) is not None
    return spans and _WINDOW.search(plain, *sentence) is not None
