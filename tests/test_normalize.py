"""Any text to blocks, sections and fields: every form that they are written in."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem import vocabulary
from postmortem.document import Block, BlockKind, Document
from postmortem.normalize import normalize
from postmortem.normalize.naming import heading_names, label_names


def headings(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(s.text, s.names) for s in normalize(text).sections]


def words(document: Document, block: Block) -> str:
    return " ".join(document.plain[block.start : block.end].split())


def blocks(text: str) -> list[tuple[str, str]]:
    document = normalize(text)
    return [(b.kind.value, words(document, b)) for b in document.blocks]


def fields(text: str) -> list[tuple[str, str]]:
    document = normalize(text)
    return [(f.label, " ".join(document.plain[f.start : f.end].split())) for f in document.fields]


BODY = "\nThe queue filled up and writes were refused.\n"


@pytest.mark.parametrize(
    ("line", "text", "names"),
    [
        ("# Timeline", "Timeline", ("timeline",)),
        ("#Timeline:", "Timeline:", ("timeline",)),
        ("##Issue Summary:", "Issue Summary:", ("summary",)),
        ("## Timeline ##", "Timeline", ("timeline",)),
        ("# -----Timeline-----:", "Timeline", ("timeline",)),
        ("-----Timeline-----", "Timeline", ("timeline",)),
        ("== Root cause ==", "Root cause", ("root_cause",)),
        ("=====Resolution=====", "Resolution", ("resolution",)),
        ("**Impact**", "Impact", ("impact",)),
        ("**Impact:**", "Impact:", ("impact",)),
        ("**Impact**:", "Impact :", ("impact",)),
        ("**TIMELINE**;", "TIMELINE ;", ("timeline",)),
        ("__Impact__", "Impact", ("impact",)),
        ("*Impact*", "Impact", ("impact",)),
        ("<b>Impact</b>", "Impact", ("impact",)),
        ("<h2>Impact</h2>", "Impact", ("impact",)),
        ('<h3 class="x">Lessons learned', "Lessons learned", ("lessons",)),
        ("**Impact**<br>", "Impact", ("impact",)),
        ("Timeline\n--------", "Timeline", ("timeline",)),
        ("Timeline\n========", "Timeline", ("timeline",)),
        ("========\nTimeline\n========", "Timeline", ("timeline",)),
        ("Timeline\n~~~~~~~~", "Timeline", ("timeline",)),
        ("ISSUE SUMMARY.", "ISSUE SUMMARY.", ("summary",)),
        ("ROLE OF THE CACHE", "ROLE OF THE CACHE", ("other",)),
        ("Root cause:", "Root cause:", ("root_cause",)),
        ("Night Watch Report:", "Night Watch Report:", ("other",)),
        ("1. Summary", "Summary", ("summary",)),
        ("2) Timeline:", "Timeline:", ("timeline",)),
        ("II. Root Cause", "Root Cause", ("root_cause",)),
        ("## 3.1 Resolution", "3.1 Resolution", ("resolution",)),
        ("🔥 Impact", "Impact", ("impact",)),
        (":fire: Impact:", "Impact:", ("impact",)),
        ("## 🔥 Impact", "Impact", ("impact",)),
        ("## >>> Impact", "Impact", ("impact",)),
        ("*Root Cause: The Thirsty Queue*", "Root Cause: The Thirsty Queue", ("root_cause",)),
        ("*The Night of the Full Disk*", "The Night of the Full Disk", ("other",)),
        ("🔧 Root cause: the thirsty queue\n", "Root cause: the thirsty queue", ("root_cause",)),
        ("## Root cause: the thirsty queue", "Root cause: the thirsty queue", ("root_cause",)),
        ("    Impact:", "Impact:", ("impact",)),
        ("> ## Impact", "Impact", ("impact",)),
        ("* **Timeline:**", "Timeline:", ("timeline",)),
        ("- Duration:", "Duration:", ("metadata",)),
        ("• Impact:", "Impact:", ("impact",)),
        ("Timeline", "Timeline", ("timeline",)),
        ("Timeline (all times UTC)", "Timeline (all times UTC)", ("timeline",)),
        ("Root Cause and Resolution", "Root Cause and Resolution", ("root_cause", "resolution")),
        ("Mitigation & Next steps", "Mitigation & Next steps", ("resolution", "actions")),
        ("Corective and preventitive mesures", "Corective and preventitive mesures", ("actions",)),
        ("Time line:", "Time line:", ("timeline",)),
        ("Rootcause", "Rootcause", ("root_cause",)),
        ("Tiemline", "Tiemline", ("timeline",)),
        ("## What didn’t go so well?", "What didn’t go so well?", ("lessons",)),
        ("## The night the queue filled", "The night the queue filled", ("other",)),
        ("### 10:15 UTC", "10:15 UTC", ("other",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_forms_of_headings(line: str, text: str, names: tuple[str, ...]) -> None:
    found = headings("# Postmortem: orders\n\nOrders failed on Monday.\n\n" + line + BODY)
    assert (text, names) in found
    assert len(found) == 2


@pytest.mark.parametrize(
    "line",
    [
        "Impact: nobody could pay.",
        "**Impact:** nobody could pay.",
        "10:30 AM: the pager rang",
        "10:30 AM UTC - impact began",
        "- Monitoring",
        "- restart the workers:",
        "To keep this from happening again, we will do the following:",
        "#1234 was merged on the same day",
        "#oncall #databases #sre",
        "---",
        "| Impact | high |",
        "Resolution was quick.",
        "a paragraph that was\nimpact\non its own line",
        "- Sunday, May 12th, 2024:",
        "*All times are in UTC*",
    ],
    ids=lambda value: value,
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert headings(
        "# Postmortem: orders\n\nOrders failed on Monday.\n\n" + line + "\n\nMore text here.\n"
    ) == [("Postmortem: orders", ("title",))]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Orders were lost\n\nText.", "Orders were lost"),
        ("Postmortem: lost orders\n\nText.", "Postmortem: lost orders"),
        ("**Lost orders in March**\n\nText.", "Lost orders in March"),
        ("Lost orders\nIssue Summary\nOrders were lost.", "Lost orders"),
        ("The payment queue\n\nSummary: orders were lost.", "The payment queue"),
        ("Mail Relay - West Coast\nSummary of impact: mail was late.", "Mail Relay - West Coast"),
        ("![logo](logo.png)\n\n## Night of the full disk\n\nText.", "Night of the full disk"),
        ("---\ndate: 2024-01-02\n---\n# Full disk\n", "Full disk"),
    ],
    ids=lambda value: value,
)
def test_titles(text: str, title: str) -> None:
    first = normalize(text).sections[0]
    assert (first.text, first.names) == (title, ("title",))


def test_textile_headings() -> None:
    text = "h1. Labels printed twice\n\nh2. Summary\nThe h2. of 9 May.\n\nh2.5 is a build\n\nh3. Tasks\n* Weigh the parcels\n"
    document = normalize(text)
    told = [(s.level, text[s.start : s.end], s.names) for s in document.sections]
    assert told == [
        (1, "Labels printed twice", ("title",)),
        (2, "Summary", ("summary",)),
        (3, "Tasks", ("actions",)),
    ]


def test_wiki_titles_are_headings() -> None:
    document = normalize("= Mail late =\n\n== Summary ==\nIt was late.\n")
    assert [(s.text, s.names) for s in document.sections] == [
        ("Mail late", ("title",)),
        ("Summary", ("summary",)),
    ]


def test_a_check_box_alone_is_a_bullet() -> None:
    document = normalize("Fixes\n[ ] put fstab under version control\n[x] alert on archive lag\n")
    items = [document.plain[b.start : b.end] for b in document.blocks if b.kind is BlockKind.ITEM]
    assert items == ["put fstab under version control", "alert on archive lag"]


def test_an_item_that_is_only_an_address_is_an_item() -> None:
    text = "# Outage\n\n## Action items\n- https://example.org/a/b/issues/7\n- Add an alert\n"
    items = [text[b.start : b.end] for b in normalize(text).blocks if b.kind is BlockKind.ITEM]
    assert items == ["https://example.org/a/b/issues/7", "Add an alert"]


def test_a_label_with_a_value_alone_on_its_line_is_a_field() -> None:
    document = normalize("# Outage\n\nAffected users: 30%\n\nIt broke.\n")
    assert [s.text for s in document.sections] == ["Outage"]
    assert [(f.label, f.names) for f in document.fields] == [("Affected users", ("impact",))]


def test_a_short_line_of_a_wrapped_sentence_is_no_heading() -> None:
    document = normalize("# Outage\n\nThe impact was on users\nof the shop, for an hour.\n")
    assert [s.text for s in document.sections] == ["Outage"]


def test_a_first_sentence_is_no_title() -> None:
    assert (
        headings("On Monday the payment queue filled up and orders were lost.\n\nIt was fixed by noon.\n")
        == []
    )


def test_headings_below_actions_that_name_their_topic_stay_actions() -> None:
    document = normalize("# Full disk\n\n## Action items\n\n### Faster detection\n- Alert on a full disk\n")
    assert document.sections[-1].names == ("other",)
    assert [document.text[a:b] for a, b in document.regions("actions")] == ["Alert on a full disk"]


def test_hashes_number_items_in_wiki_markup() -> None:
    text = "== Summary ==\nOrders were lost.\n\n== Actions ==\n# Empty the disk\n# Rotate the logs\n"
    assert headings(text) == [("Summary", ("summary",)), ("Actions", ("actions",))]
    assert blocks(text)[-2:] == [("item", "Empty the disk"), ("item", "Rotate the logs")]


def test_levels_parents_and_bodies() -> None:
    text = "# Outage\nAbove.\n## Impact\nMuch.\n### Orders\nAll.\n## Actions\n"
    sections = normalize(text).sections
    assert [s.level for s in sections] == [1, 2, 3, 2]
    assert [s.parent for s in sections] == [-1, 0, 1, 0]
    assert [text[s.body_start : s.body_end] for s in sections] == ["Above.", "Much.", "All.", ""]
    assert sections[-1].body_start == sections[-1].body_end


def test_unnamed_subsections_belong_to_the_region_of_their_parent() -> None:
    text = "Timeline:\n\nNight Shift:\nThe disk filled.\n\nResolution:\nIt was emptied.\n"
    document = normalize(text)
    regions = [text[a:b] for a, b in document.regions("timeline")]
    assert regions[-1] == "The disk filled."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo words\n", [("paragraph", "one"), ("paragraph", "two words")]),
        (
            "The first line of a paragraph was wrapped by its editor at a\nwidth that is usual, and the second one was wrapped\n"
            "too.",
            [
                (
                    "paragraph",
                    "The first line of a paragraph was wrapped by its editor at a width that is usual, and the second one "
                    "was wrapped too.",
                )
            ],
        ),
        (
            "10:00 the disk filled up\n10:05 the pager rang\n",
            [("paragraph", "10:00 the disk filled up"), ("paragraph", "10:05 the pager rang")],
        ),
        (
            "Workers were slow from the first minutes of the night until\n10:45, when the disk was emptied.",
            [
                (
                    "paragraph",
                    "Workers were slow from the first minutes of the night until 10:45, when the disk was emptied.",
                )
            ],
        ),
        ("- a\n- b\n", [("item", "a"), ("item", "b")]),
        (
            "-Empty the disk\n-10:15 Page the owner",
            [("item", "Empty the disk"), ("item", "10:15 Page the owner")],
        ),
        ("•\tEmpty the disk", [("item", "Empty the disk")]),
        ("=Empty the disk", [("item", "Empty the disk")]),
        ("– Empty the disk", [("item", "Empty the disk")]),
        ("· Empty the disk", [("item", "Empty the disk")]),
        ("+ Empty the disk", [("item", "Empty the disk")]),
        ("*Empty the disk", [("item", "Empty the disk")]),
        ("o  Empty the disk", [("item", "Empty the disk")]),
        ("1. Empty the disk\n2) Page", [("item", "Empty the disk"), ("item", "Page")]),
        ("10.12:30 PM the disk was emptied", [("item", "12:30 PM the disk was emptied")]),
        ("12.30 the disk was emptied", [("paragraph", "12.30 the disk was emptied")]),
        ("(a) Empty the disk", [("item", "Empty the disk")]),
        ("- [ ] Empty the disk\n- [x] Page", [("item", "Empty the disk"), ("item", "Page")]),
        (":small_blue_diamond: Empty the disk", [("item", "Empty the disk")]),
        ("🔥 the disk is emptied at night now.", [("item", "the disk is emptied at night now.")]),
        ("<ul><li>Empty the disk<li>Page</ul>", [("item", "Empty the disk"), ("item", "Page")]),
        ("- Empty the disk\n  and page the owner\n", [("item", "Empty the disk and page the owner")]),
        ("-5% of users", [("paragraph", "-5% of users")]),
        ("**Note** the disk", [("paragraph", "Note the disk")]),
        ("```\n$ df -h\n```\n", [("code", "$ df -h")]),
        ("```\nnever closed\n", [("paragraph", "never closed")]),
        (
            "```\n10:00 disk full\n10:05 paged\n```\n",
            [("paragraph", "10:00 disk full"), ("paragraph", "10:05 paged")],
        ),
        (
            "Text.\n\n    systemctl restart(queue);\n",
            [("paragraph", "Text."), ("code", "systemctl restart(queue);")],
        ),
        (
            "Text.\n\n    The disk was full by then.\n",
            [("paragraph", "Text."), ("paragraph", "The disk was full by then.")],
        ),
        ("a line\n<br>\nanother line", [("paragraph", "a line"), ("paragraph", "another line")]),
        ("a line<br>another line", [("paragraph", "a line"), ("paragraph", "another line")]),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_blocks(text: str, expected: list[tuple[str, str]]) -> None:
    assert blocks("On Monday the queue filled up.\n\n" + text)[1:] == expected


def test_items_nest_by_indentation() -> None:
    document = normalize("- a\n  - b\n    * c\n  - d\n- e\n")
    assert [b.depth for b in document.blocks] == [0, 1, 2, 1, 0]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("| Time | Event |\n|---|:--:|\n| 10:00 | full |\n", [("Time", "Event"), ("10:00", "full")]),
        ("Time | Event\n--- | ---\n10:00 | full\n", [("Time", "Event"), ("10:00", "full")]),
        ("+---+---+\n| Time | Event |\n+===+===+\n| 10:00 | full |\n+---+---+", [("Time", "Event"), ("10:00", "full")]),
        (
            "Time | Event\n---|---\n10:00 | the disk\nwas full\n10:05 | paged",
            [("Time", "Event"), ("10:00", "the disk\nwas full"), ("10:05", "paged")],
        ),
        ("Time\tEvent\n10:00\tfull\n10:05\tpaged\n", [("Time", "Event"), ("10:00", "full"), ("10:05", "paged")]),
        ("| 10:00 | full |\n| 10:05 | paged |\n", [("10:00", "full"), ("10:05", "paged")]),
        ("| a | | c |\n|---|---|---|\n", [("a", "", "c")]),
    ],
    ids=["pipes", "inner pipes", "ascii", "wrapped cell", "tabs", "no header", "empty cell"],
)  # fmt: skip
def test_tables(text: str, cells: list[tuple[str, ...]]) -> None:
    document = normalize(text)
    rows = [b for b in document.blocks if b.kind is BlockKind.ROW]
    assert [tuple(document.plain[c.start : c.end] for c in r.cells) for r in rows] == cells
    assert len(document.blocks) == len(rows)


def test_cells_know_their_column() -> None:
    rows = normalize("| Time | Event |\n|---|---|\n| 10:00 | full |\n").blocks
    assert [[c.header for c in row.cells] for row in rows] == [["", ""], ["Time", "Event"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Impact: nobody could pay.", [("Impact", "nobody could pay.")]),
        ("* **Impact:** nobody could pay.", [("Impact", "nobody could pay.")]),
        ("* **Impact**: nobody could pay.", [("Impact", "nobody could pay.")]),
        ("- __Duration:__ 2 hours", [("Duration", "2 hours")]),
        ("- Queue Depth: watch it", [("Queue Depth", "watch it")]),
        ("-Queue Depth:watch it", [("Queue Depth", "watch it")]),
        ("**Impact: nobody could pay.**", [("Impact", "nobody could pay.")]),
        (
            "Duration: 2 hours (10:00-12:00) Impact:A few",
            [("Duration", "2 hours (10:00-12:00)"), ("Impact", "A few")],
        ),
        ("Impact - nobody could pay.", [("Impact", "nobody could pay.")]),
        ("- Fault began 2024-05-01 10:30", [("Fault began", "2024-05-01 10:30")]),
        ("From 10:30 to 11:00 nobody could pay, and a good many of them said so at once.", []),
        (
            "Summary of impact: Orders were lost. Root cause: A full disk. Next steps: Empty it.",
            [
                ("Summary of impact", "Orders were lost."),
                ("Root cause", "A full disk."),
                ("Next steps", "Empty it."),
            ],
        ),
        ("| Duration | 2 hours |\n| Severity | high |", [("Duration", "2 hours"), ("Severity", "high")]),
        ("| Time | Event |\n|---|---|\n| 10:00 | full |", []),
        ("10:30 AM: the pager rang", []),
        ("- 2024-05-01 10:30: the pager rang", []),
        ("see https://example.org/a:b for more", []),
        ("We saw one thing: a full disk.", [("We saw one thing", "a full disk.")]),
        ("It was clear what we had to do next and it was this: run.", []),
        (
            "- Impact: orders\n  - all of them\n- Date: today",
            [("Impact", "orders - all of them"), ("Date", "today")],
        ),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
def test_fields(text: str, expected: list[tuple[str, str]]) -> None:
    found = [
        (label, value.replace(" all of them", " - all of them"))
        for label, value in fields("Intro.\n\n" + text)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("Duration of the outage", ("duration",)),
        ("Start Time", ("start", "metadata")),
        ("Severity", ("severity", "metadata")),
        ("Root Cause", ("root_cause",)),
        ("Queue depth", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_of_labels(label: str, names: tuple[str, ...]) -> None:
    assert label_names(label) == names


def test_below_actions_an_items_label_is_its_topic() -> None:
    document = normalize("## Action items\n- Detection: alert on a full disk\n- Owner: storage team\n")
    assert [(f.label, f.names) for f in document.fields] == [("Detection", ()), ("Owner", ("owner",))]


@pytest.mark.parametrize(
    "entry", vocabulary.load("headings")["heading"], ids=lambda entry: entry["phrases"][0]
)
def test_examples_of_headings(entry: dict[str, list[str]]) -> None:
    for phrase in entry["phrases"]:
        assert set(entry["names"]) <= set(heading_names(phrase)) or phrase in entry.get("shared", ())
    for example in entry["yes"]:
        assert heading_names(example) == tuple(entry["names"])
    for example in entry["no"]:
        assert not set(entry["names"]) & set(heading_names(example))


@pytest.mark.parametrize("entry", vocabulary.load("labels")["label"], ids=lambda entry: entry["names"][0])
def test_examples_of_labels(entry: dict[str, list[str]]) -> None:
    for example in (*entry["yes"], *entry["phrases"]):
        assert set(entry["names"]) <= set(label_names(example))
    for example in entry["no"]:
        assert not set(entry["names"]) & set(label_names(example))


PIECES = st.sampled_from(
    ["#", "# ", "*", "**", "_", "`", "```\n", "~~~\n", "|", "|---|---|\n", "-", "---\n", "===\n", ":", "[",
     "](", ")", "<", "<li>", "<b>", "</b>", "<br>", "<h2>", "<!--", "-->", "&nbsp;", "&#x41;", "&", "\n",
     "\r\n", "\r", "\t", "  ", "    ", "1. ", "a) ", "o ", "10:00 ", "Timeline",
     "Root cause and resolution", "Impact: ", "\u200b", "\ufeff", "é", "İ", "😀", ":fire:",
     "http://a.b/%20", "title: x\n", "+++\n", "+--+\n", "“", "—", "\u2028", "\x00", "\x1c", "\x85", "\xa0",
     "• ", "= ", "> ", "![", "[^1]", "１"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES | st.text(max_size=6), max_size=60).map("".join)))
def test_any_text_is_normalised_in_its_own_coordinates(text: str) -> None:
    document = normalize(text)
    size = len(text)
    assert document.text == text
    assert len(document.plain) == size
    assert len(document.plain.lower()) == size
    assert all(document.plain[i] == "\n" for i, char in enumerate(text) if char == "\n")
    for block in document.blocks:
        assert 0 <= block.outer <= block.start < block.end <= size
        assert -1 <= block.section < len(document.sections)
        for cell in block.cells:
            assert block.outer <= cell.start <= cell.end <= size
    for before, after in pairwise(document.blocks):
        assert before.end <= after.outer
    headings_found = [b for b in document.blocks if b.kind is BlockKind.HEADING]
    assert [(b.start, b.end) for b in headings_found] == [(s.start, s.end) for s in document.sections]
    for index, section in enumerate(document.sections):
        assert section.text.strip()
        assert section.names
        assert -1 <= section.parent < index
        assert section.end <= section.body_start <= section.body_end <= size
    for before_section, after_section in pairwise(document.sections):
        assert before_section.body_end <= after_section.start
    for item in document.fields:
        assert 0 <= item.label_start < item.label_end <= item.start < item.end <= size
        assert 0 <= item.block < len(document.blocks)
        assert item.label
    if document.front_matter:
        for _, start, end in document.front_matter.fields:
            assert document.front_matter.start < start < end < document.front_matter.end
    for start, end in document.regions("timeline"):
        assert 0 <= start <= end <= size


ORDINARY = (
    "# Postmortem: the full disk\n\n## Summary\n"
    "On 3 May 2024 from 10:00 to 11:30 UTC orders failed for 20% of users.\n\n"
    "## Timeline\n- 10:00 UTC: The disk of the queue filled up\n- 10:05 UTC: The pager rang\n\n"
    "**Root cause:** Logs were never rotated, and nobody had noticed it for a year.\n\n"
)
SIZE = 100_000


@pytest.mark.parametrize(
    "piece",
    ["#", "*", "|", "-", ":", "[", "<", "_", "`", ">", "=", "(", "&", "~", "a", "1", "a ", "A ", "1.",
     "10:00 ", "# ", "* ", "- ", "[a](", "](", "![", "<a ", "<a", "<!--", "http://", "**a", "A: ", "A:\n",
     "**A**\n", "# A\n", "| a | b |\n", "a\tb\n", "\t", "\n", "- a\n", "```\n", "---\n", "---|---\n",
     "Root cause: ", "Root cause and ", "Timeline\n", "<li>", "<br>", "&nbsp;", "\u200b", "é", "😀", ":aa:",
     "[^", "[[", "    a;\n", "Ab c:\n", "a|b\n", "title: a\n", "+-", "a b c d\n", "A, b\n"],
)  # fmt: skip
def test_hostile_text_takes_a_small_multiple_of_ordinary_text(piece: str) -> None:
    normalize(ORDINARY)
    start = time.process_time()
    normalize((ORDINARY * (SIZE // len(ORDINARY) + 1))[:SIZE])
    ordinary = time.process_time() - start
    start = time.process_time()
    document = normalize((piece * (SIZE // len(piece) + 1))[:SIZE])
    assert time.process_time() - start < 60 * max(ordinary, 0.02)
    assert len(document.plain) == SIZE
