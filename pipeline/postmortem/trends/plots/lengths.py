"""The chart of lengths of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.durations import QUANTILES
from postmortem.trends.plots.base import BLUE, GREY, NOT_SAID, ORANGE, altair, data, mark_text, nothing, title

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.trends.plots.base import Chart

_TICKS: Final = [0, 1, 5, 15, 60, 240, 1440, 10080, 43200, 525600]
_LABELS: Final = (
    "datum.value < 60 ? datum.value + ' min' : datum.value < 1440 ? datum.value / 60 + ' h'"
    " : datum.value / 1440 + ' d'"
)
_MEASURES: Final = {
    "duration_minutes": "Duration of the outage",
    "minutes_to_detect": "Time to detect",
    "minutes_to_acknowledge": "Time to acknowledge",
    "minutes_to_identify": "Time to identify the cause",
    "minutes_to_mitigate": "Time to mitigate",
    "minutes_to_resolve": "Time to resolve",
}
_GROUPS: Final = {
    "category": "category",
    "severity_level": "severity level (1 is the worst)",
    "detection": "how it was noticed",
    "trigger_kind": "trigger",
    "resolution_kind": "kind of resolution",
}
_ROW: Final = 22


def durations(frame: pd.DataFrame) -> Chart:
    """Return one row a group: median with interval, the middle half as a bar, the slowest tenth's beginning as a tick."""
    alt = altair()
    of, by = frame.attrs["of"], frame.attrs["by"]
    words = f"{_MEASURES[of]} by {_GROUPS.get(by, by)}"
    shown = frame[frame["n"] > 0]
    if shown.empty:
        return nothing(words, frame)
    shown = shown.assign(group=shown[by].fillna(NOT_SAID), said=_said(shown))
    order = (
        list(shown["group"]) if by not in ("severity_level", "quarter", "year") else sorted(shown["group"])
    )
    row = alt.Y("group:N", title=None, sort=order, axis=alt.Axis(labelLimit=180))
    base = alt.Chart(data(shown)).encode(y=row)
    across = _across(shown)
    return alt.layer(  # type: ignore[no-any-return]
        base.mark_bar(color=BLUE, opacity=0.35, height=12).encode(x=across, x2="q75:Q", tooltip=_tooltip(by)),
        base.mark_tick(color=GREY, thickness=2, size=12).encode(x="q90:Q"),
        base.mark_rule(color=ORANGE, strokeWidth=2).encode(x="median_low:Q", x2="median_high:Q"),
        base.mark_point(color=ORANGE, filled=True, opacity=1, size=55).encode(
            x="median:Q", tooltip=_tooltip(by)
        ),
        mark_text(base, align="left").encode(x=alt.value(_WIDTH + 8), text="said:N"),
    ).properties(
        width=_WIDTH,
        height=alt.Step(_ROW),
        title=title(
            words,
            frame,
            "Dot: median, with its 95 % bootstrap interval (from n = 5). Bar: the middle half. Tick: nine tenths are shorter.",
            *([f"{NOT_SAID}: no {by.replace('_', ' ')} given."] if shown[by].isna().any() else []),
        ),
    )


_WIDTH: Final = 460


def _said(frame: pd.DataFrame) -> pd.Series[Any]:
    n = "n = " + frame["n"].astype("string")
    silent = ", " + frame["not_said"].astype("string") + " do not say"
    return n.where(frame["not_said"] == 0, n + silent)


def _across(frame: pd.DataFrame) -> Any:
    """The axis of minutes, from the last tick before to the first behind everything shown; from 0 where that is below 1."""
    import numpy as np

    alt = altair()
    held = frame[[*QUANTILES, "median_low", "median_high"]].to_numpy(dtype=float)
    shortest, longest = float(np.nanmin(held)), float(np.nanmax(held))
    inner = [tick for tick in _TICKS if shortest < tick < longest]
    first = max((tick for tick in _TICKS if tick <= shortest), default=int(shortest) - 1)
    last = next((tick for tick in _TICKS if tick >= longest), int(longest) + 1)
    logarithmic = {"type": "log"} if first >= 1 else {"type": "symlog", "constant": 1}
    return alt.X(
        "q25:Q",
        title="logarithmic scale" if first >= 1 else "logarithmic scale (linear below 1 minute)",
        scale=alt.Scale(**logarithmic, domain=[first, last], nice=False),
        axis=alt.Axis(values=[first, *inner, last], labelExpr=_LABELS),
    )


def _tooltip(by: str) -> list[Any]:
    alt = altair()
    names = ("q25", "median", "q75", "q90", "median_low", "median_high")
    lengths = [alt.Tooltip(f"{name}:Q", title=f"{name} (minutes)", format=",.0f") for name in names]
    return [f"{by}:N", "n:Q", "not_said:Q", *lengths]
