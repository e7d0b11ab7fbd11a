"""A decision is made again from the database alone; under another law it says what differs and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import CASES, DECIDED

from subsidyengine.document import decide
from subsidyengine.facts import Case, case_from_data, read_cases
from subsidyengine.ledger import Ledger, LedgerError, open_rules
from subsidyengine.ledger.affected import affected
from subsidyengine.ledger.casedata import case_data
from subsidyengine.ledger.casedata import case_of as read_back
from subsidyengine.ledger.replay import replay, under_other_law

SIGNED = {"by": "Anna Jensen", "role": "jurist", "on": date(2026, 2, 11)}
OLD_FIGURE, CORRECTED = "3258.00", "3240.00"


def parent(case_id: str = "K-2026-0900", income: int = 254300) -> dict:
    """The illustration of law/housing-benefit.md 3.1: one parent, one child, a cost of 12 x 7325 + 60 x 35 = 90000."""
    return {
        "case": case_id, "on": "2026-02-01", "schemes": ["benefit.calculated"],
        "facts": {
            "person": {"pensioner": False}, "household": {"adults": 1, "children": 1, "income_yearly": income, "wealth": 0},
            "dwelling": {"kind": "family", "area_m2": 60, "heating": "separate", "hot_water_in_rent": False, "electricity_in_rent": False,
                         "water_paid_separately": False, "inside_maintenance": "landlord"},
            "lease": {"rent": 7325},
        },
    }  # fmt: skip


@pytest.fixture
def settled(tmp_path):
    """The first table of 2026 left the cost cap and the amount for heat open. The lawyer of a made-up municipality settles them."""
    folder = tmp_path / "town"
    (folder / "rates").mkdir(parents=True)
    (folder / "overlay.yaml").write_text(
        "by: Prøve Jurist\non: 2026-01-05\nlayer: local-policy\nreason: {da: prøve, en: test}\n", encoding="utf-8"
    )
    row = "{from: 2026-01-01, until: 2026-12-31, known_from: 2026-01-01, value: %s, cite: 'vej-10077 tabel 2 [inferred]'}"
    names = {
        "cost_cap": 95500, "heat_supplement": 35, "wealth_low": 896400, "wealth_high": 1793000, "minimum": 3696,
    }  # fmt: skip
    rates = "".join(f"  boligsikring_{name}: {{values: [{row % value}]}}\n" for name, value in names.items())
    (folder / "rates" / "benefit.yaml").write_text(f"rates:\n{rates}", encoding="utf-8")
    return open_rules(None, [folder])


def test_the_2026_correction_then_and_now(ledger, settled):
    """54000 - 18 % of (254300 - 171500) = 39096 a year, 3258 a month; with 170300: 38880, 3240 (law/housing-benefit.md 3.1)."""
    case = case_from_data(parent(), settled.book.facts)
    then = ledger.propose(case, settled, "benefit.calculated", decided_on=date(2026, 2, 10), lang="en")
    assert then.document["amount"]["value"] == OLD_FIGURE
    ledger.sign(then.id, **SIGNED)
    [again] = replay(ledger, [then])
    assert again.same
    assert again.document.to_json() == then.document_json
    [now] = under_other_law(ledger, [then], None, date(2026, 3, 24))
    assert now.document.amount.value == CORRECTED
    found = {(d.what, d.name): (d.before, d.after) for d in now.differences}
    assert found["amount", ""] == ("3258.00 DKK/month", "3240.00 DKK/month")
    assert found["rate", "boligsikring_income_limit"] == (
        "171500 (VEJ 10077 tabel 2, 2026-01-01)", "170300 (VEJ 9336/2026 tabel 2, 2026-03-24)",
    )  # fmt: skip
    [day_before] = under_other_law(ledger, [then], None, date(2026, 3, 23))
    assert day_before.same


def test_without_a_settlement_the_law_of_february_was_not_known(ledger, rules):
    case = case_from_data(parent(), rules.book.facts)
    then = ledger.propose(case, rules, "benefit.calculated", decided_on=date(2026, 2, 10), lang="en")
    assert then.outcome == "undetermined"
    [now] = under_other_law(ledger, [then], rules.book, date(2026, 11, 25))
    assert (now.document.outcome, now.document.amount.value) == ("granted", CORRECTED)
    assert ("open", "rate.boligsikring_cost_cap", "law_not_known", "") in [(d.what, d.name, d.before, d.after) for d in now.differences]


def test_fact_that_had_not_come_in_is_the_reason(ledger, granted):
    """The rises of the rent were received on 4 December 2023 and 2 April 2025 (the case file)."""
    [now] = under_other_law(ledger, [granted], None, date(2023, 12, 3))
    assert [(d.name, d.before, d.after) for d in now.differences if d.what == "fact"] == [
        (
            "lease.rent",
            "2023-09-01: 5500 (2023-08-21); 2024-01-01: 5650 (2023-12-04); 2025-07-01: 5812.5 (2025-04-02)",
            "2023-09-01: 5500 (2023-08-21)",
        )
    ]
    [now] = under_other_law(ledger, [granted], None, date(2023, 12, 4))
    assert [d.after for d in now.differences if d.what == "fact"] == ["2023-09-01: 5500 (2023-08-21); 2024-01-01: 5650 (2023-12-04)"]


def test_affected_names_signed_decisions_that_a_change_turns(ledger, settled):
    """Only the one that was signed in February, and only by the change that turns it. A decision of April knows the correction."""
    book = settled.book
    for number, (day, signed) in enumerate(((date(2026, 2, 10), True), (date(2026, 2, 10), False), (date(2026, 4, 1), True))):
        case = case_from_data(parent(f"K-{number}"), book.facts)
        made = ledger.propose(case, settled, "benefit.calculated", decided_on=day)
        if signed:
            ledger.sign(made.id, by="A", role="r", on=date(2026, 4, 1))

    def turned(by: str) -> list[str]:
        return [one.entry.case for one in affected(ledger, book, date(2026, 11, 25), by)]

    assert turned("") == ["K-0"]
    assert turned("rate.boligsikring_income_limit") == ["K-0"]
    assert turned("rate.boligsikring_maximum") == []  # 38880 is under both maxima
    assert turned("benefit.calculated") == []  # the scheme itself is as it was
    assert turned("transitional.subsidy") == []


def test_one_change_alone_gives_the_figure_of_that_change(ledger, settled):
    case = case_from_data(parent(), settled.book.facts)
    made = ledger.propose(case, settled, "benefit.calculated", decided_on=date(2026, 2, 10))
    ledger.sign(made.id, **SIGNED)
    [one] = affected(ledger, settled.book, date(2026, 11, 25), "rate.boligsikring_income_limit")
    assert one.document.amount.value == CORRECTED


@pytest.mark.parametrize(
    ("by", "hint"),
    [("rate.boligsikring_incom_limit", "boligsikring_income_limit"), ("benefit.calculate", "benefit.calculated"),
     ("benefit.calculated/pays-ren", "pays-rent"), ("setting.review_months", "review_months_before_end")],
)  # fmt: skip
def test_unknown_change_gets_the_near_match(ledger, rules, by, hint):
    with pytest.raises(LedgerError, match=hint):
        list(affected(ledger, rules.book, date(2026, 11, 25), by))


def test_changed_condition_turns_a_decision_and_says_which(ledger, granted, tmp_path):
    """Today's law asks for more: the rules in a folder of their own, with one condition turned around."""
    import shutil

    ledger.sign(granted.id, by="A", role="r", on=DECIDED)
    shutil.copytree(Path(__file__).parents[2] / "rules", tmp_path / "rules")
    scheme = tmp_path / "rules" / "transitional_housing" / "subsidy.yaml"
    text = scheme.read_text(encoding="utf-8")
    assert "holds: benefit.applied\n" in text
    scheme.write_text(text.replace("holds: benefit.applied\n", "holds: not benefit.applied\n"), encoding="utf-8")
    law = open_rules(tmp_path / "rules").book
    for by in ("", "transitional.subsidy", "transitional.subsidy/benefit-applied"):
        [one] = affected(ledger, law, DECIDED, by)
        assert one.document.outcome == "refused"
        assert ("condition", "benefit-applied") in [(d.what, d.name) for d in one.differences]
    assert list(affected(ledger, law, DECIDED, "transitional.subsidy/tenancy-begun")) == []
    [then] = replay(ledger, [ledger.entry(granted.id)])
    assert then.same


