"""The chart of incidents that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from postmortem.trends.plots.base import BLUE, altair, data, is_empty, mark_text, nothing, title

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.trends.plots.base import Chart

_REPEATS: Final = "Incidents that came back"
_MOST: Final = 20
_WIDTH: Final = 440


def repeats(frame: pd.DataFrame) -> Chart:
    """Return one row a service and category: its incidents as dots in time, each joined to the one that it repeats."""
    if is_empty(frame):
        return nothing(_REPEATS, frame)
    import pandas as pd

    alt = altair()
    named = frame.assign(group=frame["service"] + " · " + frame["category"])
    counts = named["group"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    rows = list(counts.index[:_MOST])
    pairs = named[named["group"].isin(rows)]
    key = ["path", "id", "day"]
    earlier = pairs[["group", "service", "category"]].assign(
        **{name: pairs[f"{name}_before"] for name in key}
    )
    points = pd.concat([pairs[["group", "service", "category", *key]], earlier]).drop_duplicates(
        ["group", "path", "id"]
    )
    labels = pd.DataFrame(
        {"group": rows, "said": ["1 repeat" if counts[r] == 1 else f"{counts[r]} repeats" for r in rows]}
    )
    y = alt.Y("group:N", title=None, sort=rows, axis=alt.Axis(labelLimit=260, grid=True))
    axis = alt.Axis(format="%b %Y", grid=False, labelOverlap="greedy", labelSeparation=10)
    scale = alt.Scale(type="utc", padding=8)
    day = alt.X("day:T", scale=scale, title=None, axis=axis)
    links = alt.Chart(data(pairs)).mark_rule(color=BLUE, strokeWidth=2, opacity=0.5)
    dots = alt.Chart(data(points)).mark_circle(color=BLUE, opacity=1, size=45)
    texts = mark_text(alt.Chart(data(labels)), align="left")
    days = frame.attrs["days"]
    notes = [f"The same primary category in the same service within {days} days: {len(frame):,} repeats."]
    if len(counts) > _MOST:
        notes.append(f"The {_MOST} with the most repeats of {len(counts)} pairs of service and category.")
    return alt.layer(  # type: ignore[no-any-return]
        links.encode(x=alt.X("day_before:T", scale=scale), x2="day:T", y=y),
        dots.encode(x=day, y=y, tooltip=["path:N", "service:N", "category:N", "day:T"]),
        texts.encode(x=alt.value(_WIDTH + 8), y=y, text="said:N"),
    ).properties(width=_WIDTH, height=alt.Step(20), title=title(_REPEATS, frame, *notes))
