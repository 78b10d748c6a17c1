"""Opening zip files that nobody vouches for: the directory is bounded before it is read."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import IO, Final

MAX_DIRECTORY: Final = 100_000_000
"""Bytes of a zip file's directory: about a million members."""

_TAIL: Final = 22 + 65_535 + 20 + 56
_END, _END64_LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"


def open_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """Return the zip file in a seekable stream. Raises ValueError for a broken one and one with too large a directory."""
    if _directory_size(stream) > MAX_DIRECTORY:
        raise ValueError("a zip file with too many members")
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, OSError, struct.error, ValueError, IndexError) as error:
        raise ValueError(f"a broken zip file ({str(error).lower() or type(error).__name__})") from error


def _directory_size(stream: IO[bytes]) -> int:
    """What the end record says; 0 where there is none."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        return 0
    locator = tail.rfind(_END64_LOCATOR, 0, end)
    record = tail.rfind(_END64, 0, locator) if locator >= 0 else -1
    if record >= 0 and len(tail) >= record + 56:
        return int(struct.unpack_from("<Q", tail, record + 40)[0])
    return int(struct.unpack_from("<L", tail, end + 12)[0])
