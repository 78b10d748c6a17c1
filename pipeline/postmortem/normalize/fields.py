"""Run-in labels with their values: at the start of a line, in mid-paragraph, and in two-column tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from postmortem.document import Block, BlockKind, Field, Heading
from postmortem.normalize.marks import starts_with_stamp
from postmortem.normalize.naming import Names, is_heading_name, label_names, whole_names

# No colon of a clock time.
_COLON: Final = re.compile(r":(?=[\s\"'(A-Za-z]|(?<!\d:)\d)")
_LABEL: Final = re.compile(r"[A-Za-z](?:[^:\n|.!?;\t·•]|\.(?=\d)){0,58}$")
_DASHED: Final = re.compile(r"([A-Z][A-Za-z /&']{2,40}?)\s{1,4}[-=]{1,2}\s{1,4}\S")
_BARE: Final = re.compile(r"([A-Z][a-z]{2,20}(?: [a-z]{2,20}){0,3})\s{1,6}(?=[\d(~])")
_BARE_REACH: Final = 48
_LEADER: Final = re.compile(r"([A-Z][A-Za-z /&']{1,30}?)\s{0,2}(?:\.{3,60}|\s\s{1,40}|\t)\s{0,4}(?=[^\s.])")
_WORD_START: Final = re.compile(r"(?<![\w'-])[A-Z]|(?<=[·•] )[a-z]")
_KNOWN_SHAPE: Final = re.compile(r"[A-Za-z /&'-]{2,48}$")
_REACH: Final = 60
_RUNNING: Final = re.compile(
    r"^(?:the|a|an|this|our)\b|\b(?:was|were|is|are|has|had|by|to|of|the)$", re.IGNORECASE
)
_STAMPED: Final = re.compile(r"\b\d{1,2}:\d\d|\b\d{1,2} ?[ap]m\b|\b(?:19|20)\d\d\b", re.IGNORECASE)
_COLUMN: Final = frozenset(
    {
        *("event", "events", "description", "details", "detail", "value", "values", "notes", "note"),
        *("comment", "comments", "activity", "message", "what", "action", "actions"),
    }
)

_TIMED: Final = frozenset({"start", "end", "detected", "date"})
_TOLD: Final = frozenset({"resolution", "detection"})

_Label = tuple[int, int, int, Names]


def find_fields(plain: str, blocks: tuple[Block, ...], sections: tuple[Heading, ...]) -> tuple[Field, ...]:
    """Return the fields of a text, in order.

    Below actions and lessons the labels of items are their topics ("Detection: alert on …"), so they do not
    get the names of other sections.
    """
    found: list[Field] = []
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.CODE:
            continue
        if block.kind is BlockKind.ROW:
            found.extend(_row_field(plain, block, index, blocks))
            continue
        labels = _labels(plain, block)
        if not labels:
            continue
        until = _end_of_nested(blocks, index)
        timed = _is_timed(sections, block.section)
        topical = block.section >= 0 and set(sections[block.section].names) <= {"actions", "lessons"}
        for i, (start, end, value, names) in enumerate(labels):
            stop = labels[i + 1][0] if i + 1 < len(labels) else until
            body = plain[value:stop]
            stripped = body.strip()
            if not stripped or (block.kind is BlockKind.HEADING and not _says_something(names, stripped)):
                continue
            if topical and block.kind is not BlockKind.HEADING:
                names = tuple(n for n in names if n in {"actions", "lessons"} or not is_heading_name(n))
            if timed:  # "Description: …" below an entry is the entry's
                names = tuple(n for n in names if n != "summary")
            if starts_with_stamp(stripped):
                names = tuple(n for n in names if n not in _TOLD)
            left = value + len(body) - len(body.lstrip())
            found.append(
                Field(plain[start:end].strip(), names, start, end, left, left + len(stripped), index)
            )
    return tuple(found)


def _is_timed(sections: tuple[Heading, ...], index: int) -> bool:
    """Does section `index` belong to a timeline?"""
    while index >= 0:
        if "timeline" in sections[index].names:
            return True
        index = sections[index].parent
    return False


def _says_something(names: Names, value: str) -> bool:
    """Is what follows the colon of a heading a value, not a subtitle?"""
    return value.count(" ") >= 8 or not all(map(is_heading_name, names)) or "metadata" in names


def _end_of_nested(blocks: tuple[Block, ...], index: int) -> int:
    block = blocks[index]
    end = block.end
    if block.kind is BlockKind.ITEM:
        for other in blocks[index + 1 : index + 60]:
            if other.kind is not BlockKind.ITEM or other.depth <= block.depth:
                break
            end = other.end
    return end


def _row_field(plain: str, block: Block, index: int, blocks: tuple[Block, ...]) -> Iterator[Field]:
    """Yield the field of a two-column row, unless the row is a header ("Time | Event")."""
    if len(block.cells) != 2:
        return
    label, value = block.cells
    name = plain[label.start : label.end].rstrip(" :")
    said = plain[value.start : value.end]
    if not said or not 0 < len(name) <= _REACH:
        return
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    heads = bool(below and below.kind is BlockKind.ROW and len(below.cells) == 2 and below.cells[0].header)
    if heads and not label.header and (said.lower() in _COLUMN or whole_names(said) or label_names(said)):
        return
    if names := label_names(name):
        yield Field(name, names, label.start, label.start + len(name), value.start, value.end, index)


def _labels(plain: str, block: Block) -> list[_Label]:
    """Return label start, label end, value start and names of the labels of a block."""
    start, end = block.start, block.end
    found: list[_Label] = []
    least = start
    for colon in _COLON.finditer(plain, start, end) if plain.find(":", start, end) >= 0 else ():
        at = colon.start()
        before = plain[max(least, at - _REACH) : at]
        if not before.strip() or (before[-1].isdigit() and plain[at + 1].isdigit()):
            continue
        if least == start and at - start <= _REACH and _LABEL.match(before) and not starts_with_stamp(before):
            names = label_names(before)
            if names or (len(before.split()) <= 7 and not _STAMPED.search(before.split("(")[0])):
                found.append((start, start + len(before.rstrip()), at + 1, names))
                least = at + 1
                continue
        if not (plain[at + 1].isspace() or plain[at + 1].isupper()):
            continue
        if (label := _known_before(before, at, least < at - len(before))) is not None:
            label_start, names = label
            found.append((label_start, label_start + len(plain[label_start:at].rstrip()), at + 1, names))
            least = at + 1
    # All labels without a colon begin with a capital.
    if least == start and "A" <= plain[start : start + 1] <= "Z" and block.kind is not BlockKind.HEADING:
        label_alone = _unmarked_label(plain, start, end)
        return [] if label_alone is None else [label_alone]
    return found


def _unmarked_label(plain: str, start: int, end: int) -> _Label | None:
    """Return a known label that a dash ("Impact - …") or nothing ("Fault began 10:30") parts from its value."""
    match = _DASHED.match(plain, start, min(end, start + 200))
    if match and (names := label_names(match[1])):
        return start, match.end(1), match.end() - 1, names
    if end - start <= 4 * _BARE_REACH and (
        match := _LEADER.match(plain, start, min(end, start + 2 * _BARE_REACH))
    ):
        # Emphasis that was blanked leaves wide spaces in running text: "The outage was   caused".
        running = _RUNNING.search(match[1]) is not None
        if not running and "\n" not in plain[start:end] and (names := label_names(match[1])):
            return start, match.end(1), match.end(), names
        return None
    if end - start <= 2 * _BARE_REACH and (match := _BARE.match(plain, start, min(end, start + _BARE_REACH))):
        value = match.end()
        names = label_names(match[1])
        if _TIMED.intersection(names) and end - value <= _BARE_REACH and starts_with_stamp(plain[value:end]):
            return start, match.end(1), value, names
    return None


def _known_before(before: str, at: int, cut: bool) -> tuple[int, Names] | None:
    """Return where the known label that ends at a colon begins, and its names.

    Where no mark of punctuation stands before it, only a label of several words behind a word in lower case
    counts.
    """
    for word in _WORD_START.finditer(before[-48:]):
        offset = max(0, len(before) - 48) + word.start()
        label = before[offset:]
        if not _KNOWN_SHAPE.match(label):
            continue
        ahead = before[:offset].rstrip()
        gap = before[len(ahead) : offset]
        clean = (not ahead and not cut) or ahead[-1:] in tuple(".!?;:)]\"',-·•") or "\n" in gap or "  " in gap
        if not clean and not (" " in label.strip() and ahead.split(" ")[-1].islower()):
            continue
        if names := label_names(label):
            return at - len(label), names
    return None
