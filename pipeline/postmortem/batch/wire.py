"""Messages between a worker process and whoever started it: one letter, a length, and that many bytes."""

from __future__ import annotations

import pickle  # noqa: TID251 - no model: what a process of ours tells another one that it started
import struct
from typing import IO, Any, Final

_HEAD: Final = struct.Struct(">cQ")
BEGIN: Final = b"b"
"""A report is begun; its position in the shard is in place of the length."""
PRODUCT: Final = b"p"
READY: Final = b"r"
TASK: Final = b"t"


def send(stream: IO[bytes], letter: bytes, content: object) -> None:
    """Write a message. Raises OSError where nobody reads any more."""
    data = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_HEAD.pack(letter, len(data)))
    stream.write(data)
    stream.flush()


def send_begin(stream: IO[bytes], position: int) -> None:
    """Write that a report is begun."""
    stream.write(_HEAD.pack(BEGIN, position))
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[bytes, Any]:
    """Read a message: its letter and content. Raises EOFError where the other side is gone."""
    letter, length = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if letter == BEGIN:
        return letter, length
    return letter, pickle.loads(_exactly(stream, length))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
