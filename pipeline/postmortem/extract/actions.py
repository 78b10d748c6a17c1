"""Corrective and preventive actions: the items, rows and sentences in which a report asks for something.

Sections and fields named ``actions`` are read item by item; prose in them sentence by sentence. Where a report has none
of these, items among its lessons and sentences that commit to something are taken instead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final, cast

from postmortem import vocabulary
from postmortem.document import Block, BlockKind, Cell, Document, Field
from postmortem.extract.attributes import Attributes, attributes, iso, ticket_of
from postmortem.extract.extents import cut, trimmed
from postmortem.record import Action, ActionType
from postmortem.report import Report

_SENTENCE_END: Final = re.compile(r"[.!?](?=[\"')]?\s{1,4}[\"'(\[`]?[A-Z0-9<]|[\"')]?\s{0,4}$)|;(?=\s)")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'-]*")
_TASK_LABEL: Final = re.compile(
    r"\W{0,4}(?:(?:task|item|action(?: item)?|step|todo|to-do|improvement|fix|measure)s?"
    r"\s?(?:#?\d{1,2})?\s{0,2}[:.)]|\d{1,2}[.):]\s|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?[.)]?\s"
    r"|(?:done|completed?|open|pending|planned|in progress|ongoing|wip)[\s*']{0,4}:[*']{0,3})\s{0,4}",
    re.IGNORECASE,
)
# "1) … 2) …" in one line.
_INLINE_NUMBER: Final = re.compile(r"(?<!\S)\(?(\d)[.)]\s{1,3}(?=\S)")
# The next in an item that begins a list told in one line: "a) …; b) …".
_NEXT_MARK: Final = re.compile(r"[;,.]?\s{1,3}(?:and\s)?\(?([b-h2-9])\)\s{1,3}(?=\S)")
# What the sentence behind an action says of it alone: "Owner: Lea. Due: June."
_ASIDE: Final = re.compile(
    r"\W{0,3}(?:owners?|assignee|assigned(?: to)?|responsible|dri|due(?: date)?|deadline|eta|planned(?: for)?|target(?: date)?|"
    r"tickets?|jira|issue|status|priority|tracked (?:in|as|by))\s?[:=]",
    re.IGNORECASE,
)
_TYPE_WORD: Final = re.compile(r"[a-z]+(?:[-/][a-z]+)*")
_ENDINGS: Final = ("s", "es", "ed", "ing")
_GROUP_END: Final = re.compile(r":\W{0,3}$")
_LINK: Final = re.compile(r"https?://|#\d")
_CAPITAL_LINE: Final = re.compile(r"\s{0,8}(?:[^\w\s]{1,3}\s?)?[A-Z0-9`]")
_LINE_CLOSED: Final = re.compile(r"[.!?;:)\]\"']\s{0,4}$")
_HEADER_TEXT: Final = re.compile(
    r"\b(?:action|task|item|what|description|improvement|measure|fix|to-?do|follow-?up|recommendation|details)",
    re.IGNORECASE,
)
_HEADER_ACTION: Final = re.compile(
    r"\W{0,4}(?:(?:action|follow-?up|remediation)(?: item)?|task|to-?do|improvement|measure|recommendation)s?\W{0,4}$",
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
_LONGEST_LABEL: Final = 60
_LITTLE: Final = frozenset({"other", "lessons"})
# "Actions taken" are steps of the incident, "preventive actions taken" and "actions taken since" are not.
_DURING_INCIDENT: Final = re.compile(
    r"\b(?:immediate|during)\b|^(?!.{0,60}\b(?:corrective|prevent))"
    r".{0,80}\btaken\b(?! (?:afterwards?|after|since|to (?:prevent|avoid))\b)",
    re.IGNORECASE,
)
_NOT_ACTIONS: Final = frozenset(
    {"root_cause", "resolution", "timeline", "impact", "summary", "trigger", "metadata", "title"}
)
_ATTRIBUTES: Final = frozenset({"owner", "due", "ticket", "status", "date", "author", "participants"})
_PROSE_ZONES: Final = frozenset(
    {"timeline", "impact", "background", "appendix", "communication", "investigation", "metadata"}
)
# "What we do next includes, among others: …": what comes before the items of a run-on list.
_INTRO_HEAD: Final = re.compile(
    r"[^:]{0,400}\b(?:includ(?:e[sd]?|ing)|following|as follows|limited to|these are|are|do)\)?\W{0,3}:\s{1,4}(?=\S)",
    re.IGNORECASE,
)
_INCLUDE: Final = re.compile(
    r"\b(?:these|this|that|which|(?:measures|actions|improvements|steps|changes|work)) includes?\s(?=[a-z]{2,16}ing\b)",
    re.IGNORECASE,
)
_MEASURES: Final = re.compile(
    r"\b(?:measures|improvements|prevent\w{0,6}|recurrence|follow-?ups?)\b", re.IGNORECASE
)
_NEXT_GERUND: Final = re.compile(r",\s(?:and\s)?(?=[a-z]{2,16}ing\b(?! and))", re.IGNORECASE)
_AND_GERUND: Final = re.compile(r"\sand\s(?=[a-z]{2,16}ing\b(?! and))", re.IGNORECASE)
_SIGN_OFF: Final = re.compile(r"\W{0,4}(?:sincerely|(?:kind |best )?regards|yours|cheers)\b", re.IGNORECASE)
_LONGEST_TAIL: Final = 24
_FEWEST_WORDS: Final = 4
_FEWEST_IN_LIST: Final = 2
_SEMICOLON: Final = re.compile(r";(?=\s)")
_COMMA: Final = re.compile(r",(?=\s)")
_INTRO_HINTS: Final = ("ollowing", "FOLLOWING", "pecific", "everal", "hese ", "ome ")
# What every commitment holds: far cheaper to look for than the commitments themselves.
_MODAL: Final = re.compile(
    r"'ll|will|shall|should|must|need|going to|plan|intend|ha(?:ve|s) to|ought|aim |WILL|SHALL|SHOULD|MUST|"
    r"uture|rom now on|ext time|enceforth|nd of the|tarting |"
    r"(?:are|am|is) (?:to|[a-z]{3,12}ly|in|also|now|[a-z]{3,16}ing)\b"
)
_LONGEST: Final = 1200
_LABEL_SPACES: Final = 2


@dataclass(frozen=True, slots=True)
class _Cues:
    """The rules of ``actions.toml`` by use."""

    openers: frozenset[str]
    imperatives: frozenset[str]
    ask: tuple[re.Pattern[str], ...]
    strict: tuple[re.Pattern[str], ...]
    skip: tuple[re.Pattern[str], ...]
    prose_skip: tuple[re.Pattern[str], re.Pattern[str]]
    advice: re.Pattern[str]
    intro: tuple[re.Pattern[str], ...]
    tail: re.Pattern[str]
    types: Mapping[str, tuple[bool, ActionType]]
    paired: frozenset[str]
    changed: re.Pattern[str]
    label: re.Pattern[str]
    todo: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """One item before it is typed: its extent, the rule that found it, and what its table row or sub-items say of it."""

    start: int
    end: int
    rule: str
    owner: str | None = None
    due: str | None = None
    ticket: str | None = None
    type: ActionType | None = None


def actions(report: Report) -> tuple[Action, ...]:
    """Return the corrective and preventive actions of `report`, in text order.

    `text` leaves out bullet, number, check box and a bare label such as "Task 1:"; evidence is the item as it stands in the text.
    Steps taken during the incident are left out.
    """
    document = report.document
    found = [*_zoned(document), *_taught(document)] or list(_committed(document))
    texts = {item: document.quote(item.start, item.end) for item in found}
    once = {texts[item].lower(): item for item in reversed(found)}
    items = sorted(once.values(), key=lambda item: item.start)
    said = [attributes(document.plain[i.start : i.end], document.text[i.start : i.end]) for i in items]
    named = any(one.listed for one in said)
    return tuple(
        _action(report, item, texts[item], one, named=named) for item, one in zip(items, said, strict=True)
    )


@cache
def _cues() -> _Cues:
    rules = vocabulary.rules("actions")
    by_id = {rule.id: rule.pattern for rule in rules}
    data = vocabulary.load("actions")
    openers = data["openers"]
    return _Cues(
        openers=frozenset(openers["verbs"]) | frozenset(openers["loose"]),
        imperatives=frozenset(verb for verb in openers["verbs"] if not verb.endswith("ing")),
        ask=tuple(rule.pattern for rule in rules if rule.values["kind"] == "ask"),
        strict=tuple(
            rule.pattern for rule in rules if rule.values["kind"] == "ask" and rule.values["strict"]
        ),
        skip=tuple(by_id[f"skip.{name}"] for name in ("empty", "closing", "head", "signed", "capitals")),
        intro=(by_id["skip.intro"], by_id["skip.announced"]),
        tail=by_id["skip.tail"],
        prose_skip=(by_id["skip.update"], by_id["skip.effect"]),
        advice=by_id["ask.advice"],
        types={
            word: (bool(entry.get("weak")), cast(ActionType, entry["type"]))
            for entry in reversed(data["type"])
            for word in entry["words"]
        },
        paired=frozenset(
            word.partition(" ")[0] for entry in data["type"] for word in entry["words"] if " " in word
        ),
        changed=by_id["told.changed"],
        label=by_id["told.label"],
        todo=by_id["told.todo"],
    )


# --- sections and fields of actions ---------------------------------------------------------------------------------


def _zoned(document: Document) -> Iterator[_Found]:
    """Items of the sections and fields named ``actions``."""
    zones = _zones(document)
    if not zones:
        return
    labels: dict[int, Field] = {field.label_start: field for field in document.fields}
    blocks = document.blocks
    tabled = {block.section for block in blocks if block.kind is BlockKind.ROW and _asks_in_header(block)}
    starts = [zone[0] for zone in zones]
    listing = False
    for index, block in enumerate(blocks):
        zone = _zone_at(zones, starts, block)
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
        if field is not None and _is_attribute(field):
            continue
        if block.kind is BlockKind.ROW:
            yield from _row(document, block)
        elif block.section in tabled:
            continue
        elif block.kind is BlockKind.ITEM and start == block.start:
            listing = False
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            yield from _item(document, block, end, field, following, zone[3])
        else:
            one = _SENTENCE_END.search(document.plain, start, end - 1) is None
            listed = one and (listing or _is_line_of_list(document, index))
            promised = zone[2] is not None and "actions" not in zone[2].names
            yield from _prose(document, start, end, zone[3], listed or promised, run_in=zone[2] is not None)
            listing = bool(_GROUP_END.search(document.plain, start, end)) or (listing and one)
            if _SIGN_OFF.match(document.plain, start, end):
                return


_Zone = tuple[int, int, Field | None, bool]


def _zone_at(zones: list[_Zone], starts: list[int], block: Block) -> _Zone | None:
    """The zone that `block` overlaps; zones do not overlap each other."""
    index = bisect_right(starts, block.end - 1) - 1
    return zones[index] if index >= 0 and zones[index][1] > block.start else None


def _asks_in_header(block: Block) -> bool:
    return any(_HEADER_TEXT.search(cell.header) for cell in block.cells)


def _is_line_of_list(document: Document, index: int) -> bool:
    """Does a request stand right above or below this paragraph, with no empty line between: a list without bullets?"""
    blocks = document.blocks
    for above, below in ((index - 1, index), (index, index + 1)):
        if above < 0 or below >= len(blocks) or blocks[above].section != blocks[below].section:
            continue
        other = blocks[above if below == index else below]
        opening = _text(document, other.start, min(other.end, other.start + 80))
        adjacent = document.text.count("\n", blocks[above].end, blocks[below].start) == 1
        if adjacent and other.kind is BlockKind.PARAGRAPH and _is_imperative(opening):
            return True
    return False


def _is_attribute(field: Field) -> bool:
    names = set(field.names)
    return bool(names) and "actions" not in names and (names <= _ATTRIBUTES or bool(names & _NOT_ACTIONS))


def _zones(document: Document) -> list[_Zone]:
    """Extents of action sections and fields, with the field, and whether only clear requests count there; none overlap."""
    zones: list[_Zone] = []
    inside: list[tuple[bool, bool]] = []
    for section in document.sections:
        names = set(section.names)
        own = _is_named(names, section.text)
        inherited = section.parent >= 0 and inside[section.parent][0] and not names & _NOT_ACTIONS
        mixed = (own and bool(names & _NOT_ACTIONS)) or (inherited and inside[section.parent][1])
        inside.append((own or inherited, mixed))
        if (own or inherited) and section.body_end > section.body_start:
            zones.append((section.body_start, section.body_end, None, mixed))
    starts = [zone[0] for zone in zones]
    reached = -1
    for index, field in enumerate(document.fields):
        if field.label_start < reached or field.end <= field.start:
            continue
        if not _is_named(set(field.names), field.label):
            continue
        around = bisect_right(starts, field.label_start) - 1
        if around >= 0 and zones[around][1] > field.label_start:
            continue
        reached = _field_end(document, index)
        zones.append((field.start, reached, field, bool(set(field.names) & _NOT_ACTIONS)))
    return sorted(zones, key=lambda zone: zone[:2])


def _is_named(names: set[str], label: str) -> bool:
    """Do the names of a section or field, or its words where the names say little, promise actions?"""
    if "actions" in names:
        return not _DURING_INCIDENT.search(label)
    return names <= _LITTLE and len(label) <= _LONGEST_LABEL and bool(_cues().label.match(label))


def _field_end(document: Document, index: int) -> int:
    """Where the field's items end: with its value or, where that only introduces them, before the next heading or label."""
    field = document.fields[index]
    if not _GROUP_END.search(document.plain, field.start, field.end):
        return field.end
    sections = document.sections
    after = bisect_right(sections, field.end - 1, key=lambda section: section.start)
    end = sections[after].start if after < len(sections) else len(document.plain)
    for other in document.fields[index + 1 :]:
        if other.label_start >= end:
            break
        if other.label_start >= field.end and set(other.names) - _ATTRIBUTES - {
            "actions",
            "detection",
            "communication",
        }:
            return other.label_start
    return end


