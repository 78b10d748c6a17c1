"""Speed: reports a second in one process, beside spaCy's blank tokenizer over the same texts in the same run.

The ratio of the two is what counts: it says the same on any machine. ``python -m postmortem.bench [FOLDER…]``.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from postmortem.assemble import parse_all
from postmortem.inputs import items, load
from postmortem.read import ReadError

PASSES: Final = 7
# The last word of a line, where it is a plain one: a stamp or a date stays what it is.
_WORD: Final = re.compile(r"\b[a-z]{5,}(?=[^A-Za-z0-9\n]*$)", re.MULTILINE)
_MARKS: Final = "bcdfgklmnpqtvwxz"


@dataclass(frozen=True, slots=True)
class Speed:
    """Reports a second (the medians of all passes), and the median of the passes' ratios."""

    reports: int
    characters: int
    parse: float
    tokenizer: float
    ratio: float


def measure(texts: Sequence[str], passes: int = PASSES) -> Speed:
    """Time the whole parse and the tokenizer over `texts`, one after the other in each of `passes` passes.

    A word of every line is changed in each pass, so that no cache of texts or lines helps either.
    """
    import spacy

    tokenizer = spacy.blank("en").tokenizer
    _time(parse_all, texts[:3])
    _time(tokenizer, texts[:3])
    rates: list[tuple[float, float]] = []
    for number in range(passes):
        changed = [_WORD.sub(rf"\g<0>{_MARKS[number % len(_MARKS)]}", text) for text in texts]
        rates.append((_time(parse_all, changed), _time(tokenizer, changed)))
    return Speed(
        reports=len(texts),
        characters=sum(map(len, texts)),
        parse=statistics.median(own for own, _ in rates),
        tokenizer=statistics.median(other for _, other in rates),
        ratio=statistics.median(own / other for own, other in rates),
    )


def _time(function: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Reports a second."""
    start = time.perf_counter()
    for text in texts:
        function(text)
    return len(texts) / (time.perf_counter() - start)


def texts_of(folders: Sequence[str]) -> list[str]:
    """Return the texts of every readable report below `folders`."""
    found = []
    for item in items(folders):
        try:
            found.append(load(item).text or "")
        except ReadError:
            continue
    return found


def main(folders: Sequence[str]) -> None:
    """Measure over the reports of `folders` and print the figures."""
    speed = measure(texts_of(folders))
    print(
        f"{speed.reports} reports, {speed.characters / max(speed.reports, 1):.0f} characters each on average"
    )
    print(f"{'whole parse':<22}{speed.parse:>8.0f} reports/s")
    print(f"{'spaCy blank tokenizer':<22}{speed.tokenizer:>8.0f} reports/s")
    print(f"{'ratio':<22}{speed.ratio:>8.2f}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["data/samples"])
