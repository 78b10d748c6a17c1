"""The JSON Schema: what records keep to."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

import postmortem
from examples import FULL, REPORT
from postmortem.record import Incident, Source


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = postmortem.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("incident", [FULL, Incident(id="0" * 16, source=Source())], ids=["full", "bare"])
def test_records_are_valid(incident: Incident, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(incident.to_json()))


@pytest.mark.parametrize(
    "text", [REPORT, "", "Hola", "# Tomato soup"], ids=["report", "empty", "short", "soup"]
)
def test_parsed_texts_are_valid(text: str, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(json.loads(postmortem.parse(text).to_json()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "xyz"),
        (("status",), "fine"),
        (("outage", "start", "date"), "13/12/2023"),
        (("outage", "start", "time"), "24:00"),
        (("outage", "start", "utc_offset"), "WAT"),
        (("timeline", 0, "phase"), "later"),
        (("timeline", 0, "time"), "2pm"),
        (("root_cause", "evidence"), None),
        (("title",), "down"),
        (("sections", 0, "body", "start"), -1),
        (("categories", 0, "probability"), 1.5),
    ],
)
def test_wrong_records_are_not(
    path: tuple[str | int, ...], value: object, validator: jsonschema.Draft202012Validator
) -> None:
    record = FULL.to_dict()
    node: Any = record
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    assert not validator.is_valid(record)


def test_every_key_is_described_and_wanted() -> None:
    """The schema and the record name the same keys, in the same order, at every level."""
    schema = postmortem.schema()

    def compare(node: object, rule: dict[str, object]) -> None:
        rules = [rule, *rule.get("anyOf", [])]  # type: ignore[misc]
        for one in rules:
            if "$ref" in one:
                return compare(node, schema["$defs"][str(one["$ref"]).rsplit("/", 1)[1]])
            if isinstance(node, dict) and "properties" in one:
                assert list(one["properties"]) == list(node)
                assert set(one["required"]) >= set(node) - {"metadata", "text"}
                for key, value in node.items():
                    compare(value, one["properties"][key])
            if isinstance(node, list) and "items" in one:
                for value in node:
                    compare(value, one["items"])
        return None

    compare(FULL.to_dict(), schema)


def test_the_schema_is_a_fresh_object() -> None:
    postmortem.schema()["properties"].clear()
    assert postmortem.schema()["properties"]
