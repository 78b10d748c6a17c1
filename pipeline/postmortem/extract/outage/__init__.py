"""The outage window: when users began to be affected, when it was over, how long it lasted.

In the order of the definitions: *stated* (the report gives both ends, in a field, a sentence or two), *computed* (one end
and a length), *timeline* (the first entry that shows trouble, the first that says all is well), *none*.

Sentences are matched with their temporal expressions replaced by marks ("the outage began at @time"), so that wording
(``vocabulary/outage.toml``) and clock reading (`postmortem.clock`) stay apart.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import Final

from postmortem.clock.carry import minutes_between
from postmortem.clock.model import Span
from postmortem.extract.outage.choice import settled
from postmortem.extract.outage.ends import Ends, Found, moved, same_zone, unique
from postmortem.extract.outage.lengths import agreeing, length_of
from postmortem.extract.outage.listed import (
    ROUND,
    begins_trouble,
    listed_days,
    listed_ends,
    posted_ends,
    shows_trouble,
)
from postmortem.extract.outage.sentences import Sentence, sentences_of
from postmortem.extract.outage.stated import LEAST, dated, is_entry, stated_ends
from postmortem.record import Basis, Entry, Outage, Point
from postmortem.report import Report

_FIRM: Final = 100
_SURE: Final = 105
_MOST_SENTENCES: Final = 400
_SEVERAL: Final = 2
# By what share of it a rounded length may be off.
_ROUGHLY: Final = 0.15


def outage(report: Report, timeline: tuple[Entry, ...]) -> Outage:
    """Return the outage window of a report.

    `timeline` are its completed entries, used where prose and fields leave an end open. Times are those of the report
    (``HH:MM`` in its zone), lengths are minutes. Never raises; an `Outage` with basis ``none`` where nothing is said.
    """
    sentences = tuple(islice(sentences_of(report), _MOST_SENTENCES))
    length = length_of(report, sentences)
    ends, basis = settled(report, timeline, sentences, length, _window(report, sentences, timeline, length))
    start, end = same_zone(ends.start, ends.end)
    between = minutes_between(start, end) if start is not None and end is not None else None
    if between and basis != "computed":
        length = agreeing(sentences, between, length)
    stated = None if length is None else length.mention
    minutes = stated.minutes if isinstance(stated, Span) else None
    said = (
        () if length is None or stated is None else (report.evidence(stated.start, stated.end, length.rule),)
    )
    return Outage(
        start=start,
        end=end,
        duration_minutes=between if between is not None else (None if _both_timed(start, end) else minutes),
        stated_duration_minutes=minutes,
        basis=basis,
        evidence=unique((*ends.evidence, *said)),
    )


def moments_by_rules(
    report: Report, timeline: tuple[Entry, ...]
) -> tuple[tuple[Sentence, ...], Found | None, Ends]:
    """Return the sentences that may speak of the incident as a whole, the stated length, and the window that rules alone find:
    what the choice among moments is learnt with."""
    sentences = tuple(islice(sentences_of(report), _MOST_SENTENCES))
    length = length_of(report, sentences)
    return sentences, length, _window(report, sentences, timeline, length)[0]


def _both_timed(start: Point | None, end: Point | None) -> bool:
    return start is not None and end is not None and start.time is not None and end.time is not None


def _window(
    report: Report, sentences: tuple[Sentence, ...], timeline: tuple[Entry, ...], length: Found | None
) -> tuple[Ends, Basis]:
    """Return the ends by the definitions' order: stated, computed, timeline; weak wording only where nothing better is."""
    telling = [s for s in sentences if not is_entry(s, timeline)]
    stated = _newest(report, telling) or stated_ends(report, telling)
    minutes = length.mention.minutes if length is not None and isinstance(length.mention, Span) else None
    if stated.start is not None and stated.end is not None and stated.score >= _FIRM:
        return _fitting(report, timeline, stated, minutes) or stated, "stated"
    computed = None if length is None else _computed(report, stated, length)
    if computed is not None and stated.score >= _FIRM:
        told = _told_end(report, timeline, computed) if length is not None else None
        return (computed, "computed") if told is None else (told, "timeline")
    by_the_clock = _first_of_day(report, timeline, stated)
    if by_the_clock is not None:
        return by_the_clock, "stated"
    listed = (
        posted_ends(report, stated) if report.calendar.postings else listed_ends(report, timeline, minutes)
    )
    if listed.end is None and _same(listed.start, stated.end):
        listed = _set_off(report, timeline, stated)
    if listed.start is not None and listed.end is not None:
        early = stated.start_score >= _SURE or (
            stated.score != LEAST and _days_before(stated.start, listed.start)
        )
        start = stated.start if early else None
        end = _later_end(report, stated, start or listed.start) if stated.end_score >= _SURE else None
        return Ends(
            start or listed.start, end or listed.end, (*stated.evidence, *listed.evidence)
        ), "timeline"
    if stated.start is not None and stated.end is not None:
        return stated, "stated"
    if computed is not None:
        return computed, "computed"
    if listed.start is None:
        if stated.start is None and stated.end is None:
            stated = listed_days(report, timeline)
            if stated.start is not None:
                return stated, "timeline"
            stated = dated(report, sentences)
        return stated, "stated" if stated.start or stated.end else "none"
    timed = stated.start if stated.start is not None and stated.start.time is not None else None
    if _days_before(stated.start, listed.start):
        timed = stated.start
    if timed is not None and (stated.end is not None or listed.end is None):
        return stated, "stated"
    start = timed or listed.start
    end = _later_end(report, stated, start) or listed.end
    if end is None and length is not None:
        computed = _computed(report, Ends(start, None, (*stated.evidence, *listed.evidence)), length)
        if computed is not None:
            return computed, "computed"
    return Ends(start, end, (*stated.evidence, *listed.evidence)), "timeline"


