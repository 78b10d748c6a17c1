"""The outage window: when users began to be affected, when it was over, how long it lasted.

In the order of the definitions: *stated* (the report gives both ends, in a field, a sentence or two), *computed* (one end
and a length), *timeline* (the first entry that shows trouble, the first that says all is well), *none*.

Sentences are matched with their temporal expressions replaced by marks ("the outage began at @time"), so that wording
(``vocabulary/outage.toml``) and clock reading (`postmortem.clock`) stay apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from datetime import timedelta
from functools import cache
from itertools import islice, pairwise
from operator import attrgetter
from typing import Final

from postmortem.clock.carry import minutes_between
from postmortem.clock.model import Interval, Mention, Moment, Span
from postmortem.document import Block, BlockKind
from postmortem.extract.timeline import newest_first
from postmortem.normalize.naming import label_names
from postmortem.record import Basis, Entry, Evidence, Outage, Point
from postmortem.report import Report
from postmortem.screen import Live, bits_of, by_role, screen
from postmortem.vocabulary import Rule

# How far a place can be trusted to speak of the incident as a whole.
_PLACES: Final = {
    "duration": 100, "start": 95, "end": 95, "date": 60, "detected": 30, "time_to_repair": 20,
    "summary": 60, "impact": 55, "metadata": 55, "title": 55, "intro": 50, "detection": 25, "background": 10,
    "timeline": 20, "root_cause": 20, "trigger": 20, "resolution": 22, "investigation": 5, "communication": 5,
}  # fmt: skip
_ELSEWHERE: Final = 30
_FIRM: Final = 100
_SURE: Final = 105
_CLOSED: Final = frozenset({"actions", "lessons", "appendix"})
_BOUNDARY: Final = re.compile(
    r"[.!?](?=\s{1,8}[\"'(]?[A-Z0-9])|\n(?=\s{0,12}\n)|\n(?=\s{0,12}[A-Z][\w /&'-]{1,40}:\s)"
)
_TIMELY: Final = ("start", "end", "duration", "detected", "time_to_repair", "summary", "impact", "date")
_OF_ROW: Final = ("start", "end", "duration")
_MARKS: Final = {"time": "@time", "date": "@date", "window": "@window", "length": "@length"}
_TIMED: Final = re.compile("@time|@window")
_SUMMARY: Final = re.compile(
    r"\W*@time\W{1,4}(?:starting|beginning|between|from)\b[^@]{0,24}@(?:time|window)"
)
_TELLING: Final = frozenset({"duration", "summary", "impact", "intro", "date", "metadata"})
_LONGEST: Final = 600
_SENTENCE_END: Final = re.compile(r"(?<=[a-z][.!?])\s+")
_CLOCK_ALONE: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_LABELLED: Final = re.compile(r"[^@]{0,40}@time\W*(?:hours|hrs|h)?\W*")
_CLOCK: Final = 50
_AND: Final = re.compile(r"\s*,?\s*\band\s+(?:again\s+)?(?:between\s+|from\s+)?", re.IGNORECASE)
_MARK: Final = 40
_MOST_STARTS: Final = 12
_MOST_MARKS: Final = 16
_MOST_SENTENCES: Final = 400
_MOST_FIELDS: Final = 24
_DATE_ONLY: Final = 40
_OPENING: Final = 6
_ANYWHERE: Final = frozenset({"intro", "other"})
_SEVERAL: Final = 3
_begins: Final = attrgetter("evidence.start")
_ACCOUNT: Final = 300
_CLOSE: Final = 6
# A length in multiples of so many minutes may be rounded, by such a share of it.
_ROUND: Final = 30
_ROUGHLY: Final = 0.15


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with its mentions replaced by marks; `marks` holds each mark's offset in `masked` with its mention, `passed` are
    the bits of the rules worth trying on it."""

    masked: str
    passed: int
    marks: tuple[tuple[int, Mention], ...]
    place: str
    weight: int

    def mention_at(self, match: re.Match[str], kinds: tuple[type, ...]) -> Mention | None:
        for offset, mention in self.marks:
            if match.start() <= offset < match.end() and isinstance(mention, kinds):
                return mention
        return None


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate: what was found, how good it is, and the rule that found it."""

    mention: Mention
    score: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Ends:
    start: Point | None = None
    end: Point | None = None
    evidence: tuple[Evidence, ...] = ()
    score: int = 0
    start_score: int = 0
    end_score: int = 0


def outage(report: Report, timeline: tuple[Entry, ...]) -> Outage:
    """Return the outage window of a report.

    `timeline` are its completed entries, used where prose and fields leave an end open. Times are those of the report
    (``HH:MM`` in its zone), lengths are minutes. Never raises; an `Outage` with basis ``none`` where nothing is said.
    """
    sentences = tuple(islice(_sentences(report), _MOST_SENTENCES))
    length = _length(report, sentences)
    stated = None if length is None else length.mention
    minutes = stated.minutes if isinstance(stated, Span) else None
    said = (
        () if length is None or stated is None else (report.evidence(stated.start, stated.end, length.rule),)
    )
    ends, basis = _window(report, sentences, timeline, length)
    start, end = _same_zone(ends.start, ends.end)
    between = minutes_between(start, end) if start is not None and end is not None else None
    return Outage(
        start=start,
        end=end,
        duration_minutes=between if between is not None else (None if _both_timed(start, end) else minutes),
        stated_duration_minutes=minutes,
        basis=basis,
        evidence=_unique((*ends.evidence, *said)),
    )


def _both_timed(start: Point | None, end: Point | None) -> bool:
    return start is not None and end is not None and start.time is not None and end.time is not None


def _window(
    report: Report, sentences: tuple[_Sentence, ...], timeline: tuple[Entry, ...], length: _Found | None
) -> tuple[_Ends, Basis]:
    """Return the ends by the definitions' order: stated, computed, timeline; weak wording only where nothing better is."""
    stated = _stated(report, [s for s in sentences if not _is_entry(s, timeline)])
    minutes = length.mention.minutes if length is not None and isinstance(length.mention, Span) else None
    if stated.start is not None and stated.end is not None and stated.score >= _FIRM:
        return stated, "stated"
    computed = None if length is None else _computed(report, stated, length)
    if computed is not None and stated.score >= _FIRM:
        told = _told_end(report, timeline, computed) if length is not None else None
        return (computed, "computed") if told is None else (told, "timeline")
    listed = _posted(report, stated) if report.calendar.postings else _listed(report, timeline, minutes)
    if listed.start is not None and listed.end is not None:
        start = stated.start if stated.start_score >= _SURE else None
        end = stated.end if stated.end_score >= _SURE else None
        return _Ends(
            start or listed.start, end or listed.end, (*stated.evidence, *listed.evidence)
        ), "timeline"
    if stated.start is not None and stated.end is not None:
        return stated, "stated"
    if computed is not None:
        return computed, "computed"
    if listed.start is None:
        if stated.start is None and stated.end is None:
            stated = _dated(report)
        return stated, "stated" if stated.start or stated.end else "none"
    timed = stated.start if stated.start is not None and stated.start.time is not None else None
    if timed is not None and (stated.end is not None or listed.end is None):
        return stated, "stated"
    start, end = timed or listed.start, stated.end or listed.end
    if end is None and length is not None:
        computed = _computed(report, _Ends(start, None, (*stated.evidence, *listed.evidence)), length)
        if computed is not None:
            return computed, "computed"
    return _Ends(start, end, (*stated.evidence, *listed.evidence)), "timeline"


