"""Affected services and regions."""

from __future__ import annotations

import pytest

from postmortem.clock.carry import Calendar
from postmortem.extract.affected import affected
from postmortem.normalize import normalize
from postmortem.report import Report


def found(text: str) -> tuple[list[str], list[str]]:
    document = normalize(text)
    value = affected(Report(document, (), Calendar(document)))
    for named in (*value.services, *value.regions):
        assert text[named.evidence.start : named.evidence.end] == named.evidence.text
    return [s.name for s in value.services], [r.name for r in value.regions]


CASES = {
    "field list": (
        "# Outage\n\nServices affected: Billing API, checkout and search\n",
        ["Billing API", "checkout", "search"],
        [],
    ),
    "field of a sentence": (
        "# Outage\n\nServices affected: users were unable to pay\n",
        [],
        [],
    ),
    "suffered": (
        "# Outage\n\n## Summary\nFor an hour the checkout service was unavailable.\n",
        ["checkout service"],
        [],
    ),
    "outage of": (
        "# Outage\n\n## Summary\nThere was a disruption of the login service.\n",
        ["login service"],
        [],
    ),
    "customers using": (
        "# Outage\n\n## Impact\nCustomers using Blob Vault in West Europe may have seen errors.\n",
        ["Blob Vault"],
        ["West Europe"],
    ),
    "out of reach": ("# Outage\n\nNobody could open the lunch calendar.\n", ["lunch calendar"], []),
    "by name": ("# Outage\n\n## Summary\nStreet Maps failed for an hour.\n", ["Street Maps"], []),
    "bare label": (
        "| Field | Value |\n|---|---|\n| Affected | stock-sync, labels |\n",
        ["stock-sync", "labels"],
        [],
    ),
    "bare label of people": ("# Outage\n\nAffected: 30 users\n", [], []),
    "label between dots": (
        "# Outage\n\n*sev-1 · services: shop, seat-map · 23 Feb 2024*\n",
        ["shop", "seat-map"],
        [],
    ),
    "dotted leader": (
        "Outage\n======\n\nSystem ...... ledger, payouts\nDuration .... 3 hours\n",
        ["ledger", "payouts"],
        [],
    ),
    "one thing and what became of it": (
        "# Outage\n\nFrom 05:50 to 08:35 the parcel sorter in hall 2 stood still.\n",
        ["parcel sorter"],
        ["hall 2"],
    ),
    "one thing that answered wrongly": (
        "# Outage\n\n## Summary\nThe forecast API of Nimbora returned stale data.\n",
        ["forecast API"],
        [],
    ),
    "a part of the machinery that failed": (
        "# Outage\n\n## Summary\nThe primary was down, the migration failed.\n",
        [],
        [],
    ),
    "behind a clause": (
        "# Outage\n\nAs many of you saw, the homework portal and the canteen app were not reachable on Tuesday.\n",
        ["homework portal", "canteen app"],
        [],
    ),
    "below a letter's head": (
        "MEMO\n\nTo: All wards\nFrom: Clinical IT\nRe: Viewer\n\nThe viewer at the Northgate and Elmfield hospitals was unavailable.\n",
        ["viewer"],
        ["Northgate", "Elmfield"],
    ),
    "cities of a network": (
        "Errors in Frankfurt and Warsaw\n\nOur engineers in Oslo saw errors for traffic from Turin.\n",
        [],
        ["Frankfurt", "Warsaw", "Turin"],
    ),
    "places in brackets": (
        "# Outage\n\n## Impact\n2 branches (Graz, Linz) could not pay out cash.\n",
        [],
        ["Graz", "Linz"],
    ),
    "a shop that is part of a name": (
        "# Summary of the Anvil Object Store event\n\nRequests in the Region failed.\n",
        [],
        [],
    ),
    "heading words in capitals": ("REASON FOR OUTAGE\n\nService: Metro Ethernet\n", ["Metro Ethernet"], []),
    "component in brackets": (
        "*This incident affected: Text Delivery (Fiji).*\n",
        ["Text Delivery"],
        ["Fiji"],
    ),
    "front matter": (
        "---\ntitle: Outage\nservices: [edge, media-cdn]\nregions:\n  - north-1\n---\n\nIt broke.\n",
        ["edge", "media-cdn"],
        ["north-1"],
    ),
    "place": ("# Outage\n\n## Impact\nNobody in Norway could pay.\n", [], ["Norway"]),
    "place of a team": ("# Outage\n\n## Impact\nThe team from Norway office found it.\n", [], []),
    "zone of the clock": ("# Outage\n\nZone: UTC-3\n", [], []),
    "codes": (
        "# Outage\n\n## Summary\nHosts in us-east-1 and EU-WEST-1 were down.\n",
        [],
        ["us-east-1", "EU-WEST-1"],
    ),
    "zone": ("# Outage\n\n## Summary\nHosts in us-central1-f were down.\n", [], ["us-central1-f"]),
    "region field": ("# Outage\n\nRegions: West Europe\n", [], ["West Europe"]),
    "all regions": ("# Outage\n\n## Impact\nWrites failed in all regions.\n", [], ["all regions"]),
    "said twice": (
        "# Outage\n\n## Summary\nus-east-1 was down.\n\n## Impact\nAll of us-east-1 was down.\n",
        [],
        ["us-east-1"],
    ),
    "joined": (
        "# Outage\n\n## Summary\nThe checkout and the order history of our shop were unavailable.\n",
        ["checkout", "order history"],
        [],
    ),
    "joined users": ("# Outage\n\n## Summary\nUsers and staff were affected.\n", [], []),
    "joined at a place": (
        "# Outage\n\n## Summary\nThe gates at the Main and Harbour branches were down.\n",
        [],
        [],
    ),
    "in brackets": (
        "# Outage\n\n## Impact\nTwo public services (permits and bin collection) showed an error page.\n",
        ["permits", "bin collection"],
        [],
    ),
    "product in the title": ("# Outage of Paperkite, 3 May\n\n## Summary\nIt broke.\n", ["Paperkite"], []),
    "code name": ("# Outage\n\n## Summary\nThe ledger-api returned 500.\n", ["ledger-api"], []),
    "sign-ins": ("# Outage\n\n## Summary\nOne in five sign-ins to Harbor ID failed.\n", ["Harbor ID"], []),
    "offices": ("# Outage\n\n## Summary\nThe offices in Lille and Metz lost power.\n", [], ["Lille", "Metz"]),
    "sufferers": (
        "# Outage\n\n## Impact\nShoppers in Belgium and the Netherlands could not pay.\n",
        [],
        ["Belgium", "Netherlands"],
    ),
    "stack": ("# Outage\n\n## Impact\nTrackers in the EU stack sent nothing.\n", [], ["EU"]),
    "no place": ("# Outage\n\n## Impact\nUsers in March and customers on Monday waited.\n", [], []),
    "nothing said": ("# Outage\n\n## Summary\nIt broke.\n", [], []),
    "empty": ("", [], []),
}


@pytest.mark.parametrize(("text", "services", "regions"), CASES.values(), ids=CASES)
def test_affected(text: str, services: list[str], regions: list[str]) -> None:
    assert found(text) == (services, regions)
