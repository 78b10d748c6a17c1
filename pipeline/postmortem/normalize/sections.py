"""Headings: which lines are headings, how deep, and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from postmortem.document import Heading
from postmortem.normalize.naming import heading_names, label_names, whole_names

BOLD_LEVEL: Final = 7
LIST_MARKS: Final = "-+*=•·∙▪▫◦‣⁃●○■□►▶➤➢✓✔✗–—\uf0b7"
FREE_LEVEL: Final = 8
UNKNOWN_LEVEL: Final = 9
_LONGEST_FREE: Final = 160
_MOST_WORDS: Final = 10
# A question, or a line that ends in a colon, may be longer where all of it is known.
_MOST_WORDS_ASKING: Final = 16
_LONGEST_SIGNATURE: Final = 4
_UNDERLINES: Final = frozenset("=-~^")

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_STAMP: Final = re.compile(
    r"[\[(~]{0,2}(?:(?:at|on|by|around|about|from|approx\.?) )?[\[(~]?"
    r"(?:\d{1,2}[:;]\d\d|(?:[01]?\d|2[0-4])[.h][0-5]\d(?=\s?(?:[ap]\.?m|hrs|h\b|utc|gmt|[a-z]{2,3}t\b)|\s{0,4}[-:])"
    r"|\d{4}[-/.]\d\d?[-/.]\d|(?!24/7)\d{1,2}/\d{1,2}\b(?!\s?(?:of|nodes|servers))|\d{1,2} ?[ap]\.?m\b"
    rf"|\d{{3,4}} ?(?:hrs|hours|utc|gmt)\b|{_MONTH} \d|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,? (?:\d|(?:\w{3,9}) \d)"
    r"|(?:t|day) ?[+-]?\d)",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(r"[0-9]")
_STAMP_REACH: Final = 40
_RULE: Final = re.compile(r"[ \t>]*(?:-[ \t]?){2,}$|[ \t>]*(?:[*=_~#+][ \t]?){3,}$|[ \t>]*[-=_*~]{3,}$")
_SETEXT: Final = re.compile(r"(?:={3,}|-{3,}|~{3,}|\^{3,})$")
_WIKI: Final = re.compile(r"(={1,6})\s{0,8}([^=\s].{0,150}?)\s{0,8}={1,6}:?$")
_DECORATED: Final = re.compile(r"[-=~#]{2,40}\s{0,8}([^-=~\s].{0,120}?)\s{0,8}[-=~#]{2,40}:?$")
_OPENING: Final = re.compile(
    r"(?:[^\x00-\x7f]|:[a-z_0-9]{2,40}:|\s){0,40}(\*{1,3}|_{1,3}|<(?:b|strong|u|em)>)", re.IGNORECASE
)
# What an emphasised line of ASCII alone begins with.
_MAY_EMPHASISE: Final = frozenset("*_<: \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f")
_TAIL: Final = re.compile(r"[\s:;.*_\\]*(?:</?\w{1,10}\s?/?>[\s:;.*_\\]*){0,4}$")
_LABELLED: Final = re.compile(r"([^:]{1,60}):\s+\S|([^:]{1,60})\s+[-]\s+\S")
_TITLE_WORD: Final = re.compile(
    r"post[- ]?m[oe]r?t|mort[ea]m\b|posmortem|incident|outage|\brca\b|root cause analysis|downtime|failure|service interruption",
    re.IGNORECASE,
)
_NUMBERED_TITLE: Final = re.compile(
    r"(?:incident|outage|problem|case|ticket|rca|pir)\s[#\w-]{0,16}\d:\s[^:]{10,120}$", re.IGNORECASE
)
# "Home | Events | 2024" stands above the title and is none.
_PATH: Final = re.compile(r"(?:[^|›»]{2,40}\s[|›»]\s){2}")
# A list of what went wrong stands beside one of what went well; alone it tells the cause.
_WENT_WRONG: Final = re.compile(r"what (?:has |had )?(?:went|gone|goes) wrong\b", re.IGNORECASE)
_WENT_WELL: Final = re.compile(
    r"\b(?:well|right|good|luck\w{0,2}|better|learn\w{1,4}|lessons?)\b", re.IGNORECASE
)
# Lines with a date or time from which on a section that is called anything is a timeline, where most of its lines are.
_STAMPED_LINES: Final = 3
# What names a kind of report as well as a part of one.
_REPORT_KIND: Final = re.compile(r"\b(?:analysis|report|review|log)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_TOPICAL: Final = frozenset({"actions", "lessons"})
_TOPICS: Final = frozenset({"detection", "communication", "investigation", "background", "metadata"})
_SAYS_LITTLE: Final = frozenset({"title", "metadata", "other"})
_LINE_MARKS: Final = f"{LIST_MARKS}| \t"
_NUMBERING: Final = frozenset("0123456789(IVX")
_MARKED: Final = re.compile(r"[*_`~<&\[]|:[a-z_]{2,40}:")
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


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading as found: its words `start:end`, where its line begins and ends, its level.

    `first`: no block stands above it.
    """

    start: int
    end: int
    outer: int
    line_end: int
    level: int
    first: bool


