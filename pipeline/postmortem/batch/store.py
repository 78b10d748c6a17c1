"""What a batch has done so far, in one SQLite file: every shard's records and rows, and what became of every file.

A shard is stored in one transaction, so whatever interrupts a batch, each shard is there whole or not at all. The file is
locked for as long as it is open: two drivers cannot work on one output.

A *run* is one pass over all inputs. Shards carry the run that needed them last and the place of their first item, so the
shards of the newest run, in order of place, are the output.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import fields as fields_of
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from postmortem.batch.model import BatchError, Kept, Old, Outcome, Product
from postmortem.inputs import Item

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shards (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, run INTEGER NOT NULL, first INTEGER NOT NULL, size INTEGER NOT NULL,
  failed INTEGER NOT NULL, last TEXT NOT NULL, digest TEXT NOT NULL, records BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS shards_by_key ON shards (key);
CREATE INDEX IF NOT EXISTS shards_in_order ON shards (run, first);
CREATE TABLE IF NOT EXISTS rows (shard INTEGER NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS rows_of_shard ON rows (shard, name);
CREATE TABLE IF NOT EXISTS files (
  shard INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, stamp TEXT NOT NULL, status TEXT NOT NULL,
  reason TEXT, identity TEXT, records INTEGER NOT NULL, sha256 TEXT, media_type TEXT, characters INTEGER, fields BLOB,
  PRIMARY KEY (shard, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_name ON files (name);
"""
_TABLES: Final = ("notes", "shards", "rows", "files")
_VERSION: Final = 1
"""Of the schema: a store that another version made is made anew."""
_OUTCOME: Final = ", ".join(field.name for field in fields_of(Outcome))
_values: Final = attrgetter(*(field.name for field in fields_of(Outcome)))
# Of files with the same text, the first stands for all (SQLite takes a bare column from the row of the minimum). A text of
# nothing is like no other.
_OUTCOMES: Final = f"""
WITH firsts AS (
  SELECT f.identity, MIN(s.first + f.position) AS place, f.name FROM files f JOIN shards s ON s.id = f.shard
  WHERE s.run = :run AND f.identity IS NOT NULL AND f.status <> 'empty' GROUP BY f.identity HAVING COUNT(*) > 1)
SELECT {", ".join(f"f.{field.name}" for field in fields_of(Outcome))},
  CASE WHEN t.place < s.first + f.position THEN t.name END
FROM shards s CROSS JOIN files f ON f.shard = s.id LEFT JOIN firsts t ON t.identity = f.identity AND f.status <> 'empty'
WHERE s.run = :run ORDER BY s.first, f.position
"""


@dataclass(frozen=True, slots=True)
class Shard:
    """A stored shard: its row number, its last item's name, and a digest of its records."""

    id: int
    last: str
    digest: str


