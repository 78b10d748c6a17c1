"""The compiled patterns of the clock: every one is digit-first or letter-first, bounded, and free of nested repetition.

What stands before a match is checked by a look-behind *after* the first character, so that the scan itself can skip
straight from digit to digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from postmortem.vocabulary import load

_DATA: Final[Mapping[str, object]] = load("clock")


def _table(key: str) -> list[list[str]]:
    value = _DATA[key]
    assert isinstance(value, list)
    return value


def _mapping(key: str) -> Mapping[str, object]:
    value = _DATA[key]
    assert isinstance(value, dict)
    return value


def _strings(table: str, key: str) -> list[str]:
    value = _mapping(table)[key]
    assert isinstance(value, list)
    return value


MONTHS: Final[Mapping[str, int]] = {
    name.lower(): number for number, names in enumerate(_table("months"), 1) for name in names
}
WEEKDAYS: Final[Mapping[str, int]] = {
    name.lower(): number for number, names in enumerate(_table("weekdays")) for name in names
}
NUMBERS: Final[Mapping[str, int]] = {word: int(str(value)) for word, value in _mapping("numbers").items()}
UNITS: Final[Mapping[str, float]] = {word: float(str(value)) for word, value in _mapping("units").items()}
NAMED_TIMES: Final[Mapping[str, tuple[int, int]]] = {
    word: (int(str(value)[:2]), int(str(value)[3:])) for word, value in _mapping("named_times").items()
}


def _any(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=lambda w: (-len(w), w))
    )


def _dispatch(words: Sequence[str]) -> str:
    """Return an alternation of `words` whose first letter is already consumed: one look-behind a letter."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        by_letter.setdefault(word[0].upper(), []).append(word[1:])
    return "|".join(
        f"(?<=[{letter}{letter.lower()}])(?i:{_any(rest)})" for letter, rest in sorted(by_letter.items())
    )


def _initials(words: Iterable[str]) -> str:
    """Return a look-ahead for the first letters of `words`: where it fails, none of them need be tried."""
    return f"(?=[{''.join(sorted({word[0] for word in words}))}])"


_MONTH = f"(?i:{_initials(MONTHS)}(?:{_any(MONTHS)}))(?![A-Za-z])"
_UNIT = f"(?i:{_initials(UNITS)}(?:{_any(UNITS)}))(?![A-Za-z])"
_NUMBER = f"(?i:{_any(w for w in NUMBERS if len(w) > 2)})"
# "thirty-five"
_COUNTED = rf"{_NUMBER}(?:[\s-](?i:one|two|three|four|five|six|seven|eight|nine)(?![A-Za-z]))?"
_MERIDIEM = r"(?:[AaPp](?:\.\s?[Mm]\.?|\s?[Mm])(?![A-Za-z]))"
_BRIEF = r"[ap](?![A-Za-z0-9'])"
_ORDINAL = r"(?i:st|nd|rd|th)"
_PART = r"(?:(?i:in\sthe\s(?:early\s|late\s)?(?:morning|afternoon|evening)|at\snight)(?![A-Za-z]))"
_YEAR = r"(?:(?:19|20)[0-9]{2}(?![0-9]|:[0-9]|-[0-9]{1,2}-|\s?(?i:hrs|hours|utc|gmt)\b)|'[0-9]{2}(?![0-9]))"
# a wrapped line may begin with the year, a new paragraph may not
_AND_YEAR = rf"(?:(?:[^\S\n]|[,.\-/]){{0,5}}(?:\n[^\S\n]{{0,4}})?(?:of\s{{1,2}})?{_YEAR})?"
_DAY_END = r"(?![0-9%]|:[0-9]|[.,][0-9]|\s?[AaPp]\.?[Mm]\b)"

# One number of a duration: "2", "2.5", "1,325", "3-4", "3 to 4", "2 1/2", "2 and a half".
_RANGE_REST = r"(?:\s?(?:-|~|to|or)\s?[0-9]{1,4}(?:[.,][0-9]{1,2})?)?"
_AMOUNT_REST = rf"[0-9]{{0,4}}(?:[.,][0-9]{{1,3}})?{_RANGE_REST}(?:\s(?:1/2|and\s(?:a\s)?half)|\s?½)?"
_MORE = (
    r"(?:\s{0,2}(?:,\sand|,|and|&)?\s{0,2}(?:(?:[0-9]{1,4}(?:[.,][0-9]{1,2})?"
    rf"|{_COUNTED})[\s-]{{0,2}}{_UNIT}|a\shalf\b))"
)
_HALF = r"(?:\sand\sa\s(?:half|quarter))?"

