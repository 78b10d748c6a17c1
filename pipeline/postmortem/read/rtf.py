"""Rich Text Format to text, by striprtf: paragraphs as lines."""

from __future__ import annotations

import re
from typing import Final

from postmortem.read.extras import optional

MAX_CHARACTERS: Final = 5_000_000
"""Longer files, pictures left out, are refused."""

_PICTURE = re.compile(rb"[0-9a-fA-F\s]{2000,}")


def extract(data: bytes) -> tuple[str, str | None]:
    """Return a document's text. Raises ValueError for what is no RTF."""
    if not data.lstrip()[:5] == b"{\\rtf":
        raise ValueError("not an RTF file")
    reader = optional("striprtf.striprtf", "RTF")
    source = _PICTURE.sub(b" ", data).decode("latin-1")
    if len(source) > MAX_CHARACTERS:
        raise ValueError(f"more than {MAX_CHARACTERS:,} characters of RTF")
    try:
        text: str = reader.rtf_to_text(source, errors="replace")
    except Exception as error:  # whatever a damaged file makes of the library
        raise ValueError(f"a damaged RTF file ({type(error).__name__})") from error
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # emoji are written in halves
    return text.replace("\x00", ""), None
