"""How many reports say what: the quality of the data, field by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from postmortem.trends.intervals import wilson
from postmortem.trends.population import counted, population, resting_on

if TYPE_CHECKING:
    import pandas as pd

    from postmortem.frames import Frames

_COUNTS: Final = (
    "services",
    "regions",
    "timeline_entries",
    "contributing_factors",
    "false_leads",
    "actions",
    "lessons",
)
_VALUES: Final = (
    "title",
    "start_time",
    "utc_offset",
    "end_time",
    "duration_minutes",
    "severity",
    "detection",
    "impact_percent",
    "root_cause",
    "category",
    "trigger",
    "resolution",
    "minutes_to_detect",
    "minutes_to_identify",
    "minutes_to_mitigate",
    "minutes_to_resolve",
)
_DERIVED: Final[dict[str, Callable[[Any], Any]]] = {
    "start_year": lambda told: told["year"].notna(),
    "start_day": lambda told: told["day"].notna(),
}


def coverage(frames: Frames) -> pd.DataFrame:
    """Return for each field how many of the incidents say it, the best known first.

    `field` is a column of `incidents` (a count is said where it is above 0), or ``start_year`` and ``start_day``: the
    start's date as far as the year, and whole. `n` of `total` are `share`, with its 95 % interval `low` to `high`. What is
    counted is what was found: a field may be missing because the report leaves it out or because it was overlooked.
    """
    import pandas as pd

    told = population(frames)
    said = {name: told[name].notna() for name in _VALUES}
    said |= {name: (told[name] > 0).fillna(False) for name in _COUNTS}
    said |= {name: get(told) for name, get in _DERIVED.items()}
    rows = sorted(((name, int(has.sum())) for name, has in said.items()), key=lambda row: (-row[1], row[0]))
    frame = pd.DataFrame(rows, columns=["field", "n"]).astype({"field": "string", "n": "int64"})
    low, high = wilson(frame["n"], len(told))
    made = counted(frame, frame["n"], len(told)).assign(
        share=frame["n"] / max(len(told), 1), low=low, high=high
    )
    return resting_on(made, len(told), len(told))
