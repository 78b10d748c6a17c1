"""What governs the moments of a report: its dated headings and lines, the day that it is about, the day on which it was
written, the zones that it states."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from postmortem.clock import zones
from postmortem.clock.days import Day, day_of, edtf, nearest, on_weekday, ordinal, shift
from postmortem.clock.model import Interval, Mention, Moment, Span, Zone
from postmortem.clock.odd import odd_date
from postmortem.clock.patterns import DATED, PUBLISHED, WEEKDAYS, statement
from postmortem.clock.places import START, aside, within
from postmortem.clock.published import (
    FIRST_BLOCKS,
    JUST_BEFORE,
    LONGEST_LINE,
    OPENING,
    WRITTEN,
    WRITTEN_REACH,
    published_of,
)
from postmortem.document import BlockKind, Document

# Not "in 2019" or "since 2019": what a report says so of, and dates by no more than the year, was long before.
_YEAR_NAMED: Final = re.compile(
    r"\b(?:of|early|late|mid|q[1-4]|year(?: is| was|, [a-z ]{1,16})?:?)[ -](20[0-4][0-9])\b",
    re.IGNORECASE,
)
_INSTANT: Final = re.compile(r"[0-9-]{8,10}T[0-9]")
# How far above the first posting the page may begin: a title stands there.
_POSTING_REACH: Final = 300
# "note 2023/04", "No. 12/2023": a year with the number of an issue.
_NUMBERED: Final = re.compile(
    r"(?<![\w.,/$-])(?:[0-9]{1,3}/(20[0-4][0-9])|(20[0-4][0-9])/[0-9]{1,3})(?![\w./-])"
)
_BARE_YEAR: Final = re.compile(r"(?<![\w.,/$-])20[0-4][0-9](?![\w%]|[.,/-][0-9])")
# Before a day that a heading names, but does not tell of ("What we changed after Monday").
_PASSES: Final = re.compile(r"\b(?:after|before|since|until|by|every|each)(?: the)? \Z", re.IGNORECASE)
_ENDS_SENTENCE: Final = re.compile(r"[ \w]{0,40}\.")
_WEEKDAY: Final = re.compile(
    rf"\b(?:{'|'.join(day.capitalize() for day in WEEKDAYS if day.endswith('day'))})\b"
)
_MOST_MENTIONS: Final = 40
_NIGHT_REACH: Final = 80
_SHORT_LINE: Final = 48
_AROUND_DATE: Final = re.compile(r"[\W_]*(?:on|the|date|day)?[\W_]*", re.IGNORECASE)
_OF_INCIDENT: Final = frozenset({"date", "start", "duration"})
# Keys of front matter that say when the incident was.
_MATTER_OF_INCIDENT: Final = frozenset(
    [
        *(
            f"{what}{sign}{word}"
            for what in ("incident", "outage", "start")
            for sign in ("_", "-")
            for word in ("date", "time")
        ),
        *("started", "started_at", "start", "occurred", "occurred_at", "began", "when"),
    ]
)
_SUBJECT: Final = "subject"
# The rule of a day that a heading tells.
HEADED: Final = "clock.carry.heading"
_SPANNED: Final = re.compile(r"[\s,]{0,4}(?:until|till|to|through|-|\u2013)\s[^.\n]{0,24}", re.IGNORECASE)
_WORDS_REACH: Final = 32
_IN_WORDS: Final = re.compile(r"\([a-z ,]{0,28}\s\Z")
# What stands around a zone in a heading ("Timeline (14 October 2022, UTC)").
_OPENS: Final = frozenset({"(", "[", ","})
_CLOSES: Final = re.compile(r"[ \t]{0,2}(?:[)\]]|[:*#]{0,4}$)", re.MULTILINE)


class Ruled(NamedTuple):
    """The days that govern the moments of a report, as rules find them: those of headings and lines, the one that it is about,
    and the one on which it was written."""

    anchors: tuple[Day, ...]
    incident: Day | None
    published: Day | None


def postings_of(document: Document, moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Return the stamps of a status page's updates: machine-written instants at line starts, the newest first.

    Exports write the oldest first; that is taken for updates only where each stamp stands alone or before one word of status,
    since a log runs that way too.
    """
    found = []
    bare, others = True, 0
    for moment in moments:
        if moment.zone is None or moment.year is None or not _INSTANT.match(document.text, moment.start):
            continue
        line = document.plain.rfind("\n", 0, moment.start) + 1
        end = document.plain.find("\n", moment.end)
        rest = document.plain[moment.end : end if end != -1 else len(document.plain)]
        if document.plain[line : moment.start].strip():
            continue
        if len(rest.split()) <= 3:
            found.append(moment)
            bare = bare and len(rest.split()) <= 1
        else:
            others += 1
    keys = [m.instant for m in found]
    if not found or found[0].start > _POSTING_REACH or others >= len(found):
        return ()
    return tuple(found) if keys == sorted(keys, reverse=True) or (bare and keys == sorted(keys)) else ()


