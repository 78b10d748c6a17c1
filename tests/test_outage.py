"""The outage window: start, end, zone and length, from fields, prose, timelines and status pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outages import told, window
from postmortem.extract.outage import outage
from postmortem.extract.timeline import timeline
from postmortem.record import Entry, Evidence, Outage
from postmortem.training.examples import report_of

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
    # many hands: mails, chats, logs, status pages, narratives
    ('Subject: Trouble with the booking site\n\nDear all, on Tuesday 4 June 2019 from 3 to 5 in the afternoon nobody could book a room. The cache server had run out of memory. We restarted it.\n',
     'stated', '2019-06-04 15:00 None', '2019-06-04 17:00 None', 120.0, None),
    ('# Outage of the payroll service\n\nOn 12 March 2022 our payroll service was down for about two and a half hours, starting at 9:15 CET. A disk was full.\n',
     'computed', '2022-03-12 09:15 +01:00', '2022-03-12 11:45 +01:00', 150.0, 150.0),
    ("Incident note. On the evening of 7 May 2021 at about 8 o'clock the mail gateway stopped. It came back at half past nine.\n",
     'stated', '2021-05-07 20:00 None', '2021-05-07 21:30 None', 90.0, None),
    ('incident: api-gateway\nstarted_at: 2023-09-01T22:41:07.123Z\nresolved_at: 2023-09-02T00:03:55.000Z\nsummary: The gateway returned 503 for 80% of requests.\n',
     'stated', '2023-09-01 22:41 +00:00', '2023-09-02 00:03 +00:00', 82.0, None),
    ('# Kafka lag\n\nAll times Europe/Berlin.\n\n| Date | Time | Event |\n|---|---|---|\n| 30.10.2022 | 01:40 | Consumers stop, no orders are processed |\n| 30.10.2022 | 03:10 | On-call engineer paged |\n| 30.10.2022 | 04:05 | Orders flow again, all services restored |\n',
     'timeline', '2022-10-30 01:40 +02:00', '2022-10-30 04:05 +01:00', 205.0, None),
    ('## Timeline\n\nNovember 8, 2023 (PST)\n\n- 11:20 PM - users report that checkout fails\n- 11:45 PM - engineer on call looks at the logs\n- 12:10 AM - bad config found\n- 12:25 AM - config reverted, checkout works again\n',
     'timeline', '2023-11-08 23:20 -08:00', '2023-11-09 00:25 -08:00', 65.0, None),
    ('# Postmortem: lost sessions, 2 Feb 2024\n\nT0 = 14:00 UTC\n\n## Timeline\n\n- T+0: users are logged out\n- T+5 min: alert fires\n- T+20 min: rollback\n- T+32 min: sessions stable, incident closed\n',
     'timeline', '2024-02-02 14:00 +00:00', '2024-02-02 14:32 +00:00', 32.0, None),
    ("#incident-2024-03-11 (times UTC)\n\n[09:02] anna: checkout is throwing 500s, anyone looking?\n[09:04] bot: PagerDuty incident 4411 triggered\n[09:10] anna: it's the new release, rolling back\n[09:19] anna: rolled back, errors are gone\n[09:25] ben: resolved. thanks all\n",
     'timeline', '2024-03-11 09:02 +00:00', '2024-03-11 09:25 +00:00', 23.0, None),
    ('From: ops@example.org\nTo: everybody\nDate: Thu, 14 Nov 2019 09:12:44 +0100\nSubject: Mail problems\n\nHello,\nyesterday between 13:20 and 16:05 no mail from outside was delivered. A spam filter update was to blame.\n',
     'stated', '2019-11-13 13:20 None', '2019-11-13 16:05 None', 165.0, None),
    ('Subject: VPN down on Monday\nDate: Wed, 10 Jan 2024 11:00:00 +0000\n\nOn Monday at 8:30 the VPN went down. It was restored at 10:15. The licence had expired.\n',
     'stated', '2024-01-08 08:30 None', '2024-01-08 10:15 None', 105.0, None),
    ('Incident: Elevated error rates on uploads\n\nInvestigating - We are investigating failed uploads.\nMar 5, 2024 - 14:02 UTC\n\nIdentified - The issue has been identified and a fix is being implemented.\nMar 5, 2024 - 14:31 UTC\n\nResolved - This incident has been resolved.\nMar 5, 2024 - 15:10 UTC\n',
     'timeline', '2024-03-05 14:02 +00:00', '2024-03-05 15:10 +00:00', 68.0, None),
    ('Resolved\nThis incident has been resolved.\nPosted 2 years ago. Mar 05, 2024 - 15:10 UTC\n\nMonitoring\nA fix has been implemented and we are monitoring the results.\nPosted 2 years ago. Mar 05, 2024 - 14:50 UTC\n\nInvestigating\nWe are investigating failed uploads.\nPosted 2 years ago. Mar 05, 2024 - 14:02 UTC\n',
     'timeline', '2024-03-05 14:02 +00:00', '2024-03-05 15:10 +00:00', 68.0, None),
    ('Outage Report\n\nDate: 03/04/2024\nStart: 10:15 AM EST\nEnd: 11:45 AM EST\n\nThe follow-up is due on 03/29/2024.\n',
     'stated', '2024-03-04 10:15 -05:00', '2024-03-04 11:45 -05:00', 90.0, None),
    ('---\ntitle: "Search returned nothing"\nincident_date: 2022-08-16\nseverity: 2\n---\n\n## Timeline (UTC)\n\n* 07:10 index job starts\n* 07:25 search returns no results\n* 08:40 old index put back, search works again\n',
     'timeline', '2022-08-16 07:25 +00:00', '2022-08-16 08:40 +00:00', 75.0, None),
    ('# Postmortem\n\n## Timeline (Pacific Time)\n\n### July 9, 2021\n\n**6:05 AM** Load balancer health checks start failing\n**6:12 AM** Pager alert\n**7:01 AM** Traffic moved, service recovered\n',
     'timeline', '2021-07-09 06:05 -07:00', '2021-07-09 07:01 -07:00', 56.0, None),
    ('2021-06-17 08:14:02,331 ERROR db connection refused\n2021-06-17 08:14:05,010 ERROR retry failed\n2021-06-17 08:31:44,120 INFO db connection restored, service recovered\n\nRoot cause: the database ran out of disk.\n',
     'timeline', '2021-06-17 08:14 None', '2021-06-17 08:31 None', 17.0, None),
    ('#0x19. Postmortem\n\nIssue Summary\nThe outage was on 14/09/2023, it started at 16:00 hrs and ended by 18:30 hrs WAT. 60% of the users could not login.\n\nTimeline\n16:00 hrs: The server is down\n16:10 hrs: A user complained\n16:30 hrs: Checked nginx\n18:30 hrs: Fixed the config and the site is back online\n',
     'stated', '2023-09-14 16:00 +01:00', '2023-09-14 18:30 +01:00', 150.0, None),
    ('## Incident timeline, 6 Oct 2020 (BST)\n\n- 10:00-10:20 Intermittent 502s on the shop\n- 10:20-11:05 Shop completely down\n- 11:05 Shop recovered\n',
     'timeline', '2020-10-06 10:00 +01:00', '2020-10-06 11:05 +01:00', 65.0, None),
    ('The image service failed from noon until 2:45 pm on Saturday, 11 February 2023 (GMT). A certificate had expired.\n',
     'stated', '2023-02-11 12:00 +00:00', '2023-02-11 14:45 +00:00', 165.0, None),
    ('On 21 January 2020 at 18:40 UTC backups began to fail. They worked again at 06:15 UTC the next morning. The token of the backup user had expired.\n',
     'timeline', '2020-01-21 18:40 +00:00', '2020-01-22 06:15 +00:00', 695.0, None),
    ('We had a 1h 12m outage of the login page on 9 Dec 2021, 07:48 to 09:00 UTC.\n',
     'stated', '2021-12-09 07:48 +00:00', '2021-12-09 09:00 +00:00', 72.0, 72.0),
    ('On 3 July 2018 the forum was offline for three quarters of an hour, from 19:10 to 19:55 CEST.\n',
     'stated', '2018-07-03 19:10 +02:00', '2018-07-03 19:55 +02:00', 45.0, 45.0),
    ('Störung / Incident 24.12.2021\n\n- 09.05 Uhr: shop slow\n- 09.20 Uhr: shop down\n- 10.45 Uhr: shop works again\n',
     'timeline', '2021-12-24 09:05 None', '2021-12-24 10:45 None', 100.0, None),
    ('# The day the cluster fell over\n\nIt was 10:03 UTC on 18 April 2023 when the first pager went off: half of our nodes were gone. Ten minutes later all of them were. We found the expired kubelet certificate at 10:40, and at 11:22 the last node was back and everything was healthy.\n',
     'timeline', '2023-04-18 10:03 +00:00', '2023-04-18 11:22 +00:00', 79.0, None),
    ('The API started to time out on 2023-05-02 at 17:30 UTC. It took us an hour and twenty minutes to restore service.\n',
     'computed', '2023-05-02 17:30 +00:00', '2023-05-02 18:50 +00:00', 80.0, 80.0),
    ('Incident 77, Aug 3 2022\n\n9:58 AM Maria: dashboards are empty\n9:59 AM Jo: looking\n10:45 AM Jo: ingest was stuck, restarted\n1:10 PM Jo: backlog gone, all good again\n',
     'timeline', '2022-08-03 09:58 None', '2022-08-03 13:10 None', 192.0, None),
    ('## Summary\nIn the night from 4 to 5 September 2020 the ticket system was not available between 23:30 and 04:15 (CEST).\n',
     'stated', '2020-09-04 23:30 +02:00', '2020-09-05 04:15 +02:00', 285.0, None),
    ('**Incident start:** 2021/03/09 06:30 (JST)\n**Incident end:** 2021/03/09 07:45 (JST)\n**Total downtime:** 75 min\n\nUsers saw errors.\n',
     'stated', '2021-03-09 06:30 +09:00', '2021-03-09 07:45 +09:00', 75.0, 75.0),
    ('Incident date: 5th of Jan, 2023\n\nTimeline:\n08:00 - release 4.2 deployed\n08:05 - error rate alert\n08:07 - engineer acknowledges\n08:30 - rolled back to 4.1\n08:34 - error rate back to normal\n10:00 - incident review held\n',
     'timeline', '2023-01-05 08:05 None', '2023-01-05 08:34 None', 29.0, None),
    ('On 6 October 2022 the school network was down from 7:30 to 11 in the morning. A switch had failed.\n',
     'stated', '2022-10-06 07:30 None', '2022-10-06 11:00 None', 210.0, None),
    ('## Timeline (UTC), 2024-04-09\n- 12:01 Alert: queue depth above threshold\n- 12:20 Workers scaled up\n- 12:45 Status page updated: the issue has been resolved\n- 14:00 Follow-up tickets created\n',
     'timeline', '2024-04-09 12:01 +00:00', '2024-04-09 12:45 +00:00', 44.0, None),
    ("== Summary ==\nFrom 13:58 to 14:23 UTC on 2019-11-28, all wikis were read-only.\n\n== Timeline ==\n* 13:50 Maintenance starts\n* 13:58 Master database crashes. '''OUTAGE BEGINS'''\n* 14:23 New master promoted. '''OUTAGE ENDS'''\n",
     'stated', '2019-11-28 13:58 +00:00', '2019-11-28 14:23 +00:00', 25.0, None),
    ('Duration: 5:30 PM – 8:00 PM UTC+5:30 on 18-Aug-2023\nImpact: 30% of orders failed.\n',
     'stated', '2023-08-18 17:30 +05:30', '2023-08-18 20:00 +05:30', 150.0, None),
    ('The site could not be reached for 90 minutes on 1 June 2021: it went down at 22:50 CEST and was up again at 0:20.\n',
     'stated', '2021-06-01 22:50 +02:00', '2021-06-02 00:20 +02:00', 90.0, 90.0),
    ('# Database migration gone wrong\n\nWritten by the platform group, 16 May 2022\n\n## Timeline (EDT)\n\n**Thursday, May 12**\n\n- 21:00 migration starts\n- 21:40 customers get errors\n\n**Friday, May 13**\n\n- 02:15 restore started\n- 05:30 restore finished, all customers back\n',
     'timeline', '2022-05-12 21:40 -04:00', '2022-05-13 05:30 -04:00', 470.0, None),
    ('Start time: 14:05:33\nEnd time: 14:59:01\nDate: Feb 3, 2022\nTimezone: CST\n\nThe API was down.\n',
     'stated', '2022-02-03 14:05 -06:00', '2022-02-03 14:59 -06:00', 54.0, None),
    ('Downtime: 2 hrs 05 mins\nOutage began 08:10 IST 21 Sep 2023\n',
     'computed', '2023-09-21 08:10 +05:30', '2023-09-21 10:15 +05:30', 125.0, 125.0),
    ('Since 06:00 UTC on 2 November 2023 our webhooks were delayed; deliveries were back to normal by 09:40 UTC.\n',
     'stated', '2023-11-02 06:00 +00:00', '2023-11-02 09:40 +00:00', 220.0, None),
    ('Between 8 and 10 a.m. on Monday, 3rd April 2023, PT, about 15% of calls dropped.\n',
     'stated', '2023-04-03 08:00 -07:00', '2023-04-03 10:00 -07:00', 120.0, None),
    ('Incident channel export, 14 May 2024, times in CEST\n\nMara  09:02\nUploads are failing for everyone in the Berlin office\n\nPeter  09:04\nlooking\n\nPeter  09:31\ndisk on nas2 is full, deleting old snapshots\n\nMara  09:40\nuploads work again, thanks\n',
     'timeline', '2024-05-14 09:02 +02:00', '2024-05-14 09:40 +02:00', 38.0, None),
    ('incident:\n  title: Search unavailable\n  severity: 2\ntimeline:\n  - time: 2024-02-01T09:05:00Z\n    event: Alert for 5xx on search\n  - time: 2024-02-01T09:20:00Z\n    event: Rolled back release\n  - time: 2024-02-01T09:26:00Z\n    event: Search fully restored\nroot_cause: A bug in the query parser.\n',
     'timeline', '2024-02-01 09:05 +00:00', '2024-02-01 09:26 +00:00', 21.0, None),
    ('TIMELINE (WAT) 12/06/2023\n\n1. 10:00 AM - Users cannot log in\n2. 10:10 AM - Alert from monitoring\n3. 11:30 AM - Database restarted, service restored\n',
     'timeline', '2023-06-12 10:00 +01:00', '2023-06-12 11:30 +01:00', 90.0, None),
    ('## Timeline (UTC) - 3 Mar 2021\n\n0905Z - packet loss to eu-west detected\n0917Z - traffic drained\n0948Z - provider repaired the link, loss back to zero\n',
     'timeline', '2021-03-03 09:05 +00:00', '2021-03-03 09:48 +00:00', 43.0, None),
    ('## What happened (14 Oct 2022, UTC)\n\n- Config change rolled out (14:02)\n- Error rate rises to 30% (14:05)\n- On-call engineer paged (14:09)\n- Change reverted (14:21)\n- Error rate back to normal (14:26)\n',
     'timeline', '2022-10-14 14:05 +00:00', '2022-10-14 14:26 +00:00', 21.0, None),
    ('# Ransomware on the file server\n\n**Monday 6 February 2023**\n07:45 staff cannot open files\n08:10 server disconnected\n\n**Tuesday 7 February 2023**\n09:00 restore from backup begins\n17:30 restore complete, all shares available again\n',
     'timeline', '2023-02-06 07:45 None', '2023-02-07 17:30 None', 2025.0, None),
    ('timestamp,event\n2024-03-01 09:05,Alert: queue depth\n2024-03-01 09:15,Consumers restarted\n2024-03-01 09:22,Queue drained and incident resolved\n',
     'timeline', '2024-03-01 09:05 None', '2024-03-01 09:22 None', 17.0, None),
    ('Our checkout went down last Friday (August 11, 2023). The first failed payment was logged at 2:14 p.m. Pacific, and customers could not pay until 3:49 p.m., when we switched to the backup processor.\n',
     'stated', '2023-08-11 14:14 -07:00', '2023-08-11 15:49 -07:00', 95.0, None),
    ('Summary: For about an hour on 2 September 2022 (13:10–14:05 UTC), 12% of API calls failed.\n',
     'stated', '2022-09-02 13:10 +00:00', '2022-09-02 14:05 +00:00', 55.0, 60.0),
    ('**Impact window**: 2022-07-11 04:17 – 06:02 UTC (1h45m)\n',
     'stated', '2022-07-11 04:17 +00:00', '2022-07-11 06:02 +00:00', 105.0, 105.0),
    ('Between 2020-05-01 12:30:15 and 2020-05-01 12:48:59 (UTC) the login service rejected all requests.\n',
     'stated', '2020-05-01 12:30 +00:00', '2020-05-01 12:48 +00:00', 18.0, None),
    ('| UTC | Local (PDT) | Event |\n|---|---|---|\n| 2021-08-10 21:04 | 14:04 | Alerts for high latency |\n| 2021-08-10 21:30 | 14:30 | Index dropped by mistake is found |\n| 2021-08-10 22:02 | 15:02 | Index rebuilt, latency normal |\n',
     'timeline', '2021-08-10 21:04 +00:00', '2021-08-10 22:02 +00:00', 58.0, None),
    ('Outage: Thu Jan 12 14:03 EST 2023 to Thu Jan 12 15:40 EST 2023\n',
     'stated', '2023-01-12 14:03 -05:00', '2023-01-12 15:40 -05:00', 97.0, None),
    ('## Timeline (all times are ET, April 20 2021)\n- 11:50 AM: deploy\n- 11:58: error alerts\n- 12:05 PM: rollback\n- 12:20: all clear\n',
     'timeline', '2021-04-20 11:58 -04:00', '2021-04-20 12:20 -04:00', 22.0, None),
    ('The export job was broken from 3 February 2022 to 9 February 2022. Customers received no exports.\n',
     'stated', '2022-02-03 None None', '2022-02-09 None None', None, None),
    ('Start: 2023-10-01 23:15 UTC\nEnd: 2023-10-04 02:15 UTC\nDuration: 2 days 3 hours\n',
     'stated', '2023-10-01 23:15 +00:00', '2023-10-04 02:15 +00:00', 3060.0, 3060.0),
    ('Detected at: 10:04 UTC\nResolved at: 10:52 UTC\nDate: 15 June 2023\nTTD: 4 min\nTTR: 52 min\n',
     'stated', '2023-06-15 10:04 +00:00', '2023-06-15 10:52 +00:00', 48.0, None),
    ('It happened on the night of 11 to 12 December 2021. At 23:40 CET the storage controller rebooted and took every VM with it. At 02:15 the last VM was running again.\n',
     'timeline', '2021-12-11 23:40 +01:00', '2021-12-12 02:15 +01:00', 155.0, None),
    ('Published: 2023-03-17\n\nOn Wednesday from 15:00 to 15:45 UTC, images were not loading.\n',
     'stated', '2023-03-15 15:00 +00:00', '2023-03-15 15:45 +00:00', 45.0, None),
    ('# Delayed webhooks\n\nAug 14, 16:20 UTC\nResolved - Webhooks are delivered without delay again.\n\nAug 14, 15:48 UTC\nMonitoring - We replaced the broker and are watching the queue.\n\nAug 14, 15:05 UTC\nInvestigating - Webhooks are delayed.\n',
     'timeline', 'XXXX-08-14 15:05 +00:00', 'XXXX-08-14 16:20 +00:00', 75.0, None),
    ('At around quarter past ten in the morning on 8 March 2022 the phones went dead. They were working again by noon.\n',
     'timeline', '2022-03-08 10:15 None', '2022-03-08 12:00 None', 105.0, None),
    ('## Summary\nWe first noticed the problem at 08:12 on 2021-09-30 (UTC) and declared it resolved at 13:37 UTC the same day.\n',
     'stated', '2021-09-30 08:12 +00:00', '2021-09-30 13:37 +00:00', 325.0, None),
    ('Incident 2019-06-02\n\n12:25 PDT -- congestion on the backbone\n12:53 PDT -- engineers notified\n15:55 PDT -- config restored\n16:10 PDT -- service restored for all customers\n',
     'timeline', '2019-06-02 12:25 -07:00', '2019-06-02 16:10 -07:00', 225.0, None),
    ('- **14:00–14:10 UTC, 3 May 2023**: release 12 goes out\n- **14:12**: checkout errors\n  - 40% of requests\n- **14:30**: release rolled back\n- **14:33**: recovered\n',
     'timeline', '2023-05-03 14:12 +00:00', '2023-05-03 14:33 +00:00', 21.0, None),
    ('Duration: From 10:15 AM - 11:00 AM, Nigeria time, on 5th of May, 2023. The outage lasted for 45mins.\n',
     'stated', '2023-05-05 10:15 +01:00', '2023-05-05 11:00 +01:00', 45.0, 45.0),
    ('The site was unavailable for fifty-five minutes, from 4:05 to 5:00 in the afternoon of 12 April 2022 (BST).\n',
     'stated', '2022-04-12 16:05 +01:00', '2022-04-12 17:00 +01:00', 55.0, 55.0),
    ('Service resumed at 09:47 UTC on 2 August 2021, after an interruption of 37 minutes.\n',
     'computed', '2021-08-02 09:10 +00:00', '2021-08-02 09:47 +00:00', 37.0, 37.0),
    ('Date: 2022-02-11\n\nThis morning at 9:20 the print queue stopped. At 10:05 it was running again.\n',
     'stated', '2022-02-11 09:20 None', '2022-02-11 10:05 None', 45.0, None),
    ('Total downtime was 1.5 hours (9:30-11:00 PDT, 2 July 2020).\n',
     'stated', '2020-07-02 09:30 -07:00', '2020-07-02 11:00 -07:00', 90.0, 90.0),
    ('On 8 November 2021, approximately 16:00 to 17:10 UTC, roughly 5% of writes were lost.\n',
     'stated', '2021-11-08 16:00 +00:00', '2021-11-08 17:10 +00:00', 70.0, None),
    ('- Impact started: Nov 8, 2021 4:00 PM UTC\n- Detected: Nov 8, 2021 4:06 PM UTC\n- Mitigated: Nov 8, 2021 4:40 PM UTC\n- Resolved: Nov 8, 2021 5:10 PM UTC\n',
     'stated', '2021-11-08 16:00 +00:00', '2021-11-08 17:10 +00:00', 70.0, None),
    ('We lost the primary on Saturday 3 July 2021 at 22:15 UTC. The replica was promoted at 22:40, but indexes had to be rebuilt, and search only came back on Sunday at 03:30.\n',
     'stated', '2021-07-03 22:15 +00:00', '2021-07-04 03:30 +00:00', 315.0, None),
    ("Maintenance is planned for 3 May 2024 from 22:00 to 23:00 UTC. Yesterday's outage on 1 May 2024 lasted from 08:00 to 08:45 UTC.\n",
     'stated', '2024-05-01 08:00 +00:00', '2024-05-01 08:45 +00:00', 45.0, None),
    ('12/31/2022 11:45 PM EST: alarms\n01/01/2023 12:10 AM EST: clock bug found\n01/01/2023 12:50 AM EST: fixed, all services normal\n',
     'timeline', '2022-12-31 23:45 -05:00', '2023-01-01 00:50 -05:00', 65.0, None),
    ('Timeline of 7 May 2020\n\n| Time (CEST) | Who | What |\n|---|---|---|\n| 13:05 | Monitoring | Shop returns 502 |\n| 13:09 | Nina | Acknowledges |\n| 13:31 | Nina | Restarts php-fpm |\n| 13:33 | Monitoring | Shop OK, incident closed |\n',
     'timeline', '2020-05-07 13:05 +02:00', '2020-05-07 13:33 +02:00', 28.0, None),
    ('| Started | Ended | Length |\n|---|---|---|\n| 2021-02-03 04:05 UTC | 2021-02-03 05:15 UTC | 70 min |\n\nUsers could not sign in.\n',
     'stated', '2021-02-03 04:05 +00:00', '2021-02-03 05:15 +00:00', 70.0, 70.0),
    ('At ten past nine on the morning of 4 March 2021 the alarm went off. By a quarter to eleven everything was back to normal.\n',
     'timeline', '2021-03-04 09:10 None', '2021-03-04 10:45 None', 95.0, None),
    ('INC-2291 opened 2023-08-01T09:14:00+02:00\nINC-2291 severity set to 2 2023-08-01T09:16:00+02:00\nINC-2291 resolved 2023-08-01T10:02:00+02:00\n',
     'timeline', '2023-08-01 09:14 +02:00', '2023-08-01 10:02 +02:00', 48.0, None),
    ('The degradation began at 21:00 UTC on 2023-01-30 and went on for more than five hours.\n',
     'computed', '2023-01-30 21:00 +00:00', '2023-01-31 02:00 +00:00', 300.0, 300.0),
    ('Panne du 4 octobre. Outage on 4 Oct 2022 from 8h15 to 9h40 CEST.\n',
     'stated', '2022-10-04 08:15 +02:00', '2022-10-04 09:40 +02:00', 85.0, None),
    ('# Why the wiki was slow\n\nOn Thursday the wiki was slow from 11:00 to 14:30 UTC. A crawler did it.\n\nBest,\nthe web team, 24 March 2023\n',
     'stated', '2023-03-23 11:00 +00:00', '2023-03-23 14:30 +00:00', 210.0, None),
    ('## Summary\nOn 2 May 2023 the queue was stuck for 25 minutes.\n\n## Timeline (UTC)\n- 09:00 Deploy\n- 09:03 Queue stuck, jobs wait\n- 09:20 Deploy reverted\n- 09:28 Queue moves again\n',
     'timeline', '2023-05-02 09:03 +00:00', '2023-05-02 09:28 +00:00', 25.0, 25.0),
    ('Symptoms were first seen at 03:12 UTC (2022-09-14). All systems were confirmed healthy at 05:47 UTC.\n',
     'timeline', '2022-09-14 03:12 +00:00', '2022-09-14 05:47 +00:00', 155.0, None),
    ('Logins were failing for everyone from 18:32 on 6 Feb 2020 (CET). It took until 19:58 to roll the certificate.\n',
     'stated', '2020-02-06 18:32 +01:00', '2020-02-06 19:58 +01:00', 86.0, None),
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


LENGTHS = [
    ('It was an outage of just under four hours.', 240.0),
    ('The shop stayed down for the better part of an hour.', 60.0),
    ('All told, customers were locked out for 3h 20m.', 200.0),
    ('We were offline for a total of ninety-five minutes.', 95.0),
    ('It took 2 hours and 40 minutes until everything was back.', 160.0),
    ('Users had to wait 35 minutes before they could sign in again.', 35.0),
    ('The service was not available for 1:45 h.', 105.0),
    ('Total time of unavailability: 75 minutes', 75.0),
    ('The incident spanned six hours.', 360.0),
    ('For some forty minutes nobody could pay.', 40.0),
    ('Service was interrupted for a day and a half.', 2160.0),
    ('The downtime was 0.5 hours.', 30.0),
    ('A 15-minute blip in the API on Monday.', 15.0),
    ('The site was down half an hour.', 30.0),
    ('Downtime: 1 day, 2 hours and 5 minutes', 1565.0),
    ('Impact duration: ~25m', 25.0),
    ('Emails were delayed by up to 3 hours.', None),
    ('The whole thing was over in twelve minutes.', 12.0),
    ('The outage went unnoticed for 30 minutes and lasted 90 minutes in total.', 90.0),
    ('Time to detect: 5 min. Time to mitigate: 40 min.', 40.0),
    ('Our customers could not log in for nearly two days.', 2880.0),
    ('2 hours of partial outage, 30 minutes of full outage.', 120.0),
    ('The backup runs every 6 hours and keeps files for 30 days.', None),
    ('We had errors for 10 to 15 minutes.', 10.0),
    ('It was three and a half hours before the site came back.', 210.0),
    ('The interruption of service, 55 minutes long, hit all shops.', 55.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "minutes"), LENGTHS, ids=[text[:40] for text, _ in LENGTHS])
def test_a_length_is_read_however_it_is_said(text: str, minutes: float | None) -> None:
    assert window(f"# Outage\n\n{text}\n").stated_duration_minutes == minutes


OF_THE_WINDOW = [
    ("said in words that no rule knows", "On 6 June 2021 the pool was closed from 09:00 to 11:35. Two and a half hours. Ouch.", 150.0),
    ("of something else", "On 6 June 2021 the pool was closed from 09:00 to 15:00. The guard's radio was down for three minutes.", None),
    ("of something else, beside its own", "On 6 June 2021 the pool was closed from 09:00 to 12:00. A radio was down for a minute. Three hours of cold feet.", 180.0),
    ("to the minute, where a rule doubts it", "On 6 June 2021 the pool was closed from 09:00 to 10:50. It spat at every second guest for 1 hour 50 minutes.", 110.0),
    ("none that fits", "On 6 June 2021 the pool was closed from 09:00 to 12:00. The water is changed every 40 minutes.", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "minutes"), [case[1:] for case in OF_THE_WINDOW], ids=[case[0] for case in OF_THE_WINDOW]
)
def test_a_stated_length_agrees_with_the_window(text: str, minutes: float | None) -> None:
    assert window(f"# Pool\n\n{text}\n").stated_duration_minutes == minutes


def test_an_exact_end_is_better_than_a_length_in_round_numbers() -> None:
    found = window(
        "# Lookups, 4 May 2021\n\nFor nearly three hours, from 10:00 UTC on, names were not resolved.\n\n## Timeline (UTC)\n\n"
        "- 10:00 names are not resolved\n- 12:50 all names are resolved, service restored\n"
    )
    assert (told(found.start), told(found.end)) == ("2021-05-04 10:00 +00:00", "2021-05-04 12:50 +00:00")


def test_clear_words_count_more_than_the_phase_of_an_entry() -> None:
    text = "# Log of 4 May 2021 (UTC)\n\n- 10:00 errors for all users\n- 10:30 the issue has been resolved\n- 11:00 lunch\n"
    report = report_of(text)
    for wrong in ("follow_up", "impact", "trigger", "other"):
        steps: tuple[Entry, ...] = tuple(
            replace(entry, phase=wrong) if n == 1 else entry for n, entry in enumerate(timeline(report))
        )
        assert told(outage(report, steps).end) == "2021-05-04 10:30 +00:00"


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
