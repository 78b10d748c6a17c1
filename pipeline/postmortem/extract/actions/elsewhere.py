"""Actions outside sections named after them: lessons worded as requests, notes to do, sentences that commit to something."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from typing import Final

from postmortem.document import Block, BlockKind, Document
from postmortem.extract.actions.cues import cues
from postmortem.extract.actions.items import items_in
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.prose import (
    FEWEST_WORDS,
    INCLUDE,
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
_BOXES: Final = frozenset("☐☑☒")
# "[20:14] lars: tomorrow I'll …": who says it when.
_SPOKEN: Final = re.compile(
    r"\W{0,3}[\d\s:.T/-]{4,24}[^\w\s]?\s{1,3}<?@?[\w.-]{2,20}(?:\s[\w.-]{2,20})?>?:\s{1,3}(?=\S)"
)
_SPOKEN_REACH: Final = 80
_MEASURES: Final = re.compile(
    r"\b(?:measures|improvements|prevent\w{0,6}|recurrence|follow-?ups?)\b", re.IGNORECASE
)
_LONGEST: Final = 1200
# What every sentence holds that says what keeps it from happening again.
_AGAIN: Final = (
    "o prevent",
    "o avoid",
    "o stop",
    "o rule out",
    "o keep",
    "o make sure",
    "o ensure",
    "o help",
)
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
    yield from _counted(document)
    introduced = promising = chatted = False
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
        promising, chatted = yield from _in_paragraph(document, block, promising=promising and chatted)


def _in_paragraph(
    document: Document, block: Block, *, promising: bool
) -> Generator[Found, None, tuple[bool, bool]]:
    """Sentences of a paragraph that commit to something, and what stands beside one: "we have bought …", "and I write …".

    `promising`: the message above commits to something. Return whether the last sentence does, and whether it is a message.
    """
    plain = document.plain
    said = _SPOKEN.match(plain, block.start, min(block.end, block.start + _SPOKEN_REACH))
    telling = False
    done: Found | None = None
    for start, end in cut(plain, said.end() if said else block.start, block.end, SENTENCE_END):
        text = words_of(document, start, end)
        if (telling and len(text.split()) < FEWEST_WORDS) or end - start > _LONGEST:
            continue
        if not telling and cues().changed.search(text):
            telling = True
            continue
        beside = cues().beside.match(text)
        introducing = end == block.end and GROUP_END.search(text)
        asked = asks(text, True) or bool(promising and beside and beside["after"])
        if (asked or telling) and (introducing or is_skipped(text) or is_report(text)):
            promising, done = False, None
        elif asked:
            if done:
                yield done
            promising, done = True, None
            for low, high in parts_of(plain, start, end):
                yield Found(low, high, "actions.commitment")
        elif telling:
            yield Found(start, end, "actions.changed")
        else:
            promising = False
            done = Found(start, end, "actions.beside") if beside and beside["before"] else None
    return promising, said is not None


def _introduces(document: Document, block: Block) -> bool:
    """Does a paragraph end by saying that what will be done follows: "What I'd like us to do:"?"""
    if not GROUP_END.search(document.plain, block.start, block.end):
        return False
    *_, (start, end) = cut(document.plain, block.start, block.end, SENTENCE_END)
    text = words_of(document, start, end)
    return bool(cues().introduced.match(text)) or asks(text, True)


def promised(document: Document, found: Sequence[Found]) -> Iterator[Found]:
    """Sentences outside the account of what happened that say what keeps it from happening again, whatever else is `found`."""
    plain = document.plain
    if not any(hint in plain for hint in _AGAIN):
        return
    for block in document.blocks:
        if block.kind is not BlockKind.PARAGRAPH or _section_names(document, block) & _PROSE_ZONES:
            continue
        for start, end in cut(plain, block.start, block.end, SENTENCE_END):
            text = words_of(document, start, end)
            if not cues().promise.match(text) or any(item.start < end and item.end > start for item in found):
                continue
            promise = text.partition(", ")[2]
            if (
                asks(promise, True)
                and not GROUP_END.search(text)
                and not is_skipped(text)
                and not is_report(text)
            ):
                for low, high in parts_of(plain, start, end):
                    yield Found(low, high, "actions.promise")


def ticked(document: Document, found: Sequence[Found]) -> Iterator[Found]:
    """Items with a check box outside of what tells the incident, whatever stands above them."""
    if not any("[" in block.marker or block.marker in _BOXES for block in document.blocks):
        return
    taken = {item.start for item in found}
    for index, block in enumerate(document.blocks):
        boxed = block.kind is BlockKind.ITEM and ("[" in block.marker or block.marker in _BOXES)
        if boxed and block.start not in taken and not _section_names(document, block) & _TOLD_ZONES:
            following = document.blocks[index + 1] if index + 1 < len(document.blocks) else None
            yield from items_in(document, block, block.end, None, following, False)


def _counted(document: Document) -> Iterator[Found]:
    """What a sentence asks for one by one: "I'd like first a spare motor, and second that we oil the belt"."""
    plain = document.plain
    second = plain.find("second")
    if second < 0 or "first" not in plain:
        return
    for block in document.blocks:
        if block.end < second or "second" not in plain[block.start : block.end]:
            continue
        if block.kind is BlockKind.PARAGRAPH and not _section_names(document, block) & _PROSE_ZONES:
            for match in cues().counted.finditer(plain, block.start, block.end):
                for name in ("one", "two", "three"):
                    if match[name]:
                        yield Found(*match.span(name), "actions.counted")


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
