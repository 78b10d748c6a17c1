"""How likely it is that a percentage says how much was harmed: a logit over what is known of its place and of its sentence.

What it is worth that a percentage stands in a timeline, behind "will", before "of our users" or at "cpu" was learnt from reports
whose percentages of harm are known (``models/impact``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from postmortem.document import BlockKind
from postmortem.extract.impact.governed import ELLIPSIS
from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.mentions import Mention
from postmortem.extract.impact.numbers import number
from postmortem.extract.impact.places import NOT_HARMED
from postmortem.learned.choice import ChoiceModel
from postmortem.learned.packaged import choice_model

# From so many points on a percentage is taken: as soon as that is likelier than not.
THRESHOLD: Final = 0.0
# How many characters tell the tense, and how many words on either side are looked at one by one.
_NEAR: Final = 60
_WORDS: Final = 4
_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|[^\sa-z]")
_HARM_REACH: Final = 80
_TENSES: Final = {
    "past": re.compile(
        r"\b(?:was|were|had|did|could not|\w{3,14}ed|saw|got|lost|went|fell|rose|became|left|came|took|stood|found|kept|ran|hung|"
        r"began)\b"
    ),
    "present": re.compile(r"\b(?:is|are|has|have|does|do|can|\w{3,10}s)\b"),
    "planned": re.compile(
        r"\b(?:will|would|shall|should|must|may|might|could|can|cannot|going to|to [a-z]{2,9}(?= \S{0,10}\s?$)|"
        r"when|if|whenever|unless|until|once|"
        r"alert\w*|alarm\w*|page[drs]?|warn\w*)\b"
    ),
    "usual": re.compile(
        r"\b(?:usual|usually|normal|normally|typical|typically|average|ordinary|expected|as (?:ever|always)|earlier|baseline)\b"
    ),
}
_NOT_YET: Final = "aside.no.past"
_STANDING: Final = frozenset({"share", "no.past"})
_HAPPENED: Final = frozenset(
    {"apposed", "harm", "in=impact", "in=timeline", "in=resolution", "in=communication"}
)
# What was counted, in other words: "that is 4% of …", "(4% of …".
_APPOSED: Final = re.compile(
    r"(?:\(|\b(?:that|which|this|it)(?:'s|\sis)\s)(?:about |around |some |roughly |nearly |almost |~){0,2}$"
)
_SMALL: Final = 5.0
_NEARLY_ALL: Final = 99.0
_ALL: Final = 100.0


def is_likely(mention: Mention) -> bool:
    """Does a percentage more likely than not say how much was harmed?"""
    said = features(mention)
    return not is_standing(said) and default_model().points([said])[0] > THRESHOLD


def is_standing(said: Mapping[str, float]) -> bool:
    """Do the features of a percentage say that it is of no time: a share of something as it always is ("30% of our guests come by
    train"), or in a section of lessons or plans and not of the past ("Page somebody when 5% fail")?"""
    return _NOT_YET in said or (said.keys() >= _STANDING and said.keys().isdisjoint(_HAPPENED))


def features(mention: Mention) -> dict[str, float]:
    """Return the features of a percentage that are not zero."""
    before, after, term = mention.before, mention.after, mention.term
    known = known_rules()
    adverse = term is not None and term.text in known.adverse
    said = ["any", f"of={term.of if term else _untold(mention)}"]
    said += [f"in={name}" for name in sorted(mention.names or ())] or ["in=none"]
    if mention.names and mention.names & NOT_HARMED:
        said.append("aside")
    said.append(f"block={mention.kind.value if mention.kind else 'none'}")
    if adverse:
        said.append("adverse")
    if mention.direction:
        said.append(f"{mention.direction}.{'adverse' if adverse else 'wanted'}")
    if term:
        said.append("term.after" if term.start >= mention.finish else "term.before")
    if mention.shares:
        said.append("share")
        if _APPOSED.search(before[-_NEAR:]):
            said.append("apposed")
    elif ELLIPSIS.match(after):
        said.append("ellipsis")
    harmed, past = _sentence(mention.sentence.text)
    lost = mention.direction == "down" and not adverse
    if harmed or lost or (mention.header and known.harm.search(mention.header)):
        said.append("harm")
    if known.harm.search(after[:_HARM_REACH]):
        said.append("harm.after")
    for name, pattern in _TENSES.items():
        if pattern.search(before[-_NEAR:]):
            said.append(f"{name}.before")
        if pattern.search(after[:_NEAR]):
            said.append(f"{name}.after")
    if not past and mention.kind is not BlockKind.ROW:
        said.append("no.past")
        said += [f"{where}.no.past" for where in ("aside", "planned.before") if where in said]
    said += _sizes(number(mention.match["high"] or mention.match["low"]))
    said += [f"<{word}" for word in _TOKEN.findall(before[-_NEAR:])[-_WORDS:]]
    said += [f">{word}" for word in _TOKEN.findall(after[:_NEAR])[:_WORDS]]
    return dict.fromkeys(said, 1.0)


@lru_cache(maxsize=16)
def _sentence(text: str) -> tuple[bool, bool]:
    """Does a sentence say that something suffered, and does it tell of the past?"""
    return known_rules().harm.search(text) is not None, _TENSES["past"].search(text) is not None


def _untold(mention: Mention) -> str:
    """Return what is known of what a percentage governs, where that is no known noun."""
    if mention.inherited:
        return "inherited"
    return "unknown" if mention.shares else "none"


def _sizes(value: float) -> list[str]:
    if value >= _ALL:
        return ["all"]
    if value >= _NEARLY_ALL:
        return ["nearly.all"]
    return ["small"] if value <= _SMALL else []


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("impact")