def _item(
    document: Document, block: Block, end: int, field: Field | None, following: Block | None, mixed: bool
) -> Iterator[_Found]:
    """One list item: itself, or nothing where it only groups the items below it."""
    start = block.start
    if field is not None and "actions" in field.names and field.label.count(" ") < _LABEL_SPACES:
        start = field.start
    elif label := _TASK_LABEL.match(document.plain, start, end):
        start = label.end()
    text = _text(document, start, end)
    nested = following is not None and following.kind is BlockKind.ITEM and following.depth > block.depth
    if _LINK.search(document.text, start, end) and not text.strip(" <>"):
        yield _Found(start, end, "actions.item")
        return
    if _skipped(text) or (_GROUP_END.search(text) and (nested or len(text.split()) < 8)):
        return
    if (nested and _is_bare_label(text)) or (mixed and (_reports(text) or not _asks(text, False))):
        return
    marks = [*_NEXT_MARK.finditer(document.plain, start, end)] if block.marker.endswith(")") else []
    if marks and marks[0][1] in "b2":
        for mark in marks:
            yield _Found(start, mark.start(), "actions.item")
            start = mark.end()
    yield _Found(start, end, "actions.item")


def _is_bare_label(text: str) -> bool:
    """A group's name ("Code reviews"), not a request."""
    words = _WORD.findall(text)
    return len(words) <= 4 and not text.rstrip().endswith(".")


