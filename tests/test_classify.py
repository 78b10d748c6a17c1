"""Categories of a report: what decides, what is not read, and where they abstain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.classify import categories
from postmortem.classify.passage import Weights, exonerated, passage
from postmortem.extract.root_cause import root_cause
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
    spoken = read.spoken(plain)
    words = spoken.words
    assert words == [word for stretch in read.stretches for word in stretch.words]
    assert "dns" not in words
    assert "mail_relay" in words
    for number, word in enumerate(words):
        start, end = read.place(spoken, number, number)
        assert word == "0" or plain[start:end].lower() == word
        if number:
            began, last = read.place(spoken, number - 1, number)
            assert last == end
            assert spoken.gaps[number] == plain[read.place(spoken, number - 1, number - 1)[1] : start].lower()
            assert began < start


def test_the_rest_of_the_report_is_not_read() -> None:
    cause = "## Root cause\nA memory leak in the image resizer.\n\n"
    plain = tagged(cause)
    noisy = tagged(
        cause
        + "## Impact\nThe certificate page, the firewall page and the DDoS page of the database were slow."
    )
    assert [(c.id, c.probability) for c in noisy] == [(c.id, c.probability) for c in plain]


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
    found = tagged("## Root cause\nThe TLS certificate of the gateway had expired at midnight.")
    words = " ".join(e.text for e in found[0].evidence).lower()
    assert "certificate" in words or "expired" in words
    assert "midnight" not in words


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "was fine " * 12_000, "neither nor " * 9_000, "not because of " * 7_000]
)
def test_long_texts_stay_cheap(text: str) -> None:
    import time

    began = time.perf_counter()
    exonerated(text[:6_000])
    assert time.perf_counter() - began < 0.5
