"""Impact: which percentages count, what they govern, the other figures, and the impact statement."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortem import parse
from postmortem.clock.carry import Calendar
from postmortem.extract.impact import impact
from postmortem.extract.impact.known import known_rules
from postmortem.extract.impact.numbers import PERCENT, percents
from postmortem.extract.impact.sentences import Sentence
from postmortem.matching import rules_of
from postmortem.normalize import normalize
from postmortem.record import Impact, Percentage
from postmortem.report import Report


def impact_of(text: str) -> Impact:
    document = normalize(text)
    return impact(Report(document, (), Calendar(document)))


def percentages(text: str) -> list[tuple[float, float | None, str]]:
    return [(p.value, p.upper, p.of) for p in impact_of(text).percentages]


def stated(sentence: str) -> str:
    """A report whose summary is `sentence`."""
    return f"# Outage of the shop\n\n## Summary\n{sentence}\n\n## Root cause\nA full disk.\n"


GOVERNED = {
    "clause behind a count": (
        "386 guests were billed twice, 97% of those who stayed.",
        [(97, None, "users")],
    ),
    "turned away": ("At worst we turned away 93% of searches.", [(93, None, "requests")]),
    "negated verb": ("63% of the doors did not open.", [(63, None, "other")]),
    "hyphen before a preposition": ("31% of signed-in readers lost their basket.", [(31, None, "users")]),
    "for a share": ("For 0.2% of the hosts, the copies disagreed.", [(0.2, None, "infrastructure")]),
    "the remaining": (
        "About 80% of the readers met an error. The remaining 20% waited for a minute.",
        [(80, None, "users"), (20, None, "users")],
    ),
    "what a rule would do": ("A rule that would block more than 2% of requests failed.", []),
    "queue": ("20 percent of mails sat in the queue.", [(20, None, "requests")]),
    "twice": ("4,212 invoices were sent twice, to 2.8% of all customers.", [(2.8, None, "users")]),
    "complaints": ("6.5% of clinics complained.", [(6.5, None, "users")]),
    "after of": ("The outage affected 35% of our users.", [(35, None, "users")]),
    "words of percent": ("About 12 percent of orders failed.", [(12, None, "transactions")]),
    "per cent": ("Some 12 per cent of sign-ins failed.", [(12, None, "requests")]),
    "pct": ("We lost 8 pct of revenue.", [(8, None, "revenue")]),
    "decimal": ("During the outage 0.7% of queries timed out.", [(0.7, None, "requests")]),
    "head noun decides": ("40% of user requests failed.", [(40, None, "requests")]),
    "customer orders": ("Roughly 15% of customer orders were lost.", [(15, None, "transactions")]),
    "drop in": ("It caused a 45% drop in completed payments.", [(45, None, "transactions")]),
    "noun before": ("The error rate reached 62% at the worst moment.", [(62, None, "requests")]),
    "latency by": ("Latency increased by 250% and pages were slow.", [(250, None, "performance")]),
    "slower": ("Pages came back 80% slower than usual.", [(80, None, "performance")]),
    "noun directly after": ("Callers saw a 9% error rate.", [(9, None, "requests")]),
    "servers": ("We lost 56% of the hosts in the hall.", [(56, None, "infrastructure")]),
    "nothing known": ("It came to a 12% fall in availability.", [(12, None, "other")]),
    "ellipsis inherits": (
        "55% of users saw delays, with 15% being unable to pay.",
        [(55, None, "users"), (15, None, "users")],
    ),
    "no word of harm": (
        "On that night 38% of queries came back with an old answer.",
        [(38, None, "requests")],
    ),
    "of that day's": ("17% of that week's parcels came home again.", [(17, None, "transactions")]),
    "of nothing known": ("The tailors cursed, since 23% of the bobbins failed.", [(23, None, "other")]),
    "two nouns": ("Callers lost out: 12% of lookup and write requests failed.", [(12, None, "requests")]),
    "of them before": ("The customers came. 22% of them left the queue.", [(22, None, "users")]),
    "of them in front": ("The customers came. Of those 22% left the queue.", [(22, None, "users")]),
    "goes on": (
        "In the first hour 88% of payments failed. Over the whole night it was 64%.",
        [(88, None, "transactions"), (64, None, "transactions")],
    ),
    "people speak": ("In the poll 70% said they had lost a letter.", [(70, None, "users")]),
    "what people do": ("About 3% of bellringers wrote to complain.", [(3, None, "users")]),
    "told in front": (
        "Of the vouchers handed out in the hall, 9% could not be redeemed.",
        [(9, None, "transactions")],
    ),
    "of which": (
        "The callers made 250 bookings, of which 40% were lost.",
        [(40, None, "transactions")],
    ),
    "counted, then as a share": (
        "The flood drowned 12 servers (35% of all that we own).",
        [(35, None, "infrastructure")],
    ),
    "counted, or a share": ("Some 300 guests, or 6% of all, were sent away.", [(6, None, "users")]),
    "head of a share": ("We lost 14% of storage nodes to the flood.", [(14, None, "infrastructure")]),
    "going on": (
        "21% of hosts fell over in the storm. 4% were gone for longer than an hour.",
        [(21, None, "infrastructure"), (4, None, "infrastructure")],
    ),
    "of a number": ("Every payment of that hour failed, 100% of 38.", [(100, None, "transactions")]),
    "relative level": ("Traffic fell to 35% of the usual level.", [(35, None, "requests")]),
    "below": ("Revenue of the fair came in 14% below plan.", [(14, None, "revenue")]),
    "range dash": ("Errors hit 20-30% of customers.", [(20, 30, "users")]),
    "range en dash": ("Errors hit 20–30% of customers.", [(20, 30, "users")]),
    "range with two signs": ("Errors hit 20% - 30% of customers.", [(20, 30, "users")]),
    "between": ("Between 20% and 30% of customers were locked out.", [(20, 30, "users")]),
    "from to as range": ("We saw error rates ranging from 60% to 90%.", [(60, 90, "requests")]),
    "rise from to": ("The error rate rose from 1% to 44%.", [(44, None, "requests")]),
    "fall from to": ("Throughput dropped from 100% to 35%.", [(35, None, "performance")]),
    "improvement from to": (
        "The error rate fell from 44% to 2% only after an hour.",
        [(44, None, "requests")],
    ),
    "said twice": ("30% of users were hit. In all, 30% of users could not log in.", [(30, None, "users")]),
    "of you": ("The wall was blank for around 85% of you.", [(85, None, "users")]),
    "of so many": ("98% of the 3,140 guests in the hall had no badge.", [(98, None, "users")]),
    "of over so many": ("12% of over 4,000 orders failed.", [(12, None, "transactions")]),
    "a rate over places": ("The failure rate over all halls was 34% for an hour.", [(34, None, "requests")]),
    "growth elsewhere": ("Traffic increased and 40% of users saw errors.", [(40, None, "users")]),
    "bold figure": ("The outage affected **35%** of our **users**.", [(35, None, "users")]),
    "wrapped line": (
        "In the hour that the outage lasted it affected about 35%\nof our users, who saw an empty page and no word of it.",
        [(35, None, "users")],
    ),
}


@pytest.mark.parametrize(("sentence", "expected"), GOVERNED.values(), ids=GOVERNED)
def test_what_a_percentage_governs(sentence: str, expected: list[tuple[float, float | None, str]]) -> None:
    assert percentages(stated(sentence)) == expected


REFUSED = {
    "cpu before": "The outage began when CPU usage reached 95%.",
    "cpu after": "The servers failed at 100% CPU.",
    "memory growth": "It failed after a 300% increase in memory consumption.",
    "disk": "The disk was 98% full and writes failed because disk usage hit 98%.",
    "objective": "We missed our SLO of 99.9% because of the outage.",
    "uptime": "The failure cost us the promised 99.95% uptime.",
    "rollout": "The change that failed had been deployed to 10% of hosts.",
    "recovered": "After the failure 85% of the calls were restored at once.",
    "back online": "After the outage 95% of the calls are back to normal.",
    "confidence": "We are 100% sure that the disk failed.",
    "share": "The affected endpoint handles 90% of our traffic.",
    "threshold": "The alert threshold of 85% was never reached by the errors.",
    "more load": "A 400% increase in traffic brought the site down.",
    "no harm": "The service has 60% of its users in Europe.",
    "usual": "Payments failed at a rate of errors that is 3% on a normal day.",
    "instead of": "Callers hung up and lost patience instead of the usual 4%.",
    "used up": "The writes failed since we had used 100% of our daily reads.",
    "roll-out reached": "The upgrade that broke the tills, and which had reached 25% of hosts, was stopped.",
    "credit": "Everybody affected is given a credit of 50% of the bill.",
    "promised nines": "Because of the failure the 99.95% is gone for May.",
    "utilisation of a compound": "All failed while CPU on the single application server stood at 98% for most of this time.",
    "hostile traffic": "After an hour of failures we blocked 70% of the attack traffic.",
    "escaped link": "It failed at https://example.org/?q=50%20users for everybody.",
}


@pytest.mark.parametrize("sentence", REFUSED.values(), ids=REFUSED)
def test_no_impact(sentence: str) -> None:
    assert percentages(stated(sentence)) == []


@pytest.mark.parametrize(
    "heading", ["Action items", "Lessons learned", "Corrective and preventive measures", "Appendix"]
)
def test_sections_that_state_no_impact(heading: str) -> None:
    assert percentages(f"# Outage\n\n## {heading}\n- Page somebody when 5% of requests fail.\n") == []


def test_code_states_no_impact() -> None:
    assert percentages("# Outage\n\n## Impact\nSee below.\n\n```\nnode-1 100% failed requests\n```\n") == []


def test_an_impact_field_needs_no_word_of_harm() -> None:
    assert percentages("Impact: 60% of our users met a blank page.\n\nRoot cause: a typo.\n") == [
        (60, None, "users")
    ]


COMPARATORS = {
    "exact": ("35% of users were hit.", "="),
    "approximately": ("Approximately 35% of users were hit.", "~"),
    "tilde": ("~35% of users were hit.", "~"),
    "up to": ("Up to 35% of users were hit.", "<="),
    "less than": ("Less than 35% of users were hit.", "<="),
    "more than": ("More than 35% of users were hit.", ">="),
    "over": ("Over 35% of users were hit.", ">="),
    "plus sign": ("35%+ of users were hit.", ">="),
    "or more": ("35% or more of the users were hit.", ">="),
}


@pytest.mark.parametrize(("sentence", "expected"), COMPARATORS.values(), ids=COMPARATORS)
def test_comparators(sentence: str, expected: str) -> None:
    assert [p.comparator for p in impact_of(stated(sentence)).percentages] == [expected]


EFFECTS = {
    "predicate": ("62% of shoppers were unable to see their basket.", "unable to see their basket"),
    "relative clause": ("It hit 20% of customers who saw an empty basket.", "saw an empty basket"),
    "clause before": (
        "The shop was down for two hours, affecting 30% of users.",
        "The shop was down for two hours",
    ),
}


@pytest.mark.parametrize(("sentence", "expected"), EFFECTS.values(), ids=EFFECTS)
def test_effects(sentence: str, expected: str) -> None:
    assert [p.effect for p in impact_of(stated(sentence)).percentages] == [expected]


FIGURES = {
    "unknown things that suffered": ("Roughly 340 offers were not shown.", [(340.0, "offers", "count")]),
    "size that is gone": ("1.2 TB of backups were gone for a day.", [(1.2, "TB", "data_loss")]),
    "people who could not": (
        "Around 260 employees could neither read nor write.",
        [(260.0, "employees", "count")],
    ),
    "count": ("In all 12,000 orders failed.", [(12000, "orders", "count")]),
    "millions": ("The outage hit 1.2 million customers.", [(1_200_000, "customers", "count")]),
    "money before": ("The outage cost us $50,000 in lost sales.", [(50000, "$", "money")]),
    "money scaled": ("We lost USD 1.5M.", [(1_500_000, "USD", "money")]),
    "rate": ("At the worst 350 errors per second were returned.", [(350, "errors per second", "rate")]),
    "latency": ("Response times rose from 200 ms to 2500 ms and users timed out.", [(2500, "ms", "latency")]),
    "data lost": ("We lost 3 hours of data.", [(3, "hours", "data_loss")]),
    "records lost": ("In the crash 1,200 records were lost.", [(1200, "records", "data_loss")]),
    "of how many": ("Payments at 14 of our 60 petrol stations failed.", [(14, "stations", "count")]),
    "a share is no count": ("9 out of 10 payments failed.", []),
    "in brackets": ("All sessions (about 310,000) were lost.", [(310_000, "sessions", "count")]),
    "times": ("Cards failed and were charged up to 40 times.", [(40, "times", "count")]),
    "thin space": ("Around 11 000 viewers were cut off.", [(11_000, "viewers", "count")]),
    "millions of things": ("1.4 million doorbells were mute.", [(1_400_000, "doorbells", "count")]),
    "rate without a noun": ("Errors jumped from 2 to 900 per second.", [(900, "per second", "rate")]),
    "time without data": ("The lab lost network for 18 minutes.", []),
    "scale of business": ("The failed service serves 5,000 customers.", []),
    "no harm": ("Our 40 servers hum along.", []),
}


@pytest.mark.parametrize(("sentence", "expected"), FIGURES.values(), ids=FIGURES)
def test_figures(sentence: str, expected: list[tuple[float, str, str]]) -> None:
    assert [(f.value, f.unit, f.kind) for f in impact_of(stated(sentence)).figures] == expected


def test_summary_is_the_impact_statement() -> None:
    text = "# Outage\n\n## Summary\nA node failed.\n\n## Impact\nNobody could **log in**. The mail queue grew.\n\n## Timeline\n10:00 start\n"
    summary = impact_of(text).summary
    assert summary is not None
    assert summary.text == "Nobody could log in. The mail queue grew."
    assert text[summary.evidence.start : summary.evidence.end] == summary.evidence.text


def test_summary_falls_back_on_the_sentence_of_harm() -> None:
    summary = impact_of(
        stated("On Monday we moved house. Users could not log in for an hour. We are sorry.")
    ).summary
    assert summary is not None
    assert summary.text == "Users could not log in for an hour."


def test_a_report_that_says_nothing() -> None:
    assert impact_of("") == Impact()
    assert impact_of("Hello there.\n").percentages == ()


@given(st.text(alphabet=st.sampled_from(list("10 259%.,-~to \n#*of usersfailed<>|/")), max_size=200))
def test_any_text_gives_true_evidence(text: str) -> None:
    found: tuple[Percentage, ...] = impact_of("Impact: " + text).percentages
    for percentage in found:
        evidence = percentage.evidence
        assert ("Impact: " + text)[evidence.start : evidence.end] == evidence.text
        assert (
            f"{percentage.value:g}" in evidence.text.replace(",", "")
            or percentage.value >= 1e6
            or percentage.value != int(percentage.value)
        )


def test_a_labelled_cause_is_no_impact_summary() -> None:
    text = "# Outage of 8 March\n\n- Root cause: payments of users failed on an old key.\n- In that hour 45% of users could not pay.\n"
    found = parse(text).impact.summary
    assert found is not None
    assert found.text == "In that hour 45% of users could not pay."


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                "25",
                "%",
                " per cent",
                " percent",
                "pct",
                "to ",
                " about ",
                "~",
                " ",
                ",000",
                ".5",
                "x",
                "-",
            ]
        )
    )
)
def test_percentages_are_those_that_a_search_of_all_numbers_finds(parts: list[str]) -> None:
    text = "".join(parts)
    assert [match.span() for match in percents(text)] == [match.span() for match in PERCENT.finditer(text)]


@pytest.mark.parametrize("name", ["cause", "impact", "outage"])
def test_harm_is_found_where_its_rule_finds_it(name: str) -> None:
    harm = next(one for one in rules_of("impact") if one.rule.values["kind"] == "harm")
    assert known_rules().harm.pattern != harm.pattern.pattern
    for one in rules_of(name):
        for text in (*one.rule.yes, *one.rule.no, *harm.rule.yes, *harm.rule.no):
            quick, plain = known_rules().harm.search(text.lower()), harm.pattern.search(text.lower())
            assert (quick and quick.span()) == (plain and plain.span())


def test_sums_of_money_are_looked_for_where_a_currency_stands() -> None:
    money = next(one for one in known_rules().figures if one.kind == "money")
    assert money.may_open("it cost eur 40")
    assert money.may_open("some $500 were lost")
    assert not money.may_open("some 500 orders were lost")


@given(st.text("ab1.\n\t  ", max_size=60), st.integers(0, 5))
def test_words_of_a_sentence_are_found_again_in_the_source(text: str, start: int) -> None:
    sentence = Sentence(text, start, len(text))
    for word in re.finditer(r"\S+", text[start:]):
        first, last = start + word.start(), start + word.end()
        low, high = sentence.folded(first), sentence.folded(last - 1) + 1
        assert sentence.text[low:high] == word.group()
        assert sentence.extent(low, high) == (first, last)


HARM_COUNTED = {
    "a noun that no list knows": (
        "Roughly 1.3 million leaflets were delivered late.",
        [(1300000.0, "leaflets")],
    ),
    "headline style": ("14,820 ballots rejected, 9 halls affected", [(14820.0, "ballots"), (9.0, "halls")]),
    "two counts before one predicate": (
        "17 songs and 240 notes are gone for good.",
        [(17.0, "songs"), (240.0, "notes")],
    ),
    "alone behind a label": (
        "Lost ballots: approx. 3,450\nHalls affected: 12",
        [(3450.0, "ballots"), (12.0, "halls")],
    ),
    "listed": ("17 lighthouses, 2 h 5 min", [(17.0, "lighthouses")]),
    "status codes are no counts": ("5xx errors for 30 minutes", []),
    "money with the sign behind it": (
        "The fine was 44k EUR, and 900 € of fees.",
        [(44000.0, "EUR"), (900.0, "€")],
    ),
    "the price of one is no loss": (
        "900 singers gave up; at 35 euros each, around €31,500 was lost.",
        [(900.0, "singers"), (31500.0, "€")],
    ),
}


@pytest.mark.parametrize(("told", "expected"), HARM_COUNTED.values(), ids=HARM_COUNTED)
def test_figures_of_harm(told: str, expected: list[tuple[float, str]]) -> None:
    text = f"# Outage of the choir's site\n\nThe site was down on 3 May 2022.\n\n## Impact\n\n{told}\n"
    assert [(figure.value, figure.unit) for figure in impact_of(text).figures] == expected


def test_an_impact_label_in_the_opening_is_an_impact_statement() -> None:
    text = "# Outage of the choir's site\n\nWhen: 3 May 2022, 10:00 to 11:00\nScope: all pages.\nCost: 44k EUR.\n"
    assert [(figure.value, figure.unit) for figure in impact_of(text).figures] == [(44000.0, "EUR")]


GOVERNED = {
    "an article begins another noun": ("A further 4% of visitors met an error page.", [(4.0, "users")]),
    "two figures share the noun": (
        "38% of GET and 44% of PUT requests failed.",
        [(38.0, "requests"), (44.0, "requests")],
    ),
    "how many these are": ("62% (5,100) of subscribers were logged out.", [(62.0, "users")]),
    "an estimate by itself": ("I would put it at 70% of the hall's guests.", [(70.0, "users")]),
    "put right since": (
        "12% of bills were wrong. 95% of these had been corrected by noon.",
        [(12.0, "transactions")],
    ),
    "a canary's share": ("The canary got 5% of traffic and 40% of calls failed.", [(40.0, "requests")]),
}


@pytest.mark.parametrize(("told", "expected"), GOVERNED.values(), ids=GOVERNED)
def test_what_figures_share(told: str, expected: list[tuple[float, str]]) -> None:
    text = f"# Outage of the choir's site\n\n## Impact\n\n{told}\n"
    assert [(one.value, one.of) for one in impact_of(text).percentages] == expected
