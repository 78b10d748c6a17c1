"""Root cause: the report's own statement, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem.clock.carry import Calendar
from postmortem.extract.root_cause import MOST_WORDS, root_cause
from postmortem.normalize import normalize
from postmortem.record import RootCause
from postmortem.report import Report


def cause(text: str) -> RootCause | None:
    document = normalize(text)
    return root_cause(Report(document, (), Calendar(document)))


def statement(text: str) -> str | None:
    found = cause(text)
    return found.statement if found else None


STATED = {
    "field": ("# Outage\n\nRoot cause: a stale lock file\n", "a stale lock file"),
    "bold field": (
        "# Outage\n\n- **Root Cause:** The disk of the queue host was full.\n",
        "The disk of the queue host was full.",
    ),
    "section": (
        "# Outage\n\n## Root cause\n\nThe outage was caused by a wrong port in the proxy settings. We fixed the port.\n",
        "The outage was caused by a wrong port in the proxy settings.",
    ),
    "section with its fix first": (
        "# Outage\n\n## Root cause and resolution\n\nTo resolve it we rolled back. The outage was caused by a lost index.\n",
        "The outage was caused by a lost index.",
    ),
    "fields within the section": (
        "# Outage\n\n## Root cause and resolution\n\nRoot cause: A worker leaked memory.\n\nResolution: The worker was restarted.\n",
        "A worker leaked memory.",
    ),
    "goes on": (
        "# Outage\n\n## Root cause\n\nThe root cause was a slow query. The query locked the orders table and led to timeouts.\n",
        "The root cause was a slow query. The query locked the orders table and led to timeouts.",
    ),
    "background first": (
        "# Outage\n\n## Root cause\n\nOur jobs are run in two clusters. One of them failed because its token had expired.\n",
        "One of them failed because its token had expired.",
    ),
    "denial first": (
        "# Outage\n\n## Root cause\n\nThe outage was not caused by the network. It was caused by a bad release of the cart.\n",
        "It was caused by a bad release of the cart.",
    ),
    "suspicion first": (
        "# Outage\n\n## Root cause\n\nWe initially suspected the cache. The outage was caused by a duplicate job.\n",
        "The outage was caused by a duplicate job.",
    ),
    "summary": (
        "# Outage\n\n## Summary\n\nThe shop was down for an hour. The outage was caused by an expired certificate.\n\n"
        "## Actions\n\n- Renew certificates earlier\n",
        "The outage was caused by an expired certificate.",
    ),
    "story": (
        "# Outage\n\n## Investigation\n\nThe team restarted the pods. It was discovered that the new image lacked a library.\n",
        "It was discovered that the new image lacked a library.",
    ),
    "recovery told too": (
        "# Outage\n\n## Root cause\n\nThe broker lost its disk. It stayed down for hours because nothing restarts it.\n",
        "The broker lost its disk.",
    ),
    "guess first": (
        "# Outage\n\n## Why it happened\n\nA report held a lock that the import waited for.\n\n"
        "We first took the cache for the culprit, because it was cold.\n",
        "A report held a lock that the import waited for.",
    ),
    "terse log": (
        "12.03 api down\n09:12 paged\n09:30 cause: token rotated, api still holds the old one\n09:40 ok again\n",
        "token rotated, api still holds the old one",
    ),
    "question answered": (
        "# Outage\n\n## Summary\n\nThe shop was shut. Why did it happen? Because the list held a value that was no number.\n",
        "Because the list held a value that was no number.",
    ),
    "label within the section": (
        "# Outage\n\n## Why\n\n**Root cause:** demand was four times what the shop could bear.\n\n"
        "**Contributing:** the queue let people in because nobody had set its limit.\n",
        "demand was four times what the shop could bear.",
    ),
    "emphasis and wrapping": (
        "# Outage\n\n## Root cause\n\nThe outage was **caused\nby** a wrong `limit`.\n",
        "The outage was **caused by** a wrong `limit`.",
    ),
    "all of a short list": (
        "# Outage\n\n## Root cause\n\n1. The cache kept nothing\n2. The fallback had a typo\n",
        "The cache kept nothing The fallback had a typo",
    ),
    "no cue at all": (
        "# Outage\n\n## Root cause\n\nPort 22 closed on the bastion host.\n",
        "Port 22 closed on the bastion host.",
    ),
}


STOP = "# Belt stop in hall 2\n\nDate: 3 May 2022\n\n"

TOLD = {
    "deepest of a chain": (
        "## Root cause\nThe impact was caused by a drop in available lanes. This drop was caused by the lane controller "
        "restarting again and again. The restarts came from a watchdog that was set to 100 ms instead of 100 s.\n",
        "watchdog that was set to 100 ms",
    ),
    "not what set it off": (
        "## Root cause\nThe sorter keeps its lanes in a table that it reads once a day, and it does that for each of the "
        "four halls in turn. The reader contained a bug in the code for empty rows. The incident started when hall 3 was "
        "closed due to a strike, which led to a table with an empty row.\n",
        "contained a bug",
    ),
    "what set it off where nothing else is said": (
        "## Root cause\nThe outage began when a fork lift hit the cabinet.\n",
        "a fork lift hit the cabinet",
    ),
    "not the late discovery": (
        "## Summary\nA wrong speed had been typed into the controller. We noticed it late because the lamp was broken.\n",
        "wrong speed",
    ),
    "not a thought": (
        "## Investigation\nWe thought that the motor had failed due to heat. The technician found a broken wire in the duct.\n",
        "found a broken wire",
    ),
    "not an aside": (
        "## Root cause\nNote that the lamp still caused short flashes. The belt stopped because its counter overflowed.\n",
        "its counter overflowed",
    ),
    "not a purpose": (
        "## Root cause\nLast week the lanes were split so that each hall can run alone. When the split went live, the "
        "controller dropped the lanes of hall 2.\n",
        "dropped the lanes",
    ),
    "paragraph behind the label": (
        "Summary: The belt stopped.\n\nRoot Cause: Each belt has a controller and a motor.\n\n"
        "The controller of hall 2 crashed because its table was full.\n\nMitigation: A bigger table.\n",
        "its table was full",
    ),
    "issue behind a colon": (
        "## Updates\nWe have identified the issue: a migration of this morning locked the parcel table.\n",
        "locked the parcel table",
    ),
    "plain tale": (
        "At 10:05 the sorting hall stood still. The belt's firmware counted pallets in a signed byte; the 128th pallet "
        "made it negative. We restarted the controller.\n",
        "signed byte",
    ),
    "plain tale of what had been": (
        "Searches took up to 40 seconds. The index had been rebuilt on a machine with slow disks, and nobody had moved it "
        "to the fast ones afterwards.\n",
        "slow disks",
    ),
    "plain tale of what was fine": (
        "## Summary\nA failover test took the shop down. The test itself was right. The standby had not received a change "
        "since April, since its user had lost a grant, and so it refused every order.\n",
        "lost a grant",
    ),
    "title": (
        "# Ledger down because of nested locks, 2 May 2022\n\n## Timeline\n- 10:00 Ledger stops.\n- 10:20 Restarted.\n",
        "nested locks",
    ),
}


@pytest.mark.parametrize(("text", "phrase"), TOLD.values(), ids=TOLD)
def test_told(text: str, phrase: str) -> None:
    found = statement(text if text.startswith("# ") else STOP + text)
    assert found is not None
    assert phrase in found


OPEN = {
    "not found out": "On 2 May the printers were silent for an hour. They had been moved, so nobody saw it. We could not find out why.",
    "not found": "The queue had been emptied by hand, so it was gone. No cause was found.",
    "awaited": "## Root cause\nTo be determined. We are waiting for the maker's report.\n",
    "progress": "## Updates\nWe are still working on the belts.\n\nWe are seeing further improvement.\n",
    "title of what happened": "# Keys of the depot exposed\n\n## Timeline\n- 10:00 Keys seen.\n- 10:20 Keys changed.\n",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_open(text: str) -> None:
    assert statement(text) is None


@pytest.mark.parametrize(("text", "expected"), STATED.values(), ids=STATED)
def test_stated(text: str, expected: str) -> None:
    assert statement(text) == expected


NOT_STATED = {
    "empty": "",
    "nothing": "# Outage\n\nThe shop was down.\n",
    "unknown": "# Outage\n\n## Root cause\n\nThe root cause is still unknown.\n",
    "to be determined": "# Outage\n\nRoot cause: TBD\n",
    "investigating": "# Outage\n\n## Root cause\n\nWe are still investigating the cause.\n",
    "question": "# Outage\n\n## Root cause\n\nWhy did the pool run dry?\n",
    "only a suspicion": "# Outage\n\n## Summary\n\nWe initially suspected that the cache was the cause of the outage.\n",
    "only a denial": "# Outage\n\n## Summary\n\nThe outage was not caused by the database.\n",
    "only an action": "# Outage\n\n## Action items\n\n- Find out why the pool ran dry because nobody knows\n",
    "identified, not told": "# Outage\n\n## Summary\n\nWe have identified the root cause of the errors.\n",
}


@pytest.mark.parametrize("text", NOT_STATED.values(), ids=NOT_STATED)
def test_not_stated(text: str) -> None:
    assert statement(text) is None


def test_a_section_named_after_the_cause_goes_before_the_summary() -> None:
    text = "# Outage\n\n## Summary\n\nErrors rose because of a release.\n\n## Root cause\n\nThe release leaked connections.\n"
    assert statement(text) == "The release leaked connections."


def test_the_evidence_names_its_cue() -> None:
    found = cause("# Outage\n\n## Root cause\n\nIt was caused by a full disk.\n")
    assert found is not None
    assert found.evidence[0].rule == "cause.caused_by"


def test_a_run_on_sentence_is_cut() -> None:
    text = (
        "# Outage\n\n## Root cause\n\n"
        + "then the next node went away and " * 60
        + "all of it was caused by a loop in the switches "
    )
    found = cause(text + "and so on and on " * 60)
    assert found is not None
    assert "caused by a loop" in found.statement
    assert len(found.statement.split()) <= MOST_WORDS


BETTER = {
    "the sentence that says a cause before one that opens the section": (
        "# Outage\n\n## Root cause\n\nEach ferry desk keeps its price list on a disk of its own and compares it every night "
        "with the list that head office has approved. A clean-up job removed an index by mistake. "
        "Desks that were restarted during the clean-up came up without any list and therefore sold no tickets at all.\n",
        "removed an index by mistake",
    ),
    "what should have been done": (
        "# Outage\n\n## Summary\n\nThe limit which should have slowed them down was missing because of a typo.\n",
        "because of a typo",
    ),
    "somebody who did not know": (
        "# Outage\n\n## Context\n\nA colleague was clearing old desks and wasn't fully aware which list he had open.\n",
        "wasn't fully aware",
    ),
}


@pytest.mark.parametrize(("text", "expected"), BETTER.values(), ids=BETTER)
def test_the_sentence_that_says_why_is_chosen(text: str, expected: str) -> None:
    assert expected in (statement(text) or "")


CONCLUDED = {
    "a section of its own": (
        "## Five whys\n\n1. Why was the till dark? It had no power.\n2. Why had it none? The fuse was out.\n\n"
        "## Root cause\n\nThe kettle and the till shared one fuse.\n",
        "The kettle and the till shared one fuse.",
    ),
    "nothing but the questions": (
        "## Five whys\n\n1. Why was the till dark? It had no power.\n2. Why had it none? The kettle and the till shared one fuse.\n",
        "shared one fuse",
    ),
    "a short field": (
        "Shop log 12\nDate: 4 May 2021\nWhat happened: kettle and till shared one fuse\nFix: second fuse\n",
        "kettle and till shared one fuse",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CONCLUDED.values(), ids=CONCLUDED)
def test_where_the_conclusion_is_drawn(text: str, expected: str) -> None:
    found = statement("# Dark till\n\n" + text)
    assert found is not None
    assert expected in found


def test_a_change_that_set_it_off_yields_to_what_was_wrong() -> None:
    text = (
        "# Lockers\n\n**Root cause:**\n\nThe limit of open requests on some gateways of the locker service was too low, and they"
        " failed to take a part of what was sent to them by the machines at the doors.\n\nA second try mostly went through. The issue was"
        " triggered by a firmware update on the hosts of the service.\n\n**Mitigation:**\n\nThe gateways were restarted.\n"
    )
    assert "limit of open requests" in (statement(text) or "")


NEVER = {
    "thanks": "Our thanks to the harbour team for reporting the bug.",
    "a pointer": "Commit that introduced the bug (main branch): 4be1c07",
    "no harm": "There was no downtime because the spare desk was open.",
}


@pytest.mark.parametrize("sentence", NEVER.values(), ids=NEVER)
def test_what_is_never_the_cause(sentence: str) -> None:
    assert statement(f"# Outage\n\n## Summary\n\n{sentence}\n") is None


LINES = st.sampled_from(
    [
        "# Root cause",
        "## Summary",
        "It was caused by a bug.",
        "Root cause: the disk",
        "- because",
        "We fixed it.",
        "This led to",
        "",
        "`x`",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES | st.text(max_size=12), max_size=14))
def test_a_statement_is_its_evidence(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = cause(text)
    if found is not None:
        assert all(text[e.start : e.end] == e.text and e.start < e.end for e in found.evidence)
        assert found.statement.split() == " ".join(e.text for e in found.evidence).split()
        assert list(found.evidence) == sorted(found.evidence, key=lambda e: e.start)
