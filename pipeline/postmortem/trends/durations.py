"""How long incidents last, how long until somebody notices, and until it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from postmortem.trends.intervals import bootstrap
from postmortem.trends.population import counted, population, resting_on

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames

Measure = Literal[
    "duration_minutes",
    "minutes_to_detect",
    "minutes_to_acknowledge",
    "minutes_to_identify",
    "minutes_to_mitigate",
    "minutes_to_resolve",
]
Grouping = Literal[
    "category", "severity_level", "detection", "trigger_kind", "resolution_kind", "quarter", "year"
]
QUANTILES: Final = {"q25": 0.25, "median": 0.5, "q75": 0.75, "q90": 0.9}


def durations(frames: Frames, of: Measure = "duration_minutes", by: Grouping = "category") -> pd.DataFrame:
    """Return the quantiles of a length of time in minutes, group by group, by descending median.

    One row a group; the incidents that do not say the group make one whose name is missing, the last. `q25`, `median`, `q75`
    and `q90` are of the `n` incidents of the group that give the length, `median_low` to `median_high` is the median's 95 %
    bootstrap interval (missing below five). Quantiles and no means, for such lengths are skewed: a few days-long outages
    make a mean of minutes meaningless. Raises ValueError for a measure or grouping that is none.
    """
    import pandas as pd

    for name, known in ((of, get_args(Measure)), (by, get_args(Grouping))):
        if name not in known:
            raise ValueError(f"{name!r} is none of {', '.join(known)}")
    told = population(frames)
    groups = told[by].astype("string")
    rows = []
    for group, held in told.groupby(groups, dropna=False, sort=True):
        minutes = held[of].dropna().to_numpy(dtype=float)
        rows.append({by: group, **_described(minutes), "said": len(minutes), "held": len(held)})
    columns = [by, *QUANTILES, "median_low", "median_high", "said", "held"]
    frame = pd.DataFrame(rows, columns=columns).astype({by: "string", "said": "int64", "held": "int64"})
    frame = frame.astype(dict.fromkeys([*QUANTILES, "median_low", "median_high"], "float64"))
    order = frame.assign(unnamed=frame[by].isna()).sort_values(
        ["unnamed", "median", by], ascending=[True, False, True], kind="stable"
    )
    frame = frame.loc[order.index].reset_index(drop=True)
    made = counted(frame.drop(columns=["said", "held"]), frame["said"], frame["held"])
    made.attrs.update(of=of, by=by)
    return resting_on(made, int(told[of].notna().sum()), len(told))


def _described(minutes: pd.api.extensions.ExtensionArray | object) -> dict[str, float]:
    import numpy as np

    values = np.asarray(minutes, dtype=float)
    if not len(values):
        return dict.fromkeys([*QUANTILES, "median_low", "median_high"], float("nan"))
    found = dict(zip(QUANTILES, np.quantile(values, list(QUANTILES.values())).tolist(), strict=True))
    low, high = bootstrap(values)
    return {**found, "median_low": low, "median_high": high}
