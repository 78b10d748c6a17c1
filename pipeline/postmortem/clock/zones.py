"""Time zones: reading a zone as written, and what offset from UTC it means on a date.

Names and meanings are data (``vocabulary/zones.toml``). Daylight saving follows the ``tzdata`` package, not the machine's
own zone files, so that two machines agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from string import ascii_uppercase
from typing import Any, Final
from zoneinfo import ZoneInfo

from postmortem.clock.model import Zone
from postmortem.vocabulary import load

NUMERIC: Final = re.compile(r"(?:UTC|GMT)?\s?([+-])\s?([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)
IANA: Final = re.compile(r"[A-Z][A-Za-z]{1,12}/[A-Z][A-Za-z_]{1,20}(?:/[A-Z][A-Za-z_]{1,20})?")
# "Irish time", "New Zealand local time": no groups of its own, as it is part of `zone_pattern`.
PLACE: Final = re.compile(
    r"[A-Z][^\W\d_]{1,12}(?:\s[A-Z][a-z]{1,10})?\s(?:local\s)?(?i:time)(?![A-Za-z])(?!\s(?i:zone|stamp))"
)
_PLACE_NAME: Final = re.compile(r"\s(?:local\s)?time$", re.IGNORECASE)

# Years over which a date without a year must give one answer: the rules of daylight saving differ from year to year by
# days, so that a date in May is certain and one in the second week of March is not.
_SAMPLE_YEARS: Final = range(2015, 2027)


@dataclass(frozen=True, slots=True)
class _Reading:
    offset: str | None
    region: str | None
    unless: tuple[tuple[re.Pattern[str], str | None, str | None], ...] = ()


@cache
def _readings() -> dict[str, _Reading]:
    found: dict[str, _Reading] = {}
    for entry in load("zones")["zone"]:
        unless = tuple(
            (re.compile(other["when"], re.IGNORECASE), other.get("offset"), other.get("region"))
            for other in entry.get("unless", ())
        )
        reading = _Reading(entry.get("offset"), entry.get("region"), unless)
        for name in entry["names"]:
            found[name.lower()] = reading
    return found


@cache
def _places() -> dict[str, str]:
    """Return the regions of the places, and peoples, that a time is named after."""
    return {name.lower(): region for region, names in load("zones")["places"].items() for name in names}


def _alternatives(entries: Iterable[Any]) -> str:
    """Return the written forms as one alternation: by their first letters, so that few are tried, and longest first."""
    forms: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        for name in entry["names"]:
            words = r"\s{1,2}".join(re.escape(word) for word in name.split())
            free = entry.get("any_case") or not name.isupper()
            forms.setdefault(name[0].lower(), []).append((name, f"(?i:{words})" if free else words))
    return "|".join(
        f"(?=(?i:{re.escape(letter)}))(?:{'|'.join(form for _, form in sorted(same, key=_longest_first))})"
        for letter, same in sorted(forms.items())
    )


def _longest_first(pair: tuple[str, str]) -> tuple[int, str]:
    return -len(pair[0]), pair[0]


@cache
def zone_pattern() -> str:
    """Return the source of a pattern for one zone as written, with no groups of its own."""
    names = _alternatives(load("zones")["zone"])
    # "UTC -5" is an offset, "08:43 UTC - 13 hosts" is not
    numeric = r"(?i:UTC|GMT)(?:\s?[+-]|\s?\+\s)[0-9]{1,2}(?::?[0-9]{2})?(?![0-9:])"
    return (
        rf"(?:{numeric}|{IANA.pattern}|(?:{names})(?![A-Za-z0-9/'])|{PLACE.pattern}"
        r"|[+][0-9]{2}:?[0-9]{2}(?![0-9])|-[0-9]{4}(?![0-9:]))"
    )


@cache
def following() -> re.Pattern[str]:
    """Return the pattern for a zone that follows a time: white space, then the zone (group 1), in brackets or not."""
    zone = zone_pattern()
    # What it must begin with is looked at first: a time is mostly followed by something else.
    return re.compile(
        rf"\s{{0,4}}(?=[^\W\d_]|[(\[,+-])(?:[(\[]\s?({zone})\s?(?:time\s?)?[)\]]|[(\[]?({zone})"
        rf"|,\s?({zone})(?=\s{{0,2}}(?:[()\].;,\n]|\Z)))"
    )


@cache
def _openings(*, regions: bool) -> re.Pattern[str]:
    """Return the pattern of the first words of zones as they are written with a capital, and of a region's continent."""
    words = {name.split()[0] for entry in load("zones")["zone"] for name in entry["names"]}
    words |= {name.split()[0] for names in load("zones")["places"].values() for name in names}
    rests: dict[str, list[str]] = {}
    for word in sorted(words | {word.capitalize() for word in words}):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    continent = "|[A-Za-z]{1,12}/" if regions else ""
    # Letter by letter, so that a search goes from one of these capitals to the next.
    return re.compile(
        "|".join(
            f"{first}(?:(?:{'|'.join(rests[first])})(?![A-Za-z]){continent})"
            if first in rests
            else f"{first}{continent[1:]}"
            for first in ascii_uppercase
            if first in rests or regions
        )
    )


