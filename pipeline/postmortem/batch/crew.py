"""Worker processes and what to do when one dies: the report that was begun last is to blame, and nothing else."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from postmortem.batch import wire
from postmortem.batch.model import BatchError, LostError, Product, Settings, Task

_TRIES: Final = 2
# The same places to import from as here; nothing of the folder that the command is run in gets between (-P).
_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from postmortem.batch.worker import main; main()"
)


class Crew:
    """Worker processes that convert shards for any number of threads: each has one for as long as its shard takes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def run(self, task: Task) -> Product:
        """Return what a task's items come to. A report that ends its worker twice, or takes too long, is a failed one.

        Raises `LostError` where workers die over no report in particular, `BatchError` where none can work.
        """
        deaths: Counter[int] = Counter()
        failures = dict(task.failures)
        while True:
            worker = self._take()
            try:
                product = worker.run(replace(task, failures=failures))
            except DiedError as death:
                self._drop(worker)
                if self._closed:
                    raise LostError("stopped") from death
                deaths[death.position] += 1
                if 0 <= death.position < len(task.items):
                    if death.over_time or deaths[death.position] == _TRIES:
                        failures[death.position] = death.reason
                elif deaths[death.position] == _TRIES:
                    raise LostError(death.reason) from death
                continue
            with self._lock:
                self._idle.append(worker)
            return product

    def close(self) -> None:
        """End all workers, idle or not."""
        with self._lock:
            self._closed = True
            workers = list(self._all)
        for worker in workers:
            worker.end()

    def _take(self) -> Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        for _ in range(_TRIES - 1):
            with suppress(BatchError):
                return self._start()
        return self._start()

    def _start(self) -> Worker:
        with self._lock:
            if self._closed:
                raise LostError("stopped")
            worker = Worker(self._settings)
            self._all.add(worker)
        try:
            worker.greet()
        except BatchError:
            self._drop(worker)
            raise
        return worker

    def _drop(self, worker: Worker) -> None:
        worker.end()
        with self._lock:
            self._all.discard(worker)


class DiedError(Exception):
    """A worker that is gone. `position` is of the report that it had begun last, -1 before the first."""

    def __init__(self, position: int, reason: str, *, over_time: bool) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason
        self.over_time = over_time


class Worker:
    """One worker process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        command = [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path)]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise BatchError(f"cannot start a worker process: {error.strerror}") from error

    def greet(self) -> None:
        """Tell the process what it is to do, and wait until it is ready. Raises `BatchError` where it will not be."""
        try:
            wire.send(self._stdin, wire.TASK, self._settings)
            wire.receive(self._stdout)
        except (OSError, EOFError) as error:
            raise BatchError(f"a worker process ended before it was ready ({self._ending()})") from error

    def run(self, task: Task) -> Product:
        """Return what a task comes to. Raises `DiedError`."""
        position, began = -1, time.monotonic()
        try:
            wire.send(self._stdin, wire.TASK, task)
            while True:
                letter, content = wire.receive(self._stdout)
                if letter == wire.PRODUCT:
                    product: Product = content
                    return product
                position, began = content, time.monotonic()
        except (OSError, EOFError) as error:
            taken = time.monotonic() - began
            raise self._death(position, taken) from error

    def end(self) -> None:
        """Kill the process, if it still lives, and forget it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):
                stream.close()

    def _death(self, position: int, taken: float) -> DiedError:
        code = self._process.wait()
        limit = self._settings.timeout
        alarm = getattr(signal, "SIGALRM", None)
        if limit and (code == -alarm if alarm else taken >= limit):
            return DiedError(position, f"took longer than {limit:g} s", over_time=True)
        return DiedError(position, f"ended the worker process ({self._ending()})", over_time=False)

    def _ending(self) -> str:
        code = self._process.wait()
        if code >= 0:
            return f"exit code {code}"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"{name}, perhaps out of memory" if name == "SIGKILL" else name

    @property
    def _stdin(self) -> Any:
        return self._process.stdin

    @property
    def _stdout(self) -> Any:
        return self._process.stdout
