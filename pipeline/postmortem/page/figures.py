"""The headline figures of a report page, each with the number of incidents that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from postmortem.page.rows import UNKNOWN, period
from postmortem.record import Incident


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it is of, its value in words, and what it rests on. `link` filters the table to its incidents."""

    label: str
    value: str
    basis: str
    link: str = ""


def figures(incidents: Sequence[Incident]) -> Iterator[Figure]:
    """Yield the headline figures of a data set, those that it has no values for left out."""
    told = [i for i in incidents if i.status == "ok"]
    files = len({i.source.path or i.id for i in incidents})
    yield Figure(
        "Incidents", f"{len(told):,}", f"told in {files:,} {'file' if files == 1 else 'files'}", "#status=ok"
    )
    years = sorted({y for y, _ in map(period, told) if y != UNKNOWN})
    if years:
        dated = sum(period(i)[0] != UNKNOWN for i in told)
        yield Figure("Period", "–".join(dict.fromkeys((years[0], years[-1]))), f"n = {dated:,} with a year")
    yield from _lengths("Median outage", [i.outage.duration_minutes for i in told])
    yield from _lengths("Median time to detect", [i.metrics.time_to_detect_minutes for i in told])
    yield from _lengths("Median time to mitigate", [i.metrics.time_to_mitigate_minutes for i in told])
    causes = Counter(i.categories[0].id for i in told if i.categories)
    if causes:
        name, count = min(causes.items(), key=lambda pair: (-pair[1], pair[0]))
        total = causes.total()
        shown = f"{count / total:.0%} primary of n = {total:,}"
        yield Figure("Most frequent cause", name.replace("_", " "), shown, f"#category={name}")
    noticed = Counter(i.detection.method for i in told if i.detection)
    if noticed:
        seen, total = noticed["customer"], noticed.total()
        yield Figure("Noticed by customers", f"{seen / total:.0%}", f"n = {total:,}", "#detection=customer")


def _lengths(label: str, values: Sequence[float | None]) -> Iterator[Figure]:
    known = [value for value in values if value is not None]
    if known:
        yield Figure(label, short(median(known)), f"n = {len(known):,}")


def short(length: float) -> str:
    """A number of minutes in two units at most: ``45 min``, ``3 h 30 min``, ``2 d 4 h``."""
    days, rest = divmod(round(length), 24 * 60)
    hours, left = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (left, "min"))
    shown = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(shown[:2]) or "0 min"
