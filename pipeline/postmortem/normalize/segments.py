"""The pieces that a text is read in: its lines, parted around block-level tags, and its fenced code."""

from __future__ import annotations

import re
from typing import Final

from postmortem.normalize.marks import starts_with_stamp
from postmortem.normalize.mask import BLOCK_TAGS

_WIKI_HEADING: Final = re.compile(r"(?m)^={2,4}[^=\n]{1,80}={2,4}[ \t\r]*$")
_FENCE: Final = re.compile(r"(?m)^[ \t>]{0,12}(`{3,}|~{3,})[ \t]*([^`\n]{0,60})$")
_BREAK: Final = re.compile(rf"<(?:/(?:{BLOCK_TAGS})\s*|br\s*/?)>|(?=<(?:{BLOCK_TAGS})\b)", re.IGNORECASE)


def segments_of(text: str, masked: str, skip: int) -> list[tuple[int, int]]:
    """Split at line ends and around block-level tags, from `skip` on; no segment holds a newline."""
    found: list[tuple[int, int]] = []
    at = 0
    tags = "<" in text
    for line in masked.split("\n"):
        end = at + len(line)
        if end >= skip:
            a = at if at > skip else skip
            if tags and "<" in text[a:end]:
                cuts = sorted({m.end() for m in _BREAK.finditer(text, a, end)} - {a, end})
                for cut in cuts:
                    if masked[a:cut].strip():
                        found.append((a, cut))
                    a = cut
                if a > at and not masked[a:end].strip():
                    if found and found[-1][0] >= at:
                        found[-1] = (found[-1][0], end)
                    else:
                        found.append((max(at, skip), end))
                    at = end + 1
                    continue
            found.append((a, end))
        at = end + 1
    return found


def is_wiki(text: str) -> bool:
    """Is it wiki mark-up, in which hashes number items? Its first heading stands above any hash."""
    found = _WIKI_HEADING.findall(text)
    return len(found) > 1 and "#" not in text[: text.index(found[0])]


def fences_of(text: str) -> dict[int, int]:
    """Return where fenced code begins and ends: offsets of the opening and closing lines' starts.

    A fence without a language that holds a timeline is prose to its author, so it is not code here.
    """
    if "```" not in text and "~~~" not in text:
        return {}
    found: dict[int, int] = {}
    opening: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opening is None:
            opening = match
        elif match[1][0] == opening[1][0] and not match[2].strip():
            if opening[2].strip() or not _reads_as_timeline(text[opening.end() : match.start()]):
                found[opening.start()] = match.start()
            opening = None
    return found


def _reads_as_timeline(text: str) -> bool:
    lines = [line.strip(" \t-*") for line in text[:4000].split("\n") if line.strip()]
    return len(lines) >= 2 and sum(map(starts_with_stamp, lines)) * 2 >= len(lines)
