"""Every percentage of a report in its sentence: what it governs, and what is known of where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from postmortem.document import Block, BlockKind
from postmortem.extract.impact.governed import ELLIPSIS, SHARE, SUBJECTS, governed
from postmortem.extract.impact.numbers import percents
from postmortem.extract.impact.places import Places
from postmortem.extract.impact.sentences import Sentence
from postmortem.extract.impact.terms import Term, terms_of, terms_of_label
from postmortem.report import Report

# Percentages looked at; what holds more is a table of measurements.
_MOST: Final = 500
# How far around a figure is read.
_REACH: Final = 160
# "62% (5,100) of readers": how many these are.
_COUNTED: Final = re.compile(
    r"\s?\((?:about |around |some |roughly |nearly |~)?\d[\d., ]{0,11}(?:k|m| thousand| million)?\)(?=\sof\s)"
)
# "The remaining 20% waited": of what the sentence before speaks.
_REMAINING: Final = re.compile(r"\b(?:remaining|other|rest,?)\s{1,3}(?:about |around |~)?$")
# "We lost 20% of them"; "Of these, 20% were lost".
_OF_THEM: Final = re.compile(r"\s?of (?:them|those|these|whom|which)\b")
_THEM_OF: Final = re.compile(r"\bof (?:them|those|these)\b,?\s(?:about |around |some |only |~)?$")
_ANTECEDENT_REACH: Final = 160


@dataclass(frozen=True, slots=True)
class Mention:
    """A percentage at `match` (in source characters) and at `begin:finish` of its sentence.

    `names`: the canonical names of the field or section; None inside code. `kind`: that of its block. `header`: what heads its
    column of a table, in lower case. `term`: the noun that it governs, whose phrase ends at `phrase_end`; `inherited`: what the
    figure before it was a percentage of. `direction`: which way what it governs changed, if it did.
    """

    match: re.Match[str]
    sentence: Sentence
    begin: int
    finish: int
    names: frozenset[str] | None
    kind: BlockKind | None
    header: str
    term: Term | None
    inherited: str | None
    direction: str | None
    phrase_end: int

    @property
    def of(self) -> str:
        """What it is a percentage of: one of the values of the record, or `utilisation` or `target`."""
        return self.term.of if self.term else self.inherited or "other"

    @property
    def before(self) -> str:
        """The sentence up to the figure."""
        return self.sentence.text[max(0, self.begin - _REACH) : self.begin]

    @property
    def after(self) -> str:
        """The sentence behind the figure."""
        return self.sentence.text[self.finish : self.finish + _REACH]

    @property
    def shares(self) -> bool:
        """Does an "of" follow?"""
        return SHARE.match(self.after) is not None


def mentions(report: Report) -> Iterator[Mention]:
    """Yield the percentages of a report in text order, up to `_MOST`."""
    lowered = report.account.lowered
    places = Places(report.document)
    at: tuple[int, int] = (-1, -1)
    inside: Block | None = None
    sentence, terms, inherited = Sentence("", 0, 0), list[Term](), None
    for match in islice(percents(lowered), _MOST):
        names, start, end = places.of(match.start(), match.end())
        block = places.block(match.start())
        if at != (start, end):
            at, sentence = (start, end), Sentence(lowered, start, end)
            terms = terms_of(places.phrases(start, end), sentence)
            begin = sentence.folded(match.start())
            # A sentence without a noun of its own goes on about what the figure before it told of; so does one that opens
            # with the bare figure: "4% were late".
            bare = ELLIPSIS.match(lowered, match.end()) and not any(term.end <= begin for term in terms)
            goes_on = block is inside is not None and (bare or not terms)
            named = any(term.of in SUBJECTS for term in terms if term.end <= begin)
            of_them = _OF_THEM.match(lowered, match.end()) or _THEM_OF.search(lowered, start, match.start())
            if of_them and not named:
                inherited = _antecedent(lowered, block.start if block else start, start)
            elif not goes_on and not _REMAINING.search(lowered, start, match.start()):
                inherited = None
            inside = block
        found = _mention(match, sentence, names, block, terms, inherited)
        inherited = found.of
        yield found


def _antecedent(lowered: str, block_start: int, start: int) -> str | None:
    """Return what is counted last before `start` in the same block."""
    said = lowered[max(block_start, start - _ANTECEDENT_REACH) : start]
    return next((term.of for term in reversed(terms_of_label(said)) if term.of in SUBJECTS), None)


def _mention(
    match: re.Match[str],
    sentence: Sentence,
    names: frozenset[str] | None,
    block: Block | None,
    terms: list[Term],
    inherited: str | None,
) -> Mention:
    text = sentence.text
    begin, finish = sentence.folded(match.start()), sentence.folded(match.end() - 1) + 1
    if text[finish : finish + 1] in (")", "]"):
        finish += 1
    if counted := _COUNTED.match(text, finish):
        finish = counted.end()
    before, after = text[max(0, begin - _REACH) : begin], text[finish : finish + _REACH]
    term, direction, phrase_end = governed(text, begin, finish, before, after, terms, inherited)
    header = _header(block, match.start())
    if term is None and SHARE.match(after) and not ELLIPSIS.match(after):
        inherited = None  # It says itself of what: of something that is not known.
    if header and (term is None or term.end <= begin) and (heading := terms_of_label(header)):
        term = heading[-1]
    return Mention(
        match,
        sentence,
        begin,
        finish,
        names,
        block.kind if block else None,
        header,
        term,
        inherited,
        direction,
        phrase_end,
    )


def _header(block: Block | None, position: int) -> str:
    """What heads the column of a table in which a position stands."""
    cells = block.cells if block and block.kind is BlockKind.ROW else ()
    return next((cell.header.lower() for cell in cells if cell.start <= position < cell.end), "")
