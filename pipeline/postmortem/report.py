"""A report ready for extraction: its document and everything that is found once and used by many.

Every extractor is a plain function from a `Report` (and, where it needs them, earlier results) to record types.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postmortem.clock.carry import Calendar
from postmortem.account import Account
from postmortem.clock.model import Mention
from postmortem.document import Document
from postmortem.record import Evidence


@dataclass(frozen=True, slots=True)
class Report:
    """`mentions` are the temporal expressions of the whole text, in order, not overlapping; `calendar` completes them
    with the dates and zones that the report gives elsewhere; `account` holds its sentences, and what may be found in each."""

    document: Document
    mentions: tuple[Mention, ...]
    calendar: Calendar
    account: Account = field(init=False, compare=False, repr=False)
    _starts: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "account", Account(self.document))
        object.__setattr__(self, "_starts", tuple([mention.start for mention in self.mentions]))

    def mentions_between(self, start: int, end: int) -> tuple[Mention, ...]:
        """Return the mentions that begin in source characters `start:end`."""
        first = bisect_left(self._starts, start)
        return self.mentions[first : bisect_left(self._starts, end, first)]

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        """Return the evidence for source characters `start:end`."""
        return Evidence(start, end, self.document.text[start:end], rule)
