"""Tales of incidents in many voices are reports; texts that only look like one, or speak of incidents in general, are not."""

from __future__ import annotations

import pytest

from postmortem.language import status
from postmortem.normalize import normalize

TALES = {
    "telephony": (
        "The carrier had re-homed our trunk to another switch overnight and nobody told us. Calls rang "
        "once and dropped. They moved it back a little after ten."
    ),
    "bakery oven": (
        "Ovens two and three would not take the recipe on Tuesday. The controller still had the old "
        "network address. Karl typed it in by hand and they were baking by six."
    ),
    "mail to a team": (
        "Hi all, quick note on this morning: the nightly export never ran, so the warehouse picked from "
        "Monday's list. I kicked it off by hand at 8:40 and the new list was out by nine. Sorry!"
    ),
    "one line": "14:10 search slow, 14:25 reindexed, 14:31 fine.",
    "log of a shift": (
        "0210 pump 4 trip. 0214 reset, tripped again. 0230 swapped the breaker. 0241 running. No further "
        "trips by end of shift."
    ),
    "field engineer": (
        "Arrived on site 07:50. Link light off on port 12, cable chewed through behind the cabinet. Pulled "
        "a new cable, link up 08:35."
    ),
    "church streaming": (
        "On Sunday the stream stayed black for the first half of the service. The camera was plugged into "
        "the wrong input after the rehearsal. Miriam moved the plug and the picture came on during the "
        "second hymn."
    ),
    "lab": (
        "The freezer in room 3 warmed to minus forty over the weekend because the door was ajar. The alarm "
        "text went to a phone number of somebody who left in May. We moved the samples on Monday at 7."
    ),
    "board games club": (
        "Signups for the tournament were doubled: everybody who pressed the button twice was in twice. I "
        "deleted the doubles by hand that night and put a lock on the button."
    ),
    "dry mail": (
        "The certificate ran out on Saturday. It had been ordered but not installed. Browsers showed a "
        "warning until Sunday noon."
    ),
    "apprentice": (
        "I pulled the wrong plug. The whole rack went off. Plugged it in again, everything booted, took "
        "twelve minutes."
    ),
    "slack": (
        "fyi deploy from 3pm is reverted, checkout was throwing for guests. will redo tmrw with the "
        "missing column"
    ),
    "status note": "Update 11:20: Tram tickets can be bought again. Between 9:05 and 11:15 the machines took no cards.",
    "farm": (
        "The milking robot waited for an answer from the cloud that did not come. Forty cows queued. We "
        "switched to local mode at five and by half past six they were all done."
    ),
    "library": (
        "The return chute took books and did not book them in. Since Thursday! A rule for the new barcodes "
        "was missing. All 212 items are booked in now."
    ),
    "dba's mail": (
        "Somebody left a transaction open on Friday. Vacuum could not keep up, the table bloated to 400 GB "
        "and queries crawled on Monday. Killed the session, ran a repack, quick again since 15:00."
    ),
    "game server": (
        "We rolled out the new map at 18:00 and within minutes the players were falling through the floor. "
        "The collision data had not been packed. New build at 19:10."
    ),
    "hospital": (
        "The label printer on ward 5 printed yesterday's names. The clock of the print server had jumped "
        "back a day after the battery was changed. Time set by hand at 10:15, old labels thrown away."
    ),
    "school": (
        "No bell rang today. The bell takes its time from the old server, which we unplugged on Friday. "
        "Plugged in again, bell at 11:30 was on time."
    ),
    "radio": (
        "Dead air for four minutes at 06:00. The playlist for the day had not been copied. I ran to the "
        "studio and put on a record."
    ),
    "data team": (
        "Revenue in the dashboard doubled overnight. It was a join: the new currency table has two rows "
        "for the euro. Fixed in the view at 10, numbers of last night recomputed."
    ),
    "freelancer": (
        "Client rang at 8, their shop was showing the theme's demo page. An auto update had swapped the "
        "theme. I put last week's backup on and turned the updates off. Fine again at 8:50."
    ),
    "museum": (
        "Audio guides spoke Dutch to everybody on Wednesday. The default language came from the last "
        "update. We handed out paper until two o'clock when the update was withdrawn."
    ),
    "harbour": (
        "Gate 2 let no lorries in from 5:40. The reader could not reach the list of plates, a fibre had "
        "been cut by diggers. A guard with a clipboard did it until the fibre was spliced at 13:30."
    ),
    "crypto wallet": (
        "Withdrawals were paused for three hours on 7 March after our node fell behind the chain. It "
        "caught up by itself."
    ),
    "weather": (
        "Station 7 reported 85 degrees at night. Water in the connector. Replaced on 12 May, values since "
        "then plausible."
    ),
    "parcel locker": (
        "Lockers in the north would not open with the code. Their clock had drifted by nine minutes and "
        "the codes had expired when they arrived. Synchronised them at 16:20."
    ),
    "volunteers": (
        "Well, that was a morning. The newsletter went to the whole list three times. Jo had hit resend "
        "when the page timed out. We stopped the queue at 9.15 and wrote a short apology."
    ),
    "terse": (
        "DNS. Again. Old NS records at the registrar, half the world got the parking page. Corrected "
        "Tuesday evening."
    ),
    "passive": "Payments made between 1 and 3 o'clock were booked twice. The second bookings have been reversed.",
    "CI": (
        "Builds sat in the queue from about 10. Runners had no space left after somebody cached the whole "
        "monorepo. Wiped the caches, queue was empty by 11:15."
    ),
    "kids' app": (
        "The story app crashed as soon as you opened it on older tablets. We had compiled for the new chip "
        "only. 2.3.1 is out since Friday and works."
    ),
    "hotel": (
        "Key cards stopped opening doors at midnight, every one of them. The new year was the reason: the "
        "system counted it as expired. Night porter re-coded 140 cards by hand."
    ),
    "lift": (
        "Lift B stuck between 3 and 4 with two people in it on Monday, 16:20. The door sensor had been "
        "knocked out of line by a trolley. Freed 16:55, sensor adjusted."
    ),
    "satellite": (
        "Lost lock on the beacon at 03:12Z. Antenna controller had rebooted into safe mode. Commanded back "
        "to track at 03:40Z, signal nominal."
    ),
    "letter": (
        "Dear members, the booking page was not reachable on Easter Monday. Our provider had closed the "
        "account over an unpaid bill of nine euros, which was our mistake. The bill is paid and the page "
        "is back."
    ),
    "postcard": (
        "Till froze at lunch, queue out of the door, old Meg did sums on paper. Router needed a kick. All "
        "good by two."
    ),
    "first person student": (
        "my api return 500 for all request since yesterday evening. i forget to set the env variable on "
        "render. i add it and redeploy and now it is working"
    ),
    "ops diary": (
        "Woke up to 40 mails from cron. /var was at 100%. A debug flag left on by me. Truncated the log, "
        "turned the flag off, back to bed."
    ),
    "solar": (
        "Inverters reported nothing from the 3rd to the 5th. SIM card had hit its data limit. Bigger plan "
        "ordered, data arriving since the evening of the 5th."
    ),
    "spoken": (
        "So basically what happened was, Dave changed the rule for the guest network, and the guest "
        "network is also what the tills use, so the tills were off. He changed it back like twenty minutes "
        "later."
    ),
    "support": (
        "Ticket 4411: customer could not print invoices since the update. The font was missing on the new "
        "server. Installed the font, customer confirmed it prints."
    ),
    "trains": (
        "Departure boards showed yesterday's timetable until 07:35. The file for today had arrived with "
        "the wrong date in its name. It was renamed and loaded."
    ),
    "research cluster": (
        "Jobs submitted over night vanished. The scheduler had come up with an empty state file after the "
        "power blip on Sunday. We asked everybody to submit again; sorry."
    ),
    "vineyard": (
        "The pump ran all night and flooded row nine. The level sensor said empty because a spider sat on it."
    ),
    "bank counter": "From 9 to 9:25 no cash could be paid out. The safe's timer was still on winter time.",
    "translators": (
        "All strings came out in English on the French site last Thursday afternoon. The locale bundle "
        "failed to upload and the build carried on. Re-uploaded, purged the cache, done by 17:00."
    ),
    "bus app": (
        "Buses on the map stood still since 7. The feed's token had run out at midnight. New token in at "
        "8:20, the buses move."
    ),
    "kitchen display": (
        "Orders from the terrace did not show up in the kitchen last night between 7 and 8. The access "
        "point had lost its power supply to a vacuum cleaner."
    ),
    "sysadmin haiku": (
        "RAID said degraded.\nThe second disk died before the first was replaced.\nTapes were good. Two days."
    ),
    "scooters": (
        "Nobody could end a ride from 17:10 to 17:50. The payment call was waiting for a service we had "
        "just renamed. We named it back and refunded 310 rides."
    ),
    "factory": (
        "Line 2 down 40 min on late shift. PLC battery flat, program lost. Reloaded from stick. Battery on "
        "order."
    ),
    "nursery": (
        "The door code didn't work on Tuesday morning and parents stood in the rain. It had been changed "
        "for the holidays and not changed back."
    ),
    "election": (
        "The result page fell over at 18:01 when everybody looked. It answered again at 18:20 after we put "
        "a cache in front of it."
    ),
    "swimming pool": (
        "The turnstiles let everybody through for free on Saturday. We noticed on Sunday when the takings "
        "were zero. A relay was stuck open; the electrician replaced it on Monday."
    ),
    "mainframe": (
        "JOB PAY014 ABENDED S0C7 AT 02:14. BAD RECORD IN INPUT. RECORD REMOVED, JOB RERUN 03:05, ENDED CC 0."
    ),
    "thank-you": (
        "Thanks to everyone who stayed late on Thursday. The import had eaten the commas, every price was "
        "a hundred times too high, and it took us until ten to put it right."
    ),
    "the ski pass gates turned": (
        "The ski pass gates turned everyone away from 8 till 9:30. Passes were checked against last "
        "season's price table. We loaded the new one."
    ),
    "hey folks the staging box": (
        "Hey folks, the staging box is alive again. Somebody had filled /tmp with core dumps. I cleaned it "
        "and added a cron."
    ),
    "our chatbot answered in klingon": (
        "Our chatbot answered in Klingon for an hour on April 1st. It was not a joke, the locale file was "
        "mis-tagged. Rolled forward at 11."
    ),
    "i am writing to let": (
        "I am writing to let you know why your parcel label had somebody else's address. Two requests "
        "shared one buffer. We noticed after six complaints and turned the printer off. All 38 labels were "
        "printed anew on Wednesday."
    ),
    "sensor feed was frozen on": (
        "Sensor feed was frozen on 21.4 degrees since Sunday, found it Thursday. Daemon was alive but not "
        "reading. Restart did it."
    ),
    "conference call bridge kicked everyone": (
        "Conference call bridge kicked everyone out at 10:30 sharp. The licence allowed one hour and a "
        "half. Upgraded."
    ),
    "morning all between midnight and": (
        "Morning all. Between midnight and 5 the meters in district 4 sent their readings to the test "
        "system. I've replayed them into prod. Nothing is lost."
    ),
    "my bot spammed the whole": (
        "My bot spammed the whole server with 900 messages because I had the loop condition backwards. "
        "Kicked it, fixed the condition, apologised."
    ),
    "a lorry hit the cabinet": "A lorry hit the cabinet in Mill Lane and 300 homes had no phone until Friday.",
    "we couldn't take bookings over": (
        "We couldn't take bookings over lunch. Turns out that the calendar plugin updated itself and "
        "didn't like our PHP. Downgraded, and off we go."
    ),
    "elasticsearch went yellow then red": (
        "Elasticsearch went yellow, then red. A node had been drained by me for the kernel update and I "
        "forgot to put it back. 40 minutes, no data loss."
    ),
    "the vending machine gave out": (
        "The vending machine gave out free snacks on Monday. Coin mech firmware treated an error as a "
        "payment. Supplier came with an older version."
    ),
    "users in chile saw times": (
        "Users in Chile saw times an hour off after the clocks changed. The tzdata in the image was from "
        "2021. Rebuilt with a current one on the 6th."
    ),
    "payroll went out a day": (
        "Payroll went out a day late. The file had the bank's old identifier in its header and was thrown "
        "away without a word. We sent it again on Friday morning with the right one."
    ),
    "backup of the th cannot": (
        "Backup of the 4th cannot be restored. Tape unreadable. Backup of the 3rd was used, one day of "
        "bookings typed in again."
    ),
    "the loudspeakers on platform repeated": (
        "The loudspeakers on platform 2 repeated the same announcement for forty minutes. The audio queue "
        "was not being emptied. Technician power-cycled the amplifier."
    ),
    "kubernetes upgrade bit us all": (
        "Kubernetes upgrade bit us: all pods with the old API were refused. Twenty services didn't come "
        "up. We downgraded the control plane, took until 3 in the morning."
    ),
    "for a while this afternoon": (
        "For a while this afternoon replies went to the wrong threads. Off by one in the new pager. Reverted."
    ),
    "emails with attachments bounced from": (
        "Emails with attachments bounced from Monday to Wednesday because the scanner's quota was used up. "
        "We raised it. Please send yours again."
    ),
    "the lights in the greenhouse": (
        "The lights in the greenhouse burned all night; the timer had no idea it was summer time. Tomatoes "
        "did not mind."
    ),
    "login page looped for people": (
        "Login page looped for people with two accounts. Cookie name clash after the merge. Hotfix live "
        "13:20."
    ),
    "water meter at the north": (
        "Water meter at the north well counts backwards since the exchange on the 12th. Fitted the wrong "
        "way round. Turned it today."
    ),
    "db migration locked the users": (
        "db migration locked the users table, site timed out for 6 mins, killed it, ran it again at night "
        "w/o lock"
    ),
    "the ct scanner refused to": (
        "The CT scanner refused to start after the weekend. A door interlock sensor reported open. The "
        "engineer came at 11 and cleaned the contact, first patient at 12:15."
    ),
    "we lost two days of": (
        "We lost two days of photos. The sync job deleted on the server what had been deleted on the "
        "phone, and the phone had been reset. There was no backup."
    ),
    "traffic lights at the bridge": (
        "Traffic lights at the bridge blinked yellow through the rush hour. The controller had fallen back "
        "after it lost its link at 7:12. Link was back at 9."
    ),
    "pager didn't go off turns": (
        "Pager didn't go off. Turns out the number was ported last week. Checked by test page at 15:00, "
        "goes off now."
    ),
    "subject yesterday the quiz froze": (
        "Subject: yesterday. The quiz froze at question 7 for all 300 players, the websocket server had "
        "hit its file limit. I raised the limit and we started over at half past eight."
    ),
    "nobody's badge opened the side": (
        "Nobody's badge opened the side entrance on Monday. Facilities had renewed the contract under a "
        "new customer number and the controller dropped all of ours. Fixed before lunch."
    ),
    "the nightly report was a": (
        "The nightly report was a blank PDF four days running. Chrome in the container had been bumped and "
        "wanted a flag. Added the flag, sent the four reports by mail."
    ),
    "we deployed on friday don't": (
        "we deployed on friday. don't deploy on friday. the cart forgot everything you put in it till "
        "saturday noon"
    ),
    "fire panel showed zone in": (
        "Fire panel showed zone 4 in fault from 22:05. Loop wire nicked by decorators. Joined and tested "
        "23:50."
    ),
    "on the evening of the": (
        "On the evening of the concert the ticket scanner app logged everybody out at once. Its session "
        "secret was regenerated by the autoscaler. Staff checked names on paper; at about eight we pinned "
        "the secret."
    ),
    "hello everyone the survey tool": (
        "Hello everyone, the survey tool has mixed German and English questions for some of you. A "
        "translator had saved over the master file. The right one is up since 14:00 and the answers so far "
        "are kept."
    ),
    "autopilot of the drone drifted": (
        "Autopilot of the drone drifted west during the survey on the 9th. Compass interference from the "
        "new battery tray. We recalibrated and flew the lines again on the 10th."
    ),
    "yesterday the intranet asked for": (
        "Yesterday the intranet asked for a password on every click. Single sign-on had picked up a test "
        "certificate. IT exchanged it around 3."
    ),
    "bug of the week sorting": (
        "Bug of the week: sorting by price put 1000 before 2. Strings, not numbers. Shipped a patch on "
        "Tuesday."
    ),
    "elevator music really loud for": (
        "Elevator music, really loud, for half an hour. Somebody had leaned on the volume panel in the "
        "server room. Turned down."
    ),
    "the water softener regenerated in": (
        "The water softener regenerated in the daytime and the dishwashers had brine. Timer was twelve "
        "hours off following the outage. Corrected by the janitor at four."
    ),
    "gps trackers in the vans": (
        "GPS trackers in the vans reported from the Atlantic. Zero latitude, zero longitude when there is "
        "no fix. Vendor filtered them out on Thursday."
    ),
    "hit the connection limit of": (
        "Hit the connection limit of the managed database around 19:40 during the show. Bots mostly. Added "
        "the block list, things calmed down by 20:05."
    ),
    "quarter end close slipped by": (
        "Quarter-end close slipped by a day: the ledger export contained everything except December. A "
        "filter with less-than instead of less-or-equal. Finance ran it once more on the 4th."
    ),
    "baby monitor app woke parents": (
        "Baby monitor app woke 2,000 parents with a test alert at 2 am. An intern pressed send in the "
        "wrong project. We wrote to all of them at 8."
    ),
    "school lunch orders for thursday": (
        "School lunch orders for Thursday were empty, so the kitchen cooked for nobody. The cutoff job had "
        "run with Wednesday's date. They made pasta for all."
    ),
    "telnet to the old switch": (
        "Telnet to the old switch hung, web too. Out of sheer age. Swapped with the spare from the "
        "cupboard, config from the last backup, 25 min."
    ),
    "reading group list got every": (
        "Reading group list got every mail seven times, my fault, I subscribed the list to itself. "
        "Unsubscribed at 22:10."
    ),
    "after the move to the": (
        "After the move to the new office, faxes to the clinic went nowhere for three days. The line had "
        "been ported without the fax number. The old number rings again since Thursday."
    ),
    "search on the archive found": (
        "Search on the archive found nothing newer than June. The indexer lost its credentials when we "
        "rotated them. I gave it new ones last night and it is working through the backlog."
    ),
    "an expired coupon worked all": (
        "An expired coupon worked all weekend and 412 people used it. The check compared dates as text. We "
        "honoured the orders and patched the check Monday at 9."
    ),
    "two flights had the same": (
        "Two flights had the same gate on the display from 6:10 to 6:25. The message from the gate system "
        "came late and overtook the newer one. Staff walked the passengers over."
    ),
    "grandpa's site about trains is": (
        "Grandpa's site about trains is up again, the host had moved it to a new machine w/o the database. "
        "They copied it over this afternoon."
    ),
}