NUMERIC: Final = re.compile(
    # not inside a word, a path, a number or a version; "At11:15" is a slip that people make
    r"[0-9](?:(?<![0-9A-Za-z_\\#$%&=@+^][0-9])(?<![^Z0-9]/[0-9])(?<![0-9:][.:][0-9])(?<![A-Za-z_][.][0-9])|(?<=\b[Aa]t[0-9]))(?:"
    # 2023-12-13, 2023-12-13T14:00:00Z
    r"(?P<iso>[0-9]{3}([-/.])[0-9]{1,2}\2[0-9]{1,2}(?:T[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]{1,9})?)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?(?![0-9])|(?![0-9]|[-_.][0-9A-Za-z]|/(?![0-9]{1,2}(?![0-9/-]))[0-9A-Za-z])))"
    # 13/12/2023, 13.12.2023, 03, 14, 2024
    r"|(?P<dmy>[0-9]?([-/.]|,\s)[0-9]{1,2}\4(?:[0-9]{4}|[0-9]{2})(?![0-9:]|[-_/.][0-9A-Za-z]))"
    # 13-15 May 2023
    rf"|(?P<dayrange>[0-9]?{_ORDINAL}?\s?(?:-|(?i:to|and|until|till|through))\s?(?:the\s)?[0-9]{{1,2}}{_ORDINAL}?\s(?:of\s)?{_MONTH}\.?{_AND_YEAR})"
    # 13 December 2023, 1st of May, 24-Feb-2015
    rf"|(?P<daymonth>[0-9]?\s?{_ORDINAL}?\.?[\s-]{{0,3}}(?:of\s{{1,3}}|day\sof\s)?{_MONTH}\.?{_AND_YEAR})"
    # 12/Mar/25
    rf"|(?P<tracked>[0-9]?/(?:{_MONTH})/(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9/]))"
    # 14:00, 2:00 pm, 12;45PM, 14:00:05.123
    rf"|(?P<clock>[0-9]?[:;][0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?(?![0-9]|[:.][0-9])"
    rf"(?:\s{{0,4}}{_MERIDIEM}|{_BRIEF}|\s[Mm](?![A-Za-z']))?)"
    # 3:AM, 4pm, 10 o'clock
    rf"|(?P<hour>[0-9]?:?\s{{0,2}}{_MERIDIEM})"
    rf"|(?P<oclock>[0-9]?\s?(?:o'clock|(?=\s{_PART})))"
    # 10h30
    r"|(?P<french>[0-9]?[hH][0-9]{2}(?![0-9A-Za-z])(?!\s?m))"
    # 2100hrs
    r"|(?P<military>[0-9]{3}(?:\s?(?i:hrs|hours|hr|h)|Z)(?![A-Za-z]))"
    # 2 hours and 15 minutes, 90-minute, 3-4 hours
    rf"|(?P<span>{_AMOUNT_REST}\+?[\s-]{{0,3}}{_UNIT}{_MORE}{{0,3}}{_HALF})"
    # 00.40 EAT, 1430 UTC: only where a zone or am/pm follows
    rf"|(?P<dotted>[0-9]?\.(?:[0-9]{{2}}(?![0-9.%])|(?:1[3-9]|[2-5][0-9])(?=\.(?![0-9])))(?:\s{{0,2}}{_MERIDIEM})?)"
    r"|(?P<four>[0-9]{3}(?=\s{0,2}[(\[]?[A-Z]{1,4}\b))"
    # 9.10., 9/10, 3rd: only beside a time or a weekday, or where nothing but a date can stand
    r"|(?P<daydot>[0-9]?\.[01][0-9]\.(?![0-9]))"
    r"|(?P<slash>[0-9]?/[0-9]{1,2}(?![0-9/%.]))"
    rf"|(?P<ordinal>[0-9]?{_ORDINAL}(?![A-Za-z]))"
    # 2-4pm, 2 and 4:30 pm: the bare side
    rf"|(?P<bare>[0-9]?(?=\s{{0,2}}(?:-|to|until|till|and)\s{{0,2}}(?:[0-9]{{1,2}}(?::[0-9]{{2}})?\s?(?:{_MERIDIEM}|{_PART})"
    r"|(?:a\s)?(?:half|quarter)\s(?:past|to)\b)))"
    r")"
)


