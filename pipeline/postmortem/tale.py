"""Plain tales of incidents: what of a text tells of something that happened, and whether that is something that broke.

Who writes "The carrier had moved our line, so calls rang once and dropped; back since ten" uses none of the trade's words. What
shows all the same that it is a report: something was not as it should be, it was put right or had a time, and it is a thing
that can break. How-to guides, policies and templates hold the same words, in sentences that ask, rule or suppose.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from postmortem.matching import for_lower_case
from postmortem.vocabulary import rules

# A line that is as long as this was wrapped: its sentence goes on in the next.
_SENTENCE_END: Final = re.compile(r"(?<![^\n]{60})\n|(?<=[.!?;])\s+")
_MOST: Final = 3
_ENOUGH: Final = 5
_KIND: Final = 3
_HARDLY: Final = 2
_FRAGMENT: Final = 8


def told(sample: str) -> str:
    """Return a text in lower case without the sentences that ask, rule, suppose or leave to be filled in."""
    return "\n".join(part for part in _SENTENCE_END.split(sample) if not _is_general(part))


def _is_general(sentence: str) -> bool:
    if _pattern("general").search(sentence):
        return True
    supposed = _pattern("supposed").search(sentence)
    return supposed is not None and not _pattern("past").search(sentence, 0, supposed.start())


def is_tale(sample: str, happened: str) -> bool:
    """Does a text in lower case, of which `happened` is told (see there), tell of something that broke?"""
    things = min(_signs("thing", happened), 2)
    if not things:
        return False
    broke, mended, why = _signs("broke", happened), _signs("mended", happened), _signs("why", happened)
    when = min(_signs("when", happened), 1)
    if not broke + mended + why or not mended + when:
        return False
    return (
        broke
        + mended
        + min(why, 2)
        + when
        + things
        + _past(sample, happened)
        - _KIND * _signs("kind", sample)
        >= _ENOUGH
    )


def seems_general(sample: str, happened: str) -> bool:
    """Is a text, of which `happened` is told, largely rules, questions and suppositions, or one of another kind?"""
    return len(happened) < 0.7 * len(sample) or _signs("kind", sample) > 0


def doubt(sample: str, happened: str) -> int:
    """Return how many signs more a text needs because it looks like one of another kind, or hardly speaks of the past."""
    past, sentences = _past_and_all(sample, happened)
    hardly = sentences >= _MOST and past < sentences / 10
    return _KIND * _signs("kind", sample) + (_HARDLY if hardly else 0)


def _past(sample: str, happened: str) -> int:
    """Return what it counts how much of a text is told in the past: 2 (nearly all) to -2 (little)."""
    past, sentences = _past_and_all(sample, happened)
    share = past / max(sentences, 1)
    return 2 if share >= 0.7 else 1 if share >= 0.45 else 0 if share >= 0.3 else -_HARDLY


def _past_and_all(sample: str, happened: str) -> tuple[int, int]:
    """Return how many sentences are told in the past, and how many there are."""
    past = _pattern("past")
    return (
        sum(1 for part in _SENTENCE_END.split(happened) if past.search(part)),
        sum(len(part) > _FRAGMENT for part in _SENTENCE_END.split(sample)),
    )


def _signs(role: str, sample: str) -> int:
    """Return how many different signs of a role a text holds, as far as they count."""
    found: set[str] = set()
    for match in _pattern(role).finditer(sample):
        found.add(match[0])
        if len(found) == _MOST:
            break
    return len(found)


@cache
def _pattern(role: str) -> re.Pattern[str]:
    return for_lower_case(
        "|".join(f"(?:{rule.source})" for rule in rules("tale") if rule.values["role"] == role)
    )
