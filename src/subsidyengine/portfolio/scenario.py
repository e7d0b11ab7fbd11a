"""Scenarios as files: what if rents rise, people move out earlier, or the law says another number?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from ..formula import near
from ..rulebook import RateRow, Rulebook
from ..words import say
from .halves import throughout

#: Growth is reckoned in so many parts of one.
GROWN = 10**9
#: Facts that grow with each percentage.
RENTS, BENEFITS = ("lease.rent", "lease.obligatory_payments", "dwelling.rent", "dwelling.consumption_in_rent"), ("benefit.calculated",)


class ScenarioError(ValueError):
    """A scenario cannot be used; each of ``problems`` says which and why."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


#: What a scenario may say.
NAMES = ("scenario", "rent_growth", "benefit_growth", "exits", "rates", "facts")
#: Facts that a scenario may change by a share: rents, benefits, and the facility's payment where a lease states its own.
FACTS = (*RENTS, *BENEFITS, "facility.daily_rate", "facility.monthly_payment")
#: The most that a rate of a unit can be; what is counted in whole ones.
_MOST, _BEYOND = {"share": 1, "year": 100, "month": 1_200, "day": 36_600}, 10**11
_WHOLE = ("year", "month", "day", "count")


@dataclass(frozen=True, slots=True)
class Scenario:
    """``growth``: yearly growth of a fact as a share; ``exits``: share of tenants that move out each month, or ``history``;
    ``rates``: a rate's new value on all days, or a factor for it; ``facts``: a factor for what the cases state, on all days.
    """

    name: str
    growth: Mapping[str, Fraction] = field(default_factory=dict)
    exits: Fraction | str | None = None
    rates: Mapping[str, tuple[str, Fraction]] = field(default_factory=dict)
    facts: Mapping[str, Fraction] = field(default_factory=dict)

    def rulebook(self, book: Rulebook) -> Rulebook:
        """The rulebook with the scenario's rates; its hash says that it is another."""
        if not self.rates:
            return book
        changes = ", ".join(f"{n} {'x' if k == 'factor' else '='} {v}" for n, (k, v) in sorted(self.rates.items()))
        return replace(throughout(book, self._changed), hash=f"{book.hash} + {changes}")

    def _changed(self, book: Rulebook) -> Rulebook:
        rates = dict(book.rates)
        for name, change in self.rates.items():
            rows = (replace(r, value=changed_rate(r, change), why=None if change[0] == "value" else r.why) for r in rates[name].rows)
            rates[name] = replace(rates[name], rows=tuple(rows))
        return replace(book, rates=rates)


def changed_rate(row: RateRow, change: tuple[str, Fraction] | None) -> Fraction | None:
    """A rate's value in a row under a change: another, or times a factor (None: it has none)."""
    if change is not None and change[0] == "value":
        return change[1]
    return None if row.value is None else Fraction(row.value) * (1 if change is None else change[1])


def scenario_of(data: Any, place: str, book: Rulebook) -> Scenario:
    """One scenario as it is written. Percentages are written as such: ``rent_growth: 3`` is 3 % a year, ``exits: 0.5`` is 0.5 % a month.

    ``place`` says where it stands. Raises ScenarioError with all that is wrong.
    """
    if not isinstance(data, Mapping):
        raise ScenarioError(say("{file}: a scenario has names and values: {names}", file=place, names=", ".join(NAMES)))
    problems: list[str] = [
        say("{file}: {name}: a scenario says no such thing{hint}", file=place, name=n, hint=near(str(n), NAMES))
        for n in data
        if n not in NAMES
    ]
    name = data.get("scenario")
    if not isinstance(name, str | int | Decimal) or not str(name).strip():
        problems.append(say("{file}: scenario: its name is needed", file=place))
    growth: dict[str, Fraction] = {}
    for key, growing in (("rent_growth", RENTS), ("benefit_growth", BENEFITS)):
        share = _percent(data.get(key) or 0)
        if share is None or not -100 < share <= 100:
            problems.append(
                say("{file}: {name}: '{given}' is no percentage a year from above -100 to 100", file=place, name=key, given=data[key])
            )
        elif share:
            growth |= dict.fromkeys(growing, share / 100)
    exits = data.get("exits")
    if exits is not None and exits != "history":
        left = _percent(exits)
        if left is None or not 0 <= left < 100:
            problems.append(
                say("{file}: exits: '{given}' is neither a percentage a month from 0 to below 100 nor 'history'", file=place, given=exits)
            )
        else:
            exits = left / 100
    rates: dict[str, tuple[str, Fraction]] = {}
    facts: dict[str, Fraction] = {}
    for key, example in (("rates", "section_110_daily: +5%"), ("facts", "facility.daily_rate: +5%")):
        given = data.get(key) or {}
        if not isinstance(given, Mapping):
            reason = say("{file}: {name}: names and values are needed, such as {example}", file=place, name=key, example=example)
            problems.append(reason)
            continue
        for of, text in given.items():
            try:
                if key == "rates":
                    rates[of] = _rate(place, of, text, book)
                else:
                    facts[of] = _fact(place, of, text)
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(*problems)
    return Scenario(str(name), growth, exits, rates, facts)


