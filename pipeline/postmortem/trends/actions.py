"""Action items: for what, and whether somebody is to do them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from postmortem.trends.intervals import wilson
from postmortem.trends.population import KEY, counted, population, resting_on

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames

PROMISES: Final = ("owner", "due", "ticket")


def open_actions(frames: Frames) -> pd.DataFrame:
    """Return how many action items of each type name an owner, a due date, a ticket, or any of these.

    One row a `type` and `promise` (``owner``, ``due``, ``ticket``, ``any``), the commonest type first: `n` of its `total`
    items have it, which is `share` (95 % interval `low` to `high`). A report is written once and does not say
    which items were done since, so every item counts as open. As a whole it rests on items with at least one of the three.
    """
    told = population(frames)[KEY].merge(frames.actions, on=KEY).astype({"type": "string"})
    promised = told[list(PROMISES)].notna()
    promised = promised.assign(any=promised.any(axis=1), type=told["type"])
    totals = told.groupby("type").size().sort_values(ascending=False, kind="stable")
    counts = promised.groupby("type")[[*PROMISES, "any"]].sum().reindex(totals.index).astype("int64")
    frame = counts.reset_index().melt("type", var_name="promise", value_name="n")
    order = frame["type"].map({name: rank for rank, name in enumerate(totals.index)})
    frame = frame.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
    total = frame["type"].map(totals).astype("int64")
    low, high = wilson(frame["n"], total)
    made = counted(frame, frame["n"], total).assign(share=frame["n"] / total, low=low, high=high)
    made = made.astype({"type": "string", "promise": "string"})
    return resting_on(made, int(promised["any"].sum()), len(told))