# The letters that differ from their lower case in more than case: patterns that ignore case take them for it.
_ALIKE: Final = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}


def _either_case(letters: Iterable[str]) -> str:
    return "[" + "".join(a + a.upper() + _ALIKE.get(a, "") for a in sorted(set(letters))) + "]"


def _seconds(words: Sequence[str]) -> str:
    """Return a look-ahead for the second and third letters of `words`: few other words have them."""
    thirds: dict[str, list[str]] = {}
    for word in words:
        thirds.setdefault(word[1], []).append(word[2])
    return f"(?={'|'.join(_either_case(a) + _either_case(b) for a, b in sorted(thirds.items()))})"


def _worded(words: Sequence[str], *, capitals: bool) -> re.Pattern[str]:
    """Return the pattern of dates, weekdays and times that begin with one of `words`, written with a capital or in any case."""
    months, weekdays, named = (_dispatch(list(words)) for words in (MONTHS, WEEKDAYS, NAMED_TIMES))
    initials = {word[0] for word in words}
    first = f"[{''.join(sorted(map(str.upper, initials)))}]" if capitals else _either_case(initials)
    return re.compile(
        rf"{first}(?<![0-9A-Za-z_/.@#-][A-Za-z]){_seconds(words)}(?:"
        # December 13, 2023; May 8th; May 13-15, 2023
        rf"(?P<monthday>(?:{months})(?![A-Za-z])\.?[\s,-]{{0,4}}(?:the\s)?[0-9]{{1,2}}\s?{_ORDINAL}?{_DAY_END}"
        rf"(?:\s?(?:-|to|and)\s?[0-9]{{1,2}}{_ORDINAL}?(?![0-9A-Za-z%/]|:[0-9]|\s?[AaPp]\.?[Mm]\b"
        r"|\s(?i:hours|minutes|mins)))?"
        rf"(?:,\s[0-9]{{2}}(?=,\s)|{_AND_YEAR}))"
        rf"|(?P<monthyear>(?:{months})(?![A-Za-z])\.?,?\s{{1,2}}(?:of\s)?(?:19|20)[0-9]{{2}}(?![0-9]))"
        rf"|(?P<weekday>(?:{weekdays})(?![A-Za-z'])(?:(?<=day)|\.?))"
        rf"|(?P<named>(?:{named})(?![A-Za-z]))"
        r")"
    )


# Capitals cost almost nothing to look for; small letters are tried only where one of the words stands in the text at all.
_WORDS: Final = (*MONTHS, *WEEKDAYS, *NAMED_TIMES)
WORDED: Final = _worded(_WORDS, capitals=True)
WORDED_ANY_CASE: Final = _worded(_WORDS, capitals=False)
SMALL: Final = (
    *NAMED_TIMES,
    *(m for m in MONTHS if len(m) > 5),
    "on may ",
    "on march ",
    "on june ",
    "on july ",
    *(
        f"{before}{day.lower()} "
        for day in WEEKDAYS
        for before in ("\n", " ")
        if before == "\n" or len(day) > 5
    ),
)

