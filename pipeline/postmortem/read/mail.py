"""Messages: the subject as the title, the date, and the words: plain text where there is some, else HTML.

Attachments are reports of their own (`attachments`); the pictures and signatures of a message are none.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.utils
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from typing import Final

from postmortem.read.encoding import decode
from postmortem.read.html import to_text

MAX_PARTS: Final = 200
"""A message of more parts, or parts in one another, is refused."""

MAX_HEADER: Final = 2_000
"""Characters of a header that are looked at."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_BOUNDARY = re.compile(rb"boundary\s{0,3}=|^content-type:\s{0,3}message/rfc822", re.IGNORECASE | re.MULTILINE)
_NO_REPORTS: Final = re.compile(
    r"image/|audio/|video/|application/(?:pgp-|pkcs7-|x-pkcs7-)|text/(?:calendar|x-vcard|vcard)"
)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message: its name ("" for none), media type and bytes."""

    name: str
    media_type: str
    data: bytes


def extract(data: bytes) -> tuple[str, str | None]:
    """Return a message's words and their encoding. Raises ValueError for one that nests too deeply."""
    message = parsed(data)
    words, encoding = _body(message)
    head = [f"# {subject}"] if (subject := header(message, "subject")) else []
    if day := date(message):
        head.append(f"Date: {day}")
    return "\n\n".join([*head, words.lstrip("\r\n")]), encoding


def parsed(data: bytes) -> Message:
    """Return the message in `data`. Raises ValueError for one that nests too deeply."""
    if sum(1 for _ in _BOUNDARY.finditer(data)) > MAX_PARTS:
        raise ValueError(f"a message of more than {MAX_PARTS} nested parts")
    try:
        return email.message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=compat32)
    except (RecursionError, email.errors.MessageError, ValueError, LookupError) as error:
        raise ValueError(f"a damaged message ({type(error).__name__})") from error


def header(message: Message, name: str) -> str:
    """Return a header's words, decoded, on one line; "" where it is missing."""
    return " ".join(_decoded(str(message.get(name, ""))).split())


def _decoded(value: str) -> str:
    """A header's encoded words as characters; bytes that are no UTF-8 become the replacement character."""
    words = value[:MAX_HEADER]
    with suppress(LookupError, ValueError, email.errors.MessageError):
        words = str(email.header.make_header(email.header.decode_header(words)))
    return _CONTROLS.sub(" ", words.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def date(message: Message) -> str:
    """Return the day on which a message was sent, in words: its time and zone are the sender's, not the incident's."""
    found = email.utils.parsedate_tz(header(message, "date"))
    if found is None or not (1 <= found[1] <= 12 and 1 <= found[2] <= 31 and 1970 <= found[0] <= 9999):
        return ""
    return f"{found[2]} {_MONTHS[found[1] - 1]} {found[0]}"


def attachments(message: Message) -> Iterator[Attachment]:
    """Yield the files that came with a message, those of forwarded ones left to them."""
    for part in _leaves(message):
        kind = part.get_content_type()
        if part is message or _NO_REPORTS.match(kind) or _is_body(part):
            continue
        name = _file_name(part)
        if kind == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            data = inner.as_bytes() if isinstance(inner, Message) else b""
            name = name or "message.eml"
        else:
            data = _bytes(part)
        if data:
            yield Attachment(name, kind, data)


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a forwarded message is one."""
    waiting = [message]
    count = 0
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        count += 1
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += reversed([piece for piece in inner if isinstance(piece, Message)])
        elif count <= 10 * MAX_PARTS:
            yield part


def _is_body(part: Message) -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not _file_name(part)
    )


def _body(message: Message) -> tuple[str, str | None]:
    plain: list[tuple[str, str]] = []
    pages: list[tuple[str, str]] = []
    for part in _leaves(message):
        if not (_is_body(part) or (part is message and part.get_content_maintype() == "text")):
            continue
        words = decode(_bytes(part), part.get_content_charset())
        (pages if part.get_content_type() == "text/html" else plain).append(words)
    if pages:
        texts = [(to_text(page), encoding) for page, encoding in pages]
        length = sum(len(words.strip()) for words, _ in plain)
        if length * 3 < sum(len(words) for words, _ in texts) and length < 300:  # "see the HTML part"
            plain = texts
    encodings = [encoding for _, encoding in plain]
    return "\n\n".join(words for words, _ in plain), encodings[0] if encodings else None


def _bytes(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError):
        found = None
    return found if isinstance(found, bytes) else b""


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        return ""
    return _decoded(name).strip()
