"""A dataset: a folder of tidy Parquet tables, the records they come from, and ``dataset.json``, which says what it is.

::

    DATASET/
      dataset.json               versions, settings, counts, and the record files in their order
      incidents.parquet …        one file a table: the columns of `postmortem.frames.COLUMNS`, rows in the order of the files
      files.parquet              one row for every input file, whatever became of it
      records/*.jsonl.gz         whole records with their text, some thousand in each file
      .work/                     what the next run needs to do only what is new

Every file is replaced in one step, `dataset.json` last.
"""

from __future__ import annotations

from postmortem.dataset.arrow import pack, schema_of, to_arrow, unpack
from postmortem.dataset.extra import MissingExtraError, need
from postmortem.dataset.load import LoadError, load, name_of
from postmortem.dataset.read import MANIFEST, read_dataset, read_records
from postmortem.dataset.write import write_database, write_table

__all__ = [
    "MANIFEST",
    "LoadError",
    "MissingExtraError",
    "load",
    "name_of",
    "need",
    "pack",
    "read_dataset",
    "read_records",
    "schema_of",
    "to_arrow",
    "unpack",
    "write_database",
    "write_table",
]
