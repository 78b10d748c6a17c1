"""Joining two moments to one interval ("9:10 AM to 1:25 PM"): each side lends the other what is not written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date as Date
from datetime import timedelta

from postmortem.clock import patterns as p
from postmortem.clock.model import Interval, Mention, Span
from postmortem.clock.scanner.drafts import MAX_GAP, Draft, has_date, has_time, on_24
from postmortem.clock.scanner.joining import moment, zone


def finished(drafts: list[Draft], plain: str) -> Iterator[Mention]:
    """Yield the mentions, pairs of moments that a dash or "to" joins as intervals."""
    index, count = 0, len(drafts)
    while index < count:
        draft = drafts[index]
        index += 1
        if draft["kind"] == "span":
            yield Span(draft["start"], draft["end"], draft["minutes"], draft["upper"])
            continue
        if "last_day" in draft and not has_time(draft):
            first = moment(draft, plain)
            yield Interval(
                first.start, first.end, first, replace(first, day=draft["last_day"]), "clock.range.days"
            )
            continue
        following = drafts[index] if index < count else None
        if (
            following is not None
            and following["start"] - draft["end"] <= MAX_GAP
            and following["kind"] != "span"
        ):
            interval = _interval(draft, following, plain)
            if interval is not None:
                index += 1
                yield interval
                continue
        if (
            draft.get("meridiem") in ("am", "pm")
            and draft["kind"] != "bare"
            and (following is None or following["start"] > draft["end"] + 3)
        ):
            last = _bare_last(draft, plain)
            if last is not None and (following is None or following["start"] >= last["end"]):
                yield _shared(draft, last, "to", plain)
                continue
        if draft["kind"] not in ("bare", "dotted"):
            yield moment(draft, plain)


def _bare_last(draft: Draft, plain: str) -> Draft | None:
    """Return the other side of "4pm to 6" or "From 4pm to 6 GMT": a number alone, behind a time with am or pm."""
    match = p.BARE_LAST.match(plain, draft["end"])
    if match is None or int(match[1]) > 24:
        return None
    last: Draft = {
        "start": match.start(1),
        "end": match.end(),
        "kind": "time",
        "hour": int(match[1]) % 24,
        "minute": 0,
    }
    last["meridiem"] = "24h" if int(match[1]) > 12 else None
    zone(last, plain)
    rest = plain[last["end"] : last["end"] + 12].lstrip(" ")
    closed = (
        not rest
        or rest[0] in ".,;:)\n"
        or rest.startswith(("on ", "in ", "and ", "the "))
        or last.get("zone") is not None
    )
    return last if closed else None


def _interval(draft: Draft, other: Draft, plain: str) -> Interval | None:
    gap = plain[draft["end"] : other["start"]]
    if gap.count("\n") > 1:
        return None
    match = p.joiner().fullmatch(gap)
    if match is None or has_time(draft) != has_time(other):
        return None
    if not has_time(draft) and (draft.get("day") is None or other.get("day") is None):
        return None
    word = match["word"].lower()
    before = max(0, draft["start"] - 44)
    if word == "/" and not (has_date(draft) and has_date(other)) and not _labelled(draft, plain):
        return None
    if word == "and" and not _between(draft, plain, before):
        return None
    if word == "at" and (has_date(other) or p.FROM.search(plain, before, draft["start"]) is None):
        return None
    if word == "-" and "\n" in gap:
        return None
    return _shared(draft, other, word, plain)


def _labelled(draft: Draft, plain: str) -> bool:
    """Does the label before a time speak of both ends of a window?"""
    return (
        has_time(draft) and p.BOTH_ENDS.search(plain, max(0, draft["start"] - 64), draft["start"]) is not None
    )


def _between(draft: Draft, plain: str, before: int) -> bool:
    if draft["kind"] == "bare":
        return True
    inside = plain[draft["start"] : draft["end"]].lower()
    return "between" in inside or p.BETWEEN.search(plain, before, draft["start"]) is not None


def _shared(draft: Draft, other: Draft, word: str, plain: str) -> Interval:
    """Make an interval, each side taking from the other what it leaves out."""
    first, last = dict(draft), dict(other)
    if has_time(first):
        _share_meridiem(first, last)
        if first.get("zone") is None or last.get("zone") is None:
            first["zone"] = last["zone"] = first.get("zone") or last.get("zone")
    _share_date(first, last)
    rule = {"-": "clock.range.dash", "and": "clock.range.between"}.get(word, "clock.range.to")
    one, two = moment(first, plain), moment(last, plain)
    return Interval(one.start, two.end, one, two, rule)


def _share_meridiem(first: Draft, last: Draft) -> None:
    """Read the side without am/pm in the half of the day that makes the interval run forward."""
    a, b = first.get("meridiem"), last.get("meridiem")
    if a is None and b in ("am", "pm") and first["hour"] <= 12:
        same, other = on_24(first["hour"], b), on_24(first["hour"], "am" if b == "pm" else "pm")
        end = last["hour"] * 60 + last["minute"]
        forward = same * 60 + first["minute"] <= end or other * 60 + first["minute"] > end
        first["hour"], first["meridiem"] = (same, b) if forward else (other, "am" if b == "pm" else "pm")
    elif b is None and a in ("am", "pm") and last["hour"] <= 12:
        same, other = on_24(last["hour"], a), on_24(last["hour"], "am" if a == "pm" else "pm")
        begin = first["hour"] * 60 + first["minute"]
        forward = same * 60 + last["minute"] >= begin
        last["hour"], last["meridiem"] = (same, a) if forward else (other, "am" if a == "pm" else "pm")


def _share_date(first: Draft, last: Draft) -> None:
    parts = ("year", "month", "day")
    a, b = has_date(first), has_date(last)
    if a and b:
        if first.get("month") is None and first.get("day") is not None:
            first["month"] = last.get("month")
        if last.get("month") is None and last.get("day") is not None:
            last["month"] = first.get("month")
        if first.get("year") is None or last.get("year") is None:
            _share_year(first, last)
        return
    if not (a or b) or not has_time(first):
        return
    backward = (last["hour"], last["minute"]) < (first["hour"], first["minute"])
    if a:
        last.update({key: first.get(key) for key in parts})
        if backward and not last.get("next_day"):
            last["next_day"] = True
    elif backward and last.get("date_at", 0) < last.get("time_at", 0):
        # "22:00 until 9 May 01:00": the date is the end's own, the start is the day before
        day_before = _shifted(last, -1)
        first.update(day_before)
    else:
        # "between 23:00 and 01:00 on 9 May": the date is the interval's, which ends on the next day
        first.update({key: last.get(key) for key in parts})
        if backward:
            last["next_day"] = True


def _share_year(first: Draft, last: Draft) -> None:
    year = first.get("year") or last.get("year")
    if year is None:
        return
    crosses = (first.get("month") or 0) > (last.get("month") or 0)
    if first.get("year") is None:
        first["year"] = year - 1 if crosses else year
    else:
        last["year"] = year + 1 if crosses else year


def _shifted(parts: Draft, days: int) -> Draft:
    """Return year, month and day of a date moved by `days`; a year that is not known stays so."""
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    if month is None or day is None:
        return {"year": year, "month": month, "day": None}
    try:
        moved = Date(year or 2001, month, day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return {"year": year, "month": month, "day": day}
    return {"year": moved.year if year else None, "month": moved.month, "day": moved.day}
