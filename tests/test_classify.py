"""Categories of a report: what decides, what is not read, and where they abstain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.classify import NO_CAUSE, categories, default_model, runs
from postmortem.classify.passage import Passage, Spoken, Stretch, Weights, exonerated, passage
from postmortem.extract.root_cause import root_cause
from postmortem.learned.packaged import standing_in
from postmortem.record import Category
from postmortem.training.examples import report_of
from postmortem.vocabulary import Rule, rules


def tagged(text: str) -> tuple[Category, ...]:
    report = report_of(text)
    return categories(report, root_cause(report))


@pytest.mark.parametrize(
    ("cause", "primary"),
    [
        (
            "The root cause was a bug in the discount calculation, which threw an unhandled exception.",
            "code_bug",
        ),
        (
            "The root cause was a misconfigured health check path in the load balancer settings.",
            "configuration",
        ),
        ("The certificate of the mail relay expired because nobody renewed it.", "credentials"),
        ("A sudden surge in traffic overwhelmed the two small web servers.", "capacity"),
        ("The disk of the log server was full, so nothing could be written.", "capacity"),
        ("A DDoS attack flooded our edge with junk requests.", "security"),
        ("A power supply failure took down rack 7 and its storage.", "hardware"),
        (
            "An engineer ran the wrong command in production and accidentally deleted the table.",
            "human_error",
        ),
        ("Our DNS provider had an outage.", "third_party"),
        ("A slow query without an index locked the invoices table.", "database"),
    ],
)
def test_the_primary_category(cause: str, primary: str) -> None:
    found = tagged(
        f"# Outage of the shop\n\n## Root cause\n{cause}\n\n## Impact\nThe database and the network team saw errors."
    )
    assert found[0].id == primary


def test_a_component_goes_beside_its_mechanism() -> None:
    found = tagged(
        "## Root cause\nmax_connections of the PostgreSQL database was set to 20 in the configuration file, far too low."
    )
    assert [c.id for c in found][:2] == ["configuration", "database"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Outage\n\nThe site was down from 10:00 to 11:00 UTC. The database and the network were busy.",
        "Lunch is at noon.",
    ],
)
def test_no_category_without_a_cause(text: str) -> None:
    assert tagged(text) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It was not DNS. The disk was full.", "The disk was full."),
        ("The database was innocent, a cable was cut.", "a cable was cut."),
        (
            "We first suspected the cache. A typo in the script stopped it.",
            "A typo in the script stopped it.",
        ),
        ("Neither the switch nor the firewall failed. The fan did.", "The fan did."),
        ("The disk was full.", "The disk was full."),
        ("It was not DNS.", "It was not DNS."),  # nothing else would be left
    ],
)
def test_what_is_cleared_of_suspicion_is_not_read(text: str, left: str) -> None:
    for start, end in sorted(exonerated(text), reverse=True):
        text = text[:start] + text[end:]
    assert text.strip(" .,") == left.strip(" .")


@pytest.mark.parametrize("rule", rules("exonerated"), ids=lambda rule: rule.id)
def test_every_clearing_rule_is_tried_where_it_matches(rule: Rule) -> None:
    for text in rule.yes:
        out = exonerated(f"{text} Then the pump burst at night.")
        found = rule.pattern.search(text.lower())
        assert found is not None
        assert any(start <= found.start() and found.end() <= end for start, end in out)


def test_the_places_of_words_are_those_of_the_source() -> None:
    text = "## Root cause\nIt was not DNS, a 2nd mail_relay wasn\u2019t\nupgraded: 3 times. Pumps burst.\n"
    report = report_of(text)
    at = text.index("Pumps")
    read = passage(report, [report.evidence(14, at, "test"), report.evidence(at, len(text), "test")])
    plain = report.document.plain
    spoken = Spoken(read)
    words = spoken.words
    assert words == [word for stretch in read.stretches for word in stretch.words]
    assert "dns" not in words
    assert "mail_relay" in words
    for number, word in enumerate(words):
        start, end = spoken.place(number, number)
        assert word == "0" or plain[start:end].lower() == word
        if number:
            before = spoken.place(number - 1, number - 1)
            assert spoken.place(number - 1, number) == (before[0], end)
            assert before[1] <= start
            assert (spoken.behind(number - 1, number + 1) > number) == (plain[before[1] : start] == " ")


WORDS = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from([" ", ". ", "/"])), max_size=40)


@given(WORDS, st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0]), min_size=7, max_size=7))
def test_no_run_of_words_that_adds_enough_is_left_out(
    said: list[tuple[str, str]], values: list[float]
) -> None:
    text = "".join(word + gap for word, gap in said)
    letters, gaps = [word for word, _ in said], [gap for _, gap in said]
    points = dict(zip("abcdefg", values, strict=True))
    worth = {word: points[word] for word in dict.fromkeys(letters) if points[word]}
    expected, at = [], 0
    while at < len(letters):
        first = at
        at += 1
        if letters[first] in worth and letters[first] not in letters[:first]:
            while at < min(len(letters), first + 4) and letters[at] in worth and gaps[at - 1] != ". ":
                at += 1
            expected.append((sum(worth[word] for word in letters[first:at]), first, at - 1))
    least = 0.35 * max(worth.values(), default=0.0)
    spoken = Spoken(Passage(text, (Stretch(0, len(text), 1.0, letters, ()),), ()))
    found = runs(spoken, worth, least)
    assert [run[1:] for run in found if run[0] >= least] == [run[1:] for run in expected if run[0] >= least]


def test_what_is_announced_as_a_cause_gets_a_category() -> None:
    model = default_model()
    doubting = model.bias.copy()
    doubting[model.classes.index(NO_CAUSE)] += 60.0
    with standing_in(replace(model, bias=doubting, _tables=[])):
        assert tagged("## Root cause\nA valve in the feed pump.") == ()
        assert tagged("The outage was caused by a worn belt in the feed pump.") != ()
    assert tagged("## Root cause\nA leaking worker.") != ()


def test_the_rest_of_the_report_does_not_outweigh_the_statement() -> None:
    cause = "## Root cause\nA memory leak in the image resizer.\n\n"
    noisy = tagged(
        cause
        + "## Impact\nThe certificate page, the firewall page and the DDoS page of the database were slow."
    )
    assert noisy[0].id == tagged(cause)[0].id == "code_bug"
    assert {c.id for c in noisy} <= {c.id for c in tagged(cause)}
    assert all(e.end <= len(cause) for c in noisy for e in c.evidence)


def test_words_elsewhere_count_least_and_are_no_evidence() -> None:
    text = "## Root cause\nA leaking worker.\n\n## Impact\nWorker pages and worker queues were slow."
    report = report_of(text)
    found = root_cause(report)
    assert found is not None
    read = passage(report, found.evidence, None, Weights(whole=0.1))
    assert {word: round(read.bag()[word], 6) for word in ("leaking", "worker", "slow")} == {
        "leaking": 1.1,
        "worker": 1.3,
        "slow": 0.1,
    }
    assert Spoken(read).words == ["a", "leaking", "worker"]


def test_words_around_the_statement_count_less() -> None:
    text = "## Root cause\nThe cause of this was a leaking worker. Disks were busy meanwhile."
    report = report_of(text)
    found = root_cause(report)
    assert found is not None
    statement = [report.evidence(text.index("The cause"), text.index(" Disks"), "test")]
    read = passage(report, statement, None, Weights(1.0, 0.5, 0.0)).bag()
    assert (read["leaking"], read["disks"]) == (1.0, 0.5)
    assert "disks" not in passage(report, statement, None, Weights(1.0, 0.0, 0.0)).bag()


@given(st.text(max_size=400))
def test_evidence_quotes_the_text(text: str) -> None:
    report = report_of("## Root cause\n" + text + " caused by a full disk, and the database crashed.\n")
    for found in categories(report, root_cause(report)):
        assert found.evidence
        assert found.probability is not None
        assert 0 <= found.probability <= 1
        spans = [(e.start, e.end) for e in found.evidence]
        assert spans == sorted(spans)
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
        for e in found.evidence:
            assert report.document.text[e.start : e.end] == e.text


def test_evidence_names_the_words_that_decided() -> None:
    found = tagged("## Root cause\nThe TLS certificate of the gateway had expired while we sat at lunch.")
    words = " ".join(e.text for e in found[0].evidence).lower()
    assert "certificate" in words or "expired" in words
    assert "lunch" not in words


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "was fine " * 12_000, "neither nor " * 9_000, "not because of " * 7_000]
)
def test_long_texts_stay_cheap(text: str) -> None:
    import time

    began = time.perf_counter()
    exonerated(text[:6_000])
    assert time.perf_counter() - began < 0.5
