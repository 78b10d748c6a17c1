"""Which rules of the vocabulary are worth trying on a text: those of which it holds the words that every match holds.

The words are read off the patterns themselves, so that a rule needs no list beside its pattern. A pattern is taken apart
into *ways* to match (its alternatives); of each way, the two rarest places are kept at which one of a few words must stand:
``lack of (?:\\w+ ){0,3}(?:alerts?|monitoring)`` needs "lack" and one of "alert", "alerts", "monitoring". Each way has a bit in
a number, once for each of its two places. A word of a text has the bits of all the places that it can fill, for the rules of
all files at once, and is looked at only once for the process; what a text holds is the bits of its words OR-ed (`Screen.read`),
and what is worth trying there those that stand in both halves (`Screen.passed`).

A screen may let a rule pass that does not match; it never holds one back that does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_

# The parser behind `re`: private, but as it is in every Python that this package runs on, and held by the tests.
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final, cast

from postmortem import vocabulary

FILES: Final = (
    "affected",
    "categories",
    "cause",
    "detection",
    "exonerated",
    "factors",
    "false_leads",
    "impact",
    "milestones",
    "outage",
    "resolution",
    "trigger",
)
PHRASES: Final = ("cause", "impact")
# Words that are remembered: a text has a few hundred.
_MOST_WORDS: Final = 50_000
_LONGEST: Final = 40
# Forms of one place, and ways of one pattern, at most.
_MOST_FORMS: Final = 400
_MOST_WAYS: Final = 60
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_BY_CODE: Final = {ord(written): letter for letter in _LETTERS for written in (letter, letter.upper())}
# A form is what stands at a place of a match: letters, an edge (no letter), or something that is not known.
_EDGE: Final = " "
_UNKNOWN: Final = "?"
_ANYTHING: Final = frozenset({_UNKNOWN})
_RUN: Final = re.compile("[a-z]+")
_SMALL: Final = frozenset(
    "a after all an and any are as at be been but by can did do for from had has have in is it no not of on or our out so"
    " that the this to up was we were when which will with".split()
)
_COST: Final = {1: 60.0, 2: 25.0, 3: 10.0, 4: 5.0, 5: 3.0}
_TELLING: Final = 4

# What stands beside alternatives and tells whether words begin and end with them.
_SIMPLE: Final = (op.LITERAL, op.IN, op.AT)

# A run of letters and whether a word begins, and ends, with it.
Part = tuple[str, bool, bool]
Place = frozenset[Part]
Node = tuple[Any, Any]


def ways(pattern: str) -> list[tuple[Place, ...]]:
    """Return the ways in which `pattern` can match a text in lower case: of each, two places at most that words must fill."""
    parsed = parser.parse(pattern)  # its nodes are known by their identity while it lasts
    return _Pattern().ways(_flat(parsed), _MOST_WAYS)


def _way(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the two rarest of the places of a way."""
    ordered = sorted(set(places), key=_rank)
    # What shares a word with the first mostly stands where the first does.
    return tuple(
        sorted(ordered, key=lambda place: place != ordered[0] and not place.isdisjoint(ordered[0]))[:2]
    )


def _joint(ways: list[tuple[Place, ...]]) -> list[tuple[Place, ...]]:
    """Return ways that say the same as `ways` together: those that share a place are one, with the words of the other places.

    Every way costs a bit in each of the numbers, which are long enough.
    """
    one = [way[0] for way in ways if len(way) == 1]
    joint: list[tuple[Place, ...]] = [()] if () in ways else []
    if one:
        joint.append((frozenset[Part]().union(*one),))
    two = [frozenset(way) for way in ways if len(way) == 2]
    while two:
        count = Counter(place for way in two for place in way)
        shared = max(count, key=lambda place: (count[place], sorted(place)))
        others = [way - {shared} for way in two if shared in way]
        two = [way for way in two if shared not in way]
        joint.append((frozenset[Part]().union(*(place for other in others for place in other)), shared))
    return joint


