"""Lists of texts: headings, actions, names, lessons."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from postmortem.evaluation.fields.common import Tallies, tally_of
from postmortem.evaluation.matching import SAME, Facts, contains, likeness, swallows, words
from postmortem.evaluation.tally import Mistake, Tally

_RUN_IN: Final = re.compile(r"^\W*\w[^:]{0,60}:\W*\w")
_TAG: Final = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)


def headings(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Headings by line (by their words where the text was extracted, as from HTML), and the names of those matched."""
    if "headings" not in facts:
        return
    name, tally = facts["file"], tally_of(tallies, "headings")
    source = record.get("source") or {}
    text = source.get("text") or ""
    by_line = source.get("media_type") != "text/html"
    lines, left = text.split("\n"), list(facts["headings"])
    for section in record.get("sections") or []:
        heading, line = section["heading"], text.count("\n", 0, section["evidence"]["start"]) + 1
        if by_line:
            same = [h for h in facts["headings"] if h["line"] == line]
            free = line in facts.get("headings_ignored", ()) or bool(_RUN_IN.match(lines[line - 1]))
        else:
            same = [h for h in left if words(_shown(h["text"])) == words(heading)]
            same = same or [h for h in left if likeness(_shown(h["text"]), heading) >= 0.8]
            loose = facts.get("headings_ignored_text", ())
            free = any(contains(words(other), words(heading)) for other in loose)
        if not same:
            if not free:
                tally.spurious(Mistake(name, f"line {line}: spurious heading {heading!r}"))
            continue
        if same[0] not in left:
            continue
        left.remove(same[0])
        if not same[0].get("optional"):
            tally.tp += 1
            names = set(section["names"])
            mistake = Mistake(
                name, f"line {line}: {heading!r} gold {same[0]['names']}", f"{section['names']}"
            )
            others = set(same[0].get("names_alt", ()))
            right = names == set(same[0]["names"]) or bool(
                names and others and names <= {*same[0]["names"], *others}
            )
            tally_of(tallies, "heading names").attribute(right, mistake)
    for item in left:
        if not item.get("optional"):
            tally.missed(Mistake(name, f"line {item['line']}: missed heading {item['text']!r}"))


def _shown(markup: str) -> str:
    """Return what a reader sees of a line of HTML."""
    return html.unescape(_TAG.sub(" ", markup))


def actions(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Actions by their opening words; type, owner, due date and ticket of those that are annotated in detail."""
    if "actions" not in facts:
        return
    name, tally = facts["file"], tally_of(tallies, "actions")
    left, details = list(facts["actions"]), facts.get("action_details", ())
    for answer in record.get("actions") or []:
        text = answer.get("text")
        hit = max(left, key=lambda wanted: likeness(wanted, text), default=None)
        if hit is None or likeness(hit, text) < SAME or swallows(text, hit, facts["actions"]):
            if not any(likeness(wanted, text) >= SAME for wanted in facts.get("actions_optional", ())):
                tally.spurious(Mistake(name, f"spurious action {(text or '')[:60]!r}"))
            continue
        left.remove(hit)
        tally.tp += 1
        detail = next((d for d in details if likeness(d["text"], hit) == 1.0), None)
        if detail:
            _action_details(tallies, name, detail, answer)
    for wanted in left:
        tally.missed(Mistake(name, f"missed action {wanted[:60]!r}"))


def _action_details(tallies: Tallies, name: str, detail: Facts, answer: Facts) -> None:
    for key in ("type", "owner", "due", "ticket"):
        if key in detail:
            wanted, said = detail[key], answer.get(key)
            accepted = [
                words(str(other)) for other in (wanted, *detail.get(f"{key}_alt", ())) if other is not None
            ]
            right = words(str(said)) in accepted if said is not None else not accepted
            mistake = Mistake(name, f"{detail['text'][:30]!r} {key} gold {wanted!r}", f"{said!r}")
            tally_of(tallies, f"action {key}").value(wanted, said, right, mistake)


def named(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Affected services and regions, by name."""
    affected = record.get("affected") or {}
    for key in ("services", "regions"):
        if key in facts:
            said = [item["name"] for item in affected.get(key) or []]
            _texts(tally_of(tallies, key), facts["file"], facts[key], facts.get(f"{key}_optional", ()), said)


def lessons(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Lessons by their opening words, each under its own head."""
    if "lessons" in facts:
        for key, wanted in facts["lessons"].items():
            said = [item["text"] for item in (record.get("lessons") or {}).get(key) or []]
            _texts(tally_of(tallies, f"lessons {key.replace('_', ' ')}"), facts["file"], wanted, (), said)


def _texts(tally: Tally, name: str, wanted: Sequence[str], free: Sequence[str], said: Sequence[str]) -> None:
    left = list(wanted)
    for text in said:
        hit = next((w for w in left if likeness(w, text) >= SAME), None)
        if hit is not None:
            left.remove(hit)
            tally.tp += 1
        elif not any(likeness(other, text) >= SAME for other in free):
            tally.spurious(Mistake(name, f"spurious {text[:60]!r}"))
    for text in left:
        tally.missed(Mistake(name, f"missed {text[:60]!r}"))
