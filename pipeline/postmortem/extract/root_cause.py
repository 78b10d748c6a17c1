"""Root cause: the sentences in which the report itself says why it happened.

Rules weigh sentences by what they say (``vocabulary/cause.toml``) and by where they stand: a field or section that is named
after the cause first; the summary, the investigation and the rest only where that says nothing. A suspicion, a
denial, a fix or an open question is not a cause. What they find is one of the things by which the statement is chosen among all
sentences (`postmortem.extract.cause_choice`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final

from postmortem import nlp
from postmortem.account import Passage
from postmortem.document import Document
from postmortem.extract.cause_candidates import (
    MOST_WORDS,
    Candidate,
    cause_settings,
    weighed,
)
from postmortem.extract.cause_choice import settled
from postmortem.extract.diagnosis import diagnosed, is_open
from postmortem.extract.title import title
from postmortem.matching import rules_of
from postmortem.record import Entry, Evidence, RootCause
from postmortem.report import Report

__all__ = ["ENOUGH_WORDS", "MOST_WORDS", "root_cause"]

# Neighbours that go on about the cause are added while the statement is shorter than this.
ENOUGH_WORDS: Final = 40

_MOST_ZONES: Final = 400
# What a sentence that says no cause loses where another of a section named after the cause says one.
_SILENT: Final = 1.0
# Phases of entries that may state the cause.
_TELLING: Final = frozenset({"trigger", "diagnosis", "other"})
# Labels of paragraphs that come behind the cause's.
_PARTS: Final = frozenset({"resolution", "actions", "impact", "timeline", "detection", "lessons", "trigger"})
# "What went wrong: …" of so many characters is an answer, of more a story.
_SHORT: Final = 400
_WHAT: Final = re.compile(
    r"what (?:actually )?(?:happened|went wrong|broke|failed|was it|it was)", re.IGNORECASE
)
_GOES_ON: Final = re.compile(
    r"\W{0,3}(?:this|these|that|those|it|they|specifically|in particular|the|as a result)\b", re.I
)
# "This drop was caused by …", "The restarts come from …".
_DEEPER: Final = re.compile(
    r"\W{0,3}(?:this|that|these|those|the|which|it)\s(?:[\w'-]{1,20}\s){0,4}?"
    r"(?:(?:was|were|is|are|had been)\s(?:in turn\s|itself\s)?(?:caused by|due to|because|the result of|down to)"
    r"|(?:came|comes?|stemmed|stems|resulted|originated) (?:in turn )?from|(?:happened|occurred) (?:in turn )?because)\b",
    re.IGNORECASE,
)
_LEANS: Final = re.compile(r"\W{0,3}(?:this|these|that|those|it|they|which|such)\b", re.I)


def root_cause(report: Report, timeline: Sequence[Entry] = ()) -> RootCause | None:
    """Return the report's own statement of why it happened, or None where it states none.

    `timeline` is the report's, in order. The evidence is one or a few sentences (or the value of a "Root cause:" field) in text
    order, at most 80 words together; where nothing else says it, the title or the entry at which the cause was found.
    """
    document, settings = report.document, cause_settings()
    named, others = _parted(report)
    candidates = weighed(report, named[:_MOST_ZONES], settings["named"])
    if max((c.points for c in candidates), default=0.0) < settings["sure"]:
        candidates += weighed(report, others[:_MOST_ZONES], settings["elsewhere"])
    chosen = _choose(document, candidates)
    if (
        chosen
        and not chosen[0].named
        and max(c.points for c in chosen) < settings["sure"]
        and is_open(report)
    ):
        return None
    if not report.calendar.postings and (chosen or not is_open(report)):
        chosen = settled(report, chosen, ENOUGH_WORDS)
    found: tuple[Evidence, ...] = ()
    if (not chosen or _is_beside(chosen, timeline, settings["sure"])) and not is_open(report):
        found = diagnosed(report, timeline)
        chosen = [] if found else chosen
    evidence = tuple(report.evidence(c.start, c.end, c.rule) for c in chosen) or _titled(report) or found
    if not evidence:
        return None
    return RootCause(" ".join(" ".join(e.text.split()) for e in evidence), None, evidence)


def _is_beside(chosen: Sequence[Candidate], timeline: Sequence[Entry], sure: float) -> bool:
    """Is a statement nothing but an entry at which something else happened than that the cause was found or set off?"""
    return (
        len(chosen) == 1
        and not chosen[0].named
        and chosen[0].points < sure
        and any(
            entry.evidence.start <= chosen[0].start < entry.evidence.end and entry.phase not in _TELLING
            for entry in timeline
        )
    )


def _parted(report: Report) -> tuple[list[Passage], list[Passage]]:
    """Return the passages that are named after the cause, and the others.

    Where paragraphs open with labels ("Root cause: …", "Mitigation: …"), those without one go on with the one before. Where
    nothing is named so, a short field that tells what happened or went wrong is.
    """
    fields = report.document.fields
    named: list[Passage] = []
    others: list[Passage] = []
    label: tuple[int, int] | None = None
    # The last label that parts the text as the cause's does: behind it nothing goes on with the cause.
    last = max((number for number, one in enumerate(fields) if not _PARTS.isdisjoint(one.names)), default=-1)
    for passage in report.account.passages:
        zone = passage.zone
        section, field = zone.key
        if field >= 0:
            followed = field < last and fields[last].block != fields[field].block
            label = zone.key if followed and "root_cause" in zone.names else None
        if "root_cause" in zone.names:
            named.append(passage)
        elif label and field < 0 and section == label[0]:
            named.append(_renamed(passage, label))
        else:
            others.append(passage)
    if not named:
        named = [_renamed(one, one.zone.key) for one in others if _tells_what(report.document, one.zone)]
        others = [passage for passage in others if not _tells_what(report.document, passage.zone)]
    return named, others


def _renamed(passage: Passage, key: tuple[int, int]) -> Passage:
    """Return a passage as one that is named after the cause, in the field or section `key`."""
    zone = passage.zone._replace(names=frozenset({"root_cause"}), key=key)
    return Passage(zone, passage.passed, [one._replace(zone=zone) for one in passage.sentences])


def _tells_what(document: Document, zone: nlp.Zone) -> bool:
    """Does a zone stand in a short field such as "What went wrong: …"?"""
    if zone.key[1] < 0:
        return False
    field = document.fields[zone.key[1]]
    return field.end - field.start <= _SHORT and _WHAT.fullmatch(field.label) is not None


def _choose(document: Document, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the best candidate with the neighbours that belong to it, in text order; all of a short section named so."""
    candidates = _concluded(candidates)
    if not candidates:
        return []
    telling = {c.key for c in candidates if c.cued and c.sound}
    deeper = {c.key for c in candidates if _is_mechanism(document, c)}
    best = max(range(len(candidates)), key=lambda i: (_worth(candidates[i], telling, deeper), -i))
    best = _deepest(document, candidates, best)
    first = last = best
    words = candidates[best].words
    together = [c for c in candidates if c.key == candidates[best].key and c.sound]
    if candidates[best].named and together and sum(c.words for c in together) <= ENOUGH_WORDS:
        return together
    while first > 0 and _LEANS.match(document.plain, candidates[first].start):
        before = candidates[first - 1]
        if before.key != candidates[best].key or words + before.words > ENOUGH_WORDS:
            break
        first, words = first - 1, words + before.words
    while last + 1 < len(candidates):
        after = candidates[last + 1]
        joins = after.cued or (after.named and after.sound) or _GOES_ON.match(document.plain, after.start)
        if after.key != candidates[best].key or not joins or words + after.words > ENOUGH_WORDS:
            break
        last, words = last + 1, words + after.words
    return list(candidates[first : last + 1])