def _dated(report: Report) -> _Ends:
    """Return the day that the report's title or "Date:" field names, where it says nothing closer about the outage."""
    day = report.calendar.incident
    moment = None if day is None else next((m for m in report.mentions_between(day.start, day.end)), None)
    if (
        day is None
        or day.rule not in ("clock.carry.title", "clock.carry.field")
        or not isinstance(moment, Moment)
    ):
        return _Ends()
    start = replace(report.calendar.point(moment), time=None, utc_offset=None, timezone=None, iso=None)
    return _Ends(start, None, start.evidence)


# Stated windows ---------------------------------------------------------------------------------------------------------


def _is_entry(sentence: _Sentence, timeline: tuple[Entry, ...]) -> bool:
    """Is a sentence, outside the sections that speak of the whole, one of several lines whose stamp is an interval?"""
    stamp = sentence.marks[0][1]
    if sentence.place not in _ANYWHERE or len(timeline) < _SEVERAL or not isinstance(stamp, Interval):
        return False
    at = bisect_right(timeline, stamp.start, key=_begins) - 1
    entry = timeline[at]
    return at >= 0 and entry.evidence.rule == "timeline.listed" and entry.at.evidence[0].start == stamp.start


def _stated(report: Report, sentences: Sequence[_Sentence]) -> _Ends:
    windows: list[_Found] = []
    starts: list[_Found] = []
    ends: list[_Found] = []
    opening = next((s for s in sentences if s.weight >= _PLACES["intro"] and _TIMED.search(s.masked)), None)
    summaries = 0
    for sentence in sentences:
        if sentence.place == "timeline":
            continue
        bonus = _OPENING if sentence is opening else 0
        if _SUMMARY.match(sentence.masked):
            # an update that looks back on the whole incident: the last one knows best
            summaries += 1
            bonus = _OPENING + summaries
        windows += [replace(found, score=found.score + bonus) for found in _windows(sentence)]
        starts += [replace(found, score=found.score + bonus) for found in _sides(sentence, "start")]
        ends += _sides(sentence, "end")
    ended = {found.mention.start: found.score for found in ends}
    starts = [found for found in starts if ended.get(found.mention.start, 0) < found.score]
    window, start = _best(windows), _best(starts)
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
        return _Ends(first, last, tuple(said), window.score)
    begin = calendar.point(start.mention) if start is not None and isinstance(start.mention, Moment) else None
    if end is None or not isinstance(end.mention, Moment):
        score = start.score if start else 0
        return _Ends(begin, None, begin.evidence if begin else (), score, score)
    finish = calendar.point(end.mention, begin, forward=True)
    return _Ends(
        begin,
        finish,
        ((*begin.evidence, *finish.evidence) if begin else finish.evidence),
        pair,
        start.score if start else 0,
        end.score,
    )


