"""Lines that are headings by their looks: what the packaged model says, what its features are, and that training learns them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.learned.packaged import standing_in
from postmortem.normalize.build import build
from postmortem.normalize.levels import Line
from postmortem.normalize.looks import Around, features, level_by_looks, may_look_like_heading
from postmortem.training.lines import lines_model, load_lines, models_without

_BODY = "The loom controller in the weaving shed lost its pattern file, and eleven looms stood until the evening shift."

LOOKS = {
    "lower case in bold, below others": (
        f"**what stood still**\n\n{_BODY}\n\n**why it stood**\n\n{_BODY}\n\n**what we try next**\n\n- a second controller\n",
        ["what stood still", "why it stood", "what we try next"],
    ),
    "a promise before a list": (
        f"# Looms down\n\n{_BODY}\n\nWhat we'll change in the shed:\n\n- keep two pattern files\n- alarm on a still loom\n",
        ["Looms down", "What we'll change in the shed:"],
    ),
    "a sentence that ends in a colon goes on": (
        f"# Looms down\n\n{_BODY}\n\nThe controller printed the same two lines to its log again and again:\n\n    no pattern\n",
        ["Looms down"],
    ),
    "a short sentence is none": (f"# Looms down\n\n{_BODY}\n\nNobody was hurt.\n\n{_BODY}\n", ["Looms down"]),
    "a line broken by hand goes on": (
        "The pattern file of one loom controller\nwas lost in the evening, and eleven looms\nstood until the morning.\n",
        [],
    ),
    "a greeting is none": (f"Dear weavers,\n\n{_BODY}\n\nKind regards,\nOle\n", []),
}


@pytest.mark.parametrize(("text", "expected"), LOOKS.values(), ids=LOOKS)
def test_lines_are_headings_by_their_looks(text: str, expected: list[str]) -> None:
    assert [section.text.rstrip(":") for section in build(text).sections] == [e.rstrip(":") for e in expected]


@given(st.text(min_size=1, max_size=80).filter(str.strip), st.booleans(), st.integers(0, 9))
def test_features_of_any_line_are_small_numbers(content: str, after_blank: bool, blocks: int) -> None:
    content = content.strip()
    line = Line(
        content, content, "", "", 0, content, False, after_blank, not blocks, False, (), False, False, False
    )
    around = Around(0, blocks, 0, 0, 0, False, "paragraph", ".")
    assert all(0 < value <= 3 for value in features(line, around).values())
    assert level_by_looks(line, around, 4) == 4


def test_the_judge_has_the_last_word() -> None:
    seen: list[tuple[str, int]] = []

    def judge(line: Line, around: Around, ruled: int) -> int:
        seen.append((line.content, ruled))
        return 3 if line.content == "Nobody was hurt." else ruled

    text = f"# Looms down\n\n{_BODY}\n\nNobody was hurt.\n\n{_BODY}\n"
    assert [s.text for s in build(text, judge=judge).sections] == ["Looms down", "Nobody was hurt."]
    assert {("Looms down", 1), ("Nobody was hurt.", 0)} <= set(seen)


def _hand(folder: Path, hand: str, told: list[str]) -> None:
    """Write two reports of a hand who heads what is `told` with two dots."""
    for number in (1, 2):
        parts = [f"..{part}..\n\n{_BODY} {part}.\n" for part in told]
        text = f"# Looms down\n\n{_BODY}\n\n" + "\n".join(parts) + "\nNobody was hurt\n\n" + _BODY
        lines = text.split("\n")
        wanted = [
            {"line": n, "text": line, "names": ["other"]}
            for n, line in enumerate(lines, 1)
            if line.startswith(("#", ".."))
        ]
        (folder / "reports" / f"{hand}{number:02}.md").write_text(text, encoding="utf-8")
        facts = {"file": f"{hand}{number:02}.md", "headings": wanted}
        (folder / "expected" / f"{hand}{number:02}.md.json").write_text(json.dumps(facts), encoding="utf-8")


def test_training_learns_what_the_annotations_call_a_heading(tmp_path: Path) -> None:
    folder = tmp_path / "annotated"
    for name in ("reports", "expected"):
        (folder / name).mkdir(parents=True)
    for hand, told in (
        ("a", ["Weft side", "Warp side"]),
        ("b", ["Evening", "The morning"]),
        ("c", ["Yarn", "Dyes"]),
    ):
        _hand(folder, hand, told)
    reports = load_lines(tmp_path)
    model, metrics = lines_model(reports)
    assert (metrics["headings"], metrics["found"], metrics["spurious"]) == (12, 12, 0)
    text = f"# Mill stopped\n\n{_BODY}\n\n..Looms..\n\n{_BODY}\n"
    assert len(build(text).sections) == 1
    for one in (model, models_without(reports, ["annotated a"])["annotated a"]):
        with standing_in(one):
            assert [s.text for s in build(text).sections][1:] == ["..Looms.."]


def test_what_has_marks_or_a_stamp_is_left_to_the_rules() -> None:
    plain = Line("Looms", "Looms", "", "", 0, "", False, True, False, False, (), False, False, False)
    assert may_look_like_heading(plain)
    assert not may_look_like_heading(plain._replace(hashes="##"))
    assert not may_look_like_heading(plain._replace(stamped=True))
    assert not may_look_like_heading(plain._replace(content="loom " * 40))
