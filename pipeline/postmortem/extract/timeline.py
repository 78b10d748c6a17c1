"""Timeline entries: one for each thing that happened with a clock time or date of its own.

Where the report has a timeline section, its rows, items, lines and headings are read; elsewhere a list or table of
stamped lines; and where there is none of these, the timed sentences of the narrative. Finding where an entry stands
(`Stamped`) is kept apart from completing its date and time, which needs the entries before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.clock.patterns import STAMPED_LINE
from postmortem.document import Block, BlockKind, Cell
from postmortem.extract.entry_times import completed, newest_first
from postmortem.extract.layouts import messages, relative, updates
from postmortem.extract.phases import phases
from postmortem.extract.stamps import Stamped, Timed, moments, moments_by_block
from postmortem.nlp import Sentence, sentences
from postmortem.normalize.naming import label_names
from postmortem.record import Entry
from postmortem.report import Report

# What may stand before a stamp that opens a line: signs, a word such as "At", and nothing else.
_LEAD: Final = re.compile(
    r"[\W_]{0,20}(?:(?:at|on|by|around|about|approximately|approx\.?|roughly|circa|ca\.?|from|since|between|time|date)\b"
    r"[\W_]{0,10}){0,3}",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"[\W_]{0,20}")
# What may stand before a stamp in a list beside that: "- about 07:05   gates stopped".
_HEDGED: Final = re.compile(
    r"[\W_]{0,20}(?:(?:about|around|approximately|approx\.?|roughly|circa|ca\.?)\b[\W_]{0,4})?", re.IGNORECASE
)
# What separates a stamp from its text.
_SEPARATOR: Final = re.compile(r"[\s:;,.\-\u2010-\u2015>|)\]}=~*_\u2192]{0,80}")
# What joins a date and a time that stand apart.
_JOINT: Final = re.compile(r"[\s,|@(\[:-]{0,40}(?:at\b)?[\s,|(\[~]{0,40}", re.IGNORECASE)
# What a further stamp of a run-on paragraph stands behind.
_CLAUSE: Final = re.compile(
    r"(?:[.;!?\n|]|\s[-\u2010-\u2015])[\s*_`~(\[]{0,10}(?:(?:at|on|by|around|about|from)\b[\s~(\[]{1,4})?\Z",
    re.IGNORECASE,
)
# A label that stands before an entry's stamp ("Issue detected: July 29, 09:00").
_LABEL: Final = re.compile(r"[^\n:.]{1,40}:" + _LEAD.pattern, re.IGNORECASE)
_CLAUSE_JOINT: Final = re.compile(
    r"(?:[,;]?\s(?:and|then|but|until|before)|;)\s(?:then\s)?(?:at|by|around|on|from)\s[\s~]{0,4}(?:about\s|around\s)?\Z",
    re.IGNORECASE,
)
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
_WORD: Final = re.compile(r"[^\W_]+")
# Sections whose timed lines are plans or facts about the report itself, not about the incident.
_NOT_LISTED: Final = frozenset({"actions", "lessons", "appendix"})
_NOT_NARRATIVE: Final = _NOT_LISTED | {"background"}
# Sections that say in short what another one tells.
_SHORTENED: Final = frozenset({"summary", "impact", "title"})
_MIN_TOLD: Final = 3
# Fields that hold a time without telling an event.
_STATED: Final = frozenset({"date", "duration", "start", "end", "author", "timezone", "due", "title"})
# The head of a column with the ends of ranges, and what those of columns with people are about.
_UNTIL: Final = re.compile(r"\W*(?:to|until|till|end|ended|finish|end time|time to)\W*", re.IGNORECASE)
_WHO: Final = frozenset({"owner", "author", "participants"})
_MIN_LISTED: Final = 2
_REACH: Final = 30
_SHORT: Final = 120
_SHORTEST: Final = 12
_STRAY: Final = 2
# A sentence with more stamps than this is a log in one line: repeating it for each would cost the square of its length.
_MOST_OF_SENTENCE: Final = 4


def timeline(report: Report) -> tuple[Entry, ...]:
    """Return the report's entries in text order, dates carried and rolled past midnight, with their phases."""
    found = updates(report) or relative(report) or _listed(report) or messages(report) or _narrated(report)
    if not found:
        return ()
    points = list(completed(found, report.calendar))
    texts = [report.document.quote(s.start, s.end) for s in found]
    # What follows what is a matter of time, not of the page.
    turned = newest_first([at for at, _ in points])
    said = [f"{s.state}: {text}" if s.state else text for s, text in zip(found, texts, strict=True)]
    told = phases(said[::-1])[::-1] if turned else phases(said)
    return tuple(
        Entry(
            at=at,
            until=until,
            text=text,
            phase=phase,
            evidence=report.evidence(
                min(s.stamp_start, s.start), s.end, "timeline.listed" if s.listed else "timeline.narrated"
            ),
        )
        for s, (at, until), text, phase in zip(found, points, texts, told, strict=True)
    )


