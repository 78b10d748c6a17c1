"""Trends: figures worked out by hand, what counts and what does not, intervals, and charts that say what they rest on."""

from __future__ import annotations

import builtins
import importlib.util
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postmortem
from conftest import lacking
from examples import E
from postmortem import trends
from postmortem.frames import Frames
from postmortem.record import (
    Action,
    Affected,
    Category,
    Detection,
    Incident,
    Metrics,
    Named,
    Outage,
    Point,
    RootCause,
    Severity,
    Source,
    Statement,
)
from postmortem.trends.intervals import LEAST

CACHE = "The cache dropped every session because its memory limit was too low."
CERTIFICATE = "The certificate of the gateway had expired."


def incident(
    name: str,
    start: str | None = None,
    *,
    id: str | None = None,
    status: Any = "ok",
    minutes: float | None = None,
    detect: float | None = None,
    categories: Sequence[str] = (),
    trigger: str | None = None,
    method: Any = None,
    services: Sequence[str] = (),
    level: int | None = None,
    cause: str | None = None,
    actions: Sequence[tuple[Any, str | None, str | None, str | None]] = (),
) -> Incident:
    """A record of the fields that trends read; `start` is ``2024-03-04 14:05`` or the date or a part of it alone."""
    date, _, time = (start or "").partition(" ")
    complete = bool(time) and "X" not in date
    point = Point(date, time or None, None, None, f"{date}T{time}:00" if complete else None, (E,))
    return Incident(
        id=id or name,
        source=Source(path=name),
        status=status,
        outage=Outage(start=point if start else None, duration_minutes=minutes),
        severity=Severity(f"SEV-{level}", level, E) if level else None,
        affected=Affected(services=tuple(Named(service, E) for service in services)),
        detection=Detection(method, E) if method else None,
        metrics=Metrics(time_to_detect_minutes=detect),
        root_cause=RootCause(cause, None, (E,)) if cause else None,
        trigger=Statement(trigger, "down", E) if trigger else None,
        categories=tuple(Category(category, 0.9, (E,)) for category in categories),
        actions=tuple(Action("do it", kind, owner, due, ticket, E) for kind, owner, due, ticket in actions),
    )


