"""Reports in many voices: which sentence says why it happened, and who or what noticed first."""

from __future__ import annotations

import pytest

from postmortem import parse

# The report, words of its cause (empty: it states none), how it was noticed (empty: not said; or any of several).
VOICES: dict[str, tuple[str, str, str]] = {
    "student-login": (
        """\
Issue Summary

On March 3, 2024 from 9:00 AM to 10:20 AM EAT nobody could sign in to our class forum. 100% of users were affected.

Timeline

9:00 AM - new version of the auth module goes live
9:12 AM - a lecturer mails us that she is thrown back to the sign-in page
9:30 AM - we blame the session cookies and clear them all
10:05 AM - Otieno compares the env files and sees SECRET_KEY is generated at boot
10:20 AM - key is fixed in the env file, workers restarted

Root cause and resolution

Each of the four gunicorn workers generated a secret key of its own at boot. A cookie signed by one was rubbish to the other three. We put one key in the env file.
""",
        "generated a secret key of its own at boot",
        "customer",
    ),
    "status-voice": (
        """\
Voice calls failing in Oceania

Resolved - All calls complete normally. Sep 4, 03:40 UTC
Monitoring - We have moved traffic to the Perth gateway. Sep 4, 03:10 UTC
Identified - An intermediate certificate on our Sydney SIP gateways lapsed at 02:00 UTC. Carriers that check it hang up. Sep 4, 02:55 UTC
Investigating - Our synthetic calls fail in Sydney. Sep 4, 02:06 UTC
""",
        "intermediate certificate on our sydney sip gateways lapsed",
        "monitoring",
    ),
    "mail-payroll": (
        """\
From: Ilse
To: all
Subject: why there was no pay on Friday

Hi all,

sorry again about Friday. What went wrong is quickly told. The file for the bank has a column for the execution date, and the export wrote it in the American order. 03/11 became the eleventh of March, which was a Monday, and the bank did as it was told. Nobody looked, because it had always been right on days above twelve.

Jonas in accounts noticed on Friday at ten when his own pay was not there.

We have put a check in and the money went out the same afternoon.

Ilse
""",
        "export wrote it in the american order",
        "internal",
    ),
    "terse-log": (
        """\
2022-05-02 outage log, print server

11:05 helpdesk phone rings nonstop, no prints on floors 2-5
11:20 spooler restarted, no change
11:45 disk C: 0 bytes free. someone's scan-to-folder job wrote 80 GB of TIFF there since Friday
11:50 moved the TIFFs
11:58 prints come out
""",
        "scan-to-folder job wrote 80 gb of tiff",
        "customer",
    ),
    "nonnative-api": (
        """\
# Incident of the 14 June

We had a incident with the prices API. Was down 2 hours, from 13h00 to 15h00 (Paris).

What happened: the colleague of the infra team has changed the rule of firewall for open the new office, but in the same time he erased the rule which lets the API speak with the database. So all the calls were in timeout.

It is a client from Lyon that has called us for say that the prices are empty. After that we have look the firewall and put again the rule.

For the future: two persons for each firewall change.
""",
        "he erased the rule which lets the api speak with the database",
        "customer",
    ),
    "company-5whys": (
        """\
# Post-incident review: duplicate invoices

**Impact**: 1,140 customers were billed twice on 1 August 2023.

## How we found out
The finance team spotted the doubled total in its month-end reconciliation at 09:30.

## 5 Whys
- Why were customers billed twice? The invoicing job ran twice.
- Why did it run twice? Both schedulers believed they were the leader.
- Why did both believe that? The lock table had been moved to a replica that lags by up to a minute.
- Why was it moved there? The move was part of a cost saving and nobody knew that locks lived in that table.

## Fix
We refunded the second charge and moved the table back.
""",
        "lock table had been moved to a replica",
        "internal",
    ),
    "table-fields": (
        """\
| Field | Value |
|---|---|
| Incident | INC-771 |
| Service | Parcel labels |
| Start | 2021-12-06 07:10 CET |
| End | 2021-12-06 08:45 CET |
| Reported by | Depot Graz |
| Cause | Thermal head of the label printer worn, replacement profile had the wrong width |
| Fix | Profile corrected |
""",
        "thermal head of the label printer worn",
        "",
    ),
    "named-noticer": (
        """\
The belt that backed up

On the evening of 9 October 2020 no crates reached dock 4 for fifty minutes. Ines noticed when the belt backed up as far as her desk. The light barrier at the junction had slipped a finger's width out of line, so the controller saw a crate that never left and waited for it. Tomasz pushed it back and tightened the screw. Crates moved again at 18:50.
""",
        "light barrier at the junction had slipped",
        "internal",
    ),
    "saas-dns": (
        """\
## Outage of the customer dashboard, 2023-11-20

Between 16:02 and 17:31 UTC our dashboard could not be reached. Pingdom woke the on-call engineer at 16:05.

During the move to a new DNS provider, the zone was exported from the old one. The export leaves out records of type ALIAS without a word. Our apex record is an ALIAS. When the name servers were switched, the apex had no address.

We added the record by hand at 17:10 and waited for caches to expire.

We are going to compare zones before any such move.
""",
        "export leaves out records of type alias",
        "monitoring",
    ),
    "iot-story": (
        """\
Last winter our greenhouse sensors went dark for a night and we lost some basil. I found out in the morning, when I came in and it was four degrees. The gateway had rebooted itself for a firmware update at eleven, which is normal, and came up with its clock in 1970, which is not. The little battery behind the clock was flat. With that date every certificate looked as if it was not valid yet, and no sensor was let in. A battery is two euros. I changed it, set the clock and went to buy basil.
""",
        "came up with its clock in 1970",
        "internal",
    ),
    "k8s-quota": (
        """\
Postmortem: checkout pods pending

Summary: For 38 minutes on 2022-11-25 a quarter of checkouts failed.

What happened
The autoscaler asked for 60 more pods when the sale opened. The namespace quota, set two years ago for a staging test and copied to production with the rest of the manifest, stopped at 40. The other pods stayed pending and the ones that ran were overrun.

How was it detected
The SLO burn alert went off at 10:04.

Where we got lucky
The sale was a small one.
""",
        "the namespace quota",
        "monitoring",
    ),
    "gov-portal": (
        """\
Incident report – Permit portal

The permit portal of the city was not available on 12 September 2019 between 08:15 and 11:40. Citizens received an error page. The service desk received the first calls at 08:20.

Analysis of the incident by the supplier showed the following. In the night a database patch was installed. The patch resets the collation of new connections. Queries with accented names then no longer use the index and each takes minutes. At the start of business all connections were occupied.

The supplier installed the former version at 11:30.
""",
        "the patch resets the collation of new connections",
        "customer",
    ),
    "researcher": (
        """\
Security notice

On 8 April a researcher wrote to our security address that the attachments of any ticket could be fetched without signing in. We closed the hole within three hours.

The download route had been taken out of the login middleware in February to let the mobile app show previews, and the signature check meant to stand in for it was never merged. We found no downloads by others in the logs.
""",
        "download route had been taken out of the login middleware",
        "third_party",
    ),
    "vendor-told": (
        """\
Subject: RCA - EDI gateway 17 Jan

Incident: inbound orders not processed 02:00-09:45.
Detection: our partner Holm AS asked at 08:50 why no confirmations came.
RCA: The AS2 certificate of our side was exchanged at 02:00 as planned, but the public half had not been sent to the partners.
Corrective action: checklist for certificate exchange.
""",
        "public half had not been sent to the partners",
        "third_party customer",
    ),
    "game-server": (
        """\
[Hotfix] Why you couldn't log in last night

Hey everyone, last night from about 8pm to 10pm PDT most of you got stuck at "Connecting...". Our Discord lit up within a minute and so did we.

Short version: patch 1.8 added a friends-online lookup to the login screen. That lookup is O(friends × guilds) and some of you have a LOT of friends. Login servers spent all their time on it and couldn't answer anybody.

We've turned the lookup off for now. Everybody who logged in this week gets a crate.
""",
        "friends-online lookup to the login screen",
        "customer",
    ),
    "sre-formal": (
        """\
# SRE-2023-044: Elevated 503s on search

## Detection
Automated canary analysis flagged the regression 4 minutes after promotion.

## Contributing factors
- No load test covers cold caches.
- The promotion happened in peak hours.

## Trigger
Promotion of build 5512 to all cells.

## Root cause
Build 5512 moved the tokenizer tables from a memory map to the heap. Each process then held 3 GB of its own instead of a shared copy, and the kernel killed whichever was largest.

## Resolution
Build 5511 was promoted again.
""",
        "moved the tokenizer tables from a memory map to the heap",
        "monitoring",
    ),
    "chat": (
        """\
[09:02] dana: is jira slow for anyone else?
[09:03] kofi: yes. dead here
[09:10] kofi: load on the vm is 96
[09:15] kofi: ok I see it. backup agent got reinstalled with default settings and scans every attachment on open
[09:18] kofi: agent stopped
[09:20] dana: quick again, thanks!
""",
        "backup agent got reinstalled with default settings",
        "internal",
    ),
    "hospital-lab": (
        """\
Lab results delayed – summary for the wards

On Tuesday, 4 Feb, between 6:00 and 9:30, lab results did not appear in the ward system. A nurse on ward 3 rang the lab at 6:40 because a potassium value was overdue.

The interface engine accepts messages of at most 64 KB. The new analyser puts a picture of the curve into each message. The engine rejected those without a log entry and the analyser kept sending the same one.

IT raised the size to 4 MB at 9:25. No patient was harmed.
""",
        "the new analyser puts a picture of the curve into each message",
        "customer internal",
    ),
    "unknown": (
        """\
Incident 2023-02-02: two reboots of host db7

At 03:14 and 04:02 the host rebooted. Our watchdog paged. We found nothing in the kernel log nor in the management controller. Memory test clean, power supply swapped to be safe. If it happens again we will replace the board. The reason has not been found.
""",
        "",
        "monitoring",
    ),
    "railway": (
        """\
# Departure boards blank, 2018-08-19

**Who noticed**: a station guard at Meerbach
**What was broken**: The boards fetch the timetable of the day at 03:00. On that night the clock went through the maintenance window of the timetable server, which had been lengthened by an hour in July without telling us. The boards got nothing and do not ask a second time.
**Repaired by**: a retry every five minutes
""",
        "lengthened by an hour in july",
        "internal",
    ),
    "ml-team": (
        """\
Postmortem: recommendations all showed garden hoses

TL;DR: a unit mismatch. The price feature switched from euros to cents in the feature store on Monday while the model in production had been trained on euros. Everything looked absurdly expensive to it apart from hoses.

Detection: A product manager saw it on her own phone over lunch.

Duration: 26 hours.
""",
        "switched from euros to cents",
        "internal",
    ),
    "bank-press": (
        """\
Statement on the card disruption of 30 May

We apologise to all customers who could not pay by card. Payments were declined between 12:10 and 14:55. A core router in our primary data centre suffered a partial failure of its line card. It continued to announce routes while forwarding nothing, and the standby therefore did not take over. Our network operations centre saw the drop in authorisations at once. The router was isolated by hand at 14:48.
""",
        "partial failure of its line card",
        "monitoring internal",
    ),
    "second-clinic": (
        """\
Booking line down, 4 May

Patients could not book from 8 to half past ten. The receptionist at the west entrance noticed that nobody was calling.

The telephone provider had ported our number to the new contract a day early. Calls went to a box in a cellar which nobody had plugged in yet.

We got the number routed back at 10:30.
""",
        "ported our number to the new contract a day early",
        "internal",
    ),
    "second-student": (
        """\
# Postmortem: My portfolio returned 502

## Summary
On 2024-02-02, between 14:00 and 14:50 WAT, 100% of visitors got a 502.

## Timeline
- 14:00 pushed the new nginx config
- 14:06 my mentor sends me a screenshot of the error
- 14:20 checked the flask logs, all quiet
- 14:41 saw that proxy_pass says 127.0.0.1:500
- 14:50 fixed and reloaded

## Root cause
A zero was lost when I typed the port.
""",
        "zero was lost when i typed the port",
        "customer",
    ),
    "second-status": (
        """\
Degraded file sync

Update - Sync is back for everyone. 16 Aug 2022 09:31 UTC
Identified - A schema change left the replica in Dublin read-only, so uploads from the EU are refused. 16 Aug 2022 08:44 UTC
Investigating - We're looking into reports of failed uploads. 16 Aug 2022 08:20 UTC
""",
        "schema change left the replica in dublin read-only",
        "customer",
    ),
    "second-sre": (
        """\
INC-9031 Search returns stale results

Impact: 12% of queries for 3 hours.
Detected by: freshness SLO alert, 02:10.
What went wrong: The indexer reads its offset from a config map. A node drain rescheduled it onto a cluster whose config map was six days behind, and it happily reindexed the past.
Remediation: config map synced, indexer replayed.
""",
        "config map was six days behind",
        "monitoring",
    ),
    "second-theatre": (
        """\
Why the lights went out in Act II

The dimmer rack shut itself off at 20:47 and we played eleven minutes in work light. The dust filter had not been cleaned since spring and the rack cooks behind a closed door when the heating is on. Our lighting op saw the temperature warning, but by then it was too late. Fan cleaned, door left open.
""",
        "dust filter had not been cleaned since spring",
        "internal monitoring",
    ),
    "second-nonnative": (
        """\
Report of problem 22/10

The web of the school was not opening in the morning. A father has written to the secretary at 7:50.

We are searching and we see that the disk of the server is complete at 100%. The reason is that the copies of security are saved in the same disk and nobody erases the old ones.

I have erased the copies of before summer and the web opens again at 9:15.
""",
        "copies of security are saved in the same disk",
        "customer",
    ),
    "second-chat": (
        """\
14:02 rania: @here anyone know why staging AND prod show the french prices
14:04 tom: define french
14:04 rania: commas. 1,50 instead of 1.50. checkout rejects them
14:11 tom: base image got bumped and its default locale is fr_FR
14:13 tom: pinned LANG=C.UTF-8, deploying
14:19 rania: confirmed fixed
""",
        "base image got bumped and its default locale is fr_fr",
        "internal",
    ),
    "second-ferry": (
        """\
Notice to passengers: delays on Saturday

All sailings left 40 to 70 minutes late. Our ticket gates at both piers stopped reading phones at about 11. The gates compare the time in the code with their own clock, and both had drifted by four minutes after the time server was moved to the new network. Staff let passengers through by hand. We apologise for the wait.
""",
        "both had drifted by four minutes",
        "",
    ),
    "second-whys": (
        """\
# Retrospective: newsletter sent to unsubscribed people

Who noticed: recipients, by angry replies

Why did they get it? They were on the list that was imported.
Why were they on it? The import came from the backup of March.
Why from March? The newer backups had been written with a key that we lost when Pieter's laptop was replaced.
""",
        "key that we lost when pieter",
        "customer",
    ),
    "second-oss": (
        """\
Post-mortem for the broken 3.1 containers

2 July. All `latest` images pulled between 10:00 and 13:20 UTC exit at once with "exec format error". A contributor pinged me on IRC.

GitHub switched the default runner to arm64 for our organisation (we had opted in to the beta and forgotten about it). Our release job builds for whatever machine it is on.

Re-tagged 3.0 as latest, then rebuilt with an explicit platform.
""",
        "switched the default runner to arm64",
        "customer internal",
    ),
    "second-warehouse": (
        """\
Incident record 0117
Area: cold store 2
When: 3 Feb, 22:15 - 4 Feb, 05:30
Noticed by: night guard, puddle
What happened: Door seal torn by forklift on the late shift, not reported. Compressor ran without pause and iced up.
Measures: seal changed, fork training repeated
""",
        "door seal torn by forklift",
        "internal",
    ),
    "third-sec": (
        """\
Incident summary: exposure of staging database

A misplaced firewall rule exposed our staging database to the internet from 3 to 9 June 2021. The rule was meant for the VPN range; a missing slash turned /32 into the whole world. Shodan's alert service mailed us on 9 June.
""",
        "misplaced firewall rule",
        "third_party monitoring",
    ),
    "third-student2": (
        """\
#0x19 Postmortem

Duration: 1h 10min (6:00 pm to 7:10 pm EAT)
Impact: the /cart page showed a blank screen to everyone
Root cause: forgot to run the migration after pulling
Detection: I refreshed the page to show it to my roommate
Resolution: flask db upgrade
""",
        "forgot to run the migration",
        "internal",
    ),
    "third-news": (
        """\
Why the website of the council was unreachable last week

Residents could not reach our website from Tuesday evening to Wednesday noon. Our provider moved us to a new address as announced. What we had overlooked is that the old address was written into the load balancer by hand. The press office was the first to notice, when the morning bulletin would not open.
""",
        "old address was written into the load balancer",
        "internal",
    ),
    "third-ml": (
        """\
## Postmortem: Speech model answered in Dutch

Between 10:00 and 11:15 CET on 7 March every German caller was answered in Dutch.

**Cause chain**
1. The language detector was retrained with a new label order.
2. The service maps labels by position and not by name.
3. Nothing in CI compares the two.

**Detected** through call-centre agents, who were laughing.
""",
        "retrained with a new label order",
        "internal",
    ),
}


# The choice takes other links of the chain in the first three of these; in the others who noticed is told in words of which neither a
# rule nor the model is sure, or is not told and taken for said.
UNMET = {
    "game-server",
    "table-fields",
    "second-chat",
    "second-oss",
    "second-theatre",
    "third-news",
}


@pytest.mark.parametrize(
    ("text", "cause", "methods"),
    [
        pytest.param(*case, id=name, marks=[pytest.mark.xfail(strict=True)] if name in UNMET else [])
        for name, case in VOICES.items()
    ],
)
def test_voices(text: str, cause: str, methods: str) -> None:
    record = parse(text)
    if cause:
        assert record.root_cause is not None
        assert cause in record.root_cause.statement.lower()
    else:
        assert record.root_cause is None
    method = record.detection.method if record.detection else ""
    assert method in (methods.split() or [""])
