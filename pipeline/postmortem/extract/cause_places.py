"""What a sentence is made of and where it stands, as features for the choice of the cause (`cause_choice`).

Its words and neighbouring pairs of words are features of their own. The others ask for no turn of phrase: what a report is about
is said again and again, in the tasks and in the repair too, so that a sentence whose words come back tells more of the cause than
one that says them alone; it mostly comes in full sentences and names parts; and what comes behind the repair, or closes a
paragraph, sums up.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
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
_CODE: Final = "`"
# A sentence is taken to tell the repair from this probability on.
_REPAIR: Final = 0.4


def placed(report: Report, sentences: Sequence[Told], repairs: Sequence[float]) -> list[Features]:
    """Return the features of each sentence of an account; `repairs` are the probabilities that they tell the repair."""
    plain, text = report.document.plain, report.document.text
    stems = {
        told.start: {*_STEM.findall(told.text)}
        for passage in report.account.passages
        for told in passage.sentences
    }
    said = Counter(stem for own in stems.values() for stem in own)
    repaired = max((i for i, p in enumerate(repairs) if p > _REPAIR), default=len(sentences))
    found = []
    for number, told in enumerate(sentences):
        features = worded(told.text)
        features["again"] = math.log(1 + sum(said[stem] > 1 for stem in stems[told.start]))
        features["words"] = math.log(told.text.count(" ") + 2)
        features["code"] = float(text.count(_CODE, told.start, told.end))
        features["repaired"] = float(number > repaired)
        features["closes"] = float(_is_closing(plain, told.end))
        found.append(features)
    return found


def worded(lowered: str) -> Features:
    """Return the words of a sentence in lower case, and each two of them that stand side by side, as features."""
    said = words(lowered)[:_MOST_WORDS]
    features = {WORD + word: 1.0 for word in said}
    features |= {f"{WORD}{one} {other}": 1.0 for one, other in pairwise(said)}
    return features


def _is_closing(plain: str, end: int) -> bool:
    """Does a paragraph end at an offset?"""
    behind = plain[end : end + 3]
    return "\n\n" in behind or not behind.strip()
