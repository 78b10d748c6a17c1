"""The units of a report that may be actions, and what is seen of each: its words, what stands over it, what stands beside it.

A unit is a list item or a sentence. Whether one asks for something is mostly said by its company: by the heading, label or
sentence that introduces it ("Since then:"), and by what the other units of its list or paragraph look like.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from postmortem.document import Block, BlockKind, Document
from postmortem.extract.actions.cues import cues
from postmortem.extract.actions.items import is_boxed
from postmortem.extract.actions.model import Found
from postmortem.learned.features import words
from postmortem.nlp import Zone
from postmortem.report import Report

# What opens with a digit in sections and fields of these names alone is an entry or a figure; the rest may be a list behind a
# line that is no heading.
_ASIDE: Final = frozenset(
    {
        "timeline",
        "metadata",
        "impact",
        "investigation",
        "root_cause",
        "communication",
        "appendix",
        "detection",
    }
)
_DIGIT: Final = re.compile(r"[^\w]{0,6}\d")
_MOST_UNITS: Final = 300
# Characters read of one unit, and of what introduces it.
_LONGEST: Final = 250
_LONGEST_HEAD: Final = 90
# A sentence of so few words that opens a paragraph introduces what follows: "Changes. …".
_OPENING: Final = 5
_PARTS: Final = 4
_LENGTHS: Final = (3, 6, 12, 25)
_LAST: Final = (2, 6, 12)
_FIRST_WORDS: Final = 2
_PEOPLE: Final = frozenset("we i you they it there this that nobody somebody everyone".split())
_MODAL: Final = frozenset("will should must shall need needs would could can may might ought".split())
_PAST: Final = frozenset("was were had did been went took got came made saw found said knew".split())
_PRESENT: Final = frozenset("is are has have does do now gets get goes no longer".split())
_NOTHING: Final[Mapping[str, float]] = {}
# What the neighbours in a group tell of a unit.
_SHARED: Final = ("rule", "opener", "gerund", "past", "modal", "present", "people", "stamp")


class Unit(NamedTuple):
    """A list item or sentence at source characters `start:end`. `group` is the list or paragraph that it belongs to, `head` are
    features: the words that introduce it."""

    start: int
    end: int
    item: Block | None
    group: int
    head: Mapping[str, float]
    zone: Zone


def units(report: Report) -> list[Unit]:
    """Return the items and sentences of a report, in text order, without tables, headings, code, and what only tells when."""
    found: list[Unit] = []
    plain = report.document.plain
    group = -1
    intro = _NOTHING
    # The section of the list, or of the paragraphs of one sentence each, that the last group is.
    listing = lining = section = -2
    for block, told in _blocks(report):
        if block.section != section:
            section, intro = block.section, _NOTHING
        if block.kind is BlockKind.ITEM:
            group += listing != block.section
            listing, lining = block.section, -2
            found.append(Unit(block.start, block.end, block, group, intro, told[0][2]))
        else:
            line = len(told) == 1
            group += not (line and lining == block.section)
            listing, lining = -2, block.section if line else -2
            head = _NOTHING
            for start, end, zone in told:
                label = _label(report.document, zone)
                found.append(Unit(start, end, None, group, label or head, zone))
                if plain[end - 1] in ":?" or (
                    start == block.start and plain.count(" ", start, end) < _OPENING
                ):
                    head = _head(plain[max(start, end - _LONGEST_HEAD) : end])
            start, end, _ = told[-1]
            intro = _head(plain[max(start, end - _LONGEST_HEAD) : end])
        if len(found) >= _MOST_UNITS:
            break
    return found


def _blocks(report: Report) -> Iterator[tuple[Block, list[tuple[int, int, Zone]]]]:
    """Yield the items and paragraphs with their sentences, each from behind the label that it opens with, and its zone."""
    fields = report.document.fields
    blocks = iter(report.document.blocks)
    block = next(blocks, None)
    told: list[tuple[int, int, Zone]] = []
    for zone, _, sentences in report.account.passages:
        if not sentences or (
            zone.names and zone.names <= _ASIDE and _DIGIT.match(report.document.plain, zone.start)
        ):
            continue
        while block is not None and block.end <= zone.start:
            if told:
                yield block, told
                told = []
            block = next(blocks, None)
        if block is None:
            return
        if block.kind is BlockKind.ITEM or block.kind is BlockKind.PARAGRAPH:
            labelled = zone.key[1]
            for start, end, *_ in sentences:
                if labelled >= 0 and start == fields[labelled].label_start < fields[labelled].start < end:
                    start = fields[labelled].start
                told.append((start, end, zone))
    if told and block is not None:
        yield block, told


def _label(document: Document, zone: Zone) -> Mapping[str, float]:
    return _head(document.fields[zone.key[1]].label) if zone.key[1] >= 0 else _NOTHING


@lru_cache(maxsize=512)
def _head(text: str) -> Mapping[str, float]:
    """Return the features of the words that introduce a unit."""
    return dict.fromkeys(["h=" + word for word in words(text[:_LONGEST_HEAD].lower())], 1.0)


@lru_cache(maxsize=512)
def _named(names: frozenset[str]) -> Mapping[str, float]:
    """Return the features of the names of a field or section."""
    return dict.fromkeys(["s=" + name for name in sorted(names) or ("none",)], 1.0)


@lru_cache(maxsize=512)
def _heading(text: str) -> Mapping[str, float]:
    """Return the features of the words of a heading."""
    said = words(text[:_LONGEST_HEAD].lower())
    return dict.fromkeys([sign + word for word in said for sign in ("h=", "t=")], 1.0)


def taken(every: Sequence[Unit], ruled: Iterable[Found]) -> Iterator[Found | None]:
    """Yield for each unit the first action in it, or that it is in, of those that the rules found."""
    hits = iter(sorted(ruled, key=attrgetter("start")))
    hit = next(hits, None)
    for unit in every:
        while hit is not None and hit.end <= unit.start:
            hit = next(hits, None)
        yield hit if hit is not None and hit.start < unit.end else None


def features(report: Report, every: Sequence[Unit], ruled: Sequence[Found]) -> list[dict[str, float]]:
    """Return the features of each unit that are not zero; `ruled` are the actions that the rules found."""
    lowered = report.account.lowered
    sections = report.document.sections
    seen: list[dict[str, float]] = []
    most = len(every)
    named = any("actions" in unit.zone.names for unit in every)
    for number, (unit, hit) in enumerate(zip(every, taken(every, ruled), strict=True)):
        start, end, item, _, head, zone = unit
        said = words(lowered[start : min(end, start + _LONGEST)])
        own = _worded(said)
        if hit is not None:
            own["rule"] = own["rule=" + hit.rule] = 1.0
        if report.mentions_between(start, end):
            own["stamp"] = 1.0
        if item is not None:
            own["item"] = 1.0
            if is_boxed(item):
                own["box"] = 1.0
        if lowered[end - 1] in "?:":
            own["end" + lowered[end - 1]] = 1.0
        if "actions" not in zone.names:
            own["elsewhere" if named else "nowhere"] = 1.0
            if ruled:
                own["ruled"] = 1.0
        own[f"part={number * _PARTS // most}"] = 1.0
        if most - number <= _LAST[-1]:
            own.update((f"last<{last}", 1.0) for last in _LAST if most - number <= last)
        own.update(_named(zone.names))
        own.update(head)
        own["introduced" if head else "alone"] = 1.0
        if zone.key[0] >= 0:
            own.update(_heading(sections[zone.key[0]].text))
        seen.append(own)
    _share(every, seen)
    _pass_over(every, seen)
    return seen


def _worded(said: Sequence[str]) -> dict[str, float]:
    """Return what the words of a unit are."""
    own = dict.fromkeys(["w=" + word for word in said], 1.0)
    own["1"] = 1.0
    for place, word in enumerate(said[:_FIRST_WORDS]):
        own[f"{place}={word}"] = 1.0
    first = said[0] if said else ""
    if first in cues().openers:
        own["opener"] = 1.0
    if first.endswith("ing"):
        own["gerund"] = 1.0
    if not _PAST.isdisjoint(said) or any(word.endswith("ed") for word in said[1:4]):
        own["past"] = 1.0
    if not _MODAL.isdisjoint(said) or any(word.endswith("'ll") for word in said[:4]):
        own["modal"] = 1.0
    if not _PRESENT.isdisjoint(said):
        own["present"] = 1.0
    if not _PEOPLE.isdisjoint(said[:2]):
        own["people"] = 1.0
    own[f"length={bisect_left(_LENGTHS, len(said))}"] = 1.0
    return own


def grouped(every: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Yield where each group begins and ends among the units."""
    first = 0
    for number in range(1, len(every) + 1):
        if number == len(every) or every[number].group != every[first].group:
            yield first, number
            first = number


