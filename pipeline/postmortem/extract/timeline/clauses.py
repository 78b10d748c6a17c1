"""A sentence that tells of several moments: which of its stamps have an entry of their own, and what part of it each tells.

"The first alarm was raised at 8:01, and a commander was named at 8:06" tells of two; "retried at 14:16, 14:17 and again at
14:20", "failed at 9:10 and was down until 9:30" and "restarted at 5:02 (restarts are due at 5:00)" tell of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from postmortem.clock.model import Moment
from postmortem.extract.stamps import Stamped
from postmortem.extract.timeline.marks import LEAD, WORD, skip


class Stamp(NamedTuple):
    """A stamp of a sentence: its moment, the end of its range, where it begins and the offset behind it."""

    first: Moment
    last: Moment | None
    start: int
    after: int


# What parts the clauses of a sentence, the strongest first.
_JOINTS: Final = tuple(
    re.compile(joint, re.IGNORECASE)
    for joint in (
        r";\s{1,4}(?:(?:and|but|then|so)\s)?",
        r",?\s(?:(?:and|but|so|then|while|until)\s){1,2}(?=(?:at|by|around|on|from)\s)",
        r",\s{1,4}(?:(?:and|but|so|then|yet|while|which|until)\s){1,2}",
        r"[,\u2013\u2014]\s{1,4}",
        r"\s(?:(?:and|but|then)\s){1,2}",
    )
)
# Words that join moments of one and the same thing.
_SAME: Final = re.compile(r"(?:[\W\d_]|\b(?:and|or|then|again|also|at|by|about|around)\b)*", re.IGNORECASE)
_UNTIL: Final = re.compile(
    r"\b(?:until|till|through)\s(?:about\s|around\s|nearly\s|almost\s)?[~(]?\Z", re.IGNORECASE
)
_ASKS: Final = re.compile(
    r"\b(?:at|by|around|on|from)\s(?:about\s|around\s)?[~(]?\Z|[;.]\s{1,4}\Z", re.IGNORECASE
)
_GOES_ON: Final = re.compile(r",?\s(?!(?:and|or|then|but)\b)[\W_]{0,3}[^\W\d_]")
# The subject of a clause, behind a comma.
_SUBJECT: Final = re.compile(
    r",\s(?:the|a|an|we|i|it|he|she|they|our|its|their|all|every\w{0,5}|no)\s", re.IGNORECASE
)
_STOP: Final = re.compile(r"[.;!?\n]")
_FEWEST_WORDS: Final = 4
_FEWEST_BEFORE: Final = 3
_FEWEST_BEHIND: Final = 2
_REACH: Final = 300
# A sentence with more stamps than this is a log in one line: repeating it for each would cost the square of its length.
_MOST: Final = 4


def entries_of_sentence(plain: str, start: int, end: int, stamps: Sequence[Stamp]) -> Iterator[Stamped]:
    """Yield the entries of the sentence `start:end`, which holds `stamps` in order: each its clause, or all the whole."""
    told = list(_told(plain, stamps))
    joints = [_joint(plain, start, a, b) for a, b in zip(told, told[1:], strict=False)]
    limits = [
        (start, start),
        *((joint.start(), joint.end()) if joint else None for joint in joints),
        (end, end),
    ]
    for n, stamp in enumerate(told):
        before, behind = limits[n], limits[n + 1]
        begin = before[1] if before else start
        stop = behind[0] if behind else end
        led = LEAD.fullmatch(plain, begin, stamp.start) is not None
        if before is None and LEAD.fullmatch(plain, start, told[0].start):
            continue  # a sentence that opens with its stamp, and tells one thing
        text = skip(plain, stamp.after, stop) if led else begin
        yield Stamped(stamp.first, stamp.last, text, stop, stamp.start if led else begin, listed=False)


def _told(plain: str, stamps: Sequence[Stamp]) -> Iterator[Stamp]:
    """Yield the stamps of a sentence that something is told of: the first, and of the others those that have a clock time and are
    no further time of the same thing, no end of a length of time and no aside."""
    before = None
    for stamp in stamps[:_MOST]:
        if before is None:
            yield stamp
        elif stamp.first.hour is None:
            continue
        elif not _is_aside(plain[max(before.after, stamp.start - _REACH) : stamp.start], plain, stamp):
            yield stamp
        before = stamp


def _is_aside(between: str, plain: str, stamp: Stamp) -> bool:
    if _UNTIL.search(between) or _inside(between, 0, len(between)):
        return True
    # "…, and at 8:06 the team met" goes on with a clause of its own, "… and at 8:06." does not.
    behind = _GOES_ON.match(plain, stamp.after)
    told = _ASKS.search(between) is not None and behind is not None
    apart = "," in between or ";" in between or not plain.startswith(",", stamp.after)
    apart = apart or _SUBJECT.match(plain, stamp.after) is not None
    return not (told and apart) and _SAME.fullmatch(between) is not None


def _joint(plain: str, start: int, before: Stamp, stamp: Stamp) -> re.Match[str] | None:
    """Return what stands between two clauses, each with a stamp; None where they are one."""
    low = max(before.after, stamp.start - _REACH)
    led = len(WORD.findall(plain, start, before.start)) < _FEWEST_BEFORE
    for pattern in _JOINTS:
        found = [m for m in pattern.finditer(plain, low, stamp.start) if not _inside(plain, low, m.start())]
        if found:
            joint = found[-1]
            own = WORD.search(plain, before.after, joint.start()) or not led
            return joint if own and _is_clause(plain, joint.end(), stamp) else None
    return None


def _inside(plain: str, start: int, end: int) -> bool:
    """Is a bracket that opened behind `start` still open at `end`?"""
    return plain.count("(", start, end) > plain.count(")", start, end)


def _is_clause(plain: str, start: int, stamp: Stamp) -> bool:
    """Do words enough stand between a joint and the next stop, the stamp and what asks for it aside?"""
    stop = _STOP.search(plain, stamp.after)
    behind = len(WORD.findall(plain, stamp.after, stop.start() if stop else len(plain)))
    if LEAD.fullmatch(plain, start, stamp.start):
        return behind >= _FEWEST_BEHIND
    return behind + len(WORD.findall(plain, start, stamp.start)) > _FEWEST_WORDS
