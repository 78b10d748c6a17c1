"""The moments that may be the start or the end of an outage window, and what speaks for each.

Every timed moment of a report may be either: those of its timeline, and those of its sentences. What is told of one and the
same moment in several places counts together.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from typing import Final

from postmortem.clock.model import Interval, Mention, Moment
from postmortem.extract import phases, roles
from postmortem.extract.outage.ends import Ends
from postmortem.extract.outage.listed import says, says_quiet, says_restored, shows_trouble
from postmortem.extract.outage.sentences import Sentence
from postmortem.record import Entry, Evidence, Point
from postmortem.report import Report

Key = tuple[str | None, str | None]
# So many moments of a report are looked at, and so many entries.
_MOST: Final = 60
# What the odds of several entries add up to counts up to here.
_SEVERAL: Final = 3.0
# How often the answer of the rules counts as told.
_BY_RULE: Final = 2
# The feature of an interval whose sentence speaks of an outage.
OF_OUTAGE: Final = "of an outage"
# The strength of a rule whose word counts as one.
_STRONG: Final = 60
_START: Final = attrgetter("start")
_NARRATED: Final = "timeline.narrated"
_ROLES: Final = "role."
_PHASES: Final = "phase."


@dataclass(slots=True, eq=False)
class Candidate:
    """A moment (none: that the report does not tell it) with its features; `told` counts how often, `listed` says whether a
    timeline does, `intervals` are the offsets of those that it is a side of, `evidence` is where it is told first."""

    point: Point | None
    evidence: tuple[Evidence, ...] = ()
    told: int = 0
    listed: bool = False
    intervals: set[int] = field(default_factory=set)
    features: dict[str, float] = field(default_factory=dict)

    def add(self, features: dict[str, float]) -> None:
        """Add what one place tells of it: of two values of a feature the higher counts."""
        self.told += 1
        own = self.features
        for name, value in features.items():
            if value > own.get(name, -1.0):
                own[name] = value


class Side:
    """The candidates for one end of a window."""

    def __init__(self) -> None:
        self._found: dict[Key, Candidate] = {}

    def at(self, point: Point) -> Candidate:
        """Return the candidate of a point, a new one where there is none yet."""
        key = point.date, point.time
        known = self._found.get(key)
        if known is None:
            known = self._found[key] = Candidate(point, point.evidence[:1])
        elif known.point is not None and known.point.timezone is None and point.timezone is not None:
            known.point = point
        return known

    def finished(self, by_rule: Point | None) -> list[Candidate]:
        """Return all candidates, the answer of the rules and "none" among them, with their places in the order of time."""
        if by_rule is not None:
            self.at(by_rule).told += _BY_RULE
        stamps = sorted({key for key, one in self._found.items() if None not in key and one.features})
        last = len(stamps) - 1
        days = Counter(date for date, _ in stamps)
        most = max(days.values(), default=0)
        for rank, key in enumerate(stamps):
            features = self._found[key].features
            features["order"] = rank / max(last, 1)
            features["day's share"] = days[key[0]] / len(stamps)
            for name, here in (
                ("first", rank == 0),
                ("second", rank == 1),
                ("last", rank == last),
                ("lesser day", days[key[0]] < most),
            ):
                if here:
                    features[name] = 1.0
        for key, one in self._found.items():
            one.features["told"] = math.log(max(one.told, 1))
            if key[0] is None:
                one.features["undated"] = 1.0
            if key[1] is None:
                one.features["untimed"] = 1.0
        nothing = Candidate(None, features={"none": 1.0})
        return [*self._found.values(), nothing]


def candidates(
    report: Report, timeline: Sequence[Entry], sentences: Sequence[Sentence], by_rule: Ends
) -> tuple[list[Candidate], list[Candidate]]:
    """Return what may be the start of the window and what may be its end, "none" included; `sentences` are those that may speak
    of the incident as a whole, `by_rule` is the window that rules found."""
    starts, ends = Side(), Side()
    refused = {mention.start for s in sentences for mention in s.refused()}
    stamps: dict[int, Point] = {}
    for entry, features in _entries(report, timeline):
        stamp = entry.at.evidence[0].start
        if stamp in refused and entry.evidence.rule == _NARRATED:
            continue
        stamps[stamp] = entry.at
        _listed(starts.at(entry.at), entry, features)
        _listed(ends.at(entry.at), entry, features)
        if entry.until is not None and entry.until.time is not None:
            _listed(ends.at(entry.until), entry, features | {"until": 1.0})
    places = {mention.start: s.place for s in sentences for _, mention in s.marks}
    cues = _cues(sentences)
    for mention in islice(_timed(report), _MOST):
        if mention.start in refused and mention.start not in stamps:
            continue
        features = _told(report, mention, places.get(mention.start)) | cues.get(mention.start, {})
        if isinstance(mention, Interval):
            first, last = report.calendar.interval(mention)
            for side, point in ((starts, first), (ends, last)):
                one = side.at(stamps.get(mention.start, point) if side is starts else point)
                one.add(features)
                one.intervals.add(mention.start)
            continue
        point = stamps.get(mention.start) or report.calendar.point(mention)
        starts.at(point).add(features)
        ends.at(point).add(features)
    return starts.finished(by_rule.start), ends.finished(by_rule.end)


def _cues(sentences: Sequence[Sentence]) -> dict[int, dict[str, float]]:
    """Return what the rules of a stated window say of the moments in sentences, by their offsets: how strongly that it is a
    start, or an end; whether the sentence of an interval speaks of an outage."""
    found: dict[int, dict[str, float]] = {}
    for sentence in sentences:
        for kind in ("start", "end"):
            for match, rule in sentence.matches(kind):
                mention = sentence.mention_at(match, (Moment,))
                if mention is not None:
                    own = found.setdefault(mention.start, {})
                    strength = int(rule.values["strength"]) / _STRONG
                    own[f"told as {kind}"] = max(own.get(f"told as {kind}", 0.0), strength)
        intervals = [m for _, m in sentence.marks if isinstance(m, Interval)]
        if intervals:
            told = OF_OUTAGE if sentence.says("window") else "of something"
            found.update({m.start: {told: 1.0} for m in intervals})
    return found


def _timed(report: Report) -> Iterator[Moment | Interval]:
    """Yield the mentions that have a clock time."""
    for mention in report.mentions:
        if _clock(mention) is not None:
            yield mention  # type: ignore[misc]


def _clock(mention: Mention) -> int | None:
    if isinstance(mention, Moment):
        return mention.hour
    return mention.first.hour if isinstance(mention, Interval) else None


def _listed(one: Candidate, entry: Entry, features: dict[str, float]) -> None:
    if not one.listed:
        one.listed, one.evidence = True, (entry.evidence,)
    one.add(features)


def _entries(report: Report, timeline: Sequence[Entry]) -> Iterator[tuple[Entry, dict[str, float]]]:
    """Yield the entries that have a clock time, with what speaks for each: its phase, and what comes before and after it."""
    if not timeline:
        return
    read = timeline[:_MOST]
    classes, odds = phases.odds([entry.text for entry in read], [(entry.at, entry.until) for entry in read])
    names = [_PHASES + phase for phase in classes]
    trouble = classes.index("impact"), classes.index("detection")
    resolution, mitigation, trigger = map(classes.index, ("resolution", "mitigation", "trigger"))
    last = len(odds) - 1
    before, unresolved = 0.0, 1.0
    after = [sum(row[resolution] for row in odds), sum(row[mitigation] for row in odds)]
    for i, (entry, row) in enumerate(zip(timeline, odds, strict=False)):
        after[0] -= row[resolution]
        after[1] -= row[mitigation]
        if entry.at.time is not None:
            features = dict(zip(names, row, strict=True))
            features |= {
                "entry": 1.0,
                "trouble before": min(before, _SEVERAL),
                "unresolved": unresolved,
                "resolved after": min(max(after[0], 0.0), _SEVERAL),
                "mitigated after": min(max(after[1], 0.0), _SEVERAL),
            }
            if i:
                features["trigger before"] = odds[i - 1][trigger]
            for name, holds in (
                ("first entry", i == 0),
                ("last entry", i == last),
                ("narrated", entry.evidence.rule == _NARRATED),
                ("trouble", shows_trouble(report, entry)),
                ("quiet", says_quiet(report, entry)),
                ("restored", says_restored(report, entry)),
            ):
                if holds:
                    features[name] = 1.0
            features |= {f"says {kind}": 1.0 for kind in says(report, entry)}
            yield entry, features
        before += row[trouble[0]] + row[trouble[1]]
        unresolved *= 1.0 - row[resolution]


def _told(report: Report, mention: Moment | Interval, place: str | None) -> dict[str, float]:
    """Return what speaks for a moment where it stands: the section or field, and what its sentence is about."""
    features = {f"place={place}": 1.0}
    sentences, odds, _ = roles.reading(report)
    at = bisect_right(sentences, mention.start, key=_START) - 1
    if at >= 0 and mention.start < sentences[at].end:
        features.update(zip(_role_names(), odds[at], strict=True))
    if isinstance(mention, Interval):
        features["interval"] = 1.0
    elif mention.approximate:
        features["approximate"] = 1.0
    published = report.calendar.published
    if published is not None and published.start == mention.start:
        features["published"] = 1.0
    return features


def _role_names() -> list[str]:
    return [_ROLES + role for role in roles.default_model().classes]
