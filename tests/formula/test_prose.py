"""Formulas as sentences, in Danish and English. The snapshots are read by people: change one only after reading it aloud."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from syrupy.assertion import SnapshotAssertion

from subsidyengine.formula import Lang, day_text, number_text, parse, prose

from .scene import SCOPE, TABLE

TITLES: dict[str, tuple[str, str]] = {
    "it.a": ("borgeren har særlige sociale problemer", "the person has special social problems"),
    "it.b": ("boligen er udbudt til salg", "the dwelling is up for sale"),
    "it.c": ("der er søgt boligstøtte", "housing benefit has been applied for"),
    "lease.rent": ("husleje efter lejekontrakten", "rent under the lease"),
    "lease.aid": ("beregnet boligstøtte", "calculated housing benefit"),
    "lease.yearly": ("årlig husleje", "yearly rent"),
    "lease.start": ("dato for indflytning", "day of moving in"),
    "lease.end": ("dato, lejemålet ophører", "day the tenancy ends"),
    "lease.term": ("aftalens løbetid", "term of the agreement"),
    "dwelling.kind": ("boligtype", "kind of dwelling"),
    "dwelling.before": ("boligtype før ommærkning", "kind of dwelling before relabelling"),
    "dwelling.owner": ("boligens ejer", "owner of the dwelling"),
    "dwelling.area": ("boligens areal", "area of the dwelling"),
    "dwelling.vacant": ("datoer, hvor boligen er blevet ledig", "days on which the dwelling fell vacant"),
    "person.birth_date": ("fødselsdato", "date of birth"),
    "person.name": ("borgerens navn", "name of the person"),
    "count.n": ("antal voksne i husstanden", "number of adults in the household"),
    "count.m": ("antal børn i husstanden", "number of children in the household"),
    "fund.total": ("samlet tilskud", "grant in all"),
    "fund.share": ("andel almene boliger", "share of social dwellings"),
    "daily": ("egenbetaling pr. døgn", "own payment a day"),
    "limit": ("indkomstgrænse", "income limit"),
    "term": ("udslusningsperiodens længde", "length of the transitional period"),
    "net": ("nettohusleje", "net rent"),
    "open": ("tilskud før loft", "grant before the cap"),
    "placed": ("borgeren hører til personkredsen", "the person belongs to the entitled circle"),
    "days_per_month": ("antal døgn på en måned", "days in a month"),
    "saturday_is_weekday": ("lørdag regnes som hverdag", "Saturday counts as a weekday"),
    "family": ("»familiebolig«", "“family dwelling”"),
    "youth": ("»ungdomsbolig«", "“youth dwelling”"),
    "elderly": ("»ældrebolig«", "“elderly dwelling”"),
    "social": ("»almen boligorganisation«", "“social housing organisation”"),
    "private": ("»privat ejer«", "“private owner”"),
}


def titles(kind: str, name: str, lang: Lang) -> str:
    return TITLES[name][lang == "en"]


def told(text: str) -> dict[str, str]:
    formula = parse(text, SCOPE)
    return {"da": prose(formula, "da", titles), "en": prose(formula, "en", titles)}


FORMULAS = [
    # statements and their opposites
    "it.a", "not it.a", "not not it.a", "it.a == true", "it.a == false", "it.a != false", "not value.placed",
    "it.a and it.b", "it.a and it.b and it.c", "it.a or it.b or not it.c", "it.a and (it.b or it.c)", "it.a or it.b and it.c",
    "not (it.a and it.b)", "not (it.a or it.b)", "not it.a and it.b", "it.a == it.b", "it.a != it.b", "at_least(2, it.a, it.b, not it.c)",
    "it.a == it.b and it.c", "not (it.a == it.b)", "at_least(2, it.a, it.b, it.c) or lease.rent > 0",
    # figures
    "lease.rent > 3500", "not (lease.rent > 3500)", "3500 < lease.rent", "lease.rent - lease.aid >= 0", "count.n != 1", "not (count.n == 1)",
    "3000 <= lease.rent <= 4500.50", "fund.share >= 0.4", "fund.share < 0.125", "dwelling.area <= 50", "lease.term == 1",
    "0.6 * lease.rent", "lease.rent * 0.333", "lease.rent / 3", "(lease.rent + lease.aid) * 12", "lease.rent - (lease.aid - 100)",
    "lease.rent / (count.n * 2)", "-lease.rent", "max(0, lease.rent - lease.aid)", "min(lease.rent, 5000)", "min(lease.rent, lease.aid)",
    "max(lease.rent, lease.aid, value.net)", "2 * max(0, lease.rent - 100)", "rate.daily * setting.days_per_month",
    "round_krone(per_year(lease.rent - lease.aid))", "round_ore(value.net)", "round_down_krone(fund.total)", "per_month(lease.yearly)",
    "number_of(lease.rent) / number_of(dwelling.area)",
    # words
    "dwelling.kind == family", "dwelling.kind != family", "dwelling.kind in [family]", "dwelling.kind in [family, youth, elderly]",
    "dwelling.kind not in [family, youth]", "not (dwelling.kind in [family, youth])", "dwelling.kind in [family, youth] and it.a",
    "dwelling.kind == dwelling.before", "known_or(dwelling.kind, youth) == youth", "person.name == 'Ida'", "at(dwelling.kind, lease.start) != elderly",
    # days
    "on >= date(2023, 7, 1)", "lease.start <= date(2024, 2, 29)", "lease.start < on", "lease.start > on", "lease.start == on",
    "date(2023, 1, 1) <= on <= date(2023, 12, 31)", "lease.start + years(5) - days(1)", "lease.start + months(1)", "lease.end - days(1)",
    "period.to - months(6)", "lease.start + years(rate.term)", "lease.start + years(rate.term) - days(1)", "period.from <= on",
    "min(lease.end, lease.start + years(5) - days(1))", "max(lease.start, on)", "min(lease.start, on, date(2024, 1, 1))",
    "lease.end - lease.start > 30", "lease.end <= on", "age_on(person.birth_date, on) >= 18", "age_on(person.birth_date, lease.start) < 1",
    "year_of(lease.start) == 2024", "first_of_year(2024)", "first_of_year(year_of(on) + 1)", "first_of_year(count.n)", "first_of_month(lease.start)",
    "date(year_of(lease.start), 7, 1)", "last_of_month(on)", "days_in_month(on)", "add_weekdays(lease.start, 1)", "add_weekdays(lease.start, 5)",
    "add_weekdays_with_saturday(lease.start, 1)", "add_weekdays_without_saturday(lease.start, 7)",
    "first_weekday_of_month(on)", "weekday_on_or_before(lease.end)", "weekday_on_or_after(lease.end)", "add_days_outside(lease.start, 14, 7, 8)",
    "at(lease.rent, lease.start)", "at(rate.daily, date(2024, 1, 1))", "at(lease.rent, on - years(1))", "first_on_or_after(dwelling.vacant, on)",
    "last_on_or_before(dwelling.vacant, on)", "count_of(dwelling.vacant) >= 2",
    # what is known
    "is_known(lease.rent)", "not is_known(lease.rent)", "is_known(it.a)", "not is_known(it.a)", "not is_known(it.a) and it.b", "is_known(rate.daily)",
    "not is_known(value.open)", "known_or(it.a, true)", "known_or(it.a, false)", "not known_or(it.a, false)", "known_or(lease.rent, 0)",
    "on <= known_or(lease.end, on)", "known_or(dwelling.owner != private, true)", "known_or(lease.rent <= lease.aid, false)", "known_or(it.a, it.b)",
    # if
    "lease.rent if it.a else 0", "lease.rent if not it.a else lease.aid if it.b else 0", "lease.rent - (0 if it.a else lease.aid)",
    "2 * ((0 if it.a else lease.rent) + (0 if it.b else lease.aid))",
    "lease.rent if dwelling.kind != family else 0", "lease.rent if not is_known(it.b) else 0", "true if it.a else unknown",
    "unknown if known_or(it.a, false) else false", "it.b if it.a else it.c", "unknown if it.a else lease.rent",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_reads_as_a_sentence(text: str, snapshot: SnapshotAssertion) -> None:
    assert told(text) == snapshot


@pytest.mark.parametrize("row", [r for r in TABLE["cases"] if "error" not in r], ids=lambda r: str(r["formula"])[:40])
def test_every_formula_of_the_table_can_be_told(row: dict[str, str]) -> None:
    formula = parse(row["formula"], SCOPE)
    for lang in ("da", "en"):
        text = prose(formula, lang, lambda kind, name, lang: "titel" if lang == "da" else "title")
        assert "{" not in text
        assert ",," not in text
        assert not text.endswith(",")
        assert text.count("(") == text.count(")")


def test_danish_moves_its_not_after_if_that_and_whether() -> None:
    assert told("it.b if dwelling.kind != family else it.c")["da"].startswith("Hvis boligtype ikke er »familiebolig«:")
    assert told("known_or(lease.rent != 5, false)")["da"] == "Det er oplyst, at husleje efter lejekontrakten ikke er 5 kr. om måneden"
    assert told("1 if not it.a else 2")["da"] == "1, hvis det ikke gælder, at borgeren har særlige sociale problemer, ellers 2"


def test_a_title_with_an_open_clause_gets_its_closing_comma() -> None:
    assert told("lease.end <= on")["da"] == "Dato, lejemålet ophører, er senest den pågældende dag"
    assert told("lease.end")["da"] == "Dato, lejemålet ophører"


@pytest.mark.parametrize(
    ("value", "da", "en"),
    [
        (0, "0", "0"), (-1, "-1", "-1"), (3500, "3.500", "3,500"), (1234567, "1.234.567", "1,234,567"), (Fraction(1, 2), "0,5", "0.5"),
        (Fraction(350050, 100), "3.500,5", "3,500.5"), (Fraction(1, 3), "1/3", "1/3"), (Fraction(-2, 3), "-2/3", "-2/3"),
        (10**30, "1" + ".000" * 10, "1" + ",000" * 10), (Fraction(10**30 + 1, 10), "1" + "00" + ".000" * 9 + ",1", "100" + ",000" * 9 + ".1"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_the_language_writes_it(value: int | Fraction, da: str, en: str) -> None:
    assert (number_text(value, "da"), number_text(value, "en")) == (da, en)


def test_a_day_is_written_as_the_language_writes_it() -> None:
    assert day_text(date(2023, 7, 1), "da") == "1. juli 2023"
    assert day_text(date(2023, 7, 1), "en") == "1 July 2023"
