"""The messages of a chat's export."""

from __future__ import annotations

import re
from typing import Final

from postmortem.clock.model import Moment
from postmortem.extract.stamps import Stamped
from postmortem.extract.timeline.marks import REACH
from postmortem.report import Report

_MIN_MESSAGES: Final = 3
# Who wrote a message, before its time, and a day that the clock does not read ("Comment by Ada Lin [ 12/Mar/25 08:44 ]").
_NAMED: Final = re.compile(
    r"\W{0,4}(?:[A-Za-z][a-z]{2,12} (?:by|from):? )?[A-Za-z][\w.'-]{1,20}(?: [A-Z][\w.'-]{0,20}){0,2}[ \t]{1,8}"
    r"[(\[]?[ \t]?(?:[0-9]{1,2}/[A-Za-z]{3}/[0-9]{2,4}[ \t])?"
)


def messages(report: Report) -> list[Stamped]:
    """Entries of a chat's export: lines with a name and a time and nothing else, the message below each."""
    plain = report.document.plain
    headers: list[tuple[int, Moment, int]] = []
    for mention in report.mentions:
        if not isinstance(mention, Moment) or mention.hour is None:
            continue
        end = plain.find("\n", mention.end, mention.end + REACH)
        if end == -1 or plain[mention.end : end].strip(" \t)]:"):
            continue
        begin = plain.rfind("\n", 0, mention.start) + 1
        if _NAMED.fullmatch(plain, begin, mention.start):
            headers.append((begin, mention, end))
    if len(headers) < _MIN_MESSAGES:
        return []
    # What follows the last message under a heading of its own is no part of it.
    below = (s.start for s in report.document.sections if s.names and s.start > headers[-1][2])
    stops = [*(begin for begin, _, _ in headers[1:]), next(below, len(plain))]
    found = []
    for (begin, stamp, end), stop in zip(headers, stops, strict=True):
        text = plain[end:stop]
        start = end + len(text) - len(text.lstrip())
        if start < end + len(text):
            found.append(Stamped(stamp, None, start, end + len(text.rstrip()), begin, listed=True))
    return found if len(found) == len(headers) else []