def anchors_of(document: Document, moments: tuple[Moment, ...]) -> Iterator[Day]:
    """Yield the dates of headings and of lines that hold nothing else: they govern what follows."""
    headed = -1
    for moment in moments:
        if moment.day is not None and moment.month is not None:
            rule = _heads(document, moments, moment)
            if rule is None:
                continue
            if rule == HEADED:
                at = bisect_right(document.blocks, moment.start, key=START)
                if at == headed:
                    continue  # "The night of 3 to 4 May": what follows begins on the first
                headed = at
            yield day_of(moment, rule)


def partly_anchors_of(
    document: Document, moments: tuple[Moment, ...], anchors: Sequence[Day], about: Day | None
) -> Iterator[Day]:
    """Yield the days of headings and lines that name them by their weekday or number alone ("Saturday night", "The 6th"): the
    nearest from the day that the report is `about`, or from the one before, one of the `anchors` or of these. A heading that
    tells a date says no more with a weekday ("Timeline (4 May, into Sunday)")."""
    if about is None or not about.complete or about.year is None:
        return
    reference = about
    dated = {bisect_right(document.blocks, day.start, key=START) for day in anchors if day.rule == HEADED}
    above = list(reversed(anchors))
    spans = [(m.start, m.end) for m in moments]
    bare = [
        Moment(match.start(), match.end(), weekday=WEEKDAYS[match[0].lower()])
        for match in _WEEKDAY.finditer(document.plain)
        if not (at := bisect_right(spans, (match.start(), len(document.plain))))
        or spans[at - 1][1] <= match.start()
    ]
    partly = [m for m in moments if m.month is None and (m.day is not None or m.weekday is not None)]
    for moment in sorted((*partly, *bare), key=START):
        rule = _heads(document, moments, moment)
        if rule is None or bisect_right(document.blocks, moment.start, key=START) in dated:
            continue
        while above and above[-1].start < moment.start:
            reference = nearest(above.pop(), reference)
        if moment.day is not None:
            told = nearest(day_of(moment, rule), reference)
        elif moment.weekday is not None:
            told = on_weekday(reference, moment.weekday)
        reference = replace(told, start=moment.start, end=moment.end, rule=rule)
        yield reference


def _heads(document: Document, moments: Sequence[Moment], moment: Moment) -> str | None:
    """Return the rule by which the day of a moment governs what stands below it, ``None`` where it does not."""
    at = bisect_right(document.blocks, moment.start, key=START) - 1
    if at < 0:
        return None
    block = document.blocks[at]
    if block.end < moment.start or aside(document, at):
        return None
    before = document.plain[max(block.start, moment.start - WRITTEN_REACH) : moment.start]
    if WRITTEN.search(before):
        return None
    if block.kind is BlockKind.HEADING:
        return None if moment.month is None and _PASSES.search(before) else HEADED
    if " ".join(before[-48:].split()).lower().endswith(DATED):
        return "clock.carry.stated"
    end = document.plain.find("\n", moment.end, block.end)
    begin = document.plain.rfind("\n", block.start, moment.start) + 1 or block.start
    rest = (
        document.plain[begin : moment.start]
        + " "
        + document.plain[moment.end : end if end != -1 else block.end]
    )
    alone = len(rest) < 60 and _AROUND_DATE.fullmatch(rest) is not None
    return "clock.carry.line" if alone or _heads_times(document, moments, moment, at) else None


def _heads_times(document: Document, moments: Sequence[Moment], moment: Moment, at: int) -> bool:
    """Is a day told in a short line of its own ("Log of the Monday") that stands before one which begins with a clock time?"""
    block = document.blocks[at]
    short = block.kind is BlockKind.PARAGRAPH and block.end - block.start <= _SHORT_LINE
    if not short or moment.hour is not None or at + 1 == len(document.blocks):
        return False
    below = document.blocks[at + 1]
    if _ENDS_SENTENCE.match(document.plain, moment.end):
        return False
    return any(m.hour is not None and m.day is None for m in within(moments, below.start, below.start + 2))


def overruled(document: Document, day: Day, incident: Day | None, published: Day | None) -> bool:
    """Does an anchor say when the report was written, or is it the title's, beside a "Date:" of the incident?"""
    if published is not None and day.start == published.start:
        return True
    title = next(iter(document.sections), None)
    named = incident is not None and incident.rule == "clock.carry.field" and incident.start > day.start
    return named and title is not None and title.start <= day.start < title.end


