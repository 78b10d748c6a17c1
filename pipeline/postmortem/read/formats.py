"""Which reader reads which file: the registry of formats.

A further format is one module with ``extract(data: bytes) -> tuple[str, str | None]`` (the text and the name of its
encoding; `ValueError` with a one-line reason where the bytes are not of that format) and one entry here. What tells it
from others by content stands in `postmortem.read.sniff`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A media type, the file suffixes that announce it, and the module that reads it (imported on first use).

    One without a module holds no single report: a container, or a type that is known and not read; `refusal` says so.
    """

    media_type: str
    suffixes: tuple[str, ...]
    module: str | None = None
    refusal: str = "holds many reports: `postmortem convert` takes it"


_TEXT_READER: Final = "postmortem.read.text"

TEXT: Final = Format("text/plain", (".txt", ".text", ""), _TEXT_READER)
MARKDOWN: Final = Format("text/markdown", (".md", ".markdown", ".mdown"), _TEXT_READER)
HTML: Final = Format("text/html", (".html", ".htm", ".xhtml"), "postmortem.read.html")
CONFLUENCE: Final = Format("application/x-confluence-storage+xml", (), "postmortem.read.confluence")
MEDIAWIKI: Final = Format(
    "text/x-wiki", (".wiki", ".mediawiki", ".mw", ".wikitext"), "postmortem.read.mediawiki"
)
DOCX: Final = Format(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx", ".docm", ".dotx"),
    "postmortem.read.docx",
)
PDF: Final = Format("application/pdf", (".pdf",), "postmortem.read.pdf")
RTF: Final = Format("application/rtf", (".rtf",), "postmortem.read.rtf")
EML: Final = Format("message/rfc822", (".eml",), "postmortem.read.mail")

FORMATS: Final = (
    TEXT,
    MARKDOWN,
    Format("text/x-rst", (".rst",), _TEXT_READER),
    Format("text/asciidoc", (".adoc", ".asciidoc"), _TEXT_READER),
    Format("text/x-org", (".org",), _TEXT_READER),
    HTML,
    CONFLUENCE,
    MEDIAWIKI,
    DOCX,
    PDF,
    RTF,
    EML,
)

ZIP: Final = Format("application/zip", (".zip",))
TAR: Final = Format("application/x-tar", (".tar",))
GZIP: Final = Format("application/gzip", (".gz", ".tgz"))
BZIP2: Final = Format("application/x-bzip2", (".bz2", ".tbz", ".tbz2"))
XZ: Final = Format("application/x-xz", (".xz", ".txz"))
MBOX: Final = Format("application/mbox", (".mbox",))
CSV: Final = Format("text/csv", (".csv",))
TSV: Final = Format("text/tab-separated-values", (".tsv",))
JSON_LINES: Final = Format("application/jsonl", (".jsonl", ".ndjson"))
JSON: Final = Format("application/json", (".json",))
PARQUET: Final = Format("application/vnd.apache.parquet", (".parquet",))
MEDIAWIKI_DUMP: Final = Format("application/x-mediawiki-export+xml", ())
CONFLUENCE_SPACE: Final = Format("application/x-confluence-export+xml", ())

CONTAINERS: Final = (
    ZIP, TAR, GZIP, BZIP2, XZ, MBOX, CSV, TSV, JSON_LINES, JSON, PARQUET, MEDIAWIKI_DUMP, CONFLUENCE_SPACE,
)  # fmt: skip

WORD: Final = Format(
    "application/x-ole-storage", (".doc", ".dot", ".msg"), refusal="an older Office file: save it as .docx"
)
OPEN_DOCUMENT: Final = Format(
    "application/vnd.oasis.opendocument.text", (".odt",), refusal="an OpenDocument text: save it as .docx"
)
SPREADSHEET: Final = Format(
    "application/vnd.openxmlformats-officedocument", (".xlsx",), refusal="a spreadsheet: save it as .csv"
)
SLIDES: Final = Format(
    "application/vnd.openxmlformats-officedocument", (".pptx",), refusal="slides: save them as PDF"
)
XML: Final = Format("application/xml", (".xml",), refusal="XML of no known kind")

REFUSED: Final = (WORD, OPEN_DOCUMENT, SPREADSHEET, SLIDES, XML)

_ALL: Final = (*FORMATS, *CONTAINERS, *REFUSED)
_BY_SUFFIX: Final = {suffix: kind for kind in _ALL for suffix in kind.suffixes}
_BY_MEDIA_TYPE: Final = {kind.media_type: kind for kind in _ALL}
# "incident-2023.12" and "report v1.2" have a number after the dot, no suffix.
_SUFFIX = re.compile(r"\.(?=[^.]{0,12}[a-z])[a-z0-9_+-]{1,12}$", re.IGNORECASE)


def suffix(name: str) -> str:
    """Return the suffix of a file's name in lower case, "" for none."""
    base = PurePosixPath(name.replace("\\", "/")).name
    found = _SUFFIX.search(base, 1) if base else None
    return found.group().lower() if found else ""


def of_suffix(name: str) -> Format | None:
    """Return the format that the suffix of `name` announces."""
    return _BY_SUFFIX.get(suffix(name))


def of_media_type(media_type: str) -> Format | None:
    """Return the format of a media type."""
    return _BY_MEDIA_TYPE.get(media_type)
