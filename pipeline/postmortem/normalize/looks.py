"""Which lines are headings by their looks, where no rule says so: "What it comes down to" alone between two blank lines.

The rules know marks, names and capitals. A reader tells by more: how long a line is and what it ends with, what stands around it,
how the report marks its other headings, the words it opens with. What each of these is worth was learnt from reports whose
headings are annotated (``models/lines``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from postmortem.learned.choice import ChoiceModel, weighed
from postmortem.learned.packaged import choice_model
from postmortem.normalize.levels import (
    BOLD_LEVEL,
    FREE_LEVEL,
    Line,
    emphasis_of,
    in_title_case,
    is_labelled,
    is_sentence,
    opens_emphasised,
)
from postmortem.normalize.marks import LIST_MARKS
from postmortem.normalize.naming import heading_names, whole_names

# From these log-odds on a line that no rule takes for a heading is one.
LEAST: Final = math.log(0.7 / 0.3)
_LONGEST: Final = 160
_FEW_BLOCKS: Final = 4
_FEW_WORDS: Final = 7
_MANY_WORDS: Final = 12
_LONG_LINE: Final = 45
_BROKEN: Final = 30
_LONG: Final = 40
_LENGTH: Final = 120
_OPENING_WORDS: Final = 2
_OPENING_WEIGHT: Final = 0.7
_WORD_WEIGHT: Final = 0.4
_MANY_FREE: Final = 3
_STOPS: Final = frozenset(":?.!,;)")
_NUMBERING: Final = frozenset("0123456789(IVX")
_WORD: Final = re.compile(r"[A-Za-z'’]+")
_CLOCK: Final = re.compile(r"[0-9][:.h][0-9]{2}")
_FINITE: Final = re.compile(
    r"\b(?:was|were|is|are|has|had|have|been|took|did|went|came|got)\b|['’](?:s|re)\b", re.IGNORECASE
)
_INNER_STOP: Final = re.compile(r"[.!?;,]\s|https?:")


class Around(NamedTuple):
    """What stands above a line whose words begin at `start`.

    `blocks`: how many blocks; `headings`: how many of them are headings, `free` how many of these have no heading marks, `level`
    that of the last one (0: none); `hashed`: the text has headings with marks; `kind` and `last`: of the block right above, and
    the character it ends with.
    """

    start: int
    blocks: int
    headings: int
    free: int
    level: int
    hashed: bool
    kind: str
    last: str


# Given a line, what stands above it and the level that the rules give it, returns its level as a heading (0: it is none).
Judge = Callable[[Line, Around, int], int]


def level_by_looks(line: Line, around: Around, ruled: int) -> int:
    """Return the level of a line as a heading: what the rules say, or where they say that it is none, what its looks say."""
    if ruled or goes_on(line) or not may_look_like_heading(line):
        return ruled
    if weighed(default_model().weights, features(line, around)) < LEAST:
        return 0
    if around.blocks == 0 or (around.blocks == around.headings == 1 and not line.after_blank):
        return 1
    return BOLD_LEVEL if emphasis_of(line.raw) else FREE_LEVEL


def goes_on(line: Line) -> bool:
    """Does a line go on in the next one, as lines of a paragraph do that were broken by hand? These are not short."""
    content, goes = line.content, line.following[:1].islower()
    return goes and len(content) >= _BROKEN and content[-1].isalnum() and not emphasis_of(line.raw)


def may_look_like_heading(line: Line) -> bool:
    """Is a line one that may be a heading without heading marks? Not a long one, nor one that begins with a date, a time or a
    sign, a label with its value, a sentence that goes on, nor one of several lines that begin alike: they are a log."""
    return (
        not line.hashes
        and not line.stamped
        and line.is_list == bool(line.marker)
        and len(line.content) <= _LONGEST
        and not is_labelled(line.content)
        and not is_sentence(line)
        and line.content.split(maxsplit=1)[:1] != line.following.split(maxsplit=1)[:1]
    )


def features(line: Line, around: Around) -> dict[str, float]:
    """Return what a line looks like, each feature 0 to 3."""
    return {name: float(value) for name, value in _features(line, around) if value}


def _features(line: Line, around: Around) -> Iterator[tuple[str, float]]:
    content, following = line.content, line.following
    mark = _mark(line)
    emphasised = bool(emphasis_of(line.raw))
    blanks = f"{line.after_blank:d}{not following:d}"
    yield "bias", 1
    yield f"words={min(content.count(' ') + 1, _MANY_WORDS)}", 1
    yield "length", min(len(content), _LENGTH) / _LONG
    last = content[-1]
    ends = last if last in _STOPS else "word" if last.isalnum() else "sign"
    yield f"end={ends}", 1
    yield f"blanks={blanks}", 1
    yield f"following={_following(following)}", 1
    yield f"mark={mark}", 1
    yield f"mark={mark} blanks={blanks}", 1
    yield f"emphasised={emphasised:d} mark={mark}", 1
    yield f"emphasised={emphasised:d} hashed={around.hashed:d}", 1
    yield "opens emphasised", opens_emphasised(line.raw)
    yield "lower", content[0].islower()
    yield "upper", content.isupper()
    yield "title case", in_title_case(content)
    if last == ":":
        yield f"colon, following={_following(following)}", 1
    core = content.rstrip(" :;.!?")
    # In a longer line a word that heads sections may stand for something else.
    names = heading_names(core) if content.count(" ") < _FEW_WORDS else ()
    words = _WORD.findall(content.lower())
    yield "named", bool(whole_names(core))
    yield "part named", bool(names)
    for name in names:
        yield f"name={name}", 1
    yield "finite", _FINITE.search(content) is not None
    yield "inner stop", _INNER_STOP.search(content) is not None
    yield "figures", any(map(str.isdigit, content))
    yield "clock", _CLOCK.search(content) is not None
    yield "inner colon", ":" in content[:-1]
    for word in words[:_OPENING_WORDS]:
        yield f"opens={word}", _OPENING_WEIGHT
    for word in words:
        yield f"word={word}", _WORD_WEIGHT
    yield from _above(line, around, mark, blanks)


def _above(line: Line, around: Around, mark: str, blanks: str) -> Iterator[tuple[str, float]]:
    yield "first", line.first
    yield "top", around.blocks == 0
    yield "near top", 0 < around.blocks < _FEW_BLOCKS
    yield "near top, below a title", around.blocks < _FEW_BLOCKS and around.headings < 2
    yield "no heading above", around.headings == 0
    yield "hashed", around.hashed
    yield "free above", min(around.free, _MANY_FREE) / _MANY_FREE
    yield f"level above={around.level}", around.level > 0
    yield f"hashed={around.hashed:d} blanks={blanks}", 1
    yield f"hashed={around.hashed:d} mark={mark} free={around.free > 0:d}", 1
    if not line.after_blank:
        yield f"above ends={'word' if around.last.isalnum() else around.last}", 1
    yield f"above={around.kind}", 1


def _mark(line: Line) -> str:
    if not line.marker:
        return "none"
    return "number" if line.marker[0] in _NUMBERING else "bullet"


def _following(following: str) -> str:
    """Return what the next line is like."""
    if not following:
        return "none"
    if following[0] in LIST_MARKS:
        return "item"
    if following[0].isdigit():
        return "number"
    if following[0].islower():
        return "lower"
    return "short" if len(following) < _LONG_LINE else "long"


def default_model() -> ChoiceModel:
    """Return the model that came with the package, or what stands in for it."""
    return choice_model("lines")
