"""What there is to convert, one item each, and how much of it a batch is willing to take."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from postmortem.read import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to convert, picklable and small. Exactly one of `path`, `data`, `text` and `failure` is set.

    `name` becomes `Source.path`: ``/`` on every system, members as ``a.zip/b.md``, rows as ``t.csv#17``. `path` is a plain
    file that whoever converts the item reads, `data` a member's bytes, `text` a text that is known already (a table's
    cell, an export's updates), `failure` why this input could not even be listed. `stamp` changes whenever the content
    may have: ``size:mtime_ns`` of a file, a digest of anything else, ``""`` where there is nothing to read. `metadata`
    is kept as `Source.metadata`. `media_type` is what the container says that `data` or `text` is (``None``: its name
    and content tell).
    """

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    stamp: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    failure: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused, and named: sizes in bytes, unpacked.

    `report_bytes`: one report (a file, member, message, cell). `container_bytes`: a container that has to be held in
    memory (an archive in an archive, an export in JSON). `members` and `total_bytes`: what one file given may hold.
    `depth`: archives, mailboxes and attachments in one another. `ratio`: how many times larger than packed a member of
    more than `small_bytes` may be.
    """

    report_bytes: int = MAX_BYTES
    container_bytes: int = 200_000_000
    members: int = 1_000_000
    total_bytes: int = 20_000_000_000
    depth: int = 3
    ratio: int = 300
    small_bytes: int = 1_000_000


LIMITS: Final = Limits()
"""What holds where the caller says nothing."""


def digest(content: bytes | str, metadata: tuple[tuple[str, str], ...] = ()) -> str:
    """Return the stamp of an item that is no file: a digest of its content and what is kept with it."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    found = hashlib.sha256(data)
    for pair in metadata:
        found.update("\0".join(("", *pair)).encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:32]


def failed(name: str, reason: str, stamp: str = "") -> Item:
    """Return the item of an input that could not be listed."""
    return Item(name, failure=reason, stamp=stamp)