# Listed entries -----------------------------------------------------------------------------------------------------


def _listed(report: Report) -> list[Stamped]:
    """Entries of the timeline sections; without such, or where they hold but a few key events, those of any list or table
    of stamped lines that tells at least twice as much."""
    timed = moments_by_block(report)
    indexes = _timeline_blocks(report)
    if _is_narrative(report, indexes, timed):
        return _sentences_told(report, indexes, timed)
    own = _entries(report, indexes, timed, prose=True)
    key_events = bool(own) and all(s.first.start > s.stamp_start for s in own)
    blocks = report.document.blocks
    # A table of postings holds whole texts, with timed lines of their own: its rows alone are the entries.
    # A row that is a label and its value ("Incident began at | …") states the window.
    labelled = {
        f.block
        for f in report.document.fields
        if _STATED.intersection(f.names) and blocks[f.block].start <= f.label_start < blocks[f.block].end
    }
    rows = [i for i in timed if blocks[i].kind is BlockKind.ROW and i not in labelled]
    enough = max(_MIN_LISTED, 2 * len(own))
    least = min(enough, len(own) + 1) if key_events else enough
    for indexes in (rows, _open_blocks(report, _NOT_LISTED)):
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


def _timeline_blocks(report: Report) -> list[int]:
    """Indexes of the blocks that stand in a timeline section or field, stamped sub-headings included."""
    document = report.document
    inside: list[bool] = []
    empty = False
    for section in document.sections:
        nested = section.parent >= 0 and inside[section.parent] and set(section.names) <= {"other"}
        # Under chaotic heading levels a day or an hour as a heading goes on with the timeline above it.
        stamped = bool(inside) and inside[-1] and _leads(report, section.start, section.end)
        # "Timeline" with nothing below it but a further heading ("Time (EAT)"): that one is its column head.
        header = bool(inside) and inside[-1] and empty and set(section.names) <= {"other", "metadata"}
        inside.append("timeline" in section.names or nested or stamped or header)
        empty = section.body_end <= section.body_start
    fields = [(f.start, f.end) for f in document.fields if "timeline" in f.names]
    if not fields and True not in inside:
        return []
    return [
        i
        for i, block in enumerate(document.blocks)
        if (block.section >= 0 and inside[block.section])
        or (fields and any(block.start < end and start < block.end for start, end in fields))
    ]


def _is_narrative(report: Report, indexes: Sequence[int], timed: Timed) -> bool:
    """Does a timeline consist of paragraphs whose stamps stand in sentences ("At 9:05 we …; Ada called at 9:10"), none first?"""
    plain, blocks = report.document.plain, report.document.blocks
    stamped = [i for i in indexes if i in timed]
    told = [(blocks[i], m) for i in stamped for m in timed[i]]
    return (
        len(told) >= _MIN_TOLD
        and all(blocks[i].kind is BlockKind.PARAGRAPH for i in stamped)
        and not any(_heads(plain, block, m.start) for block, m in told)
        and not all(_opens(plain, block, m.start) for block, m in told)
    )


