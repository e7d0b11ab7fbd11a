"""An agreement comes after another, or after the statute: does the count begin anew or go on?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subsidyengine.allocation.sequence import run
from subsidyengine.allocation.words import fraction_text

from .scene import terms_of, vacancy


@pytest.fixture
def replay(book, shipped, tmp_path):
    """The draws and accounts of vacancies of 2025 under one agreement and of 2026 under the next."""

    def made(lines, earlier=None, later=None, on=date(2026, 12, 31)):
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            folder.mkdir()
        before = terms_of(folders[0], book, "agreed", {"until": date(2025, 12, 31), **(earlier or {})})
        after = replace(terms_of(folders[1], book, "agreed", {"from": date(2026, 1, 1), **(later or {})}), id="later")
        found = run(
            [vacancy(line, row) for row, line in enumerate(lines, 2)], replace(shipped, terms={"agreed": before, "later": after}), on
        )
        return {d.vacancy.vacancy: d for d in found.draws}, {a.terms.id: a for a in found.accounts if a.right.name == "municipal"}

    return made


THREE = ["A1 2025-01-01", "A2 2025-02-01", "A3 2025-03-01", "B1 2026-01-01", "B2 2026-02-01", "B3 2026-03-01", "B4 2026-04-01"]


def test_anew_the_fourth_of_the_new_agreement_is_the_first_turn(replay):
    draws, accounts = replay(THREE)
    assert [draws[n].turn for n in ("B1", "B2", "B3", "B4")] == ["waiting_list"] * 3 + ["municipal"]
    assert accounts["later"].brought == 0


def test_continued_the_three_quarters_come_along(replay):
    draws, accounts = replay(THREE, later={"counting": {"earlier_count": "continued"}})
    # 3/4 earned before; B1 makes it 1, B2-B4 7/4 less the turn used.
    assert [draws[n].turn for n in ("B1", "B2", "B3", "B4")] == ["municipal"] + ["waiting_list"] * 3
    assert fraction_text(accounts["later"].brought) == "3/4"
    assert fraction_text(draws["B1"].count.entitlement) == "1"
    assert draws["B1"].count.number == 1  # the vacancies counted are those of the agreement itself


def test_what_was_used_and_lost_before_stays_there(replay):
    lines = [*(f"A{n} 2025-0{n}-01" for n in range(1, 9)), "B1 2026-01-01"]
    lines[3] += " offered_on=2025-03-20 answered_on=2025-03-25 used"
    lines[7] += " offered_on=2025-07-20 answered_on=2025-07-25 passed"
    draws, accounts = replay(lines, later={"counting": {"earlier_count": "continued"}})
    assert accounts["agreed"].over == accounts["later"].brought == 0  # 8/4 less one used and one lost
    assert draws["B1"].turn == "waiting_list"


def test_a_dwelling_taken_without_a_turn_is_a_debt_that_comes_along(replay):
    lines = ["A1 2025-01-01 offered_on=2025-01-01 answered_on=2025-01-02 used", *(f"B{n} 2026-0{n}-01" for n in range(1, 8))]
    draws, accounts = replay(lines, later={"counting": {"earlier_count": "continued"}})
    assert fraction_text(accounts["later"].brought) == "-3/4"  # 1/4 less one
    # -3/4 + 7/4 = 1: the seventh is the turn.
    assert [n for n, d in draws.items() if d.turn == "municipal"] == ["B7"]


UNSETTLED = {"counting": {"earlier_count": {"is": "anew", "settled": False, "why": {"da": "-", "en": "-"}}}}


def test_the_default_is_leaned_on_where_something_stood_over(replay):
    draws, _ = replay(THREE, later=UNSETTLED)
    assert [draws[n].leans for n in ("A3", "B1")] == [(), ("earlier_count",)]


def test_nothing_is_leaned_on_where_nothing_stood_over(replay):
    lines = [*(f"A{n} 2025-0{n}-01" for n in range(1, 5)), "B1 2026-01-01"]
    lines[3] += " offered_on=2025-03-20 answered_on=2025-03-25 used"
    draws, _ = replay(lines, later=UNSETTLED)
    assert draws["B1"].leans == ()


@pytest.mark.parametrize(("earlier", "later"), [("organisation", "municipality"), ("municipality", "organisation")])
def test_another_unit_begins_anew_and_says_so(earlier, later, replay):
    counting = {**UNSETTLED["counting"], "unit": later}
    draws, accounts = replay(THREE, {"counting": {"unit": earlier}}, {"counting": counting})
    assert draws["B1"].leans == ("earlier_count",)
    assert accounts["later"].brought == 0


def test_the_agreement_after_the_statute(book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"from": date(2026, 1, 1), **UNSETTLED})
    found = run([vacancy(line, row) for row, line in enumerate(THREE, 2)], replace(shipped, terms={"agreed": terms}), date(2026, 12, 31))
    assert [d.leans for d in found.draws if d.vacancy.vacancy == "B1"] == [("earlier_count",)]
