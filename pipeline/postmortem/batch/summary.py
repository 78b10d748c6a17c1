"""What a batch came to, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from postmortem.batch.model import FIELDS, Outcome

_REASONS: Final = 8
_MOST_REASONS: Final = 1_000


@dataclass(slots=True)
class Summary:
    """What a batch came to.

    `files` by `statuses` (with ``failed``), `records`, and in how many of them each of `FIELDS` was found. `duplicates` are the
    files whose text an earlier one has (their status is counted as well). `converted` were tried in this run, `skipped` are as
    an earlier run left them, `removed` were in an earlier run and are no longer there. `reasons` are the most frequent ones
    of failures.
    """

    files: int = 0
    records: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    converted: int = 0
    skipped: int = 0
    removed: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[tuple[Outcome, str | None]]) -> Self:
        """Count files, each with the name of the earlier file that has the same text, if any."""
        found = cls()
        for outcome, twin in outcomes:
            found.add(outcome, twin)
        found.reasons = Counter(dict(found.reasons.most_common(_REASONS)))
        return found

    def add(self, outcome: Outcome, twin: str | None = None) -> None:
        """Count one file."""
        self.files += 1
        self.records += outcome.records
        self.statuses[outcome.status] += 1
        self.duplicates += twin is not None
        for name, count in zip(FIELDS, outcome.fields, strict=False):
            self.fields[name] += count
        if outcome.reason is not None and len(self.reasons) < _MOST_REASONS:
            self.reasons[outcome.reason] += 1

    @property
    def failed(self) -> int:
        """How many files gave no record."""
        return self.statuses["failed"]
