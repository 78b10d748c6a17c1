"""Records as tidy tables: one row an incident, one row a timeline entry, and so on. The columns are `COLUMNS`.

Times. A report tells times on its own clock, in as many zones as there are reports, and one pandas column holds one zone.
So each moment is there three times: as the report's own clock shows it, without a zone (``…_local``: what "Monday at nine"
means to the people there), as UTC (``…_utc``: to order and subtract), and as the offset that leads from one to the other
(``utc_offset``). Where a part of the date or time is not known, the text beside keeps what is (``start_date`` is
``"XXXX-05-08"``), and both moments are ``NaT``.
"""

from __future__ import annotations

from postmortem.frames.columns import CATEGORIES, COLUMNS, Column, Kind
from postmortem.frames.rows import Row, file_row, row, tables
from postmortem.frames.texts import parse_frame
from postmortem.frames.typed import Frames, to_frames, typed

__all__ = [
    "CATEGORIES",
    "COLUMNS",
    "Column",
    "Frames",
    "Kind",
    "Row",
    "file_row",
    "parse_frame",
    "row",
    "tables",
    "to_frames",
    "typed",
]
