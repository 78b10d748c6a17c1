"""The library: what `parse` and its kin take and return."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postmortem
from examples import REPORT

VALIDATOR = jsonschema.Draft202012Validator(postmortem.schema())

TWO = """\
# Incidents of March

## Incident on 2024-03-04

### Summary
Payments failed from 14:05 to 15:20 UTC.

### Root cause
The certificate had expired.

## Incident on 2024-03-09

### Summary
The search was down from 08:00 to 08:30 UTC.

### Root cause
The disk was full.
"""

# Pieces of reports, so that texts of them are more like reports than random characters are.
PIECES = st.sampled_from(
    [
        "# Postmortem", "## Timeline", "**Root cause**", "Impact:", "- ", "| time | event |", "|---|---|", "\n", "\n\n", "\r\n",
        "14:05", "2:30 pm PST", "2023-12-13", "Dec 13", "13/10/2023", "24:00", "14:??", "from 4pm to 6 GMT", "75% of users",
        "2 hours", "because the disk was full", "caused by a bug", "was not DNS", "---", "===", "<b>", "&nbsp;", "\u2022\t",
        "\U0001f525", "\u00e9", "\ufeff", "\u2028", "\x00", "a" * 50, "99.9%", "restored", "[x](y)", "`", "---\ntitle: x\n---\n",
        "Incident 1", "Incident 2", "Summary", ": ", "(", "3-4 hours", "SEV-1", "all times in UTC+1",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("\n".join),
)


def check(text: str, incident: postmortem.Incident) -> None:
    """The invariants of every record."""
    record = incident.to_dict()
    VALIDATOR.validate(record)

    def spans(node: object) -> None:
        if isinstance(node, dict):
            if "rule" in node and "start" in node:
                assert 0 <= node["start"] <= node["end"] <= len(text)
                assert text[node["start"] : node["end"]] == node["text"]
                assert node["rule"]
            for value in node.values():
                spans(value)
        elif isinstance(node, list):
            for value in node:
                spans(value)

    spans(record)
    for section in incident.sections:
        assert 0 <= section.body.start <= section.body.end <= len(text)
    if incident.root_cause:
        quoted = " ".join(e.text for e in incident.root_cause.evidence)
        assert incident.root_cause.statement.split() == quoted.split()
    assert (
        json.loads(incident.to_json().encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass"))
        == record
    )


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_text_gives_valid_records(text: str) -> None:
    found = postmortem.parse_all(text)
    assert found
    for incident in found:
        check(text, incident)
    assert postmortem.parse(text) == found[0]


def test_a_lone_surrogate_is_a_character_too() -> None:
    text = REPORT + "\ud800"
    check(text, postmortem.parse(text))


def test_a_str_is_text_and_a_path_is_a_file(report_file: Path) -> None:
    assert postmortem.parse(str(report_file)).source.path is None
    assert postmortem.parse(report_file).source.path == report_file.as_posix()
    assert dataclasses.replace(
        postmortem.parse(report_file), source=postmortem.parse(REPORT).source
    ) == postmortem.parse(REPORT)
    with pytest.raises(postmortem.ReadError):
        postmortem.parse(report_file.parent)


def test_the_text_is_kept_on_request_only(report_file: Path) -> None:
    assert postmortem.parse(report_file).source.text is None
    assert postmortem.parse(report_file, with_text=True).source.text == REPORT


def test_results_are_frozen() -> None:
    incident = postmortem.parse(REPORT)
    with pytest.raises(dataclasses.FrozenInstanceError):
        incident.status = "empty"  # type: ignore[misc]
    assert hash(incident) == hash(postmortem.parse(REPORT))


def test_the_id_is_of_the_text() -> None:
    assert postmortem.parse("").id == "e3b0c44298fc1c14"
    assert postmortem.parse(REPORT).id != postmortem.parse(REPORT + " ").id


def test_several_incidents_in_one_text() -> None:
    first, second = postmortem.parse_all(TWO)
    assert (first.source.part, second.source.part) == (1, 2)
    assert second.id == f"{first.id}-2"
    assert first.root_cause is not None
    assert first.root_cause.statement == "The certificate had expired."
    assert second.root_cause is not None
    assert second.root_cause.statement == "The disk was full."
    assert [i.title.text for i in (first, second) if i.title] == [
        "Incident on 2024-03-04",
        "Incident on 2024-03-09",
    ]
    for incident in (first, second):
        check(TWO, incident)


def test_parse_many_is_lazy_and_in_order(report_file: Path) -> None:
    def sources() -> object:
        yield REPORT
        yield report_file
        yield TWO
        raise RuntimeError("asked for more than was needed")

    found = postmortem.parse_many(sources())  # type: ignore[arg-type]
    first = [next(found) for _ in range(4)]
    assert [i.source.part for i in first] == [None, None, 1, 2]
    with pytest.raises(RuntimeError):
        next(found)


def test_public_names_exist() -> None:
    for name in postmortem.__all__:
        assert getattr(postmortem, name) is not None
    assert set(dir(postmortem)) == set(postmortem.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        postmortem.nothing  # noqa: B018
