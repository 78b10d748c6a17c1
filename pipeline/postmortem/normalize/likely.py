"""What a heading is likely called by its words, its place and what stands below it, where no phrase says it for certain.

A phrase names the usual headings. Who heads a section "So much for Monday" is understood by its reader all the same where it
stands last, lists what is to be done, and no other section does. Each such heading has features (its words and their parts, the
names of those around it, a few signs and the words of its body), and what they are worth was learnt from reports whose headings
are annotated (``models/headings``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from postmortem.document import Heading
from postmortem.learned.features import OPENING, words
from postmortem.learned.linear import LinearModel, softmax
from postmortem.learned.packaged import linear_model
from postmortem.normalize.marks import LIST_MARKS, starts_with_stamp
from postmortem.normalize.naming import says_nothing

# From these probabilities on a heading gets a name, where the phrases have none for it and where they have another.
_LEAST: Final = 0.6
_SURE: Final = 0.85
_MOST_WORDS: Final = 16
_OPENING_WORDS: Final = 2
# So much of a body tells what it is about.
_REACH: Final = 1200
_BODY_WORDS: Final = 60
_BODY_WEIGHT: Final = 2.0
_FEW_WORDS: Final = 15
_MANY_WORDS: Final = 120
_DEEPEST: Final = 4
_STEM: Final = 5
_OTHER: Final = ("other",)
_TITLE: Final = "title"
_TIMELINE: Final = ("timeline",)
_TIME: Final = re.compile(r"\b[0-9]{1,2}(?:[:.h][0-9][0-9]| ?[ap]\.?m)\b", re.IGNORECASE)
# So many times, and such a share of all, a timeline has.
_FEWEST_TIMES: Final = 3
_LEAST_SHARE: Final = 1 / 3
_ON_TOP: Final = frozenset({_TITLE, "other"})

# Words that are signs of what a body is about, and in how many words one is as telling as can be.
_SIGNS: Final = {
    "to do": (20, "will should must plan planned going need todo would"),
    "cause": (25, "because caused due since bug wrong missing turned reason culprit"),
    "past": (8, "was were had went saw found"),
    "present": (10, "is are has have runs does each every keeps holds"),
    "we": (10, "we i our"),
    "figures": (8, "0"),
}
_SIGN_OF: Final = {word: sign for sign, (_, listed) in _SIGNS.items() for word in listed.split()}
_SHARES: Final = re.compile(r"%|\bper ?cent\b")
_ITEM: Final = re.compile(rf"[{re.escape(LIST_MARKS)}|]|\[[ x]\]|\d{{1,3}}[.)] ")


def settled(sections: Sequence[Heading], plain: str, source: str) -> tuple[Heading, ...]:
    """Return the sections with the names that the model gives to those whose names are in doubt.

    `sections` have the names that their words and surroundings give by rule; `plain` and `source` are the document's texts.
    """
    doubtful = [i for i in range(len(sections)) if is_doubtful(sections, i)]
    if not doubtful:
        return tuple(sections)
    model = default_model()
    logits = model.logits(features(sections, doubtful, plain, source))
    names = [
        likeliest(sections[i].names, model.classes, softmax(row))
        for i, row in zip(doubtful, logits.tolist(), strict=True)
    ]
    enough = _fewest_times(plain) if _TIMELINE in names else 0
    found = list(sections)
    for i, own in zip(doubtful, names, strict=True):
        one = sections[i]
        if own != _TIMELINE or len(_TIME.findall(plain, one.body_start, one.body_end)) >= enough:
            found[i] = replace(one, names=own)
    return tuple(found)


def likeliest(names: tuple[str, ...], classes: Sequence[str], chances: Sequence[float]) -> tuple[str, ...]:
    """Return the likeliest name, or those that the rules gave where it is not likely enough."""
    best = max(chances)
    enough = _LEAST if names == _OTHER else _SURE
    return (classes[chances.index(best)],) if best >= enough else names


def is_doubtful(sections: Sequence[Heading], number: int) -> bool:
    """May a heading be called otherwise than the rules say?

    Not one that says its own name, nor one with two names, a title, a date or time, or words that any part of a report may be
    called; and not one without a name below another part: it is a topic of that part.
    """
    one = sections[number]
    if len(one.names) > 1 or _TITLE in one.names:
        return False
    lowered = one.text.lower()
    if any(stem in lowered for stem in _stems(one.names[0])):
        return False
    if one.names != _OTHER:
        return True
    above = sections[one.parent].names if one.parent >= 0 else _OTHER
    return _ON_TOP.issuperset(above) and not starts_with_stamp(one.text) and not says_nothing(one.text)


def _fewest_times(plain: str) -> float:
    """Return how many times a timeline has at least; the answer to "When?" is none: it tells the beginning and the end alone."""
    return max(_FEWEST_TIMES, _LEAST_SHARE * len(_TIME.findall(plain)))


@cache
def _stems(name: str) -> tuple[str, ...]:
    """Return how the words of a name begin: "cause" is said by what is called `root_cause`."""
    return tuple(word[:_STEM] for word in name.split("_"))


def features(
    sections: Sequence[Heading], numbers: Iterable[int], plain: str, source: str
) -> list[tuple[dict[str, float], dict[str, float]]]:
    """Return for each of the headings with these `numbers` its words, and the signals of its place and its body
    (`postmortem.learned.linear`)."""
    parts = [i for i, section in enumerate(sections) if _TITLE not in section.names]
    places = {number: at for at, number in enumerate(parts)}
    times = Counter(name for i in parts for name in sections[i].names)
    first: dict[str, int] = {}
    for at, i in enumerate(parts):
        for name in sections[i].names:
            first.setdefault(name, at)
    found = []
    for number in numbers:
        one = sections[number]
        signals = dict(_place(sections, parts, places[number], one))
        own = Counter(one.names)
        signals |= {f"elsewhere={name}": 1.0 for name, count in times.items() if count > own[name]}
        signals |= {f"earlier={name}": 1.0 for name, at in first.items() if at < places[number]}
        signals |= _body(one, plain, source)
        found.append((heading_bag(one.text), signals))
    return found


def heading_bag(text: str) -> dict[str, float]:
    """Return the words of a heading, the first ones also as such."""
    found = words(text.lower())[:_MOST_WORDS]
    return dict.fromkeys([*found, *(OPENING + word for word in found[:_OPENING_WORDS])], 1.0)


def _place(
    sections: Sequence[Heading], parts: Sequence[int], at: int, one: Heading
) -> Iterator[tuple[str, float]]:
    """Yield where a heading stands among `parts`, the numbers of those that are no titles, and beside which others."""
    last = len(parts) - 1
    yield "place", at / max(last, 1)
    yield f"quarter={4 * at // len(parts)}", 1.0
    if at == 0:
        yield "first", 1.0
    if at == last:
        yield "last", 1.0
    yield "before=" + (sections[parts[at - 1]].names[0] if at else "-"), 1.0
    yield "after=" + (sections[parts[at + 1]].names[0] if at < last else "-"), 1.0
    yield "above=" + (sections[one.parent].names[0] if one.parent >= 0 else "-"), 1.0
    yield f"level={min(one.level, _DEEPEST)}", 1.0


def _body(one: Heading, plain: str, source: str) -> dict[str, float]:
    """Return what stands below a heading: how much, in which form, which signs and words."""
    end = min(one.body_end, one.body_start + _REACH)
    lowered = plain[one.body_start : end].lower()
    spoken = words(lowered)
    if not spoken:
        return {"empty": 1.0}
    # With the mark of the first line, which is none of the body.
    begin = max(source.rfind("\n", one.end, one.body_start), one.end)
    lines = [line for line in map(str.strip, source[begin:end].split("\n")) if line]
    told = [line for line in (line.strip("| \t") for line in lowered.split("\n")) if line]
    found = {
        "items": sum(map(bool, map(_ITEM.match, lines))) / len(lines),
        "stamps": sum(map(starts_with_stamp, told)) / len(told),
        "short": float(len(spoken) < _FEW_WORDS),
        "long": float(len(spoken) > _MANY_WORDS),
        "percent": float(_SHARES.search(lowered) is not None),
        "asks": float("?" in lowered),
    }
    signs = Counter(map(_SIGN_OF.get, spoken))
    signs["past"] += sum(word.endswith("ed") for word in spoken)
    found |= {name: min(signs[name] * often / len(spoken), 1.0) for name, (often, _) in _SIGNS.items()}
    opening = dict.fromkeys(spoken[:_BODY_WORDS])
    seen = [f"t={word}" for word in opening]
    seen += [f"t={stem}*" for stem in dict.fromkeys([word[:_STEM] for word in opening])]
    found |= dict.fromkeys(seen, _BODY_WEIGHT / math.sqrt(len(seen)))
    return {name: value for name, value in found.items() if value}


def default_model() -> LinearModel:
    """Return the model that came with the package, or what stands in for it."""
    return linear_model("headings")
