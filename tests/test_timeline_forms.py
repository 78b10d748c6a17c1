"""Timeline entries in other forms: logs without lines, columns of bare figures, offsets, ticket comments; and clauses of prose."""

from __future__ import annotations

import textwrap

import pytest

from postmortem import parse

PREFACE = (
    "# Postmortem: ferry booking down\n\nDate: 2024-03-08\n\nThe booking service failed for customers.\n\n"
)


def entries(text: str) -> list[tuple[str | None, str]]:
    """(time, text) of each entry of the report."""
    timeline = parse(PREFACE + textwrap.dedent(text)).to_dict()["timeline"]
    return [(e["time"], e["text"]) for e in timeline if e["time"] is not None]


LOGS = {
    "run_of_sentences": (
        "All times UTC. 06:48 first refused bookings. 06:49 the probe in Oslo alarms, 06:55 Nia is up. 07:20 we\n"
        "move to the spare. 08:52 bookings pass again.\n",
        [
            ("06:48", "first refused bookings."),
            ("06:49", "the probe in Oslo alarms"),
            ("06:55", "Nia is up."),
            ("07:20", "we move to the spare."),
            ("08:52", "bookings pass again."),
        ],
    ),
    "run_with_arrows_in_a_timeline": (
        "## Timeline\n\n14:00 release merged, 14:07 first crash -> 14:19 second crash → 14:31 rolled back, all well\n",
        [
            ("14:00", "release merged"),
            ("14:07", "first crash"),
            ("14:19", "second crash"),
            ("14:31", "rolled back, all well"),
        ],
    ),
    "run_then_a_sentence": (
        "9:15 unplugged. 9:30 called the vendor. 13:00 they had the logs. The desk reopened at 16:00 that day.\n",
        [
            ("09:15", "unplugged."),
            ("09:30", "called the vendor."),
            ("13:00", "they had the logs."),
            ("16:00", "The desk reopened at 16:00 that day."),
        ],
    ),
    "column_of_four_digits": (
        "SEQUENCE\n\n1334  Gates stop reading\n1341  Duty desk confirms, one\n      gate tested by hand\n1402  Reader swapped\n",
        [
            ("13:34", "Gates stop reading"),
            ("13:41", "Duty desk confirms, one gate tested by hand"),
            ("14:02", "Reader swapped"),
        ],
    ),
    "column_with_dots": (
        "10.00 pumps stop\n10.15 we look at the panel\n11.00-11.45 fuse sought\n13.20 pumps run\n",
        [
            ("10:00", "pumps stop"),
            ("10:15", "we look at the panel"),
            ("11:00", "fuse sought"),
            ("13:20", "pumps run"),
        ],
    ),
    "column_with_hrs": (
        "## Timeline\n\n18.20hrs  tickets stop\n18.36hrs  driver calls\n19.05hrs  restart, no use\n",
        [("18:20", "tickets stop"), ("18:36", "driver calls"), ("19:05", "restart, no use")],
    ),
    "column_of_years_is_none": ("2019  founded\n2020  moved\n2021  grew\n", []),
    "column_out_of_order_is_none": ("1334  parts\n1102  parts\n1250  parts\n", []),
    "offsets_of_hours_and_minutes": (
        "T0 = 2024-03-08 00:40 UTC\n\n- T0 planner starts\n- T+22m plan done\n- T+2h 50m depot opens\n- T+3h05 depot calls\n",
        [
            ("00:40", "planner starts"),
            ("01:02", "plan done"),
            ("03:30", "depot opens"),
            ("03:45", "depot calls"),
        ],
    ),
    "offsets_without_a_letter": (
        "T0 = 14:07 UTC\n\nT0    first empty quote\n+9m   sales asks why\n+63m  revert live\n",
        [("14:07", "first empty quote"), ("14:16", "sales asks why"), ("15:10", "revert live")],
    ),
    "offsets_in_a_table": (
        "## Timeline\n\n| Offset | Event |\n|---|---|\n| t+0 | 07:30 archiving starts |\n| t+48 | two screens differ |\n",
        [("07:30", "archiving starts"), ("08:18", "two screens differ")],
    ),
    "day_of_the_week_in_small_letters": (
        "## Timeline\n\nfri 03:02  sync starts. as always\nfri 03:40  disk full\nsat 09:45  shelf added\n",
        [("03:02", "sync starts. as always"), ("03:40", "disk full"), ("09:45", "shelf added")],
    ),
    "comments_of_a_ticket": (
        "Comment by Ada Lin [ 2024-03-08 08:44 ]\nReceipts stop at 08:05.\n\n"
        "Comment by Bo Eng [ 2024-03-08 09:10 ]\nCarrier called.\n\n"
        "Comment by Ada Lin [ 2024-03-08 13:17 ]\nBack since 13:10. Closing.\n",
        [
            ("08:44", "Receipts stop at 08:05."),
            ("09:10", "Carrier called."),
            ("13:17", "Back since 13:10. Closing."),
        ],
    ),
    "dotted_time_behind_a_day": (
        "## Timeline\n\n| When | What |\n|---|---|\n| 8 March, 9.00 | Case opened |\n| 8 March, 11.40 | Copies found |\n",
        [("09:00", "Case opened"), ("11:40", "Copies found")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), LOGS.values(), ids=LOGS.keys())
def test_log(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert entries(text) == expected


CLAUSES = {
    "two_clauses": (
        "The first alarm rang at 8:01, and a lead was named at 8:16. Seats were sold again at 9:40.",
        [
            ("08:01", "The first alarm rang at 8:01"),
            ("08:16", "a lead was named at 8:16."),
            ("09:40", "Seats were sold again at 9:40."),
        ],
    ),
    "clause_that_its_stamp_opens": (
        "The pump stopped at 10:15; at 11:00 half of the tanks were empty.",
        [("10:15", "The pump stopped at 10:15"), ("11:00", "half of the tanks were empty.")],
    ),
    "times_of_the_same_thing": (
        "All gates failed at the same moments: 14:16, 14:17 and again at 14:20.",
        [("14:16", "All gates failed at the same moments: 14:16, 14:17 and again at 14:20.")],
    ),
    "end_of_a_length": (
        "The lift broke at 14:16 and stood until 14:50.",
        [("14:16", "The lift broke at 14:16 and stood until 14:50.")],
    ),
    "aside": (
        "The host restarted at 5:02 (such restarts are due at 5:00) and the queue was lost.",
        [("05:02", "The host restarted at 5:02 (such restarts are due at 5:00) and the queue was lost.")],
    ),
    "range_of_the_whole": (
        "At 7:05 the feed stopped. At 7:30 a driver called. At 8:10 we found the cut cable.\n\n"
        "Fares of rides between 7:05 and 8:40 will be paid back.",
        [("07:05", "the feed stopped."), ("07:30", "a driver called."), ("08:10", "we found the cut cable.")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CLAUSES.values(), ids=CLAUSES.keys())
def test_clauses_of_a_narrative(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert entries(text) == expected


STORIES = {
    "a_timeline_told_in_sentences_though_one_opens_with_a_stamp": (
        """\
        ## Timeline

        Nia restarted the gateway at 06:40, and it came up at 06:44. It fell over again at 06:51 with the same message.

        07:05 was when Tomas looked at the disk. He found it full at 07:12 and removed the old manifests at 07:20.
        """,
        ["06:40", "06:44", "06:51", "07:05", "07:12", "07:20"],
    ),
    "one_chapter_of_a_story_is_not_all_of_it": (
        """\
        ## How the morning went

        We moved the ticket printer to the new switch at 08:10. Nia saw the first jam at 08:35 and cleared it at 08:41.

        ## After dinner

        The desk called us at 11:58. We took the printer off the switch at 12:06 and it printed again at 12:09.
        """,
        ["08:10", "08:35", "08:41", "11:58", "12:06", "12:09"],
    ),
    "a_list_beside_a_longer_account": (
        """\
        - Harbour: 09:02 to 10:40
        - Island: 09:05 to 10:51
        - Fjord: 09:06 to 10:35

        Our probes reported refused bookings at 09:04. The duty engineer suspected the certificate and replaced it at 09:20,
        which changed nothing. She found at 09:48 that the seat index was empty. A rebuild was begun at 09:55. The first coach
        was bookable again at 10:31, and at 10:36 all were.
        """,
        ["09:04", "09:20", "09:48", "09:55", "10:31", "10:36"],
    ),
}


@pytest.mark.parametrize(("text", "times"), STORIES.values(), ids=STORIES.keys())
def test_stories(text: str, times: list[str]) -> None:
    assert [time for time, _ in entries(text)] == times
