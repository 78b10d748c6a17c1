"""Affected: the services and cloud regions that a report names as having suffered. Precision comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from postmortem import nlp, vocabulary
from postmortem.document import Block, BlockKind, Document, Field
from postmortem.extract.impact.known import known_rules
from postmortem.extract.suffered import GENERIC, suffered
from postmortem.matching import rules_of
from postmortem.record import Affected, Named
from postmortem.report import Report
from postmortem.vocabulary import Rule

_SEPARATOR: Final = re.compile(r"\s{0,3}(?:[,;\n/|]|\s(?:and|&)\s)\s{0,3}(?:and\s)?(?![^()\n]{0,80}\))")
_ASIDE: Final = re.compile(r"\s{0,2}[·•]|\s\s\s|\.\s")
_IN_BRACKETS: Final = re.compile(r"\s{0,2}\(([^()]{2,80})\)$")
_NO_PLACE: Final = re.compile(
    r"(?:utc|gmt|[a-z]{2,4}t)?\s?[+-]?\d{0,2}(?::\d\d)?$|utc|gmt|.*\b(?:time|stores|users|customers)$|.*\d\d:\d\d|https?:",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"(?m)^[ \t]{0,4}(?P<key>(?:affected_|impacted_)?"
    r"(?:services?|components?|systems?|products?|regions?|locations?|affected|impacted))"
    r"[ \t]{0,4}[:=][ \t]{0,4}(?:\[(?P<row>[^\[\]\n]{1,300})\]|(?P<column>(?:\n[ \t]{0,8}-[ \t]{1,4}[^\n]{1,80}){1,20}))"
)
_LABELLED_AFFECTED: Final = re.compile(r"(?:affected|impacted|affects|affecting)", re.IGNORECASE)
_SUFFERERS: Final = re.compile(
    r"\d|%|\b(?:users?|customers?|clients?|people|everyone|visitors|staff|team)\b", re.IGNORECASE
)
_NONE: Final = re.compile(r"(?:none|n/?a|unknown|tbd|all|no|yes|-)?\W{0,3}", re.IGNORECASE)
_VERB: Final = re.compile(
    r"\b(?:was|were|is|are|had|has|could|which|that|users?|customers?|unable|affected|down|the|experienced|failed|caused)\b",
    re.IGNORECASE,
)
_NO_REGION: Final = frozenset({"region", "regions", "zone", "area", "object", "availability"})
# A name behind a preposition or an article: rules that are marked ``behind`` are tried around these only.
_NAME_BEHIND: Final = re.compile(
    r"(?:\b(?:in|from|across|around|near|outside|at|of|to|on|with|for|into|our|the|all)\s(?:the\s|our\s)?|\()[A-Z]"
)
_NAME_REACH: Final = 60
_LIST_PIECE: Final = re.compile(r"([\w][\w .&/+-]{0,58}[\w]|\w)(?=[\"']?\s{0,4}(?:,|$|\n))")
_PLACED: Final = re.compile(
    r"\b(?:in|across|for|from|to|throughout)\s(?:the |all of |parts of )?$|\b(?:and|or)\s(?:the\s)?$|,\s$|\($"
)
_PLACED_REACH: Final = 24
# Who works in a city does not say what suffered there.
_STAFF: Final = re.compile(
    r"\b(?:team|staff|engineers?|colleagues?|on-?call|office|developers?|people|operators?|manager|based|group|crew|admins?|experts?|"
    r"meeting|conference|headquarters|time)\s(?:\w{1,10}\s){0,2}$"
)
_STAFF_REACH: Final = 60
_SENTENCE_REACH: Final = 300
_SENTENCE_MARKS: Final = (". ", ".\n", "\n\n")
_LONGEST_LIST: Final = 140
_LONGEST_NAME: Final = 60
_HEADING_WORDS: Final = re.compile(
    r"(?:reason|cause|report|summary|root|analysis|incident|service|for|of|the|rca|rfo|notice|major|minor)(?:\s(?:for|of|the|cause|"
    r"report|summary|analysis|incident|service|notice)){0,4}",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 6
_REACH: Final = 3000
_OPENING_BLOCKS: Final = 12
_OPENING_PARAGRAPHS: Final = 3
_FEWEST_SPACES: Final = 4
_ELSEWHERE: Final = frozenset(
    "timeline root_cause trigger contributing_factors investigation resolution actions lessons background appendix".split()
) | {"communication"}
# What follows the name of one that was spared: "Bergen was not affected".
_SPARED: Final = re.compile(
    r"(?:(?:,|\sand)\s[A-Z][\w-]{1,20}){0,5}[^.;,\n]{0,40}?\b(?:(?:was|were|is|are) (?:not|never) "
    r"(?:affected|impacted|hit|touched)|"
    r"(?:was|were|remained|stayed) (?:unaffected|untouched|fine|available)|kept working|worked (?:normally|as usual))\b"
)
_FIELD_REACH: Final = 400


def affected(report: Report) -> Affected:
    """Return the affected services and regions, each once, in text order.

    Labelled fields ("Services affected: …") count as written; otherwise the title, the impact and the summary are read.
    """
    document = report.document
    services, regions = _fields(report)
    title = _title(document)
    for start, end in _statements(document):
        passed = report.account.passed_in_blocks(start, end)
        windows: list[tuple[int, int]] = []
        for rule in _live(passed, report.account.lowered[start:end], titled=start == title):
            if "behind" in rule.values and not windows:
                windows = [*_around_names(document.plain, start, end)]
            finditer = rule.pattern.finditer
            for a, b in windows if "behind" in rule.values else ((start, end),):
                for match in finditer(document.plain, a, b):
                    (services if rule.values["kind"] == "service" else regions).extend(
                        _names(report, rule, match)
                    )
        services += suffered(report, start, end)
        regions += _placed(report, start, end)
    return Affected(_once(services), _once(r for r in regions if not _is_spared(document, r)))


def _is_spared(document: Document, named: Named) -> bool:
    """Does the text say that a region was spared, where it is no list that says so?"""
    return "field" not in named.evidence.rule and bool(_SPARED.match(document.plain, named.evidence.end))


def _live(passed: int, lowered: str, *, titled: bool) -> Iterator[Rule]:
    """Yield the rules worth trying on a statement in lower case; `titled`: it is the title."""
    for one in rules_of("affected").live(passed):
        values = one.rule.values
        if "title" in values and not titled:
            continue
        if "need" not in values or nlp.holds_any(lowered, values["need"]):
            yield one.rule


@cache
def _named_regions() -> re.Pattern[str]:
    names = sorted(vocabulary.load("affected")["regions"]["names"], key=lambda name: (-len(name), name))
    return re.compile(r"(?:" + "|".join(map(re.escape, names)) + r")\b")


@cache
def _places() -> re.Pattern[str]:
    return _any_name("places")


@cache
def _cities() -> re.Pattern[str]:
    return _any_name("cities")


def _any_name(kind: str) -> re.Pattern[str]:
    by_letter: dict[str, list[str]] = {}
    for name in sorted(vocabulary.load("affected")["regions"][kind], key=lambda name: (-len(name), name)):
        by_letter.setdefault(name[0], []).append(re.escape(name[1:]))
    # Grouped by first letter, so that only capital letters are ever looked at.
    starts = (rf"{letter}(?<!\w{letter})(?:{'|'.join(rest)})" for letter, rest in sorted(by_letter.items()))
    return re.compile("(?:" + "|".join(starts) + r")\b(?! (?:team|office|time|server)s?\b)")


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
        opening = document.blocks[:_OPENING_BLOCKS]
        closing = {field.label_start for field in document.fields if "resolution" in field.names}
        told = [b for b in opening if _is_told(document, b) and b.start not in closing]
        found += [(b.start, b.end) for b in told[:_OPENING_PARAGRAPHS]]
    reached = -1
    for start, end in sorted(found):
        end = min(end, start + _REACH)
        if end > reached:
            yield max(start, reached), end
            reached = end


def _is_told(document: Document, block: Block) -> bool:
    """Is it a paragraph of running words that opens the report, not one line of a letter's head nor a section's?"""
    if block.kind is not BlockKind.PARAGRAPH or (
        block.section >= 0 and _ELSEWHERE.intersection(document.sections[block.section].names)
    ):
        return False
    return document.plain.count(" ", block.start, block.end) >= _FEWEST_SPACES


def _fields(report: Report) -> tuple[list[Named], list[Named]]:
    """Return the services and the regions that labelled lists of names hold; a sentence there is left to the patterns."""
    plain = report.document.plain
    services: list[Named] = []
    regions: list[Named] = []
    for field in report.document.fields:
        if not field.names or "actions" in field.names:
            continue
        if "services" in field.names or _lists(field, plain):
            services += _of_field(report, field, "services")
        if "regions" in field.names:
            regions += _of_field(report, field, "regions")
    services += _front_matter(report, "services")
    regions += _front_matter(report, "regions")
    return services, regions


def _of_field(report: Report, field: Field, name: str) -> Iterator[Named]:
    plain = report.document.plain
    end = min(field.end, field.start + _FIELD_REACH)
    if aside := _ASIDE.search(plain, field.start, end):
        end = aside.start()
    parts = [_unbracketed(plain, a, b) for a, b in _split(plain, field.start, end)]
    if all(_is_name(plain[a:b]) for a, b in parts):
        for a, b in parts:
            text = report.document.quote(a, b)
            if not _NONE.fullmatch(text) and not (name == "regions" and _NO_PLACE.match(text)):
                yield Named(text, report.evidence(a, b, f"affected.{name}.field"))


def _lists(field: Field, plain: str) -> bool:
    """Does a field list services as a bare "Affected: …" of names?"""
    return (
        "impact" in field.names
        and _LABELLED_AFFECTED.fullmatch(field.label.strip()) is not None
        and not _SUFFERERS.search(plain, field.start, min(field.end, field.start + _FIELD_REACH))
    )


def _unbracketed(plain: str, start: int, end: int) -> tuple[int, int]:
    """Leave out what stands in brackets behind a name: "SMS (Poland)"."""
    match = _IN_BRACKETS.search(plain[start:end])
    return start, start + match.start() if match and match.start() > 0 else end


def _front_matter(report: Report, name: str) -> Iterator[Named]:
    """The names that a list in the front matter holds."""
    metadata, text = report.document.front_matter, report.document.text
    if metadata is None:
        return
    for match in _LISTED.finditer(text, metadata.start, metadata.end):
        if (match["key"].rstrip("s") in ("region", "location", "affected_region", "impacted_region")) != (
            name == "regions"
        ):
            continue
        group = "row" if match["row"] else "column"
        for piece in _LIST_PIECE.finditer(text, *match.span(group)):
            yield Named(piece[1], report.evidence(*piece.span(1), f"affected.{name}.front_matter"))


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


def _names(report: Report, rule: Rule, match: re.Match[str]) -> Iterator[Named]:
    """Yield the names that a match of a rule holds."""
    plain = report.document.plain
    named = next((group for group in match.re.groupindex if match[group]), 0)
    low, high = match.span(named)
    if "list" in rule.values:
        for a, b in _split(plain, low, high):
            if rule.values["kind"] == "region" and plain[a:b].lower() in _NO_REGION:
                continue
            yield Named(" ".join(plain[a:b].split()), report.evidence(a, b, rule.id))
        return
    while high > low and plain[high - 1].isspace():
        high -= 1
    name = " ".join(plain[low:high].split())
    if rule.values["kind"] != "service" or not (name.lower() in GENERIC or _HEADING_WORDS.fullmatch(name)):
        yield Named(name, report.evidence(low, high, rule.id))


def _placed(report: Report, start: int, end: int) -> Iterator[Named]:
    """Yield the countries and regions that are known by name."""
    plain = report.document.plain
    for match in _places().finditer(plain, start, end):
        if _PLACED.search(plain, max(start, match.start() - _PLACED_REACH), match.start()):
            yield _named(report, match, "affected.region.place")
    for match in _cities().finditer(plain, start, end):
        before = plain[max(start, match.start() - _STAFF_REACH) : match.start()]
        if _PLACED.search(before[-_PLACED_REACH:]) and not _STAFF.search(before) and _in_harm(report, match):
            yield _named(report, match, "affected.region.city")
    for match in _named_regions().finditer(plain, start, end):
        yield _named(report, match, "affected.region.name")


def _in_harm(report: Report, match: re.Match[str]) -> bool:
    """Does the sentence around a match say that something suffered?"""
    plain, at = report.document.plain, match.start()
    low = max(plain.rfind(mark, max(0, at - _SENTENCE_REACH), at) for mark in _SENTENCE_MARKS)
    ends = [plain.find(mark, at, at + _SENTENCE_REACH) for mark in _SENTENCE_MARKS]
    high = min((end for end in ends if end >= 0), default=at + _SENTENCE_REACH)
    return known_rules().harm.search(report.account.lowered, max(low, 0), high) is not None


def _around_names(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches in which a name stands behind a preposition or an article; they do not overlap."""
    low = high = start
    for name in _NAME_BEHIND.finditer(plain, start, end):
        if name.start() - _NAME_REACH > high:
            if high > low:
                yield low, high
            low = name.start() - _NAME_REACH
        high = min(end, name.end() + _LONGEST_LIST)
    if high > low:
        yield low, high


def _title(document: Document) -> int:
    """Where the title begins, -1 where there is none."""
    return document.sections[0].start if document.sections and "title" in document.sections[0].names else -1


def _named(report: Report, match: re.Match[str], rule: str) -> Named:
    return Named(" ".join(match.group().split()), report.evidence(match.start(), match.end(), rule))