def _leads(report: Report, start: int, end: int) -> bool:
    """Does a moment open the text `start:end`?"""
    mentions = report.mentions_between(start, end)
    return bool(mentions) and _LEAD.fullmatch(report.document.plain, start, mentions[0].start) is not None


def _open_blocks(report: Report, closed: frozenset[str]) -> list[int]:
    """Indexes of the blocks whose timed lines can be an account: no "Date:" fields, no section that is `closed`."""
    document = report.document
    stated = {
        f.block
        for f in document.fields
        if _STATED.intersection(f.names) and report.mentions_between(f.start, f.end)
    }
    shut = [bool(closed.intersection(section.names)) for section in document.sections]
    # "Remediation and prevention", "What went wrong", "Postmortem": what happened is told in paragraphs, what is to be done or
    # was learned in items.
    mixed = [is_mixed(section.names) for section in document.sections]
    return [
        i
        for i, block in enumerate(document.blocks)
        if i not in stated
        and not (
            block.section >= 0
            and shut[block.section]
            and not (mixed[block.section] and block.kind is BlockKind.PARAGRAPH)
        )
    ]


def is_mixed(names: tuple[str, ...]) -> bool:
    """May the paragraphs of a section of plans or lessons tell what happened?"""
    return ("actions" in names and "resolution" in names) or names == ("lessons",)


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
        s.listed and s.first.hour is not None and not _WORD.search(plain, s.start, blocks[indexes[n]].end)
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
    wordless = not _WORD.search(plain, stamped.start, max(end, stamped.start))
    if wordless and _WORD.search(plain, block.start, stamped.stamp_start):
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
    start = _skip(plain, stamped.start, end)
    return _extended(stamped, start, start + len(plain[start:end].rstrip().rstrip(",")))


def _extended(stamped: Stamped, start: int, end: int) -> Stamped:
    return Stamped(stamped.first, stamped.last, start, end, stamped.stamp_start, stamped.listed)


def _skip(plain: str, start: int, end: int) -> int:
    """The offset of an entry's first word: stamps are followed by dashes, colons, bars and closing brackets."""
    match = _SEPARATOR.match(plain, start, max(end, start))
    return match.end() if match else start


def _stamps(
    report: Report, block: Block, mentions: Sequence[Moment | Interval], *, prose: bool
) -> Iterator[Stamped]:
    """Entries that a block with `mentions` opens, their ends those of the block."""
    if block.kind is BlockKind.CODE:
        return
    if block.kind is BlockKind.ROW:
        yield from _row(report, block)
        return
    plain = report.document.plain
    opened = last_sentence = -1
    told = _Sentences(report, block)
    run = prose and _run_on(plain, mentions)
    for n, mention in enumerate(mentions):
        if mention.start < opened:
            continue
        first, last, after = _stamp(plain, mentions, n)
        opens = _opens(plain, block, mention.start) if prose else _heads(plain, block, mention.start)
        opens = opens or (run and n > 0)
        if opens and not _bare_date(plain, block, first, after):
            yield Stamped(first, last, after, block.end, mention.start, listed=True)
            opened = after
        elif block.kind is BlockKind.HEADING:
            return
        elif opened < 0 and first.hour is not None and (prose or _ends(plain, block, after)):
            sentence = told.at(mention.start)
            if sentence[0] > last_sentence and not _states_window(plain, mention, sentence):
                yield Stamped(first, last, *sentence, sentence[0], listed=False)
                last_sentence = sentence[0]


