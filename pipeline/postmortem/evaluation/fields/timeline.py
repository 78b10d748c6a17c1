"""Timeline entries and their attributes."""

from __future__ import annotations

from postmortem.evaluation.fields.common import Tallies, tally_of
from postmortem.evaluation.matching import SAME, Facts, likeness, swallows
from postmortem.evaluation.tally import Mistake


def timeline(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Timeline entries by time and text; the date, the end of a range and the phase of those matched."""
    if "timeline" not in facts:
        return
    name, gold, entries = facts["file"], facts["timeline"], tally_of(tallies, "timeline entries")
    left = list(gold)
    for answer in record.get("timeline") or []:
        scored = [(_entry_likeness(item, answer), -place) for place, item in enumerate(left)]
        best, place = max(scored, default=(0.0, 0))
        item = left[-place] if scored else None
        if (
            item is None
            or best < SAME
            or swallows(answer.get("text"), item["text"], [e["text"] for e in gold])
        ):
            if answer.get("time") is not None:
                said = (answer.get("text") or "")[:60]
                entries.spurious(
                    Mistake(name, f"spurious {answer.get('date')} {answer.get('time')} {said!r}")
                )
            continue
        left.remove(item)
        if not item.get("optional"):
            entries.tp += 1
            _entry_attributes(tallies, name, item, answer)
    for item in left:
        if not item.get("optional"):
            entries.missed(
                Mistake(name, f"missed {item.get('date')} {item.get('time')} {item['text'][:60]!r}")
            )


def _entry_likeness(item: Facts, answer: Facts) -> float:
    if item.get("time") != answer.get("time"):
        return -1.0
    if item.get("time") is None and answer.get("date") not in [item.get("date"), *item.get("date_alt", ())]:
        return -1.0
    return likeness(item["text"], answer.get("text"))


def _entry_attributes(tallies: Tallies, name: str, item: Facts, answer: Facts) -> None:
    stamp = f"{item.get('time')} {item['text'][:40]!r}"
    for key, field, wanted in (
        ("date", "timeline dates", item.get("date")),
        ("phase", "timeline phases", item["phase"]),
    ):
        right = answer.get(key) in [wanted, *item.get(f"{key}_alt", ())]
        tally_of(tallies, field).attribute(
            right, Mistake(name, f"{stamp} {key} gold {wanted}", f"{answer.get(key)}")
        )
    wanted, said = item.get("end_time"), answer.get("end_time")
    if wanted or said:
        mistake = Mistake(name, f"{stamp} end gold {wanted}", f"{said}")
        tally_of(tallies, "timeline range ends").attribute(wanted == said, mistake)
