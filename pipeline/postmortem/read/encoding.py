"""Bytes to characters: the encoding found, never asked for."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 60_000
# What no text holds: NUL and the control characters other than white space, form feed, escape and backspace.
_CONTROLS = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of `data` without its byte-order mark, and the name of its encoding (a Python codec).

    `declared` is what the file says of itself (an HTML page's ``charset``), tried after UTF-8. Line ends are untouched.
    Raises ValueError for data that is no text.
    """
    text, encoding = _decode(data, declared)
    if len(_CONTROLS.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 100:
        raise ValueError("binary data, not text")
    return text, encoding


def _decode(data: bytes, declared: str | None) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    if wide := _utf16(data):
        return data.decode(wide, "replace"), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            return data.decode(declared), codecs.lookup(declared).name
        except (LookupError, UnicodeDecodeError):
            pass
    return _guess(data)


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: in a Western text every other byte is NUL."""
    if b"\0" not in data[:_SAMPLE]:
        return None
    sample = data[: _SAMPLE - _SAMPLE % 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half // 2 and even <= half // 20:
        return "utf-16-le"
    if even > half // 2 and odd <= half // 20:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> tuple[str, str]:
    """Neither UTF-8 nor UTF-16: mostly ASCII is Windows-1252, whatever is left charset-normalizer decides."""
    loose = data.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    if sum(map(loose.count, "–—’‘“”…é•→")) > 3 * broken:
        return loose, "utf-8"  # UTF-8 with a few damaged bytes
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)
    narrow = ["cp1252", "latin_1"] if high * 3 < len(sample) else None
    best = from_bytes(sample, cp_isolation=narrow).best()
    for name in (best.encoding if best else "cp1252", "cp1252"):
        try:
            return data.decode(name), codecs.lookup(name).name
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace"), "cp1252"
