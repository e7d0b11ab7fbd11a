"""What the law makes of a draw: which day's law counts, which provision gives the rent and the guarantee, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from subsidyengine.allocation import share_out

from .scene import terms_of, vacancy

USED = "offered_on={day} answered_on={day} used rent=5000 available_from={day} let_from={let}"


def documents(book, shipped, terms, lines, on=date(2025, 12, 31), private=False):
    desk = share_out([vacancy(line, n, private) for n, line in enumerate(lines, 2)], book, replace(shipped, terms={"agreed": terms}), on)
    return {d.case: d for d in desk.documents("en")}


@pytest.mark.parametrize(("day", "known"), [("2010-03-01", False), ("2015-01-11", False), ("2015-01-12", True)])
@pytest.mark.parametrize(
    ("more", "outcome"),
    [(USED, "granted"), ("", "granted"), ("kind=elderly", "granted"), ("cause=swap", "refused"), ("cause=for_sale", "refused")],
)
def test_a_vacancy_before_the_law_was_known_is_not_answered_whenever_it_is_asked_about(day, known, more, outcome, book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"from": date(2009, 1, 1), "share": 1})
    found = documents(book, shipped, terms, [f"A1 {day} {more.format(day=day, let='2025-06-01')}"])["A1"]
    assert found.outcome == (outcome if known else "undetermined")
    assert ([(o.kind, o.rule) for o in found.open] == [("law_not_known", "allocation.turn")]) == (not known)
    assert (found.certainty == "unknown") == (not known)
    for part in found.parts:
        if not known and part.part == "vacancy_rent" and more:
            assert (part.outcome, part.amount) == ("undetermined", None)


def test_nor_is_a_vacancy_that_would_go_to_the_waiting_list(book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"from": date(2009, 1, 1)})
    found = documents(book, shipped, terms, ["A1 2015-01-11", "A2 2015-01-12"])
    assert [(d.owner, d.outcome) for d in found.values()] == [("waiting_list", "undetermined"), ("waiting_list", "refused")]


TRANSITIONAL = {
    "rights": [
        {"right": "transitional", "basis": "section_63", "kinds": ["family"], "quota_per_year": 9},
        {"right": "waiting_list", "basis": "waiting_list"},
    ],
    "answer": {"days": 10, "counted_in": "calendar_days"},
}
AT = "offered_on=2025-02-01 available_from=2025-02-01 rent=5200 consumption_in_rent=200"


@pytest.mark.parametrize(
    ("line", "rent", "guarantee"),
    [
        # 1 February to 14 April at 5000 a month: two months, and 14 days of 30
        (f"{AT} answered_on=2025-02-05 used let_from=2025-04-15", ("2025-02-01", "2025-04-14", "12333.33"), "granted"),
        # Not let yet: it runs on, and there is no tenant whose duty is guaranteed. 11 months to 31 December
        (f"{AT} answered_on=2025-02-05 used", ("2025-02-01", None, "55000.00"), None),
        # Let the very day: no day of rent
        (f"{AT} answered_on=2025-02-01 used let_from=2025-02-01", (None, None, "0.00"), "granted"),
        # Given up 10 February: 3 months on is 10 May, past the 7th, so the first weekday of June that is no eve: Monday 2 June
        (f"{AT} answered_on=2025-02-05 used withdrawn_on=2025-02-10", ("2025-02-01", "2025-06-02", "20333.33"), None),
        # Let before it was given up: it was let to the municipality's tenant
        (f"{AT} answered_on=2025-02-05 used let_from=2025-02-10 withdrawn_on=2025-02-10", ("2025-02-01", "2025-02-09", "1607.14"), "granted"),
        (f"{AT} answered_on=2025-02-05 used let_from=2025-02-11 withdrawn_on=2025-02-10", ("2025-02-01", "2025-02-10", "1785.71"), None),
        # A no gives it up as well, and a silence that is one: 10 days from 1 February end on the 11th
        (f"{AT} answered_on=2025-02-10 passed", ("2025-02-01", "2025-06-02", "20333.33"), None),
        (AT, ("2025-02-01", "2025-06-02", "20333.33"), None),
        # A no the day before it was at disposal costs nothing, on the day itself it does
        ("offered_on=2025-01-20 available_from=2025-02-01 rent=5000 answered_on=2025-01-31 passed", (None, None, "0.00"), None),
        ("offered_on=2025-01-25 available_from=2025-02-01 rent=5000 answered_on=2025-02-01 passed let_from=2025-02-02",
         ("2025-02-01", "2025-02-01", "178.57"), None),
    ],
)  # fmt: skip
def test_a_transitional_dwelling_follows_section_63(line, rent, guarantee, book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", TRANSITIONAL)
    found = documents(book, shipped, terms, [f"A1 2025-02-01 {line}"])["A1"]
    parts = {p.part: p for p in found.parts}
    money = parts["vacancy_rent"]
    period = money.period.model_dump(mode="json", by_alias=True, exclude_unset=True) if money.period else {}
    assert (period.get("from"), period.get("to"), money.amount.value) == rent
    assert (parts["restoration_guarantee"].outcome if "restoration_guarantee" in parts else None) == guarantee
    cites = [f.cite for f in found.findings if f.condition != "turn-reached"] + [e.cite for e in found.events if e.kind != "answer_due"]
    assert not any("§ 59" in cite or "anvisningsretsloven" in cite for cite in cites), cites
    assert any("§ 63 stk. 4" in cite for cite in cites)


def test_where_the_agreement_says_so_a_no_costs_nothing(book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {**TRANSITIONAL, "counting": {"rent_when_passed": "none"}})
    found = documents(book, shipped, terms, [f"A1 2025-02-01 {AT} answered_on=2025-02-10 passed"])["A1"]
    assert [(p.part, p.outcome, p.amount.value) for p in found.parts] == [("vacancy_rent", "refused", "0.00")]


@pytest.mark.parametrize(("available", "outcome"), [("2018-12-31", "undetermined"), ("2019-01-01", "granted")])
def test_the_rent_of_a_transitional_dwelling_is_by_the_law_of_its_day(available, outcome, book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {**TRANSITIONAL, "from": date(2018, 1, 1)})
    line = f"A1 2018-12-01 offered_on=2018-12-20 available_from={available} rent=5000 answered_on=2018-12-21 used let_from=2019-02-01"
    found = documents(book, shipped, terms, [line])["A1"]
    rent = next(p for p in found.parts if p.part == "vacancy_rent")
    known = [o.rule for o in rent.open if o.rule == "transitional.liability"]
    assert bool(known) == (outcome == "undetermined")


def test_other_rights_keep_the_law_of_section_59(book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"share": 1})
    found = documents(book, shipped, terms, [f"A1 2025-02-01 {AT} answered_on=2025-02-05 used let_from=2025-04-15"])["A1"]
    assert [(p.part, p.outcome) for p in found.parts if p.part == "restoration_guarantee"] == [("restoration_guarantee", "granted")]
    assert not any("§ 63" in f.cite for f in found.findings)


@pytest.mark.parametrize(("begins", "days", "share", "again"), [
    (date(2025, 12, 31), 7, "1/4", (date(2030, 12, 31), date(2031, 12, 31))),
    (date(2026, 1, 1), 9, "1/5", (date(2030, 1, 1), date(2033, 1, 1))),
])  # fmt: skip
def test_figures_of_private_rentals_are_the_rates_of_the_day_the_agreement_begins(begins, days, share, again, book, tmp_path):
    later = {"answer_weekdays": 9, "vacancy_share_max": Fraction(1, 5), "allocation_years": 4, "agreement_years_max": 7}
    rates = dict(book.rates)
    for name, value in later.items():
        rate = rates[f"private_{name}"]
        row = replace(rate.rows[0], from_=date(2026, 1, 1), value=value)
        rates[f"private_{name}"] = replace(rate, rows=(*rate.rows, row))
    form = {"from": begins, "signed_on": date(begins.year, begins.month, begins.day), "until": date(2030, 12, 31), "share": share}
    terms = terms_of(tmp_path, replace(book, rates=rates), "private", form)
    assert (terms.answer.days, terms.rights[0].basis.ceiling, terms.again) == (days, Fraction(share), again)


@pytest.mark.parametrize(
    ("line", "changes", "rent", "status"),
    [
        # The waiting list's turn: the organisation lets, and bears what its rejection costs
        ("seeker_rejected_on=2025-02-20", {"share": "1/4"}, ("refused", "0.00"), "not_met"),
        ("seeker_rejected_on=2026-01-01", {"share": "1/4"}, None, None),
        # The municipality's, with a rejection before it stood at disposal: its rent all the same
        (f"{AT} answered_on=2025-02-05 used let_from=2025-04-15 seeker_rejected_on=2025-01-20", {"share": 1}, ("undetermined", "12333.33"), "met"),
        # Passed on 10 February and rejected that day or after: not established
        (f"{AT} answered_on=2025-02-10 passed seeker_rejected_on=2025-02-10", {"share": 1}, ("undetermined", "20333.33"), "unknown"),
        (f"{AT} answered_on=2025-02-10 passed seeker_rejected_on=2025-02-09", {"share": 1}, ("undetermined", "20333.33"), "met"),
    ],
)  # fmt: skip
def test_the_rent_after_a_rejection_under_section_51_c_is_the_organisations(line, changes, rent, status, book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", changes)
    found = documents(book, shipped, terms, [f"A1 2025-02-01 {line}"])["A1"]
    money = next((p for p in found.parts if p.part == "vacancy_rent"), None)
    assert (None if money is None else (money.outcome, money.amount.value)) == rent
    findings = {f.condition: f.status for f in found.findings}
    assert findings.get("loss-not-the-organisations") == status
    if money is not None:
        assert ("loss-not-the-organisations" in [o.rule for o in money.open]) == (status == "unknown")


def test_a_dwelling_that_does_not_count_has_no_rent_for_anybody(book, shipped, tmp_path):
    found = documents(book, shipped, terms_of(tmp_path, book, "agreed", {}), ["A1 2025-02-01 cause=swap seeker_rejected_on=2025-02-02"])[
        "A1"
    ]
    assert (found.parts, found.findings) == ([], [])
