"""What a heading or label means: its words looked up in the vocabulary, misspellings tolerated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from postmortem import vocabulary

_TOKEN: Final = re.compile(r"[a-z0-9]+|[&/+,]")
_JOINERS: Final = frozenset({"&", "/", "+", ",", "and", "or"})
_PARENTHESIS: Final = re.compile(r"\([^()]{0,120}(?:\)|$)|\[[^\[\]]{0,120}(?:\]|$)")
_LONGEST: Final = 7
_CAPITAL: Final = re.compile(r"(?<!\\)[A-Z]")
_MOST_TOKENS: Final = 24
_SUBTITLE: Final = re.compile(r":\s+|\s+[-|]\s+|\s--+\s|;\s")

# "what we've changed", "what's next", "why didnt it ring"; "the shop's fault" is none.
_CONTRACTED: Final = re.compile(
    r"\b(?:(?P<modal>ca|could|did|do|does|had|has|have|is|should|was|were|wo|would|are)n['’´ ]?t"
    r"|(?P<who>\w{1,12})(?:['’´](?P<verb>ve|ll|re|m|d)|(?<=what|here)['’´]s|(?<=who|how|why)['’´]s))\b"
)
_WRITTEN_OUT: Final = {
    "ca": "can",
    "wo": "will",
    "ve": "have",
    "ll": "will",
    "re": "are",
    "m": "am",
    "d": "would",
}

_NEUTRAL: Final = frozenset({"the", "of", "our", "incident", "outage"})
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """`phrases` maps words to names, `by_first` their first words to phrases, the longest first; `loose` are those that may also
    stand inside a longer heading; `misspelt` are the words that others are taken for; `any_rule` matches what one of the `rules`
    does."""

    phrases: Mapping[tuple[str, ...], Names]
    by_first: Mapping[str, list[list[str]]]
    loose: frozenset[tuple[str, ...]]
    fillers: frozenset[str]
    words: frozenset[str]
    misspelt: tuple[str, ...]
    rules: tuple[tuple[re.Pattern[str], Names], ...]
    any_rule: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    data = vocabulary.load("headings")
    phrases: dict[tuple[str, ...], Names] = {}
    loose = set()
    for entry in data["heading"]:
        for phrase in entry["phrases"]:
            words = tuple(phrase.split())
            phrases.setdefault(words, tuple(entry["names"]))
            if entry.get("keyword", True):
                loose.add(words)
    words_known = {word for phrase in (*phrases, *_labels()) for word in phrase}
    words_known.update(data["fillers"], data["ordinary"])
    rules = vocabulary.rules("headings")
    by_first: dict[str, list[list[str]]] = {}
    for words in sorted((p for p in phrases if len(p) <= _LONGEST), key=len, reverse=True):
        by_first.setdefault(words[0], []).append(list(words))
    return _Lexicon(
        phrases,
        by_first,
        frozenset(loose),
        frozenset(data["fillers"]),
        frozenset(words_known),
        tuple(sorted(data["misspelt"])),
        tuple((rule.pattern, tuple(rule.values["names"])) for rule in rules),
        # Tokens are in lower case, which is found faster where case counts.
        re.compile(
            "|".join(
                f"(?i:{rule.source})" if _CAPITAL.search(rule.source) else f"(?:{rule.source})"
                for rule in rules
            )
        ),
    )


@cache
def _labels() -> Mapping[tuple[str, ...], Names]:
    """Label phrases to names; a phrase that is a heading as well has the names of both."""
    found: dict[tuple[str, ...], Names] = {}
    for entry in vocabulary.load("labels")["label"]:
        for phrase in entry["phrases"]:
            words = tuple(phrase.split())
            found[words] = tuple(dict.fromkeys(found.get(words, ()) + tuple(entry["names"])))
    return found


@lru_cache(maxsize=4096)
def _corrected(word: str) -> str:
    """Return the vocabulary's word that `word` is a misspelling of, or `word` itself."""
    length = len(word)
    if length < 5 or length > 24 or not word.isalpha():
        return word
    most = 2 if length > 8 else 1
    likely = _misspelt_as(word[0], length, most)
    if not likely:
        return word
    extract, distance = _comparison()
    alike = extract(word, likely, scorer=distance, score_cutoff=most, limit=None)
    near = [(d, i, k) for k, d, i in alike if k[0] == word[0] or d <= 1]
    return min(near)[2] if near else word


@cache
def _misspelt_as(letter: str, length: int, most: int) -> tuple[str, ...]:
    """Return the words that one of `length` letters which begins with `letter` may be with `most` slips.

    A slip in the first letter is rare: two slips must leave it, one may have dropped or swapped it.
    """
    return tuple(k for k in _lexicon().misspelt if letter in k[:2] and abs(len(k) - length) <= most)


@cache
def _comparison() -> tuple[Callable[..., Any], Callable[..., Any]]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    return extract, OSA.distance


def _tokens(text: str, *, correct: bool = True) -> list[str]:
    lowered = _CONTRACTED.sub(_written_out, text.lower()).replace("'", "").replace("’", "")
    if "(" in lowered or "[" in lowered:
        lowered = _PARENTHESIS.sub(" ", lowered)
    found = _TOKEN.findall(lowered)
    if not correct:
        return found
    words = _lexicon().words
    return [t if t in words or t in _JOINERS else _corrected(t) for t in found]


def _written_out(match: re.Match[str]) -> str:
    """Return a contracted verb in full: "did not" for "didn't", "we have" for "we've", "what is" for "what's"."""
    if modal := match["modal"]:
        return f"{_WRITTEN_OUT.get(modal, modal)} not"
    return f"{match['who']} {_WRITTEN_OUT.get(match['verb'], 'is')}"