def _percent(given: Any) -> Fraction | None:
    """A number, with or without a sign of per cent; None where it is none."""
    text = "" if isinstance(given, bool) else str(given).strip().removesuffix("%").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return Fraction(number) if number.is_finite() and abs(number) < _BEYOND else None


def _change(given: Any) -> Fraction | None:
    """The factor of a change such as +5%; None where it is none."""
    text, number = str(given).strip(), _percent(given)
    return 1 + number / 100 if number is not None and text.endswith("%") and text[:1] in "+-" else None


def _fact(place: str, name: str, given: Any) -> Fraction:
    """What a fact is multiplied by."""
    if name not in FACTS:
        known = ", ".join(FACTS)
        raise ScenarioError(say("{file}: facts.{name}: a scenario can change {known}{hint}", file=place, name=name, known=known,
                                hint=near(str(name), FACTS)))  # fmt: skip
    factor = _change(given)
    if factor is None or not 0 <= factor <= 2:
        raise ScenarioError(say("{file}: facts.{name}: '{given}' is no change from -100% to +100%, such as +5%", file=place, name=name,
                                given=given))  # fmt: skip
    return factor


def _rate(place: str, name: str, given: Any, book: Rulebook) -> tuple[str, Fraction]:
    """What becomes of a rate: another value, or a factor. ScenarioError where the rate cannot be that."""
    if name not in book.rates:
        raise ScenarioError(say("{file}: rates.{name}: no such rate{hint}", file=place, name=name, hint=near(str(name), book.rates)))
    factor, number = _change(given), _percent(given)
    if number is None or (factor is None and str(given).strip().endswith("%")):
        raise ScenarioError(
            say("{file}: rates.{name}: '{given}' is neither a number nor a change such as +5%", file=place, name=name, given=given)
        )
    change = ("value", number) if factor is None else ("factor", factor)
    unit = book.rates[name].unit
    for value in (changed_rate(row, change) for row in book.rates[name].rows):
        if value is None or (0 <= value <= _MOST.get(unit, value) and (unit not in _WHOLE or value.denominator == 1)):
            continue
        told = {"file": place, "name": name, "given": given, "value": f"{float(value):g}"}
        if unit in _WHOLE:
            raise ScenarioError(say("{file}: rates.{name}: '{given}' makes it {value}, which is no whole number from 0 to {most}", **told,
                                    most=_MOST.get(unit, _BEYOND)))  # fmt: skip
        raise ScenarioError(say("{file}: rates.{name}: '{given}' makes it {value}, which it cannot be", **told))
    return change


def scaled_growth(share: Fraction, years: int, factor: Fraction | int = 1) -> list[int]:
    """What a fact is multiplied by after 0, 1, 2 ... whole years of growth, ``factor`` included: in parts of ``GROWN``, the half rounded
    up.
    """
    return [int(factor * (1 + share) ** count * GROWN + Fraction(1, 2)) for count in range(years + 1)]
