"""The nouns that a percentage may govern, where they stand in its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from postmortem import nlp
from postmortem.extract.impact.sentences import Sentence

_LONGEST_LABEL: Final = 160


@dataclass(frozen=True, slots=True)
class Term:
    """A known noun in a sentence: what it counts as, and its extent in the sentence."""

    of: str
    text: str
    start: int
    end: int


def terms_of(phrases: Iterable[nlp.Phrase], sentence: Sentence) -> list[Term]:
    """The known nouns of a sentence, given where they stand in the source."""
    found = []
    for phrase in phrases:
        low, high = sentence.folded(phrase.start), sentence.folded(phrase.end - 1) + 1
        found.append(Term(phrase.id, sentence.text[low:high], low, high))
    return found or terms_of_label(sentence.text)


def terms_of_label(text: str) -> list[Term]:
    """Known nouns of a heading or label, which the phrase matcher leaves out."""
    pattern, of = _nouns()
    return [
        Term(of[match.group()], match.group(), match.start(), match.end())
        for match in pattern.finditer(text[:_LONGEST_LABEL])
    ]


@cache
def _nouns() -> tuple[re.Pattern[str], dict[str, str]]:
    of = {phrase: cue["id"] for cue in nlp.cues("impact") for phrase in cue["phrases"]}
    longest_first = sorted(of, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"), of
