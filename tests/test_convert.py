"""Batches: every file once, in order, whatever happens to one of them."""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import faults
import postmortem
from conftest import SAMPLES
from examples import FULL, REPORT
from postmortem import batch
from postmortem.batch import Options, Settings
from postmortem.batch.model import Outcome, Task
from postmortem.batch.shard import convert_shard
from postmortem.bench import texts_of
from postmortem.bench_batch import measure
from postmortem.bench_batch.archive import write
from postmortem.cli import main
from postmortem.frames import COLUMNS
from postmortem.inputs import Item, items
from postmortem.record import Incident
from postmortem.spreadsheet import cell

PLAIN = Options(convert=faults.convert, workers=1)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments)])


def quick(*arguments: object, stdin: str | None = None) -> Result:
    """The command with records that are made without parsing, for whatever is not about what stands in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "Options", partial(Options, convert=faults.convert))
        return CliRunner().invoke(main, ["convert", *map(str, arguments)], input=stdin)


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
    shown = run(folder, "--output", out, "--workers", 1)
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


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "a.png").write_bytes(b"\x89PNG")
    (folder / "c.txt").write_bytes(b"\x00\x01\x02\x03" * 9)
    out = tmp_path / "out.jsonl"
    shown = quick(folder, "-o", out)
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
    assert quick(folder, "-o", out).exit_code == 0
    assert "caf\ufffd.md" in [r["source"]["path"] for r in records(out)]


def test_the_output_is_no_input(folder: Path) -> None:
    out = folder / "out.jsonl"
    assert quick(folder, "-o", out).exit_code == 0
    first = out.read_bytes()
    assert quick(folder, "-o", out).exit_code == 0
    assert out.read_bytes() == first


def test_the_output_is_replaced_in_one_step(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("as it was")

    def stopped() -> Iterator[Item]:
        yield from items([folder])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.convert(stopped(), out, PLAIN)
    assert out.read_text() == "as it was"
    assert sorted(p.name for p in tmp_path.iterdir()) == [".out.jsonl.work", "out.jsonl", "reports"]
    assert batch.convert(items([folder]), out, PLAIN).files == 7
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.jsonl", "reports"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("-o", "out.xlsx"), "must end in .jsonl, .jsonl.gz, .csv, .parquet, .duckdb, or be a folder"),
        (("-o", ".."), "it is a folder with other things in it"),
        (("-o", "out.jsonl", "--scheduler", "tcp://x:1"), "goes with --engine dask only"),
        (("no-such-folder", "-o", "out.jsonl"), "'no-such-folder' does not exist"),
        (("-o", "out.csv", "--with-text"), "goes with a .jsonl output only"),
        (("-o", "no/such/folder/out.csv"), "cannot write"),
        ((), "Missing option"),
    ],
    ids=["suffix", "not ours", "scheduler", "input", "text", "folder", "none"],
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
    assert cell(title) == f"'{title}"


@pytest.mark.parametrize("value", ["+01:00", "-08:00", "a=b", "", 3, None, -2.5])
def test_csv_leaves_the_rest_alone(value: object) -> None:
    assert cell(value) == value


@given(st.text(max_size=40))
def test_any_words_survive_csv(words: str) -> None:
    assert str(cell(words)).removeprefix("'") == words.removeprefix("'")


def test_a_full_record_is_counted_in_every_field() -> None:
    outcome = Outcome(
        "a.md", "", "ok", records=2, fields=convert_shard(TWO, Settings(told)).outcomes[0].fields
    )
    summary = batch.Summary.of([(outcome, None), (replace(outcome, name="b.md"), "a.md")])
    assert summary.fields == dict.fromkeys(batch.FIELDS, 2)
    assert (summary.files, summary.records, summary.duplicates) == (2, 4, 1)


def told(item: Item, settings: Settings) -> tuple[Incident, ...]:
    return FULL, postmortem.parse("")


TWO = Task(0, (Item("a.md", text="two"),))


def test_a_defect_costs_one_report_and_not_the_batch() -> None:
    def defective(item: Item, settings: Settings) -> tuple[Incident, ...]:
        if item.name == "a.md":
            raise ZeroDivisionError("by zero")
        return told(item, settings)

    product = convert_shard(Task(0, (Item("a.md"), Item("b.md"))), Settings(defective))
    assert [(o.name, o.status, o.records) for o in product.outcomes] == [
        ("a.md", "failed", 0),
        ("b.md", "ok", 2),
    ]
    assert product.outcomes[0].reason == "a defect of this program: ZeroDivisionError: by zero"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some two hundred reports in every format: several shards."""
    folder = tmp_path_factory.mktemp("archive")
    write(folder, 200, [text for text in texts_of([str(SAMPLES)]) if len(text) > 400], seed=3)
    return folder


@pytest.fixture(scope="module")
def lines(archive: Path) -> bytes:
    """What the records of the archive are, made one after another in this process."""
    settings = Settings(batch.convert_item, with_text=True)
    told = (batch.convert_item(item, settings) for item in items([archive]))
    return b"".join((i.to_json() + "\n").encode("utf-8", "backslashreplace") for found in told for i in found)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_same_bytes_for_any_number_of_workers(
    workers: int, archive: Path, lines: bytes, tmp_path: Path
) -> None:
    assert lines.count(b"\n") >= 200
    out = tmp_path / "out.jsonl.gz"
    assert run(archive, "-o", out, "--with-text", "--workers", workers).exit_code == 0
    assert gzip.decompress(out.read_bytes()) == lines
    assert out.read_bytes()[4:10] == bytes(4) + b"\x00\xff"  # no time, no system


def test_the_archive_is_the_same_every_time(archive: Path, tmp_path: Path) -> None:
    write(tmp_path, 200, [text for text in texts_of([str(SAMPLES)]) if len(text) > 400], seed=3)
    written = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {p.relative_to(archive): p.read_bytes() for p in archive.rglob("*") if p.is_file()}
    texts = [item.data or item.text or (item.path and item.path.read_bytes()) for item in items([archive])]
    assert len(set(texts)) == len(texts) == 200


def test_patterns_lists_and_columns(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    out = tmp_path / "out.jsonl"
    assert quick("a/*.txt", "-o", out, "--workers", 1).exit_code == 0
    assert [r["source"]["path"] for r in records(out)] == ["z.txt"]
    shown = quick("--files-from", "-", "-o", out, stdin="b.md\na/z.txt\n")
    assert shown.exit_code == 0, shown.output
    assert [r["source"]["path"] for r in records(out)] == ["b.md", "a/z.txt"]
    table = tmp_path / "t.csv"
    table.write_text("key,body\n7,The site was down from 10:00 to 11:00 UTC because a disk failed.\n")
    shown = quick(table, "-o", out, "--text-column", "body", "--id-column", "key")
    assert shown.exit_code == 0, shown.output
    (record,) = records(out)
    assert "7" in record["source"]["path"]
    assert record["status"] == "ok"


def test_the_size_limit(folder: Path, tmp_path: Path) -> None:
    shown = quick(folder, "-o", tmp_path / "out.jsonl", "--max-size", "0.0004")
    assert shown.exit_code == 1
    assert "cannot read b.md: larger than 0.0004 MB" in shown.stderr


def test_batches_are_measured() -> None:
    found = measure(str(SAMPLES), 20)
    assert (found.tenth.reports, found.one.reports, found.two.reports) == (2, 20, 20)
    assert found.one.failed == 0
    assert found.overhead > 0
    assert all(share > 0.5 for share in found.growth)
