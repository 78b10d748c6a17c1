"""Zip files, read in place, and what the HTML export of a Confluence space adds to its pages."""

from __future__ import annotations

import zipfile
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
from postmortem.read.zipped import open_zip

_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".bmp")


def members(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the members of a zip file in the order of their names. Raises ValueError for a broken one."""
    with open_zip(stream) as archive:
        found = [info for info in archive.infolist() if not info.is_dir() and not is_hidden(info.filename)]
        found.sort(key=lambda info: member_name(info.filename).split("/"))
        added = _space_furniture({info.filename for info in found})
        for info in found:
            if info.filename in added:
                continue
            budget.member()
            name = member_name(info.filename)
            try:
                data = _data(archive, info, options.limits)
            except (
                zipfile.BadZipFile,
                zlib.error,
                NotImplementedError,
                RuntimeError,
                OSError,
                EOFError,
                ValueError,
            ) as error:
                yield failed(f"{node.name}/{name}", _reason(error), f"{info.file_size}:{info.CRC}")
                continue
            budget.unpacked(len(data))
            yield node.member(name, data)


def _data(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    if info.flag_bits & 1:
        raise ValueError("an encrypted member: it needs a password")
    most = most_bytes(info.filename, limits)
    if info.file_size > most:
        raise ValueError(f"larger than {in_megabytes(most)} ({in_megabytes(info.file_size)} unpacked)")
    if info.file_size > max(limits.small_bytes, limits.ratio * info.compress_size):
        raise ValueError(f"unpacks to more than {limits.ratio} times its size: not opened")
    with archive.open(info) as member:
        data = read_up_to(member, most)
    if data is None:
        raise ValueError(f"larger than {in_megabytes(most)}")
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, NotImplementedError):
        return f"a member that cannot be unpacked ({error})"
    words = str(error) or type(error).__name__
    return words if isinstance(error, ValueError) else f"a damaged member ({words})"


def _space_furniture(names: set[str]) -> set[str]:
    """Of an exported Confluence space: its list of pages, its style sheets, and every picture."""
    roots = {name.removesuffix("index.html") for name in names if name.endswith("index.html")}
    roots = {root for root in roots if f"{root}styles/site.css" in names}
    return {
        name
        for root in roots
        for name in names
        if name == f"{root}index.html"
        or name.startswith((f"{root}styles/", f"{root}images/"))
        or (name.startswith(f"{root}attachments/") and name.lower().endswith(_PICTURES))
    }