# Ten records, of which eight count: one is no report, one tells the same text as another.
INCIDENTS = [
    incident("a", "2024-01-01 09:00", minutes=10, detect=2, categories=["capacity", "database"], trigger="deployment",
             method="monitoring", services=["Cart"], level=1, cause=CACHE,
             actions=[("prevent", "Ada", None, "T-1"), ("prevent", None, None, None)]),
    incident("b", "2024-02-05 09:30", minutes=20, detect=8, categories=["capacity"], trigger="deployment",
             method="customer", services=["cart", "Mail"], level=1, cause=CACHE.replace("limit", "share"),
             actions=[("detect", None, "May", None)]),
    incident("c", "2024-03-31 23:59", minutes=40, categories=["credentials"], method="monitoring", services=["Mail"],
             cause=CERTIFICATE),
    incident("d", "2024-04-01 09:15", minutes=80, categories=["capacity", "database"], trigger="attack",
             method="customer", services=["cart"], level=2),
    incident("e", "2024-07-05", minutes=160, categories=["capacity"], services=["CART"]),
    incident("f", "XXXX-05-08 11:00", categories=["credentials"], method="internal"),
    incident("g", "2023-12-XX", minutes=5),
    incident("h"),
    incident("i", "2024-01-01 09:00", status="not_a_report", minutes=9999, categories=["capacity"]),
    incident("j", "2024-01-01 09:00", id="a", minutes=10, categories=["capacity", "database"],
             actions=[("prevent", "Ada", None, "T-1")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def frames() -> Frames:
    return postmortem.to_frames(INCIDENTS)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """A frame's rows, with None for what is missing."""
    held = frame[list(columns)]
    return list(held.astype("object").where(held.notna(), None).itertuples(index=False, name=None))


def lookup(frame: pd.DataFrame, keys: Sequence[str], *columns: str) -> dict[Any, Any]:
    """A frame's values by key: scalars for one key or column, else tuples."""
    found = {}
    for row in rows(frame, *keys, *columns):
        key, values = row[: len(keys)], row[len(keys) :]
        found[key[0] if len(keys) == 1 else key] = values[0] if len(columns) == 1 else values
    return found


# What counts ----------------------------------------------------------------------------------------------------------------


def test_reports_count_and_each_text_once(frames: Frames) -> None:
    assert list(trends.population(frames)["path"]) == list("abcdefgh")


def test_what_is_derived_of_the_start(frames: Frames) -> None:
    told = trends.population(frames)
    derived = rows(told, "path", "month", "quarter", "year", "weekday", "hour")
    assert derived == [
        ("a", "2024-01", "2024-Q1", "2024", "Monday", 9),
        ("b", "2024-02", "2024-Q1", "2024", "Monday", 9),
        ("c", "2024-03", "2024-Q1", "2024", "Sunday", 23),
        ("d", "2024-04", "2024-Q2", "2024", "Monday", 9),
        ("e", "2024-07", "2024-Q3", "2024", "Friday", None),
        ("f", None, None, None, None, 11),
        ("g", "2023-12", "2023-Q4", "2023", None, None),
        ("h", None, None, None, None, None),
    ]


def test_a_frame_that_is_no_trend_rests_on_nothing(frames: Frames) -> None:
    with pytest.raises(KeyError):
        trends.basis(frames.incidents)


# Figures by hand ------------------------------------------------------------------------------------------------------------


def test_category_share(frames: Frames) -> None:
    frame = trends.category_share(frames)
    # a to e have a quarter and a category; f has no year, g no category, h neither.
    assert trends.basis(frame) == (5, 3, 8)
    assert lookup(frame, ["quarter", "category"], "count", "n", "not_said", "total") == {
        ("2023-Q4", "capacity"): (0, 0, 1, 1),
        ("2023-Q4", "credentials"): (0, 0, 1, 1),
        ("2024-Q1", "capacity"): (2, 3, 0, 3),
        ("2024-Q1", "credentials"): (1, 3, 0, 3),
        ("2024-Q2", "capacity"): (1, 1, 0, 1),
        ("2024-Q2", "credentials"): (0, 1, 0, 1),
        ("2024-Q3", "capacity"): (1, 1, 0, 1),
        ("2024-Q3", "credentials"): (0, 1, 0, 1),
    }
    assert list(frame["category"].unique()) == ["capacity", "credentials"]  # the commonest first
    assert lookup(frame, ["quarter", "category"], "share")["2024-Q1", "capacity"] == pytest.approx(2 / 3)
    assert frame.loc[frame["n"] == 0, "share"].isna().all()


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("year", {"2023": (0, 0), "2024": (4, 5)}),
        ("month", {"2023-12": (0, 0), "2024-01": (1, 1), "2024-02": (1, 1), "2024-03": (0, 1), "2024-04": (1, 1), "2024-07": (1, 1)}),
    ],
)  # fmt: skip
def test_share_of_other_periods(frames: Frames, period: Any, expected: Mapping[str, tuple[int, int]]) -> None:
    frame = trends.category_share(frames, period)
    capacity = frame[(frame["category"] == "capacity").to_numpy()]
    assert lookup(capacity, [period], "count", "n") == expected


def test_detection_over_time(frames: Frames) -> None:
    frame = trends.detection_over_time(frames)
    assert trends.basis(frame) == (4, 4, 8)
    found = lookup(frame, ["quarter", "detection"], "count", "n", "not_said")
    assert found["2024-Q1", "monitoring"] == (2, 3, 0)
    assert found["2024-Q1", "customer"] == (1, 3, 0)
    assert found["2024-Q3", "customer"] == (0, 0, 1)
    assert ("2024-Q1", "internal") not in found  # it was said of one without a year only


def test_durations(frames: Frames) -> None:
    frame = trends.durations(frames)
    assert trends.basis(frame) == (6, 2, 8)
    # capacity: 10, 20, 80, 160; quartiles interpolated between them.
    assert rows(frame, "category", "q25", "median", "q75", "q90", "n", "not_said", "total") == [
        ("capacity", 17.5, 50.0, 100.0, pytest.approx(136.0), 4, 0, 4),
        ("credentials", 40.0, 40.0, 40.0, 40.0, 1, 1, 2),
        (None, 5.0, 5.0, 5.0, 5.0, 1, 1, 2),
    ]
    assert frame["median_low"].isna().all()  # too few for an interval


def test_durations_by_severity_and_detection(frames: Frames) -> None:
    by_level = trends.durations(frames, by="severity_level")
    assert lookup(by_level, ["severity_level"], "median", "n") == {
        "2": (80.0, 1),
        "1": (15.0, 2),
        None: (40.0, 3),
    }
    detect = trends.durations(frames, "minutes_to_detect", "detection")
    assert lookup(detect, ["detection"], "median", "n", "not_said") == {
        "customer": (8.0, 1, 1), "monitoring": (2.0, 1, 1), "internal": (None, 0, 1), None: (None, 0, 3),
    }  # fmt: skip
    assert trends.basis(detect) == (2, 6, 8)


def test_a_measure_or_grouping_that_is_none_is_refused(frames: Frames) -> None:
    with pytest.raises(ValueError, match="'hours' is none of duration_minutes"):
        trends.durations(frames, cast(Any, "hours"))
    with pytest.raises(ValueError, match="'title' is none of category"):
        trends.durations(frames, by=cast(Any, "title"))


def test_category_by_trigger(frames: Frames) -> None:
    frame = trends.category_by_trigger(frames)
    assert trends.basis(frame) == (3, 5, 8)
    assert rows(frame, "category", "trigger_kind", "count", "share", "n", "not_said", "total") == [
        ("capacity", "deployment", 2, pytest.approx(2 / 3), 3, 1, 4),
        ("capacity", "attack", 1, pytest.approx(1 / 3), 3, 1, 4),
    ]


def test_categories_together(frames: Frames) -> None:
    frame = trends.categories_together(frames)
    assert trends.basis(frame) == (6, 2, 8)
    # capacity in 4 of 6, database in 2 of 6: 4 · 2 / 6 expected together, 2 are.
    assert rows(frame, "category", "other", "count", "expected", "lift") == [
        ("capacity", "database", 2, pytest.approx(8 / 6), pytest.approx(1.5))
    ]


def test_repeats(frames: Frames) -> None:
    frame = trends.repeats(frames)
    assert trends.basis(frame) == (5, 3, 8)
    # b after a: 35 days; d after b: 56; e after d: 95 is too late; Mail fails for another reason each time.
    assert rows(frame, "path", "path_before", "category", "service", "days_between") == [
        ("b", "a", "capacity", "cart", 35),
        ("d", "b", "capacity", "cart", 56),
    ]
    assert len(trends.repeats(frames, days=95)) == 3
    assert len(trends.repeats(frames, days=35)) == 1
    assert len(trends.repeats(frames, days=34)) == 0


def test_similar_causes(frames: Frames) -> None:
    frame = trends.similar_causes(frames, least=0.5)
    assert trends.basis(frame) == (3, 5, 8)
    assert rows(frame, "path", "path_other") == [("a", "b")]
    assert 0.5 < frame["similarity"].iloc[0] < 1
    assert trends.similar_causes(frames, least=0.7).empty


def test_the_same_words_are_similarity_one_and_many_of_them_are_bounded() -> None:
    alike = postmortem.to_frames(incident(str(i), cause=CACHE) for i in range(40))
    frame = trends.similar_causes(alike, most=50)
    assert len(frame) == 50
    assert (frame["similarity"] == 1).all()
    assert rows(frame, "path", "path_other")[:2] == [("0", "1"), ("0", "2")]


def test_weekdays_and_hours(frames: Frames) -> None:
    frame = trends.weekdays_and_hours(frames)
    assert trends.basis(frame) == (4, 4, 8)
    assert len(frame) == 7 * 24
    some = frame[(frame["count"] > 0).to_numpy()]
    assert lookup(some, ["weekday", "hour"], "count") == {("Monday", 9): 3, ("Sunday", 23): 1}


def test_open_actions(frames: Frames) -> None:
    frame = trends.open_actions(frames)
    assert trends.basis(frame) == (2, 1, 3)
    assert lookup(frame, ["type", "promise"], "n", "not_said", "total") == {
        ("prevent", "owner"): (1, 1, 2), ("prevent", "due"): (0, 2, 2), ("prevent", "ticket"): (1, 1, 2), ("prevent", "any"): (1, 1, 2),
        ("detect", "owner"): (0, 1, 1), ("detect", "due"): (1, 0, 1), ("detect", "ticket"): (0, 1, 1), ("detect", "any"): (1, 0, 1),
    }  # fmt: skip
    assert list(frame["type"]) == ["prevent"] * 4 + ["detect"] * 4


def test_coverage(frames: Frames) -> None:
    frame = trends.coverage(frames)
    found = lookup(frame, ["field"], "n")
    expected = {
        "start_year": 6, "start_day": 5, "start_time": 5, "duration_minutes": 6, "minutes_to_detect": 2, "category": 6,
        "detection": 5, "severity": 3, "services": 5, "root_cause": 3, "trigger": 3, "actions": 2, "title": 0, "lessons": 0,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert set(frame["total"]) == {8}
    assert list(frame["n"]) == sorted(frame["n"], reverse=True)


# Of any data ----------------------------------------------------------------------------------------------------------------

TRENDS: dict[str, Callable[[Frames], pd.DataFrame]] = {
    name: getattr(trends, name)
    for name in (
        "categories_together", "category_by_trigger", "category_share", "coverage", "detection_over_time", "durations",
        "open_actions", "repeats", "similar_causes", "weekdays_and_hours",
    )
}  # fmt: skip

maybe = st.none
RECORDS = st.lists(
    st.builds(
        incident,
        st.uuids().map(str),
        st.one_of(maybe(), st.sampled_from(["2024-03-04 14:05", "2024-XX-XX", "XXXX-05-08 11:00", "2019-12-31", "2024-02-30 10:00"])),
        id=st.one_of(maybe(), st.sampled_from("ab")),
        status=st.sampled_from(["ok", "ok", "ok", "empty"]),
        minutes=st.one_of(maybe(), st.floats(0, 1e6)),
        categories=st.lists(st.sampled_from(["capacity", "data", "of my own"]), unique=True, max_size=3),
        trigger=st.one_of(maybe(), st.sampled_from(["deployment", "unknown"])),
        method=st.one_of(maybe(), st.sampled_from(["monitoring", "customer"])),
        services=st.lists(st.sampled_from(["x", "X", "y"]), max_size=2),
        level=st.one_of(maybe(), st.integers(1, 3)),
        cause=st.one_of(maybe(), st.sampled_from([CACHE, CERTIFICATE, "", "the"])),
        actions=st.lists(st.tuples(st.sampled_from(["prevent", "other"]), *[st.one_of(maybe(), st.just("x"))] * 3), max_size=2),
    ),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=25)
@given(RECORDS)
def test_what_says_and_what_does_not_are_all(incidents: list[Incident]) -> None:
    frames = postmortem.to_frames(incidents)
    told = len(trends.population(frames))
    for name, make in TRENDS.items():
        frame = make(frames)
        found = trends.basis(frame)
        assert found.n >= 0
        assert found.n + found.not_said == found.total
        assert name == "open_actions" or found.total == told
        if "n" in frame:
            assert (frame["n"] + frame["not_said"] == frame["total"]).all()
            assert (frame["n"] >= 0).all()
            assert (frame["not_said"] >= 0).all()
        if "low" in frame:
            known = frame.dropna(subset=["share", "low", "high"])
            assert ((known["low"] <= known["share"]) & (known["share"] <= known["high"])).all()
            assert known["high"].le(1).all()


def test_types_do_not_hang_on_the_rows(frames: Frames) -> None:
    empty = postmortem.to_frames([])
    for name, make in TRENDS.items():
        assert dict(make(empty).dtypes) == dict(make(frames).dtypes), name


def test_same_data_same_figures(frames: Frames) -> None:
    for make in TRENDS.values():
        pd.testing.assert_frame_equal(make(frames), make(frames))


# Intervals ------------------------------------------------------------------------------------------------------------------

VALUES = st.lists(st.floats(0, 1e6), min_size=LEAST, max_size=60)


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_an_interval_holds_the_median_and_is_the_same_again(values: list[float]) -> None:
    low, high = trends.bootstrap(values)
    median = float(np.median(values))
    assert low <= median or low == pytest.approx(median)
    assert high >= median or high == pytest.approx(median)
    assert min(values) <= low <= high <= max(values)
    assert trends.bootstrap(list(reversed(values))) == (low, high)


@pytest.mark.parametrize("quantile", [0.5, 0.75, 0.9])
@pytest.mark.parametrize("n", [5, 12, 101])
def test_drawing_places_is_resampling(n: int, quantile: float) -> None:
    random = np.random.default_rng(3)
    values = random.lognormal(4, 1, n)
    again = np.quantile(random.choice(values, (20_000, n)), quantile, axis=1)
    ours, plain = trends.bootstrap(values, quantile), np.quantile(again, [0.025, 0.975])
    # Both are estimates from random draws: places on the scale of the values' own ranks are what must agree.
    places = np.searchsorted(np.sort(values), [*ours, *plain]) / n
    assert places[:2] == pytest.approx(places[2:], abs=0.03 + 1 / n)


def test_few_values_have_no_interval() -> None:
    assert all(map(math.isnan, trends.bootstrap([1.0] * (LEAST - 1))))
    assert trends.bootstrap([1.0] * LEAST) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_wilson_intervals_of_the_textbook(count: int, n: int, low: float, high: float) -> None:
    assert [float(x) for x in trends.wilson(count, n)] == pytest.approx([low, high], abs=1e-4)


def test_nothing_of_nothing_has_no_interval() -> None:
    assert all(math.isnan(x) for x in trends.wilson(0, 0))


# Charts ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def plots() -> Any:
    for library in ("altair", "vl_convert"):
        if not importlib.util.find_spec(library):
            lacking(f"{library} is not installed")
    from postmortem.trends import plots

    return plots


@pytest.mark.parametrize("name", TRENDS)
def test_a_chart_says_what_it_rests_on(plots: Any, name: str, frames: Frames) -> None:
    frame = TRENDS[name](frames)
    spec = getattr(plots, name)(frame).to_dict()
    first, *_ = spec["title"]["subtitle"]
    n, not_said, total = trends.basis(frame)
    assert first.startswith(f"n = {n:,} ")
    assert not not_said or first.endswith(f"{not_said:,} more ({not_said / total:.0%}) do not say")
    assert "http" not in json.dumps({key: value for key, value in spec.items() if key != "$schema"})
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


@pytest.mark.parametrize("name", TRENDS)
@pytest.mark.parametrize("theme", [None, "dark"])
def test_a_chart_draws(plots: Any, name: str, theme: Any, frames: Frames) -> None:
    import vl_convert

    for tables in (frames, postmortem.to_frames([])):
        svg = vl_convert.vegalite_to_svg(getattr(plots, name)(TRENDS[name](tables)).to_dict(), theme=theme)
        assert "NaN" not in svg
        assert theme is None or 'fill="black"' not in svg


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("category_share", {"quarter", "category"}),
        ("detection_over_time", {"quarter", "detection"}),
        ("durations", {"category"}),
        ("category_by_trigger", {"category", "trigger_kind"}),
        ("categories_together", {"category", "other"}),
        ("weekdays_and_hours", {"weekday", "hour"}),
        ("repeats", {"path", "id", "category", "service"}),
        ("similar_causes", {"path", "id", "path_other", "id_other"}),
        ("open_actions", {"type", "promise"}),
        ("coverage", {"field"}),
    ],
)
def test_the_data_of_a_chart_hold_the_values_to_filter_by(
    plots: Any, name: str, columns: set[str], frames: Frames
) -> None:
    frame = TRENDS[name](frames)
    spec = getattr(plots, name)(frame).to_dict()
    held = [data["values"] for data in _found(spec, "data") if "values" in data]
    rows_with = [row for values in held for row in values if columns <= set(row)]
    told = set(map(tuple, rows(frame, *sorted(columns))))
    assert rows_with
    drawn = {tuple(row[column] for column in sorted(columns)) for row in rows_with}
    assert drawn & told


