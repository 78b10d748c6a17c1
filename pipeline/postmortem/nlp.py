"""The language layer: sentences and phrases of a document's regions, by a blank English spaCy pipeline.

No model is downloaded and nothing is loaded before the first call. The tokenizer is the costliest step of a whole
parse, so it runs on demand, once for each block of text (the last few hundred blocks are remembered).

Offsets that come out are offsets into the source text. Inside, a block's white space is folded first, because a phrase
may run over a line end, and a sentence may.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from postmortem import vocabulary
from postmortem.document import Block, BlockKind, Document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

_WORD: Final = re.compile(r"\S+")
_LINE: Final = re.compile(r"[^\n]+")
_STOP: Final = frozenset({".", "!", "?", "…", "...", "?!", "!!", "!?"})
_CLOSING: Final = frozenset("\"')]}”’`")
# "No. 5", "approx. 20": the stop belongs to the word. Those with a number only where a number follows.
_ABBREVIATIONS: Final = frozenset(
    {"approx", "etc", "vs", "resp", "incl", "ca", "cf", "dept", "est", "avg", "min", "max"}
)
_NUMBERED: Final = frozenset({"no", "nos", "nr", "fig", "sec", "ver", "v", "p", "pp", "rev", "vol"})
# Words that open a sentence even where the space after the stop was forgotten, or the stop ends "p.m."
_OPENERS: Final = frozenset(
    {
        "a",
        "after",
        "all",
        "an",
        "and",
        "as",
        "at",
        "both",
        "but",
        "by",
        "due",
        "during",
        "for",
        "from",
        "however",
    }
    | {
        "if",
        "in",
        "it",
        "no",
        "on",
        "once",
        "our",
        "since",
        "so",
        "some",
        "that",
        "the",
        "then",
        "there",
        "these",
    }
    | {"they", "this", "to", "upon", "users", "we", "when", "while", "with"}
)
_LONG_WORD: Final = 40
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


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of one block: its extent, the canonical names of the field or section that it belongs to (a section without a
    name of its own inherits), and a `key` that stretches of the same field, or of the same section, share."""

    start: int
    end: int
    names: frozenset[str]
    key: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Analysis:
    """A folded piece of text: its spaCy document, and where its words stand in the piece and in the folded text."""

    doc: Doc
    folded: tuple[int, ...]
    original: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]

    def offset(self, at: int) -> int:
        word = max(bisect_right(self.folded, at) - 1, 0)
        return self.original[word] + at - self.folded[word]


def sentences(document: Document, start: int, end: int) -> tuple[Sentence, ...]:
    """Return the sentences of source characters `start:end`, in order, cut off at both ends of the region.

    Each block (paragraph, list item, cell of a row) is a scope of its own; headings and code have none. A line end
    inside a wrapped paragraph does not end a sentence; one that the author set on purpose does.
    """
    found = []
    for piece_start, piece in _pieces(document, start, end):
        spans = _analyse(piece).sentences
        first = max(bisect_right(spans, start - piece_start, key=itemgetter(0)) - 1, 0)
        for a, b in islice(spans, first, None):
            if a + piece_start >= end:
                break
            a, b = max(a + piece_start, start), min(b + piece_start, end)
            while a < b and document.plain[a].isspace():
                a += 1
            while b > a and document.plain[b - 1].isspace():
                b -= 1
            if a < b:
                found.append(Sentence(a, b))
    return tuple(found)


def phrases(name: str, document: Document, start: int, end: int) -> tuple[Phrase, ...]:
    """Return where the ``[[cue]]`` phrases of vocabulary file `name` stand within source characters `start:end`.

    Whole words, without case, over line ends too; headings and code are not searched. Where matches overlap, the
    first wins, and the longest of those that begin together.
    """
    found: list[Phrase] = []
    for piece_start, piece in _pieces(document, start, end):
        matches = _matches(name, piece)
        first = bisect_left(matches, start - piece_start, key=itemgetter(1))
        for id, a, b in islice(matches, first, None):
            if b + piece_start > end:
                break
            found.append(Phrase(id, a + piece_start, b + piece_start))
    return tuple(found)


def zones(document: Document) -> tuple[Zone, ...]:
    """Return the text's stretches in order: each block but headings and code, split at its labelled fields.

    What stands above the first heading, and right below the title, counts as a summary.
    """
    return _zones_of(_Same(document))


