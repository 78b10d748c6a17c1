"""Impact: how much of what was harmed, the other figures of harm, and the report's own impact statement.

A percentage is taken where it governs something harmed. What it governs is looked for in its sentence with spaCy's phrase
matcher, after the figure ("of our users", "drop in orders") or before it ("error rate reached"); only sentences that
hold a percentage are ever tokenised.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, cast

from postmortem import nlp, vocabulary
from postmortem.document import Block, BlockKind, Document, Field
from postmortem.extract.extents import cut
from postmortem.record import Comparator, Figure, FigureKind, Impact, Of, Percentage, Quoted
from postmortem.report import Report
from postmortem.screen import Live, bits_of, by_role, screen, tried

# Patterns are matched on text in lower case: without regard to case they would take three times as long.
_NUMBER_GOES_ON: Final = r"\d{0,5}(?:,\d{3}){0,2}(?:\.\d{1,6})?"
_UNIT: Final = r"(?:%|per\s?cent\b|pct\b|percentage points?\b)"
_PERCENT: Final = re.compile(
    rf"(?P<low>\d(?<![\w.,/=&?]\d){_NUMBER_GOES_ON})\s{{0,4}}(?:{_UNIT}\s{{0,4}})?"
    rf"(?:(?P<join>-|to|and|or)\s{{0,4}}(?P<mark>~|about |around |approximately )?(?P<high>\d{_NUMBER_GOES_ON})\s{{0,4}})?"
    rf"{_UNIT}(?:\s?percent\b)?(?![0-9a-f]{{2}})",
)
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s{1,4}[\"'(]?[A-Z0-9~<>]|\s{0,4}$)|\n[ \t]{0,8}\n")
_LONGEST_SENTENCE: Final = 600
# Where a noun phrase ends: a verb, preposition or mark that cannot stand inside one.
_STOP: Final = re.compile(
    r"[,;:()!?|/]|\.(?:\s|$)|--|\s-\s|\b(?:in|on|to|for|from|with|without|using|via|by|at|during|who|whom|that|which|whose|when|while|"
    r"were|was|are|is|be|been|being|has|have|had|did|could|would|may|might|got|and|or|but|as|into|across|between|"
    r"experienc\w{1,3}|fail(?:ed|s|ing)|receiv\w{1,3}|return\w{1,3}|saw|see|seeing|report\w{1,3}|lost|losing|encounter\w{1,3}|"
    r"affect\w{1,3}|impact(?:ed|ing|s)?|unable|not|also|reach\w{0,3}|drop(?:ped|ping)|fell|became|went|suffer\w{0,3}|"
    r"caus\w{1,3}|result\w{1,3}|lead(?:ing|s)?|led|found|turned|facing|faced|timed|accessing|trying|attempting|across|throughout|over|after|before)\b",
)
_OF: Final = re.compile(r"\s?\)?(?:\s(?:[a-z-]{2,14}\s){0,2}?)?(?:chance\s)?of\s")
_CHANGE: Final = re.compile(
    r"\s?\)?\s(?:[a-z-]{2,14}\s){0,2}?(?:(?P<down>drop|decrease|reduction|decline|fall|loss|dip|cut|degradation|slump|deterioration)|"
    r"(?P<up>increase|rise|spike|surge|growth|jump|uptick|boost|hike))s?\b(?:\s(?:in|of|on|to|from)\s)?",
)
_CHANGED: Final = re.compile(
    r"\b(?:(?P<down>dropp?(?:ed|ing|s)?|decreas(?:ed|ing|es?)|reduc(?:ed|ing|tion)|declin(?:ed|ing|es?)|fell|falling|fall|"
    r"down(?= by| to)|improved|slump(?:ed|ing)?|dip(?:ped|ping)?)|"
    r"(?P<up>increas(?:ed|ing|es?)|rose|rising|rise|spik(?:ed|ing|es?)|surg(?:ed|ing|es?)|jump(?:ed|ing|s)?|grew|growth|"
    r"climb(?:ed|ing)?|up(?= by)|elevated|soar(?:ed|ing)?))\b"
    r"(?:\s(?:by|to|from|of|about|around|approximately|roughly|nearly|almost|over|up|more|than|at|least|as|much|an?|some|"
    r"only|just|sharply|significantly|further|back|below|under|above)){0,5}\s?~?$",
)
# What stands between the head of a noun phrase and a noun that depends on it.
_HEAD_OF: Final = re.compile(r"(?:\s[a-z]+)?\s(?:on|of|for|across|in|from|to)\s(?:[a-z]+\s){0,2}")
_SPIKE: Final = re.compile(r"\s(?:spike|surge|increase|growth|jump|rise)\b")
_FROM: Final = re.compile(r"\bfrom\s{1,3}(?:about |around |~|approximately |a )?$")
_VARIES: Final = re.compile(r"\b(?:rang|vary|vari)\w{0,4}\s(?:\w{1,12}\s)?from\s{1,3}$")
_BETWEEN: Final = re.compile(r"\bbetween\s{1,3}(?:about |around |~)?$")
_TO: Final = re.compile(
    r"\bto\s{1,3}(?:about |around |~|just |only |nearly |almost |below |under |less than )?$"
)
_FROM_AFTER: Final = re.compile(r"\s{0,3}to\s")
_ELLIPSIS: Final = re.compile(
    r"\s{0,3}(?:of (?:them|those|these|whom|which)\b|being|were|was|are|is|could|couldn't|can(?:not|'t)|had|have|"
    r"experienc\w{1,3}|saw|unable|fail\w{1,3}|encounter\w{1,3}|completely|entirely)\b",
)
_SUBJECTS: Final = frozenset({"users", "transactions", "revenue", "infrastructure"})
_NOT_HARMED_SECTIONS: Final = frozenset({"actions", "lessons", "appendix"})
_HARM_SECTIONS: Final = frozenset({"impact"})
_STATING: Final = frozenset({"impact", "summary"})
_SUMMARY_SECTIONS: Final = frozenset({"summary", "title", "metadata"})
_AUXILIARY: Final = re.compile(
    r"\s{0,4}(?:,?\s?(?:who|which|that)\s)?"
    r"(?:(?:were|was|are|is|being|have been|has been|had been|may have been|could have been)\s)?"
    r"(?:(?:completely|entirely|totally|also|temporarily|either|still)\s)?",
)
_CLAUSE_END: Final = re.compile(
    r"[.;!?](?:\s|$)|,\s|\s(?:during|because|due to|while|whereas|until|between|after which)\s|\s-\s|$",
)
_DEPENDENT: Final = re.compile(
    r"\s{0,4}(?:in|on|at|for|to|with|from|using|during|across|via|by|over|of|trying|"
    r"attempting|through|throughout|within|worldwide|globally|chance)\b",
)
_NEXT_CLAUSE: Final = re.compile(r"\s{0,4}(?:and|or|as|while|when|before|after|but|so)\b")
_PREDICATE: Final = re.compile(
    r"\b(?:(?:was|were|being|is|are)\s(?!using\b)|(?=(?:received|experienced|failed|lost|saw|had|could|encountered|faced|"
    r"suffered|to (?:fail|lose|see|experience|receive|time out|be)|returned|timed out|got|did not|didn't|unable|"
    r"stopped|found|observed|reported)\b))",
)
_CAUSED: Final = re.compile(
    r"\b(?:causing|caused|resulting in|resulted in|leading to|led to|meaning|meant)\s(?P<harm>[^.;:,]{4,80}?)\s"
    r"(?:for|to|in|of|on|across)\s?(?:[a-z~]+\s){0,3}$",
)
_SENTENCE_BEFORE: Final = re.compile(r"[.;:!?]\s")
_LINK: Final = re.compile(
    r"[,\s-]{0,4}(?:(?:and|which|that|thereby|thus|also|this|it|(?:the|this) (?:outage|issue|incident|problem))\s){0,2}"
    r"(?:have |has |had )?(?<![a-z])(?:affect|impact|leav|hit|involv|estimat|leading|led|causing|caused)\w{0,4}\b[^.;]{0,60}$",
)
_SUMMARY_SENTENCES: Final = 3
_STATEMENT_REACH: Final = 4000
_NEARBY_FIELDS: Final = 12
_LONGEST_LABEL: Final = 160
_WORD: Final = re.compile(r"\S+")
# A digit that is not part of a clock time or a date in figures.
_DIGIT: Final = re.compile(r"\d(?<![:\d.-]\d)(?!\d?[:]\d|\d{3}-\d)")
_NUMBER_FIRST: Final = r"(?=\d)(?<![\w"
_NUMBER_START: Final = re.compile(r"\d(?<!\w\d)")
_SUBJECT: Final = re.compile(
    r"\b(?:users?|customers?|clients?|visitors|tenants|subscribers|requests|traffic|transactions|orders|service|site|website|system|application|platform|app|server)\b",
)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The rules of ``impact.toml`` by use, in file order, and the bits of the figures'."""

    comparators: tuple[tuple[str, Comparator, re.Pattern[str]], ...]
    refuse_before: tuple[re.Pattern[str], ...]
    refuse_after: tuple[re.Pattern[str], ...]
    harm: re.Pattern[str]
    share: re.Pattern[str]
    figures: Live
    figure_bits: int
    adverse: frozenset[str]
    scale: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Term:
    """A known noun in a sentence: what it counts as, and its extent in the sentence."""

    of: str
    text: str
    start: int
    end: int


