"""Wiki text to Markdown-like text: headings, lists, tables, links' words, templates' named values.

By the mark-up itself, in one pass over the brackets: what wiki parsers make of a page of unclosed ones takes them minutes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

from postmortem.read.encoding import decode
from postmortem.read.html import to_text

MAX_CHARACTERS: Final = 2_000_000
"""Longer pages are refused; wikis themselves stop at that length."""
MAX_DEPTH: Final = 40
"""Templates in one another deeper than this stay as written."""

_BRACKETS = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|")
_CLOSES: Final = {"}}": "{{", "]]": "[["}
_LIST = re.compile(r"^([*#:;]{1,12})[ \t]{0,20}", re.MULTILINE)
_HEADING = re.compile(r"^(={1,6})[ \t]{0,9}([^\n]{1,400}?)[ \t]{0,9}\1[ \t]{0,9}$", re.MULTILINE)
_LINK = re.compile(r"\[\[:?(?:[^\[\]|\n]{1,400}\|){0,1}([^\[\]|\n]{1,400})\]\]")
_UNSEEN = re.compile(r"\[\[(?:File|Image|Category|Media):[^\[\]\n]{0,400}\]\]\n?", re.IGNORECASE)
_EXTERNAL = re.compile(r"\[(?:https?:|mailto:|//)[^\s\[\]]{1,600}(?:[ \t]{1,9}([^\[\]\n]{1,400}))?\]")
_MAGIC = re.compile(r"__[A-Z]{3,20}__\n?")
_BREAK = re.compile(r"<br\s{0,3}/?>\n?", re.IGNORECASE)
_SOLID = re.compile(
    r"</?(?:nowiki|noinclude|onlyinclude|includeonly)\s{0,3}/?>|<ref [^<>]{0,200}/>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp);)(?:[a-zA-Z]{2,10}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_SILENT: Final = "ref references gallery imagemap timeline score templatedata indicator style script".split()
_CODE: Final = ("pre", "syntaxhighlight", "source")
_ATTRIBUTES = re.compile(
    r"\s{0,9}(?:[a-z-]{2,20}\s{0,3}=\s{0,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|[\w#%-]{1,60})\s{0,9}){1,20}\|",
    re.IGNORECASE,
)


def extract(data: bytes) -> tuple[str, str | None]:
    """Return a page's text and its encoding. Raises ValueError for binary data and for very long pages."""
    source, encoding = decode(data)
    return to_markdown(source), encoding


def to_markdown(source: str) -> str:
    """Return wiki text as Markdown-like text. Raises ValueError for very long pages."""
    if len(source) > MAX_CHARACTERS:
        raise ValueError(f"wiki text of more than {MAX_CHARACTERS:,} characters")
    text = _tags(source.replace("\r\n", "\n"))
    text = _tables(_templates(_MAGIC.sub("", text)) if "{{" in text else _MAGIC.sub("", text))
    text = _LINK.sub(r"\1", _UNSEEN.sub("", text))
    text = _EXTERNAL.sub(lambda m: m[1] or "", text)
    text = _HEADING.sub(lambda m: f"{'#' * len(m[1])} {m[2]}", _LIST.sub(_item, text))
    text = text.replace("'''''", "**").replace("'''", "**").replace("''", "*")
    text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n" if text.strip() else ""


def _item(match: re.Match[str]) -> str:
    """A list item at its depth; ``;`` is a term, ``:`` no more than an indentation."""
    indent = "    " * (len(match[1]) - 1)
    return {"*": f"{indent}* ", "#": f"{indent}1. "}.get(match[1][-1], "")


# -- tags


def _tags(text: str) -> str:
    """Comments and notes go, code is fenced, HTML tables are read as such; other tags stay."""
    if "<" not in text:
        return text
    text = _between(text, "<!--", "-->", lambda inner: "")
    text = _BREAK.sub("\n", _SOLID.sub("", text))
    for name in _SILENT:
        text = _between(text, f"<{name}", f"</{name}>", lambda inner: "")
    for name in _CODE:
        text = _between(text, f"<{name}", f"</{name}>", lambda inner: f"\n```\n{inner.strip()}\n```\n")
    return _between(text, "<table", "</table>", lambda inner: f"\n{to_text(f'<table>{inner}</table>')}\n")