# Durations in words, anchored on their unit so that ordinary prose costs nothing.
_WORD_UNIT = r"(?:hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?)"
SPELLED: Final = re.compile(
    r"(?<![A-Za-z0-9-])(?:"
    r"(?P<half>half(?:\s(?:an?|of\san))?[\s-]hour)"
    r"|(?P<half_day>half\s(?:a|of\sa)\sday)"
    r"|(?P<quarters>three[\s-]quarters\sof\san\shour)"
    r"|(?P<quarter>(?:a\s)?quarter\sof\san\shour)"
    rf"|(?P<count>(?:an(?=\shour)|a(?=\s(?:day|week)\sand\sa\shalf)|one(?=\sand)|{_NUMBER})(?:[\s-]{_NUMBER})?(?:\s(?:or|to)\s{_NUMBER})?(?:\s(?P<mid>and\s(?:a\s)?half))?"
    rf"[\s-]{{1,2}}(?P<unit>{_WORD_UNIT})(?P<tail>\sand\sa\shalf|\sand\s(?:a\squarter|three\squarters))?(?P<more>{_MORE}{{0,2}}))"
    r")(?![A-Za-z])",
    re.IGNORECASE,
)
# Clock times in words: "half past nine", "a quarter to 8", "ten o'clock"; tried only where one of `CLOCK_WORDS` stands.
_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
SPELLED_TIME: Final = re.compile(
    # "five to ten" is a range more often than a time
    rf"(?<![A-Za-z0-9-])(?:(?:a\s)?(?:(?P<step>half|quarter|five|ten|twenty(?:[\s-]five)?)\spast|(?P<to>quarter)\sto)\s"
    rf"(?P<of>{_HOUR_WORD}|[0-9]{{1,2}}(?![0-9:.]))(?:\so'clock)?|(?P<full>{_HOUR_WORD})\so'clock)(?![A-Za-z])",
    re.IGNORECASE,
)
# An hour that is nothing but a number word ("just after nine", "at twenty to eleven") is a time only behind a word that asks for
# one, and before something that no number of things goes on with.
HOUR_WORDS: Final = tuple(_HOUR_WORD.split("|")[1:])
HOUR_CUE: Final = re.compile(
    r"\b(?:(?:at|(?:(?:shortly|just|soon|right|long|well|only|some\s?time|not|until|a\s(?:little|bit)|immediately|straight)\s|(?:^|(?<=\n)|(?<=[.!?]\s)))(?:after|before)|until|till|since)\s(?:about\s|around\s|nearly\s|almost\s|just\s)?|(?:^|(?<=\n)|(?<=[.!?]\s)|(?<=\band\s))by\s|(?P<weak>(?:by|about|around|past)\s)"
    r"|(?P<begin>from\s))"
    r"(?P<less>(?:five|ten|twenty(?:[\s-]five)?)\sto\s|half\s)?\Z",
    re.IGNORECASE,
)
HOUR_TOLD: Final = re.compile(
    # "half nine" is said for half past nine
    rf"(?:(?P<to>five|ten|twenty(?:[\s-]five)?)\sto\s|(?P<step>half)\s)?(?P<of>{_HOUR_WORD})(?P<full>(?!))?",
    re.IGNORECASE,
)
HOUR_REST: Final = re.compile(
    r"(?![A-Za-z-])(?:(?P<end>\s(?:to|until|till)\s(?:a\s)?(?:half|quarter)\s)|(?P<part>\s(?:in\sthe\s|at\snight\b|sharp\b))|\s?(?:[.;:)!?]|\n|$)|,?\s(?:on|and\s(?:at|by|until)|the\s(?:same|next|following)"
    r"|this|that|we|i|it|our|until|till|[ap]\.?m\b|UTC|GMT|[CEW]E?S?T)\b|,\s)",
    re.IGNORECASE,
)
CLOCK_WORDS: Final = (
    "half past",
    "quarter past",
    "quarter to",
    "five past",
    "ten past",
    "twenty past",
    "o'clock",
)
# "the twenty-fifth of June", found from its month.
ORDINALS: Final[Mapping[str, int]] = {
    word: day
    for day, word in enumerate(
        (
            *"first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split(),
            *"fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
            *(
                f"twenty-{one}"
                for one in "first second third fourth fifth sixth seventh eighth ninth".split()
            ),
            *"thirtieth thirty-first".split(),
        ),
        start=1,
    )
}
SPELLED_DAY: Final = re.compile(
    rf"\b(?P<word>{_any(ORDINALS)})\s(?:day\s)?of\s(?P<month>{_MONTH})(?P<year>{_AND_YEAR})", re.IGNORECASE
)
_LONG_MONTHS: Final = [
    name.capitalize() for name in MONTHS if len(name) > 4 or name in ("june", "july", "may")
]
OF_MONTHS: Final = tuple(
    f"{before} {month}" for before in ("th of", "rd of", "nd of", "st of") for month in _LONG_MONTHS
)
# The half of the day, behind a time or before it: "at 8 in the evening", "on the evening of 7 May at 8:00".
PART_AFTER: Final = re.compile(rf"\s{{1,2}}({_PART}|on\sthe\s(?:morning|afternoon|evening|night)(?=\sof\s))")
PART_OF_DAY: Final = re.compile(r"(?:\s(?:on\s)?[A-Z][a-z]{2,5}day)?\s(morning|afternoon|evening)\b")
PART_BEFORE: Final = re.compile(r"\b(morning|afternoon|evening)\b[^.;\n]{0,40}\Z", re.IGNORECASE)
UNIT_STEMS: Final = ("hour", "minute", "day", "week", "hrs", "mins")

