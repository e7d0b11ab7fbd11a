"""Leases reckoned by hand, month by month: the sum stands beside each. All in one forecast, as finance would run it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from subsidyengine.portfolio.months import MONTHLY

from .leases import LEASE, forecast_of, months_of

RENTS = [("lease.rent", "2024-01-01", "5000"), ("lease.rent", "2026-06-16", "5300")]
BENEFITS = [("benefit.calculated", "2024-01-01", "1000"), ("benefit.calculated", "2026-06-11", "700")]
RATES = [("facility.daily_rate", "2024-01-01", "100"), ("facility.daily_rate", "2026-01-01", "103")]
VACANT = {
    "dwelling.kind": "family", "dwelling.owner": "organisation", "agreement.transitional": "true", "dwelling.rent": "5200",
    "dwelling.available_to_municipality_from": "2026-02-10", "dwelling.let_from": "2026-04-15",
}  # fmt: skip
NOTICE = {
    **LEASE, "agreement.transitional": "true", "lease.allocated_by_municipality": "true", "lease.moved_out": "2026-05-10",
    "lease.notice_requested_by_municipality_on": "2026-03-10", "lease.notice_received_on": "2026-03-20", "lease.relet_from": "2026-06-21",
}  # fmt: skip
PRIVATE = {**NOTICE, "dwelling.kind": "private", "agreement.transitional": "", "agreement.private_allocation": "true"}
LIVING = {k: v for k, v in NOTICE.items() if not k.startswith(("lease.moved", "lease.notice", "lease.relet"))} | {
    "dwelling.available_to_municipality_from": "2024-01-01", "dwelling.let_from": "2024-01-01",
}  # fmt: skip


def until(day: str, **facts: str) -> dict[str, str]:
    return {**LEASE, "lease.special_terms_end": day, **{k.replace("_", ".", 1): v for k, v in facts.items()}}


ROWS = {
    "leap-20": until("2028-02-20"),
    "plain-20": until("2027-02-20"),
    "leap-29": until("2028-02-29"),
    "leap-28": until("2028-02-28"),
    "first": until("2026-05-01"),
    "last": until("2026-04-30"),
    "middle": until("2026-04-17"),
    "from-29-february": until("2029-12-31", lease_start="2024-02-29"),
    "before-july-2023": until("2028-05-31", lease_start="2023-06-01"),
    "rent": LEASE,
    "rent-and-benefit": LEASE,
    "facility": {**LEASE, "person.has_income": "true"},
    "put-off": until("2026-04-20"),
    "no-start": {**LEASE, "lease.start": ""},
    "no-end": {**LEASE, "lease.special_terms_end": "", "lease.special_terms_stated": "true"},
    "vacant": VACANT,
    "vacant-still": {**VACANT, "dwelling.let_from": ""},
    "vacant-no-rent": {**VACANT, "dwelling.rent": ""},
    "notice": NOTICE,
    "notice-not-let": {**NOTICE, "lease.relet_from": ""},
    "notice-private": PRIVATE,
    "living": LIVING,
    "living-later": {**LIVING, "lease.start": "2026-05-04", "lease.special_terms_end": "2028-05-03"},
}
DATED = {
    "rent": RENTS, "rent-and-benefit": [*RENTS, *BENEFITS], "facility": RATES,
    "put-off": [("lease.special_terms_end", "2024-01-01", "2026-04-20"), ("lease.special_terms_end", "2026-04-21", "2026-06-30")],
    "vacant": [("dwelling.rent", "2025-01-01", "5200"), ("dwelling.rent", "2026-03-01", "5400")],
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return forecast_of(tmp_path_factory.mktemp("hand"), ROWS, date(2024, 1, 1), 72, DATED)


@pytest.mark.parametrize(
    ("name", "first", "expected"),
    [
        # Leap year: 20 of 29 days of February 2028: 4,000 * 20 / 29 = 2,758.6207
        ("leap-20", "2028-01", [("4000.00", 1, 0), ("2758.62", 0, 1), ("0.00", 0, 0)]),
        # No leap year: 20 of 28 days: 4,000 * 20 / 28 = 2,857.1429
        ("plain-20", "2027-01", [("4000.00", 1, 0), ("2857.14", 0, 1), ("0.00", 0, 0)]),
        # The leap day itself is the last one: the whole of February 2028, and it still runs on the month's last day
        ("leap-29", "2028-01", [("4000.00", 1, 0), ("4000.00", 1, 1), ("0.00", 0, 0)]),
        # One day less: 4,000 * 28 / 29 = 3,862.0690
        ("leap-28", "2028-01", [("4000.00", 1, 0), ("3862.07", 0, 1), ("0.00", 0, 0)]),
        # On the first of a month: 4,000 * 1 / 31 = 129.0323
        ("first", "2026-04", [("4000.00", 1, 0), ("129.03", 0, 1), ("0.00", 0, 0)]),
        # On the last of a month
        ("last", "2026-03", [("4000.00", 1, 0), ("4000.00", 1, 1), ("0.00", 0, 0)]),
        # In the middle: 4,000 * 17 / 30 = 2,266.6667
        ("middle", "2026-03", [("4000.00", 1, 0), ("2266.67", 0, 1), ("0.00", 0, 0)]),
        # Begun on 29 February 2024: one day of 29, 4,000 / 29 = 137.9310
        ("from-29-february", "2024-01", [("0.00", 0, 0), ("137.93", 1, 0), ("4000.00", 1, 0)]),
        # Five years on, 29 February 2029 is 28 February, so the last day is the 27th: 4,000 * 27 / 28 = 3,857.1429
        ("from-29-february", "2029-01", [("4000.00", 1, 0), ("3857.14", 0, 1), ("0.00", 0, 0)]),
        # From 1 June 2023: two years end on 31 May 2025, whatever the lease says (before act 482/2023)
        ("before-july-2023", "2025-04", [("4000.00", 1, 0), ("4000.00", 1, 1), ("0.00", 0, 0)]),
        # Rent 5,300 from 16 June: 15 of 30 days of 4,000 and 15 of 4,300 = 2,000 + 2,150
        ("rent", "2026-05", [("4000.00", 1, 0), ("4150.00", 1, 0), ("4300.00", 1, 0)]),
        # Benefit 700 from 11 June beside it: 10 days of 4,000, 5 of 4,300, 15 of 4,600, of 30: (40,000 + 21,500 + 69,000) / 30
        ("rent-and-benefit", "2026-05", [("4000.00", 1, 0), ("4350.00", 1, 0), ("4600.00", 1, 0)]),
        # 100 kr. a day is 100 * 365/12 = 3,041.6667 a month, 103 kr. 3,132.9167: 4,000 less that
        ("facility", "2025-12", [("958.33", 1, 0), ("867.08", 1, 0)]),
        # Lengthened by an addendum from the day after: it does not end in April
        ("put-off", "2026-04", [("4000.00", 1, 0), ("4000.00", 1, 0), ("4000.00", 1, 1), ("0.00", 0, 0)]),
        # Nothing is known to be paid before a start that is not known
        ("no-start", "2026-01", [("0.00", 0, 0), ("0.00", 0, 0)]),
        # Without a stated last day it runs on, but no longer than five years: to 31 December 2028
        ("no-end", "2028-11", [("4000.00", 1, 0), ("4000.00", 1, 0), ("0.00", 0, 0)]),
        # Nobody lives there: no refund
        ("vacant", "2026-02", [("0.00", 0, 0), ("0.00", 0, 0)]),
    ],
)
def test_the_refund_of_a_lease(found, name, first, expected):
    assert months_of(found, name, first, len(expected)) == expected


def test_what_is_not_known_is_named(found):
    assert found.lacking == ("no-start",)
    assert found.endless == ("no-end",)
    assert found.others == 3  # the vacant dwellings
    assert found.cases == len(ROWS) - 3
    # The conversion of the daily rate is not settled by law, so that cost is open; and so is the one without a last day.
    open_ = dict(found.con.execute(f"SELECT department, sum(ore_open) FROM {MONTHLY} GROUP BY 1 HAVING sum(ore_open) > 0").fetchall())
    assert {"facility", "no-end"} <= open_.keys()
    assert not {"rent", "first", "leap-20"} & open_.keys()
    assert dict(found.assumed)["days_per_month"] == "365/12"


def test_each_lease_runs_out_once(found):
    assert len({e.case for e in found.expiries}) == len(found.expiries)
    assert [e.last_day for e in found.expiries if e.case == "put-off"] == [date(2026, 6, 30)]


def line(found, part):
    return next(item for item in found.lines if item.part == part)


@pytest.mark.parametrize(
    ("part", "name", "first", "expected"),
    [
        # 10-28 February: 5,200 * 19 / 28 = 3,528.5714; March 5,400; 1-14 April: 5,400 * 14 / 30. The tenant pays from the 15th.
        ("vacancy_rent", "vacant", "2026-01", ["0.00", "3528.57", "5400.00", "2520.00", "0.00"]),
        ("vacancy_rent", "vacant-still", "2026-01", ["0.00", "3528.57", "5200.00", "5200.00", "5200.00"]),
        ("vacancy_rent", "vacant-no-rent", "2026-02", ["0.00", "0.00", "0.00"]),
        # From the move-out to the day before re-letting: 10-31 May 5,000 * 22 / 31 = 3,548.3871; 1-20 June 5,000 * 20 / 30 = 3,333.3333
        ("notice_rent", "notice", "2026-04", ["0.00", "3548.39", "3333.33", "0.00"]),
        # Not re-let: until an ordinary notice would have taken effect. Three months from 20 March is 20 June; the next first weekday is
        # Wednesday 1 July, and that day counts: all of June, and 5,000 / 31 = 161.2903.
        ("notice_rent", "notice-not-let", "2026-04", ["0.00", "3548.39", "5000.00", "161.29", "0.00"]),
        # What lov om leje says of notice was not read: without a stated day no last day, so no cost.
        ("notice_rent", "notice-private", "2026-04", ["0.00", "0.00", "0.00", "0.00"]),
    ],
)
def test_what_is_owed_to_a_landlord(found, part, name, first, expected):
    assert [cost for cost, _, _ in months_of(found, name, first, len(expected), line(found, part).table)] == expected


def test_what_is_owed_but_not_known_is_named(found):
    vacancy, notice, guarantee = (line(found, p) for p in ("vacancy_rent", "notice_rent", "restoration_guarantee"))
    assert (vacancy.lacking, vacancy.running) == (("vacant-no-rent",), ("vacant-still",))
    assert (notice.lacking, notice.running) == (("notice-private",), ())
    assert (guarantee.lacking, guarantee.running, guarantee.priced) == ((), (), False)
    assert {item.account for item in found.lines} == {None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # April, May, June 2026: one falls due with the move-out of 10 May, one begins with the tenancy of 4 May.
        ("notice", [(1, 0), (0, 1), (0, 0)]),
        ("living", [(1, 0), (1, 0), (1, 0)]),
        ("living-later", [(0, 0), (1, 0), (1, 0)]),
    ],
)
def test_guarantees_are_counted_and_have_no_amount(found, name, expected):
    table = line(found, "restoration_guarantee").table
    assert months_of(found, name, "2026-04", 3, table) == [("0.00", active, ending) for active, ending in expected]


def test_the_first_of_a_month_counts_for_all_of_it_when_asked_for(tmp_path):
    rows = {"rent": LEASE, "short": until("2026-07-01", lease_start="2026-05-02")}
    found = forecast_of(tmp_path, rows, date(2026, 5, 1), 4, {"rent": RENTS}, "first-day")
    assert [cost for cost, _, _ in months_of(found, "rent", "2026-05", 3)] == ["4000.00", "4000.00", "4300.00"]
    assert months_of(found, "short", "2026-05", 4) == [("0.00", 1, 0), ("4000.00", 1, 0), ("4000.00", 0, 1), ("0.00", 0, 0)]
    assert found.lines == ()  # no fact is about a landlord


def test_the_budget_is_the_year_and_three_more_by_account(tmp_path):
    found = forecast_of(tmp_path, {"a": until("2028-12-31"), "b": VACANT}, date(2026, 3, 1), 60)
    found = replace(found, prices={2027: Decimal("0.03"), 2028: Decimal("0.02")})
    refunds, vacancy = found.budget()
    # Ten months of 4,000 in 2026; then 48,000 a year: 48,000 * 1.03 = 49,440 and * 1.02 = 50,428.80; nothing in 2029.
    assert [(y.year, y.months, str(y.fixed), str(y.current)) for y in refunds.years] == [
        (2026, 10, "40000.00", "40000.00"),
        (2027, 12, "48000.00", "49440.00"),
        (2028, 12, "48000.00", "50428.80"),
        (2029, 12, "0.00", "0.00"),
    ]
    assert refunds.account.account == "5.57.72-002"
    assert vacancy.account is None
    # March whole, 14 of 30 days of April: 5,200 + 2,426.67.
    assert str(vacancy.years[0].fixed) == "7626.67"
