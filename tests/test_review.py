"""The list to review: which values stand on it, in which order, with what beside them."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import ROOT
from postmortem import parse
from postmortem.cli import main
from postmortem.record import Confidence, Incident, Source
from postmortem.review import COLUMNS, Review, rows, write

TEXT = """# Postmortem: mail outage

On 5 March 2024 the mail service was down from 10:00 to 11:30 UTC. 30% of users could not send any message. The
outage was caused by a relay that ran out of memory.
"""


def record(path: str, **sure: float) -> Incident:
    found = parse(TEXT)
    return replace(found, source=Source(path=path), confidence=Confidence(**sure))


def test_one_row_a_field_with_its_sentence() -> None:
    found = {row.field: row for row in rows(parse(TEXT))}
    assert list(found) == ["outage", "impact", "timeline", "root_cause", "actions"]
    outage, actions = found["outage"], found["actions"]
    assert outage.value.startswith("2024-03-05 10:00 UTC+00:00 (UTC) – 2024-03-05 11:30")
    assert outage.sentence == "On 5 March 2024 the mail service was down from 10:00 to 11:30 UTC."
    assert outage.start is not None
    assert TEXT[outage.start : outage.end].startswith("10:00")
    assert found["impact"].value == "30% of users"
    assert (actions.value, actions.sentence, actions.start, actions.end) == ("", "", None, None)
    assert actions.confidence == parse(TEXT).confidence.actions


def test_without_the_text_the_evidence_stands_for_the_sentence() -> None:
    again = Incident.from_dict(parse(TEXT).to_dict())
    found = {row.field: row for row in rows(again)}
    assert found["outage"].why == ""
    assert (found["outage"].sentence, found["impact"].sentence) == ("10:00", "30%")
    for row in rows(again, TEXT):
        said = found[row.field]
        assert (said.value, said.start, said.confidence) == (row.value, row.start, row.confidence)


@pytest.mark.parametrize(
    "status", ["", "Bonjour, la panne du serveur a duré deux heures ce matin, à partir de midi."]
)
def test_no_report_has_no_rows(status: str) -> None:
    assert list(rows(parse(status))) == []


def test_the_least_certain_first_and_only_the_uncertain() -> None:
    review = Review(below=0.7)
    review.add(record("b.md", outage=0.5, impact=0.9, timeline=0.3))
    review.add(record("a.md", outage=0.5, actions=0.7))
    found = [(row.path, row.field, row.confidence) for row in review.rows()]
    assert found == [("b.md", "timeline", 0.3), ("a.md", "outage", 0.5), ("b.md", "outage", 0.5)]


@pytest.mark.parametrize("backwards", [False, True])
def test_no_more_than_asked_for_in_any_order(backwards: bool) -> None:
    records = [record(f"{n:04}.md", outage=(n * 37 % 1500) / 3000) for n in range(1500)]
    review = Review(below=0.45, most=5)
    for one in reversed(records) if backwards else records:
        review.add(one)
    assert [row.confidence for row in review.rows()] == [n / 3000 for n in range(5)]


def test_the_reasons_are_told() -> None:
    found = {row.field: row.why for row in rows(parse(TEXT))}
    assert "no action was found" in found["actions"].split("; ")


def test_written_as_a_table_that_runs_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    evil = replace(record("=cmd|' /C calc'!A0", outage=0.1), id="+1")
    assert write(path, [evil, record("b.md", outage=0.2)]) == 2
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert tuple(table[0]) == COLUMNS
    assert [row["path"] for row in table] == ["'=cmd|' /C calc'!A0", "b.md"]
    assert table[0]["id"] == "'+1"
    assert [p.name for p in tmp_path.iterdir()] == ["review.csv"]


def test_nothing_to_review_is_a_table_without_rows(tmp_path: Path) -> None:
    assert write(tmp_path / "review.csv", []) == 0
    assert (tmp_path / "review.csv").read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"


def test_convert_writes_the_review_beside_a_dataset(tmp_path: Path) -> None:
    """From the texts that a dataset keeps; an output without texts is refused before anything is done."""
    reports = tmp_path / "reports"
    reports.mkdir()
    shutil.copy(
        ROOT / "data" / "samples" / "museum-tickets.txt", reports / "a.txt"
    )  # a tale without headings or lists
    target = tmp_path / "review.csv"
    arguments = [str(reports), "--review", str(target), "--workers", "1", "--output"]
    refused = CliRunner().invoke(main, ["convert", *arguments, str(tmp_path / "x.csv")])
    assert refused.exit_code == 2
    assert "--with-text" in refused.output
    done = CliRunner().invoke(main, ["convert", *arguments, str(tmp_path / "dataset")])
    assert done.exit_code == 0, done.output
    told = list(csv.DictReader(target.open(encoding="utf-8")))
    assert f"{len(told)} values to look at" in done.output
    assert told
    assert {row["path"] for row in told} == {"a.txt"}
    assert [float(row["confidence"]) for row in told] == sorted(float(row["confidence"]) for row in told)
