"""One scorer a field. Each adds what it counts to the tallies: ``scorer(tallies, facts, record)``.

`facts` is an annotation, `record` a record as a dict (empty where there is none). The rules of comparison are those of the
project's definitions: a wrong answer costs precision and recall, an attribute (date of an entry, name of a heading) is
judged only where the thing itself was matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from postmortem.evaluation.matching import SAME, Facts, Tally, contains, evidence, likeness, swallows, words

Tallies = dict[str, Tally]
Scorer = Callable[[Tallies, Facts, Facts], None]

_RUN_IN: Final = re.compile(r"^\W*\w[^:]{0,60}:\W*\w")
_MINUTE: Final = 1.0
_WORDS_AT_LEAST: Final = 40


def _tally(tallies: Tallies, name: str) -> Tally:
    return tallies.setdefault(name, Tally())


def _point(node: Facts | None) -> tuple[Any, Any] | None:
    if not node or (node.get("date") is None and node.get("time") is None):
        return None
    return node.get("date"), node.get("time")


def _same_point(gold: tuple[Any, Any] | None, answer: tuple[Any, Any] | None) -> bool:
    """A gold date of ``"*"`` accepts any date."""
    if gold is None or answer is None:
        return gold is answer
    return bool(gold[1] == answer[1] and gold[0] in ("*", answer[0]))


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _moment(tally: Tally, gold: Facts | None, answer: Facts | None, note: str) -> None:
    """Count one optional point; its ``alt`` list holds further accepted ones."""
    wanted, said = _point(gold), _point(answer)
    accepted = [wanted, *(_point(other) for other in (gold or {}).get("alt", ()))]
    if said is None and None in accepted:
        return
    tally.value(
        wanted, said, any(_same_point(a, said) for a in accepted), f"{note}: gold {wanted} got {said}"
    )


def _minutes(tally: Tally, facts: Facts, key: str, answer: object, note: str) -> None:
    wanted, said = _number(facts[key]), _number(answer)
    accepted = [wanted, *(_number(other) for other in facts.get(f"{key}_alt", ()))]
    if said is None and None in accepted:
        return
    right = said is not None and any(a is not None and abs(said - a) <= _MINUTE for a in accepted)
    tally.value(wanted, said, right, f"{note}: {key} gold {wanted} got {said}")


def outage(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Window start and end, UTC offset, duration, stated duration."""
    gold = facts.get("outage")
    if gold is None:
        return
    name, out = facts["file"], record.get("outage") or {}
    for side in ("start", "end"):
        if side in gold:
            _moment(_tally(tallies, f"window {side}"), gold[side], out.get(side), f"{name}: {side}")
    if "utc_offset" in gold:
        said = (out.get("start") or {}).get("utc_offset") or (out.get("end") or {}).get("utc_offset")
        accepted = [gold["utc_offset"], *gold.get("utc_offset_alt", ())]
        if said is not None or None not in accepted:
            note = f"{name}: offset gold {accepted[0]} got {said}"
            _tally(tallies, "window utc offset").value(accepted[0], said, said in accepted, note)
    for key in ("duration_minutes", "stated_duration_minutes"):
        if key in gold:
            _minutes(_tally(tallies, key.replace("_", " ")), gold, key, out.get(key), name)