def _newest(report: Report, sentences: list[Sentence]) -> Ends | None:
    """Return the window that the last update of a status page states: it knows more than those before it."""
    postings = report.calendar.postings
    if len(postings) < _SEVERAL:
        return None
    at = postings.index(max(postings, key=attrgetter("instant")))
    stop = postings[at + 1].start if at + 1 < len(postings) else len(report.document.plain)
    last = [s for s in sentences if postings[at].end <= s.marks[0][1].start < stop]
    ends = stated_ends(report, last)
    return ends if ends.start is not None and ends.end is not None and ends.score >= _FIRM else None


def _fitting(report: Report, timeline: tuple[Entry, ...], stated: Ends, minutes: float | None) -> Ends | None:
    """Return the stated end with the trouble that is exactly as far from it as the outage is said to have lasted, where the
    start told in a sentence of its own is not."""
    start, end = stated.start, stated.end
    if not minutes or minutes % ROUND == 0 or stated.last is None or start is None or end is None:
        return None
    between = minutes_between(start, end)
    if between is None or abs(between - minutes) <= 1:
        return None
    for entry in timeline:
        if minutes_between(entry.at, end) == minutes and shows_trouble(report, entry):
            return Ends(entry.at, end, (entry.evidence, *end.evidence))
    return None


def _later_end(report: Report, stated: Ends, start: Point | None) -> Point | None:
    """Return the stated end; where its carried date puts it before a start found elsewhere, on the day that follows."""
    end = stated.end
    if end is None or start is None or stated.last is None or stated.last.day is not None:
        return end
    if start.iso is None or end.iso is None or minutes_between(start, end) is not None:
        return end
    return report.calendar.point(stated.last, start, forward=True)


def _first_of_day(report: Report, timeline: tuple[Entry, ...], stated: Ends) -> Ends | None:
    """Return a window of days with the time of the first thing told of its first day, and the end of the timeline on its last;
    none where that first thing is no more than the usual course of things."""
    start, end = stated.start, stated.end
    if start is None or end is None or start.time or end.time or start.date is None or stated.score == LEAST:
        return None
    entry = next((e for e in timeline if e.at.time and e.at.date == start.date), None)
    last = listed_ends(report, timeline, None).end
    if entry is None or last is None or last.date != end.date or not begins_trouble(report, entry):
        return None
    return Ends(entry.at, last, (*stated.evidence, entry.evidence))


def _set_off(report: Report, timeline: tuple[Entry, ...], stated: Ends) -> Ends:
    """Return the entry that may have set off the trouble which the text tells only together with its end."""
    for entry in timeline:
        if _same(entry.at, stated.end):
            break
        if entry.at.time is not None and begins_trouble(report, entry):
            return Ends(entry.at, None, (entry.evidence,))
    return Ends()


def _same(one: Point | None, other: Point | None) -> bool:
    """Are two points read from the same words?"""
    return one is not None and other is not None and one.evidence[0].start == other.evidence[0].start


def _days_before(start: Point | None, other: Point | None) -> bool:
    """Is a start of which only the day is known on an earlier day than another?"""
    if start is None or other is None or start.time is not None or start.date is None or other.date is None:
        return False
    return "X" not in start.date[5:] and start.date[:4] == other.date[:4] and start.date < other.date


def _computed(report: Report, stated: Ends, length: Found) -> Ends | None:
    """Return the one stated end with the other worked out from the length, evidence of both included."""
    known, span = stated.start or stated.end, length.mention
    if known is None or known.time is None or (stated.start and stated.end) or not isinstance(span, Span):
        return None
    said = report.evidence(span.start, span.end, length.rule)
    if stated.start is not None:
        return replace(stated, end=moved(known, round(span.minutes), said))
    return replace(stated, start=moved(known, -round(span.minutes), said))


def _told_end(report: Report, timeline: tuple[Entry, ...], computed: Ends) -> Ends | None:
    """Return the stated start with the timeline's end, where a length in round numbers ("nearly four hours") means that."""
    listed = listed_ends(report, timeline, None) if not report.calendar.postings else Ends()
    if computed.start is None or computed.end is None or listed.end is None:
        return None
    round_number = minutes_between(computed.start, computed.end)
    exact = minutes_between(computed.start, listed.end)
    if not round_number or not exact or round_number % ROUND or exact == round_number:
        return None
    if abs(exact - round_number) > round_number * _ROUGHLY:
        return None
    return Ends(computed.start, listed.end, (*computed.evidence, *listed.end.evidence))
