"""Word documents to Markdown-like text, by python-docx: headings, lists, tables and paragraphs in the body's order.

python-docx opens the package and knows styles and numbering; the words are taken from the XML itself, so that links,
content controls and insertions under review keep theirs. Deleted words, comments, heads and feet are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, Final

from postmortem.read.extras import optional
from postmortem.read.zipped import open_zip

MAX_PART: Final = 40_000_000
"""Bytes of one XML part, unpacked; a report's text has a hundredth of that."""
MAX_PACKAGE: Final = 200_000_000
MAX_DEPTH: Final = 60
"""Tables and frames in one another deeper than this are left out."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT: Final = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText", f"{_W}delText",
     "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
)  # fmt: skip
_TIGHT: Final = frozenset((("item", "item"), ("table", "row"), ("row", "row")))
_HEADING = re.compile(r"heading\s?(\d)\Z", re.IGNORECASE)


def extract(data: bytes) -> tuple[str, str | None]:
    """Return a document's text. Raises ValueError for a damaged one, and one whose parts are far too large."""
    _check(data)
    docx = optional("docx", "DOCX")
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = list(_Body(document).blocks(document.element.body, 0))
    except Exception as error:  # a damaged package can make the library raise anything
        words = " ".join(str(error).split())[:120]
        raise ValueError(f"a damaged Word document ({words or type(error).__name__})") from error
    return _spaced(blocks), None


def _check(data: bytes) -> None:
    """Refuse what would unpack to more than any document holds."""
    with open_zip(io.BytesIO(data)) as package:
        sizes = {info.filename: info.file_size for info in package.infolist()}
    if sum(sizes.values()) > MAX_PACKAGE:
        raise ValueError(f"a Word document of more than {MAX_PACKAGE // 1_000_000} MB unpacked")
    for name, size in sizes.items():
        if size > MAX_PART and name.endswith((".xml", ".rels")):
            raise ValueError(
                f"a Word document whose {name} has more than {MAX_PART // 1_000_000} MB unpacked"
            )


def _spaced(blocks: list[tuple[str, str]]) -> str:
    """Blocks as text: rows and items of one list on lines of their own, all else a blank line apart."""
    out: list[str] = []
    previous = ""
    for kind, words in blocks:
        if out:
            out.append("\n" if (previous, kind) in _TIGHT else "\n\n")
        out.append(words)
        previous = kind
    return "".join(out) + ("\n" if out else "")


class _Body:
    """Walks a document's body."""

    def __init__(self, document: Any) -> None:
        self.styles = {style.style_id: style for style in document.styles}
        self.numbering = _Numbering(document)
        named = document.element.body.iter(f"{_W}pStyle")
        styles = [self.styles.get(node.get(f"{_W}val")) for node in named]
        self.titled = any(style is not None and _is_title(style) for style in styles)

    def blocks(self, parent: Any, depth: int) -> Iterator[tuple[str, str]]:
        """Yield (kind, text) of each paragraph and table row below `parent`."""
        if depth > MAX_DEPTH:
            return
        for element in parent.iterchildren():
            if element.tag == f"{_W}p":
                yield from self._paragraph(element, depth)
            elif element.tag == f"{_W}tbl":
                yield from self._table(element, depth)
            elif isinstance(element.tag, str) and element.tag not in _LEFT_OUT:
                yield from self.blocks(element, depth + 1)

    def _paragraph(self, element: Any, depth: int) -> Iterator[tuple[str, str]]:
        words = _trimmed("".join(_words(element, 0)))
        if words:
            yield self._marked(element, words)
        for frame in element.iter(f"{_W}txbxContent"):
            if not any(above.tag in _LEFT_OUT for above in frame.iterancestors()):
                yield from self.blocks(frame, depth + 1)

    def _marked(self, element: Any, words: str) -> tuple[str, str]:
        """A paragraph with the marks of a heading, an item or emphasis."""
        style = self._style(element)
        level = self._level(element, style)
        if level:
            return "heading", f"{'#' * level} {' '.join(words.split())}"
        listed = self.numbering.marker(element, style)
        if listed:
            marker, indent = listed
            return "item", "    " * indent + f"{marker} " + words.replace("\n", "\n" + "    " * (indent + 1))
        if len(words) <= 120 and "\n" not in words and _all_bold(element):
            return "paragraph", f"**{words}**"
        return "paragraph", words

    def _style(self, element: Any) -> Any:
        named = element.find(f"{_W}pPr/{_W}pStyle")
        return self.styles.get(named.get(f"{_W}val")) if named is not None else None

    def _level(self, element: Any, style: Any) -> int:
        """1-6 for a heading, by its style's own name or that of the one it is based on; 0 for none."""
        for _ in range(10):
            if style is None:
                break
            if _is_title(style):
                return 1
            if found := _HEADING.match(style.name or ""):
                return min(int(found.group(1)) + self.titled, 6)
            style = getattr(style, "base_style", None)
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        level = outline.get(f"{_W}val", "") if outline is not None else ""
        return int(level) + 1 if level in ("0", "1", "2", "3", "4", "5") else 0

    def _table(self, table: Any, depth: int) -> Iterator[tuple[str, str]]:
        """A pipe table; one with a single column is no table but a frame around its paragraphs."""
        rows = [row for row in table.iter(f"{_W}tr") if _nearest_table(row) is table]
        cells = [[cell for cell in row.iter(f"{_W}tc") if _nearest_table(cell) is table] for row in rows]
        if max(map(len, cells), default=0) < 2:
            for cell in (cell for row in cells for cell in row):
                yield from self.blocks(cell, depth + 1)
            return
        for number, row in enumerate(cells):
            texts = [self._cell(cell, depth) for cell in row]
            if number == 0:
                yield "table", f"| {' | '.join(texts)} |\n| {' | '.join('---' for _ in texts)} |"
                continue
            yield "row", f"| {' | '.join(texts)} |"

    def _cell(self, cell: Any, depth: int) -> str:
        words = " ".join(text for _, text in self.blocks(cell, depth + 1))
        return " ".join(words.replace("|", "\\|").split())


