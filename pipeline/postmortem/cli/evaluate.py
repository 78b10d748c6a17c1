"""`evaluate`: records beside annotations."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postmortem.cli.common import source_of, write

if TYPE_CHECKING:
    from postmortem.evaluation import Tally
    from postmortem.evaluation.categories import Figures
    from postmortem.evaluation.matching import Facts


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
@click.option(
    "--no-baselines", is_flag=True, help="Leave out the classifiers that the categories are compared with."
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON.")
def evaluate(
    gold: Path, documents: Path, only: tuple[str, ...], errors: str | None, no_baselines: bool, as_json: bool
) -> None:
    """Parse annotated reports and print precision, recall and F1 of each field, then of each category.

    GOLD is a .jsonl file with one annotation a line, or a folder of .json files. A field that an annotation leaves
    out is not judged. A report that cannot be read is named, counts as not found, and makes the exit code 1.

    Of the categories, two more tables: which primary category was answered for which, and the classifier beside baselines
    (the commonest category for every report, cue phrases in the statement of the cause, TF-IDF with logistic regression over
    the whole report, trained on data/training where a source checkout is at hand).

    \b
    Example:
      postmortem evaluate data/expected --documents data/samples
      postmortem evaluate gold.jsonl --documents reports/ --errors "root cause"
    """
    from postmortem.assemble import incidents
    from postmortem.evaluation import AnnotationError, read_annotations
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
    try:
        tallies = score(annotations, records.values(), documents)
    except AnnotationError as error:
        raise click.ClickException(str(error)) from error
    if errors:
        _errors(tallies, errors)
    elif as_json:
        out: dict[str, Any] = {name: _figures(tally) for name, tally in tallies.items()}
        if "all categories" in tallies:
            out["categories"] = _categories_as_json(annotations, records, baselines=not no_baselines)
        write(json.dumps(out, indent=1) + "\n")
    else:
        click.echo(f"{len(annotations)} reports")
        _tallies("field", tallies)
        if "all categories" in tallies:
            _categories(annotations, records, baselines=not no_baselines)
    sys.exit(int(failed))


def _errors(tallies: Mapping[str, Tally], wanted: str) -> None:
    known = [name for name in tallies if wanted in (name, "all")]
    if not known:
        raise click.BadParameter(
            f"no field {wanted!r}; there are: {', '.join(tallies)}", param_hint="--errors"
        )
    for name in known:
        click.echo("".join(f"[{name}] {error}\n" for error in tallies[name].errors), nl=False)


def _figures(tally: Tally) -> dict[str, float]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "n": tally.support,
    }


def _tallies(head: str, tallies: Mapping[str, Tally]) -> None:
    click.echo(f"{head:<26}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>8}")
    for name, tally in tallies.items():
        click.echo(
            f"{name:<26}{tally.precision:>10.3f}{tally.recall:>10.3f}{tally.f1:>10.3f}{tally.support:>8}"
        )


def _categories(annotations: Sequence[Facts], records: Mapping[str, Facts], *, baselines: bool) -> None:
    from postmortem.evaluation.categories import answers_of, category_scores, confusion

    answers = answers_of(records)
    click.echo()
    _tallies("category", category_scores(annotations, answers))
    click.echo("\nprimary category: annotated (rows), answered (columns)")
    for line in _grid(confusion(annotations, answers)):
        click.echo(line)
    compared = _compared(annotations, records, baselines=baselines)
    head = ("accuracy", "primary F1", "all F1", "macro F1", "ECE")
    click.echo(f"\n{'classifier':<38}" + "".join(f"{name:>11}" for name in head))
    for row in compared:
        values = (row.accuracy, row.primary_f1, row.all_f1, row.macro_f1, row.calibration_error)
        click.echo(
            f"{row.classifier:<38}" + "".join(f"{'–' if v is None else f'{v:.3f}':>11}" for v in values)
        )
    click.echo(
        "accuracy: primary category right, or rightly none; macro F1: classes with 5 cases or more; "
        "ECE: expected calibration error"
    )


def _grid(counts: Counter[tuple[str, str]]) -> list[str]:
    """The confusion table: the classes that occur, the columns numbered as the rows, no zeros."""
    from postmortem.evaluation.categories import NONE

    classes = sorted({name for pair in counts for name in pair}, key=lambda name: (name == NONE, name))
    lines = [" " * 22 + "".join(f"{number:>4}" for number in range(1, len(classes) + 1))]
    for number, gold in enumerate(classes, 1):
        cells = (counts[gold, answered] for answered in classes)
        lines.append(f"{number:>3} {gold:<18}" + "".join(f"{count or '·':>4}" for count in cells))
    return lines


def _compared(
    annotations: Sequence[Facts], records: Mapping[str, Facts], *, baselines: bool
) -> list[Figures]:
    """The classifier's figures, then those of the baselines; one that cannot be trained is named on standard error."""
    from postmortem.evaluation.baselines import (
        CUE_PHRASES,
        MAJORITY,
        TFIDF,
        cue_phrases,
        majority,
        tfidf,
        training_texts,
    )
    from postmortem.evaluation.categories import Answer, answers_of, figures

    answers: dict[str, Mapping[str, Answer]] = {"postmortem": answers_of(records)}
    if baselines:
        answers[CUE_PHRASES] = cue_phrases(records)
        folder = training_texts()
        if folder is None:
            click.echo(f"{TFIDF}: left out, data/training is only in a source checkout", err=True)
        else:
            answers[TFIDF] = tfidf(records, folder)
        answers[MAJORITY] = majority(annotations)
    return [figures(name, annotations, given) for name, given in answers.items()]


def _categories_as_json(
    annotations: Sequence[Facts], records: Mapping[str, Facts], *, baselines: bool
) -> dict[str, Any]:
    from postmortem.evaluation.categories import answers_of, category_scores, confusion

    answers = answers_of(records)
    compared = _compared(annotations, records, baselines=baselines)
    return {
        "per_class": {name: _figures(t) for name, t in category_scores(annotations, answers).items()},
        "confusion": [
            {"annotated": gold, "answered": answered, "count": count}
            for (gold, answered), count in sorted(confusion(annotations, answers).items())
        ],
        "classifiers": [
            {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(row).items()}
            for row in compared
        ],
    }
