"""Actions: which items ask for something, what type they are, who owns them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem import vocabulary
from postmortem.clock.carry import Calendar
from postmortem.extract.actions import actions
from postmortem.normalize import normalize
from postmortem.record import Action
from postmortem.report import Report


def actions_of(text: str) -> tuple[Action, ...]:
    document = normalize(text)
    return actions(Report(document, (), Calendar(document)))


def texts(text: str) -> list[str]:
    return [action.text for action in actions_of(text)]


def section(body: str, heading: str = "Action items") -> str:
    return f"# Outage of the shop\n\n## Root cause\nThe disk of the mail host was full.\n\n## {heading}\n{body}\n"


ITEMS = {
    "bullets": (
        "- Add an alert on disk space.\n- Rotate the logs daily.",
        ["Add an alert on disk space.", "Rotate the logs daily."],
    ),
    "numbers": (
        "1. Add an alert on disk space.\n2. Rotate the logs daily.",
        ["Add an alert on disk space.", "Rotate the logs daily."],
    ),
    "check boxes": (
        "- [ ] Add an alert on disk space.\n- [x] Rotate the logs daily.",
        ["Add an alert on disk space.", "Rotate the logs daily."],
    ),
    "bare label": ("- Task 1: Add an alert on disk space.", ["Add an alert on disk space."]),
    "telling label": ("- Log rotation: Rotate the logs daily.", ["Log rotation: Rotate the logs daily."]),
    "group label": (
        "- Monitoring:\n  - Add an alert on disk space.\n  - Chart the inode count.",
        ["Add an alert on disk space.", "Chart the inode count."],
    ),
    "item with a sub-item": (
        "- Monitoring: Watch the disks more closely.\n  - Add an alert on disk space.",
        ["Monitoring: Watch the disks more closely.", "Add an alert on disk space."],
    ),
    "intro and closing": (
        "The following measures will be taken:\n\n- Add an alert on disk space.\n\nBy implementing these measures, we aim to be safe.",
        ["Add an alert on disk space."],
    ),
    "placeholders": ("- test\n- N/A\n- Add an alert on disk space.", ["Add an alert on disk space."]),
    "lines without bullets": (
        "Add an alert on disk space.\nLogs rotated every night.\nBuild a second mail host.",
        ["Add an alert on disk space.", "Logs rotated every night.", "Build a second mail host."],
    ),
    "sign-off": (
        "We do this:\n\nAdd an alert on disk space.\n\nSincerely,\n\nthe team of the mail host",
        ["Add an alert on disk space."],
    ),
    "gerunds": (
        "These include adding an alert, testing the backups, and rotating the logs.",
        ["adding an alert", "testing the backups", "rotating the logs"],
    ),
    "prose": (
        "We will add an alert on disk space. Logs should be rotated daily.",
        ["We will add an alert on disk space.", "Logs should be rotated daily."],
    ),
    "prose already done": (
        "We have added an alert on disk space.",
        ["We have added an alert on disk space."],
    ),
    "prose that asks nothing": ("The disk was small. It filled up.", []),
    "semicolons are not items of prose": ("The disk was small; it filled up.", []),
    "semicolons part three things, asked for or not": (
        "We will do this: a second valve by the pump; the gauge read twice a day; and add a lamp.",
        ["a second valve by the pump", "the gauge read twice a day", "add a lamp."],
    ),
    "a semicolon parts two that ask": (
        "We will paint the gate; we will also oil the hinges.",
        ["We will paint the gate", "we will also oil the hinges."],
    ),
    "a semicolon before what explains": (
        "We will paint the gate; rust had eaten it.",
        ["We will paint the gate; rust had eaten it."],
    ),
    "capitals of a heading": (
        "CLOSING REMARK\n\n- Add an alert on disk space.",
        ["Add an alert on disk space."],
    ),
    "numbered like sections": (
        "4.1 The run will skip empty rows.\n4.2 An alert will be raised.",
        ["The run will skip empty rows.", "An alert will be raised."],
    ),
    "numbers in one line": (
        "1) dial plan in the change template 2) nightly test call 3) give the desk read access",
        ["dial plan in the change template", "nightly test call", "give the desk read access"],
    ),
    "letters in one item": (
        "a) rebuild only at night; b) smoke test after each rebuild; c) page the duty person",
        ["rebuild only at night", "smoke test after each rebuild", "page the duty person"],
    ),
    "status in front": ("Done: Add an alert on disk space.", ["Add an alert on disk space."]),
    "apologies": (
        "We apologize for the trouble. Add an alert on disk space.",
        ["Add an alert on disk space."],
    ),
}


@pytest.mark.parametrize(("body", "expected"), ITEMS.values(), ids=ITEMS)
def test_items(body: str, expected: list[str]) -> None:
    assert texts(section(body)) == expected


REPORTED = "# Belt stop, 3 May 2022\n\nOn 3 May 2022 the belt stood from 10:05 to 11:40.\n\n"

FORMS = {
    "links alone": (
        "## Follow-ups\n- [ ] https://example.org/acme/infra/issues/12\n- [ ] #45\n- Widen the counter\n",
        ["https://example.org/acme/infra/issues/12", "#45", "Widen the counter"],
    ),
    "group with a state": (
        "## Follow-up\n- **Belt guard** (in progress):\n  - stops at 100 pallets\n  - lamp at 90 pallets\n"
        "- **Second motor** (planned)\n",
        ["Belt guard (in progress)", "Second motor (planned)"],
    ),
    "details below": (
        "## Action items\n- Widen the counter\n  - Owner: Lea\n  - Due: June 2022\n- Alert on stops\n  - Owner: Tom\n",
        ["Widen the counter", "Alert on stops"],
    ),
    "lines with a name": (
        "AI: Lea to widen the counter\nAI: Tom to add an alert\n",
        ["Lea to widen the counter", "Tom to add an alert"],
    ),
    "people who act": (
        "## What happens next\n\nLea widens the counter this week. Tom adds an alert on stops. It was a long day.",
        ["Lea widens the counter this week.", "Tom adds an alert on stops."],
    ),
    "ordered words": (
        "## Corrective measures\nFirstly, widen the counter. Secondly, an alert is being set up. Finally, Ops orders a motor.",
        [
            "Firstly, widen the counter.",
            "Secondly, an alert is being set up.",
            "Finally, Ops orders a motor.",
        ],
    ),
    "blocks of fields": (
        "## Action items\n\nAction: Widen the counter\nOwner: Lea\n\nAction: Bigger fuse\nOwner: Tom\n",
        ["Widen the counter", "Bigger fuse"],
    ),
    "numbers with letters": (
        "## Corrective actions\nA1. Widen the counter\nA2. Alert on stops\nA3. Bigger fuse\n",
        ["Widen the counter", "Alert on stops", "Bigger fuse"],
    ),
    "roman numbers": (
        "## Preventive actions\n\ni) Widen the counter\nii) Alert on stops\niii) Keep a spare motor\n",
        ["Widen the counter", "Alert on stops", "Keep a spare motor"],
    ),
    "letters in running text": (
        "## Action items\n(a) Widen the counter. (b) Alert on stops. (c) Ask the hall master.\n",
        ["Widen the counter", "Alert on stops", "Ask the hall master."],
    ),
    "letters after a run-in heading": (
        "Next steps. (a) We will widen the counter. (b) We will alert on stops.\n",
        ["We will widen the counter.", "We will alert on stops."],
    ),
    "bullets in one line": (
        "## Action items\n\nTo fix: • widen the counter • a lamp for the belt • alert on stops\n",
        ["widen the counter", "a lamp for the belt", "alert on stops"],
    ),
    "three commands": (
        "## Action items\n\nWiden the counter (Lea asked for it, twice), fix the lamp, and alert on stops.\n",
        ["Widen the counter (Lea asked for it, twice)", "fix the lamp", "alert on stops."],
    ),
    "two commands, an aside": (
        "## Action items\n\nWiden the counter, as agreed, and alert on stops.\n",
        ["Widen the counter, as agreed, and alert on stops."],
    ),
    "letters in brackets": (
        "## Follow-ups\n[A] Widen the counter\n[B] Alert on stops\n",
        ["Widen the counter", "Alert on stops"],
    ),
    "tickets in front": (
        "## Action items\nOPS-12 Widen the counter\nOPS-13 Alert on stops\n",
        ["OPS-12 Widen the counter", "OPS-13 Alert on stops"],
    ),
    "requests in bold": (
        "## Action items\n\n**Widen the counter (Lea).** A byte is too small; 32 bits will do.\n\n"
        "**Alert on stops (Tom).** Page the hall master when a belt stands.\n",
        ["Widen the counter (Lea).", "Alert on stops (Tom)."],
    ),
    "headings that ask": (
        "## Prevention\n\n### Widen the counter\nOwner: Lea\n\n### Alert on stops\nOwner: Tom\n",
        ["Widen the counter", "Alert on stops"],
    ),
    "headings in bold": (
        "**Follow up items:**\n\n**1. Widen the counter**\nOwner: Lea\n\n**2. Alert on stops**\nOwner: Tom\n",
        ["Widen the counter", "Alert on stops"],
    ),
    "register without a heading": (
        "| Corrective action | Responsible | Date |\n|---|---|---|\n| Counter widened | Lea | 4 May |\n",
        ["Counter widened"],
    ),
    "series of gerunds": (
        "## Prevention\nWe are widening the counter, adding an alert and keeping a spare motor.",
        ["We are widening the counter", "adding an alert", "keeping a spare motor."],
    ),
    "what comes of it is no item": (
        "## Prevention\nWe are widening the counter, ensuring that a day fits.",
        ["We are widening the counter, ensuring that a day fits."],
    ),
    "besides": (
        "## Prevention\nBesides the repair, we will widen the counter.",
        ["we will widen the counter."],
    ),
    "two under way": (
        "The firm takes measures. These include widening the counter, adding an alert, and testing at night. "
        "A review of the belts and an audit of the motors are also under way.",
        [
            "widening the counter",
            "adding an alert",
            "testing at night",
            "A review of the belts",
            "an audit of the motors",
        ],
    ),
    "repair is no promise": (
        "## Mitigation\nTo avoid more jams, we switched the belt off.\n\n## Action items\n- Alert on stops\n",
        ["Alert on stops"],
    ),
    "introduced list": (
        "What I'd like us to do:\n- widen the counter\n- somebody please check the belts\n",
        ["widen the counter", "somebody please check the belts"],
    ),
    "list of what was done then": ("We took these steps:\n- called the vendor\n- switched it off\n", []),
    "counter-measures": (
        "Counter-measures: a wider counter for each belt, and better alerts on stops. We are sorry.",
        ["a wider counter for each belt", "and better alerts on stops"],
    ),
    "habits": (
        "## Going forward\nThe hall master carries a pager. Spare motors are kept on site. It was hot.",
        ["The hall master carries a pager.", "Spare motors are kept on site."],
    ),
    "what becomes of the list": (
        "## Action items\n- Widen the counter\n\nThe list is reviewed on 1 July. Read more in the wiki.",
        ["Widen the counter"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_forms(text: str, expected: list[str]) -> None:
    assert texts(REPORTED + text) == expected


RUN_IN = {
    "semicolons": (
        "Follow ups: alert on spool size; ask the carrier for a spare line; write a guide.",
        ["alert on spool size", "ask the carrier for a spare line", "write a guide."],
    ),
    "commas": (
        "To improve: monitor leases, test the failover each month, document the plan.",
        ["monitor leases", "test the failover each month", "document the plan."],
    ),
    "after the incident": (
        "Actions taken after the incident: bought two spare disks; added a graph of the queue.",
        ["bought two spare disks", "added a graph of the queue."],
    ),
    "announced": ("In future, reports will run on the copy.", ["In future, reports will run on the copy."]),
    "table without a heading": (
        "Action Item | Owner | Due\n--- | --- | ---\nPage on a long queue | @kim | 2024-05-01",
        ["Page on a long queue"],
    ),
    "no table of actions": (
        "Time | Action | Result\n--- | --- | ---\n10:00 | Restart of the host | none",
        [],
    ),
}


@pytest.mark.parametrize(("line", "expected"), RUN_IN.values(), ids=RUN_IN)
def test_items_without_a_section(line: str, expected: list[str]) -> None:
    assert (
        texts(f"# Outage of the shop\n\nCause: the disk of the mail host was full.\n\n{line}\n") == expected
    )


HEADED = {
    "What we change": True,
    "What we have done and will do": True,
    "We will": True,
    "Preventive actions taken": True,
    "Actions taken": False,
    "We will not": False,
    "What changed before the outage": False,
}


# The model of headings takes this one for a promise.
UNMET = {"We will not"}


@pytest.mark.parametrize(
    ("heading", "asks"),
    [
        pytest.param(*case, id=case[0], marks=[pytest.mark.xfail(strict=True)] if case[0] in UNMET else [])
        for case in HEADED.items()
    ],
)
def test_headings_that_promise(heading: str, asks: bool) -> None:
    assert bool(texts(section("- The switch was moved to the other rack.", heading))) == asks


def test_what_the_next_sentence_says_of_an_action() -> None:
    body = "An alert will be raised. Owner: Lea. Due: June 2024. Logs will be rotated."
    found = [(a.text, a.owner, a.due) for a in actions_of(section(body))]
    assert found == [
        ("An alert will be raised.", "Lea", "June 2024"),
        ("Logs will be rotated.", None, None),
    ]


def test_a_column_of_types_and_empty_values() -> None:
    body = (
        "| ID | What | Type | Who | By when |\n|---|---|---|---|---|\n"
        "| 1 | Lower the number of threads | Mitigate | Lea | TBD |\n"
        "| 2 | Split the pools | Detect | ? | 2024-03-01 |"
    )
    found = [(a.text, a.type, a.owner, a.due, a.ticket) for a in actions_of(section(body))]
    assert found == [
        ("Lower the number of threads", "mitigate", "Lea", None, None),
        ("Split the pools", "detect", None, "2024-03-01", None),
    ]


def test_steps_during_the_incident_are_no_actions() -> None:
    assert texts(section("- Restarted the mail host.", "Immediate actions taken")) == []


def test_table() -> None:
    body = (
        "| Action item | Owner | Due | Ticket | Status |\n|---|---|---|---|---|\n"
        "| Add an alert on disk space | Storage team | 2024-06-01 | OPS-12 | open |\n"
        "| Rotate the logs daily | @kim | | #77 | done |"
    )
    found = [(a.text, a.owner, a.due, a.ticket) for a in actions_of(section(body))]
    assert found == [
        ("Add an alert on disk space", "Storage team", "2024-06-01", "OPS-12"),
        ("Rotate the logs daily", "@kim", None, "#77"),
    ]


ATTRIBUTES = {
    "handle": ("Add an alert @kim", ("@kim", None, None)),
    "owner in brackets": ("Add an alert (owner: DB team)", ("DB team", None, None)),
    "due": ("Add an alert by 2024-06-01", (None, "2024-06-01", None)),
    "month": ("Add an alert (Estimated completion: March 2024)", (None, "March 2024", None)),
    "ticket": ("Add an alert, see OPS-123", (None, None, "OPS-123")),
    "issue": ("Add an alert, see #456", (None, None, "#456")),
    "name, date and ticket in brackets": (
        "Add an alert (Lea, 14.07.2023, OPS-12)",
        ("Lea", "2023-07-14", "OPS-12"),
    ),
    "team in brackets": ("Add an alert (storage team)", ("storage team", None, None)),
    "tail behind a dash": (
        "Add an alert - owner Lea, due Dec 13, 2024 (OPS-9)",
        ("Lea", "2024-12-13", "OPS-9"),
    ),
    "name and quarter behind a dash": ("Add an alert - Lea, Q2", ("Lea", "Q2", None)),
    "sentences": ("Add an alert. Owner: disk team. Due: 15 July 2024.", ("disk team", "2024-07-15", None)),
    "other words": ("Add an alert (responsible: Lea, term: june 2024)", ("Lea", "june 2024", None)),
    "sprint": ("Add an alert (Lea, sprint 7)", ("Lea", "sprint 7", None)),
    "end of a month": ("Add an alert (Lea, end of April)", ("Lea", "end of April", None)),
    "month first": ("Add an alert (Lea, 12/31/2024)", ("Lea", "2024-12-31", None)),
    "no such day": ("Add an alert (Lea, 2024-13-45)", ("Lea", "2024-13-45", None)),
    "several tails": ("Add an alert — Joost — done", ("Joost", None, None)),
    "arrow": ("Add an alert → Lea, OPS-3", ("Lea", None, "OPS-3")),
    "done on a date": ("Tell the clinics (done 2 Sept, Vera)", ("Vera", None, None)),
    "subject": ("Karin will talk to the supplier", ("Karin", None, None)),
    "team as subject": ("The storage team will add a replica", ("storage team", None, None)),
    "no owner": ("Monitoring will look at disks", (None, None, None)),
    "brackets that explain": ("Add an alert (see the guide)", (None, None, None)),
    "one name alone": ("Add an alert (Redis)", (None, None, None)),
    "none": ("Encode names as utf-8", (None, None, None)),
}


@pytest.mark.parametrize(("item", "expected"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_owner_due_ticket(item: str, expected: tuple[str | None, str | None, str | None]) -> None:
    (action,) = actions_of(section(f"- {item}"))
    assert (action.owner, action.due, action.ticket) == expected


def test_a_name_alone_counts_where_other_items_name_theirs() -> None:
    found = actions_of(section("- Add an alert (Lea, OPS-1)\n- Buy a bigger disk (Noor)"))
    assert [action.owner for action in found] == ["Lea", "Noor"]


def test_columns_of_other_names() -> None:
    body = (
        "| # | What | Who | When | Ref |\n|---|---|---|---|---|\n| 1 | Watch the disk | Lea | 14.07.2023 | OPS-1 **done** |\n"
        "| 2 | Buy a disk | Noor | | - |"
    )
    found = [(a.text, a.owner, a.due, a.ticket) for a in actions_of(section(body))]
    assert found == [("Watch the disk", "Lea", "2023-07-14", "OPS-1"), ("Buy a disk", "Noor", None, None)]


STATES = {
    "now": ("The import now refuses empty rows.", ["The import now refuses empty rows."]),
    "every": ("Every new host gets its clock checked.", ["Every new host gets its clock checked."]),
    "small talk": ("We are looking into it.", []),
    "sign-off with a date": (
        "- Rotate the logs daily.\n- The front desk, 3 May 2021",
        ["Rotate the logs daily."],
    ),
    "minutes of a meeting": (
        "- Rotate the logs daily.\n\nReview meeting: 11 June 2020, minutes by Lea.",
        ["Rotate the logs daily."],
    ),
}


@pytest.mark.parametrize(("body", "expected"), STATES.values(), ids=STATES)
def test_states_that_are_actions(body: str, expected: list[str]) -> None:
    assert texts(section(body)) == expected


def test_a_todo_in_a_log() -> None:
    log = "Outage of the shop\n10:00 disk full\n10:20 ok again. todo: rotate the logs (OPS-3)\n"
    assert [(a.text, a.ticket) for a in actions_of(log)] == [("rotate the logs (OPS-3)", "OPS-3")]


TYPES = {
    "Document the failover steps": "document",
    "Add an alert on disk space": "detect",
    "Train the team on failover": "process",
    "Automate the rollback of releases": "mitigate",
    "Validate every file before use": "prevent",
    "Buy flowers for the neighbours": "other",
}


@pytest.mark.parametrize(("item", "expected"), TYPES.items(), ids=TYPES)
def test_types(item: str, expected: str) -> None:
    (action,) = actions_of(section(f"- {item}"))
    assert action.type == expected


@pytest.mark.parametrize("entry", vocabulary.load("actions")["type"], ids=lambda entry: entry["words"][0])
def test_the_examples_of_each_type(entry: dict[str, Any]) -> None:
    found = {item: actions_of(section(f"- {item}"))[0].type for item in (*entry["yes"], *entry["no"])}
    assert [item for item in entry["yes"] if found[item] != entry["type"]] == []
    assert [item for item in entry["no"] if found[item] == entry["type"]] == []


def test_commitments_in_a_report_without_an_action_section() -> None:
    text = "# Outage\n\nThe disk was full.\n\nWe will add an alert on disk space. We will provide another update at noon.\n"
    assert texts(text) == ["We will add an alert on disk space."]


OUTSIDE = {
    "contracted and under way": (
        "# Shed locked\n\nThe key was lost. We're going to hang a second one in the hall. "
        "We are in the process of contracting a locksmith. I'll wait. We are working on a fix.",
        [
            "We're going to hang a second one in the hall.",
            "We are in the process of contracting a locksmith.",
        ],
    ),
    "what is done, asked in a heading": (
        "# Shed locked\n\nThe key was lost.\n\n## What I'm doing about it\n\nI keep a second key in the hall now. "
        "The old hook has become the place for it. What I will not do is buy a code lock. You will find a sweet in the shed.",
        ["I keep a second key in the hall now.", "The old hook has become the place for it."],
    ),
    "check boxes below a sentence": (
        "I lost the key of the shed on 3 May 2022, 09:00 to 11:00.\n\nI must never keep one key only, so:\n\n"
        "[ ] a second key at the neighbour's\n[x] a hook by the door",
        ["a second key at the neighbour's", "a hook by the door"],
    ),
    "check boxes below a heading that says nothing": (
        "# Shed locked\n\n## Odds and ends\n\n- [ ] a second key at the neighbour's\n- [x] a hook by the door",
        ["a second key at the neighbour's", "a hook by the door"],
    ),
    "agreed in a meeting": (
        "# Shed locked\n\nThe key was lost.\n\nAgreed after the review:\n1) The key hangs on a hook. Owner: Lea.\n2) Trial of a code lock.",
        ["The key hangs on a hook. Owner: Lea.", "Trial of a code lock."],
    ),
    "what is done without a promise is told": (
        "# Shed locked\n\nThe key was lost. We have called a locksmith and added oil. The door opened.",
        [],
    ),
}


@pytest.mark.parametrize(("text", "expected"), OUTSIDE.values(), ids=OUTSIDE)
def test_outside_action_sections(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


ODD_ITEMS = {
    "struck through": ("- ~~Buy a code lock~~ too dear\n- Put up a hook.", ["Put up a hook."]),
    "lines of which one only opens with a verb that asks": (
        "Second key for every lodger\nCode lock on trial for a month\nPut up a hook by the door",
        ["Second key for every lodger", "Code lock on trial for a month", "Put up a hook by the door"],
    ),
    "planned, without a verb": (
        "Second key to be kept by the caretaker. Trial of a code lock booked for 3 June.",
        ["Second key to be kept by the caretaker.", "Trial of a code lock booked for 3 June."],
    ),
    "luck": ("- Put up a hook.\n- We were lucky that the window was open.", ["Put up a hook."]),
}


@pytest.mark.parametrize(("body", "expected"), ODD_ITEMS.values(), ids=ODD_ITEMS)
def test_items_that_are_odd(body: str, expected: list[str]) -> None:
    assert texts(section(body)) == expected


def test_a_report_without_actions() -> None:
    assert actions_of("") == ()
    assert actions_of("# Outage\n\nThe disk was full.\n") == ()


@given(st.text(alphabet=st.sampled_from(list("-*1.#: \n[]xAdd we will add an alert|_`<br>")), max_size=200))
def test_evidence_holds_the_first_five_words(body: str) -> None:
    text = section(body)
    for action in actions_of(text):
        evidence = action.evidence
        assert text[evidence.start : evidence.end] == evidence.text
        head = re.findall(r"[a-z0-9]+", action.text.lower())[:5]
        assert " ".join(head) in " ".join(re.findall(r"[a-z0-9]+", evidence.text.lower()))
