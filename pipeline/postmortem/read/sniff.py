"""What a file is, by its content as well as its name.

Signatures that no text has (a PDF's, a zip file's) count whatever the name says. Among texts the name decides, except
where the content plainly says otherwise: a page saved as ``.txt``, plain text saved as ``.html``, a message without a suffix.
"""

from __future__ import annotations

import re
from typing import IO, Final

from postmortem.read import formats
from postmortem.read.formats import Format, of_suffix, suffix
from postmortem.read.zipped import open_zip

_HEAD: Final = 65_536
_SCAN: Final = 4_096

_SIGNATURES: Final = (
    (b"{\\rtf", formats.RTF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", formats.WORD),
    (b"\x1f\x8b\x08", formats.GZIP),
    (b"\xfd7zXZ\x00", formats.XZ),
    (b"PAR1", formats.PARQUET),
)
_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_BZIP2: Final = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_PDF: Final = re.compile(rb"%PDF-[0-9]")

_PAGE: Final = re.compile(
    rb"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--.{0,2000}?-->\s{0,200})?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT: Final = re.compile(
    rb"\s{0,200}<(div|p|h[1-6]|table|ul|ol|section|article|main|span|b|strong)(?:\s[^<>]{0,500})?>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(rb"</?[a-z!][^<>]{0,500}>", re.IGNORECASE)
_DUMP: Final = re.compile(rb"<mediawiki[\s>]")
_SPACE: Final = re.compile(rb"<hibernate-generic[\s>]")
_STORAGE: Final = re.compile(rb"</?(?:ac|ri):[a-z-]{1,40}[\s/>]")
_MBOX: Final = re.compile(
    rb"From \S{1,300} {1,4}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\n]{4,80}\r?\n[A-Za-z-]{1,60}:"
)
_HEADER: Final = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t\r\n]", re.ASCII)
_JSON: Final = re.compile(rb"\s{0,200}(?:\{\s{0,200}[\"}]|\[\s{0,200}[{\]])")

_TEXTS: Final = frozenset(
    (formats.TEXT, formats.WORD, formats.DOCX, formats.PDF, formats.RTF, formats.OPEN_DOCUMENT)
)
"""Formats whose suffix says little where the content is text after all."""


def identify(name: str, stream: IO[bytes]) -> Format | None:
    """Return the format of a file called `name`; ``None`` where no reader takes it.

    `stream` is the file, seekable, read from its start; where it stands afterwards is left open.
    """
    head = stream.read(_HEAD)
    if head.startswith(_ZIP_STARTS):
        return _zip_kind(name, stream)
    if kind := _signature(head):
        return kind
    announced = of_suffix(name)
    if announced is None:
        return None
    return _text_kind(announced, suffix(name), head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf"))


def _signature(head: bytes) -> Format | None:
    for start, kind in _SIGNATURES:
        if head.startswith(start):
            return kind
    if head[257:262] == b"ustar":
        return formats.TAR
    if _BZIP2.match(head):
        return formats.BZIP2
    return formats.PDF if _PDF.search(head, 0, 1024) else None


def _zip_kind(name: str, stream: IO[bytes]) -> Format:
    """Office documents are zip files too."""
    try:
        with open_zip(stream) as archive:
            names = set(archive.namelist())
    except ValueError:
        announced = of_suffix(name)
        return (
            announced if announced is formats.DOCX else formats.ZIP
        )  # whoever opens it says what is wrong with it
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return formats.DOCX
        if "xl/workbook.xml" in names:
            return formats.SPREADSHEET
        if "ppt/presentation.xml" in names:
            return formats.SLIDES
    return formats.OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else formats.ZIP


def _text_kind(announced: Format, ending: str, head: bytes) -> Format:
    if announced is formats.XML:
        return _xml_kind(head) or formats.XML
    if announced is formats.HTML:
        if _STORAGE.search(head, 0, _SCAN):
            return formats.CONFLUENCE
        return formats.HTML if _TAG.search(head) or not head.strip() else formats.TEXT
    if _PAGE.match(head, 0, _SCAN) and announced.module is not None and announced is not formats.EML:
        return formats.HTML
    if announced not in _TEXTS:
        return announced
    kind = _xml_kind(head) or (formats.HTML if _is_fragment(head) else None)
    if kind is None and announced is formats.TEXT:
        kind = _plain_kind(ending, head)
    if kind is None and announced in (formats.PDF, formats.DOCX, formats.OPEN_DOCUMENT):
        return announced
    return kind or formats.TEXT


def _xml_kind(head: bytes) -> Format | None:
    """XML that is known; a text only where it opens with a tag."""
    if not head.lstrip().startswith(b"<"):
        return None
    if _DUMP.search(head, 0, _SCAN):
        return formats.MEDIAWIKI_DUMP
    if _SPACE.search(head, 0, _SCAN):
        return formats.CONFLUENCE_SPACE
    if _STORAGE.search(head, 0, _SCAN):
        return formats.CONFLUENCE
    return formats.HTML if _PAGE.match(head, 0, _SCAN) else None


def _is_fragment(head: bytes) -> bool:
    """A piece of a page: opens with a tag that is closed again, and has more of them."""
    opening = _FRAGMENT.match(head)
    return (
        opening is not None
        and b"</" + opening.group(1).lower() in head.lower()
        and len(_TAG.findall(head, 0, _SCAN)) >= 4
    )


def _plain_kind(ending: str, head: bytes) -> Format | None:
    """A mailbox, a message or JSON whose name says nothing."""
    if _MBOX.match(head):
        return formats.MBOX
    if _is_message(head):
        return formats.EML
    return formats.JSON if not ending and _JSON.match(head) else None


def _is_message(head: bytes) -> bool:
    """A message as mail programs write it, not a report that opens with a few labels."""
    top = re.split(rb"\r?\n\r?\n", head[: _SCAN * 4], maxsplit=1)[0]
    lines = [line for line in top.splitlines() if line[:1] not in b" \t"]
    names = {found.group(1).lower() for line in lines if (found := _HEADER.match(line + b"\n"))}
    return (
        len(names) >= 3
        and len([line for line in lines if _HEADER.match(line + b"\n")]) == len(lines)
        and b"from" in names
        and bool(names & {b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to"})
    )
