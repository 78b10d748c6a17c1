"""Several incidents told in one file: where each begins and ends.

The test is structural and strict, for a report cut in two is worse than two incidents in one record: sections of one
level that are no part of a report themselves, each with its own summary, timeline, cause … below it; or the same run of
sections told again from the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Final

from postmortem.document import Document, Heading
from postmortem.record import Evidence, Extent, Incident

Extents = tuple[tuple[int, int], ...]

_PARTS_OF_A_REPORT: Final = frozenset(
    {
        "summary",
        "impact",
        "timeline",
        "root_cause",
        "detection",
        "resolution",
        "actions",
        "trigger",
        "contributing_factors",
    }
)
_CORE: Final = ("summary", "timeline", "root_cause")
_INCIDENT: Final = re.compile(
    r"\W{0,9}(?:\d{1,3}[.)]\s{1,3})?(?:the\s{1,3})?(?:\w{1,12}\s{1,3})?"
    r"(?:incident|outage|post[\s-]?mortem|disruption|event|interruption)s?\b",
    re.IGNORECASE,
)


def parts(document: Document) -> Extents:
    """Return the extent of each incident of a document, in text order; empty where it tells of one only.

    What stands above the first extent belongs to all of them.
    """
    return _headed(document) or _repeated(document)


def excerpt(text: str, extents: Extents, number: int) -> tuple[str, int]:
    """Return the text of the `number`-th incident (from 1) below what stands above all of them, and where the two meet.

    `moved` brings what is found there back to the whole text's offsets. A long preamble above many incidents is left
    out, so that the work stays proportional to the text.
    """
    start, end = extents[number - 1]
    shared = extents[0][0]
    if shared * len(extents) > 4 * len(text):
        shared = 0
    return text[:shared] + text[start:end], shared


def moved(incident: Incident, text: str, joint: int, start: int) -> Incident:
    """Return `incident`, found in an excerpt, with the offsets of the whole `text`: what lies behind `joint` began at `start`."""

    if start == joint:
        return incident

    def place(offset: int, *, closing: bool) -> int:
        return offset + start - joint if offset > joint or (offset == joint and not closing) else offset

    def walk(node: Any) -> Any:
        if isinstance(node, Evidence | Extent):
            empty = node.start == node.end
            first = place(node.start, closing=False)
            last = first if empty else place(node.end, closing=True)
            if isinstance(node, Extent):
                return Extent(first, last)
            return Evidence(first, last, text[first:last], node.rule)
        if isinstance(node, tuple):
            return tuple(map(walk, node))
        if is_dataclass(node) and not isinstance(node, type):
            found = {name: walk(getattr(node, name)) for name in _names(type(node))}
            return replace(node, **found)
        return node

    result: Incident = walk(incident)
    return result


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _headed(document: Document) -> Extents:
    """Incidents under headings of their own: the outermost level at which every such heading governs a report."""
    sections = document.sections
    for level in sorted({s.level for s in sections}):
        heads = [
            (i, s)
            for i, s in enumerate(sections)
            if s.level == level and not _PARTS_OF_A_REPORT.intersection(s.names)
        ]
        told = [(i, s, _below(sections, i)) for i, s in heads]
        told = [(i, s, names) for i, s, names in told if len(names) >= 2]
        if len(told) < 2:
            continue
        shared = frozenset.intersection(*(names for _, _, names in told))
        named = sum(bool(_INCIDENT.match(s.text)) for _, s, _ in told)
        if len(shared) >= 2 or (shared and named == len(told)):
            return _extents([s.start for _, s, _ in told], document.text)
    return ()


def _below(sections: Sequence[Heading], index: int) -> frozenset[str]:
    """The parts of a report that stand below a heading, up to the next of its level or above."""
    names: set[str] = set()
    for following in range(index + 1, len(sections)):
        if sections[following].level <= sections[index].level:
            break
        names.update(_PARTS_OF_A_REPORT.intersection(sections[following].names))
    return frozenset(names)


def _repeated(document: Document) -> Extents:
    """The same sections over again, with nothing above them: each opening with its summary."""
    starts = {
        name: [s.start for s in document.sections if name in s.names and len(s.names) == 1] for name in _CORE
    }
    summaries = starts["summary"]
    if len(summaries) < 2 or any(len(found) != len(summaries) for found in starts.values()):
        return ()
    extents = _extents(summaries, document.text)
    whole = all(a <= at < b for found in starts.values() for (a, b), at in zip(extents, found, strict=True))
    return extents if whole else ()


def _extents(headings: Sequence[int], text: str) -> Extents:
    starts = [text.rfind("\n", 0, at) + 1 for at in headings]
    return tuple(zip(starts, [*starts[1:], len(text)], strict=True))
