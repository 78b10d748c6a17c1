"""Corrective and preventive actions: the items, rows and sentences in which a report asks for something.

Sections and fields named ``actions`` are read item by item; prose in them sentence by sentence. Where a report has none
of these, items among its lessons and sentences that commit to something are taken instead.
"""

from __future__ import annotations

from postmortem.document import Document
from postmortem.extract.actions.choice import settled
from postmortem.extract.actions.elsewhere import committed, taught, ticked
from postmortem.extract.actions.kinds import type_of
from postmortem.extract.actions.model import Found
from postmortem.extract.actions.named import headed, zoned
from postmortem.extract.actions.wording import words_of
from postmortem.extract.actions.zones import zones_of
from postmortem.extract.attributes import Attributes, attributes
from postmortem.record import Action
from postmortem.report import Report


def actions(report: Report) -> tuple[Action, ...]:
    """Return the corrective and preventive actions of `report`, in text order.

    `text` leaves out bullet, number, check box and a bare label such as "Task 1:"; evidence is the item as it stands in the text.
    Steps taken during the incident are left out.
    """
    document = report.document
    found = settled(report, by_rules(document))
    texts = {item: document.quote(item.start, item.end) for item in found}
    once = {texts[item].lower(): item for item in reversed(found)}
    items = sorted(once.values(), key=lambda item: item.start)
    said = [attributes(document.plain[i.start : i.end], document.text[i.start : i.end]) for i in items]
    named = any(one.listed for one in said)
    return tuple(
        _action(report, item, texts[item], one, named=named) for item, one in zip(items, said, strict=True)
    )


def by_rules(document: Document) -> list[Found]:
    """Return the actions that the rules find."""
    zones = zones_of(document)
    found = [*zoned(document, zones)]
    found += [*headed(document, zones, found), *taught(document)]
    found += ticked(document, found)
    return found or [*committed(document)]


def _action(report: Report, item: Found, text: str, said: Attributes, *, named: bool) -> Action:
    document = report.document
    return Action(
        text,
        item.type or type_of(words_of(document, item.start, min(item.end, item.start + said.first))),
        item.owner or said.owner or (said.maybe if named else None),
        item.due or said.due,
        item.ticket or said.ticket,
        report.evidence(item.start, item.end, item.rule),
    )
