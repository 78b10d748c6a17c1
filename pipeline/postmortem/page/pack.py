"""Much data in little space within one HTML file: compressed, in letters that no mark-up can be made of."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from typing import Any


def packed(value: Any) -> str:
    """Return a JSON value as base64 of zlib-compressed UTF-8: what a browser's ``DecompressionStream("deflate")`` reads."""
    words = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(words.encode("utf-8", "replace"), 9)).decode("ascii")


def unpacked(letters: str) -> Any:
    """Return the value that `packed` was given."""
    return json.loads(zlib.decompress(base64.b64decode(letters)))


def source_hash(inline: str) -> str:
    """Return an inline style's or script's source expression for a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode('ascii')}'"
