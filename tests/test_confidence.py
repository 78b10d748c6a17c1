"""Confidence: what lowers it, what it is null for, and the numbers that it comes from."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from postmortem import parse
from postmortem.confidence import Logistic, confident, default_model, doubts
from postmortem.confidence.features import WORDS, features
from postmortem.evaluation.calibrate import (
    JUDGED,
    Case,
    cases,
    figures,
    fit,
    held_out,
    judged_by,
    metrics,
)
from postmortem.evaluation.confidence_card import card
from postmortem.record import Confidence, Incident

PLAIN = """# Search was down

Duration: 5 March 2024, 10:00 - 11:30 UTC (90 minutes)

## Impact

40% of users could not search.

## Root cause

The outage was caused by a full disk on the index server.

## Timeline

- 10:00 UTC searches began to fail
- 10:10 UTC an alert fired
- 11:30 UTC search was back

## Action items

- Add an alert for disk space
- Rotate the logs every day
- Write a runbook for full disks
"""

# Each text is PLAIN with one thing changed for the worse: old, new, the field that must lose, the reason given.
WORSE = {
    "end_not_given": (
        "10:00 - 11:30 UTC (90 minutes)",
        "10:00 UTC\n",
        "outage",
        "",
    ),
    "durations_disagree": ("(90 minutes)", "(the site was down for 4 hours)", "outage", ""),
    "figure_left_over": (
        "## Timeline",
        "Disks were at 97% or more.\n\n## Timeline",
        "impact",
        "",  # it may weigh too little to be told
    ),
    "entries_out_of_order": (
        "- 10:10 UTC an",
        "- 09:10 UTC an",
        "timeline",
        "entries are not in order",
    ),
    "hedged": (
        "was caused by",
        "was probably caused by",
        "root_cause",
        "it is hedged",
    ),
    "cause_without_a_heading": (
        "## Root cause",
        "## Summary",
        "root_cause",
        "",  # it may weigh too little to be told
    ),
    "actions_outside_a_section": (
        "## Action items",
        "## Notes\n\nTo do: we will add a second disk to the index server.",
        "actions",
        "",
    ),
}


def of(incident: Incident, field: str) -> float:
    value: float | None = getattr(incident.confidence, field)
    assert value is not None
    return value


@pytest.mark.parametrize(("old", "new", "field", "reason"), WORSE.values(), ids=WORSE)
def test_what_lowers_confidence(old: str, new: str, field: str, reason: str) -> None:
    assert old in PLAIN
    text = PLAIN.replace(old, new)
    before, after = parse(PLAIN), parse(text)
    assert of(after, field) < of(before, field)
    if reason:
        assert reason in doubts(after, text)[field]
        assert reason not in doubts(before, PLAIN)[field]


def test_a_plain_report_is_trusted() -> None:
    found = parse(PLAIN)
    assert min(of(found, field) for field in WORDS if field != "statement") > 0.7
    assert doubts(found, PLAIN)["outage"] == ()


def test_the_statement_has_a_confidence_of_its_own() -> None:
    cause = parse(PLAIN).root_cause
    assert cause is not None
    assert cause.confidence is not None
    assert 0.8 < cause.confidence < 1.0


@pytest.mark.parametrize("text", ["", "Bonjour, la panne du serveur a duré deux heures et demie ce matin."])
def test_no_report_has_no_confidence(text: str) -> None:
    assert parse(text).confidence == Confidence()


def test_silence_has_a_confidence_too() -> None:
    found = parse(
        "# Outage\n\nThe shop was down for some of our users, and our engineers restored the service.\n"
    )
    assert found.outage.start is None
    assert of(found, "outage") > 0.7
    assert of(found, "impact") > 0.9


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_probabilities_for_any_text(text: str) -> None:
    found = parse(f"{PLAIN}\n{text}")
    if found.status == "ok":
        assert all(0.0 < of(found, field) < 1.0 for field in WORDS if field != "statement")


def test_a_record_read_again_has_the_same_confidence() -> None:
    found = parse(PLAIN)
    again = replace(Incident.from_dict(found.to_dict()), confidence=Confidence())
    assert confident(again, PLAIN).confidence.root_cause == found.confidence.root_cause


def test_every_feature_has_a_number_and_doubts_count_against() -> None:
    model = default_model()
    assert set(model) == set(WORDS) == set(JUDGED)
    for field, words in WORDS.items():
        assert set(model[field].weights) == set(words)
    # One that tells nothing may come out at about zero.
    assert all(weight < 0.1 for weight in model["timeline"].weights.values())
    assert sum(weight < -0.5 for weight in model["timeline"].weights.values()) >= 3
    assert model["outage"].weights["confirmed"] > 0


def test_the_card_shows_the_figures_of_the_model() -> None:
    folder = ROOT / "models" / "confidence"
    shown = (folder / "CARD.md").read_text(encoding="utf-8")
    stored = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    found = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert shown == card(default_model(), stored, found)
    assert found["all_fields"]["expected_calibration_error"] < 0.1
    assert found["all_fields"]["brier"] < found["all_fields"]["brier_of_share"]


def made(count: int, wrong: int, doubt: float, *, tuned: bool = False) -> list[Case]:
    """Cases of one field: `wrong` of `count` are wrong, and all have the doubt that entries are not in order."""
    values = {"timeline": {"disorder": doubt} if doubt else {}}
    return [Case(values, {"timeline": k >= wrong}, tuned) for k in range(count)]


def test_fitting_follows_the_reports_where_they_say_enough() -> None:
    sure = fit([*made(2000, 100, 0), *made(2000, 1500, 1)], "timeline")
    assert sure.probability({}) == pytest.approx(0.95, abs=0.02)
    assert sure.probability({"disorder": 1.0}) == pytest.approx(0.25, abs=0.02)


def test_without_reports_a_doubt_halves_the_odds() -> None:
    model = fit([], "timeline")
    before, after = (p / (1 - p) for p in (model.probability({}), model.probability({"disorder": 1.0})))
    assert before / after == pytest.approx(math.exp(0.7), rel=0.01)


def test_reports_that_rules_were_tuned_on_do_not_raise_the_level() -> None:
    blind = made(60, 18, 0)
    alone = fit(blind, "timeline").probability({})
    joined = fit([*blind, *made(60, 0, 0, tuned=True)], "timeline").probability({})
    assert abs(joined - alone) < 0.06


def test_figures_of_probabilities() -> None:
    found = figures([0.9, 0.9, 0.9, 0.1], [True, True, True, False])
    assert found == {
        "reports": 4,
        "right": 0.75,
        "mean_probability": 0.7,
        "brier": 0.01,
        "brier_of_share": 0.1875,
        "expected_calibration_error": 0.1,
        "auc": 1.0,
    }
    assert figures([0.9], [True])["auc"] is None


def test_held_out_reports_are_the_untuned_ones() -> None:
    given = [*made(6, 2, 1), *made(5, 0, 0, tuned=True)]
    said, right = held_out(given, "timeline")
    assert (len(said), sum(right)) == (6, 4)
    assert judged_by({"timeline": Logistic(0.0, {"disorder": 0.0})}, given, "timeline")[0] == [0.5] * 11


def test_cases_are_annotated_reports(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    facts = {
        "impact_percentages": [{"value": 40, "of": "users"}],
        "actions": ["Something else entirely here"],
    }
    gold.write_text(
        "".join(json.dumps({"file": f, **facts}) + "\n" for f in ("a.md", "empty.md")), encoding="utf-8"
    )
    (case,) = cases(gold, tmp_path)
    assert case.right == {"impact": True, "actions": False}
    assert case.values == features(parse(PLAIN), PLAIN)


def test_the_card_tells_of_published_reports_only_where_they_are_at_hand() -> None:
    values: dict[str, dict[str, float]] = {field: {} for field in JUDGED}
    given = [Case(values, dict.fromkeys(JUDGED, k > 0)) for k in range(4)]
    model = {field: fit(given, field) for field in JUDGED}
    facts = json.loads((ROOT / "models" / "confidence" / "model.json").read_text(encoding="utf-8"))
    assert "On published reports" not in card(model, facts, metrics(model, given, []))
    assert "On published reports" in card(model, facts, metrics(model, given, given))
