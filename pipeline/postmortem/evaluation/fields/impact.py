"""Impact percentages and figures."""

from __future__ import annotations

from postmortem.evaluation.fields.common import Tallies, number, tally_of
from postmortem.evaluation.matching import Facts
from postmortem.evaluation.tally import Mistake


def percentages(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Impact percentages by value and upper end, and what each is a percentage of."""
    if "impact_percentages" not in facts:
        return
    name, tally = facts["file"], tally_of(tallies, "impact percentages")
    left = list(facts["impact_percentages"])
    ignored = {number(item["value"]) for item in facts.get("percentages_ignored", ())}
    for answer in (record.get("impact") or {}).get("percentages") or []:
        value, upper = number(answer["value"]), number(answer.get("upper"))
        hit = next((x for x in left if (number(x["value"]), number(x.get("upper"))) == (value, upper)), None)
        if hit is None:
            if value not in ignored:
                tally.spurious(Mistake(name, f"spurious {answer['value']}%"))
            continue
        left.remove(hit)
        if not hit.get("optional"):
            tally.tp += 1
            right = answer.get("of") in [hit["of"], *hit.get("of_alt", ())]
            mistake = Mistake(name, f"{hit['value']}% of gold {hit['of']}", f"{answer.get('of')}")
            tally_of(tallies, "impact of what").attribute(right, mistake)
    for item in left:
        if not item.get("optional"):
            tally.missed(Mistake(name, f"missed {item['value']}%"))


def figures(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Impact figures other than percentages, by value and kind."""
    if "figures" not in facts:
        return
    name, tally, left = facts["file"], tally_of(tallies, "impact figures"), list(facts["figures"])
    free = {number(item["value"]) for item in facts.get("figures_optional", ())}
    for answer in (record.get("impact") or {}).get("figures") or []:
        value = number(answer["value"])
        hit = next((x for x in left if (number(x["value"]), x["kind"]) == (value, answer["kind"])), None)
        if hit is not None:
            left.remove(hit)
            tally.tp += 1
        elif value not in free:
            tally.spurious(
                Mistake(name, f"spurious figure {answer['value']} {answer['unit']} ({answer['kind']})")
            )
    for item in left:
        tally.missed(Mistake(name, f"missed figure {item['value']} {item['unit']} ({item['kind']})"))