def _skipped(text: str) -> bool:
    """Is it an introduction, a closing, a placeholder or a single word?"""
    cues = _cues()
    for pattern in cues.skip:
        if pattern.match(text):
            return True
    if cues.tail.search(text[-_LONGEST_TAIL:]):
        return True
    if any(hint in text for hint in _INTRO_HINTS) and any(pattern.search(text) for pattern in cues.intro):
        return True
    return len({word.lower() for word in _WORD.findall(text)}) < 2


def _row(document: Document, block: Block) -> Iterator[_Found]:
    """A table row: the cell under an action-like header, and what the other columns say."""
    owner = due = ticket = kind = None
    text: Cell | None = None
    for cell in block.cells:
        header = cell.header
        content = document.quote(cell.start, cell.end)
        if not content or _NO_VALUE.fullmatch(content):
            continue
        if _HEADER_TYPE.search(header):
            kind = _named_type(content)
        elif _HEADER_OWNER.search(header):
            owner = owner or content
        elif text is None and _HEADER_TEXT.search(header) and not _HEADER_ASIDE.search(header):
            text = cell
        elif _HEADER_TICKET.search(header):
            ticket = ticket or ticket_of(document.text[cell.start : cell.end]) or _numbered(content)
        elif _HEADER_DUE.search(header):
            due = due or iso(content)
    if text is None:
        rest = [
            c
            for c in block.cells
            if not _HEADER_OTHER.search(c.header) and not _HEADER_OWNER.search(c.header)
        ]
        text = max(rest, key=lambda cell: cell.end - cell.start, default=None)
    if text is None or _skipped(_text(document, text.start, text.end)) or _heads_table(block, document):
        return
    yield _Found(text.start, text.end, "actions.row", owner, due, ticket, kind)


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


