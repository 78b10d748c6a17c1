"""What surrounds a sentence that may tell of the trigger or the end: its moment beside the outage, and its neighbours."""

from __future__ import annotations

import pytest

from postmortem.extract.event_choice import scene, things
from postmortem.extract.event_surroundings import beside_window, minutes_after, timed
from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.record import Outage, Point
from postmortem.training.examples import report_of


def point(time: str | None, date: str | None = None, offset: str | None = None) -> Point:
    return Point(date, time, offset, None, None, ())


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        (point("10:00", "2024-05-04"), point("10:20", "2024-05-04"), 20),
        (point("10:00", "2024-05-04"), point("09:00", "2024-05-03"), -25 * 60),
        (point("23:50"), point("00:10"), 20),
        (point("00:10", "2024-05-04"), point("23:50"), -20),
        (point("10:00", "2024-05-04", "+00:00"), point("12:00", "2024-05-04", "+02:00"), 0),
        (point(None, "2024-05-04"), point("10:00", "2024-05-04"), None),
        (point("10:00"), point(None), None),
    ],
    ids=["later", "the day before", "past midnight", "one dated", "two zones", "no start", "no time"],
)
def test_minutes_are_signed(first: Point, other: Point, expected: int | None) -> None:
    assert minutes_after(first, other) == expected


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["07:30"], "hours before"),
        (["09:30"], "before"),
        (["09:50"], "just before"),
        (["10:00"], "at"),
        (["08:00", "10:05"], "just after"),
        (["10:30"], "after"),
        (["14:00"], "late"),
        ([], "untimed"),
    ],
)
def test_the_nearest_moment_counts(times: list[str], expected: str) -> None:
    window = Outage(start=point("10:00", "2024-05-04"))
    assert beside_window([point(time, "2024-05-04") for time in times], window) == {f"start={expected}": 1.0}


def test_an_unknown_window_says_nothing() -> None:
    assert beside_window([point("10:00")], Outage()) == {}


TOLD = (
    "# Tills offline\n\n## Timeline\nOn 4 May 2024 at 08:00 the new firmware went out to all tills, and at 08:20 the first of them "
    "froze. At 09:10 the old firmware was put back, and by 09:30 all tills sold again.\n"
)


def test_entries_told_in_one_sentence_are_that_sentence() -> None:
    report = report_of(TOLD)
    entries = timeline(report)
    found = things(report, entries)
    assert len(entries) > 2
    texts = [TOLD[thing.told.start : thing.told.end] for thing in found]
    assert texts == sorted(set(texts), key=texts.index)
    assert all(text.endswith(".") for text in texts)
    assert sorted(number for thing in found for number in thing.entries) == [*range(len(entries))]


def test_a_sentence_has_the_moments_told_in_it() -> None:
    report = report_of(TOLD)
    entries = timeline(report)
    told = things(report, entries)[0].told
    assert {one.time for one in timed(report, entries, told, ())} == {"08:00", "08:20"}


def test_neighbours_and_the_window_are_features() -> None:
    report = report_of(TOLD)
    entries = timeline(report)
    first, second = scene(report, entries, outage(report, entries)).shared
    assert not any(name.startswith("before.") for name in first)
    assert first["behind.ph=resolution"] == second["ph=resolution"]
    assert second["before.ph=trigger"] == first["ph=trigger"]
    assert any(name.startswith("start=") for name in first)
