"""Evaluation: each rule of comparison, and agreement with the reference scorer where that is at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from conftest import CORPUS, ROOT, SAMPLES
from postmortem.evaluation import AnnotationError, Tally, evaluate, read_annotations
from postmortem.evaluation.baselines import cue_phrases, majority, tfidf, training_texts
from postmortem.evaluation.categories import NONE, Answer, category_scores, confusion, figures, macro_f1
from postmortem.evaluation.matching import Facts, likeness, swallows
from postmortem.learned.calibration import expected_calibration_error, reliability

EXPECTED = ROOT / "data" / "expected"


def record(**fields: object) -> dict[str, object]:
    return {"source": {"path": "a.md", "part": None, "text": "x"}, **fields}


def judged(facts: Mapping[str, object], **fields: object) -> dict[str, Tally]:
    return evaluate([{"file": "a.md", **facts}], [record(**fields)])


LIKE = {
    "same": ("Rolled back the release", "Rolled back the release", 1.0),
    "one_opens_the_other": ("Rolled back", "Rolled back the release at once", 1.0),
    "label_left_out": ("Task 1: Rolled back", "Rolled back", 1.0),
    "opening_further_in": ("We then rolled back the last release", "rolled back the last release", 0.95),
    "nothing_shared": ("Disk full", "Users called", 0.0),
    "empty": ("", "Users called", 0.0),
}


@pytest.mark.parametrize(("left", "right", "expected"), LIKE.values(), ids=LIKE)
def test_likeness(left: str, right: str, expected: float) -> None:
    assert likeness(left, right) == expected == likeness(right, left)


def test_a_heading_of_html_is_compared_by_what_is_shown() -> None:
    wanted = [{"line": 4, "text": "<h2 class='top'>Cause &amp; cure</h2>", "names": ["root_cause"]}]
    section = {"heading": "Cause & cure", "names": ["root_cause"], "evidence": {"start": 0}}
    page = {"path": "a.md", "part": None, "text": "Cause & cure", "media_type": "text/html"}
    found = judged({"headings": wanted}, sections=[section], source=page)
    assert [(t.tp, t.fp, t.fn) for t in (found["headings"], found["heading names"])] == [(1, 0, 0)] * 2


def test_an_answer_that_holds_two_items_is_none() -> None:
    one, two = "the team restarted all the servers", "customers were told by mail again"
    assert swallows(f"{one}. {two}", one, [one, two])
    assert not swallows(one, one, [one, two])


def test_wrong_value_costs_both_and_silence_costs_recall() -> None:
    facts = {"outage": {"start": {"date": "2024-01-01", "time": "10:00"}}}
    wrong = judged(facts, outage={"start": {"date": "2024-01-01", "time": "11:00"}})["window start"]
    silent = judged(facts, outage={"start": None})["window start"]
    right = judged(facts, outage={"start": {"date": "2024-01-01", "time": "10:00"}})["window start"]
    assert [(t.tp, t.fp, t.fn) for t in (wrong, silent, right)] == [(0, 1, 1), (0, 0, 1), (1, 0, 0)]


def test_alternatives_are_accepted() -> None:
    facts = {"outage": {"end": {"date": "*", "time": "10:00", "alt": [{"date": None, "time": None}]}}}
    assert judged(facts, outage={"end": None})["window end"].errors == []
    assert judged(facts, outage={"end": {"date": "1999-01-01", "time": "10:00"}})["window end"].tp == 1


def test_ignored_percentages_are_free() -> None:
    facts = {"impact_percentages": [], "percentages_ignored": [{"value": 90}]}
    said: list[dict[str, object]] = [
        {"value": value, "upper": None, "of": "users", "evidence": []} for value in (90.0, 12.0)
    ]
    tally = judged(facts, impact={"percentages": said})["impact percentages"]
    assert (tally.tp, tally.fp) == (0, 1)


def test_unannotated_fields_are_not_judged() -> None:
    assert "actions" not in judged({}, actions=[{"text": "x", "evidence": []}])


def judged_as(primary: str | None, *also: str, **more: object) -> dict[str, object]:
    return {"primary": primary, "also": list(also), **more}


CAUSES: list[Facts] = [
    {"file": "a", "categories": judged_as("database", "capacity")},
    {"file": "b", "categories": judged_as("network", primary_alt=["configuration"])},
    {"file": "c", "categories": judged_as(None)},
    {"file": "d", "categories": judged_as("database")},
    {"file": "e"},
]
ANSWERS = {
    "a": Answer(("capacity", "database"), 0.8),
    "b": Answer(("configuration",), 0.6),
    "c": Answer(),
    "d": Answer(("network",), 0.9),
    "e": Answer(("data",), 0.1),
}


def test_confusion_counts_accepted_alternatives_as_right() -> None:
    assert confusion(CAUSES, ANSWERS) == {
        ("database", "capacity"): 1,
        ("configuration", "configuration"): 1,
        (NONE, NONE): 1,
        ("database", "network"): 1,
    }


def test_figures_of_a_classifier() -> None:
    found = figures("x", CAUSES, ANSWERS)
    assert (found.accuracy, round(found.primary_f1, 4)) == (0.5, 0.3333)
    assert found.all_f1 == pytest.approx(2 * 3 / (4 + 4))
    # 0.8 and 0.6 are stated causes, 0.9 is none
    assert found.calibration_error == pytest.approx((0.2 + 0.4 + 0.9) / 3)
    assert figures("x", CAUSES, {}).calibration_error is None


def test_scores_of_each_category() -> None:
    scores = category_scores(CAUSES, ANSWERS)
    assert {name: (t.tp, t.fp, t.fn) for name, t in scores.items()} == {
        "capacity": (1, 0, 0),
        "configuration": (1, 0, 0),
        "database": (1, 0, 1),
        "network": (0, 1, 0),
    }


def test_macro_f1_is_over_the_categories_that_are_annotated_often() -> None:
    often: list[Facts] = [{"file": str(n), "categories": judged_as("data")} for n in range(5)]
    answers = {str(n): Answer(("data",)) for n in range(4)}
    assert macro_f1([*often, *CAUSES], answers) == pytest.approx(8 / 9)
    assert macro_f1(CAUSES, ANSWERS) == 0.0


def test_majority_reads_nothing() -> None:
    assert majority(CAUSES) == {name: Answer(("database",)) for name in "abcd"}
    assert majority([]) == {}


CAUSE = "# Outage\n\n## Root cause\n\nThe outage was caused by a deadlock in the database.\n"


def parsed(text: str) -> dict[str, object]:
    from postmortem import parse

    return parse(text, with_text=True).to_dict()


def test_cue_phrases_read_the_statement_alone() -> None:
    given = cue_phrases({"a": parsed(CAUSE), "b": parsed("# Outage\n\nThe database was slow.\n")})
    assert given["a"].labels[0] == "database"
    assert given["b"] == Answer()


def test_tfidf_reads_the_whole_report() -> None:
    folder = training_texts()
    assert folder is not None
    given = tfidf({"a": parsed(CAUSE)}, folder)["a"]
    assert given.labels[0] == "database"
    assert given.probability is not None
    assert 0.2 < given.probability < 1.0


def test_probabilities_that_mean_what_they_say_have_no_error() -> None:
    right = [True, True, True, False] * 5
    assert expected_calibration_error([0.75] * 20, right) == pytest.approx(0)
    assert expected_calibration_error([0.95] * 20, right) == pytest.approx(0.2)
    assert reliability([0.0, 1.0], [False, True], bins=2) == [(0.0, 1, 0.0, 0.0), (0.5, 1, 1.0, 1.0)]


@pytest.mark.parametrize("text", ["{", "[]", "{}"], ids=["no_json", "no_object", "no_file"])
def test_bad_annotations_are_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"gold\.jsonl, line 1"):
        read_annotations(path)


def test_agrees_with_the_reference_scorer(tmp_path: Path) -> None:
    scorer = CORPUS.parent / "evaluation" / "score.py"
    if not scorer.is_file():
        pytest.skip("the reference scorer is not beside this checkout")
    from postmortem.assemble import incidents
    from postmortem.read import read

    annotations = read_annotations(EXPECTED)
    records = []
    for facts in annotations:
        first = incidents(read(SAMPLES / facts["file"]), with_text=True)[0].to_dict()
        first["source"]["path"] = facts["file"]
        records.append(first)
    gold, said = tmp_path / "gold.jsonl", tmp_path / "records.jsonl"
    gold.write_text("".join(json.dumps(facts) + "\n" for facts in annotations), encoding="utf-8")
    said.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    command = [sys.executable, str(scorer), str(gold), str(said), str(SAMPLES), "--json"]
    reference = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = evaluate(annotations, records, SAMPLES)
    fields = [name for name, value in reference.items() if isinstance(value, dict)]
    assert len(fields) >= 15
    for name in fields:
        expected = {key: reference[name][key] for key in ("precision", "recall", "f1")}
        tally = ours[name]
        got = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
        assert {k: round(v, 4) for k, v in got.items()} == expected, name
        assert tally.support == reference[name]["n"], name


def test_command_prints_fields_and_names_missing_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Outage\n\nThe site was down for users.\n\nRoot cause: a full disk on the primary database.\n",
        encoding="utf-8",
    )
    gold = tmp_path / "gold.jsonl"
    facts = {"root_cause": {"keys": ["a full disk"], "quote": "a full disk"}, "headings_ignored": [1]}
    lines = [json.dumps({"file": name, **facts}) + "\n" for name in ("a.md", "missing.md")]
    gold.write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "postmortem", "evaluate", str(gold), "--documents", str(tmp_path)]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "missing.md" in done.stderr
    assert json.loads(done.stdout)["root cause"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "n": 2}
    errors = subprocess.run([*command, "--errors", "root cause"], capture_output=True, text=True, check=False)
    assert errors.stdout.startswith("[root cause] missing.md")
    wrong = subprocess.run([*command, "--errors", "nonsense"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2


def test_command_shows_the_categories_beside_baselines(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CAUSE, encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"file": "a.md", "categories": judged_as("database")}), encoding="utf-8")
    command = [sys.executable, "-m", "postmortem", "evaluate", str(gold), "--documents", str(tmp_path)]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    names = ["postmortem", "cue phrases", "TF-IDF, logistic regression", "majority class"]
    assert [line[:38].strip() for line in table.splitlines()[-5:-1]] == names
    assert "  1 database             1" in table
    done = subprocess.run([*command, "--json", "--no-baselines"], capture_output=True, text=True, check=True)
    categories = json.loads(done.stdout)["categories"]
    assert categories["per_class"]["database"]["f1"] == 1.0
    assert categories["confusion"] == [{"annotated": "database", "answered": "database", "count": 1}]
    assert [row["classifier"] for row in categories["classifiers"]] == ["postmortem"]


@pytest.mark.parametrize("facts", [{"root_cause": ["a"]}, {"timeline": 3}, {"trigger": ["a"]}], ids=repr)
def test_an_annotation_of_another_form_is_named(facts: Facts) -> None:
    with pytest.raises(AnnotationError, match=r"a\.md: its annotation of"):
        judged(facts, root_cause={"statement": "a", "evidence": []}, timeline=[], trigger={"statement": "b"})
