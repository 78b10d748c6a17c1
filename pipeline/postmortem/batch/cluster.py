"""Shards on a Dask cluster.

Each Dask worker keeps worker processes of its own (`postmortem.batch.crew`), one a thread: a report that kills or hangs one
does not cost the Dask worker. Should that die itself, Dask gives its shard to another.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from postmortem.batch.crew import Crew
from postmortem.batch.engines import AHEAD
from postmortem.batch.model import BatchError, LostError, Product, Settings, Task
from postmortem.batch.versions import pipeline
from postmortem.dataset import need

_PATIENCE = "30s"


class Dask:
    """The cluster of `scheduler` (``tcp://host:port``), or one of `workers` processes on this machine where that is ``None``.

    Raises `BatchError` where there is no such scheduler, `MissingExtraError` without distributed.
    """

    def __init__(self, settings: Settings, workers: int, scheduler: str | None) -> None:
        self._distributed = need("distributed", "dask", "--engine dask")
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = self._distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=":0"
            )
        try:
            self._client = self._distributed.Client(self._cluster or scheduler, timeout=_PATIENCE)
        except (OSError, ValueError) as error:
            raise BatchError(f"no Dask scheduler at {scheduler}: {error}") from error
        self._name = f"postmortem-{secrets.token_hex(4)}"  # several batches may share a cluster
        self._client.register_plugin(_plugin(settings, pipeline()), name=self._name)

    def slots(self) -> int:
        """Workers come and go: this is asked again and again."""
        threads: dict[str, int] = self._client.nthreads()
        return AHEAD * max(sum(threads.values()), 1)

    def submit(self, task: Task) -> Any:
        return self._client.submit(_on_worker, task, self._name, pure=False)

    def wait(self, futures: Collection[Any]) -> Collection[Any]:
        found: Collection[Any] = self._distributed.wait(list(futures), return_when="FIRST_COMPLETED").done
        return found

    def product(self, future: Any) -> Product:
        try:
            product: Product = future.result()
        except self._distributed.KilledWorker as error:
            raise LostError("ended its Dask workers") from error
        except (OSError, self._distributed.CancelledError) as error:
            raise BatchError(f"the Dask cluster is lost: {error}") from error
        return product

    def close(self) -> None:
        try:
            self._client.unregister_worker_plugin(self._name)
        except (OSError, ValueError, KeyError):
            pass  # the cluster is gone, and its workers with it
        finally:
            self._client.close()
            if self._cluster is not None:
                self._cluster.close()


def _plugin(settings: Settings, wanted: dict[str, str]) -> Any:
    """A crew for each Dask worker, present and future, if it has the same pipeline as the driver."""
    from distributed import WorkerPlugin

    class CrewPlugin(WorkerPlugin):
        def setup(self, worker: Any) -> None:
            self.crew = Crew(settings)
            same = _release(pipeline()) == _release(wanted)
            self.refusal = None if same else f"another pipeline is installed on {worker.address}"

        def teardown(self, worker: Any) -> None:
            self.crew.close()

    return CrewPlugin()


def _release(pipeline: dict[str, str]) -> dict[str, str]:
    """What has to be the same everywhere: all but the digest of the code, which differs with its line ends."""
    return {name: value for name, value in pipeline.items() if name != "code"}


def _on_worker(task: Task, name: str) -> Product:
    from distributed import get_worker

    plugin: Any = get_worker().plugins[name]
    if plugin.refusal is not None:
        raise BatchError(plugin.refusal)
    product: Product = plugin.crew.run(task)
    return product
