"""The command line: every command only calls the library."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from postmortem.batch import Item, Summary
    from postmortem.evaluation import Tally
    from postmortem.learned.linear import LinearModel
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


_MODEL = click.option(
    "--model",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A model of your own for the categories (see `postmortem train`).",
)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--with-text", is_flag=True, help="Keep the text as read in source.text.")
@click.option("--compact", is_flag=True, help="One record a line, without indentation.")
@_MODEL
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
    tagger = _model(model)
    for file in files:
        source = _source(file)
        if source is None:
            failed = True
            continue
        records += [incident.to_dict() for incident in incidents(source, with_text=with_text, model=tagger)]
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
@_MODEL
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
    tagger = _model(model)
    items = batch.walk(folders, skip=[Path(output)])
    try:
        summary = batch.convert(_progress(items), output, with_text=with_text, model=tagger, fail=_report)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from error
    _summarize(summary, output)
    sys.exit(1 if summary.failures else 0)


@main.command()
@click.argument("gold", metavar="GOLD", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--documents",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that the annotations' file names are relative to.",
)
@click.option("--only", multiple=True, metavar="PREFIX", help="Only files whose name begins so (may repeat).")
@click.option("--errors", metavar="FIELD", help="List what was wrong in one field ('all': in every field).")
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON.")
def evaluate(gold: Path, documents: Path, only: tuple[str, ...], errors: str | None, as_json: bool) -> None:
    """Parse annotated reports and print precision, recall and F1 of each field, then of each category.

    GOLD is a .jsonl file with one annotation a line, or a folder of .json files. A field that an annotation leaves
    out is not judged. A report that cannot be read is named, counts as not found, and makes the exit code 1.

    \b
    Example:
      postmortem evaluate data/expected --documents data/samples
      postmortem evaluate gold.jsonl --documents reports/ --errors "root cause"
    """
    from postmortem.assemble import incidents
    from postmortem.evaluation import AnnotationError, category_scores, read_annotations
    from postmortem.evaluation import evaluate as score

    try:
        annotations = [a for a in read_annotations(gold) if not only or a["file"].startswith(only)]
    except AnnotationError as error:
        raise click.ClickException(str(error)) from error
    records, failed = {}, False
    for annotation in annotations:
        source = _source(str(documents / annotation["file"]))
        if source is None:
            failed = True
            continue
        record = incidents(source, with_text=True)[0].to_dict()
        record["source"]["path"] = annotation["file"]
        records[annotation["file"]] = record
    tallies = score(annotations, records.values(), documents)
    if errors:
        known = [name for name in tallies if errors in (name, "all")]
        if not known:
            raise click.BadParameter(
                f"no field {errors!r}; there are: {', '.join(tallies)}", param_hint="--errors"
            )
        for name in known:
            click.echo("".join(f"[{name}] {error}\n" for error in tallies[name].errors), nl=False)
    elif as_json:
        _write(json.dumps({name: _figures(tally) for name, tally in tallies.items()}, indent=1) + "\n")
    else:
        click.echo(f"{len(annotations)} reports")
        _tallies("field", tallies)
        _tallies("category", category_scores(annotations, records))
    sys.exit(int(failed))


def _figures(tally: Tally) -> dict[str, float]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "n": tally.support,
    }


def _tallies(head: str, tallies: Mapping[str, Tally]) -> None:
    if tallies:
        click.echo(f"{head:<26}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>8}")
        for name, tally in tallies.items():
            click.echo(
                f"{name:<26}{tally.precision:>10.3f}{tally.recall:>10.3f}{tally.f1:>10.3f}{tally.support:>8}"
            )


def _model(folder: Path | None) -> LinearModel | None:
    """The model of `folder`; a folder that holds none is an error in one line."""
    if folder is None:
        return None
    from postmortem.classify import model_at

    try:
        return model_at(folder)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{folder}: {error}") from error


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


@main.command()
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with the columns text, label and, if any, also (parted by semicolons).",
)
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Where the model goes.")
@click.option(
    "--no-compare", is_flag=True, help="Leave out the comparison of designs and the learning curve."
)
def train(data: Path | None, output: Path | None, no_compare: bool) -> None:
    """Train the models anew, or one on labels of your own.

    Without --data, the models of the project are rebuilt from data/training of the source checkout one stands in, below
    models/ or --output. With --data, one model of your categories is trained into --output; a row with an empty label is a
    text that states no cause.

    \b
    Example:
      postmortem train
      postmortem train --data labels.csv --output my-model
    """
    from postmortem.training import train

    if data is not None and output is None:
        raise click.UsageError("--data needs --output")
    try:
        folders = train(
            data, output or Path("models"), source=Path("data") / "training", comparison=not no_compare
        )
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for folder in folders:
        click.echo(folder)
