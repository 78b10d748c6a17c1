"""Detection: how the trouble was first noticed, by monitoring, by users, by the staff or by somebody else.

The passages that may tell are read from the likeliest to the least likely (``vocabulary/detection.toml``), and the first one that
does tell decides. Clauses that say who did *not* notice are left out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from postmortem import nlp
from postmortem.record import Detection, Entry
from postmortem.report import Report

FIRST_ENTRIES: Final = 3

_STOP: Final = re.compile(r"[.!?](?= )")
_LABEL: Final = re.compile(
    r"(?:first |initially )?(?:noticed|reported|detected|discovered|found|spotted|raised|identified|observed|alerted)(?: first)?"
    r"(?: by| through| via|)|detection(?: \w{1,12})?|(?:how )?(?:was it )?detected|source|reporter|origin of (?:the )?report",
    re.I,
)
_COLONS: Final = str.maketrans(":|=", "   ")
# Where only a plain statement counts, for these sections also speak of the future.
_LAST: Final = frozenset({"actions", "lessons", "communication", "appendix", "metadata"})
# The least weight that counts: in what is labelled, in likely places, in others, and where other things are told.
LABELLED: Final = 1
LIKELY: Final = 2
PLAIN: Final = 3
UNLIKELY: Final = 5
# Characters of a stretch that are read: nobody tells so late how it was noticed.
_LONGEST: Final = 4000
_NOBODY: Final = "none"


def detection(report: Report, timeline: tuple[Entry, ...]) -> Detection | None:
    """Return how it was first noticed, or None where the report does not say.

    `timeline` is the report's, in order. What a detection field or section says counts first, then the first entries, then the
    summary and the rest of the story.
    """
    lowered = nlp.lowered(report.document)
    for start, end, least in _passages(report, timeline):
        noticed = _method(report, lowered, start, min(end, start + _LONGEST), least)
        if noticed:
            return noticed
    return None


def _passages(report: Report, timeline: tuple[Entry, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches that may say how it was noticed, the likeliest first, and the least weight that counts there."""
    document = report.document
    for field in document.fields:
        if "detection" in field.names or _LABEL.fullmatch(field.label):
            yield field.label_start, field.end, LABELLED
    zones = nlp.zones(document)
    for zone in zones:
        if "detection" in zone.names:
            yield zone.start, zone.end, LIKELY
    detected = next((n for n, entry in enumerate(timeline) if entry.phase == "detection"), None)
    for entry in timeline[: FIRST_ENTRIES if detected is None else min(detected, FIRST_ENTRIES)]:
        yield entry.evidence.start, entry.evidence.end, LIKELY if detected is None else PLAIN
    if detected is not None:
        yield timeline[detected].evidence.start, timeline[detected].evidence.end, LIKELY
    told = [zone for zone in zones if "detection" not in zone.names]
    told.sort(key=_likelihood)
    for zone in told:
        yield zone.start, zone.end, (LIKELY, LIKELY, PLAIN, PLAIN, UNLIKELY)[_likelihood(zone)]


def _likelihood(zone: nlp.Zone) -> int:
    """Return where a zone stands in the order of reading."""
    if "summary" in zone.names:
        return 0
    if "timeline" in zone.names:
        return 1
    if zone.names & _LAST:
        return 3 if "resolution" in zone.names else 4
    return 2


def _method(report: Report, lowered: str, start: int, end: int, least: int) -> Detection | None:
    screen = nlp.screen("detection")
    tried = [rule for rule in screen.passed(lowered[start:end]) if rule.values["weight"] >= least]
    if all(rule.values["method"] == _NOBODY for rule in tried):
        return None
    raw = report.document.plain[start:end]
    text = nlp.folded(raw)
    if least == LABELLED:
        text = text.translate(_COLONS)
    low = nlp.lower(text)
    for rule in tried:
        if rule.values["method"] == _NOBODY:
            for match in nlp.pattern(rule).finditer(low):
                gap = " " * len(match.group())
                low = low[: match.start()] + gap + low[match.end() :]
                text = text[: match.start()] + gap + text[match.end() :]
    tried = [rule for rule in tried if rule.values["method"] != _NOBODY]
    at = 0
    for stop in (*(stop.end() for stop in _STOP.finditer(text)), len(text)):
        told = (
            (rule, nlp.pattern(rule).search(text if "cased" in rule.values else low, at, stop))
            for rule in tried
        )
        found = [(-rule.values["weight"], match.start(), rule, match) for rule, match in told if match]
        if found:
            *_, rule, match = min(found, key=itemgetter(0, 1))
            first, last = (start + nlp.unfolded(raw, place) for place in match.span())
            return Detection(rule.values["method"], report.evidence(first, last, rule.id))
        at = stop
    return None
