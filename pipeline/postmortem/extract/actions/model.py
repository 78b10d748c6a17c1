"""What the readers of actions hand on: one item before it is typed."""

from __future__ import annotations

from dataclasses import dataclass

from postmortem.record import ActionType


@dataclass(frozen=True, slots=True)
class Found:
    """One item before it is typed: its extent, the rule that found it, and what its table row or sub-items say of it."""

    start: int
    end: int
    rule: str
    owner: str | None = None
    due: str | None = None
    ticket: str | None = None
    type: ActionType | None = None