def _between(text: str, start: str, end: str, replacement: Callable[[str], str]) -> str:
    """Replace each `start` … `end`, and an opening tag's attributes with it; one that is not closed stays."""
    lowered = text.lower()
    if start not in lowered or len(lowered) != len(text):
        return text
    out: list[str] = []
    at = 0
    while (begin := lowered.find(start, at)) >= 0 and (close := lowered.find(end, begin)) >= 0:
        inner = begin + len(start)
        if start != "<!--":
            if lowered[inner : inner + 1] not in (
                ">",
                " ",
                "\n",
                "/",
            ):  # another tag that begins with the same letters
                out.append(text[at:inner])
                at = inner
                continue
            inner = min(lowered.find(">", inner) + 1 or close, close)
        out += (text[at:begin], replacement(text[inner:close]))
        at = close + len(end)
    return "".join(out) + text[at:]


# -- templates


def _templates(text: str) -> str:
    """Every template as its words, the innermost first."""
    stack: list[tuple[str, list[list[str]]]] = [("", [[]])]  # what opened, and its parts as pieces
    at = 0
    for found in _BRACKETS.finditer(text):
        mark = found[0]
        opened, parts = stack[-1]
        parts[-1].append(text[at : found.start()])
        at = found.end()
        if mark in ("{{", "[[") and len(stack) <= MAX_DEPTH:
            stack.append((mark, [[]]))
        elif mark == "|" and opened:
            parts.append([])
        elif opened and _CLOSES.get(mark) == opened:
            stack.pop()
            whole = ["".join(pieces) for pieces in parts]
            stack[-1][1][-1].append(_words(whole) if opened == "{{" else f"[[{'|'.join(whole)}]]")
        else:
            parts[-1].append(mark)
    stack[-1][1][-1].append(text[at:])
    return "".join(opened + "|".join(map("".join, parts)) for opened, parts in stack)


def _words(parts: list[str]) -> str:
    """A template's named values as "Name: value" lines, its numbered ones as words."""
    name = parts[0].strip()
    if name == "!":
        return "|"
    named, numbered = [], []
    for part in parts[1:]:
        key, equals, value = part.partition("=")
        label = " ".join(key.replace("_", " ").split())
        if not equals or len(label) > 60 or "[" in label or "<" in label:
            numbered.append(part.strip())
        elif label.isdigit():
            numbered.append(value.strip())
        elif value.strip():
            named.append(f"{label[:1].upper()}{label[1:]}: {value.strip()}")
    words = " ".join(filter(None, numbered))
    return "\n".join([*([words] if words else []), *named, ""]) if named else words


# -- tables


def _tables(text: str) -> str:
    """``{| … |}`` as pipe tables."""
    if "{|" not in text:
        return text
    out: list[str] = []
    rows: list[list[str]] | None = None
    for line in text.split("\n"):
        bare = line.strip()
        if rows is None and bare.startswith("{|"):
            rows = [[]]
        elif rows is None:
            out.append(line)
        elif bare.startswith("|}"):
            out += _pipes(rows)
            rows = None
        else:
            _row_line(rows, bare)
    return "\n".join(out + (_pipes(rows) if rows else []))


def _row_line(rows: list[list[str]], line: str) -> None:
    """Take one line of a table's inside into its rows."""
    if line.startswith("|-"):
        rows.append([])
    elif line.startswith(("|+", "{|")):
        return
    elif line.startswith(("|", "!")):
        parts = re.split(r"\|\||!!" if line[0] == "!" else r"\|\|", line[1:])
        rows[-1] += [_cell(part) for part in parts]
    elif rows[-1]:
        rows[-1][-1] = f"{rows[-1][-1]} {line}".strip()


def _cell(part: str) -> str:
    return part[found.end() :].strip() if (found := _ATTRIBUTES.match(part)) else part.strip()


def _pipes(rows: list[list[str]]) -> list[str]:
    filled = [row for row in rows if row]
    out = [f"| {' | '.join(row)} |" for row in filled]
    if out:
        out.insert(1, f"| {' | '.join('---' for _ in filled[0])} |")
    return ["", *out, ""]
