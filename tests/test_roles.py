"""What each sentence of a report is about, and how sequences are weighed."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from postmortem.extract import roles
from postmortem.learned.sequence import weighed
from postmortem.matching import Rules, Tried, rules_of
from postmortem.training.examples import report_of
from postmortem.training.sequences import load_narratives, written

REPORT = """# Ferry bookings down

On 4 March 2024 nobody could book a ferry between 10:00 and 11:30 UTC.

The booking service keeps a list of sailings in memory and reads it anew every night.
A sailing without a vessel made the reader stop half way, so the list stayed empty.

## Timeline

- 10:00 first complaint
- 11:30 list read by hand

## Action items

- Refuse a sailing without a vessel
"""


def test_the_account_is_read_and_lists_of_steps_are_not() -> None:
    report = report_of(REPORT)
    told = [REPORT[s.start : s.end] for s in roles.spoken(report)]
    assert any("reader stop half way" in text for text in told)
    assert not any("first complaint" in text or "Refuse" in text for text in told)


def test_features_say_where_a_sentence_stands() -> None:
    report = report_of(REPORT)
    sentences = roles.spoken(report)
    found = roles.features(report, sentences)
    signals = {REPORT[s.start : s.start + 11]: f[1] for s, f in zip(sentences, found, strict=True)}
    assert "stamp" in signals["On 4 March "]
    assert "s=summary" in signals["On 4 March "]
    assert "stamp" not in signals["A sailing w"]
    assert "^a" in found[-1][0]


def test_each_sentence_has_a_probability_and_the_mechanism_beats_the_complaint() -> None:
    report = report_of(REPORT)
    odds = roles.told(report, roles.CAUSE)
    assert all(0.0 <= p <= 1.0 for _, p in odds)
    at = {REPORT[told.start : told.start + 11]: p for told, p in odds}
    assert at["A sailing w"] > at["On 4 March "]


def test_neighbours_and_rules_are_signals() -> None:
    report = report_of(
        "# Desk\n\n## Summary\n\nThe desk was closed. We rolled the release back.\n\n## Next\n\nIt works.\n"
    )
    first, second = (signals for _, signals in roles.features(report, roles.spoken(report)))
    assert "h=resolution.kind" in second
    assert {"a=resolution.kind", "b=edge", "first.summary"} <= first.keys()
    assert "a=edge" in second


def test_roles_are_worked_out_once_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    report, read, counted = report_of(REPORT), roles.features, []

    def count(*given: Any) -> Any:
        counted.append(1)
        return read(*given)

    monkeypatch.setattr(roles, "features", count)
    assert roles.told(report, "cause") == roles.told(report, roles.CAUSE)
    assert len(roles.told(report, "trigger")) == len(roles.spoken(report))
    assert counted == [1]


def test_a_text_without_sentences_has_none() -> None:
    assert roles.told(report_of(""), roles.CAUSE) == []


@pytest.mark.parametrize("length", [1, 2, 4])
def test_weighing_is_the_sum_over_all_sequences(length: int) -> None:
    rng = np.random.default_rng(length)
    logits, opening, following = (
        rng.normal(size=(length, 3)),
        rng.normal(size=3),
        rng.normal(size=(3, 3)),
    )
    total = np.zeros((length, 3))
    for way in product(range(3), repeat=length):
        worth = opening[way[0]] + sum(logits[i, k] for i, k in enumerate(way))
        worth += sum(following[a, b] for a, b in zip(way, way[1:], strict=False))
        for i, k in enumerate(way):
            total[i, k] += np.exp(worth)
    expected = total / total.sum(axis=1, keepdims=True)
    assert np.allclose(weighed(logits, opening, following), expected, atol=1e-12)


@pytest.mark.parametrize("spread", [0.1, 5.0, 40.0])
def test_long_sequences_are_weighed_as_in_logarithms(spread: float) -> None:
    from scipy.special import logsumexp, softmax

    rng = np.random.default_rng(7)
    logits, opening, following = (
        rng.normal(size=(300, 4)) * 3,
        rng.normal(size=4),
        rng.normal(size=(4, 4)) * spread,
    )
    forward, backward = np.zeros((300, 4)), np.zeros((300, 4))
    forward[0] = logits[0] + opening
    for i in range(1, 300):
        forward[i] = logits[i] + logsumexp(forward[i - 1][:, None] + following, axis=0)
        backward[-i - 1] = logsumexp(following + (logits[-i] + backward[-i]), axis=1)
    expected = softmax(forward + backward, axis=1)
    assert np.allclose(weighed(logits, opening, following), expected, atol=1e-9)


def test_what_is_said_is_what_the_rules_match() -> None:
    """Rules that are passed over, for their words or because another has said so, change nothing."""
    folder = Path(__file__).parents[1] / "data" / "samples"
    plain: dict[str, list[Tried]] = {}
    for name, key in roles._RULES.items():
        for one in rules_of(name):
            if one.rule.values.get(key) not in roles._ABOUT:
                plain.setdefault(f"{name}.{one.rule.values[key]}" if key else one.rule.id, []).append(one)
    counted = 0
    for path in sorted(folder.glob("*.md"))[:12]:
        for told in roles.spoken(report_of(path.read_text(encoding="utf-8"))):
            found = roles._said(told.text, told.passed)
            expected = {what for what, rules in plain.items() if Rules(rules).matched(told.text)}
            assert len(found) == len(set(found))
            assert set(found) == expected
            counted += len(found)
    assert counted > 50


def test_narratives_keep_their_labels_through_the_sentence_cutter(tmp_path: Path) -> None:
    sections: list[dict[str, Any]] = [
        {
            "heading": "Summary",
            "list": False,
            "sentences": [["The shop was down.", "impact"], ["A loop ate the memory.", "cause"]],
        },
        {
            "heading": "Follow-up",
            "list": True,
            "sentences": [["Nobody watched the memory.", "factor"], ["We sleep less.", "lesson"]],
        },
    ]
    for style in ("markdown", "labels", "plain"):
        shown = [{**s, "heading": s["heading"] if style != "plain" else ""} for s in sections]
        text, told = written(shown, style)
        assert [text[a:b] for a, b, _ in told] == [words for s in sections for words, _ in s["sentences"]]


def test_the_training_narratives_are_sound() -> None:
    folder = Path(__file__).parents[1] / "data" / "training"
    narratives = load_narratives(folder.glob("roles*.jsonl"))
    labels = {part.label for narrative in narratives for part in narrative.parts}
    assert roles.CAUSE in labels
    assert len(labels) == 13
    assert sum(part.label == roles.CAUSE for n in narratives for part in n.parts) > 100
