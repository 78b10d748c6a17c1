"""Windows that a report lists: in its timeline, or as the updates of a status page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from postmortem.clock.carry import minutes_between
from postmortem.extract.entry_times import newest_first
from postmortem.extract.outage.ends import Ends
from postmortem.matching import rules_of
from postmortem.record import Entry
from postmortem.report import Report

_LONGEST: Final = 600
_SENTENCE_END: Final = re.compile(r"(?<=[a-z][.!?])\s+")
_MARK: Final = 40
_MARK_LINE: Final = 100
_ACCOUNT: Final = 500
_NEXT_SENTENCE: Final = 160
_STEPS: Final = frozenset({"mitigation", "investigation", "diagnosis", "resolution", "follow_up"})
_TELLING: Final = ("begins", "ends", "complete", "partly", "over", "relapse", "intent", "at_once")
_ROUGHLY_AT: Final = re.compile(r"\b(?:shortly|just|soon|some ?time|right) (?:after|before|past) \Z")
_MOST_STARTS: Final = 12
# A length in multiples of so many minutes may be rounded ("three hours"), another is not ("148 minutes").
ROUND: Final = 30


def listed_ends(report: Report, timeline: tuple[Entry, ...], minutes: float | None) -> Ends:
    """Return the first entry that shows trouble and the first after it that says service is restored.

    Where the report states a length, two entries that are that far apart are the window.
    """
    timed = [entry for entry in timeline if entry.at.time is not None]
    if not timed:
        return Ends()
    narrated = all(entry.at.iso and entry.evidence.rule == "timeline.narrated" for entry in timed)
    if narrated or newest_first([entry.at for entry in timed]):
        timed.sort(key=lambda entry: (entry.at.date or "", entry.at.time or ""))
    if minutes and minutes % ROUND and (pair := _apart(timed, minutes)) is not None:
        return pair
    first = _first_trouble(report, timed)
    after = range(first + 1, len(timed))
    last = _marked(report, timed[first + 1 :], "ends")
    if last is not None:
        last += first + 1
    else:
        last = next((i for i in after if says_restored(report, timed[i])), None)
        last = _completed(report, timed, last)
    for phase in ("resolution", "mitigation"):
        if last is None:
            last = max(
                (i for i in after if timed[i].phase == phase and not _intended(timed[i])), default=None
            )
    start = timed[first]
    if last is None:
        return Ends(start.at, None, (start.evidence,))
    last = _of_sentence(report, timed, _after_relapses(report, timed, last))
    return Ends(start.at, timed[last].at, (start.evidence, timed[last].evidence))


def _first_trouble(report: Report, timed: list[Entry]) -> int:
    """Return the entry at which trouble begins: the one so marked, the first that shows it, else the first that is not quiet."""
    marked = _marked(report, timed, "begins")
    if marked is not None:
        return marked
    first = next((i for i, entry in enumerate(timed) if shows_trouble(report, entry)), None)
    if first is not None:
        return _exact(report, timed, first)
    told = (i for i, entry in enumerate(timed) if entry.phase not in _STEPS and not says_quiet(report, entry))
    return next(told, 0)


def _exact(report: Report, timed: list[Entry], first: int) -> int:
    """Return the entry of the same sentence that says more exactly when ("shortly after noon, at 12:04")."""
    said = timed[first].evidence
    if first + 1 == len(timed) or timed[first + 1].evidence != said:
        return first
    before = report.account.lowered[said.start : timed[first].at.evidence[0].start]
    return first + 1 if _ROUGHLY_AT.search(before) else first


def _intended(entry: Entry) -> bool:
    """Does an entry say no more than that something was decided?"""
    return rules_of("outage", "intent").matched(entry.text[:_LONGEST].lower())


def listed_days(report: Report, timeline: tuple[Entry, ...]) -> Ends:
    """Return the same of a timeline of several days in which no entry has a clock time."""
    days = [entry for entry in timeline if entry.at.date is not None and "X" not in entry.at.date[5:]]
    if any(entry.at.time or entry.evidence.rule != "timeline.listed" for entry in timeline):
        return Ends()
    if newest_first([entry.at for entry in days]):
        days.reverse()
    first = next((i for i, entry in enumerate(days) if shows_trouble(report, entry)), None)
    if first is None or days[0].at.date == days[-1].at.date:
        return Ends()
    start, end = days[first], next((e for e in days[first + 1 :] if says_restored(report, e)), None)
    if end is None:
        return Ends(start.at, None, (start.evidence,))
    return Ends(start.at, end.at, (start.evidence, end.evidence))


def _after_relapses(report: Report, timed: list[Entry], last: int) -> int:
    """Return the entry that says service is restored for good: the one after the last that says it failed again."""
    at = last + 1
    while at < len(timed):
        entry = timed[at]
        if _says(report, entry, "relapse"):
            later = next((i for i in range(at + 1, len(timed)) if says_restored(report, timed[i])), None)
            if later is None:
                break
            last = at = later
        at += 1
    return last


def _of_sentence(report: Report, timed: list[Entry], last: int) -> int:
    """Return which of the entries that one sentence makes ("restarted at 9:05, and by 9:30 all was well again") has the words."""
    said = timed[last].evidence
    same = [i for i, entry in enumerate(timed) if entry.evidence == said]
    if len(same) == 1:
        return last
    told = report.account.lowered[said.start : said.end].replace("\n", " ")
    words = [match for _, match in rules_of("outage", "restored").hits(told)]
    if not words:
        return last
    word = min(words, key=re.Match.start)
    before = [i for i in same if timed[i].at.evidence[0].start < said.start + word.end()]
    return before[-1] if before else last


def _apart(timed: list[Entry], minutes: float) -> Ends | None:
    """Return two entries that are as far apart as the outage is said to have lasted, if they can be its ends: the first such
    two of which the one shows trouble and the other says that service is restored, else the first."""
    near: Ends | None = None
    exact: Ends | None = None
    for i, start in enumerate(timed[:_MOST_STARTS]):
        if start.phase in ("resolution", "follow_up"):
            continue
        for end in timed[i + 1 :]:
            between = minutes_between(start.at, end.at)
            if between is not None and abs(between - minutes) <= 1:
                pair = Ends(start.at, end.at, (start.evidence, end.evidence))
                if between != minutes:
                    near = near or pair
                elif end.phase == "resolution" and start.phase in ("impact", "detection"):
                    return pair
                else:
                    exact = exact or pair
    return exact or near


def shows_trouble(report: Report, entry: Entry) -> bool:
    """Does an entry show that something is wrong? Its own words come first; the phase that the model gives it counts where they
    tell neither of trouble nor of a quiet course of things."""
    told = entry.text[:_LONGEST].lower()
    if _opened(report, entry):
        return True
    if rules_of("outage", "trouble").matched(told) or _followed_by_trouble(report, entry):
        return entry.phase in ("impact", "detection") or not (
            entry.phase == "follow_up" or says_restored(report, entry)
        )
    if entry.phase not in ("impact", "detection"):
        return False
    return not (says_quiet(report, entry) or _says_closed(report, entry))


def _opened(report: Report, entry: Entry) -> bool:
    """Is it an update of a status page that opens the incident, by the name of its state?"""
    head = report.account.lowered[entry.evidence.start : entry.evidence.end].partition("\n")[0]
    return rules_of("outage", "opened").matched(head[:_MARK_LINE])


def begins_trouble(report: Report, entry: Entry) -> bool:
    """May an entry be the one with which trouble began, whether it was noticed or not?"""
    return shows_trouble(report, entry) or (entry.phase == "trigger" and not says_quiet(report, entry))


def _followed_by_trouble(report: Report, entry: Entry) -> bool:
    """Does a sentence behind a narrated one, before the next time, tell that trouble began with it ("From that moment …")?"""
    if entry.evidence.rule != "timeline.narrated":
        return False
    end = entry.evidence.end
    following = next(iter(report.mentions_between(end, end + _ACCOUNT)), None)
    behind = report.account.lowered[end : end + _ACCOUNT if following is None else following.start]
    since = next(iter(rules_of("outage", "at_once").hits(behind.partition("\n\n")[0])), None)
    if since is None:
        return False
    end = since[1].end()
    return rules_of("outage", "trouble").matched(behind[end : end + _NEXT_SENTENCE])


def _completed(report: Report, timed: list[Entry], last: int | None) -> int | None:
    """Return the entry that says that the last of it was restored, where that at `last` tells of a part ("quorum restored")."""
    if last is None or timed[last].phase == "resolution" or _says(report, timed[last], "complete"):
        return last
    later = range(last + 1, len(timed))
    return next(
        (i for i in later if timed[i].phase == "resolution" and _says(report, timed[i], "complete")), last
    )


def _says(report: Report, entry: Entry, kind: str) -> bool:
    """Does a rule of that kind match in an entry's text?"""
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    return rules_of("outage", kind).matched(entry.text[:_LONGEST].lower(), passed)


