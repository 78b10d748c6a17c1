"""Charts of counts in cells: the deeper the colour, the more, and the number itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.plots.base import BLUE, altair, data, is_empty, mark_text, nothing, title
from postmortem.trends.population import WEEKDAYS

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.trends.plots.base import Chart

_BY_TRIGGER: Final = "Category of the cause by what set it off"
_TOGETHER: Final = "Categories given together"
_WHEN: Final = "When incidents begin"
_DEEPEST: Final = 0.8
_CELL: Final = 30
_HEADINGS: Final = {"trigger_kind": "trigger", "other": "together with"}


def category_by_trigger(frame: pd.DataFrame) -> Chart:
    """Return a table of cells: primary category by kind of trigger."""
    if is_empty(frame):
        return nothing(_BY_TRIGGER, frame)
    rows, columns = _ordered(frame, "category"), _ordered(frame, "trigger_kind")
    chart = _cells(frame, ("trigger_kind", columns), ("category", rows), ["share", "not_said"])
    return chart.properties(  # type: ignore[no-any-return]
        title=title(_BY_TRIGGER, frame, "Number of incidents.")
    )


def categories_together(frame: pd.DataFrame) -> Chart:
    """Return a table of cells, the same on both sides of the diagonal: categories that reports give together."""
    if is_empty(frame):
        return nothing(_TOGETHER, frame)
    import pandas as pd

    turned = frame.rename(columns={"category": "other", "other": "category"})
    both = pd.concat([frame, turned], ignore_index=True)
    names = _ordered(both, "category")
    chart = _cells(both, ("other", names), ("category", names), ["expected", "lift"])
    return chart.properties(  # type: ignore[no-any-return]
        title=title(_TOGETHER, frame, "Number of incidents with both.")
    )


def weekdays_and_hours(frame: pd.DataFrame) -> Chart:
    """Return a week of cells: when incidents begin, on the report's own clock."""
    if is_empty(frame):
        return nothing(_WHEN, frame)
    hours = ("hour", [*range(24)])
    chart = _cells(frame, hours, ("weekday", list(WEEKDAYS)), [], cell=24)
    return chart.properties(  # type: ignore[no-any-return]
        title=title(_WHEN, frame, "Number of incidents by hour and weekday, on the report's own clock.")
    )


def _ordered(frame: pd.DataFrame, column: str) -> list[str]:
    sums = frame.groupby(column, sort=True)["count"].sum().sort_values(ascending=False, kind="stable")
    return [str(name) for name in sums.index]


def _cells(
    frame: pd.DataFrame,
    across: tuple[str, Sequence[object]],
    down: tuple[str, Sequence[object]],
    further: Sequence[str],
    *,
    cell: int = _CELL,
) -> Any:
    alt = altair()
    (column, columns), (row, rows) = across, down
    heading = _HEADINGS.get(column, column)
    x = alt.X(f"{column}:O", title=heading, sort=columns, scale=alt.Scale(domain=columns))
    y = alt.Y(f"{row}:O", title=None, sort=rows, scale=alt.Scale(domain=rows))
    if column == "hour":
        x = x.axis(labelAngle=0)
    base = alt.Chart(data(frame)).encode(x=x, y=y)
    depth = alt.Opacity("count:Q", legend=None, scale=alt.Scale(domainMin=0, range=[0, _DEEPEST]))
    more = [alt.Tooltip(f"{name}:Q", format=".2f" if name != "not_said" else "d") for name in further]
    tooltip = [f"{row}:N", f"{column}:N", "count:Q", *more]
    cells = base.mark_rect(color=BLUE).encode(opacity=depth, tooltip=tooltip)
    numbers = mark_text(base.transform_filter("datum.count > 0")).encode(text="count:Q")
    return alt.layer(cells, numbers).properties(width=alt.Step(cell), height=alt.Step(24))
