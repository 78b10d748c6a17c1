"""JSON and XML files with many reports in them: status exports, lists of records, wiki dumps, Confluence spaces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from postmortem.inputs import exports, tables
from postmortem.inputs.model import Item
from postmortem.inputs.node import Budget, Node, Options, column_values, in_megabytes, member_name, read_up_to
from postmortem.read.encoding import decode
from postmortem.read.formats import CONFLUENCE, MEDIAWIKI

_LISTS: Final = (
    "incidents",
    "records",
    "reports",
    "postmortems",
    "data",
    "items",
    "results",
    "rows",
    "scheduled_maintenances",
)
_CONTENT_NAMESPACES: Final = (0, 2, 4)
_REDIRECT: Final = re.compile(r"\s{0,20}#\w{4,20}\s{0,5}:?\s{0,5}\[\[", re.IGNORECASE)


def json_document(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the incidents or records of a JSON file. Raises ValueError for one of no known shape."""
    data = read_up_to(stream, options.limits.container_bytes)
    if data is None:
        raise ValueError(f"larger than {in_megabytes(options.limits.container_bytes)}")
    try:
        whole = json.loads(decode(data)[0])
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"no JSON ({error})") from error
    found = _records(whole)
    if not found and whole not in ([], {"incidents": []}):
        raise ValueError("JSON of no known shape: no incidents of a status page, no list of records")
    told = [(number, export) for number, row in enumerate(found, 1) if (export := exports.incident(row))]
    if told:
        for number, export in told:
            budget.member()
            budget.unpacked(len(export.text))
            yield node.row(export.key or str(number), export.text, export.metadata)
        return
    columns = list(dict.fromkeys(str(name) for row in found[:1000] for name in row))
    if found:
        yield from tables.rows(node, enumerate(found, 1), columns, options, budget)


def _records(whole: object) -> list[Mapping[str, Any]]:
    """The objects that a file lists: by itself, or under one of the usual names."""
    if isinstance(whole, list):
        return [row for row in whole if isinstance(row, dict)]
    if not isinstance(whole, dict):
        return []
    if exports.incident(whole):
        return [whole]
    for name in _LISTS:
        inner = whole.get(name)
        if isinstance(inner, list) and inner and all(isinstance(row, dict) for row in inner):
            return inner
    return [whole] if whole else []


def wiki_pages(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the pages of a MediaWiki export, each with its newest revision; no redirects, talk, templates or files."""
    for page in _elements(stream, "page"):
        space = page.findtext("{*}ns") or "0"
        number = int(space) if space.lstrip("-").isdigit() else 0
        if number not in _CONTENT_NAMESPACES and (number < 100 or number % 2):
            continue
        revisions = page.findall("{*}revision")
        newest = max(revisions, key=lambda r: r.findtext("{*}timestamp") or "", default=None)
        text = (newest.findtext("{*}text") or "") if newest is not None else ""
        if page.find("{*}redirect") is not None or _REDIRECT.match(text):
            continue
        title = " ".join((page.findtext("{*}title") or "").split())
        stamp = newest.findtext("{*}timestamp") if newest is not None else None
        kept = column_values(
            iter((("title", title), ("page_id", page.findtext("{*}id")), ("timestamp", stamp)))
        )
        budget.member()
        budget.unpacked(len(text))
        heading = " / ".join(title.split("/"))  # a date in a subpage's name is to be seen as one
        data = f"= {heading} =\n\n{text}".encode("utf-8", "replace")
        yield node.member(member_name(title), data, kept, MEDIAWIKI.media_type)


def space_pages(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the current pages and blog posts of a Confluence space's XML export."""
    titles = {}
    for found in _elements(stream, "object"):
        if found.get("class") in ("Page", "BlogPost"):
            values = _properties(found)
            if values.get("contentStatus", "current") == "current" and not values.get("originalVersion"):
                titles[found.findtext("id")] = (
                    values.get("title", ""),
                    values.get("lastModificationDate", ""),
                )
    stream.seek(0)
    for found in _elements(stream, "object"):
        owner = found.find("property[@name='content']/id")
        if found.get("class") != "BodyContent" or owner is None or owner.text not in titles:
            continue
        title, changed = titles[owner.text]
        body = _properties(found).get("body", "").replace("]] >", "]]>")
        kept = column_values(iter((("title", title), ("page_id", owner.text), ("modified", changed))))
        heading = title.replace("&", "&amp;").replace("<", "&lt;")
        budget.member()
        budget.unpacked(len(body))
        data = f"<html><head><title>{heading}</title></head><body>{body}</body></html>".encode(
            "utf-8", "replace"
        )
        yield node.member(member_name(title), data, kept, CONFLUENCE.media_type)


def _properties(found: Any) -> dict[str, str]:
    """The simple properties of an exported object; a reference to another one counts by that one's id."""
    return {
        each.get("name", ""): (each.text or "").strip() or (each.findtext("id") or "")
        for each in found.findall("property")
    }


def _elements(stream: IO[bytes], name: str) -> Iterator[Any]:
    """The outermost elements called `name`, one at a time. Entities are not expanded. Raises ValueError for broken XML."""
    from lxml import etree

    try:
        for _, element in etree.iterparse(
            stream,
            tag=f"{{*}}{name}",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        ):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ValueError(f"broken XML ({' '.join(str(error).split())[:120]})") from error