def is_rule(line: str) -> bool:
    """Is a line nothing but a horizontal rule?"""
    return (
        line[-1:] in "-*=_~#+ \t"
        and line.lstrip()[:1] in "-*=_~#+>"
        and len(line) < 1000
        and bool(_RULE.match(line))
    )


def is_wiki_heading(line: str) -> bool:
    """Is a line (trimmed) a heading of wiki mark-up: ``= Title =``, ``== Summary ==``?"""
    return line[:1] == "=" and bool(_WIKI.match(line))


def starts_with_stamp(line: str) -> bool:
    """Does a line begin with a date or time?"""
    # Every stamp has a figure near its beginning; to look for one is far cheaper than the pattern.
    return _FIGURE.search(line, 0, _STAMP_REACH) is not None and _STAMP.match(line) is not None


def _may_be_emphasised(raw: str) -> bool:
    return raw[:1] in _MAY_EMPHASISE or not raw[:1].isascii()


def _emphasis(raw: str) -> str:
    """Return the mark that emphasises the whole of a raw line as one piece ("" for none)."""
    opening = _OPENING.match(raw) if _may_be_emphasised(raw) else None
    if opening is None:
        return ""
    mark = opening[1]
    close = f"</{mark[1:]}" if mark[0] == "<" else mark
    at = raw.find(close, opening.end(), opening.end() + 200)
    return mark if at > 0 and _TAIL.match(raw, at + len(close)) else ""


def _in_title_case(text: str) -> bool:
    words = _WORD.findall(text)
    return bool(words) and words[0][0].isupper() and all(w[0].isupper() or w.lower() in _SMALL for w in words)


def _is_labelled(content: str) -> bool:
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
        and _in_title_case(rest)
        and not any(map(str.isdigit, rest))
        and not {"metadata", "title"}.intersection(names := whole_names(name))
        and bool(names)
    )


def is_list_mark(marker: str) -> bool:
    """Is the marker that of a list, not an emoji?"""
    return bool(marker) and (marker in LIST_MARKS or (marker.isascii() and marker[0] != ":"))


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
        and not _may_be_emphasised(raw)
        and (not marker or is_list_mark(marker))
    )


def heading_level(line: Line) -> tuple[int, bool]:
    """Return a line's level as a heading (0: it is none) and whether the next line is its underline."""
    content, following = line.content, line.following
    if line.hashes:
        return _atx_level(line), False
    if len(content) > _LONGEST_FREE:
        return 0, False
    if content[0] == "=" and (wiki := _WIKI.match(content)):
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
    if len(core) <= 100 and (capital or line.marker or content[-1] in ":;") and not _is_sentence(line):
        names = whole_names(core)
    emphasis = _emphasis(line.raw) if words <= 16 else ""
    if is_list and names and not _may_head_items(names, line.context, bool(emphasis) or content.isupper()):
        return 0
    if names == ("other",) and not emphasis and content[-1].isalpha() and _is_signature(line.following):
        return 0
    if emphasis and _LABELLED.match(content) and _has_subtitle(content):
        return BOLD_LEVEL + is_list + deeper
    if emphasis and not _is_labelled(content):
        if names:
            return BOLD_LEVEL + is_list + deeper
        # Two sentences in italics, or one with a comma, are a byline.
        strong = len(emphasis) > 1 or (
            words > 2 and line.after_blank and _in_title_case(content) and not _INNER_STOP.search(content)
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
            and _in_title_case(core)
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
    return 1 <= len(following.split()) <= _LONGEST_SIGNATURE and _in_title_case(following)


def _is_in_capitals(content: str, core: str) -> bool:
    return (
        content.isupper()
        and 1 <= content.count(" ") < _MOST_WORDS
        and len(core) > 8
        and not any(map(str.isdigit, core))
    )


def _is_sentence(line: Line) -> bool:
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
    if context and set(context) <= _TOPICAL:
        return bool(_TOPICAL & set(names))
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
        or _is_labelled(content)
    ):
        return False
    if content[-1] == "," or (content[-1] in ".;" and words > 6):
        return False
    if words <= 20 and _TITLE_WORD.search(content):
        return True
    opens_report = (
        following[:1] == "#"
        or _is_labelled(following[:200])
        or bool(whole_names(following.rstrip(" :;.")[:100]))
    )
    return words <= 16 and (not following or opens_report)


def _is_second_title(line: Line, core: str) -> bool:
    """Does a line right below the first line say more than that: "INCIDENT REPORT", then "TILLS DOWN IN ALL SHOPS"?"""
    return line.second and (
        _is_in_capitals(line.content, core)
        or (_NUMBERED_TITLE.match(line.content) is not None and line.content[-1] not in ".,;")
    )