COMPONENT: Final = re.compile(
    rf"([0-9]{{1,5}}(?:[.,][0-9]{{1,3}})?|\b(?:{_COUNTED}|an?)\b)(?:\s?(?:-|~|to|or)\s?([0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?))?"
    rf"(\s1/2|\s?½|\sand\s(?:a\s)?half)?\+?[\s-]{{0,3}}({_UNIT})(?:\sand\sa\s(half|quarter))?",
    re.IGNORECASE,
)


@cache
def joiner() -> re.Pattern[str]:
    """Return the pattern of a whole gap that makes an interval of the moments on its two sides."""
    joiners, hedges = _strings("join", "joiners"), _strings("join", "hedges")
    return re.compile(
        rf"[\s,]{{0,6}}(?P<word>{_any(joiners)}|and|at)\s{{0,6}}(?:(?:{_any(hedges)})\.?\s{{1,2}}){{0,2}}[~(]?",
        re.IGNORECASE,
    )


@cache
def lead() -> re.Pattern[str]:
    """Return the pattern of a whole gap between a date and the time that belongs to it."""
    words = _any([*_strings("join", "hedges"), *_strings("join", "leads")])
    return re.compile(
        rf"[\s,.;:|@()\-/]{{0,6}}(?:(?:{words})[.:]?[\s~]{{1,3}}){{0,3}}[\s(~|-]{{0,4}}", re.IGNORECASE
    )


