"""Which day a report is about: the choice among all the days that it tells.

A report names the day of the incident, that of its review, of its publication, of a change long before, of a task's end. What
speaks for each (where it stands, which words are beside it, how far it is from the others, whether clock times follow it) is
weighed by a conditional logit learnt from annotated reports (``models/day``). The day that the rules of
`postmortem.clock.governing` find is one of them; it gives way where another is much likelier.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import log
from typing import Final

from postmortem.clock.days import Day, day_of, edtf, last_weekday, nearest, on_weekday, ordinal, shift
from postmortem.clock.model import Moment
from postmortem.clock.patterns import PUBLISHED, WEEKDAYS
from postmortem.clock.places import START, aside
from postmortem.clock.published import FIRST_BLOCKS, LONGEST_LINE, WRITTEN, WRITTEN_REACH
from postmortem.document import Block, BlockKind, Document, Field
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.packaged import choice_model

RULE: Final = "clock.carry.chosen"
"""The rule of a day that the choice put in the place of the one that the rules found."""

MARGIN: Final = 0.3
"""By how many points another day must be likelier than that of the rules."""

# So many moments of a report are looked at.
_MOST: Final = 60
_MOST_FIELDS: Final = 12
_NEAR: Final = 48
# A day that takes up so much of its line stands there alone.
_ALONE: Final = 0.6
_WEEK: Final = 7
_MONTH: Final = 31
_DATES: Final = frozenset({"date", "start", "duration"})
_WORD: Final = re.compile(r"([a-z]{1,12})\W{0,3}(?:the |about |around )?\W{0,3}\Z", re.IGNORECASE)
_SMALL: Final = frozenset("on of from since by until before after between at in to last and".split())
_WEEKDAY: Final = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
# "Incidents/2022-06-21 Presses stand": a day in a path is no mention of its own, but the first line may be named by it.
_PATH: Final = re.compile(r"/(20[0-4][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![0-9/])")
_FIRST_LINE: Final = 120
# Before a weekday that means one day, not each.
_ONE: Final = re.compile(r"\b(?:on|last|this|that|the) \Z", re.IGNORECASE)
_ONE_REACH: Final = 6
# "Monday to Friday" are the usual hours, and no day of the account.
_USUAL: Final = re.compile(r"day\s?(?:to|through|thru|till|until|and|[-\u2013])\s?\Z", re.IGNORECASE)
_USUAL_REACH: Final = 12
_MEETING: Final = re.compile(
    r"\b(?:meeting|retro\w*|review\w*|held|present|attend\w*|discuss\w*|written|report of|letter of|posted|published|updated"
    r"|draft\w*|author\w*|minutes|notes)\b",
    re.IGNORECASE,
)
_RELATIVE: Final = "clock.relative"
_YESTERDAY: Final = re.compile(r"\b(?<!before )(?:yesterday|last (?:night|evening))\b", re.IGNORECASE)
_MOST_SPOKEN: Final = 8
_BARE: Final = "by weekday alone"
_TIMES: Final = "times"
_PART_OF_DAY: Final = re.compile(
    r"\b(?:night|morning|afternoon|evening|midday|noon|weekend) (?:of|to|between|from)(?: the)? \Z",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Told:
    """A day that a report tells (none: that it tells none that its times belong to), and its features."""

    day: Day | None
    features: dict[str, float] = field(default_factory=dict)

    def add(self, features: Mapping[str, float]) -> None:
        """Add what one place tells of it: of two values of a feature the higher counts."""
        own = self.features
        for name, value in features.items():
            if value > own.get(name, -1.0):
                own[name] = value


def chosen(
    document: Document, moments: Sequence[Moment], by_rule: Day | None, published: Day | None
) -> Day | None:
    """Return the day that a report is about, as far as it is told; `by_rule` is what the rules found, `published` the day on
    which it was written."""
    places = list(_places(document, moments, by_rule, published))
    if by_rule is not None and all(is_day(day, by_rule) for day, _ in places):
        return by_rule
    found = _weighed(document, moments, places, by_rule, published)
    points = default_model().points([one.features for one in found])
    best = max(range(len(found)), key=points.__getitem__)
    kept = next(n for n, one in enumerate(found) if is_day(one.day, by_rule))
    if found[best].day is None or points[best] < points[kept] + MARGIN:
        return by_rule
    return found[best].day


def is_day(one: Day | None, other: Day | None) -> bool:
    """Are two days of the calendar, or two lacks of one, the same?"""
    if one is None or other is None:
        return one is other
    return (one.month, one.day) == (other.month, other.day)


def days_told(
    document: Document, moments: Sequence[Moment], by_rule: Day | None, published: Day | None
) -> list[Told]:
    """Return the days that a report tells, each with what speaks for it, "none" among them."""
    places = list(_places(document, moments, by_rule, published))
    return _weighed(document, moments, places, by_rule, published)


def _weighed(
    document: Document,
    moments: Sequence[Moment],
    places: Sequence[tuple[Day, Moment]],
    by_rule: Day | None,
    published: Day | None,
) -> list[Told]:
    found: dict[tuple[int | None, int | None], Told] = {}
    for n, (day, moment) in enumerate(places):
        one = found.setdefault((day.month, day.day), Told(day))
        if one.day is not None and one.day.year is None and day.year is not None:
            one.day = replace(one.day, year=day.year)
        one.add(_of_place(document, moments, moment, places[n + 1][1].start if n + 1 < len(places) else None))
        if n and places[n - 1][1].start == moment.start:
            one.add({"second of a span": 1.0})
        one.features["told"] = one.features.get("told", 0.0) + 1.0
    if by_rule is not None and (by_rule.month, by_rule.day) not in found:
        found[by_rule.month, by_rule.day] = Told(by_rule)
    days = list(found.values())
    _compare(days, by_rule, published)
    return [*days, Told(None, {"none": 1.0} | ({"rules": 1.0} if by_rule is None else {}))]


def _places(
    document: Document, moments: Sequence[Moment], by_rule: Day | None, published: Day | None
) -> Iterator[tuple[Day, Moment]]:
    """Yield the days told, with the moments that tell them, in text order: those that name month and day, and those that a
    weekday or a number means before the report was written."""
    dated = [m for m in islice(moments, _MOST) if m.day is not None and m.month is not None]
    if (path := _PATH.search(document.plain, 0, _FIRST_LINE)) is not None:
        dated.insert(0, Moment(path.start(1), path.end(3), int(path[1]), int(path[2]), int(path[3])))
    reference = next((d for d in (published, by_rule) if d is not None and d.complete and d.year), None)
    named = max(
        (day_of(m, "") for m in dated if m.year is not None), key=lambda day: edtf(day) or "", default=None
    )
    if reference is None:
        reference = named
    last = published or named or reference
    bare = [m for m in islice(moments, _MOST) if m.month is None and (m.day or m.weekday is not None)]
    taken = [m.start for m in moments]
    for match in islice(_WEEKDAY.finditer(document.plain), _MOST):
        at = bisect_right(taken, match.start())
        apart = not at or moments[at - 1].end <= match.start()
        if apart and _ONE.search(document.plain, max(0, match.start() - _ONE_REACH), match.start()):
            bare.append(Moment(match.start(), match.end(), weekday=WEEKDAYS[match[0].lower()]))
    if last is not None and last.complete:
        bare += [
            Moment(m.start(), m.end(), rule=_RELATIVE)
            for m in islice(_YESTERDAY.finditer(document.plain), _MOST_SPOKEN)
        ]
    for moment in sorted((*dated, *bare), key=START):
        told = day_of(moment, RULE)
        if moment.rule == _RELATIVE:
            if last is not None:
                yield replace(shift(last, -1), start=moment.start, end=moment.end, rule=RULE), moment
            continue
        if moment.month is not None:
            full = told if told.year is not None or reference is None else nearest(told, reference)
            yield full, moment
        elif moment.day is not None:
            yield told if reference is None or not reference.complete else nearest(told, reference), moment
        elif moment.weekday is not None and last is not None and last.complete and last.year is not None:
            if _USUAL.search(document.plain, max(0, moment.start - _USUAL_REACH), moment.start):
                continue
            day = (on_weekday if published is None else last_weekday)(last, moment.weekday)
            yield replace(day, start=moment.start, end=moment.end, rule=RULE), moment


def _of_place(
    document: Document, moments: Sequence[Moment], moment: Moment, stop: int | None
) -> dict[str, float]:
    """Return what the place where a day is told says of it; `stop` is where the next one stands."""
    plain = document.plain
    at = bisect_right(document.blocks, moment.start, key=START) - 1
    block = document.blocks[at] if at >= 0 else None
    names = [_part(document, at, moment)]
    if at < FIRST_BLOCKS:
        names.append("top")
    if at + 1 >= len(document.blocks):
        names.append("last")
    if aside(document, at):
        names.append("aside")
    begin = max(block.start if block is not None else 0, moment.start - _NEAR)
    before = plain[begin : moment.start]
    word = _WORD.search(before)
    small = word[1].lower() if word is not None else ""
    names.append(f"after {small}" if small in _SMALL else ("after a word" if small else "after nothing"))
    if WRITTEN.search(plain, max(0, moment.start - WRITTEN_REACH), moment.start):
        names.append("written")
    if _PART_OF_DAY.search(before):
        names.append("part of the day")
    if block is not None and moment.end - moment.start >= _ALONE * len(
        plain[block.start : block.end].strip()
    ):
        names.append("alone")
    if _MEETING.search(before):
        names.append("meeting")
    names += [
        name
        for name, holds in (
            ("with year", moment.year is not None),
            ("with hour", moment.hour is not None),
            ("with weekday", moment.weekday is not None),
            (_BARE, moment.day is None and moment.weekday is not None),
            ("the day before", moment.rule == _RELATIVE),
            ("by number alone", moment.day is not None and moment.month is None),
        )
        if holds
    ]
    found = dict.fromkeys(names, 1.0)
    times = _times(moments, moment, stop)
    if times:
        found[_TIMES] = log(1 + times)
        found["followed"] = 1.0
    return found


def _part(document: Document, at: int, moment: Moment) -> str:
    """Return in what part of the text a day stands."""
    matter = document.front_matter
    if matter is not None and moment.start < matter.end:
        key = next((key for key, start, end in matter.fields if start <= moment.start < end), "")
        return f"matter {key}" if key in ("date", "title") else "matter"
    label = _field(document, moment.start)
    if label is not None:
        if PUBLISHED.search(label.label) or _MEETING.search(label.label):
            return "field of writing"
        return "field of date" if _DATES.intersection(label.names) else "field"
    block: Block | None = document.blocks[at] if at >= 0 else None
    if block is None:
        return "nowhere"
    if block.kind is BlockKind.HEADING:
        first = document.sections[0] if document.sections else None
        return "title" if first is not None and first.start <= moment.start < first.end else "heading"
    short = block.end - block.start <= LONGEST_LINE
    return f"{'short' if short else 'long'} {block.kind.name.lower()}"


def _field(document: Document, offset: int) -> Field | None:
    fields = document.fields
    at = bisect_right(fields, offset, key=START)
    return next((f for f in reversed(fields[max(0, at - _MOST_FIELDS) : at]) if offset < f.end), None)


def _times(moments: Sequence[Moment], moment: Moment, stop: int | None) -> int:
    """Return how many clock times without a day follow before another day is told."""
    count = 0
    for one in islice(moments, bisect_right(moments, moment.start, key=START), None):
        if stop is not None and one.start >= stop:
            break
        count += one.hour is not None and one.day is None
    return count


def _compare(days: Sequence[Told], by_rule: Day | None, published: Day | None) -> None:
    """Add to the features of days what they are among the others."""
    numbers = [None if one.day is None else ordinal(edtf(one.day)) for one in days]
    known = [n for n in numbers if n is not None]
    weekdays = {
        (n - 1) % _WEEK
        for n, one in zip(numbers, days, strict=True)
        if n is not None and _BARE in one.features
    }
    most = max((one.features.get(_TIMES, 0.0) for one in days), default=0.0)
    written = ordinal(edtf(published))
    for n, (number, one) in enumerate(zip(numbers, days, strict=True)):
        names = []
        if is_day(one.day, by_rule):
            names.append("rules")
            if by_rule is not None:
                names.append(f"rules {by_rule.rule.rpartition('.')[2]}")
        if is_day(one.day, published):
            names.append("published")
        if most and one.features.get(_TIMES) == most:
            names.append("most times")
        if one.features.pop("told", 1.0) > 1:
            names.append("told again")
        names.append(("first told", "second told", "told later")[min(n, 2)])
        if number is not None and len(known) > 1:
            names.append(_before_the_latest(max(known) - number))
            if number == min(known):
                names.append("earliest")
            others = [abs(number - k) for m, k in enumerate(numbers) if k is not None and m != n]
            if others and min(others) <= 1:
                names.append("beside another")
            if (number - 1) % _WEEK in weekdays and _BARE not in one.features:
                names.append("fits a weekday")
            if written is not None:
                names.append("after writing" if number > written else "before writing")
        elif len(days) == 1:
            names.append("only one")
        one.features.update(dict.fromkeys(names, 1.0))


def _before_the_latest(days: int) -> str:
    if not days:
        return "latest"
    reach = "days" if days <= _WEEK else ("weeks" if days <= _MONTH else "long")
    return f"{reach} before the latest"


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("day")
