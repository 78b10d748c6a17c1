"""The annotated reports of the project that are learnt from, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from postmortem.learned.choice import ChoiceModel
from postmortem.learned.linear import LinearModel
from postmortem.learned.packaged import standing_in
from postmortem.read import read

# In this one the first letter of a report's name says whose hand wrote it.
BY_HAND: Final = "annotated"
# The other sets, and what is published, are there to measure on.
_SETS: Final = (BY_HAND, "validation", "validation2", "validation3", "validation4")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A report: the set, or the hand, that it is of, its text as read, and the facts in it (``data/SAMPLES.md``)."""

    group: str
    text: str
    facts: Mapping[str, Any]


Unseen = Mapping[str, Sequence[LinearModel | ChoiceModel]]


def annotated(data: Path, unseen: Unseen = MappingProxyType({})) -> Iterator[Annotated]:
    """Yield the samples and the annotated reports below a project's folder `data`, set by set, in the order of their names.

    `unseen` are, by group, models that were trained without its reports: until the next report is asked for, they stand in for
    those of the package, which have seen them.
    """
    for group, expected, documents in (
        ("samples", data / "expected", data / "samples"),
        *((name, data / name / "expected", data / name / "reports") for name in _SETS),
    ):
        for path in sorted(expected.glob("*.json")):
            facts = json.loads(path.read_text(encoding="utf-8"))
            hand = f" {path.name[0]}" if group == BY_HAND else ""
            with standing_in(*unseen.get(group + hand, ())):
                yield Annotated(group + hand, read(documents / facts["file"]).text or "", facts)
