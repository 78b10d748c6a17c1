"""Batches: many reports to one output, every file accounted for, whatever happens to one of them or to the batch.

The driver (`driver`) cuts the items into shards (`plan`), has each converted by an engine (`engines`, `cluster`: worker
processes here or on a Dask cluster; `crew`, `worker`, `shard`), and stores what comes back (`store`) until the output is
written from there (`output`). What a run has stored, the next one does not do again.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Literal

from postmortem.batch.driver import Driver, Watch
from postmortem.batch.engines import Engine, Local, cores
from postmortem.batch.model import FIELDS, BatchError, Settings
from postmortem.batch.output import FORMATS, WORK, format_of, is_whole, publish, work_folder
from postmortem.batch.shard import convert_item
from postmortem.batch.store import Store
from postmortem.batch.summary import Summary
from postmortem.batch.versions import fingerprint
from postmortem.dataset import MANIFEST, need
from postmortem.inputs import Item, Limits
from postmortem.record import Incident

__all__ = [
    "FIELDS",
    "FORMATS",
    "BatchError",
    "Options",
    "Settings",
    "Summary",
    "Watch",
    "convert",
    "convert_item",
    "format_of",
]


@dataclass(frozen=True, slots=True)
class Options:
    """How a batch is done.

    `with_text` keeps the text as read in the records (those of a dataset always hold it); `model` is the folder of a model
    for the categories. `workers` processes share the work (``None``: one for each processor), here or with the engine
    ``"dask"`` on the cluster of `scheduler` (``tcp://host:port``; ``None``: one on this machine). A report that takes longer
    than `timeout` seconds (``None``: no limit) or is larger than `limits` is a failed file. `fresh` does everything anew.
    `convert` gives the records of an item: a function that other processes can import.
    """

    with_text: bool = False
    model: str | os.PathLike[str] | None = None
    workers: int | None = None
    engine: Literal["local", "dask"] = "local"
    scheduler: str | None = None
    timeout: float | None = 60.0
    limits: Limits = field(default_factory=Limits)
    fresh: bool = False
    convert: Callable[[Item, Settings], tuple[Incident, ...]] = convert_item


_USUAL: Final = Options()
_NOBODY: Final = Watch()


def convert(
    items: Iterable[Item],
    output: str | os.PathLike[str],
    options: Options = _USUAL,
    watch: Watch = _NOBODY,
) -> Summary:
    """Write the records of `items` to `output` and return what it came to; `watch` is told how it goes.

    `output` is a file (``.jsonl``, ``.jsonl.gz``, ``.csv``, ``.parquet``, ``.duckdb``) or a folder, which becomes a dataset
    (`postmortem.dataset`). It is the same whatever the engine and the number of workers, and replaced in one step at the end:
    an interrupted batch leaves what was there. What it did is kept, and the same call goes on from there. A dataset keeps it
    for good, so that a later call does new, changed and failed files only.

    Raises OSError where `output` cannot be written, `BatchError` where the batch cannot go on (no worker starts, the cluster is
    lost, another process is at work on the output), `MissingExtraError` for a library that is not installed, ValueError for an
    output of no known kind.
    """
    path = Path(output)
    form = format_of(path)
    if form is None:
        raise ValueError(f"{path.name}: must end in {', '.join(filter(None, FORMATS))}, or be a folder")
    _prepare(path, form)
    work = work_folder(path, form)
    store = Store(work / "store.sqlite")
    try:
        summary = _run(items, path, form, store, options, watch)
    finally:
        store.close()
    if form != "":
        shutil.rmtree(work)
    return summary


def _prepare(output: Path, form: str) -> None:
    """Make the folder of a dataset; refuse what cannot be done before anything is done."""
    if FORMATS[form].tables:
        need("pyarrow", "dataset", "this output")
    if form == ".duckdb":
        need("duckdb", "dataset", "this output")
    if form != "":
        if not output.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no such folder", str(output.parent))
        return
    ours = (output / WORK).exists() or (output / MANIFEST).exists()
    if output.is_dir() and not ours and any(output.iterdir()):
        raise FileExistsError(errno.EEXIST, "it is a folder with other things in it", str(output))
    output.mkdir(parents=True, exist_ok=True)


def _run(
    items: Iterable[Item], output: Path, form: str, store: Store, options: Options, watch: Watch
) -> Summary:
    settings = Settings(
        convert=options.convert,
        form=FORMATS[form].records,
        tables=FORMATS[form].tables,
        with_text=options.with_text or form == "",
        model=os.fspath(options.model) if options.model is not None else None,
        timeout=options.timeout,
        limits=options.limits,
    )
    made_by = fingerprint(settings)
    _forget_what_is_old(store, made_by, watch, fresh=options.fresh)
    run = store.begin()
    driver = Driver(store, partial(_engine, settings, options), watch, run)
    driver.go(items)
    summary = Summary.of(store.outcomes(run))
    summary.converted, summary.skipped, summary.removed = driver.converted, driver.skipped, store.gone(run)
    sequence = store.sequence(run)
    if driver.converted or store.note("published") != sequence or not is_whole(output, form):
        publish(store, run, output, form, made_by)
        store.write_note("published", sequence)
    store.finish(run)
    return summary


def _engine(settings: Settings, options: Options) -> Engine:
    workers = options.workers or cores()
    if options.engine == "local":
        return Local(settings, workers)
    from postmortem.batch.cluster import Dask

    return Dask(settings, workers, options.scheduler)


def _forget_what_is_old(store: Store, made_by: dict[str, str], watch: Watch, *, fresh: bool) -> None:
    """Records of another pipeline or other settings are no use: say what changed, and begin anew."""
    before = {name: store.note(name) for name in made_by}
    changed = [name for name, value in made_by.items() if before[name] != value]
    if changed and not fresh and any(value is not None for value in before.values()):
        told = (f"{name} ({before[name] or 'none'} -> {made_by[name] or 'none'})" for name in changed)
        watch.say(f"everything is converted anew, since this has changed: {', '.join(told)}")
    if fresh or changed:
        store.clear()
        for name, value in made_by.items():
            store.write_note(name, value)