def name_sections(plain: str, source: str, marks: list[Mark], *, titled: bool) -> tuple[Heading, ...]:
    """Return the sections of a text: names, parents and bodies of its headings.

    `titled`: the title stands in the front matter.
    """
    sections: list[Heading] = []
    stack: list[int] = []
    only_titles, told = True, False
    for i, mark in enumerate(marks):
        text = " ".join(plain[mark.start : mark.end].split())
        written = " ".join(source[mark.start : mark.end].split())
        until = marks[i + 1].outer if i + 1 < len(marks) else len(source)
        while stack and sections[stack[-1]].level >= mark.level:
            stack.pop()
        parent = stack[-1] if stack else -1
        on_top = only_titles and (i == 0 or mark.level <= 2 or _is_letterhead(sections, mark))
        names = _names(text, mark, on_top, titled, told=told)
        if parent >= 0 and set(sections[parent].names) <= _TOPICAL and _is_topic(text, names):
            names = ("other",)
        elif names == ("other",) and _is_of_stamped_lines(plain[mark.line_end : until]):
            names = ("timeline",)
        told = told or not _SAYS_LITTLE.issuperset(names)
        only_titles = only_titles and names == ("title",)
        body_start, body_end = mark.line_end, max(until, mark.line_end)
        body = plain[body_start:body_end]
        stripped = body.strip()
        if stripped:
            body_start += len(body) - len(body.lstrip())
            body_end = body_start + len(stripped)
        else:
            body_end = body_start
        stack.append(i)
        sections.append(
            Heading(
                text if _MARKED.search(written) else written,
                names,
                mark.level,
                mark.start,
                mark.end,
                body_start,
                body_end,
                parent,
            )
        )
    if len(sections) > 1 and marks[0].first and _is_named_again(sections):
        sections[0] = replace(sections[0], names=("title",))
    return _told_wrong(sections, source)


def _is_letterhead(sections: list[Heading], mark: Mark) -> bool:
    """Does nothing but a heading of the same level stand above: who writes ("Harbour Office"), not what about?"""
    return (
        len(sections) == 1
        and sections[0].level == mark.level
        and sections[0].body_start == sections[0].body_end
    )


def _is_of_stamped_lines(body: str) -> bool:
    """Do most lines of a section begin with a date or time, whatever it is called ("What I know")?"""
    if sum(map(str.isdigit, body[:_STAMP_REACH])) < _STAMPED_LINES:
        return False
    lines = [line.lstrip(_LINE_MARKS) for line in body.split("\n")]
    filled = [line for line in lines if line]
    stamped = sum(map(starts_with_stamp, filled))
    return stamped >= _STAMPED_LINES and stamped * 2 > len(filled)


def _told_wrong(sections: list[Heading], source: str) -> tuple[Heading, ...]:
    """Name what "went wrong": a lesson where it is a list or stands beside what went well, else the cause, or the story of it."""
    wrong = [i for i, one in enumerate(sections) if one.names == ("lessons",) and _WENT_WRONG.match(one.text)]
    others = [one for i, one in enumerate(sections) if i not in wrong] if wrong else []
    if wrong and not any(_WENT_WELL.search(one.text) for one in others if "lessons" in one.names):
        names = ("summary",) if any("root_cause" in one.names for one in others) else ("root_cause",)
        for i in wrong:
            one = sections[i]
            below = any("lessons" in sections[at].names for at in (one.parent, i - 1) if at >= 0)
            if not below and source[one.body_start : one.body_start + 1] not in LIST_MARKS:
                sections[i] = replace(one, names=names)
    return tuple(sections)


def _is_named_again(sections: list[Heading]) -> bool:
    """Is the first heading ("ROOT CAUSE ANALYSIS") that of the whole text, as a later one is named so ("ROOT CAUSE")?"""
    first = sections[0]
    return _REPORT_KIND.search(first.text) is not None and any(
        first.names == other.names and other.text.lower() != first.text.lower() for other in sections[1:]
    )


def _is_topic(text: str, names: tuple[str, ...]) -> bool:
    """Below actions and lessons, is a heading ("Faster detection") their topic, not a section of its own?"""
    if _TOPICAL & set(names):
        return False
    return set(names) <= _TOPICS or not whole_names(text.rstrip(" :;.!?"))


def _names(text: str, mark: Mark, only_titles: bool, titled: bool, *, told: bool) -> tuple[str, ...]:
    """`only_titles`: a title may still come, no heading above is anything else; `told`: one above is a part of the report."""
    core = text.rstrip(" :;.!?")
    whole = whole_names(core)
    on_top = mark.first and not (titled and mark.level > 1 and not _TITLE_WORD.search(text))
    if (on_top or (mark.level == 1 and only_titles)) and (not whole or whole == ("other",)):
        return ("title",)
    names = whole or heading_names(core)
    if "title" in names:
        if only_titles or mark.level == 1:
            return ("title",)
        # "Postmortem" below the account of it is what is made of it.
        return ("lessons",) if whole and told else ("other",)
    if not whole and only_titles and not titled and _TITLE_WORD.search(text) and mark.level <= 2:
        return ("title",)
    return names or ("other",)
