"""A frame of raw texts to the tables of their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from postmortem.frames.typed import Frames, to_frames
from postmortem.learned.linear import LinearModel
from postmortem.record import Incident, Source

if TYPE_CHECKING:
    import pandas as pd


def parse_frame(
    frame: pd.DataFrame,
    text: str = "text",
    *,
    id: str | None = None,
    progress: bool | None = None,
    model: LinearModel | None = None,
) -> Frames:
    """Return the tables of the reports whose texts stand in column `text`, one a row of `frame`.

    ``path`` of every table is the row's key as text: its value in column `id`, else its index label (the levels of a
    MultiIndex joined by ``/``), so that ``frame.join(frames.incidents.set_index("path"))`` goes where the index is text. A
    missing text gives a record with the status ``empty``. `progress` shows a bar: by default on a terminal and in a notebook,
    never elsewhere. `model` gives the categories in place of the packaged one.

    Raises KeyError where a column is missing, ValueError where two rows have one key or a row has none, TypeError for
    a value of `text` that is neither text nor missing.
    """
    keys = _keys(frame, id)
    texts = [_text(value, key) for value, key in zip(_values(frame, text), keys, strict=True)]
    rows = zip(keys, texts, strict=True)
    return to_frames(_incidents(_watched(rows, len(keys), progress), model))


def _incidents(rows: Iterable[tuple[str, str]], model: LinearModel | None) -> Iterator[Incident]:
    from postmortem.assemble import incidents

    for key, text in rows:
        yield from incidents(Source(path=key, characters=len(text), text=text), model=model)


def _values(frame: pd.DataFrame, column: str) -> list[Any]:
    if column not in frame.columns:
        raise KeyError(f"no column {column!r}; there are: {', '.join(map(str, frame.columns))}")
    values = frame[column]
    if values.ndim > 1:
        raise ValueError(f"more than one column is named {column!r}")
    return list(values)


def _keys(frame: pd.DataFrame, column: str | None) -> list[str]:
    where = f"column {column!r}" if column is not None else "the index"
    values = list(frame.index) if column is None else _values(frame, column)
    if any(_missing(value) for value in values):
        raise ValueError(f"{where} names no row where a value is missing; name another column: id=…")
    keys = ["/".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in values]
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f"{where} names two rows {twice[0]!r}: name a column that tells them apart (id=…)")
    return keys


def _missing(value: object) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(value) and pd.isna(cast(str, value)))


def _text(value: object, key: str) -> str:
    if isinstance(value, str):
        return value
    if _missing(value):
        return ""
    raise TypeError(f"the text of row {key!r} is of type {type(value).__name__}, not str")


def _watched(rows: Iterable[tuple[str, str]], count: int, progress: bool | None) -> Iterable[tuple[str, str]]:
    """The rows, under a bar where somebody is there to see it."""
    if progress is False:
        return rows
    from rich.console import Console

    console = Console(stderr=True, force_terminal=progress)
    if console.is_jupyter:
        return _in_notebook(rows, count)
    return _on_terminal(rows, count, console) if console.is_terminal else rows


def _on_terminal(rows: Iterable[tuple[str, str]], count: int, console: Any) -> Iterator[tuple[str, str]]:
    from rich.progress import track

    yield from track(rows, "parsing", total=count, console=console, transient=True)


def _in_notebook(rows: Iterable[tuple[str, str]], count: int) -> Iterator[tuple[str, str]]:
    """rich's own bar needs ipywidgets in a notebook; IPython's is there wherever a notebook is."""
    from IPython import display

    bar: Any = vars(display)["ProgressBar"](count)  # it has no annotations
    bar.display()
    step = max(count // 100, 1)
    for done, row in enumerate(rows, 1):
        yield row
        if done % step == 0 or done == count:
            bar.progress = done
