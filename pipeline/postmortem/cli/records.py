"""`parse`, `show`, `text` and `schema`: one report at a time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from postmortem.cli.common import MODEL, model_of, source_of, stop, write


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--with-text", is_flag=True, help="Keep the text as read in source.text.")
@click.option("--compact", is_flag=True, help="One record a line, without indentation.")
@MODEL
def parse(files: tuple[str, ...], with_text: bool, compact: bool, model: Path | None) -> None:
    """Print the records of reports as JSON.

    FILE may be "-" for standard input. One file with one incident gives an object, anything more an array (with
    --compact: one object a line). A file that cannot be read is named on standard error, and the exit code is 1.

    \b
    Example:
      postmortem parse report.md
      curl -s https://example.org/report.html | postmortem parse -
    """
    from postmortem.assemble import incidents

    failed = False
    records = []
    tagger = model_of(model)
    for file in files:
        source = source_of(file)
        if source is None:
            failed = True
            continue
        records += [incident.to_dict() for incident in incidents(source, with_text=with_text, model=tagger)]
    if compact:
        write("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    elif records:
        whole = records[0] if len(records) == 1 and len(files) == 1 else records
        write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    sys.exit(int(failed))


@click.command()
@click.argument("file")
@click.option("--facts-only", is_flag=True, help="Leave out the marked source.")
def show(file: str, facts_only: bool) -> None:
    """Show one report as a page: the facts, then its text with the evidence of each field marked.

    FILE may be "-" for standard input. Colours on a terminal only.

    \b
    Example:
      postmortem show report.md
      postmortem show --facts-only report.md
    """
    from postmortem.assemble import incidents
    from postmortem.show import page

    source = source_of(file) or stop()
    page(incidents(source), source.text or "", source_too=not facts_only)


@click.command()
@click.argument("file")
def text(file: str) -> None:
    """Print the text as read: what every evidence offset of a record counts in.

    FILE may be "-" for standard input.

    \b
    Example:
      postmortem text page.html
    """
    source = source_of(file) or stop()
    words = source.text or ""
    if sys.stdout.isatty():
        from postmortem.show import harmless

        words = harmless(words)
    write(words)


@click.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of a record.

    \b
    Example:
      postmortem schema > record.schema.json
    """
    from postmortem.json_schema import schema as record_schema

    write(json.dumps(record_schema(), ensure_ascii=False, indent=2) + "\n")
