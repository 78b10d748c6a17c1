"""What driver and workers tell each other: settings, tasks (shards of items), and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from postmortem.inputs import Item, Limits
from postmortem.record import Incident

Form = Literal["jsonl", "jsonl.gz", "csv", "none"]

FIELDS: Final[dict[str, Callable[[Incident], object]]] = {
    "title": lambda i: i.title,
    "sections": lambda i: i.sections,
    "outage start": lambda i: i.outage.start,
    "outage end": lambda i: i.outage.end,
    "duration": lambda i: i.outage.duration_minutes is not None,
    "impact percentages": lambda i: i.impact.percentages,
    "impact figures": lambda i: i.impact.figures,
    "severity": lambda i: i.severity,
    "affected": lambda i: i.affected.services or i.affected.regions,
    "detection": lambda i: i.detection,
    "timeline": lambda i: i.timeline,
    "root cause": lambda i: i.root_cause,
    "trigger": lambda i: i.trigger,
    "contributing factors": lambda i: i.contributing_factors,
    "false leads": lambda i: i.false_leads,
    "resolution": lambda i: i.resolution,
    "categories": lambda i: i.categories,
    "actions": lambda i: i.actions,
    "lessons": lambda i: i.lessons.went_well or i.lessons.went_wrong or i.lessons.got_lucky,
    "findings": lambda i: i.findings,
}
"""The fields that a summary counts, and how to see whether a record has them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How every report of a batch is converted. Picklable, as `convert` must be: workers are processes of their own.

    `form` is what the records are written as, `tables` whether the rows of every table are wanted too. `timeout` is in
    seconds for one report, ``None`` for no limit; `model` the folder of a model for the categories. `convert` gives the
    records of an item, and raises `ReadError` for one that cannot be read.
    """

    convert: Callable[[Item, Settings], tuple[Incident, ...]]
    form: Form = "jsonl"
    tables: bool = False
    with_text: bool = False
    model: str | None = None
    timeout: float | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item. `identity` is of its text (the first record's id); `fields` says of each of `FIELDS`, one byte
    each, in how many of its records it was found (at most 255)."""

    name: str
    stamp: str
    status: str
    reason: str | None = None
    identity: str | None = None
    records: int = 0
    sha256: str | None = None
    media_type: str | None = None
    characters: int | None = None
    fields: bytes = b""


@dataclass(frozen=True, slots=True)
class Old:
    """A shard of an earlier run: its records and the rows of its tables, as they were stored."""

    records: bytes
    rows: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """An item that an earlier run converted: in which shard (an index of `Task.old`), and its first line in there."""

    old: int
    line: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Task:
    """A shard: items that are converted together. `first` is the place of the first one among all items of the batch.

    `kept` holds, by position, those that need not be converted again; `failures` those that must not be tried (again),
    with the reason.
    """

    first: int
    items: tuple[Item, ...]
    kept: Mapping[int, Kept] = field(default_factory=dict)
    old: tuple[Old, ...] = ()
    failures: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """What a shard came to: one outcome an item, the records in the form asked for, and the rows of each table that has any."""

    outcomes: tuple[Outcome, ...]
    records: bytes
    rows: Mapping[str, bytes]


class BatchError(RuntimeError):
    """A batch that cannot go on: no worker starts, or the cluster is lost. What was done is kept for the next run."""


class LostError(Exception):
    """A shard that its worker could not finish, for none of its reports in particular (out of memory, say)."""
