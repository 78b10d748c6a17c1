"""Arrow tables to files: Parquet in row groups of a bounded size, or one DuckDB database of them all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.dataset.arrow import schema_of
from postmortem.dataset.extra import need
from postmortem.frames import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP_BYTES: Final = 1_000_000
"""What a row group holds before it is compressed: little enough to keep memory flat, enough to read fast."""


def write_table(path: Path, table: str, pieces: Iterable[pa.Table]) -> int:
    """Write the pieces of `table`, one after another, to a Parquet file; return the number of rows.

    The same pieces give the same bytes. Raises OSError where `path` cannot be written.
    """
    pa = need("pyarrow", "dataset", "a Parquet file")
    pq = need("pyarrow.parquet", "dataset", "a Parquet file")
    schema = schema_of(table)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        held: list[Any] = []
        size = 0
        for piece in pieces:
            held.append(piece)
            size += piece.nbytes
            rows += piece.num_rows
            if size >= _GROUP_BYTES:
                writer.write_table(pa.concat_tables(held).combine_chunks())
                held, size = [], 0
        if held or not rows:
            writer.write_table(pa.concat_tables(held or [schema.empty_table()]).combine_chunks())
    return rows


def write_database(path: Path, pieces: Callable[[str], Iterable[pa.Table]]) -> None:
    """Write every table into a new DuckDB database at `path`; `pieces` gives a table's rows by its name.

    Raises OSError where it cannot be written.
    """
    duckdb = need("duckdb", "dataset", "a DuckDB database")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        try:
            with duckdb.connect(str(path)) as database:
                for table in COLUMNS:
                    part = Path(folder, f"{table}.parquet")
                    write_table(part, table, pieces(table))
                    database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet(?)", [str(part)])
                    part.unlink()
        except duckdb.IOException as error:
            raise OSError(None, str(error).splitlines()[0], str(path)) from error
