"""The plots of a report page: each trend drawn, its figures as a table, and which incidents each mark stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from postmortem import trends
from postmortem.dataset import MissingExtraError
from postmortem.frames import Frames, to_frames
from postmortem.page.figures import short
from postmortem.page.members import grouped, named, pairs, promising, saying, together, word
from postmortem.page.svg import LINK, drawn, linked, narrowed
from postmortem.record import Incident

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from postmortem.page.members import Members

_MOST_QUARTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """A plot that a page may have: its trend, by its name in `postmortem.trends` and `postmortem.trends.plots`.

    `keys` tell the trend's rows apart, `columns` are those of the table (``period`` stands for year or quarter). `small` is how
    many small charts stand in a row of the page's full width; `narrow` is the width in pixels on narrow screens (where there
    is none, the same drawing scrolls).
    """

    name: str
    trend: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    members: Members
    arguments: Callable[[Frames], tuple[str, ...]] = lambda frames: ()
    narrow: int | None = None
    small: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a plot's table: its cells in words, and where it leads."""

    cells: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as the page shows it, drawn for wide and, where that differs, for narrow screens."""

    name: str
    title: str
    notes: tuple[str, ...]
    svg: Markup
    narrow: Markup | None
    wide: bool
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Sets = dict[str, tuple[str, tuple[str, ...]]]
"""Sets of incidents by name: (in words, the incidents' ids)."""


def plots(incidents: Iterable[Incident]) -> tuple[list[Plot], Sets]:
    """Return the plots of a data set, those without anything to show left out, and the sets of incidents that they lead to.

    Raises `postmortem.dataset.MissingExtraError` where the libraries for plots are not installed.
    """
    frames = to_frames(incidents)
    told = trends.population(frames)
    made: list[Plot] = []
    sets: Sets = {}
    for kind in KINDS if len(told) else ():
        frame = getattr(trends, kind.trend)(frames, *kind.arguments(frames))
        if len(frame) and trends.basis(frame).n:
            links = _linked(kind, frame, kind.members(frames, told, frame), sets)
            made.append(_plot(kind, frame, links))
    return made, sets


def _linked(kind: Kind, frame: pd.DataFrame, members: Any, sets: Sets) -> list[str | None]:
    """The name of each row's set of incidents as a link, the sets noted in `sets`."""
    links: list[str | None] = []
    for values in frame[named(kind.keys, frame)].itertuples(index=False):
        key = tuple(map(word, values))
        ids = tuple(dict.fromkeys(members.get(key, ())))
        if not ids:
            links.append(None)
            continue
        name = f"{kind.name}:{'/'.join(key)}"
        sets[name] = (", ".join(part.replace("_", " ") or "not said" for part in key), ids)
        links.append(f"#set={quote(name, safe=':/')}")
    return links


def _plot(kind: Kind, frame: pd.DataFrame, links: list[str | None]) -> Plot:
    import pandas as pd

    from postmortem.trends import plots as charts

    column = {LINK: pd.array(links, dtype="string")}
    try:
        spec = getattr(charts, kind.trend)(frame.assign(**column)).to_dict()
    except ImportError as error:
        raise MissingExtraError(str(error)) from error
    head = spec.pop("title")
    label = f"{head['text']}. {head['subtitle'][0]}. The figures follow as a table."
    spec = linked(spec)
    columns = named(kind.columns, frame)
    return Plot(
        name=kind.name,
        title=head["text"],
        notes=tuple(head["subtitle"]),
        svg=drawn({**spec, "columns": kind.small} if kind.small else spec, label=label),
        narrow=drawn(narrowed(spec, kind.narrow), label=label) if kind.narrow else None,
        wide=bool(kind.small),
        columns=tuple(column.replace("_", " ") for column in columns),
        rows=tuple(_rows(frame[columns], links)),
    )


def _rows(frame: pd.DataFrame, links: Sequence[str | None]) -> Iterator[Row]:
    """The rows that are about any incident."""
    for values, link in zip(frame.to_dict("records"), links, strict=True):
        if link:
            yield Row(tuple(_cell(str(name), value) for name, value in values.items()), link)


def _cell(column: str, value: Any) -> str:
    words = word(value)
    if not words:
        return "not said" if column in ("category", "detection") else "–"
    if column in ("share", "low", "high"):
        return f"{value:.0%}"
    if column in _LENGTHS:
        return short(value)
    return f"{value:.2f}" if isinstance(value, float) else words


def _period(frames: Frames) -> tuple[str]:
    quarters = trends.population(frames)["quarter"].nunique()
    return ("quarter" if quarters <= _MOST_QUARTERS else "year",)


_SHARE: Final = ("share", "low", "high", "not_said")
_LENGTHS: Final = ("q25", "median", "median_low", "median_high", "q75", "q90")
_REPEATS: Final = ("category", "service", "path", "id", "path_before", "id_before")
_SIMILAR: Final = ("path", "id", "path_other", "id_other")

KINDS: Final = (
    Kind(
        "categories",
        "category_share",
        ("period", "category"),
        ("period", "category", "count", "n", *_SHARE),
        grouped("period", "category"),
        _period,
        narrow=120,
        small=5,
    ),
    Kind(
        "durations",
        "durations",
        ("category",),
        ("category", "n", *_LENGTHS, "not_said"),
        grouped("category", said="duration_minutes"),
        narrow=140,
    ),
    Kind(
        "detection",
        "detection_over_time",
        ("period", "detection"),
        ("period", "detection", "count", "n", *_SHARE),
        grouped("period", "detection"),
        _period,
        narrow=290,
    ),
    Kind(
        "to-detect",
        "durations",
        ("detection",),
        ("detection", "n", *_LENGTHS, "not_said"),
        grouped("detection", said="minutes_to_detect"),
        lambda frames: ("minutes_to_detect", "detection"),
        narrow=140,
    ),
    Kind(
        "begin",
        "weekdays_and_hours",
        ("weekday", "hour"),
        ("weekday", "hour", "count"),
        grouped("weekday", "hour"),
    ),
    Kind(
        "triggers",
        "category_by_trigger",
        ("category", "trigger_kind"),
        ("category", "trigger_kind", "count", "n", "share", "not_said"),
        grouped("category", "trigger_kind"),
    ),
    Kind(
        "together",
        "categories_together",
        ("category", "other"),
        ("category", "other", "count", "expected", "lift"),
        together,
    ),
    Kind(
        "repeats",
        "repeats",
        _REPEATS,
        ("service", "category", "path_before", "day_before", "path", "day", "days_between"),
        pairs(*_REPEATS, other="id_before"),
    ),
    Kind(
        "similar",
        "similar_causes",
        _SIMILAR,
        ("path", "path_other", "similarity"),
        pairs(*_SIMILAR, other="id_other"),
    ),
    Kind(
        "actions",
        "open_actions",
        ("type", "promise"),
        ("type", "promise", "n", "total", "share", "low", "high"),
        promising,
    ),
    Kind(
        "coverage",
        "coverage",
        ("field",),
        ("field", "n", "total", "share", "low", "high"),
        saying,
        narrow=140,
    ),
)
"""The plots of a page, in their order."""
