"""Affected: the services and cloud regions that a report names as having suffered. Precision comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from postmortem import vocabulary
from postmortem.document import BlockKind, Document
from postmortem.record import Affected, Named
from postmortem.report import Report
from postmortem.vocabulary import Rule

_SEPARATOR: Final = re.compile(r"\s{0,3}(?:[,;\n/|]|\s(?:and|&)\s)\s{0,3}(?:and\s)?")
_NONE: Final = re.compile(r"(?:none|n/?a|unknown|tbd|all|no|yes|-)?\W{0,3}", re.IGNORECASE)
_VERB: Final = re.compile(
    r"\b(?:was|were|is|are|had|has|could|which|that|users?|customers?|unable|affected|down|the|experienced|failed|caused)\b",
    re.IGNORECASE,
)
_GENERIC: Final = frozenset(
    {
        "service",
        "services",
        "system",
        "issue",
        "site",
        "server",
        "application",
        "app",
        "api",
        "cluster",
        "store",
        "database",
        "pipeline",
        "search",
    }
)
_HINT_OF_REGION: Final = re.compile(
    r"-(?:north|south|east|west|central)|regions?\b|zones\b|cent(?:er|re)s\b", re.IGNORECASE
)
_LONGEST_NAME: Final = 60
_MOST_WORDS: Final = 6
_REACH: Final = 3000


def affected(report: Report) -> Affected:
    """Return the affected services and regions, each once, in text order.

    Labelled fields ("Services affected: …") count as written; otherwise the title, the impact and the summary are read.
    """
    document = report.document
    services = list(_fields(report, "services"))
    regions = list(_fields(report, "regions"))
    for start, end in _statements(document):
        services += _matches(report, "service", start, end)
        regions += _matches(report, "region", start, end)
    return Affected(_once(services), _once(regions))


@cache
def _rules(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in vocabulary.rules("affected") if rule.values["kind"] == kind)


@cache
def _named_regions() -> re.Pattern[str]:
    names = sorted(vocabulary.load("affected")["regions"]["names"], key=lambda name: (-len(name), name))
    return re.compile(r"(?:" + "|".join(map(re.escape, names)) + r")\b")


def _once(found: Iterable[Named]) -> tuple[Named, ...]:
    """In text order, each name once, and none that a longer name at the same place contains."""
    kept: dict[str, Named] = {}
    reached = -1
    for item in sorted(found, key=lambda named: (named.evidence.start, -named.evidence.end)):
        if item.evidence.start >= reached:
            kept.setdefault(item.name.lower(), item)
            reached = item.evidence.end
    return tuple(kept.values())


def _statements(document: Document) -> Iterator[tuple[int, int]]:
    """Extents of the title, the impact statements and the summary; of the opening paragraph where there are none."""
    found = [(section.start, section.end) for section in document.sections[:1]]
    for name in ("impact", "summary"):
        found += document.regions(name)
    if len(found) < 2:
        found += [(b.start, b.end) for b in document.blocks[:6] if b.kind is BlockKind.PARAGRAPH][:2]
    reached = -1
    for start, end in sorted(found):
        end = min(end, start + _REACH)
        if end > reached:
            yield max(start, reached), end
            reached = end


def _fields(report: Report, name: str) -> Iterator[Named]:
    """The parts of a labelled list of names; a sentence there is left to the patterns."""
    plain = report.document.plain
    for field in report.document.fields:
        if name not in field.names or "actions" in field.names:
            continue
        end = min(field.end, field.start + 400)
        parts = list(_split(plain, field.start, end))
        if all(_is_name(plain[a:b]) for a, b in parts):
            for a, b in parts:
                text = report.document.quote(a, b)
                if not _NONE.fullmatch(text):
                    yield Named(text, report.evidence(a, b, f"affected.{name}.field"))


def _split(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    low = start
    for mark in _SEPARATOR.finditer(plain, start, end):
        yield from _trimmed(plain, low, mark.start())
        low = mark.end()
    yield from _trimmed(plain, low, end)


def _trimmed(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = plain[start:end]
    stripped = text.strip(" \t\r\n.*-")
    if stripped:
        begin = start + text.index(stripped)
        yield begin, begin + len(stripped)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and len(text.split()) <= _MOST_WORDS and not _VERB.search(text)


def _matches(report: Report, kind: str, start: int, end: int) -> Iterator[Named]:
    plain = report.document.plain
    for rule in _rules(kind):
        if kind == "region" and not _HINT_OF_REGION.search(plain, start, end):
            continue
        for match in rule.pattern.finditer(plain, start, end):
            low, high = match.span("name") if kind == "service" else match.span()
            name = " ".join(plain[low:high].split())
            if kind == "service" and name.lower() in _GENERIC:
                continue
            yield Named(name, report.evidence(low, high, rule.id))
    if kind == "region":
        for match in _named_regions().finditer(plain, start, end):
            yield Named(
                " ".join(match.group().split()),
                report.evidence(match.start(), match.end(), "affected.region.name"),
            )
