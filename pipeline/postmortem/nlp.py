"""The language layer: zones, sentences and phrases of a document.

Sentences are told apart by their stops. Phrases of the vocabulary are found by a blank English spaCy pipeline: no model is
downloaded, and nothing is loaded before the first call. The tokenizer would be the costliest step of a whole parse, so it
reads a sentence only where a word of the vocabulary stands in it, and once (the last few hundred are remembered).

Offsets that come out are offsets into the source text. A phrase, and a sentence, may run over a line end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from postmortem import vocabulary
from postmortem.document import Block, BlockKind, Document

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

_WORD: Final = re.compile(r"\S+")
# White space that folding makes shorter.
_WIDE: Final = re.compile(r"\A\s+|\s\s+")
_LINE: Final = re.compile(r"[^\n]+")
# White space but single spaces, words too long for the tokenizer, and those of marks alone.
_UNEVEN: Final = re.compile(r"  |[^\S ]|\S{41}|[^\w\s]{5}")
_LETTERS: Final = re.compile(r"[a-z]+")
# A word with nothing but marks around it, which the tokenizer parts from it.
_CHUNK: Final = re.compile(r"""(["(\[{]*)([A-Z]?[a-z]{2,}|[A-Z]{2,}|[A-Za-z](?!\S))([.,;:!?)\]}"']*)""")
# Stops with what closes behind them, and the white space that follows or the capital that follows at once.
_STOPS: Final = re.compile(r"""([.!?…]{1,9})["')\]}”’`]{0,4}(?:\s+|(?=[A-Z]))""")
_FIRST_WORD: Final = re.compile(r"[A-Za-z]{1,20}")
_OPENING_MARKS: Final = "\"'([{"
# "approx. 20": the stop belongs to the word. "No. 5": where a number follows.
_ABBREVIATIONS: Final = frozenset("approx etc vs resp incl ca cf dept est avg min max".split())
_NUMBERED: Final = frozenset("no nos nr fig sec ver v p pp rev vol".split())
# "p.m.", "e.g.", "Inc.", "Jan.": a sentence ends there only where the next word opens one.
_DOTTED: Final = re.compile(r"(?:[A-Za-z]\.){1,4}[A-Za-z]|[A-Z]")
_TITLES: Final = frozenset(
    "mr mrs ms dr prof st inc ltd co corp bros jr sr jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LONGEST_SHORT: Final = max(map(len, _ABBREVIATIONS | _NUMBERED | _TITLES))
# Words that open a sentence even where the space after the stop was forgotten, or the stop ends "p.m."
_OPENERS: Final = frozenset(
    "a after all an and as at both but by due during for from however if in it no on once our since so some that the then there"
    " these they this to upon users we when while with".split()
)
_UNSPOKEN: Final = (BlockKind.HEADING, BlockKind.CODE)
_LONG_WORD: Final = 40
_MOST_WORDS: Final = 50_000
_PIECE: Final = 5_000
_SLACK: Final = 10


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's extent in the source: half-open, no white space at its ends."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the vocabulary found at source characters `start:end`; `id` is its entry's."""

    id: str
    start: int
    end: int


class Zone(NamedTuple):
    """A stretch of one block: its extent, the canonical names of the field or section that it belongs to (a section without a
    name of its own inherits), and a `key` that stretches of the same field, or of the same section, share."""

    start: int
    end: int
    names: frozenset[str]
    key: tuple[int, int]


def sentences(document: Document, start: int, end: int) -> tuple[Sentence, ...]:
    """Return the sentences of source characters `start:end`, in order, cut off at both ends of the region.

    Each block (paragraph, list item, cell of a row) is a scope of its own; headings and code have none. A line end
    inside a wrapped paragraph does not end a sentence; one that the author set on purpose does.
    """
    plain = document.plain
    found = []
    for block in _blocks(document, start, end):
        for first, last in spans(plain, block):
            a, b = max(first, start), min(last, end)
            text = plain[a:b].rstrip()
            b = a + len(text)
            a = b - len(text.lstrip())
            if a < b:
                found.append(Sentence(a, b))
    return tuple(found)


def phrases(name: str, document: Document, start: int, end: int) -> tuple[Phrase, ...]:
    """Return where the ``[[cue]]`` phrases of vocabulary file `name` stand within source characters `start:end`.

    Whole words, without case, over line ends too; headings and code are not searched. Where matches overlap, the
    first wins, and the longest of those that begin together.
    """
    found: list[Phrase] = []
    for block in _blocks(document, start, end):
        found += phrases_of(name, document.plain, spans(document.plain, block), start, end)
    return tuple(found)


def phrases_of(
    name: str, plain: str, extents: Sequence[tuple[int, int]], start: int, end: int
) -> Iterator[Phrase]:
    """Yield the phrases within source characters `start:end` of a block's sentences, whose `extents` are given (see `spans`)."""
    for place in range(max(bisect_right(extents, (start, start)) - 1, 0), len(extents)):
        first, last = extents[place]
        if first >= end:
            return
        if last > start:
            for id, a, b in phrases_in(name, plain[first:last]):
                if first + a >= start and first + b <= end:
                    yield Phrase(id, first + a, first + b)


def zones(document: Document) -> tuple[Zone, ...]:
    """Return the text's stretches in order: each block but headings and code, split at its labelled fields.

    What stands above the first heading, and right below the title, counts as a summary.
    """
    return tuple([zone for _, zone in zoned(document)])


def zoned(document: Document) -> Iterator[tuple[Block, Zone]]:
    """Yield the zones of a document with the block that each lies in."""
    inherited: list[frozenset[str]] = []
    for section in document.sections:
        names = frozenset(section.names)
        if section.parent >= 0 and names <= {"other"}:
            names = inherited[section.parent] or names
        if "title" in names:
            names |= {"summary"}
        inherited.append(names)
    fields = iter((*enumerate(document.fields), (-1, None)))
    number, field = next(fields)
    current: tuple[int, int, frozenset[str]] | None = None
    for block in document.blocks:
        if block.kind in _UNSPOKEN:
            current = None
            continue
        names = inherited[block.section] if block.section >= 0 else frozenset({"summary"})
        at = block.start
        if current and at < current[1]:
            yield block, Zone(at, min(block.end, current[1]), current[2], (block.section, current[0]))
            at = min(block.end, current[1])
        while field is not None and field.label_start < block.end:
            if field.label_start >= at:
                if field.label_start > at:
                    yield block, Zone(at, field.label_start, names, (block.section, -1))
                own = frozenset(field.names) or names
                end = min(field.end, block.end)
                start = field.start if field.names else field.label_start
                if end > start:
                    yield block, Zone(start, end, own, (block.section, number))
                current = (number, field.end, own)
                at = max(end, at)
            number, field = next(fields)
        if block.end > at:
            yield block, Zone(at, block.end, names, (block.section, -1))


def lower(text: str) -> str:
    """Return `text` in lower case, as long as it is (the few letters whose lower case is longer stay)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(_lower_letter(c) for c in text)


def _lower_letter(letter: str) -> str:
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else letter


def folded(text: str) -> str:
    """Return `text` with every run of white space as one space: what a pattern of words is matched on."""
    return " ".join(text.split())


def unfolded(text: str, at: int) -> int:
    """Return the offset in `text` of the character at offset `at` of ``folded(text)`` (its end for the end)."""
    shift = 0
    for gap in _WIDE.finditer(text):
        if gap.start() and at <= gap.start() - shift:
            break
        shift += len(gap.group()) - (gap.start() > 0)
    return min(at + shift, len(text))


def holds_any(lowered: str, strings: Iterable[str]) -> bool:
    """Is any of the lower-case `strings` part of `lowered`?"""
    return any(map(lowered.__contains__, strings))


def spans(plain: str, block: Block) -> list[tuple[int, int]]:
    """Return the extents of a block's sentences, white space behind them included; none for a heading or code."""
    if block.kind is BlockKind.HEADING or block.kind is BlockKind.CODE:
        return []
    found: list[tuple[int, int]] = []
    for at, end in _scopes(plain, block):
        for stop in _STOPS.finditer(plain, at, end):
            after = stop.end()
            if after < end and _ends(plain, stop, at):
                found.append((at, after))
                at = after
        if at < end:
            found.append((at, end))
    return found


def _scopes(plain: str, block: Block) -> Sequence[tuple[int, int]]:
    """Return the stretches of a block that sentences cannot cross: its cells, or its lines where they end on purpose."""
    start, end = block.start, block.end
    if block.cells:
        return [(cell.start, cell.end) for cell in block.cells]
    if end - start <= _PIECE and plain.find("\n", start, end) < 0:
        return ((start, end),)
    found = []
    for line_end in _breaks(plain, start, end):
        # A line of more than 5,000 characters is cut at white space.
        while line_end - start > _PIECE:
            cut = max(plain.rfind(" ", start, start + _PIECE), start + _PIECE // 2)
            found.append((start, cut))
            start = cut
        found.append((start, line_end))
        start = line_end
    return found


def _blocks(document: Document, start: int, end: int) -> Iterator[Block]:
    blocks = document.blocks
    first = bisect_right(blocks, start, key=lambda block: block.start)
    for number in range(max(first - 1, 0), len(blocks)):
        block = blocks[number]
        if block.start >= end:
            return
        if block.end > start:
            yield block


def _breaks(plain: str, start: int, end: int) -> tuple[int, ...]:
    """Return where a block's lines end on purpose (the last is `end`).

    A line end is the author's where the next line begins like a sentence and its first word would have fitted.
    """
    lines = [(m.start(), m.end()) for m in _LINE.finditer(plain, start, end)]
    width = max(b - a for a, b in lines)
    breaks = []
    for (a, b), (c, d) in zip(lines, lines[1:], strict=False):
        word = _WORD.search(plain, c, d)
        if word is None or (b - a + len(word.group()) + _SLACK < width and not word.group()[0].islower()):
            breaks.append(b)
    return (*breaks, end)


def _ends(text: str, stop: re.Match[str], first: int) -> bool:
    """Does this stop end a sentence? `first` is where its line or cell begins."""
    begin, end = stop.span()
    mark = stop[1]
    if not text[end - 1].isspace():
        return (
            mark == "." and _word_before(text, begin, first).replace("-", "").isalpha() and _opens(text, end)
        )
    if mark in ("…", "..."):
        return not text[end].islower()
    if mark != ".":
        return not mark.startswith("..")
    word = _word_before(text, begin, first)
    if len(word) > _LONGEST_SHORT and "." not in word:
        return True
    lowered = word.lower()
    if lowered in _NUMBERED:
        return not text[end].isdigit()
    if lowered in _ABBREVIATIONS:
        return lowered == "etc" and text[end].isupper()
    return not (lowered in _TITLES or _DOTTED.fullmatch(word)) or _opens(text, end)


def _word_before(text: str, stop: int, first: int) -> str:
    """Return the word that ends at a stop, opening marks left out: "" where white space stands before the stop."""
    before = text[max(stop - _LONG_WORD, first) : stop].rsplit(None, 1)
    return before[-1].lstrip(_OPENING_MARKS) if before and not text[stop - 1].isspace() else ""


def _opens(text: str, at: int) -> bool:
    word = _FIRST_WORD.match(text, at)
    return word is not None and word.group()[0].isupper() and word.group().lower() in _OPENERS


@lru_cache(maxsize=512)
def phrases_in(name: str, text: str) -> tuple[tuple[str, int, int], ...]:
    """Return the phrases of a sentence, not overlapping: each one's id, start and end in `text`.

    What is nothing but words and the marks around them is read here, as the tokenizer would read it; where a word of a phrase
    may stand in anything else ("users/day", "wasn't"), the tokenizer decides.
    """
    known = _phrases(name)
    written = text.split()
    chunks = [*map(_CHUNKS.__getitem__, written)]
    words = [chunk[0] for chunk in chunks]
    if not known.split.isdisjoint(words):
        return _by_tokens(name, text)
    odd = [chunk[3] for chunk in chunks if chunk[3]]
    if odd and (held := _held(name, text)):
        for own in odd:
            if not held.isdisjoint(own):
                return _by_tokens(name, text)
    found: list[tuple[str, int, int]] = []
    behind = 0
    phrases = known.phrases
    words.append("")
    for at in [at for at, word in enumerate(words) if word in phrases]:
        if at < behind:
            continue
        by_second = phrases[words[at]]
        for phrase, id in by_second.get(words[at + 1], by_second[""]):
            end = at + len(phrase)
            if words[at:end] == phrase and _is_unbroken(chunks[at:end]):
                start = _offset(text, written, at) + chunks[at].before
                last = start + len(phrase[0])
                if end > at + 1:
                    last = _offset(text, written, end - 1) + chunks[end - 1].before + len(phrase[-1])
                found.append((id, start, last))
                behind = end
                break
    return tuple(found)


def _is_unbroken(chunks: Sequence[_Chunk]) -> bool:
    """Stands no mark between these words?"""
    last = len(chunks) - 1
    return not any(
        (chunk.after and place < last) or (chunk.before and place) for place, chunk in enumerate(chunks)
    )


def _offset(text: str, written: Sequence[str], number: int) -> int:
    """Return where in a text a run of characters without white space begins, of all of which `written` has the number."""
    ahead = " ".join(written[:number]) + " " * (number > 0)
    if text.startswith(ahead) and text.startswith(written[number], len(ahead)):
        return len(ahead)
    at = 0
    for run in written[:number]:
        at = text.index(run, at) + len(run)
    return text.index(written[number], at)


class _Chunk(NamedTuple):
    """A run of characters without white space: a `word` in lower case with so many marks `before` and `after` it, or none, and
    the `runs` of letters that tokens out of it may be."""

    word: str
    before: int
    after: int
    runs: frozenset[str]


class _Chunks(dict[str, _Chunk]):
    """What each run of characters without white space is: a cache of words."""

    def __missing__(self, written: str) -> _Chunk:
        match = _CHUNK.fullmatch(written)
        if match is not None:
            chunk = _Chunk(match[2].lower(), len(match[1]), len(match[3]), frozenset())
        else:
            runs = _LETTERS.findall(written.lower())
            chunk = _Chunk("", 0, 0, frozenset((*runs, *(run.removesuffix("n") for run in runs))))
        if len(written) <= _LONG_WORD:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[written] = chunk
        return chunk


_CHUNKS: Final = _Chunks()


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of a vocabulary file by their first words and those behind them, the longest first (the phrases of one word
    among all of them, and by themselves behind ""); the runs of letters of each by its longest run; and words that the tokenizer
    takes apart."""

    phrases: Mapping[str, Mapping[str, list[tuple[list[str], str]]]]
    runs: Mapping[str, list[frozenset[str]]]
    split: frozenset[str]


@cache
def _phrases(name: str) -> _Phrases:
    phrases: dict[str, dict[str, list[tuple[list[str], str]]]] = {}
    by_run: dict[str, list[frozenset[str]]] = {}
    for cue in cues(name):
        for phrase in cue["phrases"]:
            words = phrase.lower().split()
            second = words[1] if len(words) > 1 else ""
            phrases.setdefault(words[0], {"": []}).setdefault(second, []).append((words, cue["id"]))
            runs = _LETTERS.findall(phrase.lower())
            by_run.setdefault(max(runs, key=len), []).append(frozenset(runs))
    for by_second in phrases.values():
        for second, same in by_second.items():
            same.sort(key=lambda phrase: (-len(phrase[0]), phrase[1]))
            if second:
                same += by_second[""]
    split = {rule.lower() for rule in _tokenizer().rules if rule.isalpha()}  # type: ignore[attr-defined]
    return _Phrases(phrases, by_run, frozenset(split))


def _held(name: str, text: str) -> frozenset[str]:
    """Return the runs of letters of all phrases that may stand in a text: those of which it holds every run.

    A look that mostly spares the rest: there are none.
    """
    by_run = _phrases(name).runs
    runs = set(_LETTERS.findall(text.lower()))
    held: set[str] = set()
    for run in by_run.keys() & runs:
        for phrase in by_run[run]:
            if phrase <= runs:
                held |= phrase
    return frozenset(held)


def _by_tokens(name: str, text: str) -> tuple[tuple[str, int, int], ...]:
    if not _held(name, text):
        return ()
    doc, offset = _tokens(text)
    strings = doc.vocab.strings
    found: list[tuple[str, int, int]] = []
    last = 0
    for key, a, b in sorted(_phrase_matcher(name)(doc), key=lambda match: (match[1], -match[2], match[0])):
        if a >= last:
            token = doc[b - 1]
            found.append((strings[key], offset(doc[a].idx), offset(token.idx) + len(token)))
            last = b
    return tuple(found)


def _tokens(text: str) -> tuple[Doc, Callable[[int], int]]:
    """Return the tokens of a text, white space folded and long words cut, and what turns their offsets into the text's."""
    if not _UNEVEN.search(text):
        return _tokenizer()(text), int
    words = [(match.start(), _short(match.group())) for match in _WORD.finditer(text)]
    at = (0, *accumulate(len(word) + 1 for _, word in words))

    def offset(folded: int) -> int:
        word = bisect_right(at, folded) - 1
        return words[word][0] + folded - at[word]

    return _tokenizer()(" ".join(word for _, word in words)), offset


def _short(word: str) -> str:
    """Cut a word to what the tokenizer can take in linear time; its ends, which decide on sentences, are kept."""
    if len(word) <= 4 or (len(word) <= _LONG_WORD and any(c.isalnum() for c in word[1:-1])):
        return word
    keep = _LONG_WORD - 2 if word[:2].isalnum() else 2
    return word[:keep] + word[-2:]


@cache
def _tokenizer() -> Callable[[str], Doc]:
    import spacy

    return cast("Callable[[str], Doc]", spacy.blank("en").tokenizer)


@cache
def _phrase_matcher(name: str) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    tokenizer = _tokenizer()
    matcher = PhraseMatcher(tokenizer("").vocab, attr="LOWER")
    for cue in cues(name):
        matcher.add(cue["id"], [tokenizer(phrase) for phrase in cue["phrases"]])
    return matcher


def cues(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the ``[[cue]]`` entries of vocabulary file `name`: `id`, `phrases` and whatever other keys they hold."""
    return tuple(vocabulary.load(name).get("cue", ()))
