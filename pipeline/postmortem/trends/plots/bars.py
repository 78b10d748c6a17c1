"""Charts of shares and likenesses as bars from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.plots.base import (
    BLUE,
    INTERVAL,
    ORANGE,
    altair,
    data,
    is_empty,
    mark_text,
    nothing,
    title,
)

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.trends.plots.base import Chart

_COVERAGE: Final = "What the reports say"
_ACTIONS: Final = "Action items that name an owner, a due date, a ticket"
_SIMILAR: Final = "Root causes told in similar words"
_ROW: Final = 20
_MOST_PAIRS: Final = 20
_LONGEST: Final = 34


def coverage(frame: pd.DataFrame) -> Chart:
    """Return one bar a field: the share of incidents that say it."""
    if is_empty(frame):
        return nothing(_COVERAGE, frame)
    alt = altair()
    shown = frame.assign(said=_of(frame))
    row = alt.Y("field:N", title=None, sort=list(frame["field"]), axis=alt.Axis(labelLimit=180))
    return (  # type: ignore[no-any-return]
        _bars(alt.Chart(data(shown)).encode(y=row), "field", width=380)
        .properties(height=alt.Step(_ROW))
        .properties(
            title=title(
                "What the reports say", frame, f"Share of incidents in which it was found. {INTERVAL}"
            )
        )
    )


def open_actions(frame: pd.DataFrame) -> Chart:
    """Return for each type of action the share that names an owner, a due date, a ticket, or any of them."""
    if is_empty(frame):
        return nothing(_ACTIONS, frame)
    alt = altair()
    totals = frame.drop_duplicates("type").set_index("type")["total"]
    named = frame["type"].map({name: f"{name} ({total:,})" for name, total in totals.items()})
    shown = frame.assign(said=frame["n"].map("{:,}".format), row=named)
    row = alt.Y("row:N", title=None, sort=list(dict.fromkeys(named)), axis=alt.Axis(labelLimit=180))
    note = f"Share of the items of each type. {INTERVAL} Reports do not say which items were done since."
    promised = title(_ACTIONS, frame, note, what="items with any of them")
    return (  # type: ignore[no-any-return]
        _bars(alt.Chart().encode(y=row), "type", width=110)
        .properties(height=alt.Step(_ROW), data=data(shown))
        .facet(
            column=alt.Column("promise:N", title=None, sort=["owner", "due", "ticket", "any"]),
            title=promised,
            spacing=50,
        )
    )


def similar_causes(frame: pd.DataFrame) -> Chart:
    """Return the pairs of root causes told in the most similar words, at most twenty."""
    if is_empty(frame):
        return nothing(_SIMILAR, frame)
    alt = altair()
    shown = frame.head(_MOST_PAIRS)
    shown = shown.assign(pair=_pairs(shown))
    base = alt.Chart(data(shown)).encode(
        y=alt.Y("pair:N", title=None, sort=list(shown["pair"]), axis=alt.Axis(labelLimit=420)),
        tooltip=["path:N", "root_cause:N", "path_other:N", "root_cause_other:N", "similarity:Q"],
    )
    across = alt.X("similarity:Q", scale=alt.Scale(domain=[0, 1]), title="similarity of words (1: the same)")
    more = (
        f"The {len(shown)} most similar of {len(frame):,} pairs found."
        if len(frame) > len(shown)
        else "All pairs found."
    )
    return alt.layer(  # type: ignore[no-any-return]
        base.mark_bar(color=BLUE, height=12).encode(x=across),
        mark_text(base, align="left", dx=4).encode(x=across, text=alt.Text("similarity:Q", format=".2f")),
    ).properties(width=260, height=alt.Step(_ROW), title=title(_SIMILAR, frame, more))


def _pairs(frame: pd.DataFrame) -> list[str]:
    """What to call each pair: by its paths, numbered where two incidents of one file make the same again."""
    names = [f"{_short(a)}  ~  {_short(b)}" for a, b in zip(frame["path"], frame["path_other"], strict=True)]
    return [
        f"{name} ({names[:i].count(name) + 1})" if name in names[:i] else name for i, name in enumerate(names)
    ]


def _bars(base: Any, name: str, *, width: int) -> Any:
    """Bars of `share` from 0 to 1 with their interval, and ``3 of 12`` behind them."""
    alt = altair()
    across = alt.X(
        "share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=4)
    )
    tooltip = [f"{name}:N", "n:Q", "total:Q", alt.Tooltip("share:Q", format=".0%")]
    return alt.layer(
        base.mark_bar(color=BLUE, height=12).encode(x=across, tooltip=tooltip),
        base.mark_rule(color=ORANGE, strokeWidth=1.5).encode(x="low:Q", x2="high:Q"),
        mark_text(base, align="left").encode(x=alt.value(width + 6), text="said:N"),
    ).properties(width=width)


def _of(frame: pd.DataFrame) -> list[str]:
    return [f"{n:,} of {total:,}" for n, total in zip(frame["n"], frame["total"], strict=True)]


def _short(path: str) -> str:
    return path if len(path) <= _LONGEST else "…" + path[1 - _LONGEST :]
