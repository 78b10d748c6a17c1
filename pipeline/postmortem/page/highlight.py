"""A text cut into lines and pieces, so that every piece of evidence can be highlighted where it stands.

Evidence overlaps and nests. A text is cut wherever any evidence begins or ends, and at line ends; each piece knows every
evidence that covers it, the innermost first, headings and what has no field of its own last.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from postmortem.record import Evidence

# What would act on the page or show the text in another order than it has, or nothing at all.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One piece of evidence on the page: its number, unique in the text, and the field it is of."""

    number: int
    field: str
    evidence: Evidence

    @property
    def told(self) -> str:
        """What hovering over it says."""
        return f"{self.field or 'milestone'} · {self.evidence.rule}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with the same evidence all over: `spots` cover it (innermost first), `opening` begin with it.

    `label` names the fields that begin here, but for those that the text before was already of.
    """

    text: str
    spots: tuple[Spot, ...] = ()
    opening: tuple[Spot, ...] = ()
    label: str = ""

    @property
    def title(self) -> str:
        """Field and rule of every evidence that covers the piece."""
        return "\n".join(dict.fromkeys(spot.told for spot in self.spots))


Line = tuple[Piece, ...]


def spots(found: Iterable[tuple[str, Evidence]], length: int) -> dict[tuple[str, Evidence], Spot]:
    """Return a numbered spot for each distinct (field, evidence) that lies within a text of `length` characters."""
    within = {(f, e) for f, e in found if 0 <= e.start < e.end <= length}
    ordered = sorted(within, key=lambda pair: (pair[1].start, -pair[1].end, pair[0], pair[1].rule))
    return {(f, e): Spot(number, f, e) for number, (f, e) in enumerate(ordered, 1)}


def lines(text: str, marked: Sequence[Spot]) -> Iterator[Line]:
    """Yield the pieces of each line of `text`, line ends left out; `marked` in the order of `spots`."""
    cuts = {0, len(text)}
    for spot in marked:
        cuts |= {spot.evidence.start, spot.evidence.end}
    edges = sorted(cuts)
    line: list[Piece] = []
    active: list[Spot] = []
    waiting = list(reversed(marked))
    for start, end in zip(edges, edges[1:], strict=False):
        active = [spot for spot in active if spot.evidence.end > start]
        before = {spot.field for spot in active}
        opening = []
        while waiting and waiting[-1].evidence.start == start:
            opening.append(waiting.pop())
        active += opening
        covering = tuple(sorted(active, key=_rank))
        label = ", ".join(dict.fromkeys(spot.field for spot in opening if _named(spot, before)))
        begins = tuple(opening)
        for words in re.split(r"(\n)", text[start:end]):
            if words == "\n":
                yield tuple(line)
                line = []
            elif words := words.removesuffix("\r"):
                line.append(Piece(words, covering, begins, label))
                begins, label = (), ""
    yield tuple(line)


def _rank(spot: Spot) -> tuple[bool, int, int]:
    return spot.field in ("", "section"), spot.evidence.end - spot.evidence.start, spot.number


def _named(spot: Spot, before: set[str]) -> bool:
    return spot.field not in ("", "section") and spot.field not in before


def line_numbers(text: str, marked: Iterable[Spot]) -> Mapping[int, int]:
    """Return the line (from 1) on which each spot begins, by its number."""
    ends = [at for at, character in enumerate(text) if character == "\n"]
    return {spot.number: bisect_right(ends, spot.evidence.start - 1) + 1 for spot in marked}


def visible(text: str) -> Markup:
    """Return `text` escaped, with hidden and direction-changing characters as signs that name them."""
    return Markup(_HIDDEN.sub(_boxed, str(escape(text))))


def plain(text: str) -> str:
    """Return `text` as `visible` shows it, without mark-up: for what is put into a page as text."""
    return _HIDDEN.sub(_sign, text)


def _boxed(match: re.Match[str]) -> str:
    name = unicodedata.name(match[0], "control character")
    return f'<span class="pm-hidden" title="U+{ord(match[0]):04X} {name}">{_sign(match)}</span>'


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else f"U+{code:04X}"