class _Pattern:
    """The taking apart of one pattern; what its parts may stand for is worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, frozenset[str] | None] = {}
        self._places_of: dict[tuple[int, ...], Place | None] = {}

    def ways(self, nodes: list[Node], most: int) -> list[tuple[Place, ...]]:
        for i, (kind, value) in enumerate(nodes):
            if kind is op.BRANCH and len(value[1]) <= most and any(map(self._is_long, value[1])):
                left = most // len(value[1])
                before, after = nodes[:i], nodes[i + 1 :]
                return [way for one in value[1] for way in self.ways([*before, *_flat(one), *after], left)]
        return [_way([*self._places(nodes), *self._alternatives(nodes)])]

    def _alternatives(self, nodes: Sequence[Node]) -> Iterator[Place]:
        """Yield the places that one word out of each of several alternatives can fill, whatever else stands in these."""
        for i, (kind, value) in enumerate(nodes):
            if kind is op.BRANCH and any(map(self._holds_words, value[1])):
                before = [node for node in nodes[max(i - 1, 0) : i] if node[0] in _SIMPLE]
                after = [node for node in nodes[i + 1 : i + 2] if node[0] in _SIMPLE]
                rarest = []
                for one in value[1]:
                    place = self._rarest(before, one, after)
                    if place is None:
                        break
                    rarest.append(place)
                else:
                    yield frozenset[Part]().union(*rarest)

    def _rarest(self, before: list[Node], one: Iterable[Node], after: list[Node]) -> Place | None:
        """Return the rarest place of an alternative that stands between others, None where it has none."""
        key = (*map(id, before), id(one), *map(id, after))
        if key not in self._places_of:
            inside = [*before, *_flat(one), *after]
            self._places_of[key] = min(
                {*self._places(inside), *self._alternatives(inside)}, key=_rank, default=None
            )
        return self._places_of[key]

    def _is_long(self, nodes: Sequence[Node]) -> bool:
        """Do several words with something unknown in between stand in one alternative?"""
        forms = self._sequence(nodes)
        return forms is None or any(
            _UNKNOWN in form.strip(" ?") and len(_RUN.findall(form)) > 1 for form in forms
        )

    def _holds_words(self, nodes: Sequence[Node]) -> bool:
        """May several words stand in one alternative?"""
        forms = self._sequence(nodes)
        return forms is None or not all(form.isalpha() for form in forms)

    def _places(self, nodes: Iterable[Node]) -> Iterator[Place]:
        """Yield the places of a sequence, one for each stretch up to an edge or to something unknown."""
        forms: frozenset[str] = _ANYTHING
        for more in self._forms(nodes):
            joined = None if more is None else _joined(forms, more)
            if joined is None:
                yield from _place(form + _UNKNOWN for form in forms)
                joined = None if more is None else _joined(_ANYTHING, more)
                forms = _ANYTHING if joined is None else joined
                continue
            forms = joined
            last = {form[-1] for form in forms}
            if last <= {_EDGE, _UNKNOWN}:
                yield from _place(forms)
                forms = frozenset({_EDGE}) if last == {_EDGE} else _ANYTHING
        yield from _place(form + _UNKNOWN for form in forms)

    def _sequence(self, nodes: Iterable[Node]) -> frozenset[str] | None:
        """Return what a sequence may stand for, None where that is too much."""
        key = id(nodes)
        if key not in self._known:
            forms: frozenset[str] | None = frozenset({""})
            for more in self._forms(nodes):
                forms = None if forms is None or more is None else _joined(forms, more)
                if forms is None:
                    break
            self._known[key] = forms
        return self._known[key]

    def _forms(self, nodes: Iterable[Node]) -> Iterator[frozenset[str] | None]:
        """Yield what each part of a sequence may stand for: a run of letters, or anything else."""
        run = ""
        known, literal, letter_of = self._known, op.LITERAL, _BY_CODE.get
        for node in getattr(nodes, "data", nodes):
            kind, value = node
            if kind is literal and (letter := letter_of(value)):
                run += letter
                continue
            if run:
                yield frozenset({run})
                run = ""
            key = id(node)
            if key not in known:
                known[key] = self._read(kind, value)
            yield known[key]
        if run:
            yield frozenset({run})

    def _read(self, kind: Any, value: Any) -> frozenset[str] | None:
        if kind is op.LITERAL:
            return frozenset({_letter(value)})
        if kind is op.IN:
            return _class(value)
        if kind is op.AT:
            return frozenset({"" if value is op.AT_NON_BOUNDARY else _EDGE})
        if kind is op.ASSERT:
            return frozenset({""})
        if kind is op.ASSERT_NOT:
            return frozenset({_EDGE if [*value[1]] == [(op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])] else ""})
        if kind is op.SUBPATTERN:
            return self._sequence(value[3])
        if kind is op.BRANCH:
            found = [self._sequence(one) for one in value[1]]
            forms = frozenset[str]().union(*(one for one in found if one is not None))
            return None if None in found or len(forms) > _MOST_FORMS else forms
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            return self._repeated(*value)
        return _ANYTHING

    def _repeated(self, least: int, most: int, nodes: Sequence[Node]) -> frozenset[str]:
        forms = self._sequence(nodes) or _ANYTHING
        none = frozenset({""}) if least == 0 else frozenset[str]()
        if forms <= {"", _EDGE} or most == 1:
            return forms | none
        closed = all(form.endswith(_EDGE) for form in forms)
        more = frozenset({"", _UNKNOWN + _EDGE} if closed else {_UNKNOWN})
        return more if least == 0 else _joined(forms, more) or _ANYTHING


def _flat(nodes: Iterable[Node]) -> list[Node]:
    """Return a sequence with what its groups hold in their places."""
    found: list[Node] = []
    for node in nodes:
        found.extend(_flat(node[1][3]) if node[0] is op.SUBPATTERN else (node,))
    return found


def _letter(code: int) -> str:
    return _BY_CODE.get(code, _EDGE)


def _class(items: Sequence[Node]) -> frozenset[str]:
    """Return what a class of characters may stand for: each of a few letters, an edge, or something unknown."""
    if items[0][0] is op.NEGATE:
        return frozenset({_EDGE if (op.CATEGORY, op.CATEGORY_WORD) in items else _UNKNOWN})
    found: set[str] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            found.add(_letter(value))
        elif kind is op.RANGE:
            found.add(_UNKNOWN if value[0] <= ord("z") and value[1] >= ord("A") else _EDGE)
        else:
            found.add(
                _EDGE if value in (op.CATEGORY_SPACE, op.CATEGORY_DIGIT, op.CATEGORY_NOT_WORD) else _UNKNOWN
            )
    return _ANYTHING if _UNKNOWN in found else frozenset(found)


@lru_cache(maxsize=8_192)
def _joined(first: frozenset[str], second: frozenset[str]) -> frozenset[str] | None:
    """Return every form of the first with every one of the second behind it, None where these are too many."""
    if len(first) * len(second) > _MOST_FORMS:
        return None
    return frozenset(
        [a + b if a[-1:] != b[:1] or not b or b[0] in _LETTERS else a + b[1:] for a in first for b in second]
    )


def _place(forms: Iterable[str]) -> Iterator[Place]:
    """Yield the place that one word out of each of the forms can fill; none where a form has no word."""
    parts = frozenset(map(_part, forms))
    if None not in parts:
        yield cast(Place, parts)


# The same lists of words stand in many rules.
@lru_cache(maxsize=8_192)
def _part(form: str) -> Part | None:
    """Return the rarest word of a form."""
    runs = [
        (run.group(), form[: run.start()].endswith(_EDGE), form[run.end() :].startswith(_EDGE))
        for run in _RUN.finditer(form)
    ]
    # A few letters inside of words stand everywhere.
    telling = [part for part in runs if part[1] or len(part[0]) >= _TELLING]
    return min(telling, key=_cost, default=None)


@lru_cache(maxsize=16_384)
def _cost(part: Part) -> float:
    """Return about how common words with this part are: in so many of the examples of the vocabulary one stands."""
    letters, begins, ends = part
    cost = _COST.get(len(letters), 2.0)
    if not begins:
        return 6.0 * cost
    said, words = _said()
    if ends:
        return cost + said.get(letters, 0)
    first, last = bisect_left(words, letters), bisect_left(words, letters + "~")
    return cost + sum(map(said.__getitem__, words[first:last]))


@cache
def _said() -> tuple[Mapping[str, int], Sequence[str]]:
    """Return in how many of the rules' examples each word stands, and the words in order."""
    said: Counter[str] = Counter()
    for name in FILES:
        for rule in vocabulary.rules(name):
            for text in (*rule.yes, *rule.no):
                said.update(set(_RUN.findall(text.lower())))
    return said, sorted(said)


