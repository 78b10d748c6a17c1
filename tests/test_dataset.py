"""Datasets: tables that say what the records say, every file accounted for, and nothing done twice."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import faults
import postmortem
from conftest import SAMPLES
from examples import FULL
from postmortem import batch, dataset
from postmortem.batch import Options, Summary, Watch, versions
from postmortem.batch.plan import ends, shards
from postmortem.cli import main
from postmortem.frames import COLUMNS, tables
from postmortem.inputs import Item, items
from postmortem.record import Point

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
duckdb = pytest.importorskip("duckdb")

TOLD = Options(convert=faults.full, workers=1)


def make(folder: Path, count: int = 150) -> Path:
    """Files of their own text each: some three shards."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number:03d}.md").write_text(f"report {number}{' two' * (number % 5 == 0)}")
    return folder


def build(folder: Path, output: Path, options: Options = TOLD, said: list[str] | None = None) -> Summary:
    """Convert `folder`; in `said` what was said."""
    watch = Watch() if said is None else Watch(say=said.append)
    return batch.convert(items([folder], skip=[*output.rglob("*")]), output, options, watch)


def contents(output: Path) -> dict[str, Any]:
    """What a dataset says: every table's rows, and the records in their order."""
    found: dict[str, Any] = {
        table: pq.read_table(output / f"{table}.parquet").to_pylist() for table in COLUMNS
    }
    return found | {"records": [incident.to_dict() for incident in dataset.read_records(output)]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of the sample reports."""
    folder = tmp_path_factory.mktemp("dataset")
    shown = CliRunner().invoke(main, ["convert", str(SAMPLES), "-o", str(folder / "made"), "--workers", "1"])
    assert shown.exit_code == 0, shown.output
    return folder / "made"


@pytest.fixture(scope="module")
def incidents() -> list[postmortem.Incident]:
    settings = batch.Settings(batch.convert_item, with_text=True)
    return [incident for item in items([SAMPLES]) for incident in batch.convert_item(item, settings)]


def test_the_frames_are_those_of_the_records(made: Path, incidents: list[postmortem.Incident]) -> None:
    expected = postmortem.to_frames(incidents)
    for table, frame in postmortem.read_dataset(made)._asdict().items():
        pd.testing.assert_frame_equal(frame, getattr(expected, table))


def test_the_records_hold_their_text(made: Path, incidents: list[postmortem.Incident]) -> None:
    read = list(postmortem.read_records(made))
    assert [incident.to_dict() for incident in read] == [incident.to_dict() for incident in incidents]
    assert read[0].text
    assert read[0].source.text == read[0].text


def test_columns_are_documented_in_the_files(made: Path) -> None:
    for table, columns in COLUMNS.items():
        schema = pq.read_schema(made / f"{table}.parquet")
        assert schema.names == [column.name for column in columns]
        assert [field.metadata[b"meaning"].decode() for field in schema] == [c.meaning for c in columns]


def test_what_it_is_made_of_is_told(made: Path) -> None:
    told = json.loads((made / "dataset.json").read_text())
    assert told["made_by"]["version"] == postmortem.__version__
    assert told["files"] == {"empty": 1, "not_a_report": 1, "ok": 33, "unsupported_language": 1}
    assert told["rows"]["files"] == 36
    assert told["rows"]["incidents"] == 37
    assert sorted(told["records"]) == sorted(path.name for path in (made / "records").iterdir())


def test_duckdb_reads_it(made: Path) -> None:
    query = (
        f"SELECT COUNT(*) FROM '{made}/timeline.parquet' t JOIN '{made}/incidents.parquet' USING (path, id)"
    )
    assert duckdb.sql(query).fetchall()[0][0] == len(postmortem.read_dataset(made).timeline)
    lines = f"SELECT COUNT(*) FROM read_json('{made}/records/*.jsonl.gz')"
    assert duckdb.sql(lines).fetchall()[0][0] == 37


def test_a_folder_that_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no dataset"):
        postmortem.read_dataset(tmp_path)
    with pytest.raises(FileNotFoundError, match="no dataset"):
        next(postmortem.read_records(tmp_path))


def test_the_same_text_again_is_a_duplicate(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", 10)
    for name in ("0.md", "zz.txt"):
        (folder / name).write_text("report 3")
    (folder / "empty.md").write_text("")
    summary = build(folder, tmp_path / "out")
    assert (summary.files, summary.duplicates) == (13, 2)
    files = {row["name"]: row for row in contents(tmp_path / "out")["files"]}
    assert {n: r["duplicate_of"] for n, r in files.items() if r["status"] == "duplicate"} == {
        "003.md": "0.md",
        "zz.txt": "0.md",
    }
    assert len(postmortem.read_dataset(tmp_path / "out").incidents) == 11 + 2
    assert len(postmortem.read_dataset(tmp_path / "out", duplicates=True).incidents) == 13 + 2
    (folder / "0.md").unlink()  # the next one stands for all
    assert build(folder, tmp_path / "out").removed == 1
    files = {row["name"]: row for row in contents(tmp_path / "out")["files"]}
    assert (files["003.md"]["status"], files["zz.txt"]["duplicate_of"]) == ("ok", "003.md")


def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", 3)
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02\x03" * 9)
    summary = build(folder, tmp_path / "out")
    files = {
        row["name"]: (row["status"], row["reason"], row["records"])
        for row in contents(tmp_path / "out")["files"]
    }
    assert files == {
        "000.md": ("ok", None, 2),
        "001.md": ("ok", None, 1),
        "002.md": ("ok", None, 1),
        "bad.txt": ("failed", "binary data, not text", 0),
    }
    assert summary.reasons == {"binary data, not text": 1}


def test_only_what_is_new_or_changed_is_done(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in"), tmp_path / "out"
    assert build(folder, out).converted == 150
    (folder / "042.md").write_text("changed, two")
    (folder / "0421.md").write_text("new")
    (folder / "999.md").write_text("new, two")
    (folder / "100.md").unlink()
    summary = build(folder, out)
    assert (summary.converted, summary.skipped, summary.removed, summary.files) == (3, 148, 1, 151)
    assert [faults.tries(folder / f"{n:03d}.md") for n in (41, 42, 43, 999)] == [1, 2, 1, 1]
    build(folder, tmp_path / "anew")
    assert contents(out) == contents(tmp_path / "anew")
    assert sorted(p.name for p in (out / "records").iterdir()) == sorted(
        p.name for p in (tmp_path / "anew" / "records").iterdir()
    )


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in"), tmp_path / "out"
    build(folder, out)
    before = {path: path.stat().st_ino for path in out.iterdir()}
    summary = build(folder, out)
    assert (summary.converted, summary.skipped, summary.records) == (0, 150, 180)
    assert {path: path.stat().st_ino for path in out.iterdir()} == before


@pytest.mark.parametrize("lost", ["timeline.parquet", "records", "dataset.json"])
def test_what_was_deleted_is_written_again(lost: str, tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in", 10), tmp_path / "out"
    build(folder, out)
    before = contents(out)
    shutil.rmtree(out / lost) if lost == "records" else (out / lost).unlink()
    assert build(folder, out).converted == 0
    assert contents(out) == before


def test_a_store_of_another_release_is_made_anew(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in", 10), tmp_path / "out"
    build(folder, out)
    with closing(sqlite3.connect(out / ".work" / "store.sqlite")) as base:
        base.execute("PRAGMA user_version = 7")
        base.execute("ALTER TABLE shards DROP COLUMN last")
    assert build(folder, out).converted == 10


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in", 4), tmp_path / "out"
    (folder / "gone.md").symlink_to(folder / "later")
    assert build(folder, out).failed == 1
    (folder / "later").write_text("here now")
    summary = build(folder, out)
    assert (summary.failed, summary.converted, summary.skipped) == (0, 2, 4)


def test_fresh_does_everything_anew(tmp_path: Path) -> None:
    folder, out = make(tmp_path / "in", 5), tmp_path / "out"
    build(folder, out)
    said: list[str] = []
    assert build(folder, out, replace(TOLD, fresh=True), said).converted == 5
    assert said == []


def test_another_pipeline_is_noticed_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = make(tmp_path / "in", 5), tmp_path / "out"
    build(folder, out)
    before = versions.pipeline()
    monkeypatch.setattr(versions, "pipeline", lambda: {**before, "version": "9.9"})
    said: list[str] = []
    assert build(folder, out, TOLD, said).converted == 5
    assert said == [
        f"everything is converted anew, since this has changed: version ({postmortem.__version__} -> 9.9)"
    ]


def test_a_model_of_ones_own_is_another_pipeline(tmp_path: Path) -> None:
    settings = batch.Settings(faults.full)
    models = []
    for words in ("one", "two"):
        folder = tmp_path / words
        folder.mkdir()
        (folder / "model.json").write_text(words)
        (folder / "weights.npz").write_bytes(b"")
        models.append(versions.fingerprint(replace(settings, model=str(folder)))["model"])
    assert len({*models, versions.fingerprint(settings)["model"]}) == 3


def test_a_dataset_within_its_input_is_no_input(tmp_path: Path) -> None:
    folder = make(tmp_path / "in", 5)
    for _ in range(2):
        shown = CliRunner().invoke(main, ["convert", str(folder), "-o", str(folder / "out")])
        assert shown.exit_code == 0, shown.output
        assert "5 files" in shown.output


def test_readers_see_whole_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing is stopped at every table in turn: what is there can be read, and the next run completes it."""
    folder, out = make(tmp_path / "in", 20), tmp_path / "out"
    build(folder, out)
    (folder / "020.md").write_text("one more")
    write = dataset.write_table

    def failing(path: Path, table: str, pieces: Any) -> int:
        if table == "sections":
            path.write_bytes(b"half a table")
            raise OSError(28, "No space left on device")
        return write(path, table, pieces)

    with monkeypatch.context() as patch:
        patch.setattr(dataset, "write_table", failing)
        with pytest.raises(OSError, match="No space left"):
            build(folder, out)
    assert len(postmortem.read_dataset(out).sections) == 24
    assert [path.name for path in out.iterdir() if path.name.startswith(".sections")] == []
    summary = build(folder, out)
    assert (summary.converted, summary.skipped) == (0, 21)
    assert len(postmortem.read_dataset(out).sections) == 25


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "out.duckdb", "out.jsonl", "out.jsonl.gz"])
def test_single_files(name: str, tmp_path: Path) -> None:
    folder = make(tmp_path / "in")
    for _ in range(2):  # the second time over the first
        assert build(folder, tmp_path / name).records == 180
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["in", name])
    paths = _paths(tmp_path / name)
    assert paths == [f"{n:03d}.md" for n in range(150) for _ in range(1 + (n % 5 == 0))]
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _paths(output: Path) -> list[str]:
    match output.suffix:
        case ".csv":
            with output.open(newline="", encoding="utf-8") as stream:
                return [row["path"] for row in csv.DictReader(stream)]
        case ".parquet":
            found: list[str] = pq.read_table(output)["path"].to_pylist()
            return found
        case ".duckdb":
            with duckdb.connect(str(output), read_only=True) as base:
                assert {row[0] for row in base.sql("SHOW TABLES").fetchall()} == set(COLUMNS)
                assert base.sql("SELECT COUNT(*) FROM files").fetchall() == [(150,)]
                return [row[0] for row in base.sql("SELECT path FROM incidents").fetchall()]
    data = output.read_bytes()
    lines = gzip.decompress(data) if output.suffix == ".gz" else data
    return [json.loads(line)["source"]["path"] for line in lines.splitlines()]


