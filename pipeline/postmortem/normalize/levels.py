"""Which lines are headings, and how deep."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from postmortem.normalize.marks import WIKI, is_list_mark
from postmortem.normalize.naming import label_names, whole_names

BOLD_LEVEL: Final = 7
FREE_LEVEL: Final = 8
UNKNOWN_LEVEL: Final = 9
_LONGEST_FREE: Final = 160
_MOST_WORDS: Final = 10
# A question, or a line that ends in a colon, may be longer where all of it is known.
_MOST_WORDS_ASKING: Final = 16
_LONGEST_SIGNATURE: Final = 4
_UNDERLINES: Final = frozenset("=-~^")

_SETEXT: Final = re.compile(r"(?:={3,}|-{3,}|~{3,}|\^{3,})$")
_DECORATED: Final = re.compile(r"[-=~#]{2,40}\s{0,8}([^-=~\s].{0,120}?)\s{0,8}[-=~#]{2,40}:?$")
_OPENING: Final = re.compile(
    r"(?:[^\x00-\x7f]|:[a-z_0-9]{2,40}:|\s){0,40}(\*{1,3}|_{1,3}|<(?:b|strong|u|em)>)", re.IGNORECASE
)
# What an emphasised line of ASCII alone begins with.
_MAY_EMPHASISE: Final = frozenset("*_<: \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f")
_TAIL: Final = re.compile(r"[\s:;.*_\\]*(?:</?\w{1,10}\s?/?>[\s:;.*_\\]*){0,4}$")
_LABELLED: Final = re.compile(r"([^:]{1,60}):\s+\S|([^:]{1,60})\s+[-]\s+\S")
TITLE_WORD: Final = re.compile(
    r"post[- ]?m[oe]r?t|mort[ea]m\b|posmortem|incident|outage|\brca\b|root cause analysis|downtime|failure|service interruption",
    re.IGNORECASE,
)
_NUMBERED_TITLE: Final = re.compile(
    r"(?:incident|outage|problem|case|ticket|rca|pir)\s[#\w-]{0,16}\d:\s[^:]{10,120}$", re.IGNORECASE
)
# "Home | Events | 2024" stands above the title and is none.
_PATH: Final = re.compile(r"(?:[^|›»]{2,40}\s[|›»]\s){2}")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")
TOPICAL: Final = frozenset({"actions", "lessons"})
_NUMBERING: Final = frozenset("0123456789(IVX")
_SMALL: Final = frozenset(
    {
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "its", "of", "on", "or", "our"),
        *("over", "per", "the", "to", "up", "via", "vs", "with", "without"),
    }
)
_FINITE: Final = re.compile(
    r"\b(?:was|were|is|are|will|has|had|have|been|took|did|it|we|this)\b", re.IGNORECASE
)
_QUESTION: Final = re.compile(r"(?:what|why|how|who|when|where|which)\b", re.IGNORECASE)
_INNER_STOP: Final = re.compile(r"[.!?;,]\s|https?:")


class Line(NamedTuple):
    """One line as the heading rules see it.

    `content` is the masked line without its marks, `raw` the same in the source, `hashes` and `marker` what
    stood before it, `spaced` whether white space follows the hashes, `following` the next line (masked,
    trimmed), `nested` whether that one is a list item indented deeper, `after_blank` whether nothing stands
    directly above, `first` whether no block stands above, `second` whether it stands right below a first line that is
    a heading without marks, `context` the names of the section that the line
    stands in, `stamped` whether it begins with a date or time, `is_list` whether the marker is that of a list.
    """

    content: str
    raw: str
    hashes: str
    marker: str
    indent: int
    following: str
    nested: bool
    after_blank: bool
    first: bool
    second: bool
    context: tuple[str, ...]
    spaced: bool
    stamped: bool
    is_list: bool


def may_be_emphasised(raw: str) -> bool:
    """May a raw line begin with a mark of emphasis? A cheap test."""
    return raw[:1] in _MAY_EMPHASISE or not raw[:1].isascii()


def opens_emphasised(raw: str) -> bool:
    """Does a raw line begin with a mark of emphasis?"""
    return may_be_emphasised(raw) and _OPENING.match(raw) is not None


def emphasis_of(raw: str) -> str:
    """Return the mark that emphasises the whole of a raw line as one piece ("" for none)."""
    opening = _OPENING.match(raw) if may_be_emphasised(raw) else None
    if opening is None:
        return ""
    mark = opening[1]
    close = f"</{mark[1:]}" if mark[0] == "<" else mark
    at = raw.find(close, opening.end(), opening.end() + 200)
    return mark if at > 0 and _TAIL.match(raw, at + len(close)) else ""


def in_title_case(text: str) -> bool:
    """Does a text begin with a capital, and every word of it but the small ones?"""
    words = _WORD.findall(text)
    return bool(words) and words[0][0].isupper() and all(w[0].isupper() or w.lower() in _SMALL for w in words)


def is_labelled(content: str) -> bool:
    """Is it a known label with its value ("Duration: 2 hours"), not a heading with a subtitle?"""
    match = _LABELLED.match(content)
    if match is None:
        return False
    names = label_names(match[1] or match[2])
    return bool(names) and "title" not in names


def _has_subtitle(content: str) -> bool:
    """Is it a heading's name with a subtitle in title case ("Root cause: The Hungry Queue"), not a label with its value?"""
    name, _, rest = content.partition(":")
    return (
        1 <= rest.strip().count(" ") <= 8
        and content[-1] not in ".,;"
        and in_title_case(rest)
        and not any(map(str.isdigit, rest))
        and not {"metadata", "title"}.intersection(names := whole_names(name))
        and bool(names)
    )


