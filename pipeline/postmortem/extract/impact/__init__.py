"""Impact: how much of what was harmed, the other figures of harm, and the report's own impact statement."""

from __future__ import annotations

from postmortem.extract.impact.figures import figures
from postmortem.extract.impact.percentages import percentages
from postmortem.extract.impact.sentences import statements
from postmortem.extract.impact.summary import summary
from postmortem.record import Impact
from postmortem.report import Report


def impact(report: Report) -> Impact:
    """Return the impact that `report` states: its own sentence(s), percentages and other figures, in text order.

    Percentages are in percent (``75.0``); a figure stated twice is given once, at its first place. Sums, counts, rates,
    latencies and losses of data come from the impact and summary statements only.
    """
    document = report.document
    if not document.plain:
        return Impact()
    told = [*statements(report)]
    return Impact(summary(report, told), tuple(percentages(report)), tuple(figures(report, told)))
