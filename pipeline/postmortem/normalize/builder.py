"""Lines to blocks: what each line of a report is, decided line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from postmortem.document import Block, BlockKind, Cell
from postmortem.normalize.levels import BOLD_LEVEL, Line, heading_level, is_plainly_text
from postmortem.normalize.looks import Around, Judge, level_by_looks
from postmortem.normalize.marks import (
    LIST_MARKS,
    is_list_mark,
    marks_at,
    may_be_marked,
    starts_with_stamp,
)
from postmortem.normalize.mask import BLOCK_TAGS
from postmortem.normalize.naming import heading_names, whole_names
from postmortem.normalize.sections import Mark

_PICTOGRAM: Final = re.compile(
    r"[\u2190-\u2bff\u3000-\u303f\ue000-\uf8ff\U0001f000-\U0001faff]|^:[a-z+_0-9-]{2,40}:"
)
_BLOCK_TAG: Final = re.compile(rf"<({BLOCK_TAGS})\b", re.IGNORECASE)
_HARD_BREAK: Final = re.compile(rf"(?:  |\\|<br\s?/?>\s*|</(?:{BLOCK_TAGS})>\s*)\r?$", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"\|?\s{0,20}:?-{2,}:?\s{0,20}(?:[|+]\s{0,20}:?-{2,}:?\s{0,20}){0,60}\|?$")
_BORDER: Final = re.compile(r"\+[-=+]{3,}$")
WORD: Final = re.compile(r"[^\W_]")
_BARE_LINK: Final = re.compile(
    rf"[ \t]{{0,40}}(?P<mark>[{re.escape(LIST_MARKS)}]|\d{{1,3}}[.)])[ \t]{{1,8}}(?:\[[ xX]?\][ \t]{{1,8}})?(?=<?(?:https?://|www\.))"
)
_CODE: Final = re.compile(
    r"(?:\$ |>>> |#!|sudo |import |from \w+ import|def |class \w+|function |var |const |let |return\b|if \("
    r"|for \(|[\w.]{1,60}\([^()]{0,80}\);?$|[\w.$-]{1,40} ?=(?!=).{0,200};?$|.{0,200}[;{}]$|[}\])]+[,;]?$"
    r"|</?\w{1,20}|\"[^\"]{1,60}\":)"
)
_UNFINISHED: Final = re.compile(
    r"(?:\b(?:to|at|from|on|between|and|until|till|by|around|approximately|about|since|of|the|a|an|in|or|with|"
    r"for|was|is|that|our)|[,(-])$",
    re.IGNORECASE,
)
# How far from its end a line is looked at for such a word.
_UNFINISHED_REACH: Final = 16
_LINE_LABEL: Final = re.compile(r"[A-Z][\w/&' -]{1,40}:\s")
_CONTINUED: Final = re.compile(r"(?m)^(?![ \t>]{0,20}[-*|#]).{44,160}(?=\n[ \t>]{0,40}[a-z])")
_NARROWEST: Final = 44


@dataclass(slots=True)
class _Open:
    """The paragraph, item, row or code that the next line may continue."""

    kind: BlockKind
    start: int
    end: int
    outer: int
    depth: int = 0
    marker: str = ""
    indent: int = 0
    cells: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Builder:
    """State of the pass.

    `blanks`: marks to be blanked in the plain text; `indents`: of the items that a line may be nested in;
    `header`: of the table at hand (``None`` before its separator); `context`: names of the section at hand;
    `after_blank`: nothing stands directly above; `previous`: the extent of the line above; `wrap`: see
    `wrapped`; `judge`: has the last word on which lines are headings; `hashed`: some have
    heading marks; `free`: how many have none.
    """

    text: str
    masked: str
    wiki: bool
    blocks: list[Block] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    blanks: list[tuple[int, int]] = field(default_factory=list)
    open: _Open | None = None
    indents: list[int] = field(default_factory=list)
    header: tuple[str, ...] | None = None
    context: tuple[str, ...] = ()
    in_table: bool = False
    after_blank: bool = True
    previous: tuple[int, int] = (0, 0)
    wrap: int | None = None
    judge: Judge = level_by_looks
    hashed: bool = False
    free: int = 0

    def close(self) -> None:
        """Turn what is open into a block."""
        o = self.open
        if o is not None:
            section = len(self.marks) - 1
            self.blocks.append(Block(o.kind, o.start, o.end, o.outer, o.depth, o.marker, section, o.cells))
            self.open = None

    def end_paragraph(self) -> None:
        if self.open is not None:
            self.close()
        self.after_blank, self.in_table, self.header = True, False, None

    def code_line(self, a: int, b: int) -> None:
        content = self.masked[a:b].strip()
        if not content:
            return
        start = a + self.masked[a:b].index(content[0])
        if self.open is None:
            self.open = _Open(BlockKind.CODE, start, start + len(content), start)
        else:
            self.open.end = start + len(content)

    def table_line(self, a: int, b: int, content: str, following: str) -> bool:
        """Take a line of a pipe or ASCII table; say whether it was one."""
        row = self.open if self.open is not None and self.open.kind is BlockKind.ROW else None
        start = a + self.masked[a:b].index(content[0])
        if "|" not in content and not _BORDER.match(content):
            if row is None or not self.in_table or content[0] in "#-*" or not self.is_unfinished(row):
                return False
            row.end = start + len(content)  # a cell that html2text wrapped
            last = row.cells[-1]
            row.cells = (*row.cells[:-1], Cell(last.start, row.end, last.header))
            return True
        if _SEPARATOR.match(content) or _BORDER.match(content):
            if row is not None and self.header is None:
                self.header = tuple(self.masked[c.start : c.end] for c in row.cells)
            self.close()
            self.blanks.append((a, b))
            self.in_table, self.after_blank = True, False
            return True
        pipes = content.count("|")
        if not (
            self.in_table
            or (content[0] == "|" and pipes > 1)
            or ("|" in following and _SEPARATOR.match(following))
            or (pipes > 1 and following.count("|") == pipes)
            or (" | " in content and starts_with_stamp(content))
        ):
            return False
        self.row(start, start + len(content), "|")
        return True

    def is_unfinished(self, row: _Open) -> bool:
        """Is a row of a pipe table not closed by a pipe, so that its last cell may go on below?"""
        return "|" in self.masked[row.outer : row.end] and self.masked[row.end : row.end + 3].strip() != "|"

    def row(self, start: int, end: int, delimiter: str) -> None:
        """Open a table row; one without any text only begins the table."""
        self.close()
        self.in_table, self.after_blank = True, False
        cells: list[Cell] = []
        a = start
        pieces = self.masked[start:end].split(delimiter)
        for i, piece in enumerate(pieces[:200]):
            stripped = piece.strip()
            if stripped or 0 < i < len(pieces) - 1:
                left = a + len(piece) - len(piece.lstrip()) if stripped else a
                header = self.header[len(cells)] if self.header and len(cells) < len(self.header) else ""
                cells.append(Cell(left, left + len(stripped), header))
            a += len(piece) + 1
        if any(WORD.search(self.masked, c.start, c.end) for c in cells):
            filled = [c for c in cells if c.end > c.start]
            self.open = _Open(BlockKind.ROW, filled[0].start, filled[-1].end, start, cells=tuple(cells))
        elif self.header is None:
            self.header = ()

    def heading(
        self, start: int, end: int, outer: int, line_end: int, level: int, marker: str, *, in_list: bool
    ) -> None:
        self.close()
        self.indents.clear()
        start, end = self.undecorated(start, end)
        self.marks.append(Mark(start, end, outer, line_end, level, first=not self.blocks))
        self.free += level >= BOLD_LEVEL
        self.blocks.append(Block(BlockKind.HEADING, start, end, outer, 0, marker, len(self.marks) - 1))
        self.in_table, self.header, self.after_blank = False, None, False
        if not in_list:
            words = " ".join(self.masked[start:end].split())
            # A title ("What we learned from …") is not the name of what stands below it.
            self.context = heading_names(words) if len(self.marks) > 1 else whole_names(words)

    def undecorated(self, start: int, end: int) -> tuple[int, int]:
        """Trim rules and closing hashes around a heading's words (``---Summary---``, ``== Summary ==``)."""
        masked = self.masked
        first, last = start, end
        while first < last and masked[first] in "-=~#>< \t|":
            first += 1
        while last > first and masked[last - 1] in "-=~#>< \t:|":
            last -= 1
        if first == last:
            return start, end
        return first, end if all(c in " \t:" for c in masked[last:end]) else last

    def line(self, a: int, b: int, content: str, following: str, below: tuple[int, int] | None) -> bool:
        """Take a line of text; `content` is the line (masked, trimmed), `following` the next one, `below` its extent.

        Returns whether the next line was taken too, as this one's underline.
        """
        text, masked = self.text, self.masked
        raw = text[a:b]
        bare = raw.lstrip()
        outer = b - len(bare)
        indent = len(raw[: outer - a].expandtabs(4)) if outer > a else 0
        start = masked.index(content[0], a)
        end = start + len(content)
        hashes, marker, begin = marks_at(raw, a, wiki=self.wiki) if may_be_marked(bare) else ("", "", a)
        if begin > outer:
            self.blanks.append((outer, begin))
        if begin > start:
            start = begin + len(masked[begin:end]) - len(masked[begin:end].lstrip())
            if start >= end:
                self.end_paragraph()
                return False
            content = masked[start:end]
        tag = _BLOCK_TAG.match(raw, outer - a) if bare[0] == "<" else None
        if tag and tag[1].lower() == "li":
            marker = marker or "<li>"
        elif not marker and not hashes and start > outer and bare[0] not in "*_`~<[!&'":
            pictogram = text[outer:start].strip()
            marker = pictogram if _PICTOGRAM.search(pictogram) else ""
        if not marker and not hashes and "\t" in content and self.tab_row(start, end, following):
            return False
        underlined = in_list = False
        level = int(tag[1][1]) if tag and tag[1][0] in "hH" and tag[1][1].isdigit() else 0
        rest = bare if begin <= outer else text[begin:b].lstrip()
        first = not self.blocks and self.open is None
        second = len(self.blocks) == 1 and self.open is None and self.below_first_title(hashes, marker)
        stamped = starts_with_stamp(content)
        if (
            level
            or hashes
            or first
            or second
            or not is_plainly_text(content, rest, marker, following, stamped=stamped)
        ):
            in_list = is_list_mark(marker)
            view = Line(
                content,
                rest,
                hashes,
                marker,
                indent,
                following,
                bool(marker and below and _is_nested(text, below, indent)),
                self.after_blank,
                first,
                second,
                self.context,
                begin < b and text[begin].isspace(),
                stamped,
                in_list,
            )
            if not level:
                level, underlined = heading_level(view)
                level = self.judge(view, self.around(start), level)
        if level:
            line_end = below[1] if underlined and below else b
            if underlined and below:
                self.blanks.append(below)
            self.heading(start, end, outer, line_end, level, hashes or marker, in_list=in_list)
        else:
            self.body_line(start, end, outer, indent, marker or hashes, new=bool(tag), stamped=stamped)
        self.previous, self.in_table = (a, b), False
        self.header = None
        return underlined

    def around(self, start: int) -> Around:
        """Return what stands above a line whose words begin at `start`."""
        above = self.open or (self.blocks[-1] if self.blocks else None)
        return Around(
            start,
            len(self.blocks) + (self.open is not None),
            len(self.marks),
            self.free,
            self.marks[-1].level if self.marks else 0,
            self.hashed,
            above.kind if above else "",
            self.masked[above.end - 1] if above and above.end else "",
        )

    def below_first_title(self, hashes: str, marker: str) -> bool:
        """Does a line without marks stand right below a first line that is a heading without marks?"""
        block = self.blocks[0]
        if hashes or marker or block.marker or self.after_blank or block.kind is not BlockKind.HEADING:
            return False
        return not self.text[block.end : self.marks[0].line_end].strip()

    def tab_row(self, start: int, end: int, following: str) -> bool:
        """Take a line of a tab-separated table; the first is the header if only the next begins with a time."""
        tabs = self.masked.count("\t", start, end)
        if not (self.in_table or (tabs == following.count("\t") and self.masked[start] not in "#*-")):
            return False
        fresh = not self.in_table
        self.row(start, end, "\t")
        content = self.masked[start:end]
        if fresh and self.open and not starts_with_stamp(content) and starts_with_stamp(following):
            self.header = tuple(self.masked[c.start : c.end] for c in self.open.cells)
        return True

    def body_line(
        self, start: int, end: int, outer: int, indent: int, marker: str, *, new: bool, stamped: bool
    ) -> None:
        """Take a line that is no heading and no row: an item, a paragraph, or more of what is open."""
        if marker:
            self.close()
            while self.indents and self.indents[-1] >= indent:
                self.indents.pop()
            self.open = _Open(BlockKind.ITEM, start, end, outer, len(self.indents), marker, indent)
            self.indents.append(indent)
        elif (
            self.open is not None
            and not new
            and not self.after_blank
            and self.continues(start, end, indent, stamped=stamped)
        ):
            self.open.end = end
        elif indent >= 4 and self.after_blank and not self.indents and _CODE.match(self.masked[start:end]):
            self.close()
            self.open = _Open(BlockKind.CODE, start, end, outer)
            self.close()
        else:
            self.close()
            if self.indents and indent <= self.indents[0]:
                self.indents.clear()
            self.open = _Open(BlockKind.PARAGRAPH, start, end, outer, indent=indent)
        self.after_blank = False

    def link_item(self, a: int, b: int) -> bool:
        """Take a list item that is nothing but an address, which the plain text leaves out; say whether it was one."""
        match = _BARE_LINK.match(self.text, a, b) if self.text.find("//", a, b) > 0 else None
        if match is None:
            return False
        outer = match.start("mark")
        end = a + len(self.text[a:b].rstrip())
        self.blanks.append((outer, match.end()))
        indent = len(self.text[a:outer].expandtabs(4))
        self.body_line(match.end(), end, outer, indent, match["mark"], new=False, stamped=False)
        self.previous, self.in_table, self.header = (a, b), False, None
        return True

    def continues(self, start: int, end: int, indent: int, *, stamped: bool) -> bool:
        """Does a line go on with the sentence or the paragraph of the line above? `stamped`: it begins with a date or time."""
        before = self.open
        a, b = self.previous
        if before is None or before.kind is BlockKind.ROW or _HARD_BREAK.search(self.text, max(a, b - 12), b):
            return False
        masked = self.masked
        last = masked[max(before.start, before.end - 40) : before.end]
        line = masked[start : min(end, start + 120)]
        if stamped:
            if _goes_on(last):
                return True
            return (
                last[-1] not in ".:!?;"
                and not starts_with_stamp(masked[before.start : before.start + 40])
                and self.wrapped(line)
            )
        if before.kind is BlockKind.ITEM and indent > before.indent and last[-1] != ":":
            return not _LINE_LABEL.match(line)
        if line[0].islower():
            return last[-1] != ":" and (b - a >= _NARROWEST or _goes_on(last) or self.wrapped(line))
        if last[-1] == ":" or _LINE_LABEL.match(line):
            return False
        return _goes_on(last) or self.wrapped(line)

    def wrapped(self, line: str) -> bool:
        """Was the line above broken because the first word of `line` would not have fitted?

        Lines that go on in lower case below show at which width the text was wrapped, if it was.
        """
        if self.wrap is None:
            widths = [len(w.rstrip()) for w in _CONTINUED.findall(self.masked)[:400]]
            self.wrap = sorted(widths)[len(widths) // 2] if len(widths) > 1 else 0
        a, b = self.previous
        length = len(self.masked[a:b].rstrip())
        return (
            bool(self.wrap)
            and length <= self.wrap + 16
            and length + 1 + len(line.split(maxsplit=1)[0]) > self.wrap - 3
        )


def _goes_on(last: str) -> bool:
    """Does the end of a line want more ("from", "approximately", a comma)?"""
    return _UNFINISHED.search(last, max(len(last) - _UNFINISHED_REACH, 0)) is not None


def _is_nested(text: str, below: tuple[int, int], indent: int) -> bool:
    """Is the line `below` a list item indented deeper than `indent`?"""
    raw = text[slice(*below)]
    stripped = raw.lstrip()
    return (
        bool(stripped)
        and len(raw[: len(raw) - len(stripped)].expandtabs(4)) > indent
        and (stripped[0] in LIST_MARKS or stripped[0].isdigit())
    )
