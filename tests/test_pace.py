"""The pace of a timeline: gaps, later days, the share of the whole that has passed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.extract.pace import WIDTH, Span, pace
from postmortem.record import Point

(END, DATE_ALONE, LATER, SHARE, GAP, LONG, NEXT_DAY, AT_ONCE, LARGE, NEXT, NEXT_LONG, NEXT_AT_ONCE) = range(
    1, 13
)


def span(time: str | None, date: str | None = "2024-03-05", until: str | None = None) -> Span:
    at, end = (Point(date, one, None, None, None, ()) for one in (time, until))
    return at, end if until else None


def test_gaps_and_shares() -> None:
    first, second, third, fourth = pace(
        [span("09:00"), span("09:01"), span("10:00", until="10:30"), span(None, "2024-03-07")]
    )
    assert [len(row) for row in (first, second, third, fourth)] == [WIDTH] * 4
    assert first[GAP] == 0.0
    assert first[NEXT] == second[GAP] == pytest.approx(math.log(2) / 5)
    assert (first[NEXT_AT_ONCE], second[AT_ONCE], third[AT_ONCE]) == (1.0, 1.0, 0.0)
    assert [row[END] for row in (first, second, third, fourth)] == [0.0, 0.0, 1.0, 0.0]
    assert [row[DATE_ALONE] for row in (second, fourth)] == [0.0, 1.0]
    assert [row[LATER] for row in (first, third, fourth)] == [0.0, 0.0, 1.0]
    assert (third[NEXT_LONG], fourth[LONG], fourth[NEXT_DAY], fourth[LARGE]) == (1.0, 1.0, 1.0, 1.0)
    assert (first[SHARE], fourth[SHARE]) == (0.0, 1.0)
    assert second[SHARE] < third[SHARE] < 0.03


@pytest.mark.parametrize(
    ("one", "other", "minutes"),
    [
        (span("23:50", None), span("00:10", None), 20),
        (span("12:10", None), span("12:00", None), 0),
        (span("23:50"), span("00:10", "2024-03-06"), 20),
        (span("23:50", "XXXX-03-05"), span("00:10", "XXXX-03-06"), 20),
        (span("08:00", None), span("09:00"), 60),
        (span("09:00"), span("08:00"), 0),
    ],
    ids=["midnight", "turns back", "next day", "year unknown", "one dated", "backwards"],
)
def test_the_time_between(one: Span, other: Span, minutes: int) -> None:
    assert pace([one, other])[1][GAP] == pytest.approx(math.log1p(minutes) / 5)


def test_what_is_not_known_is_nothing() -> None:
    assert pace([]) == ()
    known, unknown = pace([span("09:00", None), span(None, None)])
    assert unknown == (1.0, 0.0, 1.0, *[0.0] * 10)
    assert known == (1.0, *[0.0] * 12)


POINTS = st.builds(
    span,
    st.sampled_from([None, "00:00", "11:59", "23:59"]),
    st.sampled_from([None, "2024-02-29", "XXXX-02-29", "XXXX-XX-03", "2024-13-40", "0001-01-01"]),
    st.sampled_from([None, "12:00"]),
)


@given(st.lists(POINTS, max_size=6))
def test_any_times_have_a_pace(spans: list[Span]) -> None:
    found = pace(spans)
    assert [len(row) for row in found] == [WIDTH] * len(spans)
    assert all(math.isfinite(number) and number >= 0.0 for row in found for number in row)
    assert all(row[SHARE] <= 1.0 for row in found)
