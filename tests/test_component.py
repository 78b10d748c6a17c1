"""The spaCy component: found by name, keeps every match, survives serialisation."""

from __future__ import annotations

import subprocess
import sys

import pytest

spacy = pytest.importorskip("spacy")

TEXT = (
    "# Postmortem\n\nOn 2024-05-08 from 14:10UTC to 14:40UTC, 30% of users could not log in.\n\n"
    "Root cause: a full disk on the primary database.\n"
)


@pytest.fixture(scope="module")
def doc() -> object:
    nlp = spacy.blank("en")
    nlp.add_pipe("postmortem")
    return nlp(TEXT)


def test_found_without_an_import() -> None:
    code = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('postmortem'); print(nlp('The site was down 10:00-11:00 UTC. Root cause: a typo.')._.incident.status)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "ok", done.stderr


def test_the_record_is_on_the_document(doc) -> None:  # type: ignore[no-untyped-def]
    from postmortem import parse

    assert doc._.incident.to_dict() == parse(TEXT).to_dict()


def test_no_match_is_lost(doc) -> None:  # type: ignore[no-untyped-def]
    from postmortem.component import extents

    found = list(extents(doc._.incident))
    for field, start, end in found:
        spans = [s for s in doc.spans[field] if s.start_char <= start and end <= s.end_char]
        assert spans, (field, TEXT[start:end])
    assert {"outage", "impact", "root_cause"} <= set(doc.spans)


def test_displacy_draws_the_groups(doc) -> None:  # type: ignore[no-untyped-def]
    from spacy import displacy

    html = displacy.render(doc, style="span", options={"spans_key": "postmortem"}, jupyter=False)
    assert "root_cause" in html


def test_survives_bytes(doc) -> None:  # type: ignore[no-untyped-def]
    again = spacy.tokens.Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert again._.incident == doc._.incident
    assert set(again.spans) == set(doc.spans)


def test_an_empty_document_is_no_error() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("postmortem")
    assert nlp("")._.incident.status == "empty"
