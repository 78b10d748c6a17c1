"""Trends: from the tables of many incidents (`postmortem.frames.Frames`) to small frames, each with what it rests on.

Every function takes the frames of `postmortem.to_frames` or `postmortem.read_dataset` and returns one small, tidy frame;
`postmortem.trends.plots` has a chart of the same name for each. What holds for all of them:

- Incidents with the status ``ok`` count, and each text once: several incidents of one file are several, copies of a
  file are one (`population`).
- `n` say what a row is about, `not_said` do not, together `total`; `basis` gives the same for a frame as a whole. Nothing is
  imputed: who does not say is left out and counted.
- Quantiles, never bare means, and 95 % intervals: bootstrap for quantiles (seeded: the same data give the same
  interval), Wilson for shares. They tell how far the figures would differ with other incidents of the same kind, not how well
  the fields were read; for that see ``postmortem evaluate``.
- Names of categories, quarters, weekdays … in the frames are those of the tables and of `population`: a filter on them
  finds the very incidents.
"""

from __future__ import annotations

from postmortem.trends import plots
from postmortem.trends.actions import open_actions
from postmortem.trends.causes import categories_together, category_by_trigger
from postmortem.trends.clock import weekdays_and_hours
from postmortem.trends.coverage import coverage
from postmortem.trends.durations import durations
from postmortem.trends.intervals import bootstrap, wilson
from postmortem.trends.population import Basis, Period, basis, population
from postmortem.trends.repeats import repeats, similar_causes
from postmortem.trends.shares import category_share, detection_over_time, share_over_time

__all__ = [
    "Basis",
    "Period",
    "basis",
    "bootstrap",
    "categories_together",
    "category_by_trigger",
    "category_share",
    "coverage",
    "detection_over_time",
    "durations",
    "open_actions",
    "plots",
    "population",
    "repeats",
    "share_over_time",
    "similar_causes",
    "weekdays_and_hours",
    "wilson",
]
