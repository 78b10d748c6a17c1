"""`evaluate`: records beside annotations."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from postmortem.cli.common import source_of, write

if TYPE_CHECKING:
    from postmortem.evaluation import Tally


@click.command()
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
        source = source_of(str(documents / annotation["file"]))
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
        write(json.dumps({name: _figures(tally) for name, tally in tallies.items()}, indent=1) + "\n")
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