def _joined(report: Report, window: Interval) -> Interval | None:
    """Return the second of two intervals that make one incident: "between A and B and C and D"."""
    following = next(iter(report.mentions_between(window.end, window.end + _MARK)), None)
    if not isinstance(following, Interval) or window.first.hour is None or following.first.hour is None:
        return None
    return following if _AND.fullmatch(report.document.plain, window.end, following.start) else None


def _windows(sentence: _Sentence) -> list[_Found]:
    found = []
    for offset, mention in sentence.marks:
        if not isinstance(mention, Interval) or _vetoed(sentence, offset):
            continue
        cue = _says("window", sentence.masked, sentence.passed)
        timed = mention.first.hour is not None
        if not cue and sentence.place not in _TELLING:
            continue
        score = sentence.weight + (50 if cue else 38) + (10 if timed else -60)
        found.append(_Found(mention, score, mention.rule))
    return found


def _sides(sentence: _Sentence, kind: str) -> list[_Found]:
    found: list[_Found] = []
    if "@time" not in sentence.masked and "@date" not in sentence.masked:
        return found
    for match, rule in _matches(kind, sentence):
        mention = sentence.mention_at(match, (Moment,))
        if mention is None or _vetoed(sentence, _offset(sentence, mention)):
            continue
        timed = isinstance(mention, Moment) and mention.hour is not None
        score = sentence.weight + int(rule.values["strength"]) - (0 if timed else _DATE_ONLY)
        found.append(_Found(mention, score, rule.id))
    if sentence.place == kind:
        for offset, mention in sentence.marks:
            if isinstance(mention, Moment) and mention.hour is not None and not _vetoed(sentence, offset):
                found.append(_Found(mention, 2 * sentence.weight, f"outage.field.{kind}"))
    return found


def _best(found: list[_Found]) -> _Found | None:
    """Return the candidate with the highest score, the first of equals."""
    return max(found, key=lambda f: (f.score, -f.mention.start), default=None)


def _last_of_account(report: Report, ends: list[_Found]) -> _Found | None:
    """Return the best end; where its account goes on to a later one as good ("power was back at …, all hosts at …"), that."""
    best = _best(ends)
    if best is None:
        return None
    following = [
        f
        for f in ends
        if 0 < f.mention.start - best.mention.start < _ACCOUNT
        and f.score >= best.score - _CLOSE
        and _follows(report, best.mention, f.mention)
    ]
    return max(following, key=lambda f: f.mention.start, default=best)


