"""What every chart shares: data, colours, subtitles. Text, axes and background are left to the theme of whoever shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.population import Basis, basis

if TYPE_CHECKING:
    from types import ModuleType

    import altair as alt
    import pandas as pd

    Chart = alt.Chart | alt.LayerChart | alt.FacetChart

# Okabe and Ito's colours, which colour-blind people tell apart, the blue lightened to be seen on dark grounds too.
BLUE: Final = "#2f86c1"
ORANGE: Final = "#d55e00"
GREEN: Final = "#009e73"
PINK: Final = "#cc79a7"
GREY: Final = "#8a8a8a"
NOT_SAID: Final = "(not said)"
INTERVAL: Final = "Orange lines: 95 % intervals."
INK: Final = "#010101"
_PAPER: Final = "#eeeeee"
_DARK: Final = 0.5
_MOST_ROWS: Final = 30


def altair() -> ModuleType:
    """Return altair. Raises ImportError that says how to get it."""
    try:
        import altair
    except ImportError as error:
        raise ImportError("charts need altair: pip install 'postmortem-pipeline[plots]'") from error
    return altair


def data(frame: pd.DataFrame) -> Any:
    """Return a frame as inline data of a chart: missing values as null, moments as ISO days."""
    plain = frame.copy()
    for column in plain.columns[[str(kind).startswith("datetime") for kind in plain.dtypes]]:
        plain[column] = plain[column].dt.strftime("%Y-%m-%d")
    plain = plain.astype("object").where(plain.notna(), None)
    return altair().Data(values=plain.to_dict("records"))


def title(words: str, frame: pd.DataFrame, *notes: str, what: str = "incidents") -> Any:
    """Return a chart's title with, below it, what the chart rests on and how to read it."""
    return altair().TitleParams(words, subtitle=[rests_on(basis(frame), what), *notes], anchor="start")


def mark_text(chart: Any, **options: Any) -> Any:
    """Return a chart's text marks, in `INK`, or light where the chart's ground is dark.

    Themes colour axes and titles but no text marks, and leave those black on black.
    """
    alt = altair()
    light = f"background && luminance(background) < {_DARK}"
    return chart.mark_text(fill=alt.expr(f"{light} ? '{_PAPER}' : '{INK}'"), **options)


def is_empty(frame: pd.DataFrame) -> bool:
    """Whether there is nothing to draw: no row, or none that rests on anything."""
    return frame.empty or not basis(frame).n


def nothing(words: str, frame: pd.DataFrame) -> Chart:
    """Return what stands in a chart's place where there is nothing to draw: its title, and that there is none."""
    alt = altair()
    chart = mark_text(alt.Chart(alt.Data(values=[{}])), text="nothing to show")
    return chart.properties(width=320, height=60, title=title(words, frame))  # type: ignore[no-any-return]


def rests_on(found: Basis, what: str = "incidents") -> str:
    """Return in words what a trend rests on: ``n = 31 incidents; 3 more (9 %) do not say``."""
    if not found.not_said:
        return f"n = {found.n:,} {what}"
    return f"n = {found.n:,} {what}; {found.not_said:,} more ({found.share_not_said:.0%}) do not say"


def commonest(
    frame: pd.DataFrame, column: str, weight: str, most: int = _MOST_ROWS
) -> tuple[pd.DataFrame, str]:
    """Return the rows of the `most` values of a column with the greatest sums of `weight`, and a note where some are left out."""
    sums = frame.groupby(column, sort=True)[weight].sum().sort_values(ascending=False, kind="stable")
    if len(sums) <= most:
        return frame, ""
    kept = frame[frame[column].isin(sums.index[:most])]
    return kept, f"The {most} commonest of {len(sums)}."
