"""The report's own title: from its front matter, its title heading, a "Title:" label, or a first line that reads like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from postmortem.document import BlockKind
from postmortem.record import Quoted
from postmortem.report import Report

_LONGEST: Final = 140
_LOOKED_AT: Final = 3
# A sentence, a stamp or a label is no title; a date or a number alone is passed over.
_NOT_A_TITLE: Final = re.compile(r"\d[:.]\d\d|[.!?;,:]$|[.!?]\s")
_SALUTATION: Final = re.compile(
    r"(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening))\b", re.IGNORECASE
)
_LABEL: Final = re.compile(r"\s{0,9}(?:title|subject|headline)\s{0,3}:\s{0,9}(?=\S)", re.IGNORECASE)
# The mark of a mailing list in a subject, and that of a forwarded message.
_MAILED: Final = re.compile(r"\s{0,4}(?:(?:\[[^\[\]\n]{2,30}\]|re|fwd?|aw|wg):?\s{1,4}){1,3}", re.IGNORECASE)
# "Incident Postmortem" says what the text is, not what happened.
_GENERIC: Final = re.compile(
    r"(?:(?:the|an?|of|our|my|0x\w{2}|project|task|blameless|public|internal|major|post|mortem|post-?mortems?|incidents?|outages?|"
    r"reports?|logs?|reviews?|rca|root|cause|analysis|retrospective|summary|document|template|write-?up|case|study|debrief)\W{0,4}){1,8}",
    re.IGNORECASE,
)
# The name of a page that reports many things: "Paperkite Cloud Status".
_PUBLICATION: Final = re.compile(
    r"(?:[\w.'&-]{1,24}\s{1,3}){1,4}(?:(?:service |system )?status(?: page| history| updates?)?|engineering(?: blog)?|tech blog|"
    r"blog|archives?|newsroom)\W{0,4}",
    re.IGNORECASE,
)
_TELLING: Final = re.compile(
    r"\W{0,4}(?:incident|outage|issue|post-?mortem|post mortem|problem|case|title|failure|rca)\b\W{0,4}\w",
    re.IGNORECASE,
)
_FEWEST_WORDS: Final = 4
_OPENING: Final = 600
_SAYS_TITLE: Final = re.compile(r"\b(?:title|subject|name|headline)\b", re.IGNORECASE)
_WORDS: Final = re.compile(r"[a-z]{2,40}\W{1,9}(?:\w{1,20}\W{1,9}){0,9}[a-z]{2}", re.IGNORECASE)


def title(report: Report, since: int = 0) -> Quoted | None:
    """Return the title with its evidence, ``None`` where the report has none.

    `since` is where this incident begins in a file that tells several: its own heading comes before the file's title.
    """
    generic: Quoted | None = None
    for rule, start, end in (
        *(_own(report, since) if since else ()),
        *_candidates(report),
        *_telling(report, since),
    ):
        if generic and (start < generic.evidence.end or start > since + _OPENING):
            continue
        start = _unlabelled(report, rule, start, end)
        text = report.document.quote(start, end)
        says_little = _GENERIC.fullmatch(text) or _PUBLICATION.fullmatch(text)
        if not text or _SALUTATION.match(text) or (generic and says_little):
            continue
        found = Quoted(text, report.evidence(start, end, rule))
        if generic or not says_little:
            return found
        generic = found
    return generic


def _unlabelled(report: Report, rule: str, start: int, end: int) -> int:
    """Where the title itself begins: behind "Subject:" and what mail programs and lists put there."""
    plain = report.document.plain
    label = _LABEL.match(plain, start, end)
    first = label.end() if label else start
    if label or rule == "title.label":
        mailed = _MAILED.match(plain, first, end)
        first = mailed.end() if mailed and mailed.end() < end else first
    return first


def _telling(report: Report, since: int) -> Iterator[tuple[str, int, int]]:
    """What may say more than a first heading such as "Incident report"; a first heading that is named again below."""
    sections = report.document.sections
    for section in sections[:_LOOKED_AT]:
        words = section.text.split()
        if (
            {"title", "other"}.issuperset(section.names)
            and len(words) >= _FEWEST_WORDS
            and _TELLING.match(section.text)
        ):
            yield "title.second_heading", section.start, section.end
    first = sections[0] if sections else None
    blocks = report.document.blocks
    if (
        first
        and first.start <= since + _LONGEST
        and blocks[0].kind is BlockKind.HEADING
        and any(set(first.names) & set(section.names) for section in sections[1:])
    ):
        yield "title.repeated_heading", first.start, first.end


def _own(report: Report, since: int) -> Iterator[tuple[str, int, int]]:
    first = next((s for s in report.document.sections if s.start >= since), None)
    if first and {"title", "other"}.issuperset(first.names):
        yield "title.incident_heading", first.start, first.end


def _candidates(report: Report) -> Iterator[tuple[str, int, int]]:
    document = report.document
    if document.front_matter:
        yield from (
            ("title.front_matter", a, b) for key, a, b in document.front_matter.fields if key == "title"
        )
    yield from (("title.heading", s.start, s.end) for s in document.sections if "title" in s.names)
    for label in document.fields:
        if "title" in label.names:
            # "Title: X" names X; "RCA - X" is a title from its first word on.
            named = _SAYS_TITLE.search(label.label)
            yield "title.label", label.start if named else label.label_start, label.end
    for block in document.blocks[:_LOOKED_AT]:
        words = document.plain[block.start : block.end].strip()
        if block.kind is BlockKind.HEADING:
            headed = [s for s in document.sections[:1] if s.start == block.start]
            if not headed or {"other"}.issuperset(headed[0].names):
                yield "title.first_heading", block.start, block.end
            return
        if (
            block.kind is not BlockKind.PARAGRAPH
            or "\n" in words
            or len(words) > _LONGEST
            or _NOT_A_TITLE.search(words)
        ):
            return
        if _WORDS.search(words):
            yield "title.first_line", block.start, block.end
            return
