"""Tar files and single compressed ones, unpacked as a stream, never to disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

from postmortem.inputs.model import Item, Limits, failed
from postmortem.inputs.node import (
    Budget,
    Node,
    Options,
    in_megabytes,
    is_hidden,
    member_name,
    most_bytes,
    read_up_to,
)
from postmortem.read.formats import BZIP2, GZIP, XZ, Format

_BLOCK: Final = 1 << 16
_XZ_MEMORY: Final = 128_000_000
_HEADER: Final = 10_000_000
_ENDINGS: Final = {
    ".tgz": ".tar",
    ".tbz2": ".tar",
    ".tbz": ".tar",
    ".txz": ".tar",
    ".gz": "",
    ".bz2": "",
    ".xz": "",
}
"""What a compressed file's suffix becomes once it is unpacked."""


def members(
    node: Node, stream: IO[bytes], options: Options, budget: Budget, kind: Format | None = None
) -> Iterator[Node | Item]:
    """Yield the members of a tar file, or the one file in a compressed one, in the file's order.

    `kind` is the compression. Raises ValueError for what is broken, after yielding what stands before.
    """
    try:
        yield from _members(node, stream, options, budget, kind)
    except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError) as error:
        raise ValueError(f"a broken archive ({str(error).lower() or type(error).__name__})") from error


def _members(
    node: Node, stream: IO[bytes], options: Options, budget: Budget, kind: Format | None
) -> Iterator[Node | Item]:
    plain = _Forward(_unpacking(stream, kind), stream if kind else None, options.limits, budget)
    plain.peek(512)
    if kind is not None and not _is_tar(plain.ahead):
        yield _single(node, plain, options.limits, budget)
        return
    with tarfile.open(fileobj=plain, mode="r:", errorlevel=0) as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # it would keep every header
            if not info.isfile() or is_hidden(info.name):
                continue
            budget.member()
            yield _member(node, archive, info, options.limits)
    if plain.last.strip(b"\0"):  # tarfile takes a damaged header for the end
        raise ValueError("a broken archive (a damaged header; what comes after is left out)")


def _member(node: Node, archive: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits) -> Node | Item:
    name = member_name(info.name)
    most = most_bytes(info.name, limits)
    if info.size > most:
        reason = f"larger than {in_megabytes(most)} ({in_megabytes(info.size)} unpacked)"
        return failed(f"{node.name}/{name}", reason, f"{info.size}:{info.mtime}")
    content = archive.extractfile(info)
    data = content.read(most) if content is not None else b""
    if len(data) < info.size:
        raise ValueError("a broken archive (it ends too early)")
    return node.member(name, data)


def _single(node: Node, plain: _Forward, limits: Limits, budget: Budget) -> Node | Item:
    base = node.name.rsplit("/", 1)[-1]
    name = (
        next((base[: -len(a)] + b for a, b in _ENDINGS.items() if base.lower().endswith(a)), base)
        or "unnamed"
    )
    budget.member()
    most = most_bytes(name, limits)
    data = read_up_to(plain, most)  # type: ignore[arg-type]
    if data is None:
        return failed(f"{node.name}/{name}", f"larger than {in_megabytes(most)}")
    return node.member(name, data)


def _is_tar(head: bytes) -> bool:
    if len(head) < 512:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _unpacking(stream: IO[bytes], kind: Format | None) -> IO[bytes]:
    if kind is GZIP:
        return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]
    if kind is BZIP2:
        return bz2.BZ2File(stream)
    if kind is XZ:
        return _Xz(stream)  # type: ignore[return-value]
    return stream


class _Xz(io.RawIOBase):
    """What `lzma.LZMAFile` does, with a bound on the memory that a file may ask for."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        self.rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; empty at the end."""
        while True:
            if self.decoder.eof:
                self.rest = (self.decoder.unused_data or self.stream.read(_BLOCK)).lstrip(b"\0")
                if not self.rest:
                    return b""
                self.decoder = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
            if self.decoder.needs_input and not self.rest:
                self.rest = self.stream.read(_BLOCK)
                if not self.rest:
                    raise EOFError("the compressed file ends too early")
            found = self.decoder.decompress(self.rest, max(size, 1))
            self.rest = b""
            if found:
                return found


class _Forward(io.RawIOBase):
    """A stream that is read forward only, and counted: the total, and its ratio to what it was unpacked from.

    Seeking forward reads on. `tarfile` needs no more to go through a file once.
    """

    def __init__(self, stream: IO[bytes], packed: IO[bytes] | None, limits: Limits, budget: Budget) -> None:
        self.stream, self.packed, self.limits, self.budget = stream, packed, limits, budget
        self.position = 0
        self.unpacked = 0
        self.ahead = b""
        self.last = b""

    def peek(self, size: int) -> None:
        """Have the next `size` bytes in `ahead`, fewer at the end."""
        while len(self.ahead) < size and (more := self._more(size - len(self.ahead))):
            self.ahead += more

    def read(self, size: int = -1) -> bytes:
        """Return `size` bytes, fewer at the end. Raises ValueError where a header asks for more than any has."""
        if size < 0 or size > max(_HEADER, self.limits.container_bytes + 1):
            raise ValueError("a broken archive (a header too large)")
        pieces = [self.ahead[:size]]
        self.ahead = self.ahead[size:]
        left = size - len(pieces[0])
        while left and (more := self._more(min(left, 1 << 20))):
            pieces.append(more)
            left -= len(more)
        self.last = data = b"".join(pieces)
        self.position += len(data)
        return data

    def tell(self) -> int:
        """Return how much was read."""
        return self.position

    def seekable(self) -> bool:
        """Forward only."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on to `offset`, as far as there is something. Raises ValueError for what was passed already."""
        if whence != io.SEEK_SET or offset < self.position:
            raise ValueError("a broken archive (it points backwards)")
        while self.position < offset and self.read(min(offset - self.position, 1 << 20)):
            pass
        return self.position

    def _more(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.unpacked += len(data)
        self.budget.unpacked(len(data))
        if self.packed is not None and self.unpacked > max(
            10 * self.limits.small_bytes, self.limits.ratio * self.packed.tell()
        ):
            raise ValueError(f"unpacks to more than {self.limits.ratio} times its size: not read on")
        return data
