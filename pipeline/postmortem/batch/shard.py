"""The work itself: a shard of items in, a shard of records and rows out. A pure function, wherever it runs."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from postmortem.batch.model import FIELDS, Form, Outcome, Product, Settings, Task
from postmortem.frames import COLUMNS, Row, row, tables
from postmortem.inputs import Item, load
from postmortem.read import ReadError
from postmortem.record import Incident
from postmortem.spreadsheet import cell

_LEVEL: Final = 6
_MOST: Final = 255


def convert_item(item: Item, settings: Settings) -> tuple[Incident, ...]:
    """Return the records of one item. Raises `ReadError` for one that cannot be read."""
    from postmortem.assemble import incidents
    from postmortem.classify import model_at

    model = model_at(Path(settings.model)) if settings.model else None
    return incidents(load(item, settings.limits), with_text=settings.with_text, model=model)


def convert_shard(task: Task, settings: Settings, begin: Callable[[int], None] = lambda _: None) -> Product:
    """Return what a task's items come to, in their order. `begin` is told the position of each before it is tried."""
    outcomes: list[Outcome] = []
    lines: list[bytes] = []
    rows: dict[str, list[Row]] = {}
    old = [_lines(shard.records, settings.form) if task.kept else [] for shard in task.old]
    for position, item in enumerate(task.items):
        kept = task.kept.get(position)
        if kept is not None:
            outcomes.append(kept.outcome)
            lines += old[kept.old][kept.line : kept.line + kept.outcome.records]
            continue
        begin(position)
        outcome, found = _attempt(item, settings, task.failures.get(position))
        outcomes.append(outcome)
        for incident in found:
            lines.append(_line(incident, settings.form))
            if settings.tables:
                for table, made in tables(incident).items():
                    rows.setdefault(table, []).extend(made)
    begin(len(task.items))
    return Product(tuple(outcomes), _joined(lines, settings.form), _packed(rows, task))


def _attempt(item: Item, settings: Settings, failure: str | None) -> tuple[Outcome, tuple[Incident, ...]]:
    """Convert one item. Parsing raises for no text; should it do so all the same, one report is not the batch."""
    if failure is not None:
        return Outcome(item.name, item.stamp, "failed", failure), ()
    try:
        found = settings.convert(item, settings)
    except ReadError as error:
        return Outcome(item.name, item.stamp, "failed", error.reason), ()
    except Exception as error:
        reason = f"a defect of this program: {type(error).__name__}: {error}"
        return Outcome(item.name, item.stamp, "failed", reason), ()
    source = found[0].source
    return Outcome(
        name=item.name,
        stamp=item.stamp,
        status=found[0].status,
        identity=found[0].id,
        records=len(found),
        sha256=source.sha256,
        media_type=source.media_type,
        characters=source.characters,
        fields=bytes(min(sum(map(bool, map(get, found))), _MOST) for get in FIELDS.values()),
    ), found


def csv_header() -> bytes:
    """Return the first line of a CSV output."""
    return _csv([c.name for c in COLUMNS["incidents"]])


def _line(incident: Incident, form: Form) -> bytes:
    if form == "csv":
        return _csv([cell(value) for value in row(incident).values()])
    if form == "none":
        return b""
    return (incident.to_json() + "\n").encode("utf-8", "backslashreplace")


def _csv(values: Sequence[object]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(values)
    return stream.getvalue().encode("utf-8", "backslashreplace")


def _joined(lines: Sequence[bytes], form: Form) -> bytes:
    data = b"".join(lines)
    if form != "jsonl.gz" or not data:
        return data
    # Neither time nor name nor system in its head: the same records give the same bytes.
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=stream, mtime=0) as packed:
        packed.write(data)
    return stream.getvalue()


def _lines(records: bytes, form: Form) -> list[bytes]:
    """The records of a stored shard, one line each: JSON escapes line ends, so every newline ends a record."""
    data = gzip.decompress(records) if form == "jsonl.gz" else records
    return [line + b"\n" for line in data.split(b"\n")[:-1]]


def _packed(rows: dict[str, list[Row]], task: Task) -> dict[str, bytes]:
    """The rows of each table that has any, with those of kept items, in the order of the items."""
    if not rows and not task.old:
        return {}
    from postmortem.dataset import pack, to_arrow

    kept = {item.name: position for position, item in enumerate(task.items) if position in task.kept}
    order = {item.name: position for position, item in enumerate(task.items)}
    packed = {}
    for table in COLUMNS:
        pieces: list[Any] = [to_arrow(table, rows[table])] if rows.get(table) else []
        pieces += _kept(table, task, kept)
        if pieces:
            packed[table] = pack(_ordered(pieces, order) if task.old else pieces[0])
    return packed


def _kept(table: str, task: Task, names: dict[str, int]) -> list[Any]:
    from postmortem.dataset import unpack

    found = []
    for number, old in enumerate(task.old):
        wanted = [name for name, position in names.items() if task.kept[position].old == number]
        if wanted and table in old.rows:
            piece = unpack(old.rows[table])
            chosen = set(wanted)
            piece = piece.filter([path in chosen for path in piece["path"].to_pylist()])
            if piece.num_rows:
                found.append(piece)
    return found


def _ordered(pieces: list[Any], order: dict[str, int]) -> Any:
    import pyarrow as pa

    table = pa.concat_tables(pieces)
    paths = table["path"].to_pylist()
    return table.take(sorted(range(len(paths)), key=lambda row: order.get(paths[row], 0))).combine_chunks()
