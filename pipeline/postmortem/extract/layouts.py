"""Timelines that are laid out in other ways than lines which begin with a stamp.

The updates of a status page, the messages of a chat, and times counted from the beginning ("T+5 min").
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date as Date
from datetime import timedelta
from typing import Final

from postmortem.clock.model import Interval, Moment
from postmortem.document import Block, BlockKind
from postmortem.extract.stamps import Stamped, moments
from postmortem.report import Report

_MIN_UPDATES: Final = 2
_MIN_MESSAGES: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_REACH: Final = 30
_LONGEST_STAMP: Final = 80
_MOST_PARAGRAPHS: Final = 6
_POSTED: Final = re.compile(
    r"\W{0,4}(?:(?:posted|updated|published)(?: on)?(?: (?:an?|[0-9]{1,3}) [a-z]{3,7} ago)?)?\W{0,4}",
    re.IGNORECASE,
)
_STATE: Final = re.compile(
    r"(?:investigating|identified|monitoring|resolved|updated?|completed|in progress|verifying|scheduled|mitigated"
    r"|recovering|fixed|closed|post-?mortem|rfo|rca)\b",
    re.IGNORECASE,
)
# Who wrote a message, before its time.
_NAMED: Final = re.compile(r"\W{0,4}[A-Za-z][\w.'-]{1,20}(?: [A-Z][\w.'-]{0,20}){0,2}[ \t]{1,8}[(\[]?")
# "T+5 min", "T + 1:20", "T-2h 10m", "T0": the time since the beginning that opens a line; "T0 = 14:00": the beginning.
_MINUTES: Final = r"(?:minutes?|mins?|m)(?![A-Za-z])"
_SINCE: Final = re.compile(
    r"^[^\w\n+]{0,12}(?P<stamp>T ?(?:0|(?P<sign>[+\u2212-]) ?(?P<count>[0-9]{1,4})(?::(?P<minutes>[0-9]{2}))?"
    rf"(?: ?(?:(?P<days>days?|d)|(?P<hours>hours?|hrs?|h)|{_MINUTES})(?![A-Za-z]))?"
    rf"(?:(?<=[A-Za-z])(?:,| and)? ?(?P<rest>[0-5]?[0-9]) ?{_MINUTES})?))(?![\w+])",
    re.MULTILINE,
)
_ZERO: Final = re.compile(r"\bT ?(?:[+-] ?)?0\b\W{0,4}(?:(?:is|was|at|start(?:ed)?|means)\b\W{0,4}){0,2}")
_AFTER_STAMP: Final = re.compile(r"[\s:;,.|)\]>=-]{0,40}")


# Updates with the stamp below them, or with state and stamp above -----------------------------------------------------


def updates(report: Report) -> list[Stamped]:
    """Entries of a status page: the text of each update, its stamp alone in a line below it, or beside the name of its state in
    a line above."""
    return _closed_by_stamps(report) or _headed(report)


def _closed_by_stamps(report: Report) -> list[Stamped]:
    """Entries of a page whose updates have their stamp below them; none where text follows the last stamp, unless the name of
    the next one's state follows each of the others, which only a page of this layout has."""
    blocks = report.document.blocks
    stamps = [i for i, block in enumerate(blocks) if _is_stamp(report, block)]
    if len(stamps) < _MIN_UPDATES or stamps[0] == 0:
        return []
    if stamps[-1] < len(blocks) - 1 and not all(_is_state(report, blocks[i + 1]) for i in stamps[:-1]):
        return []
    found = []
    before = -1
    for i in stamps:
        first = before + 1 if before >= 0 else _update_above(report, i)
        before = i
        if first == i:
            return []  # two stamps in a row: another layout
        stamp = moments(report, blocks[i].start, blocks[i].end)[0]
        assert isinstance(stamp, Moment)
        # The name of the state says less than the text below it.
        body = first + 1 if first + 1 < i and _is_state(report, blocks[first]) else first
        state = (
            _telling(report.document.quote(blocks[first].start, blocks[first].end)) if body > first else ""
        )
        begin = blocks[first].start
        found.append(
            Stamped(stamp, None, blocks[body].start, blocks[i - 1].end, begin, listed=True, state=state)
        )
    return found


