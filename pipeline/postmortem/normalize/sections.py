"""Sections: what the headings of a text are called, what they are nested in, where their bodies stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from postmortem.document import Heading
from postmortem.normalize.levels import TITLE_WORD, TOPICAL
from postmortem.normalize.marks import LIST_MARKS, STAMP_REACH, starts_with_stamp
from postmortem.normalize.naming import heading_names, whole_names

# A list of what went wrong stands beside one of what went well; alone it tells the cause.
_WENT_WRONG: Final = re.compile(r"what (?:has |had )?(?:went|gone|goes) wrong\b", re.IGNORECASE)
_WENT_WELL: Final = re.compile(
    r"\b(?:well|right|good|luck\w{0,2}|better|learn\w{1,4}|lessons?)\b", re.IGNORECASE
)
# Lines with a date or time from which on a section that is called anything is a timeline, where most of its lines are.
_STAMPED_LINES: Final = 3
# What names a kind of report as well as a part of one.
_REPORT_KIND: Final = re.compile(r"\b(?:analysis|report|review|log)\b", re.IGNORECASE)
_TOPICS: Final = frozenset({"detection", "communication", "investigation", "background", "metadata"})
_SAYS_LITTLE: Final = frozenset({"title", "metadata", "other"})
_LINE_MARKS: Final = f"{LIST_MARKS}| \t"
_MARKED: Final = re.compile(r"[*_`~<&\[]|:[a-z_]{2,40}:")


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
        if parent >= 0 and set(sections[parent].names) <= TOPICAL and _is_topic(text, names):
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
    if sum(map(str.isdigit, body[:STAMP_REACH])) < _STAMPED_LINES:
        return False
    lines = [line.lstrip(_LINE_MARKS) for line in body.split("\n")]
    filled = [line for line in lines if line]
    stamped = sum(map(starts_with_stamp, filled))
    return stamped >= _STAMPED_LINES and stamped * 2 > len(filled)


def _told_wrong(sections: list[Heading], source: str) -> tuple[Heading, ...]:
    """Name what "went wrong": a lesson where it is a list or stands beside what went well, else the cause, or the story of it."""
    wrong, others = list[int](), list[Heading]()
    for i, one in enumerate(sections):
        if one.names == ("lessons",) and _WENT_WRONG.match(one.text):
            wrong.append(i)
        else:
            others.append(one)
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
    if TOPICAL & set(names):
        return False
    return set(names) <= _TOPICS or not whole_names(text.rstrip(" :;.!?"))


def _names(text: str, mark: Mark, only_titles: bool, titled: bool, *, told: bool) -> tuple[str, ...]:
    """`only_titles`: a title may still come, no heading above is anything else; `told`: one above is a part of the report."""
    core = text.rstrip(" :;.!?")
    whole = whole_names(core)
    on_top = mark.first and not (titled and mark.level > 1 and not TITLE_WORD.search(text))
    if (on_top or (mark.level == 1 and only_titles)) and (not whole or whole == ("other",)):
        return ("title",)
    names = whole or heading_names(core)
    if "title" in names:
        if only_titles or mark.level == 1:
            return ("title",)
        # "Postmortem" below the account of it is what is made of it.
        return ("lessons",) if whole and told else ("other",)
    if not whole and only_titles and not titled and TITLE_WORD.search(text) and mark.level <= 2:
        return ("title",)
    return names or ("other",)
