"""Free-text incident postmortems to structured records: offline, deterministic, with evidence for every value.

    >>> import postmortem
    >>> incident = postmortem.parse("Duration: Dec 13, 2023, 14:00 - 17:30 (WAT)")

A ``str`` is always a report's text; a file is a path object (``parse(Path("report.md"))``). Nothing heavy is imported
before the first report is parsed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from postmortem.assemble import parse, parse_all, parse_many
    from postmortem.dataset import read_dataset, read_records
    from postmortem.frames import Frames, parse_frame, to_frames
    from postmortem.json_schema import schema
    from postmortem.read import ReadError
    from postmortem.record import SCHEMA_VERSION, Evidence, Incident, Point

__version__ = "0.1.0"

__all__ = [
    "SCHEMA_VERSION",
    "Evidence",
    "Frames",
    "Incident",
    "Point",
    "ReadError",
    "__version__",
    "parse",
    "parse_all",
    "parse_frame",
    "parse_many",
    "read_dataset",
    "read_records",
    "schema",
    "to_frames",
]

_HOME: Final = {
    "parse": "postmortem.assemble",
    "parse_all": "postmortem.assemble",
    "parse_many": "postmortem.assemble",
    "read_dataset": "postmortem.dataset",
    "read_records": "postmortem.dataset",
    "Frames": "postmortem.frames",
    "parse_frame": "postmortem.frames",
    "to_frames": "postmortem.frames",
    "schema": "postmortem.json_schema",
    "ReadError": "postmortem.read",
    "SCHEMA_VERSION": "postmortem.record",
    "Evidence": "postmortem.record",
    "Incident": "postmortem.record",
    "Point": "postmortem.record",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
