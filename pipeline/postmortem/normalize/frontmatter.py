"""YAML or TOML metadata above the text: only the extents of simple scalar values, without a YAML library."""

from __future__ import annotations

import re
from typing import Final

from postmortem.document import FrontMatter

_FENCE: Final = re.compile(r"\s{0,20}(---|\+\+\+)[ \t]*\r?\n")
_KEY: Final = re.compile(
    r"(?m)^([A-Za-z_][\w .-]{0,40}?)[ \t]*[:=](?:[ \t]+|(?=\r?$)|(?<==))(.{0,1000}?)[ \t\r]*$"
)
_OTHER: Final = re.compile(r"(?m)^(?:[ \t]+\S|- |#|\[|[\]}'\"]|[A-Za-z_][\w .-]{0,40}[ \t]*[:=]|[ \t\r]*$)")
_LONGEST: Final = 20_000


def front_matter(text: str) -> FrontMatter | None:
    """Return the front matter of `text`, or ``None`` where its first rule is only a rule."""
    opening = _FENCE.match(text)
    if opening is None:
        return None
    closing = re.compile(rf"(?m)^{re.escape(opening[1])}[ \t]*\r?$").search(
        text, opening.end(), opening.end() + _LONGEST
    )
    if closing is None:
        return None
    inside = text[opening.end() : closing.start()]
    lines = inside.rstrip("\r\n").split("\n")
    keys = list(_KEY.finditer(text, opening.end(), closing.start()))
    if not keys or not all(_OTHER.match(line) for line in lines):
        return None
    fields: list[tuple[str, int, int]] = []
    for match in keys:
        start, end = match.span(2)
        if end - start >= 2 and text[start] in "\"'" and text[end - 1] == text[start]:
            start, end = start + 1, end - 1
        if end > start:
            fields.append((match[1].strip().lower(), start, end))
    return FrontMatter(opening.start(1), closing.end(), tuple(fields))
