"""From the store to what was asked for: every file is written beside its place and moved there in one step."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from postmortem.batch.model import Form, Outcome
from postmortem.batch.plan import PART, ends
from postmortem.batch.shard import csv_header
from postmortem.batch.store import Shard, Store
from postmortem.dataset import MANIFEST
from postmortem.frames import COLUMNS, Row


class Wanted(NamedTuple):
    """What an output is made of: the form of its records, and whether it has tables."""

    records: Form
    tables: bool


FORMATS: Final[Mapping[str, Wanted]] = {
    ".jsonl": Wanted("jsonl", False),
    ".jsonl.gz": Wanted("jsonl.gz", False),
    ".csv": Wanted("csv", False),
    ".parquet": Wanted("none", True),
    ".duckdb": Wanted("none", True),
    "": Wanted("jsonl.gz", True),
}
"""What an output may end in (nothing: a folder, which becomes a dataset), and what it is made of then."""
WORK: Final = ".work"
_FORMAT: Final = 1
_MOST_ROWS: Final = 1_000


def format_of(output: Path) -> str | None:
    """Return the key of `FORMATS` that an output's name asks for, ``None`` where there is none."""
    name = output.name.lower()
    if output.is_dir():
        return ""
    found = max((suffix for suffix in FORMATS if suffix and name.endswith(suffix)), key=len, default=None)
    return found if found or "." in name.lstrip(".") else ""


def work_folder(output: Path, form: str) -> Path:
    """Return the hidden folder that keeps what was done: within a dataset, beside any other output."""
    return output / WORK if form == "" else output.parent / f".{output.name}{WORK}"


def publish(store: Store, run: int, output: Path, form: str, made_by: Mapping[str, str]) -> None:
    """Write a run's output. Raises OSError where it cannot be written; then nothing of what was there is touched."""
    if form == "":
        _dataset(store, run, output, made_by)
    elif form in (".parquet", ".duckdb"):
        _tables(store, run, output, form)
    else:
        with replacing(output) as path, open(path, "wb") as stream:
            if form == ".csv":
                stream.write(csv_header())
            for shard in store.shards(run):
                stream.write(store.records(shard.id))


def is_whole(output: Path, form: str) -> bool:
    """Whether an output is there, a dataset with all its files."""
    if form != "":
        return output.exists()
    try:
        records = json.loads((output / MANIFEST).read_text(encoding="utf-8"))["records"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    wanted = [*(f"{table}.parquet" for table in COLUMNS), *(f"records/{name}" for name in records)]
    return all((output / name).exists() for name in wanted)


def _tables(store: Store, run: int, output: Path, form: str) -> None:
    from postmortem.dataset import write_database, write_table

    with replacing(output) as path:
        if form == ".parquet":
            write_table(path, "incidents", _pieces(store, run, "incidents"))
        else:
            path.unlink()  # DuckDB makes its file itself
            write_database(path, lambda table: _pieces(store, run, table))


def _pieces(store: Store, run: int, table: str) -> Iterator[Any]:
    from postmortem.dataset import to_arrow, unpack

    if table != "files":
        yield from map(unpack, store.rows(run, table))
        return
    rows: list[Row] = []
    for outcome, twin in store.outcomes(run):
        rows.append(file_row(outcome, twin))
        if len(rows) == _MOST_ROWS:
            yield to_arrow(table, rows)
            rows = []
    yield to_arrow(table, rows)


def file_row(outcome: Outcome, twin: str | None) -> Row:
    """Return a file's row in table `files`."""
    return {
        "name": outcome.name,
        "status": "duplicate" if twin is not None else outcome.status,
        "duplicate_of": twin,
        "reason": outcome.reason,
        "records": outcome.records,
        "sha256": outcome.sha256,
        "media_type": outcome.media_type,
        "characters": outcome.characters,
    }


def _dataset(store: Store, run: int, folder: Path, made_by: Mapping[str, str]) -> None:
    """The records first, under names that no earlier run used for anything else; then each table; what says it all last."""
    from postmortem.dataset import write_table

    records = folder / "records"
    records.mkdir(parents=True, exist_ok=True)
    names = [_part(store, records, shards) for shards in _parts(store.shards(run))]
    counts: dict[str, int] = {}
    for table in COLUMNS:
        with replacing(folder / f"{table}.parquet") as path:
            counts[table] = write_table(path, table, _pieces(store, run, table))
    statuses = Counter(file_row(*told)["status"] for told in store.outcomes(run))
    manifest = {
        "format": _FORMAT,
        "made_by": dict(made_by),
        "files": {str(status): statuses[status] for status in sorted(statuses, key=str)},
        "rows": counts,
        "records": names,
    }
    with replacing(folder / MANIFEST) as path:
        path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in records.iterdir():
        if path.name not in set(names):
            path.unlink()


def _parts(shards: Iterable[Shard]) -> Iterator[list[Shard]]:
    held: list[Shard] = []
    for shard in shards:
        held.append(shard)
        if ends(shard.last, PART):
            yield held
            held = []
    if held:
        yield held


def _part(store: Store, folder: Path, shards: list[Shard]) -> str:
    """Write the records of some shards to one file, unless it is there; return its name, which tells its content."""
    digest = hashlib.sha256("".join(shard.digest for shard in shards).encode())
    name = f"{digest.hexdigest()[:16]}.jsonl.gz"
    if not (folder / name).exists():
        with replacing(folder / name) as path, open(path, "wb") as stream:
            for shard in shards:
                stream.write(store.records(shard.id))
    return name


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path`, and put it in its place at the end; whatever happens before leaves `path` alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
