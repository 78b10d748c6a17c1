"""List items: the item itself, its parts where it tells several, nothing where it only groups the items below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from postmortem.document import Block, BlockKind, Document, Field
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.wording import (
    ASIDE,
    GROUP_END,
    TASK_LABEL,
    asks,
    is_bare_label,
    is_report,
    is_skipped,
    words_of,
)

# The next in an item that begins a list told in one line: "a) …; b) …".
_NEXT_MARK: Final = re.compile(r"[;,.]?\s{1,3}(?:and\s)?\(?([b-h2-9])\)\s{1,3}(?=\S)")
_LINK: Final = re.compile(r"https?://|#\d")
_NO_LINK: Final = re.compile(r"[^\W\d_]{2}")
# A group that has a state of its own is the item; what stands below it are its details.
_STATED: Final = re.compile(
    r"\((?:in (?:development|progress|review|planning)|planned|ongoing|wip|done|completed?|open|pending|"
    r"under way|underway|started|scheduled|not started)\)\W{0,4}$",
    re.IGNORECASE,
)
_LABEL_SPACES: Final = 2
_BOXES: Final = frozenset("☐☑☒")


def is_boxed(item: Block) -> bool:
    """Has a list item a check box?"""
    return "[" in item.marker or item.marker in _BOXES


def is_stated(text: str) -> bool:
    """Has a group's name a state of its own: "Spare motor (planned):"?"""
    state = _STATED.search(text)
    return state is not None and len(text[: state.start()].split()) > 1


def is_struck(document: Document, start: int, end: int) -> bool:
    """Is an item struck through: "~~Buy a lamp~~"?"""
    return document.text.startswith("~~", max(start - 2, 0), end) or document.text.startswith(
        "~~", start, end
    )


def items_in(
    document: Document, block: Block, end: int, field: Field | None, following: Block | None, mixed: bool
) -> Iterator[Found]:
    """One list item: itself, or nothing where it only groups the items below it, or is struck through."""
    start = block.start
    if is_struck(document, start, end):
        return
    if field is not None and "actions" in field.names and field.label.count(" ") < _LABEL_SPACES:
        start = field.start
    elif label := TASK_LABEL.match(document.plain, start, end):
        start = label.end()
    text = words_of(document, start, end)
    nested = (
        following is not None
        and following.kind is BlockKind.ITEM
        and following.depth > block.depth
        and not ASIDE.match(document.plain, following.start, following.end)
    )
    if _LINK.search(document.text, start, end) and not _NO_LINK.search(text):
        yield Found(start, end, "actions.item")
        return
    if nested and is_stated(text):
        while document.plain[end - 1] in ": ":
            end -= 1
        yield Found(start, end, "actions.item")
        return
    if is_skipped(text) or (GROUP_END.search(text) and (nested or len(text.split()) < 8)):
        return
    if (nested and is_bare_label(text)) or (mixed and (is_report(text) or not asks(text, False))):
        return
    marks = [*_NEXT_MARK.finditer(document.plain, start, end)] if block.marker.endswith(")") else []
    if marks and marks[0][1] in "b2":
        for mark in marks:
            yield Found(start, mark.start(), "actions.item")
            start = mark.end()
    yield Found(start, end, "actions.item")