def _follows(report: Report, before: Mention, after: Mention) -> bool:
    """Can a moment be later than one before it in the text, and stand in the same update of a status page?"""
    calendar = report.calendar
    if any(before.start < posting.start < after.start for posting in calendar.postings):
        return False
    if not isinstance(before, Moment) or not isinstance(after, Moment):
        return False
    first, last = calendar.point(before), calendar.point(after)
    return first.iso is None or last.iso is None or minutes_between(first, last) is not None


# One end and a length -----------------------------------------------------------------------------------------------------


def _computed(report: Report, stated: _Ends, length: _Found) -> _Ends | None:
    """Return the one stated end with the other worked out from the length, evidence of both included."""
    known, span = stated.start or stated.end, length.mention
    if known is None or known.time is None or (stated.start and stated.end) or not isinstance(span, Span):
        return None
    said = report.evidence(span.start, span.end, length.rule)
    if stated.start is not None:
        return replace(stated, end=_moved(known, round(span.minutes), said))
    return replace(stated, start=_moved(known, -round(span.minutes), said))


def _told_end(report: Report, timeline: tuple[Entry, ...], computed: _Ends) -> _Ends | None:
    """Return the stated start with the timeline's end, where a length in round numbers ("nearly four hours") means that."""
    listed = _listed(report, timeline, None) if not report.calendar.postings else _Ends()
    if computed.start is None or computed.end is None or listed.end is None:
        return None
    round_number = minutes_between(computed.start, computed.end)
    exact = minutes_between(computed.start, listed.end)
    if not round_number or not exact or round_number % _ROUND or exact == round_number:
        return None
    if abs(exact - round_number) > round_number * _ROUGHLY:
        return None
    return _Ends(computed.start, listed.end, (*computed.evidence, *listed.end.evidence))


def _moved(point: Point, minutes: int, said: Evidence) -> Point:
    """Return the point `minutes` later (`said` says how many): same zone, evidence of what it was computed from."""
    assert point.time is not None
    total = int(point.time[:2]) * 60 + int(point.time[3:]) + minutes
    days, rest = divmod(total, 24 * 60)
    time = f"{rest // 60:02d}:{rest % 60:02d}"
    date = _shifted(point.date, days)
    iso = f"{date}T{time}:00{point.utc_offset or ''}" if date and "X" not in date else None
    return Point(date, time, point.utc_offset, point.timezone, iso, (*point.evidence, said))


