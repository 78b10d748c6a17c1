"""On which days and at which hours incidents begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmortem.trends.population import WEEKDAYS, counted, population, resting_on

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames


def weekdays_and_hours(frames: Frames) -> pd.DataFrame:
    """Return how many incidents began on each weekday in each hour: 7 × 24 rows, Monday at 0 first.

    On the report's own clock: what it writes, in the zone it writes it in. It is when harm began, not how busy the hour
    was: without the traffic beside it, a peak at work time may be just that. Rests on the incidents with a complete date
    and a time.
    """
    import pandas as pd

    told = population(frames)
    said = told[told["weekday"].notna() & told["hour"].notna()]
    index = pd.MultiIndex.from_product([WEEKDAYS, range(24)], names=["weekday", "hour"])
    count = said.astype({"hour": "int64"}).groupby(["weekday", "hour"]).size()
    frame = count.reindex(index, fill_value=0).rename("count").reset_index().astype({"weekday": "string"})
    return resting_on(counted(frame, len(said), len(told)), len(said), len(told))
