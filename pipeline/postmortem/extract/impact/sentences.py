"""Sentences of an impact statement, and where in a report such statements stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from operator import attrgetter
from typing import Final

from postmortem.document import BlockKind, Document
from postmortem.extract.extents import cut
from postmortem.report import Report

SENTENCE_END: Final = re.compile(r"[.!?](?=\s{1,4}[\"'(]?[A-Z0-9~<>]|\s{0,4}$)|\n[ \t]{0,8}\n")
_WORD: Final = re.compile(r"\S+")
_START: Final = attrgetter("start")
# Where a statement stands, and whether it is one of the impact.
Statement = tuple[int, int, bool]


class Sentence:
    """A sentence at source characters `start:end`: `text` is its words in lower case with single spaces between them."""

    __slots__ = ("_end", "_lowered", "_start", "_words", "text")

    def __init__(self, lowered: str, start: int, end: int) -> None:
        self._lowered, self._start, self._end = lowered, start, end
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
            written = self._lowered[self._start : self._end].lstrip()
            if len(written.rstrip()) == len(self.text):
                # One character stands between any two words: all are as far from the source as the first.
                self._words = [0], [self._end - len(written)]
            else:
                self._words = self._word_by_word()
        return self._words

    def _word_by_word(self) -> tuple[list[int], list[int]]:
        starts, origins, at = [], [], 0
        for word in _WORD.finditer(self._lowered, self._start, self._end):
            starts.append(at)
            origins.append(word.start())
            at += word.end() - word.start() + 1
        return starts, origins


def statements(report: Report) -> Iterator[Statement]:
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


def prose(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Extents of what the prose blocks hold of `start:end`; `sentences` are cut out of each."""
    blocks = document.blocks
    first = bisect_right(blocks, start, key=_START)
    for block in islice(blocks, max(0, first - 1), None):
        if block.start >= end:
            return
        if block.end > start and block.kind is not BlockKind.CODE and block.kind is not BlockKind.HEADING:
            yield max(block.start, start), min(block.end, end)


def sentences(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentence extents of `start:end`, which lies in one block."""
    return cut(document.plain, start, end, SENTENCE_END)
