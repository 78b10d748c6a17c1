"""Categories of causes beside what set incidents off, and beside each other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from postmortem.trends.population import KEY, counted, population, resting_on

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames


def category_by_trigger(frames: Frames) -> pd.DataFrame:
    """Return how many incidents of each primary category were set off by each kind of event.

    One row a pair that occurs. `count` of the category's `n` incidents that name their trigger are `share`; `not_said` is
    the rest of the category. The whole rests on the incidents that say both.
    """
    told = population(frames).astype({"category": "string", "trigger_kind": "string"})
    caused = told[told["category"].notna()]
    both = caused[caused["trigger_kind"].notna()]
    frame = both.groupby(["category", "trigger_kind"]).size().rename("count").reset_index()
    totals, saying = caused.groupby("category").size(), both.groupby("category").size()
    total = frame["category"].map(totals).astype("int64")
    n = frame["category"].map(saying).astype("int64")
    frame = frame.assign(share=frame["count"] / n)
    order = frame["count"].sort_values(ascending=False, kind="stable").index
    made = counted(frame, n, total).loc[order].reset_index(drop=True)
    return resting_on(made, len(both), len(told))


def categories_together(frames: Frames) -> pd.DataFrame:
    """Return which categories the reports give together, as primary or as further ones, whichever.

    One row a pair that occurs, `category` before `other` in the alphabet. `count` incidents have both; `expected` would have
    if the two were given independently of each other, and `lift` is `count` over that: above 1 they go together. `n` is
    how many incidents have any category.
    """
    import pandas as pd

    told = population(frames)
    given = told[KEY].merge(frames.categories[[*KEY, "category"]], on=KEY)
    held = [
        sorted(set(names)) for _, names in given["category"].astype("str").groupby([given[k] for k in KEY])
    ]
    single = Counter(name for names in held for name in names)
    pairs = Counter(pair for names in held for pair in combinations(names, 2))
    n = len(held)
    rows = [
        (a, b, count, single[a] * single[b] / n, count * n / (single[a] * single[b]))
        for (a, b), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    ]
    frame = pd.DataFrame(rows, columns=["category", "other", "count", "expected", "lift"])
    frame = frame.astype({"category": "string", "other": "string", "count": "int64"})
    return resting_on(counted(frame.astype({"expected": float, "lift": float}), n, len(told)), n, len(told))