def _prose(
    document: Document, start: int, end: int, mixed: bool, listing: bool, *, run_in: bool
) -> Iterator[_Found]:
    """Sentences of a paragraph that ask for something; the lines of one that is a list without bullets.

    `listing`: an introduction stands before, so that each line is an item whatever its words; `run_in`: so does a label.
    """
    plain = document.plain
    lines = _lines(plain, start, end)
    parts = [part for a, b in lines for part in _parts(plain, a, b, run_in=run_in)]
    counted = len(parts) > len(lines)
    for low, high in parts:
        listed = len(parts) > 1
        itemised = listing or counted
        fewest = _FEWEST_IN_LIST if counted else _FEWEST_WORDS
        if intro := _INTRO_HEAD.match(plain, low, high):
            low, listed, itemised = intro.end(), True, True
        if "nclude" in plain[low:high] and (gerunds := _INCLUDE.search(plain, low, high)):
            yield from _enumerated(plain, gerunds.end(), high)
        for a, b in cut(plain, low, high, _SENTENCE_END):
            label = _TASK_LABEL.match(plain, a, b)
            a = label.end() if label else a
            text = _text(document, a, b)
            if _skipped(text) or _GROUP_END.search(text) or _reports(text) or _ASIDE.match(text):
                continue
            telling = itemised and not mixed and len(text.split()) >= fewest
            if (
                _asks(text, mixed)
                or telling
                or (listed and not mixed and (a == low or label) and _titled(text))
            ):
                yield _said_behind(document, _Found(a, b, "actions.sentence"), high)


