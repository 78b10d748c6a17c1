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

from postmortem.facts import evidence, facts, moment
from postmortem.record import Incident

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
            moment(start, zone=False) if i.status == "ok" else i.status.replace("_", " "),
            (end.time if end else None) or "",
            "" if i.outage.duration_minutes is None else f"{i.outage.duration_minutes:g}",
            "" if worst is None else f"{worst:g}%",
            str(len(i.timeline) or ""),
            i.categories[0].id if i.categories else "",
        )
        grid.add_row(*(Text(harmless(cell)) for cell in cells))
    console.print(grid)


def _facts(incident: Incident, text: str) -> Table:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column("field", no_wrap=True, style="dim")
    grid.add_column("value", overflow="fold")
    for fact in facts(incident):
        words = Text(harmless(fact.words), style=STYLES.get(fact.field, ""))
        if fact.evidence:
            line = text.count("\n", 0, fact.evidence[0].start) + 1
            words.append(f"  (line {line})", style="dim")
        grid.add_row(fact.label, words)
    return grid


def _legend() -> Text:
    legend = Text("\n")
    for name, style in STYLES.items():
        legend.append(name, style=style).append("  ")
    return legend


def _marked(incidents: Sequence[Incident], text: str) -> Iterator[tuple[str, Text]]:
    """The text line by line, its evidence in colour, and the fields whose evidence begins there."""
    found = sorted(
        {pair for i in incidents for pair in evidence(i) if pair[0]},
        key=lambda pair: (list(STYLES).index(pair[0]), pair[1].start, pair[1].end, pair[1].rule),
    )
    # CRLF becomes a space and a newline, so that every offset still holds.
    whole = Text(harmless(text))
    line_ends = [at for at, character in enumerate(text) if character == "\n"]
    begins: dict[int, dict[str, None]] = {}
    for name, found_at in found:
        whole.stylize(STYLES[name], found_at.start, found_at.end)
    for name, found_at in sorted(found, key=lambda pair: pair[1].start):
        if name != "section":
            begins.setdefault(bisect_left(line_ends, found_at.start), {})[name] = None
    for number, line in enumerate(whole.split("\n", allow_blank=True)):
        line.rstrip()
        yield ", ".join(begins.get(number, ())), line
