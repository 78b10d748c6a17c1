"""Phases of timeline entries: words, place and sequence."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.extract.phases import features, phases
from postmortem.record import Phase
from postmortem.training.sequences import load_timelines

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


def test_the_training_timelines_are_told_well() -> None:
    """Fitted on them, so this is no measure of quality: it fails where model and features no longer belong together."""
    timelines = load_timelines((Path(__file__).parents[1] / "data" / "training").glob("phases*.jsonl"))
    right = [
        found in (entry.label, *entry.also)
        for t in timelines[:40]
        for found, entry in zip(phases([e.text for e in t.parts]), t.parts, strict=True)
    ]
    assert sum(right) / len(right) > 0.9