def _parts(plain: str, start: int, end: int, *, run_in: bool) -> Iterator[tuple[int, int]]:
    """The parts of a list told in one line: "1) … 2) …" and, behind a label, "…; …" or "add …, ask …, and test …"."""
    marks = [*_INLINE_NUMBER.finditer(plain, start, end)]
    if len(marks) > 1 and [mark[1] for mark in marks] == [str(n) for n in range(1, len(marks) + 1)]:
        yield from trimmed(plain, start, marks[0].start())
        for mark, following in zip(marks, (*(m.start() for m in marks[1:]), end), strict=True):
            yield from ((a, _without_mark(plain, a, b)) for a, b in trimmed(plain, mark.end(), following))
        return
    if run_in:
        for pattern in (_SEMICOLON, _COMMA):
            pieces = [*cut(plain, start, end, pattern)]
            asking = [_is_imperative(_unjoined(plain[a:b])) for a, b in pieces]
            if len(pieces) > 1 and (all(asking) if pattern is _COMMA else "." not in plain[start : end - 1]):
                yield from ((a, _without_mark(plain, a, b)) for a, b in pieces)
                return
    yield start, end


def _unjoined(text: str) -> str:
    return text.removeprefix("and ")


def _without_mark(plain: str, start: int, end: int) -> int:
    return end - 1 if plain[end - 1] in ";," else end


