"""What a sentence is made of and where it stands, as features for the choice of the cause."""

from __future__ import annotations

import pytest

from postmortem.extract import roles
from postmortem.extract.cause_places import placed, worded
from postmortem.training.examples import report_of

TEXT = (
    "# Late trams\n\nThe depot gate stayed shut. A clerk had renamed `gate.cfg` by hand.\n\nWe lifted the barrier. "
    "Trams ran again.\n\n## Tasks\n\n- Guard gate.cfg of the depot\n"
)


@pytest.mark.parametrize(
    ("text", "features"),
    [
        pytest.param("", set(), id="nothing"),
        pytest.param("stopped.", {"w=stopped", "w=^stopped"}, id="one word has no pair"),
        pytest.param(
            "it ran 40 ms",
            {"w=it", "w=ran", "w=0", "w=ms", "w=it ran", "w=ran 0", "w=0 ms", "w=^it", "w=^it ran"},
            id="a number",
        ),
    ],
)
def test_words_and_pairs(text: str, features: set[str]) -> None:
    assert set(worded(text)) == features


def test_long_sentences_are_read_in_part() -> None:
    assert len(worded(" ".join(f"a{'b' * n}" for n in range(500)))) < 200


def test_places() -> None:
    report = report_of(TEXT)
    sentences = roles.reading(report).sentences
    shut, renamed, lifted, ran = placed(report, sentences, [0.0] * 4, [0.1, 0.0, 0.9, 0.3])
    assert [own["repaired"] for own in (shut, renamed, lifted, ran)] == [0.0, 0.0, 0.0, 1.0]
    assert [own["closes"] for own in (shut, renamed, lifted, ran)] == [0.0, 1.0, 0.0, 1.0]
    assert [own["code"] for own in (shut, renamed)] == [0.0, 2.0]
    assert shut["again"] > lifted["again"] == 0.0  # the tasks name the depot and its gate


def test_without_a_repair_nothing_comes_behind_it() -> None:
    report = report_of(TEXT)
    sentences = roles.reading(report).sentences
    none = [0.0] * len(sentences)
    assert not any(own["repaired"] for own in placed(report, sentences, none, none))


def test_what_the_repair_says_again_counts() -> None:
    report = report_of(
        "# Late trams\n\nThe depot gate stayed shut. Passengers waited outside. We lifted the gate by hand.\n"
    )
    sentences = roles.reading(report).sentences
    shut, waited, lifted = placed(report, sentences, [0.0] * 3, [0.0, 0.0, 1.0])
    assert shut["again.repair"] > waited["again.repair"] == lifted["again.repair"] == 0.0
    assert all(own["again.cause"] == 0.0 for own in (shut, waited, lifted))
    assert {"w=~depot", "w=~gate"} <= {*shut}