def _shifted(date: str | None, days: int) -> str | None:
    if date is None or days == 0 or not (date[5:7] + date[8:10]).isdigit():
        return date
    known = date[:4].isdigit()
    try:
        moved = Date(int(date[:4]) if known else 2001, int(date[5:7]), int(date[8:10])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return date
    return moved.isoformat() if known else f"XXXX-{moved.month:02d}-{moved.day:02d}"


# The timeline ---------------------------------------------------------------------------------------------------------------


def _listed(report: Report, timeline: tuple[Entry, ...], minutes: float | None) -> _Ends:
    """Return the first entry that shows trouble and the first after it that says service is restored.

    Where the report states a length, two entries that are that far apart are the window.
    """
    timed = [entry for entry in timeline if entry.at.time is not None]
    if not timed:
        return _Ends()
    narrated = all(entry.at.iso and entry.evidence.rule == "timeline.narrated" for entry in timed)
    if narrated or newest_first([entry.at for entry in timed]):
        timed.sort(key=lambda entry: (entry.at.date or "", entry.at.time or ""))
    # "three hours" may be rounded, "148 minutes" is not
    if minutes and minutes % _ROUND and (pair := _apart(timed, minutes)) is not None:
        return pair
    first = next((i for i, entry in enumerate(timed) if _shows_trouble(report, entry)), 0)
    after = range(first + 1, len(timed))
    last = next((i for i in after if _says_restored(report, timed[i])), None)
    for phase in ("resolution", "mitigation"):
        if last is None:
            last = max((i for i in after if timed[i].phase == phase), default=None)
    start = timed[first]
    if last is None:
        return _Ends(start.at, None, (start.evidence,))
    last = _of_sentence(report, timed, last)
    return _Ends(start.at, timed[last].at, (start.evidence, timed[last].evidence))


def _of_sentence(report: Report, timed: list[Entry], last: int) -> int:
    """Return which of the entries that one sentence makes ("restarted at 9:05, and by 9:30 all was well again") has the words."""
    said = timed[last].evidence
    same = [i for i, entry in enumerate(timed) if entry.evidence == said]
    if len(same) == 1:
        return last
    told = report.account.lowered[said.start : said.end].replace("\n", " ")
    word = _pattern("restored").search(told)
    if word is None:
        return last
    before = [i for i in same if timed[i].at.evidence[0].start < said.start + word.end()]
    return before[-1] if before else last


def _apart(timed: list[Entry], minutes: float) -> _Ends | None:
    """Return the first two entries that are as far apart as the outage is said to have lasted, if they can be its ends."""
    near: _Ends | None = None
    for i, start in enumerate(timed[:_MOST_STARTS]):
        if start.phase in ("resolution", "follow_up"):
            continue
        for end in timed[i + 1 :]:
            between = minutes_between(start.at, end.at)
            if between is not None and abs(between - minutes) <= 1:
                pair = _Ends(start.at, end.at, (start.evidence, end.evidence))
                if between == minutes:
                    return pair
                near = near or pair
    return near


def _shows_trouble(report: Report, entry: Entry) -> bool:
    """Does an entry show that something is wrong? Where its words say that all is well again, its phase does not count."""
    troubled = _pattern("trouble").search(entry.text[:_LONGEST].lower()) is not None
    if entry.phase in ("impact", "detection"):
        return troubled or not _says_closed(report, entry)
    if entry.phase in ("resolution", "follow_up") or _says_restored(report, entry):
        return False
    return troubled


def _says_closed(report: Report, entry: Entry) -> bool:
    """Does one of its sentences say in so many words that it is all over?"""
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    return any(
        _says("over", said, passed) and not _says("partly", said, passed)
        for said in _SENTENCE_END.split(entry.text[:_LONGEST].lower())
    )


def _says_restored(report: Report, entry: Entry) -> bool:
    """Does one of its sentences say that service is back, without a word that takes it back?"""
    if entry.phase in ("false_lead", "impact", "trigger"):
        return entry.phase != "false_lead" and _says_closed(report, entry)
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    return any(
        _says("restored", said, passed) and not _says("partly", said, passed)
        for said in _SENTENCE_END.split(entry.text[:_LONGEST].lower())
    )


def _posted(report: Report, stated: _Ends) -> _Ends:
    """Return the window of a status page that does not state it: from the first update to the one that closes it."""
    calendar = report.calendar
    zone = calendar.only_zone or calendar.first_zone
    first, last = sorted((calendar.postings[0], calendar.postings[-1]), key=attrgetter("instant"))
    start = calendar.posted_at(first, zone)
    plain = report.document.plain
    stops = [*(posting.start for posting in calendar.postings[1:]), len(plain)]
    if all(
        _pattern("elsewhere").search(plain[p.end : stop].lower())
        for p, stop in zip(calendar.postings, stops, strict=True)
    ):
        return _Ends()  # the page only refers to another one
    closes = _pattern("closed").match(plain[last.end : last.end + _MARK].lower())
    if closes is None or first is last:
        return _Ends(start, None, start.evidence)
    end = calendar.posted_at(last, zone)
    return _Ends(start, end, (*start.evidence, *end.evidence))


# Lengths --------------------------------------------------------------------------------------------------------------------


def _length(report: Report, sentences: tuple[_Sentence, ...]) -> _Found | None:
    """Return the length of the outage that the report states."""
    found = []
    for sentence in sentences:
        if sentence.place == "duration" and (clock := _as_length(report, sentence)) is not None:
            found.append(_Found(clock, sentence.weight + _CLOCK, "outage.length.clock"))
        if "@length" not in sentence.masked:
            continue
        for match, rule in _matches("length", sentence):
            mention = _last_length(sentence, match)
            if "places" in rule.values and (
                sentence.place not in rule.values["places"]
                or not _says("window", sentence.masked, sentence.passed)
            ):
                continue
            weak = sentence.weight <= _ELSEWHERE and sentence.place != "time_to_repair"
            if weak and not _says("window", sentence.masked, sentence.passed):
                continue
            if mention is not None and not _vetoed(sentence, _offset(sentence, mention)):
                found.append(_Found(mention, sentence.weight + int(rule.values["strength"]), rule.id))
        for match, rule in _matches("later", sentence):
            mention = _last_length(sentence, match)
            if mention is not None:
                found.append(_Found(mention, sentence.weight + int(rule.values["strength"]), rule.id))
        if sentence.place in ("duration", "time_to_repair"):
            for match, rule in _matches("length_field", sentence):
                mention = _last_length(sentence, match)
                if mention is not None:
                    found.append(_Found(mention, sentence.weight + int(rule.values["strength"]), rule.id))
    return _best(found)


def _as_length(report: Report, sentence: _Sentence) -> Span | None:
    """Return a field that is nothing but "02:30:00" as a length of hours and minutes."""
    moment = sentence.marks[0][1]
    if (
        len(sentence.marks) > 1
        or not isinstance(moment, Moment)
        or moment.hour is None
        or moment.zone is not None
    ):
        return None
    bare = _CLOCK_ALONE.fullmatch(report.document.plain[moment.start : moment.end])
    if bare is None or not _LABELLED.fullmatch(sentence.masked):
        return None
    return Span(moment.start, moment.end, moment.hour * 60.0 + (moment.minute or 0))


def _last_length(sentence: _Sentence, match: re.Match[str]) -> Span | None:
    inside = [
        m for offset, m in sentence.marks if match.start() <= offset < match.end() and isinstance(m, Span)
    ]
    return inside[-1] if inside else None


# Sentences ------------------------------------------------------------------------------------------------------------------


def _sentences(report: Report) -> Iterator[_Sentence]:
    """Yield the sentences that hold a temporal expression and may speak of the incident as a whole."""
    document, mentions = report.document, report.mentions
    starts = [block.start for block in document.blocks]
    places: dict[int, str | None] = {}
    index, count = 0, len(mentions)
    while index < count:
        at = bisect_right(starts, mentions[index].start) - 1
        block = document.blocks[at] if at >= 0 else None
        if block is None or block.kind is BlockKind.CODE:
            index += 1
            continue
        stop = starts[at + 1] if at + 1 < len(starts) else len(document.plain)
        here = index
        while index < count and mentions[index].start < stop:
            index += 1
        if block.section not in places:
            places[block.section] = _section_place(report, block.section)
        yield from _of_block(report, block, mentions[here:index], places[block.section])


def _of_block(
    report: Report, block: Block, mentions: tuple[Mention, ...], place: str | None
) -> Iterator[_Sentence]:
    if place == "timeline" and not any(isinstance(m, Span) for m in mentions):
        return  # the timeline's own business
    plain = report.document.plain
    cuts = [block.start]
    at = 0
    for match in _BOUNDARY.finditer(plain, block.start, block.end):
        while at < len(mentions) and mentions[at].end <= match.start():
            at += 1
        if at == len(mentions) or mentions[at].start > match.start():
            cuts.append(match.end())
    columns = _columns(block) if block.cells and place != "timeline" else {}
    if columns:
        cuts = sorted({*cuts, *(start for start in columns if start > block.start)})
    at = 0
    for a, b in pairwise([*cuts, max(block.end, mentions[-1].end)]):
        first = at
        while at < len(mentions) and mentions[at].start < b:
            at += 1
        for n in range(first, at, _MOST_MARKS):
            inside = mentions[n : min(n + _MOST_MARKS, at)]
            own = _field_place(report, inside[0].start) or columns.get(a) or place
            if own is not None:
                begin = max(a, inside[0].start - _LONGEST, mentions[n - 1].end if n else a)
                after = n + len(inside)
                following = mentions[after].start if after < len(mentions) else b
                end = min(b, inside[-1].end + _LONGEST, following)
                yield _masked(plain, begin, max(end, inside[-1].end), inside, own, cells=bool(block.cells))


def _columns(block: Block) -> dict[int, str]:
    """Return what the cells of a row are about, by their offsets, where its table has columns for the start and the end."""
    found: dict[int, str] = {}
    for cell in block.cells:
        names = label_names(cell.header) if cell.header else ()
        name = next((n for n in _OF_ROW if n in names), None)
        if name is not None:
            found[cell.start] = name
    return found if {"start", "end"} <= set(found.values()) else {}


def _masked(
    plain: str, start: int, end: int, mentions: Sequence[Mention], place: str, *, cells: bool
) -> _Sentence:
    parts: list[str] = []
    marks: list[tuple[int, Mention]] = []
    length, at = 0, start
    for mention in mentions:
        before = " ".join(plain[at : mention.start].split())
        if plain[at : mention.start][:1].isspace():
            before = " " + before
        if plain[mention.start - 1 : mention.start].isspace() and not before.endswith(" "):
            before += " "
        parts.append(before)
        length += len(before)
        marks.append((length, mention))
        mark = _MARKS[_kind(mention)]
        parts.append(mark)
        length += len(mark)
        at = mention.end
    rest = plain[at:end]
    parts.append((" " if rest[:1].isspace() else "") + " ".join(rest.split()))
    masked = "".join(parts).lower()
    if cells:
        masked = masked.replace("|", ":")
    passed = screen().passed(screen().read(masked))
    return _Sentence(masked, passed, tuple(marks), place, _PLACES.get(place, _ELSEWHERE))


def _kind(mention: Mention) -> str:
    if isinstance(mention, Span):
        return "length"
    if isinstance(mention, Interval):
        return "window"
    return "time" if mention.hour is not None else "date"


def _section_place(report: Report, section: int) -> str | None:
    """Return the kind of place that a section is, ``None`` where nothing in it speaks of the incident as a whole."""
    if section < 0:
        return "intro"
    sections = report.document.sections
    while section >= 0:
        heading = sections[section]
        if "duration" in label_names(heading.text):
            return "duration"
        if _CLOSED.intersection(heading.names):
            return None
        for name in heading.names:
            if name in _PLACES:
                return "intro" if name == "title" else name
        section = heading.parent
    return "other"


def _field_place(report: Report, offset: int) -> str | None:
    """Return what the innermost field around an offset is about, where that is a matter of time."""
    fields = report.document.fields
    at = bisect_right(fields, offset, key=lambda f: f.start)
    for f in reversed(fields[max(0, at - _MOST_FIELDS) : at]):
        if offset < f.end:
            name = next((n for n in _TIMELY if n in f.names), None)
            if name is not None:
                return name
    return None


# Rules ----------------------------------------------------------------------------------------------------------------------


@cache
def _rules(kind: str) -> tuple[Live, int]:
    """Return the rules of a kind, and their bits."""
    rules = by_role("outage", "kind", kind)
    return rules, bits_of(rules)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one.pattern.pattern})" for one in _rules(kind)[0]))


