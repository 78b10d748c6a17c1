"""Do the spans quote the text, and does the evidence say what the values say?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from postmortem.evaluation.fields.common import Tallies, tally_of
from postmortem.evaluation.matching import Facts, contains, evidence, words
from postmortem.evaluation.tally import Mistake


def support(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Do the spans quote the text, and does the evidence of each claim say what the claim says?"""
    text = (record.get("source") or {}).get("text")
    if text is None:
        return
    for where, span in _spans(record):
        quoted = text[span["start"] : span["end"]]
        right = 0 <= span["start"] <= span["end"] <= len(text) and quoted == span.get("text", quoted)
        tally_of(tallies, "evidence spans").attribute(
            right, Mistake(facts["file"], f"{where} is not {span.get('text')!r}")
        )
    for what, claim in _claims(record):
        quotes = " ".join(text[e["start"] : e["end"]] for e in evidence(claim))
        if what == "percentage":
            right = f"{float(claim['value']):g}" in quotes
        elif what in ("entry", "action"):
            right = contains(words(quotes), words(claim.get("text"))[:5])
        else:
            right = bool(quotes.strip())
        tally_of(tallies, "evidence supports").attribute(
            right, Mistake(facts["file"], f"{what} without evidence that says so")
        )


def _spans(node: Any, where: str = "") -> Iterable[tuple[str, Facts]]:
    if isinstance(node, Mapping):
        if isinstance(node.get("start"), int) and isinstance(node.get("end"), int):
            yield where, node
            return
        for key, value in node.items():
            yield from _spans(value, f"{where}.{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _spans(value, f"{where}[{place}]")


def _claims(record: Facts) -> Iterable[tuple[str, Facts]]:
    out = record.get("outage") or {}
    single = (("start", out.get("start")), ("end", out.get("end")), ("cause", record.get("root_cause")))
    yield from ((what, claim) for what, claim in (*single, ("detection", record.get("detection"))) if claim)
    yield from (("percentage", claim) for claim in (record.get("impact") or {}).get("percentages") or [])
    yield from (("entry", claim) for claim in record.get("timeline") or [])
    yield from (("action", claim) for claim in record.get("actions") or [])
