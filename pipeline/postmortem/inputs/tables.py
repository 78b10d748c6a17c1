"""Tables with a report in each row: CSV, JSON Lines and Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

from postmortem.inputs import exports
from postmortem.inputs.model import Item, failed
from postmortem.inputs.node import Budget, Metadata, Node, Options, column_values, in_megabytes
from postmortem.read.encoding import decode
from postmortem.read.extras import optional
from postmortem.read.formats import TSV, of_suffix

TEXT_COLUMNS: Final = ("text", "report", "postmortem", "body", "content", "markdown", "html", "description")
"""What the column with the reports is called where the caller does not say; the first that there is."""

_WHOLE: Final = 20_000_000
_SAMPLE: Final = 1_000_000
_BATCH: Final = 64


def text_column(columns: Sequence[str], wanted: str | None) -> str:
    """Return the column that holds the reports. Raises ValueError, naming the columns there are."""
    names = {name.strip().lower(): name for name in reversed(columns)}
    if wanted is not None:
        found = wanted if wanted in columns else names.get(wanted.lower())
    else:
        found = next((names[name] for name in TEXT_COLUMNS if name in names), None)
    if found is None:
        what = f"no column {wanted!r}" if wanted is not None else "which column holds the text? Name it"
        raise ValueError(f"{what}; there {_are(columns)}")
    return found


def id_column(columns: Sequence[str], wanted: str | None) -> str | None:
    """Return the column that names the rows: `wanted`, else ``id`` where there is one. Raises ValueError likewise."""
    if wanted is None:
        return next((name for name in columns if name.strip().lower() == "id"), None)
    if wanted not in columns:
        raise ValueError(f"no column {wanted!r}; there {_are(columns)}")
    return wanted


def _are(columns: Sequence[str]) -> str:
    shown = ", ".join(columns[:30]) + (", …" if len(columns) > 30 else "")
    return f"are {shown}" if len(columns) != 1 else f"is {shown}"


def rows(
    node: Node,
    found: Iterable[tuple[int, Mapping[str, Any]]],
    columns: Sequence[str],
    options: Options,
    budget: Budget,
) -> Iterator[Item]:
    """Yield an item for each (number from 1, row). Raises ValueError where a column that is needed is missing."""
    text = text_column(columns, options.text_column)
    identity = id_column(columns, options.id_column)
    for number, row in found:
        budget.member()
        key = str(row.get(identity) or number) if identity is not None else str(number)
        others = column_values((name, value) for name, value in row.items() if name not in (text, identity))
        yield _row(node, " ".join(key.split())[:200], _cell(row.get(text)), others, options, budget)


def _row(node: Node, key: str, text: str, others: Metadata, options: Options, budget: Budget) -> Item:
    most = options.limits.report_bytes
    budget.unpacked(len(text))
    if len(text) > most:
        return failed(f"{node.name}#{key}", f"larger than {in_megabytes(most)}")
    return node.row(key, text, others)


def _cell(value: object) -> str:
    """A cell's text; a page in a cell is read as a page."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            value = decode(value)[0]
        except ValueError:
            return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    clean = value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value
    return exports.plain(clean)


def csv_rows(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the rows of a file with separated values and a header. Raises ValueError for one that is none."""
    most = options.limits.report_bytes
    csv.field_size_limit(max(csv.field_size_limit(), most))
    lines = _text_lines(stream)
    header = next(lines, "")
    mark = "\t" if of_suffix(node.name) is TSV else max(",;\t|", key=header.count)
    try:
        (columns,) = csv.reader([header], delimiter=mark, strict=False)
    except (csv.Error, ValueError) as error:
        raise ValueError("a table without a header") from error
    reader = csv.reader(lines, delimiter=mark)
    yield from rows(node, _csv_rows(reader, columns), columns, options, budget)


def _csv_rows(reader: Any, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(f"a broken table (after row {number}: {error})") from error
        if cells:
            number += 1
            yield number, dict(zip(columns, cells, strict=False))


def _text_lines(stream: IO[bytes]) -> Iterator[str]:
    """A file's lines with their ends; the encoding of a very large one by its beginning."""
    sample = stream.read(_WHOLE + 1)
    if len(sample) <= _WHOLE:
        yield from io.StringIO(decode(sample)[0], newline="")
        return
    encoding = decode(sample[: sample.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE])[1]
    stream.seek(0)
    yield from io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")


def json_lines(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the rows of a file with a JSON object on each line; a line that holds none is a failure of its own."""
    most = options.limits.report_bytes
    number = 0
    columns: list[str] = []
    while line := stream.readline(2 * most):
        if not line.strip():
            continue
        number += 1
        try:
            row = json.loads(line.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError):
            yield failed(f"{node.name}#{number}", "no JSON on this line")
            continue
        if isinstance(row, dict) and (export := exports.incident(row)):
            budget.member()
            yield _row(node, export.key or str(number), export.text, export.metadata, options, budget)
            continue
        if not isinstance(row, dict | str):
            yield failed(f"{node.name}#{number}", "no JSON object on this line")
            continue
        record = row if isinstance(row, dict) else {"text": row}
        columns = columns or [str(name) for name in record]
        yield from rows(node, [(number, record)], columns, options, budget)


def parquet_rows(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the rows of a Parquet file, a small batch at a time. Raises ValueError for a broken one."""
    parquet = optional("pyarrow.parquet", "Parquet", "dataset")
    try:
        table = parquet.ParquetFile(stream)
        columns = [str(name) for name in table.schema_arrow.names]
        simple = _simple_columns(table.schema_arrow)
    except Exception as error:  # a damaged file can make the library raise anything
        raise ValueError(f"a damaged Parquet file ({type(error).__name__})") from error
    wanted = {text_column(columns, options.text_column), id_column(columns, options.id_column)}
    shown = [name for name in columns if name in wanted or name in simple]
    for group in range(table.num_row_groups):
        size = table.metadata.row_group(group).total_byte_size
        if size > 5 * options.limits.container_bytes:
            raise ValueError(f"a Parquet file whose row groups have {in_megabytes(size)}")
    yield from rows(node, _parquet_rows(table, shown), columns, options, budget)


def _parquet_rows(table: Any, columns: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    try:
        for batch in table.iter_batches(batch_size=_BATCH, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (OSError, ValueError, KeyError, MemoryError) as error:
        raise ValueError(f"a damaged Parquet file (after row {number})") from error


def _simple_columns(schema: Any) -> frozenset[str]:
    """Columns of plain values: the nested and the binary ones are not kept beside a report."""
    kept = (
        field
        for field in schema
        if not str(field.type).startswith(("list", "struct", "map", "large_list", "binary"))
    )
    return frozenset(str(field.name) for field in kept)
