"""The trained models: plain numbers, scored as scikit-learn scores them, and refused where they are not what they should be."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from postmortem import training
from postmortem.classify import assigned, categories, default_model, model_at
from postmortem.extract import phases
from postmortem.extract.root_cause import root_cause
from postmortem.learned.features import OPENING, parts, word_counts, word_spans, words, words_at
from postmortem.learned.linear import LinearModel, load_model, save_model
from postmortem.learned.packaged import packaged, standing_in
from postmortem.training import examples, fitting, sequences
from postmortem.training.annotated import annotated
from postmortem.training.categories import root_cause_model
from postmortem.training.examples import Example
from postmortem.training.reports import Reported, load_reported

TEXTS = {
    "leak": [
        "The worker leaked memory.",
        "A leak in the parser filled the heap.",
        "Leaking handles stopped the worker.",
    ],
    "power": [
        "The rack lost power.",
        "Power was cut in the hall.",
        "A breaker took the power from the rack.",
    ],
    "": ["We do not know why.", "The review is still open.", "Nobody knows why it stopped."],
}
EXAMPLES = [
    Example(text, label, ("power",) if label == "leak" and "heap" in text else (), group=str(i % 3))
    for label, texts in TEXTS.items()
    for i, text in enumerate(texts)
]
FEATURES = [examples.features_of(e.text) for e in EXAMPLES]
UNSEEN = [
    "The heap of the worker leaked.",
    "Lost power again, twice, twice, twice.",
    "zzz",
    "",
    "Ünïcödé pöwer ﬁne",
]


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return root_cause_model(EXAMPLES, FEATURES)[0]


@pytest.fixture(scope="module")
def packaged_models() -> dict[str, LinearModel]:
    return {name: load_model(packaged(name)) for name in ("root_cause", "phases", "roles")}


def test_scores_equal_those_of_scikit_learn(model: LinearModel) -> None:
    from scipy.special import expit, softmax

    primary, second, space = fitting.heads(EXAMPLES, FEATURES, tags=True)
    asked = [examples.features_of(text) for text in [*UNSEEN, *(e.text for e in EXAMPLES)]]
    matrix = space.matrix(asked)
    expected = softmax(primary.decision_function(matrix) / model.temperature, axis=1)
    found = [model.score(f.bag, f.signals) for f in asked]
    assert tuple(primary.classes_) == model.classes
    assert np.abs(np.array([s.primary for s in found]) - expected).max() < 1e-9
    for label, head in second.items():
        each = expit(head.decision_function(matrix) / model.tag_temperature)
        assert np.abs(np.array([s.tags[model.classes.index(label)] for s in found]) - each).max() < 1e-9
    logits = model.logits([(f.bag, f.signals) for f in asked])
    assert np.abs(softmax(logits, axis=1) - expected).max() < 1e-9


def test_a_saved_model_gives_the_same_scores(model: LinearModel, tmp_path: Path) -> None:
    save_model(model, tmp_path / "mine")
    again = load_model(tmp_path / "mine")
    assert again.classes == model.classes
    for text in UNSEEN:
        f = examples.features_of(text)
        assert again.score(f.bag, f.signals).primary == model.score(f.bag, f.signals).primary
        assert again.score(f.bag, f.signals).tags == model.score(f.bag, f.signals).tags


def test_training_twice_gives_the_same_model(model: LinearModel) -> None:
    again = root_cause_model(EXAMPLES, FEATURES)[0]
    assert again.index == model.index
    assert np.array_equal(again.weights, model.weights)
    assert (again.temperature, again.threshold, again.card) == (
        model.temperature,
        model.threshold,
        model.card,
    )


def test_a_model_scores_in_any_order_alike(model: LinearModel) -> None:
    """What was scored before changes nothing: the table of words is only a cache."""
    asked = [examples.features_of(text) for text in UNSEEN]
    forth = [model.score(f.bag, f.signals).primary for f in asked]
    fresh = root_cause_model(EXAMPLES, FEATURES)[0]
    back = [fresh.score(f.bag, f.signals).primary for f in reversed(asked)]
    assert forth == back[::-1]


@pytest.mark.parametrize("text", ["", "a b a", "12 of 7 rows, 12 times", "it's 3rd re-read"])
def test_words_are_counted_as_they_are_read(text: str) -> None:
    said = words(text)
    assert word_counts(text) == {word: said.count(word) for word in said}


def test_reports_are_learnt_from_with_each_answer_that_is_accepted() -> None:
    own = examples.features_of("Kobolds ate the wire.")
    example = Example("Kobolds ate the wire.", "kobold", ("power",), "hand a", "report")
    known = Reported(example, ("power",), own, None)
    assert [(e.primary, e.also, round(e.weight, 6)) for e, _ in known.rows()] == [
        ("kobold", ("power",), 1.4),
        ("power", ("kobold",), 0.6),
    ]
    reports = [known, Reported(example, (), own, own), Reported(example, (), None, None)]
    found, metrics = root_cause_model(EXAMPLES, FEATURES, reports=reports)
    assert "kobold" in found.classes
    assert found.classes[int(np.argmax(found.score(own.bag, own.signals).primary))] == "kobold"
    assert found.card["reports"] == 3
    assert set(metrics["reports"]["each"]) == {"hand a"}


def spoil_json(folder: Path) -> None:
    (folder / "model.json").write_text("{", encoding="utf-8")


def spoil_format(folder: Path) -> None:
    facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(json.dumps(facts | {"format": 99}), encoding="utf-8")


def spoil_features(folder: Path) -> None:
    facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(
        json.dumps(facts | {"features": facts["features"][:-1]}), encoding="utf-8"
    )


def spoil_weights(folder: Path) -> None:
    (folder / "weights.npz").write_bytes(b"no weights")


def spoil_with_objects(folder: Path) -> None:
    np.savez(folder / "weights.npz", weights=np.array([{"a": 1}], dtype=object))


@pytest.mark.parametrize(
    "spoil", [spoil_json, spoil_format, spoil_features, spoil_weights, spoil_with_objects]
)
def test_what_is_no_model_is_refused(spoil: Any, model: LinearModel, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    spoil(tmp_path)
    with pytest.raises(ValueError, match="not a model"):
        load_model(tmp_path)


@pytest.mark.parametrize("weights", [{"footnotes": 0.5}, [1, 2], 3])
def test_a_model_that_reads_what_is_not_known_is_refused(
    weights: Any, model: LinearModel, tmp_path: Path
) -> None:
    save_model(replace(model, card={**model.card, "weights": weights}), tmp_path / "other")
    with pytest.raises(ValueError, match="other: not a model of this version"):
        model_at(tmp_path / "other")


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["root_cause", "phases", "roles"])
def test_the_packaged_models_say_what_they_were_made_of(
    name: str, packaged_models: dict[str, LinearModel]
) -> None:
    model = packaged_models[name]
    source = Path(__file__).parents[1] / "data" / "training"
    if name == "root_cause":
        passages = [
            *examples.load_examples(source.glob("root_cause_*.jsonl")),
            *load_reported(source.parent),
        ]
    else:
        texts = (
            [
                *sequences.load_timelines(source.glob("phases*.jsonl")),
                *sequences.load_annotated_timelines(source.parent),
            ]
            if name == "phases"
            else sequences.load_narratives(source.glob("roles*.jsonl"))
        )
        passages = [Example(part.text, part.label) for labels in texts for part in labels.parts]
    assert model.card["data_sha256"] == examples.data_hash(passages), "train again: postmortem train"
    assert model.card["trained_with"]["scikit-learn"]
    assert np.isfinite(model.weights).all()
    assert packaged(name).joinpath("CARD.md").read_text(encoding="utf-8").startswith(f"# Model card: {name}")
    assert json.loads(packaged(name).joinpath("metrics.json").read_text(encoding="utf-8"))["by_voice"]


def test_the_classes_of_the_packaged_model_are_the_categories(
    packaged_models: dict[str, LinearModel],
) -> None:
    from test_training_data import CATEGORIES

    assert set(packaged_models["root_cause"].classes) == {"", *CATEGORIES}


def test_labels_of_your_own(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    rows = [f'"{e.text}",{e.primary},{";".join(e.also)}' for e in EXAMPLES]
    table.write_text("text,label,also\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert training.train(table, tmp_path / "mine") == [tmp_path / "mine"]
    model = load_model(tmp_path / "mine")
    assert model.classes == ("", "leak", "power")
    report = examples.report_of("Root cause: the parser leaked memory until the worker stopped.")
    cause = root_cause(report)
    assert cause is not None
    assert [c.id for c in categories(report, cause, model=model)][:1] == ["leak"]


def test_two_labels_are_enough(tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    rows = [f'"{text}",{label}' for label in ("leak", "power") for text in TEXTS[label]]
    table.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    training.train(table, tmp_path / "two")
    model = load_model(tmp_path / "two")
    f = examples.features_of("The worker leaked.")
    scores = model.score(f.bag, f.signals)
    assert sum(scores.primary) == pytest.approx(1)
    assert [model.classes[k] for k, _ in assigned(model, scores)] == ["leak"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("words,label\na,b\n", "no column named text"),
        ("text,label\na,b\nc,d\n", "at least two labels"),
        ("", "no column named"),
    ],
)
def test_unusable_tables_are_refused(content: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        training.train(tmp_path / "x.csv", tmp_path / "out")


def test_training_needs_its_data(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="source checkout"):
        training.train(None, tmp_path / "out", source=tmp_path)


def test_folds_hold_every_example_once() -> None:
    labels = ["a"] * 11 + ["b"] * 3 + ["c"]
    splits = fitting.random_splits(labels)
    assert sorted(i for _, outside in splits for i in outside) == list(range(15))
    assert all(
        set(inside).isdisjoint(outside) and len(inside) + len(outside) == 15 for inside, outside in splits
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pods oom-killed, 3 times", ["pods", "oom-killed", "0", "times"]),
        ("max_connections=100", ["max_connections", "0"]),
        ("i̇stanbul link -- it's_a-b- 7up", ["i", "stanbul", "link", "it's_a-b", "0", "up"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert words_at(text, word_spans(text, 0, len(text))) == expected
    spans = word_spans(f"{text} {text}", len(text), 2 * len(text) + 1)
    assert words_at(f"{text} {text}", spans) == expected


def test_parts_of_a_word() -> None:
    assert parts("disk") == ("w=disk", "p=disk", "c= dis", "c=disk", "c=isk ")
    assert parts(OPENING + "restarted") == ("o=restarted", "o=resta*")
    assert len(parts("x" * 10_000)) == 2


def test_scoring_does_not_load_scikit_learn() -> None:
    code = (
        "import sys, postmortem; postmortem.parse('# Root cause\\nThe disk was full.\\n# Timeline\\n- 10:00 it failed');"
        "print([m for m in ('sklearn', 'scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_default_model_is_loaded_once() -> None:
    assert default_model() is default_model()


def test_a_model_stands_in_for_the_packaged_one_while_asked_for(model: LinearModel) -> None:
    named = replace(model, name="phases")
    kept = phases.default_model()
    with standing_in(named):
        assert phases.default_model() is named
        with standing_in(replace(model, name="roles")):
            assert phases.default_model() is named
    assert phases.default_model() is kept


def test_models_stand_in_while_a_report_of_their_group_is_read(tmp_path: Path, model: LinearModel) -> None:
    for name in ("a01", "b01"):
        for folder, text in (("reports", "The mill stood."), ("expected", f'{{"file": "{name}.md"}}')):
            path = tmp_path / "annotated" / folder / f"{name}.md{'.json' if folder == 'expected' else ''}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    named = replace(model, name="phases")
    kept = phases.default_model()
    read = {one.group: phases.default_model() for one in annotated(tmp_path, {"annotated a": [named]})}
    assert read == {"annotated a": named, "annotated b": kept}
    assert phases.default_model() is kept


def test_phases_are_those_of_the_model_that_stands_in() -> None:
    texts = ["We rolled the release back", "All pages load again"]
    kept = phases.odds(texts)
    turned = phases.default_model()
    with standing_in(replace(turned, bias=turned.bias[::-1].copy() * 9, _tables=[])):
        assert phases.odds(texts) != kept
    assert phases.odds(texts) == kept


def test_models_without_a_group_have_not_seen_it(tmp_path: Path) -> None:
    told = [
        ("crash", "impact"),
        ("mended", "resolution"),
        ("pages broken", "impact"),
        ("all well", "resolution"),
    ]
    rows = [
        {
            "voice": voice,
            "entries": [{"text": f"{word} {voice}", "phase": phase, "alt": []} for word, phase in told],
        }
        for voice in ("harbour", "library", "theatre")
        for _ in range(5)
    ]
    path = tmp_path / "phases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    texts = sequences.load_timelines([path])
    whole, _ = sequences.sequence_model("phases", texts)
    without = sequences.models_without(texts, whole, ["library"])
    assert [*without] == ["library"]
    assert "w=library" in whole.index
    assert "w=library" not in without["library"].index
    assert without["library"].classes == whole.classes
