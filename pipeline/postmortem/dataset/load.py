"""Records from a dataset or from a file of records: whatever `convert` wrote with them whole."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from postmortem.dataset.read import read_records
from postmortem.record import Incident

SUFFIXES: Final = (".jsonl", ".jsonl.gz")


class LoadError(ValueError):
    """What was to be read holds no records; the message says why."""


def name_of(path: str | os.PathLike[str]) -> str:
    """Return what a data set is called: its folder's or file's name, without the suffix of a file of records."""
    name = Path(path).resolve().name
    return next((name[: -len(s)] for s in SUFFIXES if name.lower().endswith(s)), name)


def load(path: str | os.PathLike[str]) -> Iterator[Incident]:
    """Yield the records of a dataset (a folder) or of a ``.jsonl`` or ``.jsonl.gz`` file, in their order.

    Raises `LoadError` for anything else and for a line that is no record.
    """
    place = Path(path)
    if place.is_dir():
        try:
            yield from read_records(place)
        except FileNotFoundError as error:
            raise LoadError(f"{place}: {error.strerror or error}") from error
    elif place.name.lower().endswith(SUFFIXES):
        try:
            yield from _lines(place)
        except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
            raise LoadError(f"{place}: {error}") from error
    else:
        raise LoadError(f"{place}: neither a dataset folder nor a file of records ({' or '.join(SUFFIXES)})")


def _lines(path: Path) -> Iterator[Incident]:
    unpacked = gzip.open if path.name.lower().endswith(".gz") else open
    with unpacked(path, "rt", encoding="utf-8", newline="\n") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                yield Incident.from_dict(json.loads(line))
            except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
                raise LoadError(f"{path}: line {number} is no record: {error}") from error
