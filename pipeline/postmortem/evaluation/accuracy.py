"""Accuracy over time: which facts a change gained and which it lost, beside a baseline that is kept under version control.

A baseline holds the counts of each field and, as far as its level of detail goes, what was wrong: every fact by name
(``"facts"``), how many in each report (``"reports"``), or nothing more than the counts (``"fields"``, for reports that
nobody who writes rules should look into).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from postmortem.assemble import incidents
from postmortem.evaluation import evaluate, read_annotations
from postmortem.evaluation.tally import Mistake, Tally
from postmortem.read import ReadError, read

Detail = Literal["facts", "reports", "fields"]
Outcomes = Mapping[str, Mapping[str, Tally]]
"""The tally of each field (inner keys) of each report (outer keys)."""

# It counts offsets, not facts: it changes with every value, and a test holds that none is wrong.
_NO_FACTS: Final = frozenset({"evidence spans"})
_TRIPLE: Final = re.compile(r"\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]")


@dataclass(frozen=True, slots=True)
class Baseline:
    """`fields`: right, spurious and missed facts of each field; `wrong`: by report and field the facts that are wrong, each
    under its name, or under a number where only their count is kept (see the module docstring)."""

    detail: Detail
    fields: Mapping[str, tuple[int, int, int]]
    wrong: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that is right now and was wrong (`gained`), or the other way round; `fact` is empty where only counts are kept."""

    gained: bool
    file: str
    field: str
    fact: str
    said: str = ""

    def __str__(self) -> str:
        words = [part for part in (self.file, self.field, self.fact) if part]
        return f"{'+' if self.gained else '-'} {': '.join(words)}" + (
            f" (said {self.said})" if self.said else ""
        )


def outcomes(gold: Path, documents: Path) -> dict[str, dict[str, Tally]]:
    """Parse the annotated reports and return the tally of each field of each report.

    `gold` and `documents` as for `postmortem evaluate`. A report that cannot be read counts as not found. Raises
    `postmortem.evaluation.AnnotationError`.
    """
    found = {}
    for facts in read_annotations(gold):
        name = facts["file"]
        try:
            record = incidents(read(documents / name, name=name), with_text=True)[0].to_dict()
        except ReadError:
            found[name] = evaluate([facts], [], documents)
        else:
            record["source"]["path"] = name
            found[name] = evaluate([facts], [record], documents)
    return found


def total(found: Outcomes, files: Container[str] | None = None) -> dict[str, Tally]:
    """Return the tally of each field over all reports, or over those among `files`."""
    tallies: dict[str, Tally] = {}
    for file, fields in found.items():
        if files is None or file in files:
            for field, tally in fields.items():
                tallies.setdefault(field, Tally()).add(tally)
    return tallies


def baseline_of(found: Outcomes, detail: Detail) -> Baseline:
    """Return what `found` is, to be kept."""
    fields = {field: (t.tp, t.fp, t.fn) for field, t in total(found).items() if field not in _NO_FACTS}
    wrong = {}
    if detail != "fields":
        for file, tallies in sorted(found.items()):
            facts = {field: _names(t, detail) for field, t in tallies.items() if t.errors}
            if facts:
                wrong[file] = facts
    return Baseline(detail, fields, wrong)


def _names(tally: Tally, detail: Detail) -> tuple[str, ...]:
    if detail == "facts":
        return tuple(sorted(mistake.fact for mistake in tally.errors))
    return _numbered(len(tally.errors))


def changes(found: Outcomes, before: Baseline) -> list[Change]:
    """Return the facts that were gained and lost since a baseline, in the order of reports and fields.

    With the detail ``"fields"``, one change stands for each fact more or less that is wrong in a field.
    """
    now = baseline_of(found, before.detail)
    if before.detail == "fields":
        pairs: Iterable[tuple[str, str, Counter[str], Counter[str]]] = (
            ("", field, Counter(_numbers(before, field)), Counter(_numbers(now, field)))
            for field in {**before.fields, **now.fields}
        )
    else:
        pairs = (
            (file, field, Counter(_wrong(before, file, field)), Counter(_wrong(now, file, field)))
            for file in sorted({*before.wrong, *now.wrong})
            for field in {**before.wrong.get(file, {}), **now.wrong.get(file, {})}
        )
    named = before.detail == "facts"
    result = []
    for file, field, old, new in pairs:
        for gained, facts in ((True, old - new), (False, new - old)):
            for fact in sorted(facts.elements()):
                said = "" if gained or not named else _said(found[file][field].errors, fact)
                result.append(Change(gained, file, field, fact if named else "", said))
    return result


def _wrong(baseline: Baseline, file: str, field: str) -> tuple[str, ...]:
    return baseline.wrong.get(file, {}).get(field, ())


def _numbers(baseline: Baseline, field: str) -> tuple[str, ...]:
    _, spurious, missed = baseline.fields.get(field, (0, 0, 0))
    return _numbered(max(spurious, missed))


def _said(mistakes: Iterable[Mistake], fact: str) -> str:
    return next(mistake.said for mistake in mistakes if mistake.fact == fact)


def f1(counts: tuple[int, int, int]) -> float:
    """Return the F1 of right, spurious and missed facts."""
    return Tally(*counts).f1


def fallen(found: Outcomes, before: Baseline) -> dict[str, tuple[float, float]]:
    """Return the fields whose F1 is lower than in a baseline and that have more mistakes, with the F1 before and now.

    A lower F1 alone is no loss: where alternatives are accepted, how many values count depends on the answers.
    """
    now = baseline_of(found, "fields").fields
    lower = {}
    for field, old in before.fields.items():
        new = now.get(field, (0, 0, old[0] + 1))
        if f1(new) < f1(old) and sum(new[1:]) > sum(old[1:]):
            lower[field] = (f1(old), f1(new))
    return lower


def load(path: Path) -> Baseline:
    """Return a stored baseline. Raises OSError, ValueError or KeyError where there is none."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    wrong = {
        file: {field: _loaded(facts) for field, facts in fields.items()}
        for file, fields in stored.get("wrong", {}).items()
    }
    return Baseline(stored["detail"], {k: (v[0], v[1], v[2]) for k, v in stored["fields"].items()}, wrong)


def _loaded(facts: int | list[str]) -> tuple[str, ...]:
    return tuple(facts) if isinstance(facts, list) else _numbered(facts)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


def save(baseline: Baseline, path: Path) -> None:
    """Store a baseline, so that a difference of versions shows fact by fact what changed."""
    stored: dict[str, Any] = {"detail": baseline.detail, "fields": dict(baseline.fields)}
    if baseline.detail == "facts":
        stored["wrong"] = baseline.wrong
    elif baseline.detail == "reports":
        stored["wrong"] = {
            file: {field: len(facts) for field, facts in fields.items()}
            for file, fields in baseline.wrong.items()
        }
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_TRIPLE.sub(r"[\1, \2, \3]", text) + "\n", encoding="utf-8")