class Store:
    """Open the store at `path`, made where there is none. Raises OSError where it cannot be written, `BatchError` where
    another process has it open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._told():
            self._base = sqlite3.connect(path, timeout=0.5, isolation_level=None)
            self._base.execute(
                "PRAGMA locking_mode = EXCLUSIVE"
            )  # with it, no shared memory is needed beside the file
            self._base.execute("PRAGMA page_size = 16384")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            if self._base.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                for table in _TABLES:
                    self._base.execute(f"DROP TABLE IF EXISTS {table}")
            self._base.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")

    def close(self) -> None:
        """Close the file and give up its lock."""
        with suppress(sqlite3.Error):
            self._base.close()

    def note(self, name: str) -> str | None:
        """Return what was noted under `name`."""
        found = self._one("SELECT value FROM notes WHERE name = ?", name)
        return None if found is None else str(found[0])

    def write_note(self, name: str, value: str) -> None:
        """Note something, in place of what was noted under `name`."""
        with self._transaction():
            self._base.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def clear(self) -> None:
        """Forget everything."""
        with self._transaction():
            for table in _TABLES:
                self._base.execute(f"DELETE FROM {table}")

    def begin(self) -> int:
        """Begin a run and return its number."""
        (last,) = self._one("SELECT COALESCE(MAX(run), 0) FROM shards") or (0,)
        return int(last) + 1

    def reuse(self, items: Sequence[Item], run: int, first: int) -> bool:
        """Take a shard of exactly these items from an earlier run into this one; false where there is none without failures."""
        with self._transaction():
            changed = self._base.execute(
                "UPDATE shards SET run = ?, first = ? WHERE id = "
                "(SELECT id FROM shards WHERE key = ? AND failed = 0 AND run < ? LIMIT 1)",
                (run, first, key_of(items), run),
            )
            return changed.rowcount > 0

    def kept(self, items: Sequence[Item]) -> tuple[dict[int, Kept], tuple[Old, ...]]:
        """Return which of these items were converted before as they are now, by position, and the shards that hold them."""
        found: dict[int, Kept] = {}
        shards: dict[int, int] = {}
        with self._told():
            for position, item in enumerate(items):
                hit = self._base.execute(
                    f"SELECT shard, position, {_OUTCOME} FROM files "
                    "WHERE name = ? AND stamp = ? AND status <> 'failed' LIMIT 1",
                    (item.name, item.stamp),
                ).fetchone()
                if hit is not None:
                    shard, place, *outcome = hit
                    line = self._one(
                        "SELECT COALESCE(SUM(records), 0) FROM files WHERE shard = ? AND position < ?",
                        shard,
                        place,
                    )
                    number = shards.setdefault(shard, len(shards))
                    found[position] = Kept(number, line[0] if line else 0, Outcome(*outcome))
        return found, tuple(self._old(shard) for shard in shards)

    def add(self, product: Product, run: int, first: int) -> None:
        """Store what a shard came to."""
        outcomes = product.outcomes
        with self._transaction():
            shard = self._base.execute(
                "INSERT INTO shards (key, run, first, size, failed, last, digest, records) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    key_of(outcomes),
                    run,
                    first,
                    len(outcomes),
                    sum(outcome.status == "failed" for outcome in outcomes),
                    outcomes[-1].name,
                    hashlib.sha256(product.records).hexdigest(),
                    product.records,
                ),
            ).lastrowid
            self._base.executemany(
                "INSERT INTO rows VALUES (?, ?, ?)",
                [(shard, table, data) for table, data in product.rows.items()],
            )
            self._base.executemany(
                f"INSERT INTO files (shard, position, {_OUTCOME}) VALUES ({', '.join('?' * 12)})",
                [(shard, position, *_values(outcome)) for position, outcome in enumerate(outcomes)],
            )

    def gone(self, run: int) -> int:
        """Return how many files of earlier runs are not in this one."""
        found = self._one(
            "SELECT COUNT(DISTINCT name) FROM files f JOIN shards s ON s.id = f.shard WHERE s.run < ? AND NOT EXISTS "
            "(SELECT 1 FROM files g JOIN shards t ON t.id = g.shard WHERE g.name = f.name AND t.run = ?)",
            run,
            run,
        )
        return int(found[0]) if found else 0

    def finish(self, run: int) -> None:
        """Forget the shards that this run did not need."""
        with self._transaction():
            old = "(SELECT id FROM shards WHERE run < ?)"
            self._base.execute(f"DELETE FROM files WHERE shard IN {old}", (run,))
            self._base.execute(f"DELETE FROM rows WHERE shard IN {old}", (run,))
            self._base.execute("DELETE FROM shards WHERE run < ?", (run,))

    def shards(self, run: int) -> Iterator[Shard]:
        """Yield a run's shards in the order of their items."""
        yield from (
            Shard(*found)
            for found in self._each("SELECT id, last, digest FROM shards WHERE run = ? ORDER BY first", run)
        )

    def sequence(self, run: int) -> str:
        """Return a digest of a run's shards in their order: the same for the same files as they are now."""
        found = hashlib.sha256()
        for key, records in self._each("SELECT key, digest FROM shards WHERE run = ? ORDER BY first", run):
            found.update(f"{key} {records} ".encode())
        return found.hexdigest()

    def records(self, shard: int) -> bytes:
        """Return a shard's records as they were stored."""
        found = self._one("SELECT records FROM shards WHERE id = ?", shard)
        return bytes(found[0]) if found else b""

    def rows(self, run: int, table: str) -> Iterator[bytes]:
        """Yield a table's rows, packed, shard by shard."""
        query = "SELECT r.data FROM shards s JOIN rows r ON r.shard = s.id AND r.name = ? WHERE s.run = ? ORDER BY s.first"
        yield from (bytes(found[0]) for found in self._each(query, table, run))

    def outcomes(self, run: int) -> Iterator[tuple[Outcome, str | None]]:
        """Yield every file's outcome in order, each with the name of the earlier file that has the same text, if any."""
        for *outcome, twin in self._each(_OUTCOMES, {"run": run}):
            yield Outcome(*outcome), twin

    def _old(self, shard: int) -> Old:
        rows: Mapping[str, bytes] = dict(self._each("SELECT name, data FROM rows WHERE shard = ?", shard))
        return Old(self.records(shard), rows)

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._told():
            found: tuple[Any, ...] | None = self._base.execute(query, values).fetchone()
        return found

    def _each(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        given = values[0] if values and isinstance(values[0], dict) else values
        with self._told():
            yield from self._base.execute(query, given)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the data base as what they mean to the one who waits for an output."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise BatchError(f"another process is at work on this output ({self._path})") from error
            raise OSError(None, str(error), str(self._path)) from error
        except sqlite3.DatabaseError as error:
            raise OSError(
                None, f"damaged ({error}); remove it to do everything anew", str(self._path)
            ) from error


def key_of(items: Iterable[Item | Outcome]) -> str:
    """Return what names a shard: a digest of its items' names and stamps."""
    named = json.dumps([(item.name, item.stamp) for item in items])
    return hashlib.sha256(named.encode()).hexdigest()