def says(report: Report, entry: Entry) -> Iterator[str]:
    """Yield the kinds of rules that match in an entry's text, of those that speak for a beginning or an end, or against it."""
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    for one, _ in rules_of("outage", *_TELLING).hits(entry.text[:_LONGEST].lower(), passed):
        yield str(one.rule.values["kind"])


def says_quiet(report: Report, entry: Entry) -> bool:
    """Does it say no more than that something went its usual way, or that a release or the like went out?"""
    return _says(report, entry, "quiet")


def _marked(report: Report, timed: list[Entry], kind: str) -> int | None:
    """Return the first entry that is marked in so many words as the beginning, or the end, of what users felt."""
    return next((i for i, entry in enumerate(timed) if _says(report, entry, kind)), None)


def _says_closed(report: Report, entry: Entry) -> bool:
    """Does one of its sentences say in so many words that it is all over?"""
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    return any(
        rules_of("outage", "over").matched(said, passed)
        and not rules_of("outage", "partly").matched(said, passed)
        for said in _SENTENCE_END.split(entry.text[:_LONGEST].lower())
    )


def says_restored(report: Report, entry: Entry) -> bool:
    """Does one of its sentences say that service is back, without a word that takes it back?"""
    if entry.phase in ("false_lead", "impact", "trigger"):
        return entry.phase != "false_lead" and _says_closed(report, entry)
    passed = report.account.passed(entry.evidence.start, entry.evidence.end)
    return any(
        rules_of("outage", "restored").matched(said, passed)
        and not rules_of("outage", "partly").matched(said, passed)
        for said in _SENTENCE_END.split(entry.text[:_LONGEST].lower())
    )


