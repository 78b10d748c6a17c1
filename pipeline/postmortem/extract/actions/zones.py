"""Where actions stand: the sections and fields that are named after them, and how far these reach."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from postmortem.document import Block, Document, Field, Heading
from postmortem.extract.actions.cues import cues
from postmortem.extract.actions.wording import GROUP_END, TASK_LABEL, is_imperative, words_of

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

ActionZone = tuple[int, int, Field | None, bool]


def zones_of(document: Document) -> list[ActionZone]:
    """Extents of action sections and fields, with the field, and whether only clear requests count there; none overlap."""
    zones: list[ActionZone] = []
    inside: list[tuple[bool, bool]] = []
    # An action section without a word of its own: what follows it at its level are its items.
    empty = False
    following = (*(section.start for section in document.sections[1:]), len(document.plain))
    for section, end in zip(document.sections, following, strict=False):
        names = set(section.names)
        own = _is_named(section.names, section.text)
        inherited = section.parent >= 0 and inside[section.parent][0] and not names & _NOT_ACTIONS
        if empty and not own and set(section.names) <= {"other"} and asks_in_heading(document, section):
            inherited = True
        else:
            empty = own and not document.plain[section.end : end].strip()
        mixed = (own and bool(names & _NOT_ACTIONS)) or (inherited and inside[section.parent][1])
        inside.append((own or inherited, mixed))
        # What is nothing but links counts too, though no word of it is left in the plain text.
        if (own or inherited) and document.text[section.end : end].strip():
            zones.append((section.end, end, None, mixed))
    starts = [zone[0] for zone in zones]
    reached = -1
    for index, field in enumerate(document.fields):
        if field.label_start < reached or field.end <= field.start:
            continue
        if not _is_named(field.names, field.label):
            continue
        around = bisect_right(starts, field.label_start) - 1
        if around >= 0 and zones[around][1] > field.label_start:
            continue
        reached = _field_end(document, index)
        zones.append((field.start, reached, field, bool(set(field.names) & _NOT_ACTIONS)))
    return sorted(zones, key=lambda zone: zone[:2])


def asks_in_heading(document: Document, section: Heading) -> bool:
    """Does a heading ask for something: "1. Widen the counter"?"""
    label = TASK_LABEL.match(document.plain, section.start, section.end)
    return is_imperative(words_of(document, label.end() if label else section.start, section.end))


def zone_at(zones: list[ActionZone], starts: list[int], block: Block) -> ActionZone | None:
    """The zone that `block` overlaps; zones do not overlap each other."""
    index = bisect_right(starts, block.end - 1) - 1
    return zones[index] if index >= 0 and zones[index][1] > block.start else None


def is_attribute(field: Field) -> bool:
    names = set(field.names)
    return bool(names) and "actions" not in names and (names <= _ATTRIBUTES or bool(names & _NOT_ACTIONS))


def _is_named(names: tuple[str, ...], label: str) -> bool:
    """Do the names of a section or field, or its words where the names say little, promise actions?"""
    if "actions" in names:
        return not _DURING_INCIDENT.search(label)
    return _LITTLE.issuperset(names) and len(label) <= _LONGEST_LABEL and bool(cues().label.match(label))


def _field_end(document: Document, index: int) -> int:
    """Where the field's items end: with its value or, where that only introduces them, before the next heading or label."""
    field = document.fields[index]
    if not GROUP_END.search(document.plain, field.start, field.end):
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
