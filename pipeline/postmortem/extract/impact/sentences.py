"""Sentences of an impact statement, and where in a report such statements stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from postmortem.document import BlockKind, Document
from postmortem.extract.extents import cut
from postmortem.report import Report

SENTENCE_END: Final = re.compile(r"[.!?](?=\s{1,4}[\"'(]?[A-Z0-9~<>]|\s{0,4}$)|\n[ \t]{0,8}\n")
_WORD: Final = re.compile(r"\S+")


class Sentence:
    """A sentence at source characters `start:end`: `text` is its words in lower case with single spaces between them."""

    __slots__ = ("_extent", "_lowered", "_words", "text")

    def __init__(self, lowered: str, start: int, end: int) -> None:
        self._lowered, self._extent = lowered, (start, end)
        self._words: tuple[list[int], list[int]] | None = None
        self.text = " ".join(lowered[start:end].split())

    def folded(self, offset: int) -> int:
        """Source offset to place in `text`."""
        starts, origins = self._places()
        word = max(bisect_right(origins, offset) - 1, 0)
        return starts[word] + offset - origins[word]

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """Places in `text` to source offsets."""
        return self._source(start), self._source(end - 1) + 1

    def _source(self, at: int) -> int:
        starts, origins = self._places()
        word = max(bisect_right(starts, at) - 1, 0)
        return origins[word] + at - starts[word]

    def _places(self) -> tuple[list[int], list[int]]:
        """Return where each word stands in `text`, and where in the source; most sentences are never asked."""
        if self._words is None:
            starts, origins, at = [], [], 0
            for word in _WORD.finditer(self._lowered, *self._extent):
                starts.append(at)
                origins.append(word.start())
                at += word.end() - word.start() + 1
            self._words = starts, origins
        return self._words


def statements(report: Report) -> Iterator[tuple[int, int, bool]]:
    """Extents of the impact statements (true), and of the summary and unnamed opening (false)."""
    document = report.document
    for name, stated in (("impact", True), ("summary", False)):
        for start, end in document.regions(name):
            yield start, end, stated
    first = document.sections[0].start if document.sections else len(document.plain)
    if first > 0:
        yield 0, first, False
    for section in document.sections:
        if "title" in section.names and section.body_end > section.body_start:
            yield section.body_start, section.body_end, False


def sentences(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentence extents of the prose blocks that overlap `start:end`."""
    first = bisect_right(document.blocks, start, key=lambda block: block.start)
    for block in document.blocks[max(0, first - 1) :]:
        if block.start >= end:
            return
        if block.end <= start or block.kind in (BlockKind.CODE, BlockKind.HEADING):
            continue
        low, high = max(block.start, start), min(block.end, end)
        yield from cut(document.plain, low, high, SENTENCE_END)
