"""Normalising: any text to a `Document` of headings, fields and blocks in the source's own coordinates."""

from __future__ import annotations

from postmortem.document import Document
from postmortem.normalize.build import build

__all__ = ["normalize"]


def normalize(text: str) -> Document:
    """Return `text` as a `Document`.

    Any string is accepted, the empty one included. Offsets everywhere are offsets into `text`; ``plain`` is
    as long as `text`. The work is proportional to the length of the text.
    """
    return build(text)