def _headed(report: Report) -> list[Stamped]:
    """Entries of a page whose updates stand below a line with nothing but their state and stamp ("[5 May, 14:02 UTC] RESOLVED",
    "**Monitoring** · Mar 15, 07:52 GMT")."""
    blocks = report.document.blocks
    heads = [(i, *head) for i, block in enumerate(blocks) if (head := _state_and_stamp(report, block))]
    if len(heads) < _MIN_UPDATES:
        return []
    stops = [*(i for i, _, _ in heads[1:]), len(blocks)]
    found = []
    for (i, stamp, state), stop in zip(heads, stops, strict=True):
        # What follows the last update under a heading of its own is no part of it.
        named = (n for n in range(i + 1, stop) if blocks[n].kind is BlockKind.HEADING)
        last = next(named, stop) - 1
        if last == i:
            return []
        begin = blocks[i].start
        found.append(
            Stamped(stamp, None, blocks[i + 1].start, blocks[last].end, begin, listed=True, state=state)
        )
    return found


def _is_state(report: Report, block: Block) -> bool:
    """Is a block nothing but the name of an update's state?"""
    plain = report.document.plain
    state = _STATE.match(plain, block.start, block.end)
    return state is not None and not _WORD.search(plain, state.end(), block.end)


def _telling(state: str) -> str:
    """Return a state; that of an update alone says nothing of the incident's."""
    return "" if state.lower().startswith("update") else state


def _state_and_stamp(report: Report, block: Block) -> tuple[Moment, str] | None:
    """Return the stamp and the state of a block that holds the two and nothing else."""
    if block.end - block.start > _LONGEST_STAMP or block.kind is BlockKind.CODE:
        return None
    plain, mentions = report.document.plain, moments(report, block.start, block.end)
    stamp = mentions[0] if len(mentions) == 1 else None
    if not isinstance(stamp, Moment) or stamp.hour is None:
        return None
    around = f"{plain[block.start : stamp.start]} {plain[stamp.end : block.end]}"
    word = _WORD.search(around)
    state = None if word is None else _STATE.match(around, word.start())
    return (
        (stamp, _telling(state[0])) if state is not None and not _WORD.search(around, state.end()) else None
    )


def _is_stamp(report: Report, block: Block) -> bool:
    """Does a paragraph hold a date with a time and nothing else ("Posted 2 years ago. Mar 5, 2024 - 14:02 UTC")?"""
    if block.kind is not BlockKind.PARAGRAPH or block.end - block.start > _LONGEST_STAMP:
        return False
    plain, mentions = report.document.plain, moments(report, block.start, block.end)
    if (
        len(mentions) != 1
        or not isinstance(mentions[0], Moment)
        or mentions[0].hour is None
        or not mentions[0].day
    ):
        return False
    stamp = mentions[0]
    return _POSTED.fullmatch(plain, block.start, stamp.start) is not None and not _WORD.search(
        plain, stamp.end, block.end
    )


def _update_above(report: Report, stamp: int) -> int:
    """The first block of the update that ends with the block `stamp`: the one that names its state, else the one right above."""
    blocks, plain = report.document.blocks, report.document.plain
    for i in range(stamp - 1, max(-1, stamp - 1 - _MOST_PARAGRAPHS), -1):
        if _STATE.match(plain, blocks[i].start, blocks[i].end):
            return i
    return stamp - 1


# Messages of a chat ---------------------------------------------------------------------------------------------------


