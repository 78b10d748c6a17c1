"""What a sentence is made of and where it stands, as features for the choice of the cause (`cause_choice`).

Its words and neighbouring pairs of words are features of their own. The others ask for no turn of phrase: what a report is about
is said again and again, in the tasks and in the repair too, so that a sentence whose words come back tells more of the cause than
one that says them alone: above all where they come back in what tells the repair, and in what tells a cause. It mostly comes in
full sentences and names parts; and what comes behind the repair, or closes a paragraph, sums up.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise
from typing import Final

from postmortem.account import Told
from postmortem.learned.features import words
from postmortem.report import Report

Features = dict[str, float]

# What the features that are words begin with.
WORD: Final = "w="
# Words read of one sentence.
_MOST_WORDS: Final = 80
# A word is known again by its opening letters; shorter ones are mostly no names of things.
_STEM: Final = re.compile(r"\b[a-z]{4,6}")
_STEM_LETTERS: Final = 5
# What opening words, and opening letters, begin with as features of their own.
_OPENING: Final = WORD + "^"
_OPENINGS: Final = (1, 2)
_STEMMED: Final = WORD + "~"
_CODE: Final = "`"
# A sentence is taken to tell the repair from this probability on.
_REPAIR: Final = 0.4


def placed(
    report: Report, sentences: Sequence[Told], causes: Sequence[float], repairs: Sequence[float]
) -> list[Features]:
    """Return the features of each sentence of an account; `causes` and `repairs` are the probabilities that they tell a cause,
    or the repair."""
    plain, text = report.document.plain, report.document.text
    stems = {
        told.start: {*_STEM.findall(told.text)}
        for passage in report.account.passages
        for told in passage.sentences
    }
    said = Counter(stem for own in stems.values() for stem in own)
    own_stems = [stems[told.start] for told in sentences]
    again = [_again(own_stems, odds) for odds in (causes, repairs)]
    repaired = max((i for i, p in enumerate(repairs) if p > _REPAIR), default=len(sentences))
    found = []
    for number, (told, own) in enumerate(zip(sentences, own_stems, strict=True)):
        features = worded(told.text)
        features |= {_STEMMED + stem[:_STEM_LETTERS]: 1.0 for stem in own}
        features["again"] = math.log(1 + sum(said[stem] > 1 for stem in own))
        features["again.cause"], features["again.repair"] = again[0][number], again[1][number]
        features["words"] = math.log(told.text.count(" ") + 2)
        features["code"] = float(text.count(_CODE, told.start, told.end))
        features["repaired"] = float(number > repaired)
        features["closes"] = float(_is_closing(plain, told.end))
        found.append(features)
    return found


def _again(stems: Sequence[Set[str]], odds: Sequence[float]) -> list[float]:
    """Return how much of what each sentence says is said by others that tell something, by the probabilities (`odds`) that they
    do: rare words count for more, and long sentences for not much more than short ones."""
    holding = Counter(stem for own in stems for stem in own)
    rarity = {stem: math.log((1 + len(stems)) / (1 + count)) + 1 for stem, count in holding.items()}
    telling = dict.fromkeys(rarity, 0.0)
    for own, p in zip(stems, odds, strict=True):
        for stem in own:
            telling[stem] += p
    found = []
    for own, p in zip(stems, odds, strict=True):
        # Sums of floating-point numbers hang on their order, and that of a set on the hash of its strings.
        ordered = sorted(own)
        shared = sum(min(1.0, telling[stem] - p) * rarity[stem] for stem in ordered)
        found.append(shared / math.sqrt(1 + sum(rarity[stem] for stem in ordered)))
    return found


def worded(lowered: str) -> Features:
    """Return the words of a sentence in lower case, each two of them that stand side by side, and its opening words, as
    features."""
    said = words(lowered)[:_MOST_WORDS]
    features = {WORD + word: 1.0 for word in said}
    features |= {f"{WORD}{one} {other}": 1.0 for one, other in pairwise(said)}
    features |= {_OPENING + " ".join(said[:count]): 1.0 for count in _OPENINGS if count <= len(said)}
    return features


def _is_closing(plain: str, end: int) -> bool:
    """Does a paragraph end at an offset?"""
    behind = plain[end : end + 3]
    return "\n\n" in behind or not behind.strip()
