"""Plain text, Markdown and reStructuredText: decoded, nothing else."""

from __future__ import annotations

from postmortem.read.encoding import decode


def extract(data: bytes) -> tuple[str, str | None]:
    """Return the text of a file's bytes and its encoding. Raises ValueError for binary data."""
    return decode(data)
