"""What the table of a report page knows of each incident: what it shows, sorts, searches and filters by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from postmortem.facts import folded, moment
from postmortem.page.highlight import plain
from postmortem.record import Incident

COLUMNS: Final = (
    "key", "title", "path", "status", "start", "year", "quarter", "duration", "worst", "impact", "severity", "level",
    "detection", "categories", "services", "cause", "to_detect", "to_mitigate",
)  # fmt: skip
"""The columns of a row, in order: the page's script reads them by name."""

UNKNOWN: Final = "not said"


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: its name (a column), its label, and (value, words, how many incidents) of each choice, in order."""

    name: str
    label: str
    choices: tuple[tuple[str, str, int], ...]


def keys(incidents: Iterable[Incident]) -> list[str]:
    """Return a name for each incident that no other has: its id, numbered where files share a text."""
    seen: Counter[str] = Counter()
    named = []
    for incident in incidents:
        seen[incident.id] += 1
        number = seen[incident.id]
        named.append(incident.id if number == 1 else f"{incident.id}.{number}")
    return named


def row(incident: Incident, key: str) -> list[Any]:
    """Return one incident's row, in the order of `COLUMNS`: words shown as they are, numbers and ``None``."""
    worst = max(incident.impact.percentages, key=lambda p: p.upper or p.value, default=None)
    shown = f"{worst.value:g}" + (f"–{worst.upper:g}" if worst.upper else "") + "%" if worst else ""
    year, quarter = period(incident)
    severity = incident.severity
    cells = {
        "key": key,
        "title": folded(incident.title.text) if incident.title else "",
        "path": _path(incident),
        "status": incident.status,
        "start": moment(incident.outage.start, zone=False),
        "year": year,
        "quarter": quarter,
        "duration": incident.outage.duration_minutes,
        "worst": (worst.upper or worst.value) if worst else None,
        "impact": shown,
        "severity": severity_of(incident),
        "level": severity.level if severity else None,
        "detection": incident.detection.method if incident.detection else UNKNOWN,
        "categories": [category.id for category in incident.categories],
        "services": [folded(service.name) for service in incident.affected.services],
        "cause": folded(incident.root_cause.statement) if incident.root_cause else "",
        "to_detect": incident.metrics.time_to_detect_minutes,
        "to_mitigate": incident.metrics.time_to_mitigate_minutes,
    }
    return [_plain(cells[name]) for name in COLUMNS]


def period(incident: Incident) -> tuple[str, str]:
    """Return the year and the quarter in which an incident began: ("2023", "2023-Q4"), `UNKNOWN` where it does not say."""
    start = incident.outage.start
    date = (start.date if start else None) or ""
    year = date[:4] if date[:4].isdigit() else UNKNOWN
    month = date[5:7]
    known = year != UNKNOWN and month.isdigit()
    return year, f"{year}-Q{(int(month) + 2) // 3}" if known else UNKNOWN


def severity_of(incident: Incident) -> str:
    """Return the severity to filter by: its level, or as written where no level is known."""
    severity = incident.severity
    if severity is None:
        return UNKNOWN
    return folded(severity.raw) if severity.level is None else f"level {severity.level}"


def facets(rows: Sequence[Sequence[Any]]) -> list[Facet]:
    """Return the filters over rows of `row`, each with the values that occur."""
    columns = {name: [r[place] for r in rows] for place, name in enumerate(COLUMNS)}
    listed = Counter(c for found in columns["categories"] for c in found or [UNKNOWN])
    return [
        _facet("category", "Category", listed, by_count=True),
        _facet("severity", "Severity", Counter(columns["severity"])),
        _facet("detection", "Detected by", Counter(columns["detection"]), by_count=True),
        Facet("period", "Began in", _periods(columns["year"], columns["quarter"])),
        _facet("status", "Status", Counter(columns["status"]), by_count=True),
    ]


def _facet(name: str, label: str, counted: Counter[str], *, by_count: bool = False) -> Facet:
    order = sorted(counted, key=lambda v: (v == UNKNOWN, -counted[v] if by_count else 0, v))
    return Facet(name, label, tuple((v, v.replace("_", " "), counted[v]) for v in order))


def _periods(years: Sequence[str], quarters: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Years, the newest first, each followed by its quarters."""
    of_year, of_quarter = Counter(years), Counter(quarters)
    found: list[tuple[str, str, int]] = []
    for year in sorted(of_year, key=lambda y: (y != UNKNOWN, y), reverse=True):
        found.append((year, year, of_year[year]))
        if year != UNKNOWN:
            below = sorted((q for q in of_quarter if q.startswith(year)), reverse=True)
            found += ((q, f"\u2003{q}", of_quarter[q]) for q in below)
    return tuple(found)


def _path(incident: Incident) -> str:
    path = incident.source.path or ""
    return f"{path} ({incident.source.part})" if incident.source.part else path


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    return [plain(v) for v in value] if isinstance(value, list) else value