class _Sentence:
    """A sentence at source characters `start:end`: `text` is its words in lower case with single spaces between them."""

    __slots__ = ("_extent", "_lowered", "_words", "text")

    def __init__(self, lowered: str, start: int, end: int) -> None:
        self._lowered, self._extent = lowered, (start, end)
        self._words: tuple[list[int], list[int]] | None = None
        self.text = " ".join(lowered[start:end].split())

    def folded(self, offset: int) -> int:
        """Source offset to place in `text`."""
        starts, origins = self._places()
        word = max(bisect_right(origins, offset) - 1, 0)
        return starts[word] + offset - origins[word]

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """Places in `text` to source offsets."""
        return self._source(start), self._source(end - 1) + 1

    def _source(self, at: int) -> int:
        starts, origins = self._places()
        word = max(bisect_right(starts, at) - 1, 0)
        return origins[word] + at - starts[word]

    def _places(self) -> tuple[list[int], list[int]]:
        """Return where each word stands in `text`, and where in the source; most sentences are never asked."""
        if self._words is None:
            starts, origins, at = [], [], 0
            for word in _WORD.finditer(self._lowered, *self._extent):
                starts.append(at)
                origins.append(word.start())
                at += word.end() - word.start() + 1
            self._words = starts, origins
        return self._words


