"""What there is to convert: folders, patterns, lists, archives, mailboxes, tables and exports to one item for each report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from postmortem.inputs.expand import expand
from postmortem.inputs.folders import paths_in, walk
from postmortem.inputs.model import LIMITS, Item, Limits
from postmortem.inputs.node import Options
from postmortem.read import ReadError, read, read_bytes
from postmortem.read.formats import suffix
from postmortem.record import Source

__all__ = ["Item", "Limits", "items", "load", "paths_in", "walk"]


def items(
    inputs: Sequence[str | os.PathLike[str]],
    *,
    files_from: Iterable[str] | None = None,
    text_column: str | None = None,
    id_column: str | None = None,
    skip: Iterable[Path] = (),
    limits: Limits = LIMITS,
) -> Iterator[Item]:
    """Yield one item for everything that there is to convert, lazily, in a stable order, each under a name of its own.

    `inputs` and `files_from` are as for `walk`; what a file contains (archives, mailboxes, tables, exports) is listed in
    its place. `text_column` and `id_column` say where a table's reports and their names are. Never raises for an input
    that is missing or broken: that is an item with its `failure`.
    """
    options = Options(text_column, id_column, limits)
    seen: set[str] = set()
    for file in walk(inputs, files_from=files_from, skip=skip):
        for item in expand(file, options):
            yield _under_own_name(item, seen)


def _under_own_name(item: Item, seen: set[str]) -> Item:
    """An item whose name nothing before it has: "a.md", "a-2.md", …"""
    name, number = item.name, 1
    while name in seen:
        number += 1
        folder, slash, base = item.name.rpartition("/")
        stem = base[: len(base) - len(suffix(base))] if "#" not in base else base
        name = f"{folder}{slash}{stem}-{number}{base[len(stem) :]}"
    seen.add(name)
    return item if name == item.name else replace(item, name=name)


def load(item: Item, limits: Limits = LIMITS) -> Source:
    """Return the text of an item and where it came from. Raises `ReadError` for one that has none."""
    if item.failure is not None:
        raise ReadError(item.name, item.failure)
    if item.text is not None:
        return Source(
            path=item.name,
            sha256=sha256(item.text.encode("utf-8", "surrogatepass")).hexdigest(),
            characters=len(item.text),
            metadata=item.metadata,
            text=item.text,
        )
    most = limits.report_bytes
    if item.data is not None:
        source = read_bytes(item.data, item.name, media_type=item.media_type, max_bytes=most)
    else:
        source = read(item.path or "", name=item.name, max_bytes=most)
    return replace(source, metadata=item.metadata)
