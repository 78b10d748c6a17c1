"""Which percentages say how much was harmed: their features, the model, and what it is trained on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ROOT
from postmortem.extract.impact.mentions import Mention, mentions
from postmortem.extract.impact.percentages import percentages
from postmortem.extract.impact.weighing import default_model, features, is_likely, is_standing
from postmortem.training.choice_cards import impact_card
from postmortem.training.examples import report_of
from postmortem.training.percentages import Weighed, fitted, load_percentages, percentage_model


def only(text: str) -> Mention:
    """Return the one percentage of a text."""
    (found,) = mentions(report_of(text))
    return found


TABLE = (
    "# The night of the looms\n\n## Impact\n\n| Hall | Began | Orders failing | CPU |\n|---|---|---|---|\n"
    "| North | 12:31 | 82% | 9% |\n| South | 19:52 | 91% | 97% |\n"
)


def test_a_column_is_of_what_heads_it() -> None:
    assert [(m.of, m.header) for m in mentions(report_of(TABLE))] == [
        ("transactions", "orders failing"),
        ("utilisation", "cpu"),
    ] * 2
    assert [(p.value, p.of) for p in percentages(report_of(TABLE))] == [
        (82.0, "transactions"),
        (91.0, "transactions"),
    ]


LIKELY = {
    "harm": "# X\n\n## Impact\n\n40% of the pupils could not log in.\n",
    "without a word of harm": "# X\n\nOn Monday 40% of the pupils saw the timetable of last year.\n",
    "timeline": "# X\n\n## Timeline\n\n- 10:00 35% of requests fail\n",
}
UNLIKELY = {
    "alarm": "# X\n\n## Timeline\n\n- 10:00 Alarm: 5xx over 5%\n",
    "processor": "# X\n\n## Timeline\n\n- 10:00 The CPU is at 100%\n",
    "always so": "# X\n\n## Background\n\nSome 30% of our guests come by train.\n",
}


@pytest.mark.parametrize("text", LIKELY.values(), ids=LIKELY)
def test_likely(text: str) -> None:
    assert is_likely(only(text))


@pytest.mark.parametrize("text", UNLIKELY.values(), ids=UNLIKELY)
def test_unlikely(text: str) -> None:
    assert not is_likely(only(text))


FEATURES = {
    "share": ("# X\n\n## Impact\n\n40% of users left.\n", {"share", "of=users", "in=impact", "term.after"}),
    "before": (
        "# X\n\nThe error rate rose to 4%.\n",
        {"of=requests", "adverse", "term.before", "small", "harm"},
    ),
    "planned": ("# X\n\nWe will move when 40% of it is there.\n", {"planned.before", "no.past", "share"}),
    "words": ("# X\n\nOur loss: 40%, or so.\n", {"<loss", "<:", ">,", ">so"}),
    "aside": ("# X\n\n## Lessons learned\n\n40% of users left.\n", {"aside", "in=lessons"}),
    "everything": ("# X\n\nLetters lost: 100%.\n", {"all"}),
}


@pytest.mark.parametrize(("text", "expected"), FEATURES.values(), ids=FEATURES)
def test_features(text: str, expected: set[str]) -> None:
    assert expected <= features(only(text)).keys()


def test_a_share_as_it_always_is() -> None:
    assert is_standing(features(only("# X\n\nSome 30% of our guests come by train.\n")))
    assert not is_standing(features(only("# X\n\nSome 30% of our guests came by train.\n")))
    assert not is_standing(features(only("# X\n\nSixty coats, that's 30% of our guests.\n")))
    assert not is_standing(features(only("# X\n\n## Impact\n\n30% of our guests come by train.\n")))


def test_only_so_many_percentages_are_looked_at() -> None:
    assert len(list(mentions(report_of("- 5% of users\n" * 2_000)))) == 500


EXAMPLES = [
    Weighed(f"report {i}", {"any": 1.0, "share" if right else "cpu": 1.0}, False, right, str(i % 4))
    for i, right in enumerate([True, True, False] * 6)
]


def test_weights_tell_harm() -> None:
    weights = fitted(EXAMPLES)
    assert weights["share"] > 0 > weights["cpu"]
    model, metrics = percentage_model(EXAMPLES)
    assert metrics["random_folds"] == metrics["by_set"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert metrics["all_not_refused"]["precision"] == pytest.approx(2 / 3, abs=1e-3)
    assert "| `share` |" in impact_card(model, metrics)


def test_a_feature_of_two_reports_is_not_learnt_from() -> None:
    odd = [Weighed("x", {"any": 1.0, "odd": 1.0}, False, True, "x") for _ in range(5)]
    assert "odd" not in fitted([*EXAMPLES, *odd])


def test_what_the_rules_refuse_is_not_learnt_from() -> None:
    refused = [
        Weighed(f"refused {i}", {"any": 1.0, "share": 1.0}, True, False, str(i % 4)) for i in range(30)
    ]
    assert fitted([*EXAMPLES, *refused]) == fitted(EXAMPLES)


def test_what_an_annotation_leaves_open_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "expected").mkdir()
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "a.md").write_text(
        "# X\n\n20% of users left. 30% of orders failed. CPU was at 40%. 7% of members wrote.\n",
        encoding="utf-8",
    )
    facts = {
        "file": "a.md",
        "impact_percentages": [
            {"value": 20, "of": "users"},
            {"value": 7, "of": "users", "optional": True},
        ],
        "percentages_ignored": [{"value": 30}],
    }
    (tmp_path / "expected" / "a.md.json").write_text(json.dumps(facts), encoding="utf-8")
    found = load_percentages(tmp_path, {})
    assert [(one.right, one.refused, one.group) for one in found] == [
        (True, False, "samples"),
        (False, True, "samples"),
    ]


def test_the_annotated_reports_are_read() -> None:
    found = load_percentages(ROOT / "data", {})
    assert {"samples", "validation", "validation3", "validation4"} <= {one.group for one in found}
    assert sum(one.right for one in found) > 100
    assert sum(one.right and one.refused for one in found) < 0.05 * sum(one.right for one in found)


def test_the_packaged_model_knows_its_features() -> None:
    weights = default_model().weights
    assert weights["in=impact"] > 0 > weights["planned.before"]
