"""What the readers of marked-up pages share."""

from __future__ import annotations

import re
from typing import Final

import bs4

MAX_DEPTH: Final = 80
"""Pages nested deeper than this are flattened to lines: what converts them recurses, and no author nests that deep."""

_DECLARATION = re.compile(r"\A\s{0,200}<\?xml[^>]{0,200}>")


def parsed(page: str) -> bs4.BeautifulSoup:
    """Return the tree of a page, HTML or not quite; an XML declaration above it is left out."""
    return bs4.BeautifulSoup(_DECLARATION.sub("", page), "lxml")


def is_deep(soup: bs4.BeautifulSoup) -> bool:
    """Whether a page is nested deeper than `MAX_DEPTH`."""
    depths = {id(soup): 0}
    for node in soup.descendants:
        if isinstance(node, bs4.Tag):
            depth = depths[id(node)] = depths[id(node.parent)] + 1
            if depth > MAX_DEPTH:
                return True
    return False
