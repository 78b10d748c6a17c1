"""Timeline entries: where they are found, their dates, ranges and texts."""

from __future__ import annotations

import textwrap

import pytest

from postmortem import parse

PREFACE = "# Postmortem: checkout down\n\nDate: 2024-03-08\n\nThe checkout service failed and customers saw errors.\n\n"


def entries(text: str) -> list[tuple[str | None, str | None, str | None, str]]:
    """(date, time, end_time, text) of each entry of the report, whose date is 2024-03-08."""
    timeline = parse(PREFACE + textwrap.dedent(text)).to_dict()["timeline"]
    return [(e["date"], e["time"], e["end_time"], e["text"]) for e in timeline]


DAY = "2024-03-08"
CASES = {
    "items": (
        "## Timeline\n- 10:02 AM - Alerts fire.\n- 10:15 AM: Team rolls back.\n",
        [(DAY, "10:02", None, "Alerts fire."), (DAY, "10:15", None, "Team rolls back.")],
    ),
    "range": (
        "## Timeline\n* 2:05 pm to 3:15pm - Logs were read.\n* 3:20 pm - Closed.\n",
        [(DAY, "14:05", "15:15", "Logs were read."), (DAY, "15:20", None, "Closed.")],
    ),
    "past_midnight": (
        "## Timeline\n- 23:50 First errors\n- 00:20 Rollback done\n",
        [(DAY, "23:50", None, "First errors"), ("2024-03-09", "00:20", None, "Rollback done")],
    ),
    "pipe_table": (
        "## Timeline\n\n| Time (UTC) | What |\n|---|---|\n| 09:00 | Disk full |\n| 09:30 | Disk cleaned |\n",
        [(DAY, "09:00", None, "Disk full"), (DAY, "09:30", None, "Disk cleaned")],
    ),
    "hedged_and_dotted": (
        "- about 07:05   gates stop reading\n- 7.12 Ines calls the vendor\n- 07.48 gates read again\n",
        [
            (DAY, "07:05", None, "gates stop reading"),
            (DAY, "07:12", None, "Ines calls the vendor"),
            (DAY, "07:48", None, "gates read again"),
        ],
    ),
    "column_of_ends": (
        "## Timeline\n\n| from | to | |\n|---|---|---|\n| 21:02 | | Job starts |\n| 21:15 | 21:35 | Logs are read |\n",
        [(DAY, "21:02", None, "Job starts"), (DAY, "21:15", "21:35", "Logs are read")],
    ),
    "column_of_people": (
        "## Timeline\n\n| Time | Owner | Event |\n|---|---|---|\n| 09:00 | Ana | Disk full |\n| 09:30 | Ben | Disk cleaned |\n",
        [(DAY, "09:00", None, "Disk full"), (DAY, "09:30", None, "Disk cleaned")],
    ),
    "rows_that_state_the_window": (
        "| Outage began | 2024-03-08 09:00 |\n|---|---|\n| Outage ended | 2024-03-08 10:00 |\n\n"
        "At 09:10 the pager rang. At 09:40 we swapped the card. At 10:00 it ran again.\n",
        [
            (DAY, "09:10", None, "the pager rang."),
            (DAY, "09:40", None, "we swapped the card."),
            (DAY, "10:00", None, "it ran again."),
        ],
    ),
    "date_and_time_columns": (
        "## Timeline\n\n| Date | Time | Event |\n|---|---|---|\n| 2024-03-07 | 18:00 | Release |\n"
        "| 2024-03-08 | 06:10 | Page |\n",
        [("2024-03-07", "18:00", None, "Release"), (DAY, "06:10", None, "Page")],
    ),
    "headings_as_stamps": (
        "## Timeline\n\n### 08:52 PM\n\nStudents report a frozen hub.\n\n### 09:10 PM\n\nLimits are raised.\n",
        [(DAY, "20:52", None, "Students report a frozen hub."), (DAY, "21:10", None, "Limits are raised.")],
    ),
    "dated_sub_headings": (
        "## Timeline\n\n### 2024-03-09\n\n- 07:00 Backlog empty\n\n### 2024-03-10\n\n- 08:00 Review held\n",
        [("2024-03-09", "07:00", None, "Backlog empty"), ("2024-03-10", "08:00", None, "Review held")],
    ),
    "run_on_paragraph": (
        "## Timeline\n\n14:00 the pager went off. 14:05 we opened the dashboards. 14:40 the node was replaced.\n",
        [
            (DAY, "14:00", None, "the pager went off."),
            (DAY, "14:05", None, "we opened the dashboards."),
            (DAY, "14:40", None, "the node was replaced."),
        ],
    ),
    "stamp_behind_label": (
        "## Timeline\n- __Detected:__ 09:00 AM. Latency alarms rang.\n- __Fixed:__ 10:30 AM. Index added.\n",
        [(DAY, "09:00", None, "Latency alarms rang."), (DAY, "10:30", None, "Index added.")],
    ),
    "stamp_at_the_end": (
        "- **Key events**\n  - Fault occurs 2024-03-08 11:45\n  - Resolved 2024-03-08 12:07\n",
        [
            (DAY, "11:45", None, "Fault occurs 2024-03-08 11:45"),
            (DAY, "12:07", None, "Resolved 2024-03-08 12:07"),
        ],
    ),
    "sub_bullets_belong": (
        "## Timeline\n- 10:00 Page received\n  - by two people\n- 10:10 Fixed\n",
        [(DAY, "10:00", None, "Page received - by two people"), (DAY, "10:10", None, "Fixed")],
    ),
    "list_without_a_timeline_heading": (
        "## What we saw\n- 10:00 UTC first 502s\n- 10:20 UTC pool drained\n- 10:25 UTC all green\n",
        [
            (DAY, "10:00", None, "first 502s"),
            (DAY, "10:20", None, "pool drained"),
            (DAY, "10:25", None, "all green"),
        ],
    ),
    "mid_sentence_in_a_timeline": (
        "## Timeline\nThe fault was first seen at 08:00 UTC through synthetic checks.\n",
        [(DAY, "08:00", None, "The fault was first seen at 08:00 UTC through synthetic checks.")],
    ),
    "action_list_is_none": ("## Action items\n- 10:00 meeting every Monday\n- 11:00 second meeting\n", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_entries(text: str, expected: list[tuple[str, str, str | None, str]]) -> None:
    assert entries(text) == expected


def test_narrative_gives_timed_sentences() -> None:
    text = """
        At 9:05 UTC we shipped a new resolver. Around 9:30 UTC lookups began to fail, and by 9:50 UTC traffic was gone.
        Nobody was called. The old resolver was brought back at 10:15 UTC.
        """
    assert [(e[1], e[3][:24]) for e in entries(text)] == [
        ("09:05", "we shipped a new resolve"),
        ("09:30", "lookups began to fail"),
        ("09:50", "traffic was gone."),
        ("10:15", "The old resolver was bro"),
    ]


def test_window_sentence_is_no_entry_of_a_narrative() -> None:
    assert entries("Between 09:00 and 10:30 UTC users experienced errors on login.\n") == []


UPDATES = """
    # Uploads

    Investigating - Uploads fail.
    {DAY} 09:00 UTC

    Identified - A disk is full.
    {DAY} 09:20 UTC

    Resolved - Uploads work again.
    {DAY} 09:45 UTC
    """


def test_updates_with_their_stamp_below_them() -> None:
    found = [(e[1], e[3]) for e in entries(UPDATES.replace("{DAY}", DAY))]
    assert found == [
        ("09:00", "Investigating - Uploads fail."),
        ("09:20", "Identified - A disk is full."),
        ("09:45", "Resolved - Uploads work again."),
    ]


PAGES = {
    "state above, stamp below, footer": (
        "Resolved\n\nUploads work again.\n\nPosted {DAY} 09:45 UTC\n\nMonitoring\n\nThe disk is cleared.\n\n"
        "Posted {DAY} 09:20 UTC\n\nInvestigating\n\nUploads fail.\n\nPosted {DAY} 09:00 UTC\n\nThis incident affected: Uploads.\n",
        [("09:45", "Uploads work again."), ("09:20", "The disk is cleared."), ("09:00", "Uploads fail.")],
    ),
    "state and stamp above": (
        "**Resolved** · {DAY} 09:45 UTC\n\nUploads work again.\n\n**Update** · {DAY} 09:20 UTC\n\nStill looking.\n\n"
        "**Investigating** · {DAY} 09:00 UTC\n\nUploads fail.\n\nDownloads are slow.\n",
        [("09:45", "Uploads work again."), ("09:20", "Still looking."), ("09:00", "Uploads fail. Downloads are slow.")],
    ),
    "bracketed stamp and state above": (
        "[{DAY} 09:45 UTC] RESOLVED\nUploads work again.\n\n[{DAY} 09:00 UTC] IDENTIFIED\nA disk is full.\n\n"
        "## Next steps\n\n- Buy a disk\n",
        [("09:45", "Uploads work again."), ("09:00", "A disk is full.")],
    ),
    "the same words above": (
        "# Uploads\n\n{DAY} 09:00  Bulletin 1\nUploads fail.\n\n{DAY} 09:20  Bulletin 2\nA disk is full.\n\n"
        "{DAY} 09:45  Bulletin 3 (last)\nUploads work again.\n",
        [("09:00", "Uploads fail."), ("09:20", "A disk is full."), ("09:45", "Uploads work again.")],
    ),
    "who wrote it above": (
        "# Uploads\n\nMira Lund wrote on {DAY} 09:00\n\nUploads fail.\n\nOla Berg wrote on {DAY} 09:20\n\nA disk is full.\n\n"
        "Mira Lund wrote on {DAY} 09:45\n\nUploads work again.\n",
        [("09:00", "Uploads fail."), ("09:20", "A disk is full."), ("09:45", "Uploads work again.")],
    ),
    "different words tell something themselves": (
        "# Uploads\n\n{DAY} 09:00  uploads fail\n\nSeen by Mira.\n\n{DAY} 09:20  disk full\n\nFound by Ola.\n\n"
        "{DAY} 09:45  uploads back\n\nAll green.\n",
        [("09:00", "uploads fail"), ("09:20", "disk full"), ("09:45", "uploads back")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAGES.values(), ids=PAGES)
def test_updates_of_a_status_page(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(e[1], e[3]) for e in entries(text.replace("{DAY}", DAY))] == expected


NARRATIVES = {
    "below a timeline's heading": (
        "## Timeline\n\nAt 14:10 uploads began to fail. Mira saw it in the chat at 14:18 and asked. At 15:02 Ola freed the disk.\n",
        [(DAY, "14:10"), (DAY, "14:18"), (DAY, "15:02")],
    ),
    "in one line": (
        "**Timeline:** 2:15pm the old builds are deleted, 2:17pm pictures are gone, 2:30pm copying back, 2:55pm all back\n",
        [(DAY, "14:15"), (DAY, "14:17"), (DAY, "14:30"), (DAY, "14:55")],
    ),
    "turns back from the night to the evening": (
        "Calls failed at 22:48. At 01:48 we split the shard. The page showed old data at 22:52. The last shard was back at 03:15.\n",
        [(DAY, "22:48"), ("2024-03-09", "01:48"), (DAY, "22:52"), ("2024-03-09", "03:15")],
    ),
    "goes on in a later day": (
        "At 23:10 on Friday the job failed. Ines heard of it on Sunday at 07:15.\n\nWe stopped the job at 07:31.\n",
        [(DAY, "23:10"), ("2024-03-10", "07:15"), ("2024-03-10", "07:31")],
    ),
    "what went wrong": (
        "## What went wrong\n\nAt 10:00 the disk filled up. At 10:20 writes failed.\n\n- We had no alert\n",
        [(DAY, "10:00"), (DAY, "10:20")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NARRATIVES.values(), ids=NARRATIVES)
def test_narratives(text: str, expected: list[tuple[str, str]]) -> None:
    assert [e[:2] for e in entries(text)] == expected


def test_messages_of_a_chat() -> None:
    text = "Ana  09:00\nuploads fail\n\nBen  09:04\nlooking\nat it\n\nAna  09:30\nworks again\n"
    assert [(e[1], e[3]) for e in entries(text)] == [
        ("09:00", "uploads fail"),
        ("09:04", "looking at it"),
        ("09:30", "works again"),
    ]


RELATIVE = {
    "minutes": ("T0 = 23:50 UTC\n\n- T+0: users are logged out\n- T+5 min: alarm\n- T+20: all back\n",
                ["23:50", "23:55", "00:10"]),
    "hours": ("T0: 10:00\n\nT+0 disk full\nT+1:20 disk found\nT+2h all back\n", ["10:00", "11:20", "12:00"]),
    "hours and minutes": ("T0 = 10:00\n\n- T0 planner starts\n- T-15m a van is missing\n- T+2h 50m plan is found wrong\n- T+1d plan mended\n",
                          ["10:00", "09:45", "12:50", "10:00"]),
    "no beginning": ("- T+0: users are logged out\n- T+5 min: alarm\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "times"), RELATIVE.values(), ids=RELATIVE)
def test_times_since_the_beginning(text: str, times: list[str]) -> None:
    assert [e[1] for e in entries(text)] == times


def test_key_events_give_way_to_a_longer_list() -> None:
    text = """
        - **Key events**
          - First detected {DAY} 09:20
          - Resolved {DAY} 09:45
        - **Context**:
          - {DAY} 09:00 upgrade begins
          - {DAY} 09:20 first report
          - {DAY} 09:45 all back
        """.replace("{DAY}", DAY)
    assert [(e[1], e[3]) for e in entries(text)] == [
        ("09:00", "upgrade begins"),
        ("09:20", "first report"),
        ("09:45", "all back"),
    ]


def test_a_summary_that_an_account_tells_again_is_left_out() -> None:
    text = """
        ## Summary
        At 09:00 the shop began to fail.

        ## What went on
        At 09:00 the shop began to fail because a node was lost. At 09:10 the on-call engineer was paged. At 09:30 the node was back.
        """
    assert [e[1] for e in entries(text)] == ["09:00", "09:10", "09:30"]
