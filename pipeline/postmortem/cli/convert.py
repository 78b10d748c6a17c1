"""`convert`: many reports at once."""

from __future__ import annotations

import glob
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import click

from postmortem.cli.common import MODEL, complain, model_of

if TYPE_CHECKING:
    from postmortem.batch import Summary, Watch
    from postmortem.inputs import Item
    from postmortem.read import ReadError

_MEGABYTE = 1_000_000


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=click.Path())
@click.option(
    "--output",
    "-o",
    required=True,
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="FILE.jsonl, .jsonl.gz, .csv, .parquet, .duckdb, or a folder: a dataset.",
)
@click.option("--with-text", is_flag=True, help="Keep the text as read in source.text (JSON Lines only).")
@MODEL
@click.option(
    "--files-from",
    metavar="LIST",
    type=click.File("rb"),
    help="Take the paths that LIST holds too, one a line or each ended by NUL; - for standard input.",
)
@click.option(
    "--text-column", metavar="NAME", help="The column of tables (.csv, .parquet …) that holds the reports."
)
@click.option("--id-column", metavar="NAME", help="The column that names them.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes to share the work (default: one a processor).",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Give up on a report after this long.",
)
@click.option(
    "--max-size",
    type=click.FloatRange(0, min_open=True),
    default=20,
    show_default=True,
    metavar="MB",
    help="Refuse larger reports.",
)
@click.option(
    "--review",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="CSV",
    help="List the least certain values there, each with its sentence (for a dataset, or with --with-text).",
)
@click.option("--fresh", is_flag=True, help="Do everything anew, whatever an earlier run did.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where the work is done: on this machine, or on a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The Dask scheduler, such as tcp://host:8786 (default: a cluster here).",
)
def convert(
    inputs: tuple[str, ...],
    output: Path,
    with_text: bool,
    model: Path | None,
    files_from: IO[bytes] | None,
    text_column: str | None,
    id_column: str | None,
    workers: int | None,
    timeout: float,
    max_size: float,
    review: Path | None,
    fresh: bool,
    engine: Literal["local", "dask"],
    scheduler: str | None,
) -> None:
    """Convert every report of the inputs, one record for each incident, in a stable order.

    INPUT is a folder, a file, or a pattern such as 'reports/**/*.md'; archives, mailboxes, tables and exports stand for the
    reports in them. Hidden files and folders (".x") are left out. A file that cannot be read, takes too long or ends its
    process is named with the reason, does not stop the rest, and makes the exit code 1.

    OUT.jsonl holds whole records, OUT.csv and OUT.parquet one flat row an incident, OUT.duckdb every table. A folder becomes
    a dataset: every table as Parquet, records with their text, and what became of each file. Interrupted, the same command
    goes on where it stopped; run again, it adds to a dataset what is new.

    \b
    Example:
      postmortem convert reports/ --output records.jsonl
      postmortem convert 2023/ 2024.zip --output incidents.csv
      postmortem convert archive/ --output dataset --workers 8 --review review.csv
    """
    from postmortem import batch
    from postmortem.dataset import MissingExtraError
    from postmortem.inputs import Limits

    form = batch.format_of(output)
    _check(inputs, files_from is not None, output, form, with_text)
    if review is not None and form != "" and not with_text:
        raise click.BadParameter("needs the texts: a folder as output, or --with-text", param_hint="--review")
    if scheduler is not None and engine != "dask":
        raise click.BadParameter("goes with --engine dask only", param_hint="--scheduler")
    model_of(model)
    options = batch.Options(
        with_text=with_text,
        model=model,
        workers=workers,
        engine=engine,
        scheduler=scheduler,
        timeout=timeout,
        limits=Limits(report_bytes=int(max_size * _MEGABYTE)),
        fresh=fresh,
    )

    def listed() -> Iterator[Item]:
        from postmortem.inputs import items, paths_in

        return items(
            inputs,
            files_from=None if files_from is None else paths_in(files_from),
            text_column=text_column,
            id_column=id_column,
            skip=[output, *(output.rglob("*") if form == "" else ()), *([review] if review else ())],
            limits=options.limits,
        )

    try:
        with _watch(listed if files_from is None else None) as watch:
            summary = batch.convert(listed(), output, options, watch)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror or error}") from error
    except (batch.BatchError, MissingExtraError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("stopped; the same command goes on from here", err=True)
        sys.exit(130)
    _summarize(summary, output)
    if review is not None:
        _review(output, review)
    sys.exit(1 if summary.failed else 0)


def _review(output: Path, target: Path) -> None:
    from postmortem.dataset import load
    from postmortem.review import write

    try:
        count = write(target, load(output))
    except OSError as error:
        raise click.ClickException(f"cannot write {target}: {error.strerror or error}") from error
    click.echo(f"{count} values to look at -> {target}")


def _check(inputs: tuple[str, ...], listed: bool, output: Path, form: str | None, with_text: bool) -> None:
    """Wrong use, told before anything is done."""
    from postmortem.batch import FORMATS

    if not inputs and not listed:
        raise click.UsageError("Missing argument 'INPUT...' (or --files-from).")
    for given in inputs:
        if not os.path.lexists(given) and not glob.has_magic(given):
            raise click.BadParameter(f"Path {given!r} does not exist.", param_hint="'INPUT...'")
    if form is None:
        raise click.BadParameter(
            f"must end in {', '.join(filter(None, FORMATS))}, or be a folder", param_hint="--output"
        )
    if with_text and form not in (".jsonl", ".jsonl.gz", ""):
        raise click.BadParameter("goes with a .jsonl output only", param_hint="--with-text")


@contextmanager
def _watch(listed: Callable[[], Iterator[Item]] | None) -> Iterator[Watch]:
    """Who is told how it goes: on a terminal a bar, anywhere else only what failed."""
    from postmortem.batch import Watch

    if not sys.stderr.isatty():
        yield Watch(fail=complain, say=_say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("converting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None, rate="", failed="")
        failures = 0

        def fail(error: ReadError) -> None:
            nonlocal failures
            failures += 1
            progress.update(bar, failed=f"{failures} failed")
            complain(error)

        def step(count: int) -> None:
            progress.update(bar, advance=count)
            speed = progress.tasks[bar].speed
            progress.update(bar, rate=f"{speed:.0f}/s" if speed else "")

        def count() -> None:
            if listed is not None:
                progress.update(bar, total=sum(1 for _ in listed()))

        threading.Thread(target=count, daemon=True).start()
        yield Watch(fail=fail, step=step, say=_say)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _summarize(summary: Summary, output: Path) -> None:
    """Files by status, then in how many records each field was found."""
    from postmortem.batch import FIELDS

    click.echo(f"{summary.files} files, {summary.records} records -> {output}")
    counts = [(status, count) for status, count in summary.statuses.items() if status != "failed"]
    for status, count in sorted(counts, key=lambda pair: (pair[0] != "ok", pair[0])):
        _line(status, count)
    _line("could not be read", summary.failed)
    for reason, count in summary.reasons.most_common():
        click.echo(f"    {count:>6}  {reason}")
    _line("the text of another", summary.duplicates)
    _line("as an earlier run left", summary.skipped)
    _line("no longer there", summary.removed)
    if summary.statuses["ok"]:
        click.echo("found in records:")
        for name in FIELDS:
            found = summary.fields[name]
            click.echo(f"  {name:<22}{found:>6}  {found / summary.records:>5.0%}")


def _line(name: str, count: int) -> None:
    if count:
        click.echo(f"  {name:<22}{count:>6}")
