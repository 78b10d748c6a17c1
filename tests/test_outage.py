"""The outage window: start, end, zone and length, from fields, prose, timelines and status pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem.clock import scan
from postmortem.clock.carry import Calendar
from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.normalize import normalize
from postmortem.record import Evidence, Outage, Point
from postmortem.report import Report


def window(text: str) -> Outage:
    document = normalize(text)
    mentions = scan(document.plain)
    report = Report(document, mentions, Calendar.of(document, mentions))
    return outage(report, timeline(report))


def told(point: Point | None) -> str:
    return "None" if point is None else f"{point.date} {point.time} {point.utc_offset}"


# text, basis, start, end, minutes, minutes as stated
CASES = [
    ('# Checkout outage\n\n## Summary\nOn 3 June 2023 the checkout service was down for 45 minutes, between 14:05 and 14:50 CEST. About 20% of orders failed.\n',
     'stated', '2023-06-03 14:05 +02:00', '2023-06-03 14:50 +02:00', 45.0, 45.0),
    ('# Incident 2021-11-02\n\nStart: 09:12 UTC\nEnd: 10:40 UTC\n\n## Impact\nLogins failed.\n',
     'stated', '2021-11-02 09:12 +00:00', '2021-11-02 10:40 +00:00', 88.0, None),
    ('| Field | Value |\n|---|---|\n| Date | 2022-04-05 |\n| Start time | 18:20 |\n| End time | 19:05 |\n| Time zone | EST |\n| Duration | 45 min |\n',
     'stated', '2022-04-05 18:20 -05:00', '2022-04-05 19:05 -05:00', 45.0, 45.0),
    ('## What happened\nYesterday (12 March 2024), starting around 7.30pm IST, users in Mumbai could not open the app. We restored service at 9.15pm.\n',
     'stated', '2024-03-12 19:30 +05:30', '2024-03-12 21:15 +05:30', 105.0, None),
    ('**Outage window:** 22:45 – 01:10 (PST), Jan 4 2020\n',
     'stated', '2020-01-04 22:45 -08:00', '2020-01-05 01:10 -08:00', 145.0, None),
    ('**Date/time of incident:** 4/17/2021 3:30 PM - 5:05 PM ET\n\nThe API returned errors.\n',
     'stated', '2021-04-17 15:30 -04:00', '2021-04-17 17:05 -04:00', 95.0, None),
    ('Summary: Our site experienced 2h 10m of downtime on Tuesday, 5th of October 2021. It started at 11:20 BST.\n',
     'computed', '2021-10-05 11:20 +01:00', '2021-10-05 13:30 +01:00', 130.0, 130.0),
    ('Post mortem\n\nIncident began: 2019-07-02 13:42\nIncident resolved: 2019-07-02 14:09\nTimes in UTC.\n',
     'stated', '2019-07-02 13:42 +00:00', '2019-07-02 14:09 +00:00', 27.0, None),
    ('# Timeline (all times UTC-5), Feb 2 2023\n- 8:00 deploy of v2 begins\n- 8:10 users report errors\n- 8:30 rollback started\n- 8:45 service restored\n- 9:30 postmortem meeting\n',
     'timeline', '2023-02-02 08:10 -05:00', '2023-02-02 08:45 -05:00', 35.0, None),
    ('We had an outage that started at 23:50 on 31 December 2022 and lasted until 00:35. All times are GMT.\n',
     'stated', '2022-12-31 23:50 +00:00', '2023-01-01 00:35 +00:00', 45.0, None),
    ('The outage lasted roughly three hours. It began on August 9th 2018 at 4:15 p.m. PDT when a switch failed.\n',
     'computed', '2018-08-09 16:15 -07:00', '2018-08-09 19:15 -07:00', 180.0, 180.0),
    ('Duration: 10:00 AM to 1:30 PM WAT on the 14th of July, 2023\nImpact: slow pages\n',
     'stated', '2023-07-14 10:00 +01:00', '2023-07-14 13:30 +01:00', 210.0, None),
    ('On Sept. 14, 2020, from about 6 a.m. until 8:20 a.m. Eastern, email delivery was delayed.\n',
     'stated', '2020-09-14 06:00 -04:00', '2020-09-14 08:20 -04:00', 140.0, None),
    ('Incident start 12:01Z. Incident end 12:44Z. Date: 2024-02-29.\n',
     'stated', '2024-02-29 12:01 +00:00', '2024-02-29 12:44 +00:00', 43.0, None),
    ('At 2:15 PM on Monday, March 4th 2024 our database crashed. Service was restored 35 minutes later.\n',
     'computed', '2024-03-04 14:15 None', '2024-03-04 14:50 None', 35.0, 35.0),
    ('Between 9 and 11 AM PT on June 1, 2022, uploads failed.\n',
     'stated', '2022-06-01 09:00 -07:00', '2022-06-01 11:00 -07:00', 120.0, None),
    ('Time of outage: 14h05 - 15h20 (Europe/Paris)\nDate: 02/05/2023\n',
     'stated', '2023-05-02 14:05 +02:00', '2023-05-02 15:20 +02:00', 75.0, None),
    ('Outage duration: 3h 25min (from 07:10 to 10:35 UTC on 2020-10-11)\n',
     'stated', '2020-10-11 07:10 +00:00', '2020-10-11 10:35 +00:00', 205.0, 205.0),
    ('The website was unreachable for around 20 minutes on the evening of 5 May 2021.\n',
     'stated', '2021-05-05 None None', 'None', 20.0, 20.0),
    ('Issue Summary\n- Start: May 11, 2024 04:00 am UTC+1\n- End: May 11, 2024 06:30 am UTC+1\n',
     'stated', '2024-05-11 04:00 +01:00', '2024-05-11 06:30 +01:00', 150.0, None),
    ('From 3:00 pm to 4:30 pm PST on January 10, 2022, requests returned 502 errors.\n',
     'stated', '2022-01-10 15:00 -08:00', '2022-01-10 16:30 -08:00', 90.0, None),
    ('Duration of outage: started at 6:00 PM EAT on 12th Nov 2023 and was fixed by 7:45 PM the same day.\n',
     'stated', '2023-11-12 18:00 +03:00', '2023-11-12 19:45 +03:00', 105.0, None),
    ('Time to detect: 5 minutes\nTime to resolve: 1 hour 5 minutes\n',
     'none', 'None', 'None', 65.0, 65.0),
    ('Downtime: 02:30:00\nStarted at 2023-03-03 10:00 UTC\n',
     'computed', '2023-03-03 10:00 +00:00', '2023-03-03 12:30 +00:00', 150.0, 150.0),
    ('Downtime of 13:00 - 13:45 on 24-02-2023\n',
     'stated', '2023-02-24 13:00 None', '2023-02-24 13:45 None', 45.0, None),
    ('Incident window: 2021-05-04T10:00:00Z/2021-05-04T11:30:00Z\n',
     'stated', '2021-05-04 10:00 +00:00', '2021-05-04 11:30 +00:00', 90.0, None),
    ('**When:** Thursday 6 Aug 2020, 16:10–17:25 AEST\n',
     'stated', '2020-08-06 16:10 +10:00', '2020-08-06 17:25 +10:00', 75.0, None),
    ('Start of incident – 15:04 (GMT+2), 03.04.2022\nEnd of incident – 16:20 (GMT+2), 03.04.2022\n',
     'stated', '2022-04-03 15:04 +02:00', '2022-04-03 16:20 +02:00', 76.0, None),
    ('On 2022-01-07 at 10:00 UTC we began a planned migration. At 10:25 UTC error rates climbed to 40% and customers could no longer sign in. By 11:10 UTC we had rolled back and sign-ins worked again.\n',
     'stated', '2022-01-07 10:25 +00:00', '2022-01-07 11:10 +00:00', 45.0, None),
    ('Our service was down from 1 PM to 3 PM yesterday, July 8 2021 (Central European Summer Time).\n',
     'stated', '2021-07-08 13:00 +02:00', '2021-07-08 15:00 +02:00', 120.0, None),
    ('The API was down on 2 Feb 2021 between the hours of 1:00PM and 2:30PM (SAST).\n',
     'stated', '2021-02-02 13:00 +02:00', '2021-02-02 14:30 +02:00', 90.0, None),
    ('## Summary\n\nStarting at 02:14 AM UTC on the 3rd of September 2022, our ingestion pipeline dropped messages. The problem was mitigated at 03:58 AM UTC.\n',
     'stated', '2022-09-03 02:14 +00:00', '2022-09-03 03:58 +00:00', 104.0, None),
    ('## Issue Summary:\n\nDuration: The outage lasted from 08:00 AM on the 5th of March 2024 until 11:30 AM on the same day, East Africa Time (EAT).\n',
     'stated', '2024-03-05 08:00 +03:00', '2024-03-05 11:30 +03:00', 210.0, None),
    ('Outage Duration:\n\nStart: 9th June 2023, 21:00 hrs (SAST)\nEnd: 10th June 2023, 02:30 hrs (SAST)\n',
     'stated', '2023-06-09 21:00 +02:00', '2023-06-10 02:30 +02:00', 330.0, None),
    ('# Postmortem\n**Duration:** 1 hour 30 minutes (11:00 AM – 12:30 PM CAT, 14 Aug 2024)\n',
     'stated', '2024-08-14 11:00 +02:00', '2024-08-14 12:30 +02:00', 90.0, 90.0),
    ('Duration: 6 hours\n\nTimeline:\n14:00 UTC - alert fired\n15:00 UTC - database failed over\n20:00 UTC - all services back to normal\n',
     'timeline', 'None 14:00 +00:00', 'None 20:00 +00:00', 360.0, 360.0),
    ('The service was degraded starting from Monday 3 Oct at 16:40 through Tuesday 4 Oct at 02:10 (UTC).\n',
     'stated', 'XXXX-10-03 16:40 +00:00', 'XXXX-10-04 02:10 +00:00', 570.0, None),
    ('Incident Report for 2022-08-19\n\n| Time | Event |\n|---|---|\n| 13:02 | Error rate alerts |\n| 13:20 | Rolled back |\n| 13:31 | Error rate normal, incident closed |\n',
     'timeline', '2022-08-19 13:02 None', '2022-08-19 13:31 None', 29.0, None),
    ('| Time (PST) | What |\n|---|---|\n| 2021-02-01 23:40 | Pager goes off |\n| 2021-02-02 00:30 | Recovered |\n',
     'timeline', '2021-02-01 23:40 -08:00', '2021-02-02 00:30 -08:00', 50.0, None),
    ('Users in Europe could not log in between 08.15 and 09.40 CET on 12.11.2022.\n',
     'stated', '2022-11-12 08:15 +01:00', '2022-11-12 09:40 +01:00', 85.0, None),
    ('**Start Time**: 10:00 AM, **End Time**: 12:15 PM, **Date**: 6/21/2023\n',
     'stated', '2023-06-21 10:00 None', '2023-06-21 12:15 None', 135.0, None),
    ('Service interruption: 2 May 2019, 3pm-5:30pm (NZST)\n',
     'stated', '2019-05-02 15:00 +12:00', '2019-05-02 17:30 +12:00', 150.0, None),
    ('- 10:02 am: deploy\n- 10:05 am: alerts for 5xx\n- 10:40: rollback done, site recovered\n- 1:15: review held\n',
     'timeline', 'None 10:05 None', 'None 10:40 None', 35.0, None),
    ('The disruption, which lasted an hour and ten minutes, was first noticed at 6.20am BST on 8 July 2021.\n',
     'computed', '2021-07-08 06:20 +01:00', '2021-07-08 07:30 +01:00', 70.0, 70.0),
    ('Our web server failed on Tuesday at 3:00 pm.\n',
     'stated', 'None 15:00 None', 'None', None, None),
    ('On the 12th of May at 11pm GMT+3 the site went dark, coming back at 1am.\n',
     'stated', 'XXXX-05-12 23:00 +03:00', 'XXXX-05-13 01:00 +03:00', 120.0, None),
    ('Downtime: approx. 45min\nDate: 12/25/2022\nTime: 16:00-16:45 EST\n',
     'stated', '2022-12-25 16:00 -05:00', '2022-12-25 16:45 -05:00', 45.0, 45.0),
    ('Report published 2023-02-10.\n\nOn January 30 at 09:00 UTC a bad config was pushed. Customers saw 500s until 09:25 UTC.\n',
     'stated', '2023-01-30 09:00 +00:00', '2023-01-30 09:25 +00:00', 25.0, None),
    ('Issue Summary\n\nDuration of the outage (start and end times with timezone): 12/03/2024 9:00am - 11:30am GMT\n',
     'stated', '2024-03-12 09:00 +00:00', '2024-03-12 11:30 +00:00', 150.0, None),
    ('## Issue Summary\n**Duration:** March 3, 2024, 2:00 PM to 4:00 PM (GMT+3).\n**Impact:** The service was slow; 40% of users affected.\n',
     'stated', '2024-03-03 14:00 +03:00', '2024-03-03 16:00 +03:00', 120.0, None),
    ('Duration: The outage began on February 10, 2024, at 3:15 PM (UTC) and lasted approximately 1 hour and 20 minutes, ending at 4:35 PM (UTC).\n',
     'stated', '2024-02-10 15:15 +00:00', '2024-02-10 16:35 +00:00', 80.0, 80.0),
    ('Our site was down for 3 hours from 9:00 PM to 12:00 AM PST on June 5.\n',
     'stated', 'XXXX-06-05 21:00 -08:00', 'XXXX-06-06 00:00 -08:00', 180.0, 180.0),
    ('Duration of the outage: 5 hours (8 AM - 1 PM EAT) July 4th 2024\n',
     'stated', '2024-07-04 08:00 +03:00', '2024-07-04 13:00 +03:00', 300.0, 300.0),
    ('- Start Time: 2024-02-10 14:00 EAT\n- End Time: 2024-02-10 16:30 EAT\n- Impact: login down\n',
     'stated', '2024-02-10 14:00 +03:00', '2024-02-10 16:30 +03:00', 150.0, None),
    ('The outage occurred on 15th January 2024 between 08:30hrs and 11:00hrs East African Time.\n',
     'stated', '2024-01-15 08:30 +03:00', '2024-01-15 11:00 +03:00', 150.0, None),
    ('**Timeframe**: 6:00 pm WAT – 9:00 pm WAT, 20/05/2023\n',
     'stated', '2023-05-20 18:00 +01:00', '2023-05-20 21:00 +01:00', 180.0, None),
    ('Outage Duration : 2024-01-03 04:10:00 to 2024-01-03 05:25:00 UTC+2\n',
     'stated', '2024-01-03 04:10 +02:00', '2024-01-03 05:25 +02:00', 75.0, None),
    ('From Monday, 6:00 PM to Tuesday, 2:00 AM, our website was unreachable.\n',
     'stated', 'None 18:00 None', 'None 02:00 None', 480.0, None),
    ('Issue summary: On Wednesday the 5th at 10am PST, our api stopped responding. It was resolved at 11:15am.\n',
     'stated', 'XXXX-XX-05 10:00 -08:00', 'XXXX-XX-05 11:15 -08:00', 75.0, None),
    ('# Post-mortem: login outage\n\n**Status:** complete\n**Date:** 2023-11-20\n**Summary:** Logins failed for 52 minutes.\n**Detection:** alert\n\n## Timeline\n| Time (UTC) | Event |\n| --- | --- |\n| 08:01 | Config pushed |\n| 08:05 | **OUTAGE BEGINS** login errors |\n| 08:10 | Alert pages on-call |\n| 08:57 | **OUTAGE ENDS** rollback complete |\n| 09:30 | Incident closed |\n',
     'timeline', '2023-11-20 08:05 +00:00', '2023-11-20 08:57 +00:00', 52.0, 52.0),
    ('On the night of 11/12/2022 (22:10-23:40 CET) the database was unavailable.\n',
     'stated', '2022-12-11 22:10 +01:00', '2022-12-11 23:40 +01:00', 90.0, None),
    ('Incident duration: 09:15 – 10:02 BST (47 mins)\nDate of incident: Tue 14 June 2022\n',
     'stated', '2022-06-14 09:15 +01:00', '2022-06-14 10:02 +01:00', 47.0, 47.0),
    ('We first saw elevated 5xx at 14:32 UTC on Nov 2, 2021; by 15:10 UTC everything had recovered. Total impact: 38 minutes.\n',
     'timeline', '2021-11-02 14:32 +00:00', '2021-11-02 15:10 +00:00', 38.0, 38.0),
    ('The incident lasted from 1:00 PM EST until 1:45 PM EST on 2019/03/08.\n',
     'stated', '2019-03-08 13:00 -05:00', '2019-03-08 13:45 -05:00', 45.0, None),
    ('Time: 12:30 pm EST - 2:15 pm EST, Feb 3, 2021\nDuration: 1h45m\n',
     'stated', '2021-02-03 12:30 -05:00', '2021-02-03 14:15 -05:00', 105.0, 105.0),
    ('The outage started on Friday, October 6, 2023, at 18:00 and was not fully resolved until Saturday, October 7, 2023, at 09:30 SAST.\n',
     'stated', '2023-10-06 18:00 +02:00', '2023-10-07 09:30 +02:00', 930.0, None),
    ('Downtime lasted 90 minutes starting at 08:00 UTC on 2020-02-02.\n',
     'computed', '2020-02-02 08:00 +00:00', '2020-02-02 09:30 +00:00', 90.0, 90.0),
    ('Between July 3rd, 11PM and July 4th, 6AM (EDT) 2019, image uploads failed.\n',
     'stated', '2019-07-03 23:00 -04:00', '2019-07-04 06:00 -04:00', 420.0, None),
    ('START: 2018-07-01T09:00+02:00\nEND: 2018-07-01T10:30+02:00\n',
     'stated', '2018-07-01 09:00 +02:00', '2018-07-01 10:30 +02:00', 90.0, None),
    ('At approximately 14:20 GMT on the 21st of June 2022 a failed deploy took down checkout; service resumed at 14:55.\n',
     'stated', '2022-06-21 14:20 +00:00', '2022-06-21 14:55 +00:00', 35.0, None),
    ('Duration: 0900hrs to 1130hrs EAT, 6th June 2023\n',
     'stated', '2023-06-06 09:00 +03:00', '2023-06-06 11:30 +03:00', 150.0, None),
    ('Outage: Sun Jan 5 02:00 PST 2020 - Sun Jan 5 04:30 PST 2020\n',
     'stated', '2020-01-05 02:00 -08:00', '2020-01-05 04:30 -08:00', 150.0, None),
    ('The service was impacted on 2022-05-01 from 10h15 until 11h45 CEST (90 min).\n',
     'stated', '2022-05-01 10:15 +02:00', '2022-05-01 11:45 +02:00', 90.0, 90.0),
    ('Total downtime = 2 hrs 5 mins. Start = 10:20 UTC, End = 12:25 UTC on 9 Sept 2021.\n',
     'stated', '2021-09-09 10:20 +00:00', '2021-09-09 12:25 +00:00', 125.0, 125.0),
    ('**Incident Timeline (UTC)**\n\n**2021-04-06**\n- 23:45 - Disk alerts\n- 23:58 - Users report errors\n\n**2021-04-07**\n- 00:20 - Disk cleared\n- 00:25 - Service recovered\n',
     'timeline', '2021-04-06 23:45 +00:00', '2021-04-07 00:25 +00:00', 40.0, None),
    ('Lead-up: on 2 March at 09:00 UTC v3 was deployed. Fault: from 09:20 UTC on 2 March 2023 requests timed out. Recovery: v3 was reverted at 10:05 UTC and the incident ended at 10:10 UTC.\n',
     'stated', '2023-03-02 09:20 +00:00', '2023-03-02 10:10 +00:00', 50.0, None),
    ("# Outage of 5 June 2021\n\nNothing more is known.\n", "stated", "2021-06-05 None None", "None", None, None),
    ("The survey ran for four weeks.\n", "none", "None", "None", None, None),
    ("We will give an update by 10:00 UTC on 3 May 2021.\n\nThe outage began at 9:10 UTC on 3 May 2021.\n",
     "stated", "2021-05-03 09:10 +00:00", "None", None, None),
    ("Between 10:00 and 10:20 UTC and again between 11:00 and 11:30 UTC on 3 May 2021, users saw errors.\n",
     "stated", "2021-05-03 10:00 +00:00", "2021-05-03 11:30 +00:00", 90.0, None),
    ("## Summary\n\nSearch was down for 37 minutes.\n\n## Timeline\n\n- 2021-05-03 09:00 deployed\n- 2021-05-03 09:04 alerts\n"
     "- 2021-05-03 09:41 rolled back\n- 2021-05-03 10:30 all clear\n",
     "timeline", "2021-05-03 09:04 None", "2021-05-03 09:41 None", 37.0, 37.0),
    ("2021-03-05T04:30:00+00:00 AVAILABLE\n\nThe issue has been resolved for all users as of Thursday, 2021-03-04 19:50 US/Pacific.\n\n"
     "2021-03-05T02:00:00+00:00 DISRUPTION\n\nWe are investigating errors.\n",
     "timeline", "2021-03-04 18:00 -08:00", "2021-03-04 19:50 -08:00", 110.0, None),
    ("2021-03-05T04:30:00+00:00 AVAILABLE\n\nAll is well.\n\n2021-03-05T02:00:00+00:00 DISRUPTION\n\nWe are investigating errors.\n",
     "timeline", "2021-03-05 02:00 +00:00", "2021-03-05 04:30 +00:00", 150.0, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "basis", "start", "end", "minutes", "stated"), CASES, ids=[c[0][:60] for c in CASES]
)
def test_window(
    text: str, basis: str, start: str, end: str, minutes: float | None, stated: float | None
) -> None:
    found = window(text)
    assert (found.basis, told(found.start), told(found.end)) == (basis, start, end)
    assert (found.duration_minutes, found.stated_duration_minutes) == (minutes, stated)


def spans(found: Outage) -> list[Evidence]:
    points = [point for point in (found.start, found.end) if point is not None]
    return [*found.evidence, *(evidence for point in points for evidence in point.evidence)]


@pytest.mark.parametrize("text", [c[0] for c in CASES], ids=[c[0][:60] for c in CASES])
def test_every_value_has_evidence_that_quotes_the_text(text: str) -> None:
    found = window(text)
    for point in (found.start, found.end):
        assert point is None or point.evidence
    assert found.duration_minutes is None or found.evidence
    assert all(text[e.start : e.end] == e.text for e in spans(found))


def test_a_computed_end_quotes_the_start_and_the_length() -> None:
    found = window("On May 3, 2021, at 10:45 AM UTC, our shop had a 2-hour outage.\n")
    assert found.end is not None
    assert found.end.iso == "2021-05-03T12:45:00+00:00"
    assert {e.text for e in found.end.evidence} == {"May 3, 2021, at 10:45 AM UTC", "2-hour"}


PIECES = st.sampled_from([
    "The outage began at", "10:00", "and ended at", "11:30 AM", "UTC", "on 3 May 2021", "Duration:", "2 hours", "\n", "\n\n", "# ", "- ",
    "| ", "from", "to", "was down for", "restored by", "2021-03-05T02:00:00Z", "(", ")", ".", "Start:", "99:99", "PT", "all times in",
])  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(PIECES, max_size=30).map(" ".join),
        st.lists(PIECES, max_size=30).map("".join),
    )
)
def test_any_text_gives_a_window_whose_evidence_quotes_it(text: str) -> None:
    found = window(text)
    assert all(text[e.start : e.end] == e.text for e in spans(found))
    assert found.duration_minutes is None or found.duration_minutes >= 0


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 23 * 60))
def test_a_window_and_its_length_agree(hour: int, minute: int, length: int) -> None:
    end = (hour * 60 + minute + length) % (24 * 60)
    found = window(
        f"On 3 May 2021 the site was down from {hour:02d}:{minute:02d} to {end // 60:02d}:{end % 60:02d} UTC.\n"
    )
    assert found.duration_minutes == length
