"""Actions outside sections named after them: lessons worded as requests, notes to do, sentences that commit to something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from postmortem.document import Block, BlockKind, Document
from postmortem.extract.actions.cues import cues
from postmortem.extract.actions.items import is_boxed, items_in
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.prose import (
    INCLUDE,
    INLINE_NUMBER,
    SENTENCE_END,
    enumerated,
    lines_of,
    parts_of,
)
from postmortem.extract.actions.rows import is_register, row_action
from postmortem.extract.actions.wording import (
    GROUP_END,
    asks,
    is_imperative,
    is_report,
    is_skipped,
    is_titled,
    words_of,
)
from postmortem.extract.extents import cut

_PROSE_ZONES: Final = frozenset(
    {"timeline", "impact", "background", "appendix", "communication", "investigation", "metadata"}
)
_TOLD_ZONES: Final = _PROSE_ZONES | {"resolution", "summary", "root_cause"}
# "[20:14] lars: tomorrow I'll …": who says it when.
_SPOKEN: Final = re.compile(
    r"\W{0,3}[\d\s:.T/-]{4,24}[^\w\s]?\s{1,3}<?@?[\w.-]{2,20}(?:\s[\w.-]{2,20})?>?:\s{1,3}(?=\S)"
)
_SPOKEN_REACH: Final = 80
_MEASURES: Final = re.compile(
    r"\b(?:measures|improvements|prevent\w{0,6}|recurrence|follow-?ups?)\b", re.IGNORECASE
)
_LONGEST: Final = 1200
# "a checked list, and more frequent tests".
_NEXT_NOUN: Final = re.compile(
    r",(?=\sand\s(?:an?|the|more|better|new|stricter|regular|[a-z]{2,16}ing)\b)", re.IGNORECASE
)
# One of these stands in every text that holds a note to do.
_NOTES: Final = (
    "odo",
    "ODO",
    "o do",
    "o-do",
    "ction",
    "ACTION",
    "ollow",
    "ext step",
    "AI:",
    "AI :",
    "measures",
    "mprovements",
)


def taught(document: Document) -> Iterator[Found]:
    """Lessons worded as requests: "Better alerts: page somebody when …"."""
    taught = {i for i, s in enumerate(document.sections) if "lessons" in s.names and "actions" not in s.names}
    if not taught:
        return
    for block in document.blocks:
        if block.section not in taught or block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            continue
        for low, high in lines_of(document.plain, block.start, block.end):
            text = words_of(document, low, high)
            if is_titled(text) and is_imperative(text.partition(":")[2]) and not is_skipped(text):
                yield Found(low, high, "actions.lesson")


def committed(document: Document) -> Iterator[Found]:
    """Lessons that ask for something, and sentences that commit to something, outside the account of what happened."""
    yield from _noted(document)
    introduced = False
    blocks = document.blocks
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.ROW and is_register(block):
            yield from row_action(document, block)
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            continue
        names = _section_names(document, block)
        if names & _PROSE_ZONES:
            continue
        if block.kind is BlockKind.PARAGRAPH:
            introduced = _introduces(document, block)
        elif introduced:
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            yield from items_in(document, block, block.end, None, following, False)
            continue
        if block.kind is BlockKind.ITEM:
            text = words_of(document, block.start, block.end)
            advice = "lessons" in names and cues().advice.search(text)
            if (
                (advice or asks(text, True))
                and not is_skipped(text)
                and not cues().prose_skip[0].search(text)
            ):
                yield Found(block.start, block.end, "actions.commitment")
            continue
        if (
            "nclude" in document.plain[block.start : block.end]
            and _MEASURES.search(document.plain, block.start, block.end)
            and (listed := INCLUDE.search(document.plain, block.start, block.end))
        ):
            yield from enumerated(document.plain, listed.end(), block.end)
        yield from _in_paragraph(document, block)


def _in_paragraph(document: Document, block: Block) -> Iterator[Found]:
    """Sentences of a paragraph that commit to something."""
    plain = document.plain
    said = _SPOKEN.match(plain, block.start, min(block.end, block.start + _SPOKEN_REACH))
    for start, end in cut(plain, said.end() if said else block.start, block.end, SENTENCE_END):
        if label := INLINE_NUMBER.match(plain, start, end):
            start = label.end()
        text = words_of(document, start, end)
        introducing = end == block.end and GROUP_END.search(text)
        if end - start > _LONGEST or introducing or not asks(text, True):
            continue
        if not is_skipped(text) and not is_report(text):
            for low, high in parts_of(plain, start, end):
                yield Found(low, high, "actions.commitment")


def _introduces(document: Document, block: Block) -> bool:
    """Does a paragraph end by saying that what will be done follows: "What I'd like us to do:"?"""
    if not GROUP_END.search(document.plain, block.start, block.end):
        return False
    *_, (start, end) = cut(document.plain, block.start, block.end, SENTENCE_END)
    text = words_of(document, start, end)
    return bool(cues().introduced.match(text)) or asks(text, True)


def ticked(document: Document, found: Sequence[Found]) -> Iterator[Found]:
    """Items with a check box outside of what tells the incident, whatever stands above them."""
    if not any(map(is_boxed, document.blocks)):
        return
    taken = {item.start for item in found}
    for index, block in enumerate(document.blocks):
        boxed = block.kind is BlockKind.ITEM and is_boxed(block)
        if boxed and block.start not in taken and not _section_names(document, block) & _TOLD_ZONES:
            following = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
            yield from items_in(document, block, block.end, None, following, False)


def _noted(document: Document) -> Iterator[Found]:
    """What stands behind a "todo:" in running text."""
    plain = document.plain
    if not any(hint in plain for hint in _NOTES):
        return
    for block in document.blocks:
        if block.kind is BlockKind.CODE:
            continue
        for match in cues().todo.finditer(plain, block.start, block.end):
            for a, b in cut(plain, *match.span("value"), _NEXT_NOUN):
                yield Found(a, b - 1 if plain[b - 1] == "," else b, "actions.noted")


def _section_names(document: Document, block: Block) -> set[str]:
    index = block.section
    while index >= 0:
        names = set(document.sections[index].names) - {"other"}
        if names:
            return names
        index = document.sections[index].parent
    return set()
