"""Which moments are the outage window, chosen among all pairs: candidates, features, what stays the rules', training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ROOT
from postmortem.clock.carry import minutes_between
from postmortem.extract.outage import choice, moments_by_rules, outage
from postmortem.extract.outage.moments import Candidate, candidates
from postmortem.extract.timeline import timeline
from postmortem.learned.choice import load_model
from postmortem.learned.packaged import packaged
from postmortem.record import Outage, Point
from postmortem.report import Report
from postmortem.training.beside_rules import Ruled
from postmortem.training.examples import report_of
from postmortem.training.windows import load_windows, window_model

LOG = (
    "# Turnstiles of the swimming hall, 12 May 2024\n\n"
    "- 06:02 the night job of the ticket server ends as usual\n"
    "- 06:30 turnstiles refuse every season ticket, queue at the door\n"
    "- 06:41 the cashier rings me\n"
    "- 06:55 I blame the card readers and reboot two of them, no change\n"
    "- 07:20 expired certificate found on the ticket server\n"
    "- 07:49 new certificate in place, all turnstiles open again\n"
    "- 09:00 talk with the manager\n\n"
    "In all it took one hour and 19 minutes.\n"
)


def seen(text: str) -> tuple[Report, list[Candidate], list[Candidate]]:
    report = report_of(text)
    entries = timeline(report)
    sentences, _, by_rule = moments_by_rules(report, entries)
    return report, *candidates(report, entries, sentences, by_rule)


def window(text: str) -> Outage:
    report = report_of(text)
    return outage(report, timeline(report))


def times(found: list[Candidate]) -> list[str | None]:
    return [one.point.time if one.point else None for one in found]


def point(time: str | None, date: str | None = "2024-05-12") -> Candidate:
    return Candidate(Point(date, time, None, None, None, ()))


def test_every_timed_moment_and_none_may_be_either_end() -> None:
    _, starts, ends = seen(LOG)
    listed = ["06:02", "06:30", "06:41", "06:55", "07:20", "07:49", "09:00"]
    assert times(starts)[:7] == times(ends)[:7] == listed
    assert starts[-1].point is None
    assert starts[-1].features == {"none": 1.0}


def test_what_several_places_tell_of_one_moment_counts_together() -> None:
    _, starts, _ = seen(LOG + "\nThe turnstiles were shut from 06:30 to 07:49.\n")
    at = {one.point.time: one for one in starts if one.point}
    assert times(starts).count("06:30") == 1
    assert at["06:30"].features["told"] > at["06:41"].features["told"]
    assert at["06:30"].intervals
    assert at["06:30"].listed


def test_order_and_phases_are_features() -> None:
    _, starts, _ = seen(LOG)
    assert "first" in starts[0].features
    assert "last" in starts[6].features
    assert [round(one.features["order"], 2) for one in starts[:7]] == [0.0, 0.17, 0.33, 0.5, 0.67, 0.83, 1.0]
    assert all(0.0 <= one.features["phase.impact"] <= 1.0 for one in starts[:7])


def test_moments_that_a_rule_says_are_not_the_outages_are_none_of_them() -> None:
    _, starts, ends = seen(LOG + "\nThe counter is open from 05:30 to 22:10.\n")
    assert "05:30" not in times(starts)
    assert "22:10" not in times(ends)


@pytest.mark.parametrize(
    ("start", "end", "stated", "lengths", "expected"),
    [
        pytest.param("06:30", "07:49", 79.0, [79.0], {"as stated", "named"}, id="exact"),
        pytest.param("06:30", "07:30", 60.0, [60.0], {"as stated, round", "named, round"}, id="round"),
        pytest.param("06:30", "07:35", 60.0, [], {"about as stated"}, id="near"),
        pytest.param("06:30", "09:35", 60.0, [20.0], {"not as stated"}, id="off"),
        pytest.param("06:30", "06:32", None, [], {"short"}, id="short"),
        pytest.param("06:30", "06:30", None, [], {"at once"}, id="at-once"),
        pytest.param("06:30", "06:10", None, [], {"backwards"}, id="backwards"),
    ],
)
def test_features_of_a_pair(
    start: str, end: str, stated: float | None, lengths: list[float], expected: set[str]
) -> None:
    found = choice.of_pair(point(start), point(end), stated, lengths)
    assert set(found) - {"length"} == expected


def test_what_rules_say_of_a_moment_is_a_feature() -> None:
    _, starts, ends = seen(
        LOG
        + "\nUsers were affected from 06:30 to 07:49. The talk was from 09:10 to 09:40. It was over at 07:50.\n"
    )
    first, last = ({one.point.time: one.features for one in side if one.point} for side in (starts, ends))
    assert "of an outage" in first["06:30"]
    assert "of an outage" in last["07:49"]
    assert "of something" in first["09:10"]
    assert first["06:30"]["day's share"] == 1.0


def test_an_interval_of_an_outage_is_told_from_another() -> None:
    pair = [
        Candidate(one.point, intervals={7}, features={"of an outage": 1.0})
        for one in (point("06:30"), point("07:30"))
    ]
    found = choice.of_pair(pair[0], pair[1], None, [])
    assert {"interval", "interval of an outage"} <= set(found)
    assert "interval of an entry" not in found
    pair[1].features.clear()
    assert "interval of an outage" not in choice.of_pair(pair[0], pair[1], None, [])


def test_a_pair_with_an_open_side_says_so() -> None:
    nothing = Candidate(None)
    assert choice.of_pair(point("06:30"), nothing, 60.0, []) == {"open": 1.0}
    assert choice.of_pair(nothing, nothing, None, []) == {"nothing": 1.0}


def test_the_trouble_and_its_end_are_chosen_by_the_stated_length() -> None:
    found = window(LOG)
    assert found.start is not None
    assert found.end is not None
    assert (found.start.time, found.end.time, found.duration_minutes) == ("06:30", "07:49", 79.0)
    assert found.basis == "timeline"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "The lift is out of order since 09:05 on 3 October 2022. Next word at 10:00.\n", id="few"
        ),
        pytest.param("", id="empty"),
        pytest.param(
            "Resolved - The feed is complete again.\nMay 3, 12:40 UTC\n\nUpdate - We look at 11:10, 11:15 and 11:20 data.\n"
            "May 3, 12:10 UTC\n\nInvestigating - The feed lacks rows.\nMay 3, 11:52 UTC\n",
            id="status-page",
        ),
    ],
)
def test_what_the_rules_keep(text: str) -> None:
    report = report_of(text)
    entries = timeline(report)
    _, _, by_rule = moments_by_rules(report, entries)
    found = outage(report, entries)
    assert (found.start, found.end) == (by_rule.start, by_rule.end)


def test_evidence_of_a_chosen_moment_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"start": {"first": 50.0}, "end": {"last": 50.0}, "pair": {}}
    monkeypatch.setattr(choice, "_weights", lambda _: wanted)
    found = window(LOG)
    assert found.start is not None
    assert found.end is not None
    assert (found.start.time, found.end.time) == ("06:02", "09:00")
    assert minutes_between(found.start, found.end) == found.duration_minutes
    rule = choice.default_model().rule
    named = [e.text for e in found.evidence if e.rule == rule]
    assert len(named) == 2
    assert "06:02" in named[0]
    assert "09:00" in named[1]
    assert all(LOG[e.start : e.end] == e.text for e in found.evidence)


def test_no_end_that_the_rules_found_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "_weights", lambda _: {"start": {}, "end": {"none": 90.0}, "pair": {}})
    assert window(LOG).end is not None


def test_the_packaged_model_is_read_by_sides() -> None:
    model = load_model(packaged("window"))
    assert {name.partition(".")[0] for name in model.weights} == {"start", "end", "pair"}
    assert model.weights["pair.as stated"] > model.weights["pair.not as stated"]


def pairs(group: str, right: int) -> Ruled:
    features = ({"start.entry": 1.0}, {"pair.named": 1.0, "start.entry": 1.0}, {"end.none": 1.0})
    return Ruled("", features, tuple(i == right for i in range(3)), group, by_rule=0)


def test_the_right_pairs_are_made_likeliest() -> None:
    model, metrics = window_model([pairs(f"annotated/{'ab'[i % 2]}", 1) for i in range(8)])
    assert model.weights["pair.named"] > 0
    assert metrics["rules"] == 0.0
    assert metrics["model"] == 1.0
    assert metrics["reports"] == 8


def test_annotated_windows_are_read(tmp_path: Path) -> None:
    facts = {
        "file": "hall.md",
        "outage": {
            "start": {"date": "2024-05-12", "time": "06:30"},
            "end": {"date": "2024-05-13", "time": "07:48", "alt": [{"date": "2024-05-13", "time": "07:49"}]},
        },
    }
    for name, text in (("expected/a1.json", json.dumps(facts)), ("reports/hall.md", LOG)):
        path = tmp_path / "annotated" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    (found,) = load_windows(tmp_path, {})
    assert found.group == "annotated a"
    # A moment whose day alone is another counts as found.
    assert sum(found.right) == 1
    assert len(found.right) == len(found.features)


def test_the_projects_annotated_reports_are_read() -> None:
    windows = load_windows(ROOT / "data", {})
    assert {one.group.partition("/")[0] for one in windows} >= {
        "samples",
        "validation",
        "validation3",
        "validation4",
    }
    assert all(any(one.right) for one in windows)