class _Same:
    """A document as a cache key: the same object, whatever it holds (hashing a whole document would cost more than it saves)."""

    __slots__ = ("document",)

    def __init__(self, document: Document) -> None:
        self.document = document

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.document is other.document


@lru_cache(maxsize=4)
def _zones_of(same: _Same) -> tuple[Zone, ...]:
    return tuple(_zones(same.document))


def _zones(document: Document) -> Iterator[Zone]:
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
        if block.kind in (BlockKind.HEADING, BlockKind.CODE):
            current = None
            continue
        names = inherited[block.section] if block.section >= 0 else frozenset({"summary"})
        at = block.start
        if current and at < current[1]:
            yield Zone(at, min(block.end, current[1]), current[2], (block.section, current[0]))
            at = min(block.end, current[1])
        while field is not None and field.label_start < block.end:
            if field.label_start >= at:
                if field.label_start > at:
                    yield Zone(at, field.label_start, names, (block.section, -1))
                own = frozenset(field.names) or names
                end = min(field.end, block.end)
                start = field.start if field.names else field.label_start
                if end > start:
                    yield Zone(start, end, own, (block.section, number))
                current = (number, field.end, own)
                at = max(end, at)
            number, field = next(fields)
        if block.end > at:
            yield Zone(at, block.end, names, (block.section, -1))


def folded(text: str) -> str:
    """Return `text` with every run of white space as one space: what a pattern of words is matched on."""
    return " ".join(text.split())


def unfolded(text: str, at: int) -> int:
    """Return the offset in `text` of the character at offset `at` of ``folded(text)`` (its end for the end)."""
    length = 0
    for word in _WORD.finditer(text):
        if at <= length + len(word.group()):
            return word.start() + max(at - length, 0)
        length += len(word.group()) + 1
    return len(text)


def may_match(rule: vocabulary.Rule, lowered: str) -> bool:
    """Is `rule` worth trying on a text, `lowered` being that text in lower case?

    A rule may list lower-case strings under ``need``, one of which every match holds: a look for them is far cheaper than the
    pattern.
    """
    return "need" not in rule.values or holds_any(lowered, rule.values["need"])


def search(rule: vocabulary.Rule, text: str, lowered: str) -> re.Match[str] | None:
    """Return the first match of `rule` in `text`, `lowered` being that text in lower case."""
    return rule.pattern.search(text) if may_match(rule, lowered) else None


def holds_any(lowered: str, strings: Iterable[str]) -> bool:
    """Is any of the lower-case `strings` part of `lowered`?"""
    return any(map(lowered.__contains__, strings))


