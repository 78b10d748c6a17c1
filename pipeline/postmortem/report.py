"""A report ready for extraction: its document and everything that is found once and used by many.

Every extractor is a plain function from a `Report` (and, where it needs them, earlier results) to record types.
"""

from __future__ import annotations

from dataclasses import dataclass

from postmortem.clock.model import Mention
from postmortem.document import Document
from postmortem.record import Evidence


@dataclass(frozen=True, slots=True)
class Report:
    """`mentions` are the temporal expressions of the whole text, in order, not overlapping."""

    document: Document
    mentions: tuple[Mention, ...]

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        """Return the evidence for source characters `start:end`."""
        return Evidence(start, end, self.document.text[start:end], rule)