def is_plainly_text(content: str, raw: str, marker: str, following: str, *, stamped: bool) -> bool:
    """Is a line with text above it none by its length, its stamp or its many plain words? It has no heading marks.

    `heading_level` says the same, at more cost: for the arguments see `Line`.
    """
    if len(content) > _LONGEST_FREE:
        return True
    if content[0] in "=-~#" or following[:1] in _UNDERLINES:
        return False
    return stamped or (
        content.count(" ") >= (_MOST_WORDS_ASKING if content[-1] in ":?" else _MOST_WORDS)
        and not may_be_emphasised(raw)
        and (not marker or is_list_mark(marker))
    )


def heading_level(line: Line) -> tuple[int, bool]:
    """Return a line's level as a heading (0: it is none) and whether the next line is its underline."""
    content, following = line.content, line.following
    if line.hashes:
        return _atx_level(line), False
    if len(content) > _LONGEST_FREE:
        return 0, False
    if content[0] == "=" and (wiki := WIKI.match(content)):
        return len(wiki[1]), False
    if content[0] in "-=~#" and _DECORATED.match(content):
        return 2, False
    if line.stamped:
        return 0, False
    if following and following[0] in _UNDERLINES and _is_underlined(line):
        return (1 if following[0] == "=" else 2), True
    core = content.rstrip(" :;.!?")
    if not core:
        return 0, False
    level = _free_level(line, core)
    if not level and not line.is_list and (_is_title(line) if line.first else _is_second_title(line, core)):
        return 1, False
    return level, False


def _is_underlined(line: Line) -> bool:
    """Is the next line an underline, not a rule that ends a paragraph or a table's head?"""
    content, following = line.content, line.following
    if line.marker or len(content) > 120 or content[-1] in ".,;" or not _SETEXT.match(following):
        return False
    return following[0] == "=" or line.after_blank or abs(len(following) - len(content)) <= 2


def _free_level(line: Line, core: str) -> int:
    """Level of a heading without heading marks: emphasised, before a colon, in capitals, a known name alone."""
    content, is_list = line.content, line.is_list
    deeper = min(line.indent, 32) // 2
    words = content.count(" ") + 1
    capital = content[0].isupper() or bool(line.marker and not content[0].islower())
    names: tuple[str, ...] = ()
    if len(core) <= 100 and (capital or line.marker or content[-1] in ":;") and not is_sentence(line):
        names = whole_names(core)
    emphasis = emphasis_of(line.raw) if words <= 16 else ""
    if is_list and names and not _may_head_items(names, line.context, bool(emphasis) or content.isupper()):
        return 0
    if names == ("other",) and not emphasis and content[-1].isalpha() and _is_signature(line.following):
        return 0
    if emphasis and _LABELLED.match(content) and _has_subtitle(content):
        return BOLD_LEVEL + is_list + deeper
    if emphasis and not is_labelled(content):
        if names:
            return BOLD_LEVEL + is_list + deeper
        # Two sentences in italics, or one with a comma, are a byline.
        strong = len(emphasis) > 1 or (
            words > 2 and line.after_blank and in_title_case(content) and not _INNER_STOP.search(content)
        )
        if (
            strong
            and not is_list
            and content[-1] not in ".,"
            and not content[0].islower()
            and content[0] != "("
        ):
            return BOLD_LEVEL + deeper
    asking = content[-1] in ":?" and words <= _MOST_WORDS_ASKING
    if names and content[-1] == ":" and asking and (capital or line.marker):
        return FREE_LEVEL + deeper
    if content[-1] in ":;" and words <= _MOST_WORDS:
        if names and (capital or line.marker):
            return FREE_LEVEL + deeper
        if (
            not is_list
            and content[-1] == ":"
            and len(core) > 2
            and in_title_case(core)
            and not _INNER_STOP.search(core)
            and ":" not in core
        ):
            return UNKNOWN_LEVEL + deeper
    if (
        names
        and (asking or words <= _MOST_WORDS)
        and content[0].isupper()
        and (emphasis or not _has_value(content))
    ):
        if is_list:
            numbered = line.marker[0] in _NUMBERING and (line.after_blank or not line.following)
            return FREE_LEVEL + deeper if numbered or line.nested else 0
        if content[-1] not in ",!" and (content[-1] != "." or content.isupper()):
            return FREE_LEVEL + deeper
    numbered = is_list and line.marker[0] in _NUMBERING and not line.following
    if (is_list and not numbered) or not line.after_blank:
        return 0
    if _is_in_capitals(content, core):
        return FREE_LEVEL
    if is_list:
        return 0
    if (
        line.marker
        and not line.following
        and ":" in content
        and len(content) <= 100
        and content[-1] not in ".!"
    ):
        name, subtitle = content.split(":", 1)
        return FREE_LEVEL if subtitle.count(" ") <= 8 and whole_names(name) else 0
    return 0


