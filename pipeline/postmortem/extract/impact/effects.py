"""What those suffered whose share a percentage gives."""

from __future__ import annotations

import re
from typing import Final

from postmortem.extract.impact.known import known_rules

_AUXILIARY: Final = re.compile(
    r"\s{0,4}(?:,?\s?(?:who|which|that)\s)?"
    r"(?:(?:were|was|are|is|being|have been|has been|had been|may have been|could have been)\s)?"
    r"(?:(?:completely|entirely|totally|also|temporarily|either|still)\s)?",
)
_CLAUSE_END: Final = re.compile(
    r"[.;!?](?:\s|$)|,\s|\s(?:during|because|due to|while|whereas|until|between|after which)\s|\s-\s|$",
)
_DEPENDENT: Final = re.compile(
    r"\s{0,4}(?:in|on|at|for|to|with|from|using|during|across|via|by|over|of|trying|"
    r"attempting|through|throughout|within|worldwide|globally|chance)\b",
)
_NEXT_CLAUSE: Final = re.compile(r"\s{0,4}(?:and|or|as|while|when|before|after|but|so)\b")
_PREDICATE: Final = re.compile(
    r"\b(?:(?:was|were|being|is|are)\s(?!using\b)|(?=(?:received|experienced|failed|lost|saw|had|could|encountered|faced|"
    r"suffered|to (?:fail|lose|see|experience|receive|time out|be)|returned|timed out|got|did not|didn't|unable|"
    r"stopped|found|observed|reported)\b))",
)
_CAUSED: Final = re.compile(
    r"\b(?:causing|caused|resulting in|resulted in|leading to|led to|meaning|meant)\s(?P<harm>[^.;:,]{4,80}?)\s"
    r"(?:for|to|in|of|on|across)\s?(?:[a-z~]+\s){0,3}$",
)
_SENTENCE_BEFORE: Final = re.compile(r"[.;:!?]\s")
_LINK: Final = re.compile(
    r"[,\s-]{0,4}(?:(?:and|which|that|thereby|thus|also|this|it|(?:the|this) (?:outage|issue|incident|problem))\s){0,2}"
    r"(?:have |has |had )?(?<![a-z])(?:affect|impact|leav|hit|involv|estimat|leading|led|causing|caused)\w{0,4}\b[^.;]{0,60}$",
)


def effect_of(sentence: str, begin: int, phrase_end: int) -> tuple[int, int] | None:
    """What they suffered: the predicate after the noun phrase, else the clause that leads up to the figure."""
    while sentence[phrase_end : phrase_end + 1] in (")", "]"):
        phrase_end += 1
    clause = _CLAUSE_END.search(sentence, phrase_end)
    end = clause.start() if clause else len(sentence)
    if _NEXT_CLAUSE.match(sentence, phrase_end):
        start = end
    elif _DEPENDENT.match(sentence, phrase_end):
        predicate = _PREDICATE.search(sentence, phrase_end, end)
        start = predicate.end() if predicate else end
    else:
        auxiliary = _AUXILIARY.match(sentence, phrase_end)
        start = auxiliary.end() if auxiliary else phrase_end
        clause = _CLAUSE_END.search(sentence, start)
        end = clause.start() if clause else len(sentence)
    said = sentence[start:end].strip()
    if len(said.split()) >= 2 or (said and known_rules().harm.search(said)):
        return start, end
    if caused := _CAUSED.search(sentence, max(0, begin - 160), begin):
        return caused.span("harm")
    link = _LINK.search(sentence, max(0, begin - 160), begin)
    end = link.start() if link else phrase_end
    start = max((mark.end() for mark in _SENTENCE_BEFORE.finditer(sentence, 0, min(end, begin))), default=0)
    lead = sentence[start:end].rstrip(" ,;-")
    return (start, start + len(lead)) if len(lead.split()) >= 3 else None
