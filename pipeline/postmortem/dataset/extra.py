"""Libraries that only some outputs need."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class MissingExtraError(RuntimeError):
    """A library is not installed; the message says how to get it."""


def need(module: str, extra: str, purpose: str) -> Any:
    """Return an optional library. Raises `MissingExtraError` where it is not installed, naming the `extra` that brings it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{purpose} needs {module.split('.')[0]}: pip install 'postmortem-pipeline[{extra}]'"
        ) from error