def percentages(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Impact percentages by value and upper end, and what each is a percentage of."""
    if "impact_percentages" not in facts:
        return
    name, tally = facts["file"], _tally(tallies, "impact percentages")
    left = list(facts["impact_percentages"])
    ignored = {_number(item["value"]) for item in facts.get("percentages_ignored", ())}
    for answer in (record.get("impact") or {}).get("percentages") or []:
        value, upper = _number(answer["value"]), _number(answer.get("upper"))
        hit = next(
            (x for x in left if (_number(x["value"]), _number(x.get("upper"))) == (value, upper)), None
        )
        if hit is None:
            if value not in ignored:
                tally.spurious(f"{name}: spurious {answer['value']}%")
            continue
        left.remove(hit)
        if not hit.get("optional"):
            tally.tp += 1
            right = answer.get("of") in [hit["of"], *hit.get("of_alt", ())]
            note = f"{name}: {hit['value']}% of gold {hit['of']} got {answer.get('of')}"
            _tally(tallies, "impact of what").attribute(right, note)
    for item in left:
        if not item.get("optional"):
            tally.missed(f"{name}: missed {item['value']}%")


def timeline(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Timeline entries by time and text; the date, the end of a range and the phase of those matched."""
    if "timeline" not in facts:
        return
    name, gold, entries = facts["file"], facts["timeline"], _tally(tallies, "timeline entries")
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
                entries.spurious(f"{name}: spurious {answer.get('date')} {answer.get('time')} {said!r}")
            continue
        left.remove(item)
        if not item.get("optional"):
            entries.tp += 1
            _entry_attributes(tallies, name, item, answer)
    for item in left:
        if not item.get("optional"):
            entries.missed(f"{name}: missed {item.get('date')} {item.get('time')} {item['text'][:60]!r}")


def _entry_likeness(item: Facts, answer: Facts) -> float:
    if item.get("time") != answer.get("time"):
        return -1.0
    if item.get("time") is None and answer.get("date") not in [item.get("date"), *item.get("date_alt", ())]:
        return -1.0
    return likeness(item["text"], answer.get("text"))


def _entry_attributes(tallies: Tallies, name: str, item: Facts, answer: Facts) -> None:
    stamp = f"{name}: {item.get('time')} {item['text'][:40]!r}"
    for key, field, wanted in (
        ("date", "timeline dates", item.get("date")),
        ("phase", "timeline phases", item["phase"]),
    ):
        right = answer.get(key) in [wanted, *item.get(f"{key}_alt", ())]
        _tally(tallies, field).attribute(right, f"{stamp} {key} gold {wanted} got {answer.get(key)}")
    wanted, said = item.get("end_time"), answer.get("end_time")
    if wanted or said:
        note = f"{stamp} end gold {wanted} got {said}"
        _tally(tallies, "timeline range ends").attribute(wanted == said, note)


def root_cause(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """A hit holds a key phrase, is not much longer than what the report says, and is what its evidence quotes."""
    if "root_cause" not in facts:
        return
    gold, cause = facts["root_cause"], record.get("root_cause") or {}
    statement = cause.get("statement")
    said = words(statement)
    told = gold.get("quote_words") or len(words(gold.get("quote") or " ".join(gold["keys"])))
    quoted = words(" ".join(e.get("text", "") for e in evidence(cause)))
    held = any(contains(said, words(key)) for key in gold["keys"])
    right = bool(said) and len(said) <= max(_WORDS_AT_LEAST, 2 * told) and said == quoted and held
    note = f"{facts['file']}: cause keys {gold['keys']} got {(statement or '')[:160]!r}"
    _tally(tallies, "root cause").value(gold["keys"] or None, statement or None, right, note)


def categories(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """The primary category, and all of them together."""
    if "categories" not in facts:
        return
    name, gold = facts["file"], facts["categories"]
    answer = [c["id"] for c in record.get("categories") or []]
    accepted = [gold["primary"], *gold.get("primary_alt", ())]
    top = answer[0] if answer else None
    note = f"{name}: primary gold {accepted} got {answer}"
    _tally(tallies, "primary category").value(gold["primary"], top, top in accepted, note)
    for category, right, wanted in _category_marks(gold, answer):
        if right:
            _tally(tallies, "all categories").tp += 1
        elif wanted:
            _tally(tallies, "all categories").missed(f"{name}: missed {category}")
        else:
            _tally(tallies, "all categories").spurious(f"{name}: spurious {category}")


def _category_marks(gold: Facts, answer: Sequence[str]) -> Iterable[tuple[str, bool, bool]]:
    """Yield (category, right, wanted) for each category that counts; an accepted alternative may be said or left out."""
    accepted = [gold["primary"], *gold.get("primary_alt", ())]
    top = answer[0] if answer else None
    full = {top if top in accepted else gold["primary"], *gold.get("also", ())} - {None}
    lenient = full | set(accepted) | set(gold.get("also_alt", ()))
    for category in sorted(set(answer) | full):
        if category in answer:
            yield category, category in lenient, False
        elif category not in gold.get("also_alt", ()):
            yield category, False, True


def category_scores(annotations: Iterable[Facts], records: Mapping[str, Facts]) -> dict[str, Tally]:
    """Return the tally of each category over the annotated reports; `records` by path."""
    tallies: Tallies = {}
    for facts in annotations:
        if "categories" in facts:
            answer = [c["id"] for c in records.get(facts["file"], {}).get("categories") or []]
            for category, right, wanted in _category_marks(facts["categories"], answer):
                tally = _tally(tallies, category)
                tally.tp += right
                tally.fn += wanted
                tally.fp += not right and not wanted
    return tallies


def headings(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Headings by line (by their words where the text was extracted, as from HTML), and the names of those matched."""
    if "headings" not in facts:
        return
    name, tally = facts["file"], _tally(tallies, "headings")
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
            same = [h for h in left if words(h["text"]) == words(heading)]
            same = same or [h for h in left if likeness(h["text"], heading) >= 0.8]
            loose = facts.get("headings_ignored_text", ())
            free = any(contains(words(other), words(heading)) for other in loose)
        if not same:
            if not free:
                tally.spurious(f"{name}:{line}: spurious heading {heading!r}")
            continue
        if same[0] not in left:
            continue
        left.remove(same[0])
        if not same[0].get("optional"):
            tally.tp += 1
            names, note = (
                set(section["names"]),
                f"{name}:{line}: {heading!r} gold {same[0]['names']} got {section['names']}",
            )
            others = set(same[0].get("names_alt", ()))
            right = names == set(same[0]["names"]) or bool(
                names and others and names <= {*same[0]["names"], *others}
            )
            _tally(tallies, "heading names").attribute(right, note)
    for item in left:
        if not item.get("optional"):
            tally.missed(f"{name}:{item['line']}: missed heading {item['text']!r}")


def actions(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Actions by their opening words; type, owner, due date and ticket of those that are annotated in detail."""
    if "actions" not in facts:
        return
    name, tally = facts["file"], _tally(tallies, "actions")
    left, details = list(facts["actions"]), facts.get("action_details", ())
    for answer in record.get("actions") or []:
        text = answer.get("text")
        hit = max(left, key=lambda wanted: likeness(wanted, text), default=None)
        if hit is None or likeness(hit, text) < SAME or swallows(text, hit, facts["actions"]):
            if not any(likeness(wanted, text) >= SAME for wanted in facts.get("actions_optional", ())):
                tally.spurious(f"{name}: spurious action {(text or '')[:60]!r}")
            continue
        left.remove(hit)
        tally.tp += 1
        detail = next((d for d in details if likeness(d["text"], hit) == 1.0), None)
        if detail:
            _action_details(tallies, name, detail, answer)
    for wanted in left:
        tally.missed(f"{name}: missed action {wanted[:60]!r}")


def _action_details(tallies: Tallies, name: str, detail: Facts, answer: Facts) -> None:
    for key in ("type", "owner", "due", "ticket"):
        if key in detail:
            wanted, said = detail[key], answer.get(key)
            accepted = [
                words(str(other)) for other in (wanted, *detail.get(f"{key}_alt", ())) if other is not None
            ]
            right = words(str(said)) in accepted if said is not None else not accepted
            note = f"{name}: {detail['text'][:30]!r} {key} gold {wanted!r} got {said!r}"
            _tally(tallies, f"action {key}").value(wanted, said, right, note)


def detection(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """How the incident was first noticed."""
    if "detection" in facts:
        accepted, said = facts["detection"], (record.get("detection") or {}).get("method")
        note = f"{facts['file']}: detection gold {accepted} got {said}"
        _tally(tallies, "detection method").value(
            accepted[0] if accepted else None, said, said in accepted, note
        )


def simple(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Status, title and severity level."""
    name = facts["file"]
    if "status" in facts:
        said = record.get("status")
        _tally(tallies, "status").attribute(
            said == facts["status"], f"{name}: status gold {facts['status']} got {said}"
        )
    if "title" in facts:
        wanted, said = facts["title"], (record.get("title") or {}).get("text")
        right = words(wanted) == words(said)
        _tally(tallies, "title").value(wanted, said, right, f"{name}: title gold {wanted!r} got {said!r}")
    if "severity" in facts:
        gold, answer = facts["severity"], record.get("severity")
        right = bool(gold and answer and gold["level"] == answer["level"])
        note = f"{name}: severity gold {gold} got {answer and answer['raw']!r}"
        _tally(tallies, "severity").value(gold, answer, right, note)


def named(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Affected services and regions, by name."""
    affected = record.get("affected") or {}
    for key in ("services", "regions"):
        if key in facts:
            said = [item["name"] for item in affected.get(key) or []]
            _texts(_tally(tallies, key), facts["file"], facts[key], facts.get(f"{key}_optional", ()), said)


def figures(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Impact figures other than percentages, by value and kind."""
    if "figures" not in facts:
        return
    name, tally, left = facts["file"], _tally(tallies, "impact figures"), list(facts["figures"])
    free = {_number(item["value"]) for item in facts.get("figures_optional", ())}
    for answer in (record.get("impact") or {}).get("figures") or []:
        value = _number(answer["value"])
        hit = next((x for x in left if (_number(x["value"]), x["kind"]) == (value, answer["kind"])), None)
        if hit is not None:
            left.remove(hit)
            tally.tp += 1
        elif value not in free:
            tally.spurious(f"{name}: spurious figure {answer['value']} {answer['unit']} ({answer['kind']})")
    for item in left:
        tally.missed(f"{name}: missed figure {item['value']} {item['unit']} ({item['kind']})")


def statements(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Resolution and trigger (statement, and kind of those matched), contributing factors, false leads."""
    for key in ("resolution", "trigger"):
        if key in facts:
            _statement(tallies, key, facts, record.get(key))
    for key, field in (("contributing_factors", "contributing factors"), ("false_leads", "false leads")):
        if key in facts:
            _keyed(_tally(tallies, field), facts, key, record.get(key) or [])


def _statement(tallies: Tallies, key: str, facts: Facts, answer: Facts | None) -> None:
    gold, said = facts[key], (answer or {}).get("statement")
    held = bool(gold) and _holds(said, gold["keys"])
    note = f"{facts['file']}: {key} keys {gold and gold['keys']} got {(said or '')[:120]!r}"
    _tally(tallies, key).value(gold, said, held, note)
    if gold and held:
        wanted, kind = gold["kind"], (answer or {}).get("kind")
        note = f"{facts['file']}: {key} kind gold {wanted} got {kind}"
        _tally(tallies, f"{key} kind").attribute(kind in [wanted, *gold.get("kind_alt", ())], note)


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
            tally.spurious(f"{facts['file']}: spurious {key} {answer.get('kind', '')} {statement[:80]!r}")
    for item in left:
        tally.missed(f"{facts['file']}: missed {key} {item.get('kind', '')} {item['keys'][:1]}")


def _same_kind(item: Facts, answer: Facts) -> bool:
    return "kind" not in item or answer.get("kind") in [item["kind"], *item.get("kind_alt", ())]


def lessons(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Lessons by their opening words, each under its own head."""
    if "lessons" in facts:
        for key, wanted in facts["lessons"].items():
            said = [item["text"] for item in (record.get("lessons") or {}).get(key) or []]
            _texts(_tally(tallies, f"lessons {key.replace('_', ' ')}"), facts["file"], wanted, (), said)


def _texts(tally: Tally, name: str, wanted: Sequence[str], free: Sequence[str], said: Sequence[str]) -> None:
    left = list(wanted)
    for text in said:
        hit = next((w for w in left if likeness(w, text) >= SAME), None)
        if hit is not None:
            left.remove(hit)
            tally.tp += 1
        elif not any(likeness(other, text) >= SAME for other in free):
            tally.spurious(f"{name}: spurious {text[:60]!r}")
    for text in left:
        tally.missed(f"{name}: missed {text[:60]!r}")


def milestones(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Milestones by date and time, and the metrics that follow from them."""
    for key, gold in (facts.get("milestones") or {}).items():
        answer = (record.get("milestones") or {}).get(key)
        _moment(_tally(tallies, "milestones"), gold, answer, f"{facts['file']}: {key}")
    metrics = facts.get("metrics") or {}
    for key in metrics:
        if key.endswith("_minutes"):
            answer = (record.get("metrics") or {}).get(key)
            _minutes(_tally(tallies, "metrics"), metrics, key, answer, facts["file"])


def findings(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Findings by code."""
    if "findings" not in facts:
        return
    tally, said = _tally(tallies, "findings"), {item["code"] for item in record.get("findings") or []}
    wanted, free = set(facts["findings"]), set(facts.get("findings_optional", ()))
    tally.tp += len(said & wanted)
    for code in sorted(said - wanted - free):
        tally.spurious(f"{facts['file']}: spurious finding {code}")
    for code in sorted(wanted - said):
        tally.missed(f"{facts['file']}: missed finding {code}")


def support(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """Do the spans quote the text, and does the evidence of each claim say what the claim says?"""
    text = (record.get("source") or {}).get("text")
    if text is None:
        return
    for where, span in _spans(record):
        quoted = text[span["start"] : span["end"]]
        right = 0 <= span["start"] <= span["end"] <= len(text) and quoted == span.get("text", quoted)
        _tally(tallies, "evidence spans").attribute(
            right, f"{facts['file']}: {where} is not {span.get('text')!r}"
        )
    for what, claim in _claims(record):
        quotes = " ".join(text[e["start"] : e["end"]] for e in evidence(claim))
        if what == "percentage":
            right = f"{float(claim['value']):g}" in quotes
        elif what in ("entry", "action"):
            right = contains(words(quotes), words(claim.get("text"))[:5])
        else:
            right = bool(quotes.strip())
        _tally(tallies, "evidence supports").attribute(
            right, f"{facts['file']}: {what} without evidence that says so"
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


SCORERS: Final[tuple[Scorer, ...]] = (
    outage, percentages, timeline, root_cause, categories, headings, actions, detection, simple, named, figures,
    statements, lessons, milestones, findings, support,
)  # fmt: skip
