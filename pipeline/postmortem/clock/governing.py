"""What governs the moments of a report: its dated headings and lines, the day that it is about, the day on which it was
written, the zones that it states."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from postmortem.clock import zones
from postmortem.clock.days import Day, day_of, edtf, nearest, on_weekday, ordinal
from postmortem.clock.model import Moment, Zone
from postmortem.clock.odd import odd_date
from postmortem.clock.patterns import DATED, PUBLISHED, statement
from postmortem.document import BlockKind, Document

_YEAR_NAMED: Final = re.compile(
    r"\b(?:in|of|since|during|early|late|mid|q[1-4])[ -](20[0-4][0-9])\b", re.IGNORECASE
)
_INSTANT: Final = re.compile(r"[0-9-]{8,10}T[0-9]")
# How far above the first posting the page may begin: a title stands there.
_POSTING_REACH: Final = 300
_BARE_YEAR: Final = re.compile(r"(?<![\w.,/$-])20[0-4][0-9](?![\w%]|[.,/-][0-9])")
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
# What a "Date:" among the headers of a message, and a date in a byline, have about them: both say when it was written.
_MAIL: Final = re.compile(
    r"^[ \t>]{0,8}(?:subject|message-id|in-reply-to|reply-to|cc) ?:", re.IGNORECASE | re.MULTILINE
)
_BYLINE: Final = re.compile(r"\bmin(?:ute)?s? read\b|^\W{0,8}by [a-z]", re.IGNORECASE)
# A date beside a name: "9 March 2024 · Ada Lovelace", "Ada | 9 March 2024".
_SIGNED: Final = re.compile(
    r"[\W_]{0,8}(?:[\w ,./-]{6,30}20[0-9]{2}[\W_]{0,4}[|\u00b7\u2022\u2013\u2014][\W_]{0,4}(?:[A-Z][\w.'-]{0,20} ?){1,3}"
    r"|(?:[A-Z][\w.'-]{0,20} ?){1,3}[\W_]{0,4}[|\u00b7\u2022\u2013\u2014][\W_]{0,4}[\w ,./-]{6,30}20[0-9]{2})[\W_]{0,8}"
)
_SUBJECT: Final = "subject"
_SPANNED: Final = re.compile(r"[\s,]{0,4}(?:until|till|to|through|-|\u2013)\s[^.\n]{0,24}", re.IGNORECASE)
_WORDS_REACH: Final = 32
_IN_WORDS: Final = re.compile(r"\([a-z ,]{0,28}\s\Z")
# What stands around a zone in a heading ("Timeline (14 October 2022, UTC)").
_OPENS: Final = frozenset({"(", "[", ","})
_CLOSES: Final = re.compile(r"[ \t]{0,2}(?:[)\]]|[:*#]{0,4}$)", re.MULTILINE)
_LONGEST_BYLINE: Final = 120
# "Published 4 May 2023", "issued on 3 April", "Last updated: …": right before the date that it was written on.
_WRITTEN: Final = re.compile(
    r"\b(?:published|posted|issued|written|updated|released|edited|dated|revised)(?: (?:on|at|by [\w .-]{1,40},))?:? ?\Z",
    re.IGNORECASE,
)
_WRITTEN_REACH: Final = 60
_JUST_BEFORE: Final = re.compile(r"\b(?:yesterday|last (?:night|evening))\b", re.IGNORECASE)
_OPENING: Final = 300
_FIRST_BLOCKS: Final = 4
# A report about something is written within so many days of it.
_MOST_LATER: Final = 60
_ASIDE: Final = frozenset({"actions", "lessons", "appendix"})


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
    starts = [block.start for block in document.blocks]
    for moment in moments:
        if moment.day is None or moment.month is None:
            continue
        at = bisect_right(starts, moment.start)
        if not at:
            continue
        block = document.blocks[at - 1]
        if block.end < moment.start or _aside(document, at - 1):
            continue
        if block.kind is BlockKind.HEADING:
            yield day_of(moment, "clock.carry.heading")
            continue
        before = document.plain[max(block.start, moment.start - 48) : moment.start]
        if " ".join(before.split()).lower().endswith(DATED):
            yield day_of(moment, "clock.carry.stated")
            continue
        end = document.plain.find("\n", moment.end, block.end)
        begin = document.plain.rfind("\n", block.start, moment.start) + 1 or block.start
        rest = (
            document.plain[begin : moment.start]
            + " "
            + document.plain[moment.end : end if end != -1 else block.end]
        )
        if len(rest) < 60 and _AROUND_DATE.fullmatch(rest) is not None:
            yield day_of(moment, "clock.carry.line")


def _aside(document: Document, at: int) -> bool:
    """Does the block `at` (-1: none) tell of plans or lessons? A paragraph under "What went wrong" or "Postmortem" does not."""
    if at < 0:
        return False
    section = document.blocks[at].section
    told = document.blocks[at].kind is BlockKind.PARAGRAPH
    while section >= 0:
        names = document.sections[section].names
        if _ASIDE.intersection(names) and not (told and names == ("lessons",)):
            return True
        section = document.sections[section].parent
    return False


def published_of(document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...]) -> Day | None:
    """Return the date on which the report was written: it comes after the incident."""
    matter = document.front_matter
    places = [(s, e) for key, s, e in matter.fields if key == "date"] if matter is not None else []
    places += [
        (f.start, f.end)
        for f in document.fields
        if "date" in f.names and (PUBLISHED.search(f.label) or _in_mail(document, f.label_start))
    ]
    top = matter.end if matter is not None else 0
    places += _bylines(document, top)
    places += _said_so(document, moments, top)
    for start, end in places:
        for moment in _within(moments, start, end):
            if moment.year is not None and moment.month is not None:
                return day_of(moment, "clock.carry.published")
    return _dateline(document, moments, anchors)


def _in_mail(document: Document, offset: int) -> bool:
    """Does a field stand among the headers of a message?"""
    plain = document.plain
    begin = plain.rfind("\n\n", 0, offset) + 1
    end = plain.find("\n\n", offset)
    return _MAIL.search(plain, begin, end if end != -1 else len(plain)) is not None


def _bylines(document: Document, start: int) -> Iterator[tuple[int, int]]:
    """Yield the short paragraphs at the top that say who wrote the report, or how long it takes to read."""
    for block in islice((b for b in document.blocks if b.start >= start), _FIRST_BLOCKS):
        if block.kind is BlockKind.PARAGRAPH and block.end - block.start <= _LONGEST_BYLINE:
            text = document.plain[block.start : block.end]
            if (
                _BYLINE.search(text)
                or _SIGNED.fullmatch(text)
                or (PUBLISHED.search(text) and ":" not in text)
            ):
                yield block.start, block.end


def _said_so(document: Document, moments: tuple[Moment, ...], start: int) -> Iterator[tuple[int, int]]:
    """Yield the dates in short blocks at the top that stand right behind a word of writing or publishing."""
    for block in islice((b for b in document.blocks if b.start >= start), _FIRST_BLOCKS):
        if block.end - block.start > _LONGEST_BYLINE:
            continue
        for moment in _within(moments, block.start, block.end):
            if _WRITTEN.search(document.plain, max(block.start, moment.start - _WRITTEN_REACH), moment.start):
                yield moment.start, moment.end


def _dateline(document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...]) -> Day | None:
    """Return the date that stands alone at the top, where the text goes on to tell of a day shortly before it."""
    if (signed := _signature(document, moments)) is not None:
        return signed
    top = next(iter(anchors), None)
    if top is None or top.rule != "clock.carry.line" or not top.complete or top.year is None:
        return None
    if sum(b.start < top.start for b in islice(document.blocks, _FIRST_BLOCKS)) >= _FIRST_BLOCKS:
        return None
    starts = [block.start for block in document.blocks]
    days = [
        nearest(day_of(m, ""), top)
        for m in moments
        if m.day and m.month and m.start > top.end and not _aside(document, bisect_right(starts, m.start) - 1)
    ]
    written = ordinal(edtf(top)) or 0
    told = [ordinal for ordinal in (ordinal(edtf(day)) for day in days) if ordinal is not None]
    if not told and _JUST_BEFORE.search(document.plain, top.end, top.end + _OPENING):
        return replace(top, rule="clock.carry.published")
    if not told or max(told) >= written or written - min(told) > _MOST_LATER:
        return None
    return replace(top, rule="clock.carry.published")


def _signature(document: Document, moments: tuple[Moment, ...]) -> Day | None:
    """Return the date of the last, short line, where it is the only one of a text that tells of times before it."""
    dated = [m for m in moments if m.day is not None and m.month is not None]
    if len(dated) != 1 or dated[0].year is None or dated[0].hour is not None or not document.blocks:
        return None
    last = document.blocks[-1]
    short = last.kind is BlockKind.PARAGRAPH and last.end - last.start <= _LONGEST_BYLINE
    if not short or dated[0].start < last.start or moments[0].start >= last.start:
        return None
    return day_of(dated[0], "clock.carry.published")


def overruled(document: Document, day: Day, incident: Day | None, published: Day | None) -> bool:
    """Does an anchor say when the report was written, or is it the title's, beside a "Date:" of the incident?"""
    if published is not None and day.start == published.start:
        return True
    title = next(iter(document.sections), None)
    named = incident is not None and incident.rule == "clock.carry.field" and incident.start > day.start
    return named and title is not None and title.start <= day.start < title.end


