"""Worked sequences, as data: whose turn, what became of it, accounts, time limits and rent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from subsidyengine.allocation import share_out
from subsidyengine.allocation.sequence import run
from subsidyengine.allocation.words import fraction_text
from subsidyengine.formula import SATURDAY
from subsidyengine.rulebook import load_documents

from .scene import terms_of, vacancy

FILE = Path(__file__).with_name("sequences.yaml")
SEQUENCES = next(iter(load_documents(FILE.read_text(encoding="utf-8"), FILE.name))).data
KEYS = {
    "sequence",
    "why",
    "vacancies",
    "expect",
    "account",
    "terms",
    "on",
    "owner",
    "due",
    "rent",
    "missing",
    "doubts",
    "leans",
    "irregular",
    "saturday",
    "agreement",
}


@pytest.mark.parametrize("case", SEQUENCES, ids=[s["sequence"] for s in SEQUENCES])
def test_a_worked_sequence(case, book, shipped, tmp_path):
    assert set(case) <= KEYS
    base = case.get("agreement", "agreed")
    terms = terms_of(tmp_path, book, base, case.get("terms", {}))
    agreements = replace(shipped, terms={"agreed": terms})
    lines = [vacancy(line, row, base == "private") for row, line in enumerate(case["vacancies"], 2)]
    on = case.get("on", date(2025, 12, 31))
    setting = book.settings[SATURDAY]
    rules = replace(book, settings={**book.settings, SATURDAY: replace(setting, value=case.get("saturday", False))})
    desk = share_out(lines, rules, agreements, on)
    items = {item.draw.vacancy.vacancy: item for item in desk.items}
    draws = {name: item.draw for name, item in items.items()}

    for name, wanted in case.get("expect", {}).items():
        turn, _, status = wanted.partition("/")
        assert (draws[name].turn or "null") == turn, name
        assert not status or draws[name].status == status, name
    for name, wanted in case.get("owner", {}).items():
        assert draws[name].owner == wanted, name
    for name, wanted in case.get("missing", {}).items():
        assert list(draws[name].missing) == wanted
    for name, wanted in case.get("doubts", {}).items():
        assert list(draws[name].doubts) == wanted
        assert (items[name].outcome == "undetermined") == bool(wanted)
    for name, wanted in case.get("leans", {}).items():
        assert list(draws[name].leans) == wanted, name
    for name, wanted in case.get("irregular", {}).items():
        assert list(draws[name].irregular) == wanted
    for name, wanted in case.get("due", {}).items():
        assert draws[name].answer_due == wanted
    for name, (first, last, days, total) in case.get("rent", {}).items():
        rent = items[name].ruling.liability
        assert (rent.from_, rent.to, rent.days, str(rent.total)) == (first, last, days, total)
    if "account" in case:
        row = desk.accounts("en")[0]
        assert {key: getattr(row, key) for key in case["account"]} == case["account"]


def test_there_are_at_least_forty():
    names = [case["sequence"] for case in SEQUENCES]
    assert len(set(names)) == len(names) >= 40


def test_the_statute_leans_on_its_defaults_and_asks_for_the_decision(book, shipped):
    lines = [vacancy(f"A{n} 2025-01-0{n} department=North") for n in range(1, 5)]
    lines = [line._replace(municipality="", organisation="O") for line in lines]
    draws = run(lines, shipped, date(2025, 12, 31)).draws
    assert [d.turn for d in draws] == ["waiting_list"] * 3 + ["municipal"]
    assert {d.missing for d in draws} == {("council_decision",)}
    # One department of one organisation: whatever unit is counted, the answer is the same.
    assert {d.leans for d in draws} == {("position",)}


@pytest.mark.parametrize(("second", "leans"), [("North", ("position",)), ("South", ("position", "unit"))])
def test_the_counting_unit_is_leaned_on_only_where_it_matters(second, leans, book, shipped):
    lines = [vacancy(f"A{n} 2025-01-0{n} department={name}") for n, name in enumerate(("North", second), 1)]
    draws = run([line._replace(municipality="X", organisation="O") for line in lines], shipped, date(2025, 12, 31)).draws
    assert draws[1].leans == leans
    assert draws[0].leans == ("position",)  # a later vacancy changes no earlier answer


def test_entitlement_is_an_exact_fraction(book, shipped, tmp_path):
    terms = terms_of(tmp_path, book, "agreed", {"share": "3/7"})
    lines = [vacancy(f"A{n:02d} 2025-01-{n:02d}") for n in range(1, 15)]
    draws = run(lines, replace(shipped, terms={"agreed": terms}), date(2025, 12, 31)).draws
    assert [fraction_text(d.count.entitlement) for d in draws[:8]] == ["3/7", "6/7", "9/7", "12/7", "15/7", "18/7", "3", "24/7"]
