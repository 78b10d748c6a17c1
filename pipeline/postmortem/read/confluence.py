"""Confluence pages: its storage format (XHTML with ``ac:`` and ``ri:`` macros), and what its HTML export adds to a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

import bs4
from bs4.element import NavigableString

from postmortem.read.encoding import decode
from postmortem.read.markup import is_deep, parsed

_EMPTY = re.compile(r"<((?:ac|ri):[a-z-]{1,40}|time)(\s[^<>]{0,2000})?/>")
_NAMELESS: Final = frozenset(
    "toc toc-zone children pagetree recently-updated attachments gallery anchor livesearch contentbylabel".split()
)
_FURNITURE: Final = (
    "#breadcrumb-section", "#breadcrumbs", "#footer", ".page-metadata", ".toc-macro", "ul.childpages-macro",
    ".page-metadata-modification-info", ".greybox", "img.emoticon",
)  # fmt: skip


def extract(data: bytes) -> tuple[str, str | None]:
    """Return the text of a page in storage format and its encoding. Raises ValueError for binary data."""
    from postmortem.read.html import to_text

    source, encoding = decode(data)
    return to_text(to_html(source)), encoding


def to_html(source: str) -> str:
    """Return a page in storage format as plain HTML: macros as the words and blocks that a reader of the page sees."""
    page = _EMPTY.sub(r"<\1\2></\1>", _cdata_escaped(source))
    soup = parsed(page)
    if is_deep(soup):
        return page
    for tag in soup.find_all(re.compile(r"\A(?:ac|ri):")):
        if not tag.decomposed and tag.parent is not None:
            _HANDLERS.get(tag.name, bs4.Tag.unwrap)(tag)
    for moment in soup.find_all("time"):
        if not moment.get_text(strip=True):
            moment.string = str(moment.get("datetime", ""))
    return str(soup)


def _cdata_escaped(source: str) -> str:
    """Literal sections as escaped text, for an HTML parser takes them for comments."""
    first, *rest = source.split("<![CDATA[")
    out = [first]
    for part in rest:
        literal, closed, after = part.partition("]]>")
        out += (html.escape(literal), after) if closed else (part,)
    return "".join(out)


def without_furniture(soup: bs4.BeautifulSoup) -> None:
    """Take out of an exported page what the export added: breadcrumbs, authorship, attachments, and its own footer.

    Other pages are left as they are.
    """
    heading = soup.find(id="title-text")
    if not isinstance(heading, bs4.Tag) or soup.find(id="main-content") is None:
        return
    for selector in _FURNITURE:
        for tag in soup.select(selector):
            tag.extract()
    for section in soup.select(".pageSectionHeader"):
        if section.find(id=re.compile(r"\A(?:attachments|comments)\Z")):
            section.extract()
    words = heading.get_text(" ", strip=True)
    _, colon, title = words.partition(" : ")  # "Space : Title"
    heading.string = title if colon else words


def _macro(tag: bs4.Tag) -> None:
    name = str(tag.get("ac:name", ""))
    if name in _NAMELESS:
        tag.decompose()
        return
    values = {str(p.get("ac:name", "")): p for p in tag.find_all("ac:parameter", recursive=False)}
    title = values["title"].get_text(" ", strip=True) if "title" in values else ""
    if name == "jira" and "key" in values:
        title = values["key"].get_text(strip=True)
    for parameter in values.values():
        parameter.decompose()
    if name in ("status", "jira"):
        tag.replace_with(NavigableString(title))
        return
    if title:
        words = bs4.BeautifulSoup("", "lxml").new_tag("p")
        words.string = title
        tag.insert(0, words)
    tag.name = "div"


def _renamed(name: str) -> Callable[[bs4.Tag], None]:
    def rename(tag: bs4.Tag) -> None:
        tag.name = name

    return rename


def _status(tag: bs4.Tag) -> None:
    tag.replace_with(NavigableString("[x] " if tag.get_text(strip=True) == "complete" else "[ ] "))


def _link(tag: bs4.Tag) -> None:
    """The words of a link, or what it points to."""
    target = tag.find("ri:page")
    if not tag.get_text(strip=True) and isinstance(target, bs4.Tag):
        tag.replace_with(NavigableString(str(target.get("ri:content-title", ""))))
    else:
        tag.unwrap()


_HANDLERS: Final[dict[str, Callable[[bs4.Tag], object]]] = {
    "ac:structured-macro": _macro,
    "ac:macro": _macro,
    "ac:plain-text-body": _renamed("pre"),
    "ac:rich-text-body": _renamed("div"),
    "ac:task-list": _renamed("ul"),
    "ac:task": _renamed("li"),
    "ac:task-id": bs4.Tag.decompose,
    "ac:task-uuid": bs4.Tag.decompose,
    "ac:task-status": _status,
    "ac:image": bs4.Tag.decompose,
    "ac:emoticon": bs4.Tag.decompose,
    "ac:placeholder": bs4.Tag.decompose,
    "ac:link": _link,
}