def _stamp(plain: str, mentions: Sequence[Moment | Interval], n: int) -> tuple[Moment, Moment | None, int]:
    """The stamp that begins with the n-th of `mentions`: start, end of a range, and the offset behind it. A date and a time
    apart ("Jul 27, 2018 | 19:44") are one stamp."""
    here = mentions[n]
    if isinstance(here, Moment) and here.hour is None and n + 1 < len(mentions):
        follower = mentions[n + 1]
        time = follower.first if isinstance(follower, Interval) else follower
        if time.hour is not None and time.day is None and _JOINT.fullmatch(plain, here.end, follower.start):
            whole = replace(
                time, start=here.start, year=here.year, month=here.month, day=here.day, weekday=here.weekday
            )
            return whole, follower.last if isinstance(follower, Interval) else None, follower.end
    if isinstance(here, Interval):
        return here.first, here.last, here.end
    return here, None, here.end


def _opens(plain: str, block: Block, offset: int) -> bool:
    """Does a stamp at `offset` open the block, a line of it or, behind a full stop, a further entry of a run-on paragraph?"""
    if (
        offset == block.start
        or _LEAD.fullmatch(plain, block.start, offset)
        or _LABEL.fullmatch(plain, block.start, offset)
    ):
        return True
    match = _CLAUSE.search(plain, max(block.start, offset - _REACH), offset)
    return match is not None and (block.kind is not BlockKind.ITEM or "\n" in match.group())


def _heads(plain: str, block: Block, offset: int) -> bool:
    """Does a stamp at `offset` stand first in the block or in a line of it, with no word before it but a label? Outside a
    timeline "At 9:05 we …" opens a sentence of a narrative, not a line of a list."""
    if (
        offset == block.start
        or _BARE.fullmatch(plain, block.start, offset)
        or _LABEL.fullmatch(plain, block.start, offset)
    ):
        return True
    line = plain.rfind("\n", max(block.start, offset - _REACH), offset)
    if line >= 0 and _BARE.fullmatch(plain, line, offset) is not None:
        return True
    begin = line if line >= 0 else block.start
    return _HEDGED.fullmatch(plain, begin, offset) is not None and _of_list(plain, block)


def _of_list(plain: str, block: Block) -> bool:
    """Is a block an item, or are several of its lines stamped?"""
    return block.kind is BlockKind.ITEM or (
        block.kind is BlockKind.PARAGRAPH
        and sum(1 for _ in islice(STAMPED_LINE.finditer(plain, block.start, block.end), _MIN_TOLD))
        >= _MIN_TOLD
    )


def _ends(plain: str, block: Block, offset: int) -> bool:
    """Does a stamp that ends at `offset` close its block ("Errors began 2024-03-02 08:15")?"""
    return (
        block.kind is BlockKind.ITEM
        and not _WORD.search(plain, offset, block.end)
        and block.end - block.start < _SHORT
    )


def _run_on(plain: str, mentions: Sequence[Moment | Interval]) -> bool:
    """Are several entries told in one line, each further stamp behind a comma ("2:15pm …, 2:17pm …, 2:20pm …")?"""
    return len(mentions) >= _MIN_TOLD and all(
        plain[max(0, m.start - 3) : m.start].rstrip().endswith((",", ";")) for m in mentions[1:]
    )


def _bare_date(plain: str, block: Block, first: Moment, after: int) -> bool:
    """A day that stands alone governs the lines below it and is no entry (the calendar carries it)."""
    return first.hour is None and (first.day is None or not _WORD.search(plain, after, block.end))


class _Sentences:
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


def _states_window(plain: str, mention: Moment | Interval, sentence: tuple[int, int]) -> bool:
    spans = isinstance(mention, Interval) or _SPANS.search(plain, sentence[0], mention.start) is not None
    return spans and _WINDOW.search(plain, *sentence) is not None


