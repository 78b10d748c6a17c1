"""Cells of CSV files that people open in a spreadsheet."""

from __future__ import annotations


def cell(value: object) -> object:
    """Return a value as a spreadsheet may have it: a report's words must not be taken for a formula, so a text that would
    be one is quoted with an apostrophe. UTC offsets (``+01:00``) stay as they are."""
    if isinstance(value, str) and value and value[0] in "=+-@\t\r" and not _is_offset(value):
        return f"'{value}"
    return value


def _is_offset(value: str) -> bool:
    return len(value) == 6 and value[3] == ":" and (value[1:3] + value[4:]).isdigit()
