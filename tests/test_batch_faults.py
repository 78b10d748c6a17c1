"""Batches under fire: workers and drivers that are killed, reports that never end, files that go away, disks that are full."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

import faults
from examples import REPORT
from postmortem import batch
from postmortem.batch import Options, Watch
from postmortem.batch.driver import Driver
from postmortem.batch.model import LostError, Product, Settings, Task
from postmortem.batch.shard import convert_shard
from postmortem.batch.store import Store
from postmortem.cli import main
from postmortem.inputs import Item, items
from postmortem.read import ReadError

HERE = Path(__file__).parent
TOLD = Options(convert=faults.convert, timeout=1.0, workers=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """150 harmless files: some three shards."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number:03d}.md").write_text(f"report {number}", encoding="utf-8")
    return folder


def run(*arguments: object, options: Options | None = None) -> Result:
    """The command; with `options`, with what they say where the command line says nothing."""
    with pytest.MonkeyPatch.context() as patch:
        if options is not None:
            patch.setattr(batch, "Options", partial(Options, convert=options.convert))
        return CliRunner().invoke(main, ["convert", *map(str, arguments)])


def names(output: Path) -> list[str]:
    return [json.loads(line)["source"]["path"] for line in output.read_text("utf-8").splitlines()]


def all_but(folder: Path, *failed: str) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name[0] != "." and p.name not in failed)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("text", "reason", "tries"),
    [
        (faults.KILLS, "ended the worker process (SIGKILL, perhaps out of memory)", 2),
        (faults.HANGS, "took longer than 1 s", 1),
    ],
    ids=["kills", "hangs in C code"],
)
def test_a_report_that_ends_its_worker_costs_itself_alone(
    text: str, reason: str, tries: int, workers: int, folder: Path, tmp_path: Path
) -> None:
    (folder / "077.md").write_text(text)
    out = tmp_path / "out.jsonl"
    shown = run(folder, "-o", out, "--workers", workers, "--timeout", 1, options=TOLD)
    assert shown.exit_code == 1, shown.output
    assert shown.stderr == f"cannot read 077.md: {reason}\n"
    assert names(out) == all_but(folder, "077.md")
    assert faults.tries(folder / "077.md") == tries
    assert faults.tries(folder / "149.md") == 1


def test_several_of_them_in_one_shard_and_at_its_ends(folder: Path, tmp_path: Path) -> None:
    bad = ["000.md", "001.md", "076.md", "149.md"]
    for name in bad:
        (folder / name).write_text(faults.KILLS)
    told: list[ReadError] = []
    out = tmp_path / "out.jsonl"
    summary = batch.convert(items([folder]), out, TOLD, Watch(fail=told.append))
    assert sorted(error.path for error in told) == bad
    assert (summary.files, summary.failed) == (150, 4)
    assert names(out) == all_but(folder, *bad)


def test_a_worker_that_dies_for_another_reason_costs_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "030.md").write_text(faults.KILLS_ONCE)
    out = tmp_path / "out.jsonl"
    assert batch.convert(items([folder]), out, TOLD).failed == 0
    assert names(out) == all_but(folder)


