"""The spaCy component: ``nlp.add_pipe("postmortem")`` in anybody's pipeline.

A document that passes through it has the record of its text as ``doc._.incident`` and its evidence as span groups: one for
each field (``doc.spans["root_cause"]``, ``doc.spans["timeline"]`` …) and all of them together, labelled by field, in
``doc.spans["postmortem"]``, which displaCy draws::

    displacy.render(doc, style="span", options=postmortem.component.DISPLACY)

spaCy finds the factory by the entry point ``spacy_factories`` of this package; nothing needs to be imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from postmortem.assemble import parse
from postmortem.record import Incident

if TYPE_CHECKING:
    from spacy.tokens import Span

ALL: Final = "postmortem"
# Options for displaCy: the group with all fields, each field in its colour.
DISPLACY: Final = {
    "spans_key": ALL,
    "colors": {
        "title": "#8da0cb",
        "outage": "#1b9e77",
        "impact": "#d95f02",
        "detection": "#7570b3",
        "root_cause": "#e7298a",
        "categories": "#f4a6cd",
        "trigger": "#e6ab02",
        "contributing_factors": "#a6761d",
        "false_leads": "#999999",
        "resolution": "#66a61e",
        "milestones": "#80cdc1",
        "severity": "#b2182b",
        "affected": "#fc8d62",
        "lessons": "#80b1d3",
        "findings": "#444444",
    },
}
# Whole timelines, headings and actions would cover everything else in one drawing; they have groups of their own.
_BROAD: Final = frozenset({"sections", "timeline", "actions", "milestones"})


@Language.factory("postmortem", assigns=["doc._.incident", "doc.spans"])
def create_component(nlp: Language, name: str) -> Component:
    """Return the component. It has no settings."""
    return Component()


class Component:
    """Parses the text of each document; see the module docstring for what it sets."""

    def __init__(self) -> None:
        if not Doc.has_extension("incident"):
            Doc.set_extension("incident", getter=_incident)

    def __call__(self, doc: Doc) -> Doc:
        """Set the span groups of `doc` and return it. Tokens are not changed."""
        groups: dict[str, list[Span]] = {}
        for field, start, end in extents(_incident(doc)):
            # "14:40UTC" may be one token: the span grows to whole tokens rather than being dropped.
            span = doc.char_span(start, end, label=field, alignment_mode="expand")
            if span is not None and len(span):
                groups.setdefault(field, []).append(span)
        for field, spans in groups.items():
            doc.spans[field] = SpanGroup(doc, name=field, spans=spans)
        together = [span for field, spans in groups.items() if field not in _BROAD for span in spans]
        doc.spans[ALL] = SpanGroup(doc, name=ALL, spans=together)
        return doc


def _incident(doc: Doc) -> Incident:
    """The record of a document's text, parsed when it is first asked for and kept with the document."""
    kept = doc.user_data.get(ALL)
    if kept is None:
        kept = doc.user_data[ALL] = parse(doc.text).to_dict()
    return Incident.from_dict(kept)


def extents(incident: Incident) -> Iterator[tuple[str, int, int]]:
    """Yield (field, start, end) for every piece of evidence of a record, half-open character offsets into its text."""
    record = incident.to_dict()
    for field, value in record.items():
        for start, end in _spans(value):
            yield field, start, end


def _spans(node: object) -> Iterator[tuple[int, int]]:
    if isinstance(node, dict):
        if {"start", "end", "text", "rule"} <= node.keys():
            yield node["start"], node["end"]
        else:
            for value in node.values():
                yield from _spans(value)
    elif isinstance(node, list):
        for value in node:
            yield from _spans(value)