def impact(report: Report) -> Impact:
    """Return the impact that `report` states: its own sentence(s), percentages and other figures, in text order.

    Percentages are in percent (``75.0``); a figure stated twice is given once, at its first place. Sums, counts, rates,
    latencies and losses of data come from the impact and summary statements only.
    """
    document = report.document
    if not document.plain:
        return Impact()
    return Impact(_summary(report), tuple(_percentages(report)), tuple(_figures(report)))


@cache
def _vocabulary() -> _Vocabulary:
    rules = tried("impact")
    refuse = [one for one in rules if one.rule.values["kind"] == "refuse"]
    figures = by_role("impact", "kind", "figure")
    data = vocabulary.load("impact")
    return _Vocabulary(
        comparators=tuple(
            (one.rule.values["where"], cast(Comparator, one.rule.values["comparator"]), one.pattern)
            for one in by_role("impact", "kind", "comparator")
        ),
        refuse_before=tuple(one.pattern for one in refuse if one.rule.values["where"] == "before"),
        refuse_after=tuple(one.pattern for one in refuse if one.rule.values["where"] == "after"),
        harm=_by_first_letter(by_role("impact", "kind", "harm")[0].pattern),
        share=next(one.pattern for one in rules if one.rule.id == "refuse.share"),
        figures=figures,
        figure_bits=bits_of(figures),
        adverse=frozenset(data["adverse"]["terms"]),
        scale=dict(data["scale"]),
    )


