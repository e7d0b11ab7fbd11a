"""Scenarios as files: what if rents rise, people move out earlier, or the law says another number?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..formula import near
from ..rulebook import RateRow, Rulebook
from ..words import quoted, say

#: Growth is reckoned in so many parts of one.
GROWN = 10**9
#: Facts that grow with each percentage.
RENTS, BENEFITS = ("lease.rent", "lease.obligatory_payments"), ("benefit.calculated",)


class ScenarioError(ValueError):
    """A scenario cannot be used; each of ``problems`` says which and why."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str = Field(min_length=1)
    rent_growth: Decimal = Decimal(0)
    benefit_growth: Decimal = Decimal(0)
    exits: Decimal | str | None = None
    rates: dict[str, Decimal | str] = {}


@dataclass(frozen=True, slots=True)
class Scenario:
    """``growth``: yearly growth of a fact as a share; ``exits``: share of tenants that move out each month, or ``history``;
    ``rates``: a rate's new value on all days, or a factor for it.
    """

    name: str
    growth: Mapping[str, Fraction] = field(default_factory=dict)
    exits: Fraction | str | None = None
    rates: Mapping[str, tuple[str, Fraction]] = field(default_factory=dict)

    def rulebook(self, book: Rulebook) -> Rulebook:
        """The rulebook with the scenario's rates; its hash says that it is another."""
        if not self.rates:
            return book
        rates = dict(book.rates)
        for name, (kind, number) in self.rates.items():
            rates[name] = replace(rates[name], rows=tuple(_changed(row, kind, number) for row in rates[name].rows))
        changes = ", ".join(f"{n} {'x' if k == 'factor' else '='} {v}" for n, (k, v) in sorted(self.rates.items()))
        return replace(book, rates=rates, hash=f"{book.hash} + {changes}")


def _changed(row: RateRow, kind: str, number: Fraction) -> RateRow:
    if kind == "value":
        return replace(row, value=number, why=None)
    return row if row.value is None else replace(row, value=Fraction(row.value) * number)


def scenario_of(data: Any, place: str, book: Rulebook) -> Scenario:
    """One scenario as it is written. Percentages are written as such: ``rent_growth: 3`` is 3 % a year, ``exits: 0.5`` is 0.5 % a month.

    ``place`` says where it stands. Raises ScenarioError.
    """
    try:
        form = _Form.model_validate(data)
    except ValidationError as error:
        problems = [
            say(
                "{file}: {name}: {reason}{hint}",
                file=place,
                name=".".join(map(str, p["loc"])) or "scenario",
                reason=quoted(p["msg"]),
                hint=_hint(p["loc"]),
            )
            for p in error.errors()
        ]
        raise ScenarioError(*problems) from None
    rent, benefit = Fraction(form.rent_growth), Fraction(form.benefit_growth)
    for name, share in (("rent_growth", rent), ("benefit_growth", benefit)):
        if not -100 < share <= 100:
            raise ScenarioError(say("{file}: {name}: a percentage a year from above -100 to 100 is needed", file=place, name=name))
    growth = dict.fromkeys(RENTS, rent / 100) | dict.fromkeys(BENEFITS, benefit / 100)
    exits: Fraction | str | None = Fraction(form.exits) / 100 if isinstance(form.exits, Decimal) else form.exits
    if isinstance(exits, str) and exits != "history":
        raise ScenarioError(say("{file}: exits: '{given}' is neither a percentage a month nor 'history'", file=place, given=exits))
    if isinstance(exits, Fraction) and not 0 <= exits < 1:
        raise ScenarioError(say("{file}: exits: a percentage from 0 to below 100 is needed", file=place))
    rates = {}
    for name, text in form.rates.items():
        if name not in book.rates:
            raise ScenarioError(say("{file}: rates.{name}: no such rate{hint}", file=place, name=name, hint=near(name, book.rates)))
        rates[name] = _rate(place, name, text)
    return Scenario(form.scenario, {f: g for f, g in growth.items() if g}, exits, rates)


def _rate(place: str, name: str, text: Decimal | str) -> tuple[str, Fraction]:
    if isinstance(text, Decimal):
        return "value", Fraction(text)
    sign, share = text.strip()[:1], text.strip().strip("+-% ")
    try:
        if sign in "+-" and text.strip().endswith("%"):
            return "factor", 1 + Fraction(share) / 100 * (1 if sign == "+" else -1)
    except ValueError:
        pass
    raise ScenarioError(
        say("{file}: rates.{name}: '{given}' is neither a number nor a change such as +5%", file=place, name=name, given=text)
    )


def _hint(place: tuple[int | str, ...]) -> str:
    return near(str(place[0]), _Form.model_fields) if place else ""


def scaled_growth(share: Fraction, years: int) -> list[int]:
    """What a fact is multiplied by after 0, 1, 2 ... whole years of growth: in parts of ``GROWN``, the half rounded up."""
    return [int((1 + share) ** count * GROWN + Fraction(1, 2)) for count in range(years + 1)]
