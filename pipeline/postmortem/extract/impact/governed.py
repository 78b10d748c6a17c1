"""What a percentage governs: the noun, the direction of a change of it, and where its noun phrase ends."""

from __future__ import annotations

import re
from typing import Final

from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.terms import Term

# Where a noun phrase ends: a verb, preposition or mark that cannot stand inside one.
_STOP: Final = re.compile(
    r",(?!\d)|[;:()!?|/]|\.(?:\s|$)|--|\s-\s|(?<!-)\b(?:in|on|to|for|from|with|without|using|via|by|at|during|who|whom|that|which|whose|when|while|"
    r"were|was|are|is|be|been|being|has|have|had|did|could|would|may|might|got|and|or|but|as|into|across|between|"
    r"experienc\w{1,3}|fail(?:ed|s|ing)|receiv\w{1,3}|return\w{1,3}|saw|see|seeing|report\w{1,3}|lost|losing|encounter\w{1,3}|"
    r"affect\w{1,3}|impact(?:ed|ing|s)?|unable|not|never|also|because|due|owing|died|stayed|reach\w{0,3}|drop(?:ped|ping)|fell|became|went|suffer\w{0,3}|"
    r"caus\w{1,3}|result\w{1,3}|lead(?:ing|s)?|led|found|turned|facing|faced|timed|accessing|trying|attempting|across|throughout|over|after|before)\b",
)
# How a noun phrase may open: words of which some end one elsewhere.
_OPENING: Final = re.compile(
    r"\s?(?:(?:all|the|our|its|their|that|those|these|this|affected|impacted|failed|failing|reported|lost)\s){0,3}"
    r"(?:(?:more than|over|about|around|nearly|almost|some|roughly)\s)?(?:\d[\d.,]{0,12}\s)?"
    r"(?:[\w./-]{1,24}\s(?:and|or)\s)?"
)
# In a noun phrase that has its head an article begins the next one: "4% of viewers met an error page".
_NEXT_PHRASE: Final = re.compile(r"(?<!\bof)\s(?:an?|the|their|its|his|her|no|another)\s")
SHARE: Final = re.compile(
    r"\s?\)?(?:\s(?:(?!(?:because|out|instead|ahead|for|in|on|at|by|to|from|during)\b)[a-z-]{2,14}\s){0,2}?)?(?:chance\s)?of\s"
)
_CHANGE: Final = re.compile(
    r"\s?\)?\s(?:[a-z-]{2,14}\s){0,2}?(?:(?P<down>drop|decrease|reduction|decline|fall|loss|dip|cut|degradation|slump|"
    r"deterioration|below|short of)|"
    r"(?P<up>increase|rise|spike|surge|growth|jump|uptick|boost|hike))s?\b(?:\s(?:in|of|on|to|from)\s)?",
)
CHANGED: Final = re.compile(
    r"\b(?:(?P<down>dropp?(?:ed|ing|s)?|decreas(?:ed|ing|es?)|reduc(?:ed|ing|tion)|declin(?:ed|ing|es?)|fell|falling|fall|"
    r"down(?= by| to)|improved|slump(?:ed|ing)?|dip(?:ped|ping)?)|"
    r"(?P<up>increas(?:ed|ing|es?)|rose|rising|rise|spik(?:ed|ing|es?)|surg(?:ed|ing|es?)|jump(?:ed|ing|s)?|grew|growth|"
    r"climb(?:ed|ing)?|up(?= by)|elevated|soar(?:ed|ing)?))\b"
    r"(?:\s(?:by|to|from|of|about|around|approximately|roughly|nearly|almost|over|up|more|than|at|least|as|much|an?|some|"
    r"only|just|sharply|significantly|further|back|below|under|above)){0,5}\s?~?$",
)
# What two figures share: the noun behind the second.
_SHARED: Final = re.compile(
    r"\s?of\s(?:[\w./-]{1,20}\s){1,3}?(?:and|or|but|,)\s(?:[a-z]{2,14}\s){0,2}~?\d[\d.,]{0,6}\s?(?:%|per\s?cent|pct)\sof\s"
)
# What stands between the head of a noun phrase and a noun that depends on it.
_HEAD_OF: Final = re.compile(r"(?:\s[a-z]+)?\s(?:on|of|for|across|over|in|from|to)\s(?:[a-z]+\s){0,2}")
_SPIKE: Final = re.compile(r"\s(?:spike|surge|increase|growth|jump|rise)\b")
_TO: Final = re.compile(
    r"\bto\s{1,3}(?:about |around |~|just |only |nearly |almost |below |under |less than )?$"
)
ELLIPSIS: Final = re.compile(
    r"\s{0,3}(?:of (?:them|those|these|whom|which|\d[\d,.]{0,9}(?=\s?(?:[-.,;:()]|$)))|"
    r"being|were|was|are|is|did|could|couldn't|can(?:not|'t)|had|have|"
    r"experienc\w{1,3}|saw|unable|fail\w{1,3}|encounter\w{1,3}|completely|entirely)(?!\w)",
)
# "Of the keys handed out on Monday, 9% were lost": what it is a share of is told before.
_FRONTED: Final = re.compile(r"(?:^|[.;:(]\s|,\s|\b(?:and|but)\s)of\s(?!course\b)")
# "3 parcels, of which 40% …": what is counted right before it.
_OF_WHICH: Final = re.compile(r"\bof (?:which|whom)\s(?:about |around |some |only |~)?$")
# "180 parcels, or 4% of all", "180 parcels (4% of the day's load)": the same, counted and as a share.
_APPOSED: Final = re.compile(
    r"(?:\s\(|,\s(?:or|being|that is|i\.e\.)\s)(?:about |around |some |roughly |nearly |~){0,2}$"
)
# Those of whom it is told are people, whoever they are.
_SPEAKING: Final = re.compile(r"\s{0,3}(?:said|say|told|wrote|complained|gave up)\b")
# What only people do: "0.4% of singers wrote to us".
_PERSONAL: Final = re.compile(
    r"\s?of\s(?:[a-z-]{2,14}\s){0,3}?[a-z-]{2,16}s\s(?:(?:said|wrote|complained|opened|saw|noticed|asked|tried|phoned|"
    r"rang|gave up|had to|signed|logged|paid|walked|met|were unable|got an?)\b|"
    r"(?:were|are) (?:charged|billed|logged|signed|locked|asked|shown|told)\b)"
)
# "Calls stood at 40% of the usual level": of what stands before it.
_RELATIVE: Final = re.compile(
    r"\s?of\s(?:(?:the|our|its|their|a)\s)?(?:[a-z]{3,8}\s)?(?:normal|usual|expected|typical|ordinary|average|total|capacity|level)\b"
)
_FRONTED_REACH: Final = 200
PEOPLE: Final = "users"
SUBJECTS: Final = frozenset({PEOPLE, "transactions", "revenue", "infrastructure"})


