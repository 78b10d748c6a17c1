"""The normalised document: any text as headings, fields and blocks, in the source's own coordinates.

The trick that keeps every value exact: `Document.plain` is the source text with mark-up *blanked*,
character for character. Emphasis marks, tags, link targets, entities and bullets become spaces; curly
quotes, dashes and exotic spaces become their plain forms one for one. So ``len(plain) == len(text)``, a
pattern can be matched on `plain`, and its offsets are offsets into the source. There is no second
coordinate system.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_MARKS: Final = re.compile(
    r"\*{1,3}|(?<![A-Za-z0-9_])_{1,3}|_{1,3}(?![A-Za-z0-9_])|~~|`{1,3}|</?[A-Za-z][^<>\n]{0,300}>"
)
_SIGNS: Final = frozenset("*_~`<")
_WORDS: Final = re.compile(r"[a-z0-9]+")


def _unmarked(match: re.Match[str]) -> str:
    return " " if match[0][0] == "<" else ""


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row: its content's extent, and the column's header ("" where there is none)."""

    start: int
    end: int
    header: str


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table row or code block.

    `start:end` is the content without bullet, number, check box or heading marks, trimmed of white space;
    `outer` is where its first line begins (bullet included). A paragraph is as many lines as were wrapped
    or written together; `depth` is the nesting of an item (0 for all else); `section` indexes
    `Document.sections`, -1 above the first heading.
    """

    kind: BlockKind
    start: int
    end: int
    outer: int
    depth: int = 0
    marker: str = ""
    section: int = -1
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A section: its heading (`start:end`, mark-up left out of `text`), canonical names, and its own body.

    `body_start:body_end` ends at the next heading of any level; `parent` indexes the section that this one
    is nested in (-1 for none), by heading level.
    """

    text: str
    names: tuple[str, ...]
    level: int
    start: int
    end: int
    body_start: int
    body_end: int
    parent: int = -1


@dataclass(frozen=True, slots=True)
class Field:
    """A run-in label with its value: ``Root cause: a bug …``, ``* **Impact:** 70 % …``, also in mid-paragraph.

    `label` is as written without mark-up or colon; `names` are the canonical names (as for headings, and
    others such as ``date``, ``duration``, ``severity``, ``owner``; empty where the label is not known);
    `label_start:label_end` is the label, `start:end` the value (up to the next label or the end of the
    block, including the nested items below an item); `block` indexes `Document.blocks`.
    """

    label: str
    names: tuple[str, ...]
    label_start: int
    label_end: int
    start: int
    end: int
    block: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """YAML or TOML metadata above the text: its extent, and of each simple scalar value key (lower case), start, end."""

    start: int
    end: int
    fields: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A normalised text. `plain` is as long as `text`; see the module docstring."""

    text: str
    plain: str
    blocks: tuple[Block, ...]
    sections: tuple[Heading, ...]
    fields: tuple[Field, ...]
    front_matter: FrontMatter | None = None

    def regions(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield the extents that a canonical `name` covers, in text order.

        These are the bodies of the sections so named, those of the unnamed or ``other`` sub-sections nested
        in them, and the values of the fields so labelled. Extents may overlap (a field inside a section).
        """
        found = [(f.start, f.end) for f in self.fields if name in f.names]
        inside: list[bool] = []
        for section in self.sections:
            inherits = section.parent >= 0 and inside[section.parent] and set(section.names) <= {"other"}
            inside.append(name in section.names or inherits)
            if inside[-1] and section.body_end > section.body_start:
                found.append((section.body_start, section.body_end))
        yield from sorted(found)

    def quote(self, start: int, end: int) -> str:
        """Return the source's words between two offsets: emphasis marks and tags left out, white space folded.

        Links stay as written. The first five words (runs of ASCII letters and digits, case aside) always
        stand next to each other in ``text[start:end]``, in this order: where leaving a mark out would join
        or part words, it stays.
        """
        source = self.text[start:end]
        if _SIGNS.isdisjoint(source) or not _MARKS.search(source):
            return " ".join(source.split())
        folded = " ".join(_MARKS.sub(_unmarked, source).split())
        head, words = _WORDS.findall(folded.lower())[:5], _WORDS.findall(source.lower())
        if any(words[i : i + len(head)] == head for i in range(len(words) - len(head) + 1)):
            return folded
        return " ".join(source.split())
