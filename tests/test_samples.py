"""The samples against their expected facts: no field may fall below where it stands.

A floor is raised when a field gets better, and lowered only on purpose, with a word in the changelog.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from postmortem.assemble import incidents
from postmortem.evaluation import Tally, evaluate, read_annotations
from postmortem.read import read

SETS = {
    "samples": (ROOT / "data" / "expected", ROOT / "data" / "samples"),
    "validation": (ROOT / "data" / "validation" / "expected", ROOT / "data" / "validation" / "reports"),
}
FLOORS = {
    "samples": {
        "window start": 0.93,
        "window end": 0.88,
        "window utc offset": 0.97,
        "duration minutes": 0.88,
        "stated duration minutes": 0.86,
        "impact percentages": 0.99,
        "impact of what": 0.99,
        "timeline entries": 0.97,
        "timeline dates": 0.98,
        "timeline phases": 0.87,
        "root cause": 0.99,
        "primary category": 0.96,
        "all categories": 0.94,
        "headings": 0.99,
        "heading names": 0.99,
        "actions": 0.99,
        "action type": 0.92,
        "action owner": 0.99,
        "action due": 0.97,
        "action ticket": 0.99,
        "detection method": 0.96,
        "status": 0.99,
        "title": 0.99,
        "severity": 0.99,
        "services": 0.96,
        "regions": 0.97,
        "impact figures": 0.93,
        "resolution": 0.86,
        "resolution kind": 0.92,
        "trigger": 0.86,
        "trigger kind": 0.99,
        "contributing factors": 0.91,
        "false leads": 0.95,
        "lessons went well": 0.97,
        "lessons went wrong": 0.99,
        "milestones": 0.84,
        "metrics": 0.82,
        "findings": 0.92,
        "evidence supports": 0.99,
    },
    "validation": {
        "window start": 0.92,
        "window end": 0.94,
        "duration minutes": 0.97,
        "stated duration minutes": 0.81,
        "impact percentages": 0.97,
        "impact of what": 0.99,
        "timeline entries": 0.96,
        "root cause": 0.87,
        "primary category": 0.84,
        "all categories": 0.90,
        "headings": 0.98,
        "heading names": 0.94,
        "actions": 0.93,
        "detection method": 0.85,
        "status": 0.99,
        "title": 0.82,
        "services": 0.51,
        "impact figures": 0.54,
        "resolution": 0.73,
        "resolution kind": 0.94,
        "trigger": 0.44,
        "contributing factors": 0.25,
        "false leads": 0.83,
        "evidence supports": 0.99,
        "window utc offset": 0.98,
        "timeline dates": 0.92,
        "timeline phases": 0.79,
    },
}


def measure(name: str) -> dict[str, Tally]:
    expected, documents = SETS[name]
    annotations = read_annotations(expected)
    return evaluate(annotations, [record(documents, a["file"]) for a in annotations], documents)


def record(documents: Path, file: str) -> dict[str, Any]:
    found = incidents(read(documents / file, name=file), with_text=True)[0].to_dict()
    found["source"]["path"] = file
    return found


@pytest.fixture(scope="module")
def tallies() -> dict[str, dict[str, Tally]]:
    return {name: measure(name) for name in SETS}


@pytest.mark.parametrize(
    ("name", "field", "floor"),
    [(name, field, floor) for name, fields in FLOORS.items() for field, floor in fields.items()],
)
def test_no_field_falls(tallies: dict[str, dict[str, Tally]], name: str, field: str, floor: float) -> None:
    tally = tallies[name][field]
    assert tally.f1 >= floor, "\n".join(tally.errors)


@pytest.mark.parametrize("name", SETS)
def test_every_span_quotes_its_text(tallies: dict[str, dict[str, Tally]], name: str) -> None:
    assert tallies[name]["evidence spans"].errors == []


def test_every_sample_has_its_expected_facts() -> None:
    for expected, documents in SETS.values():
        assert {p.name.removesuffix(".json") for p in expected.glob("*.json")} == {
            p.name for p in documents.iterdir()
        }


def test_two_incidents_of_one_file_are_two_records() -> None:
    found = incidents(read(ROOT / "data" / "samples" / "two-incidents.md"))
    assert [incident.source.part for incident in found] == [1, 2]
    assert len({incident.id for incident in found}) == 2
