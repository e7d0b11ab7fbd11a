"""What falls away: every row against the events of the scalar reading, and what is listed and what is not, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from subsidyengine.decision import Conclude, Reading, answer, program_for
from subsidyengine.facts import CaseError, read_cases
from subsidyengine.portfolio.falling import LISTS
from subsidyengine.portfolio.forecast import forecast
from subsidyengine.portfolio.months import Horizon
from subsidyengine.portfolio.records import listed, listed_table

from .leases import BOOK, LEASE, forecast_of

FOLDER = Path(__file__).parents[2] / "fixtures" / "portfolio"
FILES = [FOLDER / "leases.csv", FOLDER / "facts.csv"]
HORIZON = Horizon(date(2026, 1, 1), 60)


@pytest.fixture(scope="module")
def found():
    return forecast(FILES, BOOK, HORIZON)


def test_every_day_is_an_event_of_the_rules(found):
    cases = {c.id: c for c in read_cases(FILES, BOOK) if not isinstance(c, CaseError)}
    conclude = Conclude(durable=False)
    assert len(found.falling) > 30
    for item in found.falling:
        case = replace(cases[item.case], on=HORIZON.first)
        told = answer(Reading(BOOK, program_for(BOOK, item.scheme), case, HORIZON.first, None), conclude)
        days = {e.on for e in told.events if e.rule.kind in LISTS[item.list]}
        assert (item.day in days) if item.day else not {d for d in days if d >= HORIZON.first}, item
        assert item.outcome in {told.outcome, *(c.outcome for c in told.clauses)}
        assert item.passed == (item.day is not None and item.day < HORIZON.first)


def test_every_list_has_rows_with_days_and_rows_without(found):
    assert {f.list for f in found.falling} == set(LISTS)
    assert any(f.list == "labels" and f.day is None and "relabelling.agreement_date" in f.open for f in found.falling)
    # The duration of a rent reduction is not established: a running one is listed without a day.
    assert any(f.list == "grants" and f.scheme == "fund.rent_reduction" and f.day is None for f in found.falling)


def label(**facts):
    base = {
        "dwelling.kind": "youth", "dwelling.area_m2": "60", "dwelling.owner": "organisation", "relabelling.route": "elderly_youth_50_65",
        "relabelling.agreement_date": "2016-06-01", "relabelling.term_years": "10", "relabelling.vacant_on": "",
    }  # fmt: skip
    return {**base, **{f"relabelling.{k}": v for k, v in facts.items()}}


def frame(**facts):
    base = {"fund.application_date": "2022-09-12", "fund.applicant": "municipality", "fund.frame_dwellings_left": "3",
            "fund.dwellings_granted": "5", "fund.homelessness_plan": "true", "fund.letting_agreements": "true"}  # fmt: skip
    return {**base, **{f"fund.{k}": v for k, v in facts.items()}}


def starter(**facts):
    base = {"dwelling.kind": "youth", "dwelling.owner": "organisation", "dwelling.start_commitment_date": "2013-03-01",
            "dwelling.start_contribution": "42000"}  # fmt: skip
    return {**base, **{f"dwelling.{k}": v for k, v in facts.items()}}


ROWS = {
    # Ten years from 1 June 2016: the last day is 31 May 2026, so it reverts when vacant from 1 June 2026.
    "label": label(),
    "label-on-the-first": label(agreement_date="2016-01-01"),
    "label-day-before": label(agreement_date="2015-12-31"),
    "label-reverted": label(agreement_date="2015-06-01", vacant_on="2025-09-01"),
    "label-vacant-in-its-term": label(agreement_date="2015-06-01", vacant_on="2025-03-01"),
    "label-too-late": label(agreement_date="2017-01-01"),
    "label-without-day": label(agreement_date=""),
    # Permanent: nothing reverts.
    "label-permanent": {**label(route="elderly_youth_50"), "dwelling.area_m2": "45"},
    "frame": frame(),
    "frame-used-up": frame(frame_dwellings_left="0"),
    "frame-committed": {**frame(commitment_date="2023-05-01", rent_before="4800"), "dwelling.kind": "family",
                        "lease.allocated_by_municipality": "true", "person.acute_housing_need": "true", "person.low_ability_to_pay": "true"},
    "project": {"fund.project_registered": "true", "fund.rent_after": "3400", "fund.dwellings": "6", "dwelling.kind": "family"},
    "project-applied": {"fund.project_registered": "true", "fund.rent_after": "3400", "fund.dwellings": "6", "dwelling.kind": "family",
                        "fund.application_date": "2024-05-01"},
    # Fifteen years from 1 March 2013: 29 February 2028.
    "starter": starter(),
    "starter-over": starter(start_commitment_date="2010-12-31"),
    "starter-last-of-the-period": starter(start_commitment_date="2014-01-01"),
    "starter-after-the-period": starter(start_commitment_date="2014-01-02"),
    "starter-without-day": starter(start_commitment_date="", start_dwelling="true"),
    "lease": LEASE,
}  # fmt: skip
#: List, day (None: not known; absent: not listed at all), of each row on 1 January 2026 for three years (to 31 December 2028).
EXPECTED = {
    ("label", "labels"): date(2026, 6, 1),
    ("label-on-the-first", "labels"): date(2026, 1, 1),
    ("label-day-before", "labels"): date(2025, 12, 31),
    ("label-vacant-in-its-term", "labels"): date(2025, 6, 1),
    ("label-without-day", "labels"): None,
    # The draft of June 2023 has unused frames lapse on 31 December 2025, the last of the days that are past.
    ("frame", "frames"): date(2025, 12, 31),
    ("frame-committed", "grants"): None,
    ("project", "frames"): date(2027, 12, 31),
    ("starter", "grants"): date(2028, 2, 29),
    ("starter-last-of-the-period", "grants"): date(2028, 12, 31),
    ("starter-without-day", "grants"): None,
}


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory):
    return forecast_of(tmp_path_factory.mktemp("falling"), ROWS, date(2026, 1, 1), 36)


def test_what_is_listed_and_what_is_not(by_hand):
    assert {(f.case, f.list): f.day for f in by_hand.falling} == EXPECTED
    assert {f.case for f in by_hand.falling if f.passed} == {"label-day-before", "label-vacant-in-its-term", "frame"}
    assert (by_hand.cases, by_hand.others) == (1, len(ROWS) - 1)


def test_a_row_says_how_much_falls_away_and_what_that_rests_on(by_hand):
    rows = {f.case: f for f in by_hand.falling}
    assert (rows["starter"].amount, rows["starter"].unit, rows["starter"].dwellings) == (Decimal("42000.00"), "DKK/year", None)
    assert (rows["starter"].basis.certainty, rows["starter"].outcome) == ("inferred", "granted")
    # 3 dwellings of the frame; the amount after 2023 is not established, and says so.
    assert (rows["frame"].amount, rows["frame"].dwellings) == (None, 3)
    assert "rate.rent_reduction_yearly" in rows["frame"].open
    assert rows["project"].dwellings == 6
    assert rows["label"].unit == ""
    assert "§ 4" in rows["label"].basis.cite


def test_the_lists_are_a_table_with_the_refunds(by_hand):
    rows = by_hand.con.execute(listed_table(by_hand, "en")).fetchall()
    assert len(rows) == len(listed(by_hand, "en")) == len(EXPECTED) + len(by_hand.expiries)
    refund = next(r for r in rows if r[0] == "refunds")
    assert refund[1] == "lease"
    assert refund[6] == date(2026, 12, 31)
    missing = next(r for r in rows if r[1] == "starter-without-day")[-1]
    assert missing == "day the startbolig contribution was committed (section 101 a)"
