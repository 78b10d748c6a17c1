"""Files to text: one module a format, `postmortem.read.formats` says which.

The *text as read* is the coordinate system of everything that follows: the file decoded, its byte-order mark
removed, line ends and all else untouched; for HTML, the text that `postmortem.read.html` extracts.
"""

from __future__ import annotations

import hashlib
import os
from importlib import import_module
from pathlib import Path
from typing import Final

from postmortem.read.formats import media_type
from postmortem.record import Source

MAX_BYTES: Final = 20_000_000
"""Larger files are refused: no report is that long, and one stray log file should not hold up a batch."""


class ReadError(Exception):
    """A file that cannot be read as a report; `reason` says why in one line, without the path."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read(path: str | os.PathLike[str], *, name: str | None = None) -> Source:
    """Read the file at `path` and return its text and where it came from.

    `name` becomes `Source.path` (default: `path` as given, with ``/`` for the system's separator). The result's
    `text` is always set. Raises `ReadError` for a file that is missing, no file, too large, binary, or of a type that no
    reader is registered for.
    """
    shown = name if name is not None else Path(path).as_posix()
    try:
        if not os.path.isfile(path):
            raise ReadError(shown, "is not a file" if os.path.exists(path) else "no such file")
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            raise ReadError(shown, f"larger than {MAX_BYTES // 1_000_000} MB ({size / 1_000_000:.1f} MB)")
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise ReadError(shown, getattr(error, "strerror", None) or str(error)) from error
    return read_bytes(data, shown)


def read_bytes(data: bytes, name: str) -> Source:
    """Read a file's bytes; `name` (its path) tells the format and becomes `Source.path`. Raises `ReadError`."""
    kind = media_type(name, data)
    if kind is None:
        raise ReadError(name, f"no reader for {Path(name).suffix} files")
    if len(data) > MAX_BYTES:
        raise ReadError(name, f"larger than {MAX_BYTES // 1_000_000} MB ({len(data) / 1_000_000:.1f} MB)")
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
