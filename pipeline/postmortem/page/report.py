"""The report page of a data set: one HTML file that needs nothing else, from headline figures down to the sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from postmortem.page.figures import figures
from postmortem.page.incident import asset, fragment, templates
from postmortem.page.pack import packed, source_hash
from postmortem.page.plots import plots
from postmortem.page.rows import COLUMNS, facets, keys, row
from postmortem.record import Incident

# Incidents that are unpacked together when one of them is opened.
_CHUNK: Final = 20


def report(incidents: Sequence[Incident], *, name: str) -> str:
    """Return the page of a data set that is called `name`, as the text of one HTML file.

    Incidents are listed in the order given and shown with their highlighted text where they have it (`Incident.text`). The same
    incidents give the same bytes. The page loads nothing, and its policy forbids it to.
    """
    named = keys(incidents)
    rows = [row(incident, key) for incident, key in zip(incidents, named, strict=True)]
    style = asset("report.css") + asset("incident.css")
    script = asset("report.js")
    shown, sets = plots(incidents)
    places = _places(incidents)
    html = (
        templates()
        .get_template("report.html")
        .render(
            name=name,
            style=style,
            script=script,
            style_hash=source_hash(style),
            script_hash=source_hash(script),
            figures=list(figures(incidents)),
            plots=shown,
            sets=packed({name: [words, *(places[i] for i in ids)] for name, (words, ids) in sets.items()}),
            facets=facets(rows),
            count=len(incidents),
            index=packed({"columns": COLUMNS, "rows": rows, "chunk": _CHUNK}),
            chunks=list(_chunks(incidents, named)),
        )
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def _places(incidents: Sequence[Incident]) -> dict[str, int]:
    """Where in the list each id stands first."""
    found: dict[str, int] = {}
    for place, incident in enumerate(incidents):
        found.setdefault(incident.id, place)
    return found


def _chunks(incidents: Sequence[Incident], named: Sequence[str]) -> Iterator[str]:
    """The incidents' own HTML, some at a time, packed."""
    for first in range(0, len(incidents), _CHUNK):
        group = zip(incidents[first : first + _CHUNK], named[first : first + _CHUNK], strict=True)
        yield packed([fragment(incident, f"incident={key}&at") for incident, key in group])