def _longest_at(tokens: list[str], i: int) -> int:
    """Return how many tokens from `i` make up a known phrase (0 for none)."""
    for words in _lexicon().by_first.get(tokens[i], ()):
        if tokens[i : i + len(words)] == words:
            return len(words)
    return 0


def _by_rule(tokens: list[str], *, whole: bool) -> Names:
    """Names that a pattern of ``headings.toml`` gives a heading: all of it, or its beginning."""
    text = " ".join([token for token in tokens if token.isalnum()])
    lexicon = _lexicon()
    if not (lexicon.any_rule.fullmatch(text) if whole else lexicon.any_rule.match(text)):
        return ()
    for pattern, names in lexicon.rules:
        if pattern.fullmatch(text) if whole else pattern.match(text):
            return names
    return ()


def _merged(names: list[Names]) -> Names:
    return tuple(dict.fromkeys(name for group in names for name in group))


def _whole(tokens: list[str]) -> Names:
    """Names where known phrases, joiners and fillers make up the whole heading; () otherwise.

    Beside phrases that tell something in any heading those that need a heading of their own say nothing.
    """
    lexicon = _lexicon()
    groups: list[Names] = []
    alone: list[Names] = []
    weak: list[Names] = []
    i = 0
    while i < len(tokens):
        length = _longest_at(tokens, i)
        if length:
            words = tuple(tokens[i : i + length])
            telling = groups if words in lexicon.loose else alone
            (weak if lexicon.fillers.issuperset(words) else telling).append(lexicon.phrases[words])
            i += length
        elif tokens[i] in lexicon.fillers or tokens[i] in _JOINERS or tokens[i].isdigit():
            i += 1
        else:
            return ()
    return _pruned(groups or alone or weak)


def _pruned(groups: list[Names]) -> Names:
    """Merge the names of a joint heading; weak ones (title, other, metadata) give way to any other."""
    strong = [g for g in groups if g[0] not in {"title", "other", "metadata", "background"}]
    return _merged(strong or groups[:1])


def _anywhere(tokens: list[str]) -> Names:
    """Names of the first known phrase in a longer heading and of those joined to it.

    Nothing where most of its words are not known: then it is about something else.
    """
    lexicon = _lexicon()
    groups: list[Names] = []
    known = sum(token in lexicon.fillers for token in tokens)
    joined = True
    i = 0
    while i < len(tokens):
        length = _longest_at(tokens, i)
        if length and tuple(tokens[i : i + length]) in lexicon.loose:
            if joined or not groups:
                groups.append(lexicon.phrases[tuple(tokens[i : i + length])])
            known += length
            joined = False
            i += length
            continue
        joined = tokens[i] in _JOINERS or (joined and tokens[i] in lexicon.fillers)
        i += max(length, 1)
    return _pruned(groups) if groups and known * 3 > len(tokens) else ()


@lru_cache(maxsize=8192)
def whole_names(text: str) -> Names:
    """Return the canonical names of a heading that is nothing but known phrases; () for any other."""
    tokens = _tokens(text)
    if not 0 < len(tokens) <= _MOST_TOKENS:
        return ()
    return _whole(tokens) or _by_rule(tokens, whole=True)


@lru_cache(maxsize=8192)
def heading_names(text: str) -> Names:
    """Return the canonical names of a line known to be a heading; () where no word of it is known.

    The whole decides, then the part before a colon or dash ("Root cause: the hungry cache"), then a pattern
    that its beginning matches ("Why it took until …"), then any known phrase.
    """
    found = whole_names(text)
    if found:
        return found
    parts = _SUBTITLE.split(text, maxsplit=1)
    if len(parts) > 1 and (found := whole_names(parts[0])):
        return found
    tokens = _tokens(text, correct=False)[:_MOST_TOKENS]
    return _by_rule(tokens, whole=False) or _anywhere(tokens)


def says_nothing(text: str) -> bool:
    """Is every word of a heading one that any other may hold as well ("Details", "Problem 2")?"""
    fillers = _lexicon().fillers
    return all(token in fillers or token in _JOINERS or token.isdigit() for token in _tokens(text))


@lru_cache(maxsize=8192)
def label_names(text: str) -> Names:
    """Return the names of a run-in label: those of labels.toml and those of a heading with the same words."""
    words = tuple(_tokens(text))
    if not words or len(words) > 8:
        return ()
    found = _labels().get(words, ())
    if found:
        return tuple(dict.fromkeys(found + _lexicon().phrases.get(words, ())))
    if words[0] in {"the", "our", "a"}:
        found = _labels().get(words[1:], ())
    if not found:
        found = _labels().get(tuple(w for w in words if w not in _NEUTRAL), ())
    return found or whole_names(text)


def known_headings() -> Iterator[tuple[str, str]]:
    """Yield the headings that the vocabulary knows, with their canonical name; those with two names are left out."""
    for words, names in _lexicon().phrases.items():
        if len(names) == 1:
            yield " ".join(words), names[0]
    for rule in vocabulary.rules("headings"):
        if len(rule.values["names"]) == 1:
            yield from ((example, rule.values["names"][0]) for example in rule.yes)


def is_heading_name(name: str) -> bool:
    """Is `name` one that sections have, not only labels?"""
    return name in _heading_names()


@cache
def _heading_names() -> frozenset[str]:
    return frozenset(name for names in _lexicon().phrases.values() for name in names)
