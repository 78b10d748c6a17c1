"""False leads: suspicions that proved wrong."""

from __future__ import annotations

import pytest

from postmortem.clock.carry import Calendar
from postmortem.extract.false_leads import false_leads
from postmortem.normalize import normalize
from postmortem.record import Entry, Evidence, Phase, Point
from postmortem.report import Report


def leads(text: str, timeline: tuple[Entry, ...] = ()) -> list[str]:
    document = normalize(text)
    found = false_leads(Report(document, (), Calendar(document)), timeline)
    assert all(text[f.evidence.start : f.evidence.end] == f.evidence.text for f in found)
    return [f.statement for f in found]


CASES = {
    "sentence": (
        "# Outage\n\n## Investigation\n\nWe initially suspected the cache. It was the pool.\n",
        ["We initially suspected the cache."],
    ),
    "ruled out": (
        "# Outage\n\n## Investigation\n\nThe network was ruled out.\n",
        ["The network was ruled out."],
    ),
    "field": (
        "# Outage\n\n- Misleading path: the team looked at the proxy\n",
        ["the team looked at the proxy"],
    ),
    "section": (
        "# Outage\n\n## Misleading investigations\n\n- Looked at the proxy\n- Looked at the cache\n",
        ["Looked at the proxy", "Looked at the cache"],
    ),
    "denial": (
        "# Outage\n\n## Root cause\n\nIt was neither the fuel nor the battery.\n",
        ["It was neither the fuel nor the battery."],
    ),
    "outcome of what was told": (
        "# Outage\n\n## Investigation\n\nWe initially suspected the cable. The cable was ruled out.\n",
        ["We initially suspected the cable."],
    ),
    "in vain": (
        "# Outage\n\n## Investigation\n\nThe proxy was restarted without effect.\n",
        ["The proxy was restarted without effect."],
    ),
    "found healthy": (
        "# Outage\n\n## Investigation\n\nThe network team found the lines healthy.\n",
        ["The network team found the lines healthy."],
    ),
    "right from the start": ("# Outage\n\n## Investigation\n\nWe suspected the pool and raised it.\n", []),
    "lesson": ("# Outage\n\n## Lessons learned\n\nDo not run after red herrings.\n", []),
    "empty": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_false_leads(text: str, expected: list[str]) -> None:
    assert leads(text) == expected


def entry(text: str, line: str, said: str, phase: Phase) -> Entry:
    start = text.index(line)
    evidence = Evidence(start, start + len(line), line, "timeline.listed")
    return Entry(Point(None, "10:00", None, None, None, (evidence,)), None, said, phase, evidence)


def test_an_entry_is_told_once_and_without_its_stamp() -> None:
    text = "# Outage\n\n## Timeline\n\n- 10:00 We initially suspected the cache\n- 10:20 The pool was empty\n"
    timeline = (
        entry(
            text, "10:00 We initially suspected the cache", "We initially suspected the cache", "false_lead"
        ),
        entry(text, "10:20 The pool was empty", "The pool was empty", "diagnosis"),
    )
    assert leads(text, timeline) == ["We initially suspected the cache"]


def test_a_phase_alone_is_enough() -> None:
    text = "# Outage\n\n## Timeline\n\n- 10:00 Hours are lost on the switch\n"
    assert leads(
        text,
        (entry(text, "10:00 Hours are lost on the switch", "Hours are lost on the switch", "false_lead"),),
    ) == ["Hours are lost on the switch"]


def test_a_suspicion_that_a_later_entry_bears_out_is_none() -> None:
    text = "# Outage\n\n## Timeline\n\n- 10:00 We suspect the mixer\n- 10:20 The mixer is broken\n"
    first = entry(text, "10:00 We suspect the mixer", "We suspect the mixer", "investigation")
    second = entry(text, "10:20 The mixer is broken", "The mixer is broken", "diagnosis")
    assert leads(text, (first, second)) == []
    third = entry(text, "10:20 The mixer is broken", "The fuse is broken", "diagnosis")
    assert leads(text, (first, third)) == ["We suspect the mixer"]