def _concluded(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Leave out questions and answers ("Why …? …") where another section named after the cause draws the conclusion."""
    answers = {c.key for c in candidates if c.answers}
    if not any(c.named and c.sound and c.key not in answers for c in candidates):
        return candidates
    return [c for c in candidates if c.key not in answers]


def _deepest(document: Document, candidates: Sequence[Candidate], best: int) -> int:
    """Return the end of a chain of causes that begins at a candidate: "A was caused by B. B came from C."."""
    while best + 1 < len(candidates):
        after = candidates[best + 1]
        if (
            after.key != candidates[best].key
            or not after.cued
            or not _DEEPER.match(document.plain, after.start, after.end)
        ):
            break
        best += 1
    return best


def _worth(
    candidate: Candidate, telling: Container[tuple[int, int]], deeper: Container[tuple[int, int]]
) -> float:
    """Return the points of a candidate. Of the fields and sections in `telling` a sentence says a cause; in `deeper` one says
    what was wrong, so that what only set it off counts less there."""
    silent = candidate.named and not candidate.cued and candidate.key in telling
    surface = candidate.named and candidate.key in deeper
    return candidate.points - _SILENT * silent - candidate.sets_off * surface


def _is_mechanism(document: Document, candidate: Candidate) -> bool:
    """Does a sentence say a cause by itself: neither what set it off nor what came of the sentence before?"""
    return (
        candidate.cued
        and candidate.sound
        and not candidate.sets_off
        and not _LEANS.match(document.plain, candidate.start)
    )


def _titled(report: Report) -> tuple[Evidence, ...]:
    """Return the title where it says why it happened: "Bookings lost because of a full queue"."""
    named = title(report)
    if named is None:
        return ()
    evidence, plain = named.evidence, report.document.plain
    text = nlp.lower(nlp.folded(plain[evidence.start : evidence.end]))
    passed = report.account.passed(evidence.start, evidence.end)
    said = rules_of("cause", "title").matched(text, passed)
    if not said or rules_of("cause", "refuse").matched(text, passed):
        return ()
    return (report.evidence(evidence.start, evidence.end, "cause.title"),)
