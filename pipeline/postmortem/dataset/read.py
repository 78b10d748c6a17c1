"""Datasets back into frames and records."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from postmortem.dataset.extra import need
from postmortem.frames import COLUMNS, Frames, typed
from postmortem.record import Incident

if TYPE_CHECKING:
    import pandas as pd

MANIFEST: Final = "dataset.json"


def read_manifest(folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what ``dataset.json`` says: `versions`, `settings`, `counts`, `records`. Raises FileNotFoundError for no dataset."""
    path = Path(folder, MANIFEST)
    if not path.is_file():
        raise FileNotFoundError(
            None, "no dataset (made by `postmortem convert … --output FOLDER`)", str(folder)
        )
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def read_dataset(folder: str | os.PathLike[str], *, duplicates: bool = False) -> Frames:
    """Return the tables of a dataset as frames in their documented types.

    Rows of files whose text is that of an earlier one are left out of every table but `files`, unless `duplicates`.
    Raises FileNotFoundError where `folder` is no dataset, `MissingExtraError` without pyarrow.
    """
    read_manifest(folder)
    files = _table(folder, "files")
    twins = set() if duplicates else set(files["name"][files["status"] == "duplicate"])
    frames = {}
    for table in COLUMNS:
        found = files if table == "files" else _table(folder, table)
        if twins and table != "files":
            found = found[~found["path"].isin(twins)].reset_index(drop=True)
        frames[table] = found
    return Frames(**frames)


def _table(folder: str | os.PathLike[str], table: str) -> pd.DataFrame:
    import pandas as pd

    pa = need("pyarrow", "dataset", "reading a dataset")
    pq = need("pyarrow.parquet", "dataset", "reading a dataset")
    nullable = {pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype(), pa.string(): pd.StringDtype()}
    path = Path(folder, f"{table}.parquet")
    return typed(table, pq.read_table(path).to_pandas(types_mapper=nullable.get))


def read_records(folder: str | os.PathLike[str]) -> Iterator[Incident]:
    """Yield the records of a dataset, text included, in the order of their files, one record file in memory at a time.

    Raises FileNotFoundError where `folder` is no dataset.
    """
    for name in read_manifest(folder)["records"]:
        with gzip.open(Path(folder, "records", name), "rt", encoding="utf-8", newline="\n") as lines:
            yield from (Incident.from_dict(json.loads(line)) for line in lines)
