"""Rows of tables: the cell that asks for something, and what the other columns say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from postmortem.document import Block, Cell, Document
from postmortem.extract.actions.kinds import type_named
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.wording import is_skipped, words_of
from postmortem.extract.attributes import iso, ticket_of

_HEADER_TEXT: Final = re.compile(
    r"\b(?:action|task|item|what|description|improvement|measure|fix|to-?do|follow-?up|recommendation|details)",
    re.IGNORECASE,
)
_HEADER_ACTION: Final = re.compile(
    r"\W{0,4}(?:(?:corrective|preventi?ve|remedial|agreed|planned|proposed|next|follow-?up) )?"
    r"(?:(?:action|follow-?up|remediation|step)(?: item)?|task|to-?do|improvement|measure|recommendation)s?\W{0,4}$",
    re.IGNORECASE,
)
_HEADER_WHEN: Final = re.compile(r"\W{0,4}(?:due|deadline|by when|target)\b", re.IGNORECASE)
_HEADER_OWNER: Final = re.compile(
    r"\b(?:owners?|assignees?|assigned|responsib(?:le|ility)|who|lead|team|dri|person|poc|contact|engineer)\b",
    re.IGNORECASE,
)
_HEADER_DUE: Final = re.compile(
    r"\b(?:due|deadline|eta|target|when|by|completion|date|term|until|planned|timeline)\b", re.IGNORECASE
)
_HEADER_TICKET: Final = re.compile(
    r"\b(?:tickets?|bugs?|issue|jira|links?|id|ref|reference|pr|tracking|tracker|url)\b", re.IGNORECASE
)
_HEADER_ASIDE: Final = re.compile(
    r"\b(?:id|#|no|number|type|status|priority|date|link|ticket)\b|#", re.IGNORECASE
)
_HEADER_OTHER: Final = re.compile(
    r"\b(?:status|priority|prio|type|kind|category|#|no|nr|number|state|severity|effort|done|progress)\b|^#",
    re.IGNORECASE,
)
_HEADER_TYPE: Final = re.compile(r"\b(?:type|kind|category|class)\b", re.IGNORECASE)
_NO_VALUE: Final = re.compile(
    r"[-–—?./\s]{0,5}|tb[acd]|n/?a|none|unknown|unassigned|nobody|open|to be (?:decided|defined|confirmed|agreed)",
    re.IGNORECASE,
)
_FEWEST_DIGITS: Final = 3
_LONGEST_NAME: Final = 3


def row_action(document: Document, block: Block) -> Iterator[Found]:
    """A table row: the cell under an action-like header, and what the other columns say."""
    owner = due = ticket = kind = None
    text: Cell | None = None
    for cell in block.cells:
        content = document.quote(cell.start, cell.end)
        if not content or _NO_VALUE.fullmatch(content):
            continue
        column = _column(cell.header)
        if column.kind:
            kind = type_named(content)
        elif column.owner:
            owner = owner or content
        elif text is None and column.text:
            text = cell
        elif column.ticket:
            ticket = ticket or ticket_of(document.text[cell.start : cell.end]) or _numbered(content)
        elif column.due:
            due = due or iso(content)
    if text is None:
        rest = [c for c in block.cells if not _column(c.header).other and not _column(c.header).owner]
        text = max(rest, key=lambda cell: cell.end - cell.start, default=None)
    if text is None or is_skipped(words_of(document, text.start, text.end)) or _heads_table(block, document):
        return
    yield Found(text.start, text.end, "actions.row", owner, due, ticket, kind)


class _Column(NamedTuple):
    """What the cells of a column may say by its header."""

    kind: bool
    owner: bool
    text: bool
    ticket: bool
    due: bool
    other: bool


# Every row of a table has the same headers.
@lru_cache(maxsize=256)
def _column(header: str) -> _Column:
    return _Column(
        kind=_HEADER_TYPE.search(header) is not None,
        owner=_HEADER_OWNER.search(header) is not None,
        text=_HEADER_TEXT.search(header) is not None and not _HEADER_ASIDE.search(header),
        ticket=_HEADER_TICKET.search(header) is not None,
        due=_HEADER_DUE.search(header) is not None,
        other=_HEADER_OTHER.search(header) is not None,
    )


def asks_in_header(block: Block) -> bool:
    return any(_HEADER_TEXT.search(cell.header) for cell in block.cells)


def is_register(block: Block) -> bool:
    """Is it a row of a table of actions: with a column of them, and one of owners or due dates?"""
    headers = [cell.header for cell in block.cells]
    asking = any(_HEADER_ACTION.match(header) for header in headers)
    return asking and any(_HEADER_OWNER.search(header) or _HEADER_WHEN.match(header) for header in headers)


def _heads_table(block: Block, document: Document) -> bool:
    """Is it the row of the columns' names itself?"""
    names = (_HEADER_TEXT, _HEADER_OWNER, _HEADER_DUE, _HEADER_TICKET, _HEADER_OTHER)
    contents = [document.quote(cell.start, cell.end) for cell in block.cells]
    return len(contents) > 1 and all(
        len(content.split()) <= _LONGEST_NAME and any(name.search(content) for name in names)
        for content in contents
    )


def _numbered(content: str) -> str | None:
    """What a ticket column says where it is no usual id, as long as it is more than the row's number."""
    digits = sum(map(str.isdigit, content))
    return content if digits >= _FEWEST_DIGITS or (digits and not content.isdigit()) else None
