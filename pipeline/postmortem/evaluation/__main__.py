"""``python -m postmortem.evaluation``: the accuracy of this checkout by field and kind of report, and what changed.

For the project's own use (`make accuracy`); `postmortem evaluate` scores annotations of any kind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import click

from postmortem.evaluation.accuracy import (
    Detail,
    Outcomes,
    baseline_of,
    changes,
    f1,
    load,
    outcomes,
    save,
    total,
)

Column = tuple[str, set[str]]
"""A heading, and the reports below it."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Annotated reports: where they are, and how much of their outcome is kept in the baseline."""

    name: str
    gold: Path
    documents: Path
    detail: Detail


def collections(data: Path, corpus: Path) -> Iterator[Collection]:
    """Yield the collections that are there: those of the project's `data`, and a `corpus` of other authors' reports."""
    known = (
        Collection("samples", data / "expected", data / "samples", "facts"),
        *(
            Collection(d.name, d / "expected", d / "reports", "fields")
            for d in sorted(data.glob("validation*"))
        ),
        Collection("corpus", corpus / "evaluation" / "gold.jsonl", corpus / "corpus", "reports"),
    )
    return (one for one in known if one.gold.exists())


def format_columns(files: Sequence[str]) -> list[Column]:
    """Return one column for each file format among `files`, the commonest formats first."""
    formats: dict[str, set[str]] = {}
    for file in files:
        formats.setdefault(PurePosixPath(file).suffix or "none", set()).add(file)
    return sorted(formats.items(), key=lambda column: (-len(column[1]), column[0]))


_FOLDERS: Final = (
    ("student", ("student/", "seeds/")),
    ("industry", ("industry/",)),
    ("aws", ("status/aws",)),
    ("azure", ("status/azure",)),
    ("google", ("status/gcp",)),
)


def folder_columns(files: Sequence[str]) -> list[Column]:
    """Return one column for each kind of report of the corpus."""
    columns = [(name, {file for file in files if file.startswith(prefixes)}) for name, prefixes in _FOLDERS]
    return [(name, members) for name, members in columns if members]


def half_columns(documents: Path, files: Sequence[str]) -> list[Column]:
    """Return two columns: the reports written by people, split by author or organisation.

    The halves share no author, so a rule that fits the ones it was written for shows as a difference. Which half is settled by
    a hash of the author's name. Status pages, which come from three providers, are left out: they have a column each.
    """
    listing = documents / "provenance.jsonl"
    if not listing.is_file():
        return []
    rows = [json.loads(line) for line in listing.read_text(encoding="utf-8").splitlines()]
    authors = {row["file"]: row["repository"].split("/")[0] for row in rows}
    wanted = [file for file in files if file in authors and not file.startswith("status/")]
    return [(name, {f for f in wanted if half_of(authors[f]) == number}) for number, name in enumerate("AB")]


def half_of(author: str) -> int:
    """Return 0 or 1 for an author, always the same."""
    return hashlib.sha256(author.lower().encode()).digest()[0] & 1


def table(found: Outcomes, columns: Sequence[Column], before: Mapping[str, tuple[int, int, int]]) -> str:
    """Return precision, recall and F1 of each field, the change of F1 since `before`, and F1 by column.

    A dot stands where there is nothing to judge.
    """
    parts = [total(found, files) for _, files in columns]
    lines = [
        f"{'field':<25}{'n':>6}{'P':>7}{'R':>7}{'F1':>7}{'':>8} "
        + "".join(f"{name:>9}" for name, _ in columns)
    ]
    counts = "".join(f"{len(files):>9}" for _, files in columns)
    lines.append(f"{'reports':<25}{len(found):>6}{'':>29} {counts}")
    for field, tally in total(found).items():
        delta = tally.f1 - f1(before[field]) if field in before else 0.0
        moved = f"{delta:+.3f}" if abs(delta) >= 0.0005 else ""
        cells = (part.get(field) for part in parts)
        lines.append(
            f"{field:<25}{tally.support:>6}{tally.precision:>7.3f}{tally.recall:>7.3f}{tally.f1:>7.3f}{moved:>8} "
            + "".join(f"{t.f1:>9.3f}" if t and t.tp + t.fp + t.fn else f"{'·':>9}" for t in cells)
        )
    return "\n".join(lines)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--corpus", type=click.Path(path_type=Path), default=Path("../shared"), show_default=True)
@click.option("--update", is_flag=True, help="Make what comes out the baseline.")
def main(data: Path, corpus: Path, update: bool) -> None:
    """Score the samples, the validation set and, where it is there, a corpus of published reports, and list the facts that
    were gained and lost since the baseline in data/accuracy."""
    for one in collections(data, corpus):
        found = outcomes(one.gold, one.documents)
        stored = data / "accuracy" / f"{one.name}.json"
        if update:
            save(baseline_of(found, one.detail), stored)
        before = load(stored) if stored.exists() else baseline_of(found, one.detail)
        files = list(found)
        columns = format_columns(files)
        if one.name == "corpus":
            columns = [*folder_columns(files), *columns, *half_columns(one.documents, files)]
        click.echo(f"\n{one.name}\n{table(found, columns, before.fields)}")
        different = changes(found, before)
        lost = sum(not change.gained for change in different)
        click.echo(f"since the baseline: {len(different) - lost} gained, {lost} lost")
        for change in sorted(different, key=lambda c: not c.gained):
            click.echo(f"  {change}")


if __name__ == "__main__":
    main()
