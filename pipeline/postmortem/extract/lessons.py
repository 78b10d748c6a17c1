"""Lessons: what went well, what went wrong, and where luck helped, as the report's own headings sort them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Final

from postmortem import vocabulary
from postmortem.document import Block, BlockKind, Document, Field
from postmortem.extract.extents import cut, trimmed
from postmortem.record import Lessons, Quoted
from postmortem.report import Report

_SENTENCE_END: Final = re.compile(r"[.!?](?=\s{1,4}[\"'(\[`]?[A-Z0-9])")
_PLACEHOLDER: Final = re.compile(r"\W{0,6}(?:n/?a|none|nothing|tbd|todo|-)?\W{0,6}", re.IGNORECASE)
_HINT: Final = re.compile(
    r"well|wrong|right|luck|better|good|bad|positive|negative|success|strength|weak|challenge|poorly|worked|improve|wins?\b|kudos|shortcoming|"
    r"keep|continue|stop|liked|loved|lacked|more of|less of|"
    r"pros?\b|cons?\b|plus|minus|high|lows|mistake|difficult|fortun|miss|calls?\b|hurt|failed|delta|helped|saved|ugly"
)
_LONGEST_HEADING: Final = 80
_SIGNS: Final = {"went_well": ("[+]", "(+)", "👍"), "went_wrong": ("[-]", "(-)", "👎"), "got_lucky": ("🍀",)}
_ALL_SIGNS: Final = tuple(sign for signs in _SIGNS.values() for sign in signs)
_SIGN: Final = re.compile(
    rf"[ \t]{{0,8}}(?:[-*•][ \t]{{1,4}})?(?P<sign>{'|'.join(map(re.escape, _ALL_SIGNS))})[ \t]{{0,4}}"
)


def lessons(report: Report) -> Lessons:
    """Return the items below headings and labels such as "What went well"; each list item, row or sentence is one."""
    document = report.document
    if not any("lessons" in section.names for section in document.sections) and not document.fields:
        return Lessons()
    found: dict[str, dict[int, Quoted]] = {"went_well": {}, "went_wrong": {}, "got_lucky": {}}
    for name, rule, start, end in _extents(document):
        for low, high in _items(document, start, end):
            quoted = document.quote(low, high)
            if not _PLACEHOLDER.fullmatch(quoted):
                found[name].setdefault(low, Quoted(quoted, report.evidence(low, high, rule)))
    if not found["went_well"] and not found["got_lucky"] and not _has_lessons(document):
        return Lessons()  # a lone "What went wrong?" is an account of the failure
    return Lessons(*(tuple(items[at] for at in sorted(items)) for items in found.values()))


def _has_lessons(document: Document) -> bool:
    """Is there a section of lessons that is more than such a question itself?"""
    return any(
        "lessons" in section.names and _named(section.text.strip()) is None for section in document.sections
    )


@cache
def _named(heading: str) -> tuple[str, str] | None:
    """Which list a heading or label opens, and the rule that says so."""
    for rule in vocabulary.rules("lessons"):
        if rule.pattern.search(heading):
            return rule.values["list"], rule.id
    return None


def _extents(document: Document) -> Iterator[tuple[str, str, int, int]]:
    """Yield (list, rule, start, end) of each section, with its sub-sections that open no list of their own, and of each field."""
    open_list: dict[int, tuple[str, str]] = {}
    for index, section in enumerate(document.sections):
        telling = len(section.text) <= _LONGEST_HEADING and _HINT.search(section.text.lower())
        named = _named(section.text.strip()) if telling else open_list.get(section.parent)
        if named is None:
            continue
        open_list[index] = named
        if section.body_end > section.body_start:
            yield *named, section.body_start, section.body_end
    yield from _signed(document)
    for field in document.fields:
        if not _tells(document, field):
            continue
        if (
            len(field.label) <= _LONGEST_HEADING
            and _HINT.search(field.label.lower())
            and field.end > field.start
        ):
            named = _named(field.label.strip())
            if named is not None:
                yield *named, field.start, field.end


def _tells(document: Document, field: Field) -> bool:
    """May a label open a list: of several words anywhere, a single word ("Good: …") only among lessons or in prose?"""
    if " " in field.label.strip():
        return True
    section = document.blocks[field.block].section
    return section < 0 or "lessons" in document.sections[section].names


def _signed(document: Document) -> Iterator[tuple[str, str, int, int]]:
    """Yield the lessons that a sign in front sorts: ``[+] …``, ``[-] …``, thumbs up and down, a clover."""
    taught = {i for i, section in enumerate(document.sections) if "lessons" in section.names}
    if not taught or not any(sign in document.text for sign in _ALL_SIGNS):
        return
    for block in document.blocks:
        if block.section in taught and (sign := _SIGN.match(document.text, block.outer, block.end)):
            name = next(name for name, signs in _SIGNS.items() if sign["sign"] in signs)
            yield name, f"lessons.sign.{name}", max(block.start, sign.end()), block.end


def _items(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Extents of the list items, rows and sentences in `start:end`."""
    first = bisect_right(document.blocks, start, key=lambda block: block.start)
    for block in document.blocks[max(0, first - 1) :]:
        if block.start >= end:
            return
        if block.end <= start or block.kind in (BlockKind.HEADING, BlockKind.CODE):
            continue
        low, high = max(block.start, start), min(block.end, end)
        yield from (
            cut(document.plain, low, high, _SENTENCE_END)
            if _is_prose(block, start)
            else trimmed(document.plain, low, high)
        )


def _is_prose(block: Block, start: int) -> bool:
    return block.kind is BlockKind.PARAGRAPH or (block.kind is BlockKind.ITEM and block.start < start)