def _elsewhere(report: Report, start: int, end: int) -> bool:
    """Does an update only refer to another page?"""
    account = report.account
    return rules_of("outage", "elsewhere").matched(
        account.lowered[start:end], account.passed_in_blocks(start, end)
    )


def _says_over(told: str) -> bool:
    """Does the first sentence of an update say that it is all over?"""
    said = " ".join(told[:_LONGEST].lower().split()).partition(". ")[0]
    return rules_of("outage", "over").matched(said) and not rules_of("outage", "partly").matched(said)


def posted_ends(report: Report, stated: Ends) -> Ends:
    """Return the window of a status page that does not state it: from the first update to the one that closes it."""
    calendar = report.calendar
    zone = calendar.only_zone or calendar.first_zone
    first, last = sorted((calendar.postings[0], calendar.postings[-1]), key=attrgetter("instant"))
    start = calendar.posted_at(first, zone)
    plain = report.document.plain
    stops = [*(posting.start for posting in calendar.postings[1:]), len(plain)]
    if all(_elsewhere(report, p.end, stop) for p, stop in zip(calendar.postings, stops, strict=True)):
        return Ends()  # the page only refers to another one
    told = plain[last.end : stops[calendar.postings.index(last)]]
    closes = rules_of("outage", "closed").matched(told[:_MARK].lower()) or _says_over(told)
    if not closes or first is last:
        return Ends(start, None, start.evidence)
    end = calendar.posted_at(last, zone)
    return Ends(start, end, (*start.evidence, *end.evidence))
