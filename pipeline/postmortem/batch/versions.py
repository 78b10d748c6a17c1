"""Which pipeline made a record: what has to be the same for an earlier run's records to be as good as new ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from postmortem import __version__
from postmortem.batch.model import Settings
from postmortem.learned.packaged import packaged
from postmortem.record import SCHEMA_VERSION

_MODEL_FILES: Final = ("model.json", "weights.npz")


def fingerprint(settings: Settings) -> dict[str, str]:
    """Return what a batch's records depend on, by name: `pipeline` and what `settings` say.

    Limits are not among it: they decide which reports fail, and those are tried again in every run.
    """
    own = Path(settings.model) if settings.model else None
    return {
        **pipeline(),
        "model": _digest(own / name for name in _MODEL_FILES) if own else "",
        "settings": f"{settings.form}{' tables' * settings.tables}{' with text' * settings.with_text}",
    }


@cache
def pipeline() -> dict[str, str]:
    """Return the versions of this installation, by name; digests where there is no number."""
    package = resources.files("postmortem")
    return {
        "version": __version__,
        "schema": SCHEMA_VERSION,
        "vocabulary": _digest(_below(package / "vocabulary", ".toml")),
        "models": _digest(_below(packaged(""), *_MODEL_FILES)),
        "code": _digest(_below(package, ".py")),
    }


def _below(folder: Traversable, *ends: str) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _below(entry, *ends)
        elif entry.name.endswith(ends):
            found.append(entry)
    return found


def _digest(files: Iterable[Traversable]) -> str:
    found = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        found.update(f"{file.name}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()[:16]
