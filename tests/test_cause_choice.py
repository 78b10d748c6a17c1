"""Which sentence states the cause, chosen among all: the model, its features, and what becomes of what the rules found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ROOT
from postmortem.extract import cause_choice, roles
from postmortem.extract.cause_candidates import Candidate
from postmortem.extract.cause_choice import settled
from postmortem.learned.choice import ChoiceModel, load_model, save_model
from postmortem.training.choices import CAUSE, Choice, choice_model, fitted, load_annotated, load_causes
from postmortem.training.examples import report_of

TALE = (
    "# Blank booking page\n\nThe booking page of the hall was blank from 9:10 to 10:25 on 3 May 2024. The nightly job had written its "
    "log into the folder of the templates, and the disk of that folder is 200 MB small. I moved the log away and the page came back.\n"
)


def stated(text: str, words: str) -> Candidate:
    """Return the statement that rules would make of the sentence of `text` which begins with `words`."""
    start = text.index(words)
    end = text.index(".", start) + 1
    return Candidate(
        start, end, (0, -1), len(text[start:end].split()), 2.0, "cause.because", True, True, False, 0.0
    )


def test_a_much_likelier_sentence_takes_the_place_of_what_the_rules_found() -> None:
    found = settled(report_of(TALE), [stated(TALE, "I moved the log")], 40)
    assert any(TALE[c.start : c.end].startswith("The nightly job") for c in found)
    assert not any(TALE[c.start : c.end].startswith("I moved") for c in found)


def test_the_likeliest_sentence_stays() -> None:
    own = stated(TALE, "The nightly job")
    assert own in settled(report_of(TALE), [own], 40)


def test_every_sentence_has_features() -> None:
    report = report_of(TALE)
    seen = cause_choice.features(report)
    assert len(seen) == len(roles.reading(report).sentences) == 3
    assert all(own["cue"] >= 0.0 and 0.0 <= own["p=cause"] <= 1.0 for own in seen)
    assert [own.get("before.p") for own in seen] == [None, seen[0]["p=cause"], seen[1]["p=cause"]]
    assert [own.get("after.p") for own in seen] == [seen[1]["p=cause"], seen[2]["p=cause"], None]


def test_a_text_without_sentences_has_none() -> None:
    report = report_of("")
    assert cause_choice.features(report) == []
    assert settled(report, [], 40) == []


@pytest.mark.parametrize("most", [8, 20, 40])
def test_no_statement_of_several_sentences_grows_beyond_twice_its_words(most: int) -> None:
    found = settled(report_of(TALE), [], most)
    assert len(found) == 1 or sum(c.words for c in found) < 2 * most


CHOICES = [
    Choice("", ({"cue": 3.0, "p": 0.1 * i}, {"p": 0.9}, {"cue": 1.0}), (True, False, False), str(i % 3))
    for i in range(6)
]


def test_weights_make_the_right_sentences_likeliest() -> None:
    known = fitted(CHOICES, 20.0)
    assert known["cue"] > 0 > known["p"]
    model, metrics = choice_model(CAUSE, CHOICES)
    assert metrics["random_folds"] == metrics["by_voice"] == 1.0
    points = model.points(CHOICES[0].features)
    assert points.index(max(points)) == 0


def test_a_feature_of_a_single_report_is_not_learnt_from() -> None:
    odd = Choice("", ({"cue": 2.0, "odd": 1.0}, {"p": 0.5}), (True, False), "x")
    assert "odd" not in fitted([*CHOICES, odd], 20.0)


def test_a_saved_model_gives_the_same_points(tmp_path: Path) -> None:
    model, _ = choice_model(CAUSE, CHOICES)
    save_model(model, tmp_path / "mine")
    again = load_model(tmp_path / "mine")
    assert (again.name, again.version, again.card) == (model.name, model.version, model.card)
    assert again.points(CHOICES[0].features) == model.points(CHOICES[0].features)


@pytest.mark.parametrize("spoilt", ["{", "[]", '{"format": 9}', '{"format": 1, "name": "x", "version": "1"}'])
def test_what_is_no_model_is_refused(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / "model.json").write_text(spoilt, encoding="utf-8")
    with pytest.raises(ValueError, match="not a model of this project"):
        load_model(tmp_path)


def test_an_unknown_feature_adds_nothing() -> None:
    model = ChoiceModel("x", "1", {"cue": 2.0}, {})
    assert model.points([{"cue": 1.5, "new": 9.0}, {}]) == [3.0, 0.0]


def test_the_training_reports_are_read() -> None:
    folder = ROOT / "data" / "training"
    rows = [
        json.loads(line) for path in folder.glob("causes_*.jsonl") for line in path.read_text().splitlines()
    ]
    stated = [row for row in rows if row["cause"]]
    assert all(said in row["text"] for row in stated for said in row["cause"])
    assert len({row["id"] for row in rows}) == len(rows)
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert f"{len(rows)} whole reports, {len(stated)} of them" in card
    choices = load_causes(folder.glob("causes_*.jsonl"))
    assert len(choices) > 0.9 * len(stated)
    assert all(any(choice.right) and len(choice.right) == len(choice.features) for choice in choices)


def test_annotated_reports_are_read() -> None:
    found = load_annotated(ROOT / "data", {})
    assert [*found] == ["cause", "trigger", "resolution"]
    hands = {f"annotated {hand}" for hand in "abcdefghijkl"}
    for choices in found.values():
        assert {choice.group for choice in choices} == hands | {
            "samples",
            "validation",
            "validation2",
            "validation3",
            "validation4",
        }
        assert all(any(choice.right) and len(choice.right) == len(choice.features) for choice in choices)
