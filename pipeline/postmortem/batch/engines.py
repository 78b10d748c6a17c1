"""Where shards are converted: worker processes here, or a Dask cluster (`postmortem.batch.cluster`), by the same few methods."""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, Final, Protocol

from postmortem.batch.crew import Crew
from postmortem.batch.model import Product, Settings, Task

AHEAD: Final = 2
"""Shards under way for each worker: one that it converts, one that waits for it."""


class Engine(Protocol):
    """What the driver needs of an engine; `Any` stands for the engine's own futures."""

    def slots(self) -> int:
        """How many shards should be under way."""

    def submit(self, task: Task) -> Any:
        """Have a task converted; return its future."""

    def wait(self, futures: Collection[Any]) -> Collection[Any]:
        """Wait until at least one of the futures is done; return those that are."""

    def product(self, future: Any) -> Product:
        """Return a done future's product. Raises `LostError` for a shard that no worker could finish, `BatchError`."""

    def close(self) -> None:
        """Stop everything at once."""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


class Local:
    """Worker processes on this machine, each with a thread of the driver that waits for it."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._workers = workers
        self._crew = Crew(settings)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="shard")

    def slots(self) -> int:
        return AHEAD * self._workers

    def submit(self, task: Task) -> Future[Product]:
        return self._threads.submit(self._crew.run, task)

    def wait(self, futures: Collection[Future[Product]]) -> Collection[Future[Product]]:
        return wait(futures, return_when=FIRST_COMPLETED).done

    def product(self, future: Future[Product]) -> Product:
        return future.result()

    def close(self) -> None:
        self._crew.close()
        self._threads.shutdown(cancel_futures=True)
