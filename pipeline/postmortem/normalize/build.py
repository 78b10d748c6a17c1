"""The one pass over a text that makes a `Document` of it."""

from __future__ import annotations

from postmortem.document import Document, FrontMatter
from postmortem.normalize.builder import WORD, Builder
from postmortem.normalize.fields import find_fields
from postmortem.normalize.frontmatter import front_matter
from postmortem.normalize.likely import settled
from postmortem.normalize.looks import Judge, level_by_looks
from postmortem.normalize.marks import is_rule
from postmortem.normalize.mask import mask
from postmortem.normalize.sections import name_sections
from postmortem.normalize.segments import fences_of, is_wiki, segments_of


def build(text: str, *, by_rule: bool = False, judge: Judge = level_by_looks) -> Document:
    """Return the `Document` of a text; `by_rule`: with its headings called what the rules alone make of them; `judge` has the
    last word on which lines are headings."""
    masked = mask(text)
    metadata: FrontMatter | None = front_matter(text)
    segments = segments_of(text, masked, metadata.end if metadata else 0)
    contents = [masked[a:b].strip() for a, b in segments]
    contents.append("")
    fences = fences_of(text)
    hashed = "\n#" in text or text[:1] == "#"
    builder = Builder(text, masked, wiki="==" in text and is_wiki(text), judge=judge, hashed=hashed)
    fence_end = -1
    taken = False
    for index, (a, b) in enumerate(segments):
        if taken:
            taken = False
            continue
        if fence_end >= 0:
            if a < fence_end:
                builder.code_line(a, b)
                continue
            fence_end = -1
            builder.end_paragraph()
            continue
        if fences and a in fences:
            fence_end = fences[a]
            builder.end_paragraph()
            builder.indents.clear()
            continue
        content = contents[index]
        if not content:
            builder.end_paragraph()
            continue
        below = segments[index + 1] if index + 1 < len(segments) else None
        following = contents[index + 1]
        if ("|" in content or builder.in_table or content[0] == "+") and builder.table_line(
            a, b, content, following
        ):
            builder.previous = (a, b)
        elif not content[0].isalnum() and (is_rule(content) or not WORD.search(content)):
            if not builder.link_item(a, b):
                builder.blanks.append((a, b))
                builder.end_paragraph()
        else:
            taken = builder.line(a, b, content, following, below)
    builder.close()
    plain = _blanked(masked, builder.blanks)
    blocks = tuple(builder.blocks)
    titled = metadata is not None and any(key == "title" for key, _, _ in metadata.fields)
    sections = name_sections(plain, text, builder.marks, titled=titled)
    if not by_rule:
        sections = settled(sections, plain, text)
    return Document(text, plain, blocks, sections, find_fields(plain, blocks, sections), metadata)


def _blanked(masked: str, blanks: list[tuple[int, int]]) -> str:
    """Blank the marks found at the starts of lines; `blanks` are in order."""
    if not blanks:
        return masked
    parts: list[str] = []
    at = 0
    for start, end in blanks:
        if start >= at:
            parts += masked[at:start], " " * (end - start)
            at = end
    return "".join([*parts, masked[at:]])
