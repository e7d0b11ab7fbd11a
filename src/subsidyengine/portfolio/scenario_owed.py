"""What is owed to landlords in a scenario, year by year, beside what the forecast says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..rulebook import Clause
from .chance import Band
from .compare import Compared
from .forecast import Forecast
from .liability import LIABILITY
from .months import kroner, years_of


@dataclass(frozen=True, slots=True)
class OwedYear:
    """A part in a year. ``cost``: when nobody moves out early (None: law names no amount); ``band``: where tenants do, by chance.

    ``active``: at the year's end; ``ending``: in the year, with exits the means of both. Differences are to the forecast.
    """

    part: Clause
    year: int
    active: Decimal
    active_band: Band | None
    active_difference: Decimal
    ending: Decimal
    ending_band: Band | None
    ending_difference: Decimal
    cost: Decimal | None
    band: Band | None
    difference: Decimal | None

    @property
    def expected(self) -> Decimal | None:
        """The year's cost; with exits its mean."""
        return self.band.mean if self.band else self.cost

    @property
    def differs(self) -> bool:
        """Is it another than the forecast's?"""
        return bool(self.difference or self.active_difference or self.ending_difference)


def owed_parts(found: Forecast) -> list[Clause]:
    """The parts that the forecast, or a scenario, has something of."""
    named = {line.part for line in found.lines}
    named |= {part for item in found.scenarios for part, made in item.owed.items() if made.something}
    return [clause for clause in found.rulebook.schemes[LIABILITY].clauses if clause.name in named] if named else []


def owed_years(found: Forecast, item: Compared) -> list[OwedYear]:
    """Every part and year of a scenario."""
    rows = []
    for clause in owed_parts(found):
        made = item.owed[clause.name]
        plain = {y.year: y for line in found.lines if line.part == clause.name for y in years_of(line.months)}
        for year, cost in made.cost.items():
            months = [i for i, month in enumerate(item.months) if month.year == year]
            running, leaving, base = made.running[months[-1]] if made.running else None, made.leaving_yearly.get(year), plain.get(year)
            active = running.mean if running else Decimal(made.active[months[-1]])
            ending = leaving.mean if leaving else Decimal(sum(made.ending[i] for i in months))
            counts = active, running, active - (base.active if base else 0), ending, leaving, ending - (base.ending if base else 0)
            costs = (cost, made.bands.get(year), made.expected(year) - (base.cost if base else 0)) if made.priced else (None, None, None)
            rows.append(OwedYear(clause, year, *counts, *costs))
    return rows


def owed_forecast(found: Forecast, part: str) -> Mapping[int, Decimal]:
    """What the part costs in each year without any scenario."""
    costs = {y.year: y.cost for line in found.lines if line.part == part for y in years_of(line.months)}
    return {year: costs.get(year, kroner(0)) for year, *_ in found.years()}