def incident_of(
    document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...], published: Day | None
) -> Day | None:
    """Return the date that the report is about: its "Date:" field, its title, or the first date of its account."""
    dated = [m for m in moments if m.day is not None and m.month is not None]
    for f in document.fields:
        if not _OF_INCIDENT.intersection(f.names) or PUBLISHED.search(f.label):
            continue
        inside = within(dated, f.start, f.end)
        if published is not None and inside and inside[0].start == published.start:
            continue
        unread = not inside or (inside[0].year is None and _BARE_YEAR.search(document.plain, f.start, f.end))
        if unread and "date" in f.names and (odd := _odd(document, f.start, f.end)) is not None:
            return odd
        if inside and not aside(document, f.block):
            return day_of(inside[0], "clock.carry.field")
    matter = document.front_matter
    titles = (
        [(s, e) for key, s, e in matter.fields if key in _MATTER_OF_INCIDENT] if matter is not None else []
    )
    titles += [(s, e) for key, s, e in matter.fields if key == "title"] if matter is not None else []
    titles += [(s.start, s.end) for s in document.sections[:1]]
    titles += [(f.start, f.end) for f in document.fields[:FIRST_BLOCKS] if f.label.lower() == _SUBJECT]
    for start, end in titles:
        for moment in within(dated, start, end):
            return day_of(moment, "clock.carry.title")
    starts = [block.start for block in document.blocks]
    body = [
        m
        for m in dated
        if (matter is None or m.start >= matter.end)
        and (published is None or m.start != published.start)
        and not aside(document, bisect_right(starts, m.start) - 1)
    ]
    timed = next((m for m in body if m.hour is not None), None)
    if timed is None or (timed is not body[0] and _governs(document, moments, body[0], timed)):
        timed = body[0] if body else None
    if timed is not None:
        return day_of(timed, "clock.carry.first")
    return published if published is None else _partly_told(document, moments, published)


def _partly_told(document: Document, moments: Sequence[Moment], published: Day) -> Day:
    """Return the first day that the account names by its number or weekday alone ("On Thursday the 27th"), the last such up to
    the day on which the report was written; that day itself where there is none."""
    starts = [block.start for block in document.blocks]
    just = JUST_BEFORE.search(document.plain, published.end, published.end + OPENING)
    for moment in moments:
        if moment.start <= published.end or aside(document, bisect_right(starts, moment.start) - 1):
            continue
        if just is not None and moment.start > just.end():
            break
        if moment.day is not None and moment.month is None and moment.year is None:
            return replace(nearest(day_of(moment, "clock.carry.first"), published), rule="clock.carry.first")
        if moment.day is None and moment.weekday is not None:
            said = on_weekday(published, moment.weekday)
            return replace(said, start=moment.start, end=moment.end, rule="clock.carry.first")
    if just is not None:
        return replace(shift(published, -1), start=just.start(), end=just.end(), rule="clock.carry.first")
    return published


def _governs(document: Document, moments: Sequence[Moment], dated: Moment, timed: Moment) -> bool:
    """Is a day, told before one with a clock time, that of the account: do bare clock times follow it, or does it begin a
    span that the other ends ("from the evening of 3 June until 5 June, 12:20")?"""
    between = within(moments, dated.end, timed.start)
    bare = any(m.hour is not None and m.day is None and m.weekday is None for m in between)
    return bare or _SPANNED.fullmatch(document.plain, dated.end, timed.start) is not None


def _odd(document: Document, start: int, end: int) -> Day | None:
    """Return the date of a "Date:" field that is written as no pattern reads it."""
    line = document.plain[start:end].partition("\n")[0]
    found = odd_date(line)
    return (
        None
        if found is None or found[2] is None
        else Day(*found, start, start + len(line), "clock.carry.field")
    )


def year_of(document: Document, moments: tuple[Moment, ...], published: Day | None) -> Day | None:
    """Return a year given anywhere: in the title, with a date, in the front matter, in prose."""
    matter = document.front_matter
    titles = [(s, e) for key, s, e in matter.fields if key == "title"] if matter is not None else []
    titles += [(s.start, s.end) for s in document.sections[:1]]
    opening = [(b.start, b.end) for b in document.blocks[:1] if b.end - b.start <= LONGEST_LINE]
    for pattern, places in ((_BARE_YEAR, titles), (_NUMBERED, titles + opening)):
        match = next(filter(None, (pattern.search(document.plain, *place) for place in places)), None)
        if match is not None:
            year = match[match.lastindex or 0]
            return Day(int(year), None, None, match.start(), match.end(), "clock.carry.title")
    for moment in moments:
        if moment.year is not None and (published is None or moment.start != published.start):
            return day_of(moment, "clock.carry.year")
    if published is not None and published.year is not None:
        return published
    named = _YEAR_NAMED.search(document.plain)
    if named is not None and any(year[0] != named[1] for year in _BARE_YEAR.finditer(document.plain)):
        return None  # years of other things
    return (
        None
        if named is None
        else Day(int(named[1]), None, None, named.start(1), named.end(1), "clock.carry.year")
    )


