"""Whether a text can be taken for an incident report in English at all: the record's status."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Final

from postmortem.document import Document
from postmortem.matching import for_lower_case
from postmortem.record import Status
from postmortem.tale import doubt, is_tale, seems_general, told
from postmortem.vocabulary import rules

_SAMPLE: Final = 40_000
_ENGLISH_SHARE: Final = 0.10
_ENGLISH_WORDS: Final = 40
_OPENING: Final = 2_500
_FOREIGN_SHARE: Final = 0.15
_TOO_SHORT_TO_TELL: Final = 12
_TOLD: Final = 100  # words are plenty to tell a language by
_SURE: Final = 30.0  # nats by which another language must be likelier
_ENOUGH: Final = 2
_PLENTY: Final = 6
_TALE: Final = 8_000
_PARTS: Final = frozenset(
    {
        "actions",
        "contributing_factors",
        "detection",
        "impact",
        "lessons",
        "resolution",
        "root_cause",
        "timeline",
        "trigger",
    }
)
# Function words that the languages next to English do not share.
_FUNCTION_WORDS: Final = frozenset(
    "the and to that with for from our this have been which by were it when had has be we they there their would are"
    " because after before not no into could while did".split()
)
# Those of the commonest other languages, without what is an English word as well.
_FOREIGN_WORDS: Final = frozenset(
    "de la el los las que en por para una del se y le les des est une dans du et un au sur qui der und das ist nicht von mit"
    " ein eine auf zu war wurde um os uma não da dos het een van niet zijn op di il che non è della sono i och att som"
    " det är på na w z się jest".split()
)
# What English reports say even where they are mere lists.
_FIELD_WORDS: Final = frozenset(
    "incident outage detected resolved identified repaired declared issue issues users impacted affected summary root"
    " cause impact timeline resolution time duration during after all only what of in on at as is by".split()
)
_WORD: Final = re.compile(r"[^\W\d_]{1,40}")
_FOREIGN_LETTER: Final = re.compile(r"[\u0370-\u1dff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufaff]")
# A past event: a verb of the past, a clock time or a date. Templates and policies have neither.
_HAPPENED: Final = re.compile(
    r"\d[:.h]\d\d|\d{4}-\d\d-\d\d|\d\s?[ap]\.?m\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? \d"
    r"|\d (?:jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec)"
    r"|\b(?:was|were|had|did|began|went|became|caused|started|failed|crashed|stopped|returned|experienced|received|noticed"
    r"|detected|deployed|restarted|restored|resolved|repaired|replaced|occurr?ed|made|saw|found|took)\b"
    r"|\b(?:yesterday|last (?:night|week|month)|this (?:morning|afternoon|evening)|the whole (?:day|morning|afternoon|night))\b"
)


def status(document: Document) -> Status:
    """Return what the text of `document` is: ``ok``, or why there is nothing to extract from it.

    ``unsupported_language`` and ``not_a_report`` want clear evidence: a report taken for something else is lost, the
    opposite costs one record with little in it.
    """
    if not any(map(str.isalnum, document.plain)):
        return "empty"
    sample = document.plain[:_SAMPLE].lower()
    if not _english(sample):
        return "unsupported_language"
    return "ok" if _report(document, sample) else "not_a_report"


def _english(sample: str) -> bool:
    if _mostly_english(sample[:_OPENING].split()):
        return True
    words = sample.split()
    if _mostly_english(words):
        return True
    if (
        _share(words, _FOREIGN_WORDS) >= _FOREIGN_SHARE
        and _share(words, _FUNCTION_WORDS) <= _ENGLISH_SHARE / 4
    ):
        return False
    hits = sum(map(_FUNCTION_WORDS.__contains__, words))
    letters = _WORD.findall(sample)
    if hits + sum(word in _FIELD_WORDS for word in letters) >= max(3.0, len(letters) * 2 * _ENGLISH_SHARE):
        return True
    if len(_FOREIGN_LETTER.findall(sample)) * 2 > sum(map(len, letters)):
        return False
    if len(letters) < _TOO_SHORT_TO_TELL:
        return True
    import py3langid

    best, *_ = ranking = py3langid.rank(" ".join(letters[:_TOLD]))
    return bool(best[0] == "en" or best[1] - dict(ranking)["en"] < _SURE)


def _mostly_english(words: list[str]) -> bool:
    least = min(_ENGLISH_WORDS, max(len(words) * _ENGLISH_SHARE, 3))
    # Half of the words are mostly enough.
    half = len(words) // 2
    hits = sum(map(_FUNCTION_WORDS.__contains__, words[:half]))
    return hits >= least or hits + sum(map(_FUNCTION_WORDS.__contains__, words[half:])) >= least


def _share(words: list[str], among: frozenset[str]) -> float:
    return sum(map(among.__contains__, words)) / max(len(words), 1)


def _report(document: Document, sample: str) -> bool:
    """Signs of a report add up: its usual sections and labels, the field's words. And something must have *happened*.

    Where little of that is to be seen, only the sentences count that tell of something: guides and templates hold the same signs.
    """
    parts = _parts(document)
    known = _enough(parts, sample)
    if known and sum(1 for _ in islice(_HAPPENED.finditer(sample), _PLENTY)) == _PLENTY:
        return True
    sample = sample[:_TALE]
    happened = told(sample)
    if known and _HAPPENED.search(sample) and not seems_general(sample, happened):
        return True
    if known and _HAPPENED.search(happened) and _enough(parts - doubt(sample, happened), happened):
        return True
    return is_tale(sample, happened)


def _parts(document: Document) -> int:
    named = {name for section in document.sections for name in section.names}
    named.update(name for label in document.fields for name in label.names)
    return len(named & _PARTS)


def _enough(signs: int, sample: str) -> bool:
    for need, pattern, weight in _signs():
        if signs >= _ENOUGH:
            return True
        if (not need or any(map(sample.__contains__, need))) and pattern.search(sample):
            signs += weight
    return signs >= _ENOUGH


@cache
def _signs() -> tuple[tuple[tuple[str, ...], re.Pattern[str], int], ...]:
    """Return what the rules need, their patterns and weights: the shortest, which cost least, first."""
    return tuple(
        (tuple(rule.values.get("need", ())), for_lower_case(rule.source), rule.values["weight"])
        for rule in sorted(rules("report"), key=lambda rule: len(rule.source))
    )
