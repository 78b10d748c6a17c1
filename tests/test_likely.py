"""Headings in words that no phrase knows: what they are likely called, which stay as the rules have them, and the model's training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from postmortem.normalize import normalize
from postmortem.normalize.build import build
from postmortem.normalize.likely import default_model, features, is_doubtful, likeliest
from postmortem.training.cards import headings_card
from postmortem.training.examples import Example, data_hash
from postmortem.training.headings import Headed, headings_model, load_headings

REPORT = """# Ferry tickets sold twice

## In two lines

On 4 May 2024, from 08:10 to 09:40, about 300 seats on the island ferry were sold twice.

## The way a seat is held

Each kiosk keeps a lease on a seat for five minutes. The lease lives in a small store beside the harbour office, and every
kiosk asks that store before it prints.

## 4 May, by the clock

- 08:10 first double sale
- 08:25 the purser phones the harbour office
- 08:40 we see that leases end after five seconds
- 09:40 leases last five minutes again

## Why two people had one seat

The new release read the lease's length in seconds where the store had minutes, because the unit was missing from the
setting. Every lease ended at once.

## From this week on

- [ ] We will write the unit into the setting's name (Ada, 12 May)
- [ ] The kiosks should refuse a lease below one minute
- [ ] Add an alert on seats sold twice
"""


def named(text: str) -> dict[str, tuple[str, ...]]:
    return {one.text: one.names for one in normalize(text).sections}


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("The way a seat is held", "background"),
        ("4 May, by the clock", "timeline"),
        ("Why two people had one seat", "root_cause"),
        ("From this week on", "actions"),
    ],
)
def test_a_heading_in_free_words_is_named_by_what_it_heads(heading: str, name: str) -> None:
    assert named(REPORT)[heading] == (name,)


@pytest.mark.parametrize(
    "heading",
    [
        "Root cause",
        "Timeline",
        "Impact and detection",
        "Details",
        "Incident 2",
        "12:30",
        "5 May 2024",
        "The actions",
    ],
)
def test_what_the_rules_know_for_certain_and_what_says_nothing_is_not_doubted(heading: str) -> None:
    sections = build(f"# Ferry tickets sold twice\n\n## {heading}\n\nIt rained.\n", by_rule=True).sections
    assert not is_doubtful(sections, 1)


def test_two_times_are_no_timeline() -> None:
    text = "# Seats sold twice\n\n## What was it?\n\nA lease was short.\n\n## When?\n\nFrom 8:10 to 9:40 on 4 May.\n"
    assert named(text)["When?"] != ("timeline",)


def test_a_title_is_not_doubted() -> None:
    assert not is_doubtful(build(REPORT, by_rule=True).sections, 0)


def test_an_unnamed_heading_below_a_part_is_its_topic() -> None:
    text = REPORT.replace("## Why two people had", "## Root cause\n\n### Why two people had")
    assert named(text)["Why two people had one seat"] == ("other",)


@pytest.mark.parametrize(
    ("names", "chances", "expected"),
    [
        (("other",), [0.7, 0.2, 0.1], ("actions",)),
        (("other",), [0.5, 0.3, 0.2], ("other",)),
        (("impact",), [0.8, 0.1, 0.1], ("impact",)),
        (("impact",), [0.98, 0.01, 0.01], ("actions",)),
    ],
    ids=["likely", "not likely enough", "known", "sure"],
)
def test_a_name_is_given_where_it_is_likely_and_takes_anothers_place_where_it_is_sure(
    names: tuple[str, ...], chances: list[float], expected: tuple[str, ...]
) -> None:
    assert likeliest(names, ("actions", "impact", "other"), chances) == expected


def test_features_tell_place_form_and_words() -> None:
    document = build(REPORT, by_rule=True)
    bag, signals = features(document.sections, [5], document.plain, document.text)[0]
    assert list(bag) == ["from", "this", "week", "on", "^from", "^this"]
    assert signals["last"] == signals["items"] == 1.0
    assert signals["to do"] > 0.5
    assert "t=alert" in signals
    assert "first" not in signals


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="aW?# 1:\n-", max_size=40), max_size=12))
def test_names_and_nothing_else_are_changed(lines: list[str]) -> None:
    text = "\n".join(f"## {line}\n\nbody" for line in lines)
    ruled, settled = build(text, by_rule=True), build(text)
    assert [(s.text, s.level, s.start, s.end, s.parent) for s in ruled.sections] == [
        (s.text, s.level, s.start, s.end, s.parent) for s in settled.sections
    ]
    known = {*default_model().classes, *(name for s in ruled.sections for name in s.names)}
    assert all(s.names and known.issuperset(s.names) for s in settled.sections)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    for name in ("expected", "samples", "annotated/expected", "annotated/reports"):
        (data / name).mkdir(parents=True)
    parts = {
        "In two lines": ["summary"],
        "The way a seat is held": ["background"],
        "4 May, by the clock": ["timeline"],
        "Why two people had one seat": ["root_cause"],
        "From this week on": ["actions"],
    }
    headings = [{"line": 1, "text": f"## {text}", "names": names} for text, names in parts.items()]
    headings.append({"line": 1, "text": "# Ferry tickets sold twice", "names": ["title"]})
    headings[0]["names_alt"] = ["impact"]
    for where in ("expected", "annotated/expected"):
        documents = data / ("samples" if where == "expected" else "annotated/reports")
        for k in range(3):
            (documents / f"x{k}.md").write_text(REPORT, encoding="utf-8")
            facts = {"file": f"x{k}.md", "headings": headings}
            (data / where / f"x{k}.md.json").write_text(json.dumps(facts), encoding="utf-8")
    return data


def test_annotated_headings_are_read_without_titles(folder: Path) -> None:
    headings = load_headings(folder)
    assert [one.group for one in headings] == ["samples"] * 15 + ["annotated x"] * 15
    first = headings[0]
    assert (first.text, first.names, first.also) == ("In two lines", ("summary",), ("impact",))
    assert first.is_right(("impact",))
    assert not first.is_right(("timeline",))
    assert not headings[1].is_right(("background", "summary"))


def test_training_twice_gives_the_same_model_and_a_card(folder: Path) -> None:
    headings: list[Headed] = load_headings(folder)
    model, metrics = headings_model(headings)
    again, _ = headings_model(headings)
    assert (model.weights == again.weights).all()
    assert metrics["by_set"]["together"] >= metrics["by_set"]["rules"]
    assert "| all other sets | annotated x |" in headings_card(model, metrics)


@pytest.mark.skipif(not (ROOT / "data" / "annotated").is_dir(), reason="the annotated reports are not here")
def test_the_packaged_model_is_of_the_annotated_headings() -> None:
    headings = load_headings(ROOT / "data")
    known = data_hash([Example(one.text, one.names[0], one.also) for one in headings])
    assert default_model().card["data_sha256"] == known, "train again: postmortem train"
