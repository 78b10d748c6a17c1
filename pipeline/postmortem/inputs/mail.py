"""Mailboxes and the attachments of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Final

from postmortem.inputs.model import Item, failed
from postmortem.inputs.node import Budget, Metadata, Node, Options, in_megabytes, member_name
from postmortem.read.formats import EML, of_media_type, suffix

_LINE: Final = 1 << 20
_POSTMARK: Final = re.compile(rb"From \S{1,300}[ \t][^\n]{4,100}\d{4}|From (?:MAILER-DAEMON|-)[ \t\r\n]")
_QUOTED: Final = re.compile(rb"^>(>{0,9}From )", re.MULTILINE)
_KEPT: Final = ("subject", "from", "date", "message-id")


def messages(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield the messages of an mbox file, numbered from 1 in its order."""
    number = 0
    for data in _split(stream, options.limits.container_bytes):
        number += 1
        budget.member()
        name = f"{node.name}#{number}"
        if data is None:
            yield failed(name, f"larger than {in_megabytes(options.limits.container_bytes)}")
            continue
        budget.unpacked(len(data))
        yield Node(name, None, data, node.depth + 1, media_type=EML.media_type)


def message(node: Node, stream: IO[bytes], options: Options, budget: Budget) -> Iterator[Node | Item]:
    """Yield a message itself, then each file that came with it. Raises ValueError for one that nests too deeply."""
    from postmortem.read.mail import attachments, header, parsed

    data = stream.read(options.limits.container_bytes + 1)
    if len(data) > options.limits.container_bytes:
        raise ValueError(f"larger than {in_megabytes(options.limits.container_bytes)}")
    whole = parsed(data)
    kept: Metadata = tuple((name, words) for name in _KEPT if (words := header(whole, name)))
    yield node.item(kept)
    for number, part in enumerate(attachments(whole), 1):
        budget.member()
        budget.unpacked(len(part.data))
        name = member_name(part.name) if part.name else f"attachment-{number}"
        known = of_media_type(part.media_type) if not suffix(name) else None
        yield node.member(name, part.data, kept[:1], known.media_type if known else None)


def _split(stream: IO[bytes], most: int) -> Iterator[bytes | None]:
    """Each message's bytes without its postmark; ``None`` for one larger than `most`."""
    lines: list[bytes] | None = None
    size = 0
    blank = True
    while line := stream.readline(_LINE):
        if blank and _POSTMARK.match(line):
            if lines is not None:
                yield _unquoted(lines) if size <= most else None
            lines, size = [], 0
        else:
            lines = lines if lines is not None else []
            size += len(line)
            if size <= most:
                lines.append(line)
        blank = not line.strip(b"\r\n")
    if lines is not None and size:
        yield _unquoted(lines) if size <= most else None


def _unquoted(lines: list[bytes]) -> bytes:
    """A message as it was before it was put into the mailbox, which adds an empty line and marks lines like its own."""
    body = lines[:-1] if lines and not lines[-1].strip(b"\r\n") else lines
    return _QUOTED.sub(rb"\1", b"".join(body))
