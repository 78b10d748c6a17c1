"""The documentation of the columns, made from `COLUMNS`: ``python -m postmortem.frames.reference > docs/columns.md``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from postmortem.frames import __doc__ as _ABOUT
from postmortem.frames.columns import COLUMNS, Column

_ONE_ROW: Final = {
    "incidents": "One row an incident.",
    "timeline": "One row a timeline entry.",
    "milestones": "One row a milestone that an incident reaches.",
    "impacts": "One row an impact percentage or figure.",
    "services": "One row a service or region named as affected.",
    "categories": "One row a root-cause category of an incident.",
    "factors": "One row a contributing factor.",
    "false_leads": "One row a suspicion that proved wrong.",
    "actions": "One row an action item.",
    "lessons": "One row a lesson.",
    "sections": "One row a canonical name of a heading.",
    "findings": "One row a place where a report contradicts itself.",
    "evidence": "One row a piece of evidence of a value that has no table with offsets of its own.",
    "metadata": "One row a name and value that the container (a mail, a table, an export) gives beside the text.",
    "files": "One row a file, those without a record included.",
}


def markdown() -> str:
    """Return the reference of every table and column as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Tables and columns"
    yield ""
    yield "Made from `postmortem.frames.COLUMNS` by `python -m postmortem.frames.reference`; a test holds the two equal."
    yield ""
    yield (
        "`postmortem.to_frames(incidents)`, `postmortem.parse_frame(df, text=…)` and `postmortem.read_dataset(folder)` give "
        "these tables as pandas frames. `path` and `id` name an incident in all of them; `files` goes by `name`. Every type is "
        "nullable: what a report does not say is missing (`<NA>`, `NaT`), never a guess and never 0."
    )
    yield ""
    yield from (_ABOUT or "").split("\n\n", 1)[1].strip().replace("``", "`").split("\n")
    yield ""
    for table, columns in COLUMNS.items():
        yield from (
            "",
            f"## {table}",
            "",
            _ONE_ROW[table],
            "",
            "| column | type | what it holds |",
            "|---|---|---|",
        )
        yield from (f"| `{c.name}` | {c.kind} | {_meaning(c)} |" for c in columns)


def _meaning(column: Column) -> str:
    values = ", ".join(f"`{value}`" for value in column.values)
    return f"{column.meaning}: {values}" if values else column.meaning


if __name__ == "__main__":
    print(markdown(), end="")
