"""The statement of the root cause, and its categories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from postmortem.evaluation.fields.common import Tallies, tally_of
from postmortem.evaluation.matching import Facts, contains, evidence, words
from postmortem.evaluation.tally import Mistake

_WORDS_AT_LEAST: Final = 40


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
    mistake = Mistake(facts["file"], f"cause keys {gold['keys']}", f"{(statement or '')[:160]!r}")
    tally_of(tallies, "root cause").value(gold["keys"] or None, statement or None, right, mistake)


def categories(tallies: Tallies, facts: Facts, record: Facts) -> None:
    """The primary category, and all of them together."""
    if "categories" not in facts:
        return
    name, gold = facts["file"], facts["categories"]
    answer = [c["id"] for c in record.get("categories") or []]
    accepted = [gold["primary"], *gold.get("primary_alt", ())]
    top = answer[0] if answer else None
    mistake = Mistake(name, f"primary gold {accepted}", f"{answer}")
    tally_of(tallies, "primary category").value(gold["primary"], top, top in accepted, mistake)
    for category, right, wanted in category_marks(gold, answer):
        if right:
            tally_of(tallies, "all categories").tp += 1
        elif wanted:
            tally_of(tallies, "all categories").missed(Mistake(name, f"missed {category}"))
        else:
            tally_of(tallies, "all categories").spurious(Mistake(name, f"spurious {category}"))


def category_marks(gold: Facts, answer: Sequence[str]) -> Iterable[tuple[str, bool, bool]]:
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