def night_of(mentions: Sequence[Mention], about: Day | None) -> tuple[Day, int, int] | None:
    """Return the first span past midnight whose two days are told ("from 22:40 on 3 May to 01:15 on the 4th"): its day, and the
    minutes of the clock at which it begins and ends."""
    last: Moment | None = None
    for mention in mentions[:_MOST_MENTIONS]:
        if isinstance(mention, Span):
            continue
        pair = (mention.first, mention.last) if isinstance(mention, Interval) else (last, mention)
        last = pair[1]
        first, then = pair
        if first is None or then is None or None in (first.hour, then.hour, first.day, then.day):
            continue
        if then.start - first.end > _NIGHT_REACH:
            continue
        begin = (first.hour or 0) * 60 + (first.minute or 0)
        end = (then.hour or 0) * 60 + (then.minute or 0)
        day = day_of(first, "clock.carry.first")
        if begin <= end or (not day.complete and (about is None or not about.complete)):
            continue
        if about is not None and not day.complete:
            day = nearest(day, about)
        one, two = ordinal(edtf(day)), ordinal(edtf(nearest(day_of(then, ""), day)))
        if one is not None and two is not None and two - one == int(not then.next_day):
            return day, begin, end
    return None


def statements_of(document: Document, named: Sequence[re.Match[str]]) -> Iterator[tuple[int, Zone]]:
    """Yield the zones that the report states for its times, with the offsets from which they hold; all that it names are
    `named` (`zones.find`)."""
    plain = document.plain
    found: list[tuple[int, Zone]] = []
    for match in named:
        if statement().search(plain, max(0, match.start() - 64), match.start()):
            zone = zones.read(match[0], match.start(), plain)
            if zone is not None:
                found.append((match.start(), zone))
    for section in document.sections:
        if _OPENS.isdisjoint(section.text):
            continue
        for match in zones.find(plain, section.start, min(section.end, section.start + LONGEST_LINE)):
            closed = (
                _CLOSES.match(plain, match.end()) is not None
                and plain[match.start() - 2 : match.start()].strip() in _OPENS
            )
            zone = zones.read(match[0], match.start(), plain) if closed else None
            if zone is not None:
                found.append((match.start(), zone))
    for f in document.fields:
        if "timezone" in f.names:
            for match in zones.find(plain, f.start, min(f.end, f.start + 80)):
                zone = zones.read(match[0], match.start(), plain)
                if zone is not None:
                    found.append((f.label_start, zone))
    yield from sorted(found, key=lambda pair: pair[0])


def header_zone(document: Document, header: str, offset: int) -> Zone | None:
    for match in zones.find(header):
        at = document.plain.rfind(match[0], 0, offset)
        return zones.read(match[0], at, document.plain) if at != -1 else None
    return None


def bracketed_zone(document: Document, named: Sequence[re.Match[str]]) -> Zone | None:
    """Return the zone that stands in brackets, or named in words ("Irish time"), away from any time, where it is the only one so
    written; `named` are all."""
    found = [
        zone
        for match in named
        if (match[0][-5:].lower() == " time" or _bracketed(document.plain, match.start(), match.end()))
        and (zone := zones.read(match[0], match.start(), document.plain)) is not None
    ]
    return found[0] if found and len({zone.offset or zone.region for zone in found}) == 1 else None


def _bracketed(plain: str, start: int, end: int) -> bool:
    """Does a zone open a bracket, or close one behind a date or small words ("(2 May 2024, CEST)", "(our time, so EET)")?"""
    if plain[start - 1 : start] == "(":
        return True
    if plain[end : end + 1] != ")":
        return False
    return (
        plain[start - 2 : start] == ", "
        or _IN_WORDS.search(plain, max(0, start - _WORDS_REACH), start) is not None
    )


def only_zone_of(moments: list[Moment]) -> Zone | None:
    """Return the zone of the report's times, where all that name one mean the same."""
    named = [m.zone for m in moments if m.zone is not None]
    if not named or len({zone.offset or zone.region for zone in named}) > 1:
        return None
    return named[0]


def days_by_rules(document: Document, moments: tuple[Moment, ...]) -> Ruled:
    """Return the days that rules find to govern the moments of a report."""
    anchors = tuple(anchors_of(document, moments))
    published = published_of(document, moments, anchors)
    return Ruled(anchors, incident_of(document, moments, anchors, published), published)
