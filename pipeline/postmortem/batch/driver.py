"""The one loop that every engine shares: shards out, products in, each stored as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from postmortem.batch import plan
from postmortem.batch.engines import Engine
from postmortem.batch.model import LostError, Outcome, Product, Task
from postmortem.batch.store import Store
from postmortem.inputs import Item
from postmortem.read import ReadError


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what while a batch runs: `fail` of each file that failed, `step` of how many files are done in addition,
    `say` a sentence about the whole."""

    fail: Callable[[ReadError], None] = lambda error: None
    step: Callable[[int], None] = lambda count: None
    say: Callable[[str], None] = lambda sentence: None


@dataclass(slots=True)
class Driver:
    """One run over all items. `converted` counts the items that were tried, `skipped` those that an earlier run had done."""

    store: Store
    start: Callable[[], Engine]
    watch: Watch
    run: int
    converted: int = 0
    skipped: int = 0
    _engine: Engine | None = None
    _under_way: dict[Any, Task] = field(default_factory=dict)

    def go(self, items: Iterable[Item]) -> None:
        """Do what is to be done. The engine is started when there is something for it, and closed whatever happens."""
        try:
            self._submit_all(items)
            while self._under_way:
                self._collect()
        finally:
            if self._engine is not None:
                self._engine.close()

    def _submit_all(self, items: Iterable[Item]) -> None:
        first = 0
        for shard in plan.shards(items):
            if self.store.reuse(shard, self.run, first):
                self.skipped += len(shard)
                self.watch.step(len(shard))
            else:
                self._submit(self._task(shard, first))
            first += len(shard)

    def _task(self, items: tuple[Item, ...], first: int) -> Task:
        kept, old = self.store.kept(items)
        return Task(first, items, kept, old)

    def _submit(self, task: Task) -> None:
        if self._engine is None:
            self._engine = self.start()
        while len(self._under_way) >= self._engine.slots():
            self._collect()
        self._under_way[self._engine.submit(task)] = task

    def _collect(self) -> None:
        """Wait for a shard or more, and store what they came to."""
        assert self._engine is not None
        for future in self._engine.wait(self._under_way):
            task = self._under_way.pop(future)
            try:
                self._done(task, self._engine.product(future))
            except LostError as error:
                self._halve(task, str(error))

    def _done(self, task: Task, product: Product) -> None:
        self.store.add(product, self.run, task.first)
        self.skipped += len(task.kept)
        self.converted += len(task.items) - len(task.kept)
        for outcome in product.outcomes:
            if outcome.status == "failed":
                self.watch.fail(ReadError(outcome.name, outcome.reason or ""))
        self.watch.step(len(task.items))

    def _halve(self, task: Task, reason: str) -> None:
        """A shard was lost as a whole: its halves are tried, down to the one item that is to blame."""
        if len(task.items) == 1:
            item = task.items[0]
            outcome = Outcome(item.name, item.stamp, "failed", reason)
            self._done(replace(task, kept={}), Product((outcome,), b"", {}))
            return
        middle = len(task.items) // 2
        for items, first in ((task.items[:middle], task.first), (task.items[middle:], task.first + middle)):
            self._submit(self._task(items, first))
