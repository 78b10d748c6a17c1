"""The whole flow, from a text to its records: read this after `postmortem.record`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace

from postmortem.classify import categories
from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.confidence import confident
from postmortem.document import Document
from postmortem.extract.actions import actions
from postmortem.extract.affected import affected
from postmortem.extract.detection import detection
from postmortem.extract.event_choice import scene
from postmortem.extract.factors import contributing_factors
from postmortem.extract.false_leads import false_leads
from postmortem.extract.findings import findings
from postmortem.extract.impact import impact
from postmortem.extract.lessons import lessons
from postmortem.extract.milestones import metrics, milestones
from postmortem.extract.outage import outage
from postmortem.extract.resolution import resolution
from postmortem.extract.root_cause import root_cause
from postmortem.extract.severity import severity
from postmortem.extract.timeline import timeline
from postmortem.extract.title import title
from postmortem.extract.trigger import trigger
from postmortem.incidents import Extents, excerpt, moved, parts
from postmortem.language import status
from postmortem.learned.linear import LinearModel
from postmortem.normalize import normalize
from postmortem.read import read
from postmortem.record import Extent, Incident, Section, Source
from postmortem.report import Report


def parse(
    source: str | os.PathLike[str], *, with_text: bool = False, model: LinearModel | None = None
) -> Incident:
    """Return the record of one report (of its first incident, where it tells several).

    `source` is the text itself if it is a ``str``, else the path of a file. `with_text` keeps the text as read in
    ``source.text``. `model` gives the categories in place of the packaged one (`postmortem.learned.linear.load_model`). Raises
    `postmortem.ReadError` for a file that cannot be read, and nothing for any text.
    """
    return parse_all(source, with_text=with_text, model=model)[0]


def parse_all(
    source: str | os.PathLike[str], *, with_text: bool = False, model: LinearModel | None = None
) -> tuple[Incident, ...]:
    """Return one record for each incident that a report tells of: at least one, in text order. Arguments as for `parse`."""
    if isinstance(source, str):
        return incidents(Source(characters=len(source), text=source), with_text=with_text, model=model)
    return incidents(read(source), with_text=with_text, model=model)


def parse_many(
    sources: Iterable[str | os.PathLike[str]],
    *,
    with_text: bool = False,
    model: LinearModel | None = None,
) -> Iterator[Incident]:
    """Yield the records of many reports, one after another, as they are asked for. Arguments as for `parse`."""
    for source in sources:
        yield from parse_all(source, with_text=with_text, model=model)


def incidents(
    source: Source, *, with_text: bool = False, model: LinearModel | None = None
) -> tuple[Incident, ...]:
    """Return the records of a text that was read (see `parse_all`)."""
    text = source.text or ""
    document = normalize(text)
    identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    kept = source if with_text else replace(source, text=None)
    extents = parts(document)
    if len(extents) < 2:
        return (assemble(document, identity, kept, model=model),)
    return tuple(_part(text, extents, number, identity, kept, model) for number in range(1, len(extents) + 1))


def assemble(
    document: Document, identity: str, source: Source, *, since: int = 0, model: LinearModel | None = None
) -> Incident:
    """Return the record of a document that tells one incident: the flow itself.

    `since` is where the incident begins below what it shares with others of its file.
    """
    verdict = status(document)
    if verdict != "ok":
        return Incident(id=identity, source=source, status=verdict, text=document.text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    entries = timeline(report)
    cause = root_cause(report, entries)
    window = outage(report, entries)
    noticed = detection(report, entries)
    reached = milestones(report, window, entries, noticed)
    told = scene(report, entries, window)
    ended = resolution(report, told)
    found = Incident(
        id=identity,
        source=source,
        text=document.text,
        title=title(report, since),
        sections=sections(report),
        outage=window,
        severity=severity(report),
        affected=affected(report),
        impact=impact(report),
        detection=noticed,
        timeline=entries,
        milestones=reached,
        metrics=metrics(reached),
        root_cause=cause,
        trigger=trigger(report, told),
        contributing_factors=contributing_factors(report),
        false_leads=false_leads(report, entries),
        resolution=ended,
        categories=categories(report, cause, ended, model=model),
        actions=actions(report),
        lessons=lessons(report),
        findings=findings(report, window, entries),
    )
    return confident(found, document.text)


def sections(report: Report) -> tuple[Section, ...]:
    """Return the document's headings as record sections."""
    return tuple(
        Section(
            heading=heading.text,
            names=heading.names,
            level=heading.level,
            evidence=report.evidence(heading.start, heading.end, "heading"),
            body=Extent(heading.body_start, heading.body_end),
        )
        for heading in report.document.sections
    )


def _part(
    text: str, extents: Extents, number: int, identity: str, source: Source, model: LinearModel | None
) -> Incident:
    """The record of one of several incidents of a text."""
    words, joint = excerpt(text, extents, number)
    if number > 1:
        identity = f"{identity}-{number}"
    found = assemble(normalize(words), identity, replace(source, part=number), since=joint, model=model)
    return replace(moved(found, text, joint, extents[number - 1][0]), text=text)
