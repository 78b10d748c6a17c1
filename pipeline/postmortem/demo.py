"""The demonstration behind ``make demo``: ``python -m postmortem.demo FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from postmortem.assemble import incidents
from postmortem.inputs import items, load
from postmortem.record import Incident
from postmortem.show import page, table


def main(folder: str) -> None:
    """Show one report of `folder` as a page, all of them as a table, and how to go on."""
    console = Console(highlight=False)
    sources = [load(item) for item in items([folder])]
    batch = [(source, incidents(source)) for source in sources]
    source, told = max(batch, key=lambda pair: _worth_showing(pair[1], len(pair[0].text or "")))
    console.rule(f"{folder}/{source.path}")
    page(told, source.text or "", console=console)
    console.rule(f"{folder}: {len(batch)} reports")
    table([incident for _, found in batch for incident in found], console=console)
    console.print("Your own reports:\n\n  .venv/bin/postmortem convert YOUR_FOLDER --output records.jsonl\n")


def _worth_showing(told: Sequence[Incident], length: int) -> tuple[int, int]:
    """The more kinds of fact the better, then the shorter the better."""
    first = told[0]
    facts = (
        first.title,
        first.outage.start,
        first.outage.end,
        first.impact.percentages,
        first.timeline,
        first.root_cause,
        first.detection,
        first.categories,
    )
    return sum(map(bool, facts)), -length


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(Path("data", "samples")))