def _said_behind(document: Document, item: _Found, end: int) -> _Found:
    """Add the owner, date and ticket that the sentences right behind an item tell of it."""
    reached = item.end
    for a, b in cut(document.plain, item.end, end, _SENTENCE_END):
        if not _ASIDE.match(document.plain, a, b):
            break
        reached = b
    if reached == item.end:
        return item
    said = attributes(document.plain[item.end : reached], document.text[item.end : reached])
    return replace(item, owner=said.owner, due=said.due, ticket=said.ticket)


def _enumerated(plain: str, start: int, end: int) -> Iterator[_Found]:
    """The parts of "These include adding …, testing …, and moving …"."""
    stop = _SENTENCE_END.search(plain, start, end)
    end = stop.start() if stop else end
    pattern = _NEXT_GERUND if _NEXT_GERUND.search(plain, start, end) else _AND_GERUND
    for mark in pattern.finditer(plain, start, end):
        yield _Found(start, mark.start(), "actions.enumerated")
        start = mark.end()
    yield _Found(start, end, "actions.enumerated")


def _reports(text: str) -> bool:
    """Does a sentence promise an update or describe an effect, rather than ask for something?"""
    update, effect = _cues().prose_skip
    return bool(update.search(text)) or bool(effect.search(text) and not _is_imperative(text))


def _titled(text: str) -> bool:
    """ "Better monitoring: we watch memory now": a name, a colon, what it means."""
    head, colon, tail = text.partition(":")
    return bool(colon) and 1 <= len(head.split()) <= 5 and len(tail.split()) >= 3


def _asks(text: str, strict: bool) -> bool:
    cues = _cues()
    if strict:
        return bool(_MODAL.search(text)) and any(pattern.search(text) for pattern in cues.strict)
    head, colon, tail = text.partition(":")
    for part in (text, tail) if colon and len(head.split()) <= 6 else (text,):
        words = _WORD.findall(part[:80])
        if words and (
            words[0].lower() in cues.openers
            or (
                len(words) > 1
                and words[0].lower() in ("to", "by", "and")
                and words[1].lower() in cues.openers
            )
        ):
            return True
    return any(pattern.search(text) for pattern in cues.ask)


def _lines(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraph's lines where each is a sentence or item of its own, else the paragraph as one."""
    lines: list[tuple[int, int]] = []
    at = start
    for line in plain[start:end].split("\n"):
        if line.strip():
            lines.append((at, at + len(line)))
        at += len(line) + 1
    if len(lines) > 1 and all(_CAPITAL_LINE.match(plain, a, b) for a, b in lines):
        closed = sum(bool(_LINE_CLOSED.search(plain, a, b)) for a, b in lines[:-1])
        uneven = max(b - a for a, b in lines[:-1]) - min(b - a for a, b in lines[:-1]) > 25 or len(lines) == 2
        if closed == len(lines) - 1 or uneven:
            return [extent for a, b in lines for extent in trimmed(plain, a, b)]
    return list(trimmed(plain, start, end))


def _text(document: Document, start: int, end: int) -> str:
    """The words of `start:end` with single spaces between them, for patterns that span several words."""
    return " ".join(document.plain[start:end].split())


def _taught(document: Document) -> Iterator[_Found]:
    """Lessons worded as requests: "Better alerts: page somebody when …"."""
    taught = {i for i, s in enumerate(document.sections) if "lessons" in s.names and "actions" not in s.names}
    for block in document.blocks:
        if block.section not in taught or block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            continue
        for low, high in _lines(document.plain, block.start, block.end):
            text = _text(document, low, high)
            if _titled(text) and _is_imperative(text.partition(":")[2]) and not _skipped(text):
                yield _Found(low, high, "actions.lesson")


def _is_imperative(text: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text[:60])]
    while words and (words[0].endswith("ly") or words[0] in ("also", "please")):
        del words[0]
    return bool(words) and words[0] in _cues().imperatives


# --- reports without such a section ---------------------------------------------------------------------------------


