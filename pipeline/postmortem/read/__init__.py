"""Files to text: one module a format, `postmortem.read.formats` says which.

The *text as read* is the coordinate system of everything that follows: the file decoded, its byte-order mark
removed, line ends and all else untouched; for HTML, Word, PDF, RTF, mail and wikis, the Markdown-like text that the
format's module extracts. What holds many reports (archives, mailboxes, tables, exports) is `postmortem.inputs`' work.
"""

from __future__ import annotations

import hashlib
import os
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Final

from postmortem.read.formats import Format, of_media_type, suffix
from postmortem.read.sniff import identify
from postmortem.record import Source

MAX_BYTES: Final = 20_000_000
"""Larger files are refused: no report is that long, and one stray log file should not hold up a batch."""


class ReadError(Exception):
    """A file that cannot be read as a report; `reason` says why in one line, without the path."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read(path: str | os.PathLike[str], *, name: str | None = None, max_bytes: int = MAX_BYTES) -> Source:
    """Read the file at `path` and return its text and where it came from.

    `name` becomes `Source.path` (default: `path` as given, with ``/`` for the system's separator). The result's
    `text` is always set. Raises `ReadError` for a file that is missing, no file, larger than `max_bytes`, binary, of a type
    that no reader is registered for, or that holds many reports (an archive, a mailbox, a table).
    """
    shown = name if name is not None else Path(path).as_posix()
    try:
        if not os.path.isfile(path):
            raise ReadError(shown, "is not a file" if os.path.exists(path) else "no such file")
        with open(path, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > max_bytes:
                kind = identify(shown, stream)
                raise ReadError(shown, _unread(kind, shown) or _too_large(size, max_bytes))
            data = stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        raise ReadError(shown, getattr(error, "strerror", None) or str(error)) from error
    return read_bytes(data, shown, max_bytes=max_bytes)


def read_bytes(
    data: bytes, name: str, *, media_type: str | None = None, max_bytes: int = MAX_BYTES
) -> Source:
    """Read a file's bytes; `name` (its path) becomes `Source.path`.

    `media_type` is what they are, where that is known; else name and content tell. Raises `ReadError`, as `read` does.
    """
    kind = of_media_type(media_type) if media_type else identify(name, BytesIO(data))
    reason = _unread(kind, name)
    if reason is None and len(data) > max_bytes:
        reason = _too_large(len(data), max_bytes)
    if reason is not None or kind is None or kind.module is None:
        raise ReadError(name, reason or "")
    try:
        text, encoding = import_module(kind.module).extract(data)
    except ValueError as error:
        raise ReadError(name, str(error)) from error
    return Source(
        path=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=kind.media_type,
        encoding=encoding,
        characters=len(text),
        text=text,
    )


def _unread(kind: Format | None, name: str) -> str | None:
    """Why files of a format are not read; ``None`` for those that are."""
    if kind is None:
        return f"no reader for {suffix(name)} files"
    return kind.refusal if kind.module is None else None


def _too_large(size: int, most: int) -> str:
    return f"larger than {most / 1_000_000:g} MB ({size / 1_000_000:.1f} MB)"
