"""Numbers as they are written."""

from __future__ import annotations


def number(text: str) -> float:
    """Return the number that is written with or without marks between its thousands."""
    return float(text.replace(",", "").replace(" ", ""))