def _row(report: Report, block: Block) -> Iterator[Stamped]:
    """The entry of a table row: the cells that hold nothing but a stamp, and the text of the others."""
    plain = report.document.plain
    stamps: list[Moment | Interval] = []
    words: list[Cell] = []
    until: Moment | None = None
    for cell in block.cells:
        mentions = moments(report, cell.start, cell.end)
        rest = plain[cell.start : mentions[0].start] + plain[mentions[-1].end : cell.end] if mentions else ""
        if mentions and len(_WORD.findall(rest)) <= _STRAY and not words:
            if stamps and isinstance(mentions[0], Moment) and _UNTIL.fullmatch(cell.header):
                until = mentions[0]
            stamps.extend(mentions)
        elif mentions and not stamps and _leads(report, cell.start, cell.end):
            stamps.append(mentions[0])
            words.append(replace(cell, start=mentions[0].end))
        elif cell.end > cell.start and not (stamps and cell.end <= stamps[-1].end):
            words.append(cell)
    if stamps:
        words = _without_owners(words)
        first, last, after = _stamp(plain, stamps, 0)
        if last is None and until is not None and until.hour is not None:
            last = until
        start = words[0].start if words else max(after, block.end)
        yield Stamped(first, last, start, words[-1].end if words else block.end, stamps[0].start, listed=True)


def _without_owners(words: list[Cell]) -> list[Cell]:
    """Leave out the cells at the row's ends that say who did it, where others say what."""
    told = [not _WHO.intersection(label_names(cell.header)) for cell in words]
    if True not in told:
        return words
    return words[told.index(True) : len(told) - told[::-1].index(True)]


# Narrated entries ---------------------------------------------------------------------------------------------------


def _narrated(report: Report) -> list[Stamped]:
    """The timed sentences of a report that lists no timeline; sentences that only state the window are none."""
    found = _sentences_told(report, _open_blocks(report, _NOT_NARRATIVE), moments_by_block(report))
    return _once(report, found)


def _sentences_told(report: Report, indexes: Sequence[int], timed: Timed) -> list[Stamped]:
    """The timed sentences of the given blocks."""
    document, plain = report.document, report.document.plain
    found: list[Stamped] = []
    for i in indexes:
        block, mentions = document.blocks[i], timed.get(i, ())
        if not mentions or block.kind in (BlockKind.CODE, BlockKind.HEADING, BlockKind.ROW):
            continue
        taken, told = -1, _Sentences(report, block)
        sentence, led, count = (-1, -1), False, 0
        for n, mention in enumerate(mentions):
            first, last, after = _stamp(plain, mentions, n)
            if mention.start < taken or not (
                first.hour is not None or (first.day is not None and first.month is not None)
            ):
                continue
            before, sentence = sentence, told.at(mention.start)
            start, end = sentence
            if _states_window(plain, mention, sentence) or end - start - (after - mention.start) < _SHORTEST:
                continue
            taken = after
            count = count + 1 if sentence == before else 1
            if count == 1:
                led = _LEAD.fullmatch(plain, start, mention.start) is not None
                begin = _skip(plain, after, end) if led else start
                found.append(Stamped(first, last, begin, end, mention.start if led else start, listed=False))
            elif first.hour is not None and count <= _MOST_OF_SENTENCE:
                # A further stamp of a sentence that opens with one has a clause of its own; where none opens it, the
                # sentence is told as a whole and belongs to each of its stamps.
                clause = _clause(plain, mention.start, after, end) if led else start
                if clause is not None:
                    stamp = mention.start if led else start
                    found.append(Stamped(first, last, clause, end, stamp, listed=False))
    return found


def _once(report: Report, found: list[Stamped]) -> list[Stamped]:
    """Leave out the sentences of a summary whose moments all stand in a longer account below it once more."""
    sections = report.document.sections
    starts = [section.start for section in sections]

    def section(stamped: Stamped) -> int:
        return bisect_right(starts, stamped.first.start) - 1

    told = Counter(section(s) for s in found)
    account = [s for s in found if told[section(s)] >= _MIN_TOLD]
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


def _clause(plain: str, stamp: int, after: int, end: int) -> int | None:
    """Where the clause of a sentence's second stamp begins ("… and by 9:40 traffic had returned"), if it has one of its own."""
    if not _CLAUSE_JOINT.search(plain, max(0, stamp - _REACH), stamp):
        return None
    start = _skip(plain, after, end)
    return start if len(_WORD.findall(plain, start, end)) >= 3 else None
