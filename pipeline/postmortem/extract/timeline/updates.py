"""The updates of a status page: the text of each with its stamp in a line below it, or beside the name of its state above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from postmortem.clock.model import Moment
from postmortem.document import Block, BlockKind
from postmortem.extract.stamps import Stamped, moments
from postmortem.extract.timeline.marks import WORD
from postmortem.report import Report

_MIN_UPDATES: Final = 2
_LONGEST_STAMP: Final = 80
_MOST_PARAGRAPHS: Final = 6
_MIN_ALIKE: Final = 3
_MOST_WORDS: Final = 6
_BRACKETED: Final = re.compile(r"\([^()]{0,60}\)")
_POSTED: Final = re.compile(
    r"\W{0,4}(?:(?:posted|updated|published)(?: on)?(?: (?:an?|[0-9]{1,3}) [a-z]{3,7} ago)?)?\W{0,4}",
    re.IGNORECASE,
)
_STATE: Final = re.compile(
    r"(?:investigating|identified|monitoring|resolved|updated?|completed|in progress|verifying|scheduled|mitigated"
    r"|recovering|fixed|closed|open(?:ed)?|watching|observing|post-?mortem|rfo|rca)\b",
    re.IGNORECASE,
)


def updates(report: Report) -> list[Stamped]:
    """Entries of a status page: the text of each update, its stamp alone in a line below it, or beside the name of its state, or
    the words that head all of them, in a line above."""
    return _closed_by_stamps(report) or _headed(report) or _headed_alike(report)


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
    return _below(report, heads) if len(heads) >= _MIN_UPDATES else []


def _headed_alike(report: Report) -> list[Stamped]:
    """Entries of posts that stand below lines with a stamp and the same few words ("2024-05-05 09:02  Bulletin 3",
    "Ada Lin added a comment - 5 May 2024, 09:02")."""
    blocks = report.document.blocks
    heads = [(i, *head) for i, block in enumerate(blocks) if (head := _stamp_and_words(report, block))]
    if len(heads) < _MIN_ALIKE:
        return []
    same = set.intersection(*(words for _, _, words in heads))
    # "Mira Lund wrote on …" is alike, "pump stopped", "pump mended" is not.
    if not all(2 * len(same) >= len(words) + (len(same) == 1 < len(words)) for _, _, words in heads):
        return []
    return _below(report, [(i, stamp, "") for i, stamp, _ in heads])


def _below(report: Report, heads: Sequence[tuple[int, Moment, str]]) -> list[Stamped]:
    """Return the entries below the blocks that head them, each given with its stamp and state; none where one has no text."""
    blocks = report.document.blocks
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
    return state is not None and not WORD.search(plain, state.end(), block.end)


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
    word = WORD.search(around)
    state = None if word is None else _STATE.match(around, word.start())
    return (stamp, _telling(state[0])) if state is not None and not WORD.search(around, state.end()) else None


def _stamp_and_words(report: Report, block: Block) -> tuple[Moment, set[str]] | None:
    """Return the stamp of a block that begins or ends with it, and its few other words, without figures and what
    stands in brackets."""
    if block.end - block.start > _LONGEST_STAMP or block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        return None
    plain, mentions = report.document.plain, moments(report, block.start, block.end)
    stamp = mentions[0] if len(mentions) == 1 else None
    if not isinstance(stamp, Moment) or stamp.hour is None:
        return None
    before, behind = plain[block.start : stamp.start], plain[stamp.end : block.end]
    if WORD.search(before) and WORD.search(behind):
        return None
    said = _BRACKETED.sub(" ", f"{before} {behind}").lower()
    words = {word for word in WORD.findall(said) if not word.isdigit()}
    return (stamp, words) if 0 < len(words) <= _MOST_WORDS else None


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
    return _POSTED.fullmatch(plain, block.start, stamp.start) is not None and not WORD.search(
        plain, stamp.end, block.end
    )


def _update_above(report: Report, stamp: int) -> int:
    """The first block of the update that ends with the block `stamp`: the one that names its state, else the one right above."""
    blocks, plain = report.document.blocks, report.document.plain
    for i in range(stamp - 1, max(-1, stamp - 1 - _MOST_PARAGRAPHS), -1):
        if _STATE.match(plain, blocks[i].start, blocks[i].end):
            return i
    return stamp - 1
