"""Where listing stands: a file or member that may hold others, and what is left of the limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from postmortem.inputs.folders import printable
from postmortem.inputs.model import Item, Limits, digest
from postmortem.read.formats import CONTAINERS, EML, of_suffix

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f]")
_CHUNK: Final = 1 << 20

Metadata = tuple[tuple[str, str], ...]


class LimitError(Exception):
    """One file given holds more than the limits allow: listing it ends here."""


@dataclass(slots=True)
class Budget:
    """What one file given may still unfold to."""

    limits: Limits
    members: int = 0
    bytes: int = 0

    def member(self) -> None:
        """Count one member more. Raises LimitError."""
        self.members += 1
        if self.members > self.limits.members:
            raise LimitError(f"more than {self.limits.members:,} members; those after are left out")

    def unpacked(self, size: int) -> None:
        """Count bytes that were unpacked. Raises LimitError."""
        self.bytes += size
        if self.bytes > self.limits.total_bytes:
            total = in_megabytes(self.limits.total_bytes)
            raise LimitError(f"unpacks to more than {total}; what comes after is left out")


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says of tables, and the limits."""

    text_column: str | None = None
    id_column: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Node:
    """A file (`path`) or a member (`data`) that may be a report or hold some; `depth` counts what it is in."""

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    depth: int = 0
    stamp: str = ""
    metadata: Metadata = ()
    media_type: str | None = None

    def open(self) -> IO[bytes]:
        """Return its bytes as a seekable stream. Raises OSError."""
        return self.path.open("rb") if self.path is not None else BytesIO(self.data or b"")

    def item(self, metadata: Metadata = ()) -> Item:
        """Return the item of a node that is a report itself."""
        kept = self.metadata + metadata
        stamp = self.stamp or digest(self.data or b"", kept)
        return Item(self.name, self.path, self.data, None, stamp, kept, None, self.media_type)

    def member(self, name: str, data: bytes, metadata: Metadata = (), media_type: str | None = None) -> Node:
        """Return the node of something in this one."""
        return Node(f"{self.name}/{name}", None, data, self.depth + 1, "", metadata, media_type)

    def row(self, key: str, text: str, metadata: Metadata = ()) -> Item:
        """Return the item of a text in this one."""
        return Item(f"{self.name}#{key}", text=text, stamp=digest(text, metadata), metadata=metadata)


def member_name(name: str) -> str:
    """Return an archive's name for a member as a plain relative path: no drive, no root, no ``..``, nothing unprintable."""
    parts = re.sub(r"\A[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    kept = [part for part in parts if part not in ("", ".", "..")]
    return _UNSEEN.sub("\ufffd", printable("/".join(kept)[:1000])) or "unnamed"


def is_hidden(name: str) -> bool:
    """Whether a member is what folders leave out too, or what macOS adds."""
    return any(
        part == "__MACOSX" or (part[:1] == "." and part not in (".", "..")) for part in name.split("/")
    )


def most_bytes(name: str, limits: Limits) -> int:
    """Return how large a member of this name may be: containers may be larger than reports."""
    kind = of_suffix(name)
    return limits.container_bytes if kind in CONTAINERS or kind is EML else limits.report_bytes


def read_up_to(stream: IO[bytes], most: int) -> bytes | None:
    """Return all that is left of a stream, ``None`` where that is more than `most` bytes."""
    data = stream.read(most + 1)
    while data and len(data) <= most and (more := stream.read(min(_CHUNK, most + 1 - len(data)))):
        data += more
    return data if len(data) <= most else None


def in_megabytes(size: int) -> str:
    """Return a size in words."""
    return f"{size / 1_000_000:,.0f} MB" if size >= 10_000_000 else f"{size / 1_000_000:g} MB"


def column_values(values: Iterator[tuple[str, object]]) -> Metadata:
    """Return the plain values beside a text, as metadata: short ones, of the first columns."""
    kept: list[tuple[str, str]] = []
    for name, value in values:
        words = "" if value is None else str(value)
        if words and len(words) <= 200 and not isinstance(value, dict | list | bytes) and len(kept) < 40:
            kept.append((str(name)[:200], words))
    return tuple(kept)