@pytest.mark.parametrize(
    ("module", "name", "extra"),
    [
        ("pyarrow", "out", "dataset"),
        ("duckdb", "out.duckdb", "dataset"),
        ("distributed", "out.jsonl", "dask"),
    ],
)
def test_a_missing_library_is_named(
    module: str, name: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, module, raising=False)

    class Blocked:
        def find_spec(self, wanted: str, *_: object) -> None:
            if wanted == module:
                raise ImportError(module)

    monkeypatch.setattr(sys, "meta_path", [Blocked(), *sys.meta_path])
    folder = make(tmp_path / "in", 2)
    engine = ["--engine", "dask"] if extra == "dask" else []
    shown = CliRunner().invoke(main, ["convert", str(folder), "-o", str(tmp_path / name), *engine])
    assert shown.exit_code == 1
    assert f"needs {module}: pip install 'postmortem-pipeline[{extra}]'" in shown.stderr


def test_odd_values_can_be_stored() -> None:
    odd = replace(
        FULL,
        outage=replace(
            FULL.outage, start=Point("2023-02-30", "14:00", None, None, "2023-02-30T14:00:00", ())
        ),
        root_cause=replace(FULL.root_cause, statement="\ud800 caf\u00e9") if FULL.root_cause else None,
    )
    (row,) = dataset.to_arrow("incidents", tables(odd)["incidents"]).to_pylist()
    assert row["start_local"] is None
    assert row["root_cause"] == "\\ud800 caf\u00e9"
    packed = dataset.pack(dataset.to_arrow("incidents", tables(FULL)["incidents"]))
    assert dataset.unpack(packed).equals(dataset.to_arrow("incidents", tables(FULL)["incidents"]))


def test_one_file_more_changes_one_shard() -> None:
    names = [Item(f"{number}.md") for number in range(2000)]
    before = set(shards(names))
    after = set(shards([*names[:1000], Item("more.md"), *names[1000:]]))
    assert len(before) > 20
    assert len(after - before) == 1
    assert all(len(shard) <= 256 for shard in before)
    assert sum(ends(item.name, 1024) for item in names) <= sum(ends(item.name, 64) for item in names)


def test_large_items_make_small_shards() -> None:
    large = [Item(f"{number}", data=bytes(3_000_000)) for number in range(9)]
    assert max(len(shard) for shard in shards(large)) <= 3
