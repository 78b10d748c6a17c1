"""Tables: columns, types, keys, also without any row; frames of texts; the reference of the columns."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import postmortem
from conftest import ROOT
from examples import FULL, REPORT, P
from postmortem.frames import COLUMNS, file_row, row, tables, typed
from postmortem.frames.reference import markdown
from postmortem.record import Outage, Source


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
    assert (incident["utc_offset"], incident["timezone"]) == ("+01:00", "WAT")
    assert (incident["impact_percent"], incident["categories"]) == (30.0, "code_bug")
    assert (incident["trigger_kind"], incident["resolution_kind"]) == ("deployment", "fix")
    assert (incident["root_cause_start"], incident["root_cause_end"]) == (0, 4)
    assert (incident["minutes_to_detect"], incident["outage_confidence"]) == (2.0, 0.9)
    assert (incident["lessons"], incident["findings"], incident["regions"]) == (3, 1, 1)
    assert pd.isna(incident["stated_duration_minutes"])
    assert list(frames.timeline["phase"]) == ["impact", "resolution"]
    assert list(frames.impacts["kind"]) == ["percentage", "count"]
    assert list(frames.services["kind"]) == ["service", "region"]
    assert list(frames.lessons["kind"]) == ["went_well", "went_wrong", "got_lucky"]
    assert list(frames.milestones["milestone"]) == ["started_at"]
    assert list(frames.factors["kind"]) == ["missing_monitoring"]
    file = frames.files.iloc[0]
    assert list(file.dropna()) == ["a/b.md", "ok", 1, "0" * 64, "text/markdown", 4]
    assert list(file[file.isna()].index) == ["duplicate_of", "reason"]
    for name, frame in frames._asdict().items():
        assert name == "files" or (frame["id"] == FULL.id).all()


def test_a_row_needs_every_column() -> None:
    assert list(row(FULL)) == [c.name for c in COLUMNS["incidents"]]
    assert row(postmortem.parse(""))["status"] == "empty"
    with pytest.raises(KeyError, match="status"):
        typed("incidents", [{key: value for key, value in row(FULL).items() if key != "status"}])


def test_rows_of_every_table_are_plain_values_of_its_columns() -> None:
    made = tables(FULL)
    assert list(made) == [table for table in COLUMNS if table != "files"]
    for table, rows in made.items():
        assert rows or table == "metadata"
        for values in rows:
            assert set(values) == {c.name for c in COLUMNS[table]}
            assert {type(value) for value in values.values()} <= {str, int, float, type(None)}


def test_evidence_quotes_the_text() -> None:
    incident = postmortem.parse(REPORT)
    frames = postmortem.to_frames([incident])
    for table in frames:
        if {"start", "end", "rule"} <= set(table.columns):
            assert (table["start"] <= table["end"]).all()
    told = frames.evidence
    assert {"title", "start", "end", "root_cause", "category", "milestone"} <= set(told["field"])
    assert [REPORT[a:b] for a, b in zip(told["start"], told["end"], strict=True)] == list(told["text"])
    cause = frames.incidents.iloc[0]
    assert REPORT[cause["root_cause_start"] : cause["root_cause_end"]] == cause["root_cause"]


@pytest.mark.parametrize(
    ("date", "time", "offset", "iso", "local", "utc"),
    [
        ("2024-03-04", "14:05", "-08:00", "2024-03-04T14:05:00-08:00", "2024-03-04 14:05", "2024-03-04 22:05+00:00"),
        ("2024-03-04", "14:05", None, "2024-03-04T14:05:00", "2024-03-04 14:05", None),
        ("XXXX-03-04", "14:05", "-08:00", None, None, None),
    ],
    ids=["complete", "no offset", "no year"],
)  # fmt: skip
def test_a_moment_is_there_as_far_as_it_is_known(
    date: str, time: str, offset: str | None, iso: str | None, local: str | None, utc: str | None
) -> None:
    point = dataclasses.replace(P, date=date, time=time, utc_offset=offset, iso=iso)
    incident = dataclasses.replace(FULL, outage=Outage(start=point))
    found = postmortem.to_frames([incident]).incidents.iloc[0]
    assert (found["start_date"], found["start_time"]) == (date, time)
    for moment, expected in ((found["start_local"], local), (found["start_utc"], utc)):
        assert (pd.Timestamp(expected) if expected else None) == (None if pd.isna(moment) else moment)


@pytest.mark.parametrize("iso", ["0101-03-04T14:05:00", "2023-02-30T14:05:00"])
def test_a_moment_that_pandas_cannot_hold_is_no_error(iso: str) -> None:
    point = dataclasses.replace(P, date=iso[:10], utc_offset=None, iso=iso)
    found = postmortem.to_frames([dataclasses.replace(FULL, outage=Outage(start=point))]).incidents
    assert str(found["start_local"].iloc[0]) in ("NaT", iso.replace("T", " "))  # older pandas begin in 1677
    assert list(found["start_date"]) == [iso[:10]]


def test_offsets_of_several_zones_stand_in_one_column() -> None:
    points = [
        dataclasses.replace(P, utc_offset=offset, iso=f"2023-12-13T14:00:00{offset}")
        for offset in ("+01:00", "-08:00")
    ]
    told = postmortem.to_frames(dataclasses.replace(FULL, outage=Outage(start=p)) for p in points).incidents
    assert list(told["utc_offset"]) == ["+01:00", "-08:00"]
    assert told["start_local"].nunique() == 1
    assert list(told["start_utc"].dt.hour) == [13, 22]


def test_a_category_of_ones_own_is_kept_behind_the_known_ones() -> None:
    own = dataclasses.replace(FULL, categories=(dataclasses.replace(FULL.categories[0], id="tram"),))
    frame = postmortem.to_frames([FULL, own]).incidents
    assert list(frame["category"]) == ["code_bug", "tram"]
    assert list(frame["category"].cat.categories) == [*postmortem.frames.CATEGORIES, "tram"]


def test_the_parts_of_a_file_make_one_row_of_files() -> None:
    def part(path: str | None, number: int | None) -> postmortem.Incident:
        return dataclasses.replace(FULL, source=Source(path=path, part=number))

    told = [
        part("a", 1),
        part("a", 2),
        part("b", None),
        part(None, None),
        part("c", 1),
        part("c", 2),
        part("d", 1),
    ]
    files = postmortem.to_frames(told).files
    assert list(zip(files["name"], files["records"], strict=True)) == [("a", 2), ("b", 1), ("c", 2), ("d", 1)]


def test_a_file_that_failed_has_a_row() -> None:
    failed = typed("files", [file_row("x.md", [], status="failed", reason="no access")])
    assert list(failed[["status", "records"]].iloc[0]) == ["failed", 0]
    with pytest.raises(ValueError, match="status"):
        file_row("x.md", [])


@pytest.mark.parametrize("incidents", [[], [FULL, postmortem.parse(REPORT)]], ids=["no row", "rows"])
@pytest.mark.parametrize("via", ["parquet", "csv", "itself"])
def test_types_survive_a_round_trip(via: str, incidents: list[postmortem.Incident], tmp_path: Path) -> None:
    frames = postmortem.to_frames(incidents)
    for table, frame in frames._asdict().items():
        if via == "parquet":
            frame.to_parquet(tmp_path / "t.parquet")
            again = pd.read_parquet(tmp_path / "t.parquet")
        elif via == "csv":
            again = pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype="str")
            frame = frame.replace({"path": {"": pd.NA}})
        else:
            again = frame.copy()
        assert_frame_equal(typed(table, again), frame)


def test_columns_that_are_missing_come_out_empty_and_others_are_left_out() -> None:
    plain = pd.DataFrame({"path": ["a"], "colour": ["red"]}, index=[7])
    frame = typed("incidents", plain)
    assert list(frame.columns) == [c.name for c in COLUMNS["incidents"]]
    assert [str(t) for t in frame.dtypes] == [c.kind for c in COLUMNS["incidents"]]
    assert list(frame["path"]) == ["a"]
    assert frame.drop(columns="path").isna().all(axis=None)


# Frames of texts ------------------------------------------------------------------------------------------------------------


def test_a_frame_of_texts_is_keyed_by_its_index() -> None:
    frame = pd.DataFrame(
        {"body": [REPORT, None, np.nan, ""], "team": list("abcd")}, index=["w", "x", "y", "z"]
    )
    found = postmortem.parse_frame(frame, text="body")
    assert list(found.incidents["path"]) == ["w", "x", "y", "z"]
    assert list(found.incidents["status"]) == ["ok", "empty", "empty", "empty"]
    assert list(found.files["name"]) == ["w", "x", "y", "z"]
    joined = frame.join(found.incidents.set_index("path"))
    assert list(joined["category"].dropna()) == ["credentials"]


@pytest.mark.parametrize(
    ("index", "keys"),
    [
        (pd.RangeIndex(2), ["0", "1"]),
        (pd.MultiIndex.from_tuples([("eu", 1), ("eu", 2)]), ["eu/1", "eu/2"]),
        (pd.to_datetime(["2024-03-04", "2024-03-05"]), ["2024-03-04 00:00:00", "2024-03-05 00:00:00"]),
    ],
    ids=["numbers", "levels", "days"],
)
def test_keys_of_any_index(index: pd.Index, keys: list[str]) -> None:
    frame = pd.DataFrame({"text": ["", ""]}, index=index)
    assert list(postmortem.parse_frame(frame).incidents["path"]) == keys


def test_an_id_column_is_the_key() -> None:
    frame = pd.DataFrame({"text": [REPORT, REPORT], "number": [12, 7]}, index=[0, 0])
    assert list(postmortem.parse_frame(frame, id="number").incidents["path"]) == ["12", "7"]


@pytest.mark.parametrize(
    ("frame", "arguments", "error", "message"),
    [
        (pd.DataFrame({"body": [""]}), {}, KeyError, "no column 'text'; there are: body"),
        (pd.DataFrame({"text": [""]}), {"id": "n"}, KeyError, "no column 'n'"),
        (pd.DataFrame({"text": ["", ""]}, index=["a", "a"]), {}, ValueError, "the index names two rows 'a'"),
        (pd.DataFrame({"text": ["", ""], "n": [1, 1]}), {"id": "n"}, ValueError, "column 'n' names two rows '1'"),
        (pd.DataFrame({"text": [""], "n": [None]}), {"id": "n"}, ValueError, "a value is missing"),
        (pd.DataFrame({"text": [5]}), {}, TypeError, "row '0' is of type int, not str"),
        (pd.DataFrame([["", ""]], columns=["text", "text"]), {}, ValueError, "more than one column"),
    ],
    ids=["no text", "no id", "index twice", "id twice", "no key", "a number", "text twice"],
)  # fmt: skip
def test_what_cannot_be_parsed_is_said_clearly(
    frame: pd.DataFrame, arguments: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        postmortem.parse_frame(frame, **arguments)  # type: ignore[arg-type]


def test_an_empty_frame_gives_empty_tables() -> None:
    assert len(postmortem.parse_frame(pd.DataFrame({"text": []})).incidents) == 0


def test_the_bar_is_shown_on_request_and_never_into_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"text": [REPORT]})
    postmortem.parse_frame(frame)
    assert capsys.readouterr() == ("", "")
    postmortem.parse_frame(frame, progress=True)
    assert "parsing" in capsys.readouterr().err


# The reference --------------------------------------------------------------------------------------------------------------


def test_the_reference_is_made_from_the_columns() -> None:
    assert (ROOT / "docs" / "columns.md").read_text(encoding="utf-8") == markdown()


def test_every_column_says_what_it_holds() -> None:
    for columns in COLUMNS.values():
        assert len({c.name for c in columns}) == len(columns)
        for column in columns:
            assert column.meaning
            assert not column.values or column.kind == "category"
