"""Single values and statements: status, title, severity, detection, trigger, resolution, factors, false leads, findings."""

from __future__ import annotations

from collections.abc import Sequence

from postmortem.evaluation.fields.common import Tallies, tally_of
from postmortem.evaluation.matching import Facts, contains, words
from postmortem.evaluation.tally import Mistake, Tally


def detection(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """How the incident was first noticed."""
    if "detection" in facts:
        accepted, said = facts["detection"], (record.get("detection") or {}).get("method")
        mistake = Mistake(facts["file"], f"detection gold {accepted}", f"{said}")
        tally_of(tallies, "detection method").value(
            accepted[0] if accepted else None, said, said in accepted, mistake
        )


def simple(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Status, title and severity level."""
    name = facts["file"]
    if "status" in facts:
        said = record.get("status")
        tally_of(tallies, "status").attribute(
            said == facts["status"], Mistake(name, f"status gold {facts['status']}", f"{said}")
        )
    if "title" in facts:
        wanted, said = facts["title"], (record.get("title") or {}).get("text")
        right = words(wanted) == words(said)
        tally_of(tallies, "title").value(
            wanted, said, right, Mistake(name, f"title gold {wanted!r}", f"{said!r}")
        )
    if "severity" in facts:
        gold, answer = facts["severity"], record.get("severity")
        right = bool(gold and answer and gold["level"] == answer["level"])
        mistake = Mistake(name, f"severity gold {gold}", f"{answer and answer['raw']!r}")
        tally_of(tallies, "severity").value(gold, answer, right, mistake)


def statements(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Resolution and trigger (statement, and kind of those matched), contributing factors, false leads."""
    for key in ("resolution", "trigger"):
        if key in facts:
            _statement(tallies, key, facts, record.get(key))
    for key, field in (("contributing_factors", "contributing factors"), ("false_leads", "false leads")):
        if key in facts:
            _keyed(tally_of(tallies, field), facts, key, record.get(key) or [])


def _statement(tallies: Tallies, key: str, facts: Facts, answer: Facts | None) -> None:
    gold, said = facts[key], (answer or {}).get("statement")
    held = bool(gold) and _holds(said, gold["keys"])
    mistake = Mistake(facts["file"], f"{key} keys {gold and gold['keys']}", f"{(said or '')[:120]!r}")
    tally_of(tallies, key).value(gold, said, held, mistake)
    if gold and held and "kind" in gold:
        wanted, kind = gold["kind"], (answer or {}).get("kind")
        mistake = Mistake(facts["file"], f"{key} kind gold {wanted}", f"{kind}")
        tally_of(tallies, f"{key} kind").attribute(kind in [wanted, *gold.get("kind_alt", ())], mistake)


def _holds(text: str | None, keys: Sequence[str]) -> bool:
    said = words(text)
    return any(contains(said, words(key)) for key in keys)


def _keyed(tally: Tally, facts: Facts, key: str, answers: Sequence[Facts]) -> None:
    left, free = list(facts[key]), facts.get(f"{key}_optional", ())
    for answer in answers:
        statement = answer["statement"]
        hit = next((x for x in left if _holds(statement, x["keys"]) and _same_kind(x, answer)), None)
        if hit is not None:
            left.remove(hit)
            tally.tp += 1
        elif not any(_holds(statement, x["keys"]) for x in free):
            tally.spurious(
                Mistake(facts["file"], f"spurious {key} {answer.get('kind', '')} {statement[:80]!r}")
            )
    for item in left:
        tally.missed(Mistake(facts["file"], f"missed {key} {item.get('kind', '')} {item['keys'][:1]}"))


def _same_kind(item: Facts, answer: Facts) -> bool:
    return "kind" not in item or answer.get("kind") in [item["kind"], *item.get("kind_alt", ())]


def findings(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Findings by code."""
    if "findings" not in facts:
        return
    tally, said = tally_of(tallies, "findings"), {item["code"] for item in record.get("findings") or []}
    wanted, free = set(facts["findings"]), set(facts.get("findings_optional", ()))
    tally.tp += len(said & wanted)
    for code in sorted(said - wanted - free):
        tally.spurious(Mistake(facts["file"], f"spurious finding {code}"))
    for code in sorted(wanted - said):
        tally.missed(Mistake(facts["file"], f"missed finding {code}"))
