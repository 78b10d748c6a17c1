"""Batches on a Dask cluster: a real scheduler and two worker processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import faults
from conftest import SAMPLES
from postmortem import batch
from postmortem.batch import Options, Watch
from postmortem.cli import main
from postmortem.inputs import items
from postmortem.read import ReadError

distributed = pytest.importorskip("distributed")

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process under a nanny that starts it again when it dies."""
    folder = tmp_path_factory.mktemp("dask")
    where = folder / "scheduler.json"
    # The workers import the functions of these tests.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)])}
    common = ["--scheduler-file", str(where)]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *common]]
    commands += [
        [
            "worker",
            "--host",
            "127.0.0.1",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--local-directory",
            str(folder),
            *common,
        ]
    ] * 2
    processes = []
    with open(folder / "log", "wb") as log:
        for command in commands:
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command],
                    env=environment,
                    stdout=log,
                    stderr=log,
                    cwd=folder,
                )
            )
            while command[0] == "scheduler" and not where.exists():
                assert processes[0].poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
        address = json.loads(where.read_text())["address"]
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03d}.md").write_text(faults.SLOW)
    return folder


def names(output: Path) -> list[str]:
    return [json.loads(line)["source"]["path"] for line in output.read_text("utf-8").splitlines()]


def test_the_same_bytes_as_without_a_cluster(scheduler: str, tmp_path: Path) -> None:
    runner = CliRunner()
    arguments = [
        "convert",
        str(SAMPLES / "night-batch.txt"),
        str(SAMPLES / "edge-lb.md"),
        "--with-text",
        "-o",
    ]
    shown = runner.invoke(
        main, [*arguments, str(tmp_path / "a.jsonl"), "--engine", "dask", "--scheduler", scheduler]
    )
    assert shown.exit_code == 0, shown.output
    assert runner.invoke(main, [*arguments, str(tmp_path / "b.jsonl"), "--workers", "1"]).exit_code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_dask_worker_that_is_killed_costs_nothing(scheduler: str, folder: Path, tmp_path: Path) -> None:
    (folder / "150.md").write_text(faults.KILLS)
    (folder / "250.md").write_text(faults.HANGS)
    with distributed.Client(scheduler) as client:
        (victim, *_) = client.run(os.getpid).values()

    def murder() -> None:
        while sum(map(faults.tries, folder.glob("*.md"))) < 60:
            time.sleep(0.02)
        os.kill(victim, signal.SIGKILL)

    threading.Thread(target=murder, daemon=True).start()
    told: list[ReadError] = []
    out = tmp_path / "out.jsonl"
    options = Options(convert=faults.convert, engine="dask", scheduler=scheduler, timeout=1.0)
    summary = batch.convert(items([folder]), out, options, Watch(fail=told.append))
    assert sorted(error.path for error in told) == ["150.md", "250.md"]
    assert (summary.files, summary.failed) == (300, 2)
    assert names(out) == [f"{n:03d}.md" for n in range(300) if n not in (150, 250)]
    with distributed.Client(scheduler) as client:
        client.wait_for_workers(2, timeout=60)
        assert victim not in client.run(os.getpid).values()


def test_no_scheduler_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postmortem.batch.cluster._PATIENCE", "1s")
    out = tmp_path / "out.jsonl"
    command = [
        "convert",
        str(SAMPLES),
        "-o",
        str(out),
        "--engine",
        "dask",
        "--scheduler",
        "tcp://127.0.0.1:9",
    ]
    shown = CliRunner().invoke(main, command)
    assert shown.exit_code == 1
    assert "no Dask scheduler at tcp://127.0.0.1:9" in shown.stderr
    assert not out.exists()


def test_a_cluster_of_its_own(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    monitor = Options(convert=faults.convert, engine="dask", workers=1)
    # Workers of a local cluster are started from here and find what is found from here.
    assert batch.convert(items([str(folder / "00*.md")]), out, monitor).files == 10
    assert names(out) == [f"{n:03d}.md" for n in range(10)]