def _rank(place: Place) -> tuple[float, list[Part]]:
    return sum(map(_cost, place)), sorted(place)


# What words stand for --------------------------------------------------------------------------------------------------------


class _Words(dict[str, int]):
    """The bits of each word: of all the places that it can fill. A word is looked at when it is first asked for."""

    def __init__(self, places: Mapping[Part, int]) -> None:
        self._whole: dict[str, int] = {}
        # By their first three letters, where they have as many.
        self._openings: dict[str, list[tuple[str, int]]] = {}
        self._inside: dict[str, int] = {}
        for (letters, begins, ends), bits in sorted(places.items()):
            if begins and not ends:
                self._openings.setdefault(letters[:3], []).append((letters, bits))
            else:
                known = self._whole if begins else self._inside
                known[letters] = known.get(letters, 0) | bits
        self._lengths = sorted(set(map(len, self._inside)))

    def __missing__(self, word: str) -> int:
        bits = self._whole.get(word, 0)
        for first in (word[:1], word[:2], word[:3]):
            for letters, more in self._openings.get(first, ()):
                if word.startswith(letters):
                    bits |= more
        if len(word) > _LONGEST:
            for letters, more in self._inside.items():
                if letters in word:
                    bits |= more
        else:
            inside = self._inside
            for length in self._lengths:
                for at in range(len(word) - length + 1):
                    if (letters := word[at : at + length]) in inside:
                        bits |= inside[letters]
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = bits
        return bits


