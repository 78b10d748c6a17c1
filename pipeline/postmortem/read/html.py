"""HTML to text that reads like Markdown: headings, lists, tables, emphasis and line breaks survive.

Links and images leave their words behind; scripts and styles leave nothing. Front matter above the page is kept as it is.
"""

from __future__ import annotations

import re
from typing import Final

import bs4
from bs4.element import NavigableString
from markdownify import ATX, MarkdownConverter

from postmortem.read.confluence import without_furniture
from postmortem.read.encoding import decode
from postmortem.read.markup import is_deep, parsed

_FRONT_MATTER = re.compile(r"\s{0,20}(---|\+\+\+)[ \t]*\r?\n.{0,10000}?\n\1[ \t]*(?:\r?\n|$)", re.DOTALL)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([a-zA-Z0-9_-]{1,30})""", re.IGNORECASE
)
# Not all of the head: a page that leaves out its body may have been read into it.
_SILENT: Final = ("script", "style", "noscript", "template", "svg", "title", "iframe", "object")
_BREAKS: Final = frozenset(
    "address article aside blockquote body br button caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


class _Converter(MarkdownConverter):
    """Markdown for reading: words as they are (no escapes), a line break as one newline, links as their text."""

    class Options:
        autolinks = False
        bullets = "*"
        escape_asterisks = False
        escape_underscores = False
        heading_style = ATX

    def convert_a(self, el: bs4.Tag, text: str, parent_tags: set[str]) -> str:
        return text

    def convert_br(self, el: bs4.Tag, text: str, parent_tags: set[str]) -> str:
        return f" {text}" if "_inline" in parent_tags else f"\n{text}"

    def convert_img(self, el: bs4.Tag, text: str, parent_tags: set[str]) -> str:
        return ""

    # A button or summary often holds a collapsed report's title: it stands on its own, like a paragraph.
    def convert_button(self, el: bs4.Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""

    convert_summary = convert_button


def extract(data: bytes) -> tuple[str, str | None]:
    """Return a page's text and its encoding. Raises ValueError for binary data, and for nothing else."""
    declared = _CHARSET.search(data, 0, 4096)
    page, encoding = decode(data, declared.group(1).decode("ascii") if declared else None)
    front = _FRONT_MATTER.match(page)
    kept = front.group().lstrip() if front else ""
    return kept + to_text(page[front.end() if front else 0 :]), encoding


def to_text(page: str) -> str:
    """Return the words of an HTML page as Markdown-like text; never raises, whatever the nesting."""
    soup = parsed(page.replace("\r\n", "\n").replace("\x00", ""))
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    if 'id="title-text"' in page:
        without_furniture(soup)
    for tag in soup.find_all(_SILENT):
        tag.extract()
    text = _flat(soup) if is_deep(soup) else _Converter().convert_soup(soup)
    text = re.sub(r"\n{3,}", "\n\n", text).strip("\n")
    if title and soup.h1 is None:
        text = f"# {title}\n\n{text}" if text else f"# {title}"
    return f"{text}\n" if text else ""


def _flat(soup: bs4.BeautifulSoup) -> str:
    """Every text node in order, a newline where a block begins."""
    out: list[str] = []
    for node in soup.descendants:
        if isinstance(node, bs4.Tag):
            if node.name in _BREAKS:
                out.append("\n")
        elif type(node) is NavigableString:
            out.append(re.sub(r"\s+", " ", str(node)))
    return re.sub(r" *\n[ \n]*", "\n", "".join(out))