def _matches(kind: str, sentence: _Sentence) -> Iterator[tuple[re.Match[str], Rule]]:
    rules, bits = _rules(kind)
    if sentence.passed & bits:
        for one in rules:
            if sentence.passed & one.bit:
                for match in one.pattern.finditer(sentence.masked):
                    yield match, one.rule


def _says(kind: str, text: str, passed: int) -> bool:
    """Does a rule of that kind match in a text, if one of those that are worth trying there is of that kind?"""
    return bool(passed & _rules(kind)[1]) and _pattern(kind).search(text) is not None


def _vetoed(sentence: _Sentence, offset: int) -> bool:
    if not sentence.passed & _rules("never")[1]:
        return False
    return any(m.start() <= offset < m.end() for m in _pattern("never").finditer(sentence.masked))


def _offset(sentence: _Sentence, mention: Mention) -> int:
    return next(offset for offset, other in sentence.marks if other is mention)


# Points ---------------------------------------------------------------------------------------------------------------------


def _same_zone(start: Point | None, end: Point | None) -> tuple[Point | None, Point | None]:
    """Give an end without a zone the other's."""
    if start is None or end is None or (start.timezone is None) == (end.timezone is None):
        return start, end
    return (start, _zoned(end, start)) if end.timezone is None else (_zoned(start, end), end)


def _zoned(point: Point, other: Point) -> Point:
    iso = f"{point.iso}{other.utc_offset or ''}" if point.iso and point.utc_offset is None else point.iso
    return Point(
        point.date,
        point.time,
        other.utc_offset,
        other.timezone,
        iso,
        _unique((*point.evidence, *other.evidence)),
    )


def _unique(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple({(e.start, e.end): e for e in evidence}.values())