def _is_signature(following: str) -> bool:
    """Does the line below a closing formula ("With apologies") sign it?"""
    return 1 <= len(following.split()) <= _LONGEST_SIGNATURE and in_title_case(following)


def _is_in_capitals(content: str, core: str) -> bool:
    return (
        content.isupper()
        and 1 <= content.count(" ") < _MOST_WORDS
        and len(core) > 8
        and not any(map(str.isdigit, core))
    )


def is_sentence(line: Line) -> bool:
    """Is it a sentence that goes on in the next line ("The service was down" … "for most users.")?"""
    content = line.content
    return (
        line.following[:1].islower()
        and content.count(" ") >= 2
        and content[-1] not in ":;?"
        and bool(_FINITE.search(content))
        and not _QUESTION.match(content)
    )


def _has_value(content: str) -> bool:
    """Does a value follow the colon ("Affected users: 30%"), not the rest of a heading ("Summary: what happened")?"""
    label, colon, value = content.partition(":")
    value = value.strip(" .;:")
    return bool(colon and value and label_names(label)) and (
        any(map(str.isdigit, value)) or not whole_names(value)
    )


def _may_head_items(names: tuple[str, ...], context: tuple[str, ...], emphasised: bool) -> bool:
    """May a list item be a heading? Below actions and lessons, "Detection:" or "Communication:" is a topic."""
    if context and set(context) <= TOPICAL:
        return bool(TOPICAL & set(names))
    return emphasised or not set(names) <= {"communication", "other", "appendix", "title"}


def _atx_level(line: Line) -> int:
    content, spaced = line.content, line.spaced
    if not spaced and not content[0].isalnum() and content[0].isascii() and content[0] not in "-=*\"'([":
        return 0
    tags = content.split()
    if not spaced and len(tags) > 1 and all(word[0] == "#" for word in tags[1:]):
        return 0  # a line of hashtags
    if len(content) > 250 and not whole_names(content.split(":")[0][:100]):
        return 0
    return len(line.hashes)


def _is_title(line: Line) -> bool:
    """Does the first line of a text without heading marks read like its title?"""
    content, following = line.content, line.following
    words = content.count(" ") + 1
    if (
        words > 25
        or _PATH.match(content)
        or not (content[0].isalnum() or content[0] in "\"'([")
        or is_labelled(content)
    ):
        return False
    if content[-1] == "," or (content[-1] in ".;" and words > 6):
        return False
    if words <= 20 and TITLE_WORD.search(content):
        return True
    opens_report = (
        following[:1] == "#"
        or is_labelled(following[:200])
        or bool(whole_names(following.rstrip(" :;.")[:100]))
    )
    return words <= 16 and (not following or opens_report)


def _is_second_title(line: Line, core: str) -> bool:
    """Does a line right below the first line say more than that: "INCIDENT REPORT", then "TILLS DOWN IN ALL SHOPS"?"""
    return line.second and (
        _is_in_capitals(line.content, core)
        or (_NUMBERED_TITLE.match(line.content) is not None and line.content[-1] not in ".,;")
    )
