"""Which items and sentences are actions: the units, their features, the model, and what becomes of what the rules found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.extract.actions import actions, by_rules
from postmortem.extract.actions.choice import default_model, in_company, settled
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.units import features, units
from postmortem.learned.choice import load_model, save_model
from postmortem.training.actions import Marked, actions_model, fitted, load_actions
from postmortem.training.examples import report_of

TALE = "# Locked shed\n\nThe key of the shed was lost on 3 May 2024 and nobody got in from 9:10 to 10:25. The locksmith came at 10:20.\n\n"


def texts(text: str) -> list[str]:
    return [action.text for action in actions(report_of(text))]


FOUND = {
    "habits below a heading that says little": (
        TALE
        + "## Stuff we're doing\n\n- Keys hang on a numbered board now. In use since Monday.\n- The porter counts them at noon\n"
        "- A spare one at the neighbour's\n",
        [
            "Keys hang on a numbered board now. In use since Monday.",
            "The porter counts them at noon",
            "A spare one at the neighbour's",
        ],
    ),
    "what is so since then": (
        TALE
        + "Since then:\n\n* We have a list of all keys on the door.\n* each key has a twin at the porter's\n",
        ["We have a list of all keys on the door.", "each key has a twin at the porter's"],
    ),
    "what changes, run in": (
        TALE
        + "**What changes.** A second key now hangs in the office. From June there will be a code lock on the door.\n",
        ["A second key now hangs in the office.", "From June there will be a code lock on the door."],
    ),
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_what_no_rule_knows(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


NONE = {
    "an account": TALE + "We then oiled the lock. The door opened and everybody was content.\n",
    "what went well": TALE + "## What went well\n\n- The locksmith was quick.\n- Nobody was hurt.\n",
    "nothing but a greeting": "Hello all,\n\nthanks for your patience.\n\nBo",
    "a timeline": "## Timeline\n\n- 09:10 key lost\n- 10:20 locksmith here\n- 10:25 door open\n",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_no_action(text: str) -> None:
    assert texts(text) == []


BELONGING = {
    "the list below an item with a state": (
        "## Action items\n\n- Code lock (in progress):\n  - eight digits, new ones each month\n  - the battery lasts a year\n- Add a hook\n",
        ["Code lock (in progress)", "Add a hook"],
    ),
    "what stands beside a table": (
        "## Action items\n\nThe three that we chose are here; the board of keys stays.\n\n| Action | Owner |\n|---|---|\n"
        "| Add a hook | Bo |\n| Buy a lamp | Al |\n",
        ["Add a hook", "Buy a lamp"],
    ),
    "the explanation of a request in bold": (
        "## Action items\n\n**Add a hook (Bo).** The keys will hang there from now on.\n",
        ["Add a hook (Bo)."],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BELONGING.values(), ids=BELONGING)
def test_what_belongs_to_an_action_is_none_of_its_own(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_items_of_a_list_and_sentences_of_a_paragraph_are_units_in_a_group() -> None:
    report = report_of("# Shed\n\nWe waited. Then:\n\n- the door opened\n- we went in. It was dark.\n\nBo\n")
    every = units(report)
    said = [report.document.plain[unit.start : unit.end] for unit in every]
    assert said == ["We waited.", "Then:", "the door opened", "we went in. It was dark.", "Bo"]
    assert [unit.group for unit in every] == [0, 0, 1, 1, 2]
    assert [set(unit.head) for unit in every[2:4]] == [{"h=then"}] * 2


def test_a_unit_begins_behind_its_label() -> None:
    report = report_of("The key was lost.\n\n**Next steps:** a second key for the porter\n")
    last = units(report)[-1]
    assert report.document.plain[last.start : last.end].strip() == "a second key for the porter"
    assert {"h=next", "h=steps"} <= set(last.head)


def test_what_the_rules_found_is_a_feature_of_it_and_of_its_neighbours() -> None:
    report = report_of("The key was lost. We will add a hook. Bo is glad.\n")
    seen = features(report, units(report), by_rules(report.document))
    assert ["rule" in own for own in seen] == [False, True, False]
    assert "a.rule" in seen[0]
    assert "b.rule" in seen[2]
    assert [own["g.rule"] for own in seen] == [1 / 3] * 3


def test_the_best_of_the_others_is_seen_and_not_more_than_it_may_tell() -> None:
    report = report_of("- a hook by the door\n- a key for Bo\n- a lamp\n\nThe end is near.\n")
    every = units(report)
    judged = in_company(every, [{}, {"rule": 1.0}, {}, {}], [9.0, 1.0, -9.0, 2.0])
    assert [own["then.best"] for own in judged] == [1.0, 3.0, 3.0, 0.0]
    assert [own["then.own"] for own in judged] == [9.0, 1.0, -9.0, 2.0]
    assert ["then.single" in own for own in judged] == [False, False, False, True]
    assert ["then.rule" in own for own in judged] == [False, True, False, False]


def test_rows_and_headings_stay_as_they_are() -> None:
    text = "## Odds and ends\n\n| what | who |\n|---|---|\n| the door was red | Bo |\n"
    start = text.index("the door")
    row = Found(start, start + len("the door was red"), "actions.row")
    assert settled(report_of(text), [row]) == [row]


def test_a_text_without_units() -> None:
    assert units(report_of("")) == []
    assert settled(report_of(""), []) == []


@given(st.text(alphabet=st.sampled_from(list("-*1.#: \n[]xWe will add an alert?|_`<br>")), max_size=200))
def test_units_lie_in_the_text_in_order(text: str) -> None:
    report = report_of(text)
    every = units(report)
    assert all(0 <= unit.start < unit.end <= len(text) for unit in every)
    assert all(before.end <= after.start for before, after in zip(every, every[1:], strict=False))
    assert len(features(report, every, by_rules(report.document))) == len(every)


def marked(text: str, right: list[bool | None], group: str) -> Marked:
    report = report_of(text)
    every = units(report)
    return Marked(text, tuple(every), tuple(features(report, every, [])), tuple(right), group)


MARKED = [
    marked(f"# Shed\n\nThe {thing} was lost.\n\n- add a second {thing}\n", [False, True], "ab"[i % 2])
    for i, thing in enumerate(["key", "lamp", "hook", "rope", "saw", "nail", "bell", "oar", "net", "jar"])
]


def test_weights_tell_actions_from_an_account() -> None:
    weights = fitted(MARKED)
    assert weights["w=add"] > 0 > weights["w=lost"]


def test_the_metrics_are_of_sets_that_were_not_learnt_from(tmp_path: Path) -> None:
    model, metrics = actions_model(MARKED)
    assert metrics["each"] == {name: {"rules": 0.0, "model": 1.0} for name in "ab"}
    save_model(model, tmp_path / "actions")
    assert load_model(tmp_path / "actions").weights == model.weights
    assert json.loads((tmp_path / "actions" / "model.json").read_text())["units"] == 2 * len(MARKED)


def test_a_unit_of_which_either_answer_is_right_is_not_learnt_from() -> None:
    free = [marked(m.text, [False, None], m.group) for m in MARKED]
    with pytest.raises(ValueError, match="class"):
        fitted(free)


def test_the_packaged_model_knows_both_looks() -> None:
    weights = default_model().weights
    assert {"then.own", "then.best", "rule", "w=will"} <= set(weights)
    assert weights["then.own"] > 0


def test_annotated_reports_and_narratives_are_read(tmp_path: Path) -> None:
    for folder in ("expected", "samples", "training"):
        (tmp_path / folder).mkdir()
    text = "# Shed\n\nThe key was lost.\n\n## Next\n\n- Add a hook.\n- A lamp, perhaps.\n"
    (tmp_path / "samples" / "shed.md").write_text(text)
    facts = {"file": "shed.md", "actions": ["Add a hook."], "actions_optional": ["A lamp, perhaps."]}
    (tmp_path / "expected" / "shed.json").write_text(json.dumps(facts))
    sections = [
        {
            "heading": "Shed",
            "list": False,
            "sentences": [["A key broke.", "cause"], ["We buy two.", "action"]],
        }
    ]
    (tmp_path / "training" / "roles_x.jsonl").write_text(
        json.dumps({"id": "x", "voice": "x", "style": "markdown", "sections": sections}) + "\n"
    )
    reports = load_actions(tmp_path, {})
    assert [(report.group, report.right) for report in reports] == [
        ("samples", (False, True, None)),
        ("narratives", (False, True)),
    ]
