"""Actions of the sections and fields that are named after them, read item by item; prose in them sentence by sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from postmortem.document import BlockKind, Document, Field
from postmortem.extract.actions.cues import cues
from postmortem.extract.actions.items import is_stated, items_in
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.prose import SENTENCE_END, sentences_in
from postmortem.extract.actions.rows import asks_in_header, row_action
from postmortem.extract.actions.wording import GROUP_END, TASK_LABEL, is_imperative, words_of
from postmortem.extract.actions.zones import ActionZone, asks_in_heading, is_attribute, zone_at

_LONGEST_LIST: Final = 6
_SIGN_OFF: Final = re.compile(r"\W{0,4}(?:sincerely|(?:kind |best )?regards|yours|cheers)\b", re.IGNORECASE)


def zoned(document: Document, zones: list[ActionZone]) -> Iterator[Found]:
    """Items of the sections and fields named ``actions``: of `zones` (see `zones_of`)."""
    if not zones:
        return
    labels: dict[int, Field] = {field.label_start: field for field in document.fields}
    blocks = document.blocks
    tabled = {block.section for block in blocks if block.kind is BlockKind.ROW and asks_in_header(block)}
    starts = [zone[0] for zone in zones]
    listing = False
    # The depth of the item of which what stands deeper only gives the details.
    detailed: int | None = None
    for index, block in enumerate(blocks):
        zone = zone_at(zones, starts, block)
        if zone is None or block.kind in (BlockKind.HEADING, BlockKind.CODE):
            continue
        start, end = max(block.start, zone[0]), min(block.end, zone[1])
        if (
            start > block.start
            and block.kind is BlockKind.ITEM
            and zone[2] is not None
            and zone[2].label_start < block.start
        ):
            start = block.start
        field = labels.get(start)
        if field is not None and is_attribute(field):
            continue
        if block.kind is BlockKind.ROW:
            yield from row_action(document, block)
        elif block.section in tabled:
            continue
        elif block.kind is BlockKind.ITEM and start == block.start:
            listing = False
            text = words_of(document, block.start, end)
            if detailed is not None and block.depth > detailed and not is_imperative(text):
                continue
            detailed = block.depth if is_stated(text) else None
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            yield from items_in(document, block, end, field, following, zone[3])
        else:
            one = SENTENCE_END.search(document.plain, start, end - 1) is None
            listed = one and (listing or _is_line_of_list(document, index))
            promised = zone[2] is not None and cues().label.match(zone[2].label) is not None
            yield from sentences_in(
                document, start, end, zone[3], listed or promised, run_in=zone[2] is not None
            )
            listing = bool(GROUP_END.search(document.plain, start, end)) or (listing and one)
            if _SIGN_OFF.match(document.plain, start, end):
                return


def headed(document: Document, zones: list[ActionZone], found: Sequence[Found]) -> Iterator[Found]:
    """Headings in action sections that ask for something themselves, where nothing below them does: "### 1. Widen the belt"."""
    sections = document.sections
    below_headings = {start for start, _, field, mixed in zones if field is None and not mixed}
    if not below_headings:
        return
    starts = sorted(item.start for item in found)
    ends = (*(section.start for section in sections[1:]), len(document.plain))
    for section, end in zip(sections, ends, strict=False):
        if section.end not in below_headings or section.parent < 0 or not set(section.names) <= {"other"}:
            continue
        below = bisect_left(starts, section.start)
        if (below == len(starts) or starts[below] >= end) and asks_in_heading(document, section):
            label = TASK_LABEL.match(document.plain, section.start, section.end)
            yield Found(label.end() if label else section.start, section.end, "actions.heading")


def _is_line_of_list(document: Document, index: int) -> bool:
    """Do only lines stand between this paragraph and one that is a request, none of them empty: a list without bullets?"""
    for step in (-1, 1):
        at = index
        for _ in range(_LONGEST_LIST):
            if not _adjoins(document, min(at, at + step)):
                break
            at += step
            block = document.blocks[at]
            if is_imperative(words_of(document, block.start, min(block.end, block.start + 80))):
                return True
    return False


def _adjoins(document: Document, above: int) -> bool:
    """Are the block at that index and the next paragraphs of one section with nothing between them?"""
    blocks = document.blocks
    if above < 0 or above + 1 >= len(blocks) or blocks[above].section != blocks[above + 1].section:
        return False
    pair = blocks[above], blocks[above + 1]
    return (
        all(block.kind is BlockKind.PARAGRAPH for block in pair)
        and document.text.count("\n", pair[0].end, pair[1].start) == 1
    )
