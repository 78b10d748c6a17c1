"""Where a timeline entry stands, before its date and time are completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postmortem.clock.model import Interval, Moment, Span
from postmortem.report import Report


@dataclass(frozen=True, slots=True)
class Stamped:
    """Where an entry stands: its stamp (one mention, or a date and a time apart) and the extent of its text; for the update of
    a status page, the name of its state."""

    first: Moment
    last: Moment | None
    start: int
    end: int
    stamp_start: int
    listed: bool
    state: str = ""


# The moments and intervals of a report by the index of the block in which each begins, in text order.
Timed = Mapping[int, Sequence[Moment | Interval]]


def moments_by_block(report: Report) -> Timed:
    """Return the moments and intervals of the blocks that hold any."""
    found: dict[int, list[Moment | Interval]] = {}
    blocks = report.document.blocks
    last = len(blocks) - 1
    at = 0
    for mention in report.mentions:
        start = mention.start
        while at < last and blocks[at].end <= start:
            at += 1
        if isinstance(mention, Span) or at > last or not blocks[at].start <= start < blocks[at].end:
            continue
        if at in found:
            found[at].append(mention)
        else:
            found[at] = [mention]
    return found


def moments(report: Report, start: int, end: int) -> list[Moment | Interval]:
    return [m for m in report.mentions_between(start, end) if not isinstance(m, Span)]
