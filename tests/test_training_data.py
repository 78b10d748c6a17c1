"""The training data: enough, well spread, labelled with what there is, and written text by text."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from postmortem.record import Phase

FOLDER = Path(__file__).parents[1] / "data" / "training"
FILES = sorted(FOLDER.glob("root_cause_*.jsonl"))
ROWS: list[dict[str, Any]] = [
    json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines()
]
TIMELINES: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(FOLDER.glob("phases*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
NARRATIVES: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(FOLDER.glob("roles_*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]

CATEGORIES = set(
    """code_bug configuration deployment capacity database network infrastructure hardware third_party credentials data
    human_error security other""".split()
)
VOICES = {"student", "company", "status_page", "terse_log", "war_story", "non_native", "open_source"}
KINDS = {
    "plain",
    "false_lead",
    "negation",
    "symptom_elsewhere",
    "trigger_beside_fault",
    "vendor_not_at_fault",
    "no_cause",
}
ROLES = set(
    """action background cause communication detection factor false_lead impact investigation lesson other resolution
    trigger""".split()
)
MOST_ALIKE = 0.4
# A run of seven words may come back in a few passages ("between 10:00 and 11:00 UTC users could not"), not in many.
MOST_REPEATED = 8


def grams(text: str, size: int) -> list[tuple[str, ...]]:
    words = re.findall(r"[a-z]+", text.lower())
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]


def test_labels_are_those_that_there_are() -> None:
    for row in ROWS:
        also = row["also"]
        assert row["primary"] in {*CATEGORIES, None}, row["id"]
        assert set(also) <= CATEGORIES - {row["primary"]}, row["id"]
        assert len(set(also)) == len(also) <= 3, row["id"]
        assert row["primary"] or not also, row["id"]
        assert row["voice"] in VOICES, row["id"]
        assert row["kind"] in KINDS, row["id"]
        assert row["form"] in {"passage", "paragraph", "report"}, row["id"]
        assert (row["kind"] == "no_cause") == (row["primary"] is None), row["id"]


def test_ids_are_unique() -> None:
    for rows in (ROWS, TIMELINES):
        assert [id for id, count in Counter(row["id"] for row in rows).items() if count > 1] == []


def test_there_is_enough_of_everything() -> None:
    assert len(ROWS) >= 900
    primary = Counter(row["primary"] for row in ROWS)
    assert {c: primary[c] for c in CATEGORIES - {"other"} if primary[c] < 50} == {}
    assert primary["other"] >= 15
    assert primary[None] >= 50
    assert sum(bool(row["also"]) for row in ROWS) >= 0.3 * len(ROWS)
    assert sum(row["form"] != "passage" for row in ROWS) >= 0.2 * len(ROWS)
    assert sum(row["kind"] not in ("plain", "no_cause") for row in ROWS) >= 0.25 * len(ROWS)
    voices = Counter(row["voice"] for row in ROWS)
    assert {v: voices[v] for v in VOICES if voices[v] < 50} == {}


def test_no_passage_is_nearly_another() -> None:
    sets = [set(grams(row["text"], 5)) for row in ROWS]
    holders: dict[tuple[str, ...], list[int]] = {}
    for i, found in enumerate(sets):
        for gram in found:
            holders.setdefault(gram, []).append(i)
    shared = Counter(
        pair
        for those in holders.values()
        for k, i in enumerate(those)
        for pair in ((i, j) for j in those[k + 1 :])
    )
    alike = [
        (ROWS[i]["id"], ROWS[j]["id"])
        for (i, j), count in shared.items()
        if count / (len(sets[i]) + len(sets[j]) - count) >= MOST_ALIKE
    ]
    assert alike == []


def test_no_run_of_words_comes_back_often() -> None:
    often = Counter(gram for row in ROWS for gram in set(grams(row["text"], 7)))
    assert {" ".join(gram): count for gram, count in often.items() if count > MOST_REPEATED} == {}


def test_the_timelines_are_labelled_with_phases() -> None:
    known = set(get_args(Phase))
    assert len(TIMELINES) >= 120
    assert sum(len(row["entries"]) for row in TIMELINES) >= 1000
    for row in TIMELINES:
        assert row["voice"] in VOICES | {"infra_team"}
        assert row["entries"], row["id"]
        for entry in row["entries"]:
            assert entry["text"].strip()
            assert {entry["phase"], *entry["alt"]} <= known, row["id"]


def test_the_narratives_have_a_role_for_every_sentence() -> None:
    assert len({row["id"] for row in NARRATIVES}) == len(NARRATIVES) >= 130
    for row in NARRATIVES:
        assert row["style"] in ("markdown", "labels", "plain"), row["id"]
        told = [pair for section in row["sections"] for pair in section["sentences"]]
        assert len(told) >= 8, row["id"]
        assert all(text.strip() and role in ROLES for text, role in told), row["id"]


def test_the_card_counts_timelines_and_narratives() -> None:
    card = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    phases = Counter(entry["phase"] for row in TIMELINES for entry in row["entries"])
    roles = Counter(
        role for row in NARRATIVES for section in row["sections"] for _, role in section["sentences"]
    )
    for counts, rows, parts in ((phases, TIMELINES, "entries"), (roles, NARRATIVES, "sentences")):
        assert f"{len(rows)} " in card
        assert f"{counts.total():,} {parts}" in card
        for label, count in counts.items():
            assert re.search(rf"\b{label} {count}\b", card), label


def test_no_timeline_entry_follows_itself() -> None:
    for row in TIMELINES:
        assert all(a["text"] != b["text"] for a, b in pairwise(row["entries"])), row["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_lines_are_json_with_every_key(path: Path) -> None:
    keys = {"id", "voice", "form", "text", "primary", "also", "kind"}
    for line in path.read_text("utf-8").splitlines():
        assert set(json.loads(line)) == keys


def test_the_card_counts_the_passages() -> None:
    card = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert f"{len(ROWS):,} passages" in card
    for key in ("voice", "kind", "form"):
        for value, count in Counter(row[key] for row in ROWS).items():
            assert f"| {value} | {count:,} |" in card, value
    for label, count in Counter(row["primary"] for row in ROWS).items():
        if label not in ("data", "security"):
            assert f"| {label or '*(no cause)*'} | {count:,} |" in card, label
    assert f"| one or more | {sum(bool(row['also']) for row in ROWS):,} |" in card