def test_bars_begin_at_zero_and_log_scales_say_so(plots: Any, frames: Frames) -> None:
    lengths = plots.durations(trends.durations(frames)).to_dict()
    axes = [x for x in _found(lengths, "x") if "scale" in x]
    assert all("logarithmic" in x["title"] for x in axes if x["scale"].get("type") in ("log", "symlog"))
    for name in ("coverage", "open_actions", "similar_causes"):
        spec = getattr(plots, name)(TRENDS[name](frames)).to_dict()
        assert {tuple(x["scale"]["domain"]) for x in _found(spec, "x") if "scale" in x} == {(0, 1)}
    shares = plots.category_share(trends.category_share(frames)).to_dict()
    assert any(y.get("scale", {}).get("zero") for y in _found(shares, "y"))


def test_without_altair_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, frames: Frames) -> None:
    from postmortem.trends import plots

    real = builtins.__import__

    def refusing(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "altair":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(ImportError, match=r"postmortem-pipeline\[plots\]"):
        plots.coverage(trends.coverage(frames))


def _found(node: Any, key: str) -> list[Any]:
    """Every value of a key, anywhere in a specification."""
    found = []
    if isinstance(node, dict):
        found += [node[key]] if key in node else []
        found += [inner for value in node.values() for inner in _found(value, key)]
    elif isinstance(node, list):
        found += [inner for value in node for inner in _found(value, key)]
    return found
