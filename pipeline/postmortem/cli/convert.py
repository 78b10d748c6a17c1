"""`convert`: many reports at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postmortem.cli.common import MODEL, complain, model_of

if TYPE_CHECKING:
    from postmortem.batch import Item, Summary


@click.command()
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
@MODEL
def convert(folders: tuple[str, ...], output: str, with_text: bool, model: Path | None) -> None:
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
    tagger = model_of(model)
    items = batch.walk(folders, skip=[Path(output)])
    try:
        summary = batch.convert(_progress(items), output, with_text=with_text, model=tagger, fail=complain)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error
    _summarize(summary, output)
    sys.exit(1 if summary.failures else 0)


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
