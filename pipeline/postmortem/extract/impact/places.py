"""Where in a document a figure stands."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import Final

from postmortem import nlp
from postmortem.document import Block, BlockKind, Document, Field
from postmortem.extract.impact.sentences import SENTENCE_END

_LONGEST_SENTENCE: Final = 600
NOT_HARMED: Final = frozenset({"actions", "lessons", "appendix"})
_NEARBY_FIELDS: Final = 12
_START: Final = attrgetter("start")


class Places:
    """Where in a document a figure stands: block, field and section, looked up by bisection."""

    __slots__ = ("_cut", "_document", "_sentence_end", "_spans")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._sentence_end = -1
        # The block that was last cut into sentences, and these.
        self._cut: Block | None = None
        self._spans: list[tuple[int, int]] = []

    def of(self, start: int, end: int) -> tuple[frozenset[str] | None, int, int]:
        """Return the canonical names that govern `start:end`, and the extent of its sentence; None for the names inside code."""
        document = self._document
        block = self.block(start)
        low, high = (block.start, max(block.end, end)) if block else (start, end)
        if block and block.kind is BlockKind.CODE:
            return None, low, high
        names = frozenset[str]()
        if field := self._field(start):
            names = frozenset(field.names)
            low = max(low, min(field.label_start, start))
            high = min(high, max(field.end, end))
        section = self._section_names(start)
        names = names | (section & NOT_HARMED) if names else section
        if block and block.kind is BlockKind.HEADING:
            names |= {"title"}
        window = (
            start // _LONGEST_SENTENCE
        ) * _LONGEST_SENTENCE  # the same for all figures of an endless sentence
        low = max(low, window - _LONGEST_SENTENCE)
        high = min(high, max(end, window + 2 * _LONGEST_SENTENCE))
        if low < self._sentence_end <= start:
            low = self._sentence_end
        for boundary in SENTENCE_END.finditer(document.plain, low, high):
            if boundary.end() <= start:
                low = boundary.end()
            elif boundary.start() >= end:
                high = self._sentence_end = boundary.end()
                break
        return names, low, high

    def phrases(self, start: int, end: int) -> tuple[nlp.Phrase, ...]:
        """The known nouns in `start:end`."""
        block = self.block(start)
        if block is None or end > block.end:
            return nlp.phrases("impact", self._document, start, end)
        if self._cut is not block:
            self._cut, self._spans = block, nlp.spans(self._document.plain, block)
        return tuple(nlp.phrases_of("impact", self._document.plain, self._spans, start, end))

    def block(self, position: int) -> Block | None:
        index = bisect_right(self._document.blocks, position, key=_START) - 1
        block = self._document.blocks[index] if index >= 0 else None
        return block if block and position < block.end else None

    def _field(self, position: int) -> Field | None:
        """The innermost field at `position`, one with known names before one without."""
        index = bisect_right(self._document.fields, position, key=_START)
        nearby = [
            f for f in self._document.fields[max(0, index - _NEARBY_FIELDS) : index] if position < f.end
        ]
        return next((f for f in reversed(nearby) if f.names), nearby[-1] if nearby else None)

    def _section_names(self, position: int) -> frozenset[str]:
        """The names of the section at `position`, or of the nearest one above it that has a telling name."""
        sections = self._document.sections
        index = bisect_right(sections, position, key=_START) - 1
        while index >= 0:
            if set(sections[index].names) - {"other"}:
                return frozenset(sections[index].names)
            index = sections[index].parent
        return frozenset()