@cache
def _one() -> re.Pattern[str]:
    return re.compile(zone_pattern())


def find(plain: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """Yield the zones written with a capital between two offsets, wherever they stand."""
    stop = len(plain) if end is None else end
    for opening in _openings(regions=plain.find("/", start, stop + 1) >= 0).finditer(plain, start, stop):
        match = _one().match(plain, opening.start())
        if match is not None and not plain[match.start() - 1 : match.start()].isalnum():
            yield match


def read(text: str, start: int, plain: str) -> Zone | None:
    """Return the zone written as `text` at offset `start`, or ``None`` where the name is unknown.

    `plain` is the whole report: some abbreviations mean another zone where the report speaks of another place.
    """
    end = start + len(text)
    reading = _readings().get(" ".join(text.lower().split()))
    if reading is not None:
        for when, offset, region in reading.unless:
            if when.search(plain):
                return Zone(start, end, text, offset, region)
        return Zone(start, end, text, reading.offset, reading.region)
    if (
        region := _places().get(" ".join(_PLACE_NAME.sub("", text).lower().split()))
    ) is not None and PLACE.fullmatch(text):
        return Zone(start, end, text, None, region)
    if (found := NUMERIC.fullmatch(text)) is not None:
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours <= (14 if found[1] == "+" else 12) and minutes < 60:
            return Zone(start, end, text, f"{found[1]}{hours:02d}:{minutes:02d}")
        return None
    return Zone(start, end, text, None, text) if IANA.fullmatch(text) and _region(text) is not None else None


@cache
def _region(name: str) -> tzinfo | None:
    """Return the rules of an IANA region out of the ``tzdata`` package, or ``None`` where there is no such region."""
    place = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not place.is_file():
        return None
    with place.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def utc_offset(zone: Zone, date: str | None, time: str | None = None) -> str | None:
    """Return what `zone` means on an EDTF `date` (at ``HH:MM`` `time`, else at noon) as ``"+01:00"``.

    A zone with a literal offset needs no date. For one that follows daylight saving a date with unknown parts gives an
    answer only where every day that it may stand for agrees; no date at all gives ``None``.
    """
    if zone.offset is not None or zone.region is None or date is None:
        return zone.offset
    rules = _region(zone.region)
    if rules is None:
        return None
    hour, minute = (int(time[:2]), int(time[3:])) if time else (12, 0)
    answers = {_at(rules, day, hour, minute) for day in _days(date)}
    return answers.pop() if len(answers) == 1 else None


def in_zone(moment: datetime, zone: Zone) -> datetime | None:
    """Return the wall clock of an instant (with its own offset) in `zone`, or ``None`` where the zone is unknown."""
    if zone.offset is not None:
        minutes = int(zone.offset[1:3]) * 60 + int(zone.offset[4:6])
        return moment.astimezone(timezone(timedelta(minutes=-minutes if zone.offset[0] == "-" else minutes)))
    rules = None if zone.region is None else _region(zone.region)
    return None if rules is None else moment.astimezone(rules)


def _at(rules: tzinfo, day: Date, hour: int, minute: int) -> str:
    offset = datetime(day.year, day.month, day.day, hour, minute, tzinfo=rules).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _days(date: str) -> list[Date]:
    """Return days that stand for an EDTF date: itself, or enough of those that it may be to see whether they differ."""
    year, month, day = date[:4], date[5:7], date[8:10]
    years = [int(year)] if year.isdigit() else list(_SAMPLE_YEARS)
    months = [int(month)] if month.isdigit() else [1, 4, 7, 10]
    days = [int(day)] if day.isdigit() else [1, 15, 28]
    found = []
    for y in years:
        for m in months:
            for d in days:
                try:
                    found.append(Date(y, m, d))
                except ValueError:
                    continue
    return found
