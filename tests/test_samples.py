"""The sample and validation reports: complete, and two incidents of one file stay apart (`test_accuracy.py` scores them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from postmortem.assemble import incidents
from postmortem.read import read

SETS = {
    "samples": (ROOT / "data" / "expected", ROOT / "data" / "samples"),
    "validation": (ROOT / "data" / "validation" / "expected", ROOT / "data" / "validation" / "reports"),
}


@pytest.mark.parametrize(("expected", "documents"), SETS.values(), ids=SETS)
def test_every_report_has_its_expected_facts(expected: Path, documents: Path) -> None:
    names = {path.name.removesuffix(".json") for path in expected.glob("*.json")}
    assert names == {path.name for path in documents.iterdir()}


def test_two_incidents_of_one_file_are_two_records() -> None:
    found = incidents(read(ROOT / "data" / "samples" / "two-incidents.md"))
    assert [incident.source.part for incident in found] == [1, 2]
    assert len({incident.id for incident in found}) == 2
