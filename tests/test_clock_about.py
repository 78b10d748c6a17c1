"""Which of the days that a report tells it is about: candidates, features, what stays the rules', training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postmortem.clock import scan
from postmortem.clock.about import Told, days_told, default_model
from postmortem.clock.carry import Calendar
from postmortem.clock.days import edtf, moments_of
from postmortem.clock.governing import days_by_rules
from postmortem.normalize import normalize
from postmortem.training.dates import day_model, load_days


def told(text: str) -> list[Told]:
    document = normalize(text)
    moments = tuple(moments_of(scan(document.plain)))
    _, by_rule, published = days_by_rules(document, moments)
    return days_told(document, moments, by_rule, published)


def about(text: str) -> str | None:
    document = normalize(text)
    return edtf(Calendar.of(document, scan(document.plain)).incident)


ABOUT = [
    (
        "the day of the meeting",
        "Pump house 4 stood still\n\nPresent: Ana, Bo. Review meeting: 21 March 2024, 14:00\n\n"
        "For two hours on 12 March 2024 no water was pumped.\n\n- 09:10 pump stops\n- 11:12 pump runs\n",
        "2024-03-12",
    ),
    (
        "the day of the report",
        "# Tickets sold twice\n\nReport of 9 June 2023 about the events of 1 June 2023\n\n"
        "- 18:00 doors open\n- 18:20 two visitors, one seat\n- 19:40 sale closed\n",
        "2023-06-01",
    ),
    (
        "a signature, and a weekday before it",
        "On the Thursday before the fair the till froze.\n\nAt 10:05 the screen went black. At 10:40 it was back.\n\n"
        "Riga, 8 May 2023\n",
        "2023-05-04",
    ),
    (
        "front matter, and a number",
        "---\ntitle: The lift that would not stop\ndate: 2022-03-20\n---\n\nLast Wednesday, the 16th, it passed my floor. "
        "At 08:10 I called. At 09:00 it stood.\n",
        "2022-03-16",
    ),
    (
        "the path of a page",
        "ops/2022-06-21 Presses stand\n\n- 07:30 press 2 stops\n- 09:10 press 2 runs\n",
        "2022-06-21",
    ),
    (
        "opening hours",
        "The library is open from Monday to Friday, 9:00 AM to 6:00 PM.\n\n"
        "On Tuesday, April 9, 2019, no book could be lent. It began at 10:00 AM and was over at 11:30 AM.\n",
        "2019-04-09",
    ),
    ("one day", "# Outage of 3 May 2021\n\nErrors began at 10:00.\n", "2021-05-03"),
    ("no day", "Errors began at 10:00.\n", None),
    ("a number alone", "On Friday the 13th the kiln went cold. At 06:10 the alarm rang.\n", "XXXX-XX-13"),
    (
        "a date of long ago stays aside",
        "Date: 2 August 2022\n\nThe valve had not been tested since 4 February 2019.\n\n- 10:00 valve sticks\n",
        "2022-08-02",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in ABOUT], ids=[c[0] for c in ABOUT])
def test_the_day_that_a_report_is_about(text: str, expected: str | None) -> None:
    assert about(text) == expected


def test_every_day_told_and_none_may_be_it() -> None:
    found = told(
        "Written on 9 June 2023. On Monday, 5 June at 10:00 it rained in; the roof was of 2 May 2001.\n"
    )
    assert [edtf(one.day) for one in found] == ["2023-06-09", "2023-06-05", "2001-05-02", None]
    assert found[-1].features == {"none": 1.0}


def test_what_is_told_of_a_day_twice_counts_together() -> None:
    found = told(
        "# Rain of 5 June 2023\n\nPublished on 9 June 2023.\n\nOn 5 June at 10:00 it rained in. At 11:00 it stopped.\n"
    )
    rain = found[0].features
    assert {"title", "told again", "with hour", "followed", "first told", "before writing"} <= rain.keys()


def test_a_weekday_means_the_last_before_the_report_was_written() -> None:
    found = told("The till froze on Thursday at noon, as every Monday.\n\nRiga, 8 May 2023\n")
    assert [edtf(one.day) for one in found] == ["2023-05-04", "2023-05-08", None]


def test_updates_of_a_status_page_date_themselves() -> None:
    text = (
        "2023-06-05T10:00:00Z\nResolved\nAll runs again since 3 June.\n\n"
        "2023-06-05T09:00:00Z\nInvestigating\nWe look into it.\n"
    )
    document = normalize(text)
    calendar = Calendar.of(document, scan(document.plain))
    assert calendar.postings
    assert calendar.incident is None or calendar.incident.rule != "clock.carry.chosen"


def test_the_model_of_the_package_knows_the_features() -> None:
    assert {"rules", "title", "followed", "latest", "after since"} <= default_model().weights.keys()


def test_days_are_learnt_from_annotated_reports(tmp_path: Path) -> None:
    for n in range(8):
        text = f"Review of {20 + n} May 2023\n\nOn {3 + n} May 2023 the oven failed.\n\n- 10:00 cold\n- 11:00 hot\n"
        reports, expected = tmp_path / "annotated" / "reports", tmp_path / "annotated" / "expected"
        reports.mkdir(parents=True, exist_ok=True)
        expected.mkdir(exist_ok=True)
        name = f"{'ab'[n % 2]}{n}.md"
        (reports / name).write_text(text, encoding="utf-8")
        facts = {"file": name, "outage": {"start": {"date": f"2023-05-{3 + n:02d}", "time": "10:00"}}}
        (expected / f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")
    days = load_days(tmp_path, {})
    assert [one.right.index(True) for one in days] == [1] * 8
    model, metrics = day_model(days)
    assert model.name == "day"
    assert metrics["model"] == 1.0
    assert metrics["reports"] == 8


def test_the_day_before_the_report_is_told_by_yesterday() -> None:
    days = told(
        "# Slow doors\n\nThe porters, 4 May 2021\n\nFrom 10:00 to 11:00 yesterday the doors were slow.\n"
    )
    found = {edtf(one.day): one.features for one in days if one.day is not None}
    assert "the day before" in found["2021-05-03"]
    assert "the day before" not in found["2021-05-04"]
