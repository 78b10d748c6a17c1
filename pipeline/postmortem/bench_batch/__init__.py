"""Batches measured: what more workers, more reports and the driver itself cost, as ratios of the same run.

``python -m postmortem.bench_batch [COUNT]`` makes an archive of COUNT reports and one of a tenth of that from the sample
reports, and converts them in processes of their own, so that the system's own accounts (processor time, most memory) tell of
one batch each.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from postmortem.bench import texts_of
from postmortem.bench_batch.archive import write

COUNT: Final = 20_000
_LEAST: Final = 400
"""Shorter samples are no reports."""
_BATCH: Final = """
import json, resource, sys, time
from postmortem import batch
from postmortem.inputs import items
start = time.perf_counter()
summary = batch.convert(items([sys.argv[1]]), sys.argv[2], batch.Options(workers=int(sys.argv[3])))
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "reports": summary.files, "failed": summary.failed, "seconds": time.perf_counter() - start,
    "driver_cpu": own.ru_utime + own.ru_stime, "workers_cpu": others.ru_utime + others.ru_stime,
    "driver_memory": own.ru_maxrss, "worker_memory": others.ru_maxrss}))
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: wall-clock and processor seconds; the most memory of the driver and of any one worker, in KB (on Linux)."""

    reports: int
    failed: int
    seconds: float
    driver_cpu: float
    workers_cpu: float
    driver_memory: int
    worker_memory: int

    @classmethod
    def run(cls, archive: Path, output: Path, workers: int) -> Self:
        """Convert `archive` to a dataset in a process of its own."""
        command = [sys.executable, "-c", _BATCH, str(archive), str(output), str(workers)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return cls(**json.loads(done.stdout.splitlines()[-1]))

    @property
    def rate(self) -> float:
        """Reports a second."""
        return self.reports / self.seconds


@dataclass(frozen=True, slots=True)
class Figures:
    """A tenth of the archive with one worker, all of it with one, all of it with two."""

    tenth: Batch
    one: Batch
    two: Batch

    @property
    def speed_up(self) -> float:
        """How many times faster two workers are than one."""
        return self.two.rate / self.one.rate

    @property
    def overhead(self) -> float:
        """The driver's processor time, as a share of the workers'."""
        return self.one.driver_cpu / self.one.workers_cpu

    @property
    def growth(self) -> tuple[float, float]:
        """The most memory of a worker, and of the driver, as a share of what a tenth of the reports took."""
        return (
            self.one.worker_memory / self.tenth.worker_memory,
            self.one.driver_memory / self.tenth.driver_memory,
        )


def measure(samples: str, count: int) -> Figures:
    """Make the archives from the reports below `samples` and convert them."""
    originals = [text for text in texts_of([samples]) if len(text) >= _LEAST]
    with tempfile.TemporaryDirectory(prefix="bench-batch-") as name:
        folder = Path(name)
        write(folder / "few", count // 10, originals)
        write(folder / "many", count, originals)
        return Figures(
            tenth=Batch.run(folder / "few", folder / "tenth", 1),
            one=Batch.run(folder / "many", folder / "one", 1),
            two=Batch.run(folder / "many", folder / "two", 2),
        )
