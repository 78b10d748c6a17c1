"""One scorer a field. Each adds what it counts to the tallies: ``scorer(tallies, facts, record)``.

`facts` is an annotation, `record` a record as a dict (empty where there is none). The rules of comparison are those of the
project's definitions: a wrong answer costs precision and recall, an attribute (date of an entry, name of a heading) is
judged only where the thing itself was matched.
"""

from __future__ import annotations

from typing import Final

from postmortem.evaluation.fields.causes import categories, root_cause
from postmortem.evaluation.fields.common import Scorer, Tallies
from postmortem.evaluation.fields.impact import figures, percentages
from postmortem.evaluation.fields.items import actions, headings, lessons, named
from postmortem.evaluation.fields.moments import milestones, outage
from postmortem.evaluation.fields.statements import detection, findings, simple, statements
from postmortem.evaluation.fields.support import support
from postmortem.evaluation.fields.timeline import timeline

__all__ = ["SCORERS", "Tallies"]

SCORERS: Final[tuple[Scorer, ...]] = (
    outage, percentages, timeline, root_cause, categories, headings, actions, detection, simple, named, figures,
    statements, lessons, milestones, findings, support,
)  # fmt: skip