def governed(
    sentence: str, begin: int, finish: int, before: str, after: str, terms: list[Term], inherited: str | None
) -> tuple[Term | None, str | None, int]:
    """Return the noun that the figure governs, the direction of a change of it, and where its noun phrase ends."""
    direction: str | None = None
    window = finish
    share = False
    if change := _CHANGE.match(after):
        direction = "down" if change["down"] else "up"
        window = finish + change.end()
        if own := [term for term in terms if finish <= term.start < window]:  # "40% packet loss"
            return (
                own[-1],
                None if own[-1].text in known_rules().adverse else direction,
                max(own[-1].end, window),
            )
    elif not SHARE.match(after) and (fronted := _fronted(sentence, terms, begin)):
        return fronted, None, finish
    elif _SPEAKING.match(after):
        people = [term for term in terms if term.end <= begin and term.of == PEOPLE]
        return (people[-1] if people else Term(PEOPLE, "", begin, begin)), None, finish
    elif ELLIPSIS.match(after):
        if inherited is not None:
            return None, None, finish
        if _OF_WHICH.search(before):
            counted = [term for term in terms if term.end <= begin]
            return (counted[-1] if counted else None), None, finish
        subjects = [term for term in terms if term.end <= begin and term.of in SUBJECTS]
        return (subjects[-1] if subjects else _last_before(sentence, terms, begin)), None, finish
    elif of := SHARE.match(after):
        window, share = finish + of.end(), True
        if own := [term for term in terms if finish <= term.start < window]:  # "of you"
            return own[-1], None, own[-1].end
    phrase, phrase_end = _phrase(sentence, terms, window)
    if not share and (changed := CHANGED.search(before)):
        direction = direction or ("down" if changed["down"] else "up")
        if direction == "down" and _TO.search(before):
            direction = "to"
    if not phrase and share and (shared := _SHARED.match(after)):  # "38% of reads and 44% of write requests"
        phrase, phrase_end = _phrase(sentence, terms, finish + shared.end())
        return (phrase[-1] if phrase else None), direction, finish
    if phrase:
        if direction is None and _SPIKE.match(sentence, phrase_end):
            direction = "up"
        if share:  # Its head is the last noun: "of block storage volumes".
            return phrase[-1], direction, phrase_end
        special = next((term for term in phrase if term.of in ("utilisation", "target")), None)
        slow = next((term for term in phrase if term.of == "performance"), None)
        return special or slow or phrase[-1], direction, phrase_end
    if share and not _RELATIVE.match(after):
        if _PERSONAL.match(after):
            return Term(PEOPLE, "", begin, begin), direction, finish
        # Of something that is not known, nothing tells more but what the share is another word for.
        return (_last_before(sentence, terms, begin) if _APPOSED.search(before) else None), direction, finish
    return _last_before(sentence, terms, begin), direction, finish


def _fronted(sentence: str, terms: list[Term], begin: int) -> Term | None:
    """The head of the noun phrase behind the last "of" that opens a clause before the figure."""
    marks = [mark.end() for mark in _FRONTED.finditer(sentence, max(0, begin - _FRONTED_REACH), begin)]
    phrase = _phrase(sentence, terms, marks[-1])[0] if marks else []
    return phrase[-1] if phrase and phrase[-1].end <= begin else None


def _last_before(sentence: str, terms: list[Term], begin: int) -> Term | None:
    """The last known noun before the figure; of "CPU pressure on the web nodes", the head."""
    preceding = [term for term in terms if term.end <= begin]
    if not preceding:
        return None
    head = preceding.pop()
    start = head.start
    while preceding:
        gap = sentence[preceding[-1].end : start]
        if _HEAD_OF.fullmatch(gap):
            head = preceding[-1]
        elif gap != " ":
            break
        start = preceding.pop().start
    return head


def _phrase(sentence: str, terms: list[Term], start: int) -> tuple[list[Term], int]:
    """Known nouns of the noun phrase that begins at `start`, and its end: up to the first stop after the first of them."""
    first = next((term for term in terms if term.start >= start), None)
    if first is None or first.start - start > 70:
        return [], start
    opening = _OPENING.match(sentence, start, first.start)
    if _STOP.search(sentence[opening.end() if opening else start : first.start]):
        return [], start
    stop = _STOP.search(sentence, first.end)
    end = stop.start() if stop else len(sentence)
    if following := _NEXT_PHRASE.search(sentence, first.end, end):
        end = following.start()
    inside = [
        term
        for term in terms
        if first.start <= term.start and term.end <= end and term.start - first.end <= 40
    ]
    return inside, inside[-1].end