def _pass_over(every: Sequence[Unit], seen: Sequence[dict[str, float]]) -> None:
    """Add what share of its section the rules took, and mark what they passed over where they took others."""
    held = Counter(unit.zone.key[0] for unit in every)
    found = Counter(unit.zone.key[0] for unit, own in zip(every, seen, strict=True) if "rule" in own)
    for unit, own in zip(every, seen, strict=True):
        section = unit.zone.key[0]
        if found[section]:
            own["z.rule"] = found[section] / held[section]
            if "rule" not in own:
                own["passed"] = 1.0
                own["passed.item" if unit.item else "passed.told"] = 1.0
        elif "actions" in unit.zone.names:
            own["untaken"] = 1.0


def _share(every: Sequence[Unit], seen: Sequence[dict[str, float]]) -> None:
    """Add to each unit what share of its group has a sign, and the signs of its neighbours there."""
    for first, last in grouped(every):
        size = last - first
        if size == 1:
            seen[first]["single"] = 1.0
            continue
        signs = [[name for name in _SHARED if name in own] for own in seen[first:last]]
        shares = {"g." + name: count / size for name, count in Counter(chain.from_iterable(signs)).items()}
        for place, own in enumerate(seen[first:last]):
            own.update(shares)
            if place:
                for name in signs[place - 1]:
                    own["b." + name] = 1.0
            if place + 1 < size:
                for name in signs[place + 1]:
                    own["a." + name] = 1.0
        seen[first]["first"] = seen[last - 1]["last"] = 1.0