def _pieces(document: Document, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the pieces of text that sentences cannot cross, each with its offset."""
    for block in _blocks(document, start, end):
        if block.cells:
            for cell in block.cells:
                if cell.start < end and cell.end > start and cell.end > cell.start:
                    yield cell.start, document.plain[cell.start : cell.end]
            continue
        at = block.start
        for line_end in _breaks(document.plain, block.start, block.end):
            if at < end and line_end > start:
                yield from _cut(document.plain, at, line_end, start, end)
            at = line_end


def _cut(plain: str, at: int, line_end: int, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield what overlaps `start:end` of a line, a line of more than 5,000 characters cut at white space."""
    while at < line_end:
        cut = min(at + _PIECE, line_end)
        if cut < line_end:
            cut = max(plain.rfind(" ", at, cut), at + _PIECE // 2)
        if at < end and cut > start:
            yield at, plain[at:cut]
        at = cut


def _blocks(document: Document, start: int, end: int) -> Iterator[Block]:
    blocks = document.blocks
    first = bisect_right(blocks, start, key=lambda block: block.start)
    for number in range(max(first - 1, 0), len(blocks)):
        block = blocks[number]
        if block.start >= end:
            return
        if block.end > start and block.kind not in (BlockKind.HEADING, BlockKind.CODE):
            yield block


@lru_cache(maxsize=64)
def _breaks(plain: str, start: int, end: int) -> tuple[int, ...]:
    """Return where a block's lines end on purpose (the last is `end`).

    A line end is the author's where the next line begins like a sentence and its first word would have fitted.
    """
    if plain.find("\n", start, end) < 0:
        return (end,)
    lines = [(m.start(), m.end()) for m in _LINE.finditer(plain, start, end)]
    width = max(b - a for a, b in lines)
    breaks = []
    for (a, b), (c, d) in zip(lines, lines[1:], strict=False):
        word = _WORD.search(plain, c, d)
        if word is None or (b - a + len(word.group()) + _SLACK < width and not word.group()[0].islower()):
            breaks.append(b)
    return (*breaks, end)


@lru_cache(maxsize=512)
def _analyse(text: str) -> _Analysis:
    """Tokenise a piece of text once."""
    nlp = _pipeline()
    words: list[str] = []
    word_folded: list[int] = []
    word_start: list[int] = []
    at = 0
    for match in _WORD.finditer(text):
        word = _short(match.group())
        words.append(word)
        word_folded.append(at)
        word_start.append(match.start())
        at += len(word) + 1
    doc = nlp(" ".join(words))
    analysis = _Analysis(doc, tuple(word_folded), tuple(word_start), ())
    starts = [analysis.offset(sentence.start_char) for sentence in doc.sents] if words else []
    ends = [*starts[1:], len(text)]
    return replace(analysis, sentences=tuple(zip(starts, ends, strict=True)))


@lru_cache(maxsize=512)
def _matches(name: str, text: str) -> tuple[tuple[str, int, int], ...]:
    analysis = _analyse(text)
    doc = analysis.doc
    strings = doc.vocab.strings
    found: list[tuple[str, int, int]] = []
    last = 0
    for key, a, b in sorted(_phrase_matcher(name)(doc), key=lambda match: (match[1], -match[2], match[0])):
        if a >= last:
            token = doc[b - 1]
            found.append((strings[key], analysis.offset(doc[a].idx), analysis.offset(token.idx) + len(token)))
            last = b
    return tuple(found)


def _short(word: str) -> str:
    """Cut a word to what the tokenizer can take in linear time; its ends, which decide on sentences, are kept."""
    if len(word) <= 4 or (len(word) <= _LONG_WORD and any(c.isalnum() for c in word[1:-1])):
        return word
    keep = _LONG_WORD - 2 if word[:2].isalnum() else 2
    return word[:keep] + word[-2:]


@cache
def _pipeline() -> Language:
    import spacy
    from spacy.language import Language

    if not Language.has_factory("postmortem_sentences"):
        Language.component("postmortem_sentences", func=_mark_sentences)
    nlp = spacy.blank("en")
    nlp.add_pipe("postmortem_sentences")
    return nlp


@cache
def _phrase_matcher(name: str) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    nlp = _pipeline()
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for cue in cues(name):
        matcher.add(cue["id"], [nlp.make_doc(phrase) for phrase in cue["phrases"]])
    return matcher


def cues(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the ``[[cue]]`` entries of vocabulary file `name`: `id`, `phrases` and whatever other keys they hold."""
    return tuple(vocabulary.load(name).get("cue", ()))


def _mark_sentences(doc: Doc) -> Doc:
    """Mark the first token of every sentence: a spaCy component."""
    import numpy as np
    from spacy.attrs import SENT_START  # type: ignore[import-not-found]

    # All at once: setting `is_sent_start` token by token looks at the whole document each time.
    marks = np.full((len(doc), 1), -1, dtype=np.int64)
    marks[:1] = 1
    words = [token.text for token in doc]
    for i, word in enumerate(words):
        if word in _STOP:
            after = _after(words, i)
            if after < len(words) and _ends(doc, words, i, after):
                marks[after] = 1
        elif word[-1] == "." and i + 1 < len(words) and _opens(words[i + 1]):
            marks[i + 1] = 1
    return doc.from_array([SENT_START], marks.astype(np.uint64))  # type: ignore[arg-type]


def _after(words: list[str], i: int) -> int:
    """Return the index of the first token behind a stop and what closes with it."""
    i += 1
    while i < len(words) and (words[i] in _CLOSING or words[i] in _STOP):
        i += 1
    return i


def _ends(doc: Doc, words: list[str], i: int, after: int) -> bool:
    """Does the stop at token `i` end a sentence, `after` being the next one's first token?"""
    following = words[after]
    before = words[i - 1].lower() if i else ""
    if not doc[after - 1].whitespace_:
        return words[i] == "." and before.isalpha() and _opens(following)
    if words[i] == ".":
        if before in _NUMBERED and following[0].isdigit():
            return False
        return before not in _ABBREVIATIONS or (following[0].isupper() and before == "etc")
    return words[i] not in ("…", "...") or not following[0].islower()


def _opens(word: str) -> bool:
    return word[0].isupper() and word.lower() in _OPENERS
