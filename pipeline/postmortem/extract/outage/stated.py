"""Windows that a report states: in a field, in a sentence, or in two of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from postmortem.clock.carry import minutes_between
from postmortem.clock.model import Interval, Mention, Moment
from postmortem.extract.outage.ends import Ends, Found, best
from postmortem.extract.outage.sentences import PLACES, Sentence
from postmortem.record import Entry
from postmortem.report import Report

_TIMED: Final = re.compile("@time|@window")
_SUMMARY: Final = re.compile(
    r"\W*@time\W{1,4}(?:starting|beginning|between|from)\b[^@]{0,24}@(?:time|window)"
)
_TELLING: Final = frozenset({"duration", "summary", "impact", "intro", "date", "metadata"})
_ACCOUNTS: Final = frozenset({"summary", "impact", "intro"})
# A beginning told between the date and the time of one moment ("on 5 May, beginning at 13:10").
_STARTING: Final = re.compile(r"[ ,](?:starting|beginning|since) ", re.IGNORECASE)
_BEGINNING: Final = 60
# A label and its value ("assigned: @date").
_ALONE: Final = re.compile(r"[\w /-]{1,32}[:=|]\W*@date\W*")
_AND: Final = re.compile(r"\s*,?\s*\band\s+(?:again\s+)?(?:between\s+|from\s+)?", re.IGNORECASE)
_MARK: Final = 40
# The score of days of which nothing is said but that something happened in them.
LEAST: Final = 1
_DATE_ONLY: Final = 40
_OPENING: Final = 6
_ANYWHERE: Final = frozenset({"intro", "other"})
_SEVERAL: Final = 3
_begins: Final = attrgetter("evidence.start")
_ACCOUNT: Final = 300
_CLOSE: Final = 6


def stated_ends(report: Report, sentences: Sequence[Sentence]) -> Ends:
    windows: list[Found] = []
    starts: list[Found] = []
    ends: list[Found] = []
    ended: dict[int, int] = {}
    opening = next((s for s in sentences if s.weight >= PLACES["intro"] and _TIMED.search(s.masked)), None)
    summaries = 0
    for sentence in sentences:
        if sentence.place == "timeline":
            continue
        bonus = _OPENING if sentence is opening else 0
        follows = opening is not None and 0 <= _offset(sentence) - _offset(opening) < _ACCOUNT
        if _SUMMARY.match(sentence.masked):
            # an update that looks back on the whole incident: the last one knows best
            summaries += 1
            bonus = _OPENING + summaries
        windows += _windows(sentence, bonus)
        starts += _sides(report, sentence, "start", bonus)
        closing = _sides(report, sentence, "end", _OPENING if follows else 0)
        ended.update((f.mention.start, f.score + (0 if follows else bonus)) for f in closing)
        ends += closing
    starts = [found for found in starts if ended.get(found.mention.start, 0) < found.score]
    window, start = best(windows), best(starts)
    end = _last_of_account(
        report, [f for f in ends if start is None or f.mention.start != start.mention.start]
    )
    calendar = report.calendar
    pair = 0
    if start is not None and end is not None and end.mention.start > start.mention.start:
        pair = min(start.score, end.score)
    if window is not None and window.score >= pair and isinstance(window.mention, Interval):
        first, last = calendar.interval(window.mention)
        said = [report.evidence(window.mention.start, window.mention.end, window.rule)]
        joined = _joined(report, window.mention)
        if joined is not None:
            last = calendar.interval(joined)[1]
            said.append(report.evidence(joined.start, joined.end, joined.rule))
        return Ends(first, last, tuple(said), window.score)
    begin = calendar.point(start.mention) if start is not None and isinstance(start.mention, Moment) else None
    if end is None or not isinstance(end.mention, Moment):
        score = start.score if start else 0
        return Ends(begin, None, begin.evidence if begin else (), score, score)
    finish = calendar.point(end.mention, begin, forward=True)
    return Ends(
        begin,
        finish,
        ((*begin.evidence, *finish.evidence) if begin else finish.evidence),
        pair,
        start.score if start else 0,
        end.score,
        end.mention,
    )


def _offset(sentence: Sentence) -> int:
    return sentence.marks[0][1].start


def is_entry(sentence: Sentence, timeline: tuple[Entry, ...]) -> bool:
    """Is a sentence, outside the sections that speak of the whole, one of several lines whose stamp is an interval?"""
    stamp = sentence.marks[0][1]
    if sentence.place not in _ANYWHERE or len(timeline) < _SEVERAL or not isinstance(stamp, Interval):
        return False
    at = bisect_right(timeline, stamp.start, key=_begins) - 1
    entry = timeline[at]
    return at >= 0 and entry.evidence.rule == "timeline.listed" and entry.at.evidence[0].start == stamp.start


def _joined(report: Report, window: Interval) -> Interval | None:
    """Return the second of two intervals that make one incident: "between A and B and C and D"."""
    following = next(iter(report.mentions_between(window.end, window.end + _MARK)), None)
    if not isinstance(following, Interval) or window.first.hour is None or following.first.hour is None:
        return None
    return following if _AND.fullmatch(report.document.plain, window.end, following.start) else None


def _windows(sentence: Sentence, bonus: int) -> list[Found]:
    found = []
    for _, mention in sentence.marks:
        if not isinstance(mention, Interval) or sentence.vetoed(mention):
            continue
        cue = sentence.says("window")
        timed = mention.first.hour is not None
        if not cue and sentence.place not in _TELLING:
            continue
        score = sentence.weight + bonus + (50 if cue else 38) + (10 if timed else -60)
        if not (cue or timed) and sentence.place in _ACCOUNTS:
            score = LEAST
        found.append(Found(mention, score, mention.rule))
    return found


def _sides(report: Report, sentence: Sentence, kind: str, bonus: int = 0) -> list[Found]:
    found: list[Found] = []
    if "@time" not in sentence.masked and "@date" not in sentence.masked:
        return found
    weight = sentence.weight + bonus
    for match, rule in sentence.matches(kind):
        mention = sentence.mention_at(match, (Moment,))
        if mention is None or sentence.vetoed(mention):
            continue
        timed = isinstance(mention, Moment) and mention.hour is not None
        score = weight + int(rule.values["strength"]) - (0 if timed else _DATE_ONLY)
        found.append(Found(mention, score, rule.id))
    if kind == "start":
        found += [
            Found(mention, weight + _BEGINNING, "outage.start.within")
            for _, mention in sentence.marks
            if isinstance(mention, Moment)
            and mention.hour is not None
            and _STARTING.search(report.document.plain, mention.start, mention.end)
            and not sentence.vetoed(mention)
        ]
    if sentence.place == kind:
        for _, mention in sentence.marks:
            if isinstance(mention, Moment) and mention.hour is not None and not sentence.vetoed(mention):
                found.append(Found(mention, 2 * sentence.weight + bonus, f"outage.field.{kind}"))
    return found


def _last_of_account(report: Report, ends: list[Found]) -> Found | None:
    """Return the best end; where its account goes on to a later one as good ("power was back at …, all hosts at …"), that."""
    first = best(ends)
    if first is None:
        return None
    following = [
        f
        for f in ends
        if 0 < f.mention.start - first.mention.start < _ACCOUNT
        and f.score >= first.score - _CLOSE
        and _follows(report, first.mention, f.mention)
    ]
    return max(following, key=lambda f: f.mention.start, default=first)


def _follows(report: Report, before: Mention, after: Mention) -> bool:
    """Can a moment be later than one before it in the text, and stand in the same update of a status page?"""
    calendar = report.calendar
    if any(before.start < posting.start < after.start for posting in calendar.postings):
        return False
    if not isinstance(before, Moment) or not isinstance(after, Moment):
        return False
    first, last = calendar.point(before), calendar.point(after)
    return first.iso is None or last.iso is None or minutes_between(first, last) is not None


def dated(report: Report, sentences: Sequence[Sentence]) -> Ends:
    """Return the day that the report's title, "Date:" field or opening account names, where it says nothing closer."""
    day = report.calendar.incident
    moment = None if day is None else next((m for m in report.mentions_between(day.start, day.end)), None)
    if day is None or not isinstance(moment, Moment):
        return Ends()
    if day.rule not in ("clock.carry.title", "clock.carry.field") and not _of_account(moment, sentences):
        return Ends()
    start = replace(report.calendar.point(moment), time=None, utc_offset=None, timezone=None, iso=None)
    return Ends(start, None, start.evidence)


def _of_account(moment: Moment, sentences: Sequence[Sentence]) -> bool:
    """Does a day stand where the report tells what happened, and is it not said to be another's?"""
    return moment.hour is None and any(
        any(mention is moment for _, mention in sentence.marks) and not sentence.vetoed(moment)
        for sentence in sentences
        if sentence.place in _ACCOUNTS and not _ALONE.fullmatch(sentence.masked)
    )
