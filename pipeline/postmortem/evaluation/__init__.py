"""Scoring records against annotations: precision, recall and F1 of each field.

An annotation is one JSON object a report: `file` (the record's ``source.path``), then the fields that were annotated; a
field that it leaves out is not judged. Items may be ``"optional": true`` (neither wanted nor wrong); ``…_alt`` lists further
accepted answers. The format is described in ``data/SAMPLES.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from postmortem.evaluation.fields import SCORERS
from postmortem.evaluation.matching import Facts
from postmortem.evaluation.tally import Mistake, Tally

__all__ = ["AnnotationError", "Mistake", "Tally", "evaluate", "read_annotations"]


class AnnotationError(ValueError):
    """An annotation file that cannot be read; the message names the file, the line and the reason."""


def read_annotations(path: Path) -> list[Facts]:
    """Return the annotations of a ``.jsonl`` file, of a ``.json`` file, or of all ``.json`` files of a folder (sorted by name).

    Raises AnnotationError where one is no JSON object with a `file`.
    """
    return list(_annotations(path))


def _annotations(path: Path) -> Iterator[Facts]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise AnnotationError(f"{file}: {error}") from error
        pieces = text.splitlines() if file.suffix == ".jsonl" else [text]
        for number, piece in enumerate(pieces, 1):
            if not piece.strip():
                continue
            try:
                facts = json.loads(piece)
            except json.JSONDecodeError as error:
                raise AnnotationError(f"{file}, line {number}: no JSON ({error})") from error
            if not isinstance(facts, dict) or "file" not in facts:
                raise AnnotationError(f"{file}, line {number}: no object with a 'file'")
            yield facts


def evaluate(
    annotations: Iterable[Facts], records: Iterable[Facts], documents: Path | None = None
) -> dict[str, Tally]:
    """Return the tally of each field over all annotated reports.

    `records` are record dicts (`Incident.to_dict`) with their ``source.text``; where a file has several, its first part is
    scored. A report without a record is scored as if nothing had been found in it. `documents` is the folder of the
    annotated files: where their text is extracted (HTML), the lines that an annotation names are looked up in them. Raises
    AnnotationError for an annotation of another form.
    """
    by_path: dict[str, Facts] = {}
    for record in records:
        if (record["source"].get("part") or 1) == 1:
            by_path.setdefault(record["source"]["path"], record)
    tallies: dict[str, Tally] = {}
    for facts in annotations:
        told = _with_lines(facts, documents) if documents else facts
        for scorer in SCORERS:
            try:
                scorer(tallies, told, by_path.get(facts["file"], {}))
            except (TypeError, KeyError, AttributeError, IndexError, ValueError) as error:
                raise AnnotationError(
                    f"{facts['file']}: its annotation of {scorer.__name__} is not of the form that data/SAMPLES.md describes "
                    f"({type(error).__name__}: {error})"
                ) from error
    return tallies


def _with_lines(facts: Facts, documents: Path) -> Facts:
    """Add the text of the lines that may or may not be called a heading."""
    numbers = facts.get("headings_ignored")
    if not numbers:
        return facts
    try:
        lines = (documents / facts["file"]).read_bytes().decode("utf-8", "replace").split("\n")
    except OSError:
        return facts  # a missing file has no record either: all that it should hold counts as not found
    return {**facts, "headings_ignored_text": [lines[n - 1] for n in numbers if n <= len(lines)]}