@dataclass(frozen=True, slots=True)
class Screen:
    """The bits of every word and those of every rule; how far the second half lies behind the first; what needs no word."""

    words: Mapping[str, int]
    rules: Mapping[str, int]
    half: int
    always: int

    def read(self, text: str) -> int:
        """Return what the words of a text in lower case fill; that of several texts may be OR-ed."""
        return reduce(or_, map(self.words.__getitem__, _RUN.findall(text)), self.always)

    def passed(self, filled: int) -> int:
        """Return the bits of the rules that are worth trying where these places are filled (see `read`)."""
        return filled & (filled >> self.half)


@cache
def screen() -> Screen:
    """Return the screen of the rules of all `FILES`, and of the phrases of `PHRASES` under the files' names."""
    known: list[tuple[str, tuple[Place, ...]]] = []
    for name in FILES:
        for rule in vocabulary.rules(name):
            known += [(rule.id, way) for way in _joint(ways(rule.source))]
    known += [(name, way) for name in PHRASES for way in _joint(_phrases(name))]
    half = len(known)
    places: dict[Part, int] = {}
    rules: dict[str, int] = {}
    always = 0
    for number, (id, way) in enumerate(known):
        rules[id] = rules.get(id, 0) | 1 << number
        for i, bit in enumerate((1 << number, 1 << number + half)):
            always |= bit if i >= len(way) else 0
            for part in way[i] if i < len(way) else ():
                places[part] = places.get(part, 0) | bit
    return Screen(_Words(places), rules, half, always)


def _phrases(name: str) -> list[tuple[Place, ...]]:
    """Return the phrases of a vocabulary file as ways: the two rarest words of each."""
    phrases = (phrase for cue in vocabulary.load(name)["cue"] for phrase in cue["phrases"])
    return [
        _way(frozenset({(word, True, True)}) for word in _RUN.findall(phrase.lower())) for phrase in phrases
    ]
