"""Charts of shares, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.plots.base import (
    BLUE,
    GREEN,
    GREY,
    INTERVAL,
    ORANGE,
    PINK,
    altair,
    commonest,
    data,
    is_empty,
    mark_text,
    nothing,
    title,
)

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.trends.plots.base import Chart

_SHARES: Final = "Shares over time"
_NOTICED: Final = "Who noticed first"
_MOST: Final = 15
_MOST_NUMBERS: Final = 16
_HEIGHT: Final = 80
_UNITS: Final = {"year": "utcyear", "quarter": "utcyearquarter", "month": "utcyearmonth"}
_FORMATS: Final = {"year": "%Y", "quarter": "%Y Q%q", "month": "%b %Y"}
_METHODS: Final = {"monitoring": BLUE, "customer": ORANGE, "internal": GREEN, "third_party": PINK}


def category_share(frame: pd.DataFrame) -> Chart:
    """Return small charts, one a category: its share of the incidents of each period, with interval."""
    return share_over_time(frame, "Primary categories of causes over time")


def share_over_time(frame: pd.DataFrame, words: str | None = None) -> Chart:
    """Return small charts, one a value of the column of `trends.share_over_time`: its share in each period."""
    if is_empty(frame):
        return nothing(words or _SHARES, frame)
    alt = altair()
    period, column = frame.columns[:2]
    shown, note = commonest(frame, column, "count", _MOST)
    notes = [f"Share of a {period}'s incidents. {INTERVAL}", *filter(None, [note])]
    base = alt.Chart().encode(x=_when(period, offset=16))
    bars = base.mark_bar(color=BLUE).encode(
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=3), scale=alt.Scale(zero=True)),
        tooltip=_tooltip(period, column),
    )
    rules = base.mark_rule(color=ORANGE, strokeWidth=1.5).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    layers = [bars, rules]
    if shown[period].nunique() <= _MOST_NUMBERS:
        numbers = base.transform_filter("datum.count > 0").encode(y=alt.value(_HEIGHT + 10), text="count:Q")
        layers.append(mark_text(numbers, fontSize=9))
        notes[0] += " Numbers: incidents."
    return (  # type: ignore[no-any-return]
        alt.layer(*layers, data=data(_dated(shown, period)))
        .properties(width=190, height=_HEIGHT)
        .facet(
            alt.Facet(f"{column}:N", title=None, sort=list(dict.fromkeys(shown[column]))),
            columns=3,
            title=title(words or f"Share of each {column} over time", frame, *notes),
        )
    )


def detection_over_time(frame: pd.DataFrame) -> Chart:
    """Return one chart: who noticed first, customers against monitoring (with intervals) and the others."""
    if is_empty(frame):
        return nothing(_NOTICED, frame)
    alt = altair()
    period = frame.columns[0]
    methods = [method for method in _METHODS if (frame["detection"] == method).any()]
    colour = alt.Color(
        "detection:N",
        title=None,
        scale=alt.Scale(domain=methods, range=[_METHODS[m] for m in methods]),
        legend=alt.Legend(symbolType="circle", symbolOpacity=1, symbolStrokeWidth=0),
    )
    base = alt.Chart(data(_dated(frame[frame["n"] > 0], period))).encode(x=_when(period), color=colour)
    bands = base.transform_filter("datum.detection == 'customer' || datum.detection == 'monitoring'")
    share = alt.Y("share:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    sizes = alt.Legend(symbolFillColor=GREY, symbolStrokeWidth=0)
    chart = alt.layer(
        bands.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title=None), y2="high:Q"),
        base.mark_line(strokeWidth=2).encode(y=share),
        base.mark_point(filled=True, opacity=1).encode(
            y=share,
            size=alt.Size("n:Q", title="incidents", scale=alt.Scale(domainMin=0), legend=sizes),
            tooltip=_tooltip(period, "detection"),
        ),
    )
    note = f"Share of a {period}'s incidents. Bands: 95 % intervals, of customers and monitoring."
    return chart.properties(  # type: ignore[no-any-return]
        width=600, height=260, title=title(_NOTICED, frame, note)
    )


def _when(period: str, *, offset: int = 0) -> Any:
    alt = altair()
    axis = alt.Axis(
        format=_FORMATS[period], labelOverlap="greedy", labelSeparation=8, grid=False, offset=offset
    )
    return alt.X("begins:T", timeUnit=_UNITS[period], title=None, axis=axis, bandPosition=0.5)


def _tooltip(period: str, column: str) -> list[Any]:
    alt = altair()
    share = alt.Tooltip("share:Q", format=".0%")
    return [
        f"{period}:N",
        f"{column}:N",
        alt.Tooltip("count:Q"),
        alt.Tooltip("n:Q"),
        share,
        alt.Tooltip("not_said:Q"),
    ]


def _dated(frame: pd.DataFrame, period: str) -> pd.DataFrame:
    """Add the day on which each period begins."""
    import pandas as pd

    names = frame[period]
    if period == "quarter":
        month = (pd.to_numeric(names.str[-1:]) * 3 - 2).astype("Int64").astype("string").str.zfill(2)
        names = names.str[:4] + "-" + month
    return frame.assign(begins=names.str.slice(0, 7).where(names.str.len() > 4, names + "-01") + "-01")
