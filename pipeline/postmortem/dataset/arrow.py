"""Rows of plain values to Arrow tables, and those to bytes and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from postmortem.dataset.extra import need
from postmortem.frames import COLUMNS, Kind

if TYPE_CHECKING:
    import pyarrow as pa


def _pa() -> Any:
    return need("pyarrow", "dataset", "a table")


def schema_of(table: str) -> pa.Schema:
    """Return the Arrow schema of a table: the columns of ``COLUMNS[table]``, their meanings as field metadata."""
    pa = _pa()
    return pa.schema(
        [
            pa.field(column.name, _type(column.kind), metadata={"meaning": column.meaning})
            for column in COLUMNS[table]
        ]
    )


def _type(kind: Kind) -> pa.DataType:
    pa = _pa()
    match kind:
        case "string" | "category":
            return pa.string()
        case "Int64":
            return pa.int64()
        case "Float64":
            return pa.float64()
        case "datetime64[us]":
            return pa.timestamp("us")
        case "datetime64[us, UTC]":
            return pa.timestamp("us", tz="UTC")


def to_arrow(table: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows (as of `postmortem.frames.tables`) as an Arrow table of `schema_of`.

    A moment that no calendar holds is null.
    """
    pa = _pa()
    schema = schema_of(table)
    arrays = []
    for field in schema:
        values: list[Any] = [row[field.name] for row in rows]
        if pa.types.is_timestamp(field.type):
            values = [_moment(value) for value in values]
        elif pa.types.is_string(field.type):
            values = [_storable(value) for value in values]
        arrays.append(pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _storable(value: str | None) -> str | None:
    """A lone surrogate is no character of UTF-8: it is written as its escape, as in JSON."""
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def pack(table: pa.Table) -> bytes:
    """Return an Arrow table as the bytes of a compressed IPC stream."""
    pa = _pa()
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def unpack(data: bytes) -> pa.Table:
    """Return the Arrow table that `pack` made bytes of."""
    pa = _pa()
    options = pa.ipc.IpcReadOptions(
        use_threads=False
    )  # the pieces are small: threads cost more than they save
    with pa.ipc.open_stream(data, options=options) as reader:
        return reader.read_all()
