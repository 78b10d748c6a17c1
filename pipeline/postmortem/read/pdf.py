"""A PDF's text layer, by pypdf, with the page's layout put back into words.

Lines become paragraphs again, larger type becomes headings, indented blocks become list items; the running heads and feet
that printing adds are left out. What is only a picture cannot be read.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from postmortem.read.extras import optional

MAX_PAGES: Final = 500
MAX_CHARACTERS: Final = 5_000_000
MAX_OPERATIONS: Final = 1_000_000
"""Drawing operations of a whole file, the parts that pages share counted each time: 100 dense pages have a tenth of that."""
LIMITS: Final = {"zlib_maximum_output_length": 20_000_000, "stream_parsing_work_maximum_count": 300_000}
"""pypdf's own bounds, narrower than it has them: bytes of one stream, unpacked, and the words of its drawing language."""

_FURNITURE = re.compile(
    r"(?:page )?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?"
    r"|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}, \d{1,2}:\d\d(?: ?[AP]M)?(?: .{0,200})?"
    r"|(?:https?|file|ﬁle):/\S{0,300}(?: \d{1,4} ?/ ?\d{1,4})?",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[•●○▪◦‣■-]|\*|\(?\d{1,3}[.)]|[a-z][.)])\s|\W{0,2}\d{1,2}[:.]\d\d\b")
