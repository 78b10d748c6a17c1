"""What speaks for and against the values of a record, as numbers: 0 where it does not apply.

They come from the record and its text alone. Counts are logarithms; all else lies between 0 and 1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from operator import lt
from typing import Final

from postmortem.record import Entry, Evidence, Incident, Outage, RootCause

Values = dict[str, float]

# Each feature of a field, as the reason that it gives.
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "outage": {
        "silent": "no window was found",
        "silent_clocks": "no window was found though the text gives clock times",
        "one_end": "only one end has a time",
        "timeline": "the window was taken from the timeline",
        "computed": "one end was computed from a duration",
        "scattered": "its two ends were found far apart",
        "confirmed": "the stated duration agrees with the window",
        "conflict": "the report contradicts itself about times",
        "long": "the window is longer than a day",
    },
    "impact": {
        "silent_percent": "no percentage was found though the text has some",
        "unclaimed": "the text has further percentages",
        "several": "there are several percentages",
        "kind_other": "a percentage is of something unnamed",
    },
    "timeline": {
        "silent_clocks": "no entry was found though the text gives clock times",
        "narrated": "entries were taken from running text",
        "disorder": "entries are not in order",
        "many": "there are many entries",
        "outside": "entries were taken from outside a section for them",
    },
    "statement": {
        "silent": "no cause was found",
        "unnamed": "it does not stand under a heading or label of the cause",
        "joined": "it was put together from several places",
        "hedged": "it is hedged",
        "length": "the report is long",
    },
    "root_cause": {
        "silent": "no cause was found",
        "unnamed": "it does not stand under a heading or label of the cause",
        "joined": "it was put together from several places",
        "hedged": "it is hedged",
        "length": "the report is long",
        "uncertain": "the category is uncertain",
        "no_category": "the cause fits no category",
        "further": "several categories apply",
    },
    "actions": {
        "silent_named": "no action was found though there is a section for them",
        "silent": "no action was found",
        "unnamed": "actions were taken from outside a section for them",
        "sentences": "actions were taken from running text",
        "wordy": "an action is long",
        "left_over": "lines of the section became no action",
    },
}

_CLOCK: Final = re.compile(r"\d{1,2}[:.h]\d{2}(?![\d%])|\d{1,2} ?[ap]\.?m\b", re.I)
# The sign comes first in the pattern, which is what makes the search fast; "%20" in a link is none.
_PERCENT: Final = re.compile(r"%(?:(?<=\d%)|(?<=\d %))(?![\dA-F]{2})")
_HEDGE: Final = re.compile(
    r"\b(?:may|might|could have|possibl[ey]|probabl[ey]|likely|seems?|appears?|suspect\w{0,3}|believe[ds]?|unknown|unclear|"
    r"not (?:yet )?(?:known|clear|certain)|under investigation)\b",
    re.I,
)
_CAUSE_LABEL: Final = re.compile(r"(?:cause|reason|why)[^\n]{0,24}$", re.I)
_BULLET: Final = re.compile(r"^[ \t]{0,8}(?:[-*+•–]|\d{1,2}[.)])[ \t]", re.M)
_LISTED: Final = frozenset({"actions.item", "actions.row", "actions.enumerated"})
_CONFLICTS: Final = frozenset(
    """duration_mismatch end_before_start entry_outside_window zone_conflict year_conflict timeline_out_of_order weekday_conflict
    """.split()
)
_SOME: Final = 2
_NEAR: Final = 150
_DAY: Final = 1440.0
_LONG_ACTION: Final = 45
_USUAL_LENGTH: Final = 2000


def features(incident: Incident, text: str) -> dict[str, Values]:
    """Return the features of each field that are not zero; `text` is the one that the record's offsets are of."""
    cause = _kept(_statement(incident, text))
    return {
        "outage": _kept(_outage(incident, text)),
        "impact": _kept(_impact(incident, text)),
        "timeline": _kept(_timeline(incident, text)),
        "statement": cause,
        "root_cause": cause | _kept(_category(incident)),
        "actions": _kept(_actions(incident, text)),
    }


def _kept(values: Mapping[str, float]) -> Values:
    return {name: float(value) for name, value in values.items() if value}


def _outage(incident: Incident, text: str) -> Values:
    window = incident.outage
    ends = [point for point in (window.start, window.end) if point is not None]
    if not ends:
        return {"silent": 1.0, "silent_clocks": _has_clocks(text)}
    return {
        "one_end": sum(point.time is not None for point in ends) == 1,
        "timeline": window.basis == "timeline",
        "computed": window.basis == "computed",
        "scattered": window.basis == "stated" and _scattered(window),
        "confirmed": _confirmed(window),
        "conflict": any(finding.code in _CONFLICTS for finding in incident.findings),
        "long": (window.duration_minutes or 0.0) > _DAY,
    }