def _by_first_letter(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """``\\b(?:a1|a2|b)\\b`` as ``(?:a(?<!\\wa)(?:1|2)|b(?<!\\wb))\\b``: the same matches, found several times as fast."""
    opening, closing = r"\b(?:", r")\b"
    inner = pattern.pattern.removeprefix(opening).removesuffix(closing)
    if len(inner) + len(opening) + len(closing) != len(pattern.pattern):
        return pattern
    grouped: dict[str, list[str]] = {}
    for alternative in _alternatives(inner):
        if not alternative[:1].isalpha() or alternative[1:2] in ("?", "*", "+", "{"):
            return pattern
        grouped.setdefault(alternative[0], []).append(alternative[1:])
    parts = (rf"{first}(?<!\w{first})(?:{'|'.join(rest)})" for first, rest in sorted(grouped.items()))
    return re.compile(f"(?:{'|'.join(parts)}){closing}")


def _alternatives(pattern: str) -> list[str]:
    """Split a pattern at the bars that stand outside of any group."""
    found, depth, start = [], 0, 0
    for at, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append(pattern[start:at])
            start = at + 1
    return [*found, pattern[start:]]


def _terms(phrases: Iterable[nlp.Phrase], sentence: _Sentence) -> list[_Term]:
    """The known nouns of a sentence, given where they stand in the source."""
    found = []
    for phrase in phrases:
        low, high = sentence.folded(phrase.start), sentence.folded(phrase.end - 1) + 1
        found.append(_Term(phrase.id, sentence.text[low:high], low, high))
    return found or _terms_of_label(sentence.text)


def _terms_of_label(text: str) -> list[_Term]:
    """Known nouns of a heading or label, which the phrase matcher leaves out."""
    pattern, of = _nouns()
    return [
        _Term(of[match.group()], match.group(), match.start(), match.end())
        for match in pattern.finditer(text[:_LONGEST_LABEL])
    ]


@cache
def _nouns() -> tuple[re.Pattern[str], dict[str, str]]:
    of = {phrase: cue["id"] for cue in nlp.cues("impact") for phrase in cue["phrases"]}
    longest_first = sorted(of, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"), of


def _percentages(report: Report) -> list[Percentage]:
    document, lowered = report.document, report.account.lowered
    if "%" not in lowered and "ercent" not in lowered and "er cent" not in lowered and "pct" not in lowered:
        return []
    places = _Places(document)
    kept: dict[tuple[float, float | None], list[Percentage]] = {}
    at: tuple[int, int] = (-1, -1)
    harm, harmed = _vocabulary().harm, False
    sentence, terms, inherited = _Sentence("", 0, 0), list[_Term](), None
    for match in _PERCENT.finditer(lowered):
        names, start, end = places.of(match.start(), match.end())
        if names is None or names & _NOT_HARMED_SECTIONS:
            continue
        if at != (start, end):
            at, sentence, inherited = (start, end), _Sentence(lowered, start, end), None
            harmed = bool(names & _HARM_SECTIONS or harm.search(sentence.text))
            terms = _terms(places.phrases(start, end), sentence) if harmed else []
        if not harmed:
            continue
        found = _read(match, sentence, terms, inherited)
        if found is None:
            continue
        value, upper, comparator, of, effect = found
        inherited = of
        quoted = document.quote(*sentence.extent(*effect)) if effect else None
        evidence = report.evidence(match.start(), match.end(), "impact.percentage")
        _keep(
            kept.setdefault((value, upper), []),
            Percentage(value, upper, comparator, cast(Of, of), quoted or None, evidence),
        )
    return sorted((p for same in kept.values() for p in same), key=lambda p: p.evidence.start)


def _keep(same: list[Percentage], new: Percentage) -> None:
    """Add a figure unless it is told already; of two that are one, that which governs something known stays."""
    if any(old.of == new.of for old in same) or (same and new.of == "other"):
        return
    if same and same[0].of == "other":
        same[0] = new
    else:
        same.append(new)


class _Places:
    """Where in a document a figure stands: block, field and section, looked up by bisection."""

    __slots__ = (
        "_block_starts",
        "_cut",
        "_document",
        "_field_starts",
        "_section_starts",
        "_sentence_end",
        "_spans",
    )

    def __init__(self, document: Document) -> None:
        self._document = document
        self._block_starts = [block.start for block in document.blocks]
        self._field_starts = [field.start for field in document.fields]
        self._section_starts = [section.start for section in document.sections]
        self._sentence_end = -1
        # The block that was last cut into sentences, and these.
        self._cut: Block | None = None
        self._spans: list[tuple[int, int]] = []

    def of(self, start: int, end: int) -> tuple[frozenset[str] | None, int, int]:
        """Return the canonical names that govern `start:end`, and the extent of its sentence; None for the names inside code."""
        document = self._document
        block = self.block(start)
        low, high = (block.start, max(block.end, end)) if block else (start, end)
        if block and block.kind is BlockKind.CODE:
            return None, low, high
        names = frozenset[str]()
        if field := self._field(start):
            names = frozenset(field.names)
            low = max(low, min(field.label_start, start))
            high = min(high, max(field.end, end))
        section = self._section_names(start)
        names = names | (section & _NOT_HARMED_SECTIONS) if names else section
        if block and block.kind is BlockKind.HEADING:
            names |= {"title"}
        window = (
            start // _LONGEST_SENTENCE
        ) * _LONGEST_SENTENCE  # the same for all figures of an endless sentence
        low = max(low, window - _LONGEST_SENTENCE)
        high = min(high, max(end, window + 2 * _LONGEST_SENTENCE))
        if low < self._sentence_end <= start:
            low = self._sentence_end
        for boundary in _SENTENCE_END.finditer(document.plain, low, high):
            if boundary.end() <= start:
                low = boundary.end()
            elif boundary.start() >= end:
                high = self._sentence_end = boundary.end()
                break
        return names, low, high

    def phrases(self, start: int, end: int) -> tuple[nlp.Phrase, ...]:
        """The known nouns in `start:end`."""
        block = self.block(start)
        if block is None or end > block.end:
            return nlp.phrases("impact", self._document, start, end)
        if self._cut is not block:
            self._cut, self._spans = block, nlp.spans(self._document.plain, block)
        return tuple(nlp.phrases_of("impact", self._document.plain, self._spans, start, end))

    def block(self, position: int) -> Block | None:
        index = bisect_right(self._block_starts, position) - 1
        block = self._document.blocks[index] if index >= 0 else None
        return block if block and position < block.end else None

    def _field(self, position: int) -> Field | None:
        """The innermost field at `position`, one with known names before one without."""
        index = bisect_right(self._field_starts, position)
        nearby = [
            f for f in self._document.fields[max(0, index - _NEARBY_FIELDS) : index] if position < f.end
        ]
        return next((f for f in reversed(nearby) if f.names), nearby[-1] if nearby else None)

    def _section_names(self, position: int) -> frozenset[str]:
        """The names of the section at `position`, or of the nearest one above it that has a telling name."""
        sections = self._document.sections
        index = bisect_right(self._section_starts, position) - 1
        while index >= 0:
            if set(sections[index].names) - {"other"}:
                return frozenset(sections[index].names)
            index = sections[index].parent
        return frozenset()


def _read(
    match: re.Match[str], folded: _Sentence, terms: list[_Term], inherited: str | None
) -> tuple[float, float | None, Comparator, str, tuple[int, int] | None] | None:
    """Read one figure in its sentence: value, upper, comparator, of, and the effect's extent; None where it is no impact."""
    known = _vocabulary()
    sentence = folded.text
    begin, finish = folded.folded(match.start()), folded.folded(match.end() - 1) + 1
    if sentence[finish : finish + 1] in (")", "]"):
        finish += 1
    before, after = sentence[max(0, begin - 160) : begin], sentence[finish : finish + 160]
    term, direction, phrase_end = _governed(sentence, begin, finish, before, after, terms, inherited)
    of = term.of if term else inherited or "other"
    if of in ("utilisation", "target"):
        return None
    adverse = term is not None and term.text in known.adverse
    low, high = _number(match["low"]), _number(match["high"]) if match["high"] else None
    if high is not None:
        low, high = _resolve_range(match, before, adverse, bool(_OF.match(after)), low, high)
    elif _FROM.search(before) and _FROM_AFTER.match(after):
        return None  # "rose from 2% to …": where it stood before
    improved = (direction == "down" and adverse) or (direction == "to" and adverse)
    grew = direction == "up" and not adverse
    if match["high"] is None and (improved or (grew and of != "other")):
        return None
    if _finds(known.refuse_before, before) or _finds(known.refuse_after, after):
        return None
    if high is None and low >= 99 and term and term.text.endswith("availability") and direction is None:
        return None
    return low, high, _comparator(before, after, match), of, _effect(sentence, begin, phrase_end)


def _finds(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    for pattern in patterns:  # noqa: SIM110 (a generator costs more than most of the patterns)
        if pattern.search(text):
            return True
    return False


def _governed(
    sentence: str, begin: int, finish: int, before: str, after: str, terms: list[_Term], inherited: str | None
) -> tuple[_Term | None, str | None, int]:
    """Return the noun that the figure governs, the direction of a change of it, and where its noun phrase ends."""
    direction: str | None = None
    window = finish
    share = False
    if change := _CHANGE.match(after):
        direction = "down" if change["down"] else "up"
        window = finish + change.end()
        if own := [term for term in terms if finish <= term.start < window]:  # "40% packet loss"
            return (
                own[-1],
                None if own[-1].text in _vocabulary().adverse else direction,
                max(own[-1].end, window),
            )
    elif of := _OF.match(after):
        window, share = finish + of.end(), True
    elif _ELLIPSIS.match(after):
        if inherited is not None:
            return None, None, finish
        subjects = [term for term in terms if term.end <= begin and term.of in _SUBJECTS]
        return (subjects[-1] if subjects else _last_before(sentence, terms, begin)), None, finish
    phrase, phrase_end = _phrase(sentence, terms, window)
    if not share and (changed := _CHANGED.search(before)):
        direction = direction or ("down" if changed["down"] else "up")
        if direction == "down" and _TO.search(before):
            direction = "to"
    if phrase:
        if direction is None and _SPIKE.match(sentence, phrase_end):
            direction = "up"
        special = next((term for term in phrase if term.of in ("utilisation", "target")), None)
        slow = next((term for term in phrase if term.of == "performance"), None)
        return special or (None if share else slow) or phrase[-1], direction, phrase_end
    return _last_before(sentence, terms, begin), direction, finish


def _last_before(sentence: str, terms: list[_Term], begin: int) -> _Term | None:
    """The last known noun before the figure; of "CPU pressure on the nodes", the head."""
    preceding = [term for term in terms if term.end <= begin]
    while len(preceding) > 1 and _HEAD_OF.fullmatch(sentence, preceding[-2].end, preceding[-1].start):
        preceding.pop()
    return preceding[-1] if preceding else None


def _phrase(sentence: str, terms: list[_Term], start: int) -> tuple[list[_Term], int]:
    """Known nouns of the noun phrase that begins at `start`, and its end: up to the first stop after the first of them."""
    first = next((term for term in terms if term.start >= start), None)
    if first is None or first.start - start > 70:
        return [], start
    gap = sentence[start : first.start]
    stop = _STOP.search(gap)
    if stop and (
        stop.start() > 0 or stop.group() not in ("affected", "impacted", "failed", "failing", "reported")
    ):
        return [], start
    stop = _STOP.search(sentence, first.end)
    end = stop.start() if stop else len(sentence)
    inside = [
        term
        for term in terms
        if first.start <= term.start and term.end <= end and term.start - first.end <= 40
    ]
    return inside, inside[-1].end


def _resolve_range(
    match: re.Match[str], before: str, adverse: bool, share: bool, low: float, high: float
) -> tuple[float, float | None]:
    """A range, or what a transition ("from 2% to 40%") or a list ("70% and 40%") amounts to.

    `share`: an "of" follows, so that "from 10 to 15% of users" is a range.
    """
    join = match["join"]
    if join == "to" and _FROM.search(before) and not _VARIES.search(before):
        changed = _CHANGED.search(before)
        if changed is None and share and low < high:
            return low, high
        falling = bool(changed and changed["down"]) or (changed is None and high < low)
        return (low if adverse and falling else high), None
    if join in ("and", "or") and not _BETWEEN.search(before):
        return low, None
    return (low, high) if low < high else (low, None)


def _comparator(before: str, after: str, match: re.Match[str]) -> Comparator:
    for where, comparator, pattern in _vocabulary().comparators:
        if pattern.search(before[-40:] if where == "before" else after):
            return comparator
    return "~" if match["mark"] else "="


def _number(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


def _effect(sentence: str, begin: int, phrase_end: int) -> tuple[int, int] | None:
    """What they suffered: the predicate after the noun phrase, else the clause that leads up to the figure."""
    while sentence[phrase_end : phrase_end + 1] in (")", "]"):
        phrase_end += 1
    clause = _CLAUSE_END.search(sentence, phrase_end)
    end = clause.start() if clause else len(sentence)
    if _NEXT_CLAUSE.match(sentence, phrase_end):
        start = end
    elif _DEPENDENT.match(sentence, phrase_end):
        predicate = _PREDICATE.search(sentence, phrase_end, end)
        start = predicate.end() if predicate else end
    else:
        auxiliary = _AUXILIARY.match(sentence, phrase_end)
        start = auxiliary.end() if auxiliary else phrase_end
        clause = _CLAUSE_END.search(sentence, start)
        end = clause.start() if clause else len(sentence)
    said = sentence[start:end].strip()
    if len(said.split()) >= 2 or (said and _vocabulary().harm.search(said)):
        return start, end
    if caused := _CAUSED.search(sentence, max(0, begin - 160), begin):
        return caused.span("harm")
    link = _LINK.search(sentence, max(0, begin - 160), begin)
    end = link.start() if link else phrase_end
    start = max((mark.end() for mark in _SENTENCE_BEFORE.finditer(sentence, 0, min(end, begin))), default=0)
    lead = sentence[start:end].rstrip(" ,;-")
    return (start, start + len(lead)) if len(lead.split()) >= 3 else None


def _statements(report: Report) -> Iterator[tuple[int, int, bool]]:
    """Extents of the impact statements (true), and of the summary and unnamed opening (false)."""
    document = report.document
    for name, stated in (("impact", True), ("summary", False)):
        for start, end in document.regions(name):
            yield start, end, stated
    first = document.sections[0].start if document.sections else len(document.plain)
    if first > 0:
        yield 0, first, False
    for section in document.sections:
        if "title" in section.names and section.body_end > section.body_start:
            yield section.body_start, section.body_end, False


def _figures(report: Report) -> Iterator[Figure]:
    lowered = report.account.lowered
    seen: set[tuple[float, str]] = set()
    reached = -1
    for start, end, stated in sorted(_statements(report)):
        for low, high in _sentences(report.document, max(start, reached), min(end, start + _STATEMENT_REACH)):
            reached = high
            if _DIGIT.search(lowered, low, high):
                for figure in _figures_in(report, _Sentence(lowered, low, high), stated=stated):
                    if (figure.value, figure.unit.lower()) not in seen:
                        seen.add((figure.value, figure.unit.lower()))
                        yield figure


def _figures_in(report: Report, sentence: _Sentence, *, stated: bool) -> list[Figure]:
    """The figures of one sentence in order; where two rules read the same number, the one earlier in the file wins.

    `stated`: it stands in an impact statement, so that it need not say that something suffered.
    """
    known, passed = _vocabulary(), screen().passed(screen().read(sentence.text))
    if not passed & known.figure_bits or not (stated or known.harm.search(sentence.text)):
        return []
    found: dict[int, tuple[int, Figure]] = {}
    for one in known.figures:
        if not passed & one.bit:
            continue
        for match in _found(one.pattern, sentence.text):
            at = match.start("n")
            taken = any(a <= at < b for a, (b, _) in found.items())
            if taken or known.share.search(sentence.text[max(0, match.start() - 40) : match.start()]):
                continue
            scale = known.scale.get(match.groupdict().get("scale") or "", 1.0)
            value = round(_number(match["n"].rstrip(",")) * scale, 6)
            if not value:
                continue
            start, end = sentence.extent(*match.span())
            unit = report.document.plain[slice(*sentence.extent(*match.span("unit")))]
            kind = cast(FigureKind, one.rule.values["figure"])
            evidence = report.evidence(start, end, "impact." + one.rule.id)
            found[at] = (match.end(), Figure(value, " ".join(unit.split()), kind, evidence))
    return [found[at][1] for at in sorted(found)]


def _found(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern; where it begins with a number, only numbers are looked at."""
    if not pattern.pattern.startswith(_NUMBER_FIRST):
        yield from pattern.finditer(text)
        return
    at = 0
    for number in _NUMBER_START.finditer(text):
        match = pattern.match(text, number.start()) if number.start() >= at else None
        if match:
            yield match
            at = match.end()


def _sentences(document: Document, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentence extents of the prose blocks that overlap `start:end`."""
    first = bisect_right(document.blocks, start, key=lambda block: block.start)
    for block in document.blocks[max(0, first - 1) :]:
        if block.start >= end:
            return
        if block.end <= start or block.kind in (BlockKind.CODE, BlockKind.HEADING):
            continue
        low, high = max(block.start, start), min(block.end, end)
        yield from cut(document.plain, low, high, _SENTENCE_END)


def _summary(report: Report) -> Quoted | None:
    """The opening sentences of the impact statement, else the summary's sentence that says who suffered what."""
    document = report.document
    lowered, harm = report.account.lowered, _vocabulary().harm
    # A cause or a fix told under its own label in the opening says nothing of the impact.
    others = [
        (f.label_start, f.end) for f in document.fields if f.names and not _STATING.intersection(f.names)
    ]
    for start, end, stated in _statements(report):
        sentences = _sentences(document, start, end)
        if stated:
            block = next(
                (b for b in document.blocks if b.end > start and b.kind is not BlockKind.HEADING), None
            )
            opening = [s for s in islice(sentences, _SUMMARY_SENTENCES) if block and s[0] < block.end]
            if opening:
                return _quoted(report, opening[0][0], opening[-1][1], "impact.summary.stated")
            continue
        for low, high in sentences:
            if any(a < high and low < b for a, b in others):
                continue
            if _SUBJECT.search(lowered, low, high) and harm.search(lowered, low, high):
                return _quoted(report, low, high, "impact.summary.harm")
    return None


def _quoted(report: Report, start: int, end: int, rule: str) -> Quoted:
    return Quoted(report.document.quote(start, end), report.evidence(start, end, rule))
