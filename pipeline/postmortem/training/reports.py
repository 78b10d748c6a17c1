"""Annotated reports as the classifier of categories learns from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from postmortem.classify import NO_CAUSE
from postmortem.classify.passage import passage
from postmortem.extract import roles
from postmortem.extract.event_choice import scene
from postmortem.extract.outage import outage
from postmortem.extract.resolution import resolution
from postmortem.extract.root_cause import root_cause
from postmortem.extract.timeline import timeline
from postmortem.record import Evidence
from postmortem.report import Report
from postmortem.training.annotated import Unseen, annotated
from postmortem.training.choices import holding, phrase
from postmortem.training.examples import WEIGHTS, Example, Features, report_of

# A statement in a report counts as two passages; of an answer that is accepted as well, the better one counts more. Chosen by
# leaving out one hand at a time.
_WEIGHT: Final = 2.0
_BETTER: Final = 0.7


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with its categories: `features` are those of the statement that the extraction takes for the cause, `quoted` those
    of the one that the annotation names; None where there is none. `alternatives` are accepted as the primary category too;
    they are among the further ones of the example."""

    example: Example
    alternatives: tuple[str, ...]
    features: Features | None
    quoted: Features | None

    def rows(self) -> list[tuple[Example, Features]]:
        """Return what is learnt from it: each statement with each primary category that is accepted, and its weight."""
        labels = (self.example.primary, *self.alternatives)
        rest = (1 - _BETTER) / max(1, len(labels) - 1)
        shares = [_BETTER, *[rest] * len(self.alternatives)] if self.alternatives else [1.0]
        known = {*labels, *self.example.also} - {NO_CAUSE}
        return [
            (
                replace(
                    self.example, primary=label, also=tuple(sorted(known - {label})), weight=_WEIGHT * share
                ),
                features,
            )
            for features in (self.features, self.quoted)
            if features is not None
            for label, share in zip(labels, shares, strict=True)
        ]


def load_reported(data: Path) -> list[Example]:
    """Return the annotated reports of a project's folder `data` (`postmortem.training.annotated`) that have categories."""
    return [example for _, example in _labelled(data, MappingProxyType({}))]


def load_reports(data: Path, unseen: Unseen) -> list[Reported]:
    """Return the same with their features. `unseen` are, by group, the models that have not seen its reports."""
    found = []
    for facts, example in _labelled(data, unseen):
        report = report_of(example.text)
        entries = timeline(report)
        cause = root_cause(report, entries)
        told = scene(report, entries, outage(report, entries))
        fix = resolution(report, told)
        quote = _quoted(report, facts.get("root_cause") or {})
        found.append(
            Reported(
                example,
                tuple(label or NO_CAUSE for label in facts["categories"].get("primary_alt") or ()),
                *(
                    Features((read := passage(report, said, fix, WEIGHTS)).bag(), read.signals())
                    if said
                    else None
                    for said in (cause.evidence if cause else (), quote)
                ),
            )
        )
    return found


def _labelled(data: Path, unseen: Unseen) -> Iterator[tuple[Mapping[str, Any], Example]]:
    for one in annotated(data, unseen):
        known = one.facts.get("categories")
        if one.text and known:
            also = (*(known.get("primary_alt") or ()), *(known.get("also") or ()))
            yield (
                one.facts,
                Example(
                    one.text,
                    known["primary"] or NO_CAUSE,
                    tuple(dict.fromkeys(filter(None, also))),
                    one.group,
                    "report",
                ),
            )


def _quoted(report: Report, told: Mapping[str, Any]) -> Sequence[Evidence]:
    """Return the sentences of the report's account that hold what the annotation quotes, or else one of its phrases."""
    sentences = roles.reading(report).sentences
    for phrases in ([told["quote"]] if told.get("quote") else [], told.get("keys", ())):
        extents = [m.span() for one in phrases for m in phrase(one).finditer(report.document.plain)]
        held = holding(sentences, extents)
        if any(held):
            return [
                report.evidence(said.start, said.end, "annotated")
                for said, right in zip(sentences, held, strict=True)
                if right
            ]
    return ()
