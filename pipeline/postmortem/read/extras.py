"""Libraries that come with an extra, imported when the first file needs them."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def optional(module: str, kind: str, extra: str = "formats") -> Any:
    """Return `module`. Raises ValueError where it is not installed: `kind` files need `extra`."""
    try:
        return import_module(module)
    except ImportError as error:
        raise ValueError(f"{kind} files need an extra: pip install 'postmortem-pipeline[{extra}]'") from error
