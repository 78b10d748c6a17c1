"""The command line: every command only calls the library."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from postmortem.batch import Item, Summary
    from postmortem.read import ReadError
    from postmortem.record import Source

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="postmortem-pipeline", prog_name="postmortem")
def main() -> None:
    """Incident postmortems to structured records, with evidence for every value.

    Offline and deterministic: the same file gives the same record, byte for byte.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign shows "?", and nothing stops


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--with-text", is_flag=True, help="Keep the text as read in source.text.")
@click.option("--compact", is_flag=True, help="One record a line, without indentation.")
def parse(files: tuple[str, ...], with_text: bool, compact: bool) -> None:
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
    for file in files:
        source = _source(file)
        if source is None:
            failed = True
            continue
        records += [incident.to_dict() for incident in incidents(source, with_text=with_text)]
    if compact:
        _write("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    elif records:
        whole = records[0] if len(records) == 1 and len(files) == 1 else records
        _write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    sys.exit(int(failed))


@main.command()
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

    source = _source(file) or _stop()
    page(incidents(source), source.text or "", source_too=not facts_only)


@main.command()
@click.argument("file")
def text(file: str) -> None:
    """Print the text as read: what every evidence offset of a record counts in.

    FILE may be "-" for standard input.

    \b
    Example:
      postmortem text page.html
    """
    source = _source(file) or _stop()
    words = source.text or ""
    if sys.stdout.isatty():
        from postmortem.show import harmless

        words = harmless(words)
    _write(words)


@main.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of a record.

    \b
    Example:
      postmortem schema > record.schema.json
    """
    from postmortem.json_schema import schema as record_schema

    _write(json.dumps(record_schema(), ensure_ascii=False, indent=2) + "\n")


@main.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=click.Path(exists=True))
@click.option(
    "--output",
    "-o",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="FILE.jsonl or FILE.csv.",
)
@click.option("--with-text", is_flag=True, help="Keep the text as read in source.text (JSON Lines only).")
def convert(folders: tuple[str, ...], output: str, with_text: bool) -> None:
    """Convert every report below the folders, one record for each incident, in a stable order.

    FILE.jsonl holds whole records, FILE.csv one flat row an incident. Hidden files and folders (".x") are left out.
    A file that cannot be read is named with its reason, does not stop the rest, and makes the exit code 1.

    \b
    Example:
      postmortem convert reports/ --output records.jsonl
      postmortem convert 2023/ 2024/ --output incidents.csv
    """
    from postmortem import batch

    if not output.lower().endswith(batch.FORMATS):
        raise click.BadParameter(f"must end in {' or '.join(batch.FORMATS)}", param_hint="--output")
    if with_text and not output.lower().endswith(".jsonl"):
        raise click.BadParameter("goes with a .jsonl output only", param_hint="--with-text")
    items = batch.walk(folders, skip=[Path(output)])
    try:
        summary = batch.convert(_progress(items), output, with_text=with_text, fail=_report)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error
    _summarize(summary, output)
    sys.exit(1 if summary.failures else 0)


def _source(file: str) -> Source | None:
    from postmortem.read import ReadError, read, read_bytes

    try:
        return read_bytes(sys.stdin.buffer.read(), "-") if file == "-" else read(file)
    except ReadError as error:
        _report(error)
        return None


def _report(error: ReadError) -> None:
    click.echo(f"cannot read {error.path}: {error.reason}", err=True)


def _stop() -> NoReturn:
    sys.exit(1)


def _write(words: str) -> None:
    """UTF-8 whatever the locale, line ends untouched: the same bytes everywhere."""
    sys.stdout.flush()
    sys.stdout.buffer.write(words.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _progress(items: Sequence[Item]) -> Iterable[Item]:
    if not sys.stderr.isatty():
        return items
    return _bar(items)


def _bar(items: Sequence[Item]) -> Iterator[Item]:
    from rich.console import Console
    from rich.progress import track

    yield from track(items, "converting", console=Console(stderr=True), transient=True)


def _summarize(summary: Summary, output: str) -> None:
    """Files by status, then in how many records each field was found."""
    from postmortem.batch import FIELDS

    told = summary.statuses["ok"]
    click.echo(f"{summary.files} files, {summary.records} records -> {output}")
    for status, count in sorted(summary.statuses.items(), key=lambda pair: (pair[0] != "ok", pair[0])):
        click.echo(f"  {status:<22}{count:>6}")
    if summary.failures:
        click.echo(f"  {'could not be read':<22}{len(summary.failures):>6}")
    if told:
        click.echo("found in records:")
        for name in FIELDS:
            click.echo(
                f"  {name:<22}{summary.fields[name]:>6}  {summary.fields[name] / summary.records:>5.0%}"
            )
