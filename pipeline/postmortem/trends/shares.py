"""What share of the incidents has what, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmortem.trends.intervals import wilson
from postmortem.trends.population import Period, counted, population, resting_on

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames


def category_share(frames: Frames, period: Period = "quarter") -> pd.DataFrame:
    """Return the share of each primary category in each period: see `share_over_time`."""
    return share_over_time(frames, "category", period)


def detection_over_time(frames: Frames, period: Period = "quarter") -> pd.DataFrame:
    """Return how incidents were noticed in each period, by customers or by monitoring or else: see `share_over_time`."""
    return share_over_time(frames, "detection", period)


def share_over_time(frames: Frames, column: str, period: Period = "quarter") -> pd.DataFrame:
    """Return the share of each value of a column of `incidents` in each period of the start of the outage.

    One row a period and value, the commonest value first, zeros included; only periods in which an incident began. `count`
    incidents of the `n` that say are `share` (0 to 1, with its 95 % interval `low` to `high`); `n`, `not_said` and `total`
    are the period's. The whole rests on the incidents that say both (`basis`): one without a known year counts as not saying.
    """
    import pandas as pd

    told = population(frames)
    dated = told[told[period].notna()].assign(**{column: lambda f: f[column].astype("string")})
    said = dated[dated[column].notna()]
    values = said[column].value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    totals = dated.groupby(period).size()
    index = pd.MultiIndex.from_product([totals.index, values], names=[period, column])
    frame = said.groupby([period, column]).size().reindex(index, fill_value=0).rename("count").reset_index()
    total = frame[period].map(totals).astype("int64")
    n = frame[period].map(said.groupby(period).size()).fillna(0).astype("int64")
    low, high = wilson(frame["count"], n)
    frame = frame.assign(share=(frame["count"] / n).where(n > 0), low=low, high=high)
    return resting_on(counted(frame, n, total), len(said), len(told))
