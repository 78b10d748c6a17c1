"""Reports that harm whoever converts them: what stands in a text decides. Worker processes import this module."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from examples import FULL
from postmortem.batch import Settings
from postmortem.inputs import Item, load
from postmortem.record import Incident, Source

KILLS = "kills its process"
KILLS_ONCE = "kills its process the first time"
HANGS = "keeps its process in C code"
SLOW = "takes a moment"


def convert(item: Item, settings: Settings) -> tuple[Incident, ...]:
    """A record without parsing; each attempt is noted beside the file (hidden, so that it is no input)."""
    source = load(item, settings.limits)
    text = source.text or ""
    count = _note(item.path) if item.path else 0
    if text == KILLS or (text == KILLS_ONCE and count == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if text == HANGS:
        sum(range(10**12))
    if text == SLOW:
        time.sleep(0.01)
    return (Incident(id=item.name, source=Source(item.name, source.sha256, characters=len(text))),)


def full(item: Item, settings: Settings) -> tuple[Incident, ...]:
    """A record that has everything, of two incidents where the text says "two"; each attempt is noted as above."""
    source = load(item, settings.limits)
    if item.path:
        _note(item.path)
    identity = str(source.sha256)[:16]
    text = source.text if settings.with_text else None
    kept = replace(source, text=text)
    first = replace(FULL, id=identity, source=replace(kept, part=None), text=text)
    if "two" not in str(source.text):
        return (first,)
    return tuple(
        replace(FULL, id=f"{identity}{end}", source=replace(kept, part=part), text=text)
        for part, end in ((1, ""), (2, "-2"))
    )


def _note(path: Path) -> int:
    with open(noted(path), "a+b") as stream:
        stream.write(b".")
        stream.flush()
        return stream.tell()


def noted(path: Path) -> Path:
    """Where the attempts at a file are noted, one byte each."""
    return path.with_name(f".{path.name}.tried")


def tries(path: Path) -> int:
    """How often a file was tried."""
    return noted(path).stat().st_size if noted(path).exists() else 0