def _within(moments: Sequence[Moment], start: int, end: int) -> Sequence[Moment]:
    """Return the moments that begin in `start:end`; `moments` are in text order."""
    first = bisect_left(moments, start, key=lambda m: m.start)
    return moments[first : bisect_left(moments, end, lo=first, key=lambda m: m.start)]


def incident_of(
    document: Document, moments: tuple[Moment, ...], anchors: tuple[Day, ...], published: Day | None
) -> Day | None:
    """Return the date that the report is about: its "Date:" field, its title, or the first date of its account."""
    dated = [m for m in moments if m.day is not None and m.month is not None]
    for f in document.fields:
        if not _OF_INCIDENT.intersection(f.names) or PUBLISHED.search(f.label):
            continue
        inside = _within(dated, f.start, f.end)
        if published is not None and inside and inside[0].start == published.start:
            continue
        unread = not inside or (inside[0].year is None and _BARE_YEAR.search(document.plain, f.start, f.end))
        if unread and "date" in f.names and (odd := _odd(document, f.start, f.end)) is not None:
            return odd
        if inside and not _aside(document, f.block):
            return day_of(inside[0], "clock.carry.field")
    matter = document.front_matter
    titles = (
        [(s, e) for key, s, e in matter.fields if key in _MATTER_OF_INCIDENT] if matter is not None else []
    )
    titles += [(s, e) for key, s, e in matter.fields if key == "title"] if matter is not None else []
    titles += [(s.start, s.end) for s in document.sections[:1]]
    titles += [(f.start, f.end) for f in document.fields[:_FIRST_BLOCKS] if f.label.lower() == _SUBJECT]
    for start, end in titles:
        for moment in _within(dated, start, end):
            return day_of(moment, "clock.carry.title")
    starts = [block.start for block in document.blocks]
    body = [
        m
        for m in dated
        if (matter is None or m.start >= matter.end)
        and (published is None or m.start != published.start)
        and not _aside(document, bisect_right(starts, m.start) - 1)
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
    for moment in moments:
        if moment.start <= published.end or _aside(document, bisect_right(starts, moment.start) - 1):
            continue
        if moment.day is not None and moment.month is None and moment.year is None:
            return replace(nearest(day_of(moment, "clock.carry.first"), published), rule="clock.carry.first")
        if moment.day is None and moment.weekday is not None:
            said = on_weekday(published, moment.weekday)
            return replace(said, start=moment.start, end=moment.end, rule="clock.carry.first")
    return published


def _governs(document: Document, moments: Sequence[Moment], dated: Moment, timed: Moment) -> bool:
    """Is a day, told before one with a clock time, that of the account: do bare clock times follow it, or does it begin a
    span that the other ends ("from the evening of 3 June until 5 June, 12:20")?"""
    between = _within(moments, dated.end, timed.start)
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
    for start, end in titles + [(s.start, s.end) for s in document.sections[:1]]:
        match = _BARE_YEAR.search(document.plain, start, end)
        if match is not None:
            return Day(int(match[0]), None, None, match.start(), match.end(), "clock.carry.title")
    for moment in moments:
        if moment.year is not None and (published is None or moment.start != published.start):
            return day_of(moment, "clock.carry.year")
    if published is not None:
        return published
    named = _YEAR_NAMED.search(document.plain)
    return (
        None
        if named is None
        else Day(int(named[1]), None, None, named.start(1), named.end(1), "clock.carry.year")
    )


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
        for match in zones.find(plain, section.start, min(section.end, section.start + _LONGEST_BYLINE)):
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
    """Return the zone that stands in brackets away from any time, where it is the only one so written; `named` are all."""
    found = [
        zone
        for match in named
        if _bracketed(document.plain, match.start(), match.end())
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
