"""Clock times, dates and durations: what a text writes (`scan`), and what it means in its report (`carry`).

`scan(plain) -> tuple[Mention, ...]` finds every moment, interval and duration with only the parts that are written.
`carry.Calendar` completes them from the rest of the report. `zones` holds what a time zone means.
"""

from postmortem.clock.scanner import scan

__all__ = ["scan"]
