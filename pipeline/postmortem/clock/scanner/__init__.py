"""Finding every moment, interval and duration of a text: one pass of three compiled patterns, then joining neighbours.

The patterns find *atoms* (a date, a time, a weekday, a length); what stands between two atoms decides whether they make one
moment ("June 3, 2022, at 8:20 PM CET") or one interval ("9:10 AM to 1:25 PM"). Nothing is taken from outside the
text: a part that is not written stays ``None``, except what the two sides of an interval share.
"""

from __future__ import annotations

from postmortem.clock.model import Mention
from postmortem.clock.scanner.atoms import atoms
from postmortem.clock.scanner.intervals import finished
from postmortem.clock.scanner.joining import merged


def scan(plain: str) -> tuple[Mention, ...]:
    """Return every temporal expression of `plain`, in order, not overlapping.

    In: a text whose mark-up is blanked (`Document.plain`), or any string. Out: moments, intervals and durations whose
    `start:end` are half-open offsets into it, with only those parts that are written there (an interval's sides share date,
    am/pm and zone). Never raises; the time taken grows linearly with the text.
    """
    return tuple(finished(merged(list(atoms(plain)), plain), plain))
