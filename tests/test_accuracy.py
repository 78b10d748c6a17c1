"""Accuracy beside its baseline: no field may fall unless the baseline is changed on purpose (`make accuracy-baseline`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from postmortem.evaluation import Mistake, Tally
from postmortem.evaluation.__main__ import collections, format_columns, half_columns, half_of, table
from postmortem.evaluation.accuracy import (
    Baseline,
    Detail,
    baseline_of,
    changes,
    fallen,
    load,
    outcomes,
    save,
    total,
)

DATA = ROOT / "data"
OWN = {
    one.name: one
    for one in collections(DATA, Path("nowhere"))
    if (DATA / "accuracy" / f"{one.name}.json").exists()
}
Found = dict[str, dict[str, Tally]]


@pytest.fixture(scope="module")
def measured() -> dict[str, Found]:
    return {name: outcomes(one.gold, one.documents) for name, one in OWN.items()}


@pytest.mark.parametrize("name", OWN)
def test_no_field_falls(measured: dict[str, Found], name: str) -> None:
    before = load(DATA / "accuracy" / f"{name}.json")
    lost = "\n".join(str(change) for change in changes(measured[name], before) if not change.gained)
    assert fallen(measured[name], before) == {}, lost


@pytest.mark.parametrize("name", OWN)
def test_every_span_quotes_its_text(measured: dict[str, Found], name: str) -> None:
    assert total(measured[name])["evidence spans"].errors == []


def test_the_samples_and_the_validation_set_have_baselines() -> None:
    assert {"samples", "validation"} <= set(OWN)


@pytest.mark.parametrize("name", sorted(set(OWN) - {"samples"}))
def test_only_counts_of_reports_that_nobody_should_look_into_are_kept(name: str) -> None:
    assert load(DATA / "accuracy" / f"{name}.json").wrong == {}


def found(*wrong: str, right: int = 1, file: str = "a.md", field: str = "title") -> Found:
    tally = Tally(right)
    for fact in wrong:
        tally.missed(Mistake(file, fact, "something else"))
    return {file: {field: tally}}


DETAILS: tuple[Detail, ...] = ("facts", "reports", "fields")


@pytest.mark.parametrize("detail", DETAILS)
def test_gained_and_lost(detail: Detail) -> None:
    before = baseline_of(found("the disk", "the zone"), detail)
    now = changes(found("the zone", "the date", "the year"), before)
    marks = {"facts": ["+", "-", "-"], "reports": ["-"], "fields": ["-"]}
    assert [str(change)[0] for change in now] == marks[detail]
    if detail == "facts":
        assert str(now[0]) == "+ a.md: title: the disk"
        assert str(now[1]) == "- a.md: title: the date (said something else)"


@pytest.mark.parametrize("detail", DETAILS)
def test_nothing_changed(detail: Detail) -> None:
    now = found("the disk", "the disk")
    assert changes(now, baseline_of(now, detail)) == []


def test_a_fact_that_is_wrong_twice_counts_twice() -> None:
    before = baseline_of(found("the disk", "the disk"), "facts")
    assert len(changes(found("the disk"), before)) == 1


@pytest.mark.parametrize("detail", DETAILS)
def test_a_stored_baseline_comes_back(tmp_path: Path, detail: Detail) -> None:
    kept = baseline_of(found("the disk “full”", "the zone"), detail)
    save(kept, tmp_path / "x" / "kept.json")
    assert load(tmp_path / "x" / "kept.json") == kept


FALLEN = {
    "same": (found("x", right=3), []),
    "better": (found(right=4), []),
    "worse": (found("x", "y", right=3), ["title"]),
    "fewer_values_and_no_more_mistakes": (found("x", right=2), []),
    "field_gone": ({"a.md": {}}, ["title"]),
}


@pytest.mark.parametrize(("now", "expected"), FALLEN.values(), ids=FALLEN)
def test_fields_that_fall_are_named(now: Found, expected: list[str]) -> None:
    before = Baseline("fields", {"title": (3, 0, 1)}, {})
    assert list(fallen(now, before)) == expected


def test_halves_share_no_author(tmp_path: Path) -> None:
    rows = [f'{{"file": "student/{n}.md", "repository": "author{n // 3}/r{n}"}}' for n in range(60)]
    (tmp_path / "provenance.jsonl").write_text("\n".join(rows), encoding="utf-8")
    files = [f"student/{n}.md" for n in range(60)]
    (_, first), (_, second) = half_columns(tmp_path, files)
    assert first | second == set(files)
    assert not first & second
    assert all((files[n] in first) == (files[n - n % 3] in first) for n in range(60))
    assert 15 < len(first) < 45
    assert half_columns(tmp_path / "missing", files) == []


def test_the_half_of_an_author_never_changes() -> None:
    assert [half_of(name) for name in ("alpha", "Alpha", "beta", "delta")] == [0, 0, 0, 1]


def test_the_table_shows_formats_and_changes() -> None:
    now = found("x", right=3) | found(right=1, file="b.txt")
    lines = table(now, format_columns(list(now)), {"title": (3, 0, 2)}).splitlines()
    assert lines[0].split()[-2:] == [".md", ".txt"]
    assert lines[2].split() == ["title", "5", "1.000", "0.800", "0.889", "+0.139", "0.857", "1.000"]