_PRIVATE_BULLETS = re.compile(r"[\uf0b7\uf0a7\uf0d8\uf076\uf0fc]")
_BROKEN_WORD = re.compile(r"([A-Za-z]{1,40})([-\xad\u2010])\Z")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as printed: its words, where it begins and ends on the page in points, its type."""

    text: str
    x: float
    top: float
    bottom: float
    size: float
    bold: bool
    pieces: int
    page: int
    margin: bool


class _TooMuchError(Exception):
    pass


def extract(data: bytes) -> tuple[str, str | None]:
    """Return a file's text. Raises ValueError for a damaged or encrypted one, and for one without a text layer."""
    pypdf = optional("pypdf", "PDF")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with the file is no message of ours
    try:
        with pypdf.apply_configuration(**LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ValueError("an encrypted PDF: it needs a password")
            lines = _lines(reader)
    except ValueError as error:
        raise ValueError(_one_line(error)) from error
    except _TooMuchError as error:
        raise ValueError(f"a PDF with too much in it ({error})") from error
    except pypdf.errors.LimitReachedError as error:
        raise ValueError(f"a PDF with too much in it ({_one_line(error)})") from error
    except pypdf.errors.DependencyError as error:
        raise ValueError("an encrypted PDF") from error
    except Exception as error:  # a damaged file can make the library raise anything
        raise ValueError(f"a damaged PDF ({_one_line(error)})") from error
    running = _running(lines)
    text = _reflowed([line for line in lines if line not in running])
    if not text.strip():
        raise ValueError("a PDF with no text layer: its pages are pictures")
    return text, None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _lines(reader: Any) -> list[_Line]:
    """Every line of every page, as pypdf orders them."""
    if len(reader.pages) > MAX_PAGES:
        raise ValueError(f"a PDF of more than {MAX_PAGES} pages")
    lines: list[_Line] = []
    budget = _Budget()
    for number, page in enumerate(reader.pages):
        box = page.mediabox
        collector = _Collector(number, float(box.bottom), float(box.top), budget)
        page.extract_text(visitor_text=collector.text, visitor_operand_before=budget.operation)
        lines += collector.finish()
    return lines


class _Budget:
    """What a file may cost."""

    def __init__(self) -> None:
        self.operations = 0
        self.characters = 0

    def operation(self, *_: object) -> None:
        self.operations += 1
        if self.operations > MAX_OPERATIONS:
            raise _TooMuchError(f"{MAX_OPERATIONS:,} drawing operations")

    def words(self, count: int) -> None:
        self.characters += count
        if self.characters > MAX_CHARACTERS:
            raise _TooMuchError(f"{MAX_CHARACTERS:,} characters")


class _Collector:
    """Gathers a page's pieces of text into lines."""

    def __init__(self, page: int, bottom: float, top: float, budget: _Budget) -> None:
        self.page, self.bottom, self.height, self.budget = page, bottom, max(top - bottom, 1.0), budget
        self.lines: list[_Line] = []
        self.pieces: list[tuple[str, float, float, float, bool]] = []

    def text(self, text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        self.budget.words(len(text))
        *whole, rest = text.split("\n")
        for part in whole:
            self._piece(part, cm, tm, font, size)
            self._end()
        self._piece(rest, cm, tm, font, size)

    def finish(self) -> list[_Line]:
        self._end()
        return self.lines

    def _piece(self, text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if not text.strip():
            if self.pieces and text:
                self.pieces.append((" ", *self.pieces[-1][1:]))
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[2]) or 1.0
        name = str(font.get("/BaseFont", "")) if font else ""
        self.pieces.append((text, x, y, abs(size) * scale, "bold" in name.lower() or "black" in name.lower()))

    def _end(self) -> None:
        words = _PRIVATE_BULLETS.sub("•", "".join(piece[0] for piece in self.pieces))
        words = " ".join(words.replace("\x00", "").split())
        if words:
            _, x, first, size, _ = self.pieces[0]
            last = self.pieces[-1][2]
            share = (first - self.bottom) / self.height
            columns = len({round(piece[1]) for piece in self.pieces})
            bold = all(piece[4] for piece in self.pieces if piece[0].strip())
            self.lines.append(
                _Line(
                    words, x, first, last, round(size, 1), bold, columns, self.page, not 0.08 < share < 0.92
                )
            )
        self.pieces = []


def _running(lines: list[_Line]) -> set[_Line]:
    """Heads and feet: print stamps and page numbers at a page's edge, and lines there that most pages repeat."""
    pages = len({line.page for line in lines})
    edges = [line for line in lines if line.margin]
    repeated = Counter(shape for shape, _ in {(_shape(line), line.page) for line in edges})
    return {
        line
        for line in edges
        if _FURNITURE.fullmatch(line.text) or (pages > 2 and repeated[_shape(line)] > pages / 2)
    }


def _shape(line: _Line) -> str:
    return re.sub(r"\d{1,9}", "0", line.text)


def _reflowed(lines: list[_Line]) -> str:
    """Lines as Markdown-like paragraphs."""
    if not lines:
        return ""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted({line.size for line in lines if line.size > body * 1.12}, reverse=True)
    levels = {size: min(number, 4) for number, size in enumerate(larger, 1)}
    widest = max(len(line.text) for line in lines if line.size <= body * 1.12)
    left = Counter(round(line.x) for line in lines if line.size == body).most_common(1)[0][0]
    known = frozenset(word for line in lines for word in line.text.lower().split())
    out: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else None
        if before is not None and _continues(before, line, levels, widest):
            out[-1] = _joined(out[-1], line.text, known)
        else:
            gap = before is None or _gap(before, line) > 1.55 or before.size != line.size
            after = lines[number + 1] if number + 1 < len(lines) else None
            out.append(("\n" if gap and out else "") + _opened(line, levels, left, gap, after))
    return "\n".join(out) + "\n"


def _gap(before: _Line, line: _Line) -> float:
    """How far apart two lines stand, in sizes of their type; a new page is as good as no gap."""
    if before.page != line.page:
        return 1.0
    return abs(before.bottom - line.top) / max(line.size, 1.0)


def _continues(before: _Line, line: _Line, levels: dict[float, int], widest: int) -> bool:
    """Whether a line is more of the paragraph, item or heading before it."""
    if before.size != line.size or before.bold != line.bold or _ITEM.match(line.text):
        return False
    if line.size in levels:
        return _gap(before, line) < 1.6
    if _gap(before, line) > 1.55 or line.pieces > 1 + line.bold or (before.x - line.x) > line.size:
        return False
    closed = before.text[-1] in ".!?:;"
    room = widest * 0.94 - len(before.text) - len(line.text.split(" ", 1)[0])
    return not (room > 0 and (closed or line.text[0].isupper() or room > widest * 0.4))


def _opened(line: _Line, levels: dict[float, int], left: int, gap: bool, after: _Line | None) -> str:
    """The first line of a paragraph with the marks that say what it is."""
    if line.size in levels:
        return f"{'#' * levels[line.size]} {line.text}"
    alone = after is None or not after.bold
    if (
        line.bold
        and gap
        and alone
        and line.pieces == 1
        and len(line.text) <= 80
        and line.text[-1] not in ".,;"
    ):
        return f"**{line.text}**"
    if line.x - left > 1.2 * line.size and line.pieces == 1 and not _ITEM.match(line.text):
        return f"* {line.text}"
    return line.text


def _joined(before: str, line: str, known: frozenset[str]) -> str:
    """Two lines as one; a word parted at its end is whole again where the text has it whole elsewhere."""
    broken = _BROKEN_WORD.search(before[-41:])
    if broken is None or not line[:1].islower():
        return f"{before} {line}"
    head, rest = broken.group(1).lower(), re.split(r"[^a-z]", line, maxsplit=1)[0]
    if broken.group(2) == "\xad" or (f"{head}{rest}" in known and f"{head}-{rest}" not in known):
        return before[:-1] + line
    return before + line
