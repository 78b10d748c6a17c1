"""What status pages give out of themselves: Statuspage's and Google Cloud's ``incidents.json``, one incident each.

An incident's updates are joined in the order in which they were posted, each below the stamp of its posting. What the
export says of begin and end itself is kept as metadata: the text is to be read for what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from postmortem.inputs.node import Metadata, column_values

_PAGE: Final = re.compile(r"</(?:p|div|li|td|h[1-6]|ul|table|html|span)>|<br\s{0,3}/?>", re.IGNORECASE)
_OPENS: Final = re.compile(r"\s{0,200}<(?:!doctype|[a-z][a-z0-9]{0,20}[\s>])", re.IGNORECASE)
_STATUSPAGE_KEPT: Final = (
    "id", "status", "impact", "created_at", "started_at", "resolved_at", "scheduled_for", "scheduled_until", "shortlink",
)  # fmt: skip
_GOOGLE_KEPT: Final = (
    "id", "number", "begin", "end", "created", "modified", "severity", "status_impact", "service_name", "uri",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """An incident of an export: its own id ("" for none), its text, and what is kept beside it."""

    key: str
    text: str
    metadata: Metadata


def incident(node: Mapping[str, Any]) -> Export | None:
    """Return the incident that a JSON object of an export holds; ``None`` for any other object."""
    if _objects(node.get("incident_updates")):
        return _statuspage(node)
    if _objects(node.get("updates")) and ("external_desc" in node or "begin" in node):
        return _google(node)
    return None


def plain(text: str) -> str:
    """Return a cell's or an update's text; one that is HTML as the text of a page."""
    tags = len(_PAGE.findall(text))
    # Markdown may hold tags too, but has more lines than they.
    if 3 * tags > text.count("\n") and tags and (tags > 2 or _OPENS.match(text)):
        from postmortem.read.html import to_text

        return to_text(text)
    return text


def _statuspage(node: Mapping[str, Any]) -> Export:
    updates = [
        (
            _moment(update.get("display_at")) or _moment(update.get("created_at")),
            _words(update.get("status")),
            _words(update.get("body")),
        )
        for update in _objects(node.get("incident_updates"))
    ]
    foot = []
    if postmortem := _words(node.get("postmortem_body")):
        foot.append(f"## Postmortem\n\n{postmortem}")
    named = [_words(component.get("name")) for component in _objects(node.get("components"))]
    if named := list(filter(None, named)):
        foot.append(f"Affected components: {', '.join(named)}")
    return Export(_key(node), _joined(_words(node.get("name")), updates, foot), _kept(node, _STATUSPAGE_KEPT))


def _google(node: Mapping[str, Any]) -> Export:
    updates = [
        (
            _moment(update.get("when")) or _moment(update.get("created")),
            _words(update.get("status")),
            _words(update.get("text")),
        )
        for update in _objects(node.get("updates"))
    ]
    products = [_words(product.get("title")) for product in _objects(node.get("affected_products"))]
    products = list(filter(None, products))
    foot = [f"Affected products: {', '.join(products)}"] if products else []
    title = _words(node.get("external_desc")).split("\n", 1)[0].lstrip("# ")[:200]
    return Export(_key(node), _joined(title, updates, foot), _kept(node, _GOOGLE_KEPT))


def _joined(title: str, updates: Iterable[tuple[datetime | None, str, str]], foot: list[str]) -> str:
    """A title, the updates in the order of their postings, and what stands below all of them."""
    posted = sorted(updates, key=lambda update: update[0] or datetime.min.replace(tzinfo=UTC))
    told = [_posting(*update) for update in posted]
    return "\n\n".join([*([f"# {title}"] if title else []), *filter(None, told), *foot]) + "\n"


def _posting(at: datetime | None, status: str, words: str) -> str:
    """An update below its stamp: a line as status pages write it, so that it is read as a posting and not as an event."""
    head = " ".join(filter(None, (f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "", status)))
    return "\n\n".join(filter(None, (head, words)))


def _moment(value: object) -> datetime | None:
    """A stamp such as ``2024-03-04T10:12:33.000-08:00`` in UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [node for node in value if isinstance(node, dict)] if isinstance(value, list) else []


def _words(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return plain(value.encode("utf-8", "replace").decode("utf-8")).strip()


def _key(node: Mapping[str, Any]) -> str:
    return str(node.get("id") or node.get("number") or node.get("code") or "")


def _kept(node: Mapping[str, Any], names: tuple[str, ...]) -> Metadata:
    return column_values((name, node.get(name)) for name in names)
