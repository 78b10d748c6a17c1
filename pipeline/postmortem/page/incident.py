"""One incident as HTML: its facts beside its text, each fact leading to the place that says so.

Used twice: as what a notebook shows of an `Incident`, and as what a report page opens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from postmortem.facts import Fact, evidence, facts
from postmortem.page.highlight import Spot, line_numbers, lines, plain, spots, visible
from postmortem.record import Evidence, Incident

if TYPE_CHECKING:
    from jinja2 import Environment

# The fields in the order of the legend.
FIELDS: Final = (
    "title", "outage", "impact", "severity", "affected", "detection", "trigger", "root cause", "category",
    "factor", "false lead", "resolution", "timeline", "action", "lessons", "section",
)  # fmt: skip
# Which facts belong together; all others are circumstances.
_PARTS: Final = {
    "cause": frozenset({"trigger", "root cause", "factor", "false lead", "category", "resolution"}),
    "timeline": frozenset({"timeline"}),
    "actions": frozenset({"action"}),
    "lessons": frozenset({"went well", "went wrong", "got lucky"}),
    "findings": frozenset({"finding"}),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as a page shows it: `places` are (spot number, line) of its evidence, in the fact's order, each line once."""

    fact: Fact
    stamp: str
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring facts under one label; `first` of those that tell of one thing: the window, the cause, the steps …"""

    label: str
    field: str
    facts: tuple[Shown, ...]
    first: bool


@cache
def templates() -> Environment:
    """The package's templates: everything that is put into them is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("postmortem.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["visible"] = visible
    made.filters["plain"] = plain
    made.filters["slug"] = lambda name: name.replace(" ", "-") or "other"
    return made


@cache
def asset(name: str) -> str:
    """The text of one of the package's style sheets or scripts."""
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")


def incident_html(incident: Incident) -> str:
    """Return an incident as a self-contained piece of HTML for a notebook: its style, its facts, its highlighted text.

    It needs no script, follows the colours of the page that it stands in, and the same incident gives the same bytes.
    Its anchors are its own among other incidents' (the same one shown twice shares them).
    """
    made = templates().get_template("notebook.html").render(style=asset("incident.css"), **context(incident))
    return made.encode("utf-8", "replace").decode("utf-8")


def fragment(incident: Incident, prefix: str) -> str:
    """Return the facts and the highlighted text alone, for a page that has the style already; anchors begin with `prefix`."""
    return templates().get_template("incident.html").render(**context(incident, prefix))


def context(incident: Incident, prefix: str | None = None) -> dict[str, Any]:
    """What the template `incident.html` is filled with."""
    text = incident.text or ""
    found = list(evidence(incident))
    numbered = spots(found, len(text))
    marked = list(numbered.values())
    return {
        "prefix": prefix or anchor(incident),
        "name": _name(incident),
        "groups": list(_groups(incident, numbered, line_numbers(text, marked))),
        "lines": list(lines(text, marked)) if text else [],
        "legend": [field for field in FIELDS if any(spot.field == field for spot in marked)],
    }


def anchor(incident: Incident) -> str:
    """What the anchors of an incident begin with: the same whenever it is shown, another one for any other incident."""
    name = f"{incident.source.path}\0{incident.source.part}\0{incident.id}"
    return "pm-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _name(incident: Incident) -> str:
    name = incident.source.path or incident.id
    return f"{name} ({incident.source.part})" if incident.source.part else name


def _groups(
    incident: Incident, numbered: Mapping[tuple[str, Evidence], Spot], where: Mapping[int, int]
) -> Iterator[Group]:
    """The facts under their labels, neighbours with one label together."""
    before = _part("title")
    told = _shown(incident, numbered, where)
    for (label, field), members in groupby(told, key=lambda shown: (shown.fact.label, shown.fact.field)):
        part = _part(label)
        yield Group(label, field, tuple(members), part != before)
        before = part


def _part(label: str) -> str:
    return next((part for part, labels in _PARTS.items() if label in labels), "circumstances")


def _shown(
    incident: Incident, numbered: Mapping[tuple[str, Evidence], Spot], where: Mapping[int, int]
) -> Iterator[Shown]:
    day = ""
    for fact in facts(incident):
        here = [numbered[fact.field, e] for e in fact.evidence if (fact.field, e) in numbered]
        stamp = fact.stamp
        # A timeline tells each day once.
        if day and stamp.startswith(day):
            stamp = stamp[len(day) :]
        elif len(fact.stamp) > 11 and fact.stamp[10] == " ":
            day = fact.stamp[:11]
        first_on = {where[spot.number]: spot.number for spot in reversed(here)}
        places = {spot.number: line for spot in here if first_on[line := where[spot.number]] == spot.number}
        yield Shown(fact, stamp, tuple(places.items()))
