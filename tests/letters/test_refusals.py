"""When no letter is made: every reason at once, each with what to do, word by word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subsidyengine.letters import Grounds, LetterRefused, Signature, decision_letter, facts_letter, hearing_letter

from .scene import case_of, cases_of, envelope, grounds_of

REFUSED = "transitional-subsidy-benefit-not-applied"
GRANTED = "transitional-subsidy-rent-rises"
MISSING = "transitional-subsidy-facts-missing"
SUBSIDY = "transitional.subsidy"
DAY = date(2026, 3, 4)


def refusals(make):
    with pytest.raises(LetterRefused) as caught:
        make()
    return {r.code: (r.message, r.todo) for r in caught.value.refusals}


def test_unsigned(book):
    said = refusals(lambda: decision_letter(grounds_of(GRANTED, book, scheme=SUBSIDY), envelope(signature=None)))
    assert said == {
        "unsigned": (
            "it is not signed",
            "A named person decides and signs: --signed-by NAME --role ROLE --signed-on DAY, or in the ledger: ledger sign",
        )
    }


def test_a_letter_that_decides_nothing_is_not_signed_in_the_ledger(book):
    said = refusals(lambda: facts_letter(grounds_of(MISSING, book, scheme=SUBSIDY), envelope(signature=None), date(2026, 4, 1)))
    assert said["unsigned"][1] == "A named person signs the letter: --signed-by NAME --role ROLE --signed-on DAY"


@pytest.mark.parametrize("signature", [Signature(" ", "rådgiver", DAY), Signature("A", "", DAY)], ids=["no name", "no role"])
def test_signature_without_a_name_or_a_role_is_none(book, signature):
    grounds = grounds_of(GRANTED, book, scheme=SUBSIDY)
    assert "unsigned" in refusals(lambda: decision_letter(grounds, envelope(signature=signature)))
    assert "unsigned" in refusals(lambda: hearing_letter(grounds, envelope(signature=signature), date(2026, 4, 1), ["lease.rent"]))
    assert "unsigned" in refusals(
        lambda: facts_letter(grounds_of(MISSING, book, scheme=SUBSIDY), envelope(signature=signature), date(2026, 4, 1))
    )


def test_every_reason_is_told_at_once_and_also_for_a_grant(shipped):
    said = refusals(lambda: decision_letter(grounds_of(REFUSED, shipped), envelope(signature=None)))
    assert list(said) == ["unsigned", "no_appeal_route", "not_heard", "not_received"]
    assert list(refusals(lambda: decision_letter(grounds_of(GRANTED, shipped, scheme=SUBSIDY), envelope()))) == ["no_appeal_route"]


def test_route_that_is_not_established(shipped):
    said = refusals(lambda: decision_letter(grounds_of(GRANTED, shipped, scheme=SUBSIDY), envelope()))
    assert said["no_appeal_route"] == (
        "the appeal route ankestyrelsen of transitional.subsidy is not established",
        "The municipality's lawyer reads the provisions and gives the route in the appeals.yaml of an overlay folder (--overlay DIR): "
        "ankestyrelsen, or another that the overlay names for transitional.subsidy",
    )


def test_route_that_is_established_but_has_no_time_limit(book):
    # The audit is no body that a citizen appeals to within a time.
    said = refusals(lambda: decision_letter(grounds_of("refund-state-first-stay-2024", book), envelope()))
    assert said["no_appeal_route"][0] == "the appeal route audit of refund.state lacks deadline.weeks (overlay: overlay)"


def test_law_that_is_not_known(book):
    said = refusals(lambda: decision_letter(grounds_of("transitional-subsidy-rate-of-2024-unknown", book), envelope()))
    assert said == {
        "law_not_known": (
            "it rests on law that is not known: rate.section_109_daily, setting.days_per_month",
            "A lawyer can settle that in an overlay folder (--overlay DIR), with citation and name",
        )
    }


def test_decision_that_rests_on_a_provision_nobody_has_read(book):
    grounds = grounds_of(GRANTED, book, scheme=SUBSIDY)
    grounds.document = grounds.document.model_copy(update={"certainty": "unknown"})
    assert refusals(lambda: decision_letter(grounds, envelope())) == {
        "law_not_known": (
            "it rests on a provision that nobody has read (certainty: unknown)",
            "A lawyer reads it and marks its citation, or settles it in an overlay folder (--overlay DIR)",
        )
    }


def test_law_open_in_one_part_holds_the_whole_letter_back(routed):
    grounds = grounds_of("fund-island-grant-small-island-2023", routed)
    assert grounds.document.outcome == "granted"
    assert "law_not_known" in refusals(lambda: decision_letter(grounds, envelope(), received=DAY, no_hearing="-"))


def test_nothing_is_decided_yet(book):
    said = refusals(lambda: decision_letter(grounds_of(MISSING, book, scheme=SUBSIDY), envelope()))
    assert said == {
        "undetermined": (
            "nothing is decided yet: open are benefit.applied, benefit.calculated, person.has_income",
            "Ask the citizen with 'subsidyengine letter facts'",
        )
    }


def test_only_an_assessment_is_open(routed):
    grounds = grounds_of("transitional-placement-youth-composition-missing", routed)
    said = refusals(lambda: decision_letter(grounds, envelope()))
    assert said["undetermined"] == (
        "nothing is decided yet: open are assessment.resident_composition_done",
        "A person assesses it: {value, by, on, why} in the case file",
    )
    said = refusals(lambda: facts_letter(grounds, envelope(), date(2026, 4, 1)))
    assert said["nothing_missing"] == (
        "no fact is missing; open are assessment.resident_composition_done",
        "There is nothing to ask the citizen; the municipality settles the rest",
    )


def test_facts_against_the_party_from_elsewhere_are_heard_first(book):
    grounds = grounds_of(REFUSED, book)
    said = refusals(lambda: decision_letter(grounds, envelope("2024-08-05"), received=date(2024, 8, 7)))
    assert said == {
        "not_heard": (
            "facts that count against the party did not come from the party: benefit.applied (source not given)",
            "Send 'subsidyengine letter hearing' first and give --heard-on DAY; or say why none is needed: --no-hearing WHY",
        )
    }
    for heard in ({"heard": date(2024, 7, 15)}, {"no_hearing": "the citizen said so"}):
        decision_letter(grounds, envelope("2024-08-05"), received=date(2024, 8, 7), **heard)


def refused_case(book, source):
    facts = {
        "person__special_social_problems": True, "person__needs_help_to_keep_home": True, "household__adults": 1, "dwelling__kind": "youth",
        "lease__start": "2024-07-01", "lease__special_terms_end": "2027-06-30", "lease__rent": 3700,
        "benefit__applied": [{"from": "2024-07-01", "value": False, **source}],
    }  # fmt: skip
    return Grounds(case_of(book, "2024-08-01", **facts), book, SUBSIDY, "da", date(2024, 8, 1))


@pytest.mark.parametrize("source", ["citizen", "Borgeren", "the tenant", " ansøgeren "])
def test_fact_that_the_party_gave_needs_no_hearing(book, source):
    decision_letter(refused_case(book, {"source": source}), envelope("2024-08-05"), received=date(2024, 8, 7))


def test_refusal_does_not_repeat_the_words_of_a_source(book):
    # They may name people.
    grounds = refused_case(book, {"source": "brev fra søsteren Prøve Prøvesen"})
    said = refusals(lambda: decision_letter(grounds, envelope("2024-08-05"), received=date(2024, 8, 7)))
    assert said["not_heard"][0] == "facts that count against the party did not come from the party: benefit.applied (from elsewhere)"


def test_partly_and_charges_hear_the_facts_of_the_amount(book, routed):
    said = refusals(lambda: decision_letter(grounds_of(GRANTED, book, scheme=SUBSIDY), envelope(), received=DAY, partly=True))
    assert "benefit.calculated (from elsewhere)" in said["not_heard"][0]
    said = refusals(lambda: decision_letter(grounds_of("facility-own-payment-hostel-2023", routed), envelope()))
    assert "person.has_income (source not given)" in said["not_heard"][0]
    assert "not_received" in said


def test_main_considerations_that_are_not_written(routed):
    case = cases_of("letting-outside-circle-municipal-elderly-as-youth", routed)[1]  # its assessment has no `why`
    grounds = Grounds(case, routed, "letting.outside_circle", "da", date(2026, 4, 15))
    said = refusals(lambda: decision_letter(grounds, envelope(), received=DAY, no_hearing="-"))
    assert said == {
        "no_considerations": (
            "the main considerations are missing for assessment.redemption_loss",
            "Write them in the case file: {value, by, on, why}",
        )
    }
    facts = {n: tuple(replace(g, why="Lånet er indfriet uden tab.") for g in given) for n, given in grounds.case.facts.items()}
    written = Grounds(replace(grounds.case, facts=facts), routed, grounds.scheme.id, "da", grounds.document.on)
    letter = decision_letter(written, envelope(), received=DAY, no_hearing="-")
    assert letter.decision is not None
    assert "Lånet er indfriet uden tab." in {j.why for j in letter.decision.judgements}


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (None, "the day the citizen gets the letter is not given, and the time to appeal runs from it"),
        (date(2024, 8, 4), "the letter is dated 2024-08-05 and cannot be received on 2024-08-04"),
    ],
)
def test_day_of_receipt(book, received, said):
    grounds = grounds_of(REFUSED, book)
    found = refusals(lambda: decision_letter(grounds, envelope("2024-08-05"), received=received, no_hearing="-"))
    assert found == {
        "not_received": (said, "Give the day the citizen gets it: --received-on DAY" if received else "Give it: --received-on DAY")
    }
    decision_letter(grounds, envelope("2024-08-05"), received=date(2024, 8, 5), no_hearing="-")


def test_last_day_that_the_law_does_not_settle(book):
    silent = replace(book, appeals={**book.appeals, "ankestyrelsen": replace(book.appeals["ankestyrelsen"], when_closed=None)})
    found = refusals(
        lambda: decision_letter(grounds_of(REFUSED, silent), envelope("2024-08-05"), received=date(2024, 8, 10), no_hearing="-")
    )
    assert list(found) == ["deadline_unknown"]
    assert found["deadline_unknown"][0].startswith("4 weeks end on Saturday 2024-09-07")


def test_hearing_after_the_letter(book):
    make = lambda: decision_letter(grounds_of(REFUSED, book), envelope("2024-08-05"), received=date(2024, 8, 7), heard=date(2024, 8, 6))  # noqa: E731
    assert refusals(make) == {"heard_later": ("the hearing, 2024-08-06, is after the letter's day, 2024-08-05", "Decide after the hearing")}


@pytest.mark.parametrize(
    ("answer_by", "said"),
    [
        (None, "the day to answer by is not given, and no law sets it"),
        (date(2026, 3, 2), "the day to answer by, 2026-03-02, is not after the letter's day, 2026-03-02"),
    ],
)
def test_day_to_answer_by(book, answer_by, said):
    expected = {"no_answer_day": (said, "Give a day that leaves time to answer: --answer-by DAY")}
    assert refusals(lambda: facts_letter(grounds_of(MISSING, book, scheme=SUBSIDY), envelope(), answer_by)) == expected
    assert refusals(lambda: hearing_letter(grounds_of(REFUSED, book), envelope(), answer_by)) == expected


def test_nothing_to_ask_and_nothing_to_hear(book):
    grounds = grounds_of(GRANTED, book, scheme=SUBSIDY)
    assert refusals(lambda: facts_letter(grounds, envelope(), date(2026, 4, 1))) == {
        "nothing_missing": (
            "no fact is missing",
            "There is nothing to ask the citizen; 'subsidyengine letter decision' writes the decision",
        )
    }
    assert refusals(lambda: hearing_letter(grounds, envelope(), date(2026, 4, 1))) == {
        "nothing_to_hear": (
            "no fact that counts against the party came from elsewhere, so no hearing is needed",
            "--fact NAME puts one to the party all the same",
        )
    }


def test_fact_to_hear_that_is_none(book):
    found = refusals(lambda: hearing_letter(grounds_of(GRANTED, book, scheme=SUBSIDY), envelope(), date(2026, 4, 1), ["lease.rnt"]))
    assert found["unknown_fact"][0] == "'lease.rnt' is no fact that the decision weighs"
    assert "lease.rent" in found["unknown_fact"][1]
