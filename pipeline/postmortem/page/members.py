"""Which incidents a row of a trend is about: so that a mark of a plot leads to them, and to no others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames

    Ids = Mapping[tuple[str, ...], list[str]]
    # From the tables, the incidents that count (`trends.population`) and a trend's frame to ids, by the words of the
    # trend's key columns.
    Members = Callable[[Frames, pd.DataFrame, pd.DataFrame], Ids]

_INCIDENT = ["path", "id"]


def word(value: Any) -> str:
    """Return a value of a table in words: a day as its date, "" for what is missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("<NA>", "NaT"):
        return ""
    return str(value)[:10] if hasattr(value, "isoformat") else str(value)


def grouped(*keys: str, said: str | None = None) -> Members:
    """Incidents by their values in columns of the population, those that do not say `said` left out.

    ``period`` stands for the first column of the trend: year or quarter.
    """

    def members(frames: Frames, told: pd.DataFrame, frame: pd.DataFrame) -> Ids:
        return _by(told[told[said].notna()] if said else told, named(keys, frame))

    return members


def named(keys: Sequence[str], frame: pd.DataFrame) -> list[str]:
    """Return the names of columns, ``period`` as the trend's first."""
    return [str(frame.columns[0]) if key == "period" else key for key in keys]


def pairs(*keys: str, other: str) -> Members:
    """Rows about two incidents each: ``id`` and the one in the column `other`."""

    def members(frames: Frames, told: pd.DataFrame, frame: pd.DataFrame) -> Ids:
        values = frame[list(keys)].itertuples(index=False)
        both = zip(values, frame["id"], frame[other], strict=True)
        return {tuple(map(word, row)): [first, second] for row, first, second in both}

    return members


def together(frames: Frames, told: pd.DataFrame, frame: pd.DataFrame) -> Ids:
    """Incidents by each pair of their categories, in the alphabet's order."""
    found: dict[tuple[str, ...], list[str]] = {}
    given = told[_INCIDENT].merge(frames.categories[[*_INCIDENT, "category"]], on=_INCIDENT)
    for identity, names in given["category"].astype("str").groupby(given["id"], sort=False):
        for pair in combinations(sorted(set(names)), 2):
            found.setdefault(pair, []).append(str(identity))
    return found


def saying(frames: Frames, told: pd.DataFrame, frame: pd.DataFrame) -> Ids:
    """Incidents by each thing they say: a value, a count above 0, or the start as far as its year or day."""
    derived = {"start_year": "year", "start_day": "day"}
    found: dict[tuple[str, ...], list[str]] = {}
    for field in frame["field"]:
        column = told[derived.get(field, field)]
        has = (column > 0).fillna(False) if str(column.dtype) == "Int64" else column.notna()
        found[(str(field),)] = told["id"][has.to_numpy(bool)].to_list()
    return found


def promising(frames: Frames, told: pd.DataFrame, frame: pd.DataFrame) -> Ids:
    """Incidents by the type of each action item and what it names: owner, due date, ticket, any of them."""
    promises = ("owner", "due", "ticket")
    items = told[_INCIDENT].merge(frames.actions[[*_INCIDENT, "type", *promises]], on=_INCIDENT)
    parts = []
    for name in (*promises, "any"):
        has = items[list(promises)].notna().any(axis=1) if name == "any" else items[name].notna()
        parts.append(items[has][["id", "type"]].assign(promise=name))
    found: dict[tuple[str, ...], list[str]] = {}
    for part in parts:
        found.update(_by(part, ["type", "promise"]))
    return found


def _by(frame: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for *values, identity in frame[[*keys, "id"]].itertuples(index=False):
        found.setdefault(tuple(map(word, values)), []).append(identity)
    return found
