"""What the letters say, read out of the PDF as a person reads it (syrupy), and the parts that the law asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from subsidyengine.decision import touches
from subsidyengine.letters import Grounds, LetterRefused, Recipient, Sender, decision_letter, facts_letter, hearing_letter
from subsidyengine.letters.people import Duty, Person
from subsidyengine.rulebook import TextForm

from .scene import CASES, SENDER, case_of, cases_of, envelope, grounds_of, printed

SUBSIDY = "transitional.subsidy"
REFUSED = "transitional-subsidy-benefit-not-applied"
GRANTED = "transitional-subsidy-rent-rises"
NBSP = "\N{NO-BREAK SPACE}"


def steady(text):
    """The hash changes with every rule."""
    return re.sub(r"sha256:[0-9a-f]+", "sha256:...", text)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", ["granted", "refused", "partly", "charged", "parts", "route", "hearing", "facts"])
def test_letter_reads_as_it_should(book, routed, name, lang, snapshot):
    heard = {"heard": date(2024, 7, 15)}
    letter = {
        "granted": lambda: decision_letter(grounds_of(GRANTED, book, lang, SUBSIDY), envelope()),
        "refused": lambda: decision_letter(grounds_of(REFUSED, book, lang), envelope("2024-08-05"), received=date(2024, 8, 10), **heard),
        "partly": lambda: decision_letter(
            grounds_of("transitional-subsidy-three-adults", book, lang), envelope("2025-06-02"), received=date(2025, 6, 4), partly=True,
            **heard,
        ),
        "charged": lambda: decision_letter(
            grounds_of("facility-own-payment-waived", routed, lang), envelope("2023-09-25"), received=date(2023, 9, 27),
            no_hearing="Oplysningerne er borgerens egne.",
        ),
        "parts": lambda: decision_letter(
            grounds_of("special-grants-existing-building", routed, lang), envelope("2022-05-16"), received=date(2022, 5, 18),
            no_hearing="Oplysningerne er ansøgerens egne.",
        ),
        "route": lambda: decision_letter(grounds_of("relabelling-route-small-family-flats-near-campus", routed, lang), envelope("2026-04-10")),
        "hearing": lambda: hearing_letter(grounds_of(REFUSED, book, lang), envelope("2024-07-15"), date(2024, 7, 29)),
        "facts": lambda: facts_letter(grounds_of("transitional-subsidy-facts-missing", book, lang, SUBSIDY), envelope(), date(2026, 3, 16)),
    }[name]()  # fmt: skip
    assert steady(printed(letter)) == snapshot


def test_amounts_and_days_in_danish_form_with_no_break_spaces(book):
    text = printed(decision_letter(grounds_of(GRANTED, book, scheme=SUBSIDY), envelope()))
    # 5812.50 + 300 - 948 and nothing to take off: no income.
    assert f"5.164,50{NBSP}kr. om måneden" in text
    assert f"Fra 1.{NBSP}september 2023 til og med 31.{NBSP}august 2028." in text
    assert f"§{NBSP}163{NBSP}a, stk.{NBSP}1" in text
    assert "2028-08-31" not in text


def test_everything_granted_has_no_appeal_guidance_and_partly_has(book):
    grounds = grounds_of(GRANTED, book, scheme=SUBSIDY)
    whole = decision_letter(grounds, envelope())
    assert (whole.decision.appeal, whole.appeal_by) == (None, None)
    assert "klage" not in printed(whole)
    partly = decision_letter(grounds, envelope(), received=date(2026, 3, 4), partly=True, heard=date(2026, 2, 12))
    assert partly.appeal_by == date(2026, 4, 1)
    assert f"Sidste dag, du kan klage, er den 1.{NBSP}april 2026." in printed(partly)


def test_refusal_has_all_that_the_law_asks_for(book):
    text = printed(decision_letter(grounds_of(REFUSED, book), envelope("2024-08-05"), received=date(2024, 8, 10), heard=date(2024, 7, 15)))
    text = " ".join(text.replace(NBSP, " ").split())
    for said in (
        "Vi har givet afslag på: refusion af husleje i udslusningsbolig.",
        "fordi dette ikke er opfyldt: • Der er søgt boligstøtte til boligen Der er søgt boligstøtte til boligen: nej BEK 718/2013 § 1, stk. 2",
        "Bekendtgørelse nr. 718 af 19. juni 2013 om refusionsbeløb til lejer i udslusningsbolig (BEK 718/2013): § 1, stk. 2",
        "Oplysninger, vi har lagt vægt på",
        "til udtalelse den 15. juli 2024",
        "Du kan klage til Ankestyrelsen. Klagen sender du til kommunen, som vurderer sagen igen inden 4 uger",
        # 10 August 2024 is a Saturday; so is 7 September, four weeks later.
        "Sidste dag, du kan klage, er den 9. september 2024.",
        "at du har fået brevet den 10. august 2024. Fristen ender på en dag, hvor kontoret er lukket, så den er flyttet til den næste hverdag.",
        "Send klagen til: Prøvekommune, Boligsocial Enhed Prøvegade 1 9999 Prøveby bolig@proevekommune.example",
        "Afgørelsen gælder, mens klagen behandles.",
        "Prøve Sagsbehandler rådgiver i Boligsocial Enhed Underskrevet 5. august 2024",
        "Programmet laver ikke profilering og giver ikke point.",
    ):
        assert said in text, said


def test_refusal_promises_no_amount(book):
    text = printed(decision_letter(grounds_of(REFUSED, book), envelope("2024-08-05"), received=date(2024, 8, 7), heard=date(2024, 7, 15)))
    assert "om måneden" not in text
    assert "Fortæl os, hvis noget ændrer sig" not in text


def test_assessment_has_its_main_considerations_and_who_made_it(routed):
    letter = decision_letter(
        grounds_of("facility-own-payment-waived", routed, "en"), envelope("2023-09-25"), received=date(2023, 9, 27), no_hearing="-"
    )
    judged = [(j.title, j.value, j.by, j.on, j.why) for j in letter.decision.judgements]
    assert judged == [
        (
            "The municipality has waived the person's own payment for the stay",
            "yes",
            "caseworker D",
            f"20{NBSP}September 2023",
            "pays full rent for the flat",
        )
    ]
    assert judged[0][0] not in {row.title for row in letter.decision.facts}


def test_dated_fact_stands_with_each_of_its_values_source_and_day_received(book):
    letter = decision_letter(grounds_of(GRANTED, book, "en", SUBSIDY), envelope())
    rows = [
        (r.title.split(", from ")[-1].replace(NBSP, " "), r.value.split(NBSP)[0], r.source.replace(NBSP, " "))
        for r in letter.decision.facts
        if r.title.lower().startswith(book.facts["lease.rent"].title.en.lower())
    ]
    assert rows == [
        ("1 September 2023", "5,500.00", "lease, received 21 August 2023"),
        ("1 January 2024", "5,650.00", "lease addendum, received 4 December 2023"),
        ("1 July 2025", "5,812.50", "notice of rent increase, received 2 April 2025"),
    ]


def test_what_was_not_known_yet_is_not_in_the_letter(book):
    case = cases_of(GRANTED, book)[0]
    letter = decision_letter(Grounds(case, book, SUBSIDY, "en", date(2026, 3, 1), date(2025, 4, 1)), envelope())
    assert "5,812.50" not in letter.model_dump_json()
    assert "5,650.00" in letter.model_dump_json()


def test_overlay_is_not_decided_by_before_its_day_but_says_how_to_appeal(book, shipped):
    case = cases_of(REFUSED, book)[0]
    grounds = Grounds(case, book, SUBSIDY, "en", date(2024, 8, 1), date(2024, 8, 2))  # the overlay is of 2026-01-15
    letter = decision_letter(grounds, envelope("2024-08-05"), received=date(2024, 8, 7), no_hearing="-")
    assert (letter.decision.rulebook, letter.appeal_by) == (shipped.hash, date(2024, 9, 4))


def test_computed_fact_says_so_and_brings_its_own_facts(book):
    facts = {
        "person__special_social_problems": True, "person__needs_help_to_keep_home": True, "person__has_income": False,
        "person__pensioner": False, "person__housing_before": "section_110", "household__adults": 1, "household__children": 0,
        "household__income_yearly": 139000, "household__wealth": 0, "household__receives_disability_pension": True,
        "dwelling__kind": "family", "dwelling__owner": "organisation", "dwelling__area_m2": 31, "dwelling__heating": "separate",
        "dwelling__hot_water_in_rent": False, "dwelling__electricity_in_rent": False, "dwelling__water_paid_separately": False,
        "dwelling__inside_maintenance": "landlord", "lease__start": "2025-11-01", "lease__special_terms_end": "2029-10-31",
        "lease__rent": 2210, "lease__obligatory_payments": 0, "benefit__applied": True,
    }  # fmt: skip
    grounds = Grounds(case_of(book, "2026-05-01", **facts), book, SUBSIDY, "en", date(2026, 5, 1))
    assert grounds.document.derived is not None, grounds.document.answer
    rows = {r.title: (r.value, r.source) for r in decision_letter(grounds, envelope("2026-05-02")).decision.facts}
    assert rows["Calculated housing benefit a month"] == (
        f"0.00{NBSP}kr. a month",
        "computed under calculated housing benefit (indicative)",
    )
    assert rows["Yearly income of the household"][0] == f"139,000.00{NBSP}kr. a year"


def test_part_that_is_still_open_says_what_it_waits_for(routed):
    facts = {"dwelling__kind": "special", "special__dwellings": 8, "special__in_existing_building": False, "special__raised_amount_municipality": False,
             "special__caretaker_years": 3}  # fmt: skip
    grounds = Grounds(case_of(routed, "2022-03-11", **facts), routed, "special.grants", "en", date(2022, 3, 11))
    assert {p.part: p.outcome for p in grounds.document.parts} == {"establishment": "granted", "caretaker": "undetermined"}
    letter = decision_letter(grounds, envelope("2022-03-14"))
    assert [p.outcome for p in letter.decision.parts] == ["granted", "undetermined"]
    asked = routed.facts["special.minimum_dwellings_met"].ask.en
    assert letter.decision.open == [f"{letter.decision.parts[1].title[:1].upper()}{letter.decision.parts[1].title[1:]}: {asked}"]
    assert letter.decision.unsettled == []
    assert f"not decided yet\nWe can decide the rest when we know the answer to this:\n• {letter.decision.open[0]}"[:60] in printed(letter)


def test_refusal_for_time_shows_the_last_day_that_was_reckoned(book):
    facts = {
        "person__special_social_problems": True, "person__needs_help_to_keep_home": True, "dwelling__kind": "family",
        "benefit__applied": True, "lease__start": "2023-09-01", "lease__special_terms_end": "2029-08-31", "household__adults": 1,
    }  # fmt: skip
    grounds = Grounds(case_of(book, "2028-10-01", **facts), book, SUBSIDY, "en", date(2028, 10, 1))
    letter = decision_letter(grounds, envelope("2028-10-02"), received=date(2028, 10, 4), no_hearing="-")
    shown = {row.title: row.value.replace(NBSP, " ") for row in letter.decision.figures}
    # Five years from 1 September 2023 end on 31 August 2028.
    assert shown == {
        "Longest period of special terms in a transitional dwelling, counted from the start of the tenancy": "5 years",
        "The last day of the longest lawful period": "31 August 2028",
    }


def test_days_that_lean_on_what_is_not_settled_say_so(shipped):
    facts = {"agreement__transitional": True, "dwelling__kind": "family", "dwelling__owner": "organisation", "dwelling__rent": 5000,
             "dwelling__available_to_municipality_from": "2026-02-01", "lease__notice_requested_by_municipality_on": "2026-01-10"}  # fmt: skip
    grounds = Grounds(case_of(shipped, "2026-03-01", **facts), shipped, "transitional.liability", "en", date(2026, 3, 1))
    grounds.answer = grounds.answer._replace(leaned=("saturday_is_weekday",))
    assert grounds.leaned() == [
        "The dates were reckoned with what the law has not settled: Saturday counts as a weekday = false. "
        'Whether "hverdag" (weekday) includes Saturday is not established.'
    ]


def test_whoever_sends_it_is_told_how_well_the_law_is_known(book):
    assert "The legal basis is partly inferred" in decision_letter(grounds_of(GRANTED, book, "en", SUBSIDY), envelope()).check
    refused = decision_letter(grounds_of(REFUSED, book, "en"), envelope("2024-08-05"), received=date(2024, 8, 7), no_hearing="-")
    assert not [text for text in refused.check if text.startswith("The legal basis")]  # BEK 718/2013 § 1 stk. 2 was read


def test_questions_are_exactly_the_missing_facts(book):
    grounds = grounds_of("transitional-subsidy-facts-missing", book, "da", SUBSIDY)
    letter = facts_letter(grounds, envelope(), date(2026, 3, 16))
    assert [q.text for q in letter.missing.questions] == [p.question for p in grounds.document.open if p.kind == "missing_fact"]
    assert [q.answer for q in letter.missing.questions] == ["ja eller nej", "beløb i kr. om måneden", "ja eller nej"]


def test_enumeration_is_asked_as_a_choice(book):
    facts = {"benefit__applied": True, "lease__start": "2025-01-01", "lease__special_terms_end": "2029-12-31"}
    grounds = Grounds(case_of(book, "2025-06-01", **facts), book, SUBSIDY, "da", date(2025, 6, 1))
    asked = {q.text: q for q in facts_letter(grounds, envelope("2025-06-02"), date(2025, 6, 16)).missing.questions}
    kind = asked["Hvilken boligtype er boligen mærket som?"]
    assert (kind.answer, len(kind.choices)) == ("", len(book.facts["dwelling.kind"].values))


def test_hearing_puts_what_counts_against_the_party_and_what_is_named(book):
    letter = hearing_letter(grounds_of(REFUSED, book, "en"), envelope("2024-07-15"), date(2024, 7, 29), ["lease.start"])
    assert [(r.title, r.value) for r in letter.hearing.facts] == [
        ("Housing benefit has been applied for in the dwelling", "no"),
        ("Start of the tenancy", f"1{NBSP}July 2024"),
    ]
    assert [r.text for r in letter.hearing.reasons] == ["Housing benefit has been applied for"]


def test_representative_gets_the_letter_on_the_partys_behalf(book):
    recipient = Recipient(
        name="Prøve Testperson",
        address=["Eksempelvej 12"],
        representative=Person(name="Prøve Bisidder", address=["Hjælpervej 3", "9999 Prøveby"]),
    )
    text = printed(decision_letter(grounds_of(GRANTED, book, scheme=SUBSIDY), envelope(recipient=recipient)))
    assert "Prøve Bisidder\nHjælpervej 3\n9999 Prøveby\nPartsrepræsentant for Prøve Testperson" in text
    assert "Eksempelvej" not in text


def test_duty_to_report_is_only_what_the_municipality_has_confirmed(book):
    grounds = grounds_of(GRANTED, book, scheme=SUBSIDY)
    assert "pligt" not in printed(decision_letter(grounds, envelope())).replace("pligtige", "")
    duty = Duty(
        says=TextForm(da="Du har pligt til at fortælle os om ændringer", en="You must tell us of changes"),
        cite="retssikkerhedsloven § 11 stk. 2",
        by="Prøve Jurist",
        on=date(2026, 1, 15),
    )
    sender = Sender(**{**SENDER.model_dump(), "duty_to_report": duty})
    text = " ".join(printed(decision_letter(grounds, envelope(sender=sender))).replace(NBSP, " ").split())
    assert "Du har pligt til at fortælle os om ændringer (retssikkerhedsloven § 11, stk. 2)" in text


def test_appeals_go_where_the_municipality_says(book):
    sender = Sender(**{**SENDER.model_dump(), "appeals_to": ["Prøvekommune, Juridisk Kontor", "Klagegade 2", "9999 Prøveby"]})
    letter = decision_letter(grounds_of(REFUSED, book), envelope("2024-08-05", sender=sender), received=date(2024, 8, 7), no_hearing="-")
    assert "Send klagen til:\nPrøvekommune, Juridisk Kontor\nKlagegade 2" in printed(letter)


def test_courtesy_copy_says_that_it_is_one(book):
    text = printed(decision_letter(grounds_of(GRANTED, book, "en", SUBSIDY), envelope()))
    assert "courtesy translation. The letter in Danish is the one that counts" in text


def test_notes_of_the_rules_are_for_whoever_sends_the_letter(book):
    letter = decision_letter(grounds_of(GRANTED, book, scheme=SUBSIDY), envelope())
    assert any("BEK 718/2013 er brugt som model" in text for text in letter.check)
    assert "brugt som model" not in printed(letter)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_every_case_gives_letters_or_says_why_not(routed, name):
    for case in cases_of(name, routed):
        schemes = case.schemes or [s.id for s in routed.schemes.values() if touches(case.facts, s.touched_by)]
        for scheme in schemes:
            grounds = Grounds(case, routed, scheme, "da", case.on, case.known)
            sent = envelope(case.on.isoformat())
            outcome = grounds.document.outcome
            for make in (
                lambda g=grounds, e=sent: decision_letter(g, e, received=e.day, no_hearing="-"),
                lambda g=grounds, e=sent: hearing_letter(g, e, date(2099, 1, 1)),
                lambda g=grounds, e=sent: facts_letter(g, e, date(2099, 1, 1)),
            ):
                try:
                    letter = make()
                except LetterRefused:
                    continue
                assert outcome != "undetermined" or letter.kind != "decision"
                assert outcome == "undetermined" or letter.kind != "facts" or grounds.document.parts
                assert "None" not in printed(letter)


def test_unknown_day_to_answer_is_no_day(book):
    sent = replace(envelope(), dated=date(2026, 3, 20))
    with pytest.raises(LetterRefused, match="is not after the letter's day, 2026-03-20"):
        facts_letter(grounds_of("transitional-subsidy-facts-missing", book, "da", SUBSIDY), sent, date(2026, 3, 16))
