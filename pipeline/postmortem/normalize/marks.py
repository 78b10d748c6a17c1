"""What a line begins with or is made of: list marks, dates and times, rules, the marks of wiki headings."""

from __future__ import annotations

import re
from typing import Final

LIST_MARKS: Final = "-+*=•·∙▪▫◦‣⁃●○■□►▶➤➢✓✔✗–—\uf0b7"
_MARKER: Final = re.compile(
    r"(?P<quote>(?:[ \t]{0,8}>(?! ?\d)){0,6})[ \t\u00a0\u200b\ufeff]{0,200}"
    r"(?:(?P<hash>#{1,6}(?![#!]))|(?P<textile>h[1-6]\.)(?=[ \t]+\S)"
    r"|(?P<bullet>(?:"
    rf"[{re.escape(LIST_MARKS)}](?=[ \t\u00a0]|[^\W\d_]|\d{{1,2}}[:.]\d\d|[\"'“‘`(\[]|\*\*|__|[^\x00-\x7f])"
    r"|o(?=[ \t]{1,8}[A-Z\d])"
    r"|\d{1,3}\.(?=[ \t]+(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[ap]\.?m)[a-z.]{0,8}\b)"
    r"|[*_]{2})"
    r"|(?:\d{1,2}\.){1,3}\d\.?(?=[ \t]+[A-Z][a-z]{2})"
    r"|\d{1,2}\.(?=[A-Z][a-z]|\d{1,2}:\d\d)"
    r"|\d\ufe0f?\u20e3"
    r"|\[[ xX]?\](?=[ \t]+\S)"
    r"|\d{1,3}\)(?=\s|[A-Za-z*])|\([a-z\d]{1,3}\)(?=\s)|[a-z]\)(?=\s)|[IVX]{1,4}[.)](?=\s))"
    r"(?:[ \t]{0,8}\[[ xX]?\](?=[ \t]))?))?"
)
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
STAMP_REACH: Final = 40
_RULE: Final = re.compile(r"[ \t>]*(?:-[ \t]?){2,}$|[ \t>]*(?:[*=_~#+][ \t]?){3,}$|[ \t>]*[-=_*~]{3,}$")
WIKI: Final = re.compile(r"(={1,6})\s{0,8}([^=\s].{0,150}?)\s{0,8}={1,6}:?$")
_DIGITS: Final = "0123456789"
_AFTER_LETTER_MARK: Final = frozenset(").IVX \t")


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
    return line[:1] == "=" and bool(WIKI.match(line))


def starts_with_stamp(line: str) -> bool:
    """Does a line begin with a date or time?"""
    # Every stamp has a figure near its beginning; to look for one is far cheaper than the pattern.
    return _FIGURE.search(line, 0, STAMP_REACH) is not None and _STAMP.match(line) is not None


def is_list_mark(marker: str) -> bool:
    """Is the marker that of a list, not an emoji?"""
    return bool(marker) and (marker in LIST_MARKS or (marker.isascii() and marker[0] != ":"))


def may_be_marked(bare: str) -> bool:
    """May a line begin with a mark? A cheap test, true too often but never false for a line that does."""
    first = bare[0]
    if first in _DIGITS:
        behind = bare[:4].lstrip(_DIGITS)[:1]
        return behind == "." or behind == ")" or behind > "\x7f"
    return not first.isalpha() or bare[1:2] in _AFTER_LETTER_MARK or (first == "h" and bare[2:3] == ".")


def marks_at(raw: str, a: int, *, wiki: bool) -> tuple[str, str, int]:
    """Return the heading marks and the list mark of the line `raw` at offset `a`, and the offset at which its content may begin.
    The headings of Textile ("h2. Timeline") have as many hashes as their level.

    `wiki`: the text is wiki mark-up, in which hashes number items.
    """
    match = _MARKER.match(raw)
    if match is None:
        return "", "", a
    hashes, bullet = match["hash"] or "", match["bullet"] or ""
    begin = a + match.end()
    if match["textile"]:
        return "#" * int(match["textile"][1]), "", begin
    if hashes and wiki:
        return "", hashes, begin  # numbered items in wiki mark-up
    if hashes and _is_ticket(raw[match.end() : match.end() + 24]):
        hashes, begin = "", a + match.start("hash")
    if bullet and not _is_bullet(raw, match):
        bullet, begin = "", a + match.start("bullet")
    return hashes, bullet, begin if hashes or bullet or match["quote"] else a


def _is_ticket(rest: str) -> bool:
    """Is what stands behind a hash a number alone ("#1234 was merged")?"""
    after = rest.lstrip("0123456789")
    return len(after) < len(rest) and not after[:1].isalpha() and after[:1] != "."


def _is_bullet(raw: str, match: re.Match[str]) -> bool:
    """Is a mark at the line's start a bullet, not emphasis or decoration?"""
    mark, end = match["bullet"], match.end("bullet")
    if mark[0] == "*" and raw[end : end + 1] not in (" ", "\t", "\xa0"):
        return "*" not in raw[end : end + 300]
    return mark[0] != "=" or not is_wiki_heading(raw.strip())
