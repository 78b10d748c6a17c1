"""Joining neighbouring atoms to one moment ("June 3, 2022, at 8:20 PM CET")."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from postmortem.clock import patterns as p
from postmortem.clock import zones
from postmortem.clock.model import Moment
from postmortem.clock.scanner.drafts import CUE_REACH, MAX_GAP, Draft, has_date, has_time, on_24

_WEAK: Final = frozenset({"slash", "daydot", "ordinal", "weekday", "bare", "dotted"})
_WRAPPED: Final = frozenset(":-|/)]")
_ORDINAL_REACH: Final = 16
_MONTHS: Final = 12
# "on the evening of 7 May at 8:00"
_PART_REACH: Final = 48
_NEXT_SENTENCE: Final = re.compile(r"\)?[.!?]\)?\s{1,3}[A-Z][a-z]")


def merged(atoms: list[Draft], plain: str) -> list[Draft]:
    """Join atoms that make one moment; drop those that mean nothing alone."""
    out: list[Draft] = []
    index, count = 0, len(atoms)
    while index < count:
        draft = atoms[index]
        index += 1
        if draft["kind"] == "span":
            out.append(draft)
            continue
        parts = 1
        if has_time(draft):
            zone(draft, plain)
        while index < count and atoms[index]["start"] < draft["end"]:
            index += 1  # digits of a zone ("UTC+05:30")
        while index < count and atoms[index]["start"] - draft["end"] <= MAX_GAP:
            following = atoms[index + 1] if index + 1 < count else None
            if not _belongs(draft, atoms[index], following, plain):
                break
            draft = _join(draft, atoms[index])
            parts += 1
            index += 1
            if has_time(draft):
                zone(draft, plain)
                _year_after(draft, plain)
                while index < count and atoms[index]["start"] < draft["end"]:
                    index += 1
        if (
            parts > 1
            or draft["kind"] not in _WEAK
            or draft["kind"] in ("dotted", "bare")
            or _stands_alone(draft, plain)
        ):
            out.append(draft)
    return out


def _stands_alone(draft: Draft, plain: str) -> bool:
    """Is a weak date one by what stands around it: "4/17: …" at the beginning of a line, "on the evening of the 6th, …"?"""
    start, end = draft["start"], draft["end"]
    if draft["kind"] == "ordinal":
        return (
            p.OF_MONTH.search(plain, max(0, start - _ORDINAL_REACH), start) is not None
            and p.NO_COUNT.match(plain, end) is not None
        )
    if draft["kind"] != "slash" or max(draft["day"], draft["month"]) <= _MONTHS:
        return False
    opens = p.OPENS_LINE.search(plain, max(0, start - CUE_REACH), start) is not None
    return opens and p.CLOSES_DATE.match(plain, end) is not None


def _belongs(draft: Draft, other: Draft, following: Draft | None, plain: str) -> bool:
    """Say whether `other` states a further part of the same moment, judging by the text between the two."""
    kind = other["kind"]
    if kind == "span":
        return False
    gap = plain[draft["end"] : other["start"]]
    if _NEXT_SENTENCE.match(gap):
        return False
    if "\n" in gap and (gap.count("\n") > 1 or not gap.strip() or not _WRAPPED.isdisjoint(gap)):
        return False  # the next line is another item, unless a sentence was wrapped
    if kind == "weekday":
        beside = p.BESIDE.fullmatch(gap) or (has_time(draft) and p.TRAIL.fullmatch(gap))
        return draft.get("weekday") is None and bool(beside) and "-" not in gap and "." not in gap
    if draft["kind"] == "weekday" and not has_time(draft) and not has_date(draft):
        if has_date(other):
            return p.BESIDE.fullmatch(gap) is not None
        return p.lead().fullmatch(gap) is not None
    if has_date(draft) and not has_time(draft) and has_time(other) and not has_date(other):
        return (
            "last_day" not in draft and draft.get("day") is not None and p.lead().fullmatch(gap) is not None
        )
    if has_time(draft) and not has_date(draft) and has_date(other) and not has_time(other):
        if draft["kind"] in ("bare", "dotted") or kind == "slash" or (kind == "ordinal" and "the" not in gap):
            return False
        if p.TRAIL.fullmatch(gap) is None or other.get("day") is None:
            return False
        # "… at 9:00, May 8 at 10:00": the date belongs to the time after it
        if following is not None and following["kind"] == "time" and "on" not in gap and "of" not in gap:
            return p.lead().fullmatch(plain[other["end"] : following["start"]][:MAX_GAP]) is None
        return True
    return False


def _join(draft: Draft, other: Draft) -> Draft:
    joined = {**draft, **{key: value for key, value in other.items() if value is not None}}
    joined["start"], joined["end"] = draft["start"], other["end"]
    joined["kind"] = "moment"
    joined["date_at"] = draft.get("date_at", draft["start"]) if has_date(draft) else other["start"]
    joined["time_at"] = draft.get("time_at", draft["start"]) if has_time(draft) else other["start"]
    return joined


def zone(draft: Draft, plain: str) -> None:
    """Take in the zone that follows, if one does; a zone once read stays."""
    if draft.get("zone") is not None:
        return
    end = draft["end"]
    match = zones.following().match(plain, end)
    if match is None:
        return
    group = match.lastindex or 0
    text = match[group]
    if text[0] == "-" and plain[end - 3 : end - 2] + plain[end - 6 : end - 5] != "::":
        return  # "10:00 -1130" is an interval; only after seconds ("10:00:00 -0700") is it an offset
    zone = zones.read(text, match.start(group), plain)
    if zone is not None:
        draft["zone"] = zone
        draft["end"] = match.end()


def _year_after(draft: Draft, plain: str) -> None:
    """Take in a year that stands behind the time ("Sun Jan 5 02:00 PST 2020")."""
    if (
        draft.get("year") is None
        and draft.get("month") is not None
        and draft["end"] > draft.get("date_at", 0)
    ):
        match = p.YEAR_AFTER.match(plain, draft["end"])
        if match is not None and draft.get("time_at", 0) > draft["date_at"]:
            draft["year"], draft["end"] = int(match[1]), match.end()


@lru_cache(maxsize=4)
def _names_parts(plain: str) -> bool:
    return any(part in plain for part in ("morning", "afternoon", "evening"))


def moment(draft: Draft, plain: str) -> Moment:
    start, get = draft["start"], draft.get
    before = plain[max(0, start - 16) : start].rstrip().lower()
    month, day, hour, meridiem = get("month"), get("day"), get("hour"), get("meridiem")
    if meridiem is None and hour is not None and 1 <= hour <= 11 and _names_parts(plain):
        at: int = get("time_at") or start
        part = p.PART_OF_DAY.match(plain, draft["end"]) or p.PART_BEFORE.search(
            plain, max(0, at - _PART_REACH), at
        )
        if part is not None:
            meridiem = "am" if part[1].lower() == "morning" else "pm"
            hour = on_24(hour, meridiem)
    rule = "clock.date"
    if "hour" in draft:
        rule = "clock.time" if day is None and month is None else "clock.moment"
    return Moment(
        start, draft["end"], get("year"), month, day, get("weekday"), hour, get("minute"), meridiem,
        get("next_day", False), get("zone"), before.endswith(p.APPROXIMATE), rule,
    )  # fmt: skip