class _Numbering:
    """Which paragraphs are list items, and with which marker."""

    def __init__(self, document: Any) -> None:
        self.formats: dict[tuple[str, int], str] = {}
        self.counts: dict[tuple[str, int], int] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {
            node.get(f"{_W}abstractNumId"): {
                level.get(f"{_W}ilvl"): level.find(f"{_W}numFmt").get(f"{_W}val")
                for level in node.iter(f"{_W}lvl")
                if level.find(f"{_W}numFmt") is not None
            }
            for node in root.iter(f"{_W}abstractNum")
        }
        for number in root.iter(f"{_W}num"):
            reference = number.find(f"{_W}abstractNumId")
            levels = abstract.get(reference.get(f"{_W}val"), {}) if reference is not None else {}
            for level, kind in levels.items():
                if level is not None and level.isdigit():
                    self.formats[number.get(f"{_W}numId"), int(level)] = kind

    def marker(self, element: Any, style: Any) -> tuple[str, int] | None:
        """Return the marker and the depth of a list item; ``None`` for a paragraph that is none."""
        properties = element.find(f"{_W}pPr/{_W}numPr")
        for _ in range(10):
            if properties is not None or style is None:
                break
            properties = style.element.find(f"{_W}pPr/{_W}numPr")
            style = getattr(style, "base_style", None)
        if properties is None:
            return None
        numbered, depth = properties.find(f"{_W}numId"), properties.find(f"{_W}ilvl")
        identity = numbered.get(f"{_W}val") if numbered is not None else None
        if identity in (None, "0"):
            return None
        level = depth.get(f"{_W}val", "0") if depth is not None else "0"
        at = min(int(level), 8) if level.isdigit() else 0
        return self._next(identity, at), at

    def _next(self, identity: str, at: int) -> str:
        if self.formats.get((identity, at), "bullet") in ("bullet", "none"):
            return "*"
        self.counts[identity, at] = self.counts.get((identity, at), 0) + 1
        for deeper in range(at + 1, 9):
            self.counts.pop((identity, deeper), None)
        return f"{self.counts[identity, at]}."


def _is_title(style: Any) -> bool:
    return (style.name or "").lower() == "title"


def _words(element: Any, depth: int) -> Iterator[str]:
    """The characters of a paragraph, frames left to the caller."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}tab":
            yield "\t"
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif (
            isinstance(tag, str) and tag not in _LEFT_OUT and tag != f"{_W}txbxContent" and depth < MAX_DEPTH
        ):
            yield from _words(child, depth + 1)


def _trimmed(words: str) -> str:
    return re.sub(r"[ \t]{0,20}\n[ \t]{0,20}", "\n", words).strip()


def _all_bold(element: Any) -> bool:
    """Whether every run with words in it is bold."""
    found = False
    for run in element.iter(f"{_W}r"):
        if not any((text.text or "").strip() for text in run.iter(f"{_W}t")):
            continue
        bold = run.find(f"{_W}rPr/{_W}b")
        if bold is None or bold.get(f"{_W}val", "1") in ("0", "false", "off"):
            return False
        found = True
    return found


def _nearest_table(element: Any) -> Any:
    return next((above for above in element.iterancestors() if above.tag == f"{_W}tbl"), None)