def _has_clocks(text: str) -> bool:
    """Does the text give more than one clock time?"""
    return len(list(islice(_CLOCK.finditer(text), _SOME))) == _SOME


def _scattered(window: Outage) -> bool:
    if window.start is None or window.end is None:
        return False
    first, last = (point.evidence[0].start for point in (window.start, window.end))
    return abs(first - last) > _NEAR


def _confirmed(window: Outage) -> bool:
    stated, length = window.stated_duration_minutes, window.duration_minutes
    both = window.start is not None and window.end is not None
    return both and stated is not None and length is not None and abs(stated - length) <= 0.1 * length


def _impact(incident: Incident, text: str) -> Values:
    found = incident.impact.percentages
    percents = text.count("percent") + text.count("per cent")
    if "%" in text:
        percents += len(_PERCENT.findall(text))
    return {
        "silent_percent": not found and percents > 0,
        "unclaimed": bool(found) and percents > len(found),
        "several": math.log(len(found)) if found else 0.0,
        "kind_other": any(percentage.of == "other" for percentage in found),
    }


def _timeline(incident: Incident, text: str) -> Values:
    entries = incident.timeline
    if not entries:
        return {"silent_clocks": _has_clocks(text)}
    extents = _extents(incident, "timeline")
    return {
        "narrated": "timeline.narrated" in [entry.evidence.rule for entry in entries],
        "disorder": _disordered(entries),
        "many": math.log(len(entries)),
        "outside": _inside(extents, [entry.evidence for entry in entries]) < len(entries),
    }


def _disordered(entries: tuple[Entry, ...]) -> bool:
    points = [entry.at for entry in entries]
    moments = [
        (at.date, at.time)
        for at in points
        if at.time is not None and at.date is not None and "X" not in at.date
    ]
    falls: int = sum(map(lt, moments[1:], moments))
    return 0 < falls < len(moments) - 1  # the newest first throughout is an order too


def _statement(incident: Incident, text: str) -> Values:
    cause = incident.root_cause
    length = math.log(max(len(text), 1) / _USUAL_LENGTH)
    if cause is None:
        return {"silent": 1.0, "length": max(length, 0.0)}
    return {
        "unnamed": not _about_the_cause(incident, text, cause.evidence),
        "joined": _apart(cause),
        "hedged": _HEDGE.search(cause.statement) is not None,
        "length": max(length, 0.0),
    }


def _apart(cause: RootCause) -> bool:
    pieces = cause.evidence
    return any(after.start - before.end > 3 for before, after in zip(pieces, pieces[1:], strict=False))


def _about_the_cause(incident: Incident, text: str, pieces: Sequence[Evidence]) -> bool:
    """Does one of the pieces stand under a heading or label of the cause?"""
    if _inside(_extents(incident, "root_cause"), pieces):
        return True
    return any(_CAUSE_LABEL.search(text, max(piece.start - 40, 0), piece.start) for piece in pieces)


def _inside(extents: Sequence[tuple[int, int]], pieces: Sequence[Evidence]) -> int:
    """Return how many of the pieces begin within one of the extents."""
    found = 0
    for piece in pieces:
        at = piece.start
        for start, end in extents:
            if start <= at < end:
                found += 1
                break
    return found


def _extents(incident: Incident, name: str) -> list[tuple[int, int]]:
    """Return the bodies of the sections of that name, with the unnamed ones nested in them."""
    found = []
    level: int | None = None
    for section in incident.sections:
        if name in section.names:
            level = section.level
        elif level is not None and (section.level <= level or not set(section.names) <= {"other"}):
            level = None
        if level is not None:
            found.append((section.body.start, section.body.end))
    return found


def _category(incident: Incident) -> Values:
    found = incident.categories
    probability = found[0].probability if found else None
    return {
        "uncertain": -math.log(max(probability, 0.05)) if probability is not None else 0.0,
        "no_category": incident.root_cause is not None and not found,
        "further": max(len(found) - 1, 0) / 3,
    }


def _actions(incident: Incident, text: str) -> Values:
    found = incident.actions
    extents = _extents(incident, "actions")
    if not found:
        return {"silent_named": bool(extents), "silent": 1.0}
    lines = sum(len(_BULLET.findall(text, start, end)) for start, end in extents)
    inside = _inside(extents, [action.evidence for action in found])
    listed = sum([action.evidence.rule in _LISTED for action in found])
    return {
        "unnamed": inside < len(found),
        "sentences": 1 - listed / len(found),
        "wordy": max([len(action.text.split()) for action in found]) > _LONG_ACTION,
        "left_over": math.log1p(max(lines - inside, 0)),
    }
