"""Tables: columns, types, keys, also without any row."""

from __future__ import annotations

import pandas as pd
import pytest

import postmortem
from examples import FULL, REPORT
from postmortem.frames import COLUMNS, row


@pytest.mark.parametrize("texts", [[], [REPORT], [REPORT, ""]], ids=["none", "one", "two"])
def test_columns_and_types_are_as_documented(texts: list[str]) -> None:
    incidents = [postmortem.parse(text) for text in texts]
    frames = postmortem.to_frames(incidents)
    assert frames._fields == tuple(COLUMNS)
    for name, columns in COLUMNS.items():
        frame = getattr(frames, name)
        assert list(frame.columns) == [c.name for c in columns]
        assert [str(t) for t in frame.dtypes] == [c.kind for c in columns]
    assert len(frames.incidents) == len(incidents)


def test_values() -> None:
    frames = postmortem.to_frames(iter([FULL]))
    incident = frames.incidents.iloc[0]
    assert (incident["path"], incident["id"], incident["part"]) == ("a/b.md", FULL.id, 2)
    assert incident["start_local"] == pd.Timestamp("2023-12-13T14:00")
    assert incident["start_utc"] == pd.Timestamp("2023-12-13T13:00", tz="UTC")
    assert (incident["impact_percent"], incident["categories"]) == (30.0, "code_bug")
    assert pd.isna(incident["stated_duration_minutes"])
    assert list(frames.timeline["phase"]) == ["impact", "resolution"]
    assert list(frames.impacts["kind"]) == ["percentage", "count"]
    for frame in frames:
        assert (frame["id"] == FULL.id).all()


def test_a_row_needs_every_column() -> None:
    assert list(row(FULL)) == [c.name for c in COLUMNS["incidents"]]
    assert row(postmortem.parse(""))["status"] == "empty"
