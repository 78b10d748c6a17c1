"""A report and a record that tests share."""

from __future__ import annotations

from postmortem.record import (
    Action,
    Affected,
    Category,
    Confidence,
    Detection,
    Entry,
    Evidence,
    Extent,
    FalseLead,
    Figure,
    Finding,
    Impact,
    Incident,
    Lessons,
    Metrics,
    Milestones,
    Named,
    Outage,
    Percentage,
    Point,
    Quoted,
    Resolution,
    RootCause,
    Section,
    Severity,
    Source,
    Statement,
)

REPORT = """\
# Checkout outage of 4 March 2024

## Summary
On 4 March 2024 from 14:05 to 15:20 UTC about 30% of shoppers could not pay.

## Timeline (UTC)
- 14:05 Payments start to fail.
- 14:09 An alert pages the engineer on call.
- 14:40 The expired certificate is found.
- 15:20 The new certificate is in place and payments work again.

## Root cause
The outage was caused by an expired TLS certificate on the payment gateway.

## Action items
- Add an alert for certificates that expire within 30 days.
"""

E = Evidence(0, 4, "down", "rule")
P = Point("2023-12-13", "14:00", "+01:00", "WAT", "2023-12-13T14:00:00+01:00", (E,))
Q = Quoted("down", E)
FULL = Incident(
    id="0123456789abcdef-2",
    source=Source("a/b.md", "0" * 64, "text/markdown", "utf-8", 4, 2, (("subject", "Down"),), "down"),
    title=Q,
    sections=(Section("Summary", ("summary",), 2, E, Extent(4, 4)),),
    outage=Outage(P, P, 210.0, None, "stated", (E,)),
    severity=Severity("SEV-1", 1, E),
    affected=Affected((Named("api", E),), (Named("eu", E),)),
    impact=Impact(Q, (Percentage(20.0, 30.0, "~", "users", None, E),), (Figure(12.0, "orders", "count", E),)),
    detection=Detection("monitoring", E),
    timeline=(Entry(P, P, "down", "impact", E), Entry(P, None, "up", "resolution", E)),
    milestones=Milestones(started_at=P),
    metrics=Metrics(time_to_detect_minutes=2.0),
    root_cause=RootCause("down", 0.9, (E,)),
    trigger=Statement("deployment", "down", E),
    contributing_factors=(Statement("missing_monitoring", "down", E),),
    false_leads=(FalseLead("down", E),),
    resolution=Resolution("down", "fix", (E,)),
    categories=(Category("code_bug", 0.91, (E,)),),
    actions=(Action("down", "prevent", None, None, None, E),),
    lessons=Lessons((Q,), (Q,), (Q,)),
    confidence=Confidence(outage=0.9),
    findings=(Finding("duration_mismatch", "down", (E,)),),
)