def messages(report: Report) -> list[Stamped]:
    """Entries of a chat's export: lines with a name and a time and nothing else, the message below each."""
    plain = report.document.plain
    headers: list[tuple[int, Moment, int]] = []
    for mention in report.mentions:
        if not isinstance(mention, Moment) or mention.hour is None:
            continue
        end = plain.find("\n", mention.end, mention.end + _REACH)
        if end == -1 or plain[mention.end : end].strip(" \t)]:"):
            continue
        begin = plain.rfind("\n", 0, mention.start) + 1
        if _NAMED.fullmatch(plain, begin, mention.start):
            headers.append((begin, mention, end))
    if len(headers) < _MIN_MESSAGES:
        return []
    # What follows the last message under a heading of its own is no part of it.
    below = (s.start for s in report.document.sections if s.names and s.start > headers[-1][2])
    stops = [*(begin for begin, _, _ in headers[1:]), next(below, len(plain))]
    found = []
    for (begin, stamp, end), stop in zip(headers, stops, strict=True):
        text = plain[end:stop]
        start = end + len(text) - len(text.lstrip())
        if start < end + len(text):
            found.append(Stamped(stamp, None, start, end + len(text.rstrip()), begin, listed=True))
    return found if len(found) == len(headers) else []


# Times since the beginning --------------------------------------------------------------------------------------------


def relative(report: Report) -> list[Stamped]:
    """Entries whose stamps count from the beginning; none where the text does not say when that was."""
    plain = report.document.plain
    if "T+" not in plain and "T +" not in plain:
        return []
    lines = [m for m in _SINCE.finditer(plain) if m["sign"] or not _says_zero(report, m)]
    zero = _zero(report) if len(lines) >= _MIN_UPDATES else None
    if zero is None:
        return []
    found = []
    for line in lines:
        end = plain.find("\n", line.end())
        stop = len(plain) if end == -1 else end
        match = _AFTER_STAMP.match(plain, line.end(), stop)
        start = match.end() if match is not None else line.end()
        text = plain[start:stop].rstrip()
        if text:
            stamp = replace(_later(zero, _since(line)), start=line.start("stamp"), end=line.end("stamp"))
            found.append(Stamped(stamp, None, start, start + len(text), line.start("stamp"), listed=True))
    return found


def _says_zero(report: Report, line: re.Match[str]) -> bool:
    """Does a line that begins with "T0" only say when that was?"""
    said = _ZERO.match(report.document.plain, line.start("stamp"))
    return said is not None and bool(report.mentions_between(said.end(), said.end() + 1))


def _since(line: re.Match[str]) -> int:
    """Return the minutes from the beginning to a stamp, less than nought before it."""
    if line["count"] is None:
        return 0
    unit = 24 * 60 if line["days"] else 60 if line["hours"] or line["minutes"] else 1
    minutes = int(line["count"]) * unit + int(line["minutes"] or line["rest"] or 0)
    return minutes if line["sign"] == "+" else -minutes


def _zero(report: Report) -> Moment | None:
    """Return the moment that "T0" or "T+0" stands for, its date completed as far as the report gives one."""
    for match in _ZERO.finditer(report.document.plain):
        mention = next(iter(report.mentions_between(match.end(), match.end() + 1)), None)
        moment = mention.first if isinstance(mention, Interval) else mention
        if isinstance(moment, Moment) and moment.hour is not None:
            date = report.calendar.point(moment).date
            if date is None or "X" in date:
                return moment
            return replace(moment, year=int(date[:4]), month=int(date[5:7]), day=int(date[8:]), weekday=None)
    return None


def _later(moment: Moment, minutes: int) -> Moment:
    days, rest = divmod((moment.hour or 0) * 60 + (moment.minute or 0) + minutes, 24 * 60)
    later = replace(moment, hour=rest // 60, minute=rest % 60, meridiem="24h")
    if not days or moment.year is None or moment.month is None or moment.day is None:
        return replace(later, next_day=bool(days))
    try:
        day = Date(moment.year, moment.month, moment.day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return later
    return replace(later, year=day.year, month=day.month, day=day.day)
