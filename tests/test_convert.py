"""Batches: every file once, in order, whatever happens to one of them."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import postmortem
from examples import FULL, REPORT
from postmortem import batch
from postmortem.assemble import incidents
from postmortem.cli import main
from postmortem.frames import COLUMNS
from postmortem.read import ReadError
from postmortem.record import Incident, Source


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments)])


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "reports"
    for name, text in {
        "b.md": REPORT,
        "a/z.txt": REPORT,
        "a-b.md": REPORT,
        "B.md": REPORT,
        "a/soup.md": "# Tomato soup\n\nFry the onions, add the tomatoes to the pot and serve with bread.",
        "a/sopa.md": "El servidor dejó de responder a las diez y los usuarios no pudieron acceder a la aplicación durante dos horas.",
        "empty.md": "",
        ".hidden.md": REPORT,
        ".git/x.md": REPORT,
    }.items():  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_one_record_for_every_file_in_order(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    shown = run(folder, "--output", out)
    assert shown.exit_code == 0, shown.output
    found = {r["source"]["path"]: r["status"] for r in records(out)}
    assert found == {
        "B.md": "ok",
        "a/sopa.md": "unsupported_language",
        "a/soup.md": "not_a_report",
        "a/z.txt": "ok",
        "a-b.md": "ok",
        "b.md": "ok",
        "empty.md": "empty",
    }
    assert list(found) == sorted(found, key=lambda name: name.split("/"))
    assert "text" not in records(out)[0]["source"]
    assert "7 files, 7 records" in shown.output
    assert [line.split() for line in shown.output.splitlines() if "title" in line] == [["title", "4", "57%"]]


def test_with_text_every_span_can_be_checked(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run(folder, "-o", out, "--with-text").exit_code == 0
    assert [r["source"]["text"] for r in records(out) if r["status"] == "ok"] == [REPORT] * 4


def test_several_folders_are_told_apart(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "reports"
    other.mkdir(parents=True)
    (other / "c.md").write_text(REPORT)
    (tmp_path / "one.md").write_text(REPORT)
    names = [
        item.name
        for item in batch.walk(
            [folder / "a", other, folder / "a", tmp_path / "one.md", other.parent.parent / "reports"]
        )
    ]
    assert names[:4] == ["a/sopa.md", "a/soup.md", "a/z.txt", "reports/c.md"]
    assert names[4] == "one.md"
    assert names[5] == "reports-2/B.md"
    assert len(names) == len(set(names))


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "a.png").write_bytes(b"\x89PNG")
    (folder / "c.txt").write_bytes(b"\x00\x01\x02\x03" * 9)
    out = tmp_path / "out.jsonl"
    shown = run(folder, "-o", out)
    assert shown.exit_code == 1
    assert "cannot read a.png: no reader for .png files" in shown.stderr
    assert "cannot read c.txt: binary data, not text" in shown.stderr
    assert len(records(out)) == 7
    assert "could not be read" in shown.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_name_that_is_no_text(folder: Path, tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(folder), b"caf\xe9.md"), "w") as stream:
        stream.write(REPORT)
    out = tmp_path / "out.jsonl"
    assert run(folder, "-o", out).exit_code == 0
    assert "caf\ufffd.md" in [r["source"]["path"] for r in records(out)]


def test_the_output_is_no_input(folder: Path) -> None:
    out = folder / "out.jsonl"
    assert run(folder, "-o", out).exit_code == 0
    first = out.read_bytes()
    assert run(folder, "-o", out).exit_code == 0
    assert out.read_bytes() == first


def test_the_output_is_replaced_in_one_step(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("as it was")

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "incidents", stop)
    with pytest.raises(KeyboardInterrupt):
        batch.convert(batch.walk([folder]), out)
    assert out.read_text() == "as it was"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.jsonl", "reports"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("-o", "out.xlsx"), "must end in .jsonl or .csv"),
        (("-o", "out.csv", "--with-text"), "goes with a .jsonl output only"),
        (("-o", "no/such/folder/out.csv"), "cannot write"),
        ((), "Missing option"),
    ],
    ids=["suffix", "text", "folder", "none"],
)
def test_wrong_use_is_told(folder: Path, arguments: tuple[str, ...], complaint: str) -> None:
    shown = run(folder, *arguments)
    assert shown.exit_code != 0
    assert complaint in shown.output
    assert "Traceback" not in shown.output


def test_csv_is_one_flat_row_an_incident(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run(folder, "-o", out).exit_code == 0
    with out.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [c.name for c in COLUMNS["incidents"]]
    assert [r["status"] for r in rows].count("ok") == 4
    assert rows[0]["title"] == "Checkout outage of 4 March 2024"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_words_are_no_formulas(title: str) -> None:
    assert batch._cell(title) == f"'{title}"


@pytest.mark.parametrize("value", ["+01:00", "-08:00", "a=b", "", 3, None, -2.5])
def test_csv_leaves_the_rest_alone(value: object) -> None:
    assert batch._cell(value) == value


@given(st.text(max_size=40))
def test_any_words_survive_csv(words: str) -> None:
    assert str(batch._cell(words)).removeprefix("'") == words.removeprefix("'")


def test_a_full_record_is_counted_in_every_field() -> None:
    summary = batch.Summary()
    summary.add([FULL, postmortem.parse("")])
    assert summary.fields == dict.fromkeys(batch.FIELDS, 1)


def test_a_defect_costs_one_report_and_not_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("# Outage\n\nThe site was down.\n", encoding="utf-8")

    def defective(source: Source, *, with_text: bool = False, model: None = None) -> tuple[Incident, ...]:
        if source.path == "a.md":
            raise ZeroDivisionError("by zero")
        return incidents(source, with_text=with_text)

    monkeypatch.setattr(batch, "incidents", defective)
    told: list[ReadError] = []
    summary = batch.convert(batch.walk([str(tmp_path)]), tmp_path / "out.jsonl", fail=told.append)
    assert [(error.path, "ZeroDivisionError" in error.reason) for error in told] == [("a.md", True)]
    assert (summary.files, summary.records) == (2, 1)
