"""Resolution: the sentences that say how it ended, and their kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.event_choice import RESOLUTION, default_model, scene
from postmortem.extract.resolution import resolution
from postmortem.extract.timeline import timeline
from postmortem.normalize import normalize
from postmortem.record import Resolution
from postmortem.report import Report


def resolution_of(text: str) -> Resolution | None:
    document = normalize(text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    return resolution(report, scene(report, timeline(report)))


SECTION = "# Outage of the ticket shop\n\n## Summary\nThe shop was down for an hour.\n\n## Resolution\n{}\n"

KINDS = {
    "We rolled the release back to 4.1, and the errors stopped.": "rollback",
    "The problem was resolved by restarting the web server.": "restart",
    "A fix was deployed at noon and orders came in again.": "fix",
    "We added three more workers, which brought the queue down.": "scale",
    "Traffic was rerouted to the second data centre.": "failover",
    "We raised the connection limit to 500 and the pool recovered.": "configuration",
    "Our provider replaced the faulty line card and restored the link.": "vendor",
    "The service recovered on its own without any intervention.": "self",
}


@pytest.mark.parametrize(("sentence", "kind"), KINDS.items(), ids=KINDS.values())
def test_kinds(sentence: str, kind: str) -> None:
    found = resolution_of(SECTION.format(sentence))
    assert found is not None
    assert (found.kind, found.statement) == (kind, sentence)
    text = SECTION.format(sentence)
    assert all(text[e.start : e.end] == e.text for e in found.evidence)


def test_a_failed_attempt_and_a_plan_are_left_out() -> None:
    body = "A restart did not help. The faulty release was rolled back, which ended the outage. We will add an alert."
    found = resolution_of(SECTION.format(body))
    assert found is not None
    assert found.statement == "The faulty release was rolled back, which ended the outage."


def test_a_sentence_elsewhere_that_says_it_plainly() -> None:
    found = resolution_of(
        "# Outage\n\n## Root cause\nThe disk was full. The issue was resolved by deleting old logs.\n"
    )
    assert found is not None
    assert (found.kind, found.statement) == ("fix", "The issue was resolved by deleting old logs.")


def test_the_last_step_of_the_timeline() -> None:
    text = (
        "# Outage\n\n## Timeline (UTC)\n- 10:00 Users see errors.\n- 10:10 Restarted the proxy, no effect.\n"
        "- 10:30 Rolled back to version 7.\n- 10:35 Service restored.\n"
    )
    found = resolution_of(text)
    assert found is not None
    assert (found.kind, found.statement) == ("rollback", "Rolled back to version 7. Service restored.")


def test_the_last_mitigation_where_no_step_is_known() -> None:
    text = (
        "# Outage of the ticket shop\n\n## Timeline\n- 10:00 The shop shows errors.\n"
        "- 10:20 The name servers of the shop are entered at the registrar.\n"
    )
    document = normalize(text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    first, last = timeline(report)
    found = resolution(report, scene(report, (first, replace(last, phase="mitigation"))))
    assert found is not None
    assert (found.kind, found.evidence[0].rule) == ("configuration", default_model(RESOLUTION).rule)
    assert found.statement == "The name servers of the shop are entered at the registrar."


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- 10:20 Doubled the workers, load stays at 100%\n- 10:40 Put the previous codec back\n", "Put the previous codec back"),
        ("- 10:20 I restart the proxy (nothing)\n- 10:40 Gateway told to drop the excess\n", "Gateway told to drop the excess"),
        ("- 10:20 Switched the plug-in off, no difference\n- 10:40 Lamp moved to the spare socket\n", "Lamp moved to the spare socket"),
    ],
)  # fmt: skip
def test_a_step_that_changed_nothing_gives_way(steps: str, expected: str) -> None:
    found = resolution_of(
        f"# Outage\n\n## Timeline\n- 10:00 Users see errors.\n{steps}- 11:00 Service restored.\n"
    )
    assert found is not None
    assert [e.text for e in found.evidence] == [expected, "Service restored."]


def test_nothing_is_said() -> None:
    assert resolution_of("") is None
    assert resolution_of("# Outage\n\nThe shop was slow on Monday.\n") is None


def test_at_most_eighty_words() -> None:
    found = resolution_of(SECTION.format("We restarted " + "the very old server " * 40 + "at last."))
    assert found is not None
    assert len(found.statement.split()) == 80


@given(st.text(alphabet="restarted rolled back fixed .\n#-:12", max_size=200))
def test_any_text(text: str) -> None:
    found = resolution_of("## Resolution\n" + text)
    if found is not None:
        assert found.statement == " ".join(" ".join(e.text.split()) for e in found.evidence)