OTHERS = {
    "how-to: restart": (
        "How to restart the worker. Log in to the host, run the stop script and wait until the queue is "
        "empty. If the worker does not come back, check the log and restart the host. Call the on-call "
        "engineer after 10 minutes."
    ),
    "how-to: postmortems": (
        "Writing a postmortem takes an hour. Start with the timeline: when was the issue detected, when "
        "was it resolved? Then ask why five times. Keep it blameless and share it with the team."
    ),
    "runbook": (
        "Runbook: disk full. Symptoms: alerts for disk usage, writes fail with 'no space left'. Steps: 1. "
        "find large files; 2. rotate logs; 3. restart the service. Escalate to the storage team if it was "
        "not resolved within 30 minutes."
    ),
    "severity policy": (
        "SEV1: the site is down for all users. SEV2: a main feature is degraded. SEV3: a minor error with "
        "a workaround. Every SEV1 incident needs a postmortem within five working days. This policy was "
        "last reviewed on 3 May 2023."
    ),
    "release notes": (
        "Version 3.4 (12 June 2024)\n- Fixed a crash when the file was empty\n- Fixed a bug where dates "
        "were shown in UTC\n- Added dark mode\n- The export is 30% faster"
    ),
    "changelog": (
        "## 1.2.0 - 2023-04-01\n### Added\n- retry on timeout\n### Fixed\n- error message for missing "
        "config\n- memory leak in parser"
    ),
    "security release": (
        "2.17.1 fixes an error in the handling of timeouts. Users of 2.17.0 should upgrade. Thanks to all "
        "who reported it. Released on 28 December 2021."
    ),
    "news: merger": (
        "The two carriers announced on Monday that they had agreed to merge. Shares rose 4% after the "
        "news. The deal was expected to close by the end of the year."
    ),
    "news: sports": (
        "The home side lost 2-1 on Saturday after their keeper was sent off at 14:20. They had led until "
        "the break. The coach said the team failed to keep calm."
    ),
    "news: weather": (
        "Heavy rain fell over the valley on Tuesday night and two roads were closed. The river went back "
        "below the mark by Wednesday morning. More rain is forecast."
    ),
    "news: chip": (
        "The company unveiled its new chip on 4 June. It has twice the cores of the last one and costs the "
        "same. Orders open at 9:00 on Friday."
    ),
    "product announcement": (
        "Today we launched Status Boards. See every incident at a glance, get alerts in chat, and cut "
        "downtime by half. Try it free for 30 days from 1 May 2024."
    ),
    "product: beta": (
        "We are happy to announce that the beta of Offline Mode opened this morning. Edit on the train and "
        "we sync when you are back. Thousands of users asked for this."
    ),
    "minutes: board": (
        "Present: A, B, C. The minutes of 4 May were approved. The treasurer reported that the fees had "
        "been received. It was agreed to repair the fence. The meeting closed at 20:45."
    ),
    "minutes: sprint": (
        "Sprint review, 12 June 2024, 10:00. Done: login page, export. Not done: search. The team "
        "discussed the backlog. Action: Ana to write the test plan by Friday."
    ),
    "minutes: budget": (
        "Budget meeting 14:00. We looked at the costs of hosting. It was decided to move two services to "
        "smaller machines. Next meeting on 7 July."
    ),
    "CV": (
        "Site reliability engineer, 2019-2023. Ran the on-call rotation of 12 engineers. Reduced alerts by "
        "60%. Migrated 40 services to Kubernetes. Wrote the incident handbook."
    ),
    "CV: junior": (
        "Jane studied physics in Leeds from 2014 to 2018 and worked as an analyst until 2021. She built "
        "dashboards and trained new colleagues. Speaks German and Spanish."
    ),
    "cover letter": (
        "Dear hiring team, I saw your advert on 3 May. In my last job I looked after the database and was "
        "on call every third week. I made backups and wrote tests. I could start in July."
    ),
    "README: tool": (
        "# pagerlite\nA tiny pager. Sends an alert when a check failed three times.\n\n## Install\n`pip "
        "install pagerlite`\n\n## Usage\nCreate a config with your checks. Errors are written to "
        "stderr.\n\n## License\nMIT, 2023"
    ),
    "README: dataset": (
        "# Outages dataset\nA list of public outages since 2015, one line each: company, date, cause, "
        "duration. Pull requests welcome. Licence: CC0. Last updated 2024-03-01."
    ),
    "README: client": (
        "This client talks to the weather API. If a request failed, it is tried again three times. The "
        "project was started in 2019 and is maintained by two people. See CONTRIBUTING."
    ),
    "essay: error budgets": (
        "An error budget is the amount of failure that a service may have. At 99.9% you have 43 minutes a "
        "month. Teams that had spent theirs stop shipping features. The idea was made popular by a book in "
        "2016."
    ),
    "essay: blameless": (
        "People make mistakes; systems let them. When I started in this trade in 1999, whoever broke the "
        "build bought cakes. We have learned since that blame hides the facts. A good review asks what "
        "made sense at the time."
    ),
    "essay: complexity": (
        "Complex systems fail in complex ways. Redundancy helps until it becomes the thing that fails. "
        "Operators were always part of the system, and they adapt. Safety is made, not found."
    ),
    "essay: alerts": (
        "Most alerts are noise. A team that was paged 200 times a week stops looking. Alert on symptoms "
        "that users feel, not on causes. Delete an alert that nobody acted on."
    ),
    "essay: boring technology": (
        "Choose boring technology. The failure modes of old databases are well known; somebody has had "
        "your error before and wrote about it. New things cost attention, and you have little of it."
    ),
    "template: empty": (
        "# Postmortem: <title>\n\nDate:\nAuthors:\nStatus:\n\n## Summary\n\n## Impact\n\n## Root "
        "causes\n\n## Trigger\n\n## Resolution\n\n## Detection\n\n## Action items\n"
    ),
    "template: hints": (
        "## Incident report\n\n### What happened\n_Describe what happened, in plain words._\n\n### "
        "Timeline\n| Time | Event |\n|---|---|\n| HH:MM | what was seen |\n\n### Root cause\n_Why did it "
        "happen?_\n"
    ),
    "template: brackets": (
        "Incident: [name]\nStarted: [YYYY-MM-DD HH:MM]\nDetected by: [who]\nCustomers affected: "
        "[number]\nRoot cause: [why did it happen]\nResolution: [what was done]\n"
    ),
    "template: to-do": (
        "Postmortem TODO\nSummary: TBD\nImpact: TBD\nTimeline: TBD\nRoot cause: TBD\nWhat went well: "
        "TBD\nWhat went wrong: TBD\n"
    ),
    "job ad": (
        "We are looking for a site reliability engineer. You will take part in the on-call rotation, "
        "handle incidents and write postmortems. We were founded in 2015 and have 80 employees. Apply by "
        "30 June."
    ),
    "job ad: support": (
        "Support agent wanted, 20 hours a week, from 8:00 to 12:00. You answer calls from customers who "
        "cannot log in and pass errors on to the developers. Experience with ticket systems is a plus."
    ),
    "recipe: bread": (
        "Mix the flour with 320 ml of water and leave it for 30 minutes. If the dough was too dry, add a "
        "spoon of water. Bake at 240 degrees until brown. It comes out best on a stone."
    ),
    "recipe: story": (
        "My grandmother made this soup every Friday. She cooked it for hours and the whole house smelled "
        "of bay. Fry two onions, add the beans and simmer until they are soft. Serves six."
    ),
    "recipe: jam": (
        "We picked four kilos of plums this morning. Stone them, cook them with a kilo of sugar and stir "
        "until the jam sets. If it did not set, boil it again for 5 minutes."
    ),
    "travel diary": (
        "We left Porto at 8:15 and took the slow train along the river. At Pinhao we had lunch and walked "
        "up to the vineyards. We came back on the last train at 19:40, tired and happy."
    ),
    "garden": (
        "The roses were pruned in March and the lawn was sown on 4 April. It rained in May and everything "
        "came back greener than before. The beans were planted again in June."
    ),
    "invoice reminder": (
        "Dear customer, our invoice of 3 May 2024 was due on 17 May. We have not received your payment of "
        "240.00 EUR. Please pay within seven days. If you have paid already, ignore this letter."
    ),
    "contract": (
        "1. The provider makes the service available 99.9% of each month. 2. Downtime announced five days "
        "before does not count. 3. Where the target was missed, the customer gets a credit of 10%. Signed "
        "on 1 March 2022."
    ),
    "privacy notice": (
        "We store your address and your orders for ten years. Logs are deleted after 14 days. You can ask "
        "what we hold about you. This notice was changed on 25 May 2018."
    ),
    "tutorial": (
        "In this tutorial you will build a small web server. Create a file, paste the code and run it. If "
        "you see an error, check that the port is free. We used Python 3.11 on 12 May 2024."
    ),
    "FAQ": (
        "Why can't I log in? Check that the caps key is off. Why was my card refused? Your bank may have "
        "blocked it. When does the shop open? From 9:00 to 17:00 on working days."
    ),
    "book review": (
        "The author worked in mines for thirty years, and it shows. The first chapter drags, but by the "
        "middle I could not put it down. It was published in 2011 and came out again last year."
    ),
    "film": (
        "A night watchman sees the lights of the museum go out one by one. Nobody believed him until "
        "morning. The film was shot in 2009 and shown in three cities."
    ),
    "conference": (
        "The programme of the reliability days is out. Talks on incident response, on-call and chaos start "
        "on 9 May at 10:00. Early tickets were sold out within a day; more are on sale from Friday."
    ),
    "slide notes": (
        "Agenda: what is an outage, who is paged, how do we talk to customers, what goes into a "
        "postmortem. Slides were made in 2022, see the wiki for the newest version."
    ),
    "training": (
        "In this exercise you play the incident commander. The facilitator tells you at 10:00 that the "
        "site is slow. Decide whom to call. After an hour, compare notes: what went well, what did not?"
    ),
    "architecture": (
        "The gateway forwards requests to three workers. A worker that failed its health check is taken "
        "out and restarted. State is kept in a database with one replica. The design was agreed in May "
        "2023."
    ),
    "monitoring guide": (
        "Set a timeout on every call. Watch latency, traffic, errors and saturation. Page somebody when "
        "the error rate was above 1% for ten minutes. Keep dashboards small."
    ),
    "maintenance notice": (
        "On Sunday 9 June from 02:00 to 04:00 we will replace the switches in hall 2. The website will be "
        "unavailable during this time. Please save your work."
    ),
    "API reference": (
        "GET /orders returns a list. Status 404 means that the order was not found; 503 means that the "
        "service is down. Times are ISO 8601, for example 2023-05-03T10:00:00Z."
    ),
    "feature request": (
        "It would be great if the app could remember the last filter. I looked in the settings and found "
        "nothing. Other apps had this in 2020 already. Thanks!"
    ),
    "thank-you letter": (
        "Thank you for the lovely evening on Saturday. The children had a great time and slept till nine. "
        "We found Tim's glove; he can have it back when we meet again."
    ),
    "poem": (
        "The clock had stopped, the lamp was low,\nthe river froze beneath the snow,\nand we who came so "
        "far to part\nwent quiet home."
    ),
    "timetable": (
        "Monday 9:00 maths, 10:00 physics, 11:15 English. Tuesday 8:00 sports. The library was moved to "
        "house B. Lunch from 12:00 to 13:00."
    ),
    "quarterly report": (
        "Revenue grew by 8% to 4.2 million in the second quarter. Costs were held at the level of last "
        "year. The board has approved two new sites. Customers were satisfied: 92% would buy again."
    ),
    "history": (
        "The first exchange of the town opened in 1891 and was run by two operators. It burned down in "
        "1904 and was built again of stone. In 1931 it became automatic."
    ),
    "how to rotate a certificate": (
        "How to rotate a certificate. Generate a key, send the request to the authority and install what "
        "comes back. Restart the proxy. Certificates that expired cannot be renewed."
    ),
    "what's new in faster search": (
        "What's new in 5.1: faster search, a fix for the crash on start, and new icons. 5.1 was released "
        "on 4 March 2024 and is in the store now."
    ),
    "acceptable use you may not": (
        "Acceptable use. You may not send spam. Accounts that broke the rules were closed in the past "
        "without notice. Last change: 2 May 2022."
    ),
    "retry lib retries failed calls": (
        "# retry-lib\nRetries failed calls with backoff.\n\n## Example\n    retry(3)(call)\nIf all "
        "attempts failed, the last error is raised.\n"
    ),
    "agenda for june review of": (
        "Agenda for 4 June, 10:00\n1. Review of last week's incidents\n2. On-call handover\n3. Any other "
        "business"
    ),
    "dear all i will be": (
        "Dear all, I will be on holiday from 3 to 17 July. Maria has my phone and my passwords are with "
        "her. See you!"
    ),
    "chaos engineering is the practice": (
        "Chaos engineering is the practice of breaking things on purpose. It began at a streaming company "
        "around 2010. Start small, and stop when users notice."
    ),
    "the printer manual paper jams": (
        "The printer manual: paper jams. Open the cover, pull the paper out, close the cover. If the light "
        "is still red, switch the printer off and on."
    ),
    "sunday walked to the lake": (
        "Sunday: walked to the lake, swam, came back by bus. Monday: rained. Read all day. Tuesday: "
        "museum, then tea at four."
    ),
    "incident severity levels critical major": (
        "Incident severity levels: critical, major, minor. Critical means that a core function was lost "
        "for all. Response within 15 minutes, around the clock."
    ),
    "the team behind the payment": (
        "The team behind the payment system has grown from 3 to 20. We talked to its lead about hiring, "
        "tests, and why she never worries on a Friday."
    ),
    "our sla in we were": "Our SLA: 99.95%. In 2023 we were at 99.98%. Planned work is announced a week before.",
    "board may accounts for were": (
        "Board, 7 May: accounts for 2023 were accepted, the new fire doors were ordered, Mr Lee was "
        "thanked for twelve years. Closed at 21:10."
    ),
    "the kitten slept all day": (
        "The kitten slept all day and was wild all night. At 3:00 it fell off the shelf. We laughed, it "
        "did not."
    ),
    "glossary mttr mean time to": (
        "Glossary. MTTR: mean time to restore. RCA: root cause analysis. RPO: how much data may be lost. "
        "Failover: switching to a spare."
    ),
    "postmortem template what happened how": (
        "Postmortem template\n1. What happened?\n2. How was it found?\n3. What was the root cause?\n4. "
        "What did we learn?"
    ),
    "backup concept full on sunday": (
        "Backup concept: full on Sunday at 01:00, incremental on all other days. Backups are tested every "
        "quarter. Tapes are kept for a year."
    ),
    "for sale mountain bike bought": (
        "For sale: mountain bike, bought in May 2019, brakes were replaced last year, small scratch on the "
        "frame. 200 euros."
    ),
    "press release lakeside telecom has": (
        "Press release: Lakeside Telecom has switched off its last copper line on 30 June 2024. All "
        "customers were moved to fibre over two years."
    ),
    "support hours changed from may": (
        "Support hours changed: from 1 May we are there from 7:00 to 19:00. Call us when something is broken."
    ),
    "in the match on friday": (
        "In the match on Friday Anna lost the first set 4-6, then came back and won. She was served well "
        "by her backhand."
    ),
    "migration plan stop writes copy": (
        "Migration plan: 22:00 stop writes, 22:15 copy the tables, 23:00 switch DNS, 23:30 check. Roll "
        "back if errors are above 1%."
    ),
    "the new branch library opens": (
        "The new branch library opens on Saturday at 10:00. There are 12,000 books, a cafe and a room for "
        "children. The mayor cut the ribbon of the old one in 1962."
    ),
    "interview questions for sres tell": (
        "Interview questions for SREs: tell me about an outage you handled. What did you do first? What "
        "would you change?"
    ),
    "thank you for your order": (
        "Thank you for your order 4711 of 3 May 2024. It was handed to the carrier today and arrives on "
        "Monday. Track it on our website."
    ),
    "logcat view a viewer for": (
        "# logcat-view\nA viewer for logs.\n\n- colours errors red\n- folds stack traces\n- follows files "
        "that were rotated\n\nBuilt with Rust. MIT."
    ),
    "when an alert fires at": (
        "When an alert fires at night, first ask whether users are hurt. If not, go back to bed. We wrote "
        "this page after too many sleepless weeks."
    ),
    "opinion our trains are late": (
        "Opinion: our trains are late because nobody paid for the tracks. In the nineties lines were "
        "closed, and those that were left have no slack."
    ),
    "weekly digest pull requests merged": (
        "Weekly digest: 14 pull requests merged, 3 opened. Ana fixed the flaky test, Ben upgraded the "
        "linter. Next release on Friday."
    ),
    "user manual chapter if the": (
        "User manual, chapter 4: if the lamp blinks twice, the battery is low. Charge it for two hours. "
        "The device was tested to IP67."
    ),
    "rfc retries status accepted march": (
        "RFC 12: retries. Status: accepted, 12 March 2024. Clients must not retry more than three times. "
        "Servers should send Retry-After."
    ),
    "the patient slept well had": (
        "The patient slept well, had no fever since Tuesday, and was given water at 6:00 and 10:00. The "
        "wound was cleaned and looks good."
    ),
    "i bought this router in": (
        "I bought this router in June. Setup took five minutes, the range is great and it never dropped "
        "out. Five stars."
    ),
    "lesson plan warm up fractions": (
        "Lesson plan: 9:00 warm-up, 9:20 fractions, 10:05 break, 10:20 test. Hand out sheets. Collect them "
        "before lunch."
    ),
    "trip report the conference had": (
        "Trip report: the conference had 800 guests. I heard talks on tracing and on queues, met old "
        "friends, and ate too much cake. Slides went online on Tuesday."
    ),
    "standup june ana finished login": (
        "Standup 3 June. Ana: finished login, today export. Ben: was ill yesterday, today tests. Carl: "
        "blocked by the design of the form."
    ),
    "a short history of email": (
        "A short history of email: the first message was sent in 1971. Spam came in 1978. In 2004 a search "
        "company gave everybody a gigabyte."
    ),
    "checklist before a release tests": (
        "Checklist before a release: tests green, changelog written, backup made, rollback tried, on-call "
        "told. Tick every box."
    ),
    "lost black cat with a": "Lost: black cat with a white paw, last seen on Sunday at the bridge. Call 555-0117.",
    "tips for faster queries add": (
        "Tips for faster queries: add an index, avoid select star, look at the plan. A query that took 10 "
        "seconds can take 10 milliseconds."
    ),
    "tax office your return of": (
        "Tax office: your return of 2023 was received on 4 May. The review takes about eight weeks. Please "
        "do not call before."
    ),
}


@pytest.mark.parametrize("text", TALES.values(), ids=TALES)
def test_a_tale_of_an_incident_is_a_report(text: str) -> None:
    assert status(normalize(text)) == "ok"


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_another_text_is_none(text: str) -> None:
    assert status(normalize(text)) == "not_a_report"
