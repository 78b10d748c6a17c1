"""The outage window, and the milestones with what follows from them."""

from __future__ import annotations

from typing import Any, Final

from postmortem.evaluation.fields.common import Tallies, number, tally_of
from postmortem.evaluation.matching import Facts
from postmortem.evaluation.tally import Mistake, Tally

_MINUTE: Final = 1.0


def outage(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Window start and end, UTC offset, duration, stated duration."""
    gold = facts.get("outage")
    if gold is None:
        return
    name, out = facts["file"], record.get("outage") or {}
    for side in ("start", "end"):
        if side in gold:
            _moment(tally_of(tallies, f"window {side}"), gold[side], out.get(side), (name, side))
    if "utc_offset" in gold:
        said = (out.get("start") or {}).get("utc_offset") or (out.get("end") or {}).get("utc_offset")
        accepted = [gold["utc_offset"], *gold.get("utc_offset_alt", ())]
        if said is not None or None not in accepted:
            mistake = Mistake(name, f"offset gold {accepted[0]}", f"{said}")
            tally_of(tallies, "window utc offset").value(accepted[0], said, said in accepted, mistake)
    for key in ("duration_minutes", "stated_duration_minutes"):
        if key in gold:
            _minutes(tally_of(tallies, key.replace("_", " ")), gold, key, out.get(key), name)


def milestones(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Milestones by date and time, and the metrics that follow from them."""
    for key, gold in (facts.get("milestones") or {}).items():
        answer = (record.get("milestones") or {}).get(key)
        _moment(tally_of(tallies, "milestones"), gold, answer, (facts["file"], key))
    metrics = facts.get("metrics") or {}
    for key in metrics:
        if key.endswith("_minutes"):
            answer = (record.get("metrics") or {}).get(key)
            _minutes(tally_of(tallies, "metrics"), metrics, key, answer, facts["file"])


def _point(node: Facts | None) -> tuple[Any, Any] | None:
    if not node or (node.get("date") is None and node.get("time") is None):
        return None
    return node.get("date"), node.get("time")


def _same_point(gold: tuple[Any, Any] | None, answer: tuple[Any, Any] | None) -> bool:
    """A gold date of ``"*"`` accepts any date."""
    if gold is None or answer is None:
        return gold is answer
    return bool(gold[1] == answer[1] and gold[0] in ("*", answer[0]))


def _moment(tally: Tally, gold: Facts | None, answer: Facts | None, what: tuple[str, str]) -> None:
    """Count one optional point, `what` of a file; its ``alt`` list holds further accepted ones."""
    wanted, said = _point(gold), _point(answer)
    accepted = [wanted, *(_point(other) for other in (gold or {}).get("alt", ()))]
    if said is None and None in accepted:
        return
    mistake = Mistake(what[0], f"{what[1]} gold {wanted}", f"{said}")
    tally.value(wanted, said, any(_same_point(a, said) for a in accepted), mistake)


def _minutes(tally: Tally, facts: Facts, key: str, answer: object, name: str) -> None:
    wanted, said = number(facts[key]), number(answer)
    accepted = [wanted, *(number(other) for other in facts.get(f"{key}_alt", ()))]
    if said is None and None in accepted:
        return
    right = said is not None and any(a is not None and abs(said - a) <= _MINUTE for a in accepted)
    tally.value(wanted, said, right, Mistake(name, f"{key} gold {wanted}", f"{said}"))