def test_workers_killed_from_outside(folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("*.md"):
        path.write_text(faults.SLOW)
    out = tmp_path / "out.jsonl"
    process = driver(folder, out)
    _until(lambda: faults.tries(folder / "005.md"))
    killed = [pid for pid in children(process.pid) if kill(pid)]
    assert process.wait(60) == 0
    assert killed
    assert names(out) == all_but(folder)


def test_a_worker_that_cannot_start_is_no_endless_loop(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(batch.BatchError, match="ended before it was ready"):
        batch.convert(items([folder]), tmp_path / "out.jsonl", Options(convert=_nobody(), workers=1))
    assert not (tmp_path / "out.jsonl").exists()


def _nobody() -> Any:
    """A function that no other process can import."""

    def convert(item: Item, settings: Settings) -> Any:
        raise AssertionError

    convert.__module__, convert.__qualname__ = "faults", "gone"
    faults.gone = convert  # type: ignore[attr-defined]
    return convert


class Unlucky:
    """An engine whose shards get lost for as long as one item is among theirs."""

    def __init__(self, settings: Settings, culprit: str) -> None:
        self.settings, self.culprit = settings, culprit
        self.tasks: list[Task] = []

    def slots(self) -> int:
        return 2

    def submit(self, task: Task) -> int:
        self.tasks.append(task)
        return len(self.tasks) - 1

    def wait(self, futures: Iterable[Any]) -> list[Any]:
        return list(futures)[:1]

    def product(self, future: int) -> Product:
        task = self.tasks[future]
        if self.culprit in [item.name for item in task.items]:
            raise LostError("out of memory")
        return convert_shard(task, self.settings)

    def close(self) -> None:
        pass


def test_a_lost_shard_is_halved_down_to_the_culprit(folder: Path, tmp_path: Path) -> None:
    settings = Settings(convert=faults.convert)
    store = Store(tmp_path / "store.sqlite")
    told: list[ReadError] = []
    Driver(store, lambda: Unlucky(settings, "051.md"), Watch(fail=told.append), 1).go(items([folder]))
    assert [(error.path, error.reason) for error in told] == [("051.md", "out of memory")]
    assert [outcome.name for outcome, _ in store.outcomes(1)] == all_but(folder)
    lines = b"".join(store.records(shard.id) for shard in store.shards(1)).splitlines()
    assert [json.loads(line)["source"]["path"] for line in lines] == all_but(folder, "051.md")
    store.close()


def driver(folder: Path, output: Path, *arguments: str, limit: int | None = None) -> subprocess.Popen[str]:
    """The command as a process of its own, with records that are made without parsing."""
    script = (
        "import functools, faults; from postmortem import batch; from postmortem.cli import main\n"
        "batch.Options = functools.partial(batch.Options, convert=faults.convert)\n"
        f"main(['convert', {str(folder)!r}, '-o', {str(output)!r}, '--workers', '2', *{list(arguments)!r}])"
    )

    def limited() -> None:
        # Where the tests run in the background of a shell, it is ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limited,
    )


def children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


def kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("name", ["out.jsonl", "dataset"])
def test_a_killed_driver_goes_on_where_it_stopped(name: str, folder: Path, tmp_path: Path) -> None:
    for number in range(400):
        (folder / f"{number:03d}.md").write_text(faults.SLOW)
    out = tmp_path / name
    work = out / ".work" if name == "dataset" else tmp_path / f".{name}.work"
    process = driver(folder, out)
    _until(lambda: _stored(work / "store.sqlite"))
    process.kill()
    process.wait()
    assert not out.is_file()
    again = driver(folder, out)
    shown, _ = again.communicate(timeout=60)
    assert again.returncode == 0
    skipped = next(int(line.split()[-1]) for line in shown.splitlines() if "an earlier run" in line)
    tried = [faults.tries(path) for path in sorted(folder.glob("*.md"))]
    assert 0 < skipped < 400
    assert sum(tried) <= 400 + 400 - skipped
    assert tried.count(1) >= skipped
    if name == "out.jsonl":
        assert names(out) == all_but(folder)
        assert not work.exists()


def _until(true: Any) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def _stored(path: Path) -> bool:
    """Whether a shard is in the store's log: the driver has locked the file itself."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and b".md" in log.read_bytes()


def test_one_driver_at_a_time(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    store = Store(tmp_path / ".out.jsonl.work" / "store.sqlite")
    shown = run(folder, "-o", out, options=TOLD)
    store.close()
    assert shown.exit_code == 1
    assert "another process is at work on this output" in shown.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "dataset"])
def test_writing_fails(name: str, folder: Path, tmp_path: Path) -> None:
    """A file that may not grow, as on a full disk: what was there stays, and what was done is not done again."""
    for path in folder.glob("*.md"):
        path.write_text("x" * 2000)
    out = tmp_path / name
    if name != "dataset":
        out.write_text("as it was")
    process = driver(folder, out, limit=100_000)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"cannot write {out}" in complaint
    assert "Traceback" not in complaint
    if name != "dataset":
        assert out.read_text() == "as it was"
    done = driver(folder, out)
    shown, _ = done.communicate(timeout=60)
    assert done.returncode == 0, shown
    assert "150 files, 150 records" in shown


def test_a_damaged_store_is_told(folder: Path, tmp_path: Path) -> None:
    work = tmp_path / ".out.jsonl.work"
    work.mkdir()
    (work / "store.sqlite").write_bytes(b"this is no data base, and never was one" * 100)
    shown = run(folder, "-o", tmp_path / "out.jsonl", options=TOLD)
    assert shown.exit_code == 1
    assert "remove it to do everything anew" in shown.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no files")
def test_a_target_that_takes_no_files(folder: Path) -> None:
    shown = run(folder, "-o", "/proc/out.jsonl", options=TOLD)
    assert shown.exit_code == 1
    assert "cannot write /proc/out.jsonl" in shown.stderr


def test_a_file_that_vanishes(folder: Path, tmp_path: Path) -> None:
    def listed() -> Iterator[Item]:
        for item in items([folder]):
            if item.name == "100.md":
                (folder / item.name).unlink()
            yield item

    told: list[ReadError] = []
    out = tmp_path / "out.jsonl"
    summary = batch.convert(listed(), out, TOLD, Watch(fail=told.append))
    assert [(error.path, error.reason) for error in told] == [("100.md", "no such file")]
    assert summary.failed == 1
    assert names(out) == all_but(folder)


def test_hostile_files(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "good.md").write_text(REPORT, encoding="utf-8")
    (folder / "bytes.txt").write_bytes(bytes(range(256)) * 40)
    with open(folder / "huge.txt", "wb") as stream:
        stream.truncate(200_000_000)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.md", bytes(50_000_000))
        archive.writestr("fine.md", REPORT)
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    out = tmp_path / "out.jsonl"
    shown = run(folder, "-o", out, "--workers", 1)
    assert shown.exit_code == 1
    named = [line.split(":")[0].removeprefix("cannot read ") for line in shown.stderr.splitlines()]
    assert sorted(named) == ["bomb.zip/zeros.md", "bytes.txt", "gone.md", "huge.txt"]
    assert names(out) == ["bomb.zip/fine.md", "good.md"]


def test_ctrl_c_keeps_what_was_done(folder: Path, tmp_path: Path) -> None:
    for number in range(400):
        (folder / f"{number:03d}.md").write_text(faults.SLOW)
    out = tmp_path / "out.jsonl"
    process = driver(folder, out)
    _until(lambda: _stored(tmp_path / ".out.jsonl.work" / "store.sqlite"))
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert complaint == "stopped; the same command goes on from here\n"
    assert workers
    _until(lambda: not any(map(psutil.pid_exists, workers)))
    with sqlite3.connect(tmp_path / ".out.jsonl.work" / "store.sqlite") as base:
        assert base.execute("SELECT COUNT(*) FROM files").fetchone()[0] > 0