def _committed(document: Document) -> Iterator[_Found]:
    """Lessons that ask for something, and sentences that commit to something, outside the account of what happened."""
    yield from _noted(document)
    for block in document.blocks:
        if block.kind is BlockKind.ROW and _is_register(block):
            yield from _row(document, block)
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            continue
        names = _section_names(document, block)
        if names & _PROSE_ZONES:
            continue
        if block.kind is BlockKind.ITEM:
            text = _text(document, block.start, block.end)
            advice = "lessons" in names and _cues().advice.search(text)
            if (
                (advice or _asks(text, True))
                and not _skipped(text)
                and not _cues().prose_skip[0].search(text)
            ):
                yield _Found(block.start, block.end, "actions.commitment")
            continue
        if (
            "nclude" in document.plain[block.start : block.end]
            and _MEASURES.search(document.plain, block.start, block.end)
            and (listed := _INCLUDE.search(document.plain, block.start, block.end))
        ):
            yield from _enumerated(document.plain, listed.end(), block.end)
        telling = False
        for start, end in cut(document.plain, block.start, block.end, _SENTENCE_END):
            text = _text(document, start, end)
            if telling and len(text.split()) >= _FEWEST_WORDS and not _skipped(text) and not _reports(text):
                yield _Found(start, end, "actions.changed")
                continue
            telling = telling or bool(_cues().changed.search(text))
            if end - start <= _LONGEST and _asks(text, True) and not _skipped(text) and not _reports(text):
                yield _Found(start, end, "actions.commitment")


def _is_register(block: Block) -> bool:
    """Is it a row of a table of actions: with a column of them, and one of owners or due dates?"""
    headers = [cell.header for cell in block.cells]
    asks = any(_HEADER_ACTION.match(header) for header in headers)
    return asks and any(_HEADER_OWNER.search(header) or _HEADER_WHEN.match(header) for header in headers)


def _noted(document: Document) -> Iterator[_Found]:
    """What stands behind a "todo:" in running text."""
    plain = document.plain
    if "odo" not in plain and "o do" not in plain and "o-do" not in plain:
        return
    for block in document.blocks:
        if block.kind is BlockKind.CODE:
            continue
        for match in _cues().todo.finditer(plain, block.start, block.end):
            yield from (_Found(a, b, "actions.noted") for a, b in trimmed(plain, *match.span("value")))


def _section_names(document: Document, block: Block) -> set[str]:
    index = block.section
    while index >= 0:
        names = set(document.sections[index].names) - {"other"}
        if names:
            return names
        index = document.sections[index].parent
    return set()


# --- what an item says of itself ------------------------------------------------------------------------------------


def _action(report: Report, item: _Found, text: str, said: Attributes, *, named: bool) -> Action:
    document = report.document
    return Action(
        text,
        item.type or _type(_text(document, item.start, min(item.end, item.start + said.first))),
        item.owner or said.owner or (said.maybe if named else None),
        item.due or said.due,
        item.ticket or said.ticket,
        report.evidence(item.start, item.end, item.rule),
    )


def _named_type(name: str) -> ActionType | None:
    """The type that a column or a group of that name gives its actions."""
    words = _TYPE_WORD.findall(name.lower())
    found = [_typed(word, "") for word in words] if len(words) <= _LONGEST_NAME else []
    return next((one[1] for one in found if one and not one[0]), None)


def _type(text: str) -> ActionType:
    """The type of the first telling word; a weak word counts where there is no other. What says nothing of the kind is taken to
    keep the trouble from coming back."""
    words = _TYPE_WORD.findall(text.lower())
    weak: ActionType | None = None
    for i, word in enumerate(words):
        found = _typed(word, words[i + 1] if word in _cues().paired and i + 1 < len(words) else "")
        if found and not found[0]:
            return found[1]
        weak = weak or (found[1] if found else None)
    return weak or "prevent"


@lru_cache(maxsize=4_096)
def _typed(word: str, following: str) -> tuple[bool, ActionType] | None:
    """Return the type that a word tells, with the one behind it or by itself, and whether it is a weak one."""
    types = _cues().types
    found = types.get(f"{word} {following}") or types.get(f"{word} {following.removesuffix('s')}")
    return found or next((types[form] for form in _forms(word) if form in types), None)


def _forms(word: str) -> Iterator[str]:
    """A word and what it may be an inflection of."""
    yield word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            yield stem
            yield stem + "e"