# A whole gap between a time and the date that belongs to it.
TRAIL: Final = re.compile(r"[\s,(]{0,4}(?:(?:on|of|in)\s{1,2})?(?:the\s{1,2})?[\s(]{0,2}", re.IGNORECASE)
# What stands around a weak date that is one all the same: "4/17: …" at the beginning of a line, "on the 6th, …".
OPENS_LINE: Final = re.compile(r"(?:^|\n)[^A-Za-z0-9\n]{0,12}\Z")
CLOSES_DATE: Final = re.compile(r"[ \t]{0,2}(?:[:)\]]|-\s|\n|\Z)")
OF_MONTH: Final = re.compile(
    r"\b(?:on|of|since|until|till|by|from|before|after|between|to) the \Z", re.IGNORECASE
)
NO_COUNT: Final = re.compile(
    r"\s?(?:[.,;:)!?\n]|\Z)|\s(?:at|from|until|till|to|and|we|i|it|he|she|they|the|our|a|an|one|when|around|about|between|by|in|was|is)\b",
    re.IGNORECASE,
)
BESIDE: Final = re.compile(r"[\s,.(|-]{0,4}(?:the\s)?", re.IGNORECASE)
YEAR_AFTER: Final = re.compile(r"\s{1,2}((?:19|20)[0-9]{2})(?![0-9:.-])")
HOURS_AFTER: Final = re.compile(r"\s?(hours|hrs|hour|hr|h|uhr)(?![A-Za-z])", re.IGNORECASE)
FORMAT_AFTER: Final = re.compile(r"\s?\(?(?:hh?:mm(?::ss)?)\)?", re.IGNORECASE)
LENGTH_BEFORE: Final = re.compile(
    r"(?:\b(?:for|of|lasted|lasting|took|taking|that'?s|makes|total|duration|nearly|almost|over|than|within|after)[\s:~]{1,4}"
    r"(?:about|around|approximately|approx\.?|roughly|nearly|almost|just|over)?\s?)$",
    re.IGNORECASE,
)
LENGTH_AFTER: Final = re.compile(
    r"\s(?:of\b(?! (?:\d|[JFMASOND][a-z]{2}))|long\b|in (?:all|total)\b)", re.IGNORECASE
)
# "08.15 - first call", "- about 7.12 Ines called": a line of a log whose clock times are written with a dot.
_HEDGED: Final = r"(?:(?:about|around|approximately|approx\.?|roughly|circa|ca\.?|at|by|~)\s{0,3}){0,2}"
STAMPED_LINE: Final = re.compile(
    rf"^[ \t*>\u2022\u2013-]{{0,12}}{_HEDGED}(?P<hour>[01]?[0-9]|2[0-4])(?P<sign>[.:])[0-5][0-9](?![0-9%]|[.:,/-][0-9])"
    r"(?=(?P<apart>\s{1,3}[-\u2013]|\s?:)?\s{1,8}\S)",
    re.MULTILINE | re.IGNORECASE,
)
# "at 10.35", "until about 14.50": in prose.
DOTTED_AFTER: Final = re.compile(
    r"\b(?:at|until|till|since|from|by|before|after)\s(?:about\s|around\s|exactly\s)?\Z", re.IGNORECASE
)
DOTTED_TOLD: Final = re.compile(
    r"\b(?:at|until|till|since|from|by|before|after)\s(?:about\s|around\s|exactly\s)?(?P<hour>[01]?[0-9]|2[0-4])\.[0-5][0-9](?![0-9%]|[.,][0-9])",
    re.IGNORECASE,
)
# "2.17 in the afternoon", "11.20 am": for certain, and a sign of how the report writes the others.
DOTTED_SURE: Final = re.compile(
    rf"(?<![\w.,])(?:[01]?[0-9]|2[0-4])\.[0-5][0-9](?:\s?{_MERIDIEM}|\sUhr\b|\sin the (?:morning|afternoon|evening)\b)"
)
# What follows a number that is an amount and no time.
AMOUNT_AFTER: Final = re.compile(
    r"\s?(?:[%\u20ac$\u00a3\u00b0]|(?:[kmgt]i?b|[mk]?w|ms|s|sec|x|hz|mhz|ghz|v|c|f|percent|pct|per|million|billion|thousand|euros?|dollars?"
    r"|pounds?|degrees|seconds?|minutes?|mins?|hours?|hrs?|days?|times|released?|of)\b)",
    re.IGNORECASE,
)
# "03.40 hours": four digits and a dot, the first a nought, are no number of hours.
DOTTED_HOURS: Final = re.compile(r"(?:[01][0-9]|2[0-4])\.[0-5][0-9]\s?(?:hours|hrs|hr|h)", re.IGNORECASE)
# "from 14h20 to 15h", "between 9h and 11h": hours of the clock, not lengths.
HOURS_RANGE: Final = re.compile(
    r"\b(?:from|between|de)\s([0-9]{1,2})[hH]([0-9]{2})?\s(?:to|until|till|and|\u00e0|-)\s([0-9]{1,2})[hH]([0-9]{2})?(?![0-9A-Za-z])"
)
DOTTED_LAST: Final = re.compile(r"\s{0,3}(?:-|to|and|until|till)\s{0,3}[0-9]{1,2}\.[0-9]{2}(?![0-9.%])")
BARE_LAST: Final = re.compile(
    r"\s{0,3}(?:-|to|until|till)\s{0,3}([0-9]{1,2})(?![0-9:.%/-]|\s?[A-Za-z]{0,3}[0-9])"
)
BETWEEN: Final = re.compile(r"\bbetween[\s(~]{1,4}(?:[A-Za-z]{2,14}\s){0,2}$", re.IGNORECASE)
# The label of both ends of a window ("Start / End (UTC) | 06:15 / 13:48").
BOTH_ENDS: Final = re.compile(
    r"\b(?:start|began|begin|from|opened)\w{0,3}\b[^\n]{0,24}\b(?:end|ended|until|to|closed|resolved|stop)\b[^\n0-9]{0,40}\Z",
    re.IGNORECASE,
)
FROM: Final = re.compile(r"\bfrom[\s(~]{1,4}(?:[A-Za-z]{2,14}\s){0,2}$", re.IGNORECASE)
APPROXIMATE: Final = tuple("~ around about approximately approx approx. roughly circa ca. nearly".split())
URL: Final = re.compile(r"(?:https?|ftp)://[^\s<>\"')\]|]{1,2000}|www\.[^\s<>\"')\]|]{1,2000}")
PUBLISHED: Final = re.compile(
    rf"\b(?:{_any(str(w) for w in _strings('carry', 'published'))})\b", re.IGNORECASE
)


LOOKS_BACK: Final = re.compile(
    r"[\s:>)\]|-]{1,60}(?:starting|beginning|between|from)\b[\sA-Za-z]{0,24}", re.IGNORECASE
)
DATED: Final = tuple(_strings("carry", "dated"))


@cache
def statement() -> re.Pattern[str]:
    """Return the pattern of what stands right before the zone in statements such as "all times in CET"."""
    entries = _DATA["statement"]
    assert isinstance(entries, list)
    return re.compile("|".join(rf"(?:{entry['pattern'].removesuffix('(%ZONE%)')})\Z" for entry in entries))
