"""Findings: where a report contradicts itself, and where it only seems to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.findings import findings
from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.normalize import normalize
from postmortem.record import Finding
from postmortem.report import Report


def findings_of(text: str) -> tuple[Finding, ...]:
    document = normalize(text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    entries = timeline(report)
    return findings(report, outage(report, entries), entries)


HEAD = "# Outage\n\n## Summary\n"
LIST = "\n## Timeline\n- {} Users see errors.\n- {} Rolled back.\n- {} Service fully restored.\n"

SLIPS = {
    "duration_mismatch": HEAD
    + "On 3 May 2023 from 10:00 to 12:15 UTC the shop was down. The outage lasted 45 minutes.\n",
    "end_before_start": HEAD + "The shop was down from 3 May 2023 10:00 UTC to 2 May 2023 11:00 UTC.\n",
    "timeline_out_of_order": HEAD
    + "On 3 May 2023 the shop was down."
    + LIST.format("10:00", "11:30", "11:10")
    + "- 11:40 Closed.\n",
    "entry_outside_window": HEAD
    + "On 3 May 2023 from 10:00 to 11:00 UTC the shop was down.\n"
    + LIST.format("09:30", "10:50", "11:00"),
    "percentage_over_100": HEAD + "In all, 120% of users could not log in.\n",
    "weekday_conflict": HEAD + "On Monday, 3 May 2023 the shop was down.\n",
    "year_conflict": "# Outage of 3 May 2024\n\n## Summary\nOn 3 May 2023 from 10:00 to 11:00 UTC the shop was down.\n",
    "zone_conflict": HEAD
    + "On 3 May 2023 from 10:00 to 11:00 UTC the shop was down.\n\n## Timeline (CET)\n"
    + "- 10:00 Users see errors.\n- 10:50 Rolled back.\n- 11:00 Service fully restored.\n",
}


@pytest.mark.parametrize(("code", "text"), SLIPS.items(), ids=SLIPS)
def test_a_slip_is_found(code: str, text: str) -> None:
    found = findings_of(text)
    assert [finding.code for finding in found] == [code]
    assert found[0].evidence
    assert found[0].message
    assert all(text[e.start : e.end] == e.text for e in found[0].evidence)


SOUND = {
    "rounded length": HEAD
    + "On 3 May 2023 from 10:00 to 12:10 UTC the shop was down. The outage lasted about two hours.\n",
    "past midnight": HEAD + "On 3 May 2023 from 23:00 to 01:00 UTC the shop was down.\n",
    "newest first": HEAD + "On 3 May 2023 the shop was down." + LIST.format("11:30", "11:10", "10:00"),
    "trigger before the window": HEAD
    + "On 3 May 2023 from 10:00 to 11:00 UTC the shop was down.\n\n## Timeline\n"
    + "- 09:30 Deployment of version 2 begins.\n- 10:00 Users see errors.\n- 11:00 Service fully restored.\n",
    "growth over 100": HEAD + "Latency increased by 300% and traffic was at 250% of normal.\n",
    "right weekday": HEAD + "On Wednesday, 3 May 2023 the shop was down.\n",
    "yearly dates": HEAD
    + "The certificate issued on 3 May 2022 expired on 3 May 2023, and the shop was down from 10:00 to 11:00.\n",
    "two zones, two clocks": HEAD
    + "On 3 May 2023 from 10:00 to 11:00 UTC the shop was down.\n\n## Timeline (CEST)\n"
    + "- 12:00 Users see errors.\n- 12:50 Rolled back.\n- 13:00 Service fully restored.\n",
    "empty": "",
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_what_is_sound(text: str) -> None:
    assert findings_of(text) == ()


@given(st.text(alphabet="Monday 3 May 2023-10:0%users.\n#- from to UTC", max_size=200))
def test_any_text(text: str) -> None:
    for finding in findings_of(text):
        assert all(text[e.start : e.end] == e.text for e in finding.evidence)
