"""Which reader reads which file: the registry of formats.

A further format is one module with ``extract(data: bytes) -> tuple[str, str | None]`` (the text and the name of its
encoding; `ValueError` with a one-line reason where the bytes are not of that format) and one entry here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A media type, the file suffixes that announce it, and the module that reads it (imported on first use)."""

    media_type: str
    suffixes: tuple[str, ...]
    module: str


TEXT: Final = Format("text/plain", (".txt", ".text", ""), "postmortem.read.text")
HTML: Final = Format("text/html", (".html", ".htm", ".xhtml"), "postmortem.read.html")

FORMATS: Final = (
    TEXT,
    Format("text/markdown", (".md", ".markdown", ".mdown"), "postmortem.read.text"),
    Format("text/x-rst", (".rst",), "postmortem.read.text"),
    HTML,
)

_BY_SUFFIX: Final = {suffix: kind for kind in FORMATS for suffix in kind.suffixes}
# "incident-2023.12" and "report v1.2" have a number after the dot, no suffix.
_SUFFIX = re.compile(r"\.(?=[^.]{0,12}[a-z])[a-z0-9_+-]{1,12}$", re.IGNORECASE)
_HTML_START = re.compile(rb"\s{0,200}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def media_type(name: str, data: bytes) -> Format | None:
    """Return the format of a file called `name`, ``None`` where no reader takes it.

    The suffix decides, without regard to case. A file without one is plain text, or HTML where it opens like a page.
    """
    base = PurePosixPath(name.replace("\\", "/")).name
    found = _SUFFIX.search(base, 1) if base else None
    suffix = found.group().lower() if found else ""
    if not suffix and _HTML_START.match(data.removeprefix(b"\xef\xbb\xbf")[:400]):
        return HTML
    return _BY_SUFFIX.get(suffix)
