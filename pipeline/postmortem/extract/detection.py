"""Detection: how the trouble was first noticed, by monitoring, by users, by the staff or by somebody else.

The rules read the passages that may tell from the likeliest to the least likely (``vocabulary/detection.toml``), and the first
one that does tell is what they say. It is weighed with the whole report (`postmortem.extract.detection_choice`). Clauses that say
who did *not* notice are left out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from postmortem import nlp
from postmortem.extract import detection_choice
from postmortem.extract.noticing import labelled
from postmortem.matching import Rules, rules_of, worth_trying
from postmortem.record import Detection, Entry
from postmortem.report import Report
from postmortem.vocabulary import Rule

FIRST_ENTRIES: Final = 3
# As many where one of them is known to tell it: what somebody said before counts first.
_ENTRIES_BEFORE: Final = 6

_STOP: Final = re.compile(r"[.!?](?= )")
_COLONS: Final = str.maketrans(":|=", "   ")
# Where only a plain statement counts, for these sections also speak of the future.
_LAST: Final = frozenset({"actions", "lessons", "communication", "appendix", "metadata"})
# The least weight that counts: in what is labelled, in likely places, in others, and where other things are told.
LABELLED: Final = 1
LIKELY: Final = 2
PLAIN: Final = 3
UNLIKELY: Final = 5
_LEAST: Final = (LIKELY, LIKELY, PLAIN, PLAIN, UNLIKELY)
# Characters of a stretch that are read: nobody tells so late how it was noticed.
_LONGEST: Final = 4000
# Characters of a sentence that may be no more than a name.
_SHORT: Final = 80
_NOBODY: Final = "none"
# What a rule weighs where what it matches is labelled.
_ASKED: Final = 4


def detection(report: Report, timeline: tuple[Entry, ...]) -> Detection | None:
    """Return how it was first noticed, or None where the report does not say.

    `timeline` is the report's, in order. What the rules say is weighed with all else (`postmortem.extract.detection_choice`).
    """
    return detection_choice.settled(report, timeline, *by_rules(report, timeline))


def by_rules(report: Report, timeline: tuple[Entry, ...]) -> tuple[Detection | None, float]:
    """Return what the rules say alone, and the weight of the one that does. What a detection field or section says counts first,
    then the first entries, then the summary and the rest of the story."""
    for start, end, passed, least in _passages(report, timeline):
        noticed = _method(report, start, min(end, start + _LONGEST), passed, least)
        if noticed:
            return noticed
    return None, 0.0


def _passages(report: Report, timeline: tuple[Entry, ...]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches that may say how it was noticed, the likeliest first: start, end, the bits of the rules worth trying
    there, and the least weight that counts."""
    account, bits = report.account, _rules(LABELLED)[1].bits
    for field in report.document.fields:
        if "detection" in field.names or labelled(field.label):
            yield field.label_start, field.end, account.passed(field.label_start, field.end), LABELLED
    told: list[list[tuple[int, int, int, int]]] = [[], [], [], [], []]
    first: list[tuple[int, int, int, int]] = []
    for zone, passed, sentences in account.passages:
        if passed & bits:
            if "detection" in zone.names:
                yield zone.start, zone.end, passed, LIKELY
                # "By a phone call." says it where nothing is said out.
                first += [
                    (one.start, one.end, one.passed, LABELLED)
                    for one in sentences[:1]
                    if one.end - one.start <= _SHORT
                ]
            else:
                place = _likelihood(zone)
                told[place].append((zone.start, zone.end, passed, _LEAST[place]))
    yield from first
    detected = next((n for n, entry in enumerate(timeline) if entry.phase == "detection"), None)
    for entry in timeline[: FIRST_ENTRIES if detected is None else min(detected, _ENTRIES_BEFORE)]:
        yield *_entry(report, entry), LIKELY if detected is None else PLAIN
    if detected is not None:
        yield *_entry(report, timeline[detected]), LIKELY
    for passages in told:
        yield from passages
    # The first alarm may be one that nobody read.
    for entry in timeline[detected + 1 :] if detected is not None else ():
        if entry.phase == "detection":
            yield *_entry(report, entry), LIKELY


def _entry(report: Report, entry: Entry) -> tuple[int, int, int]:
    start, end = entry.evidence.start, entry.evidence.end
    return start, end, report.account.passed(start, end)


def _likelihood(zone: nlp.Zone) -> int:
    """Return where a zone stands in the order of reading."""
    if "summary" in zone.names:
        return 0
    if "timeline" in zone.names:
        return 1
    if zone.names & _LAST:
        return 3 if "resolution" in zone.names else 4
    return 2


def _method(report: Report, start: int, end: int, passed: int, least: int) -> tuple[Detection, float] | None:
    nobody, somebody = _rules(least)
    if not passed & somebody.bits:
        return None
    raw = report.document.plain[start:end]
    text = nlp.folded(raw)
    if least == LABELLED:
        text = text.translate(_COLONS)
    low = nlp.lower(text)
    for one in nobody.live(passed):
        for said in one.pattern.finditer(low):
            gap = " " * len(said.group())
            low = low[: said.start()] + gap + low[said.end() :]
            text = text[: said.start()] + gap + text[said.end() :]
    at = 0
    for stop in (*[stop.end() for stop in _STOP.finditer(low)], len(low)):
        best: tuple[float, int, re.Match[str], Rule] | None = None
        # Reading the words of a sentence costs less than the search of a rule or two.
        here = passed if stop - at == len(low) else passed & worth_trying(low[at:stop])
        for one in somebody.live(here):
            match = one.pattern.search(text if "cased" in one.rule.values else low, at, stop)
            if match and (best is None or (-one.rule.values["weight"], match.start()) < best[:2]):
                best = -one.rule.values["weight"], match.start(), match, one.rule
        if best is not None:
            *_, told, rule = best
            first, last = (start + nlp.unfolded(raw, place) for place in told.span())
            weight = float(_ASKED if least == LABELLED else rule.values["weight"])
            return Detection(rule.values["method"], report.evidence(first, last, rule.id)), weight
        at = stop
    return None


@cache
def _rules(least: int) -> tuple[Rules, Rules]:
    """Return the rules of at least that weight: those that say who did not notice, and the others."""
    rules = rules_of("detection").where(lambda rule: rule.values["weight"] >= least)
    nobody = rules.where(lambda rule: rule.values["method"] == _NOBODY)
    return nobody, rules.where(lambda rule: rule.values["method"] != _NOBODY)
