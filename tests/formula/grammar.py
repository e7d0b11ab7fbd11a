"""Strategies: random formulas of the grammar, well typed, and random facts with holes and extremes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from .scene import SCOPE

KINDS = ("family", "youth", "elderly")
EXTREME_DAYS = [date.min, date(1, 1, 31), date(1582, 10, 15), date(2023, 5, 5), date(2024, 2, 29), date(9999, 12, 1), date.max]
EXTREME_NUMBERS = [0, 1, -1, 2024, 10**40, -(10**40), Fraction(1, 3), Fraction(1, 10**30), Fraction(10**30, 7), Fraction(-5, 2)]

days = st.sampled_from(EXTREME_DAYS) | st.dates()
numbers = st.sampled_from(EXTREME_NUMBERS) | st.integers(-(10**6), 10**6) | st.fractions(max_denominator=1000)


def _value(name: str) -> st.SearchStrategy[Any]:
    type_ = SCOPE.facts[name]
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(), "date": days, "dates": st.lists(days, max_size=3).map(tuple), "number": numbers,
        "text": st.text(max_size=5), "enum": st.sampled_from(type_.values or ("",)),
    }  # fmt: skip
    return by_kind[type_.kind]


#: Facts by name; any may be missing.
facts = st.fixed_dictionaries({}, optional={name: _value(name) for name in SCOPE.facts})


def _calls(name: str, *args: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*args).map(lambda parts: f"{name}({', '.join(parts)})")


def _joined(sign: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda texts: f"({f' {sign} '.join(texts)})")


def _either(test: st.SearchStrategy[str], side: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(side, test, side).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})")


def _level(below: dict[str, st.SearchStrategy[str]], forms: bool) -> dict[str, st.SearchStrategy[str]]:
    """One more storey of the grammar: texts of plain numbers, dates and statements.

    Without ``forms`` nothing looks at unknowns: no is_known, no known_or.
    """
    number, day, truth = below["number"], below["date"], below["bool"]
    span = st.one_of(*(_calls(n, number) for n in ("years", "months", "days")))
    numbers_ = [
        *(_joined(sign, number, number) for sign in "+-*/"), number.map(lambda n: f"(-{n})"), _either(truth, number),
        *(_calls(n, number, number) for n in ("min", "max")), _calls("year_of", day), _calls("count_of", st.just("dwelling.vacant")),
        *(_calls(n, number) for n in ("round_krone", "round_ore", "round_down_krone", "number_of")),
        _calls("number_of", _calls("age_on", day, day)), _calls("number_of", _calls("days_in_month", day)),
        _calls("number_of", _joined("-", day, day)), _calls("at", st.sampled_from(["count.n", "fund.share"]), day),
        _calls("number_of", _calls("at", st.sampled_from(["rate.daily", "rate.limit"]), day)),
    ]  # fmt: skip
    days_ = [
        _joined("+", day, span), _joined("-", day, span), _either(truth, day), _calls("min", day, day), _calls("max", day, day, day),
        _calls("date", number, st.sampled_from(["1", "2", "count.n"]), st.sampled_from(["1", "29", "count.m"])).filter(
            lambda t: not t.replace("date", "").replace("(", "").replace(")", "").replace(",", "").replace(" ", "").isdigit()
        ),
        _calls("first_of_year", number), _calls("first_of_month", day), _calls("last_of_month", day), _calls("add_weekdays", day, number),
        _calls("add_weekdays_with_saturday", day, number), _calls("add_weekdays_without_saturday", day, number),
        _calls("first_weekday_of_month", day), _calls("weekday_on_or_before", day), _calls("weekday_on_or_after", day),
        _calls("add_days_outside", day, number, st.just("7"), st.just("8")),
        *(_calls(n, st.just("dwelling.vacant"), day) for n in ("first_on_or_after", "last_on_or_before")),
    ]  # fmt: skip
    signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    truths = [
        _joined("and", truth, truth), _joined("or", truth, truth, truth), truth.map(lambda t: f"(not {t})"), _either(truth, truth),
        st.tuples(number, signs, number).map(lambda t: f"({' '.join(t)})"), st.tuples(day, signs, day).map(lambda t: f"({' '.join(t)})"),
        st.tuples(day, signs, day, signs, day).map(lambda t: f"({' '.join(t)})"),
        st.tuples(number, number, number).map(lambda t: f"({t[0]} in [{t[1]}, {t[2]}])"),
        _calls("at_least", st.just("2"), truth, truth, truth), _joined("==", truth, truth),
    ]  # fmt: skip
    if forms:
        anything = st.one_of(number, day, truth)
        numbers_.append(_calls("known_or", number, number))
        days_.append(_calls("known_or", day, day))
        truths += [_calls("known_or", truth, truth), _calls("is_known", anything)]
    return {"number": number | st.one_of(*numbers_), "date": day | st.one_of(*days_), "bool": truth | st.one_of(*truths)}


_LEAVES: dict[str, st.SearchStrategy[str]] = {
    "number": st.sampled_from(["0", "1", "2.5", "2024", "999999999999999", "count.n", "count.m", "fund.share"]),
    "date": st.sampled_from(["on", "lease.start", "lease.end", "person.birth_date", "date(2024, 2, 29)", "period.to"]),
    "bool": st.sampled_from([
        "true", "false", "it.a", "it.b", "it.c", "dwelling.kind == family", "(dwelling.kind in [youth, elderly])",
        "(dwelling.kind == dwelling.before)", "(person.name == 'Ida')", "(lease.rent >= value.net)", "(lease.aid < value.open)",
    ]).map(lambda t: t if t.startswith("(") or " " not in t else f"({t})"),
}  # fmt: skip


def formulas(kind: str = "bool", depth: int = 3, forms: bool = True) -> st.SearchStrategy[str]:
    """Well-typed formulas of a kind."""
    storey = _LEAVES
    for _ in range(depth):
        storey = _level(storey, forms)
    return storey[kind]
