"""How it was noticed, as it is weighed: what a sentence says of it, the choice among all, and their training data."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from postmortem.extract import detection_choice, noticing
from postmortem.extract.detection import by_rules, detection
from postmortem.extract.detection_choice import METHODS, alternatives, likelihoods, settled, sightings
from postmortem.extract.noticing import NOTHING
from postmortem.extract.timeline import timeline
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.packaged import packaged
from postmortem.record import Detection
from postmortem.training.annotated import Annotated
from postmortem.training.choices import Choice
from postmortem.training.detections import (
    detection_model,
    likeliest,
    load_detections,
    load_noticed,
    noticed,
)
from postmortem.training.examples import Features, data_hash, report_of
from postmortem.training.unmarked import Unmarked, marked
from postmortem.vocabulary import expanded

# Sentences that no rule was written for, and what they say.
SAID = {
    "a mail": ("a student mails us that her page is blank", "customer"),
    "a screenshot": ("a player sends a screenshot of the empty lobby", "customer"),
    "an automatic page": ("automatic page to the night crew", "monitoring"),
    "a probe": ("probe red from two cities", "monitoring"),
    "a colleague": ("the colleague from the mill noticed it over coffee", "internal"),
    "a bill": ("we moved the archive to a cheaper shelf", NOTHING),
    "a plan": ("the pump will be replaced in may", NOTHING),
}


@pytest.mark.parametrize(("text", "expected"), SAID.values(), ids=SAID)
def test_what_a_sentence_says(text: str, expected: str) -> None:
    model = noticing.default_model()
    (row,) = noticing.chances([noticing.heard(text)]).tolist()
    assert sum(row) == pytest.approx(1.0)
    assert model.classes[row.index(max(row))] == expected


def test_what_is_denied_is_not_heard() -> None:
    one = noticing.heard("no alarm went off, a tenant wrote to us")
    assert one.denied
    assert "alarm" not in one.bag
    assert "monitoring" not in one.weights
    assert one.weights["customer"] >= noticing.TELLING


LABELS = {
    "Noticed by": True,
    "First reported by": True,
    "Detection": True,
    "Source": True,
    "Owner": False,
    "": False,
}


@pytest.mark.parametrize(("label", "expected"), LABELS.items(), ids=[label or "empty" for label in LABELS])
def test_labels_that_ask_for_it(label: str, expected: bool) -> None:
    assert noticing.labelled(label) is expected


REPORTS = {
    "words without a rule": (
        "# Mill\n\n## Timeline\n\n- 09:00 The sluice gate was changed\n- 09:20 Probe of the sluice is red\n"
        "- 10:00 The old gate was put back\n",
        "monitoring",
    ),
    "a screenshot in the chat": (
        "# Lobby\n\n## Timeline\n\n- 18:05 New build goes out\n- 18:20 A player drops a screenshot of the empty lobby\n"
        "- 18:40 Old build is back\n",
        "customer",
    ),
    "only that it was": (
        "# Belt\n\n## Timeline\n\n- 10:00 Issue was detected.\n- 10:20 The belt was changed.\n",
        None,
    ),
    "times alone": ("# Belt\n\n10:00\n\n10:20\n", None),
    "nothing of it": ("# Belt\n\nThe belt was 40 metres long. We changed it for a longer one.\n", None),
}


@pytest.mark.parametrize(("text", "expected"), REPORTS.values(), ids=REPORTS)
def test_method_where_no_rule_says_it(text: str, expected: str | None) -> None:
    report = report_of(text)
    found = detection(report, timeline(report))
    assert (found.method if found else None) == expected


def test_evidence_is_a_sentence_and_names_the_model() -> None:
    text, _ = REPORTS["a screenshot in the chat"]
    report = report_of(text)
    assert by_rules(report, timeline(report))[0] is None
    found = detection(report, timeline(report))
    assert found is not None
    assert "drops a screenshot" in found.evidence.text
    assert found.evidence.rule == detection_choice.default_model().rule
    assert text[found.evidence.start : found.evidence.end] == found.evidence.text


def test_what_a_rule_says_stays_unless_another_is_much_likelier() -> None:
    report = report_of("# Till\n\nSeveral shoppers wrote that the till was dead.\n")
    said = Detection("customer", report.evidence(8, 16, "detection.customer.bare"))
    other = Detection("third_party", said.evidence)
    for weight in (1.0, 4.0):
        assert settled(report, (), said, weight) is said
        after = settled(report, (), other, weight)
        assert after is not None
        assert after.method == "customer"


def test_a_sure_rule_in_the_wrong_place_is_outweighed() -> None:
    report = report_of(
        "# Press\n\n## Detection\n\nOur alert on the pressure of the pump fired at once.\n\n"
        "## Lessons\n\nA customer wrote to us two days later.\n"
    )
    late = report.document.plain.index("A customer wrote")
    rule = Detection("customer", report.evidence(late, late + 16, "detection.customer.acted"))
    found = settled(report, (), rule, 4.0)
    assert found is not None
    assert found.method == "monitoring"


def test_what_the_rules_believe_is_told_from_the_others() -> None:
    report = report_of("# Till\n\nThe till was dead at noon. Several shoppers wrote to us.\n")
    found, weight = by_rules(report, ())
    assert found is not None
    plain, ruled = sightings(report, (), None, 0.0), sightings(report, (), found, weight)
    assert not any("ruled" in own for one in plain for own in one.own.values())
    (believed,) = [one for one in ruled if "ruled" in one.own["customer"]]
    assert believed.start <= found.evidence.start < believed.end
    assert believed.own["internal"]["ruled.other"] == 1.0
    assert "ruled.other" not in believed.own["customer"]


def test_few_sentences_of_a_long_report_are_weighed() -> None:
    report = report_of("# Till\n\n" + "The till was dead again. " * 40 + "A shopper wrote to us.\n")
    seen = sightings(report, (), None, 0.0)
    assert 0 < len(seen) < 20
    assert report.document.quote(seen[-1].start, seen[-1].end) == "A shopper wrote to us."


def test_alternatives_are_pairs_and_silence() -> None:
    report = report_of(REPORTS["a screenshot in the chat"][0])
    seen = sightings(report, timeline(report), None, 0.0)
    pairs = alternatives(seen)
    assert [method for method, _ in pairs] == [*METHODS * len(seen), NOTHING]
    model = detection_choice.default_model()
    points = model.points(own for _, own in pairs)
    assert detection_choice._points(model.weights, seen) == pytest.approx(points)
    odds = likelihoods([method for method, _ in pairs], points)
    assert set(odds) == {*METHODS, NOTHING}
    assert sum(odds.values()) == pytest.approx(1.0)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["alert", "user", "wrote", "by", "we", "noticed", "**", "\n", "# A\n", "10:00 ", ". "]
        ),
        max_size=40,
    )
)
def test_any_text(words: list[str]) -> None:
    report = report_of(" ".join(words))
    entries = timeline(report)
    seen = sightings(report, entries, *by_rules(report, entries))
    assert [one.start for one in seen] == sorted(one.start for one in seen)
    found = settled(report, entries, None, 0.0)
    assert found is None or found.method in METHODS


def test_methods_count_by_the_sum_of_their_pairs() -> None:
    def choice(*right: bool) -> Choice:
        own = [{"x": 1.0}, {"x": 0.9}, {}, {}]
        return Choice("", (*own, {"x": 0.3}, {"x": 0.9}, {}, {}, {}), right, "")

    model = ChoiceModel("", "", {"x": 3.0}, {})
    first = (True, False, False, False)
    second = (False, True, False, False)
    assert not likeliest(choice(*first, *first, False), model)
    assert likeliest(choice(*second, *second, False), model)


def test_what_is_right_becomes_likeliest() -> None:
    choices = [
        Choice(
            "",
            ({"a": 1.0 + i / 10}, {"b": 1.0}, {}, {}, {"n": 1.0}),
            (True, False, False, False, False),
            str(i % 3),
        )
        for i in range(9)
    ]
    model, metrics = detection_model(choices)
    assert model.weights["a"] > 0 > model.weights["b"]
    assert metrics == {"random_folds": 1.0, "by_set": 1.0}


def test_the_training_sentences_are_labelled() -> None:
    folder = ROOT / "data" / "training"
    rows = [json.loads(line) for line in (folder / "noticing.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {method for row in rows for method in row["methods"]} == set(METHODS)
    assert len({row["text"] for row in rows}) == len(rows)
    first = Counter((*row["methods"], NOTHING)[0] for row in rows)
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert f"{len(rows)} of those entries and sentences" in card
    for method in METHODS:
        assert f"{method} {first[method]}" in card.replace("\n", " ")
    more = [
        json.loads(line) for line in (folder / "noticing_b.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert not {row["text"] for row in rows} & {row["text"] for row in more}
    assert f"{len(more)} more" in card
    noticed = load_noticed(folder)
    examples = noticed.examples
    voices = {row["voice"] for row in rows}
    telling = Counter(e.group in voices for e in examples if e.primary != NOTHING)
    assert telling[True] == len(rows) - first[NOTHING] + sum(bool(row["methods"]) for row in more)
    assert telling[False] > 0
    assert {"samples", "annotated a"} <= {report.group for report in noticed.reports}
    assert all(len(report.sentences) == len(report.odds) for report in noticed.reports)
    assert noticing.default_model().card["data_sha256"] == data_hash(examples), (
        "train again: postmortem train"
    )


def test_the_first_entry_of_the_detection_is_what_told_of_it() -> None:
    entries = [
        {"text": "gate changed", "phase": "trigger"},
        {"text": "a miller rings", "phase": "detection"},
        {"text": "the probe is red", "phase": "detection"},
        {"text": "all see it", "phase": "impact", "phase_alt": ["detection"]},
    ]
    read = [
        (e.text, e.primary, e.also, e.group)
        for e in noticed(Annotated("a", "", {"timeline": entries, "detection": ["customer", "internal"]}))
    ]
    assert read == [("gate changed", NOTHING, (), "a"), ("a miller rings", "customer", ("internal",), "a")]
    assert [*noticed(Annotated("a", "", {"timeline": entries[1:2], "detection": []}))] == []


CLASSES = ("customer", "monitoring", NOTHING)
MARKED = {
    "the likeliest of the known method": (
        ("customer",), (0.0, 0.0), ((0.6, 0.1, 0.3), (0.0, 0.1, 0.9)), ["customer", NOTHING]
    ),
    "of another method": (
        ("customer",), (0.0, 0.0), ((0.1, 0.8, 0.1), (0.4, 0.0, 0.6)), [None, "customer"]
    ),
    "two are near": (
        ("customer",), (0.0, 0.0), ((0.5, 0.1, 0.4), (0.4, 0.1, 0.5)), ["customer", None]
    ),
    "where it stands tells": (
        ("customer",), (0.0, 2.0), ((0.3, 0.0, 0.7), (0.3, 0.0, 0.7)), [NOTHING, "customer"]
    ),
    "none is likely": (
        ("customer",), (0.0, 0.0), ((0.0, 0.0, 1.0), (0.01, 0.0, 0.99)), [NOTHING, NOTHING]
    ),
    "the report does not say": ((), (0.0, 0.0), ((0.3, 0.0, 0.7), (0.7, 0.0, 0.3)), [NOTHING, None]),
}  # fmt: skip


@pytest.mark.parametrize(("methods", "odds", "chances", "expected"), MARKED.values(), ids=MARKED)
def test_sentences_are_marked(
    methods: tuple[str, ...],
    odds: tuple[float, ...],
    chances: tuple[tuple[float, ...], ...],
    expected: list[str | None],
) -> None:
    report = Unmarked("", methods, (Features({}, {}),) * len(odds), odds)
    assert marked(report, CLASSES, chances) == expected


def test_reports_to_learn_from_are_read() -> None:
    choices = load_detections(ROOT / "data", {})
    assert {"samples", "causes", "validation", "validation4"} <= {choice.group for choice in choices}
    assert all(any(choice.right) and len(choice.right) % len(METHODS) == 1 for choice in choices)


@pytest.mark.parametrize("name", ["noticing", "detection"])
def test_the_packaged_models_are_described(name: str) -> None:
    folder = packaged(name)
    assert folder.joinpath("CARD.md").read_text(encoding="utf-8").startswith(f"# Model card: {name}")
    assert json.loads(folder.joinpath("metrics.json").read_text(encoding="utf-8"))["random_folds"]


EXPANDED = {
    "once": ("%A% rang", r"(?:cats?|dogs?) rang"),
    "twice": ("%A% or %A%", r"(?:cats?|dogs?) or (?:cats?|dogs?)"),
    "two names": ("%A% %AB%", r"(?:cats?|dogs?) (?:birds)"),
    "none": (r"50 % of \w+", r"50 % of \w+"),
    "another file's": ("%ZONE%", "%ZONE%"),
}


@pytest.mark.parametrize(("pattern", "expected"), EXPANDED.values(), ids=EXPANDED)
def test_abbreviations_are_written_out(pattern: str, expected: str) -> None:
    assert expanded(pattern, {"A": "cats?|dogs?", "AB": "birds"}) == expected
