"""The vocabulary: every rule of every file keeps to its own examples."""

from __future__ import annotations

from collections import Counter

import pytest

from conftest import VOCABULARY
from postmortem.clock import scan
from postmortem.clock.model import Interval, Moment
from postmortem.normalize.naming import heading_names, label_names
from postmortem.vocabulary import Rule, load, rules

RULES = [(name, rule) for name in VOCABULARY for rule in rules(name)]


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[rule.id for _, rule in RULES])
def test_a_rule_keeps_to_its_examples(name: str, rule: Rule) -> None:
    assert rule.yes, "a rule needs an example that it matches"
    assert rule.no, "a rule needs an example that it does not match"
    assert [text for text in rule.yes if not rule.pattern.search(text)] == []
    assert [text for text in rule.no if rule.pattern.search(text)] == []


@pytest.mark.parametrize("name", VOCABULARY)
def test_ids_are_unique(name: str) -> None:
    data = load(name)
    ids = [entry["id"] for table in ("rule", "cue") for entry in data.get(table, ()) if "id" in entry]
    assert [id for id, count in Counter(ids).items() if count > 1] == []


def test_rule_ids_are_unique_over_all_files() -> None:
    assert [id for id, count in Counter(rule.id for _, rule in RULES).items() if count > 1] == []


@pytest.mark.parametrize("name", VOCABULARY)
def test_no_phrase_stands_twice_in_an_entry(name: str) -> None:
    for table in ("cue", "heading", "label"):
        for entry in load(name).get(table, ()):
            phrases = entry.get("phrases", ())
            assert phrases, entry
            assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == []


HEADINGS = [(" ".join(e["names"]), tuple(e["names"]), e) for e in load("headings")["heading"]]
LABELS = [(" ".join(e["names"]), tuple(e["names"]), e) for e in load("labels")["label"]]


@pytest.mark.parametrize(("names", "entry"), [h[1:] for h in HEADINGS], ids=[h[0] for h in HEADINGS])
def test_headings(names: tuple[str, ...], entry: dict[str, list[str]]) -> None:
    assert entry["yes"]
    assert entry["no"]
    assert [text for text in entry["yes"] if heading_names(text) != names] == []
    assert [text for text in entry["no"] if heading_names(text) == names] == []


@pytest.mark.parametrize(("names", "entry"), [e[1:] for e in LABELS], ids=[e[0] for e in LABELS])
def test_labels(names: tuple[str, ...], entry: dict[str, list[str]]) -> None:
    assert entry["yes"]
    assert entry["no"]
    assert [text for text in entry["yes"] if not set(names) <= set(label_names(text))] == []
    assert [text for text in entry["no"] if set(names) <= set(label_names(text))] == []


ZONES = load("zones")["zone"]


@pytest.mark.parametrize("zone", ZONES, ids=[z["names"][0] for z in ZONES])
def test_zones(zone: dict[str, list[str]]) -> None:
    assert zone["yes"]
    for stamp in zone["yes"]:
        mentions = scan(stamp)
        moments = [
            m.first if isinstance(m, Interval) else m for m in mentions if isinstance(m, Moment | Interval)
        ]
        found = [m.zone for m in moments if m.zone]
        assert found, stamp
        assert {(z.offset, z.region) for z in found} == {(zone.get("offset"), zone.get("region"))}, stamp