def test_every_shipped_case_replays_to_the_byte(ledger, url, key, rules):
    """From a ledger that was opened afresh, by rules that are read from the database."""
    count = 0
    for case in read_cases([CASES], rules.book):
        assert isinstance(case, Case)
        for scheme in case.schemes:
            ledger.propose(replace(case, on=case.on or DECIDED), rules, scheme, decided_on=DECIDED, lang="da" if count % 2 else "en")
            count += 1
    with Ledger.open(url, key) as fresh:
        found = list(replay(fresh, fresh.entries()))
    assert len(found) == count > 100
    assert [(one.entry.case, one.differences, one.fault) for one in found if not one.same] == []


def test_stored_facts_read_back_to_the_same_case(rules):
    for case in read_cases([CASES], rules.book):
        assert read_back(case_data(case), rules.book) == replace(case, origin="")


def test_a_case_that_the_new_rules_cannot_read_is_told_and_hides_no_other(ledger, granted, rules):
    facts = {name: fact for name, fact in rules.book.facts.items() if name != "lease.deposit"}
    [one] = under_other_law(ledger, [granted], replace(rules.book, facts=facts), DECIDED)
    assert (one.same, one.document) == (False, None)
    assert "lease.deposit" in one.fault


def test_overlay_that_was_not_known_yet_is_not_among_the_rules_that_decided(ledger, settled, rules):
    """The lawyer settled on 5 January; a decision of the 4th was made, and is kept and replayed, without it."""
    case = replace(case_from_data(parent(), settled.book.facts), on=date(2026, 1, 4))
    early = ledger.propose(case, settled, "benefit.calculated", decided_on=date(2026, 1, 4))
    later = ledger.propose(case, settled, "benefit.calculated", decided_on=date(2026, 1, 5))
    assert (early.rulebook, early.outcome) == (rules.book.hash, "undetermined")
    assert (later.rulebook, later.outcome) == (settled.book.hash, "granted")
    assert [one.same for one in replay(ledger, [early, later])] == [True, True]
    with pytest.raises(LedgerError, match="was made by"):
        ledger.add(case, decide(case, settled.book, "benefit.calculated"), rules, decided_on=DECIDED)
