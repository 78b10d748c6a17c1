"""Masking: the source with its mark-up blanked, character for character.

``len(mask(text)) == len(text)``, and a line ends in the one where it ends in the other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_PLAIN: Final = {
    **dict.fromkeys(map(ord, "‘’‚‛ʼ′´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘﹣"), "-"),
    **dict.fromkeys(map(ord, "\u2028\u2029\u0085"), "\n"),
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    ord("İ"): "I",  # the one letter whose lower case is two characters long
    ord("∶"): ":",
    ord("⁄"): "/",
}
_EMOJI_JOINERS: Final = range(0xFE00, 0xFE10)


class _PlainForms(dict[int, str]):
    """Plain forms of non-ASCII characters, worked out on first sight and kept."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        blank = (
            category in {"Zs", "Cf", "Cc", "So", "Sk", "Co", "Cn", "Cs"}
            or code in _EMOJI_JOINERS
            or code == 0x20E3
        )
        form = " " if blank else char
        self[code] = form
        return form


_FORMS: Final = _PlainForms(_PLAIN)
_NON_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]|\r(?=\n)")
# What `_CONTROL` may match, of which most texts have nothing.
_CONTROL_BYTES: Final = bytes(code for code in range(128) if _CONTROL.match(chr(code) + "\n"))
_LINE_ENDS: Final = re.compile(r"[\r\x0b\x0c]")

BLOCK_TAGS: Final = "p|div|li|tr|h[1-6]|ul|ol|table|br|dt|dd|blockquote|hr|section|article|pre"
_INLINE_TAGS: Final = (
    "a|abbr|address|aside|b|big|body|button|caption|center|cite|code|col|colgroup|dd|del|details|dfn|dl|em|figcaption|"
    "figure|font|footer|form|head|header|html|i|iframe|img|input|ins|kbd|label|link|main|mark|meta|nav|q|s|samp|script|"
    "small|source|span|strike|strong|style|sub|summary|sup|svg|tbody|td|tfoot|th|thead|time|title|tt|u|var|video|picture"
)
_TAG: Final = re.compile(
    rf"<(?:/?(?:{BLOCK_TAGS}|{_INLINE_TAGS})(?:\s[^<>]{{0,600}})?/?>"
    r"|/?(?:br|span|div|li|strong|em)(?=[ \t]*(?:[<\n]|\Z))|!doctype[^<>]{0,200}>)",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]{2,8}\d{0,2};|nbsp\b)")
_TARGET: Final = r"\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}+\)"
_LINK_TEXT: Final = r"\[((?:[^\[\]\n]++|\[[^\[\]\n]{0,120}\]){0,20}+)\]"
_IMAGE: Final = re.compile(rf"!{_LINK_TEXT}(?:{_TARGET}|\[[^\[\]\n]{{0,100}}\])")
_LINK: Final = re.compile(rf"{_LINK_TEXT}(?:{_TARGET}|\[[^\[\]\n]{{0,100}}\])")
_WIKI_LINK: Final = re.compile(r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\]")
_REFERENCE: Final = re.compile(r"(?m)^[ \t]{0,3}\[(?!\^)[^\[\]\n]{1,100}\]:[ \t]{1,4}\S{1,1000}.{0,200}$")
_FOOTNOTE: Final = re.compile(r"\[\^[\w-]{1,40}\]:?")
_URL: Final = re.compile(
    r"(?:[hH]ttps?|ftp)://[^\s<>()\[\]|\"]{0,2000}[^\s<>()\[\]|\".,;:!?'*_]|www\.[^\s<>()\[\]|\"]{2,500}"
)
_EMOJI_CODE: Final = re.compile(r":(?<![\w:]:)[a-z+-][a-z0-9_+-]{1,40}:(?![\w:])")
_UNDERSCORE: Final = re.compile(r"(?<![A-Za-z0-9_])_{1,3}|_{1,3}(?![A-Za-z0-9_])")
_NOT_NEWLINE: Final = re.compile(r"[^\n]")


def _spaces(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text) if "\n" in text else " " * len(text)


def _blank(match: re.Match[str]) -> str:
    return _spaces(match[0])


def _blank_link(match: re.Match[str]) -> str:
    start, end = match.span(1)
    return " " * (start - match.start()) + match[1] + " " * (match.end() - end)


def _decode(match: re.Match[str]) -> str:
    from html import unescape

    char = unescape(match[0])
    if len(char) != 1:
        return match[0]
    char = char.translate(_FORMS) if ord(char) > 127 else char
    return (char if char.isprintable() else " ") + " " * (len(match[0]) - 1)


def _blank_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += text[at:start], _spaces(text[start : end + 3])
        at = end + 3
    return "".join([*parts, text[at:]])


def mask(text: str) -> str:
    """Return `text` with mark-up blanked and typographic characters made plain, one for one."""
    out = text
    if not text.isascii():
        out = _NON_ASCII.sub(lambda m: m[0].translate(_FORMS), out)
    characters = out.encode("utf-8", "surrogatepass")
    if len(characters.translate(None, _CONTROL_BYTES)) < len(characters):
        out = _CONTROL.sub(" ", out)
    if "\r" in out or "\x0b" in out or "\x0c" in out:
        out = _LINE_ENDS.sub("\n", out)
    if "<" in out:
        out = _TAG.sub(_blank, _blank_comments(out))
    if "&" in out:
        out = _ENTITY.sub(_decode, out)
    if "[" in out:
        if "](" in out or "][" in out:
            out = _LINK.sub(_blank_link, _IMAGE.sub(_blank, out))
            if "](" in out:  # the link around an image
                out = _LINK.sub(_blank_link, out)
        if "[[" in out:
            out = _WIKI_LINK.sub(_blank_link, out)
        if "[^" in out:
            out = _FOOTNOTE.sub(_blank, out)
        if "]:" in out:
            out = _REFERENCE.sub(_blank, out)
    if "://" in out or "www." in out:
        out = _URL.sub(_blank, out)
    if ":" in out:
        out = _EMOJI_CODE.sub(_blank, out)
    out = out.replace("*", " ").replace("`", " ").replace("~~", "  ").replace("'''", "   ")
    if "_" in out:
        out = _UNDERSCORE.sub(_blank, out)
    return out
