"""Pages and tables for people: one report's facts with its text, evidence marked; a batch as a table.

A report's words are shown, never interpreted: no mark-up of theirs, no escape sequence and no hidden character gets
through to the terminal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from postmortem.record import Evidence, Incident, Point

# Field -> the style of its evidence. Later ones are painted over earlier ones.
STYLES: Final = {
    "section": "bold",
    "timeline": "cyan",
    "root cause": "yellow",
    "category": "bold yellow",
    "action": "bright_blue",
    "lessons": "blue",
    "detection": "magenta",
    "resolution": "green",
    "trigger": "bright_yellow",
    "factor": "yellow",
    "false lead": "bright_black",
    "affected": "bright_red",
    "severity": "bright_red",
    "impact": "red",
    "outage": "bold green",
    "title": "bold white",
}

_MARGIN: Final = 22

_ESCAPE_MAP: Final = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    # Direction overrides and isolates, which show a text in another order than it has.
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}


def harmless(text: str) -> str:
    """Return `text`, character for character, with control characters as visible signs (line ends and tabs are kept)."""
    return text.replace("\r\n", " \n").translate(_ESCAPE_MAP)


def page(
    incidents: Sequence[Incident], text: str, *, source_too: bool = True, console: Console | None = None
) -> None:
    """Print the facts of a report's incidents and, with `source_too`, its `text` with each field's evidence marked.

    On a terminal the evidence is coloured; anywhere the margin names the fields whose evidence begins on a line.
    """
    console = console or Console(highlight=False)
    for incident in incidents:
        console.print(_facts(incident, text), highlight=False)
    if source_too:
        console.print(_legend())
        for margin, line in _marked(incidents, text):
            _print_line(console, margin, line)


def _print_line(console: Console, margin: str, line: Text) -> None:
    """One line of the source: wrapped beside its margin on a terminal, whole elsewhere."""
    rows = [line]
    if console.is_terminal and console.width > 2 * _MARGIN:
        rows = list(line.wrap(console, console.width - _MARGIN - 3)) or [line]
    for row in rows:
        console.print(Text.assemble((f"{margin:>{_MARGIN}} │ ", "dim"), row), soft_wrap=True)
        margin = ""


def table(incidents: Sequence[Incident], *, console: Console | None = None) -> None:
    """Print one row an incident: where, when, how long, how bad, why."""
    console = console or Console(highlight=False)
    grid = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in ("report", "start", "until", "min", "worst", "steps", "cause"):
        right = heading in ("min", "worst", "steps")
        flexible = heading == "report"
        grid.add_column(
            heading,
            justify="right" if right else "left",
            no_wrap=not flexible,
            overflow="fold",
            min_width=22 if flexible else None,
        )
    for i in incidents:
        name = i.source.path or i.id
        start, end = i.outage.start, i.outage.end
        worst = max((p.value for p in i.impact.percentages), default=None)
        cells = (
            f"{name} ({i.source.part})" if i.source.part else name,
            _moment(start, zone=False) if i.status == "ok" else i.status.replace("_", " "),
            (end.time if end else None) or "",
            "" if i.outage.duration_minutes is None else f"{i.outage.duration_minutes:g}",
            "" if worst is None else f"{worst:g}%",
            str(len(i.timeline) or ""),
            i.categories[0].id if i.categories else "",
        )
        grid.add_row(*(Text(harmless(cell)) for cell in cells))
    console.print(grid)


# Label, style, value and where it stands.
Fact = tuple[str, str, str, Evidence | None]


def _facts(incident: Incident, text: str) -> Table:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column("field", no_wrap=True, style="dim")
    grid.add_column("value", overflow="fold")
    for field, style, value, evidence in _values(incident):
        words = Text(harmless(value), style=STYLES.get(style, ""))
        if evidence:
            words.append(f"  (line {text.count(chr(10), 0, evidence.start) + 1})", style="dim")
        grid.add_row(field, words)
    return grid


def _values(incident: Incident) -> Iterator[Fact]:
    """(label, style, value, evidence) of every fact there is."""
    if incident.source.part:
        yield "incident", "", f"{incident.source.part} of this file", None
    if incident.status != "ok":
        yield "status", "", incident.status.replace("_", " "), None
        return
    if incident.title:
        yield "title", "title", incident.title.text, incident.title.evidence
    outage = incident.outage
    for label, point in (("start", outage.start), ("end", outage.end)):
        if point:
            yield label, "outage", _moment(point), next(iter(point.evidence), None)
    if outage.duration_minutes is not None:
        yield "duration", "outage", _minutes(outage.duration_minutes) + f", {outage.basis}", None
    for p in incident.impact.percentages:
        figure = f"{p.value:g}%" if p.upper is None else f"{p.value:g}-{p.upper:g}%"
        sign = "" if p.comparator == "=" else p.comparator
        effect = f" {_folded(p.effect)}" if p.effect else ""
        yield "impact", "impact", f"{sign}{figure} of {p.of}{effect}", p.evidence
    yield from _circumstances(incident)
    yield from _causes(incident)
    for entry in incident.timeline:
        until = f" - {entry.until.time}" if entry.until and entry.until.time else ""
        stamp = f"{_moment(entry.at, zone=False)}{until}"
        yield (
            "timeline",
            "timeline",
            f"{stamp}  [{entry.phase}] {_folded(entry.text)}",
            entry.evidence,
        )
    for action in incident.actions:
        yield "action", "action", _folded(action.text), action.evidence
    for label, lessons in (
        ("went well", incident.lessons.went_well),
        ("went wrong", incident.lessons.went_wrong),
        ("got lucky", incident.lessons.got_lucky),
    ):
        for lesson in lessons:
            yield label, "lessons", _folded(lesson.text), lesson.evidence
    for finding in incident.findings:
        yield "finding", "", finding.message, next(iter(finding.evidence), None)


def _circumstances(incident: Incident) -> Iterator[Fact]:
    """How bad it was, what it hit, how it was noticed, and how long each step took."""
    for figure in incident.impact.figures:
        yield "impact", "impact", f"{figure.value:g} {figure.unit}", figure.evidence
    if incident.severity:
        level = "" if incident.severity.level is None else f" (level {incident.severity.level})"
        yield "severity", "severity", incident.severity.raw + level, incident.severity.evidence
    for label, found in (("service", incident.affected.services), ("region", incident.affected.regions)):
        for named in found:
            yield label, "affected", named.name, named.evidence
    if incident.detection:
        yield "detection", "detection", incident.detection.method, incident.detection.evidence
    metrics = incident.metrics
    for label, minutes in (
        ("to detect", metrics.time_to_detect_minutes),
        ("to identify", metrics.time_to_identify_minutes),
        ("to mitigate", metrics.time_to_mitigate_minutes),
    ):
        if minutes is not None:
            yield label, "", _minutes(minutes), None


def _causes(incident: Incident) -> Iterator[Fact]:
    """What set it off, why it happened, what was wrongly suspected, how it ended, and the phrases behind each category."""
    if incident.trigger:
        trigger = incident.trigger
        yield "trigger", "trigger", f"{_folded(trigger.statement)} [{trigger.kind}]", trigger.evidence
    if incident.root_cause:
        cause = incident.root_cause
        yield "root cause", "root cause", _folded(cause.statement), next(iter(cause.evidence), None)
    for factor in incident.contributing_factors:
        yield "factor", "factor", f"{_folded(factor.statement)} [{factor.kind}]", factor.evidence
    for lead in incident.false_leads:
        yield "false lead", "false lead", _folded(lead.statement), lead.evidence
    for category in incident.categories:
        sure = "" if category.probability is None else f" {category.probability:.0%}"
        because = ", ".join(f'"{_folded(e.text)}"' for e in category.evidence)
        yield "category", "category", f"{category.id}{sure}" + (f": {because}" if because else ""), None
    if incident.resolution:
        ended = incident.resolution
        kind = f" [{ended.kind}]" if ended.kind else ""
        yield "resolution", "resolution", _folded(ended.statement) + kind, next(iter(ended.evidence), None)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _moment(point: Point | None, *, zone: bool = True) -> str:
    if point is None:
        return ""
    parts = [point.date, point.time]
    if zone and point.utc_offset:
        named = point.timezone and point.timezone != point.utc_offset
        parts.append(f"UTC{point.utc_offset} ({point.timezone})" if named else f"UTC{point.utc_offset}")
    return " ".join(part for part in parts if part)


def _minutes(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{minutes:g} minutes" + (f" ({hours} h {rest:02d} min)" if hours else "")


def _evidence(incident: Incident) -> Iterator[tuple[str, Evidence]]:
    if incident.title:
        yield "title", incident.title.evidence
    yield from (("section", s.evidence) for s in incident.sections)
    for point in (incident.outage.start, incident.outage.end):
        yield from (("outage", e) for e in (point.evidence if point else ()))
    yield from (("outage", e) for e in incident.outage.evidence)
    yield from (("impact", p.evidence) for p in incident.impact.percentages)
    if incident.detection:
        yield "detection", incident.detection.evidence
    yield from (("timeline", entry.evidence) for entry in incident.timeline)
    yield from (("root cause", e) for e in (incident.root_cause.evidence if incident.root_cause else ()))
    yield from (("category", e) for c in incident.categories for e in c.evidence)
    yield from (("action", a.evidence) for a in incident.actions)
    yield from (("impact", f.evidence) for f in incident.impact.figures)
    if incident.severity:
        yield "severity", incident.severity.evidence
    for named in (*incident.affected.services, *incident.affected.regions):
        yield "affected", named.evidence
    if incident.trigger:
        yield "trigger", incident.trigger.evidence
    yield from (("factor", f.evidence) for f in incident.contributing_factors)
    yield from (("false lead", lead.evidence) for lead in incident.false_leads)
    yield from (("resolution", e) for e in (incident.resolution.evidence if incident.resolution else ()))
    lessons = incident.lessons
    for lesson in (*lessons.went_well, *lessons.went_wrong, *lessons.got_lucky):
        yield "lessons", lesson.evidence


def _legend() -> Text:
    legend = Text("\n")
    for name, style in STYLES.items():
        legend.append(name, style=style).append("  ")
    return legend


def _marked(incidents: Sequence[Incident], text: str) -> Iterator[tuple[str, Text]]:
    """The text line by line, its evidence in colour, and the fields whose evidence begins there."""
    found = sorted(
        {pair for i in incidents for pair in _evidence(i)},
        key=lambda pair: (list(STYLES).index(pair[0]), pair[1].start, pair[1].end, pair[1].rule),
    )
    # CRLF becomes a space and a newline, so that every offset still holds.
    whole = Text(harmless(text))
    line_ends = [at for at, character in enumerate(text) if character == "\n"]
    begins: dict[int, dict[str, None]] = {}
    for name, evidence in found:
        whole.stylize(STYLES[name], evidence.start, evidence.end)
    for name, evidence in sorted(found, key=lambda pair: pair[1].start):
        if name != "section":
            begins.setdefault(bisect_left(line_ends, evidence.start), {})[name] = None
    for number, line in enumerate(whole.split("\n", allow_blank=True)):
        line.rstrip()
        yield ", ".join(begins.get(number, ())), line
