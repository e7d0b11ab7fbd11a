"""Scenarios as files: what if rents rise, people move out earlier, or the law says another number?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..formula import near
from ..rulebook import RateRow, Rulebook
from ..words import say

#: Facts that grow with each percentage.
RENTS, BENEFITS = ("lease.rent", "lease.obligatory_payments"), ("benefit.calculated",)


class ScenarioError(ValueError):
    """A scenario file cannot be used; the text says which line of it and why."""


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


def read_scenario(path: Path, book: Rulebook) -> Scenario:
    """Read one file. Percentages are written as such: ``rent_growth: 3`` is 3 % a year, ``exits: 0.5`` is 0.5 % a month."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data: Any = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        form = _Form.model_validate(data)
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(say("{file}: cannot be read: {reason}", file=path, reason=error)) from None
    except YAMLError as error:
        raise ScenarioError(say("{file}: not YAML: {reason}", file=path, reason=str(error).splitlines()[0])) from None
    except ValidationError as error:
        problems = [f"{path}: {'.'.join(map(str, p['loc']))}: {p['msg'].lower()}{_hint(p['loc'])}" for p in error.errors()]
        raise ScenarioError("\n".join(problems)) from None
    growth = {f: Fraction(form.rent_growth) / 100 for f in RENTS} | {f: Fraction(form.benefit_growth) / 100 for f in BENEFITS}
    exits: Fraction | str | None = Fraction(form.exits) / 100 if isinstance(form.exits, Decimal) else form.exits
    if isinstance(exits, str) and exits != "history":
        raise ScenarioError(say("{file}: exits: '{given}' is neither a percentage a month nor 'history'", file=path, given=exits))
    if isinstance(exits, Fraction) and not 0 <= exits < 1:
        raise ScenarioError(say("{file}: exits: a percentage from 0 to below 100 is needed", file=path))
    rates = {}
    for name, text in form.rates.items():
        if name not in book.rates:
            raise ScenarioError(say("{file}: rates.{name}: no such rate{hint}", file=path, name=name, hint=near(name, book.rates)))
        rates[name] = _rate(path, name, text)
    return Scenario(form.scenario, {f: g for f, g in growth.items() if g}, exits, rates)


def _rate(path: Path, name: str, text: Decimal | str) -> tuple[str, Fraction]:
    if isinstance(text, Decimal):
        return "value", Fraction(text)
    sign, share = text.strip()[:1], text.strip().strip("+-% ")
    try:
        if sign in "+-" and text.strip().endswith("%"):
            return "factor", 1 + Fraction(share) / 100 * (1 if sign == "+" else -1)
    except ValueError:
        pass
    raise ScenarioError(
        say("{file}: rates.{name}: '{given}' is neither a number nor a change such as +5%", file=path, name=name, given=text)
    )


def _hint(place: tuple[int | str, ...]) -> str:
    return near(str(place[0]), _Form.model_fields) if place else ""


def grown(column: str, since: str, day: str, share: Fraction, years: range) -> str:
    """SQL: a whole number of øre that has grown each 1 January after the year ``since``, to the nearest øre."""
    if not years:
        return column
    branches = []
    for count in range(1, len(years) + 1):
        factor = (1 + share) ** count
        scaled = round(factor * 10**9)
        branches.append(f"WHEN {count} THEN ({column}::HUGEINT * {scaled} + 500000000) // 1000000000")
    begun = f"greatest(year(coalesce({since}, DATE '{date(years.start, 1, 1)}')), {years.start})"
    return f"CAST(CASE year({day}) - {begun} {' '.join(branches)} ELSE {column} END AS BIGINT)"
