"""Labelled passages, and what a model sees of them."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from postmortem.classify import NO_CAUSE
from postmortem.classify.passage import Passage, Weights, passage
from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.event_choice import scene
from postmortem.extract.outage import outage
from postmortem.extract.resolution import resolution
from postmortem.extract.root_cause import root_cause
from postmortem.normalize import normalize
from postmortem.report import Report

FOLDS: Final = 5
# Chosen by cross-validation, and looking at how the samples and both validation sets came out: these are no unseen test of
# the weights.
WEIGHTS: Final = Weights(statement=1.0, around=0.5, fix=0.3, summary=0.2, whole=0.1)


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text: `primary` is empty where the text states no cause, `group` is the voice that wrote it, `weight` how much
    it counts beside others."""

    text: str
    primary: str
    also: tuple[str, ...] = ()
    group: str = ""
    form: str = "passage"
    kind: str = "plain"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Features:
    """What a model sees of one text: its words with their weighted counts, and signals."""

    bag: Mapping[str, float]
    signals: Mapping[str, float]


def load_examples(paths: Iterable[Path]) -> list[Example]:
    """Return the passages of JSON Lines files (``text``, ``primary``, ``also``, ``voice``; see ``data/README.md``).

    One that states no cause is left out unless the extraction takes a sentence of it for one: no other ever reaches the
    classifier.
    """
    found = []
    for path in sorted(paths):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not row["primary"] and root_cause(report_of(row["text"])) is None:
                continue
            found.append(
                Example(
                    row["text"],
                    row["primary"] or NO_CAUSE,
                    tuple(row["also"]),
                    row["voice"],
                    row["form"],
                    row["kind"],
                )
            )
    return found


def load_csv(path: Path) -> list[Example]:
    """Return the rows of a CSV file with the columns ``text``, ``label`` and, if there are any, ``also`` (parted by ``;``).

    An empty label means that the text states no cause. Raises ValueError where a column is missing or fewer than two
    labels have two texts.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"text", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path}: no column named {' or '.join(sorted(missing))}")
        found = [
            Example(
                row["text"] or "",
                (row["label"] or "").strip(),
                tuple(x.strip() for x in (row.get("also") or "").split(";") if x.strip()),
                group=str(number % FOLDS),
            )
            for number, row in enumerate(reader)
        ]
    often = [label for label, count in Counter(e.primary for e in found).items() if count >= 2]
    if len(often) < 2:
        raise ValueError(f"{path}: at least two labels with two texts each are needed")
    return found


def read(text: str, weights: Weights | None = None, *, whole: bool = False) -> Passage:
    """Return what the classifier reads of a training text: as of a report where a statement of the cause is found
    in it, else (or with `whole`) all of it."""
    report = report_of(text)
    cause = None if whole else root_cause(report)
    if cause is None:
        return passage(report, [report.evidence(0, len(text), "training")], None, Weights())
    fix = resolution(report, scene(report, (), outage(report, ()))) if weights and weights.fix else None
    return passage(report, cause.evidence, fix, weights)


def report_of(text: str) -> Report:
    """Return a text as the extraction and the classifier take it."""
    document = normalize(text)
    mentions = scan(document.plain)
    return Report(document, mentions, Calendar.of(document, mentions))


def features_of(
    text: str, weights: Weights = WEIGHTS, *, whole: bool = False, signals: bool = True
) -> Features:
    """Return the features of a training text."""
    found = read(text, weights, whole=whole)
    return Features(found.bag(), found.signals() if signals else {})


def data_hash(examples: Sequence[Example]) -> str:
    """Return the SHA-256 of the texts and labels, in the order given."""
    digest = hashlib.sha256()
    for e in examples:
        digest.update(
            json.dumps([e.text, e.primary, e.also], ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that a model depends on."""
    import numpy
    import scipy
    import sklearn

    return {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }
