"""A decision is proposed by the engine and signed by a person; nothing is ever changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from conftest import DECIDED, PERSON

from subsidyengine.document import decide
from subsidyengine.ledger import Ledger, LedgerError, NotAllowed, NotThere

SIGNED = {"by": "Anna Jensen", "role": "jurist", "on": date(2026, 3, 3)}


def test_proposal_holds_the_facts_as_given_and_the_document_to_the_byte(granted, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    assert (
        granted.case_data["facts"]["lease.rent"][1]
        == {
            "value": "5650",
            "from": "2024-01-01",
            "received": "2023-12-04",
            "source": "lease addendum",
        }
        or granted.case_data["facts"]["lease.rent"][1]["value"] == 5650
    )
    assert granted.case_data["facts"]["person.special_social_problems"]["by"] == "caseworker A"
    assert granted.document_json == decide(case, rules.book, "transitional.subsidy", "da", known=DECIDED).to_json()
    assert (granted.decided_on, granted.effective_from, granted.signed_by) == (DECIDED, date(2023, 9, 1), None)
    assert granted.rulebook == rules.book.hash
    assert granted.program["subsidyengine"]


def test_a_named_person_signs_once(ledger, granted):
    signed = ledger.sign(granted.id, **SIGNED)
    assert (signed.signed_by, signed.role, signed.signed_on, signed.in_force) == ("Anna Jensen", "jurist", date(2026, 3, 3), True)
    with pytest.raises(NotAllowed, match="was signed by Anna Jensen on 2026-03-03"):
        ledger.sign(granted.id, **SIGNED)


def test_an_open_case_is_never_signed_and_says_what_is_missing(ledger, undetermined):
    with pytest.raises(NotAllowed, match=r"never signed as a refusal(.|\n)*benefit\.applied"):
        ledger.sign(undetermined.id, **SIGNED)
    assert not ledger.entry(undetermined.id).signed


def test_nobody_signs_before_the_decision(ledger, granted):
    with pytest.raises(NotAllowed, match="cannot be signed on 2026-03-01"):
        ledger.sign(granted.id, by="A", role="r", on=date(2026, 3, 1))
    assert ledger.sign(granted.id, by="A", role="r", on=DECIDED).signed


@pytest.mark.parametrize(
    ("by", "role"), [("", "jurist"), ("  ", "jurist"), ("Anna", ""), ("Anna 010160-1234", "jurist"), ("A" * 2001, "x")]
)
def test_signer_has_a_name_and_a_role_and_no_cpr_number(ledger, granted, by, role):
    with pytest.raises(LedgerError) as caught:
        ledger.sign(granted.id, by=by, role=role, on=DECIDED)
    assert "010160" not in str(caught.value)


def test_recording_the_same_again_finds_what_is_there(ledger, granted, rules, case_of):
    again = ledger.propose(case_of("transitional-subsidy-rent-rises"), rules, "transitional.subsidy", decided_on=DECIDED, person=PERSON)
    assert again == granted
    assert len(list(ledger.entries())) == 1


def test_id_may_be_shortened_and_a_wrong_one_gets_the_near_match(ledger, granted):
    assert ledger.entry(granted.id[:6]).id == granted.id
    wrong = granted.id[:-1] + ("0" if granted.id[-1] != "0" else "1")
    with pytest.raises(NotThere, match=granted.id):
        ledger.entry(wrong)
    assert ledger.entry("K-2026-0001").id == granted.id
    for bad in ("abc", "010160-1234", "Hansen", ""):
        with pytest.raises(NotThere) as caught:
            ledger.entry(bad)
        assert "1234" not in str(caught.value)


def test_correction_never_overwrites(ledger, granted, rules, case_of):
    ledger.sign(granted.id, **SIGNED)
    case = case_of("transitional-subsidy-rent-rises")
    newer = replace(case, facts={**case.facts, "lease.deposit": case.facts["lease.reminder_fees"]})
    new = ledger.propose(
        newer, rules, "transitional.subsidy", decided_on=DECIDED, replaces=granted.id[:8], why="depositum var tastet forkert"
    )
    old = ledger.entry(granted.id)
    assert (old.replaced_by, old.in_force, new.replaces, new.why) == (new.id, True, granted.id, "depositum var tastet forkert")
    ledger.sign(new.id, **SIGNED)
    assert not ledger.entry(granted.id).in_force
    assert ledger.entry(granted.id).document == granted.document
    with pytest.raises(NotAllowed, match="replaced by"):
        ledger.propose(newer, rules, "transitional.subsidy", decided_on=date(2026, 3, 9), replaces=granted.id, why="igen")


def test_signed_correction_of_an_unsigned_one_supersedes_the_first_too(ledger, granted, rules, case_of):
    ledger.sign(granted.id, **SIGNED)
    case = case_of("transitional-subsidy-rent-rises")
    ask = {"decided_on": DECIDED, "why": "rettet"}
    second = ledger.propose(replace(case, on=date(2026, 3, 2)), rules, "transitional.subsidy", replaces=granted.id, **ask)
    third = ledger.propose(replace(case, on=date(2026, 4, 1)), rules, "transitional.subsidy", replaces=second.id, **ask)
    with pytest.raises(NotAllowed, match=third.id):
        ledger.sign(second.id, **SIGNED)
    ledger.sign(third.id, **SIGNED)
    assert [e.id for e in ledger.entries(in_force=True)] == [third.id]
    assert [ledger.entry(e.id).in_force for e in (granted, second, third)] == [False, False, True]


def test_correction_is_of_the_same_case_and_scheme(ledger, granted, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    with pytest.raises(NotAllowed, match="not of case OTHER"):
        ledger.propose(replace(case, id="OTHER"), rules, "transitional.subsidy", decided_on=DECIDED, replaces=granted.id, why="x")
    with pytest.raises(NotAllowed, match="says why"):
        ledger.propose(case, rules, "transitional.subsidy", decided_on=DECIDED, replaces=granted.id)


def test_assessment_needs_somebody_who_stands_behind_it(ledger, rules, case_of):
    case = case_of("facility-own-payment-waived")
    facts = {n: tuple(replace(g, by="", on=None) for g in given) for n, given in case.facts.items()}
    bare = ledger.propose(replace(case, facts=facts), rules, "facility.own_payment", decided_on=DECIDED)
    assert bare.outcome == "granted"
    with pytest.raises(NotAllowed, match=r"by.*on.*assessment\.own_payment_waived"):
        ledger.sign(bare.id, **SIGNED)
    facts["assessment.own_payment_waived"] = tuple(replace(g, by="A", on=DECIDED) for g in facts["assessment.own_payment_waived"])
    named = ledger.propose(replace(case, facts=facts), rules, "facility.own_payment", decided_on=DECIDED)
    assert ledger.sign(named.id, **SIGNED).signed


def test_cpr_number_in_a_text_of_the_facts_is_refused_and_not_repeated(ledger, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    facts = {**case.facts, "lease.rent": tuple(replace(g, source="fra 010160-1234") for g in case.facts["lease.rent"])}
    with pytest.raises(NotAllowed, match=r"lease\.rent\.source") as caught:
        ledger.propose(replace(case, facts=facts), rules, "transitional.subsidy", decided_on=DECIDED)
    assert "1234" not in str(caught.value)


def test_knowledge_is_that_of_the_day_of_the_decision(ledger, rules, case_of):
    case = replace(case_of("transitional-subsidy-rent-rises"), on=date(2025, 5, 1))
    early = ledger.propose(case, rules, "transitional.subsidy", decided_on=date(2025, 4, 1))
    later = ledger.propose(case, rules, "transitional.subsidy", decided_on=date(2025, 4, 2))
    # The rise of 1 July 2025 was received on 2 April 2025.
    assert "2025-07-01" not in [s["from"] for s in early.document["segments"]]
    assert "2025-07-01" in [s["from"] for s in later.document["segments"]]


def test_list_is_in_order_and_filters(ledger, granted, undetermined):
    ledger.sign(granted.id, **SIGNED)
    assert [e.id for e in ledger.entries()] == [granted.id, undetermined.id]
    assert [e.id for e in ledger.entries(signed=False)] == [undetermined.id]
    assert [e.id for e in ledger.entries(outcome="granted", case="K-2026-0001")] == [granted.id]
    assert list(ledger.entries(scheme="transitional.placement")) == []


def test_another_key_cannot_record(ledger, url, granted, tmp_path):
    from subsidyengine.ledger.keys import Key

    Key(tmp_path / "other.key").create()
    with pytest.raises(NotThere, match="not the key of this ledger"):
        Ledger.open(url, tmp_path / "other.key").sign(granted.id, **SIGNED)
    with pytest.raises(NotThere, match="reading needs none"):
        Ledger.open(url, tmp_path / "none.key").sign(granted.id, **SIGNED)
    assert Ledger.open(url, tmp_path / "none.key").entry(granted.id) == granted


def test_case_names_its_decision_unless_it_has_several(ledger, granted, rules, case_of):
    case = case_of("transitional-subsidy-rent-rises")
    new = ledger.propose(
        replace(case, on=date(2026, 4, 1)), rules, "transitional.subsidy", decided_on=DECIDED, replaces="K-2026-0001", why="dag"
    )
    assert ledger.entry("K-2026-0001").id == new.id
    again = ledger.propose(
        replace(case, on=date(2026, 4, 1)), rules, "transitional.subsidy", decided_on=DECIDED, replaces="K-2026-0001", why="dag"
    )
    assert again == new
    other = ledger.propose(case, rules, "transitional.placement", decided_on=DECIDED)
    with pytest.raises(NotThere, match=f"several decisions: {new.id}, {other.id}"):
        ledger.entry("K-2026-0001")
