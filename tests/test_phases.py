"""Phases of timeline entries: words, place and sequence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from postmortem.extract.phases import features, odds, phases
from postmortem.learned.sequence import settled, surroundings
from postmortem.record import Phase, Point
from postmortem.training.sequences import load_timelines
from postmortem.training.surroundings import Told, fitted, held_out

STORY = [
    ("Deployment of release 12 to production begins", "trigger"),
    ("Customers see errors 500 at the checkout", "impact"),
    ("Monitoring alert fired for the error rate", "detection"),
    ("Escalated to the payments team", "escalation"),
    ("Investigated the logs of the gateway", "investigation"),
    ("Root cause identified as a wrong currency code", "diagnosis"),
    ("Rolled back release 12", "mitigation"),
    ("Service fully restored", "resolution"),
]


def texts_of(logits: Sequence[NDArray[np.float64]], labels: Sequence[Sequence[int]]) -> list[Told]:
    return [
        Told(rows, (), [(i, label, 1.0) for i, label in enumerate(row)])
        for rows, row in zip(logits, labels, strict=True)
    ]


def test_a_story_in_its_order() -> None:
    assert phases([text for text, _ in STORY]) == [phase for _, phase in STORY]


def test_nothing_for_nothing() -> None:
    assert phases([]) == []


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("Alert received from monitoring", "detection"),
        ("Restarted the workers as a fix", "mitigation"),
        ("Incident resolved", "resolution"),
    ],
)
def test_one_entry_alone(text: str, phase: str) -> None:
    assert phases([text]) == [phase]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_one_phase_for_every_entry(texts: list[str]) -> None:
    found = phases(texts)
    assert len(found) == len(texts)
    assert set(found) <= set(get_args(Phase))
    assert phases(texts) == found


def test_the_place_is_a_signal() -> None:
    first = features("Restarted", first=True, last=False)[1]
    last = features("Restarted", first=False, last=True)[1]
    assert ("at=first" in first, "at=last" in first) == (True, False)
    assert ("at=first" in last, "at=last" in last) == (False, True)


def test_the_words_of_an_address_do_not_count() -> None:
    bare = features("Fix merged, see [the change]", first=False, last=False)
    assert (
        features("Fix merged, see [the change](https://git.example/restart/42)", first=False, last=False)
        == bare
    )
    assert features("Fix merged, see [the change] https://git.example/alert", first=False, last=False) == bare


def test_what_runs_backwards_is_read_from_its_end() -> None:
    texts = [text for text, _ in STORY]
    spans = [(Point("2024-03-05", f"{10 + i}:00", None, None, None, ()), None) for i in range(len(texts))]
    assert phases(texts[::-1], spans[::-1]) == phases(texts, spans)[::-1]


def test_the_time_between_counts() -> None:
    texts = [text for text, _ in STORY]
    at_once, days = (
        odds(
            texts,
            [(Point(f"2024-03-{5 + i * days:02d}", "10:00", None, None, None, ()), None) for i in range(8)],
        )
        for days in (0, 3)
    )
    assert at_once[1][-1] != days[1][-1]


def test_the_training_timelines_are_told_well() -> None:
    """Fitted on them, so this is no measure of quality: it fails where model and features no longer belong together."""
    timelines = load_timelines((Path(__file__).parents[1] / "data" / "training").glob("phases*.jsonl"))
    right = [
        found in (entry.label, *entry.also)
        for t in timelines[:40]
        for found, entry in zip(phases([e.text for e in t.parts]), t.parts, strict=True)
    ]
    assert sum(right) / len(right) > 0.9


def test_what_stands_around_a_part() -> None:
    chances = np.array([[0.8, 0.2], [0.5, 0.5], [0.1, 0.9]])
    first, second, third = surroundings(np.log(chances)).tolist()
    assert np.allclose(first[:2], np.log(chances[0]))
    # One before, one after, half of two before, half of two after; half of the sums before and after; first, last.
    assert np.allclose(first[2:], [0, 0, 0.5, 0.5, 0, 0, 0.05, 0.45, 0, 0, 0.3, 0.7, 1, 0])
    assert np.allclose(second[2:], [0.8, 0.2, 0.1, 0.9, 0, 0, 0, 0, 0.4, 0.1, 0.05, 0.45, 0, 0])
    assert third[-2:] == [0.0, 1.0]


def test_one_part_alone_stands_nowhere() -> None:
    assert surroundings(np.zeros((1, 3)))[0, 3:].tolist() == [0.0] * 20


def test_what_is_known_beside_the_chances() -> None:
    chances = np.log(np.array([[0.8, 0.2], [0.5, 0.5]]))
    found = surroundings(chances, [(1.0, 0.5), (0.0, 2.0)])
    assert found[:, -2:].tolist() == [[1.0, 0.5], [0.0, 2.0]]
    assert (found[:, :-2] == surroundings(chances)).all()
    weights = np.random.default_rng(1).normal(size=(found.shape[1] + 1, 2))
    assert np.allclose(settled(chances, weights), settled(chances, weights, [(0.0, 0.0)] * 2))


def test_what_is_known_beside_is_learnt() -> None:
    sides = [
        [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)][k:] + [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)][:k] for k in range(3)
    ]
    texts = [
        Told(np.zeros((3, 3)), side, [(i, (i + k) % 3, 1.0) for i in range(3)])
        for k, side in [*enumerate(sides)] * 20
    ]
    found = settled(np.zeros((3, 3)), fitted(texts), sides[2])
    assert found.argmax(axis=1).tolist() == [2, 0, 1]


def test_what_would_be_right_as_well_is_taught(tmp_path: Path) -> None:
    path = tmp_path / "phases.jsonl"
    entries = [
        {"text": "Paged", "phase": "detection", "alt": ["escalation", "communication"]},
        {"text": "Ended", "phase": "resolution", "alt": []},
    ]
    path.write_text(json.dumps({"voice": "mill", "entries": entries}) + "\n", encoding="utf-8")
    (timeline,) = load_timelines([path])
    taught = {(i, label): weight for i, label, weight in timeline.taught()}
    assert [*taught] == [(0, "detection"), (0, "escalation"), (0, "communication"), (1, "resolution")]
    assert taught[0, "detection"] > taught[0, "escalation"] == taught[0, "communication"] > 0.0
    assert sum(weight for (i, _), weight in taught.items() if i == 0) == pytest.approx(1.0)


def test_what_follows_what_is_learnt() -> None:
    rng = np.random.default_rng(3)
    labels = [[0, 1, 2] if rng.random() < 0.5 else [2, 1, 0] for _ in range(60)]
    # The middle one says nothing by itself, the others do.
    logits = [np.array([[3.0 * (k == label) for k in range(3)] for label in row]) for row in labels]
    for rows in logits:
        rows[1] = 0.0
    weights = fitted(texts_of(logits, labels))
    for rows, row in zip(logits, labels, strict=True):
        found = settled(rows, weights)
        assert np.allclose(found.sum(axis=1), 1.0)
        assert found.argmax(axis=1).tolist() == row


def test_a_class_that_stands_nowhere_is_never_said() -> None:
    logits = [np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])] * 4
    found = settled(logits[0], fitted(texts_of(logits, [[0, 1]] * 4)))
    assert found[:, 2].max() < 1e-9


def test_held_out_texts_are_not_fitted_on() -> None:
    rng = np.random.default_rng(5)
    logits = [rng.normal(size=(4, 3)) for _ in range(40)]
    labels = [rng.integers(3, size=4).tolist() for _ in range(40)]
    halves = [(list(range(20)), list(range(20, 40))), (list(range(20, 40)), list(range(20)))]
    found = held_out(texts_of(logits, labels), halves)
    own = [settled(rows, fitted(texts_of(logits, labels))) for rows in logits]
    unseen, seen = (
        np.mean([rows.argmax(axis=1) == row for rows, row in zip(given, labels, strict=True)])
        for given in (found, own)
    )
    assert unseen < 0.4 < seen
