"""Files to items: what a file contains, listed in its place, and what is in that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Final

from postmortem.inputs import documents, mail, tables, tars, zips
from postmortem.inputs.model import Item, failed
from postmortem.inputs.node import Budget, LimitError, Node, Options
from postmortem.read import formats
from postmortem.read.formats import Format, of_media_type
from postmortem.read.sniff import identify

Lister = Callable[[Node, IO[bytes], Options, Budget], Iterator[Node | Item]]

LISTERS: Final[dict[Format, Lister]] = {
    formats.ZIP: zips.members,
    formats.TAR: tars.members,
    formats.GZIP: partial(tars.members, kind=formats.GZIP),
    formats.BZIP2: partial(tars.members, kind=formats.BZIP2),
    formats.XZ: partial(tars.members, kind=formats.XZ),
    formats.MBOX: mail.messages,
    formats.EML: mail.message,
    formats.CSV: tables.csv_rows,
    formats.TSV: tables.csv_rows,
    formats.JSON_LINES: tables.json_lines,
    formats.JSON: documents.json_document,
    formats.PARQUET: tables.parquet_rows,
    formats.MEDIAWIKI_DUMP: documents.wiki_pages,
    formats.CONFLUENCE_SPACE: documents.space_pages,
}
"""What lists each container's members; a message is its own report too."""


def expand(item: Item, options: Options) -> Iterator[Item]:
    """Yield the items of a plain file: itself, or what it contains. Never raises for what is in it."""
    if item.path is None or not item.stamp:  # missing: reading it says why
        yield item
        return
    try:
        yield from _expand(Node(item.name, item.path, stamp=item.stamp), options, Budget(options.limits))
    except LimitError as error:
        yield failed(item.name, str(error), item.stamp)


def _expand(node: Node, options: Options, budget: Budget) -> Iterator[Item]:
    try:
        with node.open() as stream:
            kind = of_media_type(node.media_type) if node.media_type else identify(node.name, stream)
            lister = LISTERS.get(kind) if kind is not None else None
            if lister is None:
                yield node.item()
                return
            if node.depth >= options.limits.depth:
                yield failed(
                    node.name, f"nested more than {options.limits.depth} deep: not opened", node.stamp
                )
                return
            stream.seek(0)
            for found in lister(node, stream, options, budget):
                if isinstance(found, Item):
                    yield found
                else:
                    yield from _expand(found, options, budget)
    except LimitError:
        raise
    except (
        Exception
    ) as error:  # a damaged container can make a library raise anything: it costs itself, not the batch
        words = " ".join((getattr(error, "strerror", None) or str(error)).split())[:300]
        reason = (
            words
            if isinstance(error, ValueError | OSError) and words
            else f"damaged ({type(error).__name__}: {words})"
        )
        yield failed(node.name, reason, node.stamp)
