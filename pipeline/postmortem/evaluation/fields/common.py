"""What the scorers share."""

from __future__ import annotations

from collections.abc import Callable

from postmortem.evaluation.matching import Facts
from postmortem.evaluation.tally import Tally

Tallies = dict[str, Tally]
Scorer = Callable[[Tallies, Facts, Facts], None]


def tally_of(tallies: Tallies, name: str) -> Tally:
    """Return the tally of a field, a new one where there is none."""
    return tallies.setdefault(name, Tally())


def number(value: object) -> float | None:
    """Return a number of an annotation or record as a float."""
    return None if value is None else float(value)  # type: ignore[arg-type]
