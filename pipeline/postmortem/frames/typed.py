"""Rows to pandas: the documented columns in their documented types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from postmortem.frames.columns import COLUMNS, Column
from postmortem.frames.rows import Row, file_row, tables
from postmortem.record import Incident

if TYPE_CHECKING:
    import pandas as pd


class Frames(NamedTuple):
    """The tables of `to_frames`. `path` and `id` together name an incident in every one of them but `files`."""

    incidents: pd.DataFrame
    timeline: pd.DataFrame
    milestones: pd.DataFrame
    impacts: pd.DataFrame
    services: pd.DataFrame
    categories: pd.DataFrame
    factors: pd.DataFrame
    false_leads: pd.DataFrame
    actions: pd.DataFrame
    lessons: pd.DataFrame
    sections: pd.DataFrame
    findings: pd.DataFrame
    evidence: pd.DataFrame
    metadata: pd.DataFrame
    files: pd.DataFrame


def to_frames(incidents: Iterable[Incident]) -> Frames:
    """Return the tables of any number of incidents: nullable pandas types, `COLUMNS` in order, also where there is no row.

    Records of one file that follow one another (`parse_all`) make one row of `files`; a text that came from no file makes
    none.
    """
    rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    for told in _by_file(incidents):
        if told[0].source.path is not None:
            rows["files"].append(file_row(told[0].source.path, told))
        for incident in told:
            for table, made in tables(incident).items():
                rows[table] += made
    return Frames(**{table: typed(table, rows[table]) for table in COLUMNS})


def _by_file(incidents: Iterable[Incident]) -> Iterator[list[Incident]]:
    """Incidents as their files told them: the second part of a file follows its first."""
    held: list[Incident] = []
    for incident in incidents:
        part = incident.source.part or 1
        if held and (part == 1 or incident.source.path != held[0].source.path):
            yield held
            held = []
        held.append(incident)
    if held:
        yield held


def typed(table: str, rows: Sequence[Mapping[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """Return a table's rows as a frame of exactly ``COLUMNS[table]``, in order, in the documented types.

    `rows` are those of `tables`, or a frame of plain columns, such as one read back from Parquet or CSV: there a column
    that is missing comes out empty, and one that is not documented is left out. A moment that no calendar holds comes out
    as ``NaT``. Raises KeyError for an unknown table and for a row that lacks a column.
    """
    import pandas as pd

    columns = COLUMNS[table]
    if isinstance(rows, pd.DataFrame):
        lacking = pd.Series([None] * len(rows), dtype="object")
        plain = {c.name: rows[c.name].reset_index(drop=True) if c.name in rows else lacking for c in columns}
    else:
        plain = {c.name: pd.Series([r[c.name] for r in rows], dtype="object") for c in columns}
    return pd.DataFrame(
        {c.name: _column(plain[c.name], c) for c in columns}, columns=[c.name for c in columns]
    )


def _column(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    import pandas as pd

    if column.kind.startswith("datetime"):
        utc = "UTC" in column.kind
        if not pd.api.types.is_datetime64_any_dtype(values.dtype):
            values = pd.to_datetime(values, errors="coerce", utc=utc, format="ISO8601")
        return values.astype(column.kind)
    if column.kind == "category":
        words = values.astype("string")
        others = sorted(set(words.dropna().unique()) - set(column.values))
        return words.astype(pd.CategoricalDtype(pd.Index([*column.values, *others], dtype="str")))
    return values.astype(column.kind)
