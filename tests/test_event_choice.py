"""Which sentence or entry tells the trigger or the resolution: what there is to choose from, and how a statement is made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.extract import roles
from postmortem.extract.choosing import together, worthwhile
from postmortem.extract.event_choice import RESOLUTION, TRIGGER, Thing, chosen, features, scene, things
from postmortem.extract.timeline import timeline
from postmortem.report import Report
from postmortem.training.examples import report_of

LISTED = (
    "# Kiosk printers silent\n\nThe kiosks printed no receipts on 4 May 2024.\n\n## Timeline\n"
    "- 08:00 The paper supplier's new driver goes out to all kiosks.\n- 08:20 A clerk reports blank receipts.\n"
    "- 09:10 The old driver is put back on all kiosks.\n- 09:15 Receipts are printed again.\n"
)
TOLD = (
    "# Kiosk printers silent\n\nOn 4 May 2024 at 08:00 the new driver went out to all kiosks. At 08:20 a clerk reported blank "
    "receipts. At 09:10 we put the old driver back, and receipts were printed again.\n"
)


def choice(text: str) -> tuple[Report, list[Thing]]:
    report = report_of(text)
    return report, things(report, timeline(report))


def test_entries_of_a_list_stand_beside_the_sentences() -> None:
    report, found = choice(LISTED)
    assert [thing.entries for thing in found if thing.number is None] == [(0,), (1,), (2,), (3,)]
    assert sum(thing.number is not None for thing in found) == len(roles.reading(report).sentences)


def test_an_entry_that_a_sentence_tells_is_that_sentence() -> None:
    _, found = choice(TOLD)
    assert all(thing.number is not None for thing in found)
    assert [thing.entries for thing in found if thing.entries] == [(0,), (1,), (2,)]


@pytest.mark.parametrize("name", [TRIGGER, RESOLUTION])
@pytest.mark.parametrize("text", [LISTED, TOLD], ids=["listed", "told"])
def test_everything_has_features_and_none_is_the_last(name: str, text: str) -> None:
    report, found = choice(text)
    seen = features(scene(report, timeline(report)), name)
    assert len(seen) == len(found) + 1
    assert ["none" in own for own in seen] == [False] * len(found) + [True]
    assert all(("entry" in own) == bool(thing.entries) for own, thing in zip(seen, found, strict=False))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (TRIGGER, LISTED, "new driver goes out"),
        (TRIGGER, TOLD, "new driver went out"),
        (RESOLUTION, LISTED, "old driver is put back"),
        (RESOLUTION, TOLD, "we put the old driver back"),
    ],
)
def test_the_step_is_chosen(name: str, text: str, expected: str) -> None:
    report = report_of(text)
    assert any(
        expected in text[told.start : told.end] for told in chosen(scene(report, timeline(report)), name)
    )


@pytest.mark.parametrize("name", [TRIGGER, RESOLUTION])
def test_of_nothing_nothing_is_chosen(name: str) -> None:
    assert chosen(scene(report_of(""), ()), name) == []


@pytest.mark.parametrize(
    ("points", "words", "room", "known", "expected"),
    [
        ([1.0, 3.0, 2.0], [5, 5, 5], 40, (), [0, 1, 2]),
        ([0.0, 3.0, 2.0], [5, 5, 5], 40, (), [1, 2]),
        ([3.0, 2.9, 2.8, 2.7], [5, 5, 5, 5], 40, (), [0, 1, 2]),
        ([3.0, 2.9, 2.8], [5, 9, 4], 10, (), [0, 2]),
        ([3.0, 2.9], [50, 5], 40, (), [0]),
        ([3.0, 2.9, -4.0], [5, 5, 5], 40, (0, 2), [0, 1, 2]),
        ([3.0, 2.9, -4.0], [5, 5, 5], 40, (1, 2), [0, 1]),
        ([], [], 40, (), []),
    ],
    ids=["near ones", "not a far one", "two others", "as many as fit", "a long one alone", "a known one stays",
         "with the best alone", "nothing"],
)  # fmt: skip
def test_what_makes_a_statement(
    points: list[float], words: list[int], room: int, known: tuple[int, ...], expected: list[int]
) -> None:
    assert together(points, words, range(len(points)), room, known=known) == expected


@given(st.lists(st.tuples(st.floats(-9, 9), st.integers(1, 90)), max_size=12), st.integers(0, 80))
def test_more_than_the_room_is_taken_only_by_one(sentences: list[tuple[float, int]], room: int) -> None:
    words = [count for _, count in sentences]
    taken = together([points for points, _ in sentences], words, range(len(sentences)), room)
    assert len(taken) <= 1 or sum(words[i] for i in taken) <= room
    assert bool(taken) == bool(sentences)


@pytest.mark.parametrize(
    ("points", "words", "enough", "known", "expected"),
    [
        ([3.0, 2.5, 2.4], [10, 10, 10], 40, (), [0, 1, 2]),
        ([3.0, 2.5, -1.0], [10, 10, 10], 40, (), [0, 1]),
        ([3.0, 2.9, 2.8], [20, 40, 20], 40, (), [0, 2]),
        ([3.0, 2.9], [20, 25], 40, (), [0, 1]),
        ([3.0, 2.0], [20, 45], 40, (), [0]),
        ([3.0, 2.9, 2.8], [39, 20, 20], 40, (), [1, 2]),
        ([3.0, 2.9], [90, 5], 40, (), [0]),
        ([3.0, -4.0], [10, 10], 40, (0, 1), [0, 1]),
        ([3.0, -4.0, 2.9], [10, 10, 10], 40, (1, 2), [0, 2]),
        ([2.0, 2.0, 2.0, 2.0], [5, 5, 5, 5], 40, (), [0, 1, 2]),
        ([], [], 40, (), []),
    ],
    ids=["near ones", "not a far one", "shorter ones together", "a few words more", "not many words more",
         "two likely ones for a long one", "a long one alone", "what was known stays", "not with another", "two others", "nothing"],
)  # fmt: skip
def test_the_statement_is_worth_most(
    points: list[float], words: list[int], enough: int, known: tuple[int, ...], expected: list[int]
) -> None:
    assert worthwhile(points, words, range(len(points)), enough, known=known) == expected


@given(st.lists(st.tuples(st.floats(-9, 9), st.integers(1, 90)), min_size=1, max_size=12), st.integers(1, 60))
def test_no_statement_is_too_long(sentences: list[tuple[float, int]], enough: int) -> None:
    points, words = [p for p, _ in sentences], [w for _, w in sentences]
    taken = worthwhile(points, words, range(len(words)), enough)
    assert taken == sorted({*taken})
    assert len(taken) == 1 or sum(words[i] for i in taken) < 2 * enough
