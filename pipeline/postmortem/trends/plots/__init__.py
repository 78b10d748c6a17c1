"""A chart for each trend, by the name of the function of `postmortem.trends` whose frame it takes.

    >>> from postmortem import trends
    >>> trends.plots.durations(trends.durations(frames, by="category"))  # doctest: +SKIP

Charts are Altair's: declarations that any notebook or page renders without a network. Each says what it rests on and
how many incidents do not say; bars begin at zero; intervals are drawn; a logarithmic axis says so. No chart sets a ground,
a font or a colour of text, so that a theme for light or dark can. A chart's data hold the very values of the tables
(`category`, `quarter`, `weekday`, `hour`, `trigger_kind`, `path` and `id` …): what a mark stands for is a filter on them.

Needs the extra ``plots``: ``pip install 'postmortem-pipeline[plots]'``; without it every function raises an ImportError
that says so.
"""

from __future__ import annotations

from postmortem.trends.plots.bars import coverage, open_actions, similar_causes
from postmortem.trends.plots.counts import categories_together, category_by_trigger, weekdays_and_hours
from postmortem.trends.plots.lengths import durations
from postmortem.trends.plots.over_time import category_share, detection_over_time, share_over_time
from postmortem.trends.plots.returns import repeats

__all__ = [
    "categories_together",
    "category_by_trigger",
    "category_share",
    "coverage",
    "detection_over_time",
    "durations",
    "open_actions",
    "repeats",
    "share_over_time",
    "similar_causes",
    "weekdays_and_hours",
]
